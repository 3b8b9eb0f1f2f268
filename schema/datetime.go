package schema

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
)

// dateTimePattern matches dateTimeOffsetValue of the OData ABNF, in the common subset
// of RE2 and ECMA-262: seconds are optional, may be 60 and have up to 12 decimals; the
// offset is required; T and Z may be in lower case.
const dateTimePattern = `^-?(?:0[0-9]{3}|[1-9][0-9]{3,})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9](?::(?:[0-5][0-9]|60)(?:\.[0-9]{1,12})?)?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$`

var errNotDateTime = errors.New("not a date and time with offset")

// dateTimeFields are the fields of an Edm.DateTimeOffset as written.
type dateTimeFields struct {
	year, month, day, hour, minute, second int64
	pico                                   int64 // picoseconds, the unit of 12 decimals
	offsetHours, offsetMinutes             int64

	yearDigits     int
	zero           bool // the year starts with 0
	negative, east bool // the year has a minus, the offset a plus
}

// dateTimeFieldsOf parses a text in the grammar of dateTimePattern, except for the ranges
// of numbers.
func dateTimeFieldsOf[T string | []byte](text T) (f dateTimeFields, ok bool) {
	at, ok := 0, true
	sees := func(chars string) bool {
		if at == len(text) || strings.IndexByte(chars, text[at]) < 0 {
			return false
		}
		at++
		return true
	}
	want := func(chars string) { ok = sees(chars) && ok }
	digits := func(least, most int) (number int64) {
		from := at
		for at < len(text) && at < from+most && '0' <= text[at] && text[at] <= '9' {
			number = 10*number + int64(text[at]-'0')
			at++
		}
		ok = ok && at >= from+least
		return number
	}
	f.negative = sees("-")
	start := at
	f.year = digits(4, len(text))
	f.zero, f.yearDigits = at > start && text[start] == '0', at-start
	want("-")
	f.month = digits(2, 2)
	want("-")
	f.day = digits(2, 2)
	want("Tt")
	f.hour = digits(2, 2)
	want(":")
	f.minute = digits(2, 2)
	if sees(":") {
		f.second = digits(2, 2)
		if sees(".") {
			start := at
			f.pico = digits(1, 12)
			for range 12 - (at - start) {
				f.pico *= 10
			}
		}
	}
	if f.east = sees("+"); f.east || sees("-") {
		f.offsetHours = digits(2, 2)
		want(":")
		f.offsetMinutes = digits(2, 2)
	} else {
		want("Zz")
	}
	return f, ok && at == len(text)
}

// instant parses an Edm.DateTimeOffset in the grammar of OData, which differs from RFC
// 3339: see dateTimePattern. The date must exist. The result is rounded half up to 100
// ns, the precision of the service. The error is errNotDateTime unless the text has the
// form of a date and time.
func instant[T string | []byte](text T) (time.Time, error) {
	f, ok := dateTimeFieldsOf(text)
	fail := func(format string, args ...any) (time.Time, error) { return time.Time{}, fmt.Errorf(format, args...) }
	switch {
	case !ok:
		return time.Time{}, errNotDateTime
	case f.yearDigits > 4 && f.zero:
		return fail("a year of more than four digits has no leading zero")
	case f.yearDigits > 9: // out of the range of time.Time
		return fail("a year has at most nine digits")
	case f.month < 1 || f.month > 12:
		return fail("month %02d does not exist", f.month)
	case f.hour > 23:
		return fail("hours go from 00 to 23")
	case f.minute > 59:
		return fail("minutes go from 00 to 59")
	case f.second > 60:
		return fail("seconds go from 00 to 60")
	case f.offsetHours > 23 || f.offsetMinutes > 59:
		return fail("the offset goes from -23:59 to +23:59")
	}
	if f.negative {
		f.year = -f.year
	}
	if !isDay(f.year, f.month, f.day) {
		return fail("%s has no day %02d", time.Month(f.month), f.day)
	}
	offset := time.Duration(f.offsetHours)*time.Hour + time.Duration(f.offsetMinutes)*time.Minute
	if f.east {
		offset = -offset
	}
	const perTick = 100_000 // picoseconds
	offset += time.Duration((f.pico+perTick/2)/perTick) * 100
	return time.Date(int(f.year), time.Month(f.month), int(f.day), int(f.hour), int(f.minute), int(f.second), 0, time.UTC).Add(offset), nil
}

