package patchlint

import "bytes"

// grown returns records with room for those of the rest of a text, which starts with a
// value, at once: a slice that grows step by step is copied each time, and takes twice
// the memory in the end.
func grown(records []record, rest []byte) []record {
	return append(make([]record, 0, len(records)+max(values(rest), len(records)/8)), records...)
}

// values returns at least how many values are in a text that starts with one, as a rule
// exactly so many: each but the first is behind a comma or an opening bracket, and takes
// two bytes with that.
func values(src []byte) int {
	n := 1
	for _, before := range []string{",", "[", "{"} {
		n += bytes.Count(src, []byte(before))
	}
	return min(n, len(src)/2+1)
}
