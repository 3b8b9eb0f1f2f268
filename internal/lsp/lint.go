package lsp

import (
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/check"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/settings"
	"github.com/patchlint/patchlint/internal/span"
	"github.com/patchlint/patchlint/validate"
)

// finding is a diagnostic whose spans are relative to the file, and its form for the client.
type finding struct {
	patchlint.Diagnostic
	shown   diagnostic
	payload int // the number of findings of earlier payloads, which identifies its payload
}

// fault returns the finding that a document cannot be checked or used.
func fault(at textRange, message string) []finding {
	return []finding{{shown: diagnostic{Range: at, Severity: severityError, Source: "patchlint", Message: message}}}
}

// retract removes the findings of a document that was closed or replaced.
func (s *server) retract(d *document) {
	if s.documents[d.uri] == nil {
		s.sendDiagnostics(d.uri, nil, []diagnostic{})
	}
	s.setFindings(d, nil)
}

// sendDiagnostics sends the diagnostics of a file to the client. The version is nil if
// the file is not open.
func (s *server) sendDiagnostics(uri string, version *int, shown []diagnostic) {
	p := object{"uri": uri, "diagnostics": shown}
	if version != nil {
		p["version"] = version
	}
	s.conn.write(object{"jsonrpc": "2.0", "method": "textDocument/publishDiagnostics", "params": p})
}

// setFindings replaces the findings of a document, by path, and publishes those in the
// files that they are in or were in, except in files that are outdated.
func (s *server) setFindings(d *document, found map[string][]finding) {
	s.dirty = slices.DeleteFunc(s.dirty, func(other *document) bool { return other == d })
	changed := maps.Collect(maps.All(found))
	maps.Copy(changed, d.found)
	d.found = found
	for _, path := range slices.Sorted(maps.Keys(changed)) {
		if len(s.outdated(path)) == 0 {
			s.publish(path)
		}
	}
}

// publish sends the diagnostics of a file.
func (s *server) publish(path string) {
	shown := []diagnostic{}
	for _, f := range s.findingsIn(path) {
		shown = append(shown, f.shown)
	}
	open := false
	for _, d := range s.documents { // the client may have opened it by several URIs
		if d.name() == path {
			open = true
			s.sendDiagnostics(d.uri, &d.version, shown)
		}
	}
	if !open && filepath.IsAbs(filepath.FromSlash(path)) {
		s.sendDiagnostics(report.FileURI(path), nil, shown)
	}
}

