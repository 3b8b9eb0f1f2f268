package lsp

import (
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/check"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/settings"
	"github.com/patchlint/patchlint/validate"
)

// result is what was found in a version of a document.
type result struct {
	doc    *document
	text   *text
	folder *folder
	stamp  string               // of the folder
	ours   bool                 // the document shows a payload
	found  map[string][]finding // by the path of the file: of the document, or one that it sends
	fixed  []patchlint.Edit     // by all safe fixes, nil until that is asked
}

// finding is one with its place and those of its fixes in the file.
type finding struct {
	patchlint.Diagnostic
	shown diagnostic
}

// publish tells the client what is found in a document, and in the files that it sends.
func (s *server) publish(d *document) {
	s.lint(d)
	s.tell()
}

// retract tells the client that nothing is said of a document, or by it, any more.
func (s *server) retract(d *document) {
	s.note(d, nil)
	if s.documents[d.uri] == nil {
		s.send(d.uri, nil, []diagnostic{})
	}
	s.tell()
}

// abandon tells the client that a document is not checked, because of a defect.
func (s *server) abandon(d *document) {
	d.result = nil
	s.note(d, map[string][]finding{d.name(): notChecked(d.text, defect.Message)})
	s.tell()
}

// notChecked is what is said of a document that is not checked.
func notChecked(t *text, why string) []finding {
	return []finding{{shown: diagnostic{Range: t.textRange(patchlint.Span{}), Severity: severityError, Source: "patchlint", Message: "not checked: " + why}}}
}

// send publishes the findings of a file to the client. The version is nil unless the
// client has the file open.
func (s *server) send(uri string, version *int, shown []diagnostic) {
	p := object{"uri": uri, "diagnostics": shown}
	if s.client.TextDocument.PublishDiagnostics.VersionSupport && version != nil {
		p["version"] = version
	}
	s.conn.notify("textDocument/publishDiagnostics", p)
}

// note takes note of what a document says now, and of the files about which that is
// news.
func (s *server) note(d *document, found map[string][]finding) {
	for path, by := range s.found {
		if _, said := by[d]; said {
			s.news[path] = true
			if delete(by, d); len(by) == 0 {
				delete(s.found, path)
			}
		}
	}
	for path, list := range found {
		s.news[path] = true
		if s.found[path] == nil {
			s.found[path] = make(map[*document][]finding)
		}
		s.found[path][d] = list
	}
}

// tell tells the client the news, except about documents that have changed since.
func (s *server) tell() {
	for _, path := range slices.Sorted(maps.Keys(s.news)) {
		shown := []diagnostic{}
		for _, f := range s.all(path) {
			shown = append(shown, f.shown)
		}
		open := false
		for _, d := range s.documents {
			if d.name() != path {
				continue
			}
			open = true
			if !d.dirty && (d.told != d.text || !reflect.DeepEqual(d.shown, shown)) {
				d.told, d.shown = d.text, shown
				s.send(d.uri, &d.version, shown)
			}
		}
		if !open && filepath.IsAbs(filepath.FromSlash(path)) {
			s.send(uriOf(path), nil, shown)
		}
	}
	clear(s.news)
}

