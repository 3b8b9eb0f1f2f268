package files

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
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

// alternatives counts the patterns without braces that a valid pattern stands
// for. It does not count further than one above the bound.
func alternatives(pattern string) int {
	type group struct{ product, sum int } // of the alternative so far, of those before it
	at := group{product: 1}
	var around []group
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			i++
		case '[': // what is in a set has no meaning of its own
			for i++; pattern[i] != ']'; i++ {
				if pattern[i] == '\\' {
					i++
				}
			}
		case '{':
			around = append(around, at)
			at = group{product: 1}
		case ',':
			if len(around) > 0 {
				at = group{1, at.sum + at.product}
			}
		case '}':
			sum := min(at.sum+at.product, maxPatternAlternatives+1)
			at = around[len(around)-1]
			around = around[:len(around)-1]
			at.product = min(at.product*sum, maxPatternAlternatives+1)
		}
	}
	return at.product
}
