package schema

import (
	"github.com/patchlint/patchlint"
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

// Violation is a mismatch between a payload and the model.
type Violation struct {
	// Rule is the id of the rule that reports violations of this kind, such as
	// "wrong-type".
	Rule string
	// Node is the value at fault, or the object that lacks a member.
	Node patchlint.Node
	// Span is the part of the source to highlight: the name of an unexpected member,
	// the opening brace of an object that lacks a member, or the value.
	Span    patchlint.Span
	Message string
	// Suggestion is source text that could replace the text at Span, or "".
	Suggestion string
	// Into is the object that Node should be a member of, or the zero Node if Node is
	// not misplaced.
	Into patchlint.Node

	as        string // name of the member in Into; without Into, of the member to wrap the parent of Node in
	certain   bool   // Suggestion is the only possible meaning
	ambiguous bool   // only the author can tell which property the member is meant for
	needed    bool   // removing the value would be a violation, too
	allowed   bool   // the service may accept the value, although it is probably a mistake
}

// Severity returns Error if the service is expected to refuse the payload, else Warning.
func (v Violation) Severity() patchlint.Severity {
	if v.Rule == unpublishedProperty || v.allowed {
		return patchlint.Warning
	}
	return patchlint.Error
}

// Diagnostic returns the violation as a finding without fixes.
func (v Violation) Diagnostic() patchlint.Diagnostic {
	return patchlint.Diagnostic{
		Rule: v.Rule, Severity: v.Severity(),
		Pointer: v.Node.Pointer(), Span: v.Span, Message: v.Message, Suggestion: v.Suggestion,
	}
}
