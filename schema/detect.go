package schema

import (
	"bytes"
	"strings"

	"github.com/patchlint/patchlint"
)

// Detect tells which resource a payload is of: the type that its @odata.type
// names, misspelt ones included, else the one that its properties mark. A name
// that ends in "Onboarded" or "EnrollmentAssignments" marks a partner, whatever
// its case, and so does one that nearly is such a property; "target" marks an
// assignment. What other types of Graph share (displayName, partnerState,
// lastHeartbeatDateTime) marks nothing.
//
// It looks into a list and into the "value" of a saved response, which are
// payloads in the wrong shape, and returns nil when the payload shows no type.
// A text that broke off half-way shows its type by what follows, too.
func (m *Model) Detect(payload patchlint.Node) *Resource {
	if t := m.detect(payload); t != nil {
		return t.resource
	}
	return nil
}

// marks are the ends of the names that only a partner's properties have.
var marks = []string{"onboarded", "enrollmentassignments"}

func (m *Model) detect(n patchlint.Node) *Type {
	if n.Kind() == patchlint.Array {
		return m.detect(n.Element(0))
	}
	if n.Kind() != patchlint.Object {
		return nil
	}
	annotation := typeOf(n)
	if plain, ok := annotation.PlainText(); ok {
		if m.partner != nil && m.partner.isNamed(plain) {
			return m.partner // as nearly all are
		}
		if t := m.named[string(plain)]; t != nil && t.Structured() {
			return t
		}
	}
	text := annotation.Text()
	if t := m.Named(text); t != nil && t.Structured() {
		return t
	}
	if text != "" {
		if t := m.misspelt(text); t != nil {
			return t
		}
	}
	partner, assignment := m.partner, m.assignment
	for member := range n.Children() {
		if partner == nil {
			break
		}
		if p := partner.PropertyOf(member); p != nil && marked(p.Name) {
			return partner // to the letter
		}
	}
	for member := range n.Children() {
		// An @odata.type of another family is believed, unless the properties
		// are a partner's to the letter.
		if partner == nil || text != "" && partner.Property(member.Name()) == nil {
			continue
		}
		if marksPartner(member.Name(), partner) {
			return partner
		}
	}
	if target := n.Member("target"); text == "" && assignment != nil {
		switch kind := target.Kind(); {
		case kind == patchlint.Object, kind == patchlint.Null, stringified(target):
			return assignment
		}
	}
	if value := n.Member("value"); value.Kind() == patchlint.Object || value.Kind() == patchlint.Array {
		return m.detect(value)
	}
	return nil
}

// typeOf returns the @odata.type of an object. Most write it first, and in a text
// without faults no name stands twice.
func typeOf(object patchlint.Node) patchlint.Node {
	if len(object.Document().Faults()) == 0 {
		for first := range object.Children() {
			if first.NameIs("@odata.type") {
				return first
			}
			break
		}
	}
	return object.Member("@odata.type")
}

// misspelt returns the resource's type that a wrong @odata.type must mean: one
// in another namespace, in another case, or with a slip of the finger.
func (m *Model) misspelt(text string) *Type {
	name := ParseTypeName(text).Name
	for _, r := range m.resources {
		if patchlint.Distance(strings.ToLower(name), strings.ToLower(r.Type.Short()), 3) < 3 {
			return r.Type
		}
	}
	return nil
}

// marked reports whether a property marks a payload as a partner's.
func marked(name string) bool {
	return strings.HasSuffix(name, "Onboarded") || strings.HasSuffix(name, "EnrollmentAssignments")
}

func marksPartner(name string, partner *Type) bool {
	name = strings.ToLower(name)
	for _, mark := range marks {
		if strings.HasSuffix(name, mark) && name != mark {
			return true
		}
		for _, p := range partner.Properties {
			known := strings.ToLower(p.Name)
			if strings.HasSuffix(known, mark) && patchlint.Distance(name, known, 3) < 3 {
				return true
			}
		}
	}
	return false
}

// DetectDocument is Detect for what a document holds. Where that broke off
// before it showed a type, a partner is known by the names in the rest of the
// text.
func (m *Model) DetectDocument(doc *patchlint.Document) *Resource {
	if r := m.Detect(doc.Root()); r != nil || doc.Whole() {
		return r
	}
	// In UTF-16, as PowerShell's ">" writes it, every other byte of them is zero.
	folded := bytes.ToLower(bytes.ReplaceAll(doc.Source(), []byte{0}, nil))
	for _, mark := range marks {
		if bytes.Contains(folded, []byte(mark+`"`)) || bytes.Contains(folded, []byte(mark+`'`)) {
			if r, err := m.Resource("complianceManagementPartner"); err == nil {
				return r
			}
		}
	}
	return nil
}
