package command

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/compare"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/identity"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/schema"
)

// Diff is a run of diff, with its flags.
type Diff struct {
	Common
	Formats  []string // NAME[=FILE]; none for the default
	Base     string   // what was applied last
	Options  diff.Options
	ExitCode bool // a difference has an exit code of its own
}

// Run compares what two arguments name: two objects, or those of two directories. The
// error may be an Exit.
func (f *Diff) Run(current, desired string, streams Streams) error {
	if err := apart(append([]string{current, desired, f.Base}, f.Names...), outputFiles(f.Formats)); err != nil {
		return err
	}
	set := &report.PlanSummary{Directories: files.IsDirectory(current) && files.IsDirectory(desired)}
	switch {
	case len(f.Formats) > 0:
	case set.Directories:
		f.Formats = []string{"text"} // one body a line would not say whose it is
	default:
		f.Formats = []string{"body"}
	}
	out, err := openOutput(f.Formats, PlanFormats(), streams.Out)
	defer out.abandon()
	var usage UsageError
	if errors.As(err, &usage) {
		return err
	}
	s, sessionErr := newSession(&f.Common, streams)
	p := newPlans(s, f, set, out)
	if err = errors.Join(err, sessionErr); err == nil {
		asked := slices.Concat(f.Options.Ignore, f.Options.Send)
		err = p.compareAll(current, desired)
		for _, text := range compare.NoProperty(p.resources, asked) {
			p.note("%s", text)
		}
	}
	// Whatever became of it, what was asked for is a whole document that says so.
	if err != nil {
		s.failed(err)
	}
	set.Failures = s.failures
	code, closeErr := p.close()
	if err = errors.Join(err, closeErr); err == nil && code != Clean {
		err = code
	}
	return err
}

// PlanFormats lists the names of the formats of diff.
func PlanFormats() (names []string) {
	for _, f := range report.PlanFormats() {
		names = append(names, f.Name)
	}
	return names
}

func planFormat(name string) report.PlanFormat {
	formats := report.PlanFormats()
	return formats[slices.IndexFunc(formats, func(f report.PlanFormat) bool { return f.Name == name })]
}

// plans reports the comparisons of a run as they are made.
type plans struct {
	*session
	flags     *Diff
	set       *report.PlanSummary
	out       *output
	printers  []report.PlanPrinter
	needsID   bool
	shown     bool               // standard output has the text report
	compared  int                // properties
	resources []*schema.Resource // that were compared
}

func newPlans(s *session, f *Diff, set *report.PlanSummary, out *output) *plans {
	p := &plans{session: s, flags: f, set: set, out: out}
	for _, part := range out.parts {
		format := planFormat(part.format)
		p.needsID = p.needsID || format.NeedsID
		p.printers = append(p.printers, format.New(part, set.Directories, report.Options{Color: s.color && part.file == nil}))
		if part.file == nil && part.format == "text" {
			p.shown, s.before = true, part.Flush // a plan is followed by what is found about it
		}
	}
	return p
}

// compareAll compares what the arguments name.
func (p *plans) compareAll(current, desired string) error {
	base, options := p.flags.Base, &p.flags.Options
	options.Ignore = append(options.Ignore, p.linters.Diff.Ignore...)
	options.AnyVersion = p.linters.Pinned
	if err := stdinOnce(current, desired, base); err != nil {
		return err
	}
	if !p.set.Directories {
		if files.IsDirectory(current) != files.IsDirectory(desired) {
			for _, name := range []string{current, desired} {
				if _, err := os.Stat(name); name != "-" && errors.Is(err, os.ErrNotExist) {
					return files.Missing(name)
				}
			}
			return fmt.Errorf("%s and %s: both must be files, or both directories", files.Display(current), files.Display(desired))
		}
		return p.compareFiles(current, desired, base)
	}
	for _, part := range p.out.parts {
		if !planFormat(part.format).Directories {
			return Usagef("--format %s is for one object; for directories use text, json, markdown, batch or http", part.format)
		}
	}
	if base != "" && !files.IsDirectory(base) {
		if _, err := os.Stat(base); errors.Is(err, os.ErrNotExist) {
			return files.Missing(base)
		}
		return fmt.Errorf("--base %s: must be a directory, as CURRENT and DESIRED are", files.Display(base))
	}
	return p.compareDirectories(current, desired, base)
}