// isDay reports whether a month has a day.
func isDay(year, month, day int64) bool {
	return time.Date(int(year), time.Month(month), int(day), 0, 0, 0, 0, time.UTC).Day() == int(day)
}

// sameTimeOfDay returns a canonical text of an Edm.TimeOfDay, whose seconds and trailing
// zeros of the fraction are optional.
func sameTimeOfDay(text string) string {
	whole, fraction, _ := strings.Cut(text, ".")
	if len(whole) == len("08:00") {
		whole += ":00"
	}
	return whole + "." + strings.TrimRight(fraction, "0")
}

var durationParts = lazy.Regexp(`^([+-]?)P(?:([0-9]{1,9})D)?(?:T(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})(?:\.([0-9]+))?S)?)?$`)

// sameDuration returns a canonical text of an Edm.Duration, its length in seconds. It
// returns false if a number has more than nine digits.
func sameDuration(text string) (string, bool) {
	f := durationParts.Get().FindStringSubmatch(text)
	if f == nil {
		return "", false
	}
	number := func(text string) int64 { n, _ := strconv.ParseInt(text, 10, 64); return n }
	length := strconv.FormatInt(((number(f[2])*24+number(f[3]))*60+number(f[4]))*60+number(f[5]), 10) + "." + strings.TrimRight(f[6], "0")
	if f[1] == "-" && length != "0." {
		length = "-" + length
	}
	return length, true
}

var (
	milliseconds = lazy.Regexp(`^/Date\((-?[0-9]{1,15})(?:[+-][0-9]{4})?\)/$`)
	noOffset     = lazy.Regexp(`^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$`)
	dateOnly     = lazy.Regexp(`^[0-9]{4}-[0-9]{2}-[0-9]{2}$`)
	basicOffset  = lazy.Regexp(`([+-][0-9]{2})([0-9]{2})$`)
)

func (w *walker) dateTime(n patchlint.Node) bool {
	_, err := instant(n.TextBytes())
	if err == nil {
		return true
	}
	text := n.Text()
	v := violation{Rule: dateTime, Node: n, Span: n.Span()}
	quoted := inert.Quote(text)
	const want = `such as "2026-01-31T08:00:00Z"`
	suggest := func(text string, certain bool) {
		if _, err := instant(text); err == nil {
			v.Suggestion, v.certain = fixes.Quote(text), certain
		}
	}
	switch {
	case text == "":
		v.Message = "the value is empty; expected a date-time, or leave the property out"
	case milliseconds.Get().MatchString(text):
		ms, _ := strconv.ParseInt(milliseconds.Get().FindStringSubmatch(text)[1], 10, 64)
		suggest(time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z07:00"), true)
		v.Message = fmt.Sprintf("%s is how old .NET serializers write a date; OData wants one %s", quoted, want)
	case err != errNotDateTime:
		v.Message = fmt.Sprintf("%s is not a date that exists: %v", quoted, err)
	case noOffset.Get().MatchString(text):
		suggest(strings.Replace(text, " ", "T", 1)+"Z", false)
		v.Message = fmt.Sprintf("%s has no offset; end it with Z for UTC, or with one such as +01:00", quoted)
	case dateOnly.Get().MatchString(text):
		suggest(text+"T00:00:00Z", false)
		v.Message = fmt.Sprintf("%s is a date without a time; OData wants both and the offset, %s", quoted, want)
	default:
		// As ISO 8601 has it, or "Get-Date -Format u" of PowerShell.
		text = strings.ReplaceAll(strings.Replace(strings.TrimSpace(text), " ", "T", 1), " ", "")
		suggest(basicOffset.Get().ReplaceAllString(strings.Replace(text, ",", ".", 1), "$1:$2"), true)
		v.Message = fmt.Sprintf("%s is not a date-time as OData writes it, %s", quoted, want)
	}
	return w.refuse(v)
}
