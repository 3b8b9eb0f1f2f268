// Package csdl parses OData CSDL XML (OASIS, version 4.01): types, properties, the entity
// container, and annotations. Names are kept as written and not resolved. The field At is
// the offset of an element's start tag.
package csdl

import "fmt"

// Document is a CSDL document.
type Document struct {
	Schemas []*Schema
	Outside []Target // the annotations outside the elements that they apply to

	source string
}

// Fault returns an *Error at an offset of the document.
func (d *Document) Fault(at int, format string, args ...any) error {
	return errorAt(d.source, at, fmt.Errorf(format, args...))
}

// Target is an edm:Annotations: annotations of the element that Target names.
type Target struct {
	Target      string
	Annotations Annotations
}

// Schema is an edm:Schema. Roots are the entity sets, whose type is a collection, and the
// singletons in its container.
type Schema struct {
	Namespace       string
	Alias           string
	Types           []*Structured
	EnumTypes       []EnumType
	TypeDefinitions []Named // with the underlying type
	Operations      []Operation
	Roots           []Named
	Annotations     Annotations
}

// Named is an element with a name and a type.
type Named struct {
	Name, Type string
	At         int
}

// Operation is an edm:Action or edm:Function. Binding is the type that it is bound to, or
// "". Returns is the type that a composable function returns, or "": more segments of a
// path may follow such a function.
type Operation struct{ Name, Binding, Returns string }

// EnumType is an edm:EnumType.
type EnumType struct {
	Name        string
	IsFlags     bool
	Members     []Member
	Annotations Annotations
	At          int
}

// Member is a member of an enumeration.
type Member struct {
	Name        string
	Value       int64
	Annotations Annotations
}

// Structured is an edm:EntityType or edm:ComplexType.
type Structured struct {
	Name        string
	Entity      bool
	BaseType    string
	Abstract    bool
	OpenType    bool
	Key         []string
	Properties  []Property
	Annotations Annotations
	At          int
}

// Property is an edm:Property or edm:NavigationProperty.
type Property struct {
	Name           string
	Type           string
	NotNull        bool // whether Nullable is false
	Default        string
	Navigation     bool
	ContainsTarget bool
	Annotations    Annotations
	At             int
}

// Annotations are the annotations of a model element, or the properties of a record.
type Annotations []Annotation

// Annotation is a term of a vocabulary, or a property of a record, with its value.
type Annotation struct {
	Term string
	Expression
}

// Expression is a constant, a collection or a record. Text is the constant as written.
type Expression struct {
	Text   string
	Items  []Expression
	Record Annotations
}

// Find returns the value of a term, if it is present.
func (a Annotations) Find(term string) (Expression, bool) {
	for _, annotation := range a {
		if annotation.Term == term {
			return annotation.Expression, true
		}
	}
	return Expression{}, false
}

// Text returns the constant value of a term, or "" if it is absent.
func (a Annotations) Text(term string) string {
	e, _ := a.Find(term)
	return e.Text
}

// True reports whether a tagging term is present and not false. Its default is true.
func (a Annotations) True(term string) bool {
	e, ok := a.Find(term)
	return ok && e.Text != "false"
}

// Property returns the value of a property of a record.
func (e Expression) Property(name string) Expression {
	value, _ := e.Record.Find(name)
	return value
}
