package schema

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/spelling"
)

// Visit is one stop of a walk: a value and what the model says of it. A value with an
// Owner and neither Property nor Navigation is control information or an annotation: a
// member with "@" in its name (OData JSON Format, 4.5 and 20).
type Visit struct {
	Node patchlint.Node
	// Owner is the type of the object that Node is a member of; nil at the
	// root and at the elements of a collection.
	Owner *Type
	// Property is what Node is the value of. It is nil at the root, at the
	// elements of a collection, and for control information.
	Property *Property
	// Navigation is the navigation property that Node is the value of, or nil.
	Navigation *Navigation
	// Object is Node bound to its actual type, after its @odata.type; its Type
	// is nil for every other value. It lasts as long as the call.
	Object Object
	// Refused says that a Violation was reported about Node itself or about
	// something in it.
	Refused bool
}

// Visitor is told what a walk comes upon.
type Visitor interface {
	// Visit is called for every object of known type, after its members, for
	// every member that the type declares, and for every annotation except an
	// @odata.type that reads as TypeName, which leaves nothing to say.
	Visit(Visit)
	// Violate is called for every departure from the model. Nothing below a
	// value that is refused is visited.
	Violate(Violation)
	// Done is asked before every member and element, and ends the walk.
	Done() bool
}

// Walk visits a payload beside its model.
func (r *Resource) Walk(root patchlint.Node, v Visitor) {
	w := walkers.Get().(*walker)
	w.model, w.of, w.visitor, w.top = r.Model, r.Type, v, root
	w.root(root, r.Type)
	w.visitor, w.owner, w.top, w.around = nil, nil, patchlint.Node{}, nil
	walkers.Put(w)
}

// walkers are kept to be used again, so that a clean payload takes no memory.
var walkers = sync.Pool{New: func() any { return new(walker) }}

// Check returns the violations of a payload in the order of their places.
func (r *Resource) Check(root patchlint.Node) []Violation {
	var c violations
	r.Walk(root, &c)
	slices.SortStableFunc(c, func(a, b Violation) int { return a.Span.Start - b.Span.Start })
	return c
}

// violations is the Visitor that only collects what is refused.
type violations []Violation

func (*violations) Visit(Visit)           {}
func (c *violations) Violate(v Violation) { *c = append(*c, v) }
func (*violations) Done() bool            { return false }

type walker struct {
	model   *Model
	of      *Type // of the payload
	visitor Visitor
	top     patchlint.Node
	owner   *Type   // of the member that is walked; nil at the root
	around  []*Type // see types
	binder
}

// refuse reports a violation and returns false, the value of a check that
// failed.
func (w *walker) refuse(v Violation) bool {
	w.visitor.Violate(v)
	return false
}

func (w *walker) root(root patchlint.Node, t *Type) {
	if v, ok := Response(root, t); ok {
		w.refuse(v)
		return
	}
	if root.Kind() != patchlint.Object {
		v := Violation{
			Kind: PayloadShape, Node: root, Span: root.Span(),
			Message: fmt.Sprintf("a PATCH body is one JSON object, and this is %s", root.Kind()),
		}
		if inner, ok := encoded(root); ok {
			v.Message = "a PATCH body is one JSON object, and this is a string that holds JSON: it was encoded twice"
			v.Suggestion, v.Certain = string(inner.Source()), true
		}
		w.refuse(v)
		return
	}
	if value := wrapped(root, t); value.Exists() {
		v := Violation{Kind: PayloadShape, Node: value, Span: value.Key()}
		if value.Kind() == patchlint.Array {
			v.Message = `this is a list response; a PATCH body is one object of its "value", and each goes to its own URL`
		} else {
			v.Message = `the object is wrapped in "value", as a response can be; a PATCH body is the object itself`
		}
		w.refuse(v)
		return
	}
	w.object(root, t)
}

// wrapped returns the "value" of a response that was saved as it came.
func wrapped(root patchlint.Node, t *Type) patchlint.Node {
	value := root.Member("value")
	if kind := value.Kind(); kind != patchlint.Object && kind != patchlint.Array || t.Property("value") != nil {
		return patchlint.Node{}
	}
	if t.Declares(root) {
		return patchlint.Node{}
	}
	return value
}

