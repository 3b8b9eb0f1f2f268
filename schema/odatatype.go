package schema

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/spelling"
)

// backEnd is the namespace of types in error messages of Intune. Graph does not accept it.
const backEnd = "microsoft.management.services.api."

// typeNamed returns the type that an @odata.type value refers to, or nil. The value may omit
// "#", and may be qualified by a namespace, an alias or a URL of Graph.
func (m *Model) typeNamed(text string) *Type {
	n := odata.ParseTypeName(text)
	if foreign(text) || !m.facts.Declares(n.Namespace) {
		return nil
	}
	return m.Type(n.Namespace + "." + n.Name)
}

// foreign reports whether an @odata.type is a URL of another service.
func foreign(text string) bool {
	base, _, found := strings.Cut(text, "#")
	host, _ := graph.HostOf(base)
	return found && base != "" && !graph.IsHost(host)
}

// TypeOf returns the type that an @odata.type annotation refers to, or nil. The name may
// omit "#", and may be qualified by a namespace, an alias or a URL of Graph.
func (m *Model) TypeOf(annotation patchlint.Node) *Type {
	t, _ := m.typeOf(annotation)
	return t
}

// typeOf is TypeOf, but also reports whether the name is in canonical form, "#" and Name.
func (m *Model) typeOf(annotation patchlint.Node) (t *Type, plain bool) {
	text := annotation.TextBytes()
	if len(text) == 0 {
		return nil, false
	}
	last := &m.last[len(text)%len(m.last)]
	if t := last.Load(); t != nil && t.isNamed(text) { // the usual case
		return t, true
	}
	if t = m.typeNamed(annotation.Text()); t == nil || !t.isNamed(text) {
		return t, false
	}
	last.Store(t)
	return t, true
}

// Meant returns the type that an @odata.type certainly means, or nil. It ignores case,
// a missing namespace, and typos in the namespace of Graph and in a long name in it. For
// types that occur in partners, whose names no other service uses, it ignores another
// Microsoft namespace, too.
func (m *Model) Meant(text string) *Type {
	if t := m.typeNamed(text); t != nil {
		return t.Resource()
	}
	n := odata.ParseTypeName(strings.TrimSpace(text))
	namespace := strings.ToLower(strings.TrimPrefix(n.Namespace, "#"))
	close := spelling.Distance(namespace, strings.ToLower(m.facts.Namespace), 3) < 3 || strings.EqualFold(namespace, m.facts.Alias)
	trusted := close || namespace == "" || strings.HasPrefix(namespace, "microsoft.")
	for _, r := range m.resources() {
		if strings.EqualFold(n.Name, r.Short()) && trusted {
			return r
		}
	}
	if len(n.Name) < unmistakable || !close && namespace != "" && namespace+"." != backEnd {
		return nil
	}
	return m.Type(spelling.Correction(n.Name, m.structuredNames()))
}

// unmistakable is the minimum length of a misspelled type name that Meant corrects.
const unmistakable = 12

// resolve returns the actual type of an object with declared type declared, for which
// the type t is not possible. If it refuses the @odata.type, ok is false, and actual is
// the type that is certainly meant, or nil. A root with a misspelled @odata.type is checked
// if the type can be recognized.
func (w *walker) resolve(n, annotation patchlint.Node, t, declared *Type) (actual *Type, ok bool) {
	if !annotation.Exists() {
		if w.model.hollow(declared) || n != w.top && onlyKey(n, declared) {
			return declared, true
		}
		if w.almostType(n) {
			return nil, false
		}
		derived := w.model.Derived(declared)
		has := func(t *Type) bool { _, all := fits(n, t); return all && t.Unpublished == "" }
		example := derived[0]
		if !spelling.Large(n) {
			example = derived[max(0, slices.IndexFunc(derived, has))]
		}
		w.refuse(violation{
			Rule: odataType, Node: n, Span: n.Opening(),
			Message: fmt.Sprintf(`"@odata.type" is missing, so the service cannot tell what kind of %s this is; add one, for example "@odata.type": "%s"`,
				declared.Short(), "#"+example.Name),
		})
		return nil, false
	}
	if annotation.Kind() != patchlint.String {
		return nil, w.refuseValue(annotation, odataType, `"@odata.type" takes the name of a type in a string, not %s`, annotation.Kind())
	}
	if (t == nil || t == declared) && w.model.hollow(declared) {
		return declared, true
	}
	if declared == anyObject {
		return declared, true
	}
	v := violation{Rule: odataType, Node: annotation, Span: annotation.Span()}
	if !misplacedType(&v, t, declared) {
		w.model.explainType(&v, t, declared)
	}
	w.refuse(v)
	switch t = nil; {
	case n == w.top:
		t = w.model.Meant(annotation.Text())
	case v.certain:
		t = w.model.typeNamed(strings.Trim(v.Suggestion, `"`))
	}
	if !t.possible(declared) {
		return nil, false
	}
	return t, false
}

