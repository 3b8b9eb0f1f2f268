package recognize

import (
	"bytes"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/spelling"
	"github.com/patchlint/patchlint/schema"
)

// The properties that only partners have, in all API versions, are named by a platform and
// one of these suffixes.
var (
	platforms        = []string{"ios", "android", "macos", "windows", "linux"}
	platformSuffixes = []string{"onboarded", "enrollmentassignments"}
)

// isPartnerName reports whether only partners have a property of that name.
func isPartnerName(name []byte) bool {
	for _, suffix := range platformSuffixes {
		at := len(name) - len(suffix)
		if at > 0 && bytes.EqualFold(name[at:], []byte(suffix)) {
			return slices.ContainsFunc(platforms, func(platform string) bool { return bytes.EqualFold(name[:at], []byte(platform)) })
		}
	}
	return false
}

// isOther reports whether the value of a member cannot belong to a partner, even by
// mistake: a text for people, as in a table of translations, or an object where a
// boolean is expected that is not a switch of PowerShell, as in a JSON Schema.
func isOther(member patchlint.Node) bool {
	if member.Kind() == patchlint.Object {
		return strings.HasSuffix(strings.ToLower(member.Name()), "onboarded") && !member.Empty() && !member.Member("IsPresent").Exists()
	}
	text := strings.TrimSpace(member.Text())
	_, encoded := form.Encoded(member)
	return len(text) > len("false") && !encoded && !form.Printed(text) && !form.Placeholder(text) &&
		!strings.EqualFold(text, "enabled") && !strings.EqualFold(text, "disabled")
}

// Doubtful reports whether a payload of r may be something else, in which no fix is safe:
// its "$schema" is the URL of something else, or only flags such as "iosOnboarded" show
// that it is a partner, and it has a member or a value that no partner has.
func Doubtful(r *schema.Type, payload patchlint.Node) bool {
	if named := payload.Member("$schema"); strings.Contains(named.Text(), "://") && isOtherSchema(named, r.Short()) {
		return true
	}
	if r.Short() != partnerName {
		return false
	}
	if value := odata.Wrapped(payload); value.Exists() {
		return Doubtful(r, value)
	}
	if inner, ok := form.Encoded(payload); ok {
		return Doubtful(r, inner.Root())
	}
	if payload.Kind() == patchlint.Array {
		for element := range payload.Children() {
			if Doubtful(r, element) {
				return true
			}
		}
		return false
	}
	foreign := false
	for member := range payload.Children() {
		name := member.Name()
		switch p := r.Property(name); {
		case isPartnerName(member.NameBytes()) && isOther(member):
			foreign = true
		case name == "@odata.type", name == "@odata.context", name == "$schema", p != nil && p.Name != "id" && p.Name != "displayName" && p.Type.Name != "Edm.Boolean":
			return false
		case p == nil && !strings.ContainsAny(name, "@#") && !isPartnerName(member.NameBytes()) && !isNearPartnerName(name):
			foreign = foreign || spelling.Nearest(name, propertyNames(r)) == ""
		}
	}
	return foreign
}

func propertyNames(t *schema.Type) (names []string) {
	for _, p := range t.Properties {
		names = append(names, p.Name)
	}
	return names
}

// isNearPartnerName reports whether a name is a misspelling of one that isPartnerName
// accepts, in its platform or in its suffix. Other words, as in isOnboarded and
// iosOnboarding, are not misspellings.
func isNearPartnerName(name string) bool {
	name = strings.ToLower(name)
	for _, suffix := range platformSuffixes {
		slips := len(suffix) / 9 // 1 for "onboarded", so that "onboard" and "onboarding" are too far
		for _, platform := range platforms {
			if rest, ok := strings.CutPrefix(name, platform); ok && spelling.Distance(rest, suffix, slips+1) <= slips {
				return true
			}
			if start, ok := strings.CutSuffix(name, suffix); ok && len(start) > len("ios") && spelling.Distance(start, platform, 2) < 2 {
				return true
			}
		}
	}
	return false
}
