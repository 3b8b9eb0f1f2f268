package schema

import (
	"net/url"
	"slices"
	"strings"
	"sync"
)

// Endpoint is what the URL of a request addresses.
type Endpoint struct {
	// Version is the API version that the URL states, "" where it states none:
	// the URLs inside of a batch are relative to the version's root.
	Version Version
	// Type is the qualified name of the resource's type; "" for a batch.
	Type string
	// Key is the key of the object, "" where the URL names its collection.
	Key string
	// Batch says that the URL is that of JSON batches: <version>/$batch.
	Batch bool
}

// ParseEndpoint reads the URL of a request, absolute or not, and reports
// whether it addresses a resource that is embedded, or is that of a batch. It
// asks about the path alone, without regard to case, to the query, or to which
// cloud the host belongs to. A key may stand in a segment of its own or in
// parentheses (OData URL Conventions, 4.3.1), and a segment may name the type.
func ParseEndpoint(text string) (e Endpoint, ok bool) {
	path, _, _ := strings.Cut(text, "#")
	path, _, _ = strings.Cut(path, "?")
	if i := strings.Index(path, "://"); i >= 0 {
		_, path, _ = strings.Cut(path[i+len("://"):], "/")
	}
	var few [16]string // the most URLs that pass the send guard are not ours, and cost no memory
	segments := few[:0]
	for s := range strings.SplitSeq(path, "/") {
		if s == "" {
			continue
		}
		if unescaped, err := url.PathUnescape(s); err == nil {
			s = unescaped
		}
		segments = append(segments, s)
	}
	if n := len(segments); n > 0 && strings.EqualFold(segments[n-1], "$batch") {
		e.Batch = true
		e.prefix(segments[:n-1])
		return e, true
	}
	for _, known := range endpoints() {
		for i := range segments {
			if key, ok := known.match(segments[i:]); ok {
				e.Type, e.Key = known.typeName, key
				e.prefix(segments[:i])
				return e, true
			}
		}
	}
	return Endpoint{}, false
}

// prefix reads the version from what stands before the path.
func (e *Endpoint) prefix(segments []string) {
	if n := len(segments); n > 0 {
		for _, v := range Versions() {
			if strings.EqualFold(segments[n-1], string(v)) {
				e.Version = v
				return
			}
		}
	}
}

// template is the path of a resource, its segments in lower case.
type template struct {
	typeName string
	segments []string // without the key
	keyed    bool
}

// endpoints returns the paths of the resources of all versions.
var endpoints = sync.OnceValue(func() []template {
	var all []template
	for _, v := range Versions() {
		model, err := Open(v)
		if err != nil {
			continue // the embedded models parse: the tests open each
		}
		for _, r := range model.Resources() {
			path, keyed := strings.CutSuffix(r.Path(), "/{id}")
			t := template{r.Type.Name, strings.FieldsFunc(strings.ToLower(path), func(r rune) bool { return r == '/' }), keyed}
			if path != "" && !slices.ContainsFunc(all, func(o template) bool { return o.typeName == t.typeName }) {
				all = append(all, t)
			}
		}
	}
	return all
})

// match reports whether the segments are the path and nothing more but a key
// and the name of the type.
func (t template) match(segments []string) (key string, ok bool) {
	if n := len(segments); n > 0 && strings.EqualFold(segments[n-1], t.typeName) {
		segments = segments[:n-1] // a type cast segment (OData URL Conventions, 4.11)
	}
	n := len(t.segments)
	if len(segments) < n || len(segments) > n+1 || len(segments) == n+1 && !t.keyed {
		return "", false
	}
	last, predicate, inParentheses := strings.Cut(segments[n-1], "(")
	for i, s := range t.segments {
		have := segments[i]
		if i == n-1 {
			have = last
		}
		if !strings.EqualFold(have, s) {
			return "", false
		}
	}
	if len(segments) > n {
		return segments[n], !inParentheses
	}
	if !inParentheses {
		return "", true
	}
	predicate, closed := strings.CutSuffix(predicate, ")")
	if name, value, named := strings.Cut(predicate, "="); named && strings.EqualFold(strings.TrimSpace(name), "id") {
		predicate = strings.TrimSpace(value)
	}
	if len(predicate) >= 2 && predicate[0] == '\'' && predicate[len(predicate)-1] == '\'' {
		predicate = strings.ReplaceAll(predicate[1:len(predicate)-1], "''", "'")
	}
	return predicate, closed && t.keyed
}
