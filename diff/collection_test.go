package diff_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/schema"
)

// The definitions that the fast paths are compared with: elements are compared by
// their canonical texts, and a body is written one token at a time.

// definedElements compares two collections by the definition.
func definedElements(m *schema.Model, p *schema.Property, current, sent patchlint.Node) (added, removed []patchlint.Node, modified [][2]patchlint.Node, kept int) {
	if !p.Collection {
		return nil, nil, nil, 0
	}
	key := func(n patchlint.Node) string { return canonical(m, n, p) }
	before, after := slices.Collect(current.Children()), slices.Collect(sent.Children())
	for len(before) > 0 && len(after) > 0 && bytes.Equal(before[0].Raw(), after[0].Raw()) {
		before, after, kept = before[1:], after[1:], kept+1
	}
	for len(before) > 0 && len(after) > 0 && bytes.Equal(before[len(before)-1].Raw(), after[len(after)-1].Raw()) {
		before, after, kept = before[:len(before)-1], after[:len(after)-1], kept+1
	}
	surplus := make(map[string]int) // in before and not in after
	for _, element := range before {
		surplus[key(element)]++
	}
	for _, element := range after {
		if k := key(element); surplus[k] > 0 {
			surplus[k]--
			kept++
		} else {
			added = append(added, element)
		}
	}
	for _, element := range slices.Backward(before) { // of equal elements, the last ones are removed
		if k := key(element); surplus[k] > 0 {
			surplus[k]--
			removed = append(removed, element)
		}
	}
	slices.Reverse(removed)

	who := func(n patchlint.Node) string { return canonical(m, n, p, filters...) }
	partner := make(map[string][]int)
	for i, n := range removed {
		partner[who(n)] = append(partner[who(n)], i)
	}
	gone := make(map[int]bool)
	var fresh []patchlint.Node
	for _, n := range added {
		if list := partner[who(n)]; len(list) > 0 {
			partner[who(n)] = list[1:]
			gone[list[0]] = true
			modified = append(modified, [2]patchlint.Node{removed[list[0]], n})
		} else {
			fresh = append(fresh, n)
		}
	}
	var lost []patchlint.Node
	for i, n := range removed {
		if !gone[i] {
			lost = append(lost, n)
		}
	}
	return fresh, lost, modified, kept
}

// definedBody is Plan.Body by its definition.
func definedBody(p *diff.Plan, odataType bool) string {
	var members []string
	if odataType {
		members = append(members, `"@odata.type":"#`+p.Resource.Name+`"`)
	}
	for _, c := range p.Changes {
		members = append(members, strconv.Quote(c.Property.Name)+":"+definedValue(p.Resource.Model, c.Property, c.Desired))
	}
	return "{" + strings.Join(members, ",") + "}"
}

func definedValue(m *schema.Model, p *schema.Property, n patchlint.Node) string {
	if p.Collection && n.Kind() == patchlint.Array {
		var elements []string
		for element := range n.Children() {
			elements = append(elements, definedSingle(m, p, element))
		}
		return "[" + strings.Join(elements, ",") + "]"
	}
	return definedSingle(m, p, n)
}

func definedSingle(m *schema.Model, p *schema.Property, n patchlint.Node) string {
	if !p.Type.Structured() || n.Kind() != patchlint.Object {
		return string(n.Raw())
	}
	t := p.Type
	var members []string
	if annotation := n.Member("@odata.type"); annotation.Exists() {
		if named := m.TypeOf(annotation); named != nil && named.Is(t) {
			t = named
		}
		members = append(members, `"@odata.type":"#`+t.Name+`"`)
	}
	for member := range n.Children() {
		if inner := t.Property(member.Name()); inner != nil && !inner.Computed {
			members = append(members, strconv.Quote(inner.Name)+":"+definedValue(m, inner, member))
		}
	}
	return "{" + strings.Join(members, ",") + "}"
}