// object walks the members of a value that is declared to be of type declared.
func (w *walker) object(n patchlint.Node, declared *Type) bool {
	if w.dumped(n, declared) {
		return false
	}
	t, typed := w.resolve(n, declared)
	if t == nil {
		return false
	}
	owner, ok := w.owner, typed
	o := w.open(n, t)
	defer w.close()
	var others *undeclared // made for the first that is not an annotation
	for member := range n.Children() {
		if w.visitor.Done() {
			return ok
		}
		w.owner = t
		p := o.set(member)
		if p == nil {
			ok = w.other(member, t, typed, &others) && ok
			continue
		}
		accepted := w.value(member, p)
		w.visitor.Visit(Visit{Node: member, Owner: t, Property: p, Refused: !accepted})
		ok = accepted && ok
	}
	for _, p := range t.required {
		if !o.Value(p).Exists() && !Misspelt(n, t, p.Name) && !beside(n, owner, p.Name) {
			ok = w.missing(n, t, p)
		}
	}
	w.visitor.Visit(Visit{Node: n, Object: o, Refused: !ok})
	return ok
}

// missing reports a required property that an object lacks.
func (w *walker) missing(n patchlint.Node, t *Type, p *Property) bool {
	example := ""
	if p.Example != "" {
		example = fmt.Sprintf(`, for example "%s": %s`, p.Name, quoteJSON(p.Example))
	}
	return w.refuse(Violation{
		Kind: RequiredProperty, Node: n, Span: n.Opening(),
		Message: fmt.Sprintf("%s requires %s%s", t.Short(), inert.Quote(p.Name), example),
	})
}

// other walks a member that the type of its object does not declare: an
// annotation, or one that should not be there. typed says that the @odata.type
// of the object was not refused.
func (w *walker) other(member patchlint.Node, t *Type, typed bool, others **undeclared) bool {
	if member.NameIs("@odata.type") {
		if !t.isNamed(textOf(member)) {
			w.visitor.Visit(Visit{Node: member, Owner: t, Refused: !typed})
		}
		return typed
	}
	name := member.Name()
	if !strings.ContainsAny(name, "@#") {
		if n := t.Toward(name); n != nil {
			return w.related(member, n, t)
		}
		if t.Open || w.model.hollow(t) {
			return true
		}
		if *others == nil {
			*others = &undeclared{object: member.Parent(), of: t}
		}
		return w.unknown(member, name, *others)
	}
	ok := true
	if target, isType := strings.CutSuffix(name, "@odata.type"); isType {
		if p := t.Property(target); p != nil {
			ok = w.propertyType(member, p)
		}
	}
	w.visitor.Visit(Visit{Node: member, Owner: t, Refused: !ok})
	return ok
}

// related walks what a navigation property leads to, if it is here: null, an
// object, or an array of objects.
func (w *walker) related(n patchlint.Node, to *Navigation, owner *Type) bool {
	t := w.model.Type(to.Target)
	ok := true
	switch kind := n.Kind(); {
	case t == nil || w.model.isRoot(t) || kind == patchlint.Null:
	case to.Collection && kind == patchlint.Array:
		for element := range n.Children() {
			if w.visitor.Done() {
				break
			}
			if element.Kind() == patchlint.Object {
				ok = w.object(element, t) && ok
			}
		}
	case !to.Collection && kind == patchlint.Object:
		ok = w.object(n, t)
	default:
		what := "an object"
		if to.Collection {
			what = "an array of objects"
		}
		ok = w.refuse(Violation{
			Kind: WrongType, Node: n, Span: n.Span(),
			Message: fmt.Sprintf("%s is a navigation property and takes %s, not %s", inert.Quote(to.Name), what, n.Kind()),
		})
	}
	w.visitor.Visit(Visit{Node: n, Owner: owner, Navigation: to, Refused: !ok})
	return ok
}

// Misspelt reports whether a member of an object of type t, which t does not
// declare, must be meant for the property of that name: it is reported itself,
// and then the property is not missing.
func Misspelt(object patchlint.Node, t *Type, property string) bool {
	if large(object) {
		return false
	}
	for member := range object.Children() {
		if name := member.Name(); t.Property(name) == nil && !strings.Contains(name, "@") {
			if near, _ := nearest(name, []string{property}); near != "" {
				return true
			}
		}
	}
	return false
}