// onlyKey reports whether an object has only the key of t, so that it refers to an existing
// object, which has its type.
func onlyKey(n patchlint.Node, t *Type) bool {
	for member := range n.Children() {
		if p := t.Property(member.Name()); p == nil || !p.Key {
			return false
		}
	}
	return t.Entity && !n.Empty()
}

// possible reports whether t can be the actual type of an object with a declared type.
func (t *Type) possible(declared *Type) bool {
	return t != nil && t.Structured() && !t.Abstract && t.Is(declared)
}

// almostType reports a member that was probably meant as the missing @odata.type. It
// returns false if it is absent.
func (w *walker) almostType(n patchlint.Node) bool {
	var candidates []patchlint.Node
	for member := range n.Children() {
		if name := member.Name(); name == "@type" || spelling.Distance(strings.ToLower(name), "@odata.type", 3) < 3 {
			candidates = append(candidates, member)
		}
	}
	if candidates == nil {
		return false
	}
	member := candidates[0]
	name, only := member.Name(), len(candidates) == 1
	v := violation{Rule: odataType, Node: member, Span: member.Key(), Suggestion: `"@odata.type"`}
	if name == "@type" {
		v.Rule, v.certain = controlInformation, only
		v.Message = `"@type" is an OData 4.01 name, but Graph uses 4.0; write "@odata.type"`
	} else {
		v.certain = only && (strings.EqualFold(name, "@odata.type") || name == "odata.type")
		v.Message = fmt.Sprintf(`"@odata.type" is missing, so the service cannot tell what this object is; did you mean "@odata.type" instead of %s?`, inert.Quote(name))
	}
	w.refuse(v)
	return true
}

// explainType explains why an @odata.type is not valid for an object with declared type
// declared. t is the type that it refers to, or nil.
func (m *Model) explainType(v *violation, t, declared *Type) {
	n, quoted := odata.ParseTypeName(v.Node.Text()), inert.Quote(v.Node.Text())
	var names []string // of the published types that the object can have
	for _, u := range m.Derived(declared) {
		if u.Unpublished == "" {
			names = append(names, u.Short())
		}
	}
	want := "must be " + oneOf(names)
	if len(names) == 1 {
		v.Suggestion = fixes.Quote("#" + m.facts.Full(names[0]))
	}
	if t != nil {
		why := "cannot be used here"
		if t.Abstract {
			why = "is abstract, so no object can have this type"
		}
		v.Message = fmt.Sprintf("%s %s; %s", t.Short(), why, want)
		return
	}
	if only := m.onlyElsewhere(n.Name, declared); only != "" {
		v.Suggestion, v.Message = "", only+want
		return
	}
	near := m.nearType(n, declared, names)
	if near == "" {
		if v.Suggestion != "" {
			want = "write " + v.Suggestion
		}
		v.Message = fmt.Sprintf("unknown type %s; %s%s", quoted, want, m.typeUnlessAdded(n, declared))
		return
	}
	exact := strings.EqualFold(unqualified(near), n.Name)
	v.Suggestion, v.certain = fixes.Quote("#"+m.facts.Full(near)), exact && m.inNamespaceOf(near, v.Node.Text())
	switch {
	case exact && strings.HasPrefix(n.Namespace+".", backEnd):
		v.certain = true
		v.Message = fmt.Sprintf("%s is a back-end name from Intune's error messages; Graph calls the type %s", quoted, v.Suggestion)
	case exact && unqualified(near) == n.Name:
		v.Message = fmt.Sprintf("%s is not in the form that Graph uses; write %s", quoted, v.Suggestion)
	case exact:
		v.Message = fmt.Sprintf("unknown type %s; names are case-sensitive, did you mean %s?", quoted, v.Suggestion)
	default:
		v.Message = fmt.Sprintf("unknown type %s; did you mean %s?", quoted, v.Suggestion)
	}
}

// nearType returns the published type in names that an unknown @odata.type most likely means
// where an object of type declared is expected, or "".
func (m *Model) nearType(n odata.TypeName, declared *Type, names []string) (near string) {
	unpublished := func(u *Type) bool {
		return u.Unpublished != "" && spelling.Misspells(n.Name, unqualified(u.short))
	}
	if !slices.ContainsFunc(m.Derived(declared), unpublished) { // else it may mean that type, which must not be suggested
		written := strings.TrimPrefix(m.facts.Short(n.Namespace+"."+n.Name), m.facts.Alias+".")
		near = cmp.Or(meant(written, names), meant(n.Name, names))
	}
	if portal := graph.PortalTarget(n.Name); !strings.EqualFold(unqualified(near), n.Name) && slices.Contains(names, portal) {
		return portal
	}
	return near
}

