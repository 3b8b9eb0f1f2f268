package main

import (
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/schema/conform"
)

var update = flag.Bool("update", false, "rewrite the expectations in the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"patchlint": main})
}

// TestScripts holds the behaviour of the command: testdata/script/*.txtar.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "../../testdata/script",
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			root, err := filepath.Abs("../..")
			if err != nil {
				return err
			}
			env.Setenv("PAYLOADS", filepath.Join(root, "testdata", "payload"))
			env.Values["graph"] = new(standIn)
			env.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
			env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits, "bytes": writeBytes, "repeat": repeat, "conforms": conforms, "document": document, "machine": machine,
			"graph": graph, "recipe": recipe,
		},
	})
}

// exits CODE COMMAND ... runs a command and holds its exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARGUMENT ...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if err != nil {
		if _, scanErr := fmt.Sscanf(err.Error(), "exit status %d", &got); scanErr != nil {
			ts.Fatalf("%v", err)
		}
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// bytes FILE TEXT writes a file with the escapes of a Go string read.
func writeBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: bytes FILE TEXT")
	}
	text, err := strconv.Unquote(`"` + strings.ReplaceAll(args[1], `"`, `\"`) + `"`)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o666))
}

// repeat FILE TEXT COUNT writes a file that holds a text many times.
func repeat(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: repeat FILE TEXT COUNT")
	}
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Repeat(args[1], n)), 0o666))
}

// conforms FILE [plan] holds a json report against its published schema.
func conforms(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: conforms FILE [plan]")
	}
	text := report.Schema()
	if len(args) > 1 {
		text = report.PlanSchema()
	}
	s, err := conform.Compile(text)
	ts.Check(err)
	value, err := decode(ts.ReadFile(args[0]))
	ts.Check(err)
	ts.Check(s.Validate(value))
}

// document FORMAT FILE holds that a file is one whole report in a format.
func document(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: document FORMAT FILE")
	}
	text := ts.ReadFile(args[1])
	switch args[0] {
	case "json", "sarif", "gitlab", "rdjson":
		if !strings.HasSuffix(text, "\n") || !json.Valid([]byte(text)) {
			ts.Fatalf("no JSON document: %s", text)
		}
	case "junit":
		decoder := xml.NewDecoder(strings.NewReader(text))
		elements := 0
		for {
			token, err := decoder.Token()
			if err == io.EOF {
				break
			}
			ts.Check(err)
			if _, ok := token.(xml.StartElement); ok {
				elements++
			}
		}
		if elements == 0 {
			ts.Fatalf("no XML document: %s", text)
		}
	case "github":
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, "::") || !strings.HasSuffix(line, "\n") {
				ts.Fatalf("no command: %s", line)
			}
		}
	default:
		ts.Fatalf("no machine format: %s", args[0])
	}
}

// machine CODE PATTERN ARGUMENT ... runs lint for every machine format, holds its
// exit code, and that standard output is one document in which the pattern is
// found.
func machine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: machine CODE PATTERN ARGUMENT ...")
	}
	pattern := regexp.MustCompile(args[1])
	for _, format := range report.Names() {
		if format == "text" {
			continue
		}
		exits(ts, false, append([]string{args[0], "patchlint", "lint", "--format", format}, args[2:]...))
		document(ts, false, []string{format, "stdout"})
		if out := ts.ReadFile("stdout"); !pattern.MatchString(out) {
			ts.Fatalf("%s: no match for %q in %s", format, args[1], out)
		}
	}
}

// TestEveryFixtureIsStable holds over all payloads that the report is the same
// for one job and for many, run after run, and conforms to its schema.
func TestEveryFixtureIsStable(t *testing.T) {
	var args []string
	err := filepath.WalkDir("../../testdata/payload", func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasSuffix(path, ".want") {
			args = append(args, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := conform.Compile(report.Schema())
	if err != nil {
		t.Fatal(err)
	}
	for _, format := range report.Names() {
		first := ""
		for _, jobs := range []string{"1", "8", "3", "8"} {
			var out, errs strings.Builder
			code := run(append([]string{"lint", "--format", format, "--jobs", jobs}, args...), stdio{strings.NewReader(""), &out, &errs})
			if code != exitFindings {
				t.Fatalf("exit %d: %s", code, errs.String())
			}
			if first == "" {
				first = out.String()
			}
			if out.String() != first {
				t.Errorf("%s differs with --jobs %s", format, jobs)
			}
		}
		if format == "json" {
			value, err := decode(first)
			if err != nil {
				t.Fatal(err)
			}
			if err := s.Validate(value); err != nil {
				t.Errorf("%#v", err)
			}
		}
	}
}
