//go:build js && wasm

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/internal/compare"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// version is the version of the command, set by the linker.
var version = "development"

// request is a request of the page. Ask names the question; the other fields are its
// arguments. The case of their names does not matter.
type request struct {
	Ask        string
	APIVersion schema.Version
	Type       string
	Text       string
	Texts      []string

	Current, Desired string
	Base             *string // instead of that of the options
	diff.Options
}

// members are the members of an answer by name.
type members map[string]any

// asks are the questions by name.
var asks = map[string]func(*request) (any, error){
	"about": about, "types": types, "rules": rules, "lint": lint, "fix": fix, "diff": compared, "credential": credential,
}

// answer answers one request.
func answer(text []byte) (answer []byte) {
	failed := func(err error) []byte {
		answer, _ := json.Marshal(members{"error": secret.MaskName(err.Error())}) // strings can always be encoded
		return answer
	}
	defer func() {
		if r := recover(); r != nil {
			answer = failed(fmt.Errorf("this is a bug in patchlint: %v", r))
		}
	}()
	var r request
	if err := json.Unmarshal(text, &r); err != nil {
		return failed(fmt.Errorf("the request is not valid: %w", err))
	}
	ask, ok := asks[r.Ask]
	if !ok {
		return failed(fmt.Errorf("unknown question %s", inert.Quote(r.Ask)))
	}
	result, err := ask(&r)
	if err != nil {
		return failed(err)
	}
	if answer, err = json.Marshal(result); err != nil {
		return failed(err)
	}
	return answer
}

// about returns the version of patchlint and the API versions that it knows.
func about(*request) (any, error) {
	return members{"version": version, "apiVersions": schema.Versions()}, nil
}

// types lists the possible values of Type, in their shortest form.
func types(r *request) (any, error) {
	model, err := schema.Open(r.APIVersion)
	if err != nil {
		return nil, err
	}
	names := []string{}
	for name := range model.Names {
		if short := model.Facts().Short(name); short != "entity" { // the base of all entities, which is the type of no object
			names = append(names, short)
		}
	}
	return names, nil
}

// rules lists every rule, of payloads and of diff, sorted by id.
func rules(*request) (any, error) {
	all := diff.Rules()
	for _, r := range validate.Rules() {
		all = append(all, &r.Rule)
	}
	slices.SortFunc(all, func(a, b *patchlint.Rule) int { return strings.Compare(a.ID, b.ID) })
	list := make([]members, len(all))
	for i, r := range all {
		list[i] = members{
			"id": r.ID, "severity": r.Severity.String(), "summary": r.Summary, "why": r.Why, "bad": r.Bad, "good": r.Good,
			"since": r.Since, "links": append([]string{}, r.Links...),
		}
	}
	return list, nil
}

// resource returns the model for a document, and the resource that Type names or nil.
func (r *request) resource(doc *patchlint.Document) (*schema.Model, *schema.Type, error) {
	if shown := secret.MaskName(r.Type); shown != r.Type {
		return nil, nil, fmt.Errorf("%s is not the name of a type", inert.Quote(shown)) // it was pasted into the wrong field
	}
	model, err := schema.Open(recognize.Version(r.APIVersion, doc))
	if err != nil || r.Type == "" {
		return model, nil, err
	}
	resource, err := model.Resource(r.Type)
	return model, resource, err
}

func (r *request) target() validate.Target {
	return validate.Target{Version: r.APIVersion, Type: r.Type}
}

func parse(text string) *patchlint.Document {
	doc, _ := patchlint.Parse([]byte(text), patchlint.JSON) // its error is among its faults
	return doc
}

// credential reports whether any of Texts contains a credential, so that no link with
// them must be created.
func credential(r *request) (any, error) {
	return slices.ContainsFunc(r.Texts, func(text string) bool { return len(secret.Find(parse(text))) > 0 }), nil
}