// inNamespaceOf reports whether text, an @odata.type, has no namespace, or that of Graph or of
// the type with the given name, ignoring case. It returns false if another base than a
// URL of Graph precedes "#".
func (m *Model) inNamespaceOf(name, text string) bool {
	if foreign(text) {
		return false
	}
	written := strings.TrimPrefix(odata.ParseTypeName(text).Namespace, "#")
	of := odata.ParseTypeName(m.facts.Full(name)).Namespace
	return slices.ContainsFunc(
		[]string{"", m.facts.Namespace, m.facts.Alias, of, strings.TrimPrefix(of, m.facts.Namespace+".")},
		func(namespace string) bool { return strings.EqualFold(namespace, written) })
}

// meant returns the type name in names that a name means, or "". If the namespace of a type
// is below that of Graph, its name in names starts with the last part of the namespace, as in
// "security.alert"; name may omit that part.
func meant(name string, names []string) string {
	if near := spelling.Correction(name, names); near != "" {
		return near
	}
	last := make([]string, len(names))
	for i, of := range names {
		last[i] = unqualified(of)
	}
	near := spelling.Correction(name, last)
	i := slices.Index(last, near)
	if near == "" || slices.Contains(last[i+1:], near) {
		return ""
	}
	return names[i]
}

func unqualified(name string) string { return name[strings.LastIndexByte(name, '.')+1:] }

// typeUnlessAdded is unlessAdded for an unknown type in place of declared, which the service
// has not added if the namespace is not Graph's.
func (m *Model) typeUnlessAdded(n odata.TypeName, declared *Type) string {
	if !strings.HasPrefix(n.Namespace+".", m.facts.Namespace+".") {
		return ""
	}
	return m.unlessAdded(declared)
}

// onlyElsewhere says that only the other API version has a type, in words that a message
// continues with "must be". It returns "" for any other name.
func (m *Model) onlyElsewhere(name string, declared *Type) string {
	other := m.otherVersion()
	u := other.Type(name)
	switch {
	case u == nil || m.Type(u.short) != nil:
		return ""
	case u.Unpublished != "": // using the other version does not help
		return fmt.Sprintf("%s is not in %s; in %s, %s; ", u.Short(), m.Version, other.Version, u.Unpublished)
	case !u.possible(other.Type(declared.short)):
		return fmt.Sprintf("%s is in %s only, not in %s; ", u.Short(), other.Version, m.Version)
	}
	return fmt.Sprintf("%s is in %s only, not in %s; send the payload to %s; in %s, it ", u.Short(), other.Version, m.Version, other.Version, m.Version)
}

// statedType checks a "property@odata.type" annotation of a dynamic property. It must name a
// type, and the value must be an array if and only if the type is a collection.
func (w *walker) statedType(n, value patchlint.Node) bool {
	text := n.Text()
	_, many := odata.StatedType(text)
	switch {
	case n.Kind() != patchlint.String:
		return w.refuseValue(n, odataType, "%s takes the name of a type in a string, not %s", inert.Quote(n.Name()), n.Kind())
	case value.Exists() && value.Kind() != patchlint.Null && many != (value.Kind() == patchlint.Array) && w.model.stated(text, many) != untyped:
		return w.refuseValue(n, odataType, "%s contradicts the value of %s, which is %s", inert.Quote(text), inert.Quote(value.Name()), value.Kind())
	}
	return true
}

// propertyType checks a "property@odata.type" annotation, which must not contradict the
// declared type of the property (OData JSON Format, 4.5.3).
func (w *walker) propertyType(n patchlint.Node, p *Property) bool {
	if p.Type.Name == "Edm.Untyped" {
		return true // any type is allowed
	}
	of := p.Type
	own := w.model.typeNamed(n.Parent().Member(p.Name).Member("@odata.type").Text())
	if own.possible(p.Type) {
		of = own
	}
	wanted := "#" + strings.TrimPrefix(of.Name, "Edm.")
	if p.Collection {
		wanted = "#Collection(" + wanted[1:] + ")"
	}
	text := n.Text()
	inner, many := odata.StatedType(text)
	matches := inner == strings.TrimPrefix(p.Type.Name, "Edm.")
	if t := w.model.typeNamed(inner); t != nil {
		matches = t.Is(p.Type) && (own == nil || own == t)
	}
	if n.Kind() == patchlint.String && many == p.Collection && matches {
		return true
	}
	what := inert.Quote(text)
	if n.Kind() != patchlint.String {
		what = n.Kind().String()
	}
	v := wrong(n, odataType, "%s contradicts the type of %s, which is %s", what, inert.Quote(p.Name), fixes.Quote(wanted))
	v.Suggestion = fixes.Quote(wanted)
	// Where several types are possible, only the value can show which one is meant.
	v.certain = (of == own || len(w.model.family(of)) <= 1) && w.model.inNamespaceOf(of.Name, strings.NewReplacer("Collection(", "", ")", "").Replace(text))
	return w.refuse(v)
}
