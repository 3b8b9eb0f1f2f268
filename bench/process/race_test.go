//go:build unix

package main

import (
	"bytes"
	"io"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/patchlint/patchlint/bench/corpus"
	"github.com/patchlint/patchlint/bench/measure"
)

// TestMain lets the test be the process that commands are run from, as the
// program is.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "-usage" {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestApart holds that the peak of a process is its own, however large the one
// that measures it is.
func TestApart(t *testing.T) {
	held := bytes.Repeat([]byte("x"), 64<<20)
	used, err := apart(shell("small", "exit 0", 0).Command)
	if err != nil {
		t.Fatal(err)
	}
	if used.Peak <= 0 || used.Peak > 32<<20 || used.Wall <= 0 {
		t.Errorf("a shell that exits took %+v", used)
	}
	if _, err := apart(shell("failing", "exit 1", 0).Command); err == nil {
		t.Error("a command that fails is measured")
	}
	runtime.KeepAlive(held)
}

// shell is a contender that has to print a line "fault".
func shell(name, script string, code int) contender {
	return contender{
		Command: measure.Command{Name: name, Lists: [][][]string{{{"sh", "-c", script}}}, Code: code},
		Line:    regexp.MustCompile("^fault$"), Lines: 1,
	}
}

// TestRace holds that what no cell needs is not run, and that a ratio is that
// of the wall times.
func TestRace(t *testing.T) {
	r := &race{rounds: 3, needed: make(map[string]bool), contenders: []contender{
		shell("slow", "sleep 0.4; echo fault; exit 1", 1), shell("fast", "sleep 0.1; echo fault", 0), shell("absent", "exit 9", 0),
	}}
	cell := r.ratio("slow", "fast")
	if v, err := cell(); err != nil || v != (measure.Value{}) {
		t.Errorf("before the race there is %v, %v", v, err)
	}
	if err := r.run(io.Discard); err != nil {
		t.Fatal(err)
	}
	if v, err := cell(); err != nil || v.Median <= 1 {
		t.Errorf("0.4 s are %v of 0.1 s, %v", v, err)
	}
}

// TestPassedOver holds that a contender that does not do the work is refused.
func TestPassedOver(t *testing.T) {
	for script, want := range map[string]string{
		"echo fine":              "prints 0 lines",
		"echo fault; echo fault": "prints 2 lines",
		"echo fault; exit 3":     "exit code 3",
		"printf fault":           "",
	} {
		r := &race{rounds: 1, needed: map[string]bool{"it": true}, contenders: []contender{shell("it", script, 0)}}
		err := r.run(io.Discard)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", script, err, want)
		}
	}
}

// TestHalves holds that two processes together get every file once.
func TestHalves(t *testing.T) {
	l := lab{bin: "bin", tools: "tools", data: "data", files: 120_000, rounds: 1, starts: 1}
	tree := l.overTree()
	i := slices.IndexFunc(tree.contenders, func(c contender) bool { return c.Name == jv6 })
	lists := tree.contenders[i].Lists
	seen := make(map[string]bool)
	for _, list := range lists {
		for _, args := range list {
			size := 0
			for _, arg := range args {
				size += len(arg) + 1 + 8
				if strings.HasPrefix(arg, "tools") || strings.HasPrefix(arg, "-") || strings.HasPrefix(arg, "..") {
					continue
				}
				if seen[arg] {
					t.Fatalf("%s is given twice", arg)
				}
				seen[arg] = true
			}
			if size > 1<<20 {
				t.Errorf("a command line of %d bytes", size)
			}
		}
	}
	if len(lists) != 2 || len(seen) != l.files {
		t.Errorf("%d processes get %d of %d files", len(lists), len(seen), l.files)
	}
	if n := faults(l.files); n != l.files/50 || len(corpus.Tree(l.files)) != l.files {
		t.Errorf("%d faults", n)
	}
}

// TestNumbers holds that every number of a table has a contender.
func TestNumbers(t *testing.T) {
	l := lab{bin: "bin", tools: "tools", data: "data", files: 1000, rounds: 1, starts: 1}
	tables, races := l.tables()
	for _, table := range tables {
		if _, _, err := table.Print(io.Discard, nil); err != nil {
			t.Fatal(err)
		}
	}
	known := make(map[string]bool)
	for _, r := range races {
		for _, c := range r.contenders {
			known[c.Name] = true
			if !r.needed[c.Name] {
				t.Errorf("%s is in no table", c.Name)
			}
		}
		for name := range r.needed {
			if !known[name] {
				t.Errorf("%s does not run", name)
			}
		}
	}
}

func TestRefused(t *testing.T) {
	given := []string{"-bin", "b", "-tools", "t", "-data", "d"}
	for _, args := range [][]string{nil, append(given, "-files", "10"), append(given, "-rounds", "0"), append(given, "-doc", "x.md"), append(given, "-only", "(")} {
		if err := run(args, nil, io.Discard, io.Discard); err == nil {
			t.Errorf("%q is accepted", args)
		}
	}
	if got := strings.Join(told(append(given, "-quick")), " "); got != "-quick" {
		t.Errorf("the command is told as %q", got)
	}
}