// value checks the value of a property.
func (w *walker) value(n patchlint.Node, p *Property) bool {
	if p.Type.Name == "Edm.Stream" {
		return w.stream(n, p)
	}
	if n.Kind() == patchlint.Null {
		switch {
		case p.Type.Name == "Edm.Untyped" && !p.Collection:
			return true
		case p.Collection:
			return w.refuse(Violation{
				Kind: NullValue, Node: n, Span: n.Span(), Suggestion: "[]",
				Message: fmt.Sprintf("%s is a collection and cannot be null; send [] to empty it, or leave it out to keep it", inert.Quote(p.Name)),
			})
		case p.Required:
			return w.refuse(Violation{
				Kind: NullValue, Node: n, Span: n.Span(), Needed: true,
				Message: fmt.Sprintf("%s says whom the assignment targets and cannot be null", inert.Quote(p.Name)),
			})
		case !p.Nullable && p.Default != "":
			return w.refuse(Violation{
				Kind: NullValue, Node: n, Span: n.Span(),
				Message: fmt.Sprintf("%s cannot be null; leave it out, which means %s", inert.Quote(p.Name), p.Default),
			})
		case !p.Nullable:
			return w.refuse(Violation{
				Kind: NullValue, Node: n, Span: n.Span(),
				Message: fmt.Sprintf("%s cannot be null; leave it out to keep its value", inert.Quote(p.Name)),
			})
		}
		return true
	}
	if !p.Collection {
		return w.single(n, p)
	}
	if n.Kind() != patchlint.Array {
		switch {
		case stringified(n):
			return w.stringified(n, "an array")
		case w.doubled(n, patchlint.Array):
			return false
		}
		v := Violation{
			Kind: WrongType, Node: n, Span: n.Span(),
			Message: fmt.Sprintf("%s is a collection: it takes an array, not %s", inert.Quote(p.Name), n.Kind()),
		}
		if n.Kind() == patchlint.Object {
			v.Message = fmt.Sprintf("%s must be an array, even of one element (PowerShell unrolls those)", inert.Quote(p.Name))
			if list := counted(n); list.Exists() {
				v.Message = fmt.Sprintf(`%s is an object around its array, as Windows PowerShell 5.1 and list responses have it; replace it with the array in "value"`, inert.Quote(p.Name))
				v.Suggestion, v.Certain = string(list.Raw()), string(n.Member("Count").Raw()) == strconv.Itoa(list.Len()) && !list.Empty() && !commented(n)
			} else if fits(n, p.Type) {
				v.Suggestion, v.Certain = "["+string(n.Raw())+"]", !n.Empty()
			}
		}
		return w.refuse(v)
	}
	ok := true
	for element := range n.Children() {
		if w.visitor.Done() {
			return ok
		}
		if element.Kind() == patchlint.Null && p.Type.Name != "Edm.Untyped" {
			ok = w.refuse(Violation{
				Kind: NullValue, Node: element, Span: element.Span(),
				Message: fmt.Sprintf("an element of %s cannot be null; remove it", inert.Quote(p.Name)),
			})
			continue
		}
		ok = w.single(element, p) && ok
	}
	return ok
}

// commented reports whether there are comments inside of a value.
func commented(n patchlint.Node) bool {
	span := n.Span()
	return slices.ContainsFunc(n.Document().Comments(), func(c patchlint.Span) bool { return c.Start >= span.Start && c.End <= span.End })
}

// fits reports whether an object can be meant as an element of type t: t knows
// all of its members that are not annotations.
func fits(n patchlint.Node, t *Type) bool {
	for member := range n.Children() {
		if name := member.Name(); t.Property(name) == nil && !strings.Contains(name, "@") {
			return false
		}
	}
	return true
}

// single checks a value that is not null against the type of its property,
// whose collections it may be an element of.
func (w *walker) single(n patchlint.Node, p *Property) bool {
	switch p.Type.Category {
	case Complex, Entity:
		if n.Kind() == patchlint.Object {
			return w.object(n, p.Type)
		}
		switch {
		case stringified(n):
			return w.stringified(n, "an object")
		case w.doubled(n, patchlint.Object):
			return false
		}
		return w.wrongType(n, p, "an object", "", false)
	case Enum:
		return w.enum(n, p)
	}
	return p.Type.Name == "Edm.Untyped" || w.primitive(n, p)
}

