package patchlint

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// checkPlain holds that the scanner for clean text, with the one that explains
// going on where it stops, reads a text as the one that explains does alone.
func checkPlain(t testing.TB, src []byte, dialect Dialect) (plain bool) {
	t.Helper()
	quick := &Document{src: src, dialect: dialect}
	_, plain = quick.plain()
	quickErr := quick.Parse(src, dialect)
	clear := &Document{src: src, dialect: dialect}
	clearErr := clear.explain(place{}, MaxFindings)
	if plain && (clearErr != nil || len(clear.faults) > 0 || len(clear.comments) > 0) {
		t.Fatalf("read as clean, and it is not: %v %v\n%q", clearErr, clear.faults, src)
	}
	type result struct {
		Records  []record
		Faults   []Diagnostic
		Comments []Span
		Whole    bool
		Err      error
	}
	want := result{clear.records, clear.faults, clear.comments, clear.whole, clearErr}
	got := result{quick.records, quick.faults, quick.comments, quick.whole, quickErr}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(record{}), cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("%q (-clear +quick):\n%s", src, diff)
	}
	return plain
}

func TestPlain(t *testing.T) {
	clean := []string{
		`{}`, `[]`, ` [ ] `, `{"a":1}`, "\t{ \"a\" : [ 1 , -2.5e+3 , true , false , null , \"\" ] }\r\n", `"text"`, ` 12 `, `true`, `null`,
		`{"a": "long enough for eight bytes at a time, and more", "b": "é and 😀", "c": "\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}`,
		`{"a": {"b": {"c": [[[{}]]]}}, "` + "\x7f" + `": 0}`, `{"": 1, "b": 2}`, `{"aa": 1, "ab": 2, "ba": 3, "bb": 4}`,
	}
	for _, src := range clean {
		if !checkPlain(t, []byte(src), JSON) {
			t.Errorf("%q is clean and was not read as such", src)
		}
	}
	for _, name := range []string{strings.Repeat("n", MaxName), strings.Repeat(`\n`, MaxName/2)} {
		if !checkPlain(t, []byte(`{"`+name+`": 1}`), JSON) || checkPlain(t, []byte(`{"a": 1, "b": [2, {"`+name+`nn": 1}]}`), JSON) {
			t.Errorf("the limit of %d bytes for a name is not kept", MaxName)
		}
	}
	for _, src := range []string{
		``, ` `, `{`, `[1,]`, `{"a":1,}`, `{"a":1 "b":2}`, `{"a"}`, `{a:1}`, `{'a':1}`, `[1 2]`, `[01]`, `[1.]`, `[-]`, `[+1]`, `[1e]`, `tru`, `truex`, `nul`, `1 2`,
		`{"a":1,"a":2}`, `{"a":1,"\u0061":2}`, `// no` + "\n{}", `{} /* no */`, "\xef\xbb\xbf{}", "\xff\xfe{\x00", "{\"a\": \"\xff\"}", `"\ud800"`, `"\x"`, "\"\x01\"", "\"a\nb\"", `"open`, `}`, `[}`, `{]`,
		`{"a":[1,{"b":2,}],"c":[3,],}`, `{"a":1 /* b */, "c":[2, // d` + "\n" + `]}`, `{"a":1,"b":`, `{"a":[1,2`, `[1,[2,x],3]`, `{"a":{"b":1,"b":2},"c":{"d":1`, `[1,"\ud800",2,]`, `1 /* a */`, `[] x`,
	} {
		if checkPlain(t, []byte(src), JSON) {
			t.Errorf("%q is not clean and was read as such", src)
		}
	}
}

func FuzzPlain(f *testing.F) {
	files, err := filepath.Glob("testdata/payload/*/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal("no payloads", err)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(src)
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		checkPlain(t, src, JSON)
		checkPlain(t, src, JSONC)
	})
}
