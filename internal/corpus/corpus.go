// Package corpus supports tests: it reads the payloads of testdata/payload, breaks
// each of them in every way that a person or a script is known to, and knows the
// texts that terminals and build services obey.
package corpus

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
)

// Payload is one payload of the corpus.
type Payload struct {
	// Name is the file below the corpus, such as "ok/full-object.json".
	Name string
	// Source is the text as JSON: what only JSONC allows is blanked out, so
	// that every byte keeps its place in the file.
	Source []byte
	// Version is the API version that the payload is written for, "beta" or
	// "v1.0".
	Version string
}

// Payloads reads the payloads below dir, sorted by name. A file whose name ends
// in "-v1.0" before its extension is for v1.0, every other one for beta.
func Payloads(dir string) ([]Payload, error) {
	root := os.DirFS(dir)
	var list []Payload
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		extension := path.Ext(name)
		if err != nil || entry.IsDir() || extension != ".json" && extension != ".jsonc" {
			return err
		}
		src, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		p := Payload{Name: name, Source: src, Version: "beta"}
		if strings.HasSuffix(strings.TrimSuffix(name, extension), "-v1.0") {
			p.Version = "v1.0"
		}
		if extension == ".jsonc" {
			p.Source = strict(src)
		}
		list = append(list, p)
		return nil
	})
	slices.SortFunc(list, func(a, b Payload) int { return strings.Compare(a.Name, b.Name) })
	return list, err
}

// strict returns a JSONC text as JSON of the same length and lines. Faults that
// JSONC has too stay in it.
func strict(src []byte) []byte {
	doc, _ := patchlint.Parse(src, patchlint.JSONC) // what was read tells of its comments
	plain := bytes.Clone(src)
	for _, comment := range doc.Comments() {
		blank(plain[comment.Start:comment.End])
	}
	doc, _ = patchlint.Parse(bytes.Clone(plain), patchlint.JSON)
	for _, fault := range doc.Faults() {
		for _, fix := range fault.Fixes {
			for _, edit := range fix.Edits {
				if text := plain[edit.Span.Start:edit.Span.End]; edit.NewText == "" && string(text) == "," {
					blank(text)
				}
			}
		}
	}
	return plain
}

// blank overwrites text with spaces and keeps its line ends.
func blank(text []byte) {
	for i, c := range text {
		if c != '\n' && c != '\r' {
			text[i] = ' '
		}
	}
}

// Sampled reports whether a test runs the nth of very many cases: one in 61, and all
// of them where the environment has PATCHLINT_EXHAUSTIVE=1. A prime number of mutations
// apart are every value and every kind of mutation, sooner or later.
func Sampled(n int) bool { return n%Size(61, 1) == 0 }

// Size returns how large a test is: few, and many where the environment has
// PATCHLINT_EXHAUSTIVE=1.
func Size(few, many int) int {
	if os.Getenv("PATCHLINT_EXHAUSTIVE") == "1" {
		return many
	}
	return few
}
