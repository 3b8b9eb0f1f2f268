// Package check reads and lints a file and emits the findings payload by payload. The
// command and the language server share it, so that they report the same.
package check

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/internal/settings"
	"github.com/patchlint/patchlint/validate"
)

// Checker lints files. It is safe for concurrent use, except for Join.
type Checker struct {
	Settings *settings.Run
	Stdin    io.Reader
	// Edited returns the text of a file that is open in an editor; nil outside editors.
	Edited func(name string) (text []byte, ok bool)
	Reader input.Reader // with a Limit

	// SkipUnknown also skips files of unknown type that were named.
	SkipUnknown bool
	// Fix applies safe fixes, and Unsafe all fixes; with DryRun no file is written. Repair
	// fixes regular files, all of them before the first is checked; Check fixes
	// standard input, and fails if another source needs a fix.
	Fix, Unsafe, DryRun bool
	Repairs             map[string]*Repair // the outcomes of Repair, by path

	CrossFile validate.Run // findings that depend on several payloads
}

// File checks one file.
type File struct {
	*Checker
	source *files.Source
	linter *validate.Linter
	target validate.Target
	emit   func(Event) bool // returns false to stop

	result  Result
	err     error               // from reading the file or from an unknown type
	hasText bool                // the file is not empty
	secrets *patchlint.Document // credentials in records so far; nil for none
	records int                 // the number of records of unknown type
	pending []Event             // text around requests, to be emitted before the first payload
}

// NewFile returns a File for a source, with the linter that the settings select.
func (c *Checker) NewFile(s *files.Source) *File {
	of := c.Settings.Of(s.Name())
	return &File{Checker: c, source: s, linter: of.Linter, target: of.Target}
}

// Check reads and lints a file. It emits its payloads until emit returns false.
func (c *Checker) Check(s *files.Source, emit func(Event) bool) Result {
	f := c.NewFile(s)
	f.emit = emit
	result := &f.result
	if err := f.read(); err != nil {
		result.fail(s, err)
	}
	if r := c.Repairs[s.Path]; r != nil {
		result.Fixes, result.Err = r.Made, cmp.Or(result.Err, r.Err)
	}
	switch format, _ := input.ForName(s.Name()); {
	case format.Requests && f.records == 0:
		result.Reason = NoUpdate
	case !f.hasText:
		result.Reason = NoContent
	}
	if result.Checked {
		result.SkippedRecords = f.records
	}
	return *result
}

// read emits the payloads of the file.
func (f *File) read() error {
	s, result := f.source, &f.result
	from, err := s.Open(f.Stdin)
	if err != nil {
		return err
	}
	defer from.Close()
	var text io.Reader = from
	switch {
	case s.Excluded():
		result.Ignored, result.Important = s.Name()+" is excluded", true
		text, err := io.ReadAll(from) // let the writer finish
		if f.Fix && !f.DryRun {
			result.Change = text
		}
		return err
	case f.Fix && !s.Regular():
		src, r, err := f.repair(from)
		switch {
		case err != nil:
			return err
		case f.DryRun:
			if r.Made > 0 {
				result.Change = unified(&f.Reader, s.Name(), src, r.Text)
			}
		case s.Path != "-" && r.Made > 0: // a pipe, for example
			result.fail(s, errors.New("cannot be fixed, because it is not a regular file"))
			r = Repair{Text: src}
		case s.Path == "-" && int64(len(src)) <= f.Reader.Limit:
			result.Change = r.Text
		}
		result.Fixes, text = r.Made, bytes.NewReader(r.Text)
	case f.DryRun:
		if r := f.Repairs[s.Path]; r != nil && r.Text != nil {
			if text = bytes.NewReader(r.Text); r.Again {
				break
			}
			src, err := io.ReadAll(from)
			if err != nil {
				return err
			}
			result.Change = unified(&f.Reader, s.Name(), src, r.Text)
		}
	}
	f.Reader.Read(s.Name(), text, f.open)(f.payload)
	return f.err
}

// open opens an included file, with the text that it has in an editor or that Repair would
// write.
func (f *File) open(name string) (shown string, file io.ReadCloser, err error) {
	shown, file, err = f.source.OpenBeside(name, f.Settings.Excludes)
	text, ok := []byte(nil), false
	if r := f.Repairs[shown]; r != nil {
		text, ok = r.Text, r.Text != nil
	} else if f.Edited != nil {
		text, ok = f.Edited(shown)
	}
	if ok && file != nil {
		file.Close()
		file = io.NopCloser(bytes.NewReader(text))
	}
	return shown, file, err
}

// payload lints and emits a payload. If the file has a payload, it also emits the
// findings in skipped text: a record that does not parse, or text around a request.
func (f *File) payload(p *input.Payload, err error) bool {
	if err != nil {
		f.err = err
		return false
	}
	f.hasText = f.hasText || p.File != nil || len(bytes.TrimSpace(p.Document.Source())) > 0
	if p.Skip.Reason != "" {
		f.skip(p)
		f.Reader.Release(p)
		return true
	}
	e, ok, err := f.lint(p)
	if err != nil {
		f.err = err
		f.Reader.Release(p)
		return false
	}
	if !ok && (f.result.Checked || p.Around != nil) {
		e = remainder(e)
		if ok = len(e.Findings) > 0; ok && !f.result.Checked {
			f.skip(p)
			f.pending = append(f.pending, e)
			return true
		}
	}
	if !ok {
		f.result.TooLarge = f.result.TooLarge || p.TooLarge
		f.skip(p)
		f.Reader.Release(p)
		return true
	}
	f.shareSecrets(&e)
	if p.Encoding != "" && !f.result.Checked {
		e.Findings = append([]patchlint.Diagnostic{f.encodingFinding(&e)}, e.Findings...)
		slices.SortStableFunc(e.Findings, patchlint.Diagnostic.Compare)
	}
	for _, before := range f.pending {
		f.emitEvent(before)
	}
	f.pending, f.result.Checked = nil, true
	return f.emitEvent(e)
}

