package patchlint

import "bytes"

// growRecords returns a copy of records with capacity for the values in rest. Growing once
// avoids the copies and the spare memory of growing step by step.
func growRecords(records []record, rest []byte) []record {
	return append(make([]record, 0, len(records)+max(countValues(rest), len(records)/8)), records...)
}

// countValues returns an upper bound of the number of values in a text that starts with a
// value: every other one follows a comma or an opening bracket, and takes at least two
// bytes together with it. The bound is usually exact.
func countValues(src []byte) int {
	n := 1
	for _, before := range []string{",", "[", "{"} {
		n += bytes.Count(src, []byte(before))
	}
	return min(n, len(src)/2+1)
}
