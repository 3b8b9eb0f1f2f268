package secret

import (
	"bytes"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/lazy"
)

// scanner finds the credentials in a text. It goes from anchor to anchor.
type scanner struct {
	src     []byte
	broken  bool // whether src is invalid JSON, in which a name needs no separator
	nested  bool // whether src is the text of a string in another text
	suspect bool // whether src may contain the name of a credential
	spans   []patchlint.Span

	open, close int            // the quotation marks of the current JSON string; close is 0 outside of one
	followed    int            // the offset up to which follow has read
	decoded     int            // the close of the last string that escaped has decoded
	line        patchlint.Span // the last result of endOfLine
	pemEnd      int            // the end of the next private key, or -1
	tokenless   int            // the offset up to which no JSON Web Token starts
	insideEnd   int            // the end of the last object that inside has searched
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
		n := nextAnchor(s.src[from:])
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
		if s.src[i] != '"' || i > 0 && s.src[i-1] == '\\' && !s.nested {
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
	end := s.endOfLine(open)
	for at := open + 1; at < end; at++ {
		switch s.src[at] {
		case '\\':
			at++
		case '"':
			return at
		}
	}
	return 0
}

func (s *scanner) endOfLine(i int) int {
	if i < s.line.Start || i > s.line.End || s.line.End == 0 {
		s.line = patchlint.Span{Start: i, End: len(s.src)}
		if n := bytes.IndexByte(s.src[i:], '\n'); n >= 0 {
			s.line.End = i + n
		}
	}
	return s.line.End
}

// anchor adds the credential around an anchor, if there is one, and returns the offset
// from which to continue.
func (s *scanner) anchor(start int) int {
	end := 0
	switch text := s.src[start:]; {
	case bytes.HasPrefix(text, []byte("eyJ")):
		end = s.webToken(start)
	case bytes.HasPrefix(text[1:], []byte("Q~")):
		end = s.clientSecret(max(0, start-3))
	case bytes.HasPrefix(text, []byte("---")):
		return s.privateKey(start)
	case bytes.HasPrefix(text, []byte("://")):
		return s.userInfo(start + 3)
	case bytes.HasPrefix(text, []byte(`\u`)), bytes.HasPrefix(text[2:], []byte(`\u`)): // or code\u003d, whose "de\" is like "de%"
		end = s.escaped()
	}
	if end == 0 {
		end = s.vendorToken(start)
	}
	if end == 0 {
		end = s.unnamed(start)
	}
	if end == 0 {
		end = s.name(start)
	}
	return end
}

// escaped adds the current string if it contains a credential once its escapes are decoded,
// and returns its end, or 0.
func (s *scanner) escaped() int {
	if s.nested || s.close == 0 || s.close == s.decoded {
		return 0
	}
	s.decoded = s.close
	text := unescape(s.src[s.open+1 : s.close])
	if kindOf(text) != none {
		return 0 // a name
	}
	inner := scanner{src: text, nested: true}
	inner.scan()
	if len(inner.spans) == 0 {
		return 0
	}
	return s.add(s.open+1, s.close)
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
	for end < len(s.src) && end-start < maxName && isNameByte(src[end]) {
		end++
	}
	if bytes.IndexByte(src[start:end], '%') >= 0 { // in an encoded URL, a word may contain several names
		if before := encodedStart.Get().FindAllIndex(src[start:anchor], -1); len(before) > 0 {
			start += before[len(before)-1][1]
		}
		end = anchor + until(src[anchor:end], encodedEnd.Get())
	}
	if end-start < maxName {
		p := s.pairAt(start, end)
		s.suspect = s.suspect || p.kind != none || isSecretType(src[start:end])
		// A list of these methods would make the scan a tenth slower (bench: BenchmarkSecrets).
		next := s.setting(p)
		if next == 0 {
			next = s.markup(p)
		}
		if next == 0 {
			next = s.assigned(p)
		}
		if next == 0 {
			next = s.command(p)
		}
		if next == 0 {
			next = s.inProse(p)
		}
		if next == 0 {
			next = s.scheme(p)
		}
		if next > 0 {
			return next
		}
	}
	return anchor + 2 // the word may contain another anchor
}

// The text before and after a name in an encoded URL inside a URL.
var (
	encodedStart = lazy.Regexp(`(?i)%(?:26|3f)`)
	encodedEnd   = lazy.Regexp(`(?i)%3[da]`)
)
