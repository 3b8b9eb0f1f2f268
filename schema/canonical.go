package schema

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/odata"
)

// AppendCanonical appends a text to b that is equal for two values of the property, or
// two elements of its values, if and only if the service treats them as equal:
//
//   - instants are equal if they are the same when rounded to 100 ns, times of day if they
//     are the same time, and durations if they have the same length (PT1H is PT60M);
//   - base64 and base64url are equal, with and without padding;
//   - members of an enumeration that the service accepts in any case, regardless of case;
//   - GUID-shaped ids, and GUID-shaped strings of a collection, regardless of case;
//   - numbers are equal if their exact values are (1.0 is 1, and 2^53+1 is not 2^53);
//   - null, an absent property and its default are equal, and so are null, an absent
//     collection and [];
//   - flags are equal in any order;
//   - objects are equal if their types and properties are: the spelling of the
//     @odata.type, the order of members, annotations, properties that the model does not
//     know (except in open types) and, in a complex value, properties that only the
//     service sets do not count;
//   - if no filter is in effect, the filter's id does not count, and an empty or zero id
//     counts as absent;
//   - the order of a collection counts only if c says so.
//
// n may be absent. A value that is not of the property's type equals only a value with
// the same JSON. For an element that is an assignment, text[filter:] describes its
// filter.
func (m *Model) AppendCanonical(b []byte, n patchlint.Node, p *Property, c Comparison) (text []byte, filter int) {
	w := canonicalizers.Get().(*canonicalizer)
	w.model, w.apart, w.filter = m, p.Collection && n.Parent().Kind() == patchlint.Array, w.filter[:0]
	if w.apart {
		b = w.single(b, n, p, c)
	} else {
		b = w.value(b, n, p, c)
	}
	text, filter = append(b, w.filter...), len(b)
	canonicalizers.Put(w)
	return text, filter
}

// Comparison defines what counts when two values are compared.
type Comparison struct {
	// Ordered reports whether the order of a collection counts.
	Ordered bool
	// Ignore lists the places in the value that do not count, each as the reference
	// tokens of its pointer; "*" matches any one token.
	Ignore [][]string
}

// Below returns the comparison of the value that the token refers to, and whether that
// value counts.
func (c Comparison) Below(token string) (below Comparison, counts bool) {
	if len(c.Ignore) == 0 {
		return c, true
	}
	below.Ordered = c.Ordered
	for _, pattern := range c.Ignore {
		switch {
		case len(pattern) == 0 || pattern[0] != "*" && pattern[0] != token:
		case len(pattern) == 1:
			return Comparison{}, false
		default:
			below.Ignore = append(below.Ignore, pattern[1:])
		}
	}
	return below, true
}

// canonicalizer holds the state of AppendCanonical for the objects around a value.
type canonicalizer struct {
	model  *Model
	values []patchlint.Node // stack: the value of each property of these objects, by its Index
	depth  int
	apart  bool   // the filter of a target goes into filter
	filter []byte // with the places of the target's text
}

var canonicalizers = sync.Pool{New: func() any { return new(canonicalizer) }}

const nothing = "-"

func isEmpty(n patchlint.Node) bool {
	return !n.Exists() || n.Kind() == patchlint.Null
}

func (w *canonicalizer) value(b []byte, n patchlint.Node, p *Property, c Comparison) []byte {
	switch {
	case !p.Collection && isEmpty(n) && p.Default != "":
		return appendText(b, p.Default)
	case !p.Collection && isEmpty(n):
		return append(b, nothing...)
	case !p.Collection:
		return w.single(b, n, p, c)
	case isEmpty(n):
		return append(b, "[]"...)
	case n.Kind() != patchlint.Array:
		return raw(b, n)
	}
	apart := w.apart
	w.apart = false
	var elements []string
	i := 0
	for element := range n.Children() {
		below, counts := c, true
		if len(c.Ignore) > 0 {
			below, counts = c.Below(strconv.Itoa(i))
		}
		if counts {
			from := len(b)
			b = w.single(b, element, p, below)
			elements = append(elements, string(b[from:]))
			b = b[:from]
		}
		i++
	}
	w.apart = apart
	if !c.Ordered {
		slices.Sort(elements)
	}
	b = append(b, '[')
	for _, element := range elements {
		b = append(append(b, element...), ',')
	}
	return append(b, ']')
}

