package validate

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/charset"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/secret"
)

// Names maps ids in payloads to display names: those of groups, assignment filters and
// collections of Configuration Manager. A nil *Names is empty. Names is safe for
// concurrent use as long as Add is not called.
type Names struct {
	objects   map[string]object   // by id in lower case
	exported  map[*entitySet]bool // entity sets that were added; nil means any set
	continued map[*entitySet]bool // entity sets with a missing page
}

// object is the name of an object, which may be "", and its entity set, which may be nil.
type object struct {
	name string
	set  *entitySet
}

// entitySet is an entity set that unknown-id distinguishes: its name and the type of its
// objects, and the words for one of them and for several.
type entitySet struct{ name, of, one, many string }

var (
	groups  = &entitySet{"groups", "group", "a group", "groups"}
	filters = &entitySet{"assignmentFilters", "deviceAndAppManagementAssignmentFilter", "an assignment filter", "assignment filters"}
	others  = new(entitySet)
)

// setOf returns the entity set with a name, or with objects of a type with that name.
func setOf(name string) *entitySet {
	for _, set := range []*entitySet{groups, filters} {
		if name == set.name || name == set.of {
			return set
		}
	}
	return others
}

// Of returns the name of the object with the given id, or "" if it is unknown.
func (n *Names) Of(id string) string {
	if n == nil {
		return ""
	}
	return n.objects[strings.ToLower(id)].name
}

// Continued reports whether an added response continues on a page that was not added.
func (n *Names) Continued() bool { return n != nil && anyTrue(n.continued) }

func anyTrue(sets map[*entitySet]bool) bool {
	return slices.Contains(slices.Collect(maps.Values(sets)), true)
}

// Add adds the names in a JSON text: a saved response that lists objects with id and
// displayName, an array of such objects or responses, or an object that maps ids to
// names. more reports whether the last response in the text continues on another page,
// which must be added next. An error message starts with "line:column: ". It does not
// quote the text, which may come from the wrong file, except for an error response.
func (n *Names) Add(src []byte) (more bool, err error) {
	if n.objects == nil {
		n.objects, n.exported, n.continued = make(map[string]object), make(map[*entitySet]bool), make(map[*entitySet]bool)
	}
	if name := charset.Of(src); name != "" {
		return false, fmt.Errorf("1:1: the file is %s; save it as UTF-8", name)
	}
	doc, _ := patchlint.Parse(src, patchlint.JSON) // reported as a fault
	add := adder{n, doc, make(map[*entitySet]bool)}
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
	more map[*entitySet]bool // whether the last page of an entity set continues
}

func (a adder) wrong(at patchlint.Span, format string, args ...any) error {
	line, column := a.doc.PositionUTF16(at.Start)
	return fmt.Errorf("%d:%d: %s", line, column, fmt.Sprintf(format, args...))
}

// text adds the names in a document with the given root.
func (a adder) text(root patchlint.Node) error {
	switch {
	case root.Empty() && (root.Kind() == patchlint.Array || root.Kind() == patchlint.Object):
		return a.wrong(root.Span(), "no names found; an empty export needs an @odata.context that shows what it lists")
	case root.Kind() == patchlint.Array:
		for item := range root.Children() {
			if err := a.item(item); err != nil {
				return err
			}
		}
		return nil
	case root.Kind() != patchlint.Object:
		return a.wrong(root.Span(), "expected a Graph response, an array of objects with id and displayName, or an object with a name for each id; found %s", root.Kind())
	case odata.AnyCase(root, "value").Kind() == patchlint.Array, odata.AnyCase(root, "id").Exists() && odata.AnyCase(root, "displayName").Exists():
		return a.item(root)
	}
	if err := a.failed(root); err != nil {
		return err
	}
	for pair := range root.Children() {
		switch name := pair.Name(); {
		case strings.HasPrefix(name, "@"), name == "$schema":
		case pair.Kind() != patchlint.String:
			return a.wrong(pair.Span(), "expected the name of an object, found %s; names come from a response that lists groups or assignment filters, or from an object with a name for each id", pair.Kind())
		case form.IsGUID(pair.Text()) && !form.IsGUID(name):
			return a.wrong(pair.Span(), "expected the name of an object, found an id; write each id as the name of a member, with the name of the object as its value")
		default:
			a.put(name, nil, pair)
			a.exported[nil] = a.exported[nil] || form.IsGUID(name)
		}
	}
	return nil
}

