package validate

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// TestWords holds that the short search for a word finds it wherever it stands.
func TestWords(t *testing.T) {
	words := slices.Clone(secretWords)
	for _, c := range credentials {
		words = append(words, c.needle)
	}
	for _, w := range words {
		rare := w.text[w.rare : w.rare+1]
		for _, text := range []string{
			"", rare, w.text, "x" + w.text, w.text + "x", strings.Repeat(rare, 3) + w.text + rare,
			w.text[1:], w.text[:len(w.text)-1], w.text[1:] + w.text, strings.Repeat(w.text[:len(w.text)-1], 2), "x" + w.text[w.rare:],
		} {
			if got, want := w.in([]byte(text)), bytes.Contains([]byte(text), []byte(w.text)); got != want {
				t.Errorf("%q in %q: %t, want %t", w.text, text, got, want)
			}
		}
	}
}
