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
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/patchlint/patchlint/internal/command"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/schema/conform"
)

const (
	exitClean    = int(command.Clean)
	exitFindings = int(command.Findings)
	exitFailed   = int(command.Failed)
)

var update = flag.Bool("update", false, "rewrite the expectations in the scripts")

func TestMain(m *testing.M) {
	testscript.Main(tests{m}, map[string]func(){"patchlint": main})
}

// tests runs the tests. Its Run is not called in the processes that run patchlint.
type tests struct{ *testing.M }

func (m tests) Run() int {
	debug.SetGCPercent(400) // the tests allocate much and hold little
	return m.M.Run()
}

// TestScripts tests the behavior of the command: testdata/script/*.txtar.
func TestScripts(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(root, "testdata", "script")
	scripts, err := filepath.Glob(filepath.Join(dir, "*.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	var set []string // variables, by any script
	for _, script := range scripts {
		text, err := os.ReadFile(script)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range scriptVariable.FindAllSubmatch(text, -1) {
			set = append(set, string(match[1]))
		}
	}
	slices.Sort(set)
	set = slices.Compact(set)
	gitConfig := filepath.Join(t.TempDir(), "gitconfig")
	if err := os.WriteFile(gitConfig, []byte("[user]\n\tname = t\n\temail = t@example.com\n[maintenance]\n\tauto = false\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	clearenv(t)
	path := os.Getenv("PATH")
	testscript.Run(t, testscript.Params{
		Dir:                 dir,
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", path) // another script may have set that of the process; see runHere
			env.Setenv("PAYLOADS", filepath.Join(root, "testdata", "payload"))
			env.Values["root"], env.Values["graph"] = root, new(standIn)
			env.Setenv("GIT_CONFIG_GLOBAL", gitConfig)
			env.Setenv("GIT_CONFIG_NOSYSTEM", "1")
			env.Setenv("GIT_TEMPLATE_DIR", "") // otherwise each repository starts with twenty files
			variables := slices.Clone(set)
			for _, variable := range env.Vars {
				name, _, _ := strings.Cut(variable, "=")
				variables = append(variables, name)
			}
			env.Values["variables"] = variables
			return nil
		},
		Condition: func(condition string) (bool, error) {
			if condition == "exhaustive" { // for slow steps: those that only vary the lines around them, or need a file of 64 MiB
				return corpus.Exhaustive(), nil
			}
			return false, fmt.Errorf("unknown condition %q", condition)
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits": exits, "bytes": writeBytes, "repeat": repeat, "sparse": sparse, "conforms": conforms, "document": document, "machine": machine,
			"graph": graph, "recipe": recipe,
		},
	})
}

// exits CODE COMMAND [ARGUMENT ...] [<FILE] runs a command and checks its exit code.
// patchlint runs in this process, which takes a twentieth of the time, and a file, or
// stdout of the last command, can be its standard input. To run it in a separate
// process, write "exec patchlint" or "exits CODE exec patchlint".
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND [ARGUMENT ...] [<FILE]")
	}
	out, errs := exiting(ts, args[0], args[1:])
	fmt.Fprint(ts.Stdout(), out)
	fmt.Fprint(ts.Stderr(), errs)
}

// exiting runs a command, checks its exit code, and returns its output.
func exiting(ts *testscript.TestScript, code string, command []string) (out, errs string) {
	want, err := strconv.Atoi(code)
	ts.Check(err)
	got := 0
	if command[0] == "patchlint" {
		args, stdin := command[1:], ""
		if file, ok := strings.CutPrefix(command[len(command)-1], "<"); ok {
			args, stdin = args[:len(args)-1], ts.ReadFile(file)
		}
		got, out, errs = runHere(ts, args, stdin)
	} else {
		if command[0] == "exec" {
			command = command[1:]
		}
		if err := ts.Exec(command[0], command[1:]...); err != nil {
			if _, scanErr := fmt.Sscanf(err.Error(), "exit status %d", &got); scanErr != nil {
				ts.Fatalf("%v", err)
			}
		}
		out, errs = ts.ReadFile("stdout"), ts.ReadFile("stderr")
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d\n%s%s", got, want, out, errs)
	}
	return out, errs
}

// here is locked by the script whose directory and environment the process has.
var here sync.Mutex

// scriptVariable finds the variables that a script sets.
var scriptVariable = regexp.MustCompile(`(?m)^(?:\[.*\] )?env (\w+)=`)

// clearenv empties the environment until a test ends, except PATH, which scripts that
// start programs need.
func clearenv(t *testing.T) {
	for _, variable := range os.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		if name == "" || strings.EqualFold(name, "PATH") {
			continue
		}
		if err := os.Unsetenv(name); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Setenv(name, value) })
	}
}

