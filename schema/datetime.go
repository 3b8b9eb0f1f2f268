package schema

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
)

// dateTimePattern is dateTimeOffsetValue of the OData ABNF, in the common
// subset of RE2 and ECMA-262: seconds may be missing, may be 60, and have up
// to 12 decimals; the offset may not be missing; T and Z are of either case.
const dateTimePattern = `^-?(?:0[0-9]{3}|[1-9][0-9]{3,})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9](?::(?:[0-5][0-9]|60)(?:\.[0-9]{1,12})?)?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$`

// Expressions are compiled when a payload first needs them, not when the
// package is loaded.
var dateTimeText = lazy.Regexp(`^(-?)([0-9]{4,})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,12}))?)?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))$`)

// Instant is the point in time of an Edm.DateTimeOffset, exact to 12 decimals.
type Instant struct {
	ticks *big.Int // picoseconds since the start of year 0
}

// Ticks returns the instant in units of 100 ns, rounded half up: the precision
// the service keeps. Two instants with equal ticks are the same to it.
func (i Instant) Ticks() string {
	unit := big.NewInt(100_000)
	half := new(big.Int).Add(i.ticks, big.NewInt(50_000))
	return new(big.Int).Div(half, unit).String() // Div rounds towards minus infinity
}

// ParseInstant reads an Edm.DateTimeOffset by OData's own grammar, which is not
// that of RFC 3339: see dateTimePattern. The date must exist.
func ParseInstant(text string) (Instant, error) {
	f := dateTimeText().FindStringSubmatch(text)
	if f == nil {
		return Instant{}, fmt.Errorf("not a date and time with offset")
	}
	year, _ := new(big.Int).SetString(f[2], 10)
	if f[1] != "" {
		year.Neg(year)
	}
	number := func(text string) int { n, _ := strconv.Atoi(text); return n }
	month, day, hour, minute, second := number(f[3]), number(f[4]), number(f[5]), number(f[6]), number(f[7])
	switch {
	case len(f[2]) > 4 && f[2][0] == '0':
		return Instant{}, fmt.Errorf("a year of more than four digits has no leading zero")
	case month < 1 || month > 12:
		return Instant{}, fmt.Errorf("month %s does not exist", f[3])
	case hour > 23:
		return Instant{}, fmt.Errorf("hours go from 00 to 23")
	case minute > 59:
		return Instant{}, fmt.Errorf("minutes go from 00 to 59")
	case second > 60:
		return Instant{}, fmt.Errorf("seconds go from 00 to 60")
	case number(f[10]) > 23 || number(f[11]) > 59:
		return Instant{}, fmt.Errorf("the offset goes from -23:59 to +23:59")
	}
	// The Gregorian calendar repeats every 400 years: what time.Date says of a
	// year holds for the same year of any cycle.
	const cycle = 400
	cycles, rest := new(big.Int).DivMod(year, big.NewInt(cycle), new(big.Int))
	inCycle := int(rest.Int64())
	date := time.Date(inCycle, time.Month(month), day, hour, minute, second, 0, time.UTC)
	if day < 1 || time.Date(inCycle, time.Month(month), day, 0, 0, 0, 0, time.UTC).Day() != day {
		return Instant{}, fmt.Errorf("%s has no day %s", time.Month(month), f[4])
	}
	start := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	seconds := big.NewInt(date.Unix() - start.Unix())
	const cycleDays = 146_097
	seconds.Add(seconds, new(big.Int).Mul(cycles, big.NewInt(cycleDays*24*60*60)))
	offset := int64(number(f[10])*3600 + number(f[11])*60)
	if f[9] == "-" {
		offset = -offset
	}
	seconds.Sub(seconds, big.NewInt(offset))
	pico, _ := strconv.ParseInt((f[8] + "000000000000")[:12], 10, 64)
	ticks := seconds.Mul(seconds, big.NewInt(1_000_000_000_000))
	return Instant{ticks.Add(ticks, big.NewInt(pico))}, nil
}

