package files

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
)

// Limits of a pattern. Alternatives multiply: {a,b}{c,d} expands to four patterns, and
// each is matched separately.
const (
	maxPatternLength       = 1024
	maxPatternAlternatives = 256
	maxPatternDoublestars  = 8
)

// Pattern selects files and directories. "*" and "?" match within a name, "**" matches
// any directories, [a-z] one character of a set, and {a,b} alternatives. A slash at the end
// matches only directories. The zero value matches nothing.
type Pattern struct {
	text    string
	match   string
	below   string // matches everything below a directory that matches
	climbs  int    // the number of ".." that the pattern starts with
	anyName bool   // the pattern has no slash before its end, so it matches a name at any depth
	dirOnly bool   // the pattern ends in a slash
}

// ParsePattern parses a pattern for relative paths, or for any paths. The text of the error
// is a predicate such as "is not valid UTF-8", to follow the pattern in a message.
func ParsePattern(text string, relative bool) (Pattern, error) {
	slashed := strings.TrimPrefix(filepath.ToSlash(text), "./")
	match := strings.TrimRight(slashed, "/")
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
	case strings.HasPrefix(match, "!"):
		return Pattern{}, errors.New("starts with !, but a pattern cannot be an exception to others; list only what to match")
	case strangeEscape.Get().MatchString(match): // so that a pattern means the same on every system
		return Pattern{}, errors.New("has a backslash, which escapes only brackets and braces; to separate directories, use /")
	case relative && Rooted(text):
		return Pattern{}, fmt.Errorf("starts with a slash, so it matches no relative path; write %s", inert.Quote(strings.TrimLeft(text, `/\`)))
	case relative && path.Clean(match) != match:
		return Pattern{}, fmt.Errorf("matches no path; write %s", inert.Quote(path.Clean(match)))
	}
	return Pattern{text: text, match: match, below: match + "/*/**", climbs: climbs(match), anyName: !strings.Contains(match, "/"), dirOnly: match != slashed}, nil
}

// Rooted reports whether a path or pattern starts with a slash.
func Rooted(text string) bool { return strings.HasPrefix(filepath.ToSlash(text), "/") }

// String returns the text of the pattern.
func (p Pattern) String() string { return p.text }

// Match reports whether the pattern matches a slash-separated path, of a directory if dir
// is true, or one of its parent directories. "." and ".." are not names: no pattern matches
// them, except that "**" at its start matches any directories, and that the start of a
// pattern with alternatives may.
func (p Pattern) Match(file string, dir bool) bool {
	itself := dir || !p.dirOnly // and not only a parent directory
	if !p.anyName {
		from := climbs(file) == p.climbs || strings.HasPrefix(p.match, "**") || strings.Contains(p.match, "{") // an alternative may climb
		return from && file != "." && (itself && doublestar.MatchUnvalidated(p.match, file) || doublestar.MatchUnvalidated(p.below, file))
	}
	for ; file != "." && file != "/" && file != "" && path.Base(file) != ".."; file = path.Dir(file) {
		if itself && doublestar.MatchUnvalidated(p.match, path.Base(file)) {
			return true
		}
		itself = true
	}
	return false
}

// climbs returns the number of ".." that a slash-separated path starts with.
func climbs(path string) (n int) {
	for up := true; up; n++ {
		var element string
		element, path, _ = strings.Cut(path, "/")
		up = element == ".."
	}
	return n - 1
}

var (
	literalBraces  = lazy.Regexp(`\\.|\[(?:\\.|[^\\\]])*\]`) // braces in these are literal
	innermostGroup = lazy.Regexp(`\{[^{}]*\}`)
	strangeEscape  = lazy.Regexp(`\\[^\[\]{}\\,!^-]`)
)

// alternatives returns an upper bound for the number of brace-free patterns that a
// valid pattern expands to, capped at maxPatternAlternatives+1.
func alternatives(pattern string) int {
	n := 1
	if !strings.Contains(pattern, "{") {
		return n
	}
	literal, group := literalBraces.Get(), innermostGroup.Get()
	for pattern = literal.ReplaceAllString(pattern, "x"); group.MatchString(pattern); pattern = group.ReplaceAllString(pattern, "x") {
		for _, g := range group.FindAllString(pattern, -1) {
			n = min(n*(1+strings.Count(g, ",")), maxPatternAlternatives+1)
		}
	}
	return n
}
