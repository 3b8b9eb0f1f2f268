package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/assignment"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/schema"
)

const (
	plainRed    = "31"
	plainGreen  = "32"
	plainYellow = "33"
	plainCyan   = "36"
)

// textPlans prints plans for people: a line for each property that differs
// with the names aligned, a line in words for each assignment that comes or
// goes, and what the body will be. In a run over directories a pair without a
// difference has one line.
func textPlans(out *output, directories bool, o Options) plans {
	printed, apart := false, false // apart: what was printed last takes several lines
	print := func(c *Comparison) {
		same := directories && c.Plan != nil && c.Plan.Body == nil && len(c.Plan.Skipped) == 0
		if printed && (apart || !same) {
			out.WriteString("\n")
		}
		printed, apart = true, !same
		if directories {
			pair := o.paint(dim, printable(c.Sources[diff.Current].Name)+" -> "+printable(c.Sources[diff.Desired].Name))
			if same {
				out.printf("%s: %s\n", pair, whatIsSent(c.Plan))
				return
			}
			out.printf("%s\n", pair)
		}
		if c.Plan != nil {
			planText(out, c.Plan, o.of(c))
		} else if directories {
			out.printf("refused: %s\n", Count(len(c.Errors), "error", "errors"))
		}
	}
	end := func(s *Set) {
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
		// Where nothing was compared, that there was nothing to compare is not
		// known.
		if len(s.Failures) == 0 || s.Compared > 0 {
			out.WriteString(Total(s) + "\n")
		}
	}
	return plans{print, end}
}

// Total sums a run up in one line.
func Total(s *Set) string {
	text := fmt.Sprintf("%d compared: %d to send, %d without a change", s.Compared, s.Changed, s.Compared-s.Changed-s.Refused-s.Incomplete)
	if s.Incomplete > 0 {
		text += fmt.Sprintf(", %d with differences that are not sent", s.Incomplete)
	}
	if s.Refused > 0 {
		text += fmt.Sprintf(", %d refused", s.Refused)
	}
	if n := len(s.OnlyCurrent); n > 0 {
		text += fmt.Sprintf("; %d only in current", n)
	}
	if n := len(s.OnlyDesired); n > 0 {
		text += fmt.Sprintf("; %d only in desired", n)
	}
	return text
}

func planText(out *output, p *diff.Plan, o Options) {
	out.printf("%s\n\n", o.paint(bold, planTitle(p)))
	for _, l := range o.planLines(p) {
		if l.of == "" {
			out.printf("      %s\n", o.paint(l.color, l.sign+" "+l.text))
		} else {
			out.printf("  %s %s  %s\n", o.paint(l.color, l.sign), l.of, l.text)
		}
	}
	out.printf("    %s\n\n%s\n", o.paint(dim, fmt.Sprintf("%d unchanged", unchanged(p))), whatIsSent(p))
}

// planTitle says which object a plan is for.
func planTitle(p *diff.Plan) string {
	title := inert.Show(p.Resource.Type.Short())
	if name := eitherText(p, "displayName"); name != "" {
		title += " " + inert.Quote(name)
	}
	if id := eitherText(p, "id"); id != "" {
		title += " " + inert.Text(id)
	}
	return title
}

// whatIsSent says what the body of a plan is.
func whatIsSent(p *diff.Plan) string {
	if p.Body == nil {
		return "nothing to send"
	}
	text := fmt.Sprintf("PATCH body: %d of %d properties, %d bytes", len(p.Changes), settable(p), len(p.Body))
	separator := "; "
	for _, c := range p.Changes {
		if c.Kind == diff.ReplaceCollection {
			text += fmt.Sprintf("%s%s is sent whole (%s)", separator, inert.Show(c.Property.Name), elements(c.Property, c.Desired.Len()))
			separator = ", "
		}
	}
	return text
}

// planLine says in words what becomes of a property, or of an element of the property
// before it, whose of is "".
type planLine struct {
	color, sign string
	of          string // the path to the property, in a column
	text        string
}

