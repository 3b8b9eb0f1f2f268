package patchlint

// grow makes room for the record of the value at pos, and for those of the rest of
// the source at once: a slice that grows step by step is copied each time, and takes
// twice the memory in the end.
func (s *scanner) grow() {
	records := s.doc.records
	grown := make([]record, len(records), len(records)+max(values(s.src[s.pos:]), len(records)/8))
	copy(grown, records)
	s.doc.records = grown
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
