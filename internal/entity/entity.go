// Package entity finds the objects in a saved response of Microsoft Graph, and identifies
// them by the key of their type, which is the id for most types. It detects documents that
// are not such a response.
package entity

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

// In returns the objects in a saved response: the root, the object in its "value", the
// elements of a list, or the objects in each body of a $batch response. several reports
// whether the response has a form that can contain more than one.
func In(root patchlint.Node) (list []patchlint.Node, several bool) {
	if responses := root.Member("responses"); responses.Kind() == patchlint.Array {
		for response := range responses.Children() {
			if body := response.Member("body"); body.Exists() {
				inside, _ := In(body)
				list = append(list, inside...)
			}
		}
		return list, true
	}
	n := Unwrap(root, nil)
	if n.Kind() == patchlint.Array {
		return slices.Collect(n.Children()), true
	}
	return []patchlint.Node{n}, false
}

// Unwrap returns the object or array in the "value" of a response. It returns the root if
// the root has no such value, or is itself an object. Without t, a root with an id is an
// object. With t, it is one if it has another property of t and t declares "value" as a
// property or navigation property, or if "value" is a property of t and not a list of
// objects, unless t declares it as one.
func Unwrap(root patchlint.Node, t *schema.Type) patchlint.Node {
	value := root.Member("value")
	if value.Kind() != patchlint.Object && value.Kind() != patchlint.Array {
		return root
	}
	itself := root.Member("id").Exists()
	if t != nil {
		property, others := t.Property("value"), declares(t, root, value)
		list := value.Kind() == patchlint.Array && value.Document().Find(value.Pointer()+"/0").Kind() == patchlint.Object
		declared := property != nil && property.Collection && property.Type.Structured()
		itself = property != nil && (!list || declared) || (property != nil || t.NavigationProperty("value") != nil) && others
	}
	if itself {
		return root
	}
	return value
}

// Unfit returns the reason why an object cannot be one that the service returned, or nil.
// If t is nil, it detects only error bodies and removed objects.
func Unfit(object patchlint.Node, t *schema.Type) *patchlint.Diagnostic {
	if object.Kind() != patchlint.Object {
		text := strings.TrimSpace(object.Text())
		if strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") {
			return fault(object, object.Span(), "this is a string that contains JSON, which was encoded twice; save the response as it was received")
		}
		return fault(object, object.Opening(), "this is %s; expected an object as returned by a GET", object.Kind())
	}
	if removed := object.Member("@removed"); removed.Exists() {
		return fault(removed, removed.Key(), `"@removed" means that this object was deleted or has left the list, so it cannot be updated`)
	}
	foreign := t == nil || !Declares(t, object)
	if e := object.Member("error"); e.Kind() == patchlint.Object && foreign {
		return fault(e, e.Opening(), "this is an error response from Graph (%s), not an object; fix the cause and repeat the request", inert.Quote(e.Member("code").Text()))
	}
	if t == nil {
		return nil
	}
	if d := Printed(object, t); d != nil {
		return d
	}
	for _, name := range Key(t) {
		p, key := t.Property(name), object.Member(name)
		if p != nil && p.Type.Name == "Edm.String" && key.Exists() && key.Kind() != patchlint.String {
			return fault(key, key.Span(), "%s is %s; the service returns a string", inert.Quote(name), key.Kind())
		}
	}
	if foreign && object.Member("@odata.context").Exists() { // then a dynamic property suffices
		for member := range object.Children() {
			foreign = foreign && t.Model.AnyPropertyOf(t, member) == nil
		}
	}
	switch typed := object.Member("@odata.type").Exists(); {
	case object.Empty():
		return fault(object, object.Opening(), "this object is empty; a GET returns at least %s", cmp.Or(KeyNames(t), "a property"))
	case foreign && (!typed || t.Entity):
		return fault(object, object.Opening(), "this object has no properties of %s; expected an object as returned by a GET", t.Short())
	}
	return nil
}

// Printed returns a finding about the first member of an object that is a property in
// another spelling, as PowerShell, .NET and Python print objects, or nil. Without the finding,
// such a property would count as empty.
func Printed(object patchlint.Node, t *schema.Type) *patchlint.Diagnostic {
	for member := range object.Children() {
		if t.PropertyOf(member) != nil || bytes.IndexByte(member.NameBytes(), '@') >= 0 {
			continue
		}
		name := member.Name()
		plain := strings.ReplaceAll(name, "_", "")
		meant := ""
		if strings.EqualFold(plain, "odataType") {
			meant = "@odata.type"
		}
		for _, p := range t.Properties {
			if strings.EqualFold(plain, p.Name) {
				meant = p.Name
			}
		}
		if t.Open && object.Member(meant).Exists() {
			continue // an open type may have both names
		}
		if meant != "" {
			return fault(member, member.Key(),
				"%s is another spelling of %s, so PowerShell or an SDK printed this object; save the response as it was received, for example with Invoke-MgGraphRequest -OutputType Json",
				inert.Quote(name), inert.Quote(meant))
		}
	}
	return nil
}

// fault returns an error about the value at, with the given span.
func fault(at patchlint.Node, span patchlint.Span, format string, args ...any) *patchlint.Diagnostic {
	return &patchlint.Diagnostic{Rule: "payload-shape", Severity: patchlint.Error, Pointer: at.Pointer(), Span: span, Message: fmt.Sprintf(format, args...)}
}

// Declares reports whether a type declares any member of an object.
func Declares(t *schema.Type, object patchlint.Node) bool {
	return declares(t, object, patchlint.Node{})
}

// declares reports whether a type declares any member of an object except one.
func declares(t *schema.Type, object, except patchlint.Node) bool {
	for member := range object.Children() {
		if member != except && t.PropertyOf(member) != nil {
			return true
		}
	}
	return false
}

// ETag returns the @odata.etag of an object for the header If-Match. It returns "" if
// the object lacks it or if it cannot be sent safely, because it contains characters
// other than printable ASCII (RFC 9110, 8.8.3), "{{", which is a variable in .http
// files, or a command to a terminal or build service.
func ETag(object patchlint.Node) string {
	etag := object.Member("@odata.etag").Text()
	if strings.Contains(etag, "{{") || inert.Show(etag) != etag || strings.TrimSpace(etag) != etag || strings.ContainsFunc(etag, func(r rune) bool { return r < ' ' || r > '~' }) {
		return ""
	}
	return etag
}
