//go:build unix

// Ratios measures patchlint and other libraries and programs alternately, and prints the
// ratios of their times with their targets:
//
//	go run ./ratios [-only REGEXP] [-rounds N] [-layouts N] [-clock cpu] [-files N] [-tools DIR] [-metadata FILE] [-date DATE] [-doc FILE] [-check]
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

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
	b := measure.Bench{Clock: measure.Wall}
	only := flags.String("only", "", "measure only the cells whose `regexp` table/row/column matches")
	flags.IntVar(&b.Rounds, "rounds", 11, "how often each is timed")
	layouts := flags.Int("layouts", 5, "in how many builds, with their functions in another order, libraries are measured; 0 for this one")
	raw := flags.Bool("raw", false, "print only the medians of the libraries, as JSON")
	flags.DurationVar(&b.Sample, "sample", 20*time.Millisecond, "how long each runs in a round")
	clock := flags.String("clock", "wall", "wall, or cpu, which includes garbage collection but no other processes")
	files := flags.Int("files", 20_000, "how many files the tree has")
	tools := flags.String("tools", "", "the `directory` of ajv-cli and sourcemeta, which process/run installs")
	metadata := flags.String("metadata", "", "a $metadata document of beta, a `file`, to measure how long it takes to open")
	date := flags.String("date", "", "the `date` to print")
	doc := flags.String("doc", "", "the Markdown `file` to write the tables into, between comments; needs -date")
	block := flags.String("block", "ratios", "the `name` in these comments")
	check := flags.Bool("check", false, "fail when a target is missed")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *clock == "cpu" {
		b.Clock = measure.CPU
	}
	pattern, err := regexp.Compile(*only)
	switch {
	case err != nil:
		return err
	case *clock != "wall" && *clock != "cpu":
		return fmt.Errorf("-clock must be wall or cpu, not %q", *clock)
	case b.Rounds < 1 || *files < 1:
		return errors.New("-rounds and -files must be at least 1")
	case *layouts < 0:
		return errors.New("-layouts must not be negative")
	case *doc != "" && *date == "":
		return errors.New("-doc needs a -date")
	}

	tables, err := libraries(b)
	if err != nil {
		return err
	}
	if *raw {
		return printMedians(stdout, pattern, tables)
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s\n\n", measure.Provenance(*date, "go run ./ratios "+strings.Join(args, " ")))
	fmt.Fprintf(&text, "Medians of %d rounds (lower–upper quartile), %s clock.", b.Rounds, *clock)
	if *layouts > 0 && slices.ContainsFunc(tables, func(t measure.Table) bool { return t.Selects(pattern) }) {
		fmt.Fprintf(&text, " For libraries, medians of the medians in %d builds.", *layouts)
		if err := measureIn(*layouts, args, tables); err != nil {
			return err
		}
	}
	text.WriteString("\n\n")
	if *metadata != "" {
		if *metadata, err = filepath.Abs(*metadata); err != nil {
			return err
		}
	}
	programs := &programs{files: *files, tools: *tools, metadata: *metadata}
	defer programs.remove()
	tables = append(append(tables, programs.tables(b)...), programs.anyType(b))
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
		err = measure.Replace(*doc, *block, text.String())
	} else {
		_, err = io.WriteString(stdout, text.String())
	}
	if err == nil && *check && len(missed) > 0 {
		return fmt.Errorf("missed: %s", strings.Join(missed, ", "))
	}
	return err
}
