// Package meaning suggests names for misspelled ones, like package spelling, but never a
// name that means the opposite.
package meaning

import (
	"slices"
	"strings"
	"unicode"

	"github.com/patchlint/patchlint/internal/spelling"
)

// Nearest is like spelling.Nearest, but skips names that turn a word into its opposite, or
// that drop or add a word with an opposite. It returns the nearest of the other names if
// that is clearly near, or "". It also returns "" if written is as near to another name
// that means something else, such as "iactive" to "active" and "inactive".
func Nearest(written string, names []string) string {
	best := spelling.Nearest(written, names)
	if best == "" || strings.EqualFold(written, best) {
		return best
	}
	type candidate struct {
		name     string
		distance int
	}
	var near []candidate
	folded := strings.ToLower(written)
	limit := len(written)/4 + 1 // lower than in spelling.Nearest
	if spelling.Distance(folded, strings.ToLower(best), 2) < 2 {
		limit = min(limit, 2) // what is less near than one typo is not meant
	}
	for _, name := range names {
		if d := spelling.Distance(folded, strings.ToLower(name), limit); d < limit {
			near = append(near, candidate{name, d})
		}
	}
	if !Agree(written, best) {
		slices.SortStableFunc(near, func(a, b candidate) int { return a.distance - b.distance })
		i := slices.IndexFunc(near, func(c candidate) bool { return Agree(written, c.name) })
		if i < 0 {
			return ""
		}
		best = near[i].name
	}
	distance := spelling.Distance(folded, strings.ToLower(best), limit)
	if slices.ContainsFunc(near, func(c candidate) bool { return c.distance == distance && !Agree(c.name, best) }) {
		return ""
	}
	return best
}

// Alternatives returns the names to choose from if Nearest returns none: those that differ
// from the result of spelling.Nearest only in words with opposites.
func Alternatives(written string, names []string) (choices []string) {
	best := spelling.Nearest(written, names)
	if best == "" {
		return nil
	}
	kind := withoutOpposites(best)
	for _, name := range names {
		if slices.Equal(withoutOpposites(name), kind) {
			choices = append(choices, name)
		}
	}
	return choices
}

// Opposite reports whether two names differ only in words with opposites.
func Opposite(a, b string) bool { return slices.Equal(withoutOpposites(a), withoutOpposites(b)) }

// looksLike reports whether written differs from a name only in letters of other scripts,
// which can look the same.
func looksLike(written, name string) bool {
	w, n := []rune(written), []rune(name)
	if len(w) != len(n) {
		return false
	}
	for i := range w {
		if w[i] != n[i] && w[i] <= unicode.MaxASCII {
			return false
		}
	}
	return true
}

// Agree reports whether a misspelled name, judging by its words, means a name.
func Agree(written, name string) bool {
	if strings.EqualFold(written, name) || looksLike(written, name) {
		return true
	}
	has, wants := wordsOf(written), wordsOf(name)
	if isTypo(written, name, has, wants) {
		return true
	}
	if !areTypos(unmatched(has, wants), unmatched(wants, has)) || negated(has, wants) {
		return false
	}
	for i, w := range has {
		if !slices.Contains(wants, w) {
			has[i] = corrected(w)
		}
	}
	for _, group := range opposites {
		a, b := meaningsOf(has, group.meanings), meaningsOf(wants, group.meanings)
		if group.implied && len(a) == 0 {
			a = []int{0}
		}
		if group.implied && len(b) == 0 {
			b = []int{0}
		}
		if !slices.Equal(a, b) && (group.strict || len(a) > 0 && len(b) > 0) {
			return false
		}
	}
	return !negated(has, wants)
}

// negated reports whether a word that only one name has and a word that only the other
// has are opposites by their prefixes.
func negated(has, wants []string) bool {
	only := difference(wants, has)
	for _, w := range difference(has, wants) {
		if slices.ContainsFunc(only, func(v string) bool { return negates(w, v) || negates(v, w) || opposed(w, v) }) {
			return true
		}
	}
	return false
}

// difference returns the words without those of others, each of which removes one.
func difference(words, others []string) (rest []string) {
	others = slices.Clone(others)
	for _, w := range words {
		if i := slices.Index(others, w); i >= 0 {
			others = slices.Delete(others, i, i+1)
		} else {
			rest = append(rest, w)
		}
	}
	return rest
}

