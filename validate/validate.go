// Package validate holds the rules and runs them over payloads.
//
// A Linter takes bytes, or a document that is already parsed, and a Target, which says
// what they are as far as that is known, and returns findings. It walks the payload
// once beside the model of package schema and hands every stop of the walk to the
// rules. Linter.Thorough adds a second judge, the JSON Schema. A Run finds what only
// several payloads of one directory show together. Rules are values: each has a file
// of its own with its documentation, and a program may add others.
//
// The findings of a document are bounded in number, and no message, suggestion or
// title of one holds a credential that is recognized. The edits of a fix may, because
// they are to be written.
//
// Linting is pure: nothing is printed, no file is read, the payload is not
// changed.
package validate

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"sync"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/batch"
	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
)

// Target says what a payload is, as far as that is known before it is read: from
// the URL that it is sent to, or because somebody says so. The zero value is a payload
// for beta that shows its type.
type Target struct {
	// Version is the API version that the payload is for; "" means the one that its
	// @odata.context of Graph names, else beta.
	Version schema.Version
	// Type names the type of the payload, "complianceManagementPartner" or the
	// qualified name; "" means that the payload shows it, and gets the finding
	// unknown-type where it does not.
	Type string
	// Key is the id of the object in the URL, "" where that is not known; another id
	// in the payload gets the finding id-mismatch.
	Key string
	// Insert says that the payload makes an object, as a POST and a PUT do, and does
	// not change one.
	Insert bool
	// Batch says that the payload is sent as a JSON batch, whatever it holds. Type,
	// Key and Insert do not count then, because each request says what it is.
	Batch bool
}

// version returns the API version that a document is judged by.
func (t Target) version(doc *patchlint.Document) schema.Version {
	if t.Version != "" {
		return t.Version
	}
	return recognize.ContextVersion(doc.Root())
}

// Linter checks payloads. The zero value applies every rule. A Linter is safe for
// concurrent use as long as its fields are left alone.
type Linter struct {
	// Models are the models of the API versions; nil means the embedded ones.
	Models schema.Models
	// Rules are the rules to apply; nil means Rules().
	Rules []*Rule
	// Severities overrides the severity of the findings of a rule, by its id.
	Severities map[string]patchlint.Severity
	// Placeholders are further texts that the rule placeholder-value takes for
	// placeholders, without regard to case.
	Placeholders []string
	// Names are the names of the tenant's groups and assignment filters, against which
	// the rule unknown-id checks ids; without them it finds nothing.
	Names *Names
	// Thorough is a second judge, which is asked about every payload:
	// schema/conform.Check, which runs the JSON Schema. A violation where the
	// walk is silent is reported. nil leaves the verdict to the walk, which is
	// about a hundred times as fast; the tests check that the two agree.
	Thorough func(r *schema.Resource, payload patchlint.Node) []schema.Violation
	// TeamSchemas are JSON Schemas of a team's own: each returns a finding with place
	// and message for all that it refuses in a payload, as schema/conform.Team.Check
	// does. The findings are those of the rule team-schema.
	TeamSchemas []func(r *schema.Resource, payload patchlint.Node) []patchlint.Diagnostic
	// Limit is how many findings are returned at the most of the text of a
	// document, and how many of what it says; 0 means patchlint.MaxFindings.
	// One more, json-limit, says that there are others, and is as severe as
	// the worst of those.
	Limit int

	_ struct{}
}

// Lint parses src as strict JSON and returns the findings in the order of their
// places. A target whose Version or Type does not exist gets one finding, unknown-type.
func (l *Linter) Lint(src []byte, t Target) []patchlint.Diagnostic {
	p := newPass()
	_ = p.text.Parse(src, patchlint.JSON, l.limit()) // its error is among the faults
	return l.lint(p, p.text, t)
}

// LintDocument is Lint for a document that is parsed already. A document that is a
// JSON batch is linted as one. A document that broke off at a syntax fault gets no
// finding but the faults of its text and the credentials in it.
func (l *Linter) LintDocument(doc *patchlint.Document, t Target) []patchlint.Diagnostic {
	return l.lint(newPass(), doc, t)
}