func (w *canonicalizer) single(b []byte, n patchlint.Node, p *Property, c Comparison) []byte {
	t := p.Type
	switch {
	case t.Structured():
		if n.Kind() == patchlint.Object {
			return w.object(b, n, t, c)
		}
	case n.Kind() == patchlint.Number && t.Members == nil:
		if exact, ok := exactNumber(string(n.Raw())); ok {
			return append(append(b, '='), exact...)
		}
	case written(n, t.numeral):
		if exact, ok := exactNumber(strings.TrimPrefix(n.Text(), "+")); ok {
			return append(append(b, '='), exact...)
		}
	case n.Kind() == patchlint.String && t.Flags:
		return appendText(b, strings.Join(flags(n.Text()), ","))
	case n.Kind() == patchlint.String && p.anyCase:
		return appendText(b, cmp.Or(t.anyCaseMember(n.Text()), n.Text()))
	case n.Kind() == patchlint.String && t.Name == "Edm.DateTimeOffset":
		if c, err := parseDateTime(n.TextBytes()); err == nil {
			at := c.instant()
			b = strconv.AppendInt(append(append(append(b, '@'), c.era...), ' '), at.Unix(), 10)
			return strconv.AppendInt(append(b, '.'), int64(at.Nanosecond()), 10)
		}
	case t.Name == "Edm.TimeOfDay" && written(n, t.text.pattern):
		return append(append(b, '@'), sameTimeOfDay(n.Text())...)
	case t.Name == "Edm.Duration" && written(n, t.text.pattern):
		if length, ok := sameDuration(n.Text()); ok {
			return append(append(b, '@'), length...)
		}
	case t == edmBinary && n.Kind() == patchlint.String && (isBase64(n.TextBytes()) || written(n, t.text.pattern)):
		return append(append(b, '@'), unpadded(n.Text())...)
	case n.Kind() == patchlint.String && p.holdsID():
		start := len(b)
		b = raw(b, n)
		if id := b[start+1 : len(b)-1]; form.IsGUID(id) {
			for i := range id {
				id[i] |= 0x20 // the bit that makes a letter lower case; digits and hyphens have it
			}
		}
		return b
	}
	return raw(b, n)
}

// holdsID reports whether a string of the property that has the form of a GUID is a
// GUID, so that the case of its digits does not count (RFC 9562, 4). In a single
// property, it may be a text that somebody chose, unless the name of the property shows
// that it is an id. In a collection, such as includeGroups, strings of that form refer
// to objects.
func (p *Property) holdsID() bool {
	return p.Type.Name == "Edm.Guid" || p.Type.Name == "Edm.String" && (p.Collection || p.Name == "id" || strings.HasSuffix(p.Name, "Id"))
}

