package schema

import (
	"bytes"
	"encoding/json"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint"
)

// Canonical returns a text that is equal for two values of the property exactly
// when the service takes them for the same value:
//
//   - instants are equal when they are after rounding to 100 ns;
//   - GUID-shaped ids regardless of case;
//   - numbers by value, exactly (1.0 is 1, and 2^53+1 is itself);
//   - null, an absent property and its default are one, and so are null, an
//     absent collection and [];
//   - an object is its type and its properties: how its @odata.type is
//     spelled, the order of its members and its annotations do not count, nor
//     do properties that the model does not know;
//   - where no filter is in effect, the filter's id does not count, and an
//     empty or zero id is none;
//   - the order of a collection counts only where c says so.
//
// n may be absent. A value that is not of the property's type is itself: it
// equals only a value that reads the same.
func (m *Model) Canonical(n patchlint.Node, p *Property, c Comparison) string {
	return string(canonicalizer{m, c}.value(nil, n, p))
}

// Same reports whether two values of the property have the same Canonical text,
// without making it where the bytes tell.
func (m *Model) Same(a, b patchlint.Node, p *Property, c Comparison) bool {
	if a.Exists() && b.Exists() && bytes.Equal(a.Raw(), b.Raw()) {
		return true
	}
	if !p.Collection || a.Kind() != patchlint.Array || b.Kind() != patchlint.Array || len(c.Ignore) > 0 {
		return m.Canonical(a, p, c) == m.Canonical(b, p, c)
	}
	if a.Len() != b.Len() {
		return false
	}
	// Equal elements at the ends are equal in every order.
	restA, restB, _ := CutEqualEnds(a, b)
	texts := func(list []patchlint.Node) []string {
		texts := make([]string, len(list))
		for i, n := range list {
			texts[i] = m.CanonicalElement(n, p, c)
		}
		if !c.Ordered {
			slices.Sort(texts)
		}
		return texts
	}
	return slices.Equal(texts(restA), texts(restB))
}

// CutEqualEnds returns the elements of two arrays without those that are the
// same bytes at the start of both and at the end of both, and how many those
// are.
func CutEqualEnds(a, b patchlint.Node) (restA, restB []patchlint.Node, equal int) {
	restA = slices.AppendSeq(make([]patchlint.Node, 0, a.Len()), a.Children())
	restB = slices.AppendSeq(make([]patchlint.Node, 0, b.Len()), b.Children())
	for len(restA) > 0 && len(restB) > 0 && bytes.Equal(restA[0].Raw(), restB[0].Raw()) {
		restA, restB = restA[1:], restB[1:]
		equal++
	}
	for len(restA) > 0 && len(restB) > 0 && bytes.Equal(restA[len(restA)-1].Raw(), restB[len(restB)-1].Raw()) {
		restA, restB = restA[:len(restA)-1], restB[:len(restB)-1]
		equal++
	}
	return restA, restB, equal
}

// CanonicalElement is Canonical for one element of a collection.
func (m *Model) CanonicalElement(n patchlint.Node, p *Property, c Comparison) string {
	return string(canonicalizer{m, c}.single(nil, n, p))
}

// Comparison says what counts when two values are compared.
type Comparison struct {
	// Ordered says that the order of a collection counts.
	Ordered bool
	// Ignore are pointers, relative to the value, to what does not count; "*"
	// stands for any one token.
	Ignore []patchlint.Pointer
}

// Below returns the comparison of what the token leads to, and whether that
// counts at all.
func (c Comparison) Below(token string) (below Comparison, counts bool) {
	below.Ordered = c.Ordered
	for _, pattern := range c.Ignore {
		first, rest := pattern.Cut()
		if first != "*" && first != token {
			continue
		}
		if rest == "" {
			return Comparison{}, false
		}
		below.Ignore = append(below.Ignore, rest)
	}
	return below, true
}

type canonicalizer struct {
	model *Model
	Comparison
}

// below is the canonicalizer of what the token leads to.
func (c canonicalizer) below(token string) (canonicalizer, bool) {
	if len(c.Ignore) == 0 {
		return c, true
	}
	comparison, counts := c.Below(token)
	return canonicalizer{c.model, comparison}, counts
}

const nothing = "-"

func (c canonicalizer) value(b []byte, n patchlint.Node, p *Property) []byte {
	empty := n.Kind() == patchlint.Absent || n.Kind() == patchlint.Null
	if !p.Collection {
		if empty {
			if p.Default != "" {
				return strconv.AppendQuote(b, p.Default)
			}
			return append(b, nothing...)
		}
		return c.single(b, n, p)
	}
	if empty {
		return append(b, "[]"...)
	}
	if n.Kind() != patchlint.Array {
		return raw(b, n)
	}
	elements := make([]string, 0, n.Len())
	i := 0
	for element := range n.Children() {
		if inner, counts := c.below(strconv.Itoa(i)); counts {
			elements = append(elements, string(inner.single(nil, element, p)))
		}
		i++
	}
	if !c.Ordered {
		slices.Sort(elements)
	}
	b = append(b, '[')
	for _, element := range elements {
		b = append(append(b, element...), ',')
	}
	return append(b, ']')
}

