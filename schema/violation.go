package schema

import "github.com/patchlint/patchlint"

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

	into      patchlint.Node // the object that Node should be a member of, or the zero Node
	as        string         // name of the member in into; without into, of the member to wrap the parent of Node in
	certain   bool           // Suggestion is the only possible meaning
	ambiguous bool           // only the author can tell which property the member is meant for
	needed    bool           // removing the value would be a violation, too
	allowed   bool           // the service may accept the value, although it is probably a mistake
}

// explained returns the finding with its fixes.
func (v violation) explained() patchlint.Diagnostic {
	severity := patchlint.Error
	if v.Rule == unpublishedProperty || v.allowed {
		severity = patchlint.Warning
	}
	return patchlint.Diagnostic{Rule: v.Rule, Severity: severity, Span: v.Span, Message: v.Message, Suggestion: v.Suggestion, Fixes: v.fixes()}
}
