package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/identity"
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
func textPlans(out *output, directories, color bool) planPrinter {
	paint := Options{Color: color}.paint
	printed, apart := false, false // apart: the last pair has several lines
	print := func(c *Comparison) {
		same := directories && c.Plan != nil && c.Plan.Body == nil && len(c.Plan.Skipped) == 0
		if printed && (apart || !same) {
			out.WriteString("\n")
		}
		printed, apart = true, !same
		if directories {
			pair := paint(dim, printable(c.Sources[diff.Current].Name)+" -> "+printable(c.Sources[diff.Desired].Name))
			if same {
				out.printf("%s: %s\n", pair, describeBody(c.Plan))
				return
			}
			out.printf("%s\n", pair)
		}
		if c.Plan != nil {
			planText(out, c, paint)
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
		// After failures, "0 compared" would suggest that there was nothing to compare.
		if len(s.Failures) == 0 || s.Compared > 0 {
			out.WriteString(Total(s) + "\n")
		}
	}
	return planPrinter{print: print, end: end}
}

// Total summarizes a run in one line.
func Total(s *PlanSummary) string {
	text := fmt.Sprintf("%d compared: %d to send, %d without a change", s.Compared, s.Changed, s.same())
	for _, part := range []struct {
		n    int
		text string
	}{
		{s.Incomplete, ", %d with differences that are not sent"}, {s.Refused, ", %d refused"},
		{len(s.OnlyCurrent), "; %d only in current"}, {len(s.OnlyDesired), "; %d only in desired"},
	} {
		if part.n > 0 {
			text += fmt.Sprintf(part.text, part.n)
		}
	}
	return text
}

// painter colors a text, as Options.paint does.
type painter func(color, text string) string

func planText(out *output, c *Comparison, paint painter) {
	p := c.Plan
	out.printf("%s\n\n", paint(bold, planTitle(p)))
	for _, l := range c.planLines(paint) {
		if l.path == "" {
			out.printf("      %s\n", paint(signColor[l.sign], l.sign+" "+l.text))
		} else {
			out.printf("  %s %s  %s\n", paint(signColor[l.sign], l.sign), l.path, l.text)
		}
	}
	out.printf("    %s\n\n%s\n", paint(dim, fmt.Sprintf("%d unchanged", unchanged(p))), describeBody(p))
}

// planTitle names the object of a plan.
func planTitle(p *diff.Plan) string {
	title := inert.Show(p.Resource.Short())
	if name := maskedString(cmp.Or(firstText(p.Current, "displayName", "name"), firstText(p.Desired, "displayName", "name"))); name != "" {
		title += " " + inert.Quote(name)
	}
	t := p.Resource
	id := cmp.Or(identity.Of(t, p.Current), identity.Of(t, p.Desired))
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
			text += fmt.Sprintf("%s%s is sent whole (%s)", separator, shownPath(c, c.Pointer), countElements(c.Property, c.Desired.Len()))
			separator = ", "
		}
	}
	return text
}

// planLine describes the change of a property, or of an element or part of the property
// in a line before it, in which case path is "".
type planLine struct {
	sign string // a key of signColor
	path string // in a column of its own
	text string
}

// planLines describes what the plan changes and skips. Paths are padded to the longest one
// that is sent; a longer one that is skipped sticks out.
func (c *Comparison) planLines(paint painter) (lines []planLine) {
	widest := 0
	for _, change := range c.Plan.Changes {
		path := shownPath(change, change.Pointer)
		widest = max(widest, len(path))
		lines = append(lines, c.changeLines(path, change, paint)...)
	}
	for _, s := range c.Plan.Skipped {
		lines = append(lines, c.skipLine(s))
	}
	for i, l := range lines {
		if l.path != "" {
			lines[i].path = fmt.Sprintf("%-*s", widest, l.path)
		}
	}
	return lines
}

// shownPath returns the pointer to a change, or the end of it, without its first slash.
func shownPath(c diff.Change, p patchlint.Pointer) string {
	return inert.Show(string(maskedPointer(c, p)[1:]))
}

