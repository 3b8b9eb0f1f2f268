//go:build unix

package main

import (
	"fmt"
	"testing"

	"github.com/patchlint/patchlint/bench"
	"github.com/patchlint/patchlint/bench/corpus"
	"github.com/patchlint/patchlint/bench/measure"
)

// lab has the inputs of the tables.
type lab struct {
	measure.Bench
	judges  map[string]bench.Judge
	differs map[string]bench.Differ
}

// libraries returns the tables about libraries, which are measured in this process.
func libraries(b measure.Bench) ([]measure.Table, error) {
	judges, err := bench.Judges()
	if err != nil {
		return nil, err
	}
	differs, err := bench.Differs()
	if err != nil {
		return nil, err
	}
	l := lab{b, judges, differs}
	return []measure.Table{l.clean(), l.fault(), l.bodies(), l.growth()}, nil
}

// lint measures the validation of payloads by a judge, and checks its verdicts.
func (l lab) lint(judge string, fault corpus.Fault, payloads ...[]byte) (func(), error) {
	accepts := l.judges[judge]
	for i, src := range payloads {
		if want := fault == corpus.None || judge == bench.TokenScan && fault != corpus.Syntax; accepts(src) != want {
			return nil, fmt.Errorf("%s is wrong about payload %d", judge, i)
		}
	}
	return func() {
		for _, src := range payloads {
			accepts(src)
		}
	}, nil
}

// lintRatio measures the ratio of the times of two judges.
func (l lab) lintRatio(judge, other string, fault corpus.Fault, payloads ...[]byte) (v measure.Value, err error) {
	ours, err := l.lint(judge, fault, payloads...)
	if err != nil {
		return v, err
	}
	theirs, err := l.lint(other, fault, payloads...)
	if err != nil {
		return v, err
	}
	seconds := l.InTurn(ours, theirs)
	return measure.Ratio(seconds[0], seconds[1]), nil
}

const mixSize = 1000

func (l lab) clean() measure.Table {
	t := measure.Table{
		Name:    "Lint, clean payloads",
		Note:    fmt.Sprintf("From bytes to verdict, as a multiple. The mix is %d payloads; v5 and v6 have only the schema of partners, so they are not given a user.", mixSize),
		Columns: []string{"small", "typical", "big", "mix", "user"},
	}
	payloads := func(column int) [][]byte {
		switch t.Columns[column] {
		case "mix":
			return corpus.Mix(mixSize)
		case "user":
			return [][]byte{corpus.User()}
		}
		return [][]byte{corpus.Payload(corpus.Sizes()[column], corpus.None)}
	}
	row := func(name string, target measure.Target, from, to int, cell func(payloads [][]byte) (measure.Value, error)) {
		r := measure.Row{Name: name, Target: target, Cells: make([]measure.Cell, len(t.Columns))}
		for column := from; column < to; column++ {
			r.Cells[column] = func() (measure.Value, error) { return cell(payloads(column)) }
		}
		t.Rows = append(t.Rows, r)
	}
	ratio := func(judge, other string, target measure.Target, from, to int) {
		row(judge+" / "+other, target, from, to, func(payloads [][]byte) (measure.Value, error) {
			return l.lintRatio(judge, other, corpus.None, payloads...)
		})
	}
	ratio(bench.Patchlint, bench.TokenScan, measure.AtMost(2.5), 0, 1)
	ratio(bench.Patchlint, bench.TokenScan, measure.AtMost(2), 1, 4)
	ratio(bench.Patchlint, bench.TokenScan, measure.AtMost(3), 4, 5)
	ratio(bench.V6, bench.Patchlint, measure.AtLeast(10), 0, 4)
	ratio(bench.V5, bench.Patchlint, measure.AtLeast(20), 0, 4)
	row("allocations for a payload", measure.AtMost(0), 0, 5, func(payloads [][]byte) (measure.Value, error) {
		job, err := l.lint(bench.Patchlint, corpus.None, payloads...)
		if err != nil {
			return measure.Value{}, err
		}
		return measure.Exactly(testing.AllocsPerRun(max(1, 100/len(payloads)), job) / float64(len(payloads))), nil
	})
	return t
}

