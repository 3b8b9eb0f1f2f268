package schema

import (
	"github.com/patchlint/patchlint"
)

// The ids of the rules that present violations.
const (
	payloadShape        = "payload-shape"        // the payload is not one JSON object, or wraps it
	unknownProperty     = "unknown-property"     // a member that the type does not declare
	versionProperty     = "version-property"     // a property that only another API version has
	wrongType           = "wrong-type"           // a value of another JSON kind than the property's
	nullValue           = "null-value"           // null where it cannot be
	enumValue           = "enum-value"           // a string that is not a member of the enumeration
	dateTime            = "date-time"            // a string that is not an Edm.DateTimeOffset
	odataType           = "odata-type"           // an @odata.type that is missing, or names a type that is not allowed there
	requiredProperty    = "required-property"    // an object without what makes sense of it
	notGUID             = "guid"                 // a string that must be a GUID and is not
	stringifiedObject   = "stringified-object"   // the text of an object in place of the object
	controlInformation  = "control-information"  // "@type" where only "@odata.type" is understood
	unpublishedProperty = "unpublished-property" // a member that the type does not declare, and that says nothing: null
)

// Violation is one departure of a payload from the model.
type Violation struct {
	// Rule is the id of the rule that presents violations of this kind, such as
	// "wrong-type".
	Rule string
	// Node is the value at fault, or the object that lacks something.
	Node patchlint.Node
	// Span is where to point: the name of a member that must not be there, the
	// opening brace of an object that lacks something, else the value.
	Span    patchlint.Span
	Message string
	// Suggestion is source text that could replace the one at Span, or "".
	Suggestion string
	// Into is the object that the member Node belongs in, the zero Node where it is in
	// the right one.
	Into patchlint.Node

	as        string // the name of the member in Into; without Into, of what the object around Node should be in
	certain   bool   // the suggestion is the only thing that can be meant
	ambiguous bool   // nobody but the author can tell which members are meant for which properties
	needed    bool   // taking the value out would be a violation, too
	allowed   bool   // the service may take the value all the same, though it is likely not what was meant
}

// Severity is the one of the violation: an error where the service can be expected to
// refuse it.
func (v Violation) Severity() patchlint.Severity {
	if v.Rule == unpublishedProperty || v.allowed {
		return patchlint.Warning
	}
	return patchlint.Error
}

// Diagnostic returns the violation under its rule, without fixes.
func (v Violation) Diagnostic() patchlint.Diagnostic {
	return patchlint.Diagnostic{
		Rule: v.Rule, Severity: v.Severity(),
		Pointer: v.Node.Pointer(), Span: v.Span, Message: v.Message, Suggestion: v.Suggestion,
	}
}
