package schema

import (
	"fmt"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
)

// The ids of the rules that report violations.
const (
	payloadShape        = "payload-shape"        // the payload is not one JSON object, or wraps it
	unknownProperty     = "unknown-property"     // a member that the type does not declare
	versionProperty     = "version-property"     // a property that only another API version has
	wrongType           = "wrong-type"           // a value of a JSON kind that the property does not allow
	nullValue           = "null-value"           // null where it is not allowed
	enumValue           = "enum-value"           // a string that is not a member of the enumeration
	dateTime            = "date-time"            // a string that is not an Edm.DateTimeOffset
	odataType           = "odata-type"           // an @odata.type that is missing, or names a type that is not allowed there
	requiredProperty    = "required-property"    // an object without a required property
	notGUID             = "guid"                 // a string that must be a GUID but is not
	stringifiedObject   = "stringified-object"   // the text of an object in place of the object
	controlInformation  = "control-information"  // "@type" where only "@odata.type" is understood
	unpublishedProperty = "unpublished-property" // a member with null that the type does not declare
)

// violation is a mismatch between a payload and the model while the walk explains it.
type violation struct {
	Rule       string
	Node       patchlint.Node // the value at fault, or the object that lacks a member
	Span       patchlint.Span
	Message    string
	Suggestion string

	certain   bool            // Suggestion is the only possible meaning
	ambiguous bool            // only the author can tell which property the member is meant for
	allowed   bool            // the service may accept the value, although it is probably a mistake
	fixes     []patchlint.Fix // in place of those that explained finds
}

// wrong returns the violation of a rule by the value n.
func wrong(n patchlint.Node, rule, format string, args ...any) violation {
	return violation{Rule: rule, Node: n, Span: n.Span(), Message: fmt.Sprintf(format, args...)}
}

// explained returns the finding. Its fix applies the suggestion, or removes a member that
// nobody can have meant for another.
func (v violation) explained() patchlint.Diagnostic {
	d := patchlint.Diagnostic{Rule: v.Rule, Severity: patchlint.Error, Span: v.Span, Message: v.Message, Suggestion: v.Suggestion, Fixes: v.fixes}
	if v.Rule == unpublishedProperty || v.allowed {
		d.Severity = patchlint.Warning
	}
	switch {
	case v.fixes != nil:
	case v.Rule == unpublishedProperty, v.Rule == unknownProperty && v.Suggestion == "" && !v.ambiguous:
		d.Fixes = []patchlint.Fix{fixes.Remove(v.Node, false)}
	case v.Suggestion != "":
		d.Fixes = []patchlint.Fix{fixes.Replace(v.Span, v.Suggestion, v.certain)}
	}
	return d
}
