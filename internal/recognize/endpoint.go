package recognize

import (
	"cmp"
	"encoding/hex"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/schema"
)

// Endpoint is what the URL of a request addresses.
type Endpoint struct {
	// Version is the API version that the URL states, "" where it states none:
	// the URLs inside of a batch are relative to the version's root.
	Version schema.Version
	// Type is the qualified name of the resource's type; "" for a batch.
	Type string
	// Key is the key of the object, "" where the URL does not tell.
	Key string
	// Collection says that the URL names a collection, where a POST makes an object.
	Collection bool
	// Batch says that the URL is the one of JSON batches: <version>/$batch.
	Batch bool
}

// Scope says how a URL relates to the resources that are embedded.
type Scope uint8

const (
	Unrelated Scope = iota // certainly to none of them
	// Containing leads to what contains a resource, such as /deviceManagement: an
	// update there may hold objects of the resource inline (OData Protocol, 11.4.3.1).
	Containing
	// Partial leads below a batch or an object, such as to one of its properties,
	// or it leads to a resource only for some of the services that might read it.
	Partial
	// Addressed leads to an object, a collection or a batch.
	Addressed
)

// Locate reads the URL of a request, absolute or not, and tells how it relates to the
// resources that are embedded, and to batches. It asks about the path alone, without
// regard to case, to the query, or to which cloud the host belongs to. A key may be a
// segment of its own or in parentheses (OData URL Conventions, 4.3.1), there also as an
// alias that the query gives its value (5.3), and segments may cast to a type (4.11):
// whatever starts with the namespace of Graph's types, or its alias, is left out. "."
// and ".." are resolved (RFC 3986, 5.2.4).
//
// It reads the URL also as a lenient service might that decodes more than once, takes
// "\" for "/", or drops path parameters, white space and trailing dots. Of what these
// readings come to, it returns what is most certain to be judged by its body: an object
// or collection, then a part, a batch and a container. Of an endpoint that is not
// Addressed, only Type and Batch are known.
func Locate(text string) (Endpoint, Scope) {
	path, _, _ := strings.Cut(text, "#")
	path, query, _ := strings.Cut(path, "?")
	// The scheme and the host are read as segments: what is before a resource's path
	// may be anything, and so no key that holds "://" is taken for a host.
	var few [16]string // the most URLs that pass the send guard are not ours, and cost no memory
	e, scope := locate(slices.DeleteFunc(decoded(few[:0], path), casts), query)
	if !ambiguous(path) || scope == Addressed && !e.Batch {
		return e, scope
	}
	for _, resolve := range []bool{true, false} {
		other, how := locate(leniently(path, resolve), query)
		if how == Addressed && !resolve && !other.Batch {
			how = Partial // whether it is meant depends on which dots are resolved
		}
		if rank(other, how) > rank(e, scope) {
			e, scope = other, how
		}
	}
	return e, scope
}

// rank orders readings of one URL: a batch comes before a part.
func rank(e Endpoint, s Scope) int {
	if e.Batch && s == Addressed {
		return 2*int(Partial) - 1
	}
	return 2 * int(s)
}

// ambiguous reports whether services may differ in how they read a path.
func ambiguous(path string) bool {
	return strings.ContainsAny(path, `%\;`) || strings.Contains(path, "//") && strings.Contains(path, "..") || strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' || r >= 0x7F })
}

// decoded appends the segments of a path to a list, decoded once.
func decoded(segments []string, path string) []string {
	for s := range strings.SplitSeq(path, "/") {
		s = withoutParameters(s)
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
	return slices.DeleteFunc(segments, func(s string) bool { return s == "" })
}

// leniently returns the segments of a path that is decoded until nothing in it is
// encoded. Dots are resolved, or only dropped.
func leniently(path string, resolve bool) (segments []string) {
	for s := range strings.FieldsFuncSeq(unfolded(path), func(r rune) bool { return r == '/' || r == '\\' }) {
		s = visible(withoutParameters(s))
		switch dots := strings.Trim(s, ".") == ""; {
		case s == ".." && resolve:
			segments = segments[:max(len(segments)-1, 0)]
		case !dots:
			segments = append(segments, s)
		}
	}
	return slices.DeleteFunc(segments, casts)
}

// withoutParameters returns a segment without its path parameters (RFC 3986, 3.3).
// A quoted key may hold a semicolon.
func withoutParameters(segment string) string {
	if i := strings.IndexAny(segment, ";'"); i >= 0 && segment[i] == ';' {
		return segment[:i]
	}
	return segment
}

// visible returns a text without white space, control and format characters.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Z) {
			return -1
		}
		return r
	}, text)
}

