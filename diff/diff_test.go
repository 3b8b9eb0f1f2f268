package diff_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/schema"
)

// compute renders a plan, or the reasons for a refusal, for a table.
func compute(r *schema.Type, current, desired string, o diff.Options) string {
	a, _ := patchlint.Parse([]byte(current), patchlint.JSON)
	b, _ := patchlint.Parse([]byte(desired), patchlint.JSON)
	plan, err := diff.Compute(r, a, b, o)
	var refusal diff.Refusal
	if errors.As(err, &refusal) {
		var lines []string
		for _, f := range refusal {
			doc := b
			if f.Side == diff.Current {
				doc = a
			}
			line, column := doc.Position(f.Span.Start)
			lines = append(lines, fmt.Sprintf("%s %d:%d %s", f.Side, line, column, f.Rule))
		}
		return "refused: " + strings.Join(lines, ", ")
	}
	text := string(plan.Body)
	if plan.Body == nil {
		text = "nothing"
	}
	for _, s := range plan.Skipped {
		text += fmt.Sprintf("; %s %s", s.Pointer, s.Reason)
	}
	return text
}

// held is an object that has only an id.
const held = `{"id":"1"}`

const (
	groupA = `{"target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"}}`
	groupB = `{"target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"6b1f0d3a-91c2-4e57-8a3d-5c7e9f102b4d"}}`
	users  = `{"target":{"@odata.type":"#microsoft.graph.allLicensedUsersAssignmentTarget"}}`
)

// TestSame checks that values that the service treats as equal do not differ.
func TestSame(t *testing.T) {
	beta, probe := partner(t, schema.Beta), probe(t)
	policy := anyType(t, schema.V1, "conditionalAccessPolicy")
	defender, lifetime := anyType(t, schema.Beta, "windows10GeneralConfiguration"), anyType(t, schema.Beta, "unifiedRoleManagementPolicyExpirationRule")
	for _, test := range []struct {
		name             string
		r                *schema.Type
		current, desired string
		skipped          string
	}{
		{"key order", probe, `{"name":"a","flag":true}`, `{"flag":true,"name":"a"}`, ""},
		{"white space", probe, `{"settings":{"mode":"a"}}`, "{ \"settings\" :\n{ \"mode\" : \"a\" } }", ""},
		{"string escapes", probe, `{"name":"é/"}`, `{"name":"\u00e9\/"}`, ""},
		{"number spelling", probe, `{"ratio":1.0,"amount":100,"numbers":[1e2]}`, `{"ratio":1,"amount":1E+2,"numbers":[100.0]}`, ""},
		{"assignment order", beta, `{"iosEnrollmentAssignments":[` + groupA + `,` + users + `]}`, `{"iosEnrollmentAssignments":[` + users + `,` + groupA + `]}`, "; /iosEnrollmentAssignments the same elements in another order"},
		{"null and absent", beta, held, `{"displayName":null}`, ""},
		{"absent and null", probe, `{"name":null,"labels":null}`, `{"labels":[]}`, ""},
		{"same instant", probe, `{"when":"2026-01-31T08:00:00.00000004Z"}`, `{"when":"2026-01-31T09:00+01:00"}`, ""},
		{"same time of day", defender, `{"defenderScheduledScanTime":"03:00:00.0000000"}`, `{"defenderScheduledScanTime":"03:00"}`, ""},
		{"same duration", lifetime, `{"maximumDuration":"P90DT0.50S"}`, `{"maximumDuration":"+PT2159H60M0.5S"}`, ""},
		{"no duration", lifetime, `{"maximumDuration":"-PT0S"}`, `{"maximumDuration":"P0D"}`, ""},
		{"same bytes", anyType(t, schema.Beta, "iosCustomConfiguration"), `{"payload":"+/8="}`, `{"payload":"-_8"}`, ""},
		{"GUID case", beta, `{"iosEnrollmentAssignments":[` + groupA + `]}`, `{"iosEnrollmentAssignments":[` + strings.ReplaceAll(groupA, "0a4b7c1e", "0A4B7C1E") + `]}`, ""},
		{"GUID case in a list of strings", policy, `{"conditions":{"users":{"includeGroups":["8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a","None"]}}}`, `{"conditions":{"users":{"includeGroups":["None","8AD1EB04-EB04-8AD1-04EB-D18A04EBD18A"]}}}`, "; /conditions the same elements in another order"},
		{"members in another case where the service accepts any", anyType(t, schema.V1, "message"), `{"importance":"low","body":{"contentType":"html"}}`, `{"importance":"Low","body":{"contentType":"HTML"}}`, ""},
		{"type with and without #", beta, `{"iosEnrollmentAssignments":[` + groupA + `]}`, `{"iosEnrollmentAssignments":[` + strings.ReplaceAll(groupA, "#", "") + `]}`, ""},
		{"byte order mark", beta, "\ufeff" + `{"iosOnboarded":true}`, "\ufeff" + `{"iosOnboarded":true}`, ""},
		{"type of the assignment", beta, `{"iosEnrollmentAssignments":[{"@odata.type":"#microsoft.graph.complianceManagementPartnerAssignment",` + users[1:] + `]}`, `{"iosEnrollmentAssignments":[` + users + `]}`, ""},
		{"no filter", beta, `{"iosEnrollmentAssignments":[` + withFilter(`null`, `"none"`) + `]}`, `{"iosEnrollmentAssignments":[` + users + `]}`, ""},
		{"an id without a filter", beta, `{"iosEnrollmentAssignments":[` + withFilter(`"5b2c1f0e-7d34-4a55-9c1b-2f6f0e9a8d71"`, `"none"`) + `]}`, `{"iosEnrollmentAssignments":[` + withFilter(`""`, `"none"`) + `]}`, ""},
		{"zero filter id", beta, `{"iosEnrollmentAssignments":[` + withFilter(`"00000000-0000-0000-0000-000000000000"`, `null`) + `]}`, `{"iosEnrollmentAssignments":[` + users + `]}`, ""},
		{"empty collection and absent", beta, held, `{"iosEnrollmentAssignments":[]}`, ""},
		{"what only current has", beta, `{"iosOnboarded":true,"unknown":1,"@odata.context":"x"}`, `{}`, ""},
		{"heartbeat", beta, `{"lastHeartbeatDateTime":"2026-01-31T08:00:00Z"}`, `{"lastHeartbeatDateTime":"2025-01-31T08:00:00Z"}`, "; /lastHeartbeatDateTime updated by the service"},
		{"id in another case", beta, `{"id":"0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"}`, `{"id":"0A4B7C1E-3F52-4C8D-9B60-7D1E2F3A4B5C"}`, ""},
		{"sentinel", probe, `{"level":"low"}`, `{"level":"unknownFutureValue"}`, "; /level unknownFutureValue changes nothing"},
		{"response in value", beta, `{"@odata.context":"x","value":{"iosOnboarded":true}}`, `{"iosOnboarded":true}`, ""},
		{"what a complex value leaves out", probe, `{"settings":{"mode":"a","limit":1}}`, `{"settings":{"mode":"a"}}`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := compute(test.r, test.current, test.desired, diff.Options{}); got != "nothing"+test.skipped {
				t.Errorf("%s", got)
			}
		})
	}
}

