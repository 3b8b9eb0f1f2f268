package diff_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"pgregory.net/rapid"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/entity"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/schema/conform"
)

// profile is a way of generating random pairs.
type profile struct {
	name     string
	resource *schema.Type
	drop     int  // of 100 properties, how many desired leaves out
	null     int  // of 100 nullable values, how many are null
	related  bool // complex values have related objects in them
	hostile  bool
}

func partner(t testing.TB, v schema.Version) *schema.Type {
	m, err := schema.Open(v)
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Resource("complianceManagementPartner")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func probe(t testing.TB) *schema.Type {
	src, err := os.ReadFile("../testdata/csdl/probe.xml")
	if err != nil {
		t.Fatal(err)
	}
	m, err := schema.Parse(src, schema.Beta)
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Resource("thing")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// anyType returns the resource of a type.
func anyType(t testing.TB, v schema.Version, name string) *schema.Type {
	m, err := schema.Open(v)
	if err != nil {
		t.Fatal(err)
	}
	r, err := m.Resource(name)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func profiles(t testing.TB) []profile {
	return []profile{
		{name: "user", resource: anyType(t, schema.V1, "user"), drop: 80, null: 10},
		{name: "application", resource: anyType(t, schema.V1, "application"), drop: 80, null: 10}, // collections of collections
		{name: "conditional access", resource: anyType(t, schema.Beta, "conditionalAccessPolicy"), drop: 30, null: 20},
		{name: "related", resource: anyType(t, schema.Beta, "conditionalAccessPolicy"), drop: 30, null: 20, related: true},
		{name: "named location", resource: anyType(t, schema.V1, "ipNamedLocation"), drop: 10, null: 10},
		{name: "compliance", resource: anyType(t, schema.Beta, "windows10CompliancePolicy"), drop: 60, null: 10},
		{name: "app protection", resource: anyType(t, schema.V1, "iosManagedAppProtection"), drop: 60, null: 10},
		{name: "computed", resource: anyType(t, schema.V1, "educationAssignmentResource"), drop: 10, null: 10},
		{name: "clean", resource: partner(t, schema.Beta)},
		{name: "dropped", resource: partner(t, schema.Beta), drop: 40},
		{name: "nulls", resource: probe(t), drop: 10, null: 30},
		{name: "numbers", resource: probe(t), drop: 10},
		{name: "hostile", resource: probe(t), drop: 10, null: 10, hostile: true},
	}
}

// TestLaws checks the laws of the package on 100 random pairs in each profile. For more,
// as in .ci/integration:
//
//	go test ./diff -run TestLaws -rapid.seed=0 -rapid.checks=100000 -timeout 2h
func TestLaws(t *testing.T) {
	for _, p := range profiles(t) {
		t.Run(p.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				g := generator{T: t, profile: p}
				current, desired := g.pair()
				laws(t, p.resource, current, desired, diff.Options{
					Prune:     g.chance(25),
					Ordered:   g.chance(25),
					ODataType: g.chance(25),
				})
			})
		})
	}
}