// encodingFinding returns the finding that a file is not in UTF-8. It has no fix,
// because edits refer to the decoded text; repair writes the file in UTF-8 before it
// applies them.
func (f *File) encodingFinding(e *Event) patchlint.Diagnostic {
	p, remedy := e.Payload, "save it as UTF-8"
	if e.ours && len(p.Document.Faults()) == 0 {
		remedy += " (lint --fix does)"
	}
	if files.EncodedByGit(cmp.Or(p.Name, f.source.Name())) {
		remedy = "save it as UTF-8, and remove the git attribute working-tree-encoding"
	}
	return applySeverities(f.linter, []patchlint.Diagnostic{{
		Rule: "json-encoding", Severity: patchlint.Error,
		Message: fmt.Sprintf("the file is %s, but Graph accepts only UTF-8; %s", p.Encoding, remedy),
	}})[0]
}

// skip records a payload that is not checked.
func (f *File) skip(p *input.Payload) {
	if p.File == nil || p.Part == "" {
		f.records++
		return
	}
	skip := input.Skip{
		Part: shownRequest(p.File, p.Part), Reason: secret.Mask(p.File, cmp.Or(p.Skip.Reason, NoType.String())),
		Important: p.Skip.Important, Unchecked: p.Skip.Unchecked || p.Skip.Reason == "",
	}
	f.result.SkippedRequests = append(f.result.SkippedRequests, skip)
}

// shownRequest returns the method and URL of a request in a document, without
// credentials.
func shownRequest(doc *patchlint.Document, text string) string {
	// It may be anything, such as incomplete JSON.
	line, _ := patchlint.Parse([]byte(text), patchlint.JSON)
	return secret.Mask(doc, string(secret.Redact(line, patchlint.Span{End: len(text)})))
}

// emitEvent emits an event, without its payload if nothing will need it.
func (f *File) emitEvent(e Event) bool {
	// An included file may also be linted itself, and counts only once.
	e.CrossFile = e.Name == "" && f.CrossFile.Concerns(e.Linter, e.Document)
	if len(e.Findings) == 0 && !e.CrossFile {
		f.Reader.Release(e.Payload)
		e.Payload, e.Document = nil, nil
	}
	return f.emit(e)
}

// remainder lints what is not a payload: the text around a request, or a record that
// does not parse.
func remainder(e Event) Event {
	p := e.Payload
	var found, around []patchlint.Diagnostic
	switch {
	case p.Around != nil:
		limits := slices.DeleteFunc(p.Notes, func(d patchlint.Diagnostic) bool { return d.Rule != "json-limit" }) // of the whole file
		around = append(e.Linter.LintDocument(p.Around, e.Target), applySeverities(e.Linter, limits)...)
	case len(p.Document.Faults()) > 0:
		found = slices.DeleteFunc(e.Linter.LintDocument(p.Document, e.Target), func(d patchlint.Diagnostic) bool { return !strings.HasPrefix(d.Rule, "json-") })
	default:
		return e
	}
	e.Document, e.Findings = p.InFile(found, around)
	e.concealSecrets(p)
	return e
}

// concealSecrets masks the findings' copies of credentials that occur elsewhere in the
// file.
func (e *Event) concealSecrets(p *input.Payload) {
	if p.File != nil && len(e.Findings) > 0 {
		e.Findings = secret.Conceal(p.File, e.Findings)
		secret.Share(p.Document, p.File)
		if e.Document != p.Document {
			secret.Share(e.Document, p.Document)
		}
	}
}

// shareSecrets masks the findings' copies of credentials in earlier records, and
// gathers the credentials of this one. It does nothing for a record without findings.
func (f *File) shareSecrets(e *Event) {
	if len(e.Findings) == 0 {
		return
	}
	if format, _ := input.ForName(f.source.Name()); !format.Lines {
		return // a file of requests is searched as a whole
	}
	if f.secrets != nil {
		e.Findings = secret.Conceal(f.secrets, e.Findings)
		secret.Share(e.Document, f.secrets)
	}
	f.secrets = secret.Gather(f.secrets, cmp.Or(e.Payload.File, e.Payload.Document)) // File has the lines before it that do not parse
}

// Join adds the findings that depend on the payload and earlier ones. It must be called
// by one goroutine, in the order of the files.
func (c *Checker) Join(e *Event) {
	if !e.CrossFile {
		return
	}
	if more := c.CrossFile.Add(e.Linter, e.Source.Name(), e.Document, e.Target); len(more) > 0 {
		e.Findings = append(e.Findings, more...)
		slices.SortStableFunc(e.Findings, patchlint.Diagnostic.Compare)
	}
}

// fail sets why a source cannot be read or fixed.
func (r *Result) fail(s *files.Source, err error) {
	err = files.Plain(err)
	if r.Ignored, r.Important = s.Unavailable(err); r.Ignored != "" {
		return
	}
	if !strings.Contains(err.Error(), s.Name()) {
		err = fmt.Errorf("%s: %w", s.Name(), err)
	}
	r.Err = err
}
