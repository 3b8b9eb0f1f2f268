package schema

import (
	"fmt"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/meaning"
	"github.com/patchlint/patchlint/internal/spelling"
)

// unknown reports a member that its type does not declare, with the likely correction.
// It returns true if the service is expected to accept the member all the same.
func (w *walker) unknown(member patchlint.Node, name string, others *undeclared) bool {
	t, quoted := others.of, inert.Quote(name)
	for _, explain := range []func(patchlint.Node, string, *Type) (violation, bool){w.misplaced, w.commonSuffix, w.otherVersion} {
		if v, ok := explain(member, name, t); ok {
			w.report(v)
			return v.Rule == unpublishedProperty
		}
	}
	v := violation{Rule: unknownProperty, Node: member, Span: member.Key()}
	say := func(remedy string, args ...any) {
		v.Message = "unknown property " + quoted + " of " + t.Short() + fmt.Sprintf(remedy, args...)
	}
	near, now, choices := w.correction(member, name, others)
	place := w.placeOf(name, t)
	switch {
	case name == "$schema":
		v.Message = `"$schema" is sent to Graph with the rest, and no type has it; bind the schema in the editor's settings (patchlint schema export says how)`
		v.fixes = []patchlint.Fix{fixes.Remove(member, true)}
	case now == uncounted:
		v.ambiguous = true
		say("; did you mean %s?", inert.Quote(near))
	case t.Toward(near) != nil && now == free:
		v.ambiguous = true // only the author knows whether to correct it or to send it elsewhere
		say("; did you mean the navigation property %s?", inert.Quote(near))
	case strings.EqualFold(near, name) && now != free:
		v.ambiguous = !member.Parent().Member(near).Exists()
		say("; names are case-sensitive, and several members look like %s; keep one", inert.Quote(near))
	case near == "" && t.deprecated(name) != nil:
		p := t.deprecated(name)
		v.Message = fmt.Sprintf("unknown property %s; %s is %s: leave it out", quoted, inert.Quote(p.Name), p.Deprecated)
	case near != "" && strings.EqualFold(near, name):
		v.Suggestion, v.certain = fixes.Quote(near), true
		say("; names are case-sensitive, did you mean %s?", inert.Quote(near))
	case member.Kind() == patchlint.Null && near == "" && len(choices) < 2:
		v.Rule = unpublishedProperty
		v.Message = fmt.Sprintf("%s is not a published property of %s, although the service may have returned it; leave it out", quoted, t.Short())
	case t.elsewhere[name] != "":
		say("; assignments of other resources, such as %s, have it; remove it", t.elsewhere[name])
	case !others.object.Member("@odata.type").Exists() && w.declaring(name, t) != nil:
		v.ambiguous = true // the fault is in the type, not in the property
		say("; write the \"@odata.type\" of the derived type that has it, %s", oneOf(w.declaring(name, t)))
	case place != "":
		say("; it belongs to %s", place)
	case now == present:
		say("; %s is already set, remove this one", inert.Quote(near))
	case now == contested:
		v.ambiguous = true
		say("; another member may mean %s, too; keep one", inert.Quote(near))
	case near != "":
		v.Suggestion = fixes.Quote(near)
		say("; did you mean %s?", inert.Quote(near))
	default:
		var remedy string
		remedy, v.ambiguous = w.unlike(name, choices, others)
		say("%s", remedy)
	}
	w.report(v)
	return v.Rule == unpublishedProperty
}

// correction is like meant, but also returns whether the member may be renamed to near. It
// leaves out a property that is set already, unless the name is much like it.
func (w *walker) correction(member patchlint.Node, name string, others *undeclared) (near string, now availability, choices []string) {
	if near, choices = w.meant(name, others.of); near == "" {
		return "", free, choices
	}
	now = others.availability(w, member, near)
	if slips := spelling.Distance(strings.ToLower(near), strings.ToLower(name), 3); now == present && (slips == 3 || 3*slips > len(name)) {
		return "", free, choices
	}
	return near, now, choices
}

// otherVersion explains a member that only the other API version declares. ok is false for any
// other member.
func (w *walker) otherVersion(member patchlint.Node, name string, t *Type) (v violation, ok bool) {
	declared := w.inOther(t, name)
	if declared == nil {
		return v, false
	}
	version := w.model.otherVersion().Version
	v = violation{Rule: versionProperty, Node: member, Span: member.Key()}
	switch quoted := inert.Quote(declared.Name); {
	case w.model.Version == Beta && member.Kind() == patchlint.Null && name == declared.Name:
		v.Rule = unpublishedProperty // beta returns a few properties that only the metadata of v1.0 has
		v.Message = fmt.Sprintf("%s is a published property in %s only, not in %s; null sends nothing: leave it out", quoted, version, w.model.Version)
	case declared.Deprecated != "": // the other version does not help
		v.Message = fmt.Sprintf("%s is not in %s, and %s; leave it out", quoted, w.model.Version, declared.Deprecated)
	default:
		v.Message = fmt.Sprintf("%s is in %s only, not in %s", quoted, version, w.model.Version)
	}
	return v, true
}

