// Package spelling corrects misspelled names. Nearest is a suggestion for a reader;
// Correction is safe as a fix, because it never has the opposite meaning.
package spelling

import "strings"

// Nearest returns the candidate that a misspelled name most likely means, or "". It prefers
// a candidate that differs only in case, then the first one with the smallest
// Damerau-Levenshtein distance (optimal string alignment) of at most a third of the name's
// length, then the only one that starts with the name.
func Nearest(name string, candidates []string) string {
	for _, c := range candidates {
		if strings.EqualFold(c, name) {
			return c
		}
	}
	folded := strings.ToLower(name)
	best, limit := "", max(1, len(folded)/3)+1
	for _, c := range candidates {
		if d := Distance(folded, strings.ToLower(c), limit); d < limit {
			best, limit = c, d
		}
	}
	if best != "" || len(folded) < 4 {
		return best
	}
	for _, c := range candidates {
		if strings.HasPrefix(strings.ToLower(c), folded) {
			if best != "" {
				return "" // ambiguous
			}
			best = c
		}
	}
	return best
}

// Distance returns the number of insertions, deletions, substitutions and transpositions
// of adjacent bytes that turn a into b. It returns limit if the distance is not below it,
// or if a is longer than 200 bytes, which no name is.
func Distance(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit || len(a) > 200 {
		return limit
	}
	const usual = 64 // longer than most names
	var memory [3 * usual]int
	cells, width := memory[:], len(b)+1
	if width > usual {
		cells = make([]int, 3*width)
	}
	previous, row, next := cells[:width], cells[width:2*width], cells[2*width:3*width]
	for j := range row {
		row[j] = j
	}
	least := 0 // the minimum of row
	for i := range len(a) {
		next[0] = i + 1
		before := least
		least = next[0]
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(row[j]+cost, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], previous[j-1]+1)
			}
			least = min(least, next[j+1])
		}
		if min(least, before+1) >= limit { // so are all rows that follow
			return limit
		}
		previous, row, next = row, next, previous
	}
	return min(row[len(b)], limit)
}
