package schema_test

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/schema/conform"
	"github.com/patchlint/patchlint/schema/facts"
)

// eachType calls test with one in every so many types of objects of a version, or with
// all of them if PATCHLINT_EXHAUSTIVE=1.
func eachType(t *testing.T, v schema.Version, every int, test func(r *schema.Type)) {
	m, i := open(t, v), 0
	for name := range m.Names {
		if i++; i%corpus.Size(every, 1) != 0 {
			continue
		}
		typ := m.Type(name)
		if r, err := m.Resource(typ.Name); err == nil {
			test(r)
		} else if typ.Structured() && typ.Short() != "entity" {
			t.Error(err)
		}
	}
}

// sample makes examples of types.
type sample struct {
	model *schema.Model
	depth int
}

// object returns an object of type t with a value for every property, to use where the
// type declared is expected.
func (s *sample) object(t, declared *schema.Type) string {
	if t.Abstract {
		derived := s.model.Derived(t)
		if len(derived) == 0 {
			return "{}"
		}
		t = derived[0]
	}
	var members []string
	if t != declared || declared.Abstract {
		members = append(members, fmt.Sprintf(`"@odata.type": %q`, "#"+t.Name))
	}
	s.depth++
	for _, p := range t.Properties {
		if value := s.value(p); value != "" {
			members = append(members, fmt.Sprintf("%q: %s", p.Name, value))
		}
	}
	s.depth--
	return "{" + strings.Join(members, ", ") + "}"
}

// value returns a value of a property, or "" to leave the property out.
func (s *sample) value(p *schema.Property) string {
	single := ""
	switch t := p.Type; {
	case t.Name == "Edm.Stream":
		return ""
	case t.Structured() && s.depth > 3:
		switch {
		case p.Collection:
			return "[]"
		case p.Nullable:
			return "null"
		case p.Required:
			return s.object(t, t)
		}
		return ""
	case t.Structured():
		single = s.object(t, t)
	case t.Members != nil && len(t.Members) == 0:
		return ""
	case t.Flags && len(t.Members) > 1:
		single = fmt.Sprintf("%q", t.Members[1].Name+","+t.Members[0].Name)
	case t.Members != nil:
		single = fmt.Sprintf("%q", t.Members[len(t.Members)-1].Name)
	case p.Example != "":
		single = fmt.Sprintf("%q", p.Example)
	default:
		single = samples[t.Name]
	}
	if p.Collection {
		return "[" + single + ", " + single + "]"
	}
	return single
}

// samples are values of the primitive types.
var samples = map[string]string{
	"Edm.String": `"text"`, "Edm.Boolean": "true", "Edm.Guid": `"0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"`,
	"Edm.DateTimeOffset": `"2026-01-31T08:00:00Z"`, "Edm.Date": `"2024-02-29"`, "Edm.TimeOfDay": `"08:00:00.0000000"`, "Edm.Duration": `"PT1H30M"`,
	"Edm.Byte": "255", "Edm.SByte": "-128", "Edm.Int16": "-32768", "Edm.Int32": "2147483647", "Edm.Int64": `"9223372036854775807"`,
	"Edm.Single": "1.5", "Edm.Double": `"INF"`, "Edm.Decimal": `"12.50"`, "Edm.Binary": `"Y29udG9zbw=="`, "Edm.Untyped": `{"any": [null]}`,
}

// wrong returns a value of a kind that a property does not allow, or "" if it allows any.
func wrong(p *schema.Property) string {
	t := p.Type
	switch {
	case t.Name == "Edm.Untyped" && !p.Collection:
		return ""
	case p.Collection || t.Structured():
		return "5"
	case t.Members != nil:
		return `"no such member"`
	}
	switch t.Name {
	case "Edm.String", "Edm.Guid", "Edm.DateTimeOffset", "Edm.Date", "Edm.TimeOfDay", "Edm.Duration", "Edm.Binary":
		return "5"
	}
	return `"no such value"`
}

func parse(t testing.TB, text string) *patchlint.Document {
	t.Helper()
	doc, err := patchlint.Parse([]byte(text), patchlint.JSON)
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return doc
}

