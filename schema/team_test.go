package schema_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/schema/conform"
)

// check returns what a schema finds in a payload, "line:column marked: message".
func check(t *testing.T, schema, payload string) (found []string) {
	t.Helper()
	team, err := conform.ReadTeam("team.json", []byte(schema))
	if err != nil {
		t.Fatalf("%s: %v", schema, err)
	}
	doc, err := patchlint.Parse([]byte(payload), patchlint.JSON)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range team.Check(nil, doc.Root()) {
		line, column := doc.Position(d.Span.Start)
		found = append(found, fmt.Sprintf("%d:%d %s %s: %s", line, column, d.Pointer, payload[d.Span.Start:d.Span.End], d.Message))
	}
	return found
}

// TestTeamPolicies checks typical policies of teams.
func TestTeamPolicies(t *testing.T) {
	const naming = `{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Contoso names",
  "properties": {
    "displayName": {
      "pattern": "^MTD-[A-Z]{2}-",
      "description": "a partner is named MTD-<country>-<vendor>,\n  such as MTD-DE-Contoso."
    }
  }
}`
	const exclusion = `{
  "$defs": {
    "assignments": {
      "description": "exclude the break-glass group 99999999-0a4b-4c11-9d3e-000000000009",
      "contains": {
        "properties": {"target": {
          "properties": {
            "@odata.type": {"const": "#microsoft.graph.exclusionGroupAssignmentTarget"},
            "groupId": {"const": "99999999-0a4b-4c11-9d3e-000000000009"}
          },
          "required": ["@odata.type", "groupId"]
        }},
        "required": ["target"]
      }
    }
  },
  "patternProperties": {"EnrollmentAssignments$": {"$ref": "#/$defs/assignments"}}
}`
	const target = `{
  "title": "never all devices",
  "patternProperties": {
    "EnrollmentAssignments$": {
      "items": {"properties": {"target": {"properties": {"@odata.type": {"not": {"const": "#microsoft.graph.allDevicesAssignmentTarget"}}}}}}
    }
  }
}`
	const payload = `{
  "displayName": "Contoso",
  "iosEnrollmentAssignments": [
    {"target": {"@odata.type": "#microsoft.graph.allDevicesAssignmentTarget"}}
  ]
}`
	for _, c := range []struct {
		name, schema string
		want         []string
	}{
		{"naming", naming, []string{`2:18 /displayName "Contoso": a partner is named MTD-<country>-<vendor>, such as MTD-DE-Contoso`}},
		{"exclusion", exclusion, []string{`3:31 /iosEnrollmentAssignments [: exclude the break-glass group 99999999-0a4b-4c11-9d3e-000000000009`}},
		{"target", target, []string{`4:32 /iosEnrollmentAssignments/0/target/@odata.type "#microsoft.graph.allDevicesAssignmentTarget": never all devices: matches a schema under "not"`}},
	} {
		if got := check(t, c.schema, payload); !cmp.Equal(got, c.want) {
			t.Errorf("%s: %s", c.name, cmp.Diff(c.want, got))
		}
	}
	const good = `{
  "displayName": "MTD-DE-Contoso",
  "iosEnrollmentAssignments": [
    {"target": {"@odata.type": "#microsoft.graph.exclusionGroupAssignmentTarget", "groupId": "99999999-0a4b-4c11-9d3e-000000000009"}}
  ]
}`
	for _, schema := range []string{naming, exclusion, target} {
		if got := check(t, schema, good); got != nil {
			t.Errorf("%q", got)
		}
	}
}

