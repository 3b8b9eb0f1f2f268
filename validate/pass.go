package validate

import (
	"cmp"
	"fmt"
	"sync"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/schema"
)

// passes lets passes be reused, so that linting a clean payload does not allocate.
var passes = sync.Pool{New: func() any {
	p := &Pass{memory: &memory{text: new(patchlint.Document), dispatches: make(map[*schema.Type]*dispatch)}}
	p.walk = schema.Walker(p.visit, p.violate)
	return p
}}

// Pass is the run of the rules on one payload. A rule must not use it after the call
// that received it.
type Pass struct {
	Document *patchlint.Document
	// Payload is a value of type Resource. Both are zero where Rule.Document is called, except
	// that Resource is the type that the Target names, if any.
	Payload  patchlint.Node
	Resource *schema.Type
	// Target is the target passed to the Linter. In a batch, its Key and Insert
	// come from the request that contains the payload.
	Target Target

	linter     *Linter
	requests   []recognize.Request // requests of a JSON batch; nil for any other document
	assumed    bool                // whether they may be for another service
	model      *schema.Model
	rule       *Rule    // the rule that is running
	unsearched *Rule    // secret-value, if it has yet to search the document
	ignores    *ignores // nil if the document has none
	bounds     bounds.Bounds
	omitted    patchlint.Severity // highest severity of omitted findings; 0 if none is omitted

	refused []patchlint.Span // places of violations of the walk, to compare with Thorough
	wrong   []patchlint.Span // members and elements that the walk refused; other rules skip their text, and team schemas skip them

	compared patchlint.Node // last argument of distinctTargets
	distinct bool           // its result

	*memory
}

// memory is the part of a Pass that is reused.
type memory struct {
	text       *patchlint.Document                // document of a payload passed as bytes; findings do not refer to it
	walk       func(*schema.Type, patchlint.Node) // calls Pass.visit and Pass.violate
	dispatches map[*schema.Type]*dispatch
	dispatch   *dispatch // dispatch of the type of the last object
	foreign    []*Rule   // rules from outside this package
	findings   []patchlint.Diagnostic
	keys       []uint64 // buffer of distinctTargets
}

// Report adds a finding of the rule that is running. Its severity is the one in the
// Linter's Severities, else the one that d states, else the one of the rule, else Error.
func (p *Pass) Report(d patchlint.Diagnostic) {
	if p.admitted(&d) {
		p.add(d)
	}
}

// ReportValue adds a finding about a value, with the span of the value.
func (p *Pass) ReportValue(n patchlint.Node, format string, args ...any) {
	p.report(n, patchlint.Diagnostic{}, format, args...)
}

// warn is like ReportValue but adds a warning, whatever the severity of the rule.
func (p *Pass) warn(n patchlint.Node, format string, args ...any) {
	p.report(n, patchlint.Diagnostic{Severity: patchlint.Warning}, format, args...)
}

// reportName adds a finding about a member, with the span of its name. fix may be zero.
func (p *Pass) reportName(n patchlint.Node, fix patchlint.Fix, format string, args ...any) {
	d := patchlint.Diagnostic{Span: n.Key()}
	if len(fix.Edits) > 0 {
		d.Fixes = []patchlint.Fix{fix}
	}
	p.report(n, d, format, args...)
}

// ReportObject adds a finding about something missing in an object, with the span of its
// opening brace.
func (p *Pass) ReportObject(object patchlint.Node, format string, args ...any) {
	p.report(object, patchlint.Diagnostic{Span: object.Opening()}, format, args...)
}

// report adds a finding about a value. d has the fields that differ from the default,
// such as Span. report builds the pointer and message only if the finding is listed.
func (p *Pass) report(n patchlint.Node, d patchlint.Diagnostic, format string, args ...any) {
	d.Span = cmp.Or(d.Span, n.Span())
	if p.admitted(&d) {
		d.Pointer, d.Message = n.Pointer(), fmt.Sprintf(format, args...)
		p.add(d)
	}
}

// wanted sets the rule and severity of a finding. It returns false if a comment
// suppresses the finding.
func (p *Pass) wanted(d *patchlint.Diagnostic) bool {
	d.Rule = p.rule.ID
	d.Severity = cmp.Or(p.linter.Severities[d.Rule], d.Severity, p.rule.Severity, patchlint.Error)
	return !p.ignores.suppress(d)
}

// admitted is like wanted but also returns false if the limit of findings is reached.
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

// closed reports whether further findings cannot change the result: the limit is reached
// and an error was omitted.
func (p *Pass) closed() bool { return p.omitted == patchlint.Error }
