// Package corpus provides test data: the payloads of testdata/payload, mutations of them
// such as people and scripts make by mistake, and texts that terminals and build services
// obey.
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

// Payload is a payload in testdata/payload.
type Payload struct {
	// Name is the path below the directory, such as "ok/full-object.json".
	Name string
	// Source is the text as JSON. What only JSONC allows is replaced by spaces, so that
	// offsets stay the same.
	Source []byte
	// Version is the API version of the payload: "beta" or "v1.0".
	Version string
}

// Payloads returns the payloads below dir, sorted by name. A file whose name ends in
// "-v1.0" before the extension is for v1.0, any other for beta.
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

// strict converts JSONC to JSON of the same length and with the same lines. It keeps
// the faults that JSONC has, too.
func strict(src []byte) []byte {
	doc, _ := patchlint.Parse(src, patchlint.JSONC) // comments are found despite faults
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

// blank overwrites text with spaces, but keeps line ends.
func blank(text []byte) {
	for i, c := range text {
		if c != '\n' && c != '\r' {
			text[i] = ' '
		}
	}
}

// Sampled reports whether a test runs its nth case: one in 251, or all with
// PATCHLINT_EXHAUSTIVE=1. Because 251 is prime, the sample covers all values and kinds
// of mutation.
func Sampled(n int) bool { return n%Size(251, 1) == 0 }

// Size returns the size of a test: few, or many with PATCHLINT_EXHAUSTIVE=1.
func Size(few, many int) int {
	if Exhaustive() {
		return many
	}
	return few
}

// Exhaustive reports whether tests are to leave nothing out, with PATCHLINT_EXHAUSTIVE=1.
func Exhaustive() bool { return os.Getenv("PATCHLINT_EXHAUSTIVE") == "1" }
