package corpus

import (
	"iter"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
)

// Mutation is a document with one change.
type Mutation struct {
	// Name describes the change, such as `replaced by null`.
	Name string
	// Pointer points to the value or member that was changed or, for an added member,
	// to its object.
	Pointer patchlint.Pointer

	src   []byte // the original
	edits []patchlint.Edit
}

// Source returns the changed document: valid JSON without duplicate names, and different
// from the original.
func (m Mutation) Source() []byte {
	changed, _ := fixes.ApplyEdits(m.src, m.edits) // they do not overlap
	return changed
}

// Mutations yields the mutations of src in a fixed order: each value replaced by values
// of other kinds and forms, each member renamed and removed, and members and
// annotations added. In an array of more than three elements, only the first and the
// last are changed. A document with faults has no mutations.
func Mutations(src []byte) iter.Seq[Mutation] {
	m := mutator{src: src}
	if doc, err := patchlint.Parse(src, patchlint.JSON); err == nil && len(doc.Faults()) == 0 {
		m.walk(doc.Root())
	}
	return slices.Values(m.list)
}

// mutator makes the mutations of a document.
type mutator struct {
	src  []byte
	list []Mutation
}

const fewElements = 3

func (m *mutator) walk(n patchlint.Node) {
	m.value(n)
	if n.Key().Len() > 0 {
		m.member(n)
	}
	if n.Kind() == patchlint.Object {
		m.object(n)
	}
	children := n.Len()
	many := n.Kind() == patchlint.Array && children > fewElements
	i := 0
	for child := range n.Children() {
		if !many || i == 0 || i == children-1 {
			m.walk(child)
		}
		i++
	}
}

// replacements are the JSON texts that replace a value of any kind.
var replacements = []string{"null", "true", "1", "1.5", "-0", `"x"`, `""`, "{}", "[]", "[null]", "[{}]", `"System.Collections.Hashtable"`}

// stringReplacements are the texts that also replace a string.
var stringReplacements = []string{
	"00000000-0000-0000-0000-000000000000",
	"2024-02-30T00:00:00Z",                   // no such day
	"2026-01-31T08:00Z",                      // OData allows omitting seconds
	"2026-01-31t08:00:00z",                   // T and Z are case-insensitive
	"2026-01-31T08:00:60.123456789012+14:00", // a leap second and every digit allowed
	"unknownFutureValue",
}

func (m *mutator) value(n patchlint.Node) {
	seen := map[string]bool{string(n.Raw()): true}
	replace := func(name, by string) {
		if !seen[by] {
			seen[by] = true
			m.change(name, n.Pointer(), patchlint.Edit{Span: n.Span(), NewText: by})
		}
	}
	for _, text := range replacements {
		replace("replaced by "+text, text)
	}
	replace("wrapped in an array", "["+string(n.Raw())+"]")
	if n.Kind() != patchlint.String {
		return
	}
	text := n.Text()
	seen[fixes.Quote(text)] = true
	texts := append([]string{strings.ToUpper(text), withoutMiddle(text)}, stringReplacements...)
	if n.Name() == "@odata.type" {
		texts = append(texts, typeNames(text)...)
	}
	for _, text := range texts {
		replace("replaced by "+fixes.Quote(text), fixes.Quote(text))
	}
}

// targets are the types of an assignment's target, in all API versions.
var targets = []string{
	"groupAssignmentTarget", "exclusionGroupAssignmentTarget", "allLicensedUsersAssignmentTarget", "allDevicesAssignmentTarget",
	"configurationManagerCollectionAssignmentTarget", "scopeTagGroupAssignmentTarget", "androidFotaDeploymentAssignmentTarget",
}

// typeNames returns other spellings of an @odata.type, and the names of other types.
func typeNames(text string) []string {
	short := text[strings.LastIndexByte(text, '.')+1:]
	names := []string{
		strings.TrimPrefix(text, "#"),
		"#graph." + short,
		"https://graph.microsoft.com/beta/$metadata#microsoft.graph." + short,
		"#microsoft.management.services.api." + short,
		"#microsoft.graph.deviceAndAppManagementAssignmentTarget", // abstract
	}
	for _, target := range targets {
		names = append(names, "#microsoft.graph."+target)
	}
	return names
}

// member renames a member and removes it.
func (m *mutator) member(n patchlint.Node) {
	object, name := n.Parent(), n.Name()
	_, last := utf8.DecodeLastRuneInString(name)
	for _, other := range []string{otherCase(name), name[:len(name)-last], name + "x"} {
		if !object.Member(other).Exists() {
			m.change("renamed "+fixes.Quote(other), n.Pointer(), patchlint.Edit{Span: n.Key(), NewText: fixes.Quote(other)})
		}
	}
	m.change("removed", n.Pointer(), fixes.Removal(n)...)
}

// object adds a member and an annotation to an object.
func (m *mutator) object(n patchlint.Node) {
	for _, name := range []string{"extra", "@odata.foo"} {
		if n.Member(name).Exists() {
			continue
		}
		added := fixes.Quote(name) + ": 1"
		if !n.Empty() {
			added += ", "
		}
		after := n.Opening().End
		m.change("given "+fixes.Quote(name), n.Pointer(), patchlint.Edit{Span: patchlint.Span{Start: after, End: after}, NewText: added})
	}
}

// change adds the document with the edits.
func (m *mutator) change(name string, pointer patchlint.Pointer, edits ...patchlint.Edit) {
	m.list = append(m.list, Mutation{name, pointer, m.src, edits})
}

// withoutMiddle returns text without its middle character.
func withoutMiddle(text string) string {
	runes := []rune(text)
	middle := len(runes) / 2
	return string(slices.Concat(runes[:middle], runes[min(middle+1, len(runes)):]))
}

// otherCase returns name with its first letter in the other case.
func otherCase(name string) string {
	i := strings.IndexFunc(name, unicode.IsLetter)
	if i < 0 {
		return name
	}
	r, size := utf8.DecodeRuneInString(name[i:])
	other := unicode.ToUpper(r)
	if other == r {
		other = unicode.ToLower(r)
	}
	return name[:i] + string(other) + name[i+size:]
}
