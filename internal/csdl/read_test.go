package csdl

import (
	"encoding/xml"
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"github.com/patchlint/patchlint/internal/corpus"
)

const frame = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="n" Alias="a" xmlns="http://docs.oasis-open.org/odata/ns/edm">%</Schema></edmx:DataServices></edmx:Edmx>`

func TestRead(t *testing.T) {
	doc, err := Read(strings.Replace(frame, "%", `
<!-- a comment with <Schema> in it -->
<EnumType Name="e" IsFlags="true"><Member Name="one"/><Member Name="four" Value="4"/><Member Name="five"/></EnumType>
<ComplexType Name="c" OpenType='true'><Property Name="p" Type="Collection(Edm.String)" Nullable="false"/></ComplexType>
<EntityType Name="t" BaseType="a.b" Abstract="true">
  <Key><PropertyRef Name="id"/></Key>
  <NavigationProperty Name="n" Type="a.t" ContainsTarget="true"/>
  <Annotation Term="Org.OData.Core.V1.Description" String="a &lt; b &#38; &#x63;"/>
</EntityType>
<Action Name="do" IsBound="true"><Parameter Name="on" Type="a.t"/><Parameter Name="x" Type="Edm.String"/></Action>
<Function Name="free"><Parameter Name="x" Type="Edm.String"/></Function>
<Function Name="next" IsBound="true" IsComposable="true"><Parameter Name="on" Type="a.t"/><ReturnType Type="a.t"/></Function>
<Function Name="last" IsBound="true"><Parameter Name="on" Type="a.t"/><ReturnType Type="a.t"/></Function>
<EntityContainer Name="s"><EntitySet Name="ts" EntityType="n.t"/><Singleton Name="me" Type="n.t"/></EntityContainer>
<Annotations Target="n.t/n"><Annotation Term="Org.OData.Core.V1.Revisions"><Collection><Record>
  <PropertyValue Property="Date" Date="2026-01-31"/><PropertyValue Property="Done"><Bool>false</Bool></PropertyValue><PropertyValue Property="Kind"><EnumMember>Org.OData.Core.V1.RevisionKind/Deprecated</EnumMember></PropertyValue>
