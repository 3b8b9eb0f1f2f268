//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/patchlint/patchlint/bench/corpus"
	"github.com/patchlint/patchlint/bench/measure"
	"github.com/patchlint/patchlint/schema"
)

// programs measures whole processes on a tree of files and on one file, in a directory
// that is created for the first measurement.
type programs struct {
	files    int
	tools    string // the directory of ajv-cli and sourcemeta, "" for none
	metadata string // a $metadata document, "" for none
	dir      string
	faulty   int
}

// command is a program with its expected exit code and number of matching lines in its
// output, so that no program is fast because it skips files.
type command struct {
	dir   string
	args  []string
	code  int
	line  string
	lines int
	stdin string
}

func (c command) run() ([]byte, error) {
	process := exec.Command(c.args[0], c.args[1:]...)
	process.Dir, process.Env = c.dir, append(os.Environ(), "GOMAXPROCS=2")
	var out bytes.Buffer
	process.Stdout, process.Stderr = &out, &out
	if c.stdin != "" {
		process.Stdin = strings.NewReader(c.stdin)
	}
	var exit *exec.ExitError
	if err := process.Run(); err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	if code := process.ProcessState.ExitCode(); code != c.code {
		return nil, fmt.Errorf("%q: exit code %d, want %d: %.2000s", c.args, code, c.code, out.Bytes())
	}
	return out.Bytes(), nil
}

// try runs the command once and checks what it prints.
func (c command) try() error {
	out, err := c.run()
	if err != nil || c.line == "" {
		return err
	}
	if n := len(regexp.MustCompile("(?m)"+c.line).FindAll(out, -1)); n != c.lines {
		return fmt.Errorf("%q prints %d lines like %s, want %d", c.args, n, c.line, c.lines)
	}
	return nil
}

// ratio measures the ratio of the times of two commands.
func (p *programs) ratio(b measure.Bench, commands func() (one, other command)) measure.Cell {
	return func() (v measure.Value, err error) {
		if err := p.prepare(); err != nil {
			return v, err
		}
		one, other := commands()
		seconds, err := inTurn(b, one, other)
		if err != nil {
			return v, err
		}
		return measure.Ratio(seconds[0], seconds[1]), nil
	}
}

// inTurn returns the seconds that each of two commands takes, indexed by round.
func inTurn(b measure.Bench, one, other command) (seconds [][]float64, err error) {
	if err := errors.Join(one.try(), other.try()); err != nil {
		return nil, err
	}
	var once sync.Once
	job := func(c command) func() {
		return func() {
			if _, failed := c.run(); failed != nil {
				once.Do(func() { err = failed })
			}
		}
	}
	seconds = b.InTurn(job(one), job(other))
	return seconds, err
}

// prepare builds our programs and writes the files when it is first called.
func (p *programs) prepare() (err error) {
	if p.dir != "" {
		return nil
	}
	if p.dir, err = os.MkdirTemp("", "ratios"); err != nil {
		return err
	}
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/patchlint/patchlint").Output()
	if err != nil {
		return err
	}
	for dir, packages := range map[string][]string{".": {"./cmd/patchlint"}, "bench": {"./walk", "./hello", "./peak"}} {
		build := exec.Command("go", append([]string{"build", "-o", filepath.Join(p.dir, "linked") + "/"}, packages...)...)
		build.Dir = filepath.Join(strings.TrimSpace(string(root)), dir)
		if out, err := build.CombinedOutput(); err != nil {
			return fmt.Errorf("go build: %w: %s", err, out)
		}
	}
	// Pages of a file that the linker has just written are slower to map than those of an
	// installed program. Copying the programs makes them alike.
	if err := os.CopyFS(filepath.Join(p.dir, "bin"), os.DirFS(filepath.Join(p.dir, "linked"))); err != nil {
		return err
	}
	if p.faulty, err = corpus.WriteTree(filepath.Join(p.dir, "tree"), p.files); err != nil {
		return err
	}
	model, err := schema.Open(schema.Beta)
	if err != nil {
		return err
	}
	partner, err := model.Resource("complianceManagementPartner")
	if err != nil {
		return err
	}
	current, desired := corpus.Pair(2, corpus.Assignment)
	for name, src := range map[string][]byte{
		"small.json": corpus.Payload(corpus.Small, corpus.None), "user.json": corpus.User(), "current.json": current, "desired.json": desired, "schema.json": partner.JSONSchema(),
	} {
		if err := os.WriteFile(filepath.Join(p.dir, name), src, 0o666); err != nil {
			return err
		}
	}
	return nil
}

func (p *programs) remove() {
	if p.dir != "" {
		os.RemoveAll(p.dir)
	}
}

func (p *programs) ours(args ...string) []string {
	return append([]string{filepath.Join(p.dir, "bin", args[0])}, args[1:]...)
}