// TestTeamPlaces checks the position of the finding for each keyword, and its message if
// the schema has no description.
func TestTeamPlaces(t *testing.T) {
	const payload = `{"a": "x", "n": 5, "list": [1, 1], "o": {"b/c%": null}}`
	for _, c := range []struct{ schema, want string }{
		{`false`, `1:1  {"a": "x", "n": 5, "list": [1, 1], "o": {"b/c%": null}}: this value is not allowed here`},
		{`{"properties": {"a": false}}`, `1:2 /a "a": "a" is not allowed here`},
		{`{"properties": {"a": {"type": "integer"}}}`, `1:7 /a "x": must be of type integer; found a string`},
		{`{"properties": {"a": {"type": ["integer", "null"]}}}`, `1:7 /a "x": must be of type integer or null; found a string`},
		{`{"properties": {"a": {"pattern": "^y"}}}`, `1:7 /a "x": "x" does not match the pattern "^y"`},
		{`{"properties": {"a": {"const": "y"}}}`, `1:7 /a "x": must be "y"`},
		{`{"properties": {"a": {"enum": ["y", 1]}}}`, `1:7 /a "x": must be one of "y", 1`},
		{`{"properties": {"a": {"minLength": 2}}}`, `1:7 /a "x": must be a string of length 2 or more`},
		{`{"properties": {"n": {"maximum": 4, "multipleOf": 5}}}`, `1:17 /n 5: must be at most 4`},
		{`{"properties": {"list": {"uniqueItems": true}}}`, `1:28 /list [1, 1]: two elements are equal`},
		{`{"properties": {"list": {"minItems": 3}}}`, `1:28 /list [: the number of elements must be at least 3`},
		{`{"properties": {"list": {"maxItems": 1}}}`, `1:28 /list [1, 1]: the number of elements must be at most 1`},
		{`{"properties": {"list": {"items": false}}}`, `1:29 /list/0 1: this value is not allowed here
1:32 /list/1 1: this value is not allowed here`},
		{`{"properties": {"list": {"contains": {"const": 2}}}}`, `1:28 /list [: the number of elements that match "contains" must be at least 1`},
		{`{"properties": {"list": {"contains": {"const": 1}, "maxContains": 1}}}`, `1:28 /list [1, 1]: the number of elements that match "contains" must be at most 1`},
		{`{"properties": {"list": {"contains": {"const": 1}, "minContains": 3}}}`, `1:28 /list [: the number of elements that match "contains" must be at least 3`},
		{`{"properties": {"o": {"properties": {"b/c%": {"type": "string"}}}}}`, `1:50 /o/b~1c% null: must be of type string; found null`},
		{`{"properties": {"o": {"additionalProperties": {"type": "string"}}}}`, `1:50 /o/b~1c% null: must be of type string; found null`},
		{`{"properties": {"a": true, "n": {}}, "patternProperties": {"^l": {}}, "additionalProperties": false}`, `1:36 /o "o": "o" is not allowed here`},
		{`{"properties": {"a": true, "n": {}}, "unevaluatedProperties": false}`, `1:20 /list "list": "list" is not allowed here
1:36 /o "o": "o" is not allowed here`},
		{`{"propertyNames": {"maxLength": 3}}`, `1:20 /list "list": the name "list" is not allowed here`},
		{`{"required": ["a", "x", "y"]}`, `1:1  {: missing properties "x", "y"`},
		{`{"required": ["x"]}`, `1:1  {: missing property "x"`},
		{`{"dependentRequired": {"a": ["n", "z"]}}`, `1:1  {: missing property "z", which "a" requires`},
		{`{"$schema": "http://json-schema.org/draft-07/schema#", "dependencies": {"a": ["z"]}}`, `1:1  {: missing property "z", which "a" requires`},
		{`{"minProperties": 9}`, `1:1  {: the number of properties must be at least 9`},
		{`{"properties": {"a": {"anyOf": [{"const": "y"}, {"type": "null"}]}}}`, `1:7 /a "x": does not match any of the allowed forms`},
		{`{"properties": {"a": {"oneOf": [{"const": "y"}, {"type": "null"}]}}}`, `1:7 /a "x": must match exactly one of the allowed forms`},
		{`{"properties": {"a": {"oneOf": [{"const": "x"}, {"type": "string"}]}}}`, `1:7 /a "x": must match exactly one of the allowed forms`},
		{`{"properties": {"a": {"not": {"const": "x", "description": "x is taken"}}}}`, `1:7 /a "x": x is taken`},
		{`{"allOf": [{"required": ["x"], "title": "has x"}, {"properties": {"n": {"const": 1, "title": "n", "description": "n is one"}}}]}`, `1:1  {: has x
1:17 /n 5: n is one`},
		{`{"if": {"required": ["a"]}, "then": {"required": ["z"]}}`, `1:1  {: missing property "z"`},
		{`{"title": "all", "$defs": {"s": {"const": "y"}}, "properties": {"a": {"$ref": "#/$defs/s", "description": "a is y"}}}`, `1:7 /a "x": a is y: must be "y"`},
		{`{"title": "all", "properties": {"a": {"const": "y"}}}`, `1:7 /a "x": all: must be "y"`},
		{`{"$id": "https://contoso.com/s.json", "properties": {"a": {"$ref": "https://contoso.com/s.json#/$defs/y"}}, "$defs": {"y": {"const": "y"}}}`, `1:7 /a "x": must be "y"`},
		{`{"properties": {"a": {"$ref": "inner.json"}}, "$defs": {"y": {"$id": "inner.json", "$ref": "#/$defs/z", "$defs": {"z": {"const": "y"}}}}}`, `1:7 /a "x": must be "y"`},
		{`{"$dynamicAnchor": "here", "properties": {"o": {"additionalProperties": {"$dynamicRef": "#here"}}}, "type": "object"}`, `1:50 /o/b~1c% null: must be of type object; found null`},
		{`{"properties": {"anyOf": {"const": 1}, "a": {"const": "\u001b[31m\u202e::error::"}}}`, `1:7 /a "x": must be "\u001b[31m\u202e::error::"`},
		{`{"description": "\u001b[31mred\n::error::x", "required": ["z"]}`, "1:1  {: \x1b[31mred ::error::x"},
	} {
		if got := strings.Join(check(t, c.schema, payload), "\n"); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.schema, got, c.want)
		}
	}
}