// runHere runs patchlint in the directory and environment of a script, and returns its
// exit code and output.
func runHere(ts *testscript.TestScript, args []string, stdin string) (code int, out, errs string) {
	here.Lock()
	defer here.Unlock()
	dir, err := os.Getwd()
	ts.Check(err)
	defer func() { ts.Check(os.Chdir(dir)) }()
	ts.Check(os.Chdir(ts.MkAbs(".")))
	setenv := func(name, value string) (restore func()) {
		before, set := os.LookupEnv(name)
		ts.Check(os.Setenv(name, value))
		if set {
			return func() { ts.Check(os.Setenv(name, before)) }
		}
		return func() { ts.Check(os.Unsetenv(name)) }
	}
	for _, name := range ts.Value("variables").([]string) {
		if value := ts.Getenv(name); value != "" {
			defer setenv(name, value)()
		}
	}
	defer setenv("PWD", ts.MkAbs("."))()
	var stdout, stderr strings.Builder
	code = run(args, stdio{strings.NewReader(stdin), &stdout, &stderr})
	return code, stdout.String(), stderr.String()
}

// bytes FILE TEXT writes a file, and interprets the escapes of a Go string in the text.
func writeBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: bytes FILE TEXT")
	}
	text, err := strconv.Unquote(`"` + strings.ReplaceAll(args[1], `"`, `\"`) + `"`)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o666))
}

// repeat FILE TEXT COUNT writes a file that contains a text many times.
func repeat(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: repeat FILE TEXT COUNT")
	}
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.Repeat(args[1], n)), 0o666))
}

// sparse FILE SIZE creates a file with SIZE zero bytes, which takes no time.
func sparse(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sparse FILE SIZE")
	}
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), nil, 0o666))
	ts.Check(os.Truncate(ts.MkAbs(args[0]), n))
}

// conforms FILE [plan|drift] validates a json report with its published schema.
func conforms(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: conforms FILE [plan|drift]")
	}
	text := report.Schema()
	switch {
	case len(args) > 1 && args[1] == "drift":
		text = report.DriftSchema()
	case len(args) > 1:
		text = report.PlanSchema()
	}
	s, err := conform.Compile(text)
	ts.Check(err)
	value, err := decode(ts.ReadFile(args[0]))
	ts.Check(err)
	ts.Check(s.Validate(value))
}

// document FORMAT FILE checks that a file is one complete report in a format.
func document(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: document FORMAT FILE")
	}
	whole(ts, args[0], ts.ReadFile(args[1]))
}

func whole(ts *testscript.TestScript, format, text string) {
	switch format {
	case "json", "sarif", "gitlab", "rdjson":
		if !strings.HasSuffix(text, "\n") || !json.Valid([]byte(text)) {
			ts.Fatalf("not a JSON document: %s", text)
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
			ts.Fatalf("not an XML document: %s", text)
		}
	case "github":
		for line := range strings.Lines(text) {
			if !strings.HasPrefix(line, "::") || !strings.HasSuffix(line, "\n") {
				ts.Fatalf("not a command: %s", line)
			}
		}
	case "azure":
		command := regexp.MustCompile(`^(##vso\[task\.logissue type=(error|warning)[;\]]|[^#]+:\d+:\d+: info: ).*\n$`)
		for line := range strings.Lines(text) {
			if !command.MatchString(line) {
				ts.Fatalf("neither a command nor an info: %s", line)
			}
		}
	default:
		ts.Fatalf("not a machine-readable format: %s", format)
	}
}

// machine CODE PATTERN ARGUMENT ... runs lint with every machine-readable format, and
// checks its exit code, and that standard output is one document that matches the
// pattern.
func machine(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: machine CODE PATTERN ARGUMENT ...")
	}
	pattern := regexp.MustCompile(args[1])
	for _, format := range report.FormatNames() {
		if format == "text" {
			continue
		}
		out, _ := exiting(ts, args[0], append([]string{"patchlint", "lint", "--format", format}, args[2:]...))
		whole(ts, format, out)
		if format == "azure" {
			out = strings.NewReplacer("%3B", ";", "%5D", "]").Replace(out)
		}
		if !pattern.MatchString(out) {
			ts.Fatalf("%s: no match for %q in %s", format, args[1], out)
		}
	}
}

// TestEveryFixtureIsStable checks that the report about all payloads is the same for one
// job and for many, in every run, and conforms to its schema.
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
	var first map[string]string // reports by their formats
	for _, jobs := range []string{"1", "8", "3", "8"} {
		dir := t.TempDir()
		lint := []string{"lint", "--jobs", jobs}
		for _, format := range report.FormatNames() {
			lint = append(lint, "--format", format+"="+filepath.Join(dir, format))
		}
		var errs strings.Builder
		if code := run(append(lint, args...), stdio{strings.NewReader(""), io.Discard, &errs}); code != exitFindings {
			t.Fatalf("exit %d: %s", code, errs.String())
		}
		reports := make(map[string]string)
		for _, format := range report.FormatNames() {
			text, err := os.ReadFile(filepath.Join(dir, format))
			if err != nil || len(text) == 0 {
				t.Fatalf("%s: %d bytes, %v", format, len(text), err)
			}
			if reports[format] = string(text); first != nil && reports[format] != first[format] {
				t.Errorf("%s differs with --jobs %s", format, jobs)
			}
		}
		first = reports
	}
	value, err := decode(first["json"])
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Validate(value); err != nil {
		t.Errorf("%#v", err)
	}
}
