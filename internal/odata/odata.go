// Package odata reads the control information of OData JSON that needs no model.
package odata

import (
	"bytes"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/lazy"
)

// TypeOf returns the @odata.type of an object, the last one if there are several. In a
// document whose only fault, if any, is one of syntax, no name occurs twice, so it stops at
// the first, which is usually the first member.
func TypeOf(object patchlint.Node) (annotation patchlint.Node) {
	for member := range object.Children() {
		if string(member.NameBytes()) == "@odata.type" {
			annotation = member
			if faults := object.Document().Faults(); len(faults) == 0 || len(faults) == 1 && faults[0].Rule == "json-syntax" {
				break
			}
		}
	}
	return annotation
}

// AnyCase returns the member of an object with a name, or else the first one whose name differs
// only in case, as PowerShell and .NET write names. It returns the zero Node without one.
func AnyCase(object patchlint.Node, name string) patchlint.Node {
	if exact := object.Member(name); exact.Exists() {
		return exact
	}
	for member := range object.Children() {
		if strings.EqualFold(member.Name(), name) {
			return member
		}
	}
	return patchlint.Node{}
}

// ResponseTerms lists the control information of OData JSON Format, 4.5, that only makes
// sense in a response, without "@odata.".
var ResponseTerms = []string{
	"context", "metadataEtag", "etag", "id", "editLink", "readLink", "navigationLink", "associationLink",
	"nextLink", "deltaLink", "count", "mediaEditLink", "mediaReadLink", "mediaContentType", "mediaEtag",
}

// OfResponse returns the first member of an object that is control information of a
// response, or the zero Node.
func OfResponse(object patchlint.Node) patchlint.Node {
	for member := range object.Children() {
		if term, ok := bytes.CutPrefix(member.NameBytes(), []byte("@odata.")); ok && slices.Contains(ResponseTerms, string(term)) {
			return member
		}
	}
	return patchlint.Node{}
}

// TypeName is a parsed @odata.type.
type TypeName struct {
	Name      string // the name without namespace
	Namespace string // as written
	Absolute  bool   // whether there is a URL before "#"
	Fragment  bool   // whether there is a "#"
}

// ParseTypeName parses an @odata.type (OData JSON Format, 4.5.3).
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

// StatedType returns the name in a "property@odata.type", without the namespace of the
// primitive types, and whether it names a collection (OData JSON Format, 4.5.3).
func StatedType(text string) (name string, collection bool) {
	name, collection = strings.CutPrefix(strings.TrimPrefix(text, "#"), "Collection(")
	if closed, ok := strings.CutSuffix(name, ")"); collection && ok {
		name = closed
	}
	return strings.TrimPrefix(name, "Edm."), collection
}

// SameStated reports whether two texts of a "property@odata.type" state the same type.
func SameStated(a, b string) bool {
	name, collection := StatedType(a)
	other, many := StatedType(b)
	return name == other && collection == many
}

// Advertises reports whether a member advertises a function or action of its object or of
// a collection in it, as responses do (OData JSON Format 4.01, 16 and 17).
func Advertises(member patchlint.Node) bool {
	kind := member.Kind()
	return (kind == patchlint.Object || kind == patchlint.Array) && advertised.Get().MatchString(member.Name())
}

// AdvertisedName matches the name of a member that advertises an operation: the name of a
// collection, if any, and the qualified name of the operation, perhaps with the names of
// its parameters.
const AdvertisedName = `^[A-Za-z0-9_]*#[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)+(?:\([^()]*\))?$`

var advertised = lazy.Regexp(AdvertisedName)
