package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
)

// value checks the value of a property.
func (w *walker) value(n patchlint.Node, p *Property) bool {
	switch {
	case p.Type == edmStream:
		// It has a URL of its own (OData Protocol, 11.4.9.5).
		return w.refuseValue(n, wrongType, "%s is a stream, which is sent to its own URL and not in a body; remove it", nameOf(n, p))
	case n.Kind() == patchlint.Null:
		return w.null(n, p)
	case !p.Collection:
		return w.single(n, p)
	case n.Kind() != patchlint.Array:
		return w.notArray(n, p)
	}
	ok := true
	for element := range n.Children() {
		if w.done {
			return ok
		}
		if element.Kind() == patchlint.Null && p.Type != untyped && p.Type != anyObject {
			v := wrong(element, nullValue, "an element of %s cannot be null; remove it", inert.Quote(p.Name))
			v.fixes = []patchlint.Fix{fixes.Remove(element, false)}
			ok = w.refuse(v)
			continue
		}
		ok = w.single(element, p) && ok
	}
	return ok
}

// null checks whether the value of a property may be null.
func (w *walker) null(n patchlint.Node, p *Property) bool {
	if !p.Collection && (p.Type == untyped || p.Nullable) {
		return true
	}
	v := violation{Rule: nullValue, Node: n, Span: n.Span(), fixes: []patchlint.Fix{fixes.Remove(n, false)}}
	name := inert.Quote(p.Name)
	switch {
	case p.Collection:
		v.Suggestion = "[]"
		v.fixes = append([]patchlint.Fix{fixes.Replace(v.Span, v.Suggestion, false)}, v.fixes...)
		v.Message = fmt.Sprintf("%s is a collection and cannot be null; send [] to empty it, or leave it out to keep it", name)
	case p.Required:
		v.fixes = nil // without it, it is missing
		v.Message = fmt.Sprintf("%s says whom the assignment targets and cannot be null; write the id, or remove the assignment", name)
	case p.Default != "":
		v.Message = fmt.Sprintf("%s cannot be null; leave it out, which means %s", name, p.Default)
	default:
		v.Message = fmt.Sprintf("%s cannot be null; leave it out to keep its value", name)
	}
	return w.refuse(v)
}

// notArray refuses a value that is not an array, for a collection.
func (w *walker) notArray(n patchlint.Node, p *Property) bool {
	if w.inText(n, patchlint.Array) {
		return false
	}
	name := inert.Quote(p.Name)
	v := wrong(n, wrongType, "%s is a collection: it takes an array, even of one element (PowerShell unrolls such an array), not %s", name, n.Kind())
	element := *p
	element.Collection = false
	switch list := odata.Wrapped(n); {
	case list.Kind() == patchlint.Array:
		v.Message = fmt.Sprintf(`%s is an object with the array in "value", as Windows PowerShell 5.1 and list responses write it; replace it with that array`, name)
		v.Suggestion, v.certain = string(list.Raw()), n.Member("Count").Exists() && odata.Alone(list) && !list.Empty() && !commented(n)
	case n.Kind() == patchlint.Object && n.Empty():
		v.Suggestion = "[]"
	case n.Kind() == patchlint.Object:
		t, _ := w.model.typeOf(odata.TypeOf(n))
		if !t.possible(p.Type) {
			t = p.Type
		}
		if known, ok := fits(n, t); ok && t.structured {
			v.Suggestion, v.certain = "["+string(n.Raw())+"]", known
		}
	case w.model.takes(n, &element) && string(n.Raw()) != `""`:
		v.Suggestion, v.certain = "["+string(n.Raw())+"]", n.Kind() != patchlint.String || form.One(n.Text(), "")
	}
	return w.refuse(v)
}

// commented reports whether a value contains comments.
func commented(n patchlint.Node) bool {
	span := n.Span()
	return slices.ContainsFunc(n.Document().Comments(), func(c patchlint.Span) bool { return c.Start >= span.Start && c.End <= span.End })
}

// fits reports whether t has all members of an object except annotations. known is true if
// there is one.
func fits(n patchlint.Node, t *Type) (known, ok bool) {
	for member := range n.Children() {
		name := member.Name()
		switch {
		case t.Property(name) != nil || t.NavigationProperty(name) != nil:
			known = true
		case !strings.Contains(name, "@"):
			return false, false
		}
	}
	return known, true
}

// single checks a value that is not null against the type of its property. For a
// collection, the value is an element.
func (w *walker) single(n patchlint.Node, p *Property) bool {
	switch {
	case p.Type.structured && n.Kind() == patchlint.Object:
		return p.Type.isRoot() || w.object(n, p.Type)
	case p.Type.structured:
		return p.Type == anyObject || !w.inText(n, patchlint.Object) && w.wrongType(n, p, "an object", "", false)
	case p.Type.Members != nil:
		return w.enum(n, p)
	}
	return p.Type == untyped || w.primitive(n, p)
}

func (w *walker) primitive(n patchlint.Node, p *Property) bool {
	switch p.Type {
	case edmBoolean:
		return n.Kind() == patchlint.Bool || w.notBoolean(n, p)
	case edmString:
		if n.Kind() != patchlint.String {
			suggestion := ""
			if n.Kind() == patchlint.Number || n.Kind() == patchlint.Bool {
				suggestion = `"` + string(n.Raw()) + `"`
			}
			return w.wrongType(n, p, "a string", suggestion, false)
		}
		return !p.GUID || w.guid(n, p)
	}
	if p.Type.text != nil {
		return w.form(n, p)
	}
	return w.number(n, p)
}

func (w *walker) notBoolean(n patchlint.Node, p *Property) bool {
	suggestion, certain := "", false
	switch text := strings.ToLower(strings.TrimSpace(n.Text())); {
	case text == "true" || text == "false":
		suggestion, certain = text, true
	case text == "yes" || text == "1" || string(n.Raw()) == "1":
		suggestion = "true"
	case text == "no" || text == "0" || string(n.Raw()) == "0":
		suggestion = "false"
	}
	return w.wrongType(n, p, "true or false", suggestion, certain)
}

func (w *walker) wrongType(n patchlint.Node, p *Property, wanted, suggestion string, certain bool) bool {
	what := n.Kind().String()
	switch n.Kind() {
	case patchlint.String:
		what = "the string " + inert.Quote(n.Text())
	case patchlint.Number, patchlint.Bool:
		what = inert.Text(string(n.Raw()))
	}
	v := wrong(n, wrongType, "%s takes %s, not %s", nameOf(n, p), wanted, what)
	v.Suggestion, v.certain = suggestion, certain
	return w.refuse(v)
}

// oneOf joins names for a message that asks to choose one.
func oneOf(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return "one of " + list(names)
}

// list joins names for a message, abbreviating a long list.
func list(names []string) string { return bounds.List(names, 12) }
