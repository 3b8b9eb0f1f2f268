// Package compare compares two objects for `patchlint diff` and the web page: it finds
// their resource, computes the plan, and lints the desired object.
package compare

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/entity"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/spelling"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// Resource returns the resource of two objects, given those that current and desired are
// known to have, or nil. If it cannot find one, it adds an error to c and returns nil. If a
// document cannot be parsed, it returns any resource, because Fill refuses the document.
func Resource(c *report.Comparison, model *schema.Model, have, want *schema.Type) *schema.Type {
	current, desired := c.Sources[diff.Current].Document, c.Sources[diff.Desired].Document
	refuse := func(rule, format string, args ...any) {
		c.Errors = append(c.Errors, diff.Finding{Side: diff.Desired, Diagnostic: patchlint.Diagnostic{
			Rule: rule, Severity: patchlint.Error, Span: desired.Root().Opening(), Message: fmt.Sprintf(format, args...),
		}})
	}
	switch {
	case have != nil && want != nil && !have.Is(want) && !want.Is(have):
		refuse("odata-type", "this object has the type %s, but current has the type %s; use files that belong together", want.Short(), have.Short())
		return nil
	case want != nil:
		return want
	case have != nil:
		return have
	}
	if r := ContextResource(model, current.Root()); r != nil {
		return r
	}
	objects, _ := entity.In(current.Root()) // each may show its type, as the response around it does not
	if len(objects) > 0 {
		first := recognize.Payload(model, objects[0])
		others := slices.ContainsFunc(objects, func(o patchlint.Node) bool { return recognize.Payload(model, o) != first })
		if first != nil && !others {
			return first
		}
	}
	if partner, err := model.Resource("complianceManagementPartner"); err == nil && (!current.Whole() || !desired.Whole()) {
		return partner
	}
	if len(objects) == 1 {
		if d := entity.Unfit(objects[0], nil); d != nil {
			c.Errors = append(c.Errors, diff.Finding{Side: diff.Current, Diagnostic: *d})
			return nil
		}
	}
	refuse("unknown-type", `neither object shows its type; add "@odata.type", or `+recognize.SetType)
	return nil
}

// ContextResource returns the resource of an object without an @odata.type, or of the
// objects in a list, by the context of the response that it is in; nil if there is none.
func ContextResource(model *schema.Model, object patchlint.Node) *schema.Type {
	if object.Member("@odata.type").Exists() {
		return nil
	}
	return recognize.Context(model, odata.ParseContext(odata.ContextOf(object).Text()))
}

// Fill computes the plan, errors and warnings of a comparison, and returns the resource
// that was compared. It lints desired with linter, and leaves out the plan's warnings of
// rules that linter does not apply, except about values that are sent.
func Fill(c *report.Comparison, resource *schema.Type, linter *validate.Linter, o diff.Options) *schema.Type {
	desired := c.Sources[diff.Desired].Document
	if base, ok := c.Sources[diff.Base]; ok {
		o.Base = base.Document
	}
	plan, err := diff.Compute(resource, c.Sources[diff.Current].Document, desired, o)
	if refusal, ok := errors.AsType[diff.Refusal](err); ok {
		c.Errors = refusal
	} else {
		c.Plan, c.Warnings = plan, slices.DeleteFunc(slices.Clone(plan.Warnings), func(f diff.Finding) bool {
			return Off(linter, f) && !slices.ContainsFunc(plan.Changes, func(change diff.Change) bool { return change.Pointer == f.Pointer })
		})
	}
	c.Warnings = append(c.Warnings, LintWarnings(c, resource, linter)...)
	if c.Plan != nil {
		return c.Plan.Resource
	}
	return resource
}

// Off reports whether a linter does not apply the rule of a finding.
func Off(linter *validate.Linter, f diff.Finding) bool {
	return validate.Lookup(f.Rule) != nil && !linter.Applies(f.Rule)
}

