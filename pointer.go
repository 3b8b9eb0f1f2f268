package patchlint

import "strings"

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

// Tokens returns the unescaped reference tokens from the root down. It returns nil if p is ""
// or not a valid pointer: one that starts with "/", and in which every "~" is followed by
// "0" or "1" (RFC 6901 section 3).
func (p Pointer) Tokens() []string {
	escapes := strings.Count(string(p), "~0") + strings.Count(string(p), "~1")
	below, ok := strings.CutPrefix(string(p), "/")
	if !ok || strings.Count(below, "~") != escapes {
		return nil
	}
	tokens := strings.Split(below, "/")
	for i, token := range tokens {
		tokens[i] = unescaper.Replace(token)
	}
	return tokens
}

var unescaper = strings.NewReplacer("~1", "/", "~0", "~") // RFC 6901 section 4