// TestEveryType checks that a payload with all properties of a type has no violation, and
// that each property is refused once, at its position, if its value is of another kind.
func TestEveryType(t *testing.T) {
	types, properties := 0, 0
	for _, v := range schema.Versions() {
		eachType(t, v, 7, func(r *schema.Type) {
			types++
			s := sample{model: r.Model}
			text := s.object(r, r)
			for _, violation := range r.Check(parse(t, text).Root()) {
				t.Errorf("%s %s: %s: %s", v, r.Short(), violation.Pointer, violation.Message)
			}
			if r.Abstract {
				return // its members belong to another type
			}
			for _, p := range r.Properties {
				value := wrong(p)
				if value == "" {
					continue
				}
				properties++
				found := r.Check(parse(t, fmt.Sprintf("{%q: %s}", p.Name, value)).Root())
				found = slices.DeleteFunc(found, func(v patchlint.Diagnostic) bool { return v.Rule == "required-property" })
				if len(found) != 1 || found[0].Pointer != patchlint.Pointer("/"+p.Name) {
					t.Errorf("%s %s/%s: %s has %d violations", v, r.Short(), p.Name, value, len(found))
				}
			}
		})
	}
	t.Logf("%d types, %d properties", types, properties)
}

// TestEveryJudgeAgrees checks that the JSON Schema of a type and the walk agree about its
// examples.
func TestEveryJudgeAgrees(t *testing.T) {
	compared := 0
	for _, v := range schema.Versions() {
		eachType(t, v, 397, func(r *schema.Type) {
			if len(schema.Closure(r)) > 60 {
				return
			}
			s := sample{model: r.Model}
			texts := []string{s.object(r, r), "{}", `{"noSuchProperty": 1}`}
			for _, p := range r.Properties {
				texts = append(texts, fmt.Sprintf("{%q: null}", p.Name))
				if value := wrong(p); value != "" {
					texts = append(texts, fmt.Sprintf("{%q: %s}", p.Name, value))
				}
				if p.Type.Structured() {
					texts = append(texts, fmt.Sprintf(`{%q: {"@odata.type": "#microsoft.graph.user"}}`, p.Name), fmt.Sprintf(`{%q: [{"x": 1}]}`, p.Name))
				}
			}
			for _, text := range texts {
				root := parse(t, text).Root()
				walk, second := r.Check(root), conform.Check(r, root)
				if (len(walk) > 0) != (len(second) > 0) {
					t.Errorf("%s %s: %s: the walk %v, the JSON Schema %v", v, r.Short(), text, messages(walk), messages(second))
				}
				compared++
			}
		})
	}
	t.Logf("%d payloads", compared)
	runtime.GC()
	var memory runtime.MemStats
	if runtime.ReadMemStats(&memory); memory.HeapAlloc > 512<<20 { // with PATCHLINT_EXHAUSTIVE=1, compiled schemas took 15 GB
		t.Errorf("%d MB are in use", memory.HeapAlloc>>20)
	}
}

