package diff_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"pgregory.net/rapid"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/schema"
)

// TestDynamic checks that dynamic properties of an open type are compared, merged and
// sent by their stated type, or else by the form of their values.
func TestDynamic(t *testing.T) {
	group, fields, user := anyType(t, schema.V1, "group"), anyType(t, schema.V1, "fieldValueSet"), anyType(t, schema.Beta, "user")
	for _, test := range []struct {
		name             string
		r                *schema.Type
		current, desired string
		want, ignore     string
	}{
		{"a type is sent", fields, `{"Colors":["Red"]}`, `{"Colors@odata.type":"Collection(Edm.String)","Colors":["Red","Blue"]}`, `{"Colors@odata.type":"Collection(Edm.String)","Colors":["Red","Blue"]}`, ""},
		{"the type of current is kept", fields, `{"Colors@odata.type":"#Collection(String)","Colors":["Red"]}`, `{"Colors":["Red","Blue"]}`, `{"Colors@odata.type":"#Collection(String)","Colors":["Red","Blue"]}`, ""},
		{"but not of a value that cannot be of it", user, `{"ext_a@odata.type":"#Int64","ext_a":"1"}`, `{"ext_a":"one"}`, `{"ext_a":"one"}`, ""},
		{"nor if it is not the name of a type", fields, `{"a@odata.type":[1],"a":"x"}`, `{"a":"y"}`, `{"a":"y"}`, ""},
		{"nor if it contradicts the value", fields, `{"a@odata.type":"#Collection(String)","a":{}}`, `{"a":{"b":1}}`, `{"a":{"b":1}}`, ""},
		{"a number in a string", user, `{}`, `{"extension_1_n@odata.type":"#Int64","extension_1_n":"12345678901234567"}`, `{"extension_1_n@odata.type":"#Int64","extension_1_n":"12345678901234567"}`, ""},
		{"another type of the same value", user, `{"ext_a@odata.type":"#Int64","ext_a":"1"}`, `{"ext_a@odata.type":"#String","ext_a":"1"}`, `{"ext_a@odata.type":"#String","ext_a":"1"}`, ""},
		{"another type of the same elements", user, `{"ext_a@odata.type":"#Collection(Int64)","ext_a":["1"]}`, `{"ext_a@odata.type":"#Collection(String)","ext_a":["1"]}`, `{"ext_a@odata.type":"#Collection(String)","ext_a":["1"]}`, ""},
		{"another spelling of the type", user, `{"ext_a@odata.type":"#Int64","ext_a":"1"}`, `{"ext_a@odata.type":"Edm.Int64","ext_a":"1"}`, `nothing`, ""},
		{"a type that current does not state", user, `{"ext_a":"1"}`, `{"ext_a@odata.type":"#Int64","ext_a":"1"}`, `nothing`, ""},
		{"one instant", user, `{"ext_a@odata.type":"#DateTimeOffset","ext_a":"2026-01-01T00:00:00Z"}`, `{"ext_a":"2026-01-01T01:00:00+01:00"}`, `nothing`, ""},
		{"a type that nobody knows", user, `{"ext_a@odata.type":"#GeographyPoint","ext_a":{"a":1}}`, `{"ext_a":{"a":2}}`, `{"ext_a@odata.type":"#GeographyPoint","ext_a":{"a":2}}`, ""},
		{"another order", user, `{"ext_a":["a","b"]}`, `{"ext_a":["b","a"]}`, `nothing; /ext_a the same elements in another order`, ""},
		{"another order below", user, `{"ext_a":{"b":["a","b"]}}`, `{"ext_a":{"b":["b","a"]}}`, `nothing; /ext_a the same elements in another order`, ""},
		{"what is left out is left alone", group, `{"ext1_courses":{"courseId":1,"courseName":"x"}}`, `{"ext1_courses":{"courseName":"x"}}`, `nothing`, ""},
		{"what is left out is sent", group, `{"ext1_courses":{"courseId":1,"courseName":"x"}}`, `{"ext1_courses":{"courseName":"y"}}`, `{"ext1_courses":{"courseName":"y","courseId":1}}`, ""},
		{"at any depth", group, `{"a":{"b":{"c":1,"d":[1]},"e":null}}`, `{"a":{"b":{"c":2}}}`, `{"a":{"b":{"c":2,"d":[1]},"e":null}}`, ""},
		{"ignored inside", group, `{"ext1_courses":{"courseId":1,"courseName":"x"}}`, `{"ext1_courses":{"courseId":2,"courseName":"y"}}`, `{"ext1_courses":{"courseId":1,"courseName":"y"}}`, "/ext1_courses/courseId"},
		{"all that differs is ignored", group, `{"ext1_courses":{"courseId":1,"courseName":"x"}}`, `{"ext1_courses":{"courseId":2,"courseName":"x"}}`, `nothing`, "/ext1_courses/courseId"},
		{"null", group, `{"ext1_courses":{"courseId":1}}`, `{"ext1_courses":null}`, `{"ext1_courses":null}`, ""},
		{"null inside", group, `{"ext1_courses":{"courseId":1,"courseName":"x"}}`, `{"ext1_courses":{"courseId":null}}`, `{"ext1_courses":{"courseId":null,"courseName":"x"}}`, ""},
		{"an empty array", fields, `{}`, `{"a":[]}`, `{"a":[]}`, ""},
		{"null for an array", group, `{"a":["x"]}`, `{"a":null}`, `{"a":null}`, ""},
		{"an object for text", group, `{"a":"x"}`, `{"a":{"b":1}}`, `{"a":{"b":1}}`, ""},
		{"a name that is written with an escape", group, `{"a\"b":{"c":1,"d":1}}`, `{"a\"b":{"c":2}}`, `{"a\"b":{"c":2,"d":1}}`, ""},
		{"a name with characters of HTML", group, `{"a<b&c":1}`, `{"a<b&c":2}`, `{"a<b&c":2}`, ""},
		{"what describes a response is not sent", user, `{}`,
			`{"customSecurityAttributes":{"A":{"@odata.context":"x","@odata.etag":"y","@odata.type":"#Microsoft.DirectoryServices.CustomSecurityAttributeValue","P@odata.type":"#Collection(String)","P":["a"],"q@odata.navigationLink":"z"}}}`,
			`{"customSecurityAttributes":{"A":{"@odata.type":"#Microsoft.DirectoryServices.CustomSecurityAttributeValue","P@odata.type":"#Collection(String)","P":["a"]}}}`, ""},
		{"a type that is known", user, `{"ext_a":{"@odata.type":"#microsoft.graph.physicalAddress","city":"a","street":"b"}}`, `{"ext_a":{"city":"c"}}`, `{"ext_a":{"@odata.type":"#microsoft.graph.physicalAddress","city":"c","street":"b"}}`, ""},
		{"a type that is stated for one of another type", user, `{"ext_a":{"@odata.type":"#microsoft.graph.openComplexDictionaryType","city":"a"}}`, `{"ext_a@odata.type":"#microsoft.graph.physicalAddress","ext_a":{"city":"c"}}`, `refused`, ""},
		{"a property that a type does not have", user, `{}`, `{"ext_a":{"@odata.type":"#microsoft.graph.physicalAddress","town":"c"}}`, `refused`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := diff.Options{}
			if test.ignore != "" {
				o.Ignore = []patchlint.Pointer{patchlint.Pointer(test.ignore)}
			}
			current := `{"id":"1","displayName":"a",` + test.current[1:]
			if test.current == "{}" {
				current = `{"id":"1"}`
			}
			got := compute(test.r, current, test.desired, o)
			if test.want == "refused" && strings.HasPrefix(got, "refused") {
				return
			}
			if got != test.want {
				t.Fatalf("got  %s\nwant %s", got, test.want)
			}
			if got[0] != '{' {
				return
			}
			after, _, err := diff.Apply(test.r, "", parse(t, []byte(current)), parse(t, []byte(got)))
			if err != nil {
				t.Fatal(err)
			}
			if again := compute(test.r, string(after), test.desired, o); again[0] == '{' {
				t.Errorf("after it %s is still sent; the object is %s", again, after)
			}
			plan, _ := diff.Compute(test.r, parse(t, []byte(current)), parse(t, []byte(test.desired)), o)
			patch, err := jsonpatch.DecodePatch(plan.JSONPatch())
			if err != nil {
				t.Fatal(err)
			}
			patched, err := patch.Apply([]byte(current))
			shown := strings.Contains(test.desired, "@odata.context") // the JSON Patch shows what the body leaves out
			if err != nil || !shown && !jsonpatch.Equal(patched, after) {
				t.Errorf("the JSON Patch %s makes %s (%v), want %s", plan.JSONPatch(), patched, err, after)
			}
		})
	}
}

