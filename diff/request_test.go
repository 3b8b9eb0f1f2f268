package diff_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/entity"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/schema"
)

// planOf returns the plan for an object with the given members.
func planOf(t interface{ Fatal(...any) }, members map[string]any) *diff.Plan {
	model, err := schema.Open(schema.Beta)
	if err != nil {
		t.Fatal(err)
	}
	partner, err := model.Resource("complianceManagementPartner")
	if err != nil {
		t.Fatal(err)
	}
	members["iosOnboarded"] = false
	text, err := json.Marshal(members)
	if err != nil {
		t.Fatal(err)
	}
	current, _ := patchlint.Parse(text, patchlint.JSON)
	desired, _ := patchlint.Parse([]byte(`{"iosOnboarded": true}`), patchlint.JSON)
	plan, err := diff.Compute(partner, current, desired, diff.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// TestPath checks the URLs of ids that are not plain text.
func TestPath(t *testing.T) {
	const partners = "/deviceManagement/complianceManagementPartners"
	for id, want := range map[string]string{
		"8ad1eb04":       "/8ad1eb04",
		"..":             "(%27..%27)",
		".":              "(%27.%27)",
		"a/b":            "/a%2Fb",
		"a?b#c":          "/a%3Fb%23c",
		"a%2Fb":          "/a%252Fb",
		`a"b`:            "/a%22b",
		"it's":           "/it%27s",
		"graph.x":        "(%27graph.x%27)",
		"x y\r\n":        "/x%20y%0D%0A",
		"{{x}}":          "/%7B%7Bx%7D%7D",
		"../../../users": "/..%2F..%2F..%2Fusers",
		"":               "/{id}",
	} {
		if got := planOf(t, map[string]any{"id": id}).Path(); got != partners+want {
			t.Errorf("%q: %s, want %s", id, got, partners+want)
		}
	}
}

// TestPathOfContext checks that an update goes to the path that current was read from.
func TestPathOfContext(t *testing.T) {
	for context, want := range map[string]string{
		"identity/conditionalAccess/policies":                   "/identity/conditionalAccess/policies/1",
		"identity/conditionalAccess/policies/$entity":           "/identity/conditionalAccess/policies/1",
		"identity/conditionalAccess/policies(id,state)/$entity": "/identity/conditionalAccess/policies/1",
		"identity/conditionalAccess/policies/x@y":               "/policies/conditionalAccessPolicies/1",
		"identity('1')/conditionalAccess/policies":              "/policies/conditionalAccessPolicies/1",
		"policies/conditionalAccessPolicies/$entity":            "/policies/conditionalAccessPolicies/1",
		"microsoft.graph.conditionalAccessPolicy":               "/policies/conditionalAccessPolicies/1",
		"": "/policies/conditionalAccessPolicies/1",
	} {
		current, _ := patchlint.Parse([]byte(`{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#`+context+`","@odata.type":"#microsoft.graph.conditionalAccessPolicy","id":"1","displayName":"a"}`), patchlint.JSON)
		desired, _ := patchlint.Parse([]byte(`{"displayName": "b"}`), patchlint.JSON)
		plan, err := diff.Compute(anyType(t, schema.V1, "conditionalAccessPolicy"), current, desired, diff.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := plan.Path(); got != want {
			t.Errorf("%q: %s, want %s", context, got, want)
		}
	}
}

// TestPathLeadsToObject checks for any id that the path addresses the object with that
// id, and that no client changes the path.
func TestPathLeadsToObject(t *testing.T) {
	ids := rapid.OneOf(rapid.StringN(1, 20, -1), rapid.StringMatching(`[./\\%?#;'"(){} a@$=-]{1,8}`))
	rapid.Check(t, func(t *rapid.T) {
		id := ids.Draw(t, "id")
		path := planOf(t, map[string]any{"id": id}).Path()
		if e, scope := recognize.Locate(path); scope != recognize.Addressed || e.Key != id {
			t.Errorf("%q leads to %q, %v", path, e.Key, scope)
		}
		u, err := url.Parse("https://graph.microsoft.com/beta" + path)
		if err != nil || u.JoinPath().EscapedPath() != "/beta"+path || strings.ContainsAny(path, " \r\n\"") {
			t.Errorf("%q is not the path of a URL: %v", path, err)
		}
	})
}

// TestETag checks that an etag is used only if a header can contain it, and that a
// warning says when one is left out.
func TestETag(t *testing.T) {
	for etag, sent := range map[string]bool{
		`W/"1"`: true, `"a b"`: true, "*": true,
		"W/\"1\"\r\nX-HTTP-Method: DELETE": false, "\n": false, "a\x00": false, "a\x7f": false, "a\u0085b": false, "a\u2028b": false, "é": false,
		" W/\"1\"": false, `W/"{{$processEnv X}}"`: false,
	} {
		plan := planOf(t, map[string]any{"id": "42", "@odata.etag": etag})
		if got := entity.ETag(plan.Current); (got == etag) != sent || got != "" && !sent {
			t.Errorf("%q is sent as %q", etag, got)
		}
		warned := false
		for _, w := range plan.Warnings {
			warned = warned || w.Side == diff.Current && w.Pointer == "/@odata.etag"
		}
		if warned == sent {
			t.Errorf("%q: a warning: %v", etag, warned)
		}
	}
}
