package validate

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/secret"
)

// Names maps ids in payloads to display names: those of groups, assignment filters and
// collections of Configuration Manager. A nil *Names is empty. Names is safe for
// concurrent use as long as Add is not called.
type Names struct {
	objects   map[string]object // by id in lower case
	exported  map[string]bool   // entity sets that were added; "" means any set
	continued map[string]bool   // entity sets with a missing page
}

// object is the name of an object and its entity set, either of which may be "".
type object struct{ name, set string }

// The entity sets that unknown-id distinguishes, as named in a context URL.
const (
	groups  = "groups"
	filters = "assignmentFilters"
)

// nouns returns the singular and plural for the objects of an entity set in messages.
func nouns(set string) (one, many string) {
	switch set {
	case groups:
		return "a group", "groups"
	case filters:
		return "an assignment filter", "assignment filters"
	}
	return "", ""
}

// setOf returns the entity set of a type, given by its short name.
func setOf(name string) string {
	switch name {
	case "group":
		return groups
	case "deviceAndAppManagementAssignmentFilter":
		return filters
	}
	return otherSet
}

// Of returns the name of the object with the given id, or "" if it is unknown.
func (n *Names) Of(id string) string {
	if n == nil {
		return ""
	}
	return n.objects[strings.ToLower(id)].name
}

// Continued reports whether an added response continues on a page that was not added.
func (n *Names) Continued() bool {
	return n != nil && anyTrue(n.continued)
}

func anyTrue(set map[string]bool) bool {
	return slices.Contains(slices.Collect(maps.Values(set)), true)
}

// Add adds the names in a JSON text: a saved response that lists objects with id and
// displayName, an array of such objects or responses, or an object that maps ids to
// names. more reports whether the last response in the text continues on another page,
// which must be added next. An error message starts with "line:column: ". It does not
// quote the text, which may be of the wrong file, except for an error response.
func (n *Names) Add(src []byte) (more bool, err error) {
	if n.objects == nil {
		n.objects, n.exported, n.continued = make(map[string]object), make(map[string]bool), make(map[string]bool)
	}
	if bytes.HasPrefix(src, []byte{0xFE, 0xFF}) || bytes.HasPrefix(src, []byte{0xFF, 0xFE}) {
		return false, errors.New("1:1: the file is UTF-16; save it as UTF-8")
	}
	doc, _ := patchlint.Parse(src, patchlint.JSON) // reported as a fault
	add := adder{n, doc, make(map[string]bool)}
	for _, fault := range doc.Faults() {
		if fault.Severity == patchlint.Error {
			return false, add.wrong(fault.Span, "not valid JSON (%s)", fault.Rule)
		}
	}
	if err := add.text(doc.Root()); err != nil {
		return false, err
	}
	maps.Copy(n.continued, add.more)
	return anyTrue(add.more), nil
}

// adder adds the names in one document.
type adder struct {
	*Names
	doc  *patchlint.Document
	more map[string]bool // by entity set: whether its last page continues
}

func (a adder) wrong(at patchlint.Span, format string, args ...any) error {
	place := a.doc.PositionUTF16(at.Start)
	return fmt.Errorf("%d:%d: %s", place.Line, place.Column, fmt.Sprintf(format, args...))
}

// text adds the names in a document with the given root.
func (a adder) text(root patchlint.Node) error {
	switch {
	case root.Empty() && (root.Kind() == patchlint.Array || root.Kind() == patchlint.Object):
		return a.wrong(root.Span(), "this has no names; an empty export says with @odata.context what it lists")
	case root.Kind() == patchlint.Array:
		for item := range root.Children() {
			if err := a.item(item); err != nil {
				return err
			}
		}
		return nil
	case root.Kind() != patchlint.Object:
		return a.wrong(root.Span(), "expected a response of Graph, an array of objects with id and displayName, or an object with a name for each id; found %s", root.Kind())
	case member(root, "value").Kind() == patchlint.Array, member(root, "id").Exists() && member(root, "displayName").Exists():
		return a.item(root)
	case failure(root).Exists():
		return a.failed(root)
	}
	for pair := range root.Children() {
		switch name := pair.Name(); {
		case strings.HasPrefix(name, "@"), name == "$schema":
		case pair.Kind() != patchlint.String:
			return a.wrong(pair.Span(), "expected the name of an object, found %s; names come from a response that lists groups or assignment filters, or from an object with a name for each id", pair.Kind())
		case form.IsGUID(pair.Text()) && !form.IsGUID(name):
			return a.wrong(pair.Span(), "expected the name of an object, found an id; an object with names has the ids as the names of its members")
		default:
			a.put(name, "", pair)
			a.exported[""] = a.exported[""] || form.IsGUID(name)
		}
	}
	return nil
}

