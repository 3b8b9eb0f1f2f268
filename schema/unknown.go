package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/spelling"
)

// unknown reports a member that its type does not declare, with the likely correction.
// It returns true if the service is expected to accept the member anyway.
func (w *walker) unknown(member patchlint.Node, name string, others *undeclared) bool {
	t, quoted := others.of, inert.Quote(name)
	v := violation{Rule: unknownProperty, Node: member, Span: member.Key(), ambiguous: others.large}
	say := func(remedy string, args ...any) {
		v.Message = "unknown property " + quoted + " of " + t.Short() + fmt.Sprintf(remedy, args...)
	}
	names := t.names()
	var near string
	var deprecated *Property
	var derived, place, choices []string
	if others.large { // searching for the meaning of each would take too long
		if p := t.folded(name); p != nil {
			near = p.Name
		}
	} else {
		for _, explain := range []func(patchlint.Node, string, *Type) (violation, bool){w.misplaced, w.otherVersion} {
			if v, ok := explain(member, name, t); ok {
				return w.refuse(v)
			}
		}
		near, deprecated = w.meant(name, t), t.deprecated(name)
		derived, place = w.declaring(name, t), w.placeOf(name, t)
		if near == "" && place == nil && w.inOther(t, name) == nil {
			choices = spelling.Choices(name, names)
			choices = slices.DeleteFunc(choices, func(property string) bool { return others.object.Member(property).Exists() })
		}
	}
	switch {
	case name == "$schema":
		v.Message = `"$schema" would be sent to Graph, where no type has it; set the schema in the editor's settings (patchlint schema export shows how)`
		v.fixes = []patchlint.Fix{fixes.Remove(member, true)}
	case near != "":
		say("%s", others.correct(w, &v, name, near))
	case deprecated != nil:
		say("; %s is %s; remove it", inert.Quote(deprecated.Name), deprecated.Deprecated)
	case member.Kind() == patchlint.Null && len(choices) == 0:
		v.Rule = unpublishedProperty
		v.Message = fmt.Sprintf("%s is not a published property of %s, although the service may have returned it; remove it", quoted, t.Short())
	case derived != nil && !others.object.Member("@odata.type").Exists():
		v.ambiguous = true // the fault is in the type, not in the property
		say("; write the \"@odata.type\" of the derived type that has it, %s", oneOf(derived))
	case place != nil:
		say("; it is a property of %s; remove it here", list(place))
	case len(choices) > 1:
		v.ambiguous = true
		say("; did you mean %s?", oneOf(choices))
	case len(choices) == 1:
		v.ambiguous = true
		say("; the nearest name that the object does not have yet is %s; use it if it means the same", inert.Quote(choices[0]))
	case 0 < len(names) && len(names) <= 5:
		say("; must be %s%s", oneOf(names), w.model.unlessAdded(t))
	default:
		say("; Graph refuses unknown properties, so remove it%s", w.model.unlessAdded(t))
	}
	w.refuse(v)
	return v.Rule == unpublishedProperty
}

// unlessAdded qualifies the remedy for a name that a type does not have: the service may
// know names that are newer than the metadata. It returns "" for the types that occur in
// partners, whose names the reference lists, and for metadata of unknown date.
func (m *Model) unlessAdded(t *Type) string {
	occurs := func(r *Type) bool {
		return r == t || slices.ContainsFunc(r.Properties, func(p *Property) bool { return p.Type == t })
	}
	if m.facts.Revision == "" || slices.ContainsFunc(m.resources(), occurs) {
		return ""
	}
	return ", unless the service has added it since " + m.facts.Revision
}

// otherVersion explains a member that only the other API version declares. ok is false for any
// other member.
func (w *walker) otherVersion(member patchlint.Node, name string, t *Type) (v violation, ok bool) {
	declared := w.inOther(t, name)
	if declared == nil || w.model.Version == Beta && member.Kind() == patchlint.Null && name == declared.Name {
		return v, false // beta returns a few properties that only the metadata of v1.0 has
	}
	v = violation{Rule: versionProperty, Node: member, Span: member.Key()}
	other := w.model.otherVersion().Version
	v.Message = fmt.Sprintf("%s is in %s only, not in %s; send the payload to %s, or leave it out", inert.Quote(declared.Name), other, w.model.Version, other)
	if v.allowed = t.Open; v.allowed {
		v.Message = fmt.Sprintf("%s is published in %s only; %s, where %s is an open type, may refuse it or add it as a new property; send the payload to %s, or leave it out", inert.Quote(declared.Name), other, w.model.Version, t.Short(), other)
	}
	if declared.Deprecated != "" { // the other version does not help
		v.Message = fmt.Sprintf("%s is not in %s, and %s; remove it", inert.Quote(declared.Name), w.model.Version, declared.Deprecated)
	}
	return v, true
}

