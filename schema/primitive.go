package schema

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
)

// lexical is the form of the values of a primitive type as JSON strings (OData JSON
// Format, 7.1; OData ABNF, primitiveValue).
type lexical struct {
	rule    string           // the rule that reports a malformed string; see form for the types without one
	what    string           // describes the form in messages
	pattern *lazy.Expression // in the common subset of RE2 and ECMA-262
}

// The Edm types with special treatment in the walk.
var (
	edmString         = &Type{Name: "Edm.String", short: "String"}
	edmBoolean        = &Type{Name: "Edm.Boolean", short: "Boolean"}
	edmStream         = &Type{Name: "Edm.Stream", short: "Stream"}
	untyped           = &Type{Name: "Edm.Untyped", short: "Untyped"} // any JSON value
	edmGuid           = &Type{Name: "Edm.Guid", short: "Guid", text: &lexical{what: "a GUID in a string", pattern: lazy.Regexp(guidPattern)}}
	edmDateTimeOffset = &Type{Name: "Edm.DateTimeOffset", short: "DateTimeOffset", text: &lexical{
		what: `a date and time in a string, such as "2026-01-31T08:00:00Z"`, pattern: lazy.Regexp(dateTimePattern),
	}}
	// Base64 and base64url (RFC 4648, 4 and 5), with or without padding.
	edmBinary = &Type{Name: "Edm.Binary", short: "Binary", text: &lexical{wrongType, "base64 in a string",
		lazy.Regexp(`^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2}(?:==)?|[A-Za-z0-9+/_-]{3}=?)?$`)}}
)

// primitives lists the Edm types that values are checked against. A pattern checks the
// form of strings, but not that a date exists. Large numbers may be strings, because some
// parsers round them, and so may values without a JSON number, such as "INF" (OData JSON
// Format, 3.2 and 7.1). OData CSDL XML, 3.3, defines the ranges of integers,
// and IEEE 754 those of floating-point types.
var primitives = []*Type{
	edmString, edmBoolean, edmStream, untyped, edmGuid, edmDateTimeOffset,
	{Name: "Edm.Date", short: "Date", text: &lexical{dateTime, `a date in a string, such as "2026-01-31"`,
		lazy.Regexp(`^-?(?:0[0-9]{3}|[1-9][0-9]{3,})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$`)}},
	{Name: "Edm.TimeOfDay", short: "TimeOfDay", text: &lexical{dateTime, `a time of day in a string, such as "08:00:00"`,
		lazy.Regexp(`^(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,12})?)?$`)}},
	// Days to seconds. Years and months are not allowed, because their length varies.
	{Name: "Edm.Duration", short: "Duration", text: &lexical{dateTime, `a duration of days, hours, minutes and seconds in a string, such as "P30D" or "PT1H30M"`,
		lazy.Regexp(`^[+-]?P(?:[0-9]+D(?:` + durationTime + `)?|` + durationTime + `)$`)}},
	edmBinary,
	{Name: "Edm.Byte", short: "Byte", limits: &[2]int64{0, 1<<8 - 1}},
	{Name: "Edm.SByte", short: "SByte", limits: &[2]int64{-1 << 7, 1<<7 - 1}},
	{Name: "Edm.Int16", short: "Int16", limits: &[2]int64{-1 << 15, 1<<15 - 1}},
	{Name: "Edm.Int32", short: "Int32", limits: &[2]int64{-1 << 31, 1<<31 - 1}},
	{Name: "Edm.Int64", short: "Int64", limits: &[2]int64{-1 << 63, 1<<63 - 1}, numeral: lazy.Regexp(`^[+-]?[0-9]{1,19}$`)},
	{Name: "Edm.Decimal", short: "Decimal", numeral: lazy.Regexp(`^(?:[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|-?INF|NaN)$`)},
	{Name: "Edm.Double", short: "Double", largest: "1.7976931348623158e308", numeral: lazy.Regexp(notNumber)},
	{Name: "Edm.Single", short: "Single", largest: "3.4028235e38", numeral: lazy.Regexp(notNumber)},
}

const (
	durationTime = `T(?:[0-9]+H(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?|[0-9]+M(?:[0-9]+(?:\.[0-9]+)?S)?|[0-9]+(?:\.[0-9]+)?S)`
	notNumber    = `^(?:-?INF|NaN)$`
)

// primitive returns the Edm type with the given name, or nil.
func primitive(name string) *Type {
	if i := slices.IndexFunc(primitives, func(t *Type) bool { return t.Name == name }); i >= 0 {
		return primitives[i]
	}
	return nil
}

// written reports whether a value is a string that matches a pattern.
func written(n patchlint.Node, pattern *lazy.Expression) bool {
	return pattern != nil && n.Kind() == patchlint.String && pattern.Get().Match(n.TextBytes())
}

// form checks a value of a type with a lexical form.
func (w *walker) form(n patchlint.Node, p *Property) bool {
	l := p.Type.text
	switch {
	case n.Kind() != patchlint.String:
		return w.wrongType(n, p, l.what, "", false)
	case p.Type == edmGuid:
		return w.guid(n, p)
	case p.Type == edmDateTimeOffset:
		return w.dateTime(n, p)
	case p.Type == edmBinary && isBase64(n.TextBytes()):
		return true
	case !written(n, l.pattern):
		return w.malformed(n, p, "")
	case p.Type == edmBinary && !form.Placeholder(n.TextBytes()): // see placeholder-value
		return w.base64(n, p)
	case p.Type.Name == "Edm.Date":
		if _, err := parseDateTime(n.Text() + atMidnight); err != nil {
			return w.malformed(n, p, "; "+err.Error())
		}
	}
	return true
}

