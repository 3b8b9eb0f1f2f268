package command

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/settings"
	"github.com/patchlint/patchlint/internal/spelling"
)

// Format is a value of --format: NAME, or NAME=FILE.
type Format string

// Cut returns the name of the format, and the file to write, "-" for standard output.
func (f Format) Cut() (name, file string) {
	name, file, named := strings.Cut(string(f), "=")
	if !named {
		file = "-"
	}
	return name, file
}

// output is where the reports of a run are written. A file gets its name only when it
// is complete.
type output[Item, Summary any] struct{ parts []*part[Item, Summary] }

// part is the report in one format, about each Item and then the Summary of the run.
type part[Item, Summary any] struct {
	*bufio.Writer
	format  string
	name    string            // of the file, "-" for standard output
	file    *files.AtomicFile // nil for standard output
	step    *os.File          // the GITHUB_STEP_SUMMARY file, which the printer also writes to; may be nil
	printer report.Reporter[Item, Summary]
	err     error // why the report cannot or must not be written
}

// openOutput opens the outputs of --format; without values, that of the first format.
// None may replace one of the inputs. If a file cannot be opened, it returns the other outputs
// with the error. A UsageError comes without an output.
func openOutput[Item, Summary any](values []Format, formats, inputs []string, stdout io.Writer) (*output[Item, Summary], error) {
	if len(values) == 0 {
		values = []Format{Format(formats[0])}
	}
	var parts []*part[Item, Summary]
	for _, value := range values {
		format, file := value.Cut()
		if isOutput(file, stdout) {
			file = "-"
		}
		if !slices.Contains(formats, format) {
			if near := spelling.Nearest(format, formats); near != "" {
				return nil, Usagef("--format: unknown format %s; did you mean %q?", inert.Quote(format), near)
			}
			return nil, Usagef("--format: unknown format %s; must be one of %s", inert.Quote(format), strings.Join(formats, ", "))
		}
		if file == "" {
			return nil, Usagef("--format %s= needs the name of a file after the equals sign", format)
		}
		if file != "-" {
			if err := checkOverwrite(file, inputs); err != nil {
				return nil, err
			}
		}
		if i := slices.IndexFunc(parts, func(p *part[Item, Summary]) bool { return sameOutput(p.name, file) }); i >= 0 && file != "-" {
			return nil, Usagef("--format: %s and %s cannot both go to %s", parts[i].format, format, file)
		} else if i >= 0 {
			return nil, Usagef("--format: %s and %s cannot both go to standard output; write one to a file with --format %s=FILE", parts[i].format, format, format)
		}
		parts = append(parts, &part[Item, Summary]{format: format, name: file})
	}
	o := new(output[Item, Summary])
	var failures []error
	for _, p := range parts {
		w := stdout
		if p.name != "-" {
			var err error
			if p.file, err = files.Create(p.name); err != nil {
				failures = append(failures, fmt.Errorf("--format %s: %w", p.format, err))
				continue
			}
			w = p.file
		}
		p.Writer = bufio.NewWriterSize(w, 64<<10)
		o.parts = append(o.parts, p)
	}
	return o, errors.Join(failures...)
}

// isOutput reports whether a file or pipe is the same as standard output, like
// /dev/stdout. A report that replaces it would lose output.
func isOutput(file string, stdout io.Writer) bool {
	if f, ok := stdout.(*os.File); ok {
		named, err := os.Stat(file)
		info, outErr := f.Stat()
		return err == nil && outErr == nil && named.Mode()&fs.ModeDevice == 0 && os.SameFile(named, info)
	}
	return false
}

// sameOutput reports whether two names are of the same output; "-" is standard output.
func sameOutput(a, b string) bool {
	return a == b || a != "-" && b != "-" && files.Target(a) == files.Target(b)
}

// checkOverwrite returns an error if an output file is also an input.
func checkOverwrite(output string, inputs []string) error {
	written, err := os.Stat(output)
	if err != nil || !written.Mode().IsRegular() {
		return nil
	}
	for _, input := range inputs {
		if read, err := os.Stat(input); err == nil && os.SameFile(read, written) {
			return Usagef("a report or baseline would overwrite %s, which is an input; name another file", files.Display(input))
		}
	}
	return nil
}

// forPeople reports whether one of the reports is for people.
func (o *output[Item, Summary]) forPeople() bool {
	return slices.ContainsFunc(o.parts, func(p *part[Item, Summary]) bool { return p.format == "text" })
}

// protect cancels a report that would replace an input file.
func (o *output[Item, Summary]) protect(input string) {
	for _, p := range o.parts {
		if p.file != nil && p.err == nil && p.file.Replaces(input) {
			p.err = fmt.Errorf("it would replace %s, which is an input; name another file", files.Display(input))
		}
	}
}

// protectSettings cancels a report that would replace a file of the settings. If run is nil
// or not Decoded, some of these files are unknown, and it cancels a report that would replace
// any file.
func (o *output[Item, Summary]) protectSettings(run *settings.Run) {
	if run != nil {
		for _, name := range run.Files() {
			o.protect(name)
		}
		if run.Decoded() {
			return
		}
	}
	for _, p := range o.parts {
		if p.file != nil && p.err == nil && p.file.ReplacesAny() {
			p.err = errors.New("it exists and is not replaced, because the settings cannot be read and may refer to it")
		}
	}
}

// errUnwritable ends a run if none of its reports can be written. The parts have the reasons.
var errUnwritable = errors.New("no report can be written")

// print adds an item to each report. A report that cannot be written does not affect the
// others.
func (o *output[Item, Summary]) print(item Item) error {
	writing := false
	for _, p := range o.parts {
		if p.err == nil {
			p.err = p.printer.Print(item)
		}
		writing = writing || p.err == nil
	}
	if !writing {
		return errUnwritable
	}
	return nil
}

// finish closes all reports with the summary of a run and gives the files their names, even if
// the run or some of them fail, and returns all errors. It adds each to the failures, for the
// reports that are closed afterwards: those in files come first.
func (o *output[Item, Summary]) finish(c *console, err error, summary func() Summary) error {
	var failures []error
	if err != nil && err != errUnwritable {
		failures = append(failures, err)
		c.addFailure(err)
	}
	for _, files := range []bool{true, false} {
		for _, p := range o.parts {
			if (p.file != nil) != files {
				continue
			}
			if err := p.printer.Close(summary()); p.err == nil { // it may also write a summary elsewhere
				p.err = err
			}
			if err := p.end(); err != nil {
				err = fmt.Errorf("cannot write the report: %w", err)
				failures = append(failures, err)
				c.addFailure(err)
			}
		}
	}
	return errors.Join(failures...)
}

// end flushes a report and gives the file its name, unless there was an error.
func (p *part[_, _]) end() error {
	err := p.err
	if flushErr := p.Flush(); err == nil {
		err = flushErr
	}
	if p.file == nil {
		return err
	}
	return p.file.Finish(err)
}

// abandon removes the files that are not finished.
func (o *output[Item, Summary]) abandon() {
	for _, p := range o.parts {
		p.step.Close() // which may be nil
		if p.file != nil {
			p.file.Abandon()
		}
	}
}