func (w *walker) enum(n patchlint.Node, p *Property) bool {
	t := p.Type
	switch n.Kind() {
	case patchlint.String:
		if text := textOf(n); t.hasMember(text) || t.Flags && t.namesFlags(text) {
			return true
		}
	case patchlint.Number:
		v := Violation{
			Kind: WrongType, Node: n, Span: n.Span(),
			Message: fmt.Sprintf("%s takes the name of a member as a string, not a number; it is one of %s", inert.Quote(p.Name), list(t.MemberNames())),
		}
		if i := slices.IndexFunc(t.Members, func(m Member) bool { return strconv.FormatInt(m.Value, 10) == string(n.Raw()) }); i >= 0 {
			v.Suggestion, v.Certain = quoteJSON(t.Members[i].Name), true
			v.Message = fmt.Sprintf("%s takes the name of a member as a string, not a number; %s is %s", inert.Quote(p.Name), n.Raw(), v.Suggestion)
		}
		return w.refuse(v)
	default:
		return w.wrongType(n, p, "a string that names a member ("+list(t.MemberNames())+")", "", false)
	}
	text := n.Text()
	v := Violation{
		Kind: EnumValue, Node: n, Span: n.Span(),
		Message: fmt.Sprintf("invalid value %s; expected one of %s", inert.Quote(text), list(t.MemberNames())),
	}
	if t.Flags {
		v.Message = fmt.Sprintf("invalid value %s; expected one or more of %s, with commas between them", inert.Quote(text), list(t.MemberNames()))
	}
	if _, evolves := t.Member(unknownFutureValue); evolves && w.model.Revision != "" {
		v.Message += fmt.Sprintf("; these are the members of %s, and the service may have more by now", w.model.Revision)
	}
	// OData JSON Format, 7.1: a number in quotes is for members without a name.
	if i := slices.IndexFunc(t.Members, func(m Member) bool { return strconv.FormatInt(m.Value, 10) == text }); i >= 0 {
		v.Suggestion, v.Certain = quoteJSON(t.Members[i].Name), true
		v.Message = fmt.Sprintf("%s is the number of %s; use the name, it is unknown whether the service accepts numbers", inert.Quote(text), v.Suggestion)
		return w.refuse(v)
	}
	if name, ok := enumLiteral(text, w.model, t); ok {
		v.Suggestion, v.Certain = quoteJSON(name), true
		v.Message = fmt.Sprintf("%s is written as in a URL; in JSON it is %s", inert.Quote(text), v.Suggestion)
		return w.refuse(v)
	}
	if near, certain := t.nearMembers(text); near != "" {
		v.Suggestion, v.Certain = quoteJSON(near), certain
		v.Message = fmt.Sprintf("invalid value %s; did you mean %s?", inert.Quote(text), v.Suggestion)
	}
	return w.refuse(v)
}

// unknownFutureValue is the member of an enumeration that may get others: it
// stands for those in answers to clients that do not ask for them.
const unknownFutureValue = "unknownFutureValue"

// nearMembers returns the member that a text is likely to stand for, of flags all
// that it names, or "", and whether nothing else can be meant.
func (t *Type) nearMembers(text string) (near string, certain bool) {
	written := []string{text}
	if t.Flags {
		written = strings.Split(text, ",")
	}
	certain = true
	for i, name := range written {
		name = strings.TrimSpace(name)
		meant, _ := nearest(name, t.MemberNames())
		if meant == "" {
			return "", false
		}
		written[i], certain = meant, certain && strings.EqualFold(meant, name)
	}
	return strings.Join(written, ","), certain
}

// enumLiteral reads the URL form of an enumeration value,
// namespace.type'member' (OData ABNF, enum).
func enumLiteral(text string, m *Model, t *Type) (member string, ok bool) {
	name, rest, found := strings.Cut(text, "'")
	if !found || !strings.HasSuffix(rest, "'") || m.Type(name) != t {
		return "", false
	}
	member = strings.TrimSuffix(rest, "'")
	_, ok = t.Member(member)
	return member, ok
}

