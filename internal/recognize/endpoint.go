package recognize

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/schema"
)

// Endpoint is the resource or batch that the URL of a request addresses.
type Endpoint struct {
	// Version is the API version in the URL, or "": URLs inside a batch are relative
	// to the root of a version.
	Version schema.Version
	// Type is the qualified name of the resource's type; "" for a batch.
	Type string
	// Key is the key of the object, or "" if it is not in the URL.
	Key string
	// Collection is true for the URL of a collection, where a POST creates an object.
	Collection bool
	// Batch is true for the URL of JSON batches, <version>/$batch.
	Batch bool
}

// MissingKey returns the message about an update of a collection, given its URL.
func MissingKey(url string) string {
	address, _ := graph.SplitURL(url)
	return fmt.Sprintf("an update changes one object, but this URL has no id; add it, as .../%s/{id}", inert.Text(path.Base(address)))
}

// Scope is the relation of a URL to compliance management partners and batches. If a URL can
// be read in several ways, the highest Scope counts: a partner before something whose body
// cannot be checked, and that before a batch or a container, whose body may concern no partner.
type Scope uint8

const (
	// Unrelated is the scope of any other URL.
	Unrelated Scope = iota
	// Containing is the scope of the container of partners, /deviceManagement, an update
	// of which may contain partners (OData Protocol, 11.4.3.1).
	Containing
	// Batched is the scope of a batch.
	Batched
	// Partial is the scope of something below a batch or a partner, such as a property,
	// and of a URL that only some services read as that of a partner.
	Partial
	// Addressed is the scope of a partner or their collection.
	Addressed
)

// Locate returns the endpoint of a URL, absolute or relative, if it concerns partners or a
// batch, and its scope. It considers only the path, in any case, and not the host. A key
// can be a segment or in parentheses (OData URL Conventions, 4.3.1), where it can be an
// alias that the query defines (5.3). Casts, which are segments that start with the
// namespace of Graph's types or its alias, are skipped (4.11). "." and ".." are resolved
// (RFC 3986, 5.2.4).
//
// Locate also reads the URL as a lenient service might, which decodes more than once,
// reads "\" as "/", or drops path parameters, white space and trailing dots. Of these
// readings it returns the one with the highest scope. Only Type and Batch are set in an
// endpoint that is Containing or Partial.
func Locate(text string) (Endpoint, Scope) {
	path, query := graph.SplitURL(text)
	// The scheme and host are segments like any other, because anything may precede the
	// path of a resource. So a key that contains "://" is not mistaken for a host.
	var buffer [16]string // avoids an allocation for the URLs that guard passes on
	e, scope := locate(slices.DeleteFunc(appendSegments(buffer[:0], path), isCast), query)
	if !ambiguous(path) || scope == Addressed {
		return e, scope
	}
	for _, resolve := range []bool{true, false} {
		other, how := locate(lenientSegments(path, resolve), query)
		if how == Addressed && !resolve {
			how = Partial // only for services that do not resolve dots
		}
		if how > scope {
			e, scope = other, how
		}
	}
	return e, scope
}

// ambiguous reports whether services may read a path differently.
func ambiguous(path string) bool {
	return strings.ContainsAny(path, `%\;`) || strings.Contains(path, "//") && strings.Contains(path, "..") || strings.ContainsFunc(path, func(r rune) bool { return r <= ' ' || r >= 0x7F })
}

// appendSegments appends the segments of a path, decoded once.
func appendSegments(segments []string, path string) []string {
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

// lenientSegments returns the segments of a path, fully decoded, without casts. ".." is
// resolved, or else dropped.
func lenientSegments(path string, resolve bool) (segments []string) {
	for s := range strings.FieldsFuncSeq(fullyDecoded(path), func(r rune) bool { return r == '/' || r == '\\' }) {
		s = visible(withoutParameters(s))
		switch dots := strings.Trim(s, ".") == ""; {
		case s == ".." && resolve:
			segments = segments[:max(len(segments)-1, 0)]
		case !dots:
			segments = append(segments, s)
		}
	}
	return slices.DeleteFunc(segments, isCast)
}

// withoutParameters returns a segment without its path parameters (RFC 3986, 3.3). It
// does not mistake a semicolon in a quoted key for their start.
func withoutParameters(segment string) string {
	if i := strings.IndexAny(segment, ";'"); i >= 0 && segment[i] == ';' {
		return segment[:i]
	}
	return segment
}

// visible returns text without white space, control and format characters.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Z) {
			return -1
		}
		return r
	}, text)
}

