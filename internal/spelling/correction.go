package spelling

import (
	"slices"
	"strings"
	"unicode"
)

// Correction returns the name that a misspelled name means, or "" if none is certain enough:
// the one that differs only in case, else the nearest, if no other is as near.
//
// A name is corrected only if its words are misspelled, not if they are other words, which
// may mean the opposite. It must have as many words as the right name, each with at most one
// slip, and not in the first letter: prefixes such as un-, in-, ex-, en-, de- and dis- change
// it. Short words, such as "on" and "not", can only have a letter too many, and numbers must
// be exact. Anything else is left to the author, who can be shown the Choices.
func Correction(written string, names []string) string {
	best := Nearest(written, names)
	if strings.EqualFold(written, best) {
		return best
	}
	if best == "" || !Misspells(written, best) {
		return ""
	}
	folded := strings.ToLower(written)
	slips := Distance(folded, strings.ToLower(best), len(folded))
	if slices.ContainsFunc(names, func(name string) bool {
		return name != best && Distance(folded, strings.ToLower(name), slips+1) <= slips
	}) {
		return ""
	}
	return best
}

// Misspells reports whether written is a name except for case and slips, and not another
// name.
func Misspells(written, name string) bool {
	return slices.EqualFunc(wordsOf(written), wordsOf(name), isWord) || strings.EqualFold(written, name)
}

// isWord reports whether written is a word, perhaps misspelled.
func isWord(written, word string) bool {
	if written == word {
		return true
	}
	slip := written[0] == word[0] && !unicode.IsDigit(rune(word[0])) && Distance(written, word, 2) < 2
	if len(word) < 4 {
		slip = slip && strings.HasPrefix(written, word)
	}
	return slip && !slices.ContainsFunc(distinct, func(other string) bool {
		return other != word && Distance(written, other, 2) < 2
	})
}

// distinct are words that begin like another one, differ from it in only a letter or two,
// and mean something else. A word that is as near to one of them as to the right word is
// not corrected.
var distinct = []string{
	"maximum", "minimum", "major", "minor", "off", "offboarded", "onboarded", "offline", "online",
	"prevent", "present", "pull", "push", "remote", "remove", "unlock", "unblock",
}

// Choices returns the names that the author of an unknown name may mean: those that are
// spelled much like it, those that start with it, and those that have its words in this
// order, the last at the end, such as iosEnrollmentAssignments for "iosAssignments" and
// "assignments".
func Choices(written string, names []string) (choices []string) {
	folded, words := strings.ToLower(written), wordsOf(written)
	limit := max(1, len(folded)/3) + 1
	for _, name := range names {
		lower := strings.ToLower(name)
		if Distance(folded, lower, limit) < limit ||
			len(folded) >= 4 && strings.HasPrefix(lower, folded) || len(folded) >= 8 && abridges(words, wordsOf(name)) {
			choices = append(choices, name)
		}
	}
	return choices
}

// abridges reports whether words occur among others in this order, and the last at the end,
// in the singular or plural.
func abridges(words, others []string) bool {
	for i := len(others) - 1; len(words) > 0 && i >= 0; i-- {
		last := len(words) - 1
		if strings.TrimSuffix(words[last], "s") == strings.TrimSuffix(others[i], "s") {
			words = words[:last]
		} else if i == len(others)-1 {
			return false
		}
	}
	return len(words) == 0
}

// wordsOf returns the words of a name in lower case. A word starts with a capital, except
// among capitals, where digits start or end, and after any other character.
func wordsOf(name string) (words []string) {
	isOther := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	for part := range strings.FieldsFuncSeq(name, isOther) {
		runes, start := []rune(part), 0
		for i := 1; i <= len(runes); i++ {
			if i == len(runes) || startsWord(runes[i-1], runes[i], runes[min(i+1, len(runes)-1)]) {
				words = append(words, strings.ToLower(string(runes[start:i])))
				start = i
			}
		}
	}
	return words
}

func startsWord(before, first, after rune) bool {
	return unicode.IsDigit(first) != unicode.IsDigit(before) ||
		unicode.IsUpper(first) && (!unicode.IsUpper(before) || unicode.IsLower(after))
}