func (c canonicalizer) single(b []byte, n patchlint.Node, p *Property) []byte {
	t := p.Type
	switch {
	case t.Structured():
		if n.Kind() == patchlint.Object {
			return c.object(b, n, t)
		}
	case n.Kind() == patchlint.Number && t.Category == Primitive:
		if exact, ok := exactNumber(string(n.Raw())); ok {
			return append(append(b, '='), exact...)
		}
	case n.Kind() == patchlint.String && t.Name == "Edm.DateTimeOffset":
		if instant, err := ParseInstant(n.Text()); err == nil {
			return append(append(b, '@'), instant.Ticks()...)
		}
	case n.Kind() == patchlint.String && p.holdsID():
		if text := n.Text(); IsGUID(text) {
			return strconv.AppendQuote(b, strings.ToLower(text))
		}
	}
	return raw(b, n)
}

// holdsID reports whether a string of the property that has the form of a GUID
// is one.
func (p *Property) holdsID() bool {
	return p.Type.Name == "Edm.Guid" || p.Type.Name == "Edm.String" && (p.Name == "id" || strings.HasSuffix(p.Name, "Id"))
}

// The properties of an assignment filter, whose meaning hangs together
// (Microsoft365DSC compares them so; a GET shows null beside "none").
const (
	FilterID   = "deviceAndAppManagementAssignmentFilterId"
	FilterType = "deviceAndAppManagementAssignmentFilterType"
)

// WithoutFilter compares assignments by whom they target, whatever their
// filters.
var WithoutFilter = Comparison{Ignore: []patchlint.Pointer{"/*/" + FilterID, "/*/" + FilterType}}

// belowWithoutFilter is what WithoutFilter is below any token.
var belowWithoutFilter = Comparison{Ignore: []patchlint.Pointer{"/" + FilterID, "/" + FilterType}}

// HasFilter reports whether objects of the type can have an assignment filter.
func (t *Type) HasFilter() bool { return t.Property(FilterType) != nil }

// Filter returns the filter that is in effect on a target: its type, "include"
// or "exclude", and the node of its id. ok is false where none is.
func Filter(target patchlint.Node) (kind string, id patchlint.Node, ok bool) {
	var named patchlint.Node
	for member := range target.Children() { // the last of one name counts
		switch {
		case member.NameIs(FilterType):
			named = member
		case member.NameIs(FilterID):
			id = member
		}
	}
	switch text, _ := named.PlainText(); string(text) { // the names there are need no copy
	case "include":
		kind = "include"
	case "exclude":
		kind = "exclude"
	default:
		kind = named.Text()
	}
	return kind, id, kind != "" && kind != "none"
}

// NoID reports whether the id of a filter or group says that there is none:
// absent, null, empty or the zero GUID.
func NoID(id patchlint.Node) bool {
	if plain, ok := id.PlainText(); ok {
		return len(plain) == 0 || string(plain) == ZeroGUID
	}
	text := id.Text()
	return text == "" && (id.Kind() != patchlint.Number && id.Kind() != patchlint.Object) || text == ZeroGUID
}

func (c canonicalizer) object(b []byte, n patchlint.Node, declared *Type) []byte {
	t := declared
	if annotation := n.Member("@odata.type"); annotation.Exists() {
		if t = c.model.Named(annotation.Text()); t == nil || !t.Is(declared) {
			return raw(b, n)
		}
	}
	b = append(append(b, t.Short()...), '{')
	_, _, filtered := Filter(n)
	for _, p := range t.Properties {
		inner, counts := c.below(p.Name)
		if !counts {
			continue
		}
		value := n.Member(p.Name)
		if p.Name == FilterID && (!filtered || NoID(value)) {
			value = patchlint.Node{}
		}
		empty := value.Kind() == patchlint.Absent || value.Kind() == patchlint.Null
		if empty && !p.Collection || p.Default != "" && value.Text() == p.Default {
			continue // the same as left out
		}
		b = append(append(b, p.Name...), ':')
		b = append(inner.value(b, value, p), ',')
	}
	return append(b, '}')
}

// raw appends a value that the model does not explain: its JSON with sorted
// names and exact numbers.
func raw(b []byte, n patchlint.Node) []byte {
	switch n.Kind() {
	case patchlint.Absent:
		return append(b, nothing...)
	case patchlint.Number:
		if exact, ok := exactNumber(string(n.Raw())); ok {
			return append(append(b, '='), exact...)
		}
		return append(b, n.Raw()...)
	case patchlint.String:
		text, _ := json.Marshal(n.Text())
		return append(b, text...)
	case patchlint.Array:
		b = append(b, '[')
		for element := range n.Children() {
			b = append(raw(b, element), ',')
		}
		return append(b, ']')
	case patchlint.Object:
		members := make([]string, 0, n.Len())
		for member := range n.Children() {
			name, _ := json.Marshal(member.Name())
			members = append(members, string(raw(append(name, ':'), member)))
		}
		slices.Sort(members)
		b = append(b, '{')
		for _, member := range members {
			b = append(append(b, member...), ',')
		}
		return append(b, '}')
	}
	return append(b, n.Raw()...)
}

// exactNumber writes a JSON number as its digits without a trailing zero and a
// decimal exponent, so that two spellings of one number are the same text. It
// never expands an exponent.
func exactNumber(text string) (string, bool) {
	mantissa, exponent := text, new(big.Int)
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		mantissa = text[:i]
		if _, ok := exponent.SetString(strings.TrimPrefix(text[i+1:], "+"), 10); !ok {
			return "", false
		}
	}
	sign := ""
	if strings.HasPrefix(mantissa, "-") {
		sign, mantissa = "-", mantissa[1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	exponent.Sub(exponent, big.NewInt(int64(len(fraction))))
	trimmed := strings.TrimRight(digits, "0")
	if trimmed == "" {
		return "0", true
	}
	exponent.Add(exponent, big.NewInt(int64(len(digits)-len(trimmed))))
	return sign + trimmed + "e" + exponent.String(), true
}
