// Package csdl reads OData CSDL XML (OASIS, version 4.01) into plain values:
// types, properties, the entity container, and annotations. It resolves
// nothing; names stay as they are written.
package csdl

import (
	"encoding/xml"
	"fmt"
)

// Schema is the first edm:Schema of a document.
type Schema struct {
	Namespace    string       `xml:",attr"`
	Alias        string       `xml:",attr"`
	EnumTypes    []EnumType   `xml:"EnumType"`
	ComplexTypes []Structured `xml:"ComplexType"`
	EntityTypes  []Structured `xml:"EntityType"`
	Container    Container    `xml:"EntityContainer"`
	Annotations  Annotations  `xml:"Annotation"`
}

// EnumType is an edm:EnumType.
type EnumType struct {
	Name        string      `xml:",attr"`
	IsFlags     bool        `xml:",attr"`
	Members     []Member    `xml:"Member"`
	Annotations Annotations `xml:"Annotation"`
}

// Member is one member of an enumeration with its number.
type Member struct {
	Name        string      `xml:",attr"`
	Value       int64       `xml:",attr"`
	Annotations Annotations `xml:"Annotation"`
}

// Structured is an edm:EntityType or edm:ComplexType.
type Structured struct {
	Name        string       `xml:",attr"`
	BaseType    string       `xml:",attr"`
	Abstract    bool         `xml:",attr"`
	OpenType    bool         `xml:",attr"`
	Properties  []Property   `xml:"Property"`
	Navigation  []Navigation `xml:"NavigationProperty"`
	Annotations Annotations  `xml:"Annotation"`
}

// Property is an edm:Property. A missing Nullable facet reads as nil.
type Property struct {
	Name        string      `xml:",attr"`
	Type        string      `xml:",attr"`
	Nullable    *bool       `xml:",attr"`
	Default     string      `xml:"DefaultValue,attr"`
	Annotations Annotations `xml:"Annotation"`
}

// Navigation is an edm:NavigationProperty.
type Navigation struct {
	Name           string      `xml:",attr"`
	Type           string      `xml:",attr"`
	ContainsTarget bool        `xml:",attr"`
	Annotations    Annotations `xml:"Annotation"`
}

// Container is an edm:EntityContainer.
type Container struct {
	Name       string      `xml:",attr"`
	Singletons []Singleton `xml:"Singleton"`
}

// Singleton is an edm:Singleton.
type Singleton struct {
	Name string `xml:",attr"`
	Type string `xml:",attr"`
}

// Annotations are the annotations of one model element.
type Annotations []Annotation

// Annotation is a vocabulary term with its value.
type Annotation struct {
	Term string `xml:",attr"`
	Expression
}

// Expression is an annotation's value: at most one of its parts is set.
type Expression struct {
	String     string       `xml:",attr"`
	Bool       *bool        `xml:",attr"`
	EnumMember string       `xml:",attr"`
	Items      []Expression `xml:"Collection>Record"`
	Record     *Record      `xml:"Record"`
	Values     []Value      `xml:"PropertyValue"` // when the expression is itself a record
}

// Record is an edm:Record.
type Record struct {
	Values []Value `xml:"PropertyValue"`
}

// Value is an edm:PropertyValue.
type Value struct {
	Property string `xml:",attr"`
	Expression
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

// Text returns the string of a term, "" where it is absent.
func (a Annotations) Text(term string) string {
	e, _ := a.Find(term)
	return e.String
}

// True reports whether a term is there and not false: the terms asked for are
// tagging terms, whose default is true.
func (a Annotations) True(term string) bool {
	e, ok := a.Find(term)
	return ok && (e.Bool == nil || *e.Bool)
}

// Property returns the value of a record's property.
func (e Expression) Property(name string) Expression {
	values := e.Values
	if e.Record != nil {
		values = e.Record.Values
	}
	for _, v := range values {
		if v.Property == name {
			return v.Expression
		}
	}
	return Expression{}
}

// Parse reads a CSDL XML document.
func Parse(src []byte) (*Schema, error) {
	var document struct {
		XMLName xml.Name `xml:"http://docs.oasis-open.org/odata/ns/edmx Edmx"`
		Schemas []Schema `xml:"DataServices>Schema"`
	}
	if err := xml.Unmarshal(src, &document); err != nil {
		return nil, fmt.Errorf("csdl: %w", err)
	}
	if len(document.Schemas) == 0 {
		return nil, fmt.Errorf("csdl: no edm:Schema in the document")
	}
	return &document.Schemas[0], nil
}
