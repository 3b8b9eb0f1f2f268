package patchlint_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/span"
)

// faults renders the faults of a text, one on each line.
func faults(d *patchlint.Document) string {
	var b strings.Builder
	for _, f := range d.Faults() {
		line, column := d.Position(f.Span.Start)
		fmt.Fprintf(&b, "%d:%d+%d %s %s %s %s\n", line, column, f.Span.Len(), f.Severity, f.Rule, f.Pointer, f.Message)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// TestKindNames checks that even an invalid kind has a name.
func TestKindNames(t *testing.T) {
	for n := range 256 {
		if patchlint.Kind(n).String() == "" || patchlint.Severity(n).String() == "" {
			t.Errorf("%d has no name", n)
		}
	}
}

func TestFaults(t *testing.T) {
	for _, test := range []struct {
		name, src, want string
		dialect         patchlint.Dialect
	}{
		{name: "nothing wrong", src: `{"a":[1,-0.5e+3,"é\u00e9\ud83d\ude00",true,false,null,{},[]]}`},
		{name: "scalar root", src: " 1 "},
		{name: "empty", src: "", want: `1:1+0 error json-syntax  the text is empty; a payload is one JSON object`},
		{name: "white space only", src: " \r\n\t", want: `2:2+0 error json-syntax  the text is empty; a payload is one JSON object`},
		{name: "byte order mark", src: "\ufeff{}", want: `1:1+3 warning json-encoding  the text starts with a byte order mark, which RFC 8259 forbids in JSON that is sent; save the file as UTF-8 without one`},
		{name: "column after a byte order mark", src: "\ufeff{,}", want: `1:1+3 warning json-encoding  the text starts with a byte order mark, which RFC 8259 forbids in JSON that is sent; save the file as UTF-8 without one
1:2+1 error json-syntax  expected a member name in double quotes, found ","`},
		{name: "UTF-16 with a mark", src: "\xff\xfe{\x00}\x00", want: `1:1+2 error json-encoding  the file is UTF-16 (little endian); Graph accepts only UTF-8 (in Windows PowerShell, write it with Set-Content -Encoding utf8, not with ">")`},
		{name: "UTF-16 without a mark", src: "\x00{\x00}", want: `1:1+2 error json-encoding  the file is UTF-16 (big endian); Graph accepts only UTF-8 (in Windows PowerShell, write it with Set-Content -Encoding utf8, not with ">")`},
		{name: "a character cut off", src: "{\"a\":\"\xf0\x9f\x98\"}", want: `1:7+3 error json-encoding /a the bytes 0xf0 0x9f 0x98 are not UTF-8; save the file as UTF-8`},
		{name: "invalid UTF-8", src: "{\"a\":[0,\"x\xe9\"]}", want: `1:11+1 error json-encoding /a/1 the byte 0xe9 is not UTF-8; save the file as UTF-8`},
		{name: "lone surrogate", src: `{"a":"\ud83d"}`, want: `1:7+6 error json-encoding /a \ud83d is only half of a surrogate pair; write both halves or the character itself`},
		{name: "low surrogate first", src: `["\ude00\ud83d\ude00"]`, want: `1:3+6 error json-encoding /0 \ude00 is only half of a surrogate pair; write both halves or the character itself`},
		{name: "no digit before the decimal point", src: `{"a":.5}`, want: `1:6+1 error json-syntax /a a number starts with a digit or a minus sign, not "."`},
		{name: "ellipsis", src: `[...]`, want: `1:2+1 error json-syntax /0 expected a JSON value, found "."`},
		{name: "two values", src: "{}\n{}", want: `2:1+1 error json-syntax  a second value after the end of the payload; put each value in its own file, or on its own line of an .ndjson file`},
		{name: "trailing bracket", src: "{}}", want: `1:3+1 error json-syntax  "}" after the end of the payload`},
		{name: "duplicate", src: `{"a":{"b":1,"b":2}}`, want: `1:13+3 error json-duplicate-name /a/b the name "b" occurs twice in this object, and parsers differ in which value they use; keep one`},
		{name: "duplicate under an escape", src: `{"ab":1,"\u0061b":2}`, want: `1:9+9 error json-duplicate-name /ab the name "\u0061b" occurs twice in this object, and parsers differ in which value they use; keep one`},
		{name: "comment in JSON", src: "{ // c\n\"a\":1}", want: `1:3+4 error json-syntax  JSON does not allow comments; remove this one, or use a .jsonc file`},
		{name: "trailing comma in JSON", src: `[1,]`, want: `1:3+1 error json-syntax /1 trailing comma before ']'; JSON does not allow it`},
		{name: "comments and trailing commas in JSONC", src: "// a\n{/* b */\"a\":[1,/**/],}//", dialect: patchlint.JSONC},
		{name: "nothing but a comment", src: "// c", want: "1:1+4 error json-syntax  JSON does not allow comments; remove this one, or use a .jsonc file"},
		{name: "unclosed comment", src: "{/* b }", want: `1:2+2 error json-syntax  the comment is not closed; expected "*/"`},
		{name: "invisible characters", src: "{\u00a0\u00a0\"a\"\u200b:\u2003true\u00a0,\"b\":[1\ufeff]}\u2028", want: `1:2+4 error json-syntax  the invisible character U+00A0 is not white space in JSON; replace it with a space
1:9+3 error json-syntax  the invisible character U+200B is not white space in JSON; replace it with a space
1:13+3 error json-syntax  the invisible character U+2003 is not white space in JSON; replace it with a space
1:20+2 error json-syntax  the invisible character U+00A0 is not white space in JSON; replace it with a space
1:29+3 error json-syntax /b/1 the invisible character U+FEFF is not white space in JSON; replace it with a space
1:34+3 error json-syntax  the invisible character U+2028 is not white space in JSON; replace it with a space`},
		{name: "typographic quotes", src: "{“a”:1}", want: `1:2+3 error json-syntax  JSON strings must be in straight double quotes ("), but this quotation mark is typographic (“, U+201C); retype both`},
		{name: "typographic value", src: "{\"a\":«b»}", want: `1:6+2 error json-syntax /a JSON strings must be in straight double quotes ("), but this quotation mark is typographic («, U+00AB); retype both`},
		{name: "UTF-32 with a mark", src: "\xff\xfe\x00\x00{\x00\x00\x00", want: `1:1+2 error json-encoding  the file is UTF-32 (little endian); Graph accepts only UTF-8 (in Windows PowerShell, write it with Set-Content -Encoding utf8, not with ">")`},
		{name: "UTF-32 without a mark", src: "\x00\x00\x00{\x00\x00\x00}", want: `1:1+2 error json-encoding  the file is UTF-32 (big endian); Graph accepts only UTF-8 (in Windows PowerShell, write it with Set-Content -Encoding utf8, not with ">")`},
		{name: "two commas", src: `{"a":1,,}`, want: `1:8+1 error json-syntax  expected a member name in double quotes, found ","`},
		{name: "missing comma", src: `{"a":1 "b":2}`, want: `1:8+3 error json-syntax  expected "," before the member "b"`},
		{name: "missing colon", src: `{"a" 1}`, want: `1:6+1 error json-syntax  expected ":" after the member name "a", found "1"`},
		{name: "wrong bracket", src: `{"a":[1}`, want: `1:8+1 error json-syntax /a/1 expected "," or "]", found "}"`},
		{name: "end inside", src: `{"a":[`, want: `1:7+0 error json-syntax /a/0 the text ends inside an array; expected "]"`},
		{name: "end after the colon", src: `{"a":`, want: `1:6+0 error json-syntax  the text ends inside an object; expected "}"`},
		{name: "end inside a string", src: `{"a":"x`, want: `1:6+1 error json-syntax /a the string is not closed before the end of the text`},
		{name: "line break in a string", src: "{\"a\":\"x\n\"}", want: `1:6+2 error json-syntax /a the string is not closed on its line; close it with a quotation mark, or write \n for a line break`},
		{name: "control character", src: "[\"\x01\"]", want: `1:3+1 error json-syntax /0 the control character U+0001 must be escaped in a string, as \u0001`},
		{name: "bad escape", src: `["C:\temp\x"]`, want: `1:10+2 error json-syntax /0 \x is not a JSON escape sequence; write \\ for a backslash`},
		{name: "continued line", src: "[\"a\\\nb\"]", want: `1:4+1 error json-syntax /0 a backslash at the end of a line does not continue the string; write \n for a line break`},
		{name: "bad unicode escape", src: `["\u12g4"]`, want: `1:3+6 error json-syntax /0 \u12g4 is not a JSON escape sequence; write \\ for a backslash`},
		{name: "single quotes", src: `{'a':1}`, want: `1:2+1 error json-syntax  JSON names must be in double quotes, not single quotes`},
		{name: "bare name", src: `{abc:1}`, want: `1:2+3 error json-syntax  JSON names must be in double quotes; write "abc"`},
		{name: "bare text", src: `{"a":abc}`, want: `1:6+3 error json-syntax /a text must be in double quotes; write "abc"`},
		{name: "Python", src: `{"a":True}`, want: `1:6+4 error json-syntax /a True is not a JSON value; write true`},
		{name: "start of a literal", src: `{"a":tru}`, want: `1:6+3 error json-syntax /a tru is not a JSON value; write true`},
		{name: "NaN", src: `[NaN]`, want: `1:2+3 error json-syntax /0 NaN is not a JSON value`},
		{name: "leading zero", src: `[01]`, want: `1:2+2 error json-syntax /0 01 is not a number: a number must not have a leading zero`},
		{name: "no fraction", src: `[1.]`, want: `1:2+2 error json-syntax /0 1. is not a number: a number needs a digit after the decimal point`},
		{name: "no exponent", src: `[1e]`, want: `1:2+2 error json-syntax /0 1e is not a number: a number needs a digit in its exponent`},
		{name: "only a minus", src: `[-]`, want: `1:2+1 error json-syntax /0 - is not a number: a number needs a digit after the minus sign`},
		{name: "plus", src: `[+1]`, want: `1:2+1 error json-syntax /0 a number starts with a digit or a minus sign, not "+"`},
		{name: "date without quotes", src: `[2024-01-01T00:00:00Z]`, want: `1:2+20 error json-syntax /0 2024-01-01T00:00:00Z is not a number: text must be in double quotes`},
		{name: "literal with a tail", src: `[nullx]`, want: `1:2+5 error json-syntax /0 text must be in double quotes; write "nullx"`},
		{name: "terminal escape", src: "[\x1b]", want: `1:2+1 error json-syntax /0 expected a JSON value, found "\u001b"`},
		{name: "deepest", src: strings.Repeat("[", 1000) + strings.Repeat("]", 1000)},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, err := patchlint.Parse([]byte(test.src), test.dialect)
			if diff := cmp.Diff(test.want, faults(d)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			wellFormed := !strings.Contains(test.want, "json-syntax") && !strings.Contains(test.want, "the file is UTF-")
			if (err == nil) != wellFormed {
				t.Errorf("error %v, want well-formed %v", err, wellFormed)
			}
		})
	}
}

func TestNestingLimit(t *testing.T) {
	for _, levels := range []int{1001, 100_000} {
		d, err := patchlint.Parse([]byte(strings.Repeat(`{"a":`, levels)), patchlint.JSON)
		if err == nil || len(d.Faults()) != 1 || d.Faults()[0].Rule != "json-limit" {
			t.Errorf("%d levels: %v", levels, faults(d))
		}
	}
}

func TestNameLimit(t *testing.T) {
	name := strings.Repeat("n", 1<<16-3)
	if d, err := patchlint.Parse([]byte(`{"`+name+`":1}`), patchlint.JSON); err != nil || d.Root().Member(name).Kind() != patchlint.Number {
		t.Errorf("a name of %d bytes is not read: %v", len(name), err)
	}
	d, err := patchlint.Parse([]byte(`{"a":{"`+name+`n":1}}`), patchlint.JSON)
	if diff := cmp.Diff("1:7+65536 error json-limit /a the member name is longer than the limit of 65533 bytes", faults(d)); diff != "" || err == nil {
		t.Errorf("error %v, faults (-want +got):\n%s", err, diff)
	}
}

func TestFaultLimit(t *testing.T) {
	d, err := patchlint.Parse([]byte("["+strings.Repeat("\"\xff\",", 5000)+"0]"), patchlint.JSON)
	if err == nil || len(d.Faults()) != 1001 {
		t.Errorf("%d faults, error %v", len(d.Faults()), err)
	}
}

func TestManyNames(t *testing.T) {
	var b strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&b, `"n%d":1,`, i)
	}
	d, _ := patchlint.Parse([]byte("{"+b.String()+`"n7":2}`), patchlint.JSON)
	if got := d.Faults(); len(got) != 1 || got[0].Pointer != "/n7" {
		t.Errorf("%v", faults(d))
	}
	if got := string(d.Find("/n7").Raw()); got != "2" {
		t.Errorf("Find takes %s, want the last", got)
	}
}

