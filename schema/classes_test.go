package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/patchlint/patchlint"
)

// odd is a model in which filters, collections and defaults stand where no
// assignment has them, and one type has more properties than usual.
const odd = `<edmx:Edmx Version="4.01" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="odd" Alias="o" xmlns="http://docs.oasis-open.org/odata/ns/edm">
  <EnumType Name="kind"><Member Name="none" Value="0"/><Member Name="include" Value="1"/></EnumType>
  <EntityType Name="thing"><Property Name="parts" Type="Collection(odd.part)"/><Property Name="names" Type="Collection(Edm.String)"/><Property Name="keys" Type="Collection(Edm.Guid)"/><Property Name="times" Type="Collection(Edm.DateTimeOffset)"/></EntityType>
  <ComplexType Name="part">
    <Property Name="deviceAndAppManagementAssignmentFilterId" Type="Edm.String"/>
    <Property Name="deviceAndAppManagementAssignmentFilterType" Type="Edm.String"/>
    <Property Name="target" Type="odd.inner"/>
    <Property Name="many" Type="odd.many"/>
    <Property Name="list" Type="Collection(odd.inner)"/>
    <Property Name="name" Type="Edm.String" DefaultValue="nobody"/>
  </ComplexType>
  <ComplexType Name="longPart" BaseType="odd.part"><Property Name="otherId" Type="Edm.String"/></ComplexType>
  <ComplexType Name="inner">
    <Property Name="deviceAndAppManagementAssignmentFilterId" Type="Edm.String"/>
    <Property Name="deviceAndAppManagementAssignmentFilterType" Type="odd.kind" DefaultValue="none"/>
    <Property Name="inner" Type="odd.inner"/>
    <Property Name="groupId" Type="Edm.String"/>
    <Property Name="labels" Type="Collection(Edm.String)"/>
    <Property Name="when" Type="Edm.DateTimeOffset"/>
  </ComplexType>
  <ComplexType Name="innex" BaseType="odd.inner"/>
  <ComplexType Name="many">
    <Property Name="a" Type="Edm.String"/><Property Name="b" Type="Edm.Int64"/><Property Name="c" Type="Edm.Boolean"/>
    <Property Name="d" Type="Edm.String"/><Property Name="e" Type="Edm.String"/><Property Name="f" Type="Edm.String"/>
    <Property Name="g" Type="Edm.Double"/><Property Name="h" Type="Edm.String"/><Property Name="inner" Type="odd.inner"/>
  </ComplexType>
  <EntityType Name="root"><NavigationProperty Name="things" Type="Collection(odd.thing)" ContainsTarget="true"/></EntityType>
  <EntityContainer Name="service"><Singleton Name="root" Type="odd.root"/></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`

// collection is a property whose elements are compared.
type collection struct {
	model    *Model
	property *Property
}

func collections(t testing.TB) []collection {
	t.Helper()
	probeSource, err := os.ReadFile("../testdata/csdl/probe.xml")
	if err != nil {
		t.Fatal(err)
	}
	var list []collection
	add := func(m *Model, err error) {
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range m.Resources() {
			for _, p := range r.Type.Properties {
				if p.Collection && !slices.ContainsFunc(list, func(c collection) bool { return c.model == m && c.property.Type == p.Type }) {
					list = append(list, collection{m, p})
				}
			}
		}
	}
	add(Parse([]byte(odd), "odd"))
	add(Parse(probeSource, "probe"))
	add(Open(Beta))
	add(Open(V1))
	return list
}

// badHashes are hashes that tell less than they should.
var badHashes = map[string]func([]byte) uint64{
	"good": nil,
	"none": func([]byte) uint64 { return 0 },
	"some": func(text []byte) uint64 { return uint64(len(text) % 3) },
}