// LintWarnings lints desired and returns the findings that the comparison does not have
// yet, as warnings: errors of rules that diff does not share do not refuse it.
func LintWarnings(c *report.Comparison, resource *schema.Type, linter *validate.Linter) []diff.Finding {
	linted := linter.LintDocument(c.Sources[diff.Desired].Document, validate.Target{Version: resource.Model.Version, Type: resource.Name})
	known := make(map[string]bool)
	for _, f := range slices.Concat(c.Errors, c.Warnings) {
		if f.Side == diff.Desired {
			known[f.Rule+" "+string(f.Pointer)] = true
		}
	}
	var findings []diff.Finding
	for _, d := range linted {
		// With Prune or Base, diff also sends properties that are absent in desired.
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

// UnknownPointers returns a note for each pointer that does not refer to a property of
// the compared resources, or none if nothing was compared.
func UnknownPointers(compared []*schema.Type, pointers []patchlint.Pointer) (notes []string) {
	if len(compared) == 0 {
		return nil
	}
	for _, p := range pointers {
		if remedy, ok := follow(compared, p); !ok {
			notes = append(notes, inert.Quote(string(p))+" does not name a property"+remedy)
		}
	}
	return notes
}

// Ignores reports whether a pointer of diff.Options.Ignore refers to a member of the compared
// objects, such as a property that Graph has not published.
func Ignores(c *report.Comparison, p patchlint.Pointer) bool {
	how := schema.Comparison{Ignore: [][]string{slices.Collect(p.Tokens())}}
	base, based := c.Sources[diff.Base]
	return c.Plan != nil && (ignores(how, c.Plan.Desired) || ignores(how, c.Plan.Current) || based && ignores(how, base.Document.Root()))
}

func ignores(how schema.Comparison, n patchlint.Node) bool {
	i := 0
	for child := range n.Children() {
		token := child.Name()
		if n.Kind() == patchlint.Array {
			token = strconv.Itoa(i)
		}
		i++
		if below, counts := how.Below(token); !counts || len(below.Ignore) > 0 && ignores(below, child) {
			return true
		}
	}
	return false
}

// value is a value that a pointer may refer to: one of a type, or a collection of those.
type value struct {
	of         *schema.Type
	collection bool
}

// follow reports whether a pointer refers to a property that a resource declares, or
// that an open type can have. If not, remedy suggests a pointer with a similar name, if
// there is one.
func follow(from []*schema.Type, p patchlint.Pointer) (remedy string, ok bool) {
	var at []value
	for _, r := range from {
		at = append(at, value{r, false})
	}
	tokens := slices.Collect(p.Tokens())
	for i, token := range tokens {
		_, notIndex := strconv.Atoi(token)
		var below []value
		var names []string
		for _, v := range at {
			switch {
			case v.collection:
				if token == "*" || notIndex == nil {
					below = append(below, value{v.of, false})
				}
				continue
			case v.of.Name == "Edm.Untyped" || strings.Contains(token, "@"):
				return "", true
			case !v.of.Structured():
				continue
			}
			for _, t := range append(v.of.Model.Derived(v.of), v.of) {
				if t.NavigationProperty(token) != nil || t.Open && t.Property(token) == nil && !strings.Contains(token, "#") {
					return "", true
				}
				for _, p := range t.Properties {
					names = append(names, p.Name)
					if next := (value{p.Type, p.Collection}); (token == "*" || token == p.Name) && !slices.Contains(below, next) {
						below = append(below, next)
					}
				}
			}
		}
		if len(below) == 0 {
			if near := spelling.Correction(token, names); near != "" {
				tokens[i] = near
				var meant patchlint.Pointer
				for _, t := range tokens {
					meant = meant.Append(t)
				}
				remedy = "; did you mean " + inert.Quote(string(meant)) + "?"
			}
			return remedy, false
		}
		at = below
	}
	return "", true
}