// findingsIn returns the findings in a file, sorted. If several payloads have the same
// finding, because several requests send the file or it is also open itself, it takes that
// of the first payload of the first document by path.
func (s *server) findingsIn(path string) (all []finding) {
	type place struct {
		rule  string
		start int
	}
	type payload struct {
		of     *document
		number int
	}
	first := make(map[place]payload)
	for _, d := range slices.SortedFunc(maps.Values(s.documents), func(a, b *document) int { return strings.Compare(a.path, b.path) }) {
		for _, f := range d.found[path] {
			at, by := place{f.Rule, f.Span.Start}, payload{d, f.payload}
			if _, known := first[at]; !known {
				first[at] = by
			}
			if first[at] == by {
				all = append(all, f)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b finding) int { return a.Compare(b.Diagnostic) })
	return all
}

// outdated returns the dirty documents that may change the findings in a file when they
// are linted.
func (s *server) outdated(path string) (list []*document) {
	for _, d := range s.dirty {
		if d.name() == path || d.found[path] != nil {
			list = append(list, d)
		}
	}
	return list
}

// current updates the findings in a document for its current text and settings.
func (s *server) current(d *document) {
	if f := s.folderOf(d.path); d.folder != nil && d.folder != f { // which touches the documents if their settings have changed
		s.touch(d)
	}
	for _, o := range s.outdated(d.name()) {
		s.lint(o)
	}
}

// lint lints a document and sets its findings.
func (s *server) lint(d *document) {
	d.ours, d.fixed = false, nil
	found := map[string][]finding{d.name(): {}}
	checked := recovered(func() {
		if d.path == "" {
			return
		}
		d.folder = s.folderOf(d.path)
		switch _, walked := input.ForName(d.path); {
		case filepath.Base(d.path) == settings.Name:
			found[d.name()] = settingsFault(d)
		case !walked:
		case d.folder.failure != nil:
			found[d.name()] = refuse(d)
		default:
			s.check(d, found)
		}
	})
	if !checked {
		found = map[string][]finding{d.name(): notChecked(d, defect.Message)}
	}
	s.setFindings(d, found)
}

// check adds the findings that a run of lint over the folder has for a document, by path.
func (s *server) check(d *document, found map[string][]finding) {
	f := d.folder
	path := f.path(d)
	if !f.walked(path) {
		return
	}
	source := files.Edited(path, d.text.src)
	c := &f.checker
	c.CrossFile = validate.Run{}
	format, _ := input.ForName(path)
	alone := !(filepath.IsAbs(d.path) && s.addPreceding(f, path)) && !format.Several()
	known := *f.known // with fingerprints of its own
	c.Check(&source, func(e check.Event) bool {
		d.ours = true
		if e.CrossFile && (!alone || recognize.IsBatch(e.Document)) {
			c.Join(&e)
		}
		if len(e.Findings) > 0 {
			e.PlaceEdits()
			file := report.File{Name: e.FileName(), Record: e.Record, Part: e.Part, Document: e.Document, Findings: e.Findings, Names: e.Linter.Names}
			if file.Root = f.roots.Of(file.Name); file.Root == file.Name { // in no repository
				relative, _ := filepath.Rel(f.dir, file.Name) // both are absolute, and the file is in the folder
				file.Root = filepath.ToSlash(relative)
			}
			known.Filter(&file)
			s.collect(d, file.Named(), e.Name != "", found)
		}
		if e.Payload != nil {
			c.Reader.Release(e.Payload)
		}
		return true
	})
}

// collect adds the findings of a payload, which is in the document, or with sent in a
// file that the document sends.
func (s *server) collect(d *document, file *report.File, sent bool, found map[string][]finding) {
	move := func(at patchlint.Span) patchlint.Span { return span.InFile(file.Document, at) }
	path, uri := d.name(), d.uri
	place := func(at patchlint.Span) textRange { return d.text.textRange(move(at)) }
	if sent {
		path, uri = file.Name, s.uriOf(file.Name, d.folder)
		place = func(at patchlint.Span) textRange { return s.rangeIn(file.Document, at) }
	}
	payload := len(found[path])
	for _, one := range file.Findings {
		f := finding{one, s.diagnosticOf(one, d.folder, uri, place), payload}
		f.Span, f.Fixes = move(one.Span), file.Applicable(one)
		found[path] = append(found[path], f)
	}
}

var severities = [...]int{
	patchlint.Error: severityError, patchlint.Warning: severityWarning, patchlint.Info: severityInformation,
}

// diagnosticOf returns a finding in a folder as a diagnostic of LSP; place returns the range
// of a span of the file.
func (s *server) diagnosticOf(d patchlint.Diagnostic, f *folder, uri string, place func(patchlint.Span) textRange) diagnostic {
	shown := diagnostic{
		Range: place(d.Span), Severity: severities[d.Severity], Source: "patchlint", Message: d.Message,
		Code: d.Rule, CodeDescription: object{"href": report.RulePage(d.Rule)},
	}
	if strings.HasPrefix(d.Rule, "deprecated-") {
		shown.Tags = []int{tagDeprecated}
	}
	if s.client.TextDocument.PublishDiagnostics.RelatedInformation {
		for _, r := range d.Related {
			at := object{"uri": uri, "range": place(r.Span)}
			if r.Document != nil {
				at = object{"uri": s.uriOf(r.File, f), "range": s.rangeIn(r.Document, r.Span)}
			}
			shown.RelatedInformation = append(shown.RelatedInformation, object{"location": at, "message": r.Message})
		}
	}
	return shown
}

// rangeIn returns the range of a span of another document.
func (s *server) rangeIn(doc *patchlint.Document, span patchlint.Span) textRange {
	of := doc.Position
	if s.units == utf16Units {
		of = doc.PositionUTF16
	}
	line, column := of(span.Start)
	endLine, endColumn := of(span.End)
	return textRange{position{line - 1, column - 1}, position{endLine - 1, endColumn - 1}}
}

// notChecked returns the finding that a document is not checked.
func notChecked(d *document, why string) []finding {
	return fault(d.text.textRange(patchlint.Span{}), "not checked: "+why)
}

// refuse returns the finding that a document is not checked because its folder has a failure,
// or nil if the document has no payload.
func refuse(d *document) []finding {
	source := files.Edited(d.folder.path(d), d.text.src)
	if d.ours = d.folder.checker.Check(&source, func(check.Event) bool { return false }).Checked; !d.ours {
		return nil
	}
	return notChecked(d, d.folder.failure.Error())
}

// settingsFault returns the fault for which a run refuses the settings in a document, with its
// line: in its text or, if that has none, in the files that the saved text names.
func settingsFault(d *document) []finding {
	text := ""
	if _, err := settings.Parse(d.text.src); err != nil {
		text = err.Error()
	} else if relative, err := filepath.Rel(d.folder.dir, d.path); err == nil && d.folder.failure != nil {
		text, _ = strings.CutPrefix(d.folder.failure.Error(), files.Display(relative)+":")
	}
	place, message, _ := strings.Cut(text, ": ")
	number, _, _ := strings.Cut(place, ":")
	line, err := strconv.Atoi(number)
	if err != nil {
		return nil
	}
	line = min(line, len(d.text.lines)) - 1
	return fault(d.text.textRange(patchlint.Span{Start: int(d.text.lines[line]), End: d.text.endOf(line)}), message)
}
