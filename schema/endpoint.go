package schema

import (
	"cmp"
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
// parentheses (OData URL Conventions, 4.3.1), there also as an alias that the
// query gives its value (5.3), and segments may cast to a type (4.11): whatever
// starts with the namespace of Graph's types, or its alias, is passed over. "." and
// ".." are taken out (RFC 3986, 5.2.4).
func ParseEndpoint(text string) (e Endpoint, ok bool) {
	path, _, _ := strings.Cut(text, "#")
	path, query, _ := strings.Cut(path, "?")
	if i := strings.Index(path, "://"); i >= 0 {
		_, path, _ = strings.Cut(path[i+len("://"):], "/")
	}
	var few [16]string // the most URLs that pass the send guard are not ours, and cost no memory
	segments := few[:0]
	for s := range strings.SplitSeq(path, "/") {
		if unescaped, err := url.PathUnescape(s); err == nil {
			s = unescaped
		}
		switch s {
		case ".":
		case "..":
			segments = segments[:max(len(segments)-1, 0)]
		default:
			segments = append(segments, s)
		}
	}
	segments = slices.DeleteFunc(segments, func(s string) bool { return s == "" || casts(s) })
	if n := len(segments); n > 0 && strings.EqualFold(segments[n-1], "$batch") {
		e.Batch = true
		e.prefix(segments[:n-1])
		return e, true
	}
	for _, known := range endpoints() {
		for i := range segments {
			if key, ok := known.match(segments[i:], query); ok {
				e.Type, e.Key = known.typeName, key
				e.prefix(segments[:i])
				return e, true
			}
		}
	}
	return Endpoint{}, false
}

// casts reports whether a segment is none of the path but the name of a type. That
// of an action or function is taken for one, too: nothing is updated there.
func casts(segment string) bool {
	return slices.ContainsFunc(namespaces(), func(of string) bool {
		return len(segment) > len(of) && strings.EqualFold(segment[:len(of)], of)
	})
}

// namespaces returns what the names of types start with, in all versions.
var namespaces = sync.OnceValue(func() []string {
	var all []string
	for _, model := range embeddedModels() {
		all = append(all, model.Namespace+".", model.Alias+".")
	}
	slices.Sort(all)
	return slices.Compact(all)
})

// aliased returns the value that the query gives an alias, which starts with "@";
// the alias where it says nothing of it, and any other text as it is.
func aliased(text, query string) string {
	if !strings.HasPrefix(text, "@") {
		return text
	}
	values, _ := url.ParseQuery(query) // of one that is malformed, what can be read
	return cmp.Or(values.Get(text), text)
}

// unquoted returns the value of a string literal (OData URL Conventions, 5.1.1.6.1),
// and any other text as it is.
func unquoted(text string) string {
	if len(text) >= 2 && text[0] == '\'' && text[len(text)-1] == '\'' {
		return strings.ReplaceAll(text[1:len(text)-1], "''", "'")
	}
	return text
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

// embeddedModels returns the models of all versions.
func embeddedModels() (all []*Model) {
	for _, v := range Versions() {
		if model, err := Open(v); err == nil { // they parse: the tests open each
			all = append(all, model)
		}
	}
	return all
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
	for _, model := range embeddedModels() {
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

// match reports whether the segments are the path and nothing more but a key.
func (t template) match(segments []string, query string) (key string, ok bool) {
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
	return unquoted(aliased(predicate, query)), closed && t.keyed
}
