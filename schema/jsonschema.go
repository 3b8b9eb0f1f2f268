package schema

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/ordered"
)

// JSONSchema returns the JSON Schema (draft 2020-12) of a payload of the resource. It
// is self-contained, uses only standard keywords and does not assert formats, so that
// all validators and editors give the same verdict. It does not cover what only rules
// check, such as that a date exists or that "id" must not be sent.
func (t *Type) JSONSchema() []byte {
	p := projection{model: t.Model, done: make(map[string]bool)}
	root := p.reference(t)
	use := "Part of the body of a PATCH"
	if t.Path() != "" {
		use = "Body of PATCH " + t.Path() + "; properties that are left out keep their values"
	}
	source := "Microsoft Graph " + string(t.Model.Version)
	if t.Model.facts.Revision != "" {
		source += ", metadata of " + t.Model.facts.Revision
	}
	// Strings, booleans, numbers and slices and objects of them always marshal.
	src, _ := json.MarshalIndent(object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"title", t.Short()},
		{"description", strings.TrimSpace(fmt.Sprintf("%s %s. %s.", t.Description, use, source))},
		{"type", "object"},
		{"$ref", root},
		{"$defs", &p.definitions},
	}, "", "  ")
	return append(src, '\n')
}

type (
	object = ordered.Object
	member = ordered.Member
)

// addIf adds a member if a condition is met.
func addIf(to *object, condition bool, name string, value any) {
	if condition {
		*to = append(*to, member{name, value})
	}
}

type projection struct {
	model       *Model
	definitions object
	done        map[string]bool
}

// define adds a definition if it is missing, and returns its reference. It reserves the
// place before it calls make, so that a type may contain itself.
func (p *projection) define(name string, make func() object) string {
	if !p.done[name] {
		p.done[name] = true
		i := len(p.definitions)
		p.definitions = append(p.definitions, member{name})
		p.definitions[i][1] = make()
	}
	return "#/$defs/" + name
}

// reference returns the URI fragment of the definition for values with declared type t.
// If other types derive from t, the definition chooses one by @odata.type. Definitions
// do not have "type", because the places that refer to them state whether null is
// allowed, too.
func (p *projection) reference(t *Type) string {
	fitting := p.model.Derived(t)
	if len(fitting) == 0 || len(fitting) == 1 && fitting[0] == t {
		return p.closed(t)
	}
	name := t.Short()
	if !t.Abstract {
		name += "OrDerived"
	}
	return p.define(name, func() object {
		def := heading(t)
		addIf(&def, t.Abstract, "required", []string{"@odata.type"})
		def = append(def, member{"properties", object{{"@odata.type", p.typeName(fitting...)}}})
		var choices []object
		if !t.Abstract {
			choices = append(choices, object{
				{"if", object{{"type", "object"}, {"not", object{{"required", []string{"@odata.type"}}}}}},
				{"then", object{{"$ref", p.closed(t)}}},
			})
		}
		for _, u := range fitting {
			choices = append(choices, object{
				{"if", object{
					{"type", "object"},
					{"required", []string{"@odata.type"}},
					{"properties", object{{"@odata.type", object{{"type", "string"}, {"pattern", p.namePattern(u)}}}}},
				}},
				{"then", object{{"$ref", p.closed(u)}}},
			})
		}
		return append(def, member{"allOf", choices})
	})
}

// heading returns the title and description of a definition.
func heading(t *Type) object {
	def := object{{"title", t.Short()}}
	addIf(&def, t.Description != "", "description", t.Description)
	return def
}

// closed returns the reference of the definition of objects whose actual type is t.
func (p *projection) closed(t *Type) string {
	return p.define(t.Short(), func() object {
		hollow := p.model.hollow(t)
		properties := object{{"@odata.type", p.typeName(t)}}
		if hollow {
			properties = object{{"@odata.type", object{{"type", "string"}}}}
		}
		var required []string
		for _, property := range t.Properties {
			properties = append(properties, member{property.Name, p.property(property)})
			if property.Required {
				required = append(required, property.Name)
			}
		}
		for _, n := range t.Navigation {
			related := object{{"type", []string{"object", "null"}}}
			if n.Collection {
				related = object{{"type", []string{"array", "null"}}, {"items", object{{"type", "object"}}}}
			}
			properties = append(properties, member{n.Name, related})
		}
		def := heading(t)
		addIf(&def, t.Unpublished != "", "deprecated", true)
		addIf(&def, required != nil, "required", required)
		return append(def,
			member{"properties", properties},
			// Annotations, advertised actions and other control information are left to
			// the rules. The type of an action is in allOf, because strict validators
			// reject a pattern that matches a declared property, unless its schema is true.
			member{"patternProperties", object{{"@", true}, {odata.AdvertisedName, true}}},
			member{"additionalProperties", t.Open || hollow},
			member{"allOf", []object{{{"patternProperties", object{{odata.AdvertisedName, object{{"type", []string{"object", "array"}}}}}}}}})
	})
}