// TestEnums checks that both judges accept the same texts for members: several of flags, and
// any case where the service accepts it. The walk warns of another case.
func TestEnums(t *testing.T) {
	for _, v := range schema.Versions() {
		m := open(t, v)
		message, policy, app := m.Type("message"), m.Type("conditionalAccessPolicy"), m.Type("win32LobApp")
		operations := "warning"
		if v == schema.Beta {
			operations = "" // they are strings
		}
		for _, test := range []struct {
			of             *schema.Type
			text, severity string
		}{
			{message, `{"body": {"contentType": "html"}}`, ""},
			{message, `{"body": {"contentType": "HTML"}}`, "warning"},
			{message, `{"body": {"contentType": "HTML "}}`, "error"},
			{message, `{"importance": "LOW"}`, "warning"},
			{message, `{"importance": "Lo"}`, "error"},
			{message, `{"inferenceClassification": "Focused"}`, "error"},
			{m.Type("chatMessage"), `{"body": {"contentType": "HTML"}}`, "warning"},
			{m.Type("recurrencePattern"), `{"daysOfWeek": ["Monday"]}`, "warning"},
			{m.Type("recurrencePattern"), `{"firstDayOfWeek": "\u017funday"}`, "error"},
			{m.Type("recurrencePattern"), `{"daysOfWeek": ["\u017funday"]}`, "error"},
			{m.Type("location"), `{"locationType": "locationEmailAddre\u017f\u017f"}`, "error"},
			{m.Type("expirationPattern"), `{"type": "AfterDuration"}`, "warning"},
			{m.Type("unifiedRoleManagementPolicyRuleTarget"), `{"operations": ["All"]}`, operations},
			{m.Type("privilegedAccessGroupEligibilityScheduleRequest"), `{"action": "AdminAssign"}`, "warning"},
			{m.Type("unifiedRoleEligibilityScheduleRequest"), `{"action": "AdminRemove"}`, operations},
			{m.Type("unifiedRoleAssignmentScheduleRequest"), `{"action": "AdminAssign"}`, operations},
			{policy, `{"state": "Enabled"}`, "error"},
			{m.Type("keyCredential"), `{"key": "PD8/Pj4+"}`, ""},
			{m.Type("keyCredential"), `{"key": "PD8_Pj4-"}`, "warning"},
			{m.Type("keyCredential"), `{"key": "PD8/Pg"}`, "warning"},
			{m.Type("keyCredential"), `{"key": "PD8/\r\nPg=="}`, "error"},
			{m.Type("keyCredential"), `{"key": "PD8/Pg="}`, "error"},
			{m.Type("keyCredential"), `{"key": "PD8/P"}`, "error"},
			{m.Type("keyCredential"), `{"key": "===="}`, "error"},
			{m.Type("keyCredential"), `{"key": "PD8/P==="}`, "error"},
			{m.Type("keyCredential"), `{"key": "PD8.Pj4-"}`, "error"},
			{m.Type("keyCredential"), `{"key": "-----BEGIN CERTIFICATE-----\nPD8/\n-----END CERTIFICATE-----"}`, "error"},
			{app, `{"applicableArchitectures": " x64 , x86"}`, ""},
			{app, `{"applicableArchitectures": "x64,\tx86"}`, "error"},
			{app, `{"applicableArchitectures": "x64\u00a0"}`, "error"},
		} {
			root := parse(t, test.text).Root()
			walk, second := test.of.Check(root), conform.Check(test.of, root)
			severity := ""
			if len(walk) > 0 {
				severity = walk[0].Severity.String()
			}
			if severity != test.severity || (len(second) > 0) != (severity == "error") {
				t.Errorf("%s %s: the walk %v, the JSON Schema %v", v, test.text, messages(walk), messages(second))
			}
		}
	}
}