func (l *Linter) lint(p *Pass, doc *patchlint.Document, t Target) []patchlint.Diagnostic {
	model, err := l.Models.Open(t.version(doc))
	var resource *schema.Resource
	if err == nil && t.Type != "" && !t.Batch {
		resource, err = model.Resource(t.Type)
	}
	if err != nil {
		return []patchlint.Diagnostic{{Rule: "unknown-type", Severity: patchlint.Error, Span: doc.Root().Opening(), Message: err.Error()}}
	}
	p.Document, p.Target, p.Resource, p.model, p.linter = doc, t, resource, model, l
	for _, r := range l.Rules {
		if r.Visit != nil && !r.ours() {
			p.foreign = append(p.foreign, r)
		}
	}
	p.bounds = bounds.New(l.limit(), len(doc.Source()))
	p.requests, _ = batch.Requests(l.Models, doc, t.Version, t.Batch)
	return p.run()
}

// faults reports what is wrong with the text itself, which the document bounds.
func (p *Pass) faults() {
	for _, fault := range p.Document.Faults() {
		if p.as(fault.Rule) && p.wanted(&fault) {
			p.findings = append(p.findings, fault)
		}
	}
}

// run takes the document through all rules.
func (p *Pass) run() []patchlint.Diagnostic {
	p.ignores = ignoresOf(p.Document)
	p.faults()
	rules := p.linter.Rules
	if rules == nil {
		rules = lookingAtDocuments()
	}
	for _, rule := range rules {
		if rule.Document != nil {
			p.rule = rule
			rule.Document(p)
		}
	}
	switch {
	case !p.Document.Whole():
	case p.requests != nil:
		p.batch()
	default:
		p.lint(p.Document.Root())
	}
	p.search()
	if !p.certain() {
		for i := range p.findings {
			p.findings[i].Fixes = nil
		}
	}
	return p.done()
}

// certain reports whether it is known what the document is, so that a fix may be
// offered: what is not certainly a payload is never changed.
func (p *Pass) certain() bool {
	if p.requests != nil {
		return p.Target.Batch || slices.ContainsFunc(p.requests, func(r batch.Request) bool { return r.Known })
	}
	return p.Resource != nil
}

// done returns the findings, and the pass to be used for another payload.
func (p *Pass) done() []patchlint.Diagnostic {
	p.reportUnused()
	p.tellMore()
	var findings []patchlint.Diagnostic
	if len(p.findings) > 0 {
		slices.SortStableFunc(p.findings, patchlint.Diagnostic.Compare)
		findings = secret.Conceal(p.Document, p.findings)
		clear(p.findings)
	}
	kept := p.memory
	kept.foreign, kept.findings = kept.foreign[:0], kept.findings[:0]
	*p = Pass{}
	p.memory = kept
	passes.Put(p)
	return findings
}

// applies reports whether a rule of that id applies.
func (p *Pass) applies(id string) bool { return ruleOf(p.linter.Rules, id) != nil }

// as reports whether a rule of that id applies: it is the one that speaks from now on.
func (p *Pass) as(id string) bool {
	p.rule = ruleOf(p.linter.Rules, id)
	return p.rule != nil
}

// newPass returns a pass whose memory may have served others.
func newPass() *Pass {
	if p, ok := passes.Get().(*Pass); ok {
		return p
	}
	return &Pass{memory: &memory{text: new(patchlint.Document)}}
}

func (l *Linter) limit() int { return cmp.Or(l.Limit, patchlint.MaxFindings) }

// applying returns the rules that apply.
func (p *Pass) applying() []*Rule {
	if p.linter.Rules == nil {
		return all
	}
	return p.linter.Rules
}

// passes are kept to be used again: a clean payload takes no memory.
var passes sync.Pool

// Pass is one payload on its way through the rules. It is a rule's for as long
// as the rule is being called.
type Pass struct {
	Document *patchlint.Document
	Payload  patchlint.Node
	Resource *schema.Resource
	// Target is the one that was given. In a batch, the request that has the payload
	// gives its Key and Insert.
	Target Target

	linter     *Linter
	requests   []batch.Request // of a JSON batch; nil for any other document
	model      *schema.Model
	dispatch   *dispatch // of the type whose object was looked at last
	rule       *Rule
	unsearched *Rule    // is to search the document for credentials
	ignores    *ignores // nil where there are none
	bounds     bounds.Bounds
	omitted    patchlint.Severity // the worst of the findings that are not listed; 0 for none

	refused []patchlint.Span // where the walk speaks, for the second judge
	wrong   []patchlint.Span // members and elements that the walk refused, for the schemas of a team

	compared patchlint.Node // what distinctTargets was asked last
	distinct bool           // its answer

	*memory
}