func TestPositions(t *testing.T) {
	d, err := patchlint.Parse([]byte("{\r\n  \"k\": \"é😀\", \"a/b~c\": [1]\r\n}"), patchlint.JSON)
	if err != nil {
		t.Fatal(err)
	}
	n := d.Find("/a~1b~0c/0")
	if line, column := d.Position(n.Span().Start); line != 2 || column != 28 {
		t.Errorf("byte position %d:%d, want 2:28", line, column)
	}
	if line, column := d.PositionUTF16(n.Span().Start); line != 2 || column != 25 {
		t.Errorf("UTF-16 position %d:%d, want 2:25", line, column)
	}
	if got, want := n.Pointer(), patchlint.Pointer("/a~1b~0c/0"); got != want {
		t.Errorf("pointer %q, want %q", got, want)
	}
	memo := lazy.MemoOf(d)
	memo.Offset, memo.Lines = 100, 7
	if line, column := d.Position(n.Span().Start); line != 9 || column != 28 {
		t.Errorf("position in the file %d:%d, want 9:28", line, column)
	}
	if got, want := span.InFile(d, n.Span()), (patchlint.Span{Start: 130, End: 131}); got != want {
		t.Errorf("span in the file %v, want %v", got, want)
	}
	if err := d.Parse([]byte("1"), patchlint.JSON, 0, 0); err != nil || memo.Offset != 0 || memo.Lines != 0 {
		t.Errorf("another text starts at byte %d, line %d, error %v", memo.Offset, memo.Lines, err)
	}
}

