package schema

import (
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/inert"
)

// dumped reports an object that is not a payload but a dump of an in-memory object of
// PowerShell or a Graph SDK: once, instead of every unknown name in it. It returns false
// for any other object.
func (w *walker) dumped(n patchlint.Node, t *Type) bool {
	powershell, sdk, declared := false, false, false
	pascal := 0 // the number of property names with a capital initial
	for member := range n.Children() {
		name := member.NameBytes()
		known := t.PropertyOf(member) != nil
		declared = declared || known
		switch string(name) {
		case "AdditionalProperties":
			powershell = powershell || !known
		case "additionalProperties": // AdditionalProperties after a conversion to camel case
			powershell = powershell || !known && member.Member("@odata.type").Exists()
		case "BackingStore", "backingStore", "AdditionalData", "additionalData", "OdataType", "ODataType":
			sdk = sdk || !known
		default:
			if len(name) > 0 && 'A' <= name[0] && name[0] <= 'Z' && t.Property(strings.ToLower(string(name[:1]))+string(name[1:])) != nil {
				pascal++
			}
		}
	}
	v := violation{Rule: payloadShape, Node: n, Span: n.Opening()}
	switch {
	case sdk:
		v.Message = "this is a Graph SDK object as a general JSON serializer prints it, not a payload; use the SDK's own serializer, or save the response of the request"
	case powershell, pascal >= manyPascal && !declared:
		v.Message = "this is the output of Get-Mg... | ConvertTo-Json, not a payload; get the object with Invoke-MgGraphRequest -OutputType Json"
	default:
		return false
	}
	w.refuse(v)
	return true
}

// manyPascal is the number of capitalized property names that makes an object a dump if
// it has no correct property name.
const manyPascal = 3

// inText refuses a string that contains an array or object, as printed text or as JSON.
// It returns false for any other value.
func (w *walker) inText(n patchlint.Node, kind patchlint.Kind) bool {
	if n.Kind() == patchlint.String && form.Printed(n.Text()) {
		w.refuseValue(n, stringifiedObject, "%s is printed text; expected %s; raise the depth (ConvertTo-Json -Depth 10)", inert.Quote(n.Text()), kind)
		return true
	}
	inner, ok := form.Encoded(n)
	if !ok {
		return false
	}
	v := wrong(n, stringifiedObject, "the string contains JSON that was encoded twice; expected %s", kind)
	if inner.Root().Kind() == kind {
		v.Suggestion, v.certain = string(inner.Source()), !inner.Root().Empty() // [] empties a collection
	}
	w.refuse(v)
	return true
}