// typeName returns the schema of @odata.type: the canonical names, for completion in
// editors, and patterns of the other spellings that the service accepts.
func (p *projection) typeName(types ...*Type) object {
	names, choices := []string(nil), make([]object, 1)
	for _, t := range types {
		names = append(names, "#"+t.Name)
		choices = append(choices, object{{"pattern", p.namePattern(t)}})
	}
	choices[0] = object{{"enum", names}}
	return object{
		{"description", "The type of this object, as a fragment: " + strings.Join(names, ", ") + "."},
		{"type", "string"},
		{"anyOf", choices},
	}
}

// namePattern returns a pattern of the @odata.type values that refer to t.
func (p *projection) namePattern(t *Type) string {
	name := odata.ParseTypeName(t.Name)
	namespaces := regexp.QuoteMeta(name.Namespace)
	if alias := p.model.facts.AliasOf(name.Namespace); alias != "" {
		namespaces = "(?:" + namespaces + "|" + regexp.QuoteMeta(alias) + ")"
	}
	var hosts []string
	for _, host := range graph.Hosts() {
		hosts = append(hosts, regexp.QuoteMeta(host))
	}
	return `^(?:(?:https?://(?:` + strings.Join(hosts, "|") + `)\.?(?::443)?(?:[/?\\][^#]*)?)?#)?` + namespaces + `\.` + regexp.QuoteMeta(name.Name) + `$`
}

func (p *projection) property(property *Property) object {
	var def object
	addIf(&def, property.Description != "", "description", property.Description)
	addIf(&def, property.Deprecated != "", "deprecated", true)
	addIf(&def, property.Computed, "readOnly", true)
	value := p.value(property)
	if property.Collection {
		return append(def, member{"type", "array"}, member{"items", value})
	}
	return append(def, value...)
}

// value returns the schema of a value of the property, or of an element of it.
func (p *projection) value(property *Property) object {
	of := func(kind string, more ...member) object {
		if property.Nullable {
			return append(object{{"type", []string{kind, "null"}}}, more...)
		}
		return append(object{{"type", kind}}, more...)
	}
	var def object
	switch t := property.Type; {
	case t == untyped:
		return nil
	case t == edmStream:
		return object{{"not", object{}}}
	case t.Structured():
		return of("object", member{"$ref", p.reference(t)})
	case t.Flags:
		def = of("string", member{"pattern", t.flagsPattern()})
	case t.Members != nil:
		members := make([]any, 0, len(t.Members)+1)
		for _, m := range t.Members {
			members = append(members, m.Name)
		}
		if property.Nullable {
			members = append(members, nil)
		}
		def = of("string", member{"enum", members})
		if property.anyCase {
			def = object{{"anyOf", []object{def, of("string", member{"pattern", t.anyCasePattern()})}}}
		}
	case t == edmBoolean:
		def = of("boolean")
	case t == edmString && property.Optional:
		def = of("string", member{"pattern", optionalGUIDPattern})
	case t == edmString && property.GUID:
		def = of("string", member{"pattern", guidPattern})
	case t == edmString:
		def = of("string")
	case t.text != nil:
		def = of("string", member{"pattern", t.text.pattern.String()})
	default:
		kind, within := "number", object{}
		switch {
		case t.limits != nil:
			kind, within = "integer", object{{"minimum", t.limits[0]}, {"maximum", t.limits[1]}}
		case t.largest != "":
			within = object{{"minimum", "-" + t.largest}, {"maximum", t.largest}}
		}
		if t.numeral == nil {
			def = of(kind, within...)
			break
		}
		choices := []object{append(object{{"type", kind}}, within...), {{"type", "string"}, {"pattern", t.numeral.String()}}}
		if property.Nullable {
			choices = append(choices, object{{"type", "null"}})
		}
		def = object{{"anyOf", choices}}
	}
	addIf(&def, property.Example != "", "examples", []string{property.Example})
	return def
}
