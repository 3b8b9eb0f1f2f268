package lsp_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/command"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/validate"
)

// said is a finding as both the command and the server report it.
type said struct {
	File           string
	Start, End     int // offsets
	Rule, Severity string
	Message        string
	Related        []string
}

// TestSameAsLint checks over the corpus that the server reports the same about open
// documents as the command about their files in a walk through the folder. It uses a
// sample that has every rule and every kind of file, and everything with
// PATCHLINT_EXHAUSTIVE=1.
func TestSameAsLint(t *testing.T) {
	files, compared := 0, 0
	missing := make(map[string]bool) // rules, and kinds of files, that were not compared yet
	for _, r := range validate.Rules() {
		missing[r.ID] = r.ID != "unknown-type" // in a walk such a file is skipped
	}
	for _, kind := range []string{".json", ".jsonc", ".ndjson", ".http"} {
		missing[kind] = true
	}
	for name, payloads := range corpora(t) {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range payloads {
				write(t, filepath.Join(dir, name), text)
			}
			t.Chdir(dir)
			var out, errs bytes.Buffer
			walk := command.Lint{Common: command.Common{MaxBytes: 64 << 20, Color: "never", Quiet: true}, Formats: []command.Format{"json"}, FailOn: patchlint.Error, Jobs: 2}
			if err := walk.Run(nil, command.Streams{In: strings.NewReader(""), Out: &out, Err: &errs}); err != nil && !errors.As(err, new(command.Exit)) {
				return // the settings name a file that the script writes; TestSettings checks what the server says
			}
			var report struct {
				Findings []struct {
					File, Rule, Severity, Message string
					Offset, EndOffset             int
					Related                       []struct{ Message string }
				}
				Summary struct{ Failures []string }
			}
			if err := json.Unmarshal(out.Bytes(), &report); err != nil {
				t.Fatalf("%v: %s%s", err, &out, &errs)
			}
			if len(report.Summary.Failures) > 0 {
				return // the command says why, and so does the server, which TestSettings checks
			}
			texts := make(map[string]string)
			_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
				if _, walked := input.ForName(path); err == nil && walked && d.Type().IsRegular() {
					if text, err := os.ReadFile(path); err == nil && utf8.Valid(text) { // editors send no other text
						relative, _ := filepath.Rel(dir, path)
						texts[filepath.ToSlash(relative)] = string(text)
					}
				}
				return nil
			})
			var want []said
			for _, f := range report.Findings {
				if _, sent := texts[f.File]; !sent {
					continue
				}
				one := said{f.File, f.Offset, f.EndOffset, f.Rule, f.Severity, f.Message, nil}
				for _, r := range f.Related {
					one.Related = append(one.Related, r.Message)
				}
				want = append(want, one)
				delete(missing, f.Rule)
				delete(missing, filepath.Ext(f.File))
			}
			c := start(t, "utf-8", dir)
			for file, text := range texts {
				c.open(uri(filepath.Join(dir, file)), "json", text)
			}
			order := func(a, b said) int {
				return cmp.Or(cmp.Compare(a.File, b.File), a.Start-b.Start, a.End-b.End, cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Message, b.Message))
			}
			slices.SortFunc(want, order)
			files += len(texts)
			compared += len(want)
			shown := func() (got []said) {
				for file, text := range texts {
					for _, d := range c.found(uri(filepath.Join(dir, file)), 1).Diagnostics {
						one := said{file, offsetOf(text, d.Range.Start), offsetOf(text, d.Range.End), d.Code, []string{"", "error", "warning", "info"}[d.Severity], d.Message, nil}
						for _, r := range d.RelatedInformation {
							one.Related = append(one.Related, r.Message)
						}
						got = append(got, one)
					}
				}
				slices.SortFunc(got, order)
				return got
			}
			// The contradiction is reported in the other file once both are checked.
			got := shown()
			for deadline := time.Now().Add(5 * time.Second); !gocmp.Equal(want, got) && time.Now().Before(deadline); got = shown() {
				time.Sleep(10 * time.Millisecond)
			}
			if diff := gocmp.Diff(want, got); diff != "" {
				t.Errorf("(-lint +lsp):\n%s", diff)
			}
		})
	}
	if least := corpus.Size(200, 1000); files < least || compared < least {
		t.Errorf("only %d findings in %d files were compared", compared, files)
	}
	for what, is := range missing {
		if is {
			t.Errorf("nothing was compared for %s", what)
		}
	}
}

// offsetOf returns the offset of a position in UTF-8 units. It counts in another way than
// the server.
func offsetOf(text string, p pos) int {
	lines := strings.SplitAfter(strings.NewReplacer("\r\n", "\r\n\x00", "\r", "\r\x00", "\n", "\n\x00").Replace(text), "\x00")
	n := 0
	for _, line := range lines[:p.Line] {
		n += len(strings.TrimSuffix(line, "\x00"))
	}
	return n + p.Character
}

// sampled are the scripts of a sample: those with other kinds of files, and with
// settings that rules depend on.
var sampled = []string{"script/environments.txtar", "script/lint-config.txtar", "script/lint-http.txtar", "script/lint-several.txtar", "script/lint-team-schema.txtar"}

// corpora returns directories of payloads as texts by the names of their files: one with
// those of the rules and types, and one for each script. A sample has the first payloads
// of each rule and type, and the scripts in sampled.
func corpora(t *testing.T) map[string]map[string]string {
	plain := make(map[string]string)
	list := map[string]map[string]string{"rules and types": plain, "limit": {
		".patchlint.yaml": "types: [{files: '**', type: complianceManagementPartner}]\n",
		"deep.json":       strings.Repeat("[", 1001),
	}}
	names, err := filepath.Glob("../../testdata/payload/*/*")
	if err != nil || len(names) == 0 {
		t.Fatal("there are no payloads")
	}
	for i, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if i%corpus.Size(20, 1) == 0 {
			plain[strings.TrimPrefix(filepath.ToSlash(name), "../../testdata/")] = string(text)
		}
	}
	archives, err := filepath.Glob("../../testdata/*/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("there are no archives")
	}
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		name = strings.TrimPrefix(filepath.ToSlash(name), "../../testdata/")
		all, first := make(map[string]string), make(map[string]string)
		for _, f := range archive.Files {
			if !filepath.IsLocal(f.Name) || f.Name == "long.http" && !corpus.Exhaustive() { // which uses up the limits
				continue
			}
			text := string(bytes.TrimSuffix(f.Data, []byte("\n")))
			all[f.Name] = text
			if _, payload := input.ForName(f.Name); payload && len(first) < corpus.Size(4, len(archive.Files)) {
				first[name+"/"+f.Name] = text
			}
		}
		switch {
		case !strings.HasPrefix(name, "script/"):
			maps.Copy(plain, first)
		case corpus.Exhaustive() || slices.Contains(sampled, name):
			list[name] = all
		}
	}
	return list
}
