// Package odata reads the control information in OData's JSON, as far as that needs no
// model.
package odata

import (
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/lazy"
)

// TypeOf returns the @odata.type of an object. Most write it first, and in a text
// without faults no name occurs twice.
func TypeOf(object patchlint.Node) (annotation patchlint.Node) {
	for member := range object.Children() {
		if member.NameIs("@odata.type") {
			if annotation = member; len(object.Document().Faults()) == 0 {
				break
			}
		}
	}
	return annotation
}

// ContextOf returns the @odata.context of an object, or else of the response that it is
// in: the body of a $batch response has its own. Without one it is the zero Node.
func ContextOf(object patchlint.Node) (annotation patchlint.Node) {
	for n := object; n.Exists() && !annotation.Exists(); n = n.Parent() {
		annotation = n.Member("@odata.context")
	}
	return annotation
}

// TypeName is an @odata.type value taken apart.
type TypeName struct {
	// Name is what is left without "#", URL and namespace.
	Name string
	// Namespace is the part before Name without its dot, as written.
	Namespace string
	// Absolute says that a URL was before the fragment, Fragment that "#"
	// did.
	Absolute, Fragment bool
}

// ParseTypeName takes an @odata.type value apart (OData JSON Format, 4.5.3).
func ParseTypeName(text string) TypeName {
	var n TypeName
	if before, after, ok := strings.Cut(text, "#"); ok {
		n.Absolute, n.Fragment = before != "", true
		text = after
	}
	if i := strings.LastIndexByte(text, '.'); i >= 0 {
		n.Namespace, text = text[:i], text[i+1:]
	}
	n.Name = text
	return n
}

// Advertises reports whether a member advertises a function or action, as a response
// does for the object that has it or for one of its collections (OData JSON Format
// 4.01, 16 and 17).
func Advertises(member patchlint.Node) bool {
	kind := member.Kind()
	return (kind == patchlint.Object || kind == patchlint.Array) && advertised.Get().MatchString(member.Name())
}

// AdvertisedName matches the name of such a member: the name of a collection, if any, and
// the qualified name of the operation, which may have the names of parameters.
const AdvertisedName = `^[A-Za-z0-9_]*#[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)+(?:\([^()]*\))?$`

var advertised = lazy.Regexp(AdvertisedName)
