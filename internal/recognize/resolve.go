package recognize

import (
	"cmp"
	"strings"

	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/identity"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/schema"
)

// Resolve reads the URL of a request, absolute or not, and reports whether it
// addresses an object, a collection of objects, or a batch. v is the API version of a
// URL that states none. The path is one that Locate knows, or leads from an entity
// set or singleton over navigation properties, with keys as segments of their own or
// in parentheses (OData URL Conventions, 4.3); segments may cast to a type (4.11). It may
// end in a complex value of an object. Other parts of objects, actions and functions are
// not addressed. Nothing is asked about the host.
func Resolve(ms schema.Models, url string, v schema.Version) (e Endpoint, ok bool) {
	e, names := resolve(ms, url, v)
	return e, names > 0
}

// Unmistakable reports whether a URL that Resolve reads has a path that no other
// service is likely to have, as /users/{id} is.
func Unmistakable(ms schema.Models, url string, v schema.Version) bool {
	_, names := resolve(ms, url, v)
	return names >= unmistakablePath
}

// unmistakablePath is how many letters the names in a path have that can be meant for
// nothing but Graph.
const unmistakablePath = 20

// resolve is Resolve, and returns how many letters the names in the path have, 0 for a
// URL that addresses nothing.
func resolve(ms schema.Models, url string, v schema.Version) (e Endpoint, names int) {
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
	if at.of.Resource() == nil {
		return Endpoint{}, 0
	}
	e.Type, e.Key, e.Collection = at.of.Name, at.key, at.collection
	return e, at.names
}

// belowVersion splits the segments of a URL at the API version in it: what is before
// that may be anything. Without one the path starts behind the host, if there is one.
func belowVersion(segments []string) (schema.Version, []string) {
	for i, s := range segments {
		if v := VersionOf(s); v != "" {
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
	case graph.IsHost(first):
		segments = segments[1:]
	default:
		return "", segments
	}
	if variable(segments) { // the version behind a host
		segments = segments[1:]
	}
	return "", segments
}

// locator follows a path through the model.
type locator struct {
	model      *schema.Model
	query      string
	of         *schema.Type
	collection bool   // of objects, none of which has been chosen
	key        string // of the object that was chosen last
	names      int    // how many letters the names in the path have
}

// start enters an entity set or singleton.
func (l *locator) start(segment string) bool {
	name, predicate, keyed := strings.Cut(segment, "(")
	of, collection := l.model.Entry(name)
	l.names += len(name)
	return l.enter(of, collection, predicate, keyed)
}

// enter moves to the objects of a set, singleton or navigation property, and to one
// of them where there is a key.
func (l *locator) enter(of *schema.Type, collection bool, predicate string, keyed bool) bool {
	l.of, l.collection, l.key = of, collection, ""
	return of != nil && (!keyed || l.choose(predicate))
}

// choose moves to the object of a key in parentheses.
func (l *locator) choose(predicate string) bool {
	predicate, closed := strings.CutSuffix(predicate, ")")
	if !closed || !l.collection || strings.TrimSpace(predicate) == "" {
		return false
	}
	l.collection, l.key = false, ""
	names := identity.Key(l.of)
	if len(names) != 1 {
		return true
	}
	if key, own := keyIn(predicate, l.query, names[0]); own {
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
	if n := odata.ParseTypeName(name); l.model.Facts().Declares(n.Namespace) {
		t := l.model.Named(name)
		if t == nil || !t.Structured() || keyed && !l.collection {
			return false // an action or function
		}
		l.of, l.names = t, l.names+len(name)
		return !keyed || l.choose(predicate)
	}
	if keyed && l.collection {
		return false // a function, whatever its name
	}
	to, operation := l.model.Follow(l.of, name)
	switch {
	case operation:
		return false
	case l.collection:
		l.collection, l.key = false, segment
		return true
	case to == nil:
		return false
	}
	l.names += len(name)
	return l.enter(l.model.Type(to.Target), to.Collection, predicate, keyed)
}
