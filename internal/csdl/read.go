package csdl

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// Error is a fault in a CSDL document, with its place: both from 1, the column
// in bytes.
type Error struct {
	Line, Column int
	Err          error
}

func (e *Error) Error() string { return fmt.Sprintf("%d:%d: %v", e.Line, e.Column, e.Err) }
func (e *Error) Unwrap() error { return e.Err }

// MaxSize is the largest document that is read, in bytes. The metadata of beta
// has about 8 MiB.
const MaxSize = 64 << 20

// Read reads a CSDL XML document (OASIS, versions 4.0 and 4.01). The error is an
// *Error. The strings in the result are parts of src.
func Read(src string) (*Document, error) {
	r := reader{scanner: scanner{src: strings.TrimPrefix(src, "\ufeff")}}
	r.doc.source = r.src
	offset := len(src) - len(r.src)
	err := r.document()
	if len(src) > MaxSize {
		r.at, err = 0, fmt.Errorf("the document is larger than %d bytes", MaxSize)
	}
	if err == nil {
		return &r.doc, nil
	}
	return nil, errorAt(src, offset+r.at, err)
}

func errorAt(src string, at int, err error) *Error {
	before := src[:min(at, len(src))]
	return &Error{1 + strings.Count(before, "\n"), len(before) - strings.LastIndexByte(before, '\n'), err}
}

type reader struct {
	scanner
	doc Document
}

func (r *reader) document() error {
	switch head := strings.TrimLeft(r.src, " \t\r\n"); {
	case head == "":
		return errors.New("the document is empty")
	case head[0] == '{' || head[0] == '[':
		return errors.New("this is JSON; expected metadata in CSDL XML, as GET $metadata returns it")
	case head[0] != '<':
		return errors.New("this is not XML; expected metadata in CSDL XML, as GET $metadata returns it")
	}
	t, err := r.next()
	switch {
	case err != nil:
		return err
	case t != atStart || r.name != "Edmx":
		return r.fault("expected the root element edmx:Edmx of CSDL, found %s", r.name)
	}
	if err := r.each(func() error {
		if r.name != "DataServices" {
			return r.skip()
		}
		return r.each(func() error {
			if r.name != "Schema" {
				return r.skip()
			}
			return r.schema()
		})
	}); err != nil {
		return err
	}
	if len(r.doc.Schemas) == 0 {
		r.at = 0
		return errors.New("the document has no Schema")
	}
	t, err = r.next()
	if err == nil && t != atEnd {
		err = r.fault("a second element after the root element")
	}
	return err
}

// fault is an error about the element that was opened last.
func (r *reader) fault(format string, args ...any) error {
	r.at = r.tag
	return fmt.Errorf(format, args...)
}

// each calls child for every element in the one that was opened. child reads
// all of it.
func (r *reader) each(child func() error) error {
	for {
		t, err := r.next()
		switch {
		case err != nil:
			return err
		case t == atClose:
			return nil
		case t == atStart:
			if err := child(); err != nil {
				return err
			}
		}
	}
}

// skip reads past the rest of the element that was opened.
func (r *reader) skip() error { return r.each(r.skip) }

// identifier returns an attribute that must be a simple identifier (CSDL XML,
// 15.2), or where dotted is allowed several of them with dots between.
func (r *reader) identifier(attribute string, dotted bool) (string, error) {
	v := r.attr(attribute)
	if v == "" {
		return "", r.fault("%s needs the attribute %s", r.name, attribute)
	}
	for part := range strings.SplitSeq(v, ".") {
		invalid := strings.IndexFunc(part, func(c rune) bool { return c != '_' && !unicode.IsLetter(c) && !unicode.IsDigit(c) })
		if part == "" || invalid >= 0 || !dotted && part != v {
			return "", r.fault("%q is not a valid name", v[:min(len(v), 60)])
		}
	}
	return v, nil
}

func (r *reader) schema() error {
	namespace, err := r.identifier("Namespace", true)
	if err != nil {
		return err
	}
	s := &Schema{Namespace: namespace}
	if r.attr("Alias") != "" {
		if s.Alias, err = r.identifier("Alias", true); err != nil {
			return err
		}
	}
	r.doc.Schemas = append(r.doc.Schemas, s)
	return r.each(func() error {
		switch r.name {
		case "EnumType":
			return r.enum(s)
		case "ComplexType":
			return r.structured(&s.ComplexTypes)
		case "EntityType":
			return r.structured(&s.EntityTypes)
		case "TypeDefinition":
			name, err := r.identifier("Name", false)
			if err != nil {
				return err
			}
			s.TypeDefinitions = append(s.TypeDefinitions, TypeDefinition{name, r.attr("UnderlyingType"), r.tag})
		case "Action", "Function":
			return r.operation(s)
		case "EntityContainer":
			return r.container(s)
		case "Annotations":
			into := Target{Target: r.attr("Target")}
			err := r.annotations(&into.Annotations)
			r.doc.Outside = append(r.doc.Outside, into)
			return err
		case "Annotation":
			return r.annotation(&s.Annotations)
		}
		return r.skip()
	})
}

func (r *reader) enum(s *Schema) error {
	name, err := r.identifier("Name", false)
	if err != nil {
		return err
	}
	e := EnumType{Name: name, IsFlags: r.attr("IsFlags") == "true", At: r.tag}
	next := int64(0) // the value of a member that states none (CSDL XML, 10.3)
	err = r.each(func() error {
		switch r.name {
		case "Member":
			member, err := r.identifier("Name", false)
			if err != nil {
				return err
			}
			m := Member{Name: member, Value: next}
			if v := r.attr("Value"); v != "" {
				n, err := strconv.ParseInt(v, 10, 64)
				if err != nil {
					return r.fault("%s/%s: %s is not a 64-bit integer", name, m.Name, v)
				}
				m.Value = n
			}
			next = m.Value + 1
			err = r.annotations(&m.Annotations)
			e.Members = append(e.Members, m)
			return err
		case "Annotation":
			return r.annotation(&e.Annotations)
		}
		return r.skip()
	})
	s.EnumTypes = append(s.EnumTypes, e)
	return err
}