// TestLawsOfAnyType checks the laws of TestLaws on pairs of random types.
func TestLawsOfAnyType(t *testing.T) {
	resources := make(map[schema.Version][]string)
	for _, v := range schema.Versions() {
		m, err := schema.Open(v)
		if err != nil {
			t.Fatal(err)
		}
		m.Names(func(name string) bool {
			r, err := m.Resource(name)
			if err == nil && r.Entity && !r.Abstract && len(entity.Key(r)) == 1 && r.Property(entity.Key(r)[0]).Type.Name == "Edm.String" {
				resources[v] = append(resources[v], name)
			}
			return true
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.SampledFrom(schema.Versions()).Draw(t, "version")
		m, _ := schema.Open(v)
		r, _ := m.Resource(rapid.SampledFrom(resources[v]).Draw(t, "type"))
		g := generator{T: t, profile: profile{resource: r, drop: 50, null: 10}}
		current, desired := g.pair()
		laws(t, r, current, desired, diff.Options{Prune: g.chance(25), Ordered: g.chance(25)})
	})
}

// failer receives the failures of laws.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

func parse(t failer, src []byte) *patchlint.Document {
	t.Helper()
	doc, err := patchlint.Parse(src, patchlint.JSON)
	if err != nil || len(doc.Faults()) > 0 {
		t.Fatalf("%v %v in %s", err, doc.Faults(), src)
	}
	return doc
}

func laws(t failer, r *schema.Type, currentSrc, desiredSrc []byte, o diff.Options) {
	t.Helper()
	keptCurrent, keptDesired := slices.Clone(currentSrc), slices.Clone(desiredSrc)
	current, desired := parse(t, currentSrc), parse(t, desiredSrc)
	fatal := func(format string, args ...any) {
		t.Helper()
		t.Fatalf("%s\noptions %+v\ncurrent %s\ndesired %s", fmt.Sprintf(format, args...), o, currentSrc, desiredSrc)
	}
	plan, err := diff.Compute(r, current, desired, o)
	if err != nil {
		fatal("refused: %v", err)
	}
	if again, _ := diff.Compute(r, current, desired, o); outcome(again) != outcome(plan) {
		fatal("the first run gives\n%s\nand the second\n%s", outcome(plan), outcome(again))
	}
	if string(keptCurrent) != string(currentSrc) || string(keptDesired) != string(desiredSrc) {
		fatal("an input was changed")
	}
	skipped := make(map[patchlint.Pointer]bool)
	for _, s := range plan.Skipped {
		skipped[s.Pointer] = true
		p := s.Property
		switch {
		case s.Reason == diff.NotClearable && !p.Nullable && !p.Collection && o.Prune:
		case s.Reason == diff.Undeclared && (r.Open && r.Property(p.Name) == nil || strings.Count(string(s.Pointer), "/") > 1) && o.Prune:
		case s.Reason == diff.ServerManaged && p.Volatile:
		case s.Reason == diff.ReadOnly && p.Computed && !diff.Same(r.Model, p, schema.Comparison{Ordered: o.Ordered}, s.Current, s.Desired):
		case s.Reason == diff.Related && strings.Count(string(s.Pointer), "/") > 1:
		case s.Reason == diff.Unknown && o.Prune && !s.Desired.Exists():
		case s.Reason == diff.NoOperation && s.Desired.Text() == "unknownFutureValue":
		case s.Reason == diff.OrderOnly && !o.Ordered && agree(r.Model, p, s.Current, s.Desired, o, s.Pointer, nil):
			skipped[s.Pointer] = false
		default:
			fatal("%s is skipped: %s", p.Name, s.Reason)
		}
	}
	for _, w := range plan.Warnings {
		if w.Rule == "navigation-property" || w.Rule == "unpublished-property" {
			skipped[lost+w.Pointer] = true
		}
	}
	// wrong returns a property whose value after the PATCH is not the desired one.
	wrong := func(after patchlint.Node) string {
		for _, p := range r.Properties {
			want := desired.Root().Member(p.Name)
			have := after.Member(p.Name)
			at := patchlint.Pointer("").Append(p.Name)
			switch {
			case skipped[at] || slices.Contains(entity.Key(r), p.Name):
			case p.Computed && !want.Exists():
			case !want.Exists():
				if o.Prune && have.Exists() && have.Kind() != patchlint.Null && (have.Kind() != patchlint.Array || have.Len() > 0) {
					return p.Name
				}
			case !agree(r.Model, p, have, want, o, at, skipped):
				return p.Name
			}
		}
		return ""
	}
	if plan.Body == nil {
		if name := wrong(current.Root()); name != "" {
			fatal("%s differs, and nothing is sent", name)
		}
		return
	}

	body := parse(t, plan.Body)
	if violations := r.Check(body.Root()); len(violations) > 0 {
		fatal("the body is refused: %s %s: %s", violations[0].Rule, violations[0].Message, plan.Body)
	}
	if refusals := conform.Check(r, body.Root()); len(refusals) > 0 {
		fatal("the schema refuses the body: %v: %s", refusals, plan.Body)
	}
	schema.Walker(func(v schema.Visit) bool {
		if v.Property != nil && v.Property.Computed {
			fatal("%s is in the body %s", v.Property.Name, plan.Body)
		}
		return true
	}, func(patchlint.Node, patchlint.Diagnostic) bool { return true })(r, body.Root())
	names := 0
	for member := range body.Root().Children() {
		if p := r.Property(member.Name()); p == nil && member.Name() != "@odata.type" || p != nil && p.Computed {
			fatal("%s is in the body", member.Name())
		}
		names++
	}
	if names == 0 || names == 1 && o.ODataType {
		fatal("the body has no property: %s", plan.Body)
	}

	afterSrc, warnings, err := diff.Apply(r, "", current, body)
	if err != nil || len(warnings) > 0 {
		fatal("Apply: %v %v", warnings, err)
	}
	after := parse(t, afterSrc)
	if name := wrong(after.Root()); name != "" {
		fatal("after %s, %s is %s", plan.Body, name, after.Root().Member(name).Raw())
	}
	second, err := diff.Compute(r, after, desired, o)
	if err != nil {
		fatal("Compute after Apply: %v", err)
	}
	if second.Body != nil {
		fatal("after %s, %s is still sent", plan.Body, second.Body)
	}

	for member := range body.Root().Children() {
		if member.Name() == "@odata.type" {
			continue
		}
		edits := fixes.Removal(member)
		less := string(plan.Body)
		for _, e := range slices.Backward(edits) {
			less = less[:e.Span.Start] + e.NewText + less[e.Span.End:]
		}
		lessSrc, _, err := diff.Apply(r, "", current, parse(t, []byte(less)))
		if err != nil {
			fatal("Apply without %s: %v", member.Name(), err)
		}
		if wrong(parse(t, lessSrc).Root()) == "" {
			fatal("%s need not be in %s", member.Name(), plan.Body)
		}
	}

	patchSrc := plan.JSONPatch()
	patch, err := jsonpatch.DecodePatch(patchSrc)
	if err != nil {
		fatal("%s is not a JSON Patch: %v", patchSrc, err)
	}
	patchedSrc, err := patch.Apply(currentSrc)
	if err != nil {
		fatal("%s does not apply: %v", patchSrc, err)
	}
	patched := parse(t, patchedSrc)
	typeOf := func(n patchlint.Node) string { return strings.TrimPrefix(n.Member("@odata.type").Text(), "#") }
	for _, c := range plan.Changes {
		objects := c.Current.Kind() == patchlint.Object && c.Desired.Kind() == patchlint.Object && c.Property.Type.Structured()
		if objects && !c.Property.Collection && typeOf(c.Current) == typeOf(c.Desired) && len(c.Inside) == 0 {
			fatal("nothing changes inside %s", c.Property.Name)
		}
		a, b := patched.Root().Member(c.Property.Name), after.Root().Member(c.Property.Name)
		how := schema.Comparison{Ordered: true}
		if !diff.Same(r.Model, c.Property, how, a, b) {
			fatal("%s makes %s, want %s", patchSrc, a.Raw(), b.Raw())
		}
	}
}

// lost is the prefix, in skipped, of a pointer to a property that a warning names because
// sending it may lose values that cannot be sent.
const lost patchlint.Pointer = "/lost"

// agree reports whether have is the value that want requires. It must be the same value;
// a single complex value may have more members than want unless the plan prunes them.
func agree(m *schema.Model, p *schema.Property, have, want patchlint.Node, o diff.Options, at patchlint.Pointer, skipped map[patchlint.Pointer]bool) bool {
	how := schema.Comparison{Ordered: o.Ordered}
	if p.Collection || !p.Type.Structured() || have.Kind() != patchlint.Object || want.Kind() != patchlint.Object {
		return diff.Same(m, p, how, have, want)
	}
	typeOf := func(n patchlint.Node) *schema.Type {
		if text := n.Member("@odata.type").Text(); text != "" {
			return m.Type(strings.TrimPrefix(text, "#"))
		}
		return p.Type
	}
	t := typeOf(have)
	if want.Member("@odata.type").Exists() && typeOf(want) != t {
		return false
	}
	for _, n := range t.Navigation {
		of := &schema.Property{Name: n.Name, Type: m.Type(n.Target), Collection: n.Collection}
		whole := append(slices.Collect(at.Tokens()), "")[0]
		if w := want.Member(n.Name); w.Exists() && !skipped[at.Append(n.Name)] && !skipped[lost.Append(whole)] && !agree(m, of, have.Member(n.Name), w, o, at, skipped) {
			return false
		}
	}
	for _, inner := range t.Properties {
		if inner.Computed {
			continue
		}
		w := want.Member(inner.Name)
		at := at.Append(inner.Name)
		if !w.Exists() && (!o.Prune || skipped[at]) {
			continue
		}
		if !agree(m, inner, have.Member(inner.Name), w, o, at, skipped) {
			return false
		}
	}
	return true
}

// filters are the parts of an assignment that do not count when only targets are
// compared.
var filters = [][]string{{"*", graph.FilterID}, {"*", graph.FilterType}}

// canonical returns the canonical text of an element without its ignored parts.
func canonical(m *schema.Model, n patchlint.Node, p *schema.Property, ignored ...[]string) string {
	text, _ := m.AppendCanonical(nil, n, p, schema.Comparison{Ignore: ignored})
	return string(text)
}

// generator draws random objects of a resource.
type generator struct {
	*rapid.T
	profile
	depth     int
	sentinels bool // whether values below the top include sentinels
}

func (g *generator) chance(percent int) bool { return g.number(100) < percent }

func (g *generator) number(n int) int { return rapid.IntRange(0, n-1).Draw(g.T, "n") }

func pick[T any](g *generator, list ...T) T { return list[g.number(len(list))] }

// selecting returns the part of a context that names all properties of a type and the
// given ones.
func selecting(t *schema.Type, others ...string) string {
	names := others
	for _, p := range t.Properties {
		names = append(names, p.Name)
	}
	return "(" + strings.Join(names, ",") + ")"
}

// pair returns a current and a desired object that have much in common.
func (g *generator) pair() (current, desired []byte) {
	var a, b []string
	if partial := g.resource.Partial; partial || g.resource.Path() != "" && g.chance(50) {
		path := strings.Replace(g.resource.Path(), "{id}", "$entity", 1)[1:]
		if partial { // the laws apply only to what current shows
			path = strings.Replace(path, "/", selecting(g.resource)+"/", 1)
		}
		a = append(a, `"@odata.context":"https://graph.microsoft.com/`+string(g.resource.Model.Version)+`/$metadata#`+path+`"`)
	}
	if g.chance(30) {
		a = append(a, `"unknownToTheModel":`+g.text())
	}
	if g.hostile {
		name, _ := json.Marshal("@a.b" + pick(g, "/", "~", "~1", "\"", "é", ""))
		b = append(b, string(name)+":1")
		name, _ = json.Marshal(pick(g, "a/b", "m~n", " ", "__proto__", "\u2028"))
		a = append(a, string(name)+":"+g.text())
	}
	keys := entity.Key(g.resource)
	for _, p := range g.resource.Properties {
		name := `"` + p.Name + `":`
		if p.Type.Name == "Edm.Stream" {
			continue
		}
		if slices.Contains(keys, p.Name) && p.Type.Name == "Edm.String" {
			a, b = append(a, name+`"8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a"`), append(b, name+`"8AD1EB04-EB04-8AD1-04EB-D18A04EBD18A"`)
			continue
		}
		old := g.value(p)
		if !g.chance(10) {
			a = append(a, name+old)
		}
		switch {
		case g.chance(g.drop):
		case g.chance(50):
			b = append(b, name+g.respell(p, old))
		default:
			b = append(b, name+g.value(p))
		}
	}
	if g.chance(50) {
		slices.Reverse(b)
	}
	return []byte("{" + strings.Join(a, ",") + "}"), []byte("{" + strings.Join(b, ", ") + "}")
}

// respell returns a value that the service treats as equal, often in another spelling.
func (g *generator) respell(p *schema.Property, value string) string {
	if p.Collection && g.chance(50) {
		var elements []json.RawMessage
		if json.Unmarshal([]byte(value), &elements) == nil {
			slices.Reverse(elements)
			out, _ := json.Marshal(elements)
			return string(out)
		}
	}
	switch p.Type.Name {
	case "Edm.DateTimeOffset":
		if !p.Collection && value != "null" {
			return strings.Replace(value, "Z", "+00:00", 1)
		}
	case "Edm.Guid":
		if value != "null" {
			return strings.ToUpper(value)
		}
	}
	return strings.ReplaceAll(value, `"#microsoft`, `"microsoft`)
}

func (g *generator) value(p *schema.Property) string {
	if p.Collection {
		elements := make([]string, g.number(4))
		for i := range elements {
			elements[i] = g.single(p)
		}
		return "[" + strings.Join(elements, ",") + "]"
	}
	if p.Nullable && g.chance(g.null) {
		return "null"
	}
	return g.single(p)
}

func (g *generator) single(p *schema.Property) string {
	t := p.Type
	switch {
	case t.Structured():
		return g.object(t)
	case t.Flags && g.chance(50):
		members := memberNames(t)
		if !g.sentinels {
			members = slices.DeleteFunc(members, func(name string) bool { return name == "unknownFutureValue" })
		}
		return `"` + pick(g, members...) + pick(g, ",", ", ") + pick(g, members...) + `"`
	case t.Members != nil:
		members := memberNames(t)
		if (p.Collection || g.depth > 0) && !g.sentinels {
			members = slices.DeleteFunc(members, func(name string) bool { return name == "unknownFutureValue" })
		}
		return `"` + pick(g, members...) + `"`
	case p.GUID && p.Optional:
		return pick(g, `""`, `"`+form.ZeroGUID+`"`, g.guid())
	case p.GUID, t.Name == "Edm.Guid", t.Name == "Edm.String" && strings.HasSuffix(p.Name, "Id") && g.chance(70), p.Collection && t.Name == "Edm.String" && g.chance(30):
		return g.guid()
	}
	switch t.Name {
	case "Edm.Boolean":
		return pick(g, "true", "false")
	case "Edm.Byte":
		return pick(g, "0", "-0", "7", "255")
	case "Edm.SByte":
		return pick(g, "0", "-0", "-128", "127")
	case "Edm.Int16":
		return pick(g, "0", "-0", "7", "-32768", "32767")
	case "Edm.Int64":
		return pick(g, "0", "9007199254740992", "9007199254740993", "-9223372036854775808", "9223372036854775807", "1")
	case "Edm.Double", "Edm.Single":
		return pick(g, "1", "1.0", "1e0", "10e-1", "9007199254740993", "9007199254740992", "0.1", "0.10", "-0.0", "1e30", "1E+30", "123456789012345678901234567890.5")
	case "Edm.Decimal":
		return pick(g, "1", "1.0", "10e-1", "9007199254740993", "9007199254740992", "0.10", "1e400", "1E+400", "123456789012345678901234567890.5")
	case "Edm.Int32":
		return pick(g, "0", "7", "-2147483648", "2147483647")
	case "Edm.Date":
		return pick(g, `"2024-02-29"`, `"2026-01-31"`)
	case "Edm.TimeOfDay":
		return pick(g, `"08:00:00"`, `"08:00"`)
	case "Edm.Duration":
		return pick(g, `"P30D"`, `"PT1H30M"`, `"PT0S"`)
	case "Edm.Binary":
		return pick(g, `""`, `"Y29udG9zbw=="`)
	case "Edm.DateTimeOffset":
		return pick(g, `"2026-01-31T08:00:00Z"`, `"2026-01-31T09:00+01:00"`, `"2026-01-31T08:00:00.00000004Z"`, `"2026-01-31T08:00:00.0000001Z"`, `"1999-12-31T23:59:60Z"`)
	case "Edm.String", "Edm.Untyped", "Edm.Stream":
		return g.text()
	}
	g.Fatalf("no values of %s", t.Name)
	return ""
}

func (g *generator) guid() string {
	return pick(g, `"0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"`, `"0A4B7C1E-3F52-4C8D-9B60-7D1E2F3A4B5C"`, `"c2d4e6f8-1a3b-4c5d-8e7f-90a1b2c3d4e5"`)
}

func (g *generator) text() string {
	if g.hostile {
		return pick(g, `"a\\"`, `"\""`, `"\u0000"`, `"\u2028"`, `"<&>"`, `"/~"`, `"é"`, `"\u00e9"`, `"😀"`, `"\ud83d\ude00"`, `""`, `"null"`, `"-"`)
	}
	return pick(g, `"Contoso"`, `"contoso"`, `"Fabrikam"`, `""`, `"Contoso\u0020MTD"`, `"Contoso MTD"`)
}

func (g *generator) object(declared *schema.Type) string {
	types := g.resource.Model.Derived(declared)
	t := pick(g, types...)
	var members []string
	if t != declared || g.chance(20) {
		members = append(members, `"@odata.type":"`+pick(g, "#", "")+t.Name+`"`)
	}
	g.depth++
	defer func() { g.depth-- }()
	for _, p := range t.Properties {
		if p.Required || p.Type.Name != "Edm.Stream" && (!p.Type.Structured() || g.depth < 4) && g.chance(60) {
			members = append(members, `"`+p.Name+`":`+g.value(p))
		}
	}
	for _, n := range t.Navigation {
		if target := g.resource.Model.Type(n.Target); g.related && !n.Collection && target.Property("displayName") != nil && g.chance(30) {
			members = append(members, `"`+n.Name+`":{"displayName":`+g.text()+`}`)
		}
	}
	if g.chance(30) {
		slices.Reverse(members)
	}
	return "{" + strings.Join(members, ",") + "}"
}

// TestElements checks that the reported changes of a collection are consistent.
func TestElements(t *testing.T) {
	r := partner(t, schema.Beta)
	rapid.Check(t, func(t *rapid.T) {
		g := generator{T: t, profile: profile{resource: r}}
		currentSrc, desiredSrc := g.pair()
		plan, err := diff.Compute(r, parse(t, currentSrc), parse(t, desiredSrc), diff.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range plan.Changes {
			added, removed, modified := c.Added, c.Removed, c.Modified
			kept := c.Current.Len() - len(removed) - len(modified)
			if c.Property.Collection && (kept < 0 || len(added)+len(modified)+kept != c.Desired.Len()) {
				t.Fatalf("%s -> %s: %d added, %d removed, %d modified, %d kept", c.Current.Raw(), c.Desired.Raw(), len(added), len(removed), len(modified), kept)
			}
		}
	})
}

// TestThreeWay checks the effect of the last applied object on random triples. Elements
// that only the service has remain, unless desired has the target with another filter;
// those that base has and desired lacks are removed; those of desired are present; and
// nothing is left to send.
func TestThreeWay(t *testing.T) {
	r := partner(t, schema.Beta)
	rapid.Check(t, func(t *rapid.T) {
		g := generator{T: t, profile: profile{resource: r, drop: 30}}
		baseSrc, desiredSrc := g.pair()
		currentSrc, _ := g.pair()
		if g.chance(50) {
			currentSrc = baseSrc
		}
		current, desired, base := parse(t, currentSrc), parse(t, desiredSrc), parse(t, baseSrc)
		plan, err := diff.Compute(r, current, desired, diff.Options{Base: base})
		if err != nil {
			t.Fatal(err)
		}
		after := current.Root()
		if plan.Body != nil {
			src, _, err := diff.Apply(r, "", current, parse(t, plan.Body))
			if err != nil {
				t.Fatal(err)
			}
			after = parse(t, src).Root()
		}
		if again, err := diff.Compute(r, after.Document(), desired, diff.Options{Base: base}); err != nil || again.Body != nil {
			t.Fatalf("after %s, %s is sent again (%v)\ncurrent %s\nbase %s\ndesired %s", plan.Body, again.Body, err, currentSrc, baseSrc, desiredSrc)
		}
		for _, p := range r.Properties {
			if !p.Collection {
				continue
			}
			targets := make(map[string]string) // of the elements
			count := func(n patchlint.Node) map[string]int {
				m := make(map[string]int)
				for element := range n.Member(p.Name).Children() {
					key := canonical(r.Model, element, p)
					targets[key] = canonical(r.Model, element, p, filters...)
					m[key]++
				}
				return m
			}
			have, was, old, want := count(after), count(current.Root()), count(base.Root()), count(desired.Root())
			wanted := make(map[string]bool)
			for key := range want {
				wanted[targets[key]] = true
			}
			for key := range merge(have, was, old, want) {
				expect := want[key]
				if old[key]+want[key] == 0 && !wanted[targets[key]] {
					expect = was[key]
				}
				if !desired.Root().Member(p.Name).Exists() && len(old) == 0 {
					expect = was[key]
				}
				if have[key] != expect {
					t.Fatalf("%s %s: %d, want %d\ncurrent %s\nbase %s\ndesired %s", p.Name, key, have[key], expect, currentSrc, baseSrc, desiredSrc)
				}
			}
		}
	})
}

func merge(counts ...map[string]int) map[string]bool {
	all := make(map[string]bool)
	for _, m := range counts {
		for key := range m {
			all[key] = true
		}
	}
	return all
}

// FuzzCompute checks that no two texts make Compute or Apply panic, and that every body
// obeys the laws.
func FuzzCompute(f *testing.F) {
	f.Add([]byte(`{"iosOnboarded":true}`), []byte(`{"iosOnboarded":false,"displayName":null}`), uint8(0))
	f.Add([]byte(`{"settings":{"mode":"a","inner":{"a":"x"}},"count":1}`), []byte(`{"settings":{"@odata.type":"#probe.extraSettings","extra":"\\"},"count":9007199254740993}`), uint8(9))
	f.Add([]byte(`{"value":[{"id":"1"}]}`), []byte(`{"id":"1","iosEnrollmentAssignments":[]}`), uint8(2))
	resources := []*schema.Type{partner(f, schema.Beta), probe(f), partner(f, schema.V1)}
	f.Fuzz(func(t *testing.T, currentSrc, desiredSrc []byte, choice uint8) {
		r := resources[int(choice)%len(resources)]
		o := diff.Options{Prune: choice&8 != 0, Ordered: choice&16 != 0, ODataType: choice&32 != 0}
		current, _ := patchlint.Parse(currentSrc, patchlint.JSON)
		desired, _ := patchlint.Parse(desiredSrc, patchlint.JSON)
		if choice&64 != 0 {
			o.Base = current
		}
		plan, err := diff.Compute(r, current, desired, o)
		_, _, applyErr := diff.Apply(r, "", current, desired)
		var refusal diff.Refusal
		// Only Compute refuses a body that would restore current, or lose what it hides.
		only := errors.As(err, &refusal) && (refusal[0].Side == diff.Current || strings.Contains(refusal.Error(), "did not show, and the update would replace that value"))
		if (applyErr == nil) != (err == nil) && !only {
			t.Fatalf("Compute says %v, Apply says %v", err, applyErr)
		}
		if err != nil || o.Base != nil || plan.Current != current.Root() || len(r.Check(plan.Current)) > 0 || len(current.Faults())+len(desired.Faults()) > 0 {
			return
		}
		laws(t, r, currentSrc, desiredSrc, o)
	})
}

// TestPatchSize checks that the JSON Patches are in total not longer than those of
// jsondiff.
func TestPatchSize(t *testing.T) {
	r := partner(t, schema.Beta)
	ours, theirs := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		g := generator{T: t, profile: profile{resource: r, drop: 0}}
		currentSrc, desiredSrc := g.pair()
		current, desired := parse(t, currentSrc), parse(t, desiredSrc)
		plan, err := diff.Compute(r, current, desired, diff.Options{})
		if err != nil {
			t.Fatal(err)
		}
		ours += len(plan.JSONPatch())
		theirs += jsondiffSize(t, plan)
	})
	if ours > theirs {
		t.Errorf("%d bytes, and jsondiff takes %d", ours, theirs)
	}
}