func TestRemoval(t *testing.T) {
	for _, test := range []struct{ src, pointer, want string }{
		{`{"a":1}`, "/a", `{}`},
		{`{"a":1, "b":2, "c":3}`, "/a", `{"b":2, "c":3}`},
		{`{"a":1, "b":2, "c":3}`, "/b", `{"a":1, "c":3}`},
		{`{"a":1, "b":2, "c":3}`, "/c", `{"a":1, "b":2}`},
		{`[1, 2]`, "/0", `[2]`},
		{"{\"a\":1, // one, two\n\"b\":2}", "/a", "{ // one, two\n\"b\":2}"},
		{`{"a":1,}`, "/a", `{}`},
		{`[1 /* , */ , ]`, "/0", `[ /* , */  ]`},
		{"{\"a\":1 /* , */, \"b\":2}", "/b", "{\"a\":1 /* , */ }"},
	} {
		d, err := patchlint.Parse([]byte(test.src), patchlint.JSONC)
		if err != nil {
			t.Fatal(err)
		}
		got := test.src
		edits := fixes.Removal(d.Find(patchlint.Pointer(test.pointer)))
		for i := len(edits) - 1; i >= 0; i-- {
			got = got[:edits[i].Span.Start] + edits[i].NewText + got[edits[i].Span.End:]
		}
		if got != test.want {
			t.Errorf("%s without %s: %q, want %q", test.src, test.pointer, got, test.want)
		}
	}
}

