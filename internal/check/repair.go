package check

import (
	"fmt"
	"io"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/charset"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/input"
)

// Repair is the outcome of fixing a file.
type Repair struct {
	Made  int    // the number of fixes
	Text  []byte // with DryRun, the fixed text if there are fixes
	Again bool   // the file was fixed under an earlier name, whose diff shows all fixes
	Err   error
}

// Repair fixes a regular file. It ignores one that cannot be opened, which Check reports.
func (c *Checker) Repair(s *files.Source) Repair {
	from, err := s.Open(nil)
	if err != nil {
		return Repair{}
	}
	_, r, err := c.NewFile(s).repair(from)
	from.Close() // before it is replaced
	switch {
	case err == nil && r.Made == 0:
		return Repair{}
	case err == nil && !c.DryRun:
		err = files.Replace(s.Path, r.Text)
		r.Text = nil
	}
	if err != nil {
		var failed Result
		failed.fail(s, err)
		return Repair{Err: failed.Err}
	}
	return r
}

// repair returns a text in UTF-8 and its Repair, always with Text. It does not fix a text
// above the limit.
func (f *File) repair(from io.Reader) (src []byte, r Repair, err error) {
	s := f.source
	src, err = io.ReadAll(io.LimitReader(from, f.Reader.Limit+1))
	if format, _ := input.ForName(s.Name()); err == nil && int64(len(src)) > f.Reader.Limit {
		if format.Several() {
			err = fmt.Errorf("%s: larger than %d bytes, so it was not fixed; --max-bytes raises the limit", s.Name(), f.Reader.Limit)
		}
		return src, Repair{Text: src}, err
	}
	made := 0
	if text, ok := charset.UTF8(src); ok && !files.EncodedByGit(s.Name()) {
		if _, types := f.Fixable(text); len(types) > 0 && !slices.Contains(types, "") {
			src, made = text, 1
		}
	}
	fixed, _, more := fixes.Apply(src, f.Unsafe, f.Fixable)
	return src, Repair{Made: made + more, Text: fixed}, err
}

// Fixable returns the findings in a text of the file, with fixes that apply to the
// whole text, and the types of its payloads: "" for a type that is not certain, and nil
// if the text is not valid.
func (f *File) Fixable(src []byte) (findings []patchlint.Diagnostic, types []string) {
	linter, file := *f.linter, *f
	linter.Limit = max(linter.Limit, fixes.MaxFindings)
	file.linter = &linter
	reader := input.Reader{Limit: f.Reader.Limit, Faults: linter.Limit, Models: f.Reader.Models, Version: f.Reader.Version}
	valid := true
	types = []string{} // not nil, which would mean invalid
	for p := range reader.Payloads(f.source.Name(), src) {
		e, ok, err := file.lint(p)
		if err != nil {
			return nil, nil // linting the text reports the error
		}
		if !ok {
			continue
		}
		valid = valid && p.Document.Whole() && !slices.ContainsFunc(p.Document.Faults(), func(f patchlint.Diagnostic) bool { return f.Rule == "json-syntax" })
		e.PlaceEdits()
		if !e.ours {
			e.Type = ""
		}
		findings, types = append(findings, e.Findings...), append(types, e.Type)
	}
	if !valid {
		return findings, nil
	}
	return findings, types
}
