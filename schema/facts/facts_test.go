package facts_test

import (
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/csdl"
	"github.com/patchlint/patchlint/schema/facts"
)

const metadata = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="n" Alias="a" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EnumType Name="e" IsFlags="true"><Member Name="one" Value="1"/><Member Name="two"/><Member Name="eight" Value="8"/></EnumType>
<TypeDefinition Name="d" UnderlyingType="Edm.Int32"/>
<EntityType Name="base" Abstract="true"><Key><PropertyRef Name="id"/></Key><Property Name="id" Type="Edm.String" Nullable="false"/></EntityType>
<EntityType Name="t" BaseType="a.base" OpenType="true">
  <Property Name="p" Type="Collection(Edm.String)"/><Property Name="q" Type="n.m.c"/><Property Name="e" Type="a.e"/>
  <NavigationProperty Name="own" Type="Collection(n.t)" ContainsTarget="true"/><NavigationProperty Name="other" Type="n.t"/>
</EntityType>
<Action Name="do" IsBound="true"><Parameter Name="on" Type="Collection(a.t)"/></Action>
<Function Name="next" IsBound="true"><Parameter Name="on" Type="a.t"/><ReturnType Type="a.t"/></Function>
<Function Name="next" IsBound="true" IsComposable="true"><Parameter Name="on" Type="a.t"/><ReturnType Type="a.t"/></Function>
<Function Name="next" IsBound="true" IsComposable="true"><Parameter Name="on" Type="a.t"/><Parameter Name="by" Type="Edm.Int32"/><ReturnType Type="a.t"/></Function>
<Function Name="size" IsBound="true" IsComposable="true"><Parameter Name="on" Type="a.t"/><ReturnType Type="n.m.c"/></Function>
<Function Name="at" IsBound="true" IsComposable="true"><Parameter Name="on" Type="Collection(a.t)"/><ReturnType Type="a.t"/></Function>
<EntityContainer Name="s"><EntitySet Name="ts" EntityType="n.t"/><Singleton Name="me" Type="n.t"/></EntityContainer>
<Annotations Target="n.t/p"><Annotation Term="Org.OData.Core.V1.Computed" Bool="true"/></Annotations>
<Annotations Target="n.t/e"><Annotation Term="Org.OData.Core.V1.Permissions"><EnumMember>Org.OData.Core.V1.Permission/Write
Org.OData.Core.V1.Permission/Read</EnumMember></Annotation></Annotations>
<Annotations Target="a.t/q"><Annotation Term="Org.OData.Core.V1.Permissions"><EnumMember>Org.OData.Core.V1.Permission/Read</EnumMember></Annotation>
  <Annotation Term="Org.OData.Core.V1.Revisions"><Collection><Record><PropertyValue Property="Date" Date="2026-01-31"/>
  <PropertyValue Property="Kind"><EnumMember>Org.OData.Core.V1.RevisionKind/Deprecated</EnumMember></PropertyValue></Record></Collection></Annotation></Annotations>
</Schema>
<Schema Namespace="n.m" xmlns="http://docs.oasis-open.org/odata/ns/edm"><ComplexType Name="c"><Property Name="x" Type="n.d"/></ComplexType></Schema>
<Schema Namespace="other" Alias="o" xmlns="http://docs.oasis-open.org/odata/ns/edm"><ComplexType Name="c"/></Schema>
</edmx:DataServices></edmx:Edmx>`

const compiled = `patchlint-facts 1 v9 2026-02-01 a=n =n.m o=other
/me .t
/ts *.t
base Ea - t id:s!#
d T i
e Nf - one=1 two eight=8
m.c C - - x:.d
other.c C - -
t Eo base - p:*s= q:m.c~%2026-01-31 e:.e own>*.t other-.t at() do() next()t size()
`

func compile(t *testing.T, src string) (string, error) {
	t.Helper()
	doc, err := csdl.Read(src)
	if err != nil {
		t.Fatal(err)
	}
	return facts.Compile(doc, "v9", "2026-02-01", nil)
}

// TestCompileDerived compiles a document without annotations. Its types stay as they are;
// the facts of another version add only keys, marks and values.
func TestCompileDerived(t *testing.T) {
	doc, err := csdl.Read(`<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="n" Alias="a" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EnumType Name="e"><Member Name="one" Value="1"/><Member Name="three" Value="2"/><Member Name="eight" Value="8"/><Member Name="nine"/></EnumType>
