package schema

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/spelling"
)

// Visit is one value of a walk and what the model says about it. A value with an Owner
// but neither Property nor Navigation is a member that the type does not declare:
// control information or an annotation, with "@" in its name (OData JSON Format, 4.5 and
// 20), or a dynamic property of an open type.
type Visit struct {
	Node patchlint.Node
	// Owner is the type of the object that Node is a member of; nil at the
	// root and at the elements of a collection.
	Owner *Type
	// Property is the property that Node is the value of. It is nil at the root, at the
	// elements of a collection, and for a member that the type does not declare.
	Property *Property
	// Navigation is the navigation property that Node is the value of, or nil.
	Navigation *Navigation
	// Type is the actual type of an object, given by its @odata.type or declared. It is
	// nil for any other value.
	Type *Type
	// Refused reports whether a violation was reported for Node or a value in it.
	Refused bool
}

// Walker returns a function that visits a payload of type t along with the model. It calls
// visit for every member that its type declares or allows, except an @odata.type in the
// canonical form, and then for the object itself if its type is known. It calls violate for
// every mismatch with the model, and skips the content of a value that it cannot match. The
// walk ends when either function returns false. If t is not structured, that is the only
// violation.
//
// A violation is about n, the value at fault or the object that lacks a member. Its severity
// is Error if the service is expected to refuse the payload, else Warning. It has no Pointer,
// which takes time to compute: n.Pointer returns it.
//
// The function reuses its memory for the next payload, so that walking a clean one does not
// allocate. It is not safe for concurrent use.
func Walker(visit func(Visit) (more bool), violate func(n patchlint.Node, violation patchlint.Diagnostic) (more bool)) (walk func(t *Type, root patchlint.Node)) {
	w := &walker{visitor: visit, violate: violate}
	return func(t *Type, root patchlint.Node) {
		w.model, w.of, w.top, w.done = t.Model, t, root, false
		w.root(root, t)
		w.top, w.around = patchlint.Node{}, nil
	}
}

// Check returns the violations of a payload in source order.
func (t *Type) Check(root patchlint.Node) (violations []patchlint.Diagnostic) {
	Walker(func(Visit) bool { return true }, func(n patchlint.Node, v patchlint.Diagnostic) bool {
		v.Pointer = n.Pointer()
		violations = append(violations, v)
		return true
	})(t, root)
	slices.SortStableFunc(violations, func(a, b patchlint.Diagnostic) int { return a.Span.Start - b.Span.Start })
	return violations
}

type walker struct {
	model   *Model
	bound   []*Property // stack: the property of each member of the objects being walked, nil if undeclared
	of      *Type       // type of the payload
	visitor func(Visit) (more bool)
	violate func(patchlint.Node, patchlint.Diagnostic) (more bool)
	done    bool // visitor or violate ended the walk
	top     patchlint.Node
	owner   *Type   // type of the object whose member is walked; nil at the root
	around  []*Type // see types
}

// visit calls the visitor, unless the walk has ended.
func (w *walker) visit(v Visit) { w.done = w.done || !w.visitor(v) }

// refuse reports a violation and returns false, the result of a failed check.
func (w *walker) refuse(v violation) bool {
	w.done = w.done || !w.violate(v.Node, v.explained())
	return false
}

// refuseValue refuses a value with a message and no suggestion.
func (w *walker) refuseValue(n patchlint.Node, rule, format string, args ...any) bool {
	return w.refuse(wrong(n, rule, format, args...))
}

func (w *walker) root(root patchlint.Node, t *Type) {
	if !t.Structured() {
		w.refuseValue(root, payloadShape, "the body must be a JSON object, and %s is not an object type", t.Short())
		return
	}
	if root.Kind() == patchlint.Object {
		w.object(root, t)
		return
	}
	if w.response(root) {
		return
	}
	v := wrong(root, payloadShape, "%s", odata.NotObject(root))
	if inner, ok := form.Encoded(root); ok {
		v.Message = "the body must be a JSON object, not a string that contains JSON; it was encoded twice"
		v.Suggestion, v.certain = string(inner.Source()), true
	}
	w.refuse(v)
}

// response reports a root without known properties that is a response. It returns false
// for any other root.
func (w *walker) response(root patchlint.Node) bool {
	v := violation{Rule: payloadShape}
	if v.Node, v.Span, v.Message = odata.Answer(root); v.Message == "" {
		value := root.Member("value")
		v.Node, v.Span = value, value.Key()
		switch value.Kind() {
		case patchlint.Array:
			v.Message = `this is a list response; send each object in its "value" in a PATCH to its own URL`
		case patchlint.Object:
			v.Message = `the object is wrapped in "value", as in some responses; send only the object itself`
			v.fixes = []patchlint.Fix{fixes.Unwrap(value, odata.Alone(value))}
		}
	}
	return v.Message != "" && !w.refuse(v)
}