// all returns the findings in a file, each once: of several documents that say the same,
// the first one in a walk is heard.
func (s *server) all(path string) (all []finding) {
	type place struct {
		rule  string
		start int
	}
	seen := make(map[place]bool)
	by := s.found[path]
	for _, d := range slices.SortedFunc(maps.Keys(by), func(a, b *document) int { return strings.Compare(a.path, b.path) }) {
		for _, f := range by[d] {
			if at := (place{f.Rule, f.Span.Start}); !seen[at] || len(by) == 1 {
				seen[at] = true
				all = append(all, f)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b finding) int { return patchlint.CompareDiagnostics(a.Diagnostic, b.Diagnostic) })
	return all
}

// current returns what is found in the newest text of a document.
func (s *server) current(d *document) *result {
	if r := d.result; r != nil && r.text == d.text && r.folder == s.folderOf(d.path) && r.stamp == r.folder.stamp {
		return r
	}
	return s.lint(d)
}

// lint returns what is found in the text of a document, and takes note of it.
func (s *server) lint(d *document) *result {
	r := &result{doc: d, text: d.text, found: map[string][]finding{d.name(): nil}}
	if d.path != "" {
		r.folder = s.folderOf(d.path)
		r.stamp, d.result = r.folder.stamp, r
		switch _, walked := input.ForName(d.path); {
		case !walked:
		case r.folder.failure != nil:
			s.unchecked(r)
		default:
			s.check(r)
		}
	}
	s.note(d, r.found)
	return r
}

// check lints the text of a file as a walk through its folder does.
func (s *server) check(r *result) {
	f := r.folder
	path := f.path(r.doc)
	if !f.walked(path) {
		return
	}
	source := files.Edited(path, r.text.src)
	c := &f.checker
	c.Together = validate.Run{}
	format, _ := input.ForName(path)
	alone := !(filepath.IsAbs(r.doc.path) && s.before(f, path)) && !format.Several
	known := f.known.Again()
	c.Check(&source, func(e check.Event) bool {
		if e.Ending != nil {
			return true
		}
		r.ours = true
		if e.Concerns && (!alone || isBatch(e)) {
			c.Join(&e)
		}
		if len(e.Found) > 0 {
			file := report.File{Name: e.InFile(), Record: e.Record, Part: e.Part, Document: e.Document, Findings: e.Found}
			file.Root = f.roots.Of(file.Name, file.Name)
			known.Pass(&file)
			s.collect(r, file.Named(e.Linter.Names), e.Name != "")
		}
		if e.Payload != nil {
			c.Reader.Release(e.Payload)
		}
		return true
	})
}

func isBatch(e check.Event) bool {
	_, batch := e.Linter.Batch(e.Document, e.Target)
	return batch
}

// collect adds the findings of a payload, which is in the document or in a file that it
// sends.
func (s *server) collect(r *result, file *report.File, sent bool) {
	before := int(file.Document.Origin().Offset)
	move := func(at patchlint.Span) patchlint.Span {
		return patchlint.Span{Start: before + at.Start, End: before + at.End}
	}
	path, uri := r.doc.name(), r.doc.uri
	place := func(at patchlint.Span) textRange { return r.text.textRange(move(at)) }
	if sent {
		path, uri = file.Name, s.uriOf(file.Name)
		place = func(at patchlint.Span) textRange { return s.rangeIn(file.Document, at) }
	}
	for _, d := range file.Findings {
		f := finding{d, s.shown(d, uri, place)}
		f.Span, f.Fixes = move(d.Span), nil
		for _, fix := range file.Applicable(d) {
			fix.Edits = slices.Clone(fix.Edits)
			for i := range fix.Edits {
				fix.Edits[i].Span = move(fix.Edits[i].Span)
			}
			f.Fixes = append(f.Fixes, fix)
		}
		r.found[path] = append(r.found[path], f)
	}
}

var severities = [...]int{
	patchlint.Error: severityError, patchlint.Warning: severityWarning, patchlint.Info: severityInformation,
}

// shown returns a finding as the client is shown it, in a file in which a span has this
// place.
func (s *server) shown(d patchlint.Diagnostic, uri string, place func(patchlint.Span) textRange) diagnostic {
	can := s.client.TextDocument.PublishDiagnostics
	shown := diagnostic{Range: place(d.Span), Severity: severities[d.Severity], Code: d.Rule, Source: "patchlint", Message: d.Message}
	if can.CodeDescriptionSupport {
		shown.CodeDescription = object{"href": report.RulePage(d.Rule)}
	}
	if strings.HasPrefix(d.Rule, "deprecated-") && slices.Contains(can.TagSupport.ValueSet, tagDeprecated) {
		shown.Tags = []int{tagDeprecated}
	}
	if can.RelatedInformation {
		for _, r := range d.Related {
			at := location{uri, place(r.Span)}
			if r.Document != nil {
				at = location{s.uriOf(r.File), s.rangeIn(r.Document, r.Span)}
			}
			shown.RelatedInformation = append(shown.RelatedInformation, object{"location": at, "message": r.Message})
		}
	}
	return shown
}

// rangeIn returns the range of a span of another document.
func (s *server) rangeIn(doc *patchlint.Document, span patchlint.Span) textRange {
	of := doc.Position
	if s.client.encoding == utf16Units {
		of = doc.PositionUTF16
	}
	start, end := of(span.Start), of(span.End)
	return textRange{position{start.Line - 1, start.Column - 1}, position{end.Line - 1, end.Column - 1}}
}

// unchecked says of a document that it is not checked, if it shows that it should be,
// and tells the user why.
func (s *server) unchecked(r *result) {
	source := files.Edited(r.folder.path(r.doc), r.text.src)
	plain := check.Checker{Linters: &settings.Linters{Run: new(settings.Run)}, Excludes: func(string) bool { return false }, Reader: input.Reader{Limit: patchlint.DefaultMaxBytes}}
	plain.Check(&source, func(e check.Event) bool {
		r.ours = r.ours || e.Ending == nil
		return true
	})
	if !r.ours {
		return
	}
	why := r.folder.failure.Error()
	r.found[r.doc.name()] = notChecked(r.text, why)
	if !r.folder.told {
		r.folder.told = true
		s.show(messageError, why)
	}
}