// unlike returns what to do about a name that is like none of its type, except perhaps the
// choices, and whether only the author can tell.
func (w *walker) unlike(name string, choices []string, others *undeclared) (remedy string, ambiguous bool) {
	t, names := others.of, others.of.names()
	switch {
	case len(choices) > 1:
		return fmt.Sprintf("; did you mean one of %s?", list(choices)), true
	case len(choices) == 1 && meaning.Opposite(name, choices[0]):
		return fmt.Sprintf("; the nearest one, %s, does not mean the same", inert.Quote(choices[0])), true
	case t.base != nil && !t.base.isRoot() && w.declaring(name, t.base) != nil:
		return "; it belongs to " + list(w.declaring(name, t.base)), false
	case len(names) == 0:
		return ", which has no properties; remove it", false
	case len(names) <= 5:
		return "; must be " + oneOf(names), false
	}
	if abridged := meaning.Abridged(name, names); abridged != "" {
		return fmt.Sprintf("; did you mean %s?", inert.Quote(abridged)), true
	}
	return "; remove it, Graph refuses unknown properties", false
}

// respelled warns of a dynamic property of an open type whose name differs from a
// declared one only in case and separators, or by one typo.
func (w *walker) respelled(member patchlint.Node, name string, others *undeclared) {
	t, declared := others.of, ""
	bare := separators.Replace(name)
	if p := t.folded(bare); p != nil {
		declared = p.Name
	} else if i := slices.IndexFunc(t.Navigation, func(n *Navigation) bool { return strings.EqualFold(n.Name, bare) }); i >= 0 {
		declared = t.Navigation[i].Name
	} else if !others.large {
		declared = t.mistyped(bare)
	}
	there := declared != "" && member.Parent().Member(declared).Exists()
	if declared == "" || there && !strings.EqualFold(name, declared) { // both are meant
		return
	}
	v := violation{Rule: unknownProperty, Node: member, Span: member.Key(), allowed: true, ambiguous: true}
	v.Message = fmt.Sprintf("unknown property %s of %s, an open type, which may take it for a property beside %s", inert.Quote(name), t.Short(), inert.Quote(declared))
	switch {
	case there:
		v.Message += ", which is there, too; keep one"
	case others.availability(w, member, declared) == free:
		v.Suggestion, v.ambiguous = fixes.Quote(declared), false
		fallthrough
	default:
		v.Message += "; did you mean that?"
	}
	w.report(v)
}

// mistyped returns the property of t whose name of at least 8 letters a name is with one
// typo, or "".
func (t *Type) mistyped(name string) string {
	folded := strings.ToLower(name)
	for _, p := range t.Properties {
		if n := len(p.Name) - len(name); -1 <= n && n <= 1 && len(p.Name) >= 8 && p.Deprecated == "" &&
			spelling.Distance(folded, strings.ToLower(p.Name), 2) < 2 && meaning.Agree(name, p.Name) {
			return p.Name
		}
	}
	return ""
}

var separators = strings.NewReplacer("_", "", "-", "", " ", "")

// availability is whether an unknown member may be renamed to a property.
type availability uint8

const (
	free      availability = iota
	contested              // another unknown member may mean the same property
	present                // the object already has the property, ignoring case
	uncounted              // not determined, because the object is large
)

// undeclared describes the members of an object that its type does not declare.
type undeclared struct {
	object patchlint.Node
	of     *Type
	large  bool
	meant  map[string]int // number of members likely meant for each property; computed on demand
}

func (u *undeclared) availability(w *walker, member patchlint.Node, property string) availability {
	if u.large {
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

// meant returns the property or navigation property of t that a name most likely means: the
// one with that name in another case, else the nearest, unless the name is correct in another
// type or API version. If it returns "", choices lists the candidates.
func (w *walker) meant(name string, t *Type) (near string, choices []string) {
	names := t.names()
	for _, n := range t.Navigation {
		names = append(names, n.Name)
	}
	if near = meaning.Nearest(name, names); near == "id" && !strings.EqualFold(near, name) {
		near = "" // a name like "uid" may be the key of another object, and no PATCH sets "id"
	}
	if near == "" {
		choices = meaning.Alternatives(name, names)
	}
	if near == "" && choices == nil || strings.EqualFold(near, name) {
		return near, choices
	}
	if w.inOther(t, name) != nil || t.elsewhere[name] != "" || w.placeOf(name, t) != "" {
		return "", nil
	}
	return near, choices
}

// deprecated returns the deprecated property of t that a name means, ignoring case and
// typos, or nil.
func (t *Type) deprecated(name string) *Property {
	for _, p := range t.Properties {
		if p.Deprecated != "" && spelling.Distance(strings.ToLower(name), strings.ToLower(p.Name), 3) < 3 {
			return p
		}
	}
	return nil
}

// inOther returns the property of t in the other API version with the given name, ignoring
// case, or one for a navigation property with that name. It returns nil if the other version
// has none, or if t itself has it.
func (w *walker) inOther(t *Type, property string) *Property {
	other := w.model.otherVersion()
	if other == nil || t.folded(property) != nil {
		return nil
	}
	u := other.Type(t.short)
	switch {
	case u == nil:
		return nil
	case u.folded(property) == nil && u.Toward(property) != nil:
		return &Property{Name: property}
	}
	return u.folded(property)
}

// placeOf lists the types other than t that can occur in the payload and declare the
// property.
func (w *walker) placeOf(property string, t *Type) string {
	var found []string
	for _, u := range w.types() {
		p := u.Property(property)
		if p == nil || u == t || u.base != nil && u.base.Property(property) != nil {
			continue
		}
		if !u.Entity || !u.Abstract && !p.Computed {
			found = append(found, u.Short())
		}
	}
	return list(found)
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
