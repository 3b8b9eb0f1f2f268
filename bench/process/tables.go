//go:build unix

package main

import (
	"fmt"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"

	"github.com/patchlint/patchlint/bench/corpus"
	"github.com/patchlint/patchlint/bench/measure"
)

// The contenders.
const (
	lintTree    = "patchlint lint"
	lintTenth   = "patchlint lint, a tenth of the files"
	lintHundred = "patchlint lint, a hundredth of the files"
	lintGit     = "patchlint lint, git work tree"
	readTree    = "walk and read (WalkDir, ReadFile)"
	readGit     = "git ls-files and read"
	lintOne     = "patchlint lint, one file"
	diffPair    = "patchlint diff, a pair"
	diffLargest = "patchlint diff --format text, 4 × 10,000 assignments"
	nothing     = "true"
	hello       = "Go hello that links jsonschema/v5"
	ajv         = "ajv-cli 5"
	sourcemeta  = "sourcemeta jsonschema --fast"
	jv5         = "jv, santhosh-tekuri v5"
	jv6         = "jv, santhosh-tekuri v6"
	kubeconform = "kubeconform 0.8.0"
)

// tables returns the tables, and the races whose cells are in them.
func (l lab) tables() ([]measure.Table, []*race) {
	tree, one := l.overTree(), l.onOne()
	over := measure.Table{
		Name:    fmt.Sprintf("%d files, 2 %% of them faulty", l.files),
		Note:    "Two workers each. Peaks of processes that run beside each other are added.",
		Columns: []string{"wall, s", "CPU, s", "peak, MB", "files/s"},
	}
	rate := func(u measure.Usage) float64 { return float64(l.files) / u.Wall.Seconds() }
	for _, name := range []string{readTree, lintTree, ajv, sourcemeta, jv6, jv5, kubeconform, readGit, lintGit} {
		over.Rows = append(over.Rows, measure.Row{Name: name, Cells: []measure.Cell{
			tree.number(name, seconds), tree.number(name, cpu), tree.number(name, megabytes), tree.number(name, rate),
		}})
	}

	target := func(name string, target measure.Target, cells ...measure.Cell) measure.Row {
		return measure.Row{Name: name, Target: target, Cells: cells}
	}
	sizes := []int{l.files / 100, l.files / 10, l.files}
	aims := measure.Table{
		Name:    "Over the tree",
		Columns: []string{""},
		Rows: []measure.Row{
			target("patchlint / walk and read, wall", measure.AtMost(1), tree.ratio(lintTree, readTree)),
			target("patchlint / ajv-cli, wall", measure.AtMost(0.35), tree.ratio(lintTree, ajv)),
			target("patchlint, peak in MB", measure.AtMost(30), tree.number(lintTree, megabytes)),
			target("in a git work tree: patchlint / git ls-files and read, wall", measure.AtMost(1.3), tree.ratio(lintGit, readGit)),
			target("patchlint, exponent of growth in the number of files", measure.AtMost(1.05), tree.cell(func(took map[string][]measure.Usage) measure.Value {
				var walls [][]float64
				for _, name := range []string{lintHundred, lintTenth, lintTree} {
					walls = append(walls, each(took[name], seconds))
				}
				return measure.Growth(sizes, walls)
			}, lintHundred, lintTenth, lintTree)),
		},
	}

	start := measure.Table{
		Name:    "Cold start",
		Note:    "One small clean file, or a pair of about 1 KB each. `true` shows what the measurement itself takes: its peak is that of the process that starts the others, below which no peak is seen.",
		Columns: []string{"wall, ms", "peak, MB"},
	}
	for _, name := range []string{nothing, hello, lintOne, diffPair, sourcemeta, jv5, jv6, kubeconform, ajv} {
		start.Rows = append(start.Rows, measure.Row{Name: name, Cells: []measure.Cell{one.number(name, milliseconds), one.number(name, megabytes)}})
	}
	startAims := measure.Table{
		Name:    "Cold start, as a multiple",
		Columns: []string{"lint", "diff"},
		Rows: []measure.Row{
			target("patchlint / hello", measure.AtMost(1.25), one.ratio(lintOne, hello), one.ratio(diffPair, hello)),
			target("kubeconform / patchlint", measure.AtLeast(1.5), one.ratio(kubeconform, lintOne), one.ratio(kubeconform, diffPair)),
			target("ajv-cli / patchlint", measure.AtLeast(30), one.ratio(ajv, lintOne), one.ratio(ajv, diffPair)),
		},
	}
	largest := measure.Table{
		Name:    "The text report of 4 × 10,000 assignments of which one changed, as a process",
		Columns: []string{""},
		Rows: []measure.Row{
			target("wall, ms", measure.AtMost(100), one.number(diffLargest, milliseconds)),
			target("peak, MB", measure.AtMost(100), one.number(diffLargest, megabytes)),
		},
	}
	return []measure.Table{over, aims, start, startAims, largest}, []*race{tree, one}
}

