package schema

import (
	"fmt"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/spelling"
)

// misplaced explains a member that t does not declare but that belongs in the value of
// one of its properties, such as "groupId" next to the "target" of an assignment. ok is
// false for any other member.
func (w *walker) misplaced(member patchlint.Node, name string, t *Type) (v violation, ok bool) {
	object := member.Parent()
	if spelling.Large(object) {
		return v, false
	}
	v = violation{Rule: unknownProperty, Node: member, Span: member.Key(), ambiguous: true}
	for _, p := range t.Properties {
		if p.Collection || !p.Type.Structured() {
			continue
		}
		own, owners := w.owners(name, p.Type)
		if own == "" {
			continue
		}
		say := func(remedy string, args ...any) {
			v.Message = inert.Quote(name) + " belongs in " + inert.Quote(p.Name) + fmt.Sprintf(remedy, args...)
		}
		target := object.Member(p.Name)
		if spelling.Large(target) {
			continue
		}
		there := target.Member(own)
		actual := w.model.TypeOf(target.Member("@odata.type"))
		switch {
		case len(owners) == 0 && !there.Exists() && (actual == nil || actual.Property(own) == nil):
			v.ambiguous = false
			say(", but no published type has it there; remove it")
		case target.Kind() != patchlint.Object && !p.Type.Abstract && p.Type.Property(own) != nil:
			say("; put it there")
		case target.Kind() != patchlint.Object:
			say(", whose \"@odata.type\" must be %s; put it there", oneOf(owners))
		case there.Exists():
			say(", which also has it; keep one of the two")
		case actual != nil && actual.Is(p.Type) && actual.Property(own) == nil:
			say(", but %s does not have it; use %s, or remove it", actual.Short(), oneOf(owners))
		default:
			say(", not next to it; move it there")
			v.fixes = []patchlint.Fix{fixes.Move(member, target, own)}
		}
		return v, true
	}
	return v, false
}

// beside reports whether a property that n lacks is misplaced in the parent of n, whose
// type is owner.
func beside(n patchlint.Node, owner *Type, property string) bool {
	if owner == nil || n.Key().Len() == 0 || owner.Property(property) != nil || spelling.Large(n.Parent()) {
		return false
	}
	return odata.AnyCase(n.Parent(), property).Exists()
}

// misplacedType explains an @odata.type t that is not valid for its object but belongs to the
// value of one of the properties of its declared type, such as the type of a target in
// an assignment. It returns false for any other @odata.type.
func misplacedType(v *violation, t, declared *Type) bool {
	if t == nil || !t.Structured() {
		return false
	}
	i := slices.IndexFunc(declared.Properties, func(p *Property) bool { return !p.Collection && t.Is(p.Type) })
	if i < 0 {
		return false
	}
	name := declared.Properties[i].Name
	object := v.Node.Parent()
	value := object.Member(name)
	v.Message = fmt.Sprintf("%s is a type for %s, not for the %s that contains it", t.Short(), inert.Quote(name), declared.Short())
	switch {
	case value.Kind() == patchlint.Object && value.Member("@odata.type").Exists():
		v.Message += "; remove it"
	case value.Kind() == patchlint.Object:
		v.Message += "; move it into " + inert.Quote(name)
		v.fixes = []patchlint.Fix{fixes.Move(v.Node, value, "@odata.type")}
	default:
		v.Message += fmt.Sprintf(`; wrap the object: {"%s": {...}}`, name)
		if _, ok := fits(object, t); ok && !value.Exists() {
			v.fixes = []patchlint.Fix{fixes.Wrap(object, name)}
		}
	}
	return true
}

// owners returns the property with the given name, ignoring case, in a type or the
// types derived from it, and the short names of the concrete published ones that have it.
func (w *walker) owners(name string, declared *Type) (property string, types []string) {
	for _, t := range w.model.family(declared) {
		p := t.folded(name)
		if p == nil {
			continue
		}
		property = p.Name
		if !t.Abstract && t.Unpublished == "" {
			types = append(types, t.Short())
		}
	}
	return property, types
}
