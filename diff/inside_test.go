package diff_test

import (
	"strings"
	"testing"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/schema"
)

// TestBaseInside checks that what was applied last counts inside of a complex value as it
// does at the top.
func TestBaseInside(t *testing.T) {
	r := anyType(t, schema.V1, "conditionalAccessPolicy")
	for _, test := range []struct{ name, base, current, desired, want string }{
		{
			"a collection is emptied",
			`{"users":{"includeUsers":["a"],"excludeGroups":["c"]}}`, `{"users":{"includeUsers":["a"],"excludeGroups":["c"]}}`, `{"users":{"includeUsers":["a"]}}`,
			`{"users":{"includeUsers":["a"],"excludeGroups":[]}}`,
		},
		{
			"an element of somebody else stays",
			`{"users":{"includeGroups":["a","b"]}}`, `{"users":{"includeGroups":["a","b","other"]}}`, `{"users":{"includeGroups":["a","b","z"]}}`,
			`{"users":{"includeGroups":["a","b","z","other"]}}`,
		},
		{
			"a collection that is left out keeps the element of somebody else",
			`{"users":{"includeRoles":["a"]}}`, `{"users":{"includeRoles":["other","a"]}}`, `{"users":{}}`,
			`{"users":{"includeRoles":["other"]}}`,
		},
		{
			"a value is cleared",
			`{"users":{"includeUsers":["a"]},"platforms":{"includePlatforms":["iOS"]}}`, `{"users":{"includeUsers":["a"]},"platforms":{"includePlatforms":["iOS"]}}`, `{"users":{"includeUsers":["a"]}}`,
			`{"users":{"includeUsers":["a"]},"platforms":null}`,
		},
		{
			"what base never had stays",
			`{"users":{"includeUsers":["a"]}}`, `{"users":{"includeUsers":["a"],"excludeUsers":["c"]}}`, `{"users":{"includeUsers":["a"]}}`,
			`nothing`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			object := func(conditions string) string { return `{"displayName":"a","conditions":` + conditions + `}` }
			base, _ := patchlint.Parse([]byte(object(test.base)), patchlint.JSON)
			want := test.want
			if want != "nothing" {
				want = `{"conditions":` + want + `}`
			}
			if got := compute(r, object(test.current), object(test.desired), diff.Options{Base: base}); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// TestIgnoreInside checks that a value inside of a complex one that is ignored is sent as
// the service holds it.
func TestIgnoreInside(t *testing.T) {
	r := anyType(t, schema.V1, "conditionalAccessPolicy")
	for _, test := range []struct{ name, ignore, current, desired, want string }{
		{"differs", "/conditions/users/excludeGroups", `{"users":{"excludeGroups":["a","b"]}}`, `{"users":{"excludeGroups":["a"],"includeRoles":["q"]}}`, `{"conditions":{"users":{"excludeGroups":["a","b"],"includeRoles":["q"]}}}`},
		{"only in desired", "/conditions/users/excludeGroups", `{"users":{"includeRoles":["p"]}}`, `{"users":{"excludeGroups":["a"],"includeRoles":["q"]}}`, `{"conditions":{"users":{"includeRoles":["q"]}}}`},
		{"only in current", "/conditions/users", `{"users":{"excludeGroups":["a"]},"clientAppTypes":["all"]}`, `{"clientAppTypes":["browser"]}`, `{"conditions":{"clientAppTypes":["browser"],"users":{"excludeGroups":["a"]}}}`},
		{"by a star", "/conditions/*/excludeGroups", `{"users":{"excludeGroups":["a"]}}`, `{"users":{"excludeGroups":[],"includeRoles":["q"]}}`, `{"conditions":{"users":{"excludeGroups":["a"],"includeRoles":["q"]}}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := diff.Options{Ignore: []patchlint.Pointer{patchlint.Pointer(test.ignore)}}
			got := compute(r, `{"conditions":`+test.current+`}`, `{"conditions":`+test.desired+`}`, o)
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			o.Prune = true
			if got := compute(r, `{"conditions":`+test.current+`}`, `{"conditions":`+test.desired+`}`, o); strings.Contains(test.want, `"excludeGroups":["a"]`) != strings.Contains(got, `"excludeGroups":["a"]`) {
				t.Errorf("with prune, %s", got)
			}
		})
	}
}
