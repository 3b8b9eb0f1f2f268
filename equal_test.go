package patchlint_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/patchlint/patchlint"
)

func TestEqual(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{`{"a":[1,"x",null,true]}`, "{ \"a\" :\n[ 1 , \"x\" , null , true ] }", true},
		{`{"a":1}`, "/* a */ {\"a\": // one\n1,}", true},
		{`[]`, `[ ]`, true},
		{`[]`, `{}`, false},
		{`[]`, `[[]]`, false},
		{`[[],1]`, `[[1]]`, false}, // as many values, nested otherwise
		{`[[1],2]`, `[[1,2]]`, false},
		{`{"a":1}`, `{"b":1}`, false},
		{`{"a":1}`, `{"a":2}`, false},
		{`{"a":1}`, `{"\u0061":1}`, false},
		{`{"a":{"b":1,"c":2}}`, `{"a":{"c":2,"b":1}}`, false},
		{`1`, `1.0`, false},
		{`"1"`, `1`, false},
		{`null`, `false`, false},
	} {
		a, _ := patchlint.Parse([]byte(test.a), patchlint.JSONC)
		b, _ := patchlint.Parse([]byte(test.b), patchlint.JSONC)
		if got := a.Root().Equal(b.Root()); got != test.want {
			t.Errorf("%s and %s: %t", test.a, test.b, got)
		}
		if a.Root().Equal(b.Root()) != b.Root().Equal(a.Root()) {
			t.Errorf("%s and %s: not the same both ways", test.a, test.b)
		}
		if !a.Root().Equal(a.Root()) || a.Root().Equal(patchlint.Node{}) {
			t.Errorf("%s is not what it is", test.a)
		}
	}
	doc, _ := patchlint.Parse([]byte(`{"a":[1],"b":[ 1 ]}`), patchlint.JSON)
	if !doc.Find("/a").Equal(doc.Find("/b")) {
		t.Error("the name of a member is no part of its value")
	}
	if !(patchlint.Node{}).Equal(patchlint.Node{}) {
		t.Error("two absent values differ")
	}
}

func TestAlike(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want bool
	}{
		{`{"a":"x"}`, `{"a":"longer"}`, true},
		{`{"a":"x"}`, `{"a": "x"}`, false},
		{`{"a":"x"}`, `{"b":"x"}`, false},
		{`{"a":"x","b":"y"}`, `{"a":"x\",\"b"}`, false},
		{`{"a":"x"}`, `{"a":null}`, false},
		{`{"a":["x",1]}`, `{"a":["y",1]}`, true},
		{`{"a":["x",1]}`, `{"a":["x",2]}`, false},
		{`{"a":["x"]}`, `{"a":["x","y"]}`, false},
		{`{"type":"x"}`, `{"type":"y"}`, false},
		{`{"type":"x","a":"\""}`, `{"type":"x","a":"y"}`, true},
		{`["type"]`, `["x"]`, true},
		{`"x"`, `"y"`, true},
	} {
		a, _ := patchlint.Parse([]byte(test.a), patchlint.JSON)
		b, _ := patchlint.Parse([]byte(test.b), patchlint.JSON)
		if a.Root().Alike(b.Root(), "type") != test.want || b.Root().Alike(a.Root(), "type") != test.want {
			t.Errorf("%s and %s: want %t", test.a, test.b, test.want)
		}
		if !a.Root().Alike(a.Root(), "type") || a.Root().Alike(patchlint.Node{}, "type") {
			t.Errorf("%s is alike to itself, and to nothing else", test.a)
		}
	}
}

// blanked is the source of a value with all its strings empty but those of
// members called exact.
func blanked(n patchlint.Node, exact string) string {
	doc, from := n.Document(), n.Span().Start
	var text []byte
	for v := range doc.Root().All() {
		if v.Kind() == patchlint.String && !v.NameIs(exact) {
			text = append(append(text, doc.Source()[from:v.Span().Start]...), `""`...)
			from = v.Span().End
		}
	}
	return string(append(text, doc.Source()[from:n.Span().End]...))
}

// FuzzEqual holds that Equal is what equal bytes without white space are, and
// Alike what equal bytes without strings are.
func FuzzEqual(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"b":null}]}`), []byte(`{"a": [1, {"b": null}]}`))
	f.Add([]byte(`[[1],2]`), []byte(`[[1,2]]`))
	f.Add([]byte(`{"a":"x","b":"y"}`), []byte(`{"a":"x","b":"z"}`))
	f.Fuzz(func(t *testing.T, x, y []byte) {
		a, errA := patchlint.Parse(x, patchlint.JSON)
		b, errB := patchlint.Parse(y, patchlint.JSON)
		if errA != nil || errB != nil {
			return
		}
		compact := func(n patchlint.Node) string {
			var out bytes.Buffer
			if err := json.Compact(&out, n.Raw()); err != nil {
				t.Skip() // encoding/json reads nested values less deeply
			}
			return out.String()
		}
		if got, want := a.Root().Equal(b.Root()), compact(a.Root()) == compact(b.Root()); got != want {
			t.Errorf("%t, want %t: %s and %s", got, want, x, y)
		}
		if got, want := a.Root().Alike(b.Root(), "a"), blanked(a.Root(), "a") == blanked(b.Root(), "a"); got != want {
			t.Errorf("alike: %t, want %t: %s and %s", got, want, x, y)
		}
	})
}