// countElements returns n with the noun for the elements of a collection.
func countElements(p *schema.Property, n int) string {
	one := "element"
	if strings.HasSuffix(p.Type.Short(), "Assignment") {
		one = "assignment"
	}
	return Count(n, one, one+"s")
}

// changeLines returns a line for a change at a path, and one for each change inside the
// value, or for each element that is added, removed or modified.
func (c *Comparison) changeLines(path string, change diff.Change, paint painter) []planLine {
	if change.Property.Collection {
		return c.collectionLines(path, change)
	}
	if len(change.Inside) > 0 {
		lines := []planLine{{"~", path, Count(len(change.Inside), "change", "changes") + " inside"}}
		for _, inner := range change.Inside {
			for _, l := range c.changeLines(shownPath(change, inner.Pointer[len(change.Pointer):]), inner, paint) {
				l.path, l.text = "", l.path+"  "+l.text
				lines = append(lines, l)
			}
		}
		return lines
	}
	const most = 1000
	whole := func(n patchlint.Node) string {
		if n.Kind() == patchlint.Object && n.Span().Len() <= most {
			return inert.Show(compact(n))
		}
		return c.value(n)
	}
	switch {
	case clears(change):
		return []planLine{{"-", path, paint(signColor["-"], whole(change.Current)) + " -> " + paint(signColor["+"], c.value(change.Desired)) + " (cleared)"}}
	case !change.Current.Exists() || change.Current.Kind() == patchlint.Null:
		return []planLine{{"+", path, paint(signColor["+"], whole(change.Desired))}}
	}
	from, to := c.differing(change.Current, change.Desired)
	return []planLine{{"~", path, paint(signColor["-"], from) + " -> " + paint(signColor["+"], to)}}
}

func (c *Comparison) collectionLines(path string, change diff.Change) []planLine {
	p, current, desired := change.Property, change.Current, change.Desired
	added, removed, modified := change.Added, change.Removed, change.Modified
	var parts []string
	for _, part := range []struct {
		n    int
		what string
	}{{len(added), "added"}, {len(removed), "removed"}, {len(modified), "modified"}, {current.Len() - len(removed) - len(modified), "kept"}} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.what))
		}
	}
	text := fmt.Sprintf("%d -> %s", current.Len(), countElements(p, desired.Len()))
	if len(added)+len(removed)+len(modified) > 0 {
		text += ": " + strings.Join(parts, ", ")
	} else {
		text += ", in another order"
	}
	head := planLine{"~", path, text}
	switch {
	case clears(change):
		head.sign = "-"
	case current.Empty():
		head.sign = "+"
	}
	lines, pairs := []planLine{head}, similar(removed, added)
	for _, n := range removed {
		lines = append(lines, planLine{"-", "", c.elementText(p, n, pairs[n])})
	}
	for _, m := range modified {
		lines = append(lines, planLine{"~", "", c.describeTarget(p, m[1]) + ": filter " + c.describeFilter(m[0]) + " -> " + c.describeFilter(m[1])})
	}
	for _, n := range added {
		lines = append(lines, planLine{"+", "", c.elementText(p, n, pairs[n])})
	}
	return lines
}

func (c *Comparison) skipLine(s diff.Change) planLine {
	path, text := shownPath(s, s.Pointer), "differs"
	switch {
	case s.Reason == diff.OrderOnly && s.Property.Collection:
		return planLine{"=", path, fmt.Sprintf("same %s in another order, not sent", countElements(s.Property, s.Current.Len()))}
	case s.Reason == diff.OrderOnly:
		return planLine{"=", path, "same value with elements in another order, not sent"}
	case !s.Desired.Exists():
		return planLine{"?", path, "only in current, and " + s.Reason}
	case !s.Current.Exists():
		text = c.value(s.Desired)
	case !s.Property.Collection && !s.Property.Type.Structured():
		from, to := c.differing(s.Current, s.Desired)
		text = from + " -> " + to
	}
	if s.Reason == diff.ServerManaged {
		return planLine{"?", path, fmt.Sprintf("%s, kept by the service, not sent (--send %s sends it)", text, inert.Show(string(s.Pointer)))}
	}
	return planLine{"?", path, text + ", not sent: " + s.Reason}
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
