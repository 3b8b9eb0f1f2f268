package main

import (
	"bytes"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/secret"
)

// change returns the change of a file as git apply reads it, without credentials.
// They are masked before the texts are compared, so that a mask takes no time
// that depends on how many there are.
func change(reader *input.Reader, name string, before, after []byte) []byte {
	masker := new(secret.Masker)
	before, after = redacted(reader, name, before, masker), redacted(reader, name, after, masker)
	return []byte(masker.Mask(string(unified(name, before, after))))
}

// redacted returns a text of a file with its credentials masked, and adds them to
// a masker.
func redacted(reader *input.Reader, name string, src []byte, masker *secret.Masker) []byte {
	whole := patchlint.Unparsed(src)
	masker.Add(whole)
	spans := slices.Clone(secret.Find(whole))
	for p, err := range reader.Read(name, bytes.NewReader(src)) {
		if err != nil {
			break // a reader of bytes does not fail
		}
		if p.Skipped != "" {
			continue // it has no document
		}
		masker.Add(p.Document)
		doc, _ := p.InFile(nil, nil)
		before := int(doc.Origin().Offset)
		for _, s := range secret.Find(doc) {
			spans = append(spans, patchlint.Span{Start: before + s.Start, End: before + s.End})
		}
	}
	return secret.RedactSpans(src, spans)
}

// acted reports whether what reads a stream acts on what is written to it: a
// terminal on escape sequences, the log of a build service on commands.
func acted(w io.Writer) bool {
	if terminal(w) {
		return true
	}
	for _, name := range []string{"CI", "GITHUB_ACTIONS", "TF_BUILD", "GITLAB_CI", "TEAMCITY_VERSION"} {
		if value := os.Getenv(name); value != "" && !strings.EqualFold(value, "false") {
			return true
		}
	}
	return false
}

// inertDiff returns a diff in which nothing is acted on where it is shown. Every line
// stays a line, and a tab a tab.
func inertDiff(text []byte) []byte {
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		body := strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r")
		parts := strings.Split(body, "\t")
		for i := range parts {
			parts[i] = inert.Show(parts[i])
		}
		b.WriteString(uncommanded(strings.Join(parts, "\t")))
		b.WriteString(line[len(body):])
	}
	return []byte(b.String())
}