// lint returns the findings about Text, the type as which it was checked, or "" if that
// is unknown, and the API version.
func lint(r *request) (any, error) {
	doc, target := parse(r.Text), r.target()
	model, resource, err := r.resource(doc)
	if err != nil {
		return nil, err
	}
	var linter validate.Linter
	findings := linter.LintDocument(doc, target)
	checked := ""
	if requests, _ := recognize.Requests(nil, doc, model.Version, false); requests != nil {
		checked = "a JSON batch"
		unchecked := slices.DeleteFunc(requests, func(q recognize.Request) bool { return !q.Unchecked(model) })
		if n := len(unchecked); n > 0 && doc.Whole() {
			checked += " (" + report.Count(n, "request", "requests") + " skipped: no update of a known resource)"
		}
	} else {
		if resource == nil && doc.Whole() {
			resource = recognize.Document(model, doc)
		}
		if resource != nil {
			checked = resource.Short()
		}
	}
	var b bytes.Buffer
	printer := report.New("json", &b, report.Options{Version: version, APIVersion: model.Version})
	summary := report.Summary{Files: 1}
	summary.Add(findings)
	file := &report.File{Name: "payload.json", Root: "payload.json", Document: doc, Findings: findings}
	if err := errors.Join(printer.Print(file), printer.Close(summary)); err != nil {
		return nil, err
	}
	return members{"checked": checked, "apiVersion": model.Version, "report": json.RawMessage(b.Bytes())}, nil
}

// fix returns Text after all safe fixes.
func fix(r *request) (any, error) {
	if _, _, err := r.resource(parse(r.Text)); err != nil {
		return nil, err
	}
	fixed, made := new(validate.Linter).Fix([]byte(r.Text), patchlint.JSON, r.target(), false)
	return members{"text": string(fixed), "made": made}, nil
}

// compared returns the plan that turns Current into Desired as JSON and as text, and the
// indented body.
func compared(r *request) (any, error) {
	current, desired := parse(r.Current), parse(r.Desired)
	model, given, err := r.resource(desired)
	if err != nil {
		return nil, err
	}
	for _, p := range slices.Concat(r.Ignore, r.Send) {
		if slices.Collect(p.Tokens()) == nil {
			return nil, fmt.Errorf("%s is not a JSON Pointer such as /displayName", inert.Quote(string(p)))
		}
	}
	c := &report.Comparison{Sources: map[diff.Side]report.Source{
		diff.Current: {Name: "current", Document: current}, diff.Desired: {Name: "desired", Document: desired},
	}}
	if r.Base != nil {
		c.Sources[diff.Base] = report.Source{Name: "base", Document: parse(*r.Base)}
	}
	have, want := given, given
	if given == nil {
		have, want = recognize.Document(model, current), recognize.Document(model, desired)
	}
	var notes []string
	if resource := compare.Resource(c, model, have, want); resource != nil {
		compared := compare.Fill(c, resource, new(validate.Linter), r.Options)
		unused := slices.DeleteFunc(slices.Clone(r.Ignore), func(p patchlint.Pointer) bool { return compare.Ignores(c, p) })
		notes = compare.UnknownPointers([]*schema.Type{compared}, slices.Concat(unused, r.Send))
	}
	if c.Plan != nil && c.Plan.Compared == 0 {
		notes = append(notes, "nothing was compared: desired sets no property that diff would send")
	}
	c.Warnings = c.Notable()
	set := new(report.PlanSummary)
	set.Count(c)
	texts := map[string]*bytes.Buffer{"text": {}, "json": {}}
	for name, b := range texts {
		printer := report.PlanFormatOf(name).New(b, false, false)
		if err := errors.Join(printer.Print(c), printer.Close(set)); err != nil {
			return nil, err
		}
	}
	var body []byte
	if c.Changed() {
		body = bounds.Indent(report.Inert(c.Plan.Body))
	}
	return members{
		"text": texts["text"].String(), "body": string(body), "notes": append([]string{}, notes...), "plan": json.RawMessage(texts["json"].Bytes()),
	}, nil
}
