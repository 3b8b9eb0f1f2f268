//go:build unix

// Ratios measures patchlint beside other libraries, in turn, and prints what
// each takes as a multiple of another, beside the target:
//
//	go run ./ratios [-only REGEXP] [-rounds N] [-clock cpu] [-date DATE] [-doc FILE]
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/patchlint/patchlint/bench"
	"github.com/patchlint/patchlint/bench/measure"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "ratios:", err)
		os.Exit(1)
	}
}

func run(args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("ratios", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var b measure.Bench
	only := flags.String("only", "", "measure only the cells whose `regexp` table/row/column matches")
	flags.IntVar(&b.Rounds, "rounds", 11, "how often each is timed")
	flags.DurationVar(&b.Sample, "sample", 20*time.Millisecond, "how long each runs in a round")
	clock := flags.String("clock", "wall", "wall, or cpu, which counts the garbage collector and nothing of other processes")
	date := flags.String("date", "", "the `date` to print")
	doc := flags.String("doc", "", "the Markdown `file` to write the tables into; needs -date")
	check := flags.Bool("check", false, "fail when a target is missed")
	format := flags.String("report", "", "print a report of two files in this `format` and the peak of memory, as the measurement of it does")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *format != "" {
		return peak(*format, flags.Args(), stdout)
	}
	pattern, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	switch *clock {
	case "wall":
		b.Clock = measure.Wall
	case "cpu":
		b.Clock = measure.CPU
	default:
		return fmt.Errorf("-clock is wall or cpu, not %q", *clock)
	}
	if b.Rounds < 1 {
		return errors.New("-rounds takes a number from 1")
	}
	if *doc != "" && *date == "" {
		return errors.New("-doc needs a -date")
	}

	var text strings.Builder
	fmt.Fprintf(&text, "%s\n\n", measure.Provenance(*date, measure.CommandLine("go run ./ratios", args)))
	fmt.Fprintf(&text, "Medians of %d rounds (lower–upper quartile), %s clock.\n\n", b.Rounds, *clock)
	tables, err := tables(b)
	if err != nil {
		return err
	}
	targets, missed := 0, []string(nil)
	for _, table := range tables {
		fmt.Fprintf(stderr, "ratios: %s\n", table.Name)
		n, misses, err := table.Print(&text, pattern)
		if err != nil {
			return err
		}
		targets, missed = targets+n, append(missed, misses...)
	}
	if targets > 0 {
		fmt.Fprintf(&text, "%d of %d numbers meet their target.\n", targets-len(missed), targets)
	}
	if *doc != "" {
		if err := measure.Replace(*doc, "ratios", text.String()); err != nil {
			return err
		}
	} else if _, err := io.WriteString(stdout, text.String()); err != nil {
		return err
	}
	if *check && len(missed) > 0 {
		return fmt.Errorf("missed: %s", strings.Join(missed, ", "))
	}
	return nil
}

// peak makes one report of two files, in a process that did nothing else, and
// prints the bytes it needed.
func peak(format string, files []string, w io.Writer) error {
	if len(files) != 2 {
		return errors.New("-report takes two files")
	}
	report, err := bench.Report(format)
	if err != nil {
		return err
	}
	current, err := os.ReadFile(files[0])
	if err != nil {
		return err
	}
	desired, err := os.ReadFile(files[1])
	if err != nil {
		return err
	}
	if err := report(io.Discard, current, desired); err != nil {
		return err
	}
	_, err = fmt.Fprintln(w, measure.Peak())
	return err
}
