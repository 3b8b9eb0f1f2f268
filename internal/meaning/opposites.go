package meaning

import (
	"slices"
	"strings"

	"github.com/patchlint/patchlint/internal/spelling"
)

// opposites are groups of meanings that exclude each other. A meaning is a list of words.
var opposites = []struct {
	strict   bool // whether names must have the same meanings, and not only no opposite ones
	implied  bool // whether a name without any of the words has the first meaning
	meanings [][]string
}{
	{true, true, [][]string{{"include", "includes", "included", "including", "inclusion"}, {"exclude", "excludes", "excluded", "excluding", "exclusion", "except"}}},
	{true, false, [][]string{{"user", "users"}, {"device", "devices"}}},
	{true, false, platforms},
	{true, false, [][]string{{"not", "non", "no", "without", "never", "dont", "un", "dis", "de", "mis", "anti"}}},
	{false, false, [][]string{{"with"}, {"without"}}},
	{true, false, refusals},
	{false, false, [][]string{disable, block, disallow, reject, hide, enable, allow, require, {"optional"}, {"available"}, accept, show}},
	{false, false, [][]string{{"add", "added"}, {"remove", "removed", "delete", "deleted"}}},
	{false, false, [][]string{{"on"}, {"off"}}},
	{false, false, [][]string{{"true"}, {"false"}}},
	{false, false, [][]string{{"all", "any"}, {"none"}}},
	{false, false, [][]string{{"one"}}}, // a word, and not a misspelling of none
	{false, false, [][]string{{"start", "started"}, {"end", "ended", "stop", "stopped"}}},
	{false, false, [][]string{{"min", "minimum"}, {"max", "maximum"}}},
	{false, false, [][]string{{"minor"}, {"major"}}},
	{false, false, [][]string{{"more", "greater"}, {"less", "fewer"}}},
	{false, false, [][]string{{"before"}, {"after"}}},
	{false, false, [][]string{{"first"}, {"last"}}},
	{true, false, units},
	{false, false, [][]string{{"user", "users"}, {"admin", "admins", "administrator", "administrators"}}},
	{false, false, [][]string{{"managed"}, {"unmanaged"}}},
	{false, false, [][]string{{"local"}, {"remote"}}},
	{false, false, [][]string{{"client", "clients"}, {"server", "servers"}}},
	{false, false, [][]string{{"parent"}, {"child"}}},
	{false, false, [][]string{{"import", "imported"}, {"export", "exported"}}},
	{false, false, [][]string{{"personal"}, {"corporate", "company"}, {"work"}}},
	{false, false, [][]string{{"wifi", "fi"}, {"cellular"}}},
	{false, false, [][]string{{"online"}, {"offline"}, {"premises"}}},
	{false, false, [][]string{{"internal"}, {"external"}}},
	{false, false, [][]string{{"public"}, {"private"}}},
	{false, false, [][]string{{"read"}, {"write"}}},
	{false, false, [][]string{{"send", "sent"}, {"receive", "received"}}},
	{false, false, [][]string{{"sender", "senders"}, {"recipient", "recipients"}}},
	{false, false, [][]string{{"push"}, {"pull"}}},
	{false, false, [][]string{{"tcp"}, {"udp"}}},
	{false, false, [][]string{{"from"}, {"to"}, {"cc"}, {"bcc"}}},
	{false, false, [][]string{{"in"}, {"out"}}},
	{false, false, [][]string{{"updated"}, {"outdated"}}},
	{false, false, [][]string{{"symmetric"}, {"asymmetric"}}},
}

// refusals and consents are the ways in which a setting restricts something or not. Each
// excludes all others: allowing is not requiring. Adding or removing a refusal turns a name
// into its opposite.
var (
	disable  = []string{"disable", "disables", "disabled"}
	block    = []string{"block", "blocks", "blocked", "deny", "denied", "forbid", "forbidden", "prevent", "prevents", "prevented", "prohibit", "prohibited"}
	disallow = []string{"disallow", "disallows", "disallowed"}
	reject   = []string{"reject", "rejected", "refuse", "refused"}
	hide     = []string{"hide", "hides", "hidden"}
	refusals = [][]string{disable, block, disallow, reject, hide}

	enable   = []string{"enable", "enables", "enabled"}
	allow    = []string{"allow", "allows", "allowed", "permit", "permitted"}
	require  = []string{"require", "requires", "required", "mandatory"}
	accept   = []string{"accept", "accepted", "approve", "approved"}
	show     = []string{"show", "shows", "shown"}
	consents = [][]string{enable, allow, require, {"optional"}, {"available"}, accept, show}
)