func withFilter(id, kind string) string {
	return `{"target":{"@odata.type":"#microsoft.graph.allLicensedUsersAssignmentTarget","deviceAndAppManagementAssignmentFilterId":` + id + `,"deviceAndAppManagementAssignmentFilterType":` + kind + `}}`
}

// TestChanges checks which values differ, and the body that is sent.
func TestChanges(t *testing.T) {
	beta, v1, probe := partner(t, schema.Beta), partner(t, schema.V1), probe(t)
	lifetime := anyType(t, schema.Beta, "unifiedRoleManagementPolicyExpirationRule")
	digits := strings.Repeat("9", 1_000_000) // parsing these as a number would take seconds
	flows, extension := anyType(t, schema.Beta, "conditionalAccessPolicy"), anyType(t, schema.Beta, "openTypeExtension")
	team, user := anyType(t, schema.V1, "group"), anyType(t, schema.V1, "user")
	const pageOfUsers = `{"id":"1","displayName":"a","iosEnrollmentAssignments":[` + users + `],"iosEnrollmentAssignments@odata.nextLink":"x"}`
	for _, test := range []struct {
		name             string
		r                *schema.Type
		current, desired string
		o                diff.Options
		want             string
	}{
		{name: "a duplicate shifts", r: beta, current: `{"iosEnrollmentAssignments":[` + groupA + `,` + groupA + `,` + groupB + `]}`, desired: `{"iosEnrollmentAssignments":[` + groupA + `,` + groupB + `,` + groupB + `]}`,
			want: `{"iosEnrollmentAssignments":[` + groupA + `,` + groupB + `,` + groupB + `]}`},
		{name: "one lost and the other doubled", r: beta, current: `{"iosEnrollmentAssignments":[` + groupA + `,` + groupB + `]}`, desired: `{"iosEnrollmentAssignments":[` + groupA + `,` + groupA + `]}`,
			want: `{"iosEnrollmentAssignments":[` + groupA + `,` + groupA + `]}`},
		{name: "another type of element", r: probe, current: `{"labels":[null]}`, desired: `{"labels":[""]}`, want: `{"labels":[""]}`},
		{name: "2^53 and one more", r: probe, current: `{"count":9007199254740992}`, desired: `{"count":9007199254740993}`, want: `{"count":9007199254740993}`},
		{name: "a list of other numbers", r: probe, current: `{"numbers":[1,2]}`, desired: `{"numbers":[3,4]}`, want: `{"numbers":[3,4]}`},
		{name: "a huge exponent", r: probe, current: `{"amount":1e400}`, desired: `{"amount":1e401}`, want: `{"amount":1e401}`},
		{name: "an exponent of millions of digits", r: probe, current: `{"amount":1e` + digits + `}`, desired: `{"amount":2e` + digits + `}`, want: `{"amount":2e` + digits + `}`},
		{name: "a year of millions of digits", r: probe, current: `{"when":"` + digits + `-01-01T00:00:00Z"}`, desired: `{"when":"` + digits + `-01-01T00:00:01Z"}`, want: `{"when":"` + digits + `-01-01T00:00:01Z"}`},
		{name: "a longer duration", r: lifetime, current: `{"maximumDuration":"PT1H"}`, desired: `{"maximumDuration":"PT61M"}`, want: `{"@odata.type":"#microsoft.graph.unifiedRoleManagementPolicyExpirationRule","maximumDuration":"PT61M"}`},
		{name: "[] in place of elements", r: beta, current: `{"iosEnrollmentAssignments":[` + users + `]}`, desired: `{"iosEnrollmentAssignments":[]}`, want: `{"iosEnrollmentAssignments":[]}`},
		{name: "another JSON type in current", r: beta, current: `{"iosOnboarded":"true"}`, desired: `{"iosOnboarded":true}`, want: `{"iosOnboarded":true}`},
		{name: "an element more", r: beta, current: `{"iosEnrollmentAssignments":[` + users + `]}`, desired: `{"iosEnrollmentAssignments":[` + users + `,` + users + `]}`, want: `{"iosEnrollmentAssignments":[` + users + `,` + users + `]}`},
		{name: "a name is not an id", r: beta, current: `{"displayName":"0A4B7C1E-3F52-4C8D-9B60-7D1E2F3A4B5C"}`, desired: `{"displayName":"0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"}`, want: `{"displayName":"0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"}`},
		{name: "a year of eleven digits", r: probe, current: `{"when":"11234567890-01-31T08:00:00Z"}`, desired: `{"when":"21234567890-01-31T08:00:00Z"}`, want: `{"when":"21234567890-01-31T08:00:00Z"}`},
		{name: "100 ns", r: probe, current: `{"when":"2026-01-31T08:00:00.0000001Z"}`, desired: `{"when":"2026-01-31T08:00:00.0000002Z"}`, want: `{"when":"2026-01-31T08:00:00.0000002Z"}`},
		{name: "null clears", r: beta, current: `{"displayName":"x"}`, desired: `{"displayName":null}`, want: `{"displayName":null}`},
		{name: "a filter comes", r: beta, current: `{"iosEnrollmentAssignments":[` + users + `]}`, desired: `{"iosEnrollmentAssignments":[` + withFilter(`"5b2c1f0e-7d34-4a55-9c1b-2f6f0e9a8d71"`, `"include"`) + `]}`,
			want: `{"iosEnrollmentAssignments":[` + withFilter(`"5b2c1f0e-7d34-4a55-9c1b-2f6f0e9a8d71"`, `"include"`) + `]}`},
		{name: "group to exclusion", r: beta, current: `{"iosEnrollmentAssignments":[` + groupA + `]}`, desired: `{"iosEnrollmentAssignments":[` + strings.Replace(groupA, "groupAss", "exclusionGroupAss", 1) + `]}`,
			want: `{"iosEnrollmentAssignments":[` + strings.Replace(groupA, "groupAss", "exclusionGroupAss", 1) + `]}`},
		{name: "type names are completed and annotations dropped", r: beta, current: `{"@odata.context":"x","id":"1"}`, desired: `{"@odata.context":"x","iosEnrollmentAssignments@odata.type":"#Collection(microsoft.graph.complianceManagementPartnerAssignment)","iosEnrollmentAssignments":[{"target":{"@a.b":1,"@odata.type":"graph.allDevicesAssignmentTarget"},"@odata.type":"microsoft.graph.complianceManagementPartnerAssignment"}]}`,
			want: `{"iosEnrollmentAssignments":[{"@odata.type":"#microsoft.graph.complianceManagementPartnerAssignment","target":{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget"}}]}`},
		{name: "a complex value is sent whole", r: probe, current: `{"settings":{"mode":"a","limit":1,"inner":{"a":"1","b":"2"},"unknown":1}}`, desired: `{"settings":{"inner":{"b":"3"}}}`,
			want: `{"settings":{"inner":{"b":"3","a":"1"},"mode":"a","limit":1}}`},
		{name: "a complex value of another type", r: probe, current: `{"settings":{"mode":"a"}}`, desired: `{"settings":{"@odata.type":"probe.extraSettings","extra":"x"}}`,
			want: `{"settings":{"@odata.type":"#probe.extraSettings","extra":"x","mode":"a"}}`},
		{name: "pruned", r: beta, current: `{"displayName":"x","iosOnboarded":true,"iosEnrollmentAssignments":[` + users + `],"lastHeartbeatDateTime":"2026-01-31T08:00:00Z"}`, desired: `{}`, o: diff.Options{Prune: true},
			want: `{"displayName":null,"iosEnrollmentAssignments":[]}; /lastHeartbeatDateTime updated by the service; /iosOnboarded cannot be cleared, because it is not nullable`},
		{name: "pruned and sent all the same", r: beta, current: `{"id":"1","lastHeartbeatDateTime":"2026-01-31T08:00:00Z"}`, desired: `{}`, o: diff.Options{Prune: true, Send: []patchlint.Pointer{"/lastHeartbeatDateTime"}},
			want: `nothing; /lastHeartbeatDateTime cannot be cleared, because it is not nullable`},
		{name: "pruned and ignored", r: beta, current: `{"id":"1","lastHeartbeatDateTime":"2026-01-31T08:00:00Z"}`, desired: `{}`, o: diff.Options{Prune: true, Ignore: []patchlint.Pointer{"/lastHeartbeatDateTime"}},
			want: `nothing; /lastHeartbeatDateTime ignored`},
		{name: "pruned inside, what is not nullable", r: flows, current: `{"conditions":{"clientAppTypes":["all"],"authenticationFlows":{"transferMethods":"none"}}}`, desired: `{"conditions":{"clientAppTypes":["browser"],"authenticationFlows":{}}}`, o: diff.Options{Prune: true},
			want: `{"conditions":{"clientAppTypes":["browser"],"authenticationFlows":{"transferMethods":"none"}}}; /conditions/authenticationFlows/transferMethods cannot be cleared, because it is not nullable`},
		{name: "pruned in an open type", r: extension, current: `{"id":"com.contoso","extensionName":"com.contoso","theme":"dark","gone":null}`, desired: `{"extensionName":"com.contoso"}`, o: diff.Options{Prune: true},
			want: `nothing; /theme kept, because the metadata does not declare it; write null in desired to clear it`},
		{name: "pruned inside", r: probe, current: `{"settings":{"mode":"a","list":[1]}}`, desired: `{"settings":{"limit":1}}`, o: diff.Options{Prune: true},
			want: `{"settings":{"limit":1,"mode":null,"list":[]}}`},
		{name: "ordered", r: beta, current: `{"iosEnrollmentAssignments":[` + groupA + `,` + users + `]}`, desired: `{"iosEnrollmentAssignments":[` + users + `,` + groupA + `]}`, o: diff.Options{Ordered: true},
			want: `{"iosEnrollmentAssignments":[` + users + `,` + groupA + `]}`},
		{name: "ignored", r: beta, current: `{"displayName":"x"}`, desired: `{"displayName":"y","iosOnboarded":true}`, o: diff.Options{Ignore: []patchlint.Pointer{"/displayName"}},
			want: `{"iosOnboarded":true}; /displayName ignored`},
		{name: "ignored inside", r: beta, current: `{"iosEnrollmentAssignments":[` + groupA + `]}`, desired: `{"iosEnrollmentAssignments":[` + groupB + `]}`, o: diff.Options{Ignore: []patchlint.Pointer{"/*/*/target/groupId"}},
			want: `nothing`},
		{name: "sent all the same", r: beta, current: held, desired: `{"lastHeartbeatDateTime":"2026-01-31T08:00:00Z"}`, o: diff.Options{Send: []patchlint.Pointer{"/lastHeartbeatDateTime"}},
			want: `{"lastHeartbeatDateTime":"2026-01-31T08:00:00Z"}`},
		{name: "with its type", r: beta, current: held, desired: `{"iosOnboarded":true}`, o: diff.Options{ODataType: true},
			want: `{"@odata.type":"#microsoft.graph.complianceManagementPartner","iosOnboarded":true}`},
		{name: "only its type is nothing", r: beta, current: held, desired: `{"@odata.type":"#microsoft.graph.complianceManagementPartner"}`, o: diff.Options{ODataType: true}, want: `nothing`},
		{name: "from a list", r: beta, current: `{"value":[{"id":"1","iosOnboarded":true},{"id":"2","iosOnboarded":true}]}`, desired: `{"id":"2","iosOnboarded":false}`, want: `{"iosOnboarded":false}`},
		{name: "null in place of a list inside", r: probe, current: `{"settings":{"mode":"b","list":null}}`, desired: `{"settings":{"mode":"a"}}`, want: `{"settings":{"mode":"a","list":[]}}`},
		{name: "a derived type", r: resource("deviceAndAppManagementAssignmentTarget"), current: group("1"), desired: group("2"), want: group("2")},
		{name: "a derived type that only current names", r: resource("groupAssignmentTarget"), current: strings.Replace(group("1"), "group", "exclusionGroup", 1), desired: `{"groupId":"11111111-0a4b-4c11-9d3e-000000000002"}`,
			want: strings.Replace(group("2"), "group", "exclusionGroup", 1)},
		{name: "an invalid pointer ignores nothing", r: beta, current: held, desired: `{"displayName":"x"}`, o: diff.Options{Ignore: []patchlint.Pointer{"displayName", "XdisplayName"}}, want: `{"displayName":"x"}`},
		{name: "what base has goes, however often it is there", r: beta, current: `{"iosEnrollmentAssignments":[` + groupA + `,` + users + `,` + groupA + `]}`, desired: `{"iosEnrollmentAssignments":[]}`, o: diff.Options{Base: parse(t, []byte(`{"iosEnrollmentAssignments":[`+groupA+`]}`))},
			want: `{"iosEnrollmentAssignments":[` + users + `]}`},
		{name: "only the service has one, and ours are in order", r: beta, current: `{"iosEnrollmentAssignments":[` + users + `,` + groupA + `]}`, desired: `{"iosEnrollmentAssignments":[` + groupA + `]}`, o: diff.Options{Ordered: true, Base: parse(t, []byte(`{"iosEnrollmentAssignments":[`+groupA+`]}`))},
			want: `nothing`},
		{name: "only the service has one, and nothing else differs", r: beta, current: `{"iosEnrollmentAssignments":[` + users + `,` + groupA + `]}`, desired: `{"iosEnrollmentAssignments":[` + groupA + `]}`, o: diff.Options{Base: parse(t, []byte(`{"iosEnrollmentAssignments":[`+groupA+`]}`))},
			want: `nothing`},
		{name: "skipped in the order of desired", r: anyType(t, schema.V1, "group"), current: `{"id":"1"}`, desired: `{"displayName":"a","owners@odata.bind":[],"description":"b"}`, o: diff.Options{Ignore: []patchlint.Pointer{"/displayName", "/description"}},
			want: `nothing; /displayName ignored; /owners@odata.bind a link to another object by @odata.bind, which is not compared; send it separately; /description ignored`},
		{name: "a page of what is to be pruned", r: beta, current: pageOfUsers, desired: `{"displayName":"b"}`, o: diff.Options{Prune: true}, want: "refused: current 1:137 payload-shape"},
		{name: "a page of what base has", r: beta, current: pageOfUsers, desired: `{"displayName":"b"}`, o: diff.Options{Base: parse(t, []byte(`{"iosEnrollmentAssignments":[]}`))}, want: "refused: current 1:137 payload-shape"},
		{name: "a page of what is ignored", r: beta, current: pageOfUsers, desired: `{"displayName":"b","iosEnrollmentAssignments":[]}`, o: diff.Options{Ignore: []patchlint.Pointer{"/iosEnrollmentAssignments"}},
			want: `{"displayName":"b"}; /iosEnrollmentAssignments ignored`},
		{name: "base is an error", r: beta, current: held, desired: `{"displayName":"b"}`, o: diff.Options{Base: parse(t, []byte(`{"error":{"code":"x","message":"y"}}`))}, want: "refused: base 1:10 payload-shape"},
		{name: "base is a list of nothing", r: beta, current: held, desired: `{"displayName":"b"}`, o: diff.Options{Base: parse(t, []byte(`"x"`))}, want: "refused: base 1:1 payload-shape"},
		{name: "base is a batch", r: beta, current: held, desired: `{"displayName":"b"}`, o: diff.Options{Base: parse(t, []byte(`{"requests":[{"id":"1"}]}`))}, want: "refused: base 1:2 payload-shape"},
		{name: "base is another object than desired", r: beta, current: `{"displayName":"a"}`, desired: `{"id":"1","displayName":"b"}`, o: diff.Options{Base: parse(t, []byte(`{"id":"2"}`))}, want: "refused: base 1:7 id-mismatch"},
		{name: "no related objects to prune", r: team, current: `{"id":"1","displayName":"a","owners":[]}`, desired: `{"displayName":"b"}`, o: diff.Options{Prune: true}, want: `{"displayName":"b"}`},
		{name: "related objects that are pruned and ignored", r: team, current: `{"id":"1","displayName":"a","owners":[{"id":"2"}]}`, desired: `{"displayName":"b"}`, o: diff.Options{Prune: true, Ignore: []patchlint.Pointer{"/owners"}}, want: `{"displayName":"b"}`},
		{name: "related objects that base has", r: team, current: `{"id":"1","displayName":"a","owners":[{"id":"2"}]}`, desired: `{"displayName":"b"}`, o: diff.Options{Base: parse(t, []byte(`{"owners":[{"id":"2"}]}`))},
			want: `{"displayName":"b"}; /owners a navigation property, which a PATCH usually does not update`},
		{name: "related objects that are bound and not pruned", r: team, current: `{"id":"1","owners":[{"id":"2"}]}`, desired: `{"owners@odata.bind":["x"]}`, o: diff.Options{Prune: true},
			want: `nothing; /owners@odata.bind a link to another object by @odata.bind, which is not compared; send it separately`},
		{name: "one related object less", r: team, current: `{"id":"1","owners":[{"id":"2"},{"id":"3"}]}`, desired: `{"owners":[{"id":"3"}]}`, want: `nothing; /owners a navigation property, which a PATCH usually does not update`},
		{name: "one related object twice", r: team, current: `{"id":"1","owners":[{"id":"2"},{"id":"3"}]}`, desired: `{"owners":[{"id":"3"},{"id":"3"}]}`, want: `nothing; /owners a navigation property, which a PATCH usually does not update`},
		{name: "a related object by its id", r: team, current: `{"id":"1","owners":[{"id":"2"}]}`, desired: `{"owners":[{"id":"2","deletedDateTime":null}]}`, want: `nothing`},
		{name: "a related object of which current shows less", r: user, current: `{"id":"1","manager":{"id":"2"}}`, desired: `{"manager":{"@odata.type":"#microsoft.graph.user","id":"2","displayName":"A"}}`, want: `nothing`},
		{name: "another related object", r: user, current: `{"id":"1","manager":{"id":"2"}}`, desired: `{"manager":{"id":"3"}}`, want: `nothing; /manager a navigation property, which a PATCH usually does not update`},
		{name: "an empty related object", r: user, current: `{"id":"1","manager":{"id":"2"}}`, desired: `{"manager":{}}`, want: `nothing; /manager a navigation property, which a PATCH usually does not update`},
		{name: "v1.0", r: v1, current: `{"id":"1","linuxOnboarded":true}`, desired: `{"iosOnboarded":true}`, want: `{"iosOnboarded":true}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			if d := cmp.Diff(test.want, compute(test.r, test.current, test.desired, test.o)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestUndeclaredIsCompact checks that a body contains no comments or white space, even in
// a value that no type describes.
func TestUndeclaredIsCompact(t *testing.T) {
	current, _ := patchlint.Parse([]byte(held), patchlint.JSON)
	desired, _ := patchlint.Parse([]byte("{\"custom\": {\"a\": 1, // one\n \"b\": [1, 2,]}}"), patchlint.JSONC)
	plan, err := diff.Compute(anyType(t, schema.Beta, "openTypeExtension"), current, desired, diff.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(plan.Body), `{"@odata.type":"#microsoft.graph.openTypeExtension","custom":{"a":1,"b":[1,2]}}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// TestRefusedCurrent checks refusals because of current or base: another object, another
// type, and values that the body would repeat and the service would refuse.
func TestRefusedCurrent(t *testing.T) {
	beta, probe := partner(t, schema.Beta), probe(t)
	assignments := func(elements ...string) string {
		return `{"iosEnrollmentAssignments":[` + strings.Join(elements, ",") + `]}`
	}
	platforms := func(names ...string) string {
		return `{"conditions":{"platforms":{"includePlatforms":["` + strings.Join(names, `","`) + `"]}}}`
	}
	for _, test := range []struct {
		name                   string
		r                      *schema.Type
		current, desired, base string
		want                   string
	}{
		{"base of another object", beta, `{"id":"1"}`, `{"iosOnboarded":true}`, `{"id":"2"}`, "base 1:7 id-mismatch"},
		{"base is not the object of desired", beta, held, `{"id":"1","iosOnboarded":true}`, `{"id":"2"}`, "base 1:7 id-mismatch"},
		{"another type", resource("groupAssignmentTarget"), group("1"), strings.Replace(group("1"), "group", "exclusionGroup", 1), "", "desired 1:16 odata-type"},
		{"an unknown type is kept", beta, assignments(users, `{"target":{"@odata.type":"#microsoft.graph.newTarget","x":1}}`), assignments(groupA), `{}`, "current 1:134 odata-type"},
		{"a type that is not a target is kept", beta, assignments(`{"target":{"@odata.type":"#microsoft.graph.complianceManagementPartner","displayName":"x"}}`), assignments(groupA), `{}`, "current 1:55 odata-type"},
		{"no type is kept", beta, assignments(`{"target":{"groupId":"x"}}`), assignments(groupA), `{}`, "current 1:40 odata-type"},
		{"no GUID is kept", beta, assignments(`{"target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"x"}}`), assignments(groupA), `{}`, "current 1:106 guid"},
		{"null is kept", beta, assignments("null"), assignments(groupA), `{}`, "current 1:30 null-value"},
		{"text and a number are kept", beta, assignments("null", `"x"`, "5"), assignments(groupA), `{}`, "current 1:35 payload-shape, current 1:39 payload-shape"},
		{"what is kept is not sent", beta, assignments(`null`, groupA), assignments(groupA), assignments(groupA), ""},
		{"a value inside", probe, `{"settings":{"inner":{"a":1},"limit":"x"}}`, `{"settings":{"mode":"a","inner":{"b":"x"}}}`, "", "current 1:27 wrong-type, current 1:38 wrong-type"},
		{"an element inside that is elsewhere in the body", resource("conditionalAccessPolicy"), platforms("android", "bogus", "iOS"), platforms("windows"), platforms("iOS"), "current 1:48 enum-value"},
		{"a value inside that desired gives", probe, `{"settings":{"inner":{"a":1},"limit":"x"}}`, `{"settings":{"limit":1,"inner":{"a":"x"}}}`, "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			var o diff.Options
			if test.base != "" {
				o.Base = parse(t, []byte(test.base))
			}
			got, refused := strings.CutPrefix(compute(test.r, test.current, test.desired, o), "refused: ")
			if !refused {
				got = ""
			}
			if d := cmp.Diff(test.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// resource returns a type of beta.
func resource(name string) *schema.Type {
	m, err := schema.Open(schema.Beta)
	if err != nil {
		panic(err)
	}
	r, err := m.Resource(name)
	if err != nil {
		panic(err)
	}
	return r
}

// group returns an assignment target for a group.
func group(last string) string {
	return `{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"11111111-0a4b-4c11-9d3e-00000000000` + last + `"}`
}

// TestRefused checks what is refused, and the position that is reported.
func TestRefused(t *testing.T) {
	beta, v1 := partner(t, schema.Beta), partner(t, schema.V1)
	for _, test := range []struct {
		name             string
		r                *schema.Type
		current, desired string
		want             string
	}{
		{"duplicate member", beta, `{"iosOnboarded":true}`, `{"iosOnboarded":true,"iosOnboarded":false}`, "desired 1:22 json-duplicate-name"},
		{"duplicate member in current", beta, `{"id":"1","id":"2"}`, `{}`, "current 1:11 json-duplicate-name"},
		{"trailing data", beta, held, `{} {}`, "desired 1:4 json-syntax"},
		{"invalid UTF-8", beta, "{\"displayName\":\"\xff\"}", `{}`, "current 1:17 json-encoding"},
		{"lone surrogates", beta, held, `{"displayName":"\ud800"}`, "desired 1:17 json-encoding"},
		{"truncated", beta, held, `{"displayName":`, "desired 1:16 json-syntax"},
		{"single quotes", beta, held, `{'displayName':1}`, "desired 1:2 json-syntax"},
		{"comment", beta, held, `{/**/}`, "desired 1:2 json-syntax"},
		{"trailing comma", beta, `{"iosOnboarded":true,}`, `{}`, "current 1:21 json-syntax"},
		{"leading zero", beta, held, `{"iosOnboarded":01}`, "desired 1:17 json-syntax"},
		{"not an object", beta, `[]`, `1`, "current 1:1 payload-shape, desired 1:1 payload-shape"},
		{"two lists", beta, `[{"id":"1"},{"id":"2"}]`, `[{"iosOnboarded":true}]`, "desired 1:1 payload-shape"},
		{"wrapped", beta, held, `{"value":{"iosOnboarded":true}}`, "desired 1:2 payload-shape"},
		{"another type", beta, `{"@odata.type":"#microsoft.graph.deviceManagementPartner"}`, `{"iosOnboarded":true}`, "current 1:16 odata-type"},
		{"other ids", beta, `{"id":"1"}`, `{"id":"2"}`, "desired 1:7 id-mismatch"},
		{"no such id in the list", beta, `{"value":[{"id":"1"}]}`, `{"id":"2"}`, "current 1:10 payload-shape"},
		{"a list and no id", beta, `{"value":[{"id":"1"},{"id":"2"}]}`, `{"iosOnboarded":true}`, "current 1:10 payload-shape"},
		{"unknown property", beta, held, `{"iOSOnboarded":true}`, "desired 1:2 unknown-property"},
		{"property of another version", v1, held, `{"linuxOnboarded":true}`, "desired 1:2 version-property"},
		{"wrong type", beta, held, `{"iosOnboarded":"true"}`, "desired 1:17 wrong-type"},
		{"null", beta, held, `{"iosOnboarded":null}`, "desired 1:17 null-value"},
		{"null collection", beta, held, `{"iosEnrollmentAssignments":null}`, "desired 1:29 null-value"},
		{"enum", beta, held, `{"partnerState":"active"}`, "desired 1:17 enum-value"},
		{"date", beta, held, `{"lastHeartbeatDateTime":"2026-01-31"}`, "desired 1:26 date-time"},
		{"no target type", beta, held, `{"iosEnrollmentAssignments":[{"target":{}}]}`, "desired 1:40 odata-type"},
		{"no group", beta, held, `{"iosEnrollmentAssignments":[{"target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget"}}]}`, "desired 1:40 required-property"},
		{"no GUID", beta, held, `{"iosEnrollmentAssignments":[{"target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"Sales"}}]}`, "desired 1:106 guid"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if d := cmp.Diff("refused: "+test.want, compute(test.r, test.current, test.desired, diff.Options{})); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestWarnings checks the warnings about sending a body.
func TestWarnings(t *testing.T) {
	beta, v1 := partner(t, schema.Beta), partner(t, schema.V1)
	app, filtered := anyType(t, schema.V1, "mobileAppAssignment"), withFilter(`"5b2c1f0e-7d34-4a55-9c1b-2f6f0e9a8d71"`, `"include"`)
	for _, test := range []struct {
		name             string
		r                *schema.Type
		current, desired string
		want             []string
	}{
		{"the filter of a single target", app, filtered, groupA, []string{"filters-lost /target"}},
		{"the filter of a single target that is cleared", app, filtered, `{"target":null}`, nil},
		{"the filter of a target that is not sent", app, filtered, `{"intent":"required"}`, nil},
		{"nothing lost", beta, held, `{"iosEnrollmentAssignments":[` + users + `]}`, nil},
		{"an assignment lost", beta, `{"iosEnrollmentAssignments":[` + users + `,` + groupA + `]}`, `{"iosEnrollmentAssignments":[` + users + `,` + groupB + `]}`, []string{"collection-loses-assignments /iosEnrollmentAssignments"}},
		{"state", beta, `{"partnerState":"enabled"}`, `{"partnerState":"terminated"}`, []string{"server-managed-property /partnerState"}},
		{"same state", beta, `{"partnerState":"enabled"}`, `{"partnerState":"enabled"}`, nil},
		{"filters", v1, `{"iosEnrollmentAssignments":[` + withFilter(`"5b2c1f0e-7d34-4a55-9c1b-2f6f0e9a8d71"`, `"include"`) + `]}`, `{"iosEnrollmentAssignments":[` + users + `,` + groupA + `]}`, []string{"filters-lost /iosEnrollmentAssignments"}},
		{"filters kept", beta, `{"iosEnrollmentAssignments":[` + withFilter(`"5b2c1f0e-7d34-4a55-9c1b-2f6f0e9a8d71"`, `"include"`) + `]}`, `{"iosEnrollmentAssignments":[` + withFilter(`"5b2c1f0e-7d34-4a55-9c1b-2f6f0e9a8d71"`, `"include"`) + `,` + groupA + `]}`, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			a, _ := patchlint.Parse([]byte(test.current), patchlint.JSON)
			b, _ := patchlint.Parse([]byte(test.desired), patchlint.JSON)
			plan, err := diff.Compute(test.r, a, b, diff.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, w := range plan.Warnings {
				got = append(got, w.Rule+" "+string(w.Pointer))
			}
			if d := cmp.Diff(test.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestChangedElements checks the warnings about elements that the body replaces: an
// assignment with another target is another assignment, but an object with other members
// may be the same object.
func TestChangedElements(t *testing.T) {
	ranges := func(list string) string { return `{"validOperatingSystemBuildRanges":[` + list + `]}` }
	for _, test := range []struct {
		r                      *schema.Type
		current, desired, want string
	}{
		{anyType(t, schema.Beta, "windows10CompliancePolicy"), ranges(`{"description":"a","lowestVersion":"1"}`), ranges(`{"description":"a","lowestVersion":"2"}`), "1 element that current has and desired lacks is lost or changed; "},
		{anyType(t, schema.Beta, "windows10CompliancePolicy"), ranges(`{"description":"a","lowestVersion":"1"}`), ranges(""), "1 element that current has and desired lacks is lost; "},
		{anyType(t, schema.Beta, "windows10CompliancePolicy"), `{"roleScopeTagIds":["1"]}`, `{"roleScopeTagIds":["2"]}`, "1 element that current has and desired lacks is lost; "},
		{partner(t, schema.Beta), `{"iosEnrollmentAssignments":[` + groupA + `]}`, `{"iosEnrollmentAssignments":[` + groupB + `]}`, "1 assignment that current has and desired lacks is lost; "},
	} {
		current, _ := patchlint.Parse([]byte(test.current), patchlint.JSON)
		desired, _ := patchlint.Parse([]byte(test.desired), patchlint.JSON)
		plan, err := diff.Compute(test.r, current, desired, diff.Options{})
		if err != nil || len(plan.Warnings) != 1 || !strings.Contains(plan.Warnings[0].Message, test.want) {
			t.Errorf("%s: %v, %+v", test.desired, err, plan)
		}
	}
}

// TestUnparsed checks that an unparsed document is refused as any argument.
func TestUnparsed(t *testing.T) {
	r, parsed := partner(t, schema.Beta), parse(t, []byte(held))
	for _, empty := range []*patchlint.Document{patchlint.Unparsed([]byte(held)), new(patchlint.Document)} {
		_, current := diff.Compute(r, empty, parsed, diff.Options{})
		_, desired := diff.Compute(r, parsed, empty, diff.Options{})
		_, base := diff.Compute(r, parsed, parsed, diff.Options{Base: empty})
		_, _, applied := diff.Apply(r, "", parsed, empty)
		_, _, to := diff.Apply(r, "", empty, parsed)
		for i, err := range []error{current, desired, base, applied, to} {
			var refusal diff.Refusal
			if !errors.As(err, &refusal) || !strings.Contains(err.Error(), "has not been parsed") {
				t.Errorf("%d: %v", i, err)
			}
		}
	}
}

// TestObject checks that Options.Object is refused if it is in another document than
// current.
func TestObject(t *testing.T) {
	r, current, desired := partner(t, schema.Beta), parse(t, []byte(held)), parse(t, []byte(`{"displayName": "b"}`))
	_, err := diff.Compute(r, current, desired, diff.Options{Object: desired.Root()})
	if want := `current is refused at "": Options.Object is in another document [payload-shape]`; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if _, err := diff.Compute(r, current, desired, diff.Options{Object: current.Root()}); err != nil {
		t.Error(err)
	}
}

// TestJSONPatch checks that an existing value is replaced, not added.
func TestJSONPatch(t *testing.T) {
	for _, test := range []struct {
		r                      *schema.Type
		current, desired, want string
	}{
		{partner(t, schema.Beta), `{"displayName":"x"}`, `{"displayName":null}`, `[{"op":"replace","path":"/displayName","value":null}]`},
		{partner(t, schema.Beta), `{"displayName":null}`, `{"displayName":"x"}`, `[{"op":"replace","path":"/displayName","value":"x"}]`},
		{partner(t, schema.Beta), `{"id":"1"}`, `{"displayName":"x"}`, `[{"op":"add","path":"/displayName","value":"x"}]`},
		{partner(t, schema.Beta), `{"iosEnrollmentAssignments":[` + groupA + `]}`, `{"iosEnrollmentAssignments":[` + groupA + `,` + users + `]}`, `[{"op":"add","path":"/iosEnrollmentAssignments/1","value":` + users + `}]`},
		{partner(t, schema.Beta), `{"iosEnrollmentAssignments":[` + groupA + `]}`, `{"iosEnrollmentAssignments":[` + groupA + `,` + users + `,` + groupB + `]}`,
			`[{"op":"add","path":"/iosEnrollmentAssignments/1","value":` + users + `},{"op":"add","path":"/iosEnrollmentAssignments/2","value":` + groupB + `}]`},
		{anyType(t, schema.V1, "conditionalAccessPolicy"), `{"sessionControls":null}`, `{"sessionControls":{"disableResilienceDefaults":true}}`, `[{"op":"replace","path":"/sessionControls","value":{"disableResilienceDefaults":true}}]`},
	} {
		plan, err := diff.Compute(test.r, parse(t, []byte(test.current)), parse(t, []byte(test.desired)), diff.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := string(plan.JSONPatch()); got != test.want {
			t.Errorf("%s -> %s\ngot  %s\nwant %s", test.current, test.desired, got, test.want)
		}
	}
}
