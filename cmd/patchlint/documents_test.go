package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/settings"
)

var binary = flag.String("binary", "", "run the commands of the documents with this patchlint")

// TestDocuments runs README.md and every page of docs like a reader, in a separate
// repository. The language of a block determines how it is treated:
//
//   - console: commands, and their output on a terminal
//   - sh: a script that succeeds or ends with findings
//   - go: the code of an example that go test runs
//   - shell: commands that need the network or other programs, and are not run
//
// A block after a paragraph that ends in a colon, and whose last code span is the name
// of a file, is the content of that file and, for current.json, the object in Graph.
// Blocks in other languages are not run.
func TestDocuments(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine, which the race detector slows down")
	}
	repository := newRepository(t)
	for _, page := range pages(t) {
		t.Run(filepath.Base(page), func(t *testing.T) {
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			for p := range passages(string(text)) {
				for _, program := range []string{"curl", "jq"} {
					if _, err := exec.LookPath(program); err != nil && p.run() && strings.Contains(p.code, program+" ") {
						t.Skipf("%s is not installed", program)
					}
				}
			}
			reader := newReader(t)
			if err := os.CopyFS(".", os.DirFS(repository)); err != nil {
				t.Fatal(err)
			}
			var out strings.Builder
			for p := range passages(string(text)) {
				out.WriteString(p.text)
				if p.language == "" {
					continue
				}
				reader.read(p)
				if p.language == "console" {
					p.code = reader.console(p.code)
				}
				fmt.Fprintf(&out, "```%s\n%s```\n", p.language, p.code)
			}
			if *update {
				if err := os.WriteFile(page, []byte(out.String()), 0o666); err != nil {
					t.Fatal(err)
				}
			} else if diff := cmp.Diff(string(text), out.String()); diff != "" {
				t.Errorf("%s is stale (-written +printed); go test ./cmd/patchlint -run Documents -update writes it:\n%s", page, diff)
			}
		})
	}
}

// newRepository creates a repository with one commit; each page gets a copy. Without
// git, it is an empty directory.
func newRepository(t *testing.T) string {
	dir := t.TempDir()
	if _, err := exec.LookPath("git"); err != nil {
		return dir
	}
	for _, args := range [][]string{
		{"init", "-q"},
		{"-c", "user.name=x", "-c", "user.email=x", "-c", "maintenance.auto=false", "commit", "-q", "--allow-empty", "-m", "x"},
		{"update-ref", "refs/remotes/origin/main", "HEAD"},
	} {
		command := exec.Command("git", args...)
		command.Dir = dir
		command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_TEMPLATE_DIR=")
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%s", out)
		}
	}
	return dir
}

// pages returns the names of the documents whose blocks are run.
func pages(t *testing.T) []string {
	pages, err := filepath.Glob("../../docs/*.md")
	if err != nil || len(pages) == 0 {
		t.Fatal(pages, err)
	}
	pages = append(pages, "../../README.md")
	for i, page := range pages {
		if pages[i], err = filepath.Abs(page); err != nil {
			t.Fatal(err)
		}
	}
	return pages
}

// A passage of a page is text and the fenced block after it, if one follows.
type passage struct{ text, language, code string }

// run reports whether the block has commands that are run.
func (p passage) run() bool { return p.language == "console" || p.language == "sh" }

// passages yields the passages of a page.
func passages(page string) iter.Seq[passage] {
	return func(yield func(passage) bool) {
		for {
			text, rest, found := strings.Cut(page, "\n```")
			if !found {
				yield(passage{text: page})
				return
			}
			language, rest, _ := strings.Cut(rest, "\n")
			code, rest, _ := strings.Cut("\n"+rest, "\n```\n")
			if !yield(passage{text + "\n", language, strings.TrimPrefix(code, "\n") + "\n"}) {
				return
			}
			page = rest
		}
	}
}

// A reader follows a page. It runs plain patchlint commands in this process, which takes
// a twentieth of the time; with -binary, it runs everything in a shell.
type reader struct {
	t        *testing.T
	graph    *standIn
	failures string // the file that lists failed runs of patchlint
}

// languages are the languages that a block may have.
var languages = []string{"console", "sh", "go", "shell", "powershell", "json", "jsonc", "http", "yaml", "text", "diff", "toml", "lua", "vim", "elisp", "groovy"}

