package patchlint

import (
	"iter"
	"strings"
)

// Pointer is a JSON Pointer (RFC 6901) in its string form, without percent-encoding:
// "" refers to the whole document, "/iosEnrollmentAssignments/0/target" to a value in it.
type Pointer string

// Append returns p extended by one unescaped reference token.
func (p Pointer) Append(token string) Pointer {
	if strings.ContainsAny(token, "~/") {
		return Pointer(appendToken([]byte(p+"/"), token))
	}
	return p + "/" + Pointer(token)
}

// appendToken appends an unescaped reference token, escaped (RFC 6901 section 3).
func appendToken[T string | []byte](b []byte, token T) []byte {
	for i := range len(token) {
		switch c := token[i]; c {
		case '~':
			b = append(b, '~', '0')
		case '/':
			b = append(b, '~', '1')
		default:
			b = append(b, c)
		}
	}
	return b
}

// valid reports whether p is a valid JSON Pointer: it is empty or starts with "/", and
// every "~" is followed by "0" or "1" (RFC 6901 section 3).
func (p Pointer) valid() bool {
	escapes := strings.Count(string(p), "~0") + strings.Count(string(p), "~1")
	return (p == "" || p[0] == '/') && strings.Count(string(p), "~") == escapes
}

// Tokens yields the unescaped reference tokens from the root down. It yields nothing if p
// is "" or not a valid pointer.
func (p Pointer) Tokens() iter.Seq[string] {
	return func(yield func(string) bool) {
		if !p.valid() {
			return
		}
		for rest, more := strings.CutPrefix(string(p), "/"); more; {
			var token string
			token, rest, more = strings.Cut(rest, "/")
			if strings.IndexByte(token, '~') >= 0 {
				token = unescaper.Replace(token)
			}
			if !yield(token) {
				return
			}
		}
	}
}

var unescaper = strings.NewReplacer("~1", "/", "~0", "~") // RFC 6901 section 4
