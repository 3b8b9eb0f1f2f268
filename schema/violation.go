package schema

import (
	"fmt"

	"github.com/patchlint/patchlint"
)

// Kind says how a value departs from the model. Its name is the id of the rule
// that reports it.
type Kind uint8

const (
	PayloadShape        Kind = iota + 1 // the payload is not one JSON object, or wraps it
	UnknownProperty                     // a member that the type does not declare
	VersionProperty                     // a property that only another API version has
	WrongType                           // a value of another JSON kind than the property's
	NullValue                           // null where it cannot be
	EnumValue                           // a string that is not a member of the enumeration
	DateTime                            // a string that is not an Edm.DateTimeOffset
	ODataType                           // an @odata.type that is missing, or names a type that is not allowed there
	RequiredProperty                    // an object without what makes sense of it
	GUID                                // a string that must be a GUID and is not
	StringifiedObject                   // the text of an object in place of the object
	ControlInformation                  // "@type" where only "@odata.type" is understood
	UnpublishedProperty                 // a member that the type does not declare, and that says nothing: null
)

var kindNames = [...]string{
	PayloadShape: "payload-shape", UnknownProperty: "unknown-property", VersionProperty: "version-property",
	WrongType: "wrong-type", NullValue: "null-value", EnumValue: "enum-value", DateTime: "date-time",
	ODataType: "odata-type", RequiredProperty: "required-property", GUID: "guid", StringifiedObject: "stringified-object",
	ControlInformation: "control-information", UnpublishedProperty: "unpublished-property",
}

// String returns the id of the rule that reports the kind.
func (k Kind) String() string {
	if int(k) < len(kindNames) && kindNames[k] != "" {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// Kinds lists all kinds.
func Kinds() []Kind {
	var list []Kind
	for k := PayloadShape; int(k) < len(kindNames); k++ {
		list = append(list, k)
	}
	return list
}

// Violation is one departure of a payload from the model.
type Violation struct {
	Kind Kind
	// Node is the value at fault, or the object that lacks something.
	Node patchlint.Node
	// Span is where to point: the name of a member that must not be there, the
	// opening brace of an object that lacks something, else the value.
	Span    patchlint.Span
	Message string
	// Suggestion is source text that could replace the one at Span, or "".
	Suggestion string
	// Certain says that the suggestion is the only thing that can be meant.
	Certain bool
	// Ambiguous says that several members may be meant for one property, or one member
	// for several, and that nobody but their author can tell which.
	Ambiguous bool
	// Into is the object that the member Node belongs in, and As its name there.
	// As without Into is the name of the property whose value the object around
	// Node should be.
	Into patchlint.Node
	As   string
	// Needed says that taking the value out would be a violation too.
	Needed bool
}

// Severity is the one of the violation: the service can be expected to refuse all but
// one kind.
func (v Violation) Severity() patchlint.Severity {
	if v.Kind == UnpublishedProperty {
		return patchlint.Warning
	}
	return patchlint.Error
}

// Diagnostic returns the violation under its rule, without fixes.
func (v Violation) Diagnostic() patchlint.Diagnostic {
	return patchlint.Diagnostic{
		Rule: v.Kind.String(), Severity: v.Severity(),
		Pointer: v.Node.Pointer(), Span: v.Span, Message: v.Message, Suggestion: v.Suggestion,
	}
}
