package files

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// maxIgnore is the maximum size of a .gitignore file, and maxLine that of a line in it.
// The time to match a line depends on both, and no path is longer than maxLine.
const maxIgnore, maxLine = 256 << 10, 4 << 10

// ignoreFile holds the patterns of a .gitignore file, as described in gitignore(5).
type ignoreFile struct {
	outer    *ignoreFile // the one that applies in the parent directory; nil for none
	base     string      // the directory of the file relative to the root of the work tree, with a trailing slash
	patterns []ignorePattern
}

type ignorePattern struct {
	negated          bool // the pattern re-includes what an earlier pattern ignores
	dirOnly          bool
	nameOnly         bool   // the pattern matches only the last element of a path
	prefix, wildcard string // the literal start of the pattern, and the rest
	compiled         bool
	expression       *regexp.Regexp // for wildcard, set when compiled; nil if it can match nothing
}

// readIgnore reads the .gitignore file of a directory, and returns outer if there is
// none. Like git it does not follow a symbolic link, so that files from elsewhere are
// never read as patterns.
func (w *walker) readIgnore(dir, base string, outer *ignoreFile) *ignoreFile {
	name := filepath.Join(dir, ".gitignore")
	info, err := os.Lstat(name)
	var text []byte
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return outer
	case err != nil:
	case !info.Mode().IsRegular():
		err = &fs.PathError{Path: name, Err: errNotRegular}
	default:
		text, err = ReadRegular(name, maxIgnore)
	}
	for line := range bytes.Lines(text) {
		if len(line) > maxLine {
			err = &fs.PathError{Path: name, Err: fmt.Errorf("a line is longer than %d bytes", maxLine)}
		}
	}
	if err != nil {
		w.note("a .gitignore file is not obeyed: %v", Plain(err))
		return outer
	}
	return &ignoreFile{outer: outer, base: base, patterns: parseIgnore(text)}
}