// TestForeign checks that a complex value of an unknown type is not sent as a value of
// the declared type.
func TestForeign(t *testing.T) {
	r := anyType(t, schema.Beta, "conditionalAccessPolicy")
	const current = `{"id":"1","sessionControls":{"signInFrequency":{"@odata.type":"#microsoft.graph.novelSIF","value":4,"type":"hours","isEnabled":true,"novel":{"a":[1]}}}}`
	for desired, want := range map[string]string{
		`{"sessionControls":{"signInFrequency":{"value":4}}}`:    "nothing",
		`{"sessionControls":{"signInFrequency":{"value":5}}}`:    "refused",
		`{"sessionControls":{"disableResilienceDefaults":true}}`: "refused",
	} {
		if got := compute(r, current, desired, diff.Options{}); !strings.HasPrefix(got, want) {
			t.Errorf("%s gives %s, want %s", desired, got, want)
		}
	}
}

// TestDynamicLaws checks on random pairs of objects with dynamic properties that after
// the update the properties in desired have their desired values, those that desired
// leaves out and ignored ones are unchanged, and nothing is left to send.
func TestDynamicLaws(t *testing.T) {
	r := anyType(t, schema.V1, "user")
	rapid.Check(t, func(t *rapid.T) {
		g := &generator{T: t}
		object := func() string { return `{"displayName":` + g.text() + "," + g.dynamic(0)[1:] }
		context := `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users` + selecting(r, "ext_a", "ext_b", "ext_c") + `/$entity",`
		currentSrc, desiredSrc := context+object()[1:], object()
		o := diff.Options{Ordered: g.chance(25), Prune: g.chance(15)}
		if g.chance(15) {
			o.Base = parse(t, []byte(object()))
		}
		if g.chance(30) {
			o.Ignore = []patchlint.Pointer{patchlint.Pointer(pick(g, "/ext_a", "/ext_a/ext_b", "/*/ext_a"))}
		}
		fatal := func(format string, args ...any) {
			t.Fatalf("%s\noptions %+v\ncurrent %s\ndesired %s", fmt.Sprintf(format, args...), o, currentSrc, desiredSrc)
		}
		current, desired := parse(t, []byte(currentSrc)), parse(t, []byte(desiredSrc))
		plan, err := diff.Compute(r, current, desired, o)
		if err != nil {
			fatal("refused: %v", err)
		}
		after := current
		if plan.Body != nil && (!json.Valid(plan.Body) || strings.Contains(string(plan.Body), "@odata.note")) {
			fatal("the body is %s", plan.Body)
		}
		if plan.Body != nil {
			src, _, err := diff.Apply(r, "", current, parse(t, plan.Body))
			if err != nil {
				fatal("Apply: %v", err)
			}
			after = parse(t, src)
		}
		if again, err := diff.Compute(r, after, desired, o); err != nil || again.Body != nil {
			fatal("after %s, %s is sent again (%v)", plan.Body, again.Body, err)
		}
		if o.Prune || o.Base != nil {
			return // what they clear is checked elsewhere
		}
		if at := departure(o, after.Root(), current.Root(), desired.Root(), ""); at != "" {
			fatal("after %s, %s is wrong in %s", plan.Body, at, after.Source())
		}
	})
}

