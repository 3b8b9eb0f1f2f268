// Package validate holds the rules and runs them over payloads.
//
// A Linter takes bytes, or a document that is parsed already, and returns
// findings. It walks the payload once beside the model of package schema and
// hands every stop of the walk to the rules. Rules are values: each stands in a
// file of its own with its documentation, and a program may add its own.
//
// Linting is pure: nothing is printed, no file is read, the payload is not
// changed.
package validate

import (
	"cmp"
	"fmt"
	"strings"
	"sync"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
)

// Linter checks payloads. The zero value checks payloads for beta with every
// rule and finds out by itself what type they are of. A Linter is safe for
// concurrent use as long as its fields are left alone.
type Linter struct {
	// Version is the API version the payloads are for; "" means beta.
	Version schema.Version
	// Type names the type of every payload, "complianceManagementPartner" or
	// the qualified name; "" means that each payload shows its own, and that
	// one which shows none gets the finding unknown-type.
	Type string
	// ID is the id of the object in the URL the payload is sent to, where that
	// is known; another id in the payload gets the finding id-mismatch.
	ID string
	// Rules are the rules to apply; nil means Rules().
	Rules []*Rule
	// Severities overrides the severity of the findings of a rule, by its id.
	Severities map[string]patchlint.Severity
	// Placeholders are further texts that the rule placeholder-value takes for
	// placeholders, without regard to case.
	Placeholders []string
	// Thorough turns the quick path off: every payload is walked by the walk that
	// explains, and the JSON Schema is asked about each. It changes no finding,
	// as the tests hold, and costs a hundred times as much.
	Thorough bool

	_ struct{}
}

// Lint parses src as strict JSON and returns the findings in the order of their
// places. If Version or Type names nothing, that is the one finding, under
// unknown-type; Resource tells beforehand.
func (l *Linter) Lint(src []byte) []patchlint.Diagnostic {
	p := newPass()
	_ = p.text.Parse(src, patchlint.JSON) // its error is among the faults
	return l.lint(p, &p.text)
}

// Resource returns the resource of Version and Type, nil when Type is empty,
// and an error when either names nothing.
func (l *Linter) Resource() (*schema.Resource, error) {
	model, err := schema.Open(l.Version)
	if err != nil || l.Type == "" {
		return nil, err
	}
	return model.Resource(l.Type)
}

// LintDocument is Lint for a document that is parsed already. A document that
// broke off at a syntax fault gets no finding but the faults of its text and
// the credentials in it.
func (l *Linter) LintDocument(doc *patchlint.Document) []patchlint.Diagnostic {
	return l.lint(newPass(), doc)
}

func (l *Linter) lint(p *Pass, doc *patchlint.Document) []patchlint.Diagnostic {
	d, err := dispatchOf(l.Version)
	var resource *schema.Resource
	if err == nil && l.Type != "" {
		resource, err = d.model.Resource(l.Type)
	}
	if err != nil {
		return unresolved(doc, err)
	}
	return p.of(l, doc, d, resource).lintDocument()
}

// unresolved is the finding of a Linter whose Version or Type names nothing.
func unresolved(doc *patchlint.Document, err error) []patchlint.Diagnostic {
	return []patchlint.Diagnostic{{Rule: "unknown-type", Severity: patchlint.Error, Span: doc.Root().Opening(), Message: err.Error()}}
}

// LintAs is LintDocument for a payload whose resource is known, whatever
// Version and Type say; with nil it finds out by itself. A document that is a
// JSON batch is linted as one.
func (l *Linter) LintAs(doc *patchlint.Document, resource *schema.Resource) []patchlint.Diagnostic {
	if resource != nil {
		return newPass().of(l, doc, dispatchFor(resource.Model), resource).lintDocument()
	}
	d, err := dispatchOf(l.Version)
	if err != nil {
		return unresolved(doc, err)
	}
	return newPass().of(l, doc, d, nil).lintDocument()
}

// lintDocument takes the document through the rules, quickly where that can be.
func (p *Pass) lintDocument() []patchlint.Diagnostic {
	if !p.quickly() {
		p.Requests, _ = Batch(p.Document)
		return p.run()
	}
	return p.done()
}

