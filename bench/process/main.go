//go:build unix

// Process compares whole processes: patchlint beside other validators, over a
// tree of files and on one, and beside what only reads the files. The script
// run in this directory installs them and calls it.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint/bench/measure"
)

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "process:", err)
		os.Exit(1)
	}
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("process", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var l lab
	flags.StringVar(&l.bin, "bin", "", "the `directory` of our programs")
	flags.StringVar(&l.tools, "tools", "", "the `directory` of the other validators")
	flags.StringVar(&l.data, "data", "", "the `directory` to write the files into, outside of any git work tree")
	flags.IntVar(&l.files, "files", 100_000, "how many files, at least 1000")
	flags.IntVar(&l.rounds, "rounds", 5, "how often each is run over the tree")
	flags.IntVar(&l.starts, "starts", 21, "how often each is run on one file")
	quick := flags.Bool("quick", false, "2,000 files, 3 rounds and 5 starts: proves that everything works, and no more")
	only := flags.String("only", "", "measure only the cells whose `regexp` table/row/column matches")
	date := flags.String("date", "", "the `date` to print")
	doc := flags.String("doc", "", "the Markdown `file` to write the tables into; needs -date")
	check := flags.Bool("check", false, "fail when a target is missed")
	usage := flags.Bool("usage", false, "run the command on standard input and print what it took, both as JSON, as the measurement does")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *usage {
		return serve(stdin, stdout)
	}
	if *quick {
		l.files, l.rounds, l.starts = 2000, 3, 5
	}
	pattern, err := regexp.Compile(*only)
	switch {
	case err != nil:
		return err
	case l.bin == "" || l.tools == "" || l.data == "":
		return errors.New("-bin, -tools and -data are needed; the script process/run gives them")
	case l.files < 1000 || l.rounds < 1 || l.starts < 1:
		return errors.New("-files takes a number from 1000, -rounds and -starts one from 1")
	case *doc != "" && *date == "":
		return errors.New("-doc needs a -date")
	}

	var text strings.Builder
	fmt.Fprintf(&text, "%s\n\n", measure.Provenance(*date, measure.CommandLine("process/run", told(args))))
	fmt.Fprintf(&text, "Medians of %d rounds over the tree and %d on one file (lower–upper quartile), wall clock.\n\n", l.rounds, l.starts)
	if err := l.prepare(stderr); err != nil {
		return err
	}
	tables, races := l.tables()
	// What is needed is found out first, so that nothing else is run.
	for _, table := range tables {
		if _, _, err := table.Print(io.Discard, pattern); err != nil {
			return err
		}
	}
	for _, r := range races {
		if err := r.run(stderr); err != nil {
			return err
		}
	}
	targets, missed := 0, []string(nil)
	for _, table := range tables {
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
		if err := measure.Replace(*doc, "process", text.String()); err != nil {
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

// apart runs a command from a process that did nothing else. The system counts
// the memory of the process that starts another to that other one's peak, so it
// has to be small.
func apart(c measure.Command) (used measure.Usage, err error) {
	self, err := os.Executable()
	if err != nil {
		return used, err
	}
	question, err := json.Marshal(c)
	if err != nil {
		return used, err
	}
	process := exec.Command(self, "-usage")
	process.Stdin, process.Stderr = bytes.NewReader(question), os.Stderr
	answer, err := process.Output()
	if err != nil {
		return used, fmt.Errorf("%s: %w", c.Name, err)
	}
	return used, json.Unmarshal(answer, &used)
}

// serve is the other side of apart.
func serve(r io.Reader, w io.Writer) error {
	var c measure.Command
	if err := json.NewDecoder(r).Decode(&c); err != nil {
		return err
	}
	used, err := c.Run()
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(used)
}

// told are the arguments without those that the script gives.
func told(args []string) []string {
	var rest []string
	for i := 0; i < len(args); i++ {
		switch args[i] {
		case "-bin", "-tools", "-data":
			i++
		default:
			rest = append(rest, args[i])
		}
	}
	return rest
}

// lab knows where everything is.
type lab struct {
	bin, tools, data string
	files            int
	rounds, starts   int // over the tree, and on one file
}

// prepare writes the files, makes one tree a git work tree, and reads all files
// once, so that no later process is the first to.
func (l lab) prepare(stderr io.Writer) error {
	// Whatever runs beside has as many processors as it was given workers.
	if err := os.Setenv("GOMAXPROCS", "2"); err != nil {
		return err
	}
	if err := os.MkdirAll(l.data, 0o777); err != nil {
		return err
	}
	fmt.Fprintf(stderr, "process: writing %d files\n", l.files)
	git := []string{"git", "-c", "user.name=bench", "-c", "user.email=bench@example.invalid", "-c", "commit.gpgsign=false",
		"-c", "gc.auto=0", "-c", "maintenance.auto=false"} // which would go on beside the measurement
	for _, step := range []struct {
		dir  string
		args []string
	}{
		{"", []string{l.ours("tree"), "-files", strconv.Itoa(l.files), l.data}},
		{"git", []string{"git", "init", "--quiet"}},
		{"git", []string{"git", "add", "--all"}},
		{"git", append(git, "commit", "--quiet", "--message=files")},
		{"", []string{"sync"}}, // or the disk would be busy with them
		{"", []string{l.ours("walk")}},
	} {
		process := exec.Command(step.args[0], step.args[1:]...)
		process.Dir, process.Stderr = filepath.Join(l.data, step.dir), stderr
		if err := process.Run(); err != nil {
			return fmt.Errorf("%s: %w", strings.Join(step.args, " "), err)
		}
	}
	return nil
}

func (l lab) ours(name string) string { return filepath.Join(l.bin, name) }
