package spelling

import (
	"strings"

	"github.com/patchlint/patchlint"
)

// Misspelled reports whether an undeclared member of an object is most likely a misspelling
// of the property. The member is reported, so the property is not reported as missing.
// declared returns the property of the type with a name, or nil.
func Misspelled[P any](object patchlint.Node, property string, declared func(name string) *P) bool {
	if Large(object) {
		return false
	}
	for member := range object.Children() {
		if name := member.Name(); declared(name) == nil && !strings.Contains(name, "@") && Misspells(name, property) {
			return true
		}
	}
	return false
}

// manyMembers is more members than an object of a payload has. Comparing each of them with
// all others would take too long.
const manyMembers = 1000

// Large reports whether an object has more than manyMembers members. It stops counting
// there.
func Large(object patchlint.Node) bool {
	const shortest = len(`"":0,`)
	if object.Span().Len() < manyMembers*shortest {
		return false
	}
	members := 0
	for range object.Children() {
		if members++; members > manyMembers {
			return true
		}
	}
	return false
}
