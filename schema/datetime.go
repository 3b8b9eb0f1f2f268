package schema

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
)

// dateTimePattern matches dateTimeOffsetValue of the OData ABNF, in the common subset
// of RE2 and ECMA-262: seconds are optional, may be 60 and have up to 12 decimals; the
// offset is required; T and Z may be in lower case.
const dateTimePattern = `^-?(?:0[0-9]{3}|[1-9][0-9]{3,})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9](?::(?:[0-5][0-9]|60)(?:\.[0-9]{1,12})?)?(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$`

var errNotDateTime = errors.New("not a date and time with offset")

// civil is an Edm.DateTimeOffset as it is written. Only the last eight digits of the year
// are in year, because a year of OData may have more than time.Time can hold, and the
// calendar repeats every 400 years. era has the others.
type civil struct {
	era                                    string
	year, month, day, hour, minute, second int
	nanosecond                             int // rounded half up to 100 ns, the precision of the service; 1e9 if that is the next second
	offset                                 int // minutes east of UTC
}

// parseDateTime parses an Edm.DateTimeOffset in the grammar of OData, which differs from
// RFC 3339: see dateTimePattern. The date must exist. The error is errNotDateTime unless the
// text has the form of a date and time.
func parseDateTime[T string | []byte](text T) (c civil, err error) {
	at, ok := 0, true
	sees := func(chars string) bool { // one character, or one of two
		if at == len(text) || text[at] != chars[0] && text[at] != chars[len(chars)-1] {
			return false
		}
		at++
		return true
	}
	want := func(chars string) { ok = sees(chars) && ok }
	digits := func(least, most int) (number int) {
		from := at
		for at < len(text) && at < from+most && '0' <= text[at] && text[at] <= '9' {
			number = 10*number + int(text[at]-'0')
			at++
		}
		ok = ok && at >= from+least
		return number
	}
	negative := sees("-")
	start := at
	digits(4, len(text))
	yearDigits := at - start
	if yearDigits > 8 {
		c.era = string(text[:at-8])
	}
	at = max(start, at-8)
	c.year = digits(4, 8)
	fields := [...]*int{&c.month, &c.day, &c.hour, &c.minute}
	for i, before := range [...]string{"-", "-", "Tt", ":"} {
		want(before)
		*fields[i] = digits(2, 2)
	}
	if sees(":") {
		c.second = digits(2, 2)
		if sees(".") {
			from := at
			tens := digits(1, 8) // in units of 10 ns; later decimals do not change the result
			for range 8 - (at - from) {
				tens *= 10
			}
			c.nanosecond = (tens + 5) / 10 * 100
			digits(0, 4) // 12 decimals at most
		}
	}
	offsetHours, offsetMinutes, east := 0, 0, sees("+")
	if east || sees("-") {
		offsetHours = digits(2, 2)
		want(":")
		offsetMinutes = digits(2, 2)
	} else {
		want("Zz")
	}
	if c.offset = offsetHours*60 + offsetMinutes; !east {
		c.offset = -c.offset
	}
	if negative {
		c.year = -c.year
	}
	switch {
	case !ok || at != len(text):
		return c, errNotDateTime
	case yearDigits > 4 && text[start] == '0':
		return c, errors.New("a year of more than four digits has no leading zero")
	case c.month < 1 || c.month > 12:
		return c, fmt.Errorf("month %02d does not exist", c.month)
	case c.hour > 23:
		return c, errors.New("hours go from 00 to 23")
	case c.minute > 59:
		return c, errors.New("minutes go from 00 to 59")
	case c.second > 60:
		return c, errors.New("seconds go from 00 to 60")
	case offsetHours > 23 || offsetMinutes > 59:
		return c, errors.New("the offset goes from -23:59 to +23:59")
	case c.day < 1 || c.day > daysIn(c.year, c.month):
		return c, fmt.Errorf("%s has no day %02d", time.Month(c.month), c.day)
	}
	return c, nil
}

// daysIn returns the number of days in a month, by the calendar of ISO 8601.
func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// instant returns the instant of c, without its era.
func (c civil) instant() time.Time {
	return time.Date(c.year, time.Month(c.month), c.day, c.hour, c.minute-c.offset, c.second, c.nanosecond, time.UTC)
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

func (w *walker) dateTime(n patchlint.Node, p *Property) bool {
	_, err := parseDateTime(n.TextBytes())
	if err == nil {
		return true
	}
	text := n.Text()
	v := violation{Rule: dateTime, Node: n, Span: n.Span()}
	quoted := inert.Quote(text)
	const want = `such as "2026-01-31T08:00:00Z"`
	suggest := func(text string, certain bool) {
		if _, err := parseDateTime(text); err == nil {
			v.Suggestion, v.certain = fixes.Quote(text), certain
		}
	}
	switch {
	case text == "":
		v.Message = "the value is empty; write a date and time, or leave the property out"
	case form.Placeholder(text):
		v.Message = unfilled(n, p, p.Type.text.what)
	case milliseconds.Get().MatchString(text):
		ms, _ := strconv.ParseInt(milliseconds.Get().FindStringSubmatch(text)[1], 10, 64)
		suggest(time.UnixMilli(ms).UTC().Format("2006-01-02T15:04:05.999Z07:00"), true)
		v.Message = fmt.Sprintf("%s is the date format of old .NET serializers; write it in the form of OData, %s", quoted, want)
	case err != errNotDateTime:
		v.Message = fmt.Sprintf("%s is not a valid date: %v", quoted, err)
	case noOffset.Get().MatchString(text):
		suggest(strings.Replace(text, " ", "T", 1)+"Z", false)
		v.Message = fmt.Sprintf("%s has no offset; end it with Z for UTC, or with an offset such as +01:00", quoted)
	case dateOnly.Get().MatchString(text):
		suggest(text+"T00:00:00Z", false)
		v.Message = fmt.Sprintf("%s is a date without a time; OData requires both, and an offset, %s", quoted, want)
	default:
		// As in ISO 8601, or from "Get-Date -Format u" in PowerShell.
		text = strings.ReplaceAll(strings.Replace(strings.TrimSpace(text), " ", "T", 1), " ", "")
		suggest(basicOffset.Get().ReplaceAllString(strings.Replace(text, ",", ".", 1), "$1:$2"), true)
		v.Message = fmt.Sprintf("%s is not a valid date and time; write it in the form of OData, %s", quoted, want)
	}
	return w.refuse(v)
}