// planLines are what a plan changes and skips. The names of what is sent are aligned;
// the others follow suit where they are not longer.
func (o Options) planLines(p *diff.Plan) (lines []planLine) {
	widest := 0
	for _, c := range p.Changes {
		lines = append(lines, o.changeLines(c)...)
		widest = max(widest, len(c.Property.Name))
	}
	for _, s := range p.Skipped {
		lines = append(lines, skipLine(s))
	}
	for i := range lines {
		if l := &lines[i]; l.of != "" {
			l.of = fmt.Sprintf("%-*s", widest, inert.Show(l.of))
		}
	}
	return lines
}

// eitherText is what current, or else desired, has as a property.
func eitherText(p *diff.Plan, name string) string {
	return cmp.Or(shownText(p.Current.Member(name)), shownText(p.Desired.Member(name)))
}

// elements counts what a collection holds.
func elements(p *schema.Property, n int) string {
	one := "element"
	if strings.HasSuffix(p.Type.Short(), "Assignment") {
		one = "assignment"
	}
	return Count(n, one, one+"s")
}

// changeLines are a line about a change, and one for each element that comes or goes.
func (o Options) changeLines(c diff.Change) []planLine {
	arrow := func(from, to string) string {
		return o.paint(plainRed, from) + " -> " + o.paint(plainGreen, to)
	}
	if !c.Property.Collection {
		switch {
		case len(c.Inside) > 0:
			return o.insideLines(c)
		case c.Kind == diff.Clear:
			return []planLine{{plainRed, "-", c.Property.Name, arrow(inline(c.Current), "null") + " (cleared)"}}
		case c.Current.Kind() == patchlint.Absent || c.Current.Kind() == patchlint.Null:
			return []planLine{{plainGreen, "+", c.Property.Name, o.paint(plainGreen, inline(c.Desired))}}
		default:
			return []planLine{{plainYellow, "~", c.Property.Name, arrow(differing(c.Current, c.Desired))}}
		}
	}
	added, removed, modified, kept := c.Added, c.Removed, c.Modified, c.Kept
	var parts []string
	for _, part := range []struct {
		n    int
		what string
	}{{len(added), "added"}, {len(removed), "removed"}, {len(modified), "modified"}, {kept, "kept"}} {
		if part.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.n, part.what))
		}
	}
	text := fmt.Sprintf("%d -> %s", c.Current.Len(), elements(c.Property, c.Desired.Len()))
	if len(added)+len(removed)+len(modified) > 0 {
		text += ": " + strings.Join(parts, ", ")
	} else {
		text += ", in another order"
	}
	head := planLine{plainYellow, "~", c.Property.Name, text}
	switch {
	case c.Kind == diff.Clear:
		head.color, head.sign = plainRed, "-"
	case c.Current.Empty():
		head.color, head.sign = plainGreen, "+"
	}
	lines := []planLine{head}
	for _, n := range removed {
		lines = append(lines, planLine{plainRed, "-", "", o.element(c.Property, n)})
	}
	for _, m := range modified {
		lines = append(lines, planLine{plainYellow, "~", "", o.who(c.Property, m[1]) + ": filter " + o.filter(m[0]) + " -> " + o.filter(m[1])})
	}
	for _, n := range added {
		lines = append(lines, planLine{plainGreen, "+", "", o.element(c.Property, n)})
	}
	return lines
}

// insideLines are a line about a complex value, and those about what changes in it, with
// the path to each.
func (o Options) insideLines(c diff.Change) []planLine {
	lines := []planLine{{plainYellow, "~", c.Property.Name, Count(len(c.Inside), "change", "changes") + " inside"}}
	for _, inner := range c.Inside {
		for _, l := range o.changeLines(inner) {
			if l.of != "" {
				l.text = inert.Show(string(inner.Pointer[len(c.Pointer)+1:])) + "  " + l.text
			} else {
				l.text = "  " + l.text
			}
			lines = append(lines, planLine{l.color, l.sign, "", l.text})
		}
	}
	return lines
}