// sameAsDefined compares the plan of two objects with the definitions. An ignored
// pattern that matches nothing keeps Compute from its fast paths.
func sameAsDefined(t failer, r *schema.Type, current, desired *patchlint.Document, o diff.Options) {
	t.Helper()
	plan, err := diff.Compute(r, current, desired, o)
	slow := o
	slow.Ignore = append(slices.Clone(o.Ignore), "/*/-")
	want, wantErr := diff.Compute(r, current, desired, slow)
	if err != nil || wantErr != nil {
		var a, b diff.Refusal
		if !errors.As(err, &a) || !errors.As(wantErr, &b) || !cmp.Equal(a, b) {
			t.Fatalf("%v, want %v\ncurrent %s\ndesired %s", err, wantErr, current.Source(), desired.Source())
		}
		return
	}
	if got, want := outcome(plan), outcome(want); got != want {
		t.Fatalf("options %+v\ncurrent %s\ndesired %s\n%s", o, current.Source(), desired.Source(), cmp.Diff(want, got))
	}
	typed := o.ODataType || plan.Resource.Declared() != plan.Resource
	if plan.Body != nil && string(plan.Body) != definedBody(plan, typed) {
		t.Fatalf("%s, want %s\ndesired %s", plan.Body, definedBody(plan, typed), desired.Source())
	}
	lost := make(map[string]int)
	for _, c := range plan.Changes {
		sameElements(t, r.Model, c.Property, c.Current, c.Desired, c)
		if _, removed, _, _ := definedElements(r.Model, c.Property, c.Current, c.Desired); len(removed) > 0 {
			lost[c.Property.Name] = len(removed)
		}
		for _, c := range c.Inside {
			if _, removed, _, _ := definedElements(r.Model, c.Property, c.Current, c.Desired); len(removed) > 0 {
				lost[string(c.Pointer)] = len(removed)
			}
		}
	}
	for _, w := range plan.Warnings {
		if w.Rule == "collection-loses-assignments" {
			quoted := strings.Split(w.Message, `"`)
			name := quoted[1]
			if len(quoted) > 3 { // of what is inside
				name = quoted[3]
			}
			if n := lost[name]; n == 0 || n > 1 && !strings.Contains(w.Message, fmt.Sprintf(" %d ", n)) {
				t.Fatalf("%d lost, and %s", n, w.Message)
			}
			delete(lost, name)
		}
	}
	if len(lost) > 0 {
		t.Fatalf("no warning about %v\ncurrent %s\ndesired %s", lost, current.Source(), desired.Source())
	}
}

// TestKeptElements checks that an element that only the service has is sent as if desired
// had it.
func TestKeptElements(t *testing.T) {
	r := partner(t, schema.Beta)
	p := r.Property("iosEnrollmentAssignments")
	for _, element := range []string{
		groupA,
		`{ "target" : { "groupId" : "11111111-0a4b-4c11-9d3e-000000000009" , "@odata.type" : "microsoft.graph.groupAssignmentTarget" , "unknown" : 1 } }`,
		`{"target":null}`,
	} {
		current := parse(t, []byte(`{"iosEnrollmentAssignments":[`+element+`]}`))
		plan, err := diff.Compute(r, current, parse(t, []byte(`{"iosEnrollmentAssignments":[`+users+`]}`)), diff.Options{Base: parse(t, []byte(`{}`))})
		if err != nil {
			t.Fatal(err)
		}
		want := `{"iosEnrollmentAssignments":[` + users + `,` + definedSingle(r.Model, p, current.Find(patchlint.Pointer("").Append(p.Name).Append("0"))) + `]}`
		if d := cmp.Diff(want, string(plan.Body)); d != "" {
			t.Error(d)
		}
	}
}

// TestApplyInPlace checks that a value is not mistaken for the one at
// the same offset of the other document.
func TestApplyInPlace(t *testing.T) {
	r := partner(t, schema.Beta)
	after, _, err := diff.Apply(r, "", parse(t, []byte(`{"displayName":"a"}`)), parse(t, []byte(`{"displayName":"b"}`)))
	if want := "{\n  \"displayName\": \"b\"\n}\n"; err != nil || string(after) != want {
		t.Errorf("%s, %v; want %s", after, err, want)
	}
}

// outcome renders everything that a plan contains.
func outcome(p *diff.Plan) string {
	var b bytes.Buffer
	say := func(v any) { json.NewEncoder(&b).Encode(v) }
	say(string(p.Body))
	for _, c := range p.Changes {
		say([]any{c.Pointer, c.Property.Name, string(c.Current.Raw()), c.Current.Exists(), string(c.Desired.Raw())})
	}
	for _, s := range p.Skipped {
		say([]any{s.Pointer, s.Property.Name, s.Reason, string(s.Current.Raw()), string(s.Desired.Raw())})
	}
	say(p.Warnings)
	return b.String()
}

