// Package csdl reads OData CSDL XML (OASIS, version 4.01) into plain values:
// types, properties, the entity container, and annotations. It resolves
// nothing; names stay as they are written. At is the offset of an element's tag.
package csdl

import "fmt"

// Document is a CSDL document: its schemas, and the annotations
// outside of the element they are about.
type Document struct {
	Schemas []*Schema
	Outside []Target

	source string
}

// Fault returns an *Error about what is at an offset of the document.
func (d *Document) Fault(at int, format string, args ...any) error {
	return errorAt(d.source, at, fmt.Errorf(format, args...))
}

// Target is an edm:Annotations: annotations of the element that Target names,
// as it is written.
type Target struct {
	Target      string
	Annotations Annotations
}

// Schema is an edm:Schema. Roots are what the entity container in it has.
type Schema struct {
	Namespace       string
	Alias           string
	Types           []Structured
	EnumTypes       []EnumType
	TypeDefinitions []TypeDefinition
	Operations      []Operation
	Roots           []Root
	Annotations     Annotations
}

// TypeDefinition is an edm:TypeDefinition.
type TypeDefinition struct {
	Name, UnderlyingType string
	At                   int
}

// Operation is an edm:Action or edm:Function. Binding is the type that it is
// bound to, "" for an unbound one.
type Operation struct{ Name, Binding string }

// Root is an edm:EntitySet, whose type is a collection, or an edm:Singleton.
type Root struct {
	Name, Type string
	At         int
}

// EnumType is an edm:EnumType.
type EnumType struct {
	Name        string
	IsFlags     bool
	Members     []Member
	Annotations Annotations
	At          int
}

// Member is one member of an enumeration with its number.
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
	NotNull        bool // Nullable says false
	Default        string
	Navigation     bool
	ContainsTarget bool
	Annotations    Annotations
	At             int
}

// Annotations are the annotations of one model element, or the properties of a record.
type Annotations []Annotation

// Annotation is a vocabulary term, or the property of a record, with its value.
type Annotation struct {
	Term string
	Expression
}

// Expression is a value: a constant, a collection or a record. Text is a constant of
// any type as it is written; of the others it is "".
type Expression struct {
	Text   string
	Items  []Expression
	Record Annotations
}

// Find returns the value of a term, and whether it is there.
func (a Annotations) Find(term string) (Expression, bool) {
	for _, annotation := range a {
		if annotation.Term == term {
			return annotation.Expression, true
		}
	}
	return Expression{}, false
}

// Text returns the constant of a term, "" where it is absent.
func (a Annotations) Text(term string) string {
	e, _ := a.Find(term)
	return e.Text
}

// True reports whether a term is there and not false: the terms asked for are
// tagging terms, whose default is true.
func (a Annotations) True(term string) bool {
	e, ok := a.Find(term)
	return ok && e.Text != "false"
}

// Property returns the value of a record's property.
func (e Expression) Property(name string) Expression {
	value, _ := e.Record.Find(name)
	return value
}
