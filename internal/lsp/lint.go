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
	text     *text
	folder   *folder
	stamp    string // of the folder
	ours     bool   // the document shows a payload
	findings []finding
	fixed    []patchlint.Edit     // by all safe fixes, nil until that is asked
	bodies   map[string][]finding // in files that the document sends, by their paths
}

// finding is one with its places and those of its fixes in the document.
type finding struct {
	patchlint.Diagnostic
	shown diagnostic
}

// shownOf returns findings as the client is shown them.
func shownOf(findings []finding) []diagnostic {
	shown := make([]diagnostic, 0, len(findings))
	for _, f := range findings {
		shown = append(shown, f.shown)
	}
	return shown
}

// publish tells the client what is found in a document.
func (s *server) publish(d *document) {
	s.mu.Lock()
	t, version := d.text, d.version
	s.mu.Unlock()
	r := s.lint(d, t)
	s.mu.Lock()
	gone, overtaken := s.documents[d.uri] != d, d.text != t
	s.mu.Unlock()
	if gone || overtaken {
		return // it is dirty again
	}
	shown := shownOf(s.all(d, r))
	if d.shownText != t || !reflect.DeepEqual(d.shown, shown) {
		d.shownText, d.shown = t, shown
		s.send(d.uri, &version, shown)
	}
	s.spread(d, r.bodies)
}

// retract tells the client that nothing is said of a document any more.
func (s *server) retract(d *document) {
	s.mu.Lock()
	reopened := s.documents[d.uri] != nil
	s.mu.Unlock()
	if !reopened {
		s.send(d.uri, nil, []diagnostic{})
	}
	s.spread(d, nil)
}

