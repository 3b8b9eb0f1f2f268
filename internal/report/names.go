package report

import (
	"slices"
	"strings"

	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/validate"
)

// withName returns an id with the name of its object before it, if that is known.
func withName(names *validate.Names, id string) string {
	name := names.Of(id)
	if name == "" {
		return inert.Text(id)
	}
	// A quote in a name must not seem to end it, followed by another id.
	return `"` + strings.ReplaceAll(inert.Text(name), `"`, `\"`) + `" (` + inert.Text(id) + ")"
}

// Named returns a file whose messages have the names of objects before their ids.
func (f *File) Named() *File {
	if f.Names == nil || len(f.Findings) == 0 {
		return f
	}
	file := *f
	file.Findings = slices.Clone(f.Findings)
	for i := range file.Findings {
		d := &file.Findings[i]
		d.Message, d.Related = withNames(f.Names, d.Message), slices.Clone(d.Related)
		for k := range d.Related {
			d.Related[k].Message = withNames(f.Names, d.Related[k].Message)
		}
	}
	return &file
}

// withNames returns a message with the names of objects before their ids. It leaves ids
// in quotes alone: they are text of values.
func withNames(names *validate.Names, text string) string {
	words := strings.SplitAfter(text, " ")
	for i, word := range words {
		id := strings.TrimRight(strings.TrimPrefix(word, "("), " ,;:.)")
		if form.IsGUID(id) && names.Of(id) != "" {
			words[i] = strings.Replace(word, id, withName(names, id), 1)
		}
	}
	return strings.Join(words, "")
}