// TestTeamRefused checks that a schema that cannot be compiled or refers to another
// document is refused, with the position.
func TestTeamRefused(t *testing.T) {
	const other = " refers to another document ("
	for _, c := range []struct{ schema, want string }{
		{``, "1:1: the file is empty"},
		{`[]`, "1:1: a JSON Schema must be an object, not an array"},
		{`{"type": "object",}`, "1:18: "},
		{`{"type": "object", "type": "object"}`, "1:20: "},
		{`{"type": "partner"}`, `1:10: this value of "type" is not allowed in a JSON Schema`},
		{"{\n  \"properties\": {\"a\": {\"pattern\": \"^(?!x)\"}}}", `2:35: "^(?!x)" is not a valid Go regular expression, which cannot have lookaheads or backreferences`},
		{`{"patternProperties": {"(": {}}}`, `1:24: "(" is not a valid Go regular expression`},
		{`{"anyOf": [` + strings.Repeat("true, ", 5000) + `{}]}`, "1:30006: a JSON Schema has at most 5000 objects and booleans"},
		{`{"enum": [` + strings.Repeat("0, ", 100_000) + `{}], "$ref": 5}`, `1:300024: this value of "$ref"`},
		{`{"$ref": 5}`, `1:10: this value of "$ref" is not allowed in a JSON Schema`},
		{`{"maximum": 1e999999999}`, "1:13: the exponent of the number 1e999999999 is too large"},
		{`{"$id": "::", "type": "object"}`, "1:1: this JSON Schema cannot be compiled: "},
		{`{"$schema": "https://contoso.com/meta"}`, `1:13: unknown "$schema" "https://contoso.com/meta"; must be one of https://json-schema.org/draft/2020-12/schema, `},
		{`{"$schema": "file:///etc/passwd"}`, `1:13: unknown "$schema"`},
		{`{"$schema": 5}`, `1:13: unknown "$schema"`},
		{`{"$ref": "#/$defs/none"}`, `1:10: "$ref" refers to "#/$defs/none", which this schema does not have`},
		{`{"$ref": "#none"}`, `1:10: "$ref" refers to "#none", which this schema does not have`},
		{`{"$ref": "#"}`, `1:10: "$ref" refers back to itself`},
		{`{"$ref": "file:///etc/passwd"}`, `1:10: "$ref"` + other + `file:///etc/passwd`},
		{`{"$ref": "/etc/passwd"}`, `1:10: "$ref"` + other},
		{`{"$ref": "C:\\Windows\\win.ini"}`, `1:10: "$ref"` + other},
		{`{"$ref": "http://127.0.0.1:1/x.json#/a"}`, `1:10: "$ref"` + other},
		{`{"$ref": "//contoso.com/x.json"}`, `1:10: "$ref"` + other},
		{`{"$ref": "other.json"}`, `1:10: "$ref"` + other},
		{`{"$ref": "../../other.json#"}`, `1:10: "$ref"` + other},
		{`{"$ref": "https://json-schema.org/draft/2020-12/schema"}`, `1:10: "$ref"` + other},
		{`{"$dynamicRef": "file:///etc/passwd#x"}`, `1:17: "$dynamicRef"` + other},
		{`{"$schema": "https://json-schema.org/draft/2019-09/schema", "$recursiveRef": "x.json"}`, `1:78: "$recursiveRef"` + other},
		{`{"$id": "file:///etc/", "$ref": "passwd"}`, `1:33: "$ref"` + other},
		{`{"$id": "https://contoso.com/a/b.json", "$ref": "/a/c.json"}`, `1:49: "$ref"` + other},
		{`{"$defs": {"never used": {"$ref": "http://contoso.com/"}}}`, `1:35: "$ref"` + other},
		{`{"unknown": [{"$ref": "http://contoso.com/"}]}`, `1:23: "$ref"` + other},
		{`{"properties": {"const": {"$ref": "file:///etc/passwd"}}}`, `1:35: "$ref"` + other},
		{`{"displayName": "Contoso", "id": "1", "description": "a payload"}`, `1:1: this JSON Schema checks nothing; add a keyword such as "properties", or name another file`},
		{`{}`, "1:1: this JSON Schema checks nothing; "},
		{`true`, "1:1: this JSON Schema checks nothing; "},
		{`{"$dynamicAnchor": "x", "$vocabulary": {}, "contentMediaType": "application/json", "contentSchema": {}, "format": "uri"}`, "1:1: this JSON Schema checks nothing; "},
		{`{"if": {"required": ["a"]}}`, "1:1: this JSON Schema checks nothing; "},
		{`{"then": false, "else": false, "minContains": 1, "maxContains": 1}`, "1:1: this JSON Schema checks nothing; "},
		{`{"$schema": "http://json-schema.org/draft-07/schema", "additionalItems": false}`, "1:1: this JSON Schema checks nothing; "},
		{`{"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": {"a": {"type": "string"}}}`, "1:1: this JSON Schema checks nothing; "},
		{`{"propertis": {"a": {"type": "string"}}}`, `1:2: unknown keyword "propertis" of JSON Schema; did you mean "properties"?`},
		{`{"properties": {"minLenght": {"minLenght": 5}}}`, `1:31: unknown keyword "minLenght" of JSON Schema; did you mean "minLength"?`},
		{`{"Pattern": "^MTD-"}`, `1:2: unknown keyword "Pattern" of JSON Schema; did you mean "pattern"?`},
		{`{"additionalproperties": false}`, `1:2: unknown keyword "additionalproperties" of JSON Schema; did you mean "additionalProperties"?`},
		{`{"anyOf": [{"const": 1}, {"requierd": ["a"]}]}`, `1:27: unknown keyword "requierd" of JSON Schema; did you mean "required"?`},
		{`{"items": [{"not": {"enums": [1]}}]}`, `1:21: unknown keyword "enums" of JSON Schema; did you mean "enum"?`},
		{`{"patternProperties": {"^x": {"ref": "#/$defs/x"}}, "$defs": {"x": {}}}`, `1:31: unknown keyword "ref" of JSON Schema; did you mean "$ref"?`},
		{`{"dependentSchemas": {"a": {"if": {"propertyName": {}}}}}`, `1:36: unknown keyword "propertyName" of JSON Schema; did you mean "propertyNames"?`},
		{`{"x-shared": {"a": {"maxitems": 5}}, "$ref": "#/x-shared/a"}`, `1:21: unknown keyword "maxitems" of JSON Schema; did you mean "maxItems"?`},
		{`{"$schema": "http://json-schema.org/draft-07/schema#", "dependentRequired": {"a": ["b"]}}`,
			`1:56: "dependentRequired" checks nothing in draft-07, because only 2019-09 and later support it; change or remove "$schema"`},
		{`{"$schema": "http://json-schema.org/draft-07/schema", "properties": {"a": {"unevaluatedProperties": false}}}`, `1:76: "unevaluatedProperties" checks nothing in draft-07, `},
		{`{"$schema": "http://json-schema.org/draft-07/schema", "items": {"$ref": "#", "pattern": "x"}}`, `1:78: "pattern" is ignored next to "$ref" in draft-07, so it checks nothing; put both in an "allOf", or remove "$schema"`},
		{`{"$schema": "http://json-schema.org/draft-07/schema", "items": {"$ref": "#", "properties": {}}}`, `1:78: "properties" is ignored next to "$ref" in draft-07, `},
		{`{"$schema": "http://json-schema.org/draft-04/schema#", "const": 1}`, `1:56: "const" checks nothing in draft-04, because only draft-06 and later support it; `},
		{`{"$schema": "http://json-schema.org/draft-06/schema#", "if": {}}`, `1:56: "if" checks nothing in draft-06, because only draft-07 and later support it; `},
		{`{"$schema": "https://json-schema.org/draft/2019-09/schema", "prefixItems": []}`, `1:61: "prefixItems" checks nothing in 2019-09, because only 2020-12 and later support it; `},
		{`{"additionalItems": false}`, `1:2: "additionalItems" checks nothing in 2020-12, `},
		{`{"items": {"$id": "file:///etc/passwd"}, "$ref": "file:///etc/passwd#/x"}`, ""},
	} {
		_, err := conform.ReadTeam("team.json", []byte(c.schema))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.ContainsAny(err.Error(), "\n") || strings.Contains(err.Error(), "jsonschema") || strings.Contains(err.Error(), "patchlint:") {
			t.Errorf("%s:\n got %v\nwant %s", c.schema, err, c.want)
		}
	}
	for _, schema := range []string{
		`{"type": "object", "x-owner": "a", "x-items": [], "owner": "b", "note": "c", "markdownDescription": "d", "errorMessage": {"propertis": 1}, "enumNames": ["e"], "comment": "f", "example": {}, "tags": [], "name": "g"}`,
		`{"const": {"propertis": 1}, "enum": [{"propertis": 1}], "default": {"requierd": 1}, "examples": [{"itmes": 1}]}`,
		`{"properties": {"propertis": {}, "itmes": true}, "$defs": {"requierd": {}}, "dependencies": {"itmes": ["tyep"]}, "required": ["itmes"]}`,
		`{"defs": {"a": {"type": "object"}}, "$ref": "#/defs/a"}`,
		`{"const": {"$ref": "http://contoso.com/"}}`, `{"properties": {"$ref": {"type": "string"}}}`, "\ufeff{\"minProperties\": 1}", `{"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"x": {}}, "$ref": "#/definitions/x"}`,
		`{"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"$ref": {"const": 1}, "pattern": true, "prefixItems": {"$ref": "#", "description": "x"}}}`,
		`{"$schema": "http://json-schema.org/draft-04/schema#", "properties": {"const": {}}, "items": [{}], "additionalItems": false}`,
		`{"$ref": "#/$defs/x", "pattern": "x", "$defs": {"x": {"if": {}, "prefixItems": [{}]}}}`} {
		if _, err := conform.ReadTeam("team.json", []byte(schema)); err != nil {
			t.Errorf("%s: %v", schema, err)
		}
	}
}