// fullyDecoded decodes percent-encoding repeatedly until nothing changes. It takes
// linear time: after each decoded byte, it looks back for a sequence that this byte completes.
func fullyDecoded(text string) string {
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

// Mentions reports whether a text may contain the name of the partners, as in their URL or
// the property that contains them, or the URL of a batch, in any encoding of URLs and JSON.
func Mentions(text string) bool {
	text = fullyDecoded(text)
	text = jsonEscape.Get().ReplaceAllStringFunc(text, func(escape string) string {
		r, _ := strconv.ParseUint(escape[len(`\u`):], 16, 16) // cannot fail: the expression matches hexadecimal digits
		return string(rune(r))
	})
	text = strings.ToLower(visible(fullyDecoded(text)))
	return strings.Contains(text, "$batch") || strings.Contains(text, strings.ToLower(partners))
}

var jsonEscape = lazy.Regexp(`\\u[0-9A-Fa-f]{4}`)

// PartnerPath is the path of compliance management partners in all API versions. A test
// compares it with the facts.
const (
	PartnerPath = "/" + container + "/" + partners
	container   = "deviceManagement"
	partners    = "complianceManagementPartners"
	partnerType = "microsoft.graph.complianceManagementPartner"
)

// locate returns the endpoint and scope of the segments of a URL.
func locate(segments []string, query string) (Endpoint, Scope) {
	last := len(segments) - 1
	if last < 0 {
		return Endpoint{}, Unrelated
	}
	contained, separated := false, false
	for i, s := range segments {
		switch {
		case hasName(s, container):
			contained = true
		case !contained || !hasName(s, partners):
		case !hasName(segments[i-1], container):
			separated = true // by segments that a service may read as a key
		default:
			e := Endpoint{Version: versionBefore(segments[:i-1]), Type: partnerType}
			if e.choosePartner(s, segments[i+1:], query) {
				return e, Addressed
			}
			return Endpoint{Type: partnerType}, Partial
		}
	}
	if separated || hasName(segments[last], "$entity") && Mentions(query) { // OData URL Conventions, 4.4
		return Endpoint{Type: partnerType}, Partial
	}
	for i, s := range segments {
		if hasName(s, "$batch") {
			if i < last {
				return Endpoint{Batch: true}, Partial
			}
			return Endpoint{Version: versionBefore(segments[:i]), Batch: true}, Batched
		}
	}
	if hasName(segments[last], container) {
		return Endpoint{Type: partnerType}, Containing
	}
	return Endpoint{}, Unrelated
}

// hasName reports whether a segment, which may have a key, has a name.
func hasName(segment, name string) bool {
	if i := strings.IndexAny(segment, "(?#"); i >= 0 {
		segment = segment[:i]
	}
	return strings.EqualFold(strings.TrimRight(visible(segment), "."), name)
}

// isCast reports whether a segment is the qualified name of a type, or of an action or
// function, which updates nothing.
func isCast(segment string) bool {
	return slices.ContainsFunc([]string{"microsoft.graph.", "graph."}, func(prefix string) bool {
		return len(segment) > len(prefix) && strings.EqualFold(segment[:len(prefix)], prefix)
	})
}

// VersionOf returns the API version that a path segment names, or "".
func VersionOf(segment string) schema.Version {
	for _, v := range schema.Versions() {
		if strings.EqualFold(segment, string(v)) {
			return v
		}
	}
	return ""
}

// versionBefore returns the API version that the last of the segments before a path
// names, or "".
func versionBefore(segments []string) schema.Version {
	if len(segments) == 0 {
		return ""
	}
	return VersionOf(segments[len(segments)-1])
}

// choosePartner sets Key and Collection from the segments after the collection of partners.
// It reports whether nothing else follows.
func (e *Endpoint) choosePartner(collection string, rest []string, query string) bool {
	_, predicate, inParentheses := strings.Cut(collection, "(")
	predicate, closed := strings.CutSuffix(predicate, ")")
	switch {
	case len(rest) > 1 || inParentheses && (len(rest) > 0 || !closed):
		return false
	case len(rest) == 1:
		e.Key = rest[0]
	default:
		if key, own := keyIn(predicate, query, "id"); own {
			e.Key, e.Collection = key, key == ""
		}
	}
	return true
}

// keyIn returns the key in a predicate, and whether it is the key of the property and not of
// another one. It resolves an alias that the query defines, and a string literal (OData URL
// Conventions, 5.1.1.6.1).
func keyIn(predicate, query, property string) (key string, own bool) {
	name, value, named := strings.Cut(predicate, "=")
	if named && strings.EqualFold(strings.TrimSpace(name), property) {
		predicate, named = strings.TrimSpace(value), false
	}
	if strings.HasPrefix(predicate, "@") {
		values, _ := url.ParseQuery(query) // the valid part of a malformed query
		predicate = cmp.Or(values.Get(predicate), predicate)
	}
	if n := len(predicate); n >= 2 && predicate[0] == '\'' && predicate[n-1] == '\'' {
		predicate = strings.ReplaceAll(predicate[1:n-1], "''", "'")
	}
	return predicate, !named
}
