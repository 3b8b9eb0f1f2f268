package measure

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"iter"
	"os"
	"regexp"
	"runtime"
	"strings"
)

// Target is a bound on a number; the zero Target allows any number.
type Target struct {
	sign  string // "≤", "≥" or ""
	bound float64
}

// AtMost returns a target for a number of which smaller values are better.
func AtMost(bound float64) Target { return Target{"≤", bound} }

// AtLeast returns a target for a number of which larger values are better.
func AtLeast(bound float64) Target { return Target{"≥", bound} }

// Met reports whether a number meets the target.
func (t Target) Met(x float64) bool {
	return t == Target{} || t.sign == "≤" && x <= t.bound || t.sign == "≥" && x >= t.bound
}

// String returns a text such as "≤ 2" or "≥ 10", or "" for the zero Target.
func (t Target) String() string {
	if t == (Target{}) {
		return ""
	}
	return fmt.Sprintf("%s %g", t.sign, t.bound)
}

// Cell is a number in a table, which is measured on demand.
type Cell func() (Value, error)

// Row is a row of a table. A nil cell is empty.
type Row struct {
	Name   string
	Target Target
	Cells  []Cell
}

// Table is a group of measurements with the same columns.
type Table struct {
	Name    string
	Note    string // a sentence or two below the heading
	Columns []string
	Rows    []Row
}

// Key is the name by which a cell is selected.
func (t Table) Key(row, column int) string {
	return t.Name + "/" + t.Rows[row].Name + "/" + t.Columns[column]
}

// cells yields the cells whose keys match only, which may be nil, by their keys.
func (t Table) cells(only *regexp.Regexp) iter.Seq2[string, *Cell] {
	return func(yield func(string, *Cell) bool) {
		for r, row := range t.Rows {
			for c := range row.Cells {
				if t.selected(r, c, only) && !yield(t.Key(r, c), &row.Cells[c]) {
					return
				}
			}
		}
	}
}

// selected reports whether a cell is not empty and its key matches only, which may be nil.
func (t Table) selected(row, column int, only *regexp.Regexp) bool {
	return t.Rows[row].Cells[column] != nil && (only == nil || only.MatchString(t.Key(row, column)))
}

// Selects reports whether the key of a cell matches only, which may be nil.
func (t Table) Selects(only *regexp.Regexp) bool {
	for range t.cells(only) {
		return true
	}
	return false
}

// Medians measures the cells whose keys match only, which may be nil, and adds the median of
// each to all, by its key.
func (t Table) Medians(only *regexp.Regexp, all map[string][]float64) error {
	for key, cell := range t.cells(only) {
		value, err := (*cell)()
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		all[key] = append(all[key], value.Median)
	}
	return nil
}

// Measured replaces the cells of the table whose values are known, by their keys.
func (t Table) Measured(values map[string][]float64) {
	for key, cell := range t.cells(nil) {
		if known := values[key]; known != nil {
			*cell = func() (Value, error) { return Of(known), nil }
		}
	}
}

// Print measures the cells whose keys match only, which may be nil, and writes the table
// as Markdown. It writes nothing if no cell is selected. It returns the number of
// targets, and the keys of the cells that miss theirs.
func (t Table) Print(w io.Writer, only *regexp.Regexp) (targets int, missed []string, err error) {
	var body strings.Builder
	aims := false
	for _, row := range t.Rows {
		aims = aims || row.Target != Target{}
	}
	for r, row := range t.Rows {
		cells := make([]string, len(row.Cells))
		chosen, fails := 0, 0
		for c, cell := range row.Cells {
			if !t.selected(r, c, only) {
				continue
			}
			value, err := cell()
			if err != nil {
				return targets, missed, fmt.Errorf("%s: %w", t.Key(r, c), err)
			}
			chosen++
			cells[c] = value.String()
			if !row.Target.Met(value.Median) {
				fails++
				missed = append(missed, t.Key(r, c))
				cells[c] = "**" + cells[c] + "**"
			}
		}
		if chosen == 0 {
			continue
		}
		fmt.Fprintf(&body, "| %s | %s |", row.Name, strings.Join(cells, " | "))
		if aims {
			verdict := ""
			if row.Target != (Target{}) {
				targets += chosen
				verdict = "met"
				if fails > 0 {
					verdict = "**missed**"
				}
			}
			fmt.Fprintf(&body, " %s | %s |", row.Target, verdict)
		}
		body.WriteByte('\n')
	}
	if body.Len() == 0 {
		return targets, missed, nil
	}
	head := append([]string{""}, t.Columns...)
	if aims {
		head = append(head, "target", "")
	}
	fmt.Fprintf(w, "### %s\n\n", t.Name)
	if t.Note != "" {
		fmt.Fprintf(w, "%s\n\n", t.Note)
	}
	_, err = fmt.Fprintf(w, "| %s |\n|%s\n%s\n", strings.Join(head, " | "), strings.Repeat("---|", len(head)), body.String())
	return targets, missed, err
}

// Provenance returns a line that describes the source of figures: the date, which the
// command line gives, the machine, and the command. Call it before measuring, because it
// includes the load of the machine.
func Provenance(date, command string) string {
	if date == "" {
		date = "no date given"
	}
	return fmt.Sprintf("%s; %s %s/%s, %s, %d cores%s; `%s`", date, runtime.Version(), runtime.GOOS, runtime.GOARCH, cpu(), runtime.NumCPU(), load(), command)
}

// load returns the load of the machine, if the system provides it.
func load() string {
	src, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	minute, _, _ := strings.Cut(string(src), " ")
	return ", load " + minute + " at the start"
}

// cpu returns the model of the processor, if the system provides it.
func cpu() string {
	if f, err := os.Open("/proc/cpuinfo"); err == nil {
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			if name, value, ok := strings.Cut(lines.Text(), ":"); ok && strings.TrimSpace(name) == "model name" {
				return strings.TrimSpace(value)
			}
		}
	}
	return "processor unknown"
}

// Replace replaces the text in a Markdown file between the comments <!-- name --> and
// <!-- /name -->.
func Replace(file, name, text string) error {
	src, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	opening, closing := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
	before, rest, ok := bytes.Cut(src, []byte(opening))
	_, after, closed := bytes.Cut(rest, []byte(closing))
	if !ok || !closed {
		return fmt.Errorf("%s has no %s ... %s", file, strings.TrimSpace(opening), closing)
	}
	made := fmt.Sprintf("%s%s\n%s\n\n%s%s", before, opening, strings.TrimSpace(text), closing, after)
	return os.WriteFile(file, []byte(made), 0o666)
}