var platforms = [][]string{
	{"ios", "iphone", "iphoneos"}, {"ipad", "ipados"}, {"macos", "mac", "osx", "macosx"},
	{"android"}, {"windows", "win"}, {"linux", "ubuntu"}, {"chrome", "chromeos"},
}

// units are units of durations: another unit changes the meaning of a number.
var units = [][]string{
	{"milliseconds", "millisecond"}, {"seconds", "second"}, {"minutes", "minute"}, {"hours", "hour"},
	{"days", "day"}, {"weeks", "week"}, {"months", "month"}, {"years", "year"},
}

// negations are prefixes that turn a word into its opposite.
var negations = []string{"un", "non", "not", "dis", "in", "im", "ir", "de", "mis", "dont", "never", "anti"}

// synonyms returns the words in opposites that mean the same as word, including it, or nil
// if word has no opposite.
func synonyms(word string) []string {
	for _, group := range opposites {
		for _, words := range group.meanings {
			if slices.Contains(words, word) {
				return words
			}
		}
	}
	return nil
}

// antonyms returns the words in opposites whose meanings exclude that of word.
func antonyms(word string) (words []string) {
	for _, group := range opposites {
		if of := meaningsOf([]string{word}, group.meanings); of != nil {
			for i, meaning := range group.meanings {
				if i != of[0] {
					words = append(words, meaning...)
				}
			}
		}
	}
	return words
}

// meaningsOf returns the index of the meaning of each word that has one, in order.
func meaningsOf(words []string, meanings [][]string) (numbers []int) {
	for _, w := range words {
		if i := slices.IndexFunc(meanings, func(meaning []string) bool { return slices.Contains(meaning, w) }); i >= 0 {
			numbers = append(numbers, i)
		}
	}
	return numbers
}

// corrected returns the word in opposites that a misspelled word means, or that a word
// without word boundaries starts with or contains, or else the word itself.
func corrected(word string) string {
	best, least := word, 3
	for _, group := range opposites {
		for _, known := range slices.Concat(group.meanings...) {
			if known == word {
				return word
			}
			if len(word) < 4 || negates(word, known) {
				continue
			}
			n := len(known)
			limit := min(least, 1+n/4)
			distance := spelling.Distance(word, known, limit)
			switch {
			case strings.HasPrefix(known, word),
				n >= 5 && len(word) > n+3 && strings.Contains(word, known),
				meaningsOf([]string{known}, platforms) != nil && strings.HasPrefix(word, known):
				distance = 0
			}
			if distance < limit {
				best, least = known, distance
			}
		}
	}
	return best
}

// negates reports whether a word, perhaps misspelled, is the negation of another.
func negates(word, of string) bool {
	for _, n := range negations {
		if bare, ok := strings.CutPrefix(word, n); ok && len(bare) > 3 && spelling.Distance(bare, of, 3) < spelling.Distance(word, of, 4) && spelling.Distance(bare, of, 3) < 3 {
			return true
		}
	}
	return false
}

// oppositePrefixes are pairs of opposite prefixes, as in onboarded and offboarded.
var oppositePrefixes = [][2]string{
	{"on", "off"}, {"on", "of"}, {"on", "out"}, {"on", "de"}, {"on", "un"}, {"in", "ex"}, {"in", "out"},
	{"re", "de"}, {"re", "un"}, {"en", "dis"}, {"en", "de"}, {"in", "de"}, {"im", "ex"}, {"over", "under"}, {"up", "down"}, {"pre", "post"},
}

// opposed reports whether two words, perhaps misspelled, have opposite prefixes.
func opposed(a, b string) bool {
	for _, p := range oppositePrefixes {
		for _, p := range [][2]string{p, {p[1], p[0]}} {
			x, starts := strings.CutPrefix(a, p[0])
			y, also := strings.CutPrefix(b, p[1])
			if starts && also && len(y) > 3 && spelling.Distance(x, y, 2) < 2 {
				return true
			}
		}
	}
	return false
}

// withoutOpposites returns the words of a name except those with strict opposites and
// those of consents.
func withoutOpposites(name string) []string {
	return slices.DeleteFunc(wordsOf(name), func(w string) bool {
		for _, group := range opposites {
			if group.strict && meaningsOf([]string{w}, group.meanings) != nil {
				return true
			}
		}
		return meaningsOf([]string{w}, consents) != nil
	})
}
