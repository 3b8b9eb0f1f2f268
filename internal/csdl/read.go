package csdl

import (
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/patchlint/patchlint/internal/charset"
)

// Error is an error at a position of a CSDL document. Line and Column count from 1, the
// column in bytes.
type Error struct {
	Line, Column int
	Around       string // some KiB of the document, with the position in the middle
	Err          error
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %v", e.Line, e.Column, e.Err) }

// MaxSize is the maximum size of a document in bytes. The metadata of beta has about 8 MiB.
const MaxSize = 64 << 20

// The maximum numbers of schemas in a document (beta has 26), and of members of an
// enumeration and properties and keys of a type (beta has a few hundred). Some
// algorithms compare all pairs.
const (
	maxSchemas = 200
	maxMembers = 5000
)

// namespace is the XML namespace of edmx:Edmx since OData 4 (CSDL XML, 2.1).
const namespace = "http://docs.oasis-open.org/odata/ns/edmx"

// Read parses a CSDL XML document (OASIS, versions 4.0 and 4.01). The error is an *Error.
// The strings in the result share memory with src, unless that is in UTF-16.
func Read(src string) (*Document, error) {
	if len(src) > MaxSize {
		return nil, &Error{1, 1, "", fmt.Errorf("the document is larger than %d bytes", MaxSize)}
	}
	if charset.Of([]byte(src[:min(4, len(src))])) != "" { // as > in Windows PowerShell saves it
		if text, ok := charset.UTF8([]byte(src)); ok {
			src = string(text)
		}
	}
	r := reader{scanner: scanner{src: strings.TrimPrefix(src, "\ufeff")}}
	r.doc.source = r.src
	offset := len(src) - len(r.src)
	r.document()
	if r.err == nil {
		return &r.doc, nil
	}
	return nil, errorAt(src, offset+r.at, r.err)
}

func errorAt(src string, at int, err error) *Error {
	const near = 4 << 10
	before, after := src[:min(at, len(src))], src[min(at, len(src)):]
	around := before[max(0, len(before)-near):] + after[:min(near, len(after))]
	return &Error{1 + strings.Count(before, "\n"), len(before) - strings.LastIndexByte(before, '\n'), around, err}
}

// reader stops at the first error, so that its methods need not return errors.
type reader struct {
	scanner
	doc Document
}

func (r *reader) document() {
	switch head := strings.TrimLeft(r.src, " \t\r\n"); {
	case head == "":
		r.fail(0, "the document is empty")
	case head[0] == '{' || head[0] == '[':
		r.fail(0, "this is JSON; expected metadata in CSDL XML, as GET $metadata returns it")
	case head[0] != '<':
		r.fail(0, "this is not XML; expected metadata in CSDL XML, as GET $metadata returns it")
	}
	if t := r.next(); t != atStart || r.name != "Edmx" {
		r.fault("expected the root element edmx:Edmx of CSDL, found %s", r.name)
	}
	declaration := "xmlns"
	if prefix, _, qualified := strings.Cut(strings.Join(r.open, ""), ":"); qualified { // only the root is open
		declaration += ":" + prefix
	}
	if ns := r.attr(declaration); ns != "" && ns != namespace {
		r.fault("expected the namespace %s of CSDL 4, found %s", namespace, ns)
	}
	r.each(func() {
		if r.name == "DataServices" {
			r.each(func() {
				if r.name == "Schema" {
					r.schema()
				}
			})
		}
	})
	if len(r.doc.Schemas) == 0 {
		r.fail(0, "the document has no Schema")
	}
	if t := r.next(); t != atEnd {
		r.fault("a second element after the root element")
	}
}

// fault fails with an error about the last start tag.
func (r *reader) fault(format string, args ...any) { r.fail(r.tag, format, args...) }

// each calls child for every element in the open element. child must read all of the
// element or nothing, in which case each skips it.
func (r *reader) each(child func()) {
	for {
		switch r.next() {
		case atStart:
			depth := len(r.open)
			if child(); len(r.open) == depth {
				r.skip()
			}
		case atClose, atEnd:
			return
		}
	}
}

// skip skips the rest of the open element.
func (r *reader) skip() { r.each(func() {}) }

// identifier returns the attribute Name, a simple identifier (CSDL XML, 15.2).
func (r *reader) identifier() string { return r.dotted("Name", 1) }

// required returns an attribute, and fails if the element does not have it.
func (r *reader) required(attribute string) string {
	v := r.attr(attribute)
	if v == "" {
		r.fault("%s needs the attribute %s", r.name, attribute)
	}
	return v
}

// dotted returns an attribute, and fails unless it consists of simple identifiers, at most
// limit, separated by dots.
func (r *reader) dotted(attribute string, limit int) string {
	v := r.required(attribute)
	parts := 0
	for part := range strings.SplitSeq(v, ".") {
		parts++
		invalid := strings.ContainsFunc(part, func(c rune) bool { return c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c) })
		if part == "" || invalid || parts > limit {
			r.fault(`"%s" is not a valid name`, v)
			break
		}
	}
	return v
}

func (r *reader) schema() {
	s := &Schema{Namespace: r.dotted("Namespace", math.MaxInt)}
	if r.attr("Alias") != "" {
		s.Alias = r.dotted("Alias", math.MaxInt)
	}
	if r.doc.Schemas = append(r.doc.Schemas, s); len(r.doc.Schemas) > maxSchemas {
		r.fault("the document has more than %d schemas", maxSchemas)
	}
	r.each(func() {
		switch r.name {
		case "EnumType":
			s.EnumTypes = append(s.EnumTypes, r.enum())
		case "ComplexType", "EntityType":
			s.Types = append(s.Types, r.structured())
		case "TypeDefinition":
			s.TypeDefinitions = append(s.TypeDefinitions, Named{r.identifier(), r.required("UnderlyingType"), r.tag})
		case "Action", "Function":
			s.Operations = append(s.Operations, r.operation())
		case "EntityContainer":
			r.container(s)
		case "Annotations":
			target := r.attr("Target")
			r.doc.Outside = append(r.doc.Outside, Target{target, r.annotations()})
		case "Annotation":
			s.Annotations = append(s.Annotations, r.value("Term"))
		}
	})
}