// TestFloats checks that a number is refused, by the walk and by the JSON Schema, if a
// floating-point type has no such value, even in a string.
func TestFloats(t *testing.T) {
	src, err := os.ReadFile("../testdata/csdl/probe.xml")
	if err != nil {
		t.Fatal(err)
	}
	m, err := schema.Parse(bytes.Replace(src, []byte(`<Property Name="amount"`), []byte(`<Property Name="single" Type="Edm.Single"/><Property Name="amount"`), 1), schema.Beta)
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Resource("thing")
	if err != nil {
		t.Fatal(err)
	}
	for text, message := range map[string]string{
		`{"ratio": 1e400}`:                                           `"ratio" takes a number from -1.7976931348623158e308 to 1.7976931348623158e308, not 1e400`,
		`{"ratio": "-1e400"}`:                                        `"ratio" takes a number from -1.7976931348623158e308 to 1.7976931348623158e308, not the string "-1e400"`,
		`{"ratio": 1.797693134862315805e308}`:                        `"ratio" takes a number from -1.7976931348623158e308 to 1.7976931348623158e308, not 1.797693134862315805e308`,
		`{"ratio": 1.7976931348623158079308e308}`:                    `"ratio" takes a number from -1.7976931348623158e308 to 1.7976931348623158e308, not 1.7976931348623158079308e308`,
		`{"single": -3.40282350000000000001e38}`:                     `"single" takes a number from -3.4028235e38 to 3.4028235e38, not -3.40282350000000000001e38`,
		`{"single": 3.40282356779733665e38}`:                         `"single" takes a number from -3.4028235e38 to 3.4028235e38, not 3.40282356779733665e38`,
		`{"single": 3.4028235e38, "ratio": -1.7976931348623158e308}`: "",
		`{"ratio": "1e300"}`:                                         `"ratio" takes a number, not the string "1e300"`,
		`{"numbers": [-1e400]}`:                                      `an element of "numbers" takes a number from -1.7976931348623158e308 to 1.7976931348623158e308, not -1e400`,
		`{"single": 1e39}`:                                           `"single" takes a number from -3.4028235e38 to 3.4028235e38, not 1e39`,
		`{"ratio": 1.7976931348623157e308, "single": -3.4028235e38}`: "",
		`{"ratio": 1e-400, "single": 1e-400, "amount": 1e400}`:       "",
		`{"ratio": "-INF", "single": "NaN", "amount": "1e400"}`:      "",
	} {
		root := parse(t, text).Root()
		walk, second := r.Check(root), conform.Check(r, root)
		if got := strings.Join(messages(walk), "; "); !strings.HasSuffix(got, message) || (got == "") != (message == "") || (len(second) > 0) != (message != "") {
			t.Errorf("%s: the walk %q, the JSON Schema %v", text, got, messages(second))
		}
	}
}

func messages(list []patchlint.Diagnostic) (texts []string) {
	for _, v := range list {
		texts = append(texts, fmt.Sprintf("%s: %s", v.Pointer, v.Message))
	}
	return texts
}

// TestUndeclaredStops checks that a walk visits each undeclared member of an open type
// once.
func TestUndeclaredStops(t *testing.T) {
	m, err := schema.Open(schema.Beta)
	if err != nil {
		t.Fatal(err)
	}
	doc, _ := patchlint.Parse([]byte(`{"@odata.type": "#microsoft.graph.openTypeExtension", "extensionName": "x", "theme": {"a": 1}, "b#c": 2, "d@e.f": 3}`), patchlint.JSON)
	var stops []string
	schema.Walker(func(v schema.Visit) bool {
		if v.Owner != nil && v.Property == nil {
			stops = append(stops, v.Node.Name())
		}
		return true
	}, func(patchlint.Node, patchlint.Diagnostic) bool { return true })(m.Type("openTypeExtension"), doc.Root())
	if got := strings.Join(stops, " "); got != "theme b#c d@e.f" {
		t.Errorf("the walk stops at %s", got)
	}
}

// TestPrimitives checks that the model has every primitive type that facts can name.
func TestPrimitives(t *testing.T) {
	m := open(t, schema.Beta)
	known := 0
	for letter := 'A'; letter <= 'z'; letter++ {
		f := facts.Open("patchlint-facts 1 v1.0 - =n\nt C - - p:" + string(letter) + "\n")
		of, _ := f.Type("t")
		name := of.Properties[0].Type.Name
		if !strings.HasPrefix(name, "Edm.") {
			continue
		}
		known++
		if p := m.Type(name); p == nil || p.Structured() || p.Members != nil || p.Name != name || p.Short() != strings.TrimPrefix(name, "Edm.") {
			t.Errorf("%s: %v", name, p)
		}
	}
	if known < 18 {
		t.Errorf("only %d", known)
	}
}

