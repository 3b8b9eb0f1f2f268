package schema

import (
	"bytes"
	"errors"
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

// ticks reads an Edm.DateTimeOffset by OData's own grammar, which is not that of
// RFC 3339: see dateTimePattern. The date must exist. The result is the point in time
// in units of 100 ns, rounded half up: the precision that the service keeps.
func ticks(text string) (*big.Int, error) {
	f := dateTimeText.Get().FindStringSubmatch(text)
	if f == nil {
		return nil, errors.New("not a date and time with offset")
	}
	year, _ := new(big.Int).SetString(f[2], 10)
	if f[1] != "" {
		year.Neg(year)
	}
	number := func(text string) int { n, _ := strconv.Atoi(text); return n }
	month, day, hour, minute, second := number(f[3]), number(f[4]), number(f[5]), number(f[6]), number(f[7])
	switch {
	case len(f[2]) > 4 && f[2][0] == '0':
		return nil, errors.New("a year of more than four digits has no leading zero")
	case month < 1 || month > 12:
		return nil, fmt.Errorf("month %s does not exist", f[3])
	case hour > 23:
		return nil, errors.New("hours go from 00 to 23")
	case minute > 59:
		return nil, errors.New("minutes go from 00 to 59")
	case second > 60:
		return nil, errors.New("seconds go from 00 to 60")
	case number(f[10]) > 23 || number(f[11]) > 59:
		return nil, errors.New("the offset goes from -23:59 to +23:59")
	}
	offset := number(f[10])*3600 + number(f[11])*60
	if f[9] == "-" {
		offset = -offset
	}
	// The Gregorian calendar repeats every 400 years: what time.Date says of a
	// year holds for the same year of any cycle.
	const cycle, cycleDays = 400, 146_097
	cycles, rest := new(big.Int).DivMod(year, big.NewInt(cycle), new(big.Int))
	inCycle := int(rest.Int64())
	if !exists(inCycle, month, day) {
		return nil, fmt.Errorf("%s has no day %s", time.Month(month), f[4])
	}
	start := time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC)
	date := time.Date(inCycle, time.Month(month), day, hour, minute, second-offset, 0, time.UTC)
	seconds := big.NewInt(date.Unix() - start.Unix())
	seconds.Add(seconds, cycles.Mul(cycles, big.NewInt(cycleDays*24*60*60)))
	const perTick = 100_000 // picoseconds, which 12 decimals can tell
	pico, _ := strconv.ParseInt((f[8] + "000000000000")[:12], 10, 64)
	whole := seconds.Mul(seconds, big.NewInt(10_000_000))
	return whole.Add(whole, big.NewInt((pico+perTick/2)/perTick)), nil
}

// exists reports whether a year has a day.
func exists(year, month, day int) bool {
	last := 31
	switch month {
	case 4, 6, 9, 11:
		last = 30
	case 2:
		if last = 28; year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			last = 29
		}
	}
	return 1 <= month && month <= 12 && 1 <= day && day <= last
}

var (
	milliseconds = lazy.Regexp(`^/Date\((-?[0-9]{1,15})(?:[+-][0-9]{4})?\)/$`)
	noOffset     = lazy.Regexp(`^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$`)
	dateOnly     = lazy.Regexp(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
)

func (w *walker) dateTime(n patchlint.Node) bool {
	if IsPlainDateTime(textOf(n)) {
		return true
	}
	text := n.Text()
	_, err := ticks(text)
	if err == nil {
		return true
	}
	v := Violation{Rule: dateTime, Node: n, Span: n.Span()}
	quoted := inert.Quote(text)
	const want = `such as "2026-01-31T08:00:00Z"`
	suggest := func(text string, certain bool) {
		if _, err := ticks(text); err == nil {
			v.Suggestion, v.Certain = quoteJSON(text), certain
		}
	}
	switch {
	case text == "":
		v.Message = "the value is empty; expected a date-time, or leave the property out"
	case milliseconds.Get().MatchString(text):
		ms, _ := strconv.ParseInt(milliseconds.Get().FindStringSubmatch(text)[1], 10, 64)
		suggest(time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z07:00"), true)
		v.Message = fmt.Sprintf("%s is how old .NET serializers write a date; OData wants one %s", quoted, want)
	case dateTimeText.Get().MatchString(text):
		v.Message = fmt.Sprintf("%s is not a date that exists: %v", quoted, err)
	case noOffset.Get().MatchString(text):
		suggest(strings.Replace(text, " ", "T", 1)+"Z", false)
		v.Message = fmt.Sprintf("%s has no offset, so it names no instant; end it with Z for UTC, or with one such as +01:00", quoted)
	case dateOnly.Get().MatchString(text):
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
// that exists. Of such a text there is nothing to say.
func IsPlainDateTime(text []byte) bool {
	const form, offset = "0000-00-00T00:00:00", "00:00"
	if len(text) < len(form) || !shaped(text[:len(form)], form) {
		return false
	}
	two := func(text []byte) int { return int(text[0]-'0')*10 + int(text[1]-'0') }
	year := two(text)*100 + two(text[2:])
	if year < 1 || !exists(year, two(text[5:]), two(text[8:])) || two(text[11:]) > 23 || two(text[14:]) > 59 || two(text[17:]) > 59 {
		return false
	}
	rest := text[len(form):]
	if fraction, ok := bytes.CutPrefix(rest, []byte(".")); ok {
		rest = bytes.TrimLeft(fraction, "0123456789")
		if decimals := len(fraction) - len(rest); decimals < 1 || decimals > 7 {
			return false
		}
	}
	if string(rest) == "Z" {
		return true
	}
	return len(rest) > 0 && (rest[0] == '+' || rest[0] == '-') && shaped(rest[1:], offset) &&
		two(rest[1:]) < 14 && two(rest[4:]) < 60 // .NET takes offsets of up to 14 hours
}

// shaped reports whether a text has the form of another, whose zeros stand for digits.
func shaped(text []byte, form string) bool {
	if len(text) != len(form) {
		return false
	}
	for i, c := range text {
		if c != form[i] && (form[i] != '0' || c < '0' || c > '9') {
			return false
		}
	}
	return true
}