// checkClasses holds that elements are of one class, and have one target,
// exactly when their canonical texts are the same, and of one spelling when
// their bytes are.
func checkClasses(t interface{ Fatalf(string, ...any) }, c collection, elements []patchlint.Node) {
	for _, how := range []Comparison{{}, {Ordered: true}, WithoutFilter} {
		var w meaning
		w.reset(c.model, c.property, how)
		for range 2 {
			for i, n := range elements {
				if want, got := c.model.CanonicalElement(n, c.property, how), string(w.element(n, c.property)); got != want {
					t.Fatalf("%s by %v is\n%s, want\n%s\nafter %d of %s", n.Raw(), how, got, want, i, n.Document().Source())
				}
			}
		}
	}
	for name, hash := range badHashes {
		var classes Classes
		classes.spellings.hash, classes.meanings.hash = hash, hash
		for _, size := range []int{0, 1, 2 * len(elements)} { // memory that is used again must not matter
			classes.Reset(c.model, c.property, size)
			bySpelling, byClass, byTarget := make(map[string]int), make(map[string]int), make(map[string]int)
			for _, n := range elements {
				spelling := classes.Spelling(n)
				if want, known := bySpelling[string(n.Raw())]; known && want != spelling || !known && spelling != len(bySpelling) {
					t.Fatalf("%s has spelling %d of %v, hash %s", n.Raw(), spelling, bySpelling, name)
				}
				bySpelling[string(n.Raw())] = spelling
				if first := classes.Element(spelling); !bytes.Equal(first.Raw(), n.Raw()) {
					t.Fatalf("%s is spelling %d of %s", first.Raw(), spelling, n.Raw())
				}
			}
			for i, n := range elements {
				text := c.model.CanonicalElement(n, c.property, Comparison{})
				class := classes.Class(classes.Spelling(n))
				if want, known := byClass[text]; known && want != class || !known && class != len(byClass) {
					t.Fatalf("%s has class %d of %v, hash %s", n.Raw(), class, byClass, name)
				}
				byClass[text] = class
				if bare := c.model.CanonicalElement(n, c.property, WithoutFilter); bare != text && !classes.Filtered() {
					t.Fatalf("%s has a filter", n.Raw())
				}
				before := elements[max(0, i-1)]
				if want := c.model.CanonicalElement(n, c.property, Comparison{Ordered: true}) == c.model.CanonicalElement(before, c.property, Comparison{Ordered: true}); classes.Same(n, before) != want {
					t.Fatalf("%s and %s: same %t", before.Raw(), n.Raw(), !want)
				}
			}
			for _, n := range elements {
				bare := c.model.CanonicalElement(n, c.property, WithoutFilter)
				target := classes.Target(classes.Spelling(n))
				want, known := byTarget[bare]
				if class, unfiltered := byClass[bare]; unfiltered {
					want, known = class, true
				}
				if known && want != target || !known && target < len(byClass) {
					t.Fatalf("%s has target %d of %v, of classes %v, hash %s", n.Raw(), target, byTarget, byClass, name)
				}
				byTarget[bare] = target
			}
			if len(slices.Compact(slices.Sorted(maps.Values(byTarget)))) != len(byTarget) {
				t.Fatalf("different targets have one number: %v, hash %s", byTarget, name)
			}
		}
		classes.Release()
	}
}

// alike are texts of one length that mean something else.
var alike = map[string]string{
	"none": "nine", "nine": "none", "nobody": "nobodx", "nobodx": "nobody",
	"#odd.inner": "#odd.innex", "#odd.innex": "#odd.inner", "#odd.part": "#odd.kind",
	"0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c": ZeroGUID, ZeroGUID: "0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5d",
	"a<b": "a&b", "2026-01-31T08:00:00Z": "2026-01-31T08:00:01Z",
}