func sameElements(t failer, m *schema.Model, p *schema.Property, current, sent patchlint.Node, got diff.Change) {
	t.Helper()
	added, removed, modified, kept := definedElements(m, p, current, sent)
	if !slices.Equal(got.Added, added) || !slices.Equal(got.Removed, removed) || !slices.Equal(got.Modified, modified) || p.Collection && current.Len()-len(removed)-len(modified) != kept {
		t.Fatalf("%s of %s to %s: added %d, removed %d, modified %d, kept %d; want %d, %d, %d, %d (and the same ones)", p.Name, current.Raw(), sent.Raw(),
			len(got.Added), len(got.Removed), len(got.Modified), current.Len()-len(got.Removed)-len(got.Modified), len(added), len(removed), len(modified), kept)
	}
}

// sameCollections checks that the comparison of two collections with any elements agrees
// with the definitions.
func sameCollections(t failer, m *schema.Model, p *schema.Property, current, sent patchlint.Node) {
	t.Helper()
	got, inOrder := diff.CompareCollections(m, p, current, sent)
	sameElements(t, m, p, current, sent, got)
	canonical := func(n patchlint.Node, ordered bool) string {
		text, _ := m.AppendCanonical(nil, n, p, schema.Comparison{Ordered: ordered})
		return string(text)
	}
	same := len(got.Added)+len(got.Removed)+len(got.Modified) == 0
	if want := canonical(current, false) == canonical(sent, false); same != want {
		t.Fatalf("%s and %s: same %t, want %t", current.Raw(), sent.Raw(), same, want)
	}
	if want := canonical(current, true) == canonical(sent, true); inOrder != want {
		t.Fatalf("%s and %s: in order %t, want %t", current.Raw(), sent.Raw(), inOrder, want)
	}
}

