package command

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/schema"
)

// TestPairingLinear checks that pairing takes time in proportion to the number of
// objects, whatever they have in common, and that its errors stay short.
func TestPairingLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine, which the race detector slows down")
	}
	types := twoTypes(t)
	for name, object1 := range map[string]func(i int) object{
		"ids":                 func(i int) object { return object{id: fmt.Sprint(i), name: "x", of: types[0]} },
		"names":               func(i int) object { return object{name: fmt.Sprint(i), of: types[0]} },
		"paths":               func(i int) object { return object{relative: fmt.Sprint(i), of: types[0]} },
		"one id":              func(int) object { return object{id: "1", of: types[0]} },
		"one id, other types": func(int) object { return object{id: "1", of: types[0]} },
		"one name":            func(int) object { return object{name: "x", of: types[0]} },
		"one name, ids": func(i int) object {
			return object{name: "x", id: strings.Repeat("y", i%2) + fmt.Sprint(i), of: types[0]}
		},
		"one name, types": func(i int) object {
			return object{name: "x", of: types[0], odataType: []*schema.Type{types[0], types[1], nil}[i%3]}
		},
		"one path":      func(int) object { return object{relative: "x", of: types[0]} },
		"unknown types": func(i int) object { return object{relative: "x", id: fmt.Sprint(i % 7)} },
	} {
		t.Run(name, func(t *testing.T) {
			corpus.Linear(t, 250, func(n int) {
				var current, desired []*object
				for i := range n {
					c, d := object1(i), object1(n-i)
					c.file, d.file = fmt.Sprintf("c/%d", i), fmt.Sprintf("d/%d", i)
					if name == "one name, ids" {
						d.id += "z"
					}
					if name == "one id, other types" {
						d.of = types[1]
					}
					current, desired = append(current, &c), append(desired, &d)
				}
				for _, err := range pairUp(current, desired).errs {
					if len(err.Error()) > 300 {
						t.Fatalf("%s", err)
					}
				}
			})
		})
	}
}

// twoTypes returns two types of which none is derived from the other.
func twoTypes(t *testing.T) (types [2]*schema.Type) {
	m, err := schema.Open(schema.Beta)
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"windows10CompliancePolicy", "macOSCompliancePolicy"} {
		if types[i] = m.Type(name); types[i] == nil {
			t.Fatalf("unknown type %s", name)
		}
	}
	return types
}

// TestPairing checks the properties of any pairing: no object is paired twice, a pair
// has a key in common, objects with a unique id are paired by it, an object that an
// error is about is not paired, and an object that is left over has no counterpart.
func TestPairing(t *testing.T) {
	types := twoTypes(t)
	rapid.Check(t, func(t *rapid.T) {
		draw := func(side string) (list []*object) {
			for i := range rapid.IntRange(0, 5).Draw(t, "n") {
				pick := func(from ...string) string { return rapid.SampledFrom(from).Draw(t, "text") }
				list = append(list, &object{
					file: fmt.Sprintf("%s/%d", side, i), relative: pick("", "a", "b", "c") + fmt.Sprint(i%2),
					id: pick("", "", "1", "2", "3"), name: pick("", "A", "B"), of: map[string]*schema.Type{"y": types[0]}[pick("y", "y", "y", "n")],
				})
				if o := list[i]; o.typed() {
					o.odataType = rapid.SampledFrom([]*schema.Type{nil, nil, types[0], types[1]}).Draw(t, "type")
				}
			}
			return list
		}
		current, desired := draw("current"), draw("desired")
		p := pairUp(current, desired)
		named := func(c, d *object) bool {
			return c.name != "" && c.name == d.name && (c.odataType == nil || d.odataType == nil || c.odataType == d.odataType)
		}
		paired := make(map[*object]bool)
		with := func(list []*object, id string) (n int) {
			for _, o := range list {
				if o.id == id {
					n++
				}
			}
			return n
		}
		for _, d := range desired {
			c := p.with[d]
			if c == nil {
				if d.id != "" && with(desired, d.id) == 1 && with(current, d.id) == 1 {
					for _, c := range current {
						if c.id == d.id && (c.typed() || d.typed()) {
							t.Fatalf("%+v is not paired with %+v", d, c)
						}
					}
				}
				for _, c := range current {
					if c.typed() && d.typed() && p.with[c] == nil && (c.id != "" && c.id == d.id || named(c, d) || c.relative == d.relative) && !p.failed[d] {
						t.Fatalf("%+v and %+v match, but are neither paired nor reported", c, d)
					}
				}
				continue
			}
			if paired[c] || p.with[c] != d {
				t.Fatalf("%+v is paired twice, or an error says that it is ambiguous", c)
			}
			paired[c] = true
			if (c.id == "" || c.id != d.id) && !named(c, d) && c.relative != d.relative || !c.typed() && !d.typed() {
				t.Fatalf("%+v is paired with %+v", d, c)
			}
		}
	})
}

// TestPairingLarge checks that objects without an id are ambiguous for one that has an id,
// however many have its name.
func TestPairingLarge(t *testing.T) {
	of := twoTypes(t)[0]
	for _, n := range []int{2, 1100} {
		for _, id := range []string{"", "z"} { // of the base objects
			var current, desired, base []*object
			for i := range n {
				o := object{id: fmt.Sprint(i), name: "x", of: of}
				p := o
				current, desired = append(current, &o), append(desired, &p)
				base = append(base, &object{id: strings.Repeat(id, i+1), name: "x", of: of})
			}
			want := n
			if id != "" {
				want = 0
			}
			if p := pairBases(base, pairUp(current, desired)); len(p.errs) != want {
				t.Errorf("%d objects with the id %q: %d errors, want %d", n, id, len(p.errs), want)
			}
		}
	}
}