// newReader returns a reader in a new directory, whose curl reaches a fake of Graph.
func newReader(t *testing.T) *reader {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("sh is not installed")
	}
	r := &reader{t: t, graph: new(standIn), failures: filepath.Join(t.TempDir(), "failures")}
	patchlint := *binary
	if patchlint == "" {
		var err error
		if patchlint, err = exec.LookPath("patchlint"); err != nil {
			t.Fatal(err)
		}
	}
	script := fmt.Sprintf("#!/bin/sh\n'%s' \"$@\"\ncode=$?\nif [ $code -gt 1 ]; then echo \"exit code $code: patchlint $*\" >>'%s'; fi\nexit $code\n", patchlint, r.failures)
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "patchlint"), []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	stop, err := r.graph.start([]byte("{}"), home)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	t.Setenv("PATH", bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	t.Setenv("CURL_HOME", home)
	t.Setenv("ID", partnerID)
	t.Setenv("TOKEN", "stand-in")
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GITHUB_STEP_SUMMARY", filepath.Join(t.TempDir(), "summary.md"))
	t.Setenv("GIT_TEMPLATE_DIR", "")
	t.Chdir(t.TempDir())
	return r
}

// named finds the file that a paragraph introduces.
var named = regexp.MustCompile("`([\\w./-]+\\.(?:jsonc?|ndjson|jsonl|http|yaml|yml))`[^`\n]*:\n*$")

// read writes the file that a block is, or runs its script.
func (r *reader) read(p passage) {
	switch {
	case !slices.Contains(languages, p.language):
		r.t.Errorf("a block of %q: the language of a block must be one of %s", p.language, strings.Join(languages, ", "))
	case p.language == "sh":
		if out, code := r.shell(p.code); code > 1 {
			r.t.Errorf("exit code %d of\n%s\n%s", code, p.code, out)
		}
	case p.language != "console":
		if name := named.FindStringSubmatch(p.text); name != nil {
			if err := os.MkdirAll(filepath.Dir(name[1]), 0o777); err != nil {
				r.t.Fatal(err)
			}
			if err := os.WriteFile(name[1], []byte(p.code), 0o666); err != nil {
				r.t.Fatal(err)
			}
			if name[1] == "current.json" {
				r.graph.object = []byte(p.code)
			}
		}
	}
}

// console runs the commands of a block and returns them with what they print.
func (r *reader) console(block string) string {
	if !strings.HasPrefix(block, "$ ") {
		r.t.Fatalf("a console block must start with a command:\n%s", block)
	}
	var session strings.Builder
	for _, entry := range strings.Split("\n"+block, "\n$ ")[1:] {
		command, _, _ := strings.Cut(entry, "\n")
		out, _ := r.shell(command)
		fmt.Fprintf(&session, "$ %s\n%s", command, out)
		if out != "" && !strings.HasSuffix(out, "\n") {
			session.WriteByte('\n')
		}
	}
	return session.String()
}

// shell runs a script and returns what a terminal shows, and the exit code.
func (r *reader) shell(script string) (string, int) {
	if commands, ok := plainCommands(script); ok && *binary == "" {
		var out strings.Builder
		code := 0
		for _, command := range commands {
			code = r.plain(command, &out)
		}
		return out.String(), code
	}
	out, err := exec.Command("sh", "-c", script).CombinedOutput()
	code := 0
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		code = exit.ExitCode()
	} else if err != nil {
		r.t.Fatal(err)
	}
	if failures, err := os.ReadFile(r.failures); err == nil {
		r.t.Errorf("%s%s", failures, out)
		if err := os.Remove(r.failures); err != nil {
			r.t.Fatal(err)
		}
	}
	return string(out), code
}

// plain matches a command in which only spaces, quotation marks, a redirection and a
// comment have a meaning in a shell.
var plain = regexp.MustCompile(`^patchlint((?: +(?:[\w./=-]+|'[^']*'))*)(?: ([<>]) ([\w./-]+))?(?: +#.*)?$`)

// argument matches an argument of a plain command.
var argument = regexp.MustCompile(`[^ ']+|'[^']*'`)

// A plainCommand is patchlint with arguments, and with a file that standard input or
// output is redirected to.
type plainCommand struct {
	args           []string
	redirect, file string
}

// plainCommands returns the commands of a script that runs patchlint and does nothing
// else.
func plainCommands(script string) (commands []plainCommand, ok bool) {
	for line := range strings.Lines(script) {
		match := plain.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if match == nil {
			return nil, false
		}
		args := argument.FindAllString(match[1], -1)
		for i, arg := range args {
			args[i] = strings.Trim(arg, "'")
		}
		commands = append(commands, plainCommand{args, match[2], match[3]})
	}
	return commands, len(commands) > 0
}