func (p *programs) tables(b measure.Bench) []measure.Table {
	// A start takes a few milliseconds, and two starts differ by up to a third.
	b.Sample = max(b.Sample, 500*time.Millisecond)
	over := func(code int, line string, lines int, args ...string) command {
		return command{dir: filepath.Join(p.dir, "tree"), args: args, code: code, line: line, lines: lines}
	}
	lint := func() command {
		return over(1, `: error: `, p.faulty, p.ours("patchlint", "lint", "--quiet", "--jobs", "2", ".")...)
	}
	walk := func(args ...string) command {
		return over(0, `^\d+ files, `, 1, append(p.ours("walk"), args...)...)
	}
	start := func(args ...string) command { return command{dir: p.dir, args: args} }
	lintOne := func() command { return start(p.ours("patchlint", "lint", "--quiet", "small.json")...) }
	diffOne := func() command {
		return start(p.ours("patchlint", "diff", "--quiet", "current.json", "desired.json")...)
	}
	// serve starts the language server and ends it as soon as it has answered.
	serve := func() command {
		c := start(p.ours("patchlint", "lsp")...)
		for _, message := range []string{
			`{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}`,
			`{"jsonrpc": "2.0", "id": 2, "method": "shutdown"}`, `{"jsonrpc": "2.0", "method": "exit"}`,
		} {
			c.stdin += fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(message), message)
		}
		return c
	}
	files := measure.Table{
		Name:    fmt.Sprintf("%d files, 2 %% of them faulty", p.files),
		Note:    "As processes, with two workers each.",
		Columns: []string{""},
		Rows: []measure.Row{{Name: "patchlint / walk and read", Target: measure.AtMost(1.1), Cells: []measure.Cell{
			p.ratio(b, func() (one, other command) { return lint(), walk() }),
		}}, {Name: "jsontext token scan / walk and read", Cells: []measure.Cell{
			p.ratio(b, func() (one, other command) { return walk("-scan"), walk() }),
		}}},
	}
	cold := measure.Table{
		Name:    "Cold start",
		Note:    "One small clean file, or a pair of about 2 KB each.",
		Columns: []string{"lint", "diff"},
		Rows: []measure.Row{{Name: "patchlint / hello that links v5", Target: measure.AtMost(1.25), Cells: []measure.Cell{
			p.ratio(b, func() (one, other command) { return lintOne(), start(p.ours("hello")...) }),
			p.ratio(b, func() (one, other command) { return diffOne(), start(p.ours("hello")...) }),
		}}, {Name: "patchlint lsp / patchlint lint", Target: measure.AtMost(1.3), Cells: []measure.Cell{
			p.ratio(b, func() (one, other command) { return serve(), lintOne() }),
			nil,
		}}},
	}
	if p.tools == "" {
		return []measure.Table{files, cold}
	}
	processor := runtime.GOARCH
	if processor == "amd64" {
		processor = "x86_64"
	}
	for _, peer := range []struct {
		name        string
		args        []string
		line        string // about a faulty file
		one         string
		half, other string // of the tree
		tree, start float64
	}{
		{
			"ajv-cli", []string{"node", filepath.Join(p.tools, "node_modules/ajv-cli/dist/index.js"), "validate", "--spec=draft2020", "--strict=false", "--errors=no", "-s"},
			` invalid$`, "-d small.json", `-d '[0-7]?/*.json'`, `-d '[89a-f]?/*.json'`, 3, 30,
		},
		{ // the program itself, because the wrapper that npm installs starts node first
			"sourcemeta", []string{filepath.Join(p.tools, "node_modules/@sourcemeta/jsonschema/build/github-releases", "jsonschema-"+runtime.GOOS+"-"+processor), "validate", "--fast", "--continue"},
			`^fail: `, "small.json", "[0-7]?", "[89a-f]?", 1, 1,
		},
	} {
		shell := func(script string) []string {
			return append(append([]string{"sh", "-c", script, "sh"}, peer.args...), filepath.Join(p.dir, "schema.json"))
		}
		files.Rows = append(files.Rows, measure.Row{Name: peer.name + " / patchlint", Target: measure.AtLeast(peer.tree), Cells: []measure.Cell{
			p.ratio(b, func() (one, other command) {
				return over(0, peer.line, p.faulty, shell(`"$@" `+peer.half+` >../one 2>&1 & "$@" `+peer.other+` >../other 2>&1; wait; cat ../one ../other`)...), lint()
			}),
		}})
		cold.Rows = append(cold.Rows, measure.Row{Name: peer.name + " / patchlint", Target: measure.AtLeast(peer.start), Cells: []measure.Cell{
			p.ratio(b, func() (one, other command) { return start(shell(`exec "$@" ` + peer.one)...), lintOne() }),
			nil,
		}})
	}
	return []measure.Table{files, cold}
}
