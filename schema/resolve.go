package schema

import (
	"cmp"
	"strings"

	"github.com/patchlint/patchlint/schema/facts"
)

// Models are the models of the API versions that are in use: those with metadata of
// their own, and the embedded ones of all other versions. A nil Models is the
// embedded ones alone.
type Models map[Version]*Model

// Open returns the model of an API version, as the function Open does.
func (ms Models) Open(v Version) (*Model, error) {
	if v == "" {
		v = Beta
	}
	if m := ms[v]; m != nil {
		return m, nil
	}
	return Open(v)
}

// Resolve reads the URL of a request, absolute or not, and reports whether it
// addresses an object, a collection of objects, or a batch. v is the API version of a
// URL that states none. The path is one that Locate knows, or leads from an entity
// set or singleton over navigation properties, with keys as segments of their own or
// in parentheses (OData URL Conventions, 4.3); segments may cast to a type (4.11).
// Parts of objects, actions and functions are not addressed. Nothing is asked about the
// host.
func (ms Models) Resolve(url string, v Version) (e Endpoint, ok bool) {
	e, names := ms.resolve(url, v)
	return e, names > 0
}

// Unmistakable reports whether a URL that Resolve reads has a path that no other
// service is likely to have, as /users/{id} is.
func (ms Models) Unmistakable(url string, v Version) bool {
	_, names := ms.resolve(url, v)
	return names >= unmistakablePath
}

// unmistakablePath is how many letters the names in a path have that can be meant for
// nothing but Graph.
const unmistakablePath = 20

// resolve is Resolve, and returns how many letters the names in the path have, 0 for a
// URL that addresses nothing.
func (ms Models) resolve(url string, v Version) (e Endpoint, names int) {
	if e, scope := Locate(url); scope == Addressed {
		return e, unmistakablePath
	}
	path, _, _ := strings.Cut(url, "#")
	path, query, _ := strings.Cut(path, "?")
	segments := decoded(nil, path)
	e.Version, segments = belowVersion(segments)
	model, err := ms.Open(cmp.Or(e.Version, v))
	if err != nil || len(segments) == 0 {
		return Endpoint{}, 0
	}
	at := locator{model: model, query: query}
	if !at.start(segments[0]) {
		return Endpoint{}, 0
	}
	for _, s := range segments[1:] {
		if !at.follow(s) {
			return Endpoint{}, 0
		}
	}
	t := model.Type(at.name)
	if t == nil || t.isRoot() {
		return Endpoint{}, 0
	}
	e.Type, e.Key, e.Collection = t.Name, at.key, at.collection
	return e, at.names
}

// belowVersion splits the segments of a URL at the API version in it: what is before
// that may be anything. Without one the path starts behind the host, if there is one.
func belowVersion(segments []string) (Version, []string) {
	for i, s := range segments {
		if v := versionOf(s); v != "" {
			return v, segments[i+1:]
		}
	}
	variable := func(segments []string) bool {
		return len(segments) > 0 && strings.Contains(segments[0], "{{") && !strings.Contains(segments[0], "(")
	}
	switch first := append(segments, "")[0]; {
	case strings.HasSuffix(first, ":") && len(segments) > 1:
		segments = segments[2:]
	case variable(segments):
		return "", segments[1:]
	case GraphHost(first):
		segments = segments[1:]
	default:
		return "", segments
	}
	if variable(segments) { // the version behind a host
		segments = segments[1:]
	}
	return "", segments
}

// locator follows a path through the facts.
type locator struct {
	model      *Model
	query      string
	name       string // of the type, in the facts
	collection bool   // of objects, none of which has been chosen
	key        string // of the object that was chosen last
	names      int    // how many letters the names in the path have
}

// start enters an entity set or singleton.
func (l *locator) start(segment string) bool {
	name, predicate, keyed := strings.Cut(segment, "(")
	of, ok := l.model.entriesOf()[strings.ToLower(name)]
	if !ok {
		return false
	}
	l.names += len(name)
	return l.enter(of, predicate, keyed)
}

// enter moves to the objects of a set, singleton or navigation property, and to one
// of them where there is a key.
func (l *locator) enter(of facts.Reference, predicate string, keyed bool) bool {
	l.name, l.collection, l.key = of.Name, of.Collection, ""
	return !keyed || l.choose(predicate)
}

// choose moves to the object of a key in parentheses.
func (l *locator) choose(predicate string) bool {
	predicate, closed := strings.CutSuffix(predicate, ")")
	if !closed || !l.collection || strings.TrimSpace(predicate) == "" {
		return false
	}
	l.collection, l.key = false, ""
	if key, id := keyIn(predicate, l.query); id {
		l.key = key
	}
	return true
}

// follow takes one segment more.
func (l *locator) follow(segment string) bool {
	if strings.HasPrefix(segment, "$") {
		return false // $ref, $value, $count: not an object
	}
	name, predicate, keyed := strings.Cut(segment, "(")
	if n := ParseTypeName(name); l.model.facts.Declares(n.Namespace) {
		t := l.model.Named(name)
		if t == nil || !t.Structured() || keyed && !l.collection {
			return false // an action or function
		}
		l.name, l.names = t.short, l.names+len(name)
		return !keyed || l.choose(predicate)
	}
	if keyed && l.collection {
		return false // a function, whatever its name
	}
	at := l.model.junction(l.name)
	name = strings.ToLower(name)
	if at.operations[name] {
		return false
	}
	if l.collection {
		l.collection, l.key = false, segment
		return true
	}
	of, ok := at.navigation[name]
	if !ok {
		return false
	}
	l.names += len(name)
	return l.enter(of, predicate, keyed)
}

// junction is where a path may lead from the objects of a type. Its names are in lower
// case.
type junction struct {
	navigation map[string]facts.Reference
	operations map[string]bool // of all versions
}

// junction returns that of a type. It is found out once: a file may hold thousands of
// requests for objects of one type.
func (m *Model) junction(name string) *junction {
	if known, ok := m.junctions.Load(name); ok {
		return known.(*junction)
	}
	at := &junction{make(map[string]facts.Reference), make(map[string]bool)}
	for t := range m.bases(name) {
		for _, p := range t.Properties {
			to := strings.ToLower(p.Name)
			if _, nearer := at.navigation[to]; p.Navigation && !nearer {
				at.navigation[to] = p.Type
			}
		}
	}
	for _, in := range m.inVersions() {
		for t := range in.bases(name) {
			for _, operation := range t.Operations {
				at.operations[strings.ToLower(operation)] = true
			}
			// The facts of beta are derived, and lack what leads into another namespace.
			for _, p := range t.Properties {
				to := strings.ToLower(p.Name)
				_, nearer := at.navigation[to]
				if _, known := m.factsOf(p.Type.Name); p.Navigation && !nearer && known && strings.Contains(p.Type.Name, ".") {
					at.navigation[to] = p.Type
				}
			}
		}
	}
	m.junctions.Store(name, at)
	return at
}

// entriesOf returns the entity sets and singletons by their names in lower case. The
// facts of beta are derived, and lack a few of those that all versions have.
func (m *Model) entriesOf() map[string]facts.Reference {
	m.entered.Do(func() {
		m.entries = make(map[string]facts.Reference)
		for _, in := range m.inVersions() {
			for root, of := range in.facts.Roots {
				name := strings.ToLower(root)
				if _, nearer := m.entries[name]; nearer {
					continue
				}
				if _, known := m.factsOf(of.Name); known {
					m.entries[name] = of
				}
			}
		}
	})
	return m.entries
}
