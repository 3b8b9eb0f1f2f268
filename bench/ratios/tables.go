//go:build unix

package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/bench"
	"github.com/patchlint/patchlint/bench/corpus"
	"github.com/patchlint/patchlint/bench/measure"
	"github.com/patchlint/patchlint/validate"
)

// lab has what the tables are made of.
type lab struct {
	measure.Bench
	judges  map[string]bench.Judge
	differs map[string]bench.Differ
	names   struct{ judges, differs []string } // in their order
}

func tables(b measure.Bench) ([]measure.Table, error) {
	l := lab{Bench: b, judges: make(map[string]bench.Judge), differs: make(map[string]bench.Differ)}
	judges, err := bench.Judges()
	if err != nil {
		return nil, err
	}
	for _, j := range judges {
		l.judges[j.Name] = j
		l.names.judges = append(l.names.judges, j.Name)
	}
	differs, err := bench.Differs()
	if err != nil {
		return nil, err
	}
	for _, d := range differs {
		l.differs[d.Name] = d
		l.names.differs = append(l.names.differs, d.Name)
	}
	return []measure.Table{
		l.clean(), l.reference(), l.fault(), l.lintGrowth(), l.lintPeers(),
		l.bodies(), l.allocations(), l.diffGrowth(), l.largest(), l.diffPeers(),
	}, nil
}

// mixSize is the number of payloads of the mix; of the classes with findings
// the first tenth is taken.
const mixSize = 10000

var lintColumns = []string{"small", "typical", "big", "mix"}

// payloads are those of a column.
func payloads(column int, class corpus.Class) [][]byte {
	if column < len(corpus.Sizes()) {
		return [][]byte{corpus.Payload(corpus.Sizes()[column], class, 0)}
	}
	if class != corpus.Clean {
		return corpus.Mix(mixSize/10, class)
	}
	return corpus.Mix(mixSize, class)
}

// job is the linting of payloads by a judge.
func (l lab) job(judge string, payloads [][]byte) func() {
	accepts := l.judges[judge].Accepts
	return func() {
		for _, src := range payloads {
			accepts(src)
		}
	}
}

// compared is the cell that tells what one judge takes as a multiple of
// another; both have to give the verdict that the class has.
func (l lab) compared(judge, other string, class corpus.Class, payloads func() [][]byte) measure.Cell {
	return func() (measure.Value, error) {
		list := payloads()
		for _, name := range []string{judge, other} {
			for i, src := range list[:min(len(list), mixSize/10)] {
				if j := l.judges[name]; j.Accepts(src) != (class != corpus.Faulty) && !j.Floor {
					return measure.Value{}, fmt.Errorf("%s is wrong about payload %d", name, i)
				}
			}
		}
		seconds := l.InTurn(l.job(judge, list), l.job(other, list))
		return measure.Ratio(seconds[0], seconds[1]), nil
	}
}

// lintRow compares two judges in every column.
func (l lab) lintRow(name string, target measure.Target, judge, other string, class corpus.Class) measure.Row {
	row := measure.Row{Name: name, Target: target}
	for column := range lintColumns {
		row.Cells = append(row.Cells, l.compared(judge, other, class, func() [][]byte { return payloads(column, class) }))
	}
	return row
}

func (l lab) clean() measure.Table {
	allocations := measure.Row{Name: "allocations for a payload, with a Document that is used again", Target: measure.AtMost(0)}
	for column := range lintColumns {
		allocations.Cells = append(allocations.Cells, func() (measure.Value, error) {
			list := payloads(column, corpus.Clean)
			total := testing.AllocsPerRun(max(1, 100/len(list)), l.job(bench.Reused, list))
			return measure.Exactly(total / float64(len(list))), nil
		})
	}
	return measure.Table{
		Name:    "Lint, clean payloads",
		Note:    "From bytes to verdict, as a multiple. The mix is 10,000 payloads.",
		Columns: lintColumns,
		Rows: []measure.Row{
			l.lintRow("patchlint / jsontext token scan", measure.AtMost(2), bench.Reused, bench.TokenScan, corpus.Clean),
			allocations,
			l.lintRow("v6 / patchlint", measure.AtLeast(10), bench.V6, bench.Reused, corpus.Clean),
			l.lintRow("v5 / patchlint", measure.AtLeast(20), bench.V5, bench.Reused, corpus.Clean),
			l.lintRow("patchlint one-shot / jsontext token scan", measure.Target{}, bench.OneShot, bench.TokenScan, corpus.Clean),
			l.lintRow("v6 / patchlint one-shot", measure.AtLeast(10), bench.V6, bench.OneShot, corpus.Clean),
			l.lintRow("v5 / patchlint one-shot", measure.AtLeast(20), bench.V5, bench.OneShot, corpus.Clean),
		},
	}
}

