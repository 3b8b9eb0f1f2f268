package patchlint_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/fixes"
)

// allocated returns how many bytes a function allocates.
func allocated(f func()) int {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int(after.TotalAlloc - before.TotalAlloc)
}

// TestMemory checks that parsing a document, looking up its members and computing
// pointers allocates at most 16 times its size in total. Each text is parsed as JSON and,
// after a comment, as JSONC.
func TestMemory(t *testing.T) {
	const size = 256 << 10
	fill := func(open, element, close string) string {
		if !strings.Contains(element, "%") {
			return open + strings.Repeat(element, size/len(element)+1) + close
		}
		b := append(make([]byte, 0, size+100), open...)
		for i := 0; len(b) < size; i++ {
			b = fmt.Appendf(b, element, i)
		}
		return string(b) + close
	}
	for name, src := range map[string]string{
		"digits":             fill("[", "0,", "0]"),
		"pairs":              fill("[", "[0],", "0]"),
		"empty arrays":       fill("[", "[],", "[]]"),
		"empty objects":      fill("[", "{},", "0]"),
		"empty names":        fill("{", `"":0,`, `"":0}`),
		"names":              fill("{", `"%x":0,`, `"z":0}`),
		"escaped names":      fill("{", `"\u00%[1]x":0,`, `"z":0}`),
		"names in objects":   fill("[", `{"a":0},`, "0]"),
		"texts of brackets":  fill(`["`, "[,{,", `"]`),
		"deep":               fill("[", strings.Repeat("[", 900)+"0,0"+strings.Repeat("]", 900)+",", "0]"),
		"lines":              fill("[", "\n0,", "\n0]"),
		"digits, then names": fill("[", "0,", "") + fill("{", `"%x":0,`, `"z":0}]`),
		"half a text":        fill("[", "0,", `"`),
		"duplicates":         fill("[", `{"a":0,"a":0},`, "0]"),
		"trailing commas":    fill("[", `[0,],`, "0]"),
		"comments":           fill("[", `/**/0,`, "0]"),
		"commented commas":   fill("[0,/*", `[,`, "*/0]"),
		"not JSON":           fill("", "a,", ""),
		"not JSON, quoted":   fill("", "'a',", ""),
		"invisible":          fill("[", "\u200b0,", "0]"),
	} {
		for dialect, src := range map[patchlint.Dialect]string{patchlint.JSON: src, patchlint.JSONC: "/**/" + src} {
			text := []byte(src)
			used := allocated(func() {
				d, _ := patchlint.Parse(text, dialect)
				d.Root().Member("none")
				for _, f := range d.Faults() {
					d.PositionUTF16(f.Span.Start)
					d.Find(f.Pointer).Pointer()
				}
				last := d.At(len(src) - 10)
				last.Pointer()
				fixes.Removal(last)
				d.PositionUTF16(len(src))
			})
			if factor := float64(used) / float64(len(src)); factor > 16 && !raceEnabled {
				t.Errorf("%s, dialect %d: %.1f times its size", name, dialect, factor)
			}
		}
	}
}

// TestMemoryOfFaults checks that the faults together do not hold many pointers that are
// as long as the document.
func TestMemoryOfFaults(t *testing.T) {
	name := strings.Repeat("n", 30_000)
	for inside, n := range map[string]int{`{"a":0,"a":0},`: 5000, `[0,],`: 5000, "\"\xff\",": 5000, "/**/0,": 5000, "\u00a00,": 5000} {
		src := []byte(strings.Repeat(`{"`+name+`":[`, 30) + strings.Repeat(inside, n) + "0" + strings.Repeat("]}", 30))
		var d *patchlint.Document
		used := allocated(func() { d, _ = patchlint.Parse(src, patchlint.JSON) })
		held := 0
		for _, f := range d.Faults() {
			held += len(f.Pointer) + len(f.Message)
		}
		last := d.Faults()[len(d.Faults())-1]
		if used > 16*len(src) && !raceEnabled || held > 4*len(src) || last.Rule != "json-limit" || last.Severity != patchlint.Error {
			t.Errorf("%q: %d bytes, %d held, of a text of %d; last %s", inside, used, held, len(src), last.Rule)
		}
	}
}

// TestLongLists checks that elements, members and their predecessors are found in lists
// of any length.
func TestLongLists(t *testing.T) {
	for _, n := range []int{1, 2, 63, 64, 65, 66, 127, 128, 129, 130, 192, 193, corpus.Size(300, 1000)} {
		var array, object strings.Builder
		for i := range n {
			fmt.Fprintf(&array, ",%d", i)
			fmt.Fprintf(&object, `,"\u006e%d":0,"n%d":%d`, i, i, i)
		}
		d, err := patchlint.Parse([]byte(`{"array":[`+array.String()[1:]+`],"object":{`+object.String()[1:]+`}}`), patchlint.JSON)
		if err != nil {
			t.Fatal(err)
		}
		list, members := d.Root().Member("array"), d.Root().Member("object")
		i := 0
		for element := range list.Children() {
			want := patchlint.Pointer("/array").Append(strconv.Itoa(i))
			if element.Pointer() != want || d.Find(want) != element || string(element.Raw()) != fmt.Sprint(i) {
				t.Errorf("element %d of %d: %s", i, n, element.Pointer())
			}
			if i%60 > 6 {
				i++
				continue
			}
			fixed, err := fixes.ApplyEdits(d.Source(), fixes.Removal(element))
			if again, parseErr := patchlint.Parse(fixed, patchlint.JSON); err != nil || parseErr != nil || again.Root().Member("array").Len() != n-1 {
				t.Errorf("element %d of %d is not removed: %s", i, n, fixed)
			}
			if got := members.Member(fmt.Sprintf("n%d", i)); string(got.Raw()) != fmt.Sprint(i) {
				t.Errorf("member %d of %d is %s", i, n, got.Raw())
			}
			i++
		}
		if d.Find(patchlint.Pointer("/array").Append(strconv.Itoa(n))).Exists() || d.Find(patchlint.Pointer("/array").Append(strconv.Itoa(n+64))).Exists() || d.Find("/array/-1").Exists() || members.Member("none").Exists() {
			t.Errorf("values beyond the %d that exist are found", n)
		}
		if got := len(d.Faults()); got != n {
			t.Errorf("%d duplicates of %d", got, n)
		}
	}
}

// TestLongLines checks that columns are correct on a line of any length.
func TestLongLines(t *testing.T) {
	src := []byte(strings.Repeat("a é 😀 \xff\xe2\x82\x80\x80\x80", 3000) + "\n" + strings.Repeat("é\x80", 9000))
	d, _ := patchlint.Parse(src, patchlint.JSON)
	for at := 0; at <= len(src); at += 311 {
		start := bytes.LastIndexByte(src[:at], '\n') + 1
		column := 1
		for _, r := range string(src[start:at]) {
			column += max(utf16.RuneLen(r), 1)
		}
		wantLine := 1 + bytes.Count(src[:at], []byte("\n"))
		if line, got := d.PositionUTF16(at); line != wantLine || got != column {
			t.Fatalf("byte %d is at %d:%d, want %d:%d", at, line, got, wantLine, column)
		}
	}
}