// stdinOnce returns an error when standard input is to be read more than once.
func stdinOnce(names ...string) error {
	first := slices.Index(names, "-")
	if first >= 0 && slices.Contains(names[first+1:], "-") {
		return Usagef("standard input can be only one of the objects")
	}
	return nil
}

func (p *plans) compareFiles(current, desired, base string) error {
	of := make(sources)
	for side, name := range []string{diff.Current: current, diff.Desired: desired, diff.Base: base} {
		if name == "" && diff.Side(side) == diff.Base {
			continue
		}
		source, err := p.load(name)
		if err != nil {
			p.complain(err)
		}
		of[diff.Side(side)] = source
	}
	if len(p.failures) > 0 {
		return nil
	}
	c := p.compare(of, p.flags.Options)
	if c.Plan != nil && c.Plan.Compared() == 0 {
		err := fmt.Errorf("nothing was compared: %s names no property that is sent", of[diff.Desired].Name)
		if p.flags.ExitCode {
			p.complain(err)
		} else {
			p.note("%v", err)
		}
	}
	return p.report(c)
}

// compare computes the plan for one pair.
func (p *plans) compare(of sources, o diff.Options) *report.Comparison {
	c, resource := p.comparison(of, o.Object)
	if resource != nil {
		linter, _ := p.linters.Of(of[diff.Desired].Name)
		compared := compare.Fill(c, resource, linter, o)
		if !slices.Contains(p.resources, compared) {
			p.resources = append(p.resources, compared)
		}
	}
	p.locate(c)
	return c
}

// report reports a comparison in every format, and what was found about it.
func (p *plans) report(c *report.Comparison) error {
	if c.Plan != nil {
		p.compared += c.Plan.Compared()
	}
	if p.needsID && c.Changed() {
		if reason := noURL(c.Plan); reason != "" {
			p.complain(fmt.Errorf("%s: %s, so there is no URL to send to", c.Sources[diff.Current].Name, reason))
			c.Plan.Body = nil
		}
	}
	p.set.Count(c)
	for _, printer := range p.printers {
		if err := printer.Print(c); err != nil {
			return fmt.Errorf("cannot write the report: %w", err)
		}
	}
	p.printAll(c)
	return nil
}

// noURL says why a plan cannot be sent, "" where it can.
func noURL(plan *diff.Plan) string {
	t, path := plan.Resource.Type, plan.Path()
	if path == "" {
		return fmt.Sprintf("no path of a %s is known", inert.Text(t.Short()))
	}
	if strings.Contains(path, "{id}") {
		switch key := identity.Names(t); key {
		case "":
			return fmt.Sprintf("which property is the key of a %s is not published", inert.Text(t.Short()))
		case `"id"`:
			return "neither object has an id"
		default:
			return "neither object has " + key
		}
	}
	if _, rest, found := strings.Cut(path, "{"); found { // those of the id are escaped
		name, _, _ := strings.Cut(rest, "}")
		return fmt.Sprintf("the path %s needs %s, which current does not show", inert.Text(plan.Resource.Path()), inert.Text("{"+name+"}"))
	}
	return ""
}

// close ends the reports, and returns the exit code of the run.
func (p *plans) close() (code Exit, err error) {
	err = p.out.finish(func(i int) error { return p.printers[i].Close(p.set) }, func(err error) {
		p.set.Failures = append(p.set.Failures, err.Error())
	})
	if err != nil {
		return Failed, err
	}
	if p.set.Directories && len(p.set.Failures) == 0 && !p.shown {
		p.note("%s", report.Total(p.set))
	}
	switch {
	case p.set.Refused > 0 || len(p.set.Failures) > 0:
		return Failed, nil
	case p.flags.ExitCode && (p.set.Changed+p.set.Incomplete > 0 || len(p.set.OnlyCurrent)+len(p.set.OnlyDesired) > 0):
		return Findings, nil
	}
	return Clean, nil
}