func (w *walker) primitive(n patchlint.Node, p *Property) bool {
	switch p.Type.Name {
	case "Edm.Boolean":
		return n.Kind() == patchlint.Bool || w.notBoolean(n, p)
	case "Edm.String":
		if n.Kind() != patchlint.String {
			suggestion := ""
			if n.Kind() == patchlint.Number || n.Kind() == patchlint.Bool {
				suggestion = `"` + string(n.Raw()) + `"`
			}
			return w.wrongType(n, p, "a string", suggestion, false)
		}
		return !p.GUID || w.guid(n, p)
	case "Edm.Guid":
		if n.Kind() != patchlint.String {
			return w.wrongType(n, p, "a GUID in a string", "", false)
		}
		return w.guid(n, p)
	case "Edm.DateTimeOffset":
		if n.Kind() != patchlint.String {
			return w.wrongType(n, p, `a date and time in a string, such as "2026-01-31T08:00:00Z"`, "", false)
		}
		return w.dateTime(n)
	case "Edm.Date", "Edm.TimeOfDay", "Edm.Duration", "Edm.Binary":
		return w.form(n, p, lexicals[p.Type.Name])
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
	return w.refuse(Violation{
		Kind: WrongType, Node: n, Span: n.Span(), Suggestion: suggestion, Certain: certain,
		Message: fmt.Sprintf("%s takes %s, not %s", nameOf(n, p), wanted, what),
	})
}

func (w *walker) stringified(n patchlint.Node, wanted string) bool {
	return w.refuse(Violation{
		Kind: StringifiedObject, Node: n, Span: n.Span(),
		Message: fmt.Sprintf("%s is printed text; expected %s, raise the depth (ConvertTo-Json -Depth 10)", inert.Quote(n.Text()), wanted),
	})
}

func stringified(n patchlint.Node) bool {
	return n.Kind() == patchlint.String && Stringified(n.Text())
}

// Stringified reports whether text is what PowerShell, .NET or JavaScript
// print for an object that was to be serialised: the name of its class, or
// "@{...}".
func Stringified(text string) bool {
	switch text {
	case "System.Object", "System.Object[]", "System.String[]":
		return true
	}
	if strings.HasPrefix(text, "@{") {
		return strings.HasSuffix(text, "}")
	}
	if strings.HasPrefix(text, "[object ") {
		return strings.HasSuffix(text, "]")
	}
	for _, prefix := range []string{"System.Collections.", "System.Management.Automation.", "Microsoft.Graph.PowerShell.Models."} {
		if strings.HasPrefix(text, prefix) {
			return !strings.Contains(text, " ")
		}
	}
	return false
}

// unknown reports a member that its type does not declare, and where it does exist. It
// returns whether it can be left in spite of that.
func (w *walker) unknown(member patchlint.Node, name string, others *undeclared) bool {
	for _, explain := range []func(patchlint.Node, string, *Type) (Violation, bool){w.misplaced, w.several} {
		if v, ok := explain(member, name, others.of); ok {
			return w.refuse(v)
		}
	}
	v := Violation{Kind: UnknownProperty, Node: member, Span: member.Key()}
	t, names, quoted := others.of, others.of.names(), inert.Quote(name)
	near, choices := w.meant(name, t)
	now := free
	if near != "" {
		now = others.standing(w, member, near)
	}
	declared, versions := w.versionsWith(t, name)
	place := w.placeOf(name, t)
	switch {
	case name == "$schema":
		v.Message = `"$schema" is sent to Graph with the rest, and no type has it; bind the schema in the editor's settings (patchlint schema export says how)`
	case versions != "" && w.model.Version == Beta && member.Kind() == patchlint.Null && name == declared.Name:
		v.Kind = UnpublishedProperty // beta returns a few properties that only the metadata of v1.0 has
		v.Message = fmt.Sprintf("%s is a published property in %s only, not in %s; null sends nothing: leave it out", quoted, versions, w.model.Version)
		w.visitor.Violate(v)
		return true
	case versions != "":
		v.Kind = VersionProperty
		v.Message = fmt.Sprintf("%s is in %s only, not in %s", inert.Quote(declared.Name), versions, w.model.Version)
		if declared.Deprecated != "" { // the other version does not help
			v.Message = fmt.Sprintf("%s is not in %s, and %s; leave it out", inert.Quote(declared.Name), w.model.Version, declared.Deprecated)
		}
	case now == uncounted:
		v.Ambiguous = true
		v.Message = fmt.Sprintf("unknown property %s of %s; did you mean %s?", quoted, t.Short(), inert.Quote(near))
	case strings.EqualFold(near, name) && now != free:
		v.Ambiguous = !member.Parent().Member(near).Exists()
		v.Message = fmt.Sprintf("unknown property %s of %s; names are case-sensitive, and several members look like %s; keep one", quoted, t.Short(), inert.Quote(near))
	case near == "" && t.deprecated(name) != nil:
		p := t.deprecated(name)
		v.Message = fmt.Sprintf("unknown property %s; %s is %s: leave it out", quoted, inert.Quote(p.Name), p.Deprecated)
	case near != "" && strings.EqualFold(near, name):
		v.Suggestion, v.Certain = quoteJSON(near), true
		v.Message = fmt.Sprintf("unknown property %s of %s; names are case-sensitive, did you mean %s?", quoted, t.Short(), inert.Quote(near))
	case member.Kind() == patchlint.Null && near == "" && len(choices) < 2:
		v.Kind = UnpublishedProperty
		v.Message = fmt.Sprintf("%s is not a published property of %s, although the service may have returned it; leave it out", quoted, t.Short())
		w.visitor.Violate(v)
		return true
	case t.elsewhere[name] != "":
		v.Message = fmt.Sprintf("unknown property %s of %s; assignments of other resources, such as %s, have it; remove it", quoted, t.Short(), t.elsewhere[name])
	case place != "":
		v.Message = fmt.Sprintf("unknown property %s of %s; it belongs to %s", quoted, t.Short(), place)
	case now == present:
		v.Message = fmt.Sprintf("unknown property %s of %s; %s is already set, remove this one", quoted, t.Short(), inert.Quote(near))
	case now == contested:
		v.Ambiguous = true
		v.Message = fmt.Sprintf("unknown property %s of %s; another member may mean %s, too; keep one", quoted, t.Short(), inert.Quote(near))
	case near != "":
		v.Suggestion = quoteJSON(near)
		v.Message = fmt.Sprintf("unknown property %s of %s; did you mean %s?", quoted, t.Short(), inert.Quote(near))
	case len(choices) > 1:
		v.Ambiguous = true
		v.Message = fmt.Sprintf("unknown property %s of %s; did you mean one of %s?", quoted, t.Short(), list(choices))
	case len(names) == 0:
		v.Message = fmt.Sprintf("unknown property %s of %s, which has no properties; remove it", quoted, t.Short())
	case len(names) <= 5:
		v.Message = fmt.Sprintf("unknown property %s of %s; expected one of %s", quoted, t.Short(), list(names))
	case t.abridged(name) != nil:
		v.Ambiguous = true
		v.Message = fmt.Sprintf("unknown property %s of %s; did you mean %s?", quoted, t.Short(), inert.Quote(t.abridged(name).Name))
	default:
		v.Message = fmt.Sprintf("unknown property %s of %s; remove it, Graph refuses unknown properties", quoted, t.Short())
	}
	return w.refuse(v)
}

// A standing is the state of a property that an unknown member may stand for.
type standing uint8

const (
	free      standing = iota
	contested          // another unknown member may stand for it as well
	present            // it is there already, in whatever case
	uncounted          // nobody knows, for the object is large
)

// undeclared is what is known of the members of an object that its type does
// not declare, found out when it is needed.
type undeclared struct {
	object patchlint.Node
	of     *Type
	large  *bool
	meant  map[string]int // how many are meant for each property
}

func (u *undeclared) standing(w *walker, member patchlint.Node, property string) standing {
	if u.large == nil {
		many := large(u.object)
		u.large = &many
	}
	if *u.large {
		return uncounted
	}
	for other := range u.object.Children() {
		if other != member && strings.EqualFold(other.Name(), property) {
			return present
		}
	}
	if u.meant == nil {
		u.meant = make(map[string]int)
		for other := range u.object.Children() {
			if name := other.Name(); u.of.Property(name) == nil && !strings.Contains(name, "@") {
				near, _ := w.meant(name, u.of)
				u.meant[near]++
			}
		}
	}
	if u.meant[property] > 1 {
		return contested
	}
	return free
}

// meant returns the property of t that a name is likely to stand for: one with
// that name in another case, else the nearest, unless the name is right somewhere
// else; "" for none, and then what it may be.
func (w *walker) meant(name string, t *Type) (near string, choices []string) {
	near, choices = nearest(name, t.names())
	if near == "" && choices == nil || strings.EqualFold(near, name) {
		return near, choices
	}
	if _, versions := w.versionsWith(t, name); versions != "" || t.elsewhere[name] != "" || w.placeOf(name, t) != "" {
		return "", nil
	}
	return near, choices
}

// abridged returns the property of t from whose name a name leaves words out in the
// middle, such as iosEnrollmentAssignments for "iosAssignments"; nil unless it is the
// only one.
func (t *Type) abridged(name string) (meant *Property) {
	written := wordsOf(name)
	if len(written) < 2 {
		return nil
	}
	for _, p := range t.Properties {
		words := wordsOf(p.Name)
		last, end := len(words)-1, len(written)-1
		if p.Deprecated != "" || len(words) <= len(written) || len(written[0]) < 3 || !strings.HasPrefix(words[0], written[0]) || words[last] != written[end] {
			continue
		}
		rest := words[1:last]
		for _, w := range written[1:end] {
			i := slices.Index(rest, w)
			if i < 0 {
				rest = nil
				break
			}
			rest = rest[i+1:]
		}
		if rest == nil {
			continue
		}
		if meant != nil {
			return nil
		}
		meant = p
	}
	return meant
}

// deprecated returns the property of t that should not be used any more and that a
// name stands for: in another case, or with a slip of the pen; nil for none.
func (t *Type) deprecated(name string) *Property {
	for _, p := range t.Properties {
		if p.Deprecated != "" && spelling.Distance(strings.ToLower(name), strings.ToLower(p.Name), 3) < 3 {
			return p
		}
	}
	return nil
}

// manyMembers is more members than a payload has in one object. Those of a
// bigger one are not each held against all the others.
const manyMembers = 1000

// large reports whether an object has more members than manyMembers, and counts
// no further.
func large(object patchlint.Node) bool {
	const shortest = len(`"":0,`)
	if object.Span().Len() < manyMembers*shortest {
		return false
	}
	members := 0
	for range object.Children() {
		if members++; members > manyMembers {
			return true
		}
	}
	return false
}

// versionsWith names the API versions whose type of t's name has the property,
// in whatever case, and returns the property of the last; nil and "" where none
// has it. A property that t itself has in another case is not looked for elsewhere.
func (w *walker) versionsWith(t *Type, property string) (declared *Property, versions string) {
	for _, p := range t.Properties {
		if strings.EqualFold(p.Name, property) {
			return nil, ""
		}
	}
	var found []string
	for _, other := range w.model.otherVersions() {
		u := other.Type(t.short)
		if u == nil {
			continue
		}
		for _, p := range u.Properties {
			if strings.EqualFold(p.Name, property) {
				declared = p
				found = append(found, string(other.Version))
			}
		}
	}
	return declared, strings.Join(found, " and ")
}

// placeOf names the types of a payload, other than t, that declare the
// property.
func (w *walker) placeOf(property string, t *Type) string {
	var found []string
	for _, u := range w.types() {
		p := u.Property(property)
		if p == nil || u == t || u.base != nil && u.base.Property(property) != nil {
			continue
		}
		if u.Category == Complex || !u.Abstract && !p.Computed {
			found = append(found, u.Short())
		}
	}
	return strings.Join(found, " and ")
}

// types lists those of what the payload can have in it; of a part of a partner,
// those of partners.
func (w *walker) types() []*Type {
	if w.around == nil {
		for _, r := range w.model.resources() {
			w.around = append(w.around, r.Type)
		}
		if !slices.Contains(w.around, w.of) {
			w.around = w.model.closure(w.of)
		}
	}
	return w.around
}

// list joins names for a message, which has room for some.
func list(names []string) string {
	const room = 12
	if more := len(names) - room; more > 1 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:room], ", "), more)
	}
	return strings.Join(names, ", ")
}

// textOf returns the value of a string, to be read only; of most it is a part of the
// source. It is empty for every other kind.
func textOf(n patchlint.Node) []byte {
	if plain, ok := n.PlainText(); ok {
		return plain
	}
	return []byte(n.Text())
}

// quoteJSON returns text as a JSON string.
func quoteJSON(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		return `""` // a string always marshals
	}
	return string(quoted)
}
