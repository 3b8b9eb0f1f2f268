package diff_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/schema"
)

// TestBaseInside checks that the last applied object has the same effect inside a complex
// value as at the top.
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
			"an element of desired is not somebody else's in another case",
			`{"users":{"includeGroups":["a"]}}`, `{"users":{"includeGroups":["a","8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a"]}}`, `{"users":{"includeGroups":["8AD1EB04-EB04-8AD1-04EB-D18A04EBD18A"]}}`,
			`{"users":{"includeGroups":["8AD1EB04-EB04-8AD1-04EB-D18A04EBD18A"]}}`,
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

// TestIgnoreInside checks that an ignored value inside a complex value is sent with the
// value of the service.
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

// TestIgnoreFaults checks that the rest of an object is not refused because of a fault in
// an ignored value, which is not sent.
func TestIgnoreFaults(t *testing.T) {
	r := anyType(t, schema.Beta, "windows10CompliancePolicy")
	const current = `{"@odata.type":"#microsoft.graph.windows10CompliancePolicy","deviceCompliancePolicyScript":{"deviceComplianceScriptId":"1","rulesContent":"YQ=="}}`
	for _, test := range []struct {
		name    string
		ignore  patchlint.Pointer
		desired string
		want    string
	}{
		{"a wrong type", "/passwordRequired", `{"passwordRequired":"yes"}`, "nothing; /passwordRequired ignored"},
		{"an unknown property", "/brandNew", `{"brandNew":{"a":1}}`, "nothing; /brandNew ignored"},
		{"by a star", "/*", `{"passwordRequired":"yes","osMinimumVersion":1}`, "nothing; /passwordRequired ignored; /osMinimumVersion ignored"},
		{"another value", "/passwordRequired", `{"passwordRequired":"yes","osMinimumVersion":1}`, "refused: desired 1:46 wrong-type"},
		{"inside", "/deviceCompliancePolicyScript/rulesContent", `{"deviceCompliancePolicyScript":{"rulesContent":"%","deviceComplianceScriptId":"2"}}`,
			`{"@odata.type":"#microsoft.graph.windows10CompliancePolicy","deviceCompliancePolicyScript":{"rulesContent":"YQ==","deviceComplianceScriptId":"2"}}`},
		{"all elements", "/validOperatingSystemBuildRanges/*", `{"validOperatingSystemBuildRanges":[{"lowestVersion":1}]}`, "nothing"},
		{"a part of a new element", "/validOperatingSystemBuildRanges/*/description", `{"validOperatingSystemBuildRanges":[{"lowestVersion":"1","description":1}]}`, "refused: desired 1:72 wrong-type"},
		{"an annotation", "/@odata.type", `{"@odata.type":"#microsoft.graph.windows12CompliancePolicy"}`, "refused: desired 1:16 odata-type"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := compute(r, current, test.desired, diff.Options{Ignore: []patchlint.Pointer{test.ignore}}); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestWhatStays checks that clearing a complex value keeps ignored values and values that
// only the service has, unless they are also to be cleared.
func TestWhatStays(t *testing.T) {
	policy, user := anyType(t, schema.V1, "conditionalAccessPolicy"), anyType(t, schema.V1, "user")
	const (
		attributes = "/onPremisesExtensionAttributes/extensionAttribute2"
		frequency  = "/sessionControls/signInFrequency"
		session    = `{"sessionControls":{"signInFrequency":{"isEnabled":true,"value":4},"disableResilienceDefaults":true}}`
		extended   = `{"displayName":"A","onPremisesExtensionAttributes":{"extensionAttribute2":"keep"}}`
		include    = "/conditions/users/includeUsers"
	)
	for _, test := range []struct {
		name, ignore           string
		r                      *schema.Type
		base, current, desired string
		prune                  bool
		want                   string
	}{
		{"a member of somebody else", "", user, `{"onPremisesExtensionAttributes":{"extensionAttribute1":"mine"}}`, `{"onPremisesExtensionAttributes":{"extensionAttribute1":"mine","extensionAttribute2":"theirs"}}`, `{"displayName":"A"}`, false, `{"displayName":"A","onPremisesExtensionAttributes":{"extensionAttribute1":null,"extensionAttribute2":"theirs"}}`},
		{"the same with prune", "", user, `{"onPremisesExtensionAttributes":{"extensionAttribute1":"mine"}}`, `{"onPremisesExtensionAttributes":{"extensionAttribute1":"mine","extensionAttribute2":"theirs"}}`, `{"displayName":"A"}`, true, `{"displayName":"A","onPremisesExtensionAttributes":null}`},
		{"the same with null", "", user, `{"onPremisesExtensionAttributes":{"extensionAttribute1":"mine"}}`, `{"onPremisesExtensionAttributes":{"extensionAttribute1":"mine","extensionAttribute2":"theirs"}}`, `{"onPremisesExtensionAttributes":null}`, false, `{"onPremisesExtensionAttributes":null}`},
		{"nothing of base", "", user, `{"onPremisesExtensionAttributes":{"extensionAttribute1":"mine"}}`, extended, `{"displayName":"A"}`, false, `nothing`},
		{"nothing of somebody else", "", policy, session, session, `{}`, false, `{"sessionControls":null}`},
		{"an element below", "", policy, `{"conditions":{"users":{"includeUsers":["mine"]}}}`, `{"conditions":{"users":{"includeUsers":["theirs","mine"]}}}`, `{"conditions":{"clientAppTypes":["all"]}}`, false, `{"conditions":{"clientAppTypes":["all"],"users":{"includeUsers":["theirs"]}}}`},
		{"an element", "", policy, `{"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`, `{"grantControls":{"operator":"OR","builtInControls":["mfa","compliantDevice"]}}`, `{}`, false, `{"grantControls":{"operator":null,"builtInControls":["compliantDevice"]}}`},
		{"ignored and pruned", attributes, user, "", extended, `{"displayName":"A"}`, true, `nothing`},
		{"ignored as a whole", frequency, policy, "", `{"sessionControls":{"signInFrequency":{"isEnabled":true,"value":4}}}`, `{"conditions":{"clientAppTypes":["all"]}}`, true, `{"conditions":{"clientAppTypes":["all"]}}`},
		{"ignored below", frequency + "/value", policy, "", session, `{"sessionControls":{}}`, true, `{"sessionControls":{"signInFrequency":{"isEnabled":null,"value":4},"disableResilienceDefaults":null}}`},
		{"ignored, with a base", frequency, policy, `{"sessionControls":{"disableResilienceDefaults":true}}`, session, `{}`, false, `{"sessionControls":{"signInFrequency":{"isEnabled":true,"value":4},"disableResilienceDefaults":null}}`},
		{"ignored and null", attributes, user, "", extended, `{"onPremisesExtensionAttributes":null}`, false, `nothing`},
		{"ignored beside what null clears", "/grantControls/builtInControls", policy, "", `{"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`, `{"grantControls":null}`, false, `{"grantControls":{"operator":null,"builtInControls":["mfa"]}}`},
		{"ignored and not there", "/grantControls/termsOfUse", policy, "", `{"grantControls":{"operator":"OR"}}`, `{"grantControls":null}`, false, `{"grantControls":null}`},
		{"all of a new value is ignored", "/onPremisesExtensionAttributes/*", user, "", `{"displayName":"A"}`, extended, false, `nothing`},
		{"all of a new value in null", "/onPremisesExtensionAttributes/*", user, "", `{"displayName":"A","onPremisesExtensionAttributes":null}`, extended, false, `nothing`},
		{"a part of a new value is ignored", attributes, user, "", `{"displayName":"A"}`, `{"onPremisesExtensionAttributes":{"extensionAttribute1":"n","extensionAttribute2":"i"}}`, false, `{"onPremisesExtensionAttributes":{"extensionAttribute1":"n"}}`},
		{"a new value below", include, policy, "", `{"conditions":{}}`, `{"conditions":{"users":{"includeUsers":["a"]}}}`, false, `nothing`},
		{"a new value beside", include, policy, "", `{"conditions":{}}`, `{"conditions":{"clientAppTypes":["all"],"users":{"includeUsers":["a"]}}}`, false, `{"conditions":{"clientAppTypes":["all"]}}`},
		{"all elements of a collection are ignored", include + "/*", policy, "", `{"conditions":{"users":{"includeUsers":["b"]}}}`, `{"conditions":{"clientAppTypes":["all"],"users":{"includeUsers":["a"]}}}`, false, `{"conditions":{"clientAppTypes":["all"],"users":{"includeUsers":["b"]}}}`},
		{"a new value in none", include, policy, "", `{"displayName":"A"}`, `{"conditions":{"users":{"includeUsers":["a"]}}}`, false, `nothing`},
	} {
		t.Run(test.name, func(t *testing.T) {
			o := diff.Options{Prune: test.prune}
			if test.ignore != "" {
				o.Ignore = []patchlint.Pointer{patchlint.Pointer(test.ignore)}
			}
			if test.base != "" {
				o.Base, _ = patchlint.Parse([]byte(test.base), patchlint.JSON)
			}
			if got := compute(test.r, test.current, test.desired, o); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestDerivedStays checks that a complex value keeps its derived type if desired does
// not state its type.
func TestDerivedStays(t *testing.T) {
	r := probe(t)
	const (
		derived = `"@odata.type":"#probe.extraSettings",`
		current = `{"id":"1","settings":{` + derived + `"mode":"a","limit":1,"extra":"x"}}`
	)
	for _, test := range []struct{ name, desired, want string }{
		{"the same", `{"settings":{"mode":"a","limit":1}}`, `nothing`},
		{"another value", `{"settings":{"mode":"b"}}`, `{"settings":{` + derived + `"mode":"b","limit":1,"extra":"x"}}`},
		{"the declared type", `{"settings":{"@odata.type":"#probe.settings","mode":"b"}}`, `{"settings":{"@odata.type":"#probe.settings","mode":"b","limit":1}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := compute(r, current, test.desired, diff.Options{}); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestOthersPermissions checks that elements that only the service has are sent together with
// those of desired if there are collections in them.
func TestOthersPermissions(t *testing.T) {
	app := anyType(t, schema.V1, "application")
	api := func(id string) string {
		return `{"resourceAppId":"` + id + `","resourceAccess":[{"id":"11111111-0a4b-4c11-9d3e-000000000001","type":"Scope"}]}`
	}
	for _, test := range []struct{ base, current, desired, want string }{
		{"", api("a") + "," + api("b"), api("a"), ""},
		{"", api("b"), api("a"), api("a") + "," + api("b")},
		{"", api("b") + `,{"resourceAppId":"c","resourceAccess":[]}`, api("a"), api("a") + "," + api("b") + `,{"resourceAppId":"c","resourceAccess":[]}`},
		{api("b"), api("b") + "," + api("c"), api("a"), api("a") + "," + api("c")},
	} {
		object := func(list string) []byte { return []byte(`{"requiredResourceAccess":[` + list + `]}`) }
		plan, err := diff.Compute(app, parse(t, object(test.current)), parse(t, object(test.desired)), diff.Options{Base: parse(t, object(test.base))})
		if err != nil {
			t.Fatal(err)
		}
		want := ""
		if test.want != "" {
			want = string(object(test.want))
		}
		if string(plan.Body) != want {
			t.Errorf("got  %s\nwant %s", plan.Body, want)
		}
	}
}

// TestOthersElements checks which elements that only the service has are sent together
// with those of desired.
func TestOthersElements(t *testing.T) {
	r := partner(t, schema.Beta)
	target := func(kind, group, filter string) string {
		text := `{"target":{"@odata.type":"#microsoft.graph.` + kind + `","groupId":"` + group + `-0a4b-4c11-9d3e-000000000001"`
		if filter != "" {
			text += `,"deviceAndAppManagementAssignmentFilterId":"` + filter + `-0a4b-4c11-9d3e-000000000001","deviceAndAppManagementAssignmentFilterType":"include"`
		}
		return text + "}}"
	}
	const include, one, other = "groupAssignmentTarget", "11111111", "22222222"
	plain, a, b := target(include, one, ""), target(include, one, "aaaaaaaa"), target(include, one, "bbbbbbbb")
	excluded, second, secondA := target("exclusionGroupAssignmentTarget", one, ""), target(include, other, ""), target(include, other, "aaaaaaaa")
	const devices = `{"target":{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget"}}`
	for _, test := range []struct{ name, ignore, base, current, desired, want, warnings string }{
		{"another filter", "", a, b, a, a, ""},
		{"no filter", "", a, b, plain, plain, ""},
		{"both added one", "", plain, plain + "," + secondA, plain + "," + second, plain + "," + second, ""},
		{"a filter was added by somebody else", "", plain, a, "", a, "nothing"},
		{"an ignored filter", "/iosEnrollmentAssignments/*/target/deviceAndAppManagementAssignmentFilterId", b, a, b, "", ""},
		{"excluded by somebody else", "", "", excluded, plain, plain + "," + excluded, "conflicting-assignment"},
		{"included by somebody else", "", "", plain, excluded, excluded + "," + plain, "conflicting-assignment"},
		{"another group", "", "", second, excluded, excluded + "," + second, ""},
		{"included in the group of current", "/iosEnrollmentAssignments/*/target/groupId", "", plain + "," + excluded, second + "," + devices, plain + "," + devices + "," + excluded, "conflicting-assignment"},
		{"the group of desired is not sent", "/iosEnrollmentAssignments/*/target/groupId", "", second + "," + excluded, plain + "," + devices, second + "," + devices + "," + excluded, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			object := func(list string) string { return `{"iosOnboarded":true,"iosEnrollmentAssignments":[` + list + `]}` }
			o := diff.Options{Base: parse(t, []byte(object(test.base)))}
			if test.ignore != "" {
				o.Ignore = []patchlint.Pointer{patchlint.Pointer(test.ignore)}
			}
			plan, err := diff.Compute(r, parse(t, []byte(object(test.current))), parse(t, []byte(object(test.desired))), o)
			if err != nil {
				t.Fatal(err)
			}
			want := `{"iosEnrollmentAssignments":[` + test.want + `]}`
			if test.want == "" || test.warnings == "nothing" {
				want, test.warnings = "", ""
			}
			if string(plan.Body) != want {
				t.Errorf("got  %s\nwant %s", plan.Body, want)
			}
			checkWarnings(t, plan, test.warnings)
		})
	}
}

// checkWarnings checks the rules of the warnings of a plan, with spaces between them.
func checkWarnings(t *testing.T, plan *diff.Plan, want string) {
	t.Helper()
	var rules []string
	for _, w := range plan.Warnings {
		rules = append(rules, w.Rule)
	}
	if got := strings.Join(rules, " "); got != want {
		t.Errorf("warnings %q, want %q", got, want)
	}
}

// TestOrderedBaseInside checks that an element that only the service has keeps its place
// inside a complex value, as at the top.
func TestOrderedBaseInside(t *testing.T) {
	r := anyType(t, schema.V1, "conditionalAccessPolicy")
	const (
		base    = `{"conditions":{"users":{"includeUsers":["a","b"]}}}`
		current = `{"conditions":{"users":{"includeUsers":["x","a","b"]}}}`
		swapped = `{"conditions":{"users":{"includeUsers":["b","a"]}}}`
	)
	o := diff.Options{Ordered: true, Base: parse(t, []byte(base))}
	if got := compute(r, current, base, o); got != "nothing" {
		t.Error(got)
	}
	if got, want := compute(r, current, swapped, o), `{"conditions":{"users":{"includeUsers":["b","a","x"]}}}`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestComputedInside checks that properties that only the service sets are not sent in a
// complex value, as at the top, and that differences are reported.
func TestComputedInside(t *testing.T) {
	resource, app := anyType(t, schema.V1, "educationAssignmentResource"), anyType(t, schema.V1, "application")
	const (
		link   = `"@odata.type":"#microsoft.graph.educationLinkResource"`
		made   = `,"createdDateTime":"2020-01-01T00:00:00Z","createdBy":{"user":{"id":"1"}}`
		remade = `,"createdDateTime":"2029-01-01T00:00:00Z"`
	)
	object := func(members string) string { return `{"resource":{` + link + members + `}}` }
	for _, test := range []struct {
		name, ignore     string
		r                *schema.Type
		current, desired string
		want, after      string
	}{
		{"it differs", "", resource, object(made), object(remade), "nothing; /resource/createdDateTime read-only; only the service sets it", object(made)},
		{"the same instant", "", resource, object(made), object(`,"createdDateTime":"2020-01-01T01:00:00+01:00"`), "nothing", object(made)},
		{"ignored", "/resource/createdDateTime", resource, object(made), object(remade), "nothing", object(made)},
		{"next to a change", "", resource, object(`,"displayName":"a"` + made), object(`,"displayName":"b"`), object(`,"displayName":"b"`), object(`,"displayName":"b"` + made)},
		{"in a new value", "", resource, `{"distributeForStudentWork":true}`, object(`,"displayName":"b"` + remade), object(`,"displayName":"b"`) + "; /resource/createdDateTime read-only; only the service sets it", `{"distributeForStudentWork":true,` + object(`,"displayName":"b"`)[1:]},
		{"left out", "", app, `{"certification":{"isPublisherAttested":true,"isCertifiedByMicrosoft":true}}`, `{"certification":{"isPublisherAttested":false}}`, `{"certification":{"isPublisherAttested":false}}`, `{"certification":{"isPublisherAttested":false,"isCertifiedByMicrosoft":true}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var o diff.Options
			if test.ignore != "" {
				o.Ignore = []patchlint.Pointer{patchlint.Pointer(test.ignore)}
			}
			got := compute(test.r, test.current, test.desired, o)
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			body, _, sent := strings.Cut(got, ";")
			if body == "nothing" || !sent && got == "nothing" {
				body = "{}"
			}
			after, _, err := diff.Apply(test.r, "", parse(t, []byte(test.current)), parse(t, []byte(body)))
			if err != nil {
				t.Fatal(err)
			}
			var compact bytes.Buffer
			if err := json.Compact(&compact, after); err != nil || compact.String() != test.after {
				t.Errorf("after %s (%v)\nwant  %s", compact.String(), err, test.after)
			}
		})
	}
}

// TestSentinel checks that a sentinel, which hides a value, is not sent, and that no
// update replaces the hidden value without a warning.
func TestSentinel(t *testing.T) {
	policy := anyType(t, schema.V1, "conditionalAccessPolicy")
	grant := func(members string) string { return `{"grantControls":{` + members + `}}` }
	const some = `"builtInControls":["mfa","unknownFutureValue"]`
	for _, test := range []struct{ name, current, desired, want string }{
		{"carried", grant(`"operator":"OR",` + some), grant(`"operator":"AND"`), "refused: current 1:60 enum-value"},
		{"the same", grant(`"operator":"OR",` + some), grant(some), "nothing"},
		{"replaced", grant(`"operator":"OR",` + some), grant(`"builtInControls":["mfa"]`), grant(`"builtInControls":["mfa"],"operator":"OR"`)},
		{"desired", grant(`"builtInControls":["mfa"]`), grant(some), "refused: desired 1:44 enum-value"},
		{"one value", `{"sessionControls":{"cloudAppSecurity":{"cloudAppSecurityType":"blockDownloads"}}}`, `{"sessionControls":{"cloudAppSecurity":{"cloudAppSecurityType":"unknownFutureValue","isEnabled":true}}}`, `{"sessionControls":{"cloudAppSecurity":{"cloudAppSecurityType":"blockDownloads","isEnabled":true}}}; /sessionControls/cloudAppSecurity/cloudAppSecurityType unknownFutureValue changes nothing`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := compute(policy, test.current, test.desired, diff.Options{}); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestUnsendable checks that values that a PATCH cannot send are reported, wherever they
// are.
func TestUnsendable(t *testing.T) {
	list := anyType(t, schema.V1, "list")
	compliance := anyType(t, schema.Beta, "iosCompliancePolicy")
	item, extension := anyType(t, schema.V1, "listItem"), anyType(t, schema.V1, "openTypeExtension")
	policy, user, app := anyType(t, schema.Beta, "conditionalAccessPolicy"), anyType(t, schema.V1, "user"), anyType(t, schema.V1, "win32LobApp")
	const (
		strength = "/grantControls/authenticationStrength"
		related  = "; " + strength + " a navigation property, which a PATCH usually does not update"
		deltas   = " changes to related objects, which are not compared; send them separately"
		binding  = " a link to another object by @odata.bind, which is not compared; send it separately"
	)
	grant := func(text string) string { return `{"grantControls":{"operator":"OR"` + text + `}}` }
	for _, test := range []struct {
		name             string
		r                *schema.Type
		current, desired string
		want             string // the plan
		warnings         string // the rules
		incomplete       bool
	}{
		{"another related object", policy, grant(`,"authenticationStrength":{"id":"a"}`), grant(`,"authenticationStrength":{"id":"b"}`), "nothing" + related, "navigation-property", true},
		{"a new one", policy, grant(""), grant(`,"authenticationStrength":{"id":"b"}`), "nothing" + related, "navigation-property", true},
		{"in a new value", policy, `{"grantControls":null}`, grant(`,"authenticationStrength":{"id":"b"}`), `{"grantControls":{"operator":"OR"}}` + related, "navigation-property", true},
		{"one of another related object", list, `{"displayName":"x","items":[{"id":"1","fields":{"id":"1"}}]}`, `{"displayName":"x","items":[{"id":"1","fields":{"id":"2"}}]}`, "nothing; /items/0/fields a navigation property, which a PATCH usually does not update", "navigation-property", true},
		{"a faulty one", policy, grant(""), grant(`,"authenticationStrength":{"ID":"b","policyType":1}`), "nothing" + related, "navigation-property", true},
		{"faulty ones", compliance, `{"displayName":"a"}`, `{"displayName":"b","assignments":[{"target":{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget","groupDisplayName":"x"}}]}`, `{"@odata.type":"#microsoft.graph.iosCompliancePolicy","displayName":"b"}; /assignments a navigation property, which a PATCH usually does not update`, "navigation-property", true},
		{"a faulty one in another form", compliance, `{"displayName":"a"}`, `{"displayName":"b","assignments":"x"}`, `{"@odata.type":"#microsoft.graph.iosCompliancePolicy","displayName":"b"}; /assignments a navigation property, which a PATCH usually does not update`, "navigation-property", true},
		{"in another spelling", policy, grant(`,"authenticationStrength":{"id":"a"}`), grant(` , "authenticationStrength":{"id":"a"}`), "nothing", "", false},
		{"null and absent", policy, grant(""), grant(`,"authenticationStrength":null`), "nothing", "", false},
		{"bound inside", policy, grant(""), grant(`,"authenticationStrength@odata.bind":"https://graph.microsoft.com/beta/policies/authenticationStrengthPolicies/1"`), "nothing; " + strength + "@odata.bind" + binding, "navigation-property", true},
		{"bound", user, `{"accountEnabled":true}`, `{"accountEnabled":true,"manager@odata.bind":"https://graph.microsoft.com/v1.0/users/2"}`, "nothing; /manager@odata.bind" + binding, "navigation-property", true},
		{"changes", anyType(t, schema.V1, "group"), `{"displayName":"a"}`, `{"displayName":"a","members@delta":[{"@odata.id":"https://graph.microsoft.com/v1.0/users/1"}]}`, "nothing; /members@delta" + deltas, "navigation-property", true},
		{"faulty changes", anyType(t, schema.V1, "group"), `{"displayName":"a"}`, `{"displayName":"a","conversations@delta":[{"topics":"b"}],"settings@delta":null}`, "nothing; /conversations@delta" + deltas + "; /settings@delta" + deltas, "navigation-property navigation-property", true},
		{"an unpublished member differs", item, `{"id":"1","fields":{"id":"1","Title":"a"}}`, `{"fields":{"id":"1","Title":"b"}}`, "nothing; /fields a navigation property, which a PATCH usually does not update", "navigation-property", true},
		{"an unpublished member is left out", item, `{"id":"1","fields":{"id":"1","Title":"a","Color":"b"}}`, `{"fields":{"id":"1","Title":"a"}}`, "nothing", "", false},
		{"bound in an untyped value", extension, `{"id":"1","a":{"b":1}}`, `{"a":{"b":1,"c@odata.bind":"https://graph.microsoft.com/v1.0/users/2"}}`, "nothing; /a/c@odata.bind" + binding, "navigation-property", true},
		{"an action in an untyped value is lost", extension, `{"id":"1","a":{"b":1,"#c":{"target":"x"}}}`, `{"a":{"b":2}}`, `{"@odata.type":"#microsoft.graph.openTypeExtension","a":{"b":2}}`, "", false},
		{"another read-only value", app, `{"size":7}`, `{"size":8}`, "nothing; /size read-only; only the service sets it", "", true},
		{"lost", policy, grant(`,"authenticationStrength":{"id":"a"}`), grant(`,"builtInControls":["mfa"]`), `{"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`, "navigation-property", false},
		{"an unpublished member is lost", policy, grant(`,"new":[1]`), grant(`,"builtInControls":["mfa"]`), `{"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`, "unpublished-property", false},
		{"one that is empty is not", policy, grant(`,"new":[],"new@odata.context":"x"`), grant(`,"builtInControls":["mfa"]`), `{"grantControls":{"operator":"OR","builtInControls":["mfa"]}}`, "", false},
		{"an element inside is lost", policy, grant(`,"termsOfUse":["a","b"]`), grant(`,"termsOfUse":["a"]`), `{"grantControls":{"operator":"OR","termsOfUse":["a"]}}`, "collection-loses-assignments", false},
		{"null in an unpublished member", user, `{"passwordProfile":{"new":1}}`, `{"passwordProfile":{"new":null}}`, "nothing; /passwordProfile/new an unpublished property", "unpublished-property", true},
		{"read-only", app, `{"createdDateTime":"2026-01-31T08:00:00Z"}`, `{"createdDateTime":"2025-01-31T08:00:00Z"}`, "nothing; /createdDateTime read-only; only the service sets it", "", false},
		{"the same read-only value", app, `{"createdDateTime":"2026-01-31T08:00:00Z"}`, `{"createdDateTime":"2026-01-31T09:00:00+01:00"}`, "nothing", "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := compute(test.r, test.current, test.desired, diff.Options{}); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			a, _ := patchlint.Parse([]byte(test.current), patchlint.JSON)
			b, _ := patchlint.Parse([]byte(test.desired), patchlint.JSON)
			plan, err := diff.Compute(test.r, a, b, diff.Options{})
			if err != nil {
				t.Fatal(err)
			}
			checkWarnings(t, plan, test.warnings)
			if incomplete := slices.ContainsFunc(plan.Skipped, diff.Change.Unmet); incomplete != test.incomplete {
				t.Errorf("a skipped change is unmet: %t", incomplete)
			}
		})
	}
}

// TestIgnoreInElements checks that an ignored value in an element of a collection is
// sent with the value of the service, or the update is refused.
func TestIgnoreInElements(t *testing.T) {
	r, policy := partner(t, schema.Beta), anyType(t, schema.Beta, "windows10CompliancePolicy")
	const (
		list       = "/iosEnrollmentAssignments/"
		id, kind   = list + "*/target/deviceAndAppManagementAssignmentFilterId", list + "*/target/deviceAndAppManagementAssignmentFilterType"
		assignment = `{"target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"`
		filter     = `,"deviceAndAppManagementAssignmentFilterId":"aaaaaaaa-0a4b-4c11-9d3e-000000000001","deviceAndAppManagementAssignmentFilterType":`
		one, two   = assignment + `11111111-0a4b-4c11-9d3e-000000000001"`, assignment + `22222222-0a4b-4c11-9d3e-000000000001"`
		end        = "}}"
	)
	range1 := func(lowest, description string) string {
		return `{"description":"` + description + `","lowestVersion":"` + lowest + `","highestVersion":"2"}`
	}
	both := []patchlint.Pointer{id, kind}
	texts := []patchlint.Pointer{"/validOperatingSystemBuildRanges/*/description"}
	const refused, byIndex = "refused: current 1:", "refused: desired 1:"
	for _, test := range []struct {
		name             string
		r                *schema.Type
		ignore           []patchlint.Pointer
		current, desired string
		want             string // the elements in the body
	}{
		{"a filter", r, both, one + filter + `"include"` + end, one + end + "," + two + end, one + filter + `"include"` + end + "," + two + end},
		{"another filter", r, both, one + end, one + filter + `"include"` + end + "," + two + end, one + end + "," + two + end},
		{"a new element has its own", r, both, one + end, one + end + "," + two + filter + `"include"` + end, one + end + "," + two + filter + `"include"` + end},
		{"a target is gone, another is new", r, both, one + filter + `"include"` + end, two + end, two + end},
		{"nothing else", r, both, one + filter + `"include"` + end, one + end, ""},
		{"two filters of one target", r, both, one + filter + `"include"` + end + "," + one + filter + `"exclude"` + end, one + end + "," + two + end, refused},
		{"half a filter", r, both[:1], one + filter + `"include"` + end, one + filter + `"exclude"` + end, refused},
		{"the target", r, []patchlint.Pointer{list + "*/target/groupId"}, one + end, one + filter + `"include"` + end, refused},
		{"a text", policy, texts, range1("1", "service"), range1("1", "mine") + "," + range1("1.5", "mine"), range1("1", "service") + "," + range1("1.5", "mine")},
		{"a text of an element that may have changed", policy, texts, range1("1", "service"), range1("1.5", "mine"), refused},
		{"a text of an element that is gone", policy, texts, range1("1", "service") + "," + range1("1.5", "a"), range1("1", "mine"), range1("1", "service")},
		{"an index", policy, []patchlint.Pointer{"/validOperatingSystemBuildRanges/0"}, range1("1", "service"), range1("1", "mine") + "," + range1("1.5", "mine"), byIndex},
		{"an index without elements", policy, []patchlint.Pointer{"/validOperatingSystemBuildRanges/0"}, "", range1("1", "mine") + "," + range1("1.5", "mine"), byIndex},
		{"in an index", policy, []patchlint.Pointer{"/validOperatingSystemBuildRanges/0/description"}, range1("1", "service"), range1("1.5", "mine"), byIndex},
		{"in an index without elements", policy, []patchlint.Pointer{"/validOperatingSystemBuildRanges/0/description"}, "", range1("1", "mine"), range1("1", "mine")},
		{"all elements", policy, []patchlint.Pointer{"/validOperatingSystemBuildRanges/*"}, range1("1", "service"), range1("1.5", "mine"), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			name, typed := "iosEnrollmentAssignments", ""
			if test.r == policy {
				name, typed = "validOperatingSystemBuildRanges", `"@odata.type":"#microsoft.graph.windows10CompliancePolicy",`
			}
			object := func(elements string) string { return "{" + typed + `"` + name + `":[` + elements + "]}" }
			want := test.want
			switch want {
			case "":
				want = "nothing"
			case refused, byIndex:
			default:
				want = object(want)
			}
			currents := []string{object(test.current)}
			if test.current == "" { // the same value
				currents = append(currents, "{"+typed+`"`+name+`":null}`, "{"+typed+`"displayName":"a"}`)
			}
			for _, current := range currents {
				got := compute(test.r, current, object(test.desired), diff.Options{Ignore: test.ignore})
				if got != want && !(strings.HasPrefix(want, "refused") && strings.HasPrefix(got, want)) {
					t.Errorf("%s\ngot  %s\nwant %s", current, got, want)
				}
			}
		})
	}
}

// TestFilterCleared checks that the filter of a single target is cleared as a whole: its type
// cannot be null, and stays in effect without an id unless it is set to its default.
func TestFilterCleared(t *testing.T) {
	r := anyType(t, schema.Beta, "mobileAppAssignment")
	filtered := withFilter(`"5b2c1f0e-7d34-4a55-9c1b-2f6f0e9a8d71"`, `"include"`)
	for _, o := range []diff.Options{{Prune: true}, {Base: parse(t, []byte(filtered))}} {
		if got, want := compute(r, filtered, users, o), withFilter(`null`, `"none"`); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		if got := compute(r, withFilter(`null`, `"none"`), users, o); got != "nothing" {
			t.Errorf("without a filter: %s", got)
		}
	}
	// A base without a whole filter did not set the one in current.
	for _, base := range []string{withFilter(`null`, `"none"`), withFilter(`null`, `null`), withFilter(`"5b2c1f0e-7d34-4a55-9c1b-2f6f0e9a8d71"`, `null`), withFilter(`null`, `"include"`), users} {
		if got := compute(r, filtered, users, diff.Options{Base: parse(t, []byte(base))}); got != "nothing" {
			t.Errorf("base %s: %s", base, got)
		}
	}
}