// item adds a response or a single object.
func (a adder) item(n patchlint.Node) error {
	set, context := "", n.Member("@odata.context").Text()
	if context != "" {
		set = contextSet(context)
	}
	list := member(n, "value")
	if list.Kind() != patchlint.Array {
		set, err := a.object(n, set)
		if context == "" { // a GET of one object exports no set
			a.exported[set] = true
		}
		return err
	}
	if context != "" || !list.Empty() { // else it does not say of what it is empty
		a.exported[set] = true
	}
	a.more[set] = n.Member("@odata.nextLink").Exists()
	for item := range list.Children() {
		if _, err := a.object(item, set); err != nil {
			return err
		}
	}
	return nil
}

// object adds an object and returns its entity set, which is set unless its @odata.type
// implies another.
func (a adder) object(n patchlint.Node, set string) (of string, err error) {
	id, name := member(n, "id"), member(n, "displayName")
	switch {
	case n.Kind() != patchlint.Object:
		return set, a.wrong(n.Span(), "expected an object with id and displayName, found %s", n.Kind())
	case (!id.Exists() || !name.Exists()) && failure(n).Exists():
		return set, a.failed(n)
	case !id.Exists() || !name.Exists():
		return set, a.wrong(n.Opening(), "this object needs both id and displayName; export it with $select=id,displayName")
	case id.Kind() != patchlint.String || id.Text() == "":
		return set, a.wrong(id.Span(), "id must be a string that is not empty")
	case name.Kind() != patchlint.String && name.Kind() != patchlint.Null:
		return set, a.wrong(name.Span(), "displayName must be a string or null, found %s", name.Kind())
	}
	if annotation := n.Member("@odata.type").Text(); annotation != "" {
		set = setOf(odata.ParseTypeName(annotation).Name)
	}
	a.put(id.Text(), set, name)
	return set, nil
}

// failure returns the code of an error response of Graph, or the zero Node.
func failure(n patchlint.Node) patchlint.Node {
	if code := n.Member("error").Member("code"); code.Kind() == patchlint.String {
		return code
	}
	return patchlint.Node{}
}

// failed returns an error that quotes an error response.
func (a adder) failed(n patchlint.Node) error {
	said := inert.Quote(failure(n).Text())
	if message := n.Member("error").Member("message").Text(); message != "" {
		said += ": " + inert.Quote(message)
	}
	return a.wrong(n.Member("error").Opening(), "this is an error response of Graph (%s), which has no names; repeat the request once its cause is fixed", secret.Mask(a.doc, said))
}

// put adds or updates an id. An empty set or name does not change an existing one.
func (a adder) put(id, set string, name patchlint.Node) {
	id = strings.ToLower(id)
	o := a.objects[id]
	if set != "" {
		o.set = set
	}
	if text := name.Text(); text != "" {
		if o.name = text; len(secret.In(a.doc, name.Span())) > 0 {
			o.name = secret.Masked
		}
	}
	a.objects[id] = o
}

// otherSet is the entity set of objects that are neither groups nor filters.
const otherSet = "other"

// contextSet returns the entity set that a context URL names (OData Protocol, 10.2).
func contextSet(context string) string {
	_, fragment, _ := strings.Cut(context, "#")
	fragment, _, _ = strings.Cut(fragment, "(")
	fragment = strings.TrimSuffix(fragment, "/$entity")
	switch set := fragment[strings.LastIndexByte(fragment, '/')+1:]; set {
	case groups, filters:
		return set
	}
	return otherSet
}

// member returns the member with the given name, ignoring case, because PowerShell
// writes Id and DisplayName.
func member(n patchlint.Node, name string) patchlint.Node {
	if exact := n.Member(name); exact.Exists() || n.Kind() != patchlint.Object {
		return exact
	}
	for m := range n.Children() {
		if strings.EqualFold(m.Name(), name) {
			return m
		}
	}
	return patchlint.Node{}
}

// unknown returns a message about a GUID that should be the id of an object in a set:
// it is in another set, or in none although the set was exported. It returns "" for an
// id that is known, or that nothing is known of.
func (n *Names) unknown(id, set string) string {
	found, ok := n.objects[strings.ToLower(id)]
	one, many := nouns(set)
	switch other, _ := nouns(found.set); {
	case ok && (found.set == "" || found.set == set):
		return ""
	case other != "":
		return fmt.Sprintf("%s is the id of %s; expected the id of %s", id, other, one)
	case !n.exported[set] && !n.exported[""]:
		return ""
	case n.continued[set] || n.continued[""]:
		return fmt.Sprintf("%s is not among the exported %s, but the export is incomplete; export every page and check again", id, many)
	}
	return fmt.Sprintf("%s is not among the exported %s; correct the id, or export them again if %s was added", id, many, one)
}