// memory is all of a Pass that is kept for the next payload.
type memory struct {
	text       *patchlint.Document // of a payload that came as bytes; findings hold nothing of it
	walker     schema.Walker
	dispatches []*dispatch // of the types whose objects were looked at last
	foreign    []*Rule     // those that apply, visit and are not of this package
	findings   []patchlint.Diagnostic
	keys       []uint64 // of distinctTargets
}

// Report adds a finding. Its rule is the one that runs, its severity that of
// the rule unless the finding states one, Error where neither does, and in any
// case what the Linter's Severities say.
func (p *Pass) Report(d patchlint.Diagnostic) {
	if p.admitted(&d) {
		p.add(d)
	}
}

// ReportValue adds a finding about a value, pointing at it.
func (p *Pass) ReportValue(n patchlint.Node, format string, args ...any) {
	p.report(n, patchlint.Diagnostic{}, format, args...)
}

// warn adds a finding about a value that is a warning, by a rule whose others are errors.
func (p *Pass) warn(n patchlint.Node, format string, args ...any) {
	p.report(n, patchlint.Diagnostic{Severity: patchlint.Warning}, format, args...)
}

// reportName adds a finding about a member, pointing at its name.
func (p *Pass) reportName(n patchlint.Node, fix patchlint.Fix, format string, args ...any) {
	p.report(n, patchlint.Diagnostic{Span: n.Key(), Fixes: []patchlint.Fix{fix}}, format, args...)
}

// ReportObject adds a finding about something that an object lacks, pointing
// at its opening brace.
func (p *Pass) ReportObject(object patchlint.Node, format string, args ...any) {
	p.report(object, patchlint.Diagnostic{Span: object.Opening()}, format, args...)
}

// report adds a finding about a value. d is what is special about it, such as a span
// that is not the value's. A finding that will not be listed costs no pointer and no
// message.
func (p *Pass) report(n patchlint.Node, d patchlint.Diagnostic, format string, args ...any) {
	d.Span = cmp.Or(d.Span, n.Span())
	if p.admitted(&d) {
		d.Pointer, d.Message = n.Pointer(), fmt.Sprintf(format, args...)
		p.add(d)
	}
}

// wanted gives a finding its rule and severity, and reports whether no comment
// suppresses it.
func (p *Pass) wanted(d *patchlint.Diagnostic) bool {
	d.Rule = p.rule.ID
	d.Severity = cmp.Or(p.linter.Severities[d.Rule], d.Severity, p.rule.Severity, patchlint.Error)
	if d.Rule == "json-encoding" && !p.Document.Root().Exists() { // what was not read must not pass
		d.Severity = patchlint.Error
	}
	return !p.ignores.suppress(d, 0)
}

// admitted is wanted for a finding that is to be added if there is room.
func (p *Pass) admitted(d *patchlint.Diagnostic) bool {
	p.search()
	switch {
	case !p.wanted(d):
		return false
	case p.bounds.Full():
		p.omitted = max(p.omitted, d.Severity)
		return false
	}
	return true
}

func (p *Pass) add(d patchlint.Diagnostic) {
	if p.bounds.Admits(d.Size()) {
		p.findings = append(p.findings, d)
	} else {
		p.omitted = max(p.omitted, d.Severity)
	}
}

// closed reports whether nothing that is found from now on changes the
// findings.
func (p *Pass) closed() bool { return p.omitted == patchlint.Error }

// tellMore adds the finding that stands for those that are not listed. It does
// not depend on the rules that apply, because some of those may be errors.
func (p *Pass) tellMore() {
	if p.omitted != 0 {
		p.findings = append(p.findings, tooMany(p.Document, p.omitted, len(p.findings)))
	}
}

// tooMany is the finding that stands for all beyond a number.
func tooMany(doc *patchlint.Document, worst patchlint.Severity, listed int) patchlint.Diagnostic {
	return patchlint.Diagnostic{
		Rule: "json-limit", Severity: worst, Span: doc.Root().Opening(),
		Message: fmt.Sprintf("more than %d findings; the others are not listed", listed),
	}
}

func (p *Pass) lint(payload patchlint.Node) {
	p.Payload = payload
	if p.Resource == nil {
		if p.Resource = recognize.Payload(p.model, payload); p.Resource == nil {
			p.undetected()
			return
		}
	}
	p.payload()
}