func memberNames(t *schema.Type) (names []string) {
	for _, m := range t.Members {
		names = append(names, m.Name)
	}
	return names
}

// TestMergeLaws checks on random pairs that at any depth of an object an update sets the
// values in desired, keeps those that only the service has, clears those of base, and
// does not change ignored ones.
func TestMergeLaws(t *testing.T) {
	for _, p := range profiles(t) {
		if p.resource.Short() == "thing" {
			continue // its abstract types make most triples differ in type
		}
		t.Run(p.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				g := &generator{T: t, profile: p}
				currentSrc, desiredSrc := g.pair()
				if !p.resource.Partial && g.chance(20) { // somebody has changed the filters
					filter := `"` + graph.FilterType + `":"`
					currentSrc = bytes.ReplaceAll(desiredSrc, []byte(filter+"include"), []byte(filter+"exclude"))
				}
				current, desired := parse(t, currentSrc), parse(t, desiredSrc)
				var o diff.Options
				m := merger{model: p.resource.Model, skipped: make(map[patchlint.Pointer]bool)}
				if g.chance(70) {
					baseSrc := pick(g, currentSrc, desiredSrc)
					if g.chance(50) {
						baseSrc, _ = g.pair()
					}
					o.Base = parse(t, baseSrc)
					m.based = true
				}
				if inside := inner(desired.Root(), p.resource, "", inner(current.Root(), p.resource, "", nil)); len(inside) > 0 && g.chance(50) {
					m.ignored = pick(g, inside...)
					o.Ignore = append(o.Ignore, m.ignored)
				}
				plan, err := diff.Compute(p.resource, current, desired, o)
				if err != nil {
					t.Fatal(err)
				}
				after := current
				if plan.Body != nil {
					text, _, err := diff.Apply(p.resource, "", current, parse(t, plan.Body))
					if err != nil {
						t.Fatal(err)
					}
					after = parse(t, text)
				}
				for _, s := range plan.Skipped {
					m.skipped[s.Pointer] = true
				}
				base := patchlint.Node{}
				if o.Base != nil {
					base = o.Base.Root()
				}
				for _, q := range p.resource.Properties {
					if q.Computed && !desired.Root().Member(q.Name).Exists() {
						continue // keeps the value on the service
					}
					if at := m.wrong(q, patchlint.Pointer("").Append(q.Name), current.Root().Member(q.Name), desired.Root().Member(q.Name), base.Member(q.Name), after.Root().Member(q.Name)); at != "" && q.Name != "id" {
						t.Fatalf("%s is wrong\nignored %s\nbase    %s\ncurrent %s\ndesired %s\nbody    %s", at, m.ignored, base.Raw(), currentSrc, desiredSrc, plan.Body)
					}
				}
			})
		})
	}
}