// faults reports what is wrong with the text itself.
func (p *Pass) faults() {
	for _, fault := range p.Document.Faults() {
		if p.rule = p.byID(fault.Rule); p.rule != nil {
			p.Report(fault)
		}
	}
}

// run takes the document through all rules.
func (p *Pass) run() []patchlint.Diagnostic {
	p.faults()
	for _, rule := range p.documents {
		p.rule = rule
		rule.Document(p)
	}
	switch {
	case !p.Document.Whole():
	case p.Requests != nil:
		p.batch()
	default:
		p.lint(p.Document.Root())
	}
	return p.done()
}

// done returns the findings, and the pass to be used for another payload.
func (p *Pass) done() []patchlint.Diagnostic {
	p.findings = p.withoutIgnored(p.findings)
	var findings []patchlint.Diagnostic
	if len(p.findings) > 0 {
		patchlint.SortDiagnostics(p.findings)
		if p.unsuspicious {
			findings = secret.Clone(p.findings)
		} else {
			findings = secret.Conceal(p.Document, p.findings)
		}
		p.discard()
	}
	// What is the payload's is let go; the rest is set by of.
	p.Document, p.Payload, p.Resource, p.Requests = nil, patchlint.Node{}, nil, nil
	p.unsuspicious, p.rule, p.compared = false, nil, patchlint.Node{}
	p.foreign, p.own = p.foreign[:0], p.own[:0]
	passes.Put(p)
	return findings
}

// discard lets go of the findings, and keeps their memory.
func (p *Pass) discard() {
	clear(p.findings)
	p.findings = p.findings[:0]
}

// byID returns the rule of that id where one applies, or nil.
func (p *Pass) byID(id string) *Rule { return ruleOf(p.rules, id) }

// newPass returns a pass whose memory may have served others.
func newPass() *Pass {
	if p, ok := passes.Get().(*Pass); ok {
		return p
	}
	return new(Pass)
}

// of makes the pass that of a document through the rules of a linter.
func (p *Pass) of(l *Linter, doc *patchlint.Document, d *dispatch, resource *schema.Resource) *Pass {
	p.Document, p.Resource, p.ID, p.model, p.dispatch = doc, resource, l.ID, d.model, d
	p.severities, p.thorough, p.words = l.Severities, l.Thorough, l.Placeholders
	p.enable(l.Rules)
	return p
}

// passes are kept to be used again: a clean payload takes no memory.
var passes sync.Pool

// Pass is one payload on its way through the rules. It is a rule's for as long
// as the rule is being called.
type Pass struct {
	Document *patchlint.Document
	Payload  patchlint.Node
	Resource *schema.Resource
	// ID is the id of the object in the URL, "" where it is not known.
	ID string

	// Requests are those of a JSON batch; nil for any other document.
	Requests []Request

	text         patchlint.Document // of a payload that came as bytes; findings hold nothing of it
	model        *schema.Model
	dispatch     *dispatch
	rules        []*Rule // that apply
	enabled      uint64  // the visitors among them
	foreign      []*Rule // that visit and are not of this package
	documents    []*Rule // that look at any document
	own          []*Rule // the memory of documents where not all rules apply
	severities   map[string]patchlint.Severity
	thorough     bool
	unsuspicious bool // the quick path has found no credential
	words        []string
	rule         *Rule
	findings     []patchlint.Diagnostic

	compared patchlint.Node // what distinctTargets was asked last
	distinct bool           // its answer
	keys     []uint64       // its memory
}

// Report adds a finding. Its rule is the one that runs, its severity that of
// the rule unless the finding states one, Error where neither does, and in any
// case what the Linter's Severities say.
func (p *Pass) Report(d patchlint.Diagnostic) {
	d.Rule = p.rule.ID
	d.Severity = cmp.Or(p.severities[d.Rule], d.Severity, p.rule.Severity, patchlint.Error)
	p.findings = append(p.findings, d)
}

// ReportValue adds a finding about a value, pointing at it.
func (p *Pass) ReportValue(n patchlint.Node, format string, args ...any) {
	p.Report(patchlint.Diagnostic{Pointer: n.Pointer(), Span: n.Span(), Message: fmt.Sprintf(format, args...)})
}

// ReportObject adds a finding about something that an object lacks, pointing
// at its opening brace.
func (p *Pass) ReportObject(object patchlint.Node, format string, args ...any) {
	p.Report(patchlint.Diagnostic{Pointer: object.Pointer(), Span: object.Opening(), Message: fmt.Sprintf(format, args...)})
}