func parseIgnore(text []byte) (list []ignorePattern) {
	for line := range strings.SplitSeq(string(bytes.TrimPrefix(text, []byte("\ufeff"))), "\n") {
		line, _, _ = strings.Cut(strings.TrimSuffix(line, "\r"), "\x00")
		if line == "" || line[0] == '#' {
			continue
		}
		var p ignorePattern
		line, p.negated = strings.CutPrefix(trimSpaces(line), "!")
		line, p.dirOnly = strings.CutSuffix(line, "/")
		p.nameOnly = !strings.Contains(line, "/")
		line = strings.TrimPrefix(line, "/")
		if line == "" {
			continue
		}
		wild := strings.IndexAny(line, `*?[\`)
		if wild < 0 {
			wild = len(line)
		}
		p.prefix, p.wildcard = line[:wild], line[wild:]
		list = append(list, p)
	}
	return list
}

// trimSpaces removes trailing spaces that are not quoted with a backslash.
func trimSpaces(line string) string {
	end := 0
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case ' ':
			continue
		case '\\':
			i++
		}
		end = min(i+1, len(line))
	}
	return line[:end]
}

// ignores reports whether a path, relative to the root of the work tree, is ignored.
// The last matching pattern of the innermost .gitignore file decides.
func (w *walker) ignores(f *ignoreFile, path string, dir bool) bool {
	name := path[strings.LastIndexByte(path, '/')+1:]
	for ; f != nil; f = f.outer {
		for i := len(f.patterns) - 1; i >= 0; i-- {
			w.budget--
			p := &f.patterns[i]
			if p.dirOnly && !dir {
				continue
			}
			subject := name
			if !p.nameOnly {
				subject = path[len(f.base):]
			}
			if w.matches(p, subject) {
				return !p.negated
			}
		}
	}
	return false
}

// matches reports whether a pattern matches all of text, byte by byte as in git. The
// patterns are not trusted, so each match reduces the budget of the walk.
func (w *walker) matches(p *ignorePattern, text string) bool {
	text, ok := strings.CutPrefix(text, p.prefix)
	switch {
	case !ok || p.wildcard == "":
		return ok && text == ""
	case p.nameOnly && p.wildcard[0] == '*' && !strings.ContainsAny(p.wildcard[1:], `*?[\`):
		return strings.HasSuffix(text, p.wildcard[1:])
	}
	if !p.compiled {
		w.budget -= compileSteps * len(p.wildcard)
		p.compiled, p.expression = true, expression(p.wildcard)
	}
	w.budget -= len(p.wildcard) * len(text) // the worst case for the expression
	return p.expression != nil && p.expression.MatchString(bytewise(text))
}

// compileSteps is the cost, in steps, of compiling one byte of a pattern.
const compileSteps = 50

// expression compiles a pattern into a regular expression for texts encoded by
// bytewise. It returns nil if the pattern can match nothing.
func expression(pattern string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '*':
			stars := i
			for i+1 < len(pattern) && pattern[i+1] == '*' {
				i++
			}
			rest := pattern[i+1:]
			anyDepth := i > stars && (stars == 0 || pattern[stars-1] == '/')
			switch {
			case anyDepth && strings.HasPrefix(rest, "/"):
				b.WriteString("(?:.*" + slash + ")?")
				i++
			case anyDepth && (rest == "" || strings.HasPrefix(rest, `\/`)):
				b.WriteString(".*")
			default:
				b.WriteString("[^" + slash + "]*")
			}
		case '?':
			b.WriteString("[^" + slash + "]")
		case '[':
			length := bracket(&b, pattern[i:])
			if length == 0 {
				return nil // as in git, an unclosed bracket matches nothing
			}
			i += length - 1
		case '\\':
			if i++; i == len(pattern) {
				return nil
			}
			fallthrough
		default:
			b.WriteString(literal(pattern[i]))
		}
	}
	b.WriteString(`\z`)
	return regexp.MustCompile(b.String())
}

// slash replaces the slash in expressions and in the texts they match. It is outside
// the range of bytes, so that only "**" matches it and no other wildcard does.
const slash = "\u0100"

// bytewise converts each byte of text to the character with that number, because git
// matches bytes and regular expressions match characters.
func bytewise(text string) string {
	var b strings.Builder
	for i := range len(text) {
		if text[i] == '/' {
			b.WriteString(slash)
		} else {
			b.WriteRune(rune(text[i]))
		}
	}
	return b.String()
}

func literal(c byte) string {
	if c == '/' {
		return slash
	}
	return fmt.Sprintf(`\x%02x`, c)
}

// classes are the POSIX character classes that git supports. Regular expressions define
// them for ASCII, as the C locale does.
const classes = " alnum alpha blank cntrl digit graph lower print punct space upper xdigit "

// bracket translates the bracket expression at the start of pattern into b and returns
// its length in pattern, or 0 if it is not valid.
func bracket(b *strings.Builder, pattern string) (length int) {
	b.WriteByte('[')
	i := 1
	if strings.HasPrefix(pattern, "[!") || strings.HasPrefix(pattern, "[^") {
		b.WriteString("^" + slash)
		i++
	}
	last := -1 // the byte that a range may start with, -1 for none
	for first := true; i < len(pattern); first = false {
		c := pattern[i]
		switch {
		case c == ']' && !first:
			b.WriteByte(']')
			return i + 1
		case c == '-' && last >= 0 && i+1 < len(pattern) && pattern[i+1] != ']':
			if i++; pattern[i] == '\\' {
				i++
			}
			if i < len(pattern) && last <= int(pattern[i]) {
				fmt.Fprintf(b, `\x%02x-\x%02x`, last, pattern[i])
			}
			last = -1
		case strings.HasPrefix(pattern[i:], "[:"):
			name, _, ended := strings.Cut(pattern[i+2:], "]")
			class, ok := strings.CutSuffix(name, ":")
			switch {
			case !ended || ok && !strings.Contains(classes, " "+class+" "):
				return 0
			case ok:
				b.WriteString("[:" + class + ":]")
				i += len("[:") + len(name)
				last = -1
			default: // an ordinary bracket in the set
				b.WriteString(`\[`)
				last = '['
			}
		default:
			if c == '\\' {
				if i++; i == len(pattern) {
					return 0
				}
			}
			fmt.Fprintf(b, `\x%02x`, pattern[i])
			last = int(pattern[i])
		}
		i++
	}
	return 0
}