func TestZeroNode(t *testing.T) {
	var n patchlint.Node
	n.Children()(func(patchlint.Node) bool { t.Error("a child"); return false })
	if n.Exists() || n.Kind() != 0 || n.Name() != "" || n.Text() != "" || n.Value() != nil || n.Len() != 0 ||
		n.Member("a").Exists() || n.Parent().Exists() || n.Pointer() != "" || n.Raw() != nil {
		t.Error("the zero Node is not absent in every way")
	}
}

// TestPlacesOutside checks that offsets before or after the text have the position of its
// start or end.
func TestPlacesOutside(t *testing.T) {
	for _, src := range []string{"", "{}\n{}", "\ufeff{}"} {
		doc := patchlint.Unparsed([]byte(src))
		for outside, inside := range map[int]int{-5: 0, -1 << 30: 0, len(src) + 1: len(src), 1 << 30: len(src)} {
			for _, position := range []func(int) (int, int){doc.Position, doc.PositionUTF16} {
				line, column := position(outside)
				if wantLine, wantColumn := position(inside); line != wantLine || column != wantColumn {
					t.Errorf("%q at %d: %d:%d, want %d:%d", src, outside, line, column, wantLine, wantColumn)
				}
			}
		}
	}
}

// TestAt checks that At returns the innermost value whose text or name contains the
// offset.
func TestAt(t *testing.T) {
	for _, src := range []string{`{"a": [1, {"b": "x", "": {}}, []], "c": {"d": null} , "e":2}`, ` [] `, `7`, ``, `{"a": [1, {"b"`} {
		doc, _ := patchlint.Parse([]byte(src), patchlint.JSON)
		for offset := -1; offset <= len(src); offset++ {
			want := patchlint.Node{}
			for n := range doc.Root().All() { // inner values come after the values that contain them
				start := n.Span().Start
				if n.Key().Len() > 0 {
					start = n.Key().Start
				}
				if start <= offset && offset < n.Span().End {
					want = n
				}
			}
			if got := doc.At(offset); got != want {
				t.Errorf("%s at %d: %s, want %s", src, offset, got.Pointer(), want.Pointer())
			}
		}
	}
}

