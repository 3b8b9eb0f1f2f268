package schema

import (
	"fmt"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/inert"
)

// The patterns of GUIDs. Other patterns in the metadata are ignored, because each would
// need a rule that explains it.
const (
	guidPattern         = `^[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}$`
	optionalGUIDPattern = `^(?:[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12})?$`
)

// guid checks that a string is a GUID. If it is not, the violation explains why.
func (w *walker) guid(n patchlint.Node, p *Property) bool {
	if plain := n.TextBytes(); form.IsGUID(plain) || p.Optional && len(plain) == 0 {
		return true
	}
	text := n.Text()
	quoted, name := inert.Quote(text), inert.Quote(p.Name)
	v := wrong(n, notGUID, "%s is not a GUID, as %s must be: 8-4-4-4-12 hexadecimal digits", quoted, name)
	meant, certain, stray := form.MeantGUID(text)
	switch first, second, pair := strings.Cut(text, "_"); {
	case text == "":
		v.Message = fmt.Sprintf("%s is empty; use the real id, a GUID", name)
	case meant != "" && stray != "":
		v.Suggestion, v.certain = fixes.Quote(meant), certain
		v.Message = fmt.Sprintf("%s contains %s, which is not part of a GUID; write %s", quoted, stray, v.Suggestion)
	case meant != "":
		v.Suggestion, v.certain = fixes.Quote(meant), certain
		v.Message = fmt.Sprintf("%s is not a GUID in the form that OData requires; write %s", quoted, v.Suggestion)
	case pair && form.IsGUID(first) && form.IsGUID(second):
		v.Message = fmt.Sprintf("%s is the id of an assignment, two GUIDs joined; %s takes one GUID", quoted, name)
	case form.Placeholder(text):
		v.Message = unfilled(n, p, "a GUID")
	case stray != "":
		v.Message = fmt.Sprintf("%s is not a GUID: %s is not a hexadecimal digit", quoted, stray)
	case p.Optional && (strings.EqualFold(text, "null") || strings.EqualFold(text, "none")):
		v.Message = fmt.Sprintf("%s is text, not a GUID; to use no filter, leave %s out or write null", quoted, name)
		v.Suggestion = "null"
	case p.Name == "groupId":
		v.Message = fmt.Sprintf("%s is not a GUID; groupId takes the object id of the Entra group, not its name", quoted)
	}
	return w.refuse(v)
}