// dynamic warns of a dynamic property of an open type that the other API version declares,
// or whose name differs from a declared one only in case and separators, or from a long one
// by one typo.
func (w *walker) dynamic(member patchlint.Node, name string, others *undeclared) {
	if !others.large {
		if v, ok := w.otherVersion(member, name, others.of); ok {
			w.refuse(v)
			return
		}
	}
	t, visible := others.of, strings.Map(func(r rune) rune {
		if inert.Invisible(r) {
			return -1
		}
		return r
	}, name)
	bare := separators.Replace(visible)
	names := t.allNames()
	i := slices.IndexFunc(names, func(of string) bool {
		return strings.EqualFold(bare, of) || !others.large && len(of) >= 8 && spelling.Distance(strings.ToLower(bare), strings.ToLower(of), 2) < 2
	})
	if i < 0 {
		return
	}
	declared := names[i]
	there := member.Parent().Member(declared).Exists()
	if there && !strings.EqualFold(visible, declared) { // both are meant
		return
	}
	v := violation{Rule: unknownProperty, Node: member, Span: member.Key(), allowed: true, ambiguous: true}
	v.Message = fmt.Sprintf("unknown property %s of %s, an open type, which may add it as a new property next to %s", inert.Quote(name), t.Short(), inert.Quote(declared))
	switch {
	case there:
		v.Message += ", which is also there; keep one"
	case spelling.Misspells(bare, declared):
		if !others.large && others.only(w, declared) {
			v.Suggestion, v.ambiguous = fixes.Quote(declared), false
		}
		v.Message += "; did you mean that?"
	}
	w.refuse(v)
}

var separators = strings.NewReplacer("_", "", "-", "")

// undeclared describes the members of an object that its type does not declare.
type undeclared struct {
	object patchlint.Node
	of     *Type
	large  bool
	meant  map[string]int // number of members likely meant for each property; computed on demand
}

// correct completes the violation of a member whose name most likely means near, a property
// or navigation property, and returns the remedy for the message.
func (u *undeclared) correct(w *walker, v *violation, name, near string) (remedy string) {
	quoted := inert.Quote(near)
	switch {
	case u.large:
	case !u.only(w, near):
		v.ambiguous = true
		return "; several members appear to mean " + quoted + "; keep one"
	case u.of.NavigationProperty(near) != nil:
		v.ambiguous = true // only the author knows whether to correct it or to send it elsewhere
		return "; did you mean the navigation property " + quoted + "?"
	default:
		v.Suggestion = fixes.Quote(near)
		if v.certain = strings.EqualFold(near, name); v.certain {
			return "; names are case-sensitive, did you mean " + quoted + "?"
		}
	}
	return "; did you mean " + quoted + "?"
}

// only reports whether at most one member is a property or likely meant for it.
func (u *undeclared) only(w *walker, property string) bool {
	if u.meant == nil {
		u.meant = make(map[string]int)
		for other := range u.object.Children() {
			if name := other.Name(); u.of.Property(name) != nil {
				u.meant[name]++
			} else if !strings.Contains(name, "@") {
				u.meant[w.meant(name, u.of)]++
			}
		}
	}
	return u.meant[property] <= 1
}

// meant returns the property or navigation property of t that a name most likely means, or "":
// the one with that name in another case, else the nearest, unless the name is correct in
// another type or API version.
func (w *walker) meant(name string, t *Type) string {
	near := spelling.Correction(name, t.allNames())
	if !strings.EqualFold(near, name) && (w.inOther(t, name) != nil || w.placeOf(name, t) != nil) {
		return ""
	}
	return near
}

// deprecated returns the deprecated property of t that a name means, ignoring case and
// typos, or nil.
func (t *Type) deprecated(name string) *Property {
	for _, p := range t.Properties {
		if p.Deprecated != "" && spelling.Misspells(name, p.Name) {
			return p
		}
	}
	return nil
}

// inOther returns the property of t in the other API version with the given name, ignoring
// case, or one for a navigation property with that name. It returns nil if the other version
// has none, or if t itself has it.
func (w *walker) inOther(t *Type, property string) *Property {
	if t.folded(property) != nil {
		return nil
	}
	u := w.model.otherVersion().Type(t.short)
	switch {
	case u == nil:
		return nil
	case u.folded(property) == nil && u.NavigationProperty(property) != nil:
		return &Property{Name: property}
	}
	return u.folded(property)
}

// placeOf returns the types other than t that declare the property, and that can occur in
// the payload or are derived from the same type.
func (w *walker) placeOf(property string, t *Type) (found []string) {
	for _, u := range w.types() {
		p := u.Property(property)
		if p == nil || u == t || u.base != nil && u.base.Property(property) != nil {
			continue
		}
		if !u.Entity || !u.Abstract && !p.Computed {
			found = append(found, u.Short())
		}
	}
	if t.elsewhere[property] != "" {
		return append(found, t.elsewhere[property])
	}
	if found == nil && t.base != nil && !t.base.isRoot() {
		return w.declaring(property, t.base)
	}
	return found
}

// declaring returns the published types derived from t that declare a property.
func (w *walker) declaring(property string, t *Type) (names []string) {
	for _, u := range w.model.family(t) {
		if u.Property(property) != nil && u.base.Property(property) == nil && u.Unpublished == "" {
			names = append(names, u.Short())
		}
	}
	return names
}

// types returns the types that can occur in the payload; if its type occurs in
// partners, all types that can occur in partners.
func (w *walker) types() []*Type {
	if w.around == nil {
		w.around = w.model.resources()
		if !slices.Contains(w.around, w.of) {
			w.around = w.model.closure(w.of)
		}
	}
	return w.around
}