func TestTokens(t *testing.T) {
	for _, test := range []struct {
		pointer patchlint.Pointer
		want    []string
	}{
		{"/a~1b/0/c", []string{"a/b", "0", "c"}},
		{"/a", []string{"a"}},
		{"/~01/", []string{"~1", ""}},
		{"", nil},
		{"xdisplayName", nil},
	} {
		if got := slices.Collect(test.pointer.Tokens()); !slices.Equal(got, test.want) {
			t.Errorf("%q: %q, want %q", test.pointer, got, test.want)
		}
	}
}

// FuzzParse checks the laws of Parse: it accepts exactly the texts that encoding/json
// accepts, the span of every value is inside that of its parent, and Find returns every
// value for its pointer.
func FuzzParse(f *testing.F) {
	for _, src := range seeds(f) {
		f.Add(src)
	}
	f.Add([]byte(`{"a":1,"a":{"b":[]},"\u0061":"\ud800"}`))
	f.Fuzz(func(t *testing.T, src []byte) {
		d, err := patchlint.Parse(src, patchlint.JSON)
		limited := false
		for _, fault := range d.Faults() {
			if fault.Span.Start < 0 || fault.Span.End < fault.Span.Start || fault.Span.End > len(src) || fault.Message == "" {
				t.Fatalf("fault out of range: %+v", fault)
			}
			limited = limited || fault.Rule == "json-limit"
		}
		if valid := json.Valid(bytes.TrimPrefix(src, []byte("\ufeff"))); valid != (err == nil) && !limited {
			t.Fatalf("json.Valid says %v, Parse says %v", valid, err)
		}
		check(t, d.Root(), patchlint.Span{Start: 0, End: len(src)}, len(d.Faults()) > 0)
		if all, want := slices.Collect(d.Root().All()), preorder(d.Root(), nil); !slices.Equal(all, want) {
			t.Fatalf("All yields %d values, want %d", len(all), len(want))
		}
		lenient, err2 := patchlint.Parse(src, patchlint.JSONC)
		if err == nil && err2 != nil {
			t.Fatalf("JSON but not JSONC: %v", err2)
		}
		if err == nil && !limited {
			if diff := cmp.Diff(d.Root().Value(), lenient.Root().Value()); diff != "" {
				t.Fatalf("JSON and JSONC differ:\n%s", diff)
			}
		}
		if again, _ := patchlint.Parse(src, patchlint.JSON); faults(again) != faults(d) {
			t.Fatal("two runs differ")
		}
	})
}