// object walks an object with declared type declared: its members, and then the object itself.
func (w *walker) object(n patchlint.Node, declared *Type) bool {
	start, owner := len(w.bound), w.owner
	t, typed, canonical := w.bind(n, declared)
	if t == nil {
		w.bound = w.bound[:start]
		return false
	}
	bound, ok := w.bound[start:], typed
	w.owner = t
	var unknown *undeclared // created for the first member that is not an annotation
	for member := range n.Children() {
		p := bound[0]
		bound = bound[1:]
		switch {
		case w.done:
		case p != nil:
			accepted := w.value(member, p)
			w.visit(Visit{Node: member, Owner: t, Property: p, Refused: !accepted})
			ok = accepted && ok
		case member != canonical:
			ok = w.other(member, t, typed, &unknown) && ok
		}
	}
	for _, p := range t.required {
		if !slices.Contains(w.bound[start:], p) && !spelling.Misspelled(n, p.Name, t.Property) && !beside(n, owner, p.Name) {
			ok = w.missing(n, t, p)
		}
	}
	w.bound, w.owner = w.bound[:start], owner
	w.visit(Visit{Node: n, Type: t, Refused: !ok})
	return ok
}

// bind returns the actual type of an object, or nil if the object is refused as a whole, and
// appends the property of each of its members to w.bound. typed reports whether the
// @odata.type of the object was accepted; canonical is that annotation if it is also in
// canonical form.
func (w *walker) bind(n patchlint.Node, declared *Type) (t *Type, typed bool, canonical patchlint.Node) {
	start, annotation := len(w.bound), odata.TypeOf(n)
	t, plain := declared, false
	if annotation.Exists() {
		t, plain = w.model.typeOf(annotation)
	}
	of := declared
	if typed = t.possible(declared); typed {
		of = t
	}
	others := w.bindTo(of, n)
	known := func(p *Property) bool { return p != nil }
	if n == w.top && !slices.ContainsFunc(w.bound[start:], known) && w.response(n) || others && declared != anyObject && w.dumped(n, declared) {
		return nil, false, canonical
	}
	if !typed {
		if t, typed = w.resolve(n, annotation, t, declared); t == nil {
			return nil, false, canonical
		}
		w.bound = w.bound[:start]
		w.bindTo(t, n)
	}
	if plain && typed {
		canonical = annotation
	}
	return t, typed, canonical
}

// bindTo appends to w.bound the property of t of each member of an object, nil for an undeclared
// one. It reports whether an undeclared member is not an annotation.
func (w *walker) bindTo(t *Type, n patchlint.Node) (others bool) {
	bound := w.bound
	for member := range n.Children() {
		name := member.NameBytes()
		p := find(t, name)
		others = others || p == nil && bytes.IndexByte(name, '@') < 0
		bound = append(bound, p)
	}
	w.bound = bound
	return others
}

// missing reports a required property that an object lacks.
func (w *walker) missing(n patchlint.Node, t *Type, p *Property) bool {
	remedy := "add it"
	if p.Example != "" {
		remedy = fmt.Sprintf(`add it, for example "%s": %s`, p.Name, fixes.Quote(p.Example))
	}
	return w.refuse(violation{
		Rule: requiredProperty, Node: n, Span: n.Opening(),
		Message: fmt.Sprintf("%s is missing %s; %s", t.Short(), inert.Quote(p.Name), remedy),
	})
}

// other walks a member that the type of its object does not declare. typed says whether
// the @odata.type of the object was accepted.
func (w *walker) other(member patchlint.Node, t *Type, typed bool, others **undeclared) bool {
	name := member.NameBytes()
	if string(name) == "@odata.type" {
		if t == anyObject || member != member.Parent().Member("@odata.type") {
			return true // the type is unknown, or another @odata.type of the object counts
		}
		w.visit(Visit{Node: member, Owner: t, Refused: !typed})
		return typed
	}
	if bytes.IndexByte(name, '@') < 0 && !odata.Advertises(member) {
		name := member.Name()
		if n := t.NavigationProperty(name); n != nil {
			ok := w.relatives(member, n)
			w.visit(Visit{Node: member, Owner: t, Navigation: n, Refused: !ok})
			return ok
		}
		if *others == nil {
			*others = &undeclared{object: member.Parent(), of: t, large: spelling.Large(member.Parent())}
		}
		if t.Open || w.model.hollow(t) {
			if t.Open {
				w.dynamic(member, name, *others)
			}
			p := w.model.AnyPropertyOf(t, member)
			ok := p == nil || p.Type == untyped || w.value(member, p)
			if t != anyObject { // it is inside a value at which the walk stops
				w.visit(Visit{Node: member, Owner: t, Refused: !ok})
			}
			return ok
		}
		return w.unknown(member, name, *others)
	}
	ok := true
	if target, isType := bytes.CutSuffix(name, []byte("@odata.type")); isType {
		if p := find(t, target); p != nil {
			ok = w.propertyType(member, p)
		} else if t.Open {
			ok = w.statedType(member, member.Parent().Member(string(target)))
		}
	}
	if n := t.DeltaProperty(member); n != nil && member.Kind() == patchlint.Null {
		ok = w.refuseValue(member, wrongType, "%s takes an array of objects, not null", inert.Quote(member.Name()))
	} else if n != nil {
		ok = w.relatives(member, n) && ok
	}
	w.visit(Visit{Node: member, Owner: t, Refused: !ok})
	return ok
}

// relatives walks the related objects in the value of a navigation property, or of a delta
// annotation, which is an array.
func (w *walker) relatives(n patchlint.Node, to *Navigation) bool {
	p := Property{Name: to.Name, Type: w.model.Type(to.Target), Collection: to.Collection}
	return n.Kind() == patchlint.Null || w.value(n, &p)
}