// TestPath checks the paths of objects. In beta, some paths use navigation properties
// that only the overlay or the facts of v1.0 have.
func TestPath(t *testing.T) {
	for _, test := range []struct {
		version    schema.Version
		name, path string
	}{
		{schema.Beta, "user", "/users/{id}"},
		{schema.Beta, "deviceConfigurationAssignment", "/deviceManagement/deviceConfigurations/{deviceConfigurationId}/assignments/{id}"},
		{schema.Beta, "windowsUpdates.deployment", "/admin/windows/updates/deployments/{id}"},
		{schema.Beta, "identityGovernance.workflow", "/identityGovernance/lifecycleWorkflows/workflows/{id}"},
		{schema.V1, "identityGovernance.workflow", "/identityGovernance/lifecycleWorkflows/workflows/{id}"},
		{schema.V1, "security.articleIndicator", "/security/threatIntelligence/articleIndicators/{id}"},
		{schema.Beta, "deviceEnrollmentLimitConfiguration", "/deviceManagement/deviceEnrollmentConfigurations/{id}"}, // a user has them, too
		{schema.Beta, "managedDevice", "/deviceManagement/managedDevices/{id}"},                                      // not only those that are co-managed
		{schema.Beta, "event", "/groups/{groupId}/events/{id}"},
		{schema.V1, "managedDevice", "/deviceManagement/managedDevices/{id}"},
		{schema.V1, "educationUser", "/education/users/{id}"}, // not the user who asks
		{schema.Beta, "tokenLifetimePolicy", "/policies/tokenLifetimePolicies/{id}"},
		{schema.Beta, "accessReviewScheduleDefinition", "/identityGovernance/accessReviews/definitions/{id}"},
		{schema.Beta, "educationAssignment", "/education/classes/{educationClassId}/assignments/{id}"}, // nor the assignments
		{schema.Beta, "message", "/users/{userId}/messages/{id}"},
		{schema.Beta, "mobileAppInstallSummary", ""},
		{schema.Beta, "passwordProfile", ""},
	} {
		if r, err := open(t, test.version).Resource(test.name); err != nil || r.Path() != test.path {
			t.Errorf("%s of %s: %v, %v, want %s", test.name, test.version, r, err, test.path)
		}
	}
}

// TestWalkUnstructured checks that no payload is valid for a type that is not structured,
// as metadata may declare the type of an assignment.
func TestWalkUnstructured(t *testing.T) {
	m := open(t, schema.Beta)
	for _, name := range []string{"Edm.String", "Edm.Untyped", "deviceManagementPartnerTenantState"} {
		for _, text := range []string{`{"a": 1}`, `{"@odata.type": "#microsoft.graph.group"}`, `"x"`} {
			if found := m.Type(name).Check(parse(t, text).Root()); len(found) != 1 || found[0].Rule != "payload-shape" {
				t.Errorf("%s: %s: %v", name, text, messages(found))
			}
		}
	}
}

// TestConformWithoutPayload checks that the JSON Schema refuses an absent payload, such
// as the root of a text that cannot be read.
func TestConformWithoutPayload(t *testing.T) {
	doc, _ := patchlint.Parse(nil, patchlint.JSON)
	if found := conform.Check(open(t, schema.Beta).Resources()[0], doc.Root()); len(found) != 1 {
		t.Errorf("%v", messages(found))
	}
}

// TestTypeOfOtherVersion checks that a type of the other API version is recommended only
// where that version allows it.
func TestTypeOfOtherVersion(t *testing.T) {
	for _, test := range []struct{ of, payload, want string }{
		{
			"mobileAppAssignment", `{"settings": {"@odata.type": "#microsoft.graph.androidManagedStoreAppAssignmentSettings"}}`,
			"androidManagedStoreAppAssignmentSettings is in beta only, not in v1.0; send the payload to beta; in v1.0, it must be one of ",
		},
		{
			"mobileAppAssignment", `{"settings": {"@odata.type": "#microsoft.graph.businessFlowSettings"}}`,
			"businessFlowSettings is in beta only, not in v1.0; must be one of ",
		},
		{
			"complianceManagementPartner", `{"iosEnrollmentAssignments": [{"target": {"@odata.type": "#microsoft.graph.androidFotaDeploymentAssignmentTarget"}}]}`,
			"androidFotaDeploymentAssignmentTarget is not in v1.0; in beta, it is documented, but is no longer in the published metadata; must be one of ",
		},
	} {
		found := open(t, schema.V1).Type(test.of).Check(parse(t, test.payload).Root())
		if len(found) != 1 || !strings.HasPrefix(found[0].Message, test.want) {
			t.Errorf("%s: %v, want %s", test.payload, found, test.want)
		}
	}
}
