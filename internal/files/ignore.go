package files

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// maxIgnore is the size up to which a .gitignore file is obeyed.
const maxIgnore = 256 << 10

// ignoreFile holds the patterns of one .gitignore file, in the form that
// gitignore(5) describes.
type ignoreFile struct {
	outer    *ignoreFile // of a directory above, up to the root of the work tree
	base     string      // the directory of the file, with a slash at its end, from the same root
	patterns []ignorePattern
}

type ignorePattern struct {
	text    string
	literal int  // length of the start that holds no wildcard
	negated bool // it takes out what an earlier pattern ignores
	dirOnly bool
	name    bool // it is about the last element of a path alone
}

// readIgnore reads the .gitignore file of a directory. Like git it follows no
// link, so that a file from elsewhere is never read as patterns.
func readIgnore(dir, base string, outer *ignoreFile) (*ignoreFile, error) {
	name := filepath.Join(dir, ".gitignore")
	info, err := os.Lstat(name)
	switch {
	case err != nil:
		return outer, Plain(err)
	case !info.Mode().IsRegular():
		return outer, fmt.Errorf("%s: %w", Display(name), errNotRegular)
	}
	text, err := ReadRegular(name, maxIgnore)
	if err != nil {
		return outer, Plain(err)
	}
	return &ignoreFile{outer: outer, base: base, patterns: parseIgnore(text)}, nil
}