// unfolded decodes a text until nothing in it is percent-encoded, in time in
// proportion to its length: a byte that is decoded may complete what is decoded
// next.
func unfolded(text string) string {
	if !strings.Contains(text, "%") {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := range len(text) {
		out = append(out, text[i])
		for n := len(out); n >= 3 && out[n-3] == '%'; n = len(out) {
			b, err := hex.DecodeString(string(out[n-2:]))
			if err != nil {
				break
			}
			out = append(out[:n-3], b[0])
		}
	}
	return string(out)
}

// Mentions reports whether a text may name the URL of a resource or of a batch,
// or the property that contains a resource, however it is encoded in URLs and JSON.
func Mentions(text string) bool {
	text = unfolded(text)
	text = jsonEscape.Get().ReplaceAllStringFunc(text, func(escape string) string {
		r, _ := strconv.ParseUint(escape[len(`\u`):], 16, 16) // the expression matches nothing else
		return string(rune(r))
	})
	text = strings.ToLower(visible(unfolded(text)))
	return strings.Contains(text, "$batch") || strings.Contains(text, strings.ToLower(partners))
}

var jsonEscape = lazy.Regexp(`\\u[0-9A-Fa-f]{4}`)

// PartnerPath is the path of compliance management partners. It does not depend on the
// API version; a test holds it against the facts.
const (
	PartnerPath = "/" + container + "/" + partners
	container   = "deviceManagement"
	partners    = "complianceManagementPartners"
	partnerType = "microsoft.graph.complianceManagementPartner"
)

// locate tells what segments lead to.
func locate(segments []string, query string) (Endpoint, Scope) {
	last := len(segments) - 1
	if last < 0 {
		return Endpoint{}, Unrelated
	}
	contained, apart := false, false
	for i, s := range segments {
		switch {
		case named(s, container):
			contained = true
		case !contained || !named(s, partners):
		case !named(segments[i-1], container):
			apart = true // by what a service may take for a key
		default:
			if key, ok := partnerKey(s, segments[i+1:], query); ok {
				return Endpoint{Version: versionBefore(segments[:i-1]), Type: partnerType, Key: key, Collection: key == ""}, Addressed
			}
			return Endpoint{Type: partnerType}, Partial
		}
	}
	if apart || named(segments[last], "$entity") && Mentions(query) { // OData URL Conventions, 4.4
		return Endpoint{Type: partnerType}, Partial
	}
	for i, s := range segments {
		if named(s, "$batch") {
			if i < last {
				return Endpoint{Batch: true}, Partial
			}
			return Endpoint{Version: versionBefore(segments[:i]), Batch: true}, Addressed
		}
	}
	if named(segments[last], container) {
		return Endpoint{Type: partnerType}, Containing
	}
	return Endpoint{}, Unrelated
}

// named reports whether a segment, which may have a key, is of that name.
func named(segment, name string) bool {
	if i := strings.IndexAny(segment, "(?#"); i >= 0 {
		segment = segment[:i]
	}
	return strings.EqualFold(strings.TrimRight(visible(segment), "."), name)
}

// casts reports whether a segment is not part of the path but the name of a type. The
// name of an action or function is taken for one, too: nothing is updated there.
func casts(segment string) bool {
	return slices.ContainsFunc([]string{"microsoft.graph.", "graph."}, func(of string) bool {
		return len(segment) > len(of) && strings.EqualFold(segment[:len(of)], of)
	})
}

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

// VersionOf returns the API version that a segment of a path names, "" for any other
// segment.
func VersionOf(segment string) schema.Version {
	for _, v := range schema.Versions() {
		if strings.EqualFold(segment, string(v)) {
			return v
		}
	}
	return ""
}

// versionBefore returns the API version at the end of what is before a path.
func versionBefore(segments []string) schema.Version {
	if len(segments) == 0 {
		return ""
	}
	return VersionOf(segments[len(segments)-1])
}

// partnerKey reports whether nothing more than a key is behind the collection of
// partners, and returns that.
func partnerKey(collection string, rest []string, query string) (key string, ok bool) {
	_, predicate, inParentheses := strings.Cut(collection, "(")
	switch {
	case len(rest) > 1:
		return "", false
	case len(rest) == 1:
		return rest[0], !inParentheses
	case !inParentheses:
		return "", true
	}
	predicate, closed := strings.CutSuffix(predicate, ")")
	key, _ = keyIn(predicate, query, "id")
	return key, closed
}

// keyIn returns the key in a predicate, and whether it is that of the type, which is one
// of its properties: a predicate may name another instead.
func keyIn(predicate, query, property string) (key string, own bool) {
	name, value, named := strings.Cut(predicate, "=")
	if named && strings.EqualFold(strings.TrimSpace(name), property) {
		predicate, named = strings.TrimSpace(value), false
	}
	return unquoted(aliased(predicate, query)), !named
}