func (r *reader) enum() EnumType {
	e := EnumType{Name: r.identifier(), IsFlags: r.attr("IsFlags") == "true", At: r.tag}
	next := int64(0) // the default value of the next member (CSDL XML, 10.3)
	r.each(func() {
		switch r.name {
		case "Member":
			m := Member{Name: r.identifier(), Value: next}
			if v := r.attr("Value"); v != "" {
				var err error
				if m.Value, err = strconv.ParseInt(v, 10, 64); err != nil {
					r.fault("%s/%s: %s is not a 64-bit integer", e.Name, m.Name, v)
				}
			}
			next = m.Value + 1
			m.Annotations = r.annotations()
			e.Members = append(e.Members, m)
			r.atMost(len(e.Members), e.Name)
		case "Annotation":
			e.Annotations = append(e.Annotations, r.value("Term"))
		}
	})
	return e
}

func (r *reader) structured() *Structured {
	t := &Structured{
		Entity: r.name == "EntityType", Name: r.identifier(), BaseType: r.attr("BaseType"),
		Abstract: r.attr("Abstract") == "true", OpenType: r.attr("OpenType") == "true", At: r.tag,
	}
	r.each(func() {
		switch r.name {
		case "Property", "NavigationProperty":
			nullable, navigation := r.attr("Nullable"), r.name == "NavigationProperty"
			p := Property{
				Name: r.identifier(), Type: r.required("Type"), NotNull: nullable != "" && nullable != "true", Default: r.attr("DefaultValue"),
				Navigation: navigation, ContainsTarget: navigation && r.attr("ContainsTarget") == "true", At: r.tag,
			}
			p.Annotations = r.annotations()
			t.Properties = append(t.Properties, p)
			r.atMost(len(t.Properties), t.Name)
		case "Key":
			r.each(func() { t.Key = append(t.Key, r.attr("Name")) })
			r.atMost(len(t.Key), t.Name)
		case "Annotation":
			t.Annotations = append(t.Annotations, r.value("Term"))
		}
	})
	return t
}

// atMost fails if a type has too many members.
func (r *reader) atMost(members int, name string) {
	if members > maxMembers {
		r.fault("%s has more than %d members", name, maxMembers)
	}
}

// operation reads an action or function. If it is bound, the type of the first parameter
// is its binding (CSDL XML, 12.5).
func (r *reader) operation() Operation {
	o := Operation{Name: r.identifier()}
	bound, composable := r.attr("IsBound") == "true", r.attr("IsComposable") == "true"
	r.each(func() {
		switch {
		case r.name == "Parameter" && bound && o.Binding == "":
			o.Binding = r.attr("Type")
		case r.name == "ReturnType" && composable:
			o.Returns = r.attr("Type")
		}
	})
	return o
}

func (r *reader) container(s *Schema) {
	r.each(func() {
		switch r.name {
		case "Singleton":
			s.Roots = append(s.Roots, Named{r.identifier(), r.required("Type"), r.tag})
		case "EntitySet":
			s.Roots = append(s.Roots, Named{r.identifier(), "Collection(" + r.required("EntityType") + ")", r.tag})
		}
	})
}

// annotations reads the annotations in the open element, and skips anything else.
func (r *reader) annotations() Annotations { return r.values("Annotation", "Term") }

// values reads the elements of a name, whose values are named by attribute.
func (r *reader) values(element, attribute string) (list Annotations) {
	r.each(func() {
		if r.name == element {
			list = append(list, r.value(attribute))
		}
	})
	return list
}

func (r *reader) value(attribute string) Annotation {
	name := aliased(r.attr(attribute))
	return Annotation{name, r.expression()}
}

// aliased returns the name of a term, qualified by the alias of its vocabulary, as the
// rest of the project writes it.
func aliased(name string) string {
	rest, standard := strings.CutPrefix(name, "Org.OData.")
	vocabulary, term, versioned := strings.Cut(rest, ".V1.")
	if standard && versioned && (vocabulary == "Core" || vocabulary == "Capabilities" || vocabulary == "Validation") {
		return vocabulary + "." + term
	}
	return name
}

// expression reads the value of an annotation or of a property of a record, which is an
// attribute or a child of the open element (CSDL XML, 14.3 and 14.4).
func (r *reader) expression() (e Expression) {
	e.Text = cmp.Or(r.attr("String"), r.attr("Date"), aliased(r.attr("EnumMember")), r.attr("Bool"))
	r.each(func() {
		switch r.name {
		case "Record":
			e.Record = r.values("PropertyValue", "Property")
		case "Collection":
			r.each(func() {
				if r.name == "Record" {
					e.Items = append(e.Items, Expression{Record: r.values("PropertyValue", "Property")})
				}
			})
		case "EnumMember":
			e.Text = aliased(r.content())
		case "String", "Date", "Bool":
			e.Text = r.content()
		}
	})
	return e
}

// content returns the text in the open element.
func (r *reader) content() string {
	content := ""
	for {
		switch r.next() {
		case atText:
			content += r.text
		case atStart:
			r.skip()
		case atClose, atEnd:
			return strings.TrimSpace(content)
		}
	}
}
