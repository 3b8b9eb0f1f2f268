package settings

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.yaml.in/yaml/v4"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/schema/conform"
)

var comparePatterns = cmp.Comparer(func(a, b files.Pattern) bool { return a == b })

func pattern(t testing.TB, text string) files.Pattern {
	p, err := files.ParsePattern(text, true)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestParse(t *testing.T) {
	got, err := Parse([]byte("\ufeff" + `apiVersion: v1.0
types:
  - files: partners/**
    type: complianceManagementPartner
rules:
  placeholder-value: error
  odata-type-prefix: off
overrides:
  - files: legacy/**
    rules: {guid: info}
  - {files: 'é', rules: }
exclude: [generated/**, "*.{a,b}"]
placeholders: [ACME, 007, yes]
diff:
  ignore: [/displayName]
baseline: >-
  known.json
names: [groups.json, ../filters.json]
graph: dod-graph.microsoft.us
`))
	want := &Settings{
		APIVersion:   schema.V1,
		Types:        []Type{{pattern(t, "partners/**"), Located{"complianceManagementPartner", Place{4, 11}}}},
		Rules:        Rules{"placeholder-value": patchlint.Error, "odata-type-prefix": Off},
		Overrides:    []Override{{Files: pattern(t, "legacy/**"), Rules: Rules{"guid": patchlint.Info}}, {Files: pattern(t, "é")}},
		Exclude:      []files.Pattern{pattern(t, "generated/**"), pattern(t, "*.{a,b}")},
		Placeholders: []string{"ACME", "007", "yes"},
		Diff:         Diff{Ignore: []patchlint.Pointer{"/displayName"}},
		Baseline:     Located{"known.json", Place{16, 11}},
		Names:        []Located{{"groups.json", Place{18, 9}}, {"../filters.json", Place{18, 22}}},
		Graph:        "dod-graph.microsoft.us",
	}
	if diff := cmp.Diff(want, got, comparePatterns, cmpopts.IgnoreUnexported(Override{})); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	for _, text := range []string{"", "\n", "# comment\n", "---\n", "--- # c\n...\n", "{}", "rules:\ntypes:\ndiff:\noverrides: ~\n", "null"} {
		if got, err := Parse([]byte(text)); err != nil || !reflect.DeepEqual(got, &Settings{}) {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, ending := range []string{"\r\n", "\r"} {
		if got, err := Parse([]byte("exclude:" + ending + "- a" + ending + "- b" + ending)); err != nil || len(got.Exclude) != 2 {
			t.Errorf("%q: %+v, %v", ending, got, err)
		}
	}
}

func TestErrors(t *testing.T) {
	tests := []struct{ text, want string }{
		{"exlude: []", `1:1: unknown key "exlude"; did you mean "exclude"?`},
		{"apiversion: beta", `1:1: unknown key "apiversion"; did you mean "apiVersion"?`},
		{"severities: []", `1:1: unknown key "severities"; must be one of apiVersion, baseline, diff, exclude, graph, metadata, names, overrides, placeholders, rules, schemas, types`},
		{"types:\n- fles: a", `2:3: unknown key "fles"; did you mean "files"?`},
		{"overrides: [{files: a, type: b}]", `1:24: unknown key "type"; must be one of apiVersion, files, graph, names, rules`},
		{"diff: {exclude: []}", `1:8: unknown key "exclude"; must be ignore`},
		{"rules: {emum-value: off}", `1:9: unknown rule "emum-value"; did you mean "enum-value"?`},
		{"rules: {nonsense: off}", `1:9: unknown rule "nonsense"; "patchlint rules" lists them`},
		{"rules: {guid: loud}", `1:15: the severity of guid must be one of error, warning, info, off; found "loud"`},
		{"rules: {guid: [off]}", `1:15: expected a single value, found a list`},
		{"rules: {guid: }", `1:15: expected a value, found nothing`},
		{"rules: {json-syntax: warning}", `1:22: json-syntax is always an error: a file that cannot be read must not pass`},
		{"rules: {json-limit: off}", `1:21: json-limit is always an error: a file that cannot be read must not pass`},
		{"rules: {json-encoding: off}", `1:24: json-encoding cannot be off: a file that is not checked must not pass; use --exclude or --skip-unknown to skip files`},
		{"rules: {payload-shape: off}", `1:24: payload-shape cannot be off: a file that is not checked must not pass; use --exclude or --skip-unknown to skip files`},
		{"rules: {unknown-type: off}", `1:23: unknown-type cannot be off: a file that is not checked must not pass; use --exclude or --skip-unknown to skip files`},
		{"rules: {filters-lost: off}", `1:23: filters-lost is a rule of patchlint diff; its severity cannot be set`},
		{"rules: [a]", `1:8: expected a mapping such as {key: value}, found a list`},
		{"diff: x", `1:7: expected a mapping such as {key: value}, found a single value`},
		{"exclude: x", `1:10: expected a list such as [a, b], found a single value`},
		{"exclude: {a: b}", `1:10: expected a list such as [a, b], found a mapping`},
		{"exclude: [a, ]\nplaceholders: [~]", `2:16: expected an item, found nothing`},
		{"types: [~]", `1:9: expected an item, found nothing`},
		{"exclude: [[a]]", `1:11: expected a single value, found a list`},
		{"exclude: ['']", `1:11: expected a value, found an empty string`},
		{"exclude: [{a: b}]", `1:11: expected a single value, found a mapping`},
		{"exclude: ['[']", `1:11: pattern "[" is not a valid pattern; close every [ and {, and escape a literal one as \[ or \{`},
		{"types: [{files: a}]", `1:9: missing key "type"`},
		{"types: [{type: complianceManagementPartner}]", `1:9: missing key "files"`},
		{"overrides: [{}]", `1:13: missing key "files"`},
		{"diff: {ignore: [displayName]}", `1:17: "displayName" is not a JSON Pointer such as /displayName`},
		{"baseline:", `1:10: expected a value, found nothing`},
		{"baseline: [a]", `1:11: expected a single value, found a list`},
		{"graph: graph.example.com", `1:8: graph must be one of graph.microsoft.com, graph.microsoft.us, dod-graph.microsoft.us, microsoftgraph.chinacloudapi.cn`},
		{"graph: Graph.microsoft.us", `1:8: graph must be one of graph.microsoft.com, graph.microsoft.us, dod-graph.microsoft.us, microsoftgraph.chinacloudapi.cn`},
		{"graph: https://graph.microsoft.us/", `1:8: graph must be one of graph.microsoft.com, graph.microsoft.us, dod-graph.microsoft.us, microsoftgraph.chinacloudapi.cn`},
		{"names: groups.json", `1:8: expected a list such as [a, b], found a single value`},
		{"names: [a, ]\nnames: [b]", `2:1: duplicate key "names"`},
		{"names: ['']", `1:9: expected a value, found an empty string`},
		{"apiVersion: 1.0", `1:13: unknown API version "1.0"; must be beta or v1.0`},
		{"rules: {guid: off}\nrules: {guid: info}", `2:1: duplicate key "rules"`},
		{"rules: {guid: off, guid: info}", `1:20: duplicate key "guid"`},
		{"- a", `1:1: expected a mapping such as {key: value}, found a list`},
		{"just text", `1:1: expected a mapping such as {key: value}, found a single value`},
		{"exclude: [&a b]", "1:11: " + noReference},
		{"exclude: [*a]", "1:11: " + noReference},
		{"exclude: !!binary aGVsbG8=", "1:10: " + noReference},
		{"exclude: [!!int hunter]", "1:11: " + noReference},
		{"exclude: [!local x]", "1:11: " + noReference},
		{"&a exclude: []", "1:1: " + noReference},
		{"!!str exclude: []", "1:1: " + noReference},
		{"!!map {exclude: []}", "1:1: " + noReference},
		{"<<: {apiVersion: beta}", "1:1: " + noReference},
		{"rules: {<<: {guid: off}}", "1:9: " + noReference},
		{"? [a]\n: b", `1:3: expected a key, found a list`},
		{"exclude: []\n---\nrules: {}\n", `2:1: expected one document, found a second one`},
		{"---\n---\n", `2:1: expected one document, found a second one`},
		{"exclude: []\n...\nhunter", `3:1: expected one document, found a second one`},
		{"rules:\n\tguid: off", `2:1: tabs cannot be used for indentation; use spaces`},
		{"\ufeffrules:\n\tguid: off", `2:1: tabs cannot be used for indentation; use spaces`},
		{"rules: [", `2:1: not valid YAML: did not find expected node content`},
		{"baseline: 'a", `1:13: not valid YAML: found unexpected end of stream`},
		{"baseline: a\x00b", `1:12: control character U+0000`},
		{"# é\x1b[2J", `1:4: control character U+001B`},
		{"a: b\n\xff", `2:1: not valid UTF-8`},
		{"\xff\xfea\x00:\x00", `1:1: the file is UTF-16; save it as UTF-8`},
		{"\xfe\xff\x00a\x00:", `1:1: the file is UTF-16; save it as UTF-8`},
		{"a\x00:\x00 \x00", `1:2: control character U+0000`},
		{"baseline: " + strings.Repeat("a", 1025), `1:11: the value is longer than 1024 bytes`},
		{"placeholders:" + strings.Repeat("\n- a", 1001), `1002:3: the list has more than 1000 items`},
		{strings.Repeat("a", 33) + ": b", `1:1: unknown key; must be one of apiVersion, baseline, diff, exclude, graph, metadata, names, overrides, placeholders, rules, schemas, types`},
		{strings.Repeat("#\n", 1<<15+1), `32769:1: too many values; the settings can have at most 65536 lines and punctuation marks`},
		{strings.Repeat("[", 40), `1:33: nested more than 32 levels deep`},
	}
	for _, test := range tests {
		_, err := Parse([]byte(test.text))
		if got := fmt.Sprint(err); got != test.want {
			t.Errorf("%.60q:\n got %s\nwant %s", test.text, got, test.want)
		}
	}
}

// TestErrorsShowNoSecret checks that an error repeats nothing of a file that
// contains secrets and is not a settings file.
func TestErrorsShowNoSecret(t *testing.T) {
	const secret = "hunter2-Tr0ub4dor"
	for _, text := range []string{
		secret, secret + ": x", "token: " + secret, "token=" + secret, "- " + secret, "[" + secret + "]", "{" + secret + "}", "'" + secret,
		"\"" + secret, "\"\\q" + secret, "*" + secret, "&" + secret, "!" + secret, "!!" + secret + " x", "!<" + secret + "> x", "%" + secret, "@" + secret, "`" + secret,
		"a: |" + secret, "a: >" + secret + "\n b", "? " + secret, "a: b: " + secret, secret + ": a\n" + secret + ": b", "%YAML " + secret,
		"rules: {" + secret + ": off}", "rules: {guid: " + secret + "}", "types: [{" + secret + ": a}]", "exclude: {" + secret + ": a}", "a: *" + secret,
		"a: !!int " + secret, "a: !!binary " + secret, "{a: &" + secret + " b, c: *" + secret + "}", "!" + secret + "!x y", "a: [" + secret, secret + "\n\ta: b",
		"[core]\n\tx = " + secret, "-----BEGIN PRIVATE KEY-----\n" + secret, `{"password": "` + secret, "exclude: [a]\n---\n" + secret, "<<: " + secret, "<<: *" + secret,
	} {
		_, err := Parse([]byte(text))
		if err == nil || strings.Contains(strings.ToLower(err.Error()), "hunter2") {
			t.Errorf("%q: %v", text, err)
		}
	}
	dir := t.TempDir()
	for _, text := range []string{"apiVersion: Bearer Zx9qWv7KpL3mTr8Y", "exclude: ['[glpat-Zx9qWv7KpL3mTr8Ys2Bd']", "names: [glpat-Zx9qWv7KpL3mTr8Ys2Bd]", "metadata: {beta: 'https://u:Zx9qWv7KpL3mTr8Y@x.example'}", "graph: glpat-Zx9qWv7KpL3mTr8Ys2Bd"} {
		if err := os.WriteFile(filepath.Join(dir, Name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenIn(dir); err == nil || strings.Contains(err.Error(), "9qWv7K") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// hostile yields texts of about the given size that are meant to take much time or memory.
func hostile(size int, yield func(name, text string)) {
	for name, text := range map[string]string{
		"alias bomb": func() string {
			text := "a: &a [x]\n"
			for c := 'b'; c < 'z'; c++ {
				text += fmt.Sprintf("%c: &%c [*%c,*%c,*%c,*%c]\n", c, c, c-1, c-1, c-1, c-1)
			}
			return text
		}(),
		"many rules": func() string {
			var b strings.Builder
			b.WriteString("rules:\n")
			for i := range size / 26 {
				fmt.Fprintf(&b, "  rule-%d: off\n", i)
			}
			return b.String()
		}(),
		"staircase": func() string {
			var b strings.Builder
			for i := range corpus.Size(700, 1400) {
				fmt.Fprintf(&b, "%sa:\n", strings.Repeat(" ", i))
			}
			return b.String()
		}(),
		"exponential patterns": "exclude: [" + strings.Repeat("'"+strings.Repeat("{a,aa}", 25)+"', ", 900) + "]",
		"exponential override": "overrides: [{files: '" + strings.Repeat("{a,aa}", 60) + "'}]",
		"long number":          "placeholders: [" + strings.Repeat("9", size-20) + "]",
		"huge exponent":        "placeholders: [1e999999999, -1e-999999999, 0x" + strings.Repeat("f", 900) + ", .inf, .nan]",
		"long key":             strings.Repeat("a", size-2) + ": b",
	} {
		yield(name, text)
	}
	for i, prefix := range []string{"", "a: [", "a: |\n  ", "a: '", "a: \"", "#"} {
		for j, unit := range []string{
			"[", "{", "{a: ", "[a, ", "- ", "? ", ": ", "a: b\n", "rules:\n", "- a\n", "#\n", "\n", "\r\n", "\r", " ", "\t", "\"", "'", "''", "\\\"", "\"a\" ", "|\n", "a: |\n b\n", ">\n\n",
			"---\n", "...\n", "!a ", "&a ", "*a ", "<<: ", "a\n  ", "%a\n", ",", "]", "}", "\u2028", "\u0085", "é", "😀", "\\u0041", "a: \n ", "- - a\n", "@", "`", "a#", "\ufeff", "a ", "x",
		} {
			if i != j%6 { // every prefix and unit, not every pair
				continue
			}
			yield(fmt.Sprintf("%q %q", prefix, unit), prefix+strings.Repeat(unit, (size-len(prefix))/len(unit)))
		}
	}
}

// TestHostile checks that no file within the limit takes memory out of proportion to its
// size, or quadratic time, in which the test would not end, and that errors stay short.
func TestHostile(t *testing.T) {
	size := corpus.Size(1<<18, 1<<20) // at most the limit
	hostile(size, func(name, text string) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Parse([]byte(text))
		runtime.ReadMemStats(&after)
		// The race detector uses memory of its own.
		if allocated := after.TotalAlloc - before.TotalAlloc; !testing.Short() && allocated > uint64(100*size) {
			t.Errorf("%s: %d MiB", name, allocated>>20)
		}
		if err != nil && len(err.Error()) > 1000 {
			t.Errorf("%s: the error has %d bytes", name, len(err.Error()))
		}
	})
}

// encode writes settings as YAML that Parse reads.
func encode(s *Settings) []byte {
	rules := func(r Rules) map[string]string {
		levels := make(map[string]string)
		for id, severity := range r {
			levels[id] = "off"
			if severity != Off {
				levels[id] = severity.String()
			}
		}
		return levels
	}
	types, overrides, exclude := []any{}, []any{}, []any{}
	for _, x := range s.Types {
		types = append(types, map[string]any{"files": x.Files.String(), "type": x.Name.Name})
	}
	paths := func(list []Located) []any {
		names := []any{}
		for _, x := range list {
			names = append(names, x.Name)
		}
		return names
	}
	set := func(in map[string]any, key, value string) {
		if value != "" {
			in[key] = value
		}
	}
	for _, x := range s.Overrides {
		o := map[string]any{"files": x.Files.String(), "rules": rules(x.Rules), "names": paths(x.Names)}
		set(o, "apiVersion", string(x.APIVersion))
		set(o, "graph", string(x.Graph))
		overrides = append(overrides, o)
	}
	schemas := []any{}
	for _, x := range s.Schemas {
		o := map[string]any{"schema": x.File.Name, "paths": []any{}}
		for _, p := range x.Files {
			o["paths"] = append(o["paths"].([]any), p.String())
		}
		set(o, "type", x.Type.Name)
		schemas = append(schemas, o)
	}
	for _, x := range s.Exclude {
		exclude = append(exclude, x.String())
	}
	all := map[string]any{
		"types": types, "rules": rules(s.Rules), "overrides": overrides, "exclude": exclude,
		"placeholders": append([]string{}, s.Placeholders...), "diff": map[string]any{"ignore": append([]patchlint.Pointer{}, s.Diff.Ignore...)},
	}
	set(all, "apiVersion", string(s.APIVersion))
	set(all, "baseline", s.Baseline.Name)
	set(all, "graph", string(s.Graph))
	all["names"], all["schemas"] = paths(s.Names), schemas
	text, err := json.Marshal(all) // JSON is YAML
	if err != nil {
		panic(err)
	}
	return text
}

// FuzzParse checks that parsing does not panic and ends soon, that an error has a
// place in the text, and that accepted settings conform to the JSON Schema and mean
// the same when they are written in another way.
func FuzzParse(f *testing.F) {
	f.Add([]byte("apiVersion: beta\nrules: {guid: off}\noverrides: [{files: a/**, rules: {guid: error}}]\n"))
	f.Add([]byte("types:\n- files: a\n  type: complianceManagementPartner\nexclude: ['*']\nbaseline: |\n  x\ndiff: {ignore: [/a]}\nnames: [a.json]\ngraph: graph.microsoft.us\n"))
	f.Add([]byte("overrides: [{files: prod/**, apiVersion: v1.0, graph: graph.microsoft.us, names: [a.json]}]\nschemas: [{schema: a.json, paths: [a], type: complianceManagementPartner}]\n"))
	f.Add([]byte("placeholders: [a, 'b', \"\\u0041\"]\n# c\n---\n"))
	f.Add([]byte("<<: &a [*a, !!str b]"))
	s, err := conform.Compile(jsonSchema)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		start := time.Now()
		got, err := Parse(src)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("takes %v", took)
		}
		if err != nil {
			var place Place
			if n, _ := fmt.Sscanf(err.Error(), "%d:%d: ", &place.Line, &place.Column); n != 2 || place.Line < 1 || place.Column < 1 {
				t.Errorf("no place in %q", err)
			}
			return
		}
		text := encode(got)
		again, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(string(text), string(encode(again))); diff != "" {
			t.Error(diff)
		}
		var value any
		if err := json.Unmarshal(text, &value); err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(value); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	})
}

// TestJSONSchema checks that the JSON Schema has the keys of the struct, and
// requires the same.
func TestJSONSchema(t *testing.T) {
	type node struct {
		Ref                  string          `json:"$ref"`
		Properties           map[string]node `json:"properties"`
		Required             []string        `json:"required"`
		AdditionalProperties any             `json:"additionalProperties"`
		Items                *node           `json:"items"`
		Type                 string          `json:"type"`
	}
	var document struct {
		node
		Defs map[string]node `json:"$defs"`
	}
	if err := json.Unmarshal(jsonSchema, &document); err != nil {
		t.Fatal(err)
	}
	var compare func(at string, n node, typ reflect.Type)
	compare = func(at string, n node, typ reflect.Type) {
		if n.Ref != "" {
			n = document.Defs[strings.TrimPrefix(n.Ref, "#/$defs/")]
		}
		known := fields(typ)
		switch {
		case len(known) > 0:
			var required []string
			for key, field := range known {
				property, ok := n.Properties[key]
				if !ok {
					t.Errorf("%s: the JSON Schema lacks %s", at, key)
				}
				compare(at+"/"+key, property, typ.Field(field.index).Type)
				if field.required {
					required = append(required, key)
				}
			}
			slices.Sort(required)
			slices.Sort(n.Required)
			if len(n.Properties) != len(known) || !slices.Equal(n.Required, required) || n.AdditionalProperties != false {
				t.Errorf("%s: the JSON Schema has %d keys and requires %q, the struct %d and %q", at, len(n.Properties), n.Required, len(known), required)
			}
		case typ.Kind() == reflect.Slice:
			if n.Type != "array" || n.Items == nil {
				t.Fatalf("%s: not an array", at)
			}
			compare(at+"/items", *n.Items, typ.Elem())
		case typ == reflect.TypeFor[Rules]():
			if n.Type != "object" {
				t.Errorf("%s: not an object", at)
			}
		default:
			if n.Type != "string" && n.Type != "" {
				t.Errorf("%s: not a string", at)
			}
		}
	}
	compare("", document.node, reflect.TypeFor[Settings]())
}

// documented returns the examples of settings in the documentation.
func documented(t *testing.T) (examples []string) {
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	known := fields(reflect.TypeFor[Settings]())
	seen := make(map[string]bool)
	for _, page := range append(pages, "../../README.md") {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllSubmatch(text, -1) {
			var keys map[string]any
			if yaml.Load(block[1], &keys) != nil || slices.ContainsFunc(slices.Collect(maps.Keys(keys)), func(key string) bool { _, ok := known[key]; return !ok }) {
				continue // of another program
			}
			examples = append(examples, string(block[1]))
			for key := range keys {
				seen[key] = true
			}
		}
	}
	for key := range known {
		if !seen[key] {
			t.Errorf("%s is not documented", key)
		}
	}
	return examples
}

// TestJSONSchemaAgrees checks that the JSON Schema accepts what Parse accepts, and
// refuses what Parse refuses, as far as a schema can.
func TestJSONSchemaAgrees(t *testing.T) {
	s, err := conform.Compile(jsonSchema)
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]bool{
		"{}": true, "rules: {}": true, "overrides: [{files: a}]": true, "exclude: []": true,
		"overrides: [{files: prod/**, apiVersion: v1.0, graph: graph.microsoft.us, names: [prod.json]}]": true,
		"overrides: [{files: a, apiVersion: v2}]":                                                        false,
		"overrides: [{files: a, graph: x}]":                                                              false,
		"overrides: [{files: a, names: x}]":                                                              false,
		"overrides: [{apiVersion: beta}]":                                                                false,

		"schemas: [{schema: a.json}]": true, "schemas: [{schema: a.json, paths: [a, b/**], type: complianceManagementPartner}]": true,
		"schemas: [{paths: [a]}]": false, "schemas: [{schema: a.json, paths: a}]": false, "schemas: [{schema: ''}]": false, "schemas: [{schema: a.json, files: a}]": false,
		"exlude: []": false, "apiVersion: v2": false, "types: [{files: a}]": false, "overrides: [{rules: {}}]": false, "exclude: a": false, "exclude: ['']": false,
		"rules: {guid: loud}": false, "rules: []": false, "diff: {ignore: [a]}": false, "diff: {x: []}": false, "baseline: ''": false, "placeholders: ['']": false, "[]": false,
	}
	examples := documented(t)
	for _, example := range examples {
		cases[example] = true
	}
	for text, want := range cases {
		var value any
		if err := yaml.Load([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		_, err := Parse([]byte(text))
		if verdict := s.Validate(value); (verdict == nil) != want || (err == nil) != want {
			t.Errorf("%s: Parse: %v; JSON Schema: %v", text, err, verdict)
		}
	}
}

// TestFiles checks that Files returns all files that the settings name, so that an editor
// notices when one changes.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		Name:     "names: [a.json]\noverrides:\n  - {files: 'x/*', names: [b.json]}\nschemas:\n  - {schema: c.json}\nbaseline: d.json\nmetadata: {v1.0: e.xml}\n",
		"a.json": `{"value": []}`, "b.json": `{"value": []}`, "c.json": `{"type": "object"}`, "d.json": `{"type": "object"}`,
		"e.xml": `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="microsoft.graph" xmlns="http://docs.oasis-open.org/odata/ns/edm"/></edmx:DataServices></edmx:Edmx>`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	run, err := OpenIn(dir)
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, file := range run.Files() {
		have = append(have, filepath.Base(file))
	}
	slices.Sort(have)
	if want := []string{".patchlint.yaml", "a.json", "b.json", "c.json", "d.json", "e.xml"}; !slices.Equal(have, want) {
		t.Errorf("%q, want %q", have, want)
	}
}

// TestPlaces checks that patterns and paths are relative to the directory of the settings,
// wherever a run starts and through a link, and what takes precedence.
func TestPlaces(t *testing.T) {
	root := t.TempDir()
	repository, outside := filepath.Join(root, "repository"), filepath.Join(root, "outside")
	for name, text := range map[string]string{
		".git/HEAD": "ref: refs/heads/main\n", "sub/team.json": `{"type": "object"}`,
		Name: "graph: graph.microsoft.com\nexclude: [sub/a.json]\ntypes: [{files: sub/b.json, type: user}]\n" +
			"overrides: [{files: sub/**, graph: graph.microsoft.us}, {files: sub/b.json, graph: dod-graph.microsoft.us}]\n" +
			"schemas: [{schema: sub/team.json, type: user}, {schema: sub/team.json, type: group}]\n",
	} {
		file := filepath.Join(repository, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(filepath.Join(repository, "sub"))
	run, err := Open("")
	if err != nil {
		t.Fatal(err)
	}
	if !run.Excludes("a.json", false) || run.Excludes("b.json", false) {
		t.Errorf("a.json is excluded: %v, b.json: %v", run.Excludes("a.json", false), run.Excludes("b.json", false))
	}
	if err := os.Symlink(repository, outside); err == nil && !run.Excludes(filepath.Join(outside, "sub", "a.json"), false) { // Windows may not allow links
		t.Error("a.json is not excluded through a link")
	}
	for file, want := range map[string]string{"b.json": "dod-graph.microsoft.us", "c.json": "graph.microsoft.us", "../c.json": "graph.microsoft.com"} {
		if got := run.Of(file).Graph; got != want {
			t.Errorf("%s goes to %s, want %s", file, got, want)
		}
	}
	model, err := schema.Open(schema.Beta)
	if err != nil {
		t.Fatal(err)
	}
	for asked, want := range map[string]string{"": "user", "group": "group"} {
		if r, given, err := run.Resource("b.json", asked, model, patchlint.Unparsed(nil)); err != nil || !given || r.Short() != want {
			t.Errorf("the type of b.json is %v, %v, %v; want %s", r, given, err, want)
		}
	}
	if a, b := run.Schemas[0].team.Type, run.Schemas[1].team.Type; a != "user" || b != "group" {
		t.Errorf("the schema is for %s and %s", a, b)
	}
}

// TestMetadataSecrets checks that an error about metadata repeats no credential, and that
// masking takes no more memory, and so no more work, in a document with many.
func TestMetadataSecrets(t *testing.T) {
	const token = "glpat-Zx9qWv7KpL3mTr8Ys2Bd"
	far := strings.Repeat(" ", 100_000)
	for _, test := range []struct{ text, want string }{
		{"<edmx:Edmx>\npassword: &Zx9qWv7KpL3mTr8Y;", "2:11: unknown entity ***"},
		{"<edmx:Edmx>" + far + "\npassword: &Zx9qWv7KpL3mTr8Y;\n" + far, "2:11: unknown entity ***"},
		{"<edmx:Edmx><" + token + ">" + far, "1:100040: the document ends inside the element ***"},
		{"<edmx:Edmx " + token + ">", "1:38: the attribute *** has no value"},
		{"<edmx:Edmx><password></b>", "1:22: expected the end tag </password>, found </b>"},
		{"<edmx:Edmx><password></edmx:Edmx>", "1:22: expected the end tag </password>, found </edmx:Edmx>"},
	} {
		_, err := ParseMetadata([]byte(test.text), "m.xml", "")
		if want := "m.xml:" + test.want; err == nil || err.Error() != want {
			t.Errorf("%.40s: %v, want %s", strings.TrimSpace(test.text), err, want)
		}
	}
	var large strings.Builder
	large.WriteString("<edmx:Edmx>\n")
	for i := range 100_000 {
		fmt.Fprintf(&large, "<b password=\"Zx9qWv7KpL3mTr8Y%d\"/>\n", i)
	}
	allocated := func(parse func() error) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := parse()
		runtime.ReadMemStats(&after)
		if err == nil {
			t.Error("no error")
		}
		return after.TotalAlloc - before.TotalAlloc
	}
	text := []byte(large.String())
	plain := allocated(func() error { _, err := schema.Parse(text, ""); return err })
	masked := allocated(func() error { _, err := ParseMetadata(text, "m.xml", ""); return err })
	if masked > plain+8<<20 { // the credentials of the whole document take many times as much
		t.Errorf("an error takes %d bytes, and %d with credentials masked", plain, masked)
	}
}

// TestNamesOfManyTenants checks that a names file does not take memory for each of many
// tenants.
func TestNamesOfManyTenants(t *testing.T) {
	if !corpus.Exhaustive() {
		t.Skip("reads 300 MB")
	}
	dir := t.TempDir()
	text := []byte("overrides:\n" + strings.Repeat("  - {files: 'x/*', names: [a.json]}\n", 5))
	names := append([]byte(`{"value": []}`), bytes.Repeat([]byte(" "), 60<<20)...)
	if err := errors.Join(os.WriteFile(filepath.Join(dir, Name), text, 0o666), os.WriteFile(filepath.Join(dir, "a.json"), names, 0o666)); err != nil {
		t.Fatal(err)
	}
	if _, err := OpenIn(dir); err == nil || !strings.HasSuffix(err.Error(), "a.json: the names files of all tenants have more than 268435456 bytes in total") {
		t.Error(err)
	}
}

// TestManySchemas checks that settings cannot name more schemas than the limit.
func TestManySchemas(t *testing.T) {
	dir := t.TempDir()
	for n, want := range map[int]string{maxSchemas: "<nil>", maxSchemas + 1: Name + ":102:14: schema: at most 100 schemas are allowed"} {
		text := []byte("schemas:\n" + strings.Repeat("  - {schema: a.json}\n", n))
		if err := errors.Join(os.WriteFile(filepath.Join(dir, Name), text, 0o666), os.WriteFile(filepath.Join(dir, "a.json"), []byte(`{"type": "object"}`), 0o666)); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenIn(dir); !strings.HasSuffix(fmt.Sprint(err), want) {
			t.Errorf("%d schemas: %v, want %s", n, err, want)
		}
	}
}
