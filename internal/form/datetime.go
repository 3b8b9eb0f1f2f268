package form

import "bytes"

// PlainDateTime reports whether text is a date and time in the usual form:
// YYYY-MM-DDThh:mm:ss, up to 7 decimals, and Z or an offset, on a day that exists. It
// accepts only valid texts, so they need no further check.
func PlainDateTime(text []byte) bool {
	const form, offset = "0000-00-00T00:00:00", "00:00"
	if len(text) < len(form) || !shaped(text[:len(form)], form) {
		return false
	}
	two := func(text []byte) int { return int(text[0]-'0')*10 + int(text[1]-'0') }
	year := two(text)*100 + two(text[2:])
	if year < 1 || !IsDay(year, two(text[5:]), two(text[8:])) || two(text[11:]) > 23 || two(text[14:]) > 59 || two(text[17:]) > 59 {
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

// IsDay reports whether a year has a day.
func IsDay(year, month, day int) bool {
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