// departure returns the pointer to a value that differs from the one that an update from
// was to wanted must produce, or "" if all values are right.
func departure(o diff.Options, have, was, wanted patchlint.Node, at patchlint.Pointer) patchlint.Pointer {
	ignored := func(at patchlint.Pointer) bool {
		return slices.ContainsFunc(o.Ignore, func(p patchlint.Pointer) bool {
			return p == at || strings.HasPrefix(string(p), "/*") && strings.Count(string(at), "/") == 2 && strings.HasSuffix(string(at), string(p[2:]))
		})
	}
	inside := func(n patchlint.Node) bool { return n.Kind() == patchlint.Object }
	switch {
	case ignored(at) || !wanted.Exists():
		wanted = was
	case inside(wanted) && (inside(was) || inside(have) && len(o.Ignore) > 0):
		for _, n := range []patchlint.Node{have, was, wanted} {
			for member := range n.Children() {
				name := member.Name()
				if strings.Contains(name, "@") {
					continue
				}
				if at := departure(o, have.Member(name), was.Member(name), wanted.Member(name), at.Append(name)); at != "" {
					return at
				}
			}
		}
		return ""
	}
	if len(o.Ignore) > 0 && (inside(wanted) && !inside(have) || inside(have) && wanted.Kind() == patchlint.Null) {
		return "" // the whole value is ignored, or the part that remains is
	}
	if plain(have.Value(), o.Ordered) != plain(wanted.Value(), o.Ordered) {
		return at + "?"
	}
	return ""
}

// plain writes a value without nulls, annotations and, unless they are ordered, the order
// of arrays.
func plain(v any, ordered bool) string {
	var list []string
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			if value != nil && !strings.Contains(name, "@") {
				list = append(list, name+":"+plain(value, ordered))
			}
		}
		slices.Sort(list)
		return "{" + strings.Join(list, ",") + "}"
	case []any:
		for _, value := range v {
			list = append(list, plain(value, ordered))
		}
		if !ordered {
			slices.Sort(list)
		}
		return "[" + strings.Join(list, ",") + "]"
	}
	text, _ := json.Marshal(v)
	return string(text)
}

// dynamic draws an object of an open type.
func (g *generator) dynamic(depth int) string {
	var members []string
	for _, name := range []string{"ext_a", "ext_b", "ext_c"} {
		if g.chance(40) {
			continue
		}
		value := pick(g, "null", "1", "2", `"x"`, "[]", `["x","y"]`, `["y","x"]`, `["x",1]`, `[{"ext_a":["x","y"]}]`)
		if depth < 3 && g.chance(60) {
			value = g.dynamic(depth + 1)
		}
		if stated := map[byte]string{'1': "#Int32", '2': "#Int64"}[value[0]]; stated != "" && g.chance(30) {
			members = append(members, `"`+name+`@odata.type":"`+stated+`"`)
		}
		members = append(members, `"`+name+`":`+value)
	}
	return "{" + strings.Join(append(members, `"@odata.note":1`), ",") + "}"
}