// payload takes Payload, which is of Resource, through the rules.
func (p *Pass) payload() {
	p.refused, p.wrong = p.refused[:0], p.wrong[:0]
	p.walker.Walk(p.Resource, p.Payload, visitor{p})
	p.unsearched = nil // it came upon nothing that can be a credential
	p.checkTeamSchemas()
	// A large document that fails anyway is not worth the memory that it takes.
	if p.linter.Thorough == nil || p.closed() || len(p.Document.Faults()) > 0 && len(p.Document.Source()) > maxFaultyJudged {
		return
	}
	// If only the second judge refuses the payload, that is reported: it is a
	// defect of ours, and the payload must not pass because of it. The walk
	// speaks about a value if it refuses that, something in it, or what holds it.
	refused := disjoint(p.refused)
	for _, v := range p.linter.Thorough(p.Resource, p.Payload) {
		at := v.Node.Span()
		i := sort.Search(len(refused), func(i int) bool { return refused[i].End > at.Start })
		if i == len(refused) || refused[i].Start >= at.End {
			p.violation(v)
		}
	}
}

// disjoint returns the spans of values in order, without those that are inside
// others.
func disjoint(spans []patchlint.Span) []patchlint.Span {
	slices.SortFunc(spans, func(a, b patchlint.Span) int { return cmp.Or(a.Start-b.Start, b.End-a.End) })
	outer := spans[:0]
	for _, s := range spans {
		if last := len(outer) - 1; last < 0 || s.End > outer[last].End {
			outer = append(outer, s)
		}
	}
	return outer
}

// maxFaultyJudged is how many bytes a document with faults in its text has at
// the most for the JSON Schema to be asked about it.
const maxFaultyJudged = 256 << 10

// violation reports a departure from the model under the rule that presents it.
func (p *Pass) violation(v schema.Violation) {
	p.search()
	taken := v.Rule == "unknown-property" && v.Severity() < patchlint.Error // by an open type
	if p.linter.TeamSchemas != nil && !taken && !slices.Contains(beyondValue, v.Rule) {
		at := v.Node.Span()
		if v.Node.IsMember() {
			at.Start = v.Node.Key().Start
		}
		p.wrong = append(p.wrong, at)
	}
	if p.linter.Thorough != nil && !taken {
		n := v.Node
		if v.Rule == "odata-type" || v.Rule == "control-information" {
			n = n.Parent() // without its type, nothing is known of the object
		}
		p.refused = append(p.refused, cmp.Or(n, v.Node).Span())
		if v.Into.Exists() {
			p.refused = append(p.refused, v.Into.Span()) // it lacks the member
		}
	}
	if !p.as(v.Rule) {
		return
	}
	d := patchlint.Diagnostic{Severity: v.Severity(), Span: v.Span}
	if !p.admitted(&d) {
		return
	}
	d = v.Diagnostic()
	d.Fixes = v.Fixes()
	p.Report(d)
}

// undetected reports a payload that shows no type. A text that is not an
// object cannot be a payload of any type, so that is reported.
func (p *Pass) undetected() {
	n := p.Payload
	if answer, at, message := odata.Answer(n); message != "" {
		p.violation(schema.Violation{Rule: "payload-shape", Node: answer, Span: at, Message: message})
		return
	}
	if n.Kind() != patchlint.Object {
		if p.as("payload-shape") {
			p.ReportValue(n, "a PATCH body is one JSON object, not %s", n.Kind())
		}
		return
	}
	if !p.as("unknown-type") {
		return
	}
	if annotation := n.Member("@odata.type"); annotation.Kind() == patchlint.String {
		r, err := p.model.Resource(annotation.Text())
		if err == nil {
			err = fmt.Errorf(`%s may be a type of another service; write "%s", or name the type with --type`, inert.Quote(annotation.Text()), r.Type.TypeName())
		}
		p.ReportValue(annotation, "%v", err)
		return
	}
	p.ReportObject(n, `the type of this payload is unknown; add "@odata.type", or name the type with --type`)
}

// suggest starts a finding with text to put in place of a span, as suggestion and as fix.
func suggest(at patchlint.Span, text string, safe bool) patchlint.Diagnostic {
	return patchlint.Diagnostic{Span: at, Suggestion: text, Fixes: []patchlint.Fix{fixes.Replace(at, text, safe)}}
}

// seeAlso points to another value of the document.
func seeAlso(at patchlint.Node, message string) []patchlint.Related {
	return []patchlint.Related{{Pointer: at.Pointer(), Span: at.Span(), Message: message}}
}
