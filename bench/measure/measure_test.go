//go:build unix

package measure_test

import (
	"errors"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint/bench/measure"
)

func TestOf(t *testing.T) {
	for _, test := range []struct {
		rounds []float64
		want   measure.Value
	}{
		{[]float64{3}, measure.Value{Median: 3, Low: 3, High: 3}},
		{[]float64{5, 1, 4, 2, 3}, measure.Value{Median: 3, Low: 2, High: 4}},
		{[]float64{4, 1, 2, 3}, measure.Value{Median: 2.5, Low: 1.75, High: 3.25}},
	} {
		before := slices.Clone(test.rounds)
		if diff := cmp.Diff(test.want, measure.Of(test.rounds)); diff != "" {
			t.Errorf("%v: %s", test.rounds, diff)
		}
		if !slices.Equal(before, test.rounds) {
			t.Errorf("%v was sorted", before)
		}
	}
	if !math.IsNaN(measure.Of(nil).Median) {
		t.Error("a median of nothing")
	}
}

// TestRatio checks that rounds are compared individually: a round in which both took ten
// times as long does not affect the ratio.
func TestRatio(t *testing.T) {
	if got, want := measure.Ratio([]float64{2, 20, 2}, []float64{1, 10, 1}), measure.Exactly(2); got != want {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestGrowth(t *testing.T) {
	sizes := []int{10, 100, 1000}
	for _, k := range []float64{0, 1, 1.5, 2} {
		costs := make([][]float64, len(sizes))
		for i, size := range sizes {
			for _, factor := range []float64{1, 3} {
				costs[i] = append(costs[i], factor*math.Pow(float64(size), k))
			}
		}
		if got := measure.Growth(sizes, costs).Median; math.Abs(got-k) > 1e-9 {
			t.Errorf("k is %v, want %v", got, k)
		}
	}
}

// TestInTurn checks that the functions alternate, and that the time of a call is the
// time of the clock divided by the number of calls.
func TestInTurn(t *testing.T) {
	var now time.Duration
	var order []string
	subject := func(name string, takes time.Duration) func() {
		return func() {
			now += takes
			order = append(order, name)
		}
	}
	b := measure.Bench{Rounds: 3, Sample: 10 * time.Millisecond, Clock: func() time.Duration { return now }}
	seconds := b.InTurn(subject("a", 10*time.Millisecond), subject("b", 20*time.Millisecond))
	if diff := cmp.Diff([][]float64{{0.01, 0.01, 0.01}, {0.02, 0.02, 0.02}}, seconds); diff != "" {
		t.Error(diff)
	}
	if got := strings.Join(order[len(order)-6:], ""); got != "abbaab" {
		t.Errorf("the order is %s", got)
	}

	order = nil
	b.InTurn(subject("c", time.Millisecond))
	if n := len(order); n < 3*10 || n > 3*10+50 {
		t.Errorf("%d calls for three samples of ten", n)
	}
}

func TestTable(t *testing.T) {
	measured := 0
	cell := func(v measure.Value) measure.Cell {
		return func() (measure.Value, error) { measured++; return v, nil }
	}
	table := measure.Table{
		Name: "Lint", Note: "As a multiple.", Columns: []string{"small", "big"},
		Rows: []measure.Row{
			{Name: "ours / theirs", Target: measure.AtMost(2), Cells: []measure.Cell{cell(measure.Exactly(1)), cell(measure.Value{Median: 3, Low: 2.5, High: 4})}},
			{Name: "theirs", Cells: []measure.Cell{nil, cell(measure.Exactly(7))}},
		},
	}
	for _, test := range []struct {
		only, want string
		targets    int
		missed     []string
		measured   int
	}{
		{"", `### Lint

As a multiple.

|  | small | big | target |  |
|---|---|---|---|---|
| ours / theirs | 1 | **3 (2.50–4)** | ≤ 2 | **missed** |
| theirs |  | 7 |  |  |

`, 2, []string{"Lint/ours / theirs/big"}, 3},
		{"small$", `### Lint

As a multiple.

|  | small | big | target |  |
|---|---|---|---|---|
| ours / theirs | 1 |  | ≤ 2 | met |

`, 1, nil, 1},
		{"Diff", "", 0, nil, 0},
	} {
		measured = 0
		var b strings.Builder
		targets, missed, err := table.Print(&b, regexp.MustCompile(test.only))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, b.String()); diff != "" {
			t.Errorf("%q: %s", test.only, diff)
		}
		if targets != test.targets || !slices.Equal(missed, test.missed) || measured != test.measured {
			t.Errorf("%q: %d targets, missed %q, %d cells measured", test.only, targets, missed, measured)
		}
	}

	failure := errors.New("it broke")
	table.Rows[0].Cells[0] = func() (measure.Value, error) { return measure.Value{}, failure }
	if _, _, err := table.Print(&strings.Builder{}, nil); !errors.Is(err, failure) || !strings.Contains(err.Error(), "Lint/ours / theirs/small") {
		t.Errorf("the error is %v", err)
	}
}

// TestClocks checks that both clocks advance while work is done.
func TestClocks(t *testing.T) {
	wall, cpu := measure.Wall(), measure.CPU()
	for measure.CPU()-cpu < time.Millisecond {
		if measure.Wall()-wall > 10*time.Second {
			t.Fatal("the processor clock does not advance")
		}
	}
	if measure.Wall() <= wall {
		t.Error("the wall clock does not advance")
	}
}