// respell returns a JSON text that says much the same as a value: with members
// in another order or twice, other escapes, white space, other cases, and near
// misses; the more of them the wilder.
func respell(t *rapid.T, value any, wild int) string {
	chance := func(percent int) bool { return rapid.IntRange(0, 999).Draw(t, "chance") < percent*wild }
	space := func() string {
		if chance(10) {
			return rapid.SampledFrom([]string{" ", "\n\t"}).Draw(t, "space")
		}
		return ""
	}
	text := func(s string) string {
		var b bytes.Buffer
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		_ = encoder.Encode(s)
		quoted := strings.ReplaceAll(strings.TrimSpace(b.String()), `\u2028`, "\u2028")
		if chance(5) && len(s) > 0 && s[0] < 0x80 {
			return fmt.Sprintf(`"\u%04x%s`, s[0], quoted[2:])
		}
		return quoted
	}
	switch v := value.(type) {
	case string:
		switch {
		case alike[v] != "" && chance(20):
			v = alike[v]
		case chance(5):
			return rapid.SampledFrom([]string{`null`, `""`, `"none"`, `"include"`, `0`, `1.0`, `1e0`, `true`, `{}`, `[]`, `"<é&"`, "\"\xff\"", `"` + ZeroGUID + `"`, `"nobody"`}).Draw(t, "other")
		case chance(10):
			v = strings.ToUpper(v)
		case chance(5):
			v = strings.TrimPrefix(v, "#")
		case chance(10) && len(v) > 0 && v[len(v)-1] < 0x80:
			v = v[:len(v)-1] + rapid.SampledFrom([]string{"0", "1", "A", "a", "-", "<", "\\", "\x7f"}).Draw(t, "last")
		}
		return text(v)
	case []any:
		var parts []string
		for _, e := range v {
			if !chance(5) {
				parts = append(parts, space()+respell(t, e, wild)+space())
			}
		}
		if chance(10) {
			slices.Reverse(parts)
		}
		return "[" + strings.Join(parts, ",") + "]"
	case map[string]any:
		var names []string
		for name := range v {
			names = append(names, name)
		}
		slices.Sort(names) // "@odata.type" is the first
		var parts []string
		for _, name := range names {
			for again := true; again; again = chance(3) {
				if !chance(5) {
					parts = append(parts, space()+text(name)+space()+":"+space()+respell(t, v[name], wild))
				}
			}
		}
		if chance(5) {
			parts = append(parts, `"unknown":1`)
		}
		if chance(10) {
			slices.Reverse(parts)
		}
		return "{" + strings.Join(parts, ",") + space() + "}"
	}
	out, _ := json.Marshal(value)
	return string(out)
}

// draw draws a value of a property, or of nothing.
func draw(t *rapid.T, m *Model, p *Property, depth int) any {
	switch {
	case p.Type.Structured():
		types := m.Derived(p.Type)
		typ := rapid.SampledFrom(types).Draw(t, "type")
		object := make(map[string]any)
		if typ != p.Type || rapid.Bool().Draw(t, "typed") {
			object["@odata.type"] = typ.TypeName()
			if rapid.IntRange(0, 19).Draw(t, "another type") == 0 {
				object["@odata.type"] = rapid.SampledFrom(m.Types()).Draw(t, "type").TypeName()
			}
		}
		for _, inner := range typ.Properties {
			if depth > 3 || rapid.IntRange(0, 9).Draw(t, "absent") < 4 {
				continue
			}
			if !inner.Collection {
				object[inner.Name] = draw(t, m, inner, depth+1)
				continue
			}
			list := make([]any, rapid.IntRange(0, 2).Draw(t, "length"))
			for i := range list {
				list[i] = draw(t, m, inner, depth+1)
			}
			object[inner.Name] = list
		}
		return object
	case p.Type.Category == Enum:
		return rapid.SampledFrom(p.Type.MemberNames()).Draw(t, "member")
	}
	switch p.Type.Name {
	case "Edm.Boolean":
		return rapid.Bool().Draw(t, "bool")
	case "Edm.DateTimeOffset":
		return rapid.SampledFrom([]string{"2026-01-31T08:00:00Z", "2026-01-31T09:00:00+01:00", "2026-01-31"}).Draw(t, "instant")
	case "Edm.String", "Edm.Guid":
		return rapid.SampledFrom([]string{"0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c", "0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5d", "0A4B7C1E-3f52-4c8d-9b60-7d1e2f3a4b5c", ZeroGUID, "", "none", "include", "nobody", "Contoso", "a<b", "a\u2028b", "é"}).Draw(t, "text")
	}
	return rapid.SampledFrom([]float64{0, 1, -1.5, 1e21}).Draw(t, "number")
}