// plain runs a command in this process, prints what a terminal would show, and returns the
// exit code.
func (r *reader) plain(c plainCommand, shown *strings.Builder) int {
	streams := stdio{strings.NewReader(""), shown, shown}
	switch c.redirect {
	case "<":
		in, err := os.ReadFile(c.file)
		if err != nil {
			r.t.Fatal(err)
		}
		streams.In = bytes.NewReader(in)
	case ">":
		out, err := os.Create(c.file)
		if err != nil {
			r.t.Fatal(err)
		}
		defer out.Close()
		streams.Out = out
	}
	code := run(c.args, streams)
	if code > exitFindings {
		r.t.Errorf("exit code %d: patchlint %s\n%s", code, strings.Join(c.args, " "), shown)
	}
	return code
}

// TestDocumentsName checks that the documents mention every report format and every
// setting, and that README.md is short.
func TestDocumentsName(t *testing.T) {
	read := func(name string) string {
		text, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	formats := read("docs/formats.md")
	for _, format := range report.FormatNames() {
		for _, want := range []string{"\n## " + format + "\n", fmt.Sprintf("| [%s](#%s) |", format, format), "--format " + format} {
			if !strings.Contains(formats, want) {
				t.Errorf("docs/formats.md lacks %q", want)
			}
		}
	}
	var config struct{ Properties map[string]any }
	if err := json.Unmarshal(settings.JSONSchema(), &config); err != nil || len(config.Properties) == 0 {
		t.Fatal(config, err)
	}
	for key := range config.Properties {
		if !strings.Contains(read("docs/settings.md"), "\n"+key+":") {
			t.Errorf("docs/settings.md lacks %s", key)
		}
	}
	readme := read("README.md")
	if lines := strings.Count(readme, "\n"); lines > 180 {
		t.Errorf("README.md has %d lines, more than 180", lines)
	}
}

// TestDocumentsCode checks that the Go of the documents is the code of examples
// that go test runs.
func TestDocumentsCode(t *testing.T) {
	var examples strings.Builder
	for _, file := range []string{"../../example_test.go", "../../guard/example_test.go"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		examples.Write(text)
	}
	found := false
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for p := range passages(string(text)) {
			if p.language != "go" {
				continue
			}
			found = true
			indented := "\t" + strings.ReplaceAll(strings.TrimSpace(p.code), "\n", "\n\t")
			if !strings.Contains(examples.String(), strings.ReplaceAll(indented, "\n\t\n", "\n\n")) {
				t.Errorf("%s: no example has this code:\n%s", page, p.code)
			}
		}
	}
	if !found {
		t.Error("the documents have no code")
	}
}

// link finds the links of a page that lead to a file of the repository.
var link = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)

// TestDocumentsLink checks that the targets of links in pages exist.
func TestDocumentsLink(t *testing.T) {
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for p := range passages(string(text)) {
			for _, m := range link.FindAllStringSubmatch(p.text, -1) {
				if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
					t.Errorf("%s: %v", filepath.Base(page), err)
				}
			}
		}
	}
}

// powershell finds the commands of patchlint in a script of PowerShell.
var powershell = regexp.MustCompile(`(?m)(?:^|[|=] )patchlint ([^|\n]*[^|\s])`)

// TestDocumentsPowerShell runs the patchlint commands in PowerShell scripts, which
// TestDocuments does not run because PowerShell may not be installed.
func TestDocumentsPowerShell(t *testing.T) {
	found := false
	for _, page := range pages(t) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		t.Chdir(t.TempDir())
		for name, text := range map[string]string{"current.json": `{"id": "1", "iosOnboarded": true}`, "desired.json": `{"iosOnboarded": false}`} {
			if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		for p := range passages(string(text)) {
			if p.language != "powershell" {
				continue
			}
			for _, m := range powershell.FindAllStringSubmatch(p.code, -1) {
				found = true
				var out strings.Builder
				if code := run(strings.Fields(m[1]), stdio{strings.NewReader(`{"iosOnboarded": true}`), &out, &out}); code != exitClean {
					t.Errorf("%s: exit code %d of patchlint %s\n%s", filepath.Base(page), code, m[1], out.String())
				}
			}
		}
	}
	if !found {
		t.Error("the documents have no script of PowerShell")
	}
}