// abandon tells the client that a document is not checked, because of a defect.
func (s *server) abandon(d *document) {
	d.result, d.shownText = nil, nil
	s.send(d.uri, nil, []diagnostic{{Severity: severityError, Source: "patchlint", Message: "not checked: " + defect.Message}})
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

// spread takes note of what was found in the files that a document sends, and tells
// the client of those where that is news.
func (s *server) spread(d *document, bodies map[string][]finding) {
	news := make(map[string]bool)
	for path, by := range s.bodies {
		if len(by[d]) > 0 {
			news[path] = true
			delete(by, d)
		}
	}
	for path, found := range bodies {
		news[path] = true
		if s.bodies[path] == nil {
			s.bodies[path] = make(map[*document][]finding)
		}
		s.bodies[path][d] = found
	}
	for _, path := range slices.Sorted(maps.Keys(news)) {
		uri := s.spelt(uriOf(path))
		s.mu.Lock()
		open := s.documents[uri]
		if open != nil {
			s.touch(open)
		}
		s.mu.Unlock()
		if open == nil {
			s.send(uri, nil, shownOf(s.all(&document{path: filepath.FromSlash(path)}, new(result))))
		}
		if len(s.bodies[path]) == 0 {
			delete(s.bodies, path)
		}
	}
}

// all returns the findings of a document and those in it as a body that others send,
// each once.
func (s *server) all(d *document, r *result) []finding {
	by := s.bodies[filepath.ToSlash(d.path)]
	if len(by) == 0 {
		return r.findings
	}
	type place struct {
		rule  string
		start int
	}
	seen := make(map[place]bool)
	var all []finding
	add := func(found []finding) {
		for _, f := range found {
			if at := (place{f.Rule, f.Span.Start}); !seen[at] {
				seen[at] = true
				all = append(all, f)
			}
		}
	}
	// In the order of a walk, in which the first that says something is heard.
	senders := slices.SortedFunc(maps.Keys(by), func(a, b *document) int { return strings.Compare(a.path, b.path) })
	for _, sender := range senders {
		if sender.path < d.path {
			add(by[sender])
		}
	}
	add(r.findings)
	for _, sender := range senders {
		add(by[sender])
	}
	slices.SortStableFunc(all, func(a, b finding) int { return patchlint.CompareDiagnostics(a.Diagnostic, b.Diagnostic) })
	return all
}

// lint returns what is found in a version of a document.
func (s *server) lint(d *document, t *text) *result {
	r := &result{text: t}
	if d.path == "" {
		return r
	}
	r.folder = s.workspace.of(d.path)
	r.stamp, d.result = r.folder.stamp, r
	switch _, walked := input.ForName(d.path); {
	case !walked:
	case r.folder.failure != nil:
		s.unchecked(d, r)
	default:
		s.check(d, r)
	}
	return r
}

// check lints the text of a file as a walk through its folder does.
func (s *server) check(d *document, r *result) {
	f := r.folder
	path := f.path(d)
	file := filepath.IsAbs(d.path)
	if file && !f.walked(path) || !file && f.linters.Excludes(path) {
		return
	}
	source := files.Edited(path, r.text.src)
	c := &f.checker
	c.Together = validate.Run{}
	format, _ := input.ForName(path)
	alone := !(file && s.before(f, path)) && !format.Several
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
			named := file.Named(e.Linter.Names)
			if e.Name == "" {
				s.collect(r, named)
			} else {
				s.collectBody(r, named)
			}
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

// collect adds the findings of a payload.
func (s *server) collect(r *result, file *report.File) {
	before := int(file.Document.Origin().Offset)
	move := func(at patchlint.Span) patchlint.Span {
		return patchlint.Span{Start: before + at.Start, End: before + at.End}
	}
	for _, d := range file.Findings {
		fixes := file.Applicable(d)
		d.Span = move(d.Span)
		d.Fixes = nil
		for _, fix := range fixes {
			fix.Edits = slices.Clone(fix.Edits)
			for i := range fix.Edits {
				fix.Edits[i].Span = move(fix.Edits[i].Span)
			}
			d.Fixes = append(d.Fixes, fix)
		}
		d.Related = slices.Clone(d.Related)
		for i := range d.Related {
			if d.Related[i].Document == nil {
				d.Related[i].Span = move(d.Related[i].Span)
			}
		}
		r.findings = append(r.findings, finding{d, s.shown(r.text, d, file.Name)})
	}
}

// collectBody adds the findings of a body that is in a file of its own.
func (s *server) collectBody(r *result, file *report.File) {
	for _, d := range file.Findings {
		d.Related = nil
		f := finding{d, s.shown(r.text, d, file.Name)}
		f.shown.Range = s.rangeIn(file.Document, d.Span)
		if r.bodies == nil {
			r.bodies = make(map[string][]finding)
		}
		r.bodies[file.Name] = append(r.bodies[file.Name], f)
	}
}

var severities = map[patchlint.Severity]int{
	patchlint.Error: severityError, patchlint.Warning: severityWarning, patchlint.Info: severityInformation,
}

// shown returns a finding as the client is shown it.
func (s *server) shown(t *text, d patchlint.Diagnostic, path string) diagnostic {
	can := s.client.TextDocument.PublishDiagnostics
	shown := diagnostic{
		Range: t.textRange(d.Span, s.client.encoding), Severity: severities[d.Severity],
		Code: d.Rule, Source: "patchlint", Message: d.Message,
	}
	if can.CodeDescriptionSupport {
		shown.CodeDescription = object{"href": report.RulePage(d.Rule)}
	}
	if can.TagSupport != nil && strings.HasPrefix(d.Rule, "deprecated-") && slices.Contains(can.TagSupport.ValueSet, tagDeprecated) {
		shown.Tags = []int{tagDeprecated}
	}
	if can.RelatedInformation {
		for _, r := range d.Related {
			at := location{uriOf(path), t.textRange(r.Span, s.client.encoding)}
			if r.Document != nil {
				at = location{uriOf(r.File), s.rangeIn(r.Document, r.Span)}
			}
			at.URI = s.spelt(at.URI)
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

// spelt returns the URI of a file as the client writes it.
func (s *server) spelt(uri string) string {
	path, _ := pathOf(uri)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range s.documents {
		if d.path == path {
			return d.uri
		}
	}
	return uri
}

// unchecked says of a document that it is not checked, if it shows that it should be,
// and tells the user why.
func (s *server) unchecked(d *document, r *result) {
	source := files.Edited(r.folder.path(d), r.text.src)
	plain := check.Checker{Linters: &settings.Linters{Run: new(settings.Run)}, Excludes: func(string) bool { return false }, Reader: input.Reader{Limit: patchlint.DefaultMaxBytes}}
	plain.Check(&source, func(e check.Event) bool {
		r.ours = r.ours || e.Ending == nil
		return true
	})
	if !r.ours {
		return
	}
	why := r.folder.failure.Error()
	r.findings = []finding{{shown: diagnostic{
		Range: r.text.textRange(patchlint.Span{}, s.client.encoding), Severity: severityError, Source: "patchlint", Message: "not checked: " + why,
	}}}
	if !r.folder.told {
		r.folder.told = true
		s.show(messageError, why)
	}
}