func (l lab) reference() measure.Table {
	return measure.Table{
		Name:    "Lint, payloads like the reference page's example",
		Note:    "patchlint with its warnings and infos, beside a bare verdict. The mix is 1,000 payloads.",
		Columns: lintColumns,
		Rows: []measure.Row{
			l.lintRow("v5 / patchlint", measure.AtLeast(3), bench.V5, bench.Reused, corpus.Reference),
			l.lintRow("v5 / patchlint one-shot", measure.AtLeast(3), bench.V5, bench.OneShot, corpus.Reference),
		},
	}
}

func (l lab) fault() measure.Table {
	t := measure.Table{
		Name:    "Lint, one fault",
		Note:    "patchlint with line and column of every finding, as a multiple of v5's bare verdict. The mix is 1,000 payloads.",
		Columns: lintColumns,
	}
	for _, fault := range corpus.Faults() {
		row := measure.Row{Name: fault.String(), Target: measure.AtMost(1.3), Cells: make([]measure.Cell, len(lintColumns))}
		for i, size := range corpus.Sizes() {
			row.Cells[i] = l.compared(bench.Placed, bench.V5, corpus.Faulty, func() [][]byte {
				return [][]byte{corpus.Payload(size, corpus.Faulty, fault)}
			})
		}
		t.Rows = append(t.Rows, row)
	}
	mix := measure.Row{Name: "each in turn", Target: measure.AtMost(1.3), Cells: make([]measure.Cell, len(lintColumns))}
	last := len(lintColumns) - 1
	mix.Cells[last] = l.compared(bench.Placed, bench.V5, corpus.Faulty, func() [][]byte { return payloads(last, corpus.Faulty) })
	t.Rows = append(t.Rows, mix)
	return t
}

// growth is the cell of the exponent of what a job takes.
func (l lab) growth(sizes []int, job func(size int) (func(), error)) measure.Cell {
	return func() (measure.Value, error) {
		jobs := make([]func(), len(sizes))
		for i, size := range sizes {
			var err error
			if jobs[i], err = job(size); err != nil {
				return measure.Value{}, err
			}
		}
		return measure.Growth(sizes, l.InTurn(jobs...)), nil
	}
}

func (l lab) lintGrowth() measure.Table {
	row := func(name string, sizes []int, job func(int) (func(), error)) measure.Row {
		return measure.Row{Name: name, Target: measure.AtMost(1.05), Cells: []measure.Cell{l.growth(sizes, job)}}
	}
	return measure.Table{
		Name:    "Lint, growth",
		Note:    "The exponent k of time = c · sizeᵏ, by least squares.",
		Columns: []string{"k"},
		Rows: []measure.Row{
			row("in the number of assignments, 10 to 10,000", []int{10, 100, 1000, 10000}, func(n int) (func(), error) {
				return l.job(bench.Reused, [][]byte{corpus.Assignments(n)}), nil
			}),
			row("in the number of payloads, 10 to 10,000 of the mix, linted as one run", []int{10, 100, 1000, 10000}, func(n int) (func(), error) {
				mix := corpus.Mix(n, corpus.Clean)
				return func() {
					var linter validate.Linter
					var together validate.Run
					for i, src := range mix {
						doc, _ := patchlint.Parse(src, patchlint.JSON) // its error is among the faults
						linter.LintDocument(doc)
						together.Add(&linter, strconv.Itoa(i), doc)
					}
				}, nil
			}),
		},
	}
}