// TestIgnoreLaw checks on random pairs that an update does not change an ignored part of
// an element: if the rest of the element was present before, the whole element was.
func TestIgnoreLaw(t *testing.T) {
	for _, r := range []*schema.Type{partner(t, schema.Beta), anyType(t, schema.Beta, "windows10CompliancePolicy")} {
		rapid.Check(t, func(t *rapid.T) {
			g := &generator{T: t, profile: profile{resource: r, drop: 30, null: 10}}
			currentSrc, desiredSrc := g.pair()
			if g.chance(70) { // the service has another of what may be ignored, and desired one more element
				currentSrc = desiredSrc
				for _, respelt := range [][2]string{{`"description":"Contoso`, `"description":"Fabrikam`}, {`FilterType":"include"`, `FilterType":"exclude"`}} {
					currentSrc = bytes.ReplaceAll(currentSrc, []byte(respelt[0]), []byte(respelt[1]))
				}
				desiredSrc = bytes.ReplaceAll(desiredSrc, []byte(`Ranges":[{`), []byte(`Ranges":[{"lowestVersion":"0"},{`))
				desiredSrc = bytes.ReplaceAll(desiredSrc, []byte(`Assignments":[{`), []byte(`Assignments":[{"target":{"@odata.type":"#microsoft.graph.allDevicesAssignmentTarget"}},{`))
			}
			current, desired := parse(t, currentSrc), parse(t, desiredSrc)
			inside := pick(g, "/*/description", "/*/target/groupId", "/*/*/"+graph.FilterID, "/*/target/"+graph.FilterID, "/*/target/"+graph.FilterType, "/*/target")
			o := diff.Options{Ignore: []patchlint.Pointer{patchlint.Pointer("/*" + inside)}}
			if g.chance(30) {
				base, _ := g.pair()
				o.Base = parse(t, base)
			}
			plan, err := diff.Compute(r, current, desired, o)
			if err != nil {
				return
			}
			for _, c := range plan.Changes {
				if !c.Property.Collection || !c.Property.Type.Structured() {
					continue
				}
				below := strings.Split(inside, "/")[2:]
				was, whole := make(map[string]bool), make(map[string]bool)
				for n := range c.Current.Children() {
					was[canonical(r.Model, n, c.Property, below)] = true
					whole[canonical(r.Model, n, c.Property)] = true
				}
				for n := range c.Desired.Children() {
					if was[canonical(r.Model, n, c.Property, below)] && !whole[canonical(r.Model, n, c.Property)] {
						t.Fatalf("%s is ignored in %s, and %s is sent\ncurrent %s\ndesired %s", inside, c.Property.Name, n.Raw(), c.Current.Raw(), desired.Root().Member(c.Property.Name).Raw())
					}
				}
			}
			if plan.Body == nil {
				return
			}
			after, _, err := diff.Apply(r, "", current, parse(t, plan.Body))
			if err != nil {
				t.Fatal(err)
			}
			if again, err := diff.Compute(r, parse(t, after), desired, o); err != nil || again.Body != nil {
				t.Fatalf("after %s there still is %v (%v)\nignored %s\nbased %v\ncurrent %s\ndesired %s", plan.Body, again, err, inside, o.Base != nil, currentSrc, desiredSrc)
			}
		})
	}
}

