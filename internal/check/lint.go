package check

import (
	"cmp"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// lint lints a payload. ok is false if its type is unknown and it is skipped. An error
// means that it cannot be checked.
func (f *File) lint(p *input.Payload) (e Event, ok bool, err error) {
	target := withEndpoint(f.target, p)
	target.Type = "" // set once the type is certain
	e = Event{Source: f.source, Record: p.Record, Part: secret.Mask(p.File, p.Part), Name: p.Name, Linter: f.linter, Target: target, Payload: p}
	switch {
	case p.Media:
		e.Type, ok = "only the headers", true
		e.Unchecked = []input.Skip{{Part: shownRequest(p.File, p.Part), Reason: notJSON, Unchecked: true}}
	case p.ExternalBody && p.Addressed:
		e.Type, ok = "its body is in another file", true
	case p.ExternalBody:
	case recognize.IsBatch(p.Document) || p.Addressed && p.Endpoint.Batch:
		ok, err = f.lintBatch(&e)
	default:
		ok, err = f.lintObject(&e)
	}
	if !ok {
		return e, false, err
	}
	var around []patchlint.Diagnostic
	if p.Around != nil {
		around = append(f.linter.LintDocument(p.Around, e.Target), applySeverities(f.linter, p.Notes)...)
	}
	e.Document, e.Findings = p.InFile(e.Findings, around)
	e.concealSecrets(p)
	if p.Name != "" || p.Encoding != "" {
		dropFixes(e.Findings) // the file is fixed when it is linted itself, or once it is in UTF-8
	}
	return e, true, nil
}

// skipsUnknown reports whether a payload of unknown type is skipped.
func (f *File) skipsUnknown() bool { return f.source.Found || f.SkipUnknown }

// lintBatch is the part of lint for a JSON batch.
func (f *File) lintBatch(e *Event) (ok bool, err error) {
	p, target := e.Payload, e.Target
	requests, assumed := recognize.Requests(f.linter.Models, p.Document, target.Version, p.Addressed)
	if assumed && f.skipsUnknown() {
		if _, given, err := f.Resource(p); err != nil || !given {
			return false, err
		}
	}
	target.Batch = p.Addressed
	e.ours = p.Addressed || slices.ContainsFunc(requests, func(r recognize.Request) bool { return r.Certain })
	e.Type, e.Unchecked = "a batch", f.unchecked(p, requests)
	e.Findings = f.linter.LintDocument(p.Document, target)
	return true, nil
}

// lintObject is the part of lint for any other payload.
func (f *File) lintObject(e *Event) (ok bool, err error) {
	p, target := e.Payload, e.Target
	resource, given, err := f.Resource(p)
	if err != nil {
		return false, err
	}
	if resource == nil && !p.Undecided() && (p.Around != nil || p.Name != "" || f.skipsUnknown() && !recognize.Claims(p.Document.Root())) {
		return false, nil
	}
	if resource != nil {
		e.Type = resource.Short()
		if given || p.Document.Whole() && !recognize.Doubtful(resource, p.Document.Root()) { // an incomplete document shows the type well enough to report, not to fix
			target.Type, e.ours = resource.Name, true
		}
	}
	e.Findings = f.linter.LintDocument(p.Document, target)
	if f.Fix && f.skipsUnknown() && !e.ours {
		dropFixes(e.Findings)
	}
	return true, nil
}

// applySeverities applies the severities of a linter to the notes of a payload, and drops
// those of rules that it does not apply.
func applySeverities(linter *validate.Linter, notes []patchlint.Diagnostic) []patchlint.Diagnostic {
	notes = slices.DeleteFunc(notes, func(d patchlint.Diagnostic) bool { return !linter.Applies(d.Rule) })
	for i, d := range notes {
		notes[i].Severity = cmp.Or(linter.Severities[d.Rule], d.Severity)
	}
	return notes
}

// dropFixes removes the fixes from findings in a text that must not be changed.
func dropFixes(found []patchlint.Diagnostic) {
	for i := range found {
		found[i].Fixes = nil
	}
}

// withEndpoint returns the target with what is known from the URL of the payload.
func withEndpoint(t validate.Target, p *input.Payload) validate.Target {
	if p.Addressed {
		t.Version, t.Key, t.Insert = cmp.Or(p.Endpoint.Version, t.Version), p.Endpoint.Key, p.Insert
	}
	return t
}

// Model returns the model of the API version that a payload is for.
func (f *File) Model(p *input.Payload) *schema.Model {
	model, _ := f.linter.Models.Open(recognize.Version(withEndpoint(f.target, p).Version, p.Document)) // the flags and settings have only known versions
	return model
}

// Resource returns the type of a payload: from its URL, --type, the settings or, last,
// the payload itself. given is false if it is from the payload itself.
func (f *File) Resource(p *input.Payload) (r *schema.Type, given bool, err error) {
	model := f.Model(p)
	if p.Addressed {
		r, err = model.Resource(p.Endpoint.Type)
		return r, true, err
	}
	r, given, err = f.Settings.Resource(cmp.Or(p.Name, f.source.Name()), f.target.Type, model, p.Document)
	if r == nil && err == nil && p.File != nil && !p.Document.Whole() { // a payload on several lines
		r = recognize.Document(model, p.File)
	}
	return r, given, err
}

const notJSON = "by its Content-Type the body is not JSON"

// unchecked returns the Unchecked requests in a batch.
func (f *File) unchecked(p *input.Payload, requests []recognize.Request) (list []input.Skip) {
	if !p.Document.Whole() {
		return nil // which is a finding
	}
	model := f.Model(p)
	for _, r := range requests {
		if r.Unchecked(model) {
			text, reason := strings.ToUpper(r.Method.Text())+" "+r.URL.Text(), "it is not an update of a known resource"
			if r.Media() {
				reason = notJSON
			}
			list = append(list, input.Skip{Part: shownRequest(p.Document, text), Reason: reason, Unchecked: true})
		}
	}
	return list
}
