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

// FuzzEqual holds that Equal is what equal bytes without white space are.
func FuzzEqual(f *testing.F) {
	f.Add([]byte(`{"a":[1,{"b":null}]}`), []byte(`{"a": [1, {"b": null}]}`))
	f.Add([]byte(`[[1],2]`), []byte(`[[1,2]]`))
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
	})
}
