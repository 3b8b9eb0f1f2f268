package report

import (
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/secret"
)

// lineHashes yields for every line of a text, in order, the number by which GitHub's code
// scanning follows a finding from commit to commit (primaryLocationLineHash):
// the polynomial of base 37, modulo 2^64, over the 100 UTF-16 code units from
// the line's start. Spaces and tabs are left out; CR and CRLF are LF; 0xFFFF
// ends the text, and zeros follow it.
//
// What ends a line here is what does for GitHub, a lone CR too, so a text can
// have more lines here than in a Document.
func lineHashes(src []byte, yield func(hash uint64)) {
	const base, window, end = 37, 100, 0xFFFF
	top := uint64(1) // base^window
	for range window {
		top *= base
	}
	// The polynomial over all units up to some place, less what it was at the
	// start of a line times base^window, is that over the window between.
	type start struct{ place, sum uint64 }
	var (
		open      []start // lines whose window is not full yet
		place     uint64  // units read
		sum       uint64
		lineStart = true
	)
	read := func(unit uint16) {
		sum = sum*base + uint64(unit)
		place++
		if len(open) > 0 && place-open[0].place == window {
			yield(sum - open[0].sum*top)
			open = open[1:]
		}
	}
	add := func(unit uint16) {
		if lineStart {
			open = append(open, start{place, sum})
		}
		lineStart = unit == '\n'
		read(unit)
	}
	afterCR := false
	for len(src) > 0 {
		r, size := utf8.DecodeRune(src)
		if r == utf8.RuneError && size == 1 {
			size = invalid(src)
		}
		src = src[size:]
		switch {
		case r == ' ' || r == '\t' || r == '\n' && afterCR:
			afterCR = false
			continue
		case r == '\r':
			add('\n')
		case r > 0xFFFF:
			high, low := utf16.EncodeRune(r)
			add(uint16(high))
			add(uint16(low))
		default:
			add(uint16(r))
		}
		afterCR = r == '\r'
	}
	add(end)
	for range window - 1 {
		read(0)
	}
}

// invalid is how many bytes at the start of a text that is not UTF-8 become one
// U+FFFD: as many as start a character (WHATWG Encoding, as Node.js decodes).
func invalid(src []byte) int {
	n := 1
	for n < len(src) && n < utf8.UTFMax && !utf8.FullRune(src[:n+1]) {
		n++
	}
	return n
}

// lineKeys tells lines with the same hash apart by counting them, as GitHub
// does. It goes on counting where a file comes as several payloads.
type lineKeys struct {
	name string
	seen map[uint64]int
}

// of returns the key of the line that each finding of a payload is on.
func (k *lineKeys) of(f *File) []string {
	if k.seen == nil || k.name != f.Name {
		k.name, k.seen = f.Name, make(map[uint64]int)
	}
	doc := f.Document
	// Nothing of a credential is hashed.
	text := secret.Redact(doc, patchlint.Span{End: len(doc.Source())})
	lines := make([]int, len(f.Findings)) // from 0, in the payload
	wanted := make(map[int]uint64, len(lines))
	for i, d := range f.Findings {
		lines[i] = doc.Position(d.Span.Start).Line - doc.Position(0).Line
		wanted[lines[i]] = 0
	}
	// Only the hashes that are asked for are kept and counted, for there may be
	// as many lines as bytes.
	counts := make(map[uint64]int)
	n := 0
	var last uint64
	lineHashes(text, func(hash uint64) {
		if _, ok := wanted[n]; ok {
			wanted[n], counts[hash] = hash, 0
		}
		last = hash
		n++
	})
	for i, line := range lines { // a credential of many lines is one line now
		if line >= n {
			lines[i] = n - 1
			wanted[n-1], counts[last] = last, 0
		}
	}
	numbers := make(map[int]int) // of lines
	n = 0
	lineHashes(text, func(hash uint64) {
		if _, ok := counts[hash]; ok {
			counts[hash]++
			if _, ok := wanted[n]; ok {
				numbers[n] = k.seen[hash] + counts[hash]
			}
		}
		n++
	})
	keys := make([]string, len(f.Findings))
	for i, line := range lines {
		keys[i] = strconv.FormatUint(wanted[line], 16) + ":" + strconv.Itoa(numbers[line])
	}
	for hash, n := range counts {
		k.seen[hash] += n
	}
	return keys
}