// TestSentinelLaw checks on random pairs that no body contains a sentinel for a value
// that the response does not show.
func TestSentinelLaw(t *testing.T) {
	for _, p := range profiles(t) {
		rapid.Check(t, func(t *rapid.T) {
			g := &generator{T: t, profile: p, sentinels: true}
			currentSrc, desiredSrc := g.pair()
			plan, err := diff.Compute(p.resource, parse(t, currentSrc), parse(t, desiredSrc), diff.Options{})
			if err == nil && bytes.Contains(plan.Body, []byte("unknownFutureValue")) {
				t.Fatalf("%s\ncurrent %s\ndesired %s", plan.Body, currentSrc, desiredSrc)
			}
		})
	}
}

// inner appends the pointers to the members of single complex values, at any depth.
func inner(n patchlint.Node, t *schema.Type, at patchlint.Pointer, found []patchlint.Pointer) []patchlint.Pointer {
	for member := range n.Children() {
		p := t.PropertyOf(member)
		if p == nil {
			continue
		}
		if at != "" {
			found = append(found, at.Append(p.Name))
		}
		if !p.Collection && p.Type.Structured() && !member.Member("@odata.type").Exists() {
			found = inner(member, p.Type, at.Append(p.Name), found)
		}
	}
	return found
}

// merger computes the object that the service must have after an update.
type merger struct {
	model   *schema.Model
	based   bool
	ignored patchlint.Pointer
	skipped map[patchlint.Pointer]bool
}