<EnumType Name="new"><Member Name="zero"/></EnumType>
<EntityType Name="base" Abstract="true"><Property Name="id" Type="Edm.String"/></EntityType>
<EntityType Name="t" BaseType="a.base"><Property Name="p" Type="Edm.Boolean"/><Property Name="q" Type="Edm.String"/></EntityType>
<ComplexType Name="c"><Property Name="id" Type="Edm.String"/></ComplexType>
</Schema></edmx:DataServices></edmx:Edmx>`)
	if err != nil {
		t.Fatal(err)
	}
	const want = `patchlint-facts 1 v9 2026-02-01 a=n
base Ea - t id:s#
c C - - id:s
e N - one=1 three=? eight=8 nine=?
new N - zero=?
t E base - p:b= q:s~
`
	got, err := facts.Compile(doc, "v9", "2026-02-01", facts.Open(compiled))
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Fatal(err, diff)
	}
	e, _ := facts.Open(got).Type("e")
	if diff := cmp.Diff([]facts.Member{{"one", "1"}, {"three", ""}, {"eight", "8"}, {"nine", ""}}, e.Members); diff != "" {
		t.Error(diff)
	}
}

func TestFacts(t *testing.T) {
	text, err := compile(t, metadata)
	if diff := cmp.Diff(compiled, text); err != nil || diff != "" {
		t.Fatal(err, diff)
	}
	f := facts.Open(text)
	got, _ := f.Type("t")
	want := facts.Type{
		Name: "t", Kind: facts.Entity, Open: true, Base: "base", Operations: []facts.Operation{{"at", ""}, {"do", ""}, {"next", "t"}, {"size", ""}},
		Properties: []facts.Property{
			{Name: "p", Type: facts.Reference{Name: "Edm.String", Collection: true}, Computed: true},
			{Name: "q", Type: facts.Reference{Name: "m.c"}, Read: true, Deprecated: "2026-01-31"},
			{Name: "e", Type: facts.Reference{Name: "e"}},
			{Name: "own", Type: facts.Reference{Name: "t", Collection: true}, Navigation: true, Contained: true},
			{Name: "other", Type: facts.Reference{Name: "t"}, Navigation: true},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	enum, _ := f.Type("e")
	if diff := cmp.Diff(facts.Type{Name: "e", Kind: facts.Enum, Flags: true, Members: []facts.Member{{"one", "1"}, {"two", "2"}, {"eight", "8"}}}, enum); diff != "" {
		t.Error(diff)
	}
	for short, full := range map[string]string{"t": "n.t", "m.c": "n.m.c", "other.c": "other.c"} {
		if f.Full(short) != full || f.Short(full) != short {
			t.Errorf("%s: Full %s, Short %s", short, f.Full(short), f.Short(full))
		}
	}
	if f.Short("a.t") != "t" || f.Short("o.c") != "other.c" || f.Short("x.t") != "x.t" {
		t.Error("aliases")
	}
	if _, ok := f.Type("/ts"); ok {
		t.Error("an entity set is not a type")
	}
	if roots := maps.Collect(f.Roots); roots["ts"] != (facts.Reference{Name: "t", Collection: true}) {
		t.Error(roots)
	}
	for _, name := range []string{"", "tt", "T", "zzz", "\n", "m"} {
		if _, ok := f.Type(name); ok {
			t.Errorf("%q is found", name)
		}
	}
}

// chain declares types, each derived from the next.
func chain(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<ComplexType Name="t%02d" BaseType="n.t%02d"/>`, i, i+1)
	}
	fmt.Fprintf(&b, `<ComplexType Name="t%02d"/>`, n)
	return b.String()
}

