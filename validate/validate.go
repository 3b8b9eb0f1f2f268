// Package validate defines the rules and applies them to payloads.
//
// A Linter takes bytes or a parsed document, and a Target that describes them, and
// returns findings. It walks the payload once along with the model of package schema
// and passes every visited value to the rules. Linter.Thorough adds validation by JSON
// Schema. A Run finds contradictions between the payloads of a directory. Rules are
// values: each has its own file with its documentation, and a program may add others.
//
// The number of findings of a document is limited. Their messages, suggestions and
// titles mask recognized credentials; the edits of fixes do not, because they are
// written to the file.
//
// Linting has no side effects: it prints nothing, reads no files and does not modify the
// payload.
package validate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/internal/span"
	"github.com/patchlint/patchlint/schema"
)

// Target describes a payload as far as it is known in advance, for example from the
// URL that it is sent to. The zero value is a payload whose type is to be recognized.
type Target struct {
	// Version is the API version of the payload; "" means the version in its
	// @odata.context if there is one, and otherwise beta.
	Version schema.Version
	// Type is the type of the payload, as "complianceManagementPartner" or as the
	// qualified name. If it is "", the type is recognized from the payload; a payload of
	// unrecognized type gets the finding unknown-type.
	Type string
	// Key is the id of the object in the URL, or "" if it is unknown. A payload with
	// another id gets the finding id-mismatch.
	Key string
	// Insert reports whether the payload creates an object, as with POST and PUT, rather
	// than updating one.
	Insert bool
	// Batch reports whether the payload is sent as a JSON batch, whatever its content.
	// Type, Key and Insert are ignored then, because each request defines its own.
	Batch bool
}

// Linter checks payloads. The zero value applies every rule. A Linter is safe for
// concurrent use as long as its fields are not modified.
type Linter struct {
	// Models overrides the embedded models of API versions; nil overrides none.
	Models schema.Models
	// Rules lists the rules to apply; nil means Rules(). The faults of a text that cannot be
	// read to its end are errors whatever Rules and Severities say, because no rule can
	// check it; only duplicate names are left to their rule.
	Rules []*Rule
	// Severities overrides the severity of the findings of a rule, by its id. To turn a
	// rule off, leave it out of Rules.
	Severities map[string]patchlint.Severity
	// Placeholders lists additional texts that the rule placeholder-value treats as
	// placeholders, ignoring case.
	Placeholders []string
	// Names holds the names of the tenant's groups and assignment filters. The rule
	// unknown-id checks ids against it, and finds nothing without it.
	Names *Names
	// Thorough, if not nil, validates every payload in addition to the walk. It should be
	// schema/conform.Check, which uses the JSON Schema. Its violations are reported where
	// the walk found none. The walk alone is 10 to 200 times as fast, and the tests check
	// that both agree.
	Thorough func(r *schema.Type, payload patchlint.Node) []patchlint.Diagnostic
	// TeamSchemas lists JSON Schemas that a team adds, such as schema/conform.Team.Check.
	// Each returns a finding with place and message for everything that it refuses in a
	// payload. The rule team-schema reports them.
	TeamSchemas []func(r *schema.Type, payload patchlint.Node) []patchlint.Diagnostic
	// Limit is the maximum number of findings for a document; 0 means
	// 1,000. It applies to the faults of the text and to the other
	// findings separately. One additional finding, json-limit, reports that others were
	// omitted, with the highest severity among those.
	Limit int

	_ struct{}
}

// Lint parses src as strict JSON and returns the findings in source order. If t has an
// unknown Version or Type, the only finding is unknown-type.
func (l *Linter) Lint(src []byte, t Target) []patchlint.Diagnostic {
	p := passes.Get().(*Pass)
	_ = p.text.Parse(src, patchlint.JSON, l.Limit, 0) // reported as a fault
	return l.lint(p, p.text, t)
}

// LintDocument is like Lint but takes a parsed document. It lints a JSON batch request
// by request. For a document that is not Whole, it reports only the faults of the text
// and the credentials in it. It finds no faults in a document that was not parsed.
func (l *Linter) LintDocument(doc *patchlint.Document, t Target) []patchlint.Diagnostic {
	return l.lint(passes.Get().(*Pass), doc, t)
}