// item adds a response or a single object.
func (a adder) item(n patchlint.Node) error {
	var set *entitySet
	context := n.Member("@odata.context").Text()
	of := odata.ParseContext(context)
	if context != "" {
		name, _ := of.Names()
		set = setOf(name)
	}
	list := odata.AnyCase(n, "value")
	if list.Kind() != patchlint.Array {
		set, err := a.object(n, set)
		if context == "" { // a GET of one object exports no set
			a.exported[set] = true
		}
		return err
	}
	if !of.Delta && (context != "" || !list.Empty()) { // otherwise it shows only changes, or is empty and does not show what it lists
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
func (a adder) object(n patchlint.Node, set *entitySet) (of *entitySet, err error) {
	id, name := odata.AnyCase(n, "id"), odata.AnyCase(n, "displayName")
	switch {
	case n.Kind() != patchlint.Object:
		return set, a.wrong(n.Span(), "expected an object with id and displayName, found %s", n.Kind())
	case !id.Exists() || !name.Exists():
		if err := a.failed(n); err != nil {
			return set, err
		}
		return set, a.wrong(n.Span(), "this object needs both id and displayName; export it with $select=id,displayName")
	case id.Kind() != patchlint.String || id.Text() == "":
		return set, a.wrong(id.Span(), "id must be a non-empty string")
	case name.Kind() != patchlint.String && name.Kind() != patchlint.Null:
		return set, a.wrong(name.Span(), "displayName must be a string or null, found %s", name.Kind())
	}
	if annotation := n.Member("@odata.type").Text(); annotation != "" {
		set = setOf(odata.ParseTypeName(annotation).Name)
	}
	a.put(id.Text(), set, name)
	return set, nil
}

// failed returns an error that quotes an error response from Graph, or nil for any other object.
func (a adder) failed(n patchlint.Node) error {
	failure := n.Member("error")
	code := failure.Member("code")
	if code.Kind() != patchlint.String {
		return nil
	}
	said := inert.Quote(code.Text())
	if message := failure.Member("message").Text(); message != "" {
		said += ": " + inert.Quote(message)
	}
	return a.wrong(failure.Span(), "this is an error response from Graph (%s) and has no names; fix the cause and repeat the request", secret.Mask(a.doc, said))
}

// put adds or updates an id. A nil set or an empty name does not change an existing one.
func (a adder) put(id string, set *entitySet, name patchlint.Node) {
	id = strings.ToLower(id)
	o := a.objects[id]
	o.set = cmp.Or(set, o.set)
	if text := name.Text(); text != "" {
		if o.name = text; len(secret.In(a.doc, name.Span())) > 0 {
			o.name = secret.Masked
		}
	}
	a.objects[id] = o
}

// unknown returns a message about a GUID that should be the id of an object in a set:
// it is in another set, or in none although the set was exported. It returns "" for an
// id that is known, or about which nothing is known.
func (n *Names) unknown(id string, set *entitySet) string {
	found, ok := n.objects[strings.ToLower(id)]
	switch {
	case ok && (found.set == nil || found.set == set):
		return ""
	case ok && found.set != others:
		return fmt.Sprintf("%s is the id of %s; expected the id of %s", id, found.set.one, set.one)
	case !n.exported[set] && !n.exported[nil]:
		return ""
	case n.continued[set] || n.continued[nil]:
		return fmt.Sprintf("%s is not among the exported %s, but the export is incomplete; export every page and check again", id, set.many)
	}
	return fmt.Sprintf("%s is not among the exported %s; correct the id, or export them again if %s was added", id, set.many, set.one)
}