func TestCompileRefuses(t *testing.T) {
	for _, test := range []struct{ types, want string }{
		{`<ComplexType Name="x" BaseType="n.y"/>`, "2:1: unknown base type n.y of x"},
		{`<ComplexType Name="x" BaseType="n.y"/>
<ComplexType Name="y" BaseType="n.x"/>`, "3:1: y is derived from itself"},
		{`<ComplexType Name="x" BaseType="n.x"/>`, "2:1: x is derived from itself"},
		{`<ComplexType Name="x"/><EnumType Name="x"/>`, "2:24: x is declared twice"},
		{`<ComplexType Name="x"><Property Name="p" Type="Edm.Guid"/><Property Name="p" Type="Edm.String"/></ComplexType>`, "2:59: p is declared twice"},
		{`<EntityType Name="x"><Property Name="p" Type="Edm.Guid"/><NavigationProperty Name="p" Type="n.x"/></EntityType>`, "2:58: p is declared twice"},
		{`<EnumType Name="x"><Member Name="p"/><Member Name="p"/></EnumType>`, "2:1: p is declared twice"},
		{`<EntityType Name="x"/><EntityContainer Name="c"><EntitySet Name="s" EntityType="n.x"/><Singleton Name="s" Type="n.x"/></EntityContainer>`, "2:87: s is declared twice"},
		{`<ComplexType Name="x"><Property Name="p" Type="n.y"/></ComplexType>`, "2:23: unknown type n.y"},
		{`<ComplexType Name="x"><Property Name="p" Type="Edm.Strin"/></ComplexType>`, "2:23: unknown type Edm.Strin"},
		{`<EntityType Name="x"><NavigationProperty Name="p" Type="Collection(n.y)"/></EntityType>`, "2:22: unknown type Collection(n.y)"},
		{`<TypeDefinition Name="x" UnderlyingType="n.x"/>`, "2:1: the underlying type of x is not primitive"},
		{`<EntityContainer Name="c"><EntitySet Name="s" EntityType="n.x"/></EntityContainer>`, "2:27: unknown type Collection(n.x)"},
		{chain(70), "2:1: t00 has more than 64 base types"},
	} {
		_, err := compile(t, `<Edmx><DataServices><Schema Namespace="n">`+"\n"+test.types+`</Schema></DataServices></Edmx>`)
		if err == nil || err.Error() != test.want {
			t.Errorf("%s: %v, want %s", test.types, err, test.want)
		}
	}
}

// TestEmbedded checks that the lines of the embedded facts are sorted, and that every
// line is found by its name and refers only to existing types.
func TestEmbedded(t *testing.T) {
	for _, version := range []string{"v1.0", "beta"} {
		f := facts.Embedded(version)
		last, count := "", 0
		for name := range f.Names {
			if name <= last {
				t.Errorf("%s: %s after %s", version, name, last)
			}
			last = name
			count++
			of, ok := f.Type(name)
			if !ok {
				t.Errorf("%s: %s is not found", version, name)
			}
			refer := strings.FieldsFunc(of.Derived, func(r rune) bool { return r == ',' })
			if of.Base != "" {
				refer = append(refer, of.Base)
			}
			for _, p := range of.Properties {
				refer = append(refer, p.Type.Name)
			}
			for _, other := range refer {
				if _, ok := f.Type(other); !ok && !strings.HasPrefix(other, "Edm.") {
					t.Errorf("%s: %s refers to %s", version, name, other)
				}
			}
		}
		for name, of := range f.Roots {
			if _, ok := f.Type(of.Name); !ok {
				t.Errorf("%s: /%s is a %s", version, name, of.Name)
			}
		}
		if count < 3000 {
			t.Errorf("%s: %d types", version, count)
		}
	}
}

// TestFresh compares the embedded facts with the output of the generator for the
// published metadata.
func TestFresh(t *testing.T) {
	for version, name := range map[string]string{"v1.0": "graph-v1.0.csdl.gz", "beta": "graph-beta-derived.csdl.gz"} {
		doc, err := csdl.Read(string(corpus.Published(t, name)))
		if err != nil {
			t.Fatal(err)
		}
		f := facts.Embedded(version)
		var published *facts.Facts
		if version == "beta" {
			published = facts.Embedded("v1.0")
		}
		text, err := facts.Compile(doc, version, f.Revision, published)
		if err != nil {
			t.Fatal(err)
		}
		embedded, err := os.ReadFile(version + ".facts")
		if err != nil {
			t.Fatal(err)
		}
		if text != string(embedded) {
			t.Errorf("%s.facts is stale: run generate.go", version)
		}
	}
}

// TestDocuments checks that the documents state how many facts there are and their dates.
func TestDocuments(t *testing.T) {
	rows := []string{"| entity types", "| complex types", "| enumerations", "| entity sets and singletons", "| date of the facts"}
	for _, version := range []string{"v1.0", "beta"} {
		f := facts.Embedded(version)
		count := make(map[facts.Kind]int)
		for _, kind := range f.Names {
			count[kind]++
		}
		roots := 0
		for range f.Roots {
			roots++
		}
		for i, n := range []int{count[facts.Entity], count[facts.Complex], count[facts.Enum], roots} {
			rows[i] += " | " + thousands(n)
		}
		rows[4] += " | " + f.Revision
		contains(t, "../../README.md", version+" of "+f.Revision)
	}
	for _, row := range rows {
		contains(t, "../../docs/metadata.md", row+" |\n")
	}
}

// thousands returns a number below a million in the form that prose uses.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%d,%03d", n/1000, n%1000)
}

func contains(t *testing.T, file, want string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), want) {
		t.Errorf("%s lacks %q", file, want)
	}
}
