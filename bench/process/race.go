//go:build unix

package main

import (
	"fmt"
	"io"
	"regexp"

	"github.com/patchlint/patchlint/bench/measure"
)

// contender is a command with what it has to print.
type contender struct {
	measure.Command
	// Line matches the lines that tell of a faulty file, or of the files that
	// were read, and there have to be Lines of them: nothing is to be fast
	// because it passes files over.
	Line  *regexp.Regexp
	Lines int
}

// race runs contenders in turn. Until run is called its cells only note which
// contenders they need.
type race struct {
	name       string
	rounds     int
	contenders []contender
	needed     map[string]bool
	usages     map[string][]measure.Usage
}

// cell is the cell of a number made from what contenders took in each round.
func (r *race) cell(number func(took map[string][]measure.Usage) measure.Value, names ...string) measure.Cell {
	return func() (measure.Value, error) {
		if r.usages == nil {
			for _, name := range names {
				r.needed[name] = true
			}
			return measure.Value{}, nil
		}
		return number(r.usages), nil
	}
}

// number is the cell of one number of a contender.
func (r *race) number(name string, of func(measure.Usage) float64) measure.Cell {
	return r.cell(func(took map[string][]measure.Usage) measure.Value {
		return measure.Of(each(took[name], of))
	}, name)
}

// ratio is the cell of the wall time of a contender as a multiple of another's.
func (r *race) ratio(name, other string) measure.Cell {
	return r.cell(func(took map[string][]measure.Usage) measure.Value {
		return measure.Ratio(each(took[name], seconds), each(took[other], seconds))
	}, name, other)
}

func each(usages []measure.Usage, of func(measure.Usage) float64) []float64 {
	numbers := make([]float64, len(usages))
	for i, u := range usages {
		numbers[i] = of(u)
	}
	return numbers
}

func seconds(u measure.Usage) float64      { return u.Wall.Seconds() }
func cpu(u measure.Usage) float64          { return u.CPU.Seconds() }
func milliseconds(u measure.Usage) float64 { return u.Wall.Seconds() * 1e3 }
func megabytes(u measure.Usage) float64    { return float64(u.Peak) / 1e6 }

// run checks what the contenders that are needed print, and then runs them in
// turn; every second round is backwards.
func (r *race) run(stderr io.Writer) error {
	var field []contender
	for _, c := range r.contenders {
		if !r.needed[c.Name] {
			continue
		}
		field = append(field, c)
		fmt.Fprintf(stderr, "process: %s: trying %s\n", r.name, c.Name)
		lines := lineCounter{pattern: c.Line}
		if err := c.Output(&lines); err != nil {
			return fmt.Errorf("%w; the last it printed: %s", err, lines.last)
		}
		if lines.Close(); lines.count != c.Lines {
			return fmt.Errorf("%s prints %d lines like %s, want %d; the last it printed: %s", c.Name, lines.count, c.Line, c.Lines, lines.last)
		}
	}
	r.usages = make(map[string][]measure.Usage)
	for round := range r.rounds {
		if len(field) > 0 {
			fmt.Fprintf(stderr, "process: %s: round %d of %d\n", r.name, round+1, r.rounds)
		}
		for i := range field {
			if round%2 == 1 {
				i = len(field) - 1 - i
			}
			used, err := apart(field[i].Command)
			if err != nil {
				return err
			}
			r.usages[field[i].Name] = append(r.usages[field[i].Name], used)
		}
	}
	return nil
}

// lineCounter counts the lines that match a pattern, nil for none.
type lineCounter struct {
	pattern *regexp.Regexp
	count   int
	line    []byte
	last    []byte // the last line that was not empty
}

func (c *lineCounter) Write(p []byte) (int, error) {
	for _, b := range p {
		if b != '\n' {
			c.line = append(c.line, b)
			continue
		}
		c.Close()
	}
	return len(p), nil
}

// Close ends a line.
func (c *lineCounter) Close() {
	if c.pattern != nil && c.pattern.Match(c.line) {
		c.count++
	}
	if len(c.line) > 0 {
		c.last = append(c.last[:0], c.line...)
	}
	c.line = c.line[:0]
}
