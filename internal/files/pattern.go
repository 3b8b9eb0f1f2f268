package files

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"
)

// Bounds of a pattern. Alternatives multiply: {a,b}{c,d} is four patterns, and
// each is matched on its own.
const (
	maxPatternLength       = 1024
	maxPatternAlternatives = 256
	maxPatternDoublestars  = 8
)

// Pattern chooses files and directories: "*" and "?" match within a name, "**"
// any directories, [a-z] one character of a set and {a,b} alternatives. The zero
// value matches nothing.
type Pattern struct {
	text    string
	match   string
	below   string // matches what is in a directory that match matches
	anyName bool   // without a slash: it matches a name at any depth
}

// ParsePattern returns the pattern that a text describes, or an error that says
// why it cannot be one, fit to follow the text in a sentence.
func ParsePattern(text string) (Pattern, error) {
	match := strings.TrimRight(strings.TrimPrefix(filepath.ToSlash(text), "./"), "/")
	switch {
	case match == "" || match == ".":
		return Pattern{}, errors.New("matches nothing; to match every file, use **")
	case len(text) > maxPatternLength:
		return Pattern{}, fmt.Errorf("is longer than %d bytes", maxPatternLength)
	case !utf8.ValidString(text): // doublestar confuses such bytes with U+FFFD
		return Pattern{}, errors.New("is not valid UTF-8")
	case !doublestar.ValidatePattern(match):
		return Pattern{}, errors.New("is not a valid pattern; close every [ and {, and escape a literal one as \\[ or \\{")
	case strings.Count(match, "**") > maxPatternDoublestars:
		return Pattern{}, fmt.Errorf("has more than %d \"**\"", maxPatternDoublestars)
	}
	if alternatives(match) > maxPatternAlternatives {
		return Pattern{}, fmt.Errorf("has more than %d combinations of its alternatives in braces; use several patterns", maxPatternAlternatives)
	}
	return Pattern{text: text, match: match, below: match + "/**", anyName: !strings.Contains(match, "/")}, nil
}

// String returns the text of the pattern.
func (p Pattern) String() string { return p.text }

// Match reports whether the pattern matches a path with forward slashes, or a
// directory on the way to it. A pattern without a slash matches by name.
func (p Pattern) Match(file string) bool {
	if !p.anyName {
		return doublestar.MatchUnvalidated(p.match, file) || doublestar.MatchUnvalidated(p.below, file)
	}
	for ; file != "." && file != "/" && file != ""; file = path.Dir(file) {
		if doublestar.MatchUnvalidated(p.match, path.Base(file)) {
			return true
		}
	}
	return false
}

// alternatives returns an upper bound of the number of patterns without braces that a
// valid pattern expands to. It counts to maxPatternAlternatives+1.
func alternatives(pattern string) int {
	n := 1
	if !strings.Contains(pattern, "{") {
		return n
	}
	literal := regexp.MustCompile(`\\.|\[(?:\\.|[^\\\]])*\]`) // no brace in it has a meaning
	group := regexp.MustCompile(`\{[^{}]*\}`)                 // that holds no other
	for pattern = literal.ReplaceAllString(pattern, "x"); group.MatchString(pattern); pattern = group.ReplaceAllString(pattern, "x") {
		for _, g := range group.FindAllString(pattern, -1) {
			n = min(n*(1+strings.Count(g, ",")), maxPatternAlternatives+1)
		}
	}
	return n
}
