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

// ParsePattern parses a pattern for relative paths, or for any paths, and refuses one that
// is probably a mistake, because it would match nothing. The text of the error is a
// predicate such as "is not valid UTF-8", to follow the pattern in a message.
func ParsePattern(text string, relative bool) (Pattern, error) {
	slashed := strings.TrimPrefix(filepath.ToSlash(text), "./")
	match := strings.TrimRight(slashed, "/")
	if match == "" || match == "." {
		return Pattern{}, errors.New("matches nothing; to match every file, use **")
	}
	if err := checkPattern(text); err != nil {
		return Pattern{}, err
	}
	switch {
	case strings.HasPrefix(match, "!"):
		return Pattern{}, errors.New("starts with !, but a pattern cannot be an exception to others; list only what to match, and write a literal ! as {!}")
	case strings.Contains(escape.Get().ReplaceAllString(match, ""), `\`): // so that a pattern means the same on every system
		return Pattern{}, errors.New("has a backslash that is not an escape such as \\[ or \\{; to separate directories, use /, and to match a literal * or ?, [*] or [?]")
	case relative && Rooted(text):
		return Pattern{}, fmt.Errorf("starts with a slash, so it matches no relative path; write %s", inert.Quote(strings.TrimLeft(text, `/\`)))
	case filepath.ToSlash(filepath.Clean(text)) != match:
		return Pattern{}, errors.New(`matches no path; remove repeated slashes and, after its start, "." and ".."`)
	}
	return Pattern{text: text, match: match, below: match + "/*/**", climbs: climbs(match), anyName: !strings.Contains(match, "/"), dirOnly: match != slashed}, nil
}

// checkPattern checks the syntax of a pattern and the time that it takes.
func checkPattern(text string) error {
	match := filepath.ToSlash(text)
	switch {
	case len(text) > maxPatternLength:
		return fmt.Errorf("is longer than %d bytes", maxPatternLength)
	case !utf8.ValidString(text): // doublestar confuses such bytes with U+FFFD
		return errors.New("is not valid UTF-8")
	case !doublestar.ValidatePattern(match):
		return errors.New("is not a valid pattern; close every [ and {, and escape a literal one as \\[ or \\{")
	case strings.Count(match, "**") > maxPatternDoublestars:
		return fmt.Errorf("has more than %d \"**\"", maxPatternDoublestars)
	case alternatives(match) > maxPatternAlternatives:
		return fmt.Errorf("has more than %d combinations of its alternatives in braces; use several patterns", maxPatternAlternatives)
	}
	return nil
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
	for path += "/"; strings.HasPrefix(path, "../"); path = path[len("../"):] {
		n++
	}
	return n
}

var (
	literalBraces  = lazy.Regexp(`\\.|\[(?:\\.|[^\\\]])*\]`) // braces in these are literal
	innermostGroup = lazy.Regexp(`\{[^{}]*\}`)
	escape         = lazy.Regexp(`\\[\[\]{}\\,!^-]`)
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
