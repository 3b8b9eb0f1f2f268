package meaning

import (
	"strings"

	"github.com/patchlint/patchlint"
)

// Misspelt reports whether a member of an object that its type does not declare must be
// meant for the property of that name: it is reported itself, and then the property is
// not missing. Declared returns what the type declares by a name, or nil.
func Misspelt[P any](object patchlint.Node, property string, declared func(name string) *P) bool {
	if Large(object) {
		return false
	}
	for member := range object.Children() {
		if name := member.Name(); declared(name) == nil && !strings.Contains(name, "@") && Nearest(name, []string{property}) != "" {
			return true
		}
	}
	return false
}

// manyMembers is more members than a payload has in one object. Those of a
// bigger one are not each held against all the others.
const manyMembers = 1000

// Large reports whether an object has more members than manyMembers, and counts
// no further.
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