// isTypo reports whether written is name with one typo, or two in a long name, in a single
// word, and the typo does not concern an opposite: the written word is not another word
// with an opposite, and is nearer to the word of the name than to any of its opposites.
func isTypo(written, name string, has, wants []string) bool {
	w, n := strings.ToLower(written), strings.ToLower(name)
	typos := 1
	if len(n) > 20 {
		typos = 2
	}
	if spelling.Distance(w, n, typos+1) > typos || digits(has) != digits(wants) {
		return false
	}
	for _, word := range has {
		if !slices.Contains(wants, word) && (synonyms(word) != nil || slices.Contains(negations, word)) {
			return false
		}
	}
	from := 0 // the length of the common prefix
	for from < min(len(w), len(n)) && w[from] == n[from] {
		from++
	}
	same := 0 // the length of the common suffix
	for same < min(len(w), len(n))-from && w[len(w)-1-same] == n[len(n)-1-same] {
		same++
	}
	within, start := false, 0
	for _, v := range wants {
		start += max(strings.Index(n[start:], v), 0)
		end := start + len(v)
		if start <= from && len(n)-same <= end {
			within = true
			if !means(w[start:len(w)-(len(n)-end)], v) {
				return false
			}
		}
		start = end
	}
	return within
}

// means reports whether a misspelled word can only mean word, and not an opposite of it.
func means(written, word string) bool {
	known := synonyms(word) != nil
	if written == "" || known && len(word) < 4 || negated([]string{written}, []string{word}) {
		return false
	}
	distance := spelling.Distance(written, word, 3)
	return !slices.ContainsFunc(antonyms(word), func(o string) bool { return spelling.Distance(written, o, 4) <= distance })
}

// unmatched returns the words that are not among others, not even as a synonym.
func unmatched(words, others []string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool {
		return slices.ContainsFunc(others, func(v string) bool { return v == w || slices.Contains(synonyms(v), w) })
	})
}

// areTypos reports whether the words that only one name has can be misspellings of those
// that only the other has. A different word, a different number, a word in opposites, and
// a word that is at least as near to an opposite are not.
func areTypos(words, meant []string) bool {
	if len(words) == 0 || len(meant) == 0 {
		return true
	}
	if x, y := digits(words), digits(meant); x != "" && y != "" && x != y {
		return false
	}
	for _, w := range words {
		if synonyms(w) != nil && !slices.ContainsFunc(meant, func(v string) bool { return isForm(w, v) }) {
			return false
		}
		for _, v := range meant {
			distance := spelling.Distance(w, v, 4)
			if distance < 4 && slices.ContainsFunc(antonyms(v), func(o string) bool { return spelling.Distance(w, o, 4) <= distance }) {
				return false
			}
		}
	}
	typo := func(a, b string) bool {
		typos := max(1, max(len(a), len(b))/3)
		return strings.HasPrefix(b, a) || spelling.Distance(a, b, typos+1) <= typos
	}
	without := func(words, others []string, typo func(w, v string) bool) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(words), func(w string) bool {
			return slices.ContainsFunc(others, func(v string) bool { return typo(w, v) })
		}), "") // word boundaries may differ
	}
	a := without(words, meant, typo)
	b := without(meant, words, func(v, w string) bool { return typo(w, v) })
	return a == "" || b == "" || typo(a, b)
}

// isForm reports whether a known word and another word are forms of one word, such as
// "updated" and "update", and not merely similar, such as "remote" and "remove".
func isForm(known, word string) bool {
	return strings.HasPrefix(word, known) || strings.HasPrefix(known, word) ||
		len(known) > len("remote") && spelling.Distance(known, word, 2) < 2
}

// digits returns the digits in words.
func digits(words []string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, strings.Join(words, ""))
}

// Abridged returns the only name that has more words in its middle than written, such as
// iosEnrollmentAssignments for "iosAssignments", or "".
func Abridged(written string, names []string) (meant string) {
	has := wordsOf(written)
	end := len(has) - 1
	if end < 1 || len(has[0]) < 3 {
		return ""
	}
	for _, name := range names {
		words := wordsOf(name)
		last := len(words) - 1
		if last <= end || !strings.HasPrefix(words[0], has[0]) || words[last] != has[end] {
			continue
		}
		missing := has[1:end] // must occur in this order
		for _, w := range words[1:last] {
			if len(missing) > 0 && w == missing[0] {
				missing = missing[1:]
			}
		}
		if len(missing) > 0 {
			continue
		}
		if meant != "" {
			return ""
		}
		meant = name
	}
	return meant
}

// wordsOf returns the words of a name in lower case. A word starts with a capital or a
// digit, or after another character. "macOs" and "iOS" are one word each.
func wordsOf(name string) (words []string) {
	var word []rune
	end := func() {
		if len(word) == 0 {
			return
		}
		w := strings.ToLower(string(word))
		if last := len(words) - 1; w == "os" && last >= 0 && meaningsOf([]string{words[last] + w}, platforms) != nil {
			words[last] += w
		} else {
			words = append(words, w)
		}
		word = word[:0]
	}
	runes := []rune(name)
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			end()
			continue
		case unicode.IsDigit(r) && i > 0 && unicode.IsLetter(runes[i-1]),
			unicode.IsUpper(r) && i > 0 && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])):
			end()
		}
		word = append(word, r)
	}
	end()
	return words
}
