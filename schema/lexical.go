package schema

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
)

// lexical is how the values of a primitive type are written as JSON strings (OData
// JSON Format, 7.1; OData ABNF, primitiveValue).
type lexical struct {
	rule    string // that presents a string that is not written so
	what    string // that a message asks for
	pattern string // in the common subset of RE2 and ECMA-262
	match   func() *regexp.Regexp
}

func newLexical(rule, what, pattern string) lexical {
	return lexical{rule, what, pattern, lazy.Regexp(pattern)}
}

// lexicals are the types whose values are strings of a form that a pattern can
// tell. That a date exists it cannot. The walk explains a GUID and a date with its time
// in more detail.
var lexicals = map[string]lexical{
	"Edm.DateTimeOffset": {pattern: dateTimePattern},
	"Edm.Guid":           {pattern: guidPattern},
	"Edm.Date": newLexical(dateTime, `a date in a string, such as "2026-01-31"`,
		`^-?(?:0[0-9]{3}|[1-9][0-9]{3,})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$`),
	"Edm.TimeOfDay": newLexical(dateTime, `a time of day in a string, such as "08:00:00"`,
		`^(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,12})?)?$`),
	// Days to seconds; years and months, which have no length, are not among them.
	"Edm.Duration": newLexical(dateTime, `a duration of days, hours, minutes and seconds in a string, such as "P30D" or "PT1H30M"`,
		`^[+-]?P(?:[0-9]+D(?:`+durationTime+`)?|`+durationTime+`)$`),
	// base64url by OData; the service and its documentation write base64 as well (RFC
	// 4648, 4 and 5).
	"Edm.Binary": newLexical(wrongType, "base64 in a string",
		`^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2}(?:==)?|[A-Za-z0-9+/_-]{3}=?)?$`),
}

const durationTime = `T(?:[0-9]+H(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?|[0-9]+M(?:[0-9]+(?:\.[0-9]+)?S)?|[0-9]+(?:\.[0-9]+)?S)`

// numerals are the numeric types that a string may stand for: large ones, for
// readers that know no exact numbers, and what JSON has no numbers for (OData JSON
// Format, 3.2 and 7.1).
var numerals = map[string]lexical{
	"Edm.Int64":   newLexical(wrongType, "", `^[+-]?[0-9]{1,19}$`),
	"Edm.Decimal": newLexical(wrongType, "", `^(?:[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|-?INF|NaN)$`),
	"Edm.Double":  newLexical(wrongType, "", `^(?:-?INF|NaN)$`),
	"Edm.Single":  newLexical(wrongType, "", `^(?:-?INF|NaN)$`),
}

// written reports whether a string has the form.
func (l lexical) written(n patchlint.Node) bool {
	return n.Kind() == patchlint.String && l.match().Match(textOf(n))
}

// form checks a value that is a string of a form.
func (w *walker) form(n patchlint.Node, p *Property, l lexical) bool {
	switch {
	case n.Kind() != patchlint.String:
		return w.wrongType(n, p, l.what, "", false)
	case !l.written(n):
		return w.malformed(n, p, l, "")
	case p.Type.Name == "Edm.Date" && !dayExists(n.Text()):
		return w.malformed(n, p, l, "; that date does not exist")
	}
	return true
}

func (w *walker) malformed(n patchlint.Node, p *Property, l lexical, why string) bool {
	v := Violation{Rule: l.rule, Node: n, Span: n.Span(), Message: nameOf(n, p) + " takes " + l.what + ", not " + inert.Quote(n.Text()) + why}
	if text := strings.TrimSpace(n.Text()); l.match().MatchString(text) && (p.Type.Name != "Edm.Date" || dayExists(text)) {
		v.Suggestion, v.Certain = quoteJSON(text), true
	}
	return w.refuse(v)
}

// dayExists reports whether the day of a text that has the form of a date exists. The
// calendar repeats every 400 years, so four digits tell all of a year.
func dayExists(date string) bool {
	end := len(date)
	number := func(text string) int { n, _ := strconv.Atoi(text); return n }
	return exists(number(date[end-10:end-6]), number(date[end-5:end-3]), number(date[end-2:]))
}

// limits are the least and the greatest value of the integer types (OData CSDL
// XML, 3.3).
var limits = map[string][2]int64{
	"Edm.Byte":  {0, 1<<8 - 1},
	"Edm.SByte": {-1 << 7, 1<<7 - 1},
	"Edm.Int16": {-1 << 15, 1<<15 - 1},
	"Edm.Int32": {-1 << 31, 1<<31 - 1},
	"Edm.Int64": {-1 << 63, 1<<63 - 1},
}

func (w *walker) number(n patchlint.Node, p *Property) bool {
	bounds, integer := limits[p.Type.Name]
	within := func(text []byte) bool {
		v, err := strconv.ParseInt(string(text), 10, 64)
		return err == nil && v >= bounds[0] && v <= bounds[1]
	}
	suggestion := ""
	switch n.Kind() {
	case patchlint.Number:
		if !integer || within(n.Raw()) {
			return true
		}
	case patchlint.String:
		if l, ok := numerals[p.Type.Name]; ok && l.written(n) && (!integer || within([]byte(n.Text()))) {
			return true
		}
		text := strings.TrimSpace(n.Text())
		if number().MatchString(text) && (!integer || within([]byte(text))) {
			suggestion = text
		}
	}
	what := "a number"
	if integer && (n.Kind() == patchlint.Number || suggestion == "") {
		what = "a whole number from " + strconv.FormatInt(bounds[0], 10) + " to " + strconv.FormatInt(bounds[1], 10)
	}
	return w.wrongType(n, p, what, suggestion, suggestion != "")
}

// number matches a JSON number (RFC 8259, 6).
var number = lazy.Regexp(`^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$`)

// stream refuses a stream, which is sent to a URL of its own (OData Protocol,
// 11.4.9.5).
func (w *walker) stream(n patchlint.Node, p *Property) bool {
	return w.refuseValue(n, wrongType, "%s is a stream, which is sent to a URL of its own and not in a body; leave it out", nameOf(n, p))
}

// nameOf names a property, or an element of it.
func nameOf(n patchlint.Node, p *Property) string {
	if n.IsMember() {
		return inert.Quote(p.Name)
	}
	return "an element of " + inert.Quote(p.Name)
}