// TestTeamPanic checks that a payload that the schema cannot check is reported. The
// finding is about the whole payload, because no part of it was checked, even if the walk
// refuses the number.
func TestTeamPanic(t *testing.T) {
	for _, schema := range []string{`{"properties": {"a": {"minimum": 1}}}`, `{"properties": {"a": {"type": "integer"}}}`, `{"properties": {"a": {"multipleOf": 2}}}`} {
		want := []string{`1:1  {: this payload cannot be checked with "team.json": the exponent of the number 1e999999999 is too large`}
		if got := check(t, schema, `{"a": 1e999999999}`); !cmp.Equal(got, want) {
			t.Errorf("%s: %q", schema, got)
		}
	}
}

// TestTeamMany checks that of a large number of failures, the first ones are listed in
// order.
func TestTeamMany(t *testing.T) {
	n := corpus.Size(5_000, 50_000) // so many that a pointer for each would be noticeable
	found := check(t, `{"properties": {"list": {"items": {"type": "string"}}}}`, `{"list": [`+strings.Repeat("1,", n)+`1]}`)
	if last := len(found) - 1; last != bounds.Findings || !strings.Contains(found[last], " /list/1000 1: ") {
		t.Errorf("%d findings, the last %s", len(found), found[last])
	}
}

// TestTeamList checks that a message lists a readable number of values.
func TestTeamList(t *testing.T) {
	var names []string
	for i := range 1000 {
		names = append(names, fmt.Sprintf(`"n%03d"`, i))
	}
	for _, keyword := range []string{"enum", "required"} {
		found := check(t, `{"`+keyword+`": [`+strings.Join(names, ",")+`]}`, `{"a": 1}`)
		if len(found) != 1 || len(found[0]) > 1000 || !strings.HasSuffix(found[0], `"n099", and 900 more`) {
			t.Errorf("%s: %d findings, %.1000q", keyword, len(found), found)
		}
	}
}

