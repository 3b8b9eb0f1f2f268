package baseline

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

const oneRecord = `{"file":"a.json","rule":"guid","pointer":"/a","message":"m","fingerprint":"0123456789abcdef0123456789abcdef"}`

func TestReadBaseline(t *testing.T) {
	file := filepath.Join(t.TempDir(), "known.json")
	read := func(text string) (b *Baseline, place string, err error) {
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		b, err = Read(file)
		_, place, _ = strings.Cut(fmt.Sprint(err), file)
		place, _, _ = strings.Cut(place, ": this")
		return b, strings.TrimPrefix(place, ":"), err
	}
	head := `{"version":1,"findings":[`
	for text, want := range map[string]string{
		"": "", "{": "", "x": "1:1", "[]": "", "null": "", "{}": "", `{"version":2,"findings":[]}`: "", `{"version":"1","findings":[]}`: "",
		`{"version":1,"findings":{}}`: "", `{"version":1e0,"findings":[]}x`: "", head + "]} {}": "", `{"version":1}`: "", head + `],"more":1}`: "", head + "],}": "1:28",
		head + oneRecord + ",,]}": "1:136", head + "1]}": "", head + "null]}": "", head + oneRecord + "\n<<<<<<< HEAD\n" + oneRecord + "]}": "2:1",
		head + strings.Replace(oneRecord, `cdef"}`, `cdeF"}`, 1) + "]}": "", head + strings.Replace(oneRecord, `cdef"}`, `cdef0"}`, 1) + "]}": "",
		"\ufeff" + head + "]}": "1:1",
	} {
		if _, got, err := read(text); got != want || err == nil {
			t.Errorf("%.60q:\n got %s\nwant %s: %v", text, got, want, err)
		}
	}
	for _, text := range []string{head + "]}", head + oneRecord + "]}\r\n", " " + head + oneRecord + "," + oneRecord + "]\n}\n"} {
		if b, _, err := read(text); err != nil || len(b.Findings) != strings.Count(text, "guid") {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := Read(t.TempDir()); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a directory: %v", err)
	}
}

// TestHostileBaseline checks that a baseline takes memory in proportion
// to its size, whatever its content.
func TestHostileBaseline(t *testing.T) {
	const size = 256 << 10
	head := `{"version":1,"findings":[`
	for name, text := range map[string]string{
		"records": head + strings.TrimSuffix(strings.Repeat(oneRecord+",", size/len(oneRecord)), ",") + "]}",
		"numbers": head + strings.Repeat("0,", size/2), "arrays": head + strings.Repeat("[", size), "objects": head + strings.Repeat(`{"a":`, size/5), "large record": head + `{"file":"` + strings.Repeat("a", size) + `"}]}`, "record of arrays": head + `{"file":` + strings.Repeat("[", size),
		"names": head + "{" + strings.Repeat(`"file":"a",`, size/11), "string": head + `{"file":"` + strings.Repeat("a", size), "spaces": strings.Repeat(" ", size), "lines": head + strings.Repeat("\n", size),
		"version": `{"version":` + strings.Repeat("1", size), "escapes": head + `{"file":"` + strings.Repeat(`\u0041`, size/6) + `"}]}`, "members": head + strings.Repeat("{"+strings.Repeat(`"a":0,`, size/6/4)+`"b":1},`, 4) + "0]}",
	} {
		file := filepath.Join(t.TempDir(), "known.json")
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := Read(file)
		runtime.ReadMemStats(&after)
		if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 64*size {
			t.Errorf("%s: %d MiB", name, allocated>>20)
		}
		if (err == nil) != (name == "records") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWriteBaseline checks that Write escapes characters that are not graphic, and
// sorts the entries, and that Read returns the same entries.
func TestWriteBaseline(t *testing.T) {
	const text = "é漢😀 \x00\x1b[2J\x7f\u0085\u009b \u061c\u200b\u200e\u200f\u202a\u202e\u2028\u2066\u2069\ufeff\ufff9\U000e0041\U000f0000\n\r\t\"\\<>&"
	print := strings.Repeat("0", 32)
	b := New(filepath.Join(t.TempDir(), "known.json"))
	b.Findings = []entry{{"b" + text, "guid", "/b", text, print}, {"a", text, "/a" + text, "m", print}}
	if _, err := b.Write(nil); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(b.Name)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range string(written) {
		if r != '\n' && (r < ' ' || r > '~') && !strings.ContainsRune("é漢😀", r) {
			t.Errorf("%U is not escaped", r)
		}
	}
	again, err := Read(b.Name)
	if err != nil || !slices.Equal(again.Findings, b.Findings) || again.Findings[0].File != "a" {
		t.Errorf("%v: %q", err, again.Findings)
	}
}
