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

	"github.com/patchlint/patchlint/internal/inert"
)

// Limits of a pattern. Alternatives multiply: {a,b}{c,d} expands to four patterns, and
// each is matched separately.
const (
	maxPatternLength       = 1024
	maxPatternAlternatives = 256
	maxPatternDoublestars  = 8
)

// Pattern selects files and directories. "*" and "?" match within a name, "**" matches
// any directories, [a-z] one character of a set, and {a,b} alternatives. The zero value
// matches nothing.
type Pattern struct {
	text    string
	match   string
	below   string // matches everything below a directory that matches
	anyName bool   // the pattern has no slash, so it matches a name at any depth
}

// ParsePattern parses a pattern for relative paths, or for any paths. The text of the error
// is a predicate such as "is not valid UTF-8", to follow the pattern in a message.
func ParsePattern(text string, relative bool) (Pattern, error) {
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
	case alternatives(match) > maxPatternAlternatives:
		return Pattern{}, fmt.Errorf("has more than %d combinations of its alternatives in braces; use several patterns", maxPatternAlternatives)
	case relative && Rooted(text):
		return Pattern{}, fmt.Errorf("starts with a slash and matches no relative path; write %s", inert.Quote(strings.TrimLeft(text, `/\`)))
	}
	return Pattern{text: text, match: match, below: match + "/**", anyName: !strings.Contains(match, "/")}, nil
}

// Rooted reports whether a path or pattern starts with a slash.
func Rooted(text string) bool { return strings.HasPrefix(filepath.ToSlash(text), "/") }

// String returns the text of the pattern.
func (p Pattern) String() string { return p.text }

// Match reports whether the pattern matches a slash-separated path or one of its parent
// directories.
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

// alternatives returns an upper bound for the number of brace-free patterns that a
// valid pattern expands to, capped at maxPatternAlternatives+1.
func alternatives(pattern string) int {
	n := 1
	if !strings.Contains(pattern, "{") {
		return n
	}
	literal := regexp.MustCompile(`\\.|\[(?:\\.|[^\\\]])*\]`) // braces in these are literal
	group := regexp.MustCompile(`\{[^{}]*\}`)                 // an innermost group
	for pattern = literal.ReplaceAllString(pattern, "x"); group.MatchString(pattern); pattern = group.ReplaceAllString(pattern, "x") {
		for _, g := range group.FindAllString(pattern, -1) {
			n = min(n*(1+strings.Count(g, ",")), maxPatternAlternatives+1)
		}
	}
	return n
}