func check(t *testing.T, n patchlint.Node, within patchlint.Span, faulty bool) {
	if !n.Exists() {
		return
	}
	span := n.Span()
	if span.Start < within.Start || span.End > within.End || span.End < span.Start {
		t.Fatalf("%q at %v is outside %v", n.Pointer(), span, within)
	}
	if found := n.Document().Find(n.Pointer()); found != n && !faulty {
		t.Fatalf("%q is not found under its pointer", n.Pointer())
	}
	count := 0
	for child := range n.Children() {
		count++
		if child.Parent() != n {
			t.Fatalf("%q has another parent", child.Pointer())
		}
		check(t, child, span, faulty)
	}
	if n.Empty() != (count == 0) || count != n.Len() {
		t.Fatalf("%q has %d children and says %d", n.Pointer(), count, n.Len())
	}
}

// preorder appends a value and all its descendants.
func preorder(n patchlint.Node, list []patchlint.Node) []patchlint.Node {
	if !n.Exists() {
		return list
	}
	list = append(list, n)
	for child := range n.Children() {
		list = preorder(child, list)
	}
	return list
}

// seeds returns the payloads of testdata.
func seeds(t testing.TB) [][]byte {
	var all [][]byte
	err := filepath.WalkDir("testdata/payload", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		src, err := os.ReadFile(path)
		all = append(all, src)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestClean checks that a text has faults exactly if it violates RFC 8259 or its advice
// on names (section 4) and characters (section 8).
func TestClean(t *testing.T) {
	for _, src := range []string{
		`{}`, `[]`, ` [ ] `, `{"a":1}`, "\t{ \"a\" : [ 1 , -2.5e+3 , true , false , null , \"\" ] }\r\n", `"text"`, ` 12 `, `true`, `null`,
		`{"a": "long enough for eight bytes at a time, and more", "b": "é and 😀", "c": "\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00"}`,
		`{"a": {"b": {"c": [[[{}]]]}}, "` + "\x7f" + `": 0}`, `{"": 1, "b": 2}`, `{"aa": 1, "ab": 2, "ba": 3, "bb": 4}`,
	} {
		doc, err := patchlint.Parse([]byte(src), patchlint.JSON)
		if err != nil || len(doc.Faults()) > 0 || !doc.Whole() || !json.Valid([]byte(src)) {
			t.Errorf("%q: %v, %v", src, err, doc.Faults())
		}
	}
	for _, src := range []string{
		``, ` `, `{`, `[1,]`, `{"a":1,}`, `{"a":1 "b":2}`, `{"a"}`, `{a:1}`, `{'a':1}`, `[1 2]`, `[01]`, `[1.]`, `[-]`, `[+1]`, `[1e]`, `tru`, `truex`, `nul`, `1 2`,
		`{"a":1,"a":2}`, `{"a":1,"\u0061":2}`, `// no` + "\n{}", `{} /* no */`, "\xef\xbb\xbf{}", "\xff\xfe{\x00", "{\"a\": \"\xff\"}", `"\ud800"`, `"\x"`, "\"\x01\"", "\"a\nb\"", `"open`, `}`, `[}`, `{]`,
		`{"a":[1,{"b":2,}],"c":[3,],}`, `{"a":1 /* b */, "c":[2, // d` + "\n" + `]}`, `{"a":1,"b":`, `{"a":[1,2`, `[1,[2,x],3]`, `{"a":{"b":1,"b":2},"c":{"d":1`, `[1,"\ud800",2,]`, `1 /* a */`, `[] x`,
	} {
		if doc, _ := patchlint.Parse([]byte(src), patchlint.JSON); len(doc.Faults()) == 0 {
			t.Errorf("%q has no faults", src)
		}
	}
}
