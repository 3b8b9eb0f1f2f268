package report

import (
	"fmt"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
)

// planLine describes the change of a property, or of an element or part of the property
// in a line before it, in which case path is "".
type planLine struct {
	sign string // a key of signColor
	path string // in a column of its own
	text string
}

// planLines describes what the plan changes and skips. Paths are padded to the longest one
// that is sent; a longer one that is skipped sticks out.
func (c *Comparison) planLines(o Options) (lines []planLine) {
	widest := 0
	for _, change := range c.Plan.Changes {
		path := shownPath(change, change.Pointer)
		widest = max(widest, len(path))
		lines = append(lines, c.changeLines(path, change, o)...)
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

// changeLines returns a line for a change at a path, and one for each change inside the
// value, or for each element that is added, removed or modified.
func (c *Comparison) changeLines(path string, change diff.Change, o Options) []planLine {
	if change.Property.Collection {
		return c.collectionLines(path, change)
	}
	restated := c.restated(change)
	if len(change.Inside) > 0 {
		lines := []planLine{{"~", path, Count(len(change.Inside), "change", "changes") + " inside" + restated}}
		for _, inner := range change.Inside {
			for _, l := range c.changeLines(shownPath(change, inner.Pointer[len(change.Pointer):]), inner, o) {
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
		return []planLine{{"-", path, o.paint(signColor["-"], whole(change.Current)) + " -> " + o.paint(signColor["+"], c.value(change.Desired)) + " (cleared)"}}
	case !change.Current.Exists() || change.Current.Kind() == patchlint.Null:
		return []planLine{{"+", path, o.paint(signColor["+"], whole(change.Desired))}}
	}
	from, to := c.differing(change.Current, change.Desired)
	if from == to && restated != "" {
		return []planLine{{"~", path, to + restated}}
	}
	return []planLine{{"~", path, o.paint(signColor["-"], from) + " -> " + o.paint(signColor["+"], to) + restated}}
}

// restated describes the change of the type that an annotation states for a dynamic property,
// which may be all that changes. It returns "" without such a change.
func (c *Comparison) restated(change diff.Change) string {
	was, is := change.Current.Parent().Member(change.Property.Name+"@odata.type"), change.Property.Stated
	if !was.Exists() || !is.Exists() || odata.SameStated(was.Text(), is.Text()) {
		return ""
	}
	return ", with another type: " + c.value(was) + " -> " + c.value(is)
}

func (c *Comparison) collectionLines(path string, change diff.Change) []planLine {
	current, desired := change.Current, change.Desired
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
	text, restated := fmt.Sprintf("%d -> %s", current.Len(), change.Elements(desired.Len())), c.restated(change)
	if len(added)+len(removed)+len(modified) > 0 {
		text += ": " + strings.Join(parts, ", ")
	} else if restated == "" {
		text += ", in another order"
	}
	head := planLine{"~", path, text + restated}
	switch {
	case clears(change):
		head.sign = "-"
	case current.Empty():
		head.sign = "+"
	}
	lines, pairs := []planLine{head}, similar(removed, added)
	for _, n := range removed {
		lines = append(lines, planLine{"-", "", c.elementText(n, pairs[n])})
	}
	for _, m := range modified {
		lines = append(lines, planLine{"~", "", c.describeTarget(m[1]) + ": filter " + c.describeFilter(m[0]) + " -> " + c.describeFilter(m[1])})
	}
	for _, n := range added {
		lines = append(lines, planLine{"+", "", c.elementText(n, pairs[n])})
	}
	return lines
}

func (c *Comparison) skipLine(s diff.Change) planLine {
	path, text := shownPath(s, s.Pointer), "differs"
	switch {
	case s.Reason == diff.OrderOnly && s.Property.Collection && s.Current.Len() > 1:
		return planLine{"=", path, fmt.Sprintf("same %s in another order, not sent", s.Elements(s.Current.Len()))}
	case s.Reason == diff.OrderOnly:
		return planLine{"=", path, "same value with elements in another order, not sent"}
	case !s.Desired.Exists():
		return planLine{"?", path, "only in current; " + s.Reason}
	case !s.Current.Exists():
		text = c.value(s.Desired)
	case !s.Property.Collection && !s.Property.Type.Structured():
		from, to := c.differing(s.Current, s.Desired)
		text = from + " -> " + to
	}
	if s.Reason == diff.ServerManaged {
		return planLine{"?", path, fmt.Sprintf("%s, updated by the service, not sent (--send %s sends it)", text, inert.Show(string(s.Pointer)))}
	}
	return planLine{"?", path, text + ", not sent: " + s.Reason}
}