func (p *Pass) lint(payload patchlint.Node) {
	p.Payload = payload
	if p.Resource == nil {
		if p.Resource = p.model.Detect(payload); p.Resource == nil {
			p.undetected()
			return
		}
	}
	p.payload()
}

// payload takes Payload, which is of Resource, through the rules.
func (p *Pass) payload() {
	payload := p.Payload
	var refused map[patchlint.Node]bool // where the walk speaks
	p.Resource.Walk(payload, p.visit, func(v schema.Violation) {
		if refused == nil {
			refused = make(map[patchlint.Node]bool)
		}
		refused[v.Node] = true
		if v.Kind == schema.ODataType || v.Kind == schema.ControlInformation {
			// Without its type, nothing is known of the object.
			refused[v.Node.Parent()] = true
		}
		p.violation(v)
	})
	// The JSON Schema is asked about what neither the plan certifies nor the walk
	// refuses. What it refuses where the walk is silent is reported; that would
	// be a defect of ours, and the payload must not pass because of it.
	var refusals []schema.Refusal
	if p.thorough {
		refusals = p.Resource.Conform(payload)
	} else {
		refusals = p.Resource.ConformUncertain(payload, refused)
	}
	if len(refusals) == 0 {
		return
	}
	leading := make(map[patchlint.Node]bool) // to where the walk speaks
	for n := range refused {
		for up := n.Parent(); up.Exists(); up = up.Parent() {
			leading[up] = true
		}
	}
	for _, refusal := range refusals {
		n := p.Document.Find(payload.Pointer() + refusal.Pointer)
		known := leading[n]
		for up := n; up.Exists(); up = up.Parent() {
			known = known || refused[up]
		}
		if !known {
			p.violation(schema.Violation{
				Kind: schema.WrongType, Node: n, Span: n.Span(),
				Message: fmt.Sprintf("the JSON Schema refuses this value (%s)", refusal.Keyword),
			})
		}
	}
}

// violation reports a departure from the model under the rule that presents
// its kind.
func (p *Pass) violation(v schema.Violation) {
	if p.rule = p.byID(v.Kind.String()); p.rule == nil {
		return
	}
	d := v.Diagnostic()
	switch {
	case p.rule.Fix != nil:
		d.Fixes = p.rule.Fix(v)
	case v.Suggestion != "":
		d.Fixes = []patchlint.Fix{replace(v.Span, v.Suggestion, v.Certain)}
	}
	p.Report(d)
}

// undetected reports a payload that shows no type. What is no object can be a
// payload of no type, so that is what is said of it.
func (p *Pass) undetected() {
	id, n := "unknown-type", p.Payload
	if n.Kind() != patchlint.Object {
		id = "payload-shape"
	}
	if p.rule = p.byID(id); p.rule == nil {
		return
	}
	if n.Kind() != patchlint.Object {
		p.ReportValue(n, "a PATCH body is one JSON object, and this is %s", n.Kind())
		return
	}
	var names []string
	for _, r := range p.model.Resources() {
		if r.Path() != "" {
			names = append(names, r.Type.Short())
		}
	}
	known := strings.Join(names, ", ")
	if annotation := n.Member("@odata.type"); annotation.Kind() == patchlint.String {
		p.ReportValue(annotation, "%s is no type that is checked here; there is %s and what belongs to it", patchlint.Quote(annotation.Text()), known)
		return
	}
	p.ReportObject(n, `nothing here tells the type of this payload; add "@odata.type", or name it with --type %s`, known)
}

// replace is the fix that puts text in place of a span.
func replace(at patchlint.Span, text string, safe bool) patchlint.Fix {
	return patchlint.Fix{
		Title: "replace with " + patchlint.Printable(text), Safe: safe,
		Edits: []patchlint.Edit{{Span: at, NewText: text}},
	}
}

// remove is the fix that takes a member or element out.
func remove(n patchlint.Node, safe bool) patchlint.Fix {
	what := "the element"
	if n.IsMember() {
		what = patchlint.Quote(n.Name())
	}
	return patchlint.Fix{Title: "remove " + what, Safe: safe, Edits: n.Removal()}
}