func skipLine(s diff.Change) planLine {
	change := func() string {
		if s.Property.Collection || s.Property.Type.Structured() {
			return "differs"
		}
		from, to := differing(s.Current, s.Desired)
		return from + " -> " + to
	}
	path := string(s.Pointer[1:])
	switch s.Reason {
	case diff.OrderOnly:
		return planLine{plainCyan, "=", path, fmt.Sprintf("same %s in another order, not sent", elements(s.Property, s.Current.Len()))}
	case diff.ServerManaged:
		return planLine{dim, "?", path, fmt.Sprintf("%s, kept by the service, not sent (--send %s sends it)", change(), inert.Show(string(s.Pointer)))}
	case diff.NotClearable, diff.Undeclared:
		return planLine{dim, "?", path, "only in current, and " + string(s.Reason)}
	default:
		return planLine{dim, "?", path, change() + ", not sent: " + string(s.Reason)}
	}
}

// inline is a value on one line, without the credentials in it.
func inline(n patchlint.Node) string { return inert.Text(compact(n)) }

// compact is inline, however long.
func compact(n patchlint.Node) string {
	if !n.Exists() {
		return "nothing"
	}
	var b bytes.Buffer
	if text := shown(n); json.Compact(&b, text) != nil {
		b.Write(text)
	}
	return b.String()
}

// differing are two values on one line each; where they are long, from shortly before the
// place where they differ.
func differing(a, b patchlint.Node) (string, string) {
	const before, short = 20, 60
	from, to := compact(a), compact(b)
	at := 0
	for at < min(len(from), len(to)) && from[at] == to[at] {
		at++
	}
	if at > 2*before && max(len(from), len(to)) > short {
		for at -= before; !utf8.RuneStart(from[at]); at-- {
		}
		from, to = "..."+from[at:], "..."+to[at:]
	}
	return inert.Text(from), inert.Text(to)
}

// element says in words what an element is: whom an assignment targets, and
// with which filter; JSON where it is something else.
func (o Options) element(p *schema.Property, n patchlint.Node) string {
	text := o.who(p, n)
	if _, _, filtered := assignment.Filter(n.Member("target")); filtered {
		text += ", filter " + o.filter(n)
	}
	return text
}

// who says whom an assignment targets.
func (o Options) who(p *schema.Property, n patchlint.Node) string {
	target := n.Member("target")
	id := func(name string) string { return o.object(shownText(target.Member(name))) }
	switch odata.ParseTypeName(target.Member("@odata.type").Text()).Name {
	case "groupAssignmentTarget":
		return "include group " + id("groupId")
	case "exclusionGroupAssignmentTarget":
		return "exclude group " + id("groupId")
	case "allLicensedUsersAssignmentTarget":
		return "all licensed users"
	case "allDevicesAssignmentTarget":
		return "all devices"
	case "configurationManagerCollectionAssignmentTarget":
		return "collection " + id("collectionId")
	}
	if n.Kind() == patchlint.Object && n.Empty() && strings.HasSuffix(p.Type.Short(), "Assignment") {
		return "an assignment without a target"
	}
	return inline(n)
}

// filter says which filter an assignment has.
func (o Options) filter(n patchlint.Node) string {
	target := n.Member("target")
	_, id, ok := assignment.Filter(target)
	if !ok {
		return "none"
	}
	kind := shownText(target.Member(assignment.FilterType))
	if assignment.NoID(id) {
		return inert.Text(kind) + " (without id)"
	}
	return inert.Text(kind) + " " + o.object(shownText(id))
}

// unchanged is the number of properties that the body of a plan leaves as they are.
func unchanged(p *diff.Plan) int {
	n := settable(p)
	for _, c := range p.Changes {
		if c.Property == p.Resource.Type.Property(c.Property.Name) {
			n--
		}
	}
	for _, s := range p.Skipped {
		if s.Reason != diff.OrderOnly && s.Property == p.Resource.Type.Property(s.Property.Name) && !s.Property.Computed {
			n--
		}
	}
	return n
}

// settable is the number of properties that a body could have.
func settable(p *diff.Plan) int {
	n := 0
	for _, property := range p.Resource.Type.Properties {
		if !property.Computed {
			n++
		}
	}
	return n
}
