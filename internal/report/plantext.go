package report

import (
	"cmp"
	"fmt"

	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/entity"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
)

// signColor is the color of each sign of a line: cleared or removed, new or added, changed,
// in another order, and not sent.
var signColor = map[string]string{"-": "31", "+": "32", "~": "33", "=": "36", "?": dim}

// textPlans prints plans for people: an aligned line for each property that differs, a
// line for each element that is added or removed, and a summary of the body. In a run
// over directories, a pair without a difference has one line.
func textPlans(out *output, directories, color bool) PlanPrinter {
	o := Options{Color: color}
	printed, apart := false, false // apart: the last pair has several lines
	print := func(c *Comparison) {
		same := directories && c.Plan != nil && c.Plan.Body == nil && len(c.Plan.Skipped) == 0
		if printed && (apart || !same) {
			out.WriteString("\n")
		}
		printed, apart = true, !same
		if directories {
			pair := o.paint(dim, printable(c.Sources[diff.Current].Name)+" -> "+printable(c.Sources[diff.Desired].Name))
			if same {
				out.printf("%s: %s\n", pair, describeBody(c.Plan))
				return
			}
			out.printf("%s\n", pair)
		}
		if c.Plan != nil {
			planText(out, c, o)
		} else if directories {
			out.printf("refused: %s\n", Count(len(c.Errors), "error", "errors"))
		}
	}
	end := func(s *PlanSummary) {
		if !directories {
			return
		}
		if s.Compared > 0 {
			out.WriteString("\n")
		}
		for _, o := range s.OnlyCurrent {
			out.printf("only in current, left alone: %s\n", o)
		}
		for _, o := range s.OnlyDesired {
			out.printf("only in desired, not compared: %s\n", o)
		}
		if s.Compared > 0 { // otherwise a failure says it
			out.WriteString(Total(s) + "\n")
		}
	}
	return PlanPrinter{out: out, print: print, end: end}
}

// Total summarizes a run in one line.
func Total(s *PlanSummary) string {
	text := fmt.Sprintf("%d compared: %d to send", s.Compared, s.Changed)
	if s.Compared == 0 {
		text = "nothing was compared"
	}
	for _, part := range []struct {
		n    int
		text string
	}{
		{s.Compared - s.Changed - s.Refused - s.Incomplete, ", %d without a change"}, {s.Incomplete, ", %d with differences that are not sent"}, {s.Refused, ", %d refused"},
		{len(s.OnlyCurrent), "; %d only in current"}, {len(s.OnlyDesired), "; %d only in desired"},
	} {
		if part.n > 0 {
			text += fmt.Sprintf(part.text, part.n)
		}
	}
	return text
}

func planText(out *output, c *Comparison, o Options) {
	p := c.Plan
	out.printf("%s\n\n", o.paint(bold, planTitle(p)))
	for _, l := range c.planLines(o) {
		if l.path == "" {
			out.printf("      %s\n", o.paint(signColor[l.sign], l.sign+" "+l.text))
		} else {
			out.printf("  %s %s  %s\n", o.paint(signColor[l.sign], l.sign), l.path, l.text)
		}
	}
	out.printf("    %s\n\n%s\n", o.paint(dim, fmt.Sprintf("%d unchanged", unchanged(p))), describeBody(p))
}

// planTitle names the object of a plan.
func planTitle(p *diff.Plan) string {
	title := inert.Show(p.Resource.Short())
	if name := maskedString(cmp.Or(firstText(p.Current, "displayName", "name"), firstText(p.Desired, "displayName", "name"))); name != "" {
		title += " " + inert.Quote(name)
	}
	t := p.Resource
	id := cmp.Or(entity.ID(t, p.Current), entity.ID(t, p.Desired))
	if id = secret.Mask(p.Desired.Document(), secret.Mask(p.Current.Document(), id)); id != "" {
		title += " " + inert.Text(id)
	}
	return title
}

// describeBody describes the body of a plan in one line.
func describeBody(p *diff.Plan) string {
	if p.Body == nil {
		return "nothing to send"
	}
	all := settable(p)
	for _, c := range p.Changes {
		all[c.Property] = true // even if its open type does not declare it
	}
	text := fmt.Sprintf("PATCH body: %d of %d properties, %d bytes", len(p.Changes), len(all), len(p.Body))
	separator := "; "
	for _, c := range p.Changes {
		if c.Property.Collection && !clears(c) {
			text += fmt.Sprintf("%s%s is sent whole (%s)", separator, shownPath(c, c.Pointer), c.Elements(c.Desired.Len()))
			separator = ", "
		}
	}
	return text
}

// unchanged returns the number of properties without a difference.
func unchanged(p *diff.Plan) int {
	left := settable(p)
	for _, c := range p.Changes {
		delete(left, c.Property)
	}
	for _, s := range p.Skipped {
		if s.Reason != diff.OrderOnly {
			delete(left, s.Property)
		}
	}
	return len(left)
}

// settable returns the set of declared properties that a body can have.
func settable(p *diff.Plan) map[*schema.Property]bool {
	properties := make(map[*schema.Property]bool)
	for _, property := range p.Resource.Properties {
		if !property.Computed {
			properties[property] = true
		}
	}
	return properties
}