func (l *Linter) lint(p *Pass, doc *patchlint.Document, t Target) []patchlint.Diagnostic {
	model, err := l.Models.Open(recognize.Version(t.Version, doc))
	var resource *schema.Type
	if err == nil && t.Type != "" && !t.Batch {
		resource, err = model.Resource(t.Type)
	}
	if err != nil {
		return []patchlint.Diagnostic{{Rule: "unknown-type", Severity: patchlint.Error, Span: doc.Root().Opening(), Message: err.Error()}}
	}
	p.Document, p.Target, p.Resource, p.model, p.linter = doc, t, resource, model, l
	for _, r := range l.Rules {
		if !slices.Contains(all, r) {
			p.foreign = append(p.foreign, r)
		}
	}
	p.bounds = bounds.New(l.limit(), len(doc.Source()))
	p.requests, p.assumed = recognize.Requests(l.Models, doc, model.Version, t.Batch)
	return p.run()
}

// run applies all rules to the document.
func (p *Pass) run() []patchlint.Diagnostic {
	p.ignores = ignoresOf(p.Document)
	for _, fault := range p.Document.Faults() { // the document limits their number
		// A text that is not read to its end is not checked, so it must not pass. A duplicate
		// name never ends the reading.
		unread := !p.Document.Whole() && fault.Severity == patchlint.Error && fault.Rule != "json-duplicate-name"
		if !p.as(fault.Rule) && unread {
			p.rule = Lookup(fault.Rule)
		}
		if p.rule != nil && p.wanted(&fault) {
			if unread {
				fault.Severity = patchlint.Error
			}
			p.findings = append(p.findings, fault)
		}
	}
	if p.takes(secretValue) {
		secretValue.Document(p)
	}
	for _, rule := range p.foreign {
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
		p.Payload = p.Document.Root()
		if p.Resource == nil {
			p.Resource = recognize.Payload(p.model, p.Payload)
		}
		if p.Resource != nil {
			p.payload()
		} else {
			p.search() // because nothing is walked
			p.undetected()
		}
	}
	ignores := p.ignores
	p.reportUnused()
	certain := p.Resource != nil // other documents are never changed
	if p.requests != nil {
		certain = p.Target.Batch || slices.ContainsFunc(p.requests, func(r recognize.Request) bool { return r.Certain })
	}
	doubtful := certain && p.requests == nil && p.Target.Type == "" && len(p.findings) > 0 && recognize.Doubtful(p.Resource, p.Payload)
	// Parsers differ in which of two members with the same name counts. It may show the type
	// of the payload, or how a request in a batch is sent. After too many faults, others are
	// unknown.
	ambiguous := slices.ContainsFunc(p.Document.Faults(), func(f patchlint.Diagnostic) bool { return f.Rule == "json-duplicate-name" || f.Rule == "json-limit" })
	findings := p.done()
	for i := range findings {
		d := &findings[i]
		if !certain {
			d.Fixes = nil
		}
		for k, fix := range d.Fixes { // copies: the fixes of faults belong to the document
			ofText := strings.HasPrefix(d.Rule, "json-") // whatever its names mean
			d.Fixes[k].Safe = fix.Safe && !doubtful && !ignores.moves(fix) && (!ambiguous || ofText)
		}
	}
	return findings
}

// done returns the findings and releases the pass for reuse.
func (p *Pass) done() []patchlint.Diagnostic {
	if p.omitted != 0 { // even if json-limit does not apply, because errors may have been omitted
		p.findings = append(p.findings, patchlint.Diagnostic{
			Rule: "json-limit", Severity: p.omitted, Span: p.Document.Root().Opening(),
			Message: fmt.Sprintf("more than %d findings; the others are not listed", len(p.findings)),
		})
	}
	var findings []patchlint.Diagnostic
	if len(p.findings) > 0 {
		slices.SortStableFunc(p.findings, patchlint.Diagnostic.Compare)
		doc := p.Document
		if p.unsearched != nil {
			doc = nil // nothing in it can be a credential
		}
		findings = secret.Conceal(doc, p.findings)
		clear(p.findings)
	}
	kept := p.memory
	kept.foreign, kept.findings = kept.foreign[:0], kept.findings[:0]
	*p = Pass{}
	p.memory = kept
	passes.Put(p)
	return findings
}

// Applies reports whether the linter applies the rule with the given id.
func (l *Linter) Applies(id string) bool { return ruleOf(l.Rules, id) != nil }

// as makes the rule with the given id the one that reports the next findings. It returns
// false if the rule does not apply.
func (p *Pass) as(id string) bool {
	p.rule = ruleOf(p.linter.Rules, id)
	return p.rule != nil
}

func (l *Linter) limit() int { return cmp.Or(l.Limit, bounds.Findings) }