</Record></Collection></Annotation></Annotations>`, 1))
	if err != nil {
		t.Fatal(err)
	}
	want := &Document{
		Schemas: []*Schema{{
			Namespace: "n", Alias: "a",
			EnumTypes: []EnumType{{Name: "e", IsFlags: true, Members: []Member{{Name: "one"}, {Name: "four", Value: 4}, {Name: "five", Value: 5}}}},
			Types: []*Structured{
				{Name: "c", OpenType: true, Properties: []Property{{Name: "p", Type: "Collection(Edm.String)", NotNull: true}}},
				{
					Name: "t", Entity: true, BaseType: "a.b", Abstract: true, Key: []string{"id"},
					Properties:  []Property{{Name: "n", Type: "a.t", Navigation: true, ContainsTarget: true}},
					Annotations: Annotations{{Term: "Core.Description", Expression: Expression{Text: "a < b & c"}}},
				},
			},
			Operations: []Operation{{"do", "a.t", ""}, {"free", "", ""}, {"next", "a.t", "a.t"}, {"last", "a.t", ""}},
			Roots:      []Named{{Name: "ts", Type: "Collection(n.t)"}, {Name: "me", Type: "n.t"}},
		}},
		Outside: []Target{{"n.t/n", Annotations{{Term: "Core.Revisions", Expression: Expression{Items: []Expression{{Record: Annotations{
			{Term: "Date", Expression: Expression{Text: "2026-01-31"}},
			{Term: "Done", Expression: Expression{Text: "false"}},
			{Term: "Kind", Expression: Expression{Text: "Core.RevisionKind/Deprecated"}},
		}}}}}}}},
	}
	places := cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".At" || p.Last().String() == ".source" }, cmp.Ignore())
	if diff := cmp.Diff(want, doc, places); diff != "" {
		t.Error(diff)
	}
}

// TestReadUTF16 reads a document as Windows PowerShell saves what a program prints.
func TestReadUTF16(t *testing.T) {
	src := []byte{0xFF, 0xFE}
	for _, unit := range utf16.Encode([]rune(strings.Replace(frame, "%", "\r\n<EntityType Name=\"größe\"/>", 1))) {
		src = append(src, byte(unit), byte(unit>>8))
	}
	doc, err := Read(string(src))
	if err != nil || len(doc.Schemas) != 1 || len(doc.Schemas[0].Types) != 1 || doc.Schemas[0].Types[0].Name != "größe" {
		t.Errorf("%+v, %v", doc, err)
	}
}

// TestReadFaults checks that what is not CSDL is refused with its place.
func TestReadFaults(t *testing.T) {
	long := strings.Repeat("a", 500) // a message has the start of it
	start := long[:60] + "..."
	for _, test := range []struct{ src, want string }{
		{"", "1:1: the document is empty"},
		{"\n  {\"value\": []}", "1:1: this is JSON; expected metadata in CSDL XML, as GET $metadata returns it"},
		{"openapi: 3.0.4", "1:1: this is not XML; expected metadata in CSDL XML, as GET $metadata returns it"},
		{"<html>\n<body>", "1:1: expected the root element edmx:Edmx of CSDL, found html"},
		{"<!DOCTYPE lolz [<!ENTITY lol \"lol\">]>\n<x/>", "1:1: a document type declaration is not allowed"},
		{"<Edmx>\n<DataServices/>\n</Edmx>", "1:1: the document has no Schema"},
		{"\n<e:Edmx xmlns:e='http://schemas.microsoft.com/ado/2007/06/edmx'/>", "2:1: expected the namespace http://docs.oasis-open.org/odata/ns/edmx of CSDL 4, found http://schemas.microsoft.com/ado/2007/06/edmx"},
		{"<Edmx xmlns='n' xmlns:e='http://docs.oasis-open.org/odata/ns/edmx'/>", "1:1: expected the namespace http://docs.oasis-open.org/odata/ns/edmx of CSDL 4, found n"},
		{"<Edmx><DataServices>\n<Schema Namespace='n'>", "2:23: the document ends inside the element Schema"},
		{"<Edmx><DataServices><Schema Namespace='n'></DataServices>", "1:43: expected the end tag </Schema>, found </DataServices>"},
		{"<Edmx><DataServices><Schema/>", "1:21: Schema needs the attribute Namespace"},
		{"<Edmx>\n  <a b=c/></Edmx>", "2:8: the value of the attribute b is not quoted"},
		{"<Edmx>\n  <a b='&lol;'/></Edmx>", "2:9: unknown entity &lol;"},
		{"<Edmx>text &bad</Edmx>", "1:12: & is not followed by the name of an entity and ;"},
		{"<Edmx><!-- </Edmx>", "1:7: the comment is not closed"},
		{"<Edmx/><Edmx/>", "1:1: the document has no Schema"},
		{"\n<!-- (c) -->\n<!DOCTYPE HTML>\n<html>", "3:1: this is HTML; expected metadata in CSDL XML, as GET $metadata returns it"},
		{"<?xml version='1.0'?><!doctype html [", "1:22: this is HTML; expected metadata in CSDL XML, as GET $metadata returns it"},
		{strings.Repeat("<Edmx>", 100), "1:385: elements are nested deeper than 64 levels"},
		{strings.Replace(frame, "%", "\n<EnumType Name='e'>\n <Member Name='x' Value='y'/></EnumType>", 1), "3:2: e/x: y is not a 64-bit integer"},
		{strings.Replace(frame, "%", "\n<ComplexType Name='c'><Property/></ComplexType>", 1), "2:23: Property needs the attribute Name"},
		{strings.Replace(frame, "%", "\n<ComplexType Name='c'><Property Name='p'/></ComplexType>", 1), "2:23: Property needs the attribute Type"},
		{strings.Replace(frame, "%", "\n<ComplexType Name='c d'/>", 1), `2:1: "c d" is not a valid name`},
		{strings.Replace(frame, "%", "\n<EnumType Name='e'>"+strings.Repeat("<Member Name='m'/>", 5001)+"</EnumType>", 1), "2:90020: e has more than 5000 members"},
		{strings.Replace(frame, "%", "\n<EntityType Name='t'>"+strings.Repeat("<Property Name='p' Type='Edm.String'/>", 5001)+"</EntityType>", 1), "2:190022: t has more than 5000 members"},
		{strings.Replace(frame, "%", "\n<EntityType Name='t'><Key>"+strings.Repeat("<PropertyRef/>", 5001)+"</Key></EntityType>", 1), "2:70041: t has more than 5000 members"},
		{"<Edmx><DataServices>" + strings.Repeat("<Schema Namespace='n'/>", 201), "1:4621: the document has more than 200 schemas"},
		{"<Edmx></" + long + ">", "1:7: expected the end tag </Edmx>, found </" + start + ">"},
		{"<Edmx " + long + "/>", "1:507: the attribute " + start + " has no value"},
		{"<Edmx>&" + long + ";</Edmx>", "1:7: unknown entity &" + start + ";"},
		{strings.Replace(frame, "%", "", 1) + "<more/>", "1:220: a second element after the root element"},
	} {
		_, err := Read(test.src)
		var place *Error
		if !errors.As(err, &place) || err.Error() != test.want {
			t.Errorf("%.60q: %v, want %s", test.src, err, test.want)
		}
	}
}

// TestReadMetadata compares the reader with encoding/xml on published metadata.
func TestReadMetadata(t *testing.T) {
	for _, name := range []string{"graph-v1.0.csdl.gz", "graph-beta-derived.csdl.gz"} {
		src := string(corpus.Published(t, name))
		doc, err := Read(src)
		if err != nil {
			t.Fatal(err)
		}
		var want struct {
			Schemas []struct {
				Namespace    string       `xml:",attr"`
				ComplexTypes []structured `xml:"ComplexType"`
				EntityTypes  []structured `xml:"EntityType"`
				EnumTypes    []struct {
					Name    string `xml:",attr"`
					Members []struct {
						Name string `xml:",attr"`
					} `xml:"Member"`
				} `xml:"EnumType"`
			} `xml:"DataServices>Schema"`
		}
		if err := xml.Unmarshal([]byte(src), &want); err != nil {
			t.Fatal(err)
		}
		if len(want.Schemas) != len(doc.Schemas) {
			t.Fatalf("%d schemas, want %d", len(doc.Schemas), len(want.Schemas))
		}
		for i, s := range want.Schemas {
			got := doc.Schemas[i]
			if got.Namespace != s.Namespace {
				t.Errorf("namespace %s, want %s", got.Namespace, s.Namespace)
			}
			same(t, got.Types, false, s.ComplexTypes)
			same(t, got.Types, true, s.EntityTypes)
			if len(got.EnumTypes) != len(s.EnumTypes) {
				t.Fatalf("%d enumerations, want %d", len(got.EnumTypes), len(s.EnumTypes))
			}
			for k, e := range s.EnumTypes {
				if got.EnumTypes[k].Name != e.Name || len(got.EnumTypes[k].Members) != len(e.Members) {
					t.Errorf("%s differs", e.Name)
				}
			}
		}
	}
}

type structured struct {
	Name       string `xml:",attr"`
	BaseType   string `xml:",attr"`
	Abstract   bool   `xml:",attr"`
	OpenType   bool   `xml:",attr"`
	Properties []struct {
		Name     string `xml:",attr"`
		Type     string `xml:",attr"`
		Nullable *bool  `xml:",attr"`
	} `xml:"Property"`
	Navigation []struct {
		Name string `xml:",attr"`
		Type string `xml:",attr"`
	} `xml:"NavigationProperty"`
}

// same compares the entity types of a schema, or its complex types, with those in want.
func same(t *testing.T, types []*Structured, entity bool, want []structured) {
	t.Helper()
	var got []*Structured
	for _, s := range types {
		if s.Entity == entity {
			got = append(got, s)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%d types, want %d", len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		var properties, navigation []Property
		for _, p := range g.Properties {
			if p.Navigation {
				navigation = append(navigation, p)
			} else {
				properties = append(properties, p)
			}
		}
		if g.Name != w.Name || g.BaseType != w.BaseType || g.Abstract != w.Abstract || g.OpenType != w.OpenType || len(properties) != len(w.Properties) || len(navigation) != len(w.Navigation) {
			t.Errorf("%s differs", w.Name)
			continue
		}
		for k, p := range w.Properties {
			if q := properties[k]; q.Name != p.Name || q.Type != p.Type || q.NotNull != (p.Nullable != nil && !*p.Nullable) {
				t.Errorf("%s/%s differs", w.Name, p.Name)
			}
		}
		for k, n := range w.Navigation {
			if q := navigation[k]; q.Name != n.Name || q.Type != n.Type {
				t.Errorf("%s/%s differs", w.Name, n.Name)
			}
		}
	}
}

// FuzzRead checks that no bytes make the reader panic, that an error has a
// place in the document, and that encoding/xml also reads what it reads.
func FuzzRead(f *testing.F) {
	f.Add(strings.Replace(frame, "%", `<EntityType Name="t"><Property Name="p" Type="Edm.String"/></EntityType>`, 1))
	f.Add("<Edmx><![CDATA[<x>]]><?pi?></Edmx>")
	f.Fuzz(func(t *testing.T, src string) {
		_, err := Read(src)
		var place *Error
		if err != nil && (!errors.As(err, &place) || place.Line < 1 || place.Column < 1 || place.Line > 1+strings.Count(src, "\n")) {
			t.Fatalf("%v", err)
		}
	})
}