// lists are arrays of elements that are told apart with care.
var lists = []string{
	`[{"target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"}},{"target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"0A4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"}}]`,
	`[{"target":{"@odata.type":"graph.allLicensedUsersAssignmentTarget","deviceAndAppManagementAssignmentFilterId":"","deviceAndAppManagementAssignmentFilterType":"include"}},{"target":{"@odata.type":"graph.allLicensedUsersAssignmentTarget"}}]`,
	`[{"target":{"groupId":"a\"b","when":"2026-01-31T08:00:00Z"},"many":{"h":"x","a":"y"},"name":"nobody","list":[{"groupId":"b"},{"groupId":"a"}]},{"target":{"groupId":"a","groupId":"b"}}]`,
	`["a","A",null,1,1.0,"\u0061",[],{}]`,
	`[{"target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"a","@odata.type":"#microsoft.graph.scopeTagGroupAssignmentTarget"}}]`,
	// of one length, and alike outside of the one string
	`[{"otherId":"abcdefghi"},{"otherId":"a","y":"b"}]`,
	`[{"target":{"groupId":"abcdefghi"}},{"target":{"groupId":"a","y":"b"}}]`,
	`[{"target":{"groupId":"aa"}},{"target":{"groupId":"\n"}}]`,
	// a default, and a filter that is none
	`[{"name":"nobodx"},{"name":"nobody"}]`,
	`[{"deviceAndAppManagementAssignmentFilterId":"a","deviceAndAppManagementAssignmentFilterType":"nine"},{"deviceAndAppManagementAssignmentFilterId":"a","deviceAndAppManagementAssignmentFilterType":"none"}]`,
	`[{"target":{"deviceAndAppManagementAssignmentFilterId":"a","deviceAndAppManagementAssignmentFilterType":"nine"}},{"target":{"deviceAndAppManagementAssignmentFilterId":"a","deviceAndAppManagementAssignmentFilterType":"none"}}]`,
	// a filter that has an id, and as many zeros
	`[{"target":{"deviceAndAppManagementAssignmentFilterId":"0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c","deviceAndAppManagementAssignmentFilterType":"include"}},` +
		`{"target":{"deviceAndAppManagementAssignmentFilterId":"00000000-0000-0000-0000-000000000000","deviceAndAppManagementAssignmentFilterType":"include"}}]`,
	// two strings, in the order of the model and in another
	`[{"@odata.type":"#odd.longPart","name":"a","otherId":"b"},{"@odata.type":"#odd.longPart","name":"c","otherId":"d"}]`,
	`[{"mode":"a","inner":{"b":"x","a":"y"}},{"mode":"b","inner":{"b":"z","a":"w"}},{"inner":{"a":"y","b":"x"},"mode":"a"}]`,
}

// TestClasses holds it on those, and on random lists of elements that are much
// alike.
func TestClasses(t *testing.T) {
	for _, c := range collections(t) {
		for _, list := range lists {
			doc, _ := patchlint.Parse([]byte(list), patchlint.JSON)
			checkClasses(t, c, slices.Collect(doc.Root().Children()))
		}
	}
	for _, c := range collections(t) {
		t.Run(string(c.model.Version)+" "+c.property.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				var texts []string
				for range rapid.IntRange(1, 3).Draw(t, "values") {
					value := draw(t, c.model, c.property, 0)
					for range rapid.IntRange(1, 5).Draw(t, "spellings") {
						text := respell(t, value, rapid.SampledFrom([]int{0, 3, 10}).Draw(t, "wild"))
						texts = append(texts, text)
						if from := rapid.SampledFrom(slices.Sorted(maps.Keys(alike))).Draw(t, "from"); strings.Contains(text, from) {
							texts = append(texts, strings.Replace(text, from, alike[from], 1))
						}
					}
				}
				texts = append(texts, rapid.SampledFrom(texts).Draw(t, "again"))
				doc, _ := patchlint.Parse([]byte("["+strings.Join(texts, ",")+"]"), patchlint.JSON)
				checkClasses(t, c, slices.Collect(doc.Root().Children()))
			})
		})
	}
}

// FuzzClasses holds it for the elements of any array.
func FuzzClasses(f *testing.F) {
	for i, list := range lists {
		f.Add([]byte(list), uint8(i))
	}
	all := collections(f)
	f.Fuzz(func(t *testing.T, src []byte, which uint8) {
		doc, _ := patchlint.Parse(src, patchlint.JSON)
		if doc.Root().Kind() == patchlint.Array && doc.Root().Len() <= 50 {
			checkClasses(t, all[int(which)%len(all)], slices.Collect(doc.Root().Children()))
		}
	})
}
