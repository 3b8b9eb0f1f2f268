package report

import (
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
)

// TestLineHashes holds the hashes of texts against values that were worked out
// from the description of the algorithm, sum by sum and without a rolling hash.
func TestLineHashes(t *testing.T) {
	const last = "c129715d7a2bc9a3:1" // an empty line at the end
	hundred := strings.Repeat("a", 99)
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"nothing", "", []string{last}},
		{"one character", "a", []string{"53b5d4aabe50d64:1"}},
		{"two lines", "a\nb", []string{"c74339777b6a2c60:1", "8ee5a81e681643c1:1"}},
		{"spaces and tabs do not count", " a\t\n b", []string{"c74339777b6a2c60:1", "8ee5a81e681643c1:1"}},
		{"CRLF is LF", "a\r\nb", []string{"c74339777b6a2c60:1", "8ee5a81e681643c1:1"}},
		{"CR is LF", "a\rb", []string{"c74339777b6a2c60:1", "8ee5a81e681643c1:1"}},
		{"CR and LF apart are two", "a\r \nb", []string{"67c066a59e652f5e:1", "cc4c43d77869440f:1", "8ee5a81e681643c1:1"}},
		{"empty lines", "\n\n", []string{"5b5d4caf73a13177:1", "3c5bef55b72b93c9:1", last}},
		{"equal lines differ by what follows", "x\nx\n", []string{"8c072f39cc89b447:1", "828973aa50c68d6d:1", last}},
		{"UTF-16 units", "é😀\n{\"k\": 1}\n", []string{"b3919d8bc8a35ec7:1", "cb348399166dbf33:1", last}},
		{"a byte order mark counts", "\ufeff{}\n", []string{"3900208e00e15754:1", last}},
		{"invalid UTF-8 is U+FFFD", "\xff\n", []string{"a88b3c201b7e6ebe:1", last}},
		{"one for each start of a character", "\xe2\x82\xf0\x9f\x98A", []string{"67524790a1bedcc2:1"}},
		{
			"no more than 100 units, and the like are counted", hundred + "\n" + hundred + "aa\n" + hundred + "\nend",
			[]string{"871f6af4d0d4dd25:1", "871f6af4d0d4dd7c:1", "871f6af4d0d4dd25:2", "43b6461eda086fe2:1"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			counts := make(map[uint64]int)
			var got []string
			for _, hash := range hashesOf([]byte(test.text)) {
				counts[hash]++
				got = append(got, strconv.FormatUint(hash, 16)+":"+strconv.Itoa(counts[hash]))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzLineHashes holds the rolling sum against the plain one.
func hashesOf(src []byte) (list []uint64) {
	lineHashes(src, func(hash uint64) { list = append(list, hash) })
	return list
}

func FuzzLineHashes(f *testing.F) {
	f.Add("{\r\n\t\"a\": \"\xe2\x82é😀\"\r}\n")
	f.Add(strings.Repeat("{}\n", 60))
	f.Fuzz(func(t *testing.T, text string) {
		var units []uint16
		var starts []int
		lineStart, afterCR := true, false
		for _, r := range text {
			if r >= 0x80 {
				return // which units there are is TestLineHashes' affair
			}
			skip := r == ' ' || r == '\t' || r == '\n' && afterCR
			afterCR = r == '\r'
			if skip {
				continue
			}
			if r == '\r' {
				r = '\n'
			}
			if lineStart {
				starts = append(starts, len(units))
			}
			lineStart = r == '\n'
			units = append(units, uint16(r))
		}
		if lineStart {
			starts = append(starts, len(units))
		}
		units = append(append(units, 0xFFFF), make([]uint16, 100)...)
		var want []uint64
		for _, start := range starts {
			sum := uint64(0)
			for _, unit := range units[start : start+100] {
				sum = sum*37 + uint64(unit)
			}
			want = append(want, sum)
		}
		if diff := cmp.Diff(want, hashesOf([]byte(text))); diff != "" {
			t.Error(diff)
		}
	})
}

// TestLineKeys holds that each finding gets the key of the line it starts on, and
// that a file of several payloads has no key twice for different lines.
func TestLineKeys(t *testing.T) {
	doc, _ := patchlint.Parse([]byte("[1,\n 1,\n 1,\n 2]\n"), patchlint.JSON)
	file := &File{Name: "a.json", Root: "a.json", Document: doc}
	for n := range doc.Root().Children() {
		file.Findings = append(file.Findings, patchlint.Diagnostic{Rule: "r", Pointer: n.Pointer(), Span: n.Span()})
	}
	var keys lineKeys
	hashes := hashesOf(doc.Source())
	key := func(line, number int) string {
		return strconv.FormatUint(hashes[line], 16) + ":" + strconv.Itoa(number)
	}
	first := keys.of(file)
	if diff := cmp.Diff([]string{key(0, 1), key(1, 1), key(2, 1), key(3, 1)}, first); diff != "" {
		t.Error(diff)
	}
	again := keys.of(file)
	if diff := cmp.Diff([]string{key(0, 2), key(1, 2), key(2, 2), key(3, 2)}, again); diff != "" {
		t.Errorf("the second payload of the file: %s", diff)
	}
	file.Name = "b.json"
	if diff := cmp.Diff(first, keys.of(file)); diff != "" {
		t.Errorf("another file: %s", diff)
	}
}