var (
	milliseconds = lazy.Regexp(`^/Date\((-?[0-9]{1,15})(?:[+-][0-9]{4})?\)/$`)
	noOffset     = lazy.Regexp(`^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$`)
	dateOnly     = lazy.Regexp(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
)

func (w *walker) dateTime(n patchlint.Node) bool {
	if text, plain := n.PlainText(); plain && IsPlainDateTime(text) {
		return true
	}
	text := n.Text()
	_, err := ParseInstant(text)
	if err == nil {
		return true
	}
	v := Violation{Kind: DateTime, Node: n, Span: n.Span()}
	quoted := inert.Quote(text)
	const want = `such as "2026-01-31T08:00:00Z"`
	suggest := func(text string, certain bool) {
		if _, err := ParseInstant(text); err == nil {
			v.Suggestion, v.Certain = quoteJSON(text), certain
		}
	}
	switch {
	case text == "":
		v.Message = "the value is empty; expected a date-time, or leave the property out"
	case milliseconds().MatchString(text):
		ms, _ := strconv.ParseInt(milliseconds().FindStringSubmatch(text)[1], 10, 64)
		suggest(time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z07:00"), true)
		v.Message = fmt.Sprintf("%s is how old .NET serializers write a date; OData wants one %s", quoted, want)
	case dateTimeText().MatchString(text):
		v.Message = fmt.Sprintf("%s is not a date that exists: %v", quoted, err)
	case noOffset().MatchString(text):
		suggest(strings.Replace(text, " ", "T", 1)+"Z", false)
		v.Message = fmt.Sprintf("%s has no offset, so it names no instant; end it with Z for UTC, or with one such as +01:00", quoted)
	case dateOnly().MatchString(text):
		suggest(text+"T00:00:00Z", false)
		v.Message = fmt.Sprintf("%s is a date without a time; OData wants both and the offset, %s", quoted, want)
	default:
		suggest(strings.TrimSpace(strings.Replace(text, ",", ".", 1)), true)
		v.Message = fmt.Sprintf("%s is not a date-time as OData writes it, %s", quoted, want)
	}
	return w.refuse(v)
}

// IsPlainDateTime reports whether text is a date and time as nearly everyone
// writes it: YYYY-MM-DDThh:mm:ss, up to 7 decimals, and Z or an offset, of a day
// that exists. Of such a text there is nothing to say; of any other, ParseInstant
// tells whether it is one.
func IsPlainDateTime(text []byte) bool {
	const form = "0000-00-00T00:00:00"
	if len(text) <= len(form) {
		return false
	}
	for i := range len(form) {
		if c := text[i]; form[i] == '0' && (c < '0' || c > '9') || form[i] != '0' && c != form[i] {
			return false
		}
	}
	two := func(i int) int { return int(text[i]-'0')*10 + int(text[i+1]-'0') }
	year, month, day := two(0)*100+two(2), two(5), two(8)
	if year < 1 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || two(11) > 23 || two(14) > 59 || two(17) > 59 {
		return false
	}
	rest := text[len(form):]
	if rest[0] == '.' {
		decimals := 1
		for decimals < len(rest) && '0' <= rest[decimals] && rest[decimals] <= '9' {
			decimals++
		}
		if decimals < 2 || decimals > 8 {
			return false
		}
		rest = rest[decimals:]
	}
	if len(rest) == 1 {
		return rest[0] == 'Z'
	}
	if len(rest) != 6 || rest[0] != '+' && rest[0] != '-' || rest[3] != ':' {
		return false
	}
	for _, i := range []int{1, 2, 4, 5} {
		if rest[i] < '0' || rest[i] > '9' {
			return false
		}
	}
	hours, minutes := int(rest[1]-'0')*10+int(rest[2]-'0'), int(rest[4]-'0')*10+int(rest[5]-'0')
	return hours < 14 && minutes < 60 // .NET takes offsets of up to 14 hours
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}
