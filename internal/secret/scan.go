package secret

import (
	"bytes"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/span"
)

// scanner finds the credentials in a text. It goes from anchor to anchor.
type scanner struct {
	src     []byte
	broken  bool // whether src is invalid JSON, in which a name needs no separator
	depth   int  // the number of texts around src in which it has escapes
	suspect bool // whether src may contain the name of a credential
	spans   []patchlint.Span

	open, close  int // the quotation marks of the current JSON string; close is 0 outside a string
	followed     int // the offset up to which follow has read
	examined     int // the close of the last string that decode has examined
	examinedLine int // the end of the last line that decode has examined
	tokenless    int // the offset up to which no JSON Web Token starts
	insideEnd    int // the end of the last object that inside has searched
}

// add adds a credential without the white space around it, and returns its end.
func (s *scanner) add(start, end int) int {
	text := s.src[start:end]
	from := start + len(text) - len(bytes.TrimLeft(text, spaces))
	if to := start + len(bytes.TrimRight(text, spaces)); from < to {
		s.spans = append(s.spans, patchlint.Span{Start: from, End: to})
	}
	return end
}

// scan scans the text.
func (s *scanner) scan() {
	for from := 0; ; {
		n := anchors.next(s.src[from:])
		if n < 0 {
			break
		}
		start := from + n
		s.follow(start + 3)
		from = max(start+3, s.anchor(start))
		if s.followed = from; from > s.close {
			s.close = 0
		}
	}
}

// follow finds the JSON string around an offset, continuing from the last call. A string
// ends on its line.
func (s *scanner) follow(to int) {
	if s.close > 0 {
		if to <= s.close {
			return
		}
		s.followed, s.close = s.close+1, 0
	}
	if n := bytes.LastIndexByte(s.src[s.followed:to], '\n'); n >= 0 {
		s.followed += n
	}
	for ; s.followed < to; s.followed++ {
		i := s.followed
		if s.src[i] != '"' || i > 0 && s.src[i-1] == '\\' {
			continue
		}
		if end := s.stringEnd(i); end >= to {
			s.open, s.close = i, end
			return
		} else if end > 0 {
			s.followed = end
		}
	}
}

// stringEnd returns the offset of the closing quotation mark of a string, or 0.
func (s *scanner) stringEnd(open int) int {
	for at := open + 1; at < len(s.src); at++ {
		switch s.src[at] {
		case '\\':
			at++
		case '"':
			return at
		case '\n':
			return 0
		}
	}
	return 0
}

// anchor adds the credential around an anchor, if there is one, and returns the offset
// from which to continue.
func (s *scanner) anchor(start int) int {
	if end := s.decode(start); end > 0 {
		return end
	}
	end := 0
	switch text := s.src[start:]; {
	case bytes.HasPrefix(text, []byte("eyJ")):
		end = s.webToken(start)
	case bytes.HasPrefix(text, []byte("---")):
		return s.add(start, start+len(key.Get().Find(text)))
	case bytes.HasPrefix(text, []byte("://")):
		return s.userInfo(start + 3)
	}
	if end == 0 {
		end = s.vendorToken(start)
	}
	if end == 0 {
		end = s.command(start)
	}
	if end == 0 {
		end = s.name(start)
	}
	return end
}

// decode scans the text around an anchor with its escapes decoded, if it has any. The text
// is the current string unless that is a name. Outside strings, it is the line, which can
// be a part of a string if src is not valid. It returns the end of the string, or 0 if src
// must be scanned there, too.
func (s *scanner) decode(anchor int) int {
	const maxDepth = 4
	from, to, escape := s.open+1, s.close, `\`
	switch {
	case s.depth == maxDepth || s.close == 0 && anchor < s.examinedLine || s.close > 0 && s.close == s.examined:
		return 0
	case s.close > 0:
		s.examined = s.close
	default:
		from, to = 1+bytes.LastIndexByte(s.src[:anchor], '\n'), lineEnd(s.src, anchor)
		if s.examinedLine = to; !s.broken {
			escape = `\"`
		}
	}
	if !bytes.Contains(s.src[from:to], []byte(escape)) || s.ofString() != none {
		return 0
	}
	inner := scanner{src: unescape(s.src[from:to]), depth: s.depth + 1, broken: s.broken && s.close == 0}
	inner.scan()
	s.suspect = s.suspect || inner.suspect
	at, decoded := from, 0
	offset := func(of int) int {
		for ; decoded < of; decoded++ {
			_, size := character(s.src[at:])
			at += size
		}
		return at
	}
	for _, found := range span.Join(inner.spans) {
		start := offset(found.Start)
		s.add(start, offset(found.End))
	}
	if s.broken { // the quotation marks may belong to other strings
		return 0
	}
	return s.close
}

func lineEnd(text []byte, from int) int {
	if n := bytes.IndexByte(text[from:], '\n'); n >= 0 {
		return from + n
	}
	return len(text)
}

// name adds the credential that belongs to the word around an anchor, which may be its name
// or its scheme. It returns the offset from which to continue.
func (s *scanner) name(anchor int) int {
	src := s.src
	if !isNameByte(src[anchor]) {
		anchor++
	}
	start, end := anchor, anchor
	for start > 0 && anchor-start < maxName && isNameByte(src[start-1]) {
		start--
	}
	for end < len(src) && end-start < maxName && isNameByte(src[end]) {
		end++
	}
	next := 0
	if end-start < maxName {
		if p := s.pairAt(start, end); p.kind != none {
			s.suspect = true
			if next = s.assigned(p); next == 0 {
				next = s.written(p)
			}
		}
		if next == 0 {
			next = s.scheme(start, end)
		}
	}
	return max(next, anchor+2) // the word may contain another anchor
}