func (w *canonicalizer) object(b []byte, n patchlint.Node, declared *Type, c Comparison) []byte {
	t := declared
	if annotation := odata.TypeOf(n); annotation.Exists() {
		t = w.model.TypeOf(annotation)
		if t == nil && declared == anyObject {
			t = declared
			b = append(b, strings.TrimPrefix(annotation.Text(), "#")...)
		}
		if t == nil || !t.Is(declared) {
			return raw(b, n)
		}
	}
	from := len(w.values)
	w.values = append(w.values, make([]patchlint.Node, len(t.Properties))...)
	values := w.values[from:]
	for member := range n.Children() {
		if p := t.PropertyOf(member); p != nil {
			values[p.Index] = member // the last of several with the same name
		}
	}
	w.depth++
	b = append(append(b, t.Short()...), '{')
	for i, p := range t.Properties {
		value := values[i]
		if p.Computed && !t.Entity {
			continue
		}
		if isEmpty(value) && !p.Collection || p.Default != "" && value.Text() == p.Default {
			continue // equivalent to an absent property
		}
		below, counts := c.Below(p.Name)
		if !counts {
			continue
		}
		if p.Name == graph.FilterID {
			if _, _, filtered := graph.Filter(n); !filtered || graph.NoID(value) {
				continue
			}
		}
		if w.apart && w.depth == 2 && (p.Name == graph.FilterID || p.Name == graph.FilterType) {
			w.filter = append(strconv.AppendInt(w.filter, int64(len(b)), 10), p.Name...)
			w.filter = append(w.value(w.filter, value, p, below), ',')
			continue
		}
		b = append(append(b, p.Name...), ':')
		b = append(w.value(b, value, p, below), ',')
	}
	if t.Open {
		b = w.dynamic(b, n, t, c)
	}
	w.depth--
	clear(w.values[from:])
	w.values = w.values[:from]
	return append(b, '}')
}

// dynamic appends the members of an object of an open type that the type does not
// declare.
func (w *canonicalizer) dynamic(b []byte, n patchlint.Node, t *Type, c Comparison) []byte {
	for _, member := range byName(n) {
		if p := w.model.AnyPropertyOf(t, member); p.Dynamic() && !isEmpty(member) {
			if below, counts := c.Below(p.Name); counts {
				b = append(w.value(append(appendText(b, p.Name), ':'), member, p, below), ',')
			}
		}
	}
	return b
}

// byName returns the members of an object, sorted by name.
func byName(object patchlint.Node) []patchlint.Node {
	return slices.SortedStableFunc(object.Children(), func(a, b patchlint.Node) int {
		return bytes.Compare(a.NameBytes(), b.NameBytes())
	})
}

// raw appends a value that the model does not explain: its JSON with sorted
// names and exact numbers.
func raw(b []byte, n patchlint.Node) []byte {
	switch n.Kind() {
	case patchlint.Number:
		if exact, ok := exactNumber(string(n.Raw())); ok {
			return append(append(b, '='), exact...)
		}
		return append(b, n.Raw()...)
	case patchlint.String:
		if text := n.Raw(); bytes.IndexByte(text, '\\') < 0 && utf8.Valid(text) {
			return append(b, text...)
		}
		return appendText(b, n.Text())
	case patchlint.Array:
		b = append(b, '[')
		for element := range n.Children() {
			b = append(raw(b, element), ',')
		}
		return append(b, ']')
	case patchlint.Object:
		b = append(b, '{')
		for _, member := range byName(n) {
			b = append(raw(append(appendText(b, member.Name()), ':'), member), ',')
		}
		return append(b, '}')
	}
	return append(b, n.Raw()...)
}

// appendText appends a text in quotes, with a backslash before quotes and backslashes,
// so that different texts stay different.
func appendText(b []byte, text string) []byte {
	b = append(b, '"')
	for i := range len(text) {
		if text[i] == '"' || text[i] == '\\' {
			b = append(b, '\\')
		}
		b = append(b, text[i])
	}
	return append(b, '"')
}

// exactNumber writes a JSON number as its digits without trailing zeros and a decimal
// exponent, so that all spellings of a number give the same text. It never expands an
// exponent, and returns false if that has more than 18 digits.
func exactNumber(text string) (string, bool) {
	mantissa, exponent := text, int64(0)
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		var err error
		mantissa = text[:i]
		if exponent, err = strconv.ParseInt(text[i+1:], 10, 60); err != nil {
			return "", false
		}
	}
	sign := ""
	if strings.HasPrefix(mantissa, "-") {
		sign, mantissa = "-", mantissa[1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	trimmed := strings.TrimRight(digits, "0")
	if trimmed == "" {
		return "0", true
	}
	exponent += int64(len(digits) - len(trimmed) - len(fraction))
	return sign + trimmed + "e" + strconv.FormatInt(exponent, 10), true
}