func (r *reader) structured(into *[]Structured) error {
	name, err := r.identifier("Name", false)
	if err != nil {
		return err
	}
	t := Structured{
		Name: name, BaseType: r.attr("BaseType"),
		Abstract: r.attr("Abstract") == "true", OpenType: r.attr("OpenType") == "true", At: r.tag,
	}
	err = r.each(func() error {
		switch r.name {
		case "Property":
			property, err := r.identifier("Name", false)
			if err != nil {
				return err
			}
			p := Property{Name: property, Type: r.attr("Type"), Default: r.attr("DefaultValue"), At: r.tag}
			if n := r.attr("Nullable"); n != "" {
				nullable := n == "true"
				p.Nullable = &nullable
			}
			err = r.annotations(&p.Annotations)
			t.Properties = append(t.Properties, p)
			return err
		case "NavigationProperty":
			property, err := r.identifier("Name", false)
			if err != nil {
				return err
			}
			n := Navigation{Name: property, Type: r.attr("Type"), ContainsTarget: r.attr("ContainsTarget") == "true", At: r.tag}
			err = r.annotations(&n.Annotations)
			t.Navigation = append(t.Navigation, n)
			return err
		case "Key":
			return r.each(func() error {
				t.Key = append(t.Key, r.attr("Name"))
				return r.skip()
			})
		case "Annotation":
			return r.annotation(&t.Annotations)
		}
		return r.skip()
	})
	*into = append(*into, t)
	return err
}

// operation reads an action or function; the type of the first parameter of a
// bound one is what it is bound to (CSDL XML, 12.5).
func (r *reader) operation(s *Schema) error {
	name, err := r.identifier("Name", false)
	if err != nil {
		return err
	}
	o := Operation{Name: name}
	bound := r.attr("IsBound") == "true"
	err = r.each(func() error {
		if r.name == "Parameter" && bound && o.Binding == "" {
			o.Binding = r.attr("Type")
		}
		return r.skip()
	})
	s.Operations = append(s.Operations, o)
	return err
}

func (r *reader) container(s *Schema) error {
	s.Container.Name = r.attr("Name")
	return r.each(func() error {
		kind := r.name
		if kind != "Singleton" && kind != "EntitySet" {
			return r.skip()
		}
		name, err := r.identifier("Name", false)
		switch {
		case err != nil:
			return err
		case kind == "Singleton":
			s.Container.Singletons = append(s.Container.Singletons, Singleton{name, r.attr("Type"), r.tag})
		default:
			s.Container.EntitySets = append(s.Container.EntitySets, EntitySet{name, r.attr("EntityType"), r.tag})
		}
		return r.skip()
	})
}

// annotations reads the annotations in an element of which nothing else counts.
func (r *reader) annotations(into *Annotations) error {
	return r.each(func() error {
		if r.name == "Annotation" {
			return r.annotation(into)
		}
		return r.skip()
	})
}

func (r *reader) annotation(into *Annotations) error {
	a := Annotation{Term: aliased(r.attr("Term"))}
	err := r.expression(&a.Expression)
	*into = append(*into, a)
	return err
}

// vocabularies are the namespaces of terms with the aliases that the rest of
// the project names them by.
var vocabularies = strings.NewReplacer(
	"Org.OData.Core.V1.", "Core.", "Org.OData.Capabilities.V1.", "Capabilities.", "Org.OData.Validation.V1.", "Validation.",
)

func aliased(name string) string {
	if strings.HasPrefix(name, "Org.OData.") {
		return vocabularies.Replace(name)
	}
	return name
}

func (r *reader) expression(e *Expression) error {
	e.String, e.EnumMember = r.attr("String"), aliased(r.attr("EnumMember"))
	if e.String == "" {
		e.String = r.attr("Date")
	}
	if b := r.attr("Bool"); b != "" {
		yes := b == "true"
		e.Bool = &yes
	}
	return r.each(func() error {
		switch r.name {
		case "Record":
			e.Record = new(Record)
			return r.record(e.Record)
		case "Collection":
			return r.each(func() error {
				if r.name != "Record" {
					return r.skip()
				}
				var record Record
				err := r.record(&record)
				e.Items = append(e.Items, Expression{Values: record.Values})
				return err
			})
		case "EnumMember":
			text, err := r.content()
			e.EnumMember = aliased(text)
			return err
		case "String", "Date":
			var err error
			e.String, err = r.content()
			return err
		}
		return r.skip()
	})
}

// content returns the text in the element that was opened.
func (r *reader) content() (string, error) {
	content := ""
	for {
		switch t, err := r.next(); {
		case err != nil:
			return "", err
		case t == atClose:
			return strings.TrimSpace(content), nil
		case t == atText:
			content += r.text
		case t == atStart:
			if err := r.skip(); err != nil {
				return "", err
			}
		}
	}
}

func (r *reader) record(into *Record) error {
	return r.each(func() error {
		if r.name != "PropertyValue" {
			return r.skip()
		}
		v := Value{Property: r.attr("Property")}
		err := r.expression(&v.Expression)
		into.Values = append(into.Values, v)
		return err
	})
}
