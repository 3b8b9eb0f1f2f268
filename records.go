package patchlint

// room returns records with room for one more, that of the value at i.
func room(records []record, src []byte, i int) []record {
	if len(records) < cap(records) {
		return records
	}
	return grow(records, src[i:])
}

// grow makes room for the records of the rest of a source at once: a slice that
// grows step by step is copied each time, and takes twice the memory in the end.
//
//go:noinline
func grow(records []record, rest []byte) []record {
	grown := make([]record, len(records), len(records)+max(values(rest), len(records)/8))
	copy(grown, records)
	return grown
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