// overTree is the race over many files.
func (l lab) overTree() *race {
	faulty, parsable := 0, 0
	var names []string
	for _, f := range corpus.Tree(l.files) {
		names = append(names, f.Name)
		if f.Class == corpus.Faulty {
			faulty++
			if f.Fault != corpus.Syntax {
				parsable++
			}
		}
	}
	schema := filepath.Join("..", "schema", "partner.json")
	patchlint := []string{l.ours("patchlint"), "lint", "--quiet", "--jobs", "2", "."}
	inTree := func(name, dir string, lines int, args ...string) contender {
		return contender{
			Command: measure.Command{Name: name, Dir: filepath.Join(l.data, dir), Lists: [][][]string{{args}}},
			Lines:   lines,
		}
	}
	telling := func(c contender, code int, line string) contender {
		c.Code, c.Line = code, regexp.MustCompile(line)
		return c
	}
	// Half of the files for each of two processes, a few thousand at a time: a
	// command line has a limit, and jv of v5 keeps every file open, of which 4096
	// is a usual limit.
	halves := func(name string, args ...string) contender {
		c := inTree(name, "tree", faulty)
		c.Lists = nil
		for half := range slices.Chunk(names, (len(names)+1)/2) {
			var list [][]string
			for some := range slices.Chunk(half, 4000) {
				list = append(list, append(slices.Clone(args), some...))
			}
			c.Lists = append(c.Lists, list)
		}
		return c
	}
	// Two processes with half of the directories each, for tools that end at the
	// first file that is not JSON.
	twice := func(name string, args func(directories string) []string) contender {
		c := inTree(name, "json", parsable)
		c.Lists = [][][]string{{args("[0-7]")}, {args("[89a-f]")}}
		return c
	}
	const fault = `: error: `
	all := fmt.Sprintf(`^%d files, `, l.files)
	tenth, hundredth := faults(l.files/10), faults(l.files/100)
	return &race{name: "tree", rounds: l.rounds, needed: make(map[string]bool), contenders: []contender{
		telling(inTree(readTree, "tree", 1, l.ours("walk")), 0, all),
		telling(inTree(lintTree, "tree", faulty, patchlint...), 1, fault),
		telling(inTree(readGit, "git", 1, l.ours("walk"), "-git"), 0, all),
		telling(inTree(lintGit, "git", faulty, patchlint...), 1, fault),
		telling(inTree(lintTenth, "tenth", tenth, patchlint...), min(1, tenth), fault),
		telling(inTree(lintHundred, "hundredth", hundredth, patchlint...), min(1, hundredth), fault),
		telling(twice(ajv, func(directories string) []string {
			return l.ajv("--errors=no", "-s", schema, "-d", directories+"?/*.json")
		}), 1, ` invalid$`),
		telling(twice(sourcemeta, func(directories string) []string {
			dirs, _ := filepath.Glob(filepath.Join(l.data, "json", directories+"?"))
			return append(l.sourcemeta("--continue", schema), dirs...)
		}), 2, `^fail: `),
		telling(halves(jv6, l.tool("jv6"), "--quiet", schema), 1, `^instance .*: failed$`),
		telling(halves(jv5, l.tool("jv5"), schema), 1, `^\[I#\] \[S#\] |^invalid json file `),
		// kubeconform reads YAML, in which a trailing comma is no fault.
		telling(inTree(kubeconform, "kinds", parsable, l.kubeconform("..", ".")...), 1, ` is invalid: `),
	}}
}

// faults is the number of faulty files in a tree.
func faults(files int) int {
	n := 0
	for _, f := range corpus.Tree(files) {
		if f.Class == corpus.Faulty {
			n++
		}
	}
	return n
}

// onOne is the race on one file.
func (l lab) onOne() *race {
	in := func(name, dir string, args ...string) contender {
		return contender{Command: measure.Command{Name: name, Dir: filepath.Join(l.data, dir), Lists: [][][]string{{args}}}}
	}
	schema := filepath.Join("..", "schema", "partner.json")
	return &race{name: "one file", rounds: l.starts, needed: make(map[string]bool), contenders: []contender{
		in(nothing, "one", "true"),
		in(hello, "one", l.ours("hello")),
		in(lintOne, "one", l.ours("patchlint"), "lint", "--quiet", "small.json"),
		in(diffPair, "pair", l.ours("patchlint"), "diff", "--quiet", "current.json", "desired.json"),
		in(kubeconform, "one", l.kubeconform("..", "kinds/small.json")...),
		in(jv5, "one", l.tool("jv5"), schema, "small.json"),
		in(jv6, "one", l.tool("jv6"), schema, "small.json"),
		in(sourcemeta, "one", l.sourcemeta(schema, "small.json")...),
		in(ajv, "one", l.ajv("-s", schema, "-d", "small.json")...),
		in(diffLargest, "largest", l.ours("patchlint"), "diff", "--quiet", "--format", "text", "current.json", "desired.json"),
	}}
}

func (l lab) tool(name string) string { return filepath.Join(l.tools, "bin", name) }

func (l lab) kubeconform(data, path string) []string {
	return []string{l.tool("kubeconform"), "-n", "2", "-schema-location", data + "/schema/{{.ResourceKind}}.json", path}
}

func (l lab) ajv(args ...string) []string {
	return append([]string{"node", filepath.Join(l.tools, "node_modules/ajv-cli/dist/index.js"), "validate", "--spec=draft2020", "--strict=false"}, args...)
}

// sourcemeta is the program itself: what npm puts into its place starts node
// first.
func (l lab) sourcemeta(args ...string) []string {
	processor := runtime.GOARCH
	if processor == "amd64" {
		processor = "x86_64"
	}
	program := filepath.Join(l.tools, "node_modules/@sourcemeta/jsonschema/build/github-releases", "jsonschema-"+runtime.GOOS+"-"+processor)
	return append([]string{program, "validate", "--fast"}, args...)
}