// lintPeers tells what every judge takes, in turn.
func (l lab) lintPeers() measure.Table {
	t := measure.Table{
		Name:    "Lint beside others, clean payloads",
		Note:    "Microseconds for a payload. Of the mix, 1,000 payloads.",
		Columns: lintColumns,
	}
	columns := make([]func() [][]float64, len(lintColumns))
	for column := range columns {
		columns[column] = sync.OnceValue(func() [][]float64 {
			list := payloads(column, corpus.Clean)
			list = list[:min(len(list), mixSize/10)]
			var jobs []func()
			for _, name := range l.names.judges {
				jobs = append(jobs, l.job(name, list))
			}
			return scaled(l.InTurn(jobs...), 1e6/float64(len(list)))
		})
	}
	for i, name := range l.names.judges {
		row := measure.Row{Name: name}
		for _, seconds := range columns {
			row.Cells = append(row.Cells, func() (measure.Value, error) { return measure.Of(seconds()[i]), nil })
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func scaled(rounds [][]float64, factor float64) [][]float64 {
	for _, list := range rounds {
		for i := range list {
			list[i] *= factor
		}
	}
	return rounds
}

var (
	diffSizes   = []int{10, 100, 1000, 10000}
	diffColumns = []string{"4 × 10", "4 × 100", "4 × 1,000", "4 × 10,000"}
)

// diffJob is the comparison of a pair by a differ, which was tried.
func (l lab) diffJob(differ string, n int, mode corpus.Mode) (func(), error) {
	current, desired := corpus.Pair(n, mode)
	diff := l.differs[differ].Diff
	if _, err := diff(current, desired); err != nil {
		return nil, fmt.Errorf("%s: %w", differ, err)
	}
	return func() { diff(current, desired) }, nil
}

// diffJobs times several differs in turn.
func (l lab) diffJobs(n int, mode corpus.Mode, differs ...string) ([][]float64, error) {
	jobs := make([]func(), len(differs))
	for i, name := range differs {
		var err error
		if jobs[i], err = l.diffJob(name, n, mode); err != nil {
			return nil, err
		}
	}
	return l.InTurn(jobs...), nil
}

func (l lab) bodies() measure.Table {
	t := measure.Table{
		Name:    "Diff, from two objects to the body of a PATCH",
		Note:    "patchlint, its checks included, as a multiple, with so many assignments on each of four platforms.",
		Columns: diffColumns,
	}
	row := func(mode corpus.Mode, other string, target measure.Target) {
		r := measure.Row{Name: mode.String() + ": patchlint / " + other, Target: target, Cells: make([]measure.Cell, len(diffSizes))}
		for i, n := range diffSizes {
			if most := l.differs[other].Max; most > 0 && n > most {
				continue
			}
			r.Cells[i] = func() (measure.Value, error) {
				seconds, err := l.diffJobs(n, mode, bench.Patchlint, other)
				if err != nil {
					return measure.Value{}, err
				}
				return measure.Ratio(seconds[0], seconds[1]), nil
			}
		}
		t.Rows = append(t.Rows, r)
	}
	for _, mode := range corpus.Modes() {
		decode, evanphx, jsondiff := 0.20, 0.35, 0.20
		switch mode {
		case corpus.Identical:
			decode = 0.10
		case corpus.AllChanged:
			decode, evanphx, jsondiff = 0.35, 0.5, 0.3
		}
		row(mode, bench.DecodeBoth, measure.AtMost(decode))
		row(mode, bench.Evanphx, measure.AtMost(evanphx))
		row(mode, bench.Jsondiff, measure.AtMost(jsondiff))
		row(mode, bench.JD, measure.Target{})
	}
	return t
}

func (l lab) allocations() measure.Table {
	t := measure.Table{Name: "Diff, allocations", Columns: []string{"4 × 1,000"}}
	for _, mode := range []corpus.Mode{corpus.Identical, corpus.Scalar} {
		t.Rows = append(t.Rows, measure.Row{Name: mode.String(), Target: measure.AtMost(200), Cells: []measure.Cell{func() (measure.Value, error) {
			job, err := l.diffJob(bench.Patchlint, 1000, mode)
			if err != nil {
				return measure.Value{}, err
			}
			return measure.Exactly(testing.AllocsPerRun(5, job)), nil
		}}})
	}
	return t
}

func (l lab) diffGrowth() measure.Table {
	formats := []string{"body", "text", "json"}
	t := measure.Table{
		Name:    "Diff, growth",
		Note:    "The exponent k of time = c · sizeᵏ from 4 × 10 to 4 × 10,000 assignments, by least squares, by what is printed.",
		Columns: formats,
	}
	for _, mode := range corpus.Modes() {
		row := measure.Row{Name: mode.String(), Target: measure.AtMost(1.1)}
		for _, format := range formats {
			row.Cells = append(row.Cells, l.growth(diffSizes, func(n int) (func(), error) {
				return reportJob(format, n, mode)
			}))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// reportJob is the making of a report, which was tried.
func reportJob(format string, n int, mode corpus.Mode) (func(), error) {
	current, desired := corpus.Pair(n, mode)
	report, err := bench.Report(format)
	if err != nil {
		return nil, err
	}
	return func() { report(io.Discard, current, desired) }, report(io.Discard, current, desired)
}

// largest is about the text report of the largest pair. The peak is that of a
// process of its own, for that of this one is of all that it does.
func (l lab) largest() measure.Table {
	return measure.Table{
		Name:    "Diff, the text report of 4 × 10,000 assignments of which one changed",
		Columns: []string{""},
		Rows: []measure.Row{
			{Name: "milliseconds", Target: measure.AtMost(100), Cells: []measure.Cell{func() (measure.Value, error) {
				job, err := reportJob("text", 10000, corpus.Assignment)
				if err != nil {
					return measure.Value{}, err
				}
				return measure.Of(scaled(l.InTurn(job), 1e3)[0]), nil
			}}},
			{Name: "peak of memory, MB", Target: measure.AtMost(100), Cells: []measure.Cell{func() (measure.Value, error) {
				return peaks(min(l.Rounds, 5))
			}}},
		},
	}
}

func peaks(rounds int) (measure.Value, error) {
	self, err := os.Executable()
	if err != nil {
		return measure.Value{}, err
	}
	dir, err := os.MkdirTemp("", "ratios")
	if err != nil {
		return measure.Value{}, err
	}
	defer os.RemoveAll(dir)
	current, desired := corpus.Pair(10000, corpus.Assignment)
	files := []string{filepath.Join(dir, "current.json"), filepath.Join(dir, "desired.json")}
	for i, src := range [][]byte{current, desired} {
		if err := os.WriteFile(files[i], src, 0o666); err != nil {
			return measure.Value{}, err
		}
	}
	var megabytes []float64
	for range rounds {
		out, err := exec.Command(self, "-report", "text", files[0], files[1]).Output()
		if err != nil {
			return measure.Value{}, err
		}
		bytes, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
		if err != nil {
			return measure.Value{}, err
		}
		megabytes = append(megabytes, bytes/1e6)
	}
	return measure.Of(megabytes), nil
}

// diffPeers tells what every differ takes, in turn.
func (l lab) diffPeers() measure.Table {
	t := measure.Table{
		Name: "Diff beside others, 4 × 1,000 assignments",
		Note: "Milliseconds from two objects to a body.",
	}
	var columns []func() ([][]float64, error)
	for _, mode := range corpus.Modes() {
		t.Columns = append(t.Columns, mode.String())
		columns = append(columns, sync.OnceValues(func() ([][]float64, error) {
			seconds, err := l.diffJobs(1000, mode, l.names.differs...)
			return scaled(seconds, 1e3), err
		}))
	}
	for i, name := range l.names.differs {
		row := measure.Row{Name: name}
		for _, seconds := range columns {
			row.Cells = append(row.Cells, func() (measure.Value, error) {
				all, err := seconds()
				if err != nil {
					return measure.Value{}, err
				}
				return measure.Of(all[i]), nil
			})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}
