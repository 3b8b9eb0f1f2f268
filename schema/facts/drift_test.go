package facts_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/patchlint/patchlint/internal/csdl"
	"github.com/patchlint/patchlint/schema/facts"
)

// before is compared with the facts after each change in TestCompare.
const before = `patchlint-facts 1 v9 2026-02-01 a=n o=n.m
/me .t
/ts *.t
base Ea - t,u id:s!=
c C - - x:i
color N - red green
deep C - - y:s
flag Nf - one=1 two
t E base - p:s q:c colors:*color own>*.t other-.t do()
u Eo base - r:s when:t%2026-01-31
width T i
`

func TestCompare(t *testing.T) {
	const breaks, not = "! ", "  "
	for _, test := range []struct {
		name, old, new string
		want           []string
	}{
		{"a type added", "\nu E", "\ntt C - - z:s\nu E", []string{not + "n.tt: type was added (complex type)"}},
		{"a type removed", "deep C - - y:s\n", "", []string{breaks + "n.deep: type was removed (complex type)"}},
		{"another kind", "deep C", "deep E", []string{breaks + "n.deep: type changed from complex type to entity type"}},
		{"a base added between", "deep C - -", "deed C - deep\ndeep C deed -", []string{not + "n.deed: type was added (complex type)", not + "n.deep: base type changed from none to n.deed"}},
		{"a base lost", "t E base", "t E -", []string{breaks + "n.t: base type changed from n.base to none"}},
		{"a property moved to the base", "base Ea - t,u id:s!=", "base Ea - t,u id:s!= p:s", []string{not + "n.base: property p was added (Edm.String)"}},
		{"a property moved to the base and retyped", "id:s!=\nc C - - x:i\ncolor N - red green\ndeep C - - y:s\nflag Nf - one=1 two\nt E base - p:s", "id:s!= p:b\nc C - - x:i\ncolor N - red green\ndeep C - - y:s\nflag Nf - one=1 two\nt E base -",
			[]string{not + "n.base: property p was added (Edm.Boolean)", breaks + "n.t: property p changed from Edm.String to Edm.Boolean"}},
		{"no longer abstract", "base Ea", "base E", []string{not + "n.base: type is no longer abstract"}},
		{"abstract", "deep C", "deep Ca", []string{breaks + "n.deep: type became abstract"}},
		{"open", "deep C", "deep Co", []string{not + "n.deep: type became open"}},
		{"no longer open", "u Eo", "u E", []string{breaks + "n.u: type is no longer open"}},
		{"open by its base", "base Ea - t,u id:s!=\nc C - - x:i\ncolor N - red green\ndeep C - - y:s\nflag Nf - one=1 two\nt E base - p:s q:c colors:*color own>*.t other-.t do()\nu Eo",
			"base Eao - t,u id:s!=\nc C - - x:i\ncolor N - red green\ndeep C - - y:s\nflag Nf - one=1 two\nt E base - p:s q:c colors:*color own>*.t other-.t do()\nu E",
			[]string{not + "n.base: type became open", not + "n.u: type is no longer open"}},
		{"a type deprecated", "deep C", "deep C%2026-05-01", []string{not + "n.deep: type was deprecated on 2026-05-01"}},
		{"a type deprecated on an unknown date", "deep C", "deep C%-", []string{not + "n.deep: type was deprecated"}},
		{"a property added", " y:s", " y:s z:*color", []string{not + "n.deep: property z was added (Collection(n.color))"}},
		{"a property removed", " p:s", "", []string{breaks + "n.t: property p was removed (Edm.String)"}},
		{"a property of an open type removed", " r:s", "", []string{not + "n.u: property r was removed (Edm.String)"}},
		{"another order of properties", "p:s q:c", "q:c p:s", nil},
		{"retyped", "p:s", "p:b", []string{breaks + "n.t: property p changed from Edm.String to Edm.Boolean"}},
		{"a collection", "p:s", "p:*s", []string{breaks + "n.t: property p changed from Edm.String to Collection(Edm.String)"}},
		{"another complex type", "q:c", "q:deep", []string{breaks + "n.t: property q changed from n.c to n.deep"}},
		{"wider", "x:i", "x:l", []string{not + "n.c: property x changed from Edm.Int32 to Edm.Int64"}},
		{"wider, but inexact", "x:i", "x:f", []string{breaks + "n.c: property x changed from Edm.Int32 to Edm.Single"}},
		{"narrower", "x:i", "x:h", []string{breaks + "n.c: property x changed from Edm.Int32 to Edm.Int16"}},
		{"an equal type definition", "x:i", "x:width", []string{not + "n.c: property x changed from Edm.Int32 to n.width"}},
		{"a type definition", "width T i", "width T s", []string{breaks + "n.width: type changed from Edm.Int32 to Edm.String"}},
		{"untyped", "colors:*color", "colors:a", []string{not + "n.t: property colors changed from Collection(n.color) to Edm.Untyped"}},
		{"an enumeration as text", "colors:*color", "colors:*s", []string{not + "n.t: property colors changed from Collection(n.color) to Collection(Edm.String)"}},
		{"another enumeration", "colors:*color", "colors:*flag", []string{breaks + "n.t: property colors changed from Collection(n.color) to Collection(n.flag)"}},
		{"not nullable", "p:s", "p:s!", []string{breaks + "n.t: property p is no longer nullable"}},
		{"nullable", "id:s!=", "id:s=", []string{not + "n.base: property id became nullable"}},
		{"computed and immutable", "p:s", "p:s=~^", []string{breaks + "n.t: property p became computed", breaks + "n.t: property p became read-only", breaks + "n.t: property p became immutable"}},
		{"a later deprecation", "%2026-01-31", "%2026-03-31", []string{not + "n.u: the deprecation date of property when changed from 2026-01-31 to 2026-03-31"}},
		{"no longer deprecated", "%2026-01-31", "", []string{not + "n.u: property when is no longer deprecated"}},
		{"a navigation property added", " other-.t", " more-base other-.t", []string{not + "n.t: navigation property more was added (n.base)"}},
		{"a navigation property removed", " other-.t", "", []string{breaks + "n.t: navigation property other was removed (n.t)"}},
		{"a navigation property retyped", "other-.t", "other-.u", []string{breaks + "n.t: navigation property other changed from n.t to n.u"}},
		{"a navigation property as property", "other-.t", "other:c", []string{breaks + "n.t: property other changed from navigation property to property", breaks + "n.t: property other changed from n.t to n.c"}},
		{"contained", "other-.t", "other>.t", []string{breaks + "n.t: navigation property other became contained"}},
		{"not contained", "own>", "own-", []string{not + "n.t: navigation property own is no longer contained"}},
		{"an operation added", "do()", "do() more()", []string{not + "n.t: operation more was added"}},
		{"an operation removed", " do()", "", []string{breaks + "n.t: operation do was removed"}},
		{"members", "red green", "red blue", []string{not + "n.color: member blue was added", breaks + "n.color: member green was removed"}},
		{"a number", "two", "two=4", []string{not + "n.flag: member two changed from 2 to 4"}},
		{"a document without annotations", "id:s!=", "id:s!", nil},
		{"an unknown number", "two", "two=?", nil},
		{"no longer flags", "flag Nf", "flag N", []string{breaks + "n.flag: members can no longer be combined"}},
		{"flags", "color N", "color Nf", []string{not + "n.color: several members can now be combined"}},
		{"an entity set added", "/ts *.t", "/ts *.t\n/us *.u", []string{not + ": entity set us was added (Collection(n.u))"}},
		{"an entity set removed", "/ts *.t\n", "", []string{breaks + ": entity set ts was removed (Collection(n.t))"}},
		{"a singleton retyped", "/me .t", "/me .u", []string{breaks + ": singleton me changed from n.t to n.u"}},
		{"a singleton as entity set", "/me .t", "/me *.t", []string{breaks + ": entity set me changed from n.t to Collection(n.t)"}},
		{"another namespace first", "a=n o=n.m", "o=n.m a=n", nil}, // compared with qualified
	} {
		t.Run(test.name, func(t *testing.T) {
			after := strings.Replace(before, test.old, test.new, 1)
			if test.name == "another namespace first" {
				after = qualified
			}
			if after == before && test.old != test.new {
				t.Fatal("nothing was changed")
			}
			if diff := cmp.Diff(test.want, differences(t, before, after)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// qualified are the facts of before for a document in which another namespace
// comes first.
const qualified = `patchlint-facts 1 v9 2026-03-01 o=n.m a=n
/me n.t
/ts *n.t
n.base Ea - n.t,n.u id:s!=
n.c C - - x:i
n.color N - red green
n.deep C - - y:s
n.flag Nf - one=1 two
n.t E n.base - p:s q:n.c colors:*n.color own>*n.t other-n.t do()
n.u Eo n.base - r:s when:t%2026-01-31
n.width T i
`

func differences(t testing.TB, before, after string) (list []string) {
	t.Helper()
	for _, d := range facts.Compare(open(t, before), open(t, after)) {
		mark := "  "
		if d.Breaks {
			mark = "! "
		}
		list = append(list, fmt.Sprintf("%s%s: %s", mark, d.Type, d))
	}
	return list
}

func open(t testing.TB, text string) *facts.Facts {
	t.Helper()
	return facts.Open(text)
}

// TestCompareSeesEveryChange checks that removing a member from a line always gives a
// difference, and that the reverse comparison gives the same list with additions and
// removals exchanged.
func TestCompareSeesEveryChange(t *testing.T) {
	lines := strings.SplitAfter(before, "\n")
	rapid.Check(t, func(t *rapid.T) {
		changed := append([]string(nil), lines...)
		i := rapid.IntRange(3, len(lines)-2).Draw(t, "line")
		fields := strings.Split(strings.TrimSuffix(changed[i], "\n"), " ")
		k := rapid.IntRange(3, max(3, len(fields)-1)).Draw(t, "field")
		if k >= len(fields) {
			t.Skip("a type without members")
		}
		fields = append(fields[:k], fields[k+1:]...)
		changed[i] = strings.Join(fields, " ") + "\n"
		from := facts.Open(before)
		to := facts.Open(strings.Join(changed, ""))
		there, back := facts.Compare(from, to), facts.Compare(to, from)
		if len(there) == 0 {
			t.Fatalf("the change to %s is not a difference", changed[i])
		}
		exchange := strings.NewReplacer("added", "removed", "removed", "added")
		for i, d := range back {
			back[i] = facts.Difference{Type: d.Type, Subject: d.Subject, Name: d.Name, Change: exchange.Replace(d.Change), Old: d.New, New: d.Old, Breaks: there[i].Breaks}
		}
		if diff := cmp.Diff(there, back); diff != "" {
			t.Fatal(diff)
		}
	})
}

// TestCompareEmbedded checks that facts do not differ from themselves, and that
// v1.0 and beta do.
func TestCompareEmbedded(t *testing.T) {
	v1 := facts.Embedded("v1.0")
	beta := facts.Embedded("beta")
	for _, f := range []*facts.Facts{v1, beta} {
		if d := facts.Compare(f, f); len(d) > 0 {
			t.Errorf("%s differs from itself: %v", f.Revision, d)
		}
	}
	if d := facts.Compare(v1, beta); len(d) < 1000 {
		t.Errorf("beta differs from v1.0 in %d places only", len(d))
	}
}

// FuzzCompare checks that all metadata that compiles can be read back completely, and
// does not differ from itself.
func FuzzCompare(f *testing.F) {
	f.Add(metadata)
	f.Add(`<Edmx><DataServices><Schema Namespace="n"/></DataServices></Edmx>`)
	f.Add(`<Edmx><DataServices><Schema Namespace="n" Alias="a
 b c"><ComplexType Name="c"/></Schema></DataServices></Edmx>`)
	f.Add(`<Edmx><DataServices><Schema Namespace="n"><ComplexType Name="c"><Property Name="p" Type="Edm.String"><Annotation Term="Org.OData.Core.V1.Revisions"><Collection><Record>
<PropertyValue Property="Date" String="2026 x"/><PropertyValue Property="Kind" EnumMember="Org.OData.Core.V1.RevisionKind/Deprecated"/></Record></Collection></Annotation></Property></ComplexType></Schema></DataServices></Edmx>`)
	f.Add(`<Edmx><DataServices><Schema Namespace="n"><ComplexType Name="c"/><EntityType Name="c"/><EnumType Name="c"/></Schema><Schema Namespace="n"><ComplexType Name="c"/></Schema></DataServices></Edmx>`)
	f.Fuzz(func(t *testing.T, src string) {
		doc, err := csdl.Read(src)
		if err != nil {
			return
		}
		text, err := facts.Compile(doc, "v9", "2026-02-01", nil)
		if err != nil {
			return
		}
		from := open(t, text)
		for name := range from.Names {
			if of, ok := from.Type(name); !ok || of.Name != name {
				t.Errorf("%q is not found in\n%s", name, text)
			}
		}
		if d := facts.Compare(from, open(t, text)); len(d) > 0 {
			t.Errorf("differs from itself: %v", d)
		}
	})
}