func parseIgnore(text []byte) (list []ignorePattern) {
	for line := range strings.SplitSeq(string(bytes.TrimPrefix(text, []byte("\ufeff"))), "\n") {
		line, _, _ = strings.Cut(strings.TrimSuffix(line, "\r"), "\x00")
		if line == "" || line[0] == '#' {
			continue
		}
		var p ignorePattern
		p.text, p.negated = strings.CutPrefix(trimSpaces(line), "!")
		p.text, p.dirOnly = strings.CutSuffix(p.text, "/")
		p.name = !strings.Contains(p.text, "/")
		p.text = strings.TrimPrefix(p.text, "/")
		p.literal = strings.IndexAny(p.text, `*?[\`)
		if p.literal < 0 {
			p.literal = len(p.text)
		}
		if p.text != "" {
			list = append(list, p)
		}
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

// matcher tries patterns. Patterns come from files that are not trusted, so the
// work it does is limited.
type matcher struct {
	steps    int // that it may still take
	now, new []int
}

// ignores reports whether the innermost pattern that matches a path, from the
// root of the work tree, ignores it.
func (m *matcher) ignores(f *ignoreFile, path string, dir bool) bool {
	name := path[strings.LastIndexByte(path, '/')+1:]
	for ; f != nil; f = f.outer {
		for i := len(f.patterns) - 1; i >= 0; i-- {
			m.steps--
			p := &f.patterns[i]
			if p.dirOnly && !dir {
				continue
			}
			subject := name
			if !p.name {
				subject = path[len(f.base):]
			}
			if m.matches(p, subject) {
				return !p.negated
			}
		}
	}
	return false
}

// matches reports whether a pattern matches all of a text. Both are compared byte
// by byte, as git does.
func (m *matcher) matches(p *ignorePattern, text string) bool {
	start, wild := p.text[:p.literal], p.text[p.literal:]
	switch {
	case wild == "":
		return text == start
	case p.name && wild[0] == '*' && !strings.ContainsAny(wild[1:], `*?[\`):
		return len(text) >= len(p.text)-1 && strings.HasPrefix(text, start) && strings.HasSuffix(text, wild[1:])
	case !strings.HasPrefix(text, start):
		return false
	}
	return m.wild(wild, text[len(start):])
}

// wild reports whether a pattern with wildcards matches a text. It keeps all
// places in the text that the pattern so far may lead to, in ascending order, so
// that it takes at most len(pattern) × len(text) steps.
func (m *matcher) wild(pattern, text string) bool {
	m.now = append(m.now[:0], 0)
	for i := 0; i < len(pattern); {
		m.new = m.new[:0]
		var accept func(c byte) bool
		switch c := pattern[i]; c {
		case '*':
			stars := i
			for i < len(pattern) && pattern[i] == '*' {
				i++
			}
			rest := pattern[i:]
			anyDepth := i-stars > 1 && (stars == 0 || pattern[stars-1] == '/') &&
				(rest == "" || rest[0] == '/' || strings.HasPrefix(rest, `\/`))
			if anyDepth && rest != "" && rest[0] == '/' {
				m.directories(text)
				i++
			} else {
				m.run(text, anyDepth)
			}
			m.now, m.new = m.new, m.now
			continue
		case '?':
			i++
			accept = func(c byte) bool { return c != '/' }
		case '[':
			class, length := bracket(pattern[i:])
			if length == 0 {
				return false // it never ends, and git lets it match nothing
			}
			i += length
			accept = func(c byte) bool { return class[c] && c != '/' }
		default:
			if c == '\\' {
				if i++; i == len(pattern) {
					return false
				}
				c = pattern[i]
			}
			i++
			accept = func(b byte) bool { return b == c }
		}
		m.steps -= len(m.now)
		for _, at := range m.now {
			if at < len(text) && accept(text[at]) {
				m.new = append(m.new, at+1)
			}
		}
		if m.now, m.new = m.new, m.now; len(m.now) == 0 {
			return false
		}
	}
	return m.now[len(m.now)-1] == len(text)
}

// run goes on to all places that are any number of bytes further, across a slash
// only where slashes says so.
func (m *matcher) run(text string, slashes bool) {
	reached := -1
	for _, at := range m.now {
		for ; at > reached; at++ { // else a run before it goes on to the same end
			m.new = append(m.new, at)
			reached = at
			if at == len(text) || text[at] == '/' && !slashes {
				break
			}
		}
	}
	m.steps -= len(m.new)
}

// directories stays, or goes on to the start of any later element of the path.
func (m *matcher) directories(text string) {
	m.steps -= len(text)
	k := 0
	for at := range len(text) + 1 {
		here := k < len(m.now) && m.now[k] == at
		if here {
			k++
		}
		if here || at > m.now[0] && text[at-1] == '/' {
			m.new = append(m.new, at)
		}
	}
}

// bracket reads a bracket expression and returns which bytes it matches and how
// long it is, 0 for one that is not complete.
func bracket(pattern string) (class [256]bool, length int) {
	i := 1
	negated := i < len(pattern) && (pattern[i] == '!' || pattern[i] == '^')
	if negated {
		i++
	}
	last := -1 // what a range may start with
	for first := true; ; first = false {
		if i >= len(pattern) {
			return class, 0
		}
		c := pattern[i]
		switch {
		case c == ']' && !first:
			if negated {
				for b := range class {
					class[b] = !class[b]
				}
			}
			return class, i + 1
		case c == '\\':
			if i++; i >= len(pattern) {
				return class, 0
			}
			class[pattern[i]], last = true, int(pattern[i])
		case c == '-' && last >= 0 && i+1 < len(pattern) && pattern[i+1] != ']':
			if i++; pattern[i] == '\\' {
				if i++; i >= len(pattern) {
					return class, 0
				}
			}
			for b := last; b <= int(pattern[i]); b++ {
				class[b] = true
			}
			last = -1
		case strings.HasPrefix(pattern[i:], "[:"):
			end := strings.IndexByte(pattern[i+2:], ']')
			if end < 0 {
				return class, 0
			}
			name, ok := strings.CutSuffix(pattern[i+2:i+2+end], ":")
			if !ok { // an ordinary bracket in the set
				class['['], last = true, '['
				break
			}
			holds := named[name]
			if holds == nil {
				return class, 0
			}
			for b := range 128 {
				class[b] = class[b] || holds(byte(b))
			}
			i += 2 + end
			last = -1
		default:
			class[c], last = true, int(c)
		}
		i++
	}
}

// named are the character classes of POSIX, in the C locale as git has them.
var named = map[string]func(byte) bool{
	"alnum":  func(c byte) bool { return letter(c) || digit(c) },
	"alpha":  letter,
	"blank":  func(c byte) bool { return c == ' ' || c == '\t' },
	"cntrl":  func(c byte) bool { return c < ' ' || c == 0x7F },
	"digit":  digit,
	"graph":  func(c byte) bool { return c > ' ' && c < 0x7F },
	"lower":  func(c byte) bool { return 'a' <= c && c <= 'z' },
	"print":  func(c byte) bool { return c >= ' ' && c < 0x7F },
	"punct":  func(c byte) bool { return c > ' ' && c < 0x7F && !letter(c) && !digit(c) },
	"space":  func(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' },
	"upper":  func(c byte) bool { return 'A' <= c && c <= 'Z' },
	"xdigit": func(c byte) bool { return digit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' },
}

func letter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
func digit(c byte) bool  { return '0' <= c && c <= '9' }
