package lsp

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/mend"
)

// FuzzMend checks for any text and cursor that the mended text is JSON, that a text that
// is JSON keeps its value, and that the token is at the cursor.
func FuzzMend(f *testing.F) {
	f.Add([]byte("{\"a\": [1, {\"b\" \"c\" // d\n: tr}], 'e\\\"': \"f\n ]"), 9)
	f.Add([]byte("\xef\xbb\xbf{\"a\\u0020\": \"\\\"\", /* */ \"b\": -1e5,}"), 14)
	f.Add([]byte("[1 2,,{]}{\"a"), 12)
	f.Fuzz(func(t *testing.T, src []byte, at int) {
		if at = min(max(at, 0), len(src)); !utf8.Valid(src) {
			return
		}
		for _, typing := range []bool{false, true} {
			m := mend.At(src, at, typing)
			if len(m.Document.Source()) > 0 && !m.Document.Whole() && !tooDeep(m.Document) {
				t.Errorf("%q at %d becomes %q", src, at, m.Document.Source())
			}
			if m.Slot != mend.NoSlot && (m.Token.Start > at || m.Token.End < at) {
				t.Errorf("%q at %d: the token is at %v", src, at, m.Token)
			}
			if m.Slot == mend.ValueSlot && !m.Member.Exists() && !tooDeep(m.Document) {
				t.Errorf("%q at %d: a value of nothing in %q", src, at, m.Document.Source())
			}
		}
		// Nothing is typed after the end.
		if doc, err := patchlint.Parse(src, patchlint.JSON); err == nil && len(doc.Faults()) == 0 {
			m := mend.At(src, len(src), false)
			if !bytes.Equal(compact(doc.Root()), compact(m.Document.Root())) {
				t.Errorf("%q becomes %q", src, m.Document.Source())
			}
		}
	})
}

// tooDeep reports whether a text was not read to its end because of its nesting.
func tooDeep(doc *patchlint.Document) bool {
	return len(doc.Faults()) > 0 && doc.Faults()[0].Rule == "json-limit"
}

// compact returns the kinds, names and scalars of a value, without what separates them.
func compact(n patchlint.Node) []byte {
	var b []byte
	for n := range n.All() {
		b = append(append(b, byte(n.Kind())), n.Name()...)
		if n.Kind() < patchlint.Object {
			b = append(b, n.Raw()...)
		}
	}
	return b
}

// TestPlaces checks that positions lead back to their offsets.
func TestPlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := []byte(rapid.StringOfN(rapid.SampledFrom([]rune("a\r\n\u00e9\U0001f600 ")), 0, 30, -1).Draw(t, "text"))
		for _, in := range []encoding{utf8Units, utf16Units} {
			now := newText(src, in)
			for i := range string(src) {
				p := now.position(i)
				if inBreak := i > 0 && src[i] == '\n' && src[i-1] == '\r'; !inBreak && now.offset(p) != i {
					t.Fatalf("%q: %d is %v, but that is %d", src, i, p, now.offset(p))
				}
			}
		}
	})
}

// TestDifference checks that passes of edits are combined into one list of edits with the
// same effect.
func TestDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := []byte(rapid.StringMatching(`[a-z]{0,20}`).Draw(t, "text"))
		text, origin := src, make([]int, len(src))
		for i := range origin {
			origin[i] = i
		}
		for range rapid.IntRange(1, 4).Draw(t, "passes") {
			var edits []patchlint.Edit
			for at := 0; at <= len(text) && rapid.Bool().Draw(t, "more"); {
				start := rapid.IntRange(at, len(text)).Draw(t, "start")
				end := rapid.IntRange(start, len(text)).Draw(t, "end")
				edits = append(edits, patchlint.Edit{Span: patchlint.Span{Start: start, End: end}, NewText: rapid.StringMatching(`[A-Z]{0,3}`).Draw(t, "by")})
				at = end + 1
			}
			origin = trackOrigin(origin, edits)
			var err error
			if text, err = fixes.ApplyEdits(text, edits); err != nil {
				t.Fatal(err)
			}
		}
		got, err := fixes.ApplyEdits(src, difference(text, origin, len(src)))
		if err != nil || string(got) != string(text) {
			t.Fatalf("%v: %q becomes %q, want %q", err, src, got, text)
		}
	})
}
