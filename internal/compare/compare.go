// Package compare compares two objects as `patchlint diff` does, wherever their
// texts come from: it tells what they are, computes the plan, and adds to what
// package diff finds what the rules find in the desired object.
package compare

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/spelling"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// Resource tells what two objects are, where the first is known to be of have and
// the second of want, or nil. Where it returns nil, c says why. Text that
// cannot be read is for Fill to refuse, whatever the type.
func Resource(c *report.Comparison, model *schema.Model, have, want *schema.Resource) *schema.Resource {
	current, desired := c.Sources[diff.Current].Document, c.Sources[diff.Desired].Document
	refuse := func(rule, format string, args ...any) {
		c.Errors = append(c.Errors, diff.Finding{Side: diff.Desired, Diagnostic: patchlint.Diagnostic{
			Rule: rule, Severity: patchlint.Error, Span: desired.Root().Opening(), Message: fmt.Sprintf(format, args...),
		}})
	}
	switch {
	case have != nil && want != nil && !have.Type.Is(want.Type) && !want.Type.Is(have.Type):
		refuse("odata-type", "this is %s, and current is %s", want.Type.Short(), have.Type.Short())
		return nil
	case want != nil:
		return want
	case have != nil:
		return have
	}
	if listed := Listed(model, current.Root()); listed != nil {
		return listed
	}
	if partner, err := model.Resource("complianceManagementPartner"); err == nil && (!current.Whole() || !desired.Whole()) {
		return partner
	}
	refuse("unknown-type", `neither object shows its type; add "@odata.type", or name it with --type`)
	return nil
}

// Listed tells what an object is that shows no type itself, or what the objects of a
// list are: what the context of the response says that it is in; nil where there is none.
func Listed(model *schema.Model, object patchlint.Node) *schema.Resource {
	if object.Member("@odata.type").Exists() {
		return nil
	}
	return recognize.Context(model, odata.ContextOf(object).Text())
}

// Fill computes the plan of a comparison, or the errors for which there is none,
// and the warnings. It returns the resource that was compared. The linter is the one for
// desired.
func Fill(c *report.Comparison, resource *schema.Resource, linter *validate.Linter, o diff.Options) *schema.Resource {
	desired := c.Sources[diff.Desired].Document
	if base, ok := c.Sources[diff.Base]; ok {
		o.Base = base.Document
	}
	plan, err := diff.Compute(resource, c.Sources[diff.Current].Document, desired, o)
	var refusal *diff.Refusal
	switch {
	case errors.As(err, &refusal):
		c.Errors = refusal.Findings
	case err != nil:
		c.Errors = []diff.Finding{{Side: diff.Desired, Diagnostic: patchlint.Diagnostic{Rule: "payload-shape", Severity: patchlint.Error, Message: err.Error()}}}
	default:
		c.Plan = plan
		c.Warnings = plan.Warnings
	}
	c.Warnings = append(c.Warnings, Others(c, resource, linter)...)
	if c.Plan != nil {
		return c.Plan.Resource
	}
	return resource
}

// Others are the findings of a linter about desired that a comparison does not have
// yet: findings that do not refuse it are warnings.
func Others(c *report.Comparison, resource *schema.Resource, linter *validate.Linter) []diff.Finding {
	linted := linter.LintDocument(c.Sources[diff.Desired].Document, validate.Target{Version: resource.Model.Version, Type: resource.Type.Name})
	known := make(map[string]bool)
	for _, f := range slices.Concat(c.Errors, c.Warnings) {
		if f.Side == diff.Desired {
			known[f.Rule+" "+string(f.Pointer)] = true
		}
	}
	var findings []diff.Finding
	for _, d := range linted {
		// Properties that desired leaves out can be sent all the same, by Prune or Base.
		if d.Rule == "empty-patch" && c.Changed() {
			continue
		}
		if !known[d.Rule+" "+string(d.Pointer)] {
			d.Severity = min(d.Severity, patchlint.Warning)
			findings = append(findings, diff.Finding{Side: diff.Desired, Diagnostic: d})
		}
	}
	return findings
}

// NoProperty says of each pointer that leads to no property of the resources that were
// compared that it does so; of none where nothing was.
func NoProperty(compared []*schema.Resource, pointers []patchlint.Pointer) (notes []string) {
	if len(compared) == 0 {
		return nil
	}
	for _, p := range pointers {
		if remedy, ok := follow(compared, p); !ok {
			notes = append(notes, inert.Quote(string(p))+" names no property"+remedy)
		}
	}
	return notes
}

// follow reports whether a pointer leads to what the resources declare, or to what may be
// there undeclared, and if not, says what may be meant in its place.
func follow(from []*schema.Resource, p patchlint.Pointer) (remedy string, ok bool) {
	var at []value
	for _, r := range from {
		at = append(at, value{r.Model, r.Type, false})
	}
	var above patchlint.Pointer
	for p != "" {
		token, rest := p.Cut()
		_, err := strconv.Atoi(token)
		var below []value
		var names []string
		for _, v := range at {
			if v.open(token) {
				return "", true
			}
			for name, v := range v.members {
				names = append(names, name)
				if leads := name == token || token == "*" || name == "*" && err == nil; leads && !slices.Contains(below, v) {
					below = append(below, v)
				}
			}
		}
		if len(below) == 0 {
			if near := spelling.Nearest(token, names); near != "" {
				remedy = "; did you mean " + string(above.Append(near)+rest) + "?"
			}
			return remedy, false
		}
		at, above, p = below, above.Append(token), rest
	}
	return "", true
}

// value is what a pointer may lead to: a value of a type, or a collection of such.
type value struct {
	model      *schema.Model
	of         *schema.Type
	collection bool
}

// types lists the types that an object of the declared one can be of, and that one.
func (v value) types() []*schema.Type { return append(v.model.Derived(v.of), v.of) }

// members yields what is declared to be in a value, by the tokens that lead there.
func (v value) members(yield func(string, value) bool) {
	switch {
	case v.collection:
		yield("*", value{v.model, v.of, false})
		return
	case !v.of.Structured():
		return
	}
	for _, t := range v.types() {
		for _, p := range t.Properties {
			if !yield(p.Name, value{v.model, p.Type, p.Collection}) {
				return
			}
		}
	}
}

// open reports whether a token may lead to what is not declared.
func (v value) open(token string) bool {
	switch {
	case v.collection:
		return false
	case v.of.Name == "Edm.Untyped" || strings.Contains(token, "@"):
		return true
	}
	return v.of.Structured() && slices.ContainsFunc(v.types(), func(t *schema.Type) bool { return t.Toward(token) != nil || t.Dynamic(token) != nil })
}