func (l lab) fault() measure.Table {
	t := measure.Table{Name: "Lint, one fault", Note: "patchlint with line and column of every finding, as a multiple of v5's bare verdict."}
	for _, size := range corpus.Sizes() {
		t.Columns = append(t.Columns, size.String())
	}
	for _, fault := range corpus.Faults() {
		row := measure.Row{Name: fault.String(), Target: measure.AtMost(0.8)}
		if fault == corpus.Syntax {
			row.Target = measure.AtMost(1.5)
		}
		for _, size := range corpus.Sizes() {
			row.Cells = append(row.Cells, func() (measure.Value, error) {
				return l.lintRatio(bench.Placed, bench.V5, fault, corpus.Payload(size, fault))
			})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

var sizes = []int{10, 100, 1000, 10000}

// diff measures the comparison of a pair by a differ, after checking one comparison.
func (l lab) diff(differ string, n int, mode corpus.Mode) (func(), error) {
	current, desired := corpus.Pair(n, mode)
	diff := l.differs[differ]
	if _, err := diff(current, desired); err != nil {
		return nil, fmt.Errorf("%s: %w", differ, err)
	}
	return func() { diff(current, desired) }, nil
}

func (l lab) bodies() measure.Table {
	t := measure.Table{
		Name:    "Diff, from two objects to the body of a PATCH",
		Note:    "patchlint, its checks included, as a multiple, with the given number of assignments on each of four platforms.",
		Columns: []string{"4 × 10", "4 × 100", "4 × 1,000", "4 × 10,000"},
	}
	for _, mode := range corpus.Modes() {
		decode := map[corpus.Mode]float64{corpus.Identical: 0.15, corpus.Scalar: 0.3, corpus.Assignment: 0.3, corpus.Shuffled: 0.4, corpus.AllChanged: 0.8}[mode]
		for _, other := range []string{bench.DecodeBoth, bench.Evanphx, bench.Jsondiff} {
			row := measure.Row{Name: mode.String() + ": patchlint / " + other, Target: measure.AtMost(1)}
			if other == bench.DecodeBoth {
				row.Target = measure.AtMost(decode)
			}
			for _, n := range sizes {
				row.Cells = append(row.Cells, func() (v measure.Value, err error) {
					ours, err := l.diff(bench.Patchlint, n, mode)
					if err != nil {
						return v, err
					}
					theirs, err := l.diff(other, n, mode)
					if err != nil {
						return v, err
					}
					seconds := l.InTurn(ours, theirs)
					return measure.Ratio(seconds[0], seconds[1]), nil
				})
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

func (l lab) growth() measure.Table {
	t := measure.Table{
		Name:    "Growth",
		Note:    "The exponent k of time = c · sizeᵏ from 10 to 10,000 assignments, for diff on each platform, by least squares.",
		Columns: []string{"k"},
	}
	row := func(name string, job func(size int) (func(), error)) {
		t.Rows = append(t.Rows, measure.Row{Name: name, Target: measure.AtMost(1.1), Cells: []measure.Cell{func() (measure.Value, error) {
			jobs := make([]func(), len(sizes))
			for i, size := range sizes {
				var err error
				if jobs[i], err = job(size); err != nil {
					return measure.Value{}, err
				}
			}
			return measure.Growth(sizes, l.InTurn(jobs...)), nil
		}}})
	}
	row("lint", func(n int) (func(), error) { return l.lint(bench.Patchlint, corpus.None, corpus.Assignments(n)) })
	for _, mode := range corpus.Modes() {
		row("diff, "+mode.String(), func(n int) (func(), error) { return l.diff(bench.Patchlint, n, mode) })
	}
	return t
}
