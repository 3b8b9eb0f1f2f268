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

// maxIgnore is the size up to which a .gitignore file is obeyed, and maxLine that of a
// line in it. No path is longer, and how long a line takes to match depends on both.
const maxIgnore, maxLine = 256 << 10, 4 << 10

// ignoreFile holds the patterns of one .gitignore file, in the form that
// gitignore(5) describes.
type ignoreFile struct {
	outer    *ignoreFile // of a directory above, up to the root of the work tree
	base     string      // the directory of the file, with a slash at its end, from the same root
	patterns []ignorePattern
}

type ignorePattern struct {
	negated     bool // it takes out what an earlier pattern ignores
	dirOnly     bool
	name        bool // it is about the last element of a path alone
	start, wild string
	compiled    bool
	expression  *regexp.Regexp // of what is wild, once it is compiled; nil where nothing matches
}

// readIgnore adds the .gitignore file of a directory, if there is one. Like git it
// follows no link, so that a file from elsewhere is never read as patterns.
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
		p.name = !strings.Contains(line, "/")
		line = strings.TrimPrefix(line, "/")
		if line == "" {
			continue
		}
		wild := strings.IndexAny(line, `*?[\`)
		if wild < 0 {
			wild = len(line)
		}
		p.start, p.wild = line[:wild], line[wild:]
		list = append(list, p)
	}
	return list
}

// trimSpaces removes the spaces at the end of a line that no backslash quotes.
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

// ignores reports whether the innermost pattern that matches a path, from the
// root of the work tree, ignores it.
func (w *walker) ignores(f *ignoreFile, path string, dir bool) bool {
	name := path[strings.LastIndexByte(path, '/')+1:]
	for ; f != nil; f = f.outer {
		for i := len(f.patterns) - 1; i >= 0; i-- {
			w.steps--
			p := &f.patterns[i]
			if p.dirOnly && !dir {
				continue
			}
			subject := name
			if !p.name {
				subject = path[len(f.base):]
			}
			if w.matches(p, subject) {
				return !p.negated
			}
		}
	}
	return false
}

// matches reports whether a pattern matches all of a text. Both are compared byte
// by byte, as git does. Patterns come from files that are not trusted, so the work is
// limited.
func (w *walker) matches(p *ignorePattern, text string) bool {
	text, ok := strings.CutPrefix(text, p.start)
	switch {
	case !ok || p.wild == "":
		return ok && text == ""
	case p.name && p.wild[0] == '*' && !strings.ContainsAny(p.wild[1:], `*?[\`):
		return strings.HasSuffix(text, p.wild[1:])
	}
	if !p.compiled {
		w.steps -= compileSteps * len(p.wild)
		p.compiled, p.expression = true, expression(p.wild)
	}
	w.steps -= len(p.wild) * len(text) // what the expression takes at most
	return p.expression != nil && p.expression.MatchString(bytewise(text))
}

// compileSteps is how many steps it takes to compile a byte of a pattern.
const compileSteps = 50

// expression returns what matches the texts, as bytewise has them, that a pattern
// matches; nil if there are none.
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
				return nil // it never ends, and git lets it match nothing
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

// slash is what a slash is in an expression and in the text that it is matched with.
// It is outside of the classes of characters, because no wildcard but "**" matches it.
const slash = "\u0100"

// bytewise returns a text in which each byte is the character of that number, because
// git compares bytes, and an expression characters.
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

// classes are those of POSIX that git knows. In expressions, too, they are those of the
// C locale.
const classes = " alnum alpha blank cntrl digit graph lower print punct space upper xdigit "

// bracket writes the bracket expression that a pattern starts with, and returns how
// long it is there, 0 for one that is not complete.
func bracket(b *strings.Builder, pattern string) (length int) {
	b.WriteByte('[')
	i := 1
	if strings.HasPrefix(pattern, "[!") || strings.HasPrefix(pattern, "[^") {
		b.WriteString("^" + slash)
		i++
	}
	last := -1 // what a range may start with
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
