package entity_test

import (
	"testing"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/entity"
	"github.com/patchlint/patchlint/schema"
)

// keys is metadata of types with different keys.
const keys = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="microsoft.graph" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="base" Abstract="true"><Property Name="x" Type="Edm.String"/></EntityType>
<EntityType Name="single" BaseType="microsoft.graph.base"><Key><PropertyRef Name="number"/></Key><Property Name="number" Type="Edm.Int32"/></EntityType>
<EntityType Name="inherits" BaseType="microsoft.graph.single"><Property Name="number" Type="Edm.Int32"/></EntityType>
<EntityType Name="several"><Key><PropertyRef Name="a"/><PropertyRef Name="b"/></Key><Property Name="b" Type="Edm.Int32"/><Property Name="a" Type="Edm.String"/><Property Name="id" Type="Edm.String"/></EntityType>
</Schema></edmx:DataServices></edmx:Edmx>`

func parse(t *testing.T, text string) patchlint.Node {
	t.Helper()
	doc, err := patchlint.Parse([]byte(text), patchlint.JSON)
	if err != nil {
		t.Fatal(err)
	}
	return doc.Root()
}

// TestID checks the key of objects of a type, and how it is named.
func TestID(t *testing.T) {
	own, err := schema.Parse([]byte(keys), schema.V1)
	if err != nil {
		t.Fatal(err)
	}
	beta, err := schema.Open(schema.Beta)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		of                 *schema.Type
		names, object, key string
	}{
		{nil, `"id"`, `{"id": "1"}`, "1"},
		{own.Type("base"), "", `{"id": "1"}`, ""},
		{own.Type("single"), `"number"`, `{"id": "1", "number": 12}`, "12"},
		{own.Type("inherits"), `"number"`, `{"number": 12}`, "12"},
		{own.Type("several"), `"b" and "a"`, `{"id": "1", "a": "it's", "b": 2}`, "b=2,a='it''s'"},
		{own.Type("several"), `"b" and "a"`, `{"id": "1", "a": "it's"}`, ""},
		{beta.Type("group"), `"id"`, `{"id": "1"}`, "1"},
		{beta.Type("company"), `"id"`, `{"id": "1"}`, "1"}, // not derived from entity
		{beta.Type("conditionalAccessPolicy"), `"id"`, `{"id": "1"}`, "1"},
		{beta.Type("crossTenantAccessPolicyConfigurationPartner"), `"tenantId"`, `{"tenantId": "1"}`, "1"},
		{beta.Type("microsoft.graph.security.dispositionReviewStage"), `"id"`, `{"id": "1", "stageNumber": "2"}`, "1"}, // its base has a key
		{beta.Type("tenantReference"), "", `{"tenantId": "1"}`, ""},
		{beta.Type("Edm.Untyped"), `"id"`, `{"id": "1"}`, "1"},
	} {
		object := parse(t, test.object)
		if names, key := entity.KeyNames(test.of), entity.ID(test.of, object); names != test.names || key != test.key {
			t.Errorf("%v: %s %q, want %s %q", test.of, names, key, test.names, test.key)
		}
	}
}

// TestApart checks that objects are told apart by a member of the key that differs.
func TestApart(t *testing.T) {
	own, err := schema.Parse([]byte(keys), schema.V1)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct{ a, b, member string }{
		{`{"a": "x", "b": 1}`, `{"a": "X", "b": 1}`, ""},
		{`{"a": "x", "b": 1}`, `{"b": 2}`, "b"},
		{`{"a": "x", "b": 1}`, `{"a": "y"}`, "a"},
		{`{"a": "x"}`, `{"b": 1}`, ""},
		{`{"a": null}`, `{"a": "x"}`, ""},
		{`{"id": "1"}`, `{"id": "2"}`, ""},
	} {
		if at := entity.Apart(own.Type("several"), parse(t, test.a), parse(t, test.b)); at.Name() != test.member {
			t.Errorf("%s and %s: %q, want %q", test.a, test.b, at.Name(), test.member)
		}
	}
}
