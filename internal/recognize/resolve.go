package recognize

import (
	"cmp"
	"strings"

	"github.com/patchlint/patchlint/internal/entity"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/schema"
)

// Resolve returns the endpoint of a URL, absolute or relative, and whether it addresses an
// object, a collection of objects, a complex value of an object, or a batch. v is the API
// version of a URL that has none. Resolve accepts the paths that Locate does, and paths of
// an entity set or singleton and navigation properties, with keys as segments or in
// parentheses (OData URL Conventions, 4.3), with casts (4.11) and with functions that return
// an object (4.12). Other parts of objects, actions and other functions are not addressed.
// The host does not matter. unmistakable reports whether no other service is likely to have
// the path; others may have /users/{id}.
func Resolve(ms schema.Models, url string, v schema.Version) (e Endpoint, ok, unmistakable bool) {
	e, letters := resolve(ms, url, v)
	return e, letters > 0, letters >= unmistakableLetters
}

// unmistakableLetters is the number of letters in the names of a path, or in the name of a
// type, from which no other service is likely to have it.
const unmistakableLetters = 20

// resolve is Resolve, but returns the number of letters in the names of the path, or 0 if
// the URL addresses nothing.
func resolve(ms schema.Models, url string, v schema.Version) (e Endpoint, letters int) {
	if e, scope := Locate(url); scope == Addressed || scope == Batched {
		return e, unmistakableLetters
	}
	path, query := graph.SplitURL(url)
	segments := appendSegments(nil, path)
	e.Version, segments = splitVersion(segments)
	model, err := ms.Open(cmp.Or(e.Version, v))
	if err != nil {
		return Endpoint{}, 0
	}
	at := locator{model: model, query: query}
	for _, s := range segments {
		if !at.follow(s) {
			return Endpoint{}, 0
		}
	}
	if at.of.Resource() == nil {
		return Endpoint{}, 0
	}
	e.Type, e.Key, e.Collection = at.of.Name, at.key, at.collection
	return e, at.letters
}

// splitVersion returns the API version in the segments of a URL, and the segments after
// it. Anything may precede the version. Without one, the path starts after the host, if
// there is one.
func splitVersion(segments []string) (schema.Version, []string) {
	for i, s := range segments {
		if v := VersionOf(s); v != "" {
			return v, segments[i+1:]
		}
	}
	variable := func(segments []string) bool {
		return len(segments) > 0 && strings.Contains(segments[0], "{") && !strings.Contains(segments[0], "(")
	}
	switch first := append(segments, "")[0]; {
	case strings.HasSuffix(first, ":") && len(segments) > 1:
		segments = segments[2:]
	case variable(segments):
		if name := first[strings.LastIndexByte(first, '}')+1:]; name != "" && strings.Trim(name, letters) == "" {
			return "", append([]string{name}, segments[1:]...) // the variable ends in a slash
		}
		return "", segments[1:]
	case graph.IsHost(graph.Bare(first)):
		segments = segments[1:]
	default:
		return "", segments
	}
	if variable(segments) { // of the version
		segments = segments[1:]
	}
	return "", segments
}

const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// locator follows a path through the model.
type locator struct {
	model      *schema.Model
	query      string
	of         *schema.Type // nil at the root of the API version
	collection bool         // whether this is a collection of objects, and not one of them
	key        string       // of the last object in the path
	letters    int          // the number of letters in the names of the path
}

// choose moves to the object in the collection that a key predicate identifies.
func (l *locator) choose(predicate string) bool {
	predicate, closed := strings.CutSuffix(predicate, ")")
	if !closed || !l.collection || strings.TrimSpace(predicate) == "" {
		return false
	}
	l.collection, l.key = false, ""
	names := entity.Key(l.of)
	if len(names) != 1 {
		return true
	}
	if key, own := keyIn(predicate, l.query, names[0]); own {
		l.key = key
	}
	return true
}

// isVariable reports whether a segment that starts with "$" is a variable, such as $id and
// ${id}, and not a name of OData (URL Conventions, 4).
func isVariable(segment string) bool {
	switch strings.ToLower(segment[1:]) {
	case "", "all", "batch", "count", "crossjoin", "each", "entity", "filter", "links", "metadata", "query", "ref", "root", "value":
		return false
	}
	return true
}

// follow moves along one more segment.
func (l *locator) follow(segment string) bool {
	if strings.HasPrefix(segment, "$") && !(l.collection && isVariable(segment)) {
		return false // $ref, $value or $count
	}
	name, predicate, keyed := strings.Cut(segment, "(")
	if n := odata.ParseTypeName(name); l.model.Facts().Declares(n.Namespace) {
		t := l.model.Type(name)
		if l.of == nil || t == nil || !t.Structured() {
			return false // an action or function
		}
		l.of, l.letters = t, l.letters+len(name)
		return !keyed || l.choose(predicate)
	}
	if keyed && l.collection {
		return false // a function
	}
	to, operation := l.model.Follow(l.of, name)
	switch {
	case operation && l.collection:
		return false
	case l.collection:
		l.collection, l.key = false, segment
		return true
	case to == nil:
		return false
	}
	if operation {
		keyed = false // the parentheses contain its parameters
	} else {
		l.letters += len(name)
	}
	l.of, l.collection, l.key = l.model.Type(to.Target), to.Collection, ""
	return l.of != nil && (!keyed || l.choose(predicate))
}
