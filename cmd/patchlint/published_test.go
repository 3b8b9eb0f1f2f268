package main

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/patchlint/patchlint/internal/corpus"
)

// published is a published payload: a request in the Graph documentation, or an object
// that was exported to a repository.
type published struct{ ID, Version, Method, URL, Type, Body string }

// readPublished reads published payloads.
func readPublished(t *testing.T, name string) (all []published) {
	t.Helper()
	lines := bufio.NewScanner(bytes.NewReader(corpus.Published(t, name)))
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var p published
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			t.Fatal(err)
		}
		p.Version = cmp.Or(p.Version, "beta")
		all = append(all, p)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// verdict is whether an error about a payload is correct.
type verdict struct {
	key    string // id, rule and pointer
	says   string // true, date, uncertain or false
	reason string
}

// verdicts are the lines of a file of testdata/published.
//
//   - true: the service would refuse the payload, or not do what it states
//   - date: the payload was valid for metadata of another date
//   - uncertain: the payload is invalid according to the metadata, but the service may
//     accept it
//   - false: the payload is valid; there must be no such error
type verdicts struct {
	file string
	list []verdict
	seen map[string]bool
}

func readVerdicts(t *testing.T, name string) *verdicts {
	t.Helper()
	v := &verdicts{file: filepath.Join("../../testdata/published", name), seen: make(map[string]bool)}
	text, err := os.ReadFile(v.file)
	if err != nil && !*update {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSuffix(line, "\n"); line == "" || line[0] == '#' {
			continue
		}
		fields := strings.Split(line, "\t")
		if len(fields) != 5 || !slices.Contains([]string{"true", "date", "uncertain", "?"}, fields[3]) || fields[4] == "" {
			t.Fatalf("%s: a line must be an id, a rule, a pointer, true, date or uncertain, and a reason: %q", v.file, line)
		}
		v.list = append(v.list, verdict{strings.Join(fields[:3], "\t"), fields[3], fields[4]})
	}
	return v
}

// of returns the verdict about an error, or "" if the table has none.
func (v *verdicts) of(id, rule, pointer, message string) string {
	key := id + "\t" + rule + "\t" + pointer
	v.seen[key] = true
	i := slices.IndexFunc(v.list, func(o verdict) bool { return o.key == key })
	if i < 0 {
		v.list = append(v.list, verdict{key, "?", message})
		return "?"
	}
	return v.list[i].says
}

// finish reports verdicts about errors that are not found, and with -update
// writes the file.
func (v *verdicts) finish(t *testing.T) {
	t.Helper()
	if *update {
		text := "# id, rule, pointer, verdict, reason; see cmd/patchlint/published_test.go\n"
		v.list = slices.DeleteFunc(v.list, func(o verdict) bool { return !v.seen[o.key] })
		slices.SortFunc(v.list, func(a, b verdict) int { return cmp.Compare(a.key, b.key) })
		for _, o := range v.list {
			text += o.key + "\t" + o.says + "\t" + o.reason + "\n"
		}
		if err := os.WriteFile(v.file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, o := range v.list {
		switch {
		case !v.seen[o.key]:
			t.Errorf("%s: no longer found; its verdict is %s, %s", o.key, o.says, o.reason)
		case o.says == "?":
			t.Errorf("%s: %s: an error without a verdict", o.key, o.reason)
		}
	}
}

// lintPublished returns the errors about a payload in a file, and whether it was
// checked.
func lintPublished(t *testing.T, file, text string, flags ...string) (errors []struct{ Rule, Severity, Pointer, Message string }, checked bool) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	var out, errs strings.Builder
	code := run(append([]string{"lint", "--format", "json", "--skip-unknown", file}, flags...), stdio{strings.NewReader(""), &out, &errs})
	var report struct {
		Findings []struct{ Rule, Severity, Pointer, Message string }
		Summary  struct{ Files int }
	}
	if err := json.Unmarshal([]byte(out.String()), &report); err != nil || code == exitFailed {
		t.Fatalf("exit %d, %v: %s", code, err, errs.String())
	}
	for _, f := range report.Findings {
		if f.Severity == "error" {
			errors = append(errors, f)
		}
	}
	return errors, report.Summary.Files > 0
}

// TestPublishedRequests lints every request in the Graph documentation. At least 85 % of
// the PATCH requests must be checked; a POST may call an action. The documentation is from
// 2021, the facts are from 2026.
func TestPublishedRequests(t *testing.T) {
	requests := readPublished(t, "docs-requests.ndjson.gz")
	v := readVerdicts(t, "docs-requests.tsv")
	all, judged, wrong := make(map[string]int), make(map[string]int), make(map[string]int)
	file := filepath.Join(t.TempDir(), "request.http")
	for _, p := range requests {
		all[p.Method]++
		request := fmt.Sprintf("%s %s\nContent-Type: application/json\n\n%s\n", p.Method, p.URL, p.Body)
		errors, checked := lintPublished(t, file, request, "--api-version", p.Version)
		if !checked {
			if p.Method == "PATCH" {
				t.Logf("not judged: %s %s", p.ID, p.URL)
			}
			continue
		}
		judged[p.Method]++
		for _, f := range errors {
			wrong[v.of(p.ID, f.Rule, f.Pointer, f.Message)]++
		}
	}
	v.finish(t)
	t.Logf("%v of %v requests judged, errors by verdict: %v", judged, all, wrong)
	if judged["PATCH"]*100 < all["PATCH"]*85 {
		t.Errorf("only %d of %d PATCH requests were judged", judged["PATCH"], all["PATCH"])
	}
}

// TestPublishedExports lints objects that people keep in their repositories. At most 10
// % of the files have an error that is not certainly a fault.
func TestPublishedExports(t *testing.T) {
	exports := readPublished(t, "exports.ndjson.gz")
	v := readVerdicts(t, "exports.tsv")
	doubtful, wrong := 0, make(map[string]int)
	file := filepath.Join(t.TempDir(), "export.json")
	for _, p := range exports {
		flags := []string{"--api-version", p.Version}
		var shows struct {
			Type    string `json:"@odata.type"`
			Context string `json:"@odata.context"`
		}
		if json.Unmarshal([]byte(p.Body), &shows) != nil || shows.Type == "" && shows.Context == "" {
			flags = append(flags, "--type", p.Type)
		}
		errors, checked := lintPublished(t, file, p.Body, flags...)
		if !checked {
			t.Errorf("%s: not judged", p.ID)
			continue
		}
		doubt := false
		for _, f := range errors {
			says := v.of(p.ID, f.Rule, f.Pointer, f.Message)
			wrong[says]++
			doubt = doubt || says != "true"
		}
		if doubt {
			doubtful++
		}
	}
	v.finish(t)
	t.Logf("%d exports, %d with an error that is not certainly a fault; errors by verdict: %v", len(exports), doubtful, wrong)
	if doubtful*10 > len(exports) {
		t.Errorf("%d of %d exports have an error that is not certainly a fault", doubtful, len(exports))
	}
}