// wrong returns the pointer to an incorrect value, or "".
func (m merger) wrong(p *schema.Property, at patchlint.Pointer, current, desired, base, after patchlint.Node) patchlint.Pointer {
	void := func(n patchlint.Node) bool {
		return !n.Exists() || n.Kind() == patchlint.Null || n.Kind() == patchlint.Array && n.Empty()
	}
	same := func(a, b patchlint.Node) bool {
		return diff.Same(m.model, p, schema.Comparison{}, a, b)
	}
	ok, single := true, !p.Collection && p.Type.Structured()
	below := strings.HasPrefix(string(m.ignored), string(at)+"/")
	inside := func(base patchlint.Node) patchlint.Pointer {
		if current.Member("@odata.type").Exists() || desired.Member("@odata.type").Exists() {
			return "" // other laws are about its type
		}
		for _, q := range p.Type.Properties {
			if q.Computed {
				continue // only the service sets it
			}
			if wrong := m.wrong(q, at.Append(q.Name), current.Member(q.Name), desired.Member(q.Name), base.Member(q.Name), after.Member(q.Name)); wrong != "" {
				return wrong
			}
		}
		return ""
	}
	switch {
	case at == m.ignored:
		ok = same(after, current)
	case m.skipped[at]:
	case p.Collection && m.based && current.Kind() == patchlint.Array && (desired.Exists() || !void(base)):
		ok = m.combined(p, current, desired, base, after)
	case !desired.Exists() && (void(base) || void(current)):
		ok = same(after, current)
	case !desired.Exists() && single:
		return inside(base)
	case !desired.Exists():
		ok = void(after)
	case single && desired.Kind() == patchlint.Null && current.Kind() == patchlint.Object && below:
		return inside(current) // everything except ignored parts is cleared
	case single && desired.Kind() == patchlint.Object && (current.Kind() == patchlint.Object || below):
		return inside(base)
	default:
		ok = same(after, desired)
	}
	if ok {
		return ""
	}
	return at
}

// combined reports whether a collection consists of the elements of desired and those
// that only current has, except assignments that desired has with another filter.
func (m merger) combined(p *schema.Property, current, desired, base, after patchlint.Node) bool {
	known := make(map[string]bool)
	var want, have []string
	key := func(n patchlint.Node) string { return canonical(m.model, n, p) }
	for n := range base.Children() {
		known[key(n)] = true
	}
	target := func(n patchlint.Node) string { return canonical(m.model, n, p, filters...) }
	targets := make(map[string]bool)
	for n := range desired.Children() {
		known[key(n)], targets[target(n)] = true, true
		want = append(want, key(n))
	}
	for n := range current.Children() {
		if !known[key(n)] && !targets[target(n)] {
			want = append(want, key(n))
		}
	}
	for n := range after.Children() {
		have = append(have, key(n))
	}
	slices.Sort(want)
	slices.Sort(have)
	return slices.Equal(want, have)
}
