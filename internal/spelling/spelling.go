// Package spelling finds the name that a misspelt one was meant to be.
package spelling

import "strings"

// Nearest returns the candidate that a misspelt name most likely stands for,
// "" when none is near. A candidate that differs only in case wins; else the
// one with the smallest Damerau-Levenshtein distance (optimal string
// alignment), which may be a third of the name's length, of equals the first;
// else the only one that starts with the name.
func Nearest(name string, candidates []string) string {
	folded := strings.ToLower(name)
	alike := make([]string, len(candidates)) // in lower case
	for i, c := range candidates {
		if alike[i] = strings.ToLower(c); alike[i] == folded {
			return c
		}
	}
	best, limit := "", max(1, len(folded)/3)+1
	for i, c := range candidates {
		if d := Distance(folded, alike[i], limit); d < limit {
			best, limit = c, d
		}
	}
	if best != "" || len(folded) < 4 {
		return best
	}
	for i, c := range candidates {
		if strings.HasPrefix(alike[i], folded) {
			if best != "" {
				return "" // more than one is meant
			}
			best = c
		}
	}
	return best
}

// Distance returns the number of insertions, deletions, substitutions and
// transpositions of neighbours that turn a into b, bytes counted, or limit if
// it is not below limit or a is longer than 200 bytes, as no name is.
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
	least := 0 // in row
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
		if min(least, before+1) >= limit { // so is all that follows
			return limit
		}
		previous, row, next = row, next, previous
	}
	return min(row[len(b)], limit)
}