// TestTeamBudget checks that a schema whose branches multiply ends with a finding, and
// that a schema with many branches that do not multiply does not.
func TestTeamBudget(t *testing.T) {
	chain := func(length, branches int, keyword string) string {
		var b strings.Builder
		b.WriteString(`{"$ref": "#/$defs/d0", "$defs": {`)
		for i := range length {
			next := fmt.Sprintf(`{"$ref": "#/$defs/d%d"}`, i+1)
			fmt.Fprintf(&b, `"d%d": {"%s": [%s]}, `, i, keyword, strings.Join(slices.Repeat([]string{next}, branches), ", "))
		}
		fmt.Fprintf(&b, `"d%d": {"type": "object"}}}`, length)
		return b.String()
	}
	const finding = `1:1  {: this payload cannot be checked with "team.json": the branches of its allOf, anyOf and oneOf refer to each other and take too many steps`
	levels := corpus.Size(300, 900)
	nested := strings.Repeat(`{"a": `, 40) + "{}" + strings.Repeat("}", 40) // which is allowed fewer steps
	for _, test := range []struct {
		name, schema, payload string
		want                  []string
	}{
		{"a chain of references", chain(40, 2, "allOf"), `{"a": 1}`, []string{finding}},
		{"alternatives", chain(40, 2, "anyOf"), nested, []string{finding}},
		{"an older draft", strings.Replace(chain(40, 2, "allOf"), `"$ref": "#/$defs/d0"`, `"$schema": "http://json-schema.org/draft-07/schema", "allOf": [{"$ref": "#/$defs/d0"}]`, 1), nested, []string{finding}},
		{"a deep payload", `{"allOf": [{"properties": {"a": {"$ref": "#"}}}, {"properties": {"a": {"$ref": "#"}}}]}`, nested, []string{finding}},
		{"failures below each other", `{"properties": {"a": {"$ref": "#"}, "k": {"type": "string"}}}`, strings.Repeat(`{"k": 1, "a": `, levels) + "{}" + strings.Repeat("}", levels), []string{`1:1  {: this payload cannot be checked with "team.json": it is nested too deeply for a schema that refers to itself`}},
		{"a deep payload, and a schema that is not", `{"properties": {"b": {"type": "object"}}}`, strings.Repeat(`{"a": `, 900) + "{}" + strings.Repeat("}", 900), nil},
		{"many branches", chain(1, 1000, "allOf"), `{"a": 1}`, nil},
		{"a long chain", chain(500, 1, "allOf"), `{"a": 1}`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, check(t, test.schema, test.payload)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