// payload applies the rules to Payload, which has the type of Resource.
func (p *Pass) payload() {
	p.refused, p.wrong = p.refused[:0], p.wrong[:0]
	p.walk(p.Resource, p.Payload)
	p.checkTeamSchemas()
	// Validating a large document takes much memory, which is wasted if its text has faults.
	if p.linter.Thorough == nil || p.closed() || len(p.Document.Faults()) > 0 && len(p.Document.Source()) > maxFaultyJudged {
		return
	}
	// A violation that only the JSON Schema finds is a defect of the walk, and must be
	// reported all the same. The walk has found it if it refused the value, something in
	// it, or a value that contains it.
	refused := span.Join(p.refused)
	for _, v := range p.linter.Thorough(p.Resource, p.Payload) {
		if len(span.Within(refused, v.Span)) == 0 && p.as(v.Rule) {
			p.Report(v)
		}
	}
}

// maxFaultyJudged is the maximum size, in bytes, of a document with faults in its text that
// is also validated by JSON Schema.
const maxFaultyJudged = 256 << 10

// violate reports a violation about n under its rule.
func (p *Pass) violate(n patchlint.Node, v patchlint.Diagnostic) (more bool) {
	p.search()
	taken := v.Rule == "unknown-property" && v.Severity < patchlint.Error // by an open type
	if !taken && !slices.Contains(beyondValue, v.Rule) {
		at := n.Span()
		if n.Key().Len() > 0 {
			at.Start = n.Key().Start
		}
		p.wrong = append(p.wrong, at)
	}
	if p.linter.Thorough != nil && !taken {
		at := n
		if v.Rule == "odata-type" || v.Rule == "control-information" {
			at = cmp.Or(n.Parent(), n) // without its type, the object is not checked
		}
		p.refused = append(p.refused, at.Span())
		for _, f := range v.Fixes {
			for _, e := range f.Edits {
				p.refused = append(p.refused, e.Span) // such as the place of a member in an object that lacks it
			}
		}
	}
	if p.as(v.Rule) && p.admitted(&v) {
		v.Pointer = n.Pointer()
		p.add(v)
	}
	return !p.closed()
}

// undetected reports a payload of unknown type, or one that is not an object.
func (p *Pass) undetected() {
	n := p.Payload
	if answer, at, message := odata.Answer(n); message != "" {
		p.violate(answer, patchlint.Diagnostic{Rule: "payload-shape", Severity: patchlint.Error, Span: at, Message: message})
		return
	}
	switch {
	case n.Kind() != patchlint.Object:
		if p.as("payload-shape") {
			p.ReportValue(n, "%s", odata.NotObject(n))
		}
		return
	case !p.as("unknown-type"):
		return
	}
	switch annotation := n.Member("@odata.type"); {
	case !annotation.Exists():
	case annotation.Kind() != patchlint.String:
		p.ReportValue(annotation, `the type of this payload is unknown; "@odata.type" takes the name of a type in a string, not %s`, annotation.Kind())
		return
	default:
		r, err := p.model.Resource(annotation.Text())
		if err == nil {
			err = fmt.Errorf(`%s may be a type of another service; write "%s", or %s`, inert.Quote(annotation.Text()), "#"+r.Name, recognize.SetType)
		}
		p.ReportValue(annotation, "%v", err)
		return
	}
	if other := recognize.Misnamed(n); other.Exists() {
		p.report(other, patchlint.Diagnostic{Span: other.Key()}, `the type of this payload is unknown; the annotation with its type must be named "@odata.type", not %s`, inert.Quote(other.Name()))
		return
	}
	remedy := `add "@odata.type", or ` + recognize.SetType
	switch requests := n.Member("requests"); {
	case odata.Wrapped(n).Kind() == patchlint.Array:
		remedy = `this is a list response; each object in its "value" is a separate payload`
	case requests.Kind() == patchlint.Object && requests.Member("url").Exists():
		remedy = `the "requests" of a batch must be an array, even of one request (PowerShell unrolls such an array)`
	case n.Member("Requests").Kind() == patchlint.Array:
		remedy = `names are case-sensitive; write "requests"`
	}
	p.ReportObject(n, "the type of this payload is unknown; %s", remedy)
}

// suggest returns a finding with a replacement of a span, as suggestion and as fix.
func suggest(at patchlint.Span, text string, safe bool) patchlint.Diagnostic {
	return patchlint.Diagnostic{Span: at, Suggestion: text, Fixes: []patchlint.Fix{fixes.Replace(at, text, safe)}}
}

// seeAlso returns another value of the document as Related.
func seeAlso(at patchlint.Node, message string) []patchlint.Related {
	return []patchlint.Related{{Pointer: at.Pointer(), Span: at.Span(), Message: message}}
}