// isBase64 reports whether a text is base64 with padding (RFC 4648, 4).
func isBase64(text []byte) bool {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	padding := bytes.TrimLeft(text, alphabet)
	return len(text)%4 == 0 && (len(padding) == 0 || string(padding) == "=" || string(padding) == "==")
}

// unpadded returns a text in base64 or base64url as base64 without padding.
func unpadded(text string) string { return strings.TrimRight(toBase64.Replace(text), "=") }

var toBase64 = strings.NewReplacer("-", "+", "_", "/")

// base64 warns of other forms. OData requires base64url (OData JSON Format, 7.1), but the
// service has refused it (github.com/microsoftgraph/msgraph-sdk-powershell/issues/2056), and
// base64 without padding (github.com/Azure/azure-cli/issues/23968).
func (w *walker) base64(n patchlint.Node, p *Property) bool {
	text := unpadded(n.Text())
	v := wrong(n, wrongType, "%s is base64 in a form that the service may refuse; write it with \"+\" and \"/\", and padded with \"=\"", nameOf(n, p))
	v.Suggestion, v.allowed = fixes.Quote(text+"=="[:-len(text)&3]), true // uncertain, because a name may look like base64
	w.refuse(v)
	return true
}

// atMidnight, after a date, gives the instant at which the date starts.
const atMidnight = "T00:00Z"

func (w *walker) malformed(n patchlint.Node, p *Property, why string) bool {
	l := p.Type.text
	v := wrong(n, l.rule, "%s takes %s, not %s%s", nameOf(n, p), l.what, inert.Quote(n.Text()), why)
	if form.Placeholder(n.Text()) {
		v.Message = unfilled(n, p, l.what)
	}
	text, certain := strings.TrimSpace(n.Text()), true
	valid := l.pattern.Get().MatchString(text)
	if p.Type.Name == "Edm.Date" {
		if _, err := parseDateTime(text); err == nil {
			text, certain = text[:strings.IndexAny(text, "Tt")], false
		}
		_, err := parseDateTime(text + atMidnight)
		valid = err == nil
	}
	if valid {
		v.Suggestion, v.certain = fixes.Quote(text), certain
	}
	return w.refuse(v)
}

// unfilled returns the message about a placeholder. what describes the value that the
// property takes.
func unfilled(n patchlint.Node, p *Property, what string) string {
	return inert.Quote(n.Text()) + " is a placeholder that was not filled in; " + nameOf(n, p) + " takes " + what
}

func (w *walker) number(n patchlint.Node, p *Property) bool {
	t, text := p.Type, ""
	switch n.Kind() {
	case patchlint.Number:
		if t.holds(n.Raw()) {
			return true
		}
		text = string(n.Raw())
	case patchlint.String:
		if written(n, t.numeral) && t.holds(n.TextBytes()) {
			return true
		}
		text = strings.TrimSpace(n.Text())
	}
	if whole, fraction, _ := strings.Cut(text, "."); t.limits != nil && fraction != "" && strings.Trim(fraction, "0") == "" {
		text = whole
	}
	suggestion, numeric := "", number.Get().MatchString(text)
	if numeric && t.holds([]byte(text)) {
		suggestion = text
	}
	what := "a number"
	switch {
	case t.limits != nil && (n.Kind() == patchlint.Number || suggestion == ""):
		what = "a whole number from " + strconv.FormatInt(t.limits[0], 10) + " to " + strconv.FormatInt(t.limits[1], 10)
	case t.largest != "" && numeric && suggestion == "":
		what = fmt.Sprintf("a number from -%s to %[1]s", t.largest)
	}
	return w.wrongType(n, p, what, suggestion, suggestion != "")
}

// holds reports whether a number is in the range of a numeric type. "INF" and "NaN" are
// floating-point numbers.
func (t *Type) holds(text []byte) bool {
	switch {
	case t.limits != nil:
		v, err := strconv.ParseInt(string(text), 10, 64)
		return err == nil && v >= t.limits[0] && v <= t.limits[1]
	case t.largest != "":
		most, _ := t.largest.Float64()
		v, err := strconv.ParseFloat(string(text), 64)
		if math.Abs(v) == most { // perhaps after rounding
			return digits(string(text)) <= digits(t.largest.String())
		}
		return err == nil && (math.IsInf(v, 0) || !(math.Abs(v) > most))
	}
	return true
}

// digits returns the significant digits of a number. As texts, they have the same order as the
// absolute values of numbers of one magnitude.
func digits(text string) string {
	exact, _ := exactNumber(text)
	significant, _, _ := strings.Cut(strings.TrimPrefix(exact, "-"), "e")
	return significant
}

// number matches a JSON number (RFC 8259, 6).
var number = lazy.Regexp(`^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$`)

// nameOf returns the name of a property, or of an element of it, for a message.
func nameOf(n patchlint.Node, p *Property) string {
	if n.Key().Len() > 0 {
		return inert.Quote(p.Name)
	}
	return "an element of " + inert.Quote(p.Name)
}