var guidText = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`)

// variant returns another spelling of an element.
func (g *generator) variant(element string) string {
	switch g.number(10) {
	case 0:
		return strings.ReplaceAll(element, `"#`, `"`)
	case 1:
		return guidText.ReplaceAllStringFunc(element, strings.ToUpper)
	case 2:
		var out bytes.Buffer
		if json.Indent(&out, []byte(element), "", "  ") == nil {
			return out.String()
		}
	case 3:
		return strings.ReplaceAll(element, "target", `t\u0061rget`)
	case 4:
		return strings.ReplaceAll(element, ":", " : ")
	case 5:
		return strings.Replace(element, `{"`, `{"@a.b":1,"`, 1)
	case 6:
		return strings.Replace(element, `"@odata.type"`, `"@odata\u002etype"`, 1)
	}
	return element
}

// lists draws two collections that have much in common: elements with few different
// meanings, repeated, reordered, and in several spellings. Elements of the first may also
// be of a wrong kind.
func (g *generator) lists(p *schema.Property) (current, desired string) {
	pool := make([]string, 1+g.number(6))
	for i := range pool {
		pool[i] = g.single(p)
	}
	join := func(list []string) string { return "[" + strings.Join(list, pick(g, ",", ", ")) + "]" }
	var a, b []string
	for range g.number(12) {
		a = append(a, g.variant(pick(g, pool...)))
	}
	for _, element := range a {
		switch g.number(8) {
		case 0:
		case 1:
			b = append(b, g.variant(pick(g, pool...)))
		case 2:
			b = append(b, element, element)
		default:
			b = append(b, element)
		}
	}
	if g.chance(40) {
		b = rapid.Permutation(b).Draw(g.T, "order")
	}
	if g.chance(20) {
		a = append(a, pick(g, `null`, `1`, `"x"`, `{}`, `[]`, `{"target":null}`, `{"target":{"@odata.type":"x"}}`, `{"target":{"@odata.type":"#microsoft.graph.complianceManagementPartner","deviceAndAppManagementAssignmentFilterType":"include"}}`))
	}
	return join(a), join(b)
}

// TestLockstep compares Compute with the definitions on random pairs.
func TestLockstep(t *testing.T) {
	for _, p := range append(profiles(t), profile{name: "v1.0", resource: partner(t, schema.V1)}) {
		t.Run(p.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				g := generator{T: t, profile: p}
				currentSrc, desiredSrc := g.pair()
				current, desired := parse(t, currentSrc), parse(t, desiredSrc)
				o := diff.Options{Prune: g.chance(25), Ordered: g.chance(25), ODataType: g.chance(25)}
				if g.chance(25) {
					baseSrc, _ := g.pair()
					o.Base = parse(t, baseSrc)
				}
				sameAsDefined(t, p.resource, current, desired, o)
				sameAsDefined(t, p.resource, desired, desired, o)
				sameAsDefined(t, p.resource, parse(t, slices.Clone(desiredSrc)), desired, o)
			})
		})
	}
}

// TestLockstepLists compares Compute with the definitions on longer collections.
func TestLockstepLists(t *testing.T) {
	for _, r := range []*schema.Type{partner(t, schema.Beta), partner(t, schema.V1), probe(t)} {
		for _, p := range r.Properties {
			if !p.Collection || strings.HasPrefix(p.Name, "android") {
				continue
			}
			t.Run(string(r.Model.Version)+" "+p.Name, func(t *testing.T) {
				rapid.Check(t, func(t *rapid.T) {
					g := generator{T: t, profile: profile{resource: r}}
					a, b := g.lists(p)
					current, desired := parse(t, []byte(`{"`+p.Name+`":`+a+`}`)), parse(t, []byte(`{"`+p.Name+`": `+b+`}`))
					sameCollections(t, r.Model, p, current.Root().Member(p.Name), desired.Root().Member(p.Name))
					sameAsDefined(t, r, current, desired, diff.Options{Ordered: g.chance(25), Prune: g.chance(25)})
				})
			})
		}
	}
}

// TestAbsentCollections compares Compute with the definitions on collections that are
// absent, null or empty.
func TestAbsentCollections(t *testing.T) {
	r := partner(t, schema.Beta)
	p := r.Property("iosEnrollmentAssignments")
	for _, a := range []string{"", "null", "[]", "[{}]", "[null]"} {
		for _, b := range []string{"", "null", "[]", "[{}]", "[null]"} {
			x, _ := patchlint.Parse([]byte(a), patchlint.JSON)
			y, _ := patchlint.Parse([]byte(b), patchlint.JSON)
			sameCollections(t, r.Model, p, x.Root(), y.Root())
		}
	}
}

// FuzzLockstep compares Compute with the definitions on any two texts: as objects and, if
// the texts can be read to their end, as collections.
func FuzzLockstep(f *testing.F) {
	f.Add([]byte(`{"iosOnboarded":true}`), []byte(`{"iosOnboarded":false,"displayName":null}`), uint8(0))
	f.Add([]byte(`{"iosEnrollmentAssignments":[`+groupA+`,`+users+`,`+groupA+`]}`), []byte(`{"iosEnrollmentAssignments":[`+strings.ToUpper(groupB)+`,`+groupB+`, `+groupA+`]}`), uint8(0))
	f.Add([]byte(`[`+groupA+`,`+users+`,`+groupA+`]`), []byte(`[`+users+`,`+strings.Replace(groupA, "0a4b", "0A4B", 1)+`,`+strings.ReplaceAll(groupA, "#", "")+`]`), uint8(3))
	f.Add([]byte(`[`+withFilter(`"5b2c1f0e-7d34-4a55-9c1b-2f6f0e9a8d71"`, `"include"`)+`,1,{}]`), []byte(`[`+withFilter(`null`, `"none"`)+`,`+withFilter(`""`, `"exclude"`)+`,null]`), uint8(5))
	f.Add([]byte(`[1,2.0,{"mode":"a","list":[1,2]}]`), []byte(`[1.0,2,{"list":[2,1],"mode":"\u0061"}]`), uint8(1))
	resources := []*schema.Type{partner(f, schema.Beta), probe(f), partner(f, schema.V1)}
	f.Fuzz(func(t *testing.T, currentSrc, desiredSrc []byte, choice uint8) {
		r := resources[int(choice)%len(resources)]
		current, _ := patchlint.Parse(currentSrc, patchlint.JSON)
		desired, _ := patchlint.Parse(desiredSrc, patchlint.JSON)
		o := diff.Options{Prune: choice&8 != 0, Ordered: choice&16 != 0, ODataType: choice&32 != 0}
		if choice&64 != 0 {
			o.Base = current
		}
		sameAsDefined(t, r, current, desired, o)
		if !current.Whole() || !desired.Whole() {
			return // Compute refuses these, and an incomplete value cannot be compared
		}
		a, b := current.Root(), desired.Root()
		if a.Kind() == patchlint.Array && b.Kind() == patchlint.Array && a.Len() <= 50 && b.Len() <= 50 {
			for _, p := range r.Properties {
				if p.Collection && !strings.HasPrefix(p.Name, "android") {
					sameCollections(t, r.Model, p, a, b)
				}
			}
		}
	})
}
