package patchlint

// grown returns records with room for those of the rest of a text, which starts with a
// value, at once: a slice that grows step by step is copied each time, and takes twice
// the memory in the end.
func grown(records []record, rest []byte) []record {
	return append(make([]record, 0, len(records)+max(values(rest), len(records)/8)), records...)
}

// values returns how many values are in a text that starts with one: each but
// the first is behind a comma or the first in an object or array.
func values(src []byte) int {
	n := 1
	for i := 0; i < len(src); i++ {
		switch c := src[i]; c {
		case ',':
			n++
		case '{', '[':
			if after := skipSpace(src, i+1); after < len(src) && src[after] != c+2 {
				n++
			}
		case '"':
			for i++; i < len(src) && src[i] != '"'; i++ {
				if src[i] == '\\' {
					i++
				}
			}
		case '/':
			i += max(commentLength(src[i:])-1, 0)
		}
	}
	return n
}
