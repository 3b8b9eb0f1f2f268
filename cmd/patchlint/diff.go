package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/compare"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/report"
)

// pairFlags are the flags of diff and apply.
type pairFlags struct{ commonFlags }

func (f *pairFlags) register(cmd *cobra.Command) {
	f.commonFlags.register(cmd.Flags(), "print no warnings and no notes", "also say what needs no attention")
}

type diffFlags struct {
	pairFlags
	formats   []string
	base      string
	prune     bool
	ordered   bool
	ignore    []string
	send      []string
	odataType bool
	exitCode  bool

	formatGiven bool
}

func newDiff(streams stdio) *cobra.Command {
	var f diffFlags
	cmd := &cobra.Command{
		Use:   "diff [flags] CURRENT DESIRED",
		Short: "Print the smallest PATCH body that turns CURRENT into DESIRED",
		Long: `diff prints the smallest body that, sent as PATCH, turns the object that the
service holds (CURRENT, as a GET returned it) into the one that is wanted
(DESIRED), and nothing when there is nothing to send. What DESIRED leaves out is
left alone. A collection of assignments is sent whole, because a PATCH replaces
it whole.

Both may be directories: their objects are paired by id, else displayName, else
path, and reported one by one. Files of CURRENT may be lists, NDJSON or $batch
responses. Either may be "-" for standard input. Without --api-version, a CURRENT
of another API version than the body's is refused.

Exit codes: 0 done, 1 with --exit-code if there is something to send or only one
directory has an object, 2 refused, not done or nothing compared; then no body is
printed.`,
		Example: `  patchlint diff current.json desired.json
  patchlint diff --format text current.json desired.json
  patchlint diff --base last-applied.json current.json desired.json
  patchlint diff --format text --exit-code current/ desired/`,
		Args:              twoArguments,
		SuggestFor:        []string{"plan", "compare", "preview", "patch"},
		ValidArgsFunction: upTo(2, payloadFiles()),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.given(cmd)
			f.formatGiven = cmd.Flags().Changed("format")
			return runDiff(f, args[0], args[1], streams)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringArrayVar(&f.formats, "format", []string{"body"}, "what to print, as `NAME[=FILE]`: "+strings.Join(planNames(), ", ")+" (repeatable; text for directories)")
	flags.StringVar(&f.base, "base", "", "`FILE` that was applied last: what it has and DESIRED lacks is cleared, and what only the service has stays")
	flags.BoolVar(&f.prune, "prune", false, "clear what DESIRED leaves out, where its type allows")
	flags.BoolVar(&f.ordered, "ordered", false, "treat the order of a collection as part of its value")
	flags.StringArrayVar(&f.ignore, "ignore", nil, "do not compare the value that a JSON `POINTER` names; * matches one token (repeatable)")
	flags.StringArrayVar(&f.send, "send", nil, "send what the service keeps itself, such as /lastHeartbeatDateTime; its JSON `POINTER` (repeatable)")
	flags.BoolVar(&f.odataType, "odata-type", false, "put the object's own @odata.type into the body")
	flags.BoolVar(&f.exitCode, "exit-code", false, "exit 1 if there is something to send, or only one directory has an object")
	_ = cmd.RegisterFlagCompletionFunc("format", completeFormats(planNames()))
	f.register(cmd)
	return cmd
}

func twoArguments(cmd *cobra.Command, args []string) error {
	if len(args) != 2 {
		return usageError{fmt.Errorf("%s takes two arguments: %s", cmd.Name(), strings.TrimPrefix(cmd.Use, cmd.Name()+" [flags] "))}
	}
	return nil
}

func pointers(flag string, texts []string) ([]patchlint.Pointer, error) {
	var list []patchlint.Pointer
	for _, text := range texts {
		p := patchlint.Pointer(text)
		if !p.Valid() || p == "" {
			return nil, usageError{fmt.Errorf("--%s takes a JSON Pointer such as /displayName, not %s", flag, inert.Quote(text))}
		}
		list = append(list, p)
	}
	return list, nil
}

func runDiff(f diffFlags, currentPath, desiredPath string, streams stdio) error {
	operands := []string{currentPath, desiredPath, f.base}
	if err := apart(slices.Concat(operands, f.names), outputFiles(f.formats)); err != nil {
		return err
	}
	set := &report.Set{Directories: files.IsDirectory(currentPath) && files.IsDirectory(desiredPath)}
	if set.Directories && !f.formatGiven {
		f.formats = []string{"text"} // one body a line would not say whose it is
	}
	out, err := openOutput(f.formats, planNames(), streams.out)
	defer out.abandon()
	var usage usageError
	if errors.As(err, &usage) {
		return err
	}
	s, sessionErr := newSession(&f.pairFlags, streams)
	p := newPlans(s, set, out)
	if err = errors.Join(err, sessionErr); err == nil {
		err = p.fill(f, operands)
	}
	// Whatever became of it, what was asked for is a whole document that says so.
	if err != nil {
		s.failed(err)
	}
	set.Failures = s.failures
	code, closeErr := p.close(f.exitCode)
	if err = errors.Join(err, closeErr); err == nil && code != exitClean {
		err = exitError{code: code}
	}
	return err
}

// options are what the flags say of every comparison.
func (f *diffFlags) options() (o diff.Options, err error) {
	o = diff.Options{Prune: f.prune, Ordered: f.ordered, ODataType: f.odataType, AnyVersion: f.apiVersion != ""}
	o.Ignore, err = pointers("ignore", f.ignore)
	if err == nil {
		o.Send, err = pointers("send", f.send)
	}
	return o, err
}

// plans reports the comparisons of a run as they are made.
type plans struct {
	*session
	set      *report.Set
	out      *output
	printers []report.PlanPrinter
	needsID  bool
	shown    bool // standard output has the text report
	compared int  // properties
}

func newPlans(s *session, set *report.Set, out *output) *plans {
	p := &plans{session: s, set: set, out: out}
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

// fill compares what the operands name: current, desired and base.
func (p *plans) fill(f diffFlags, operands []string) error {
	options, err := f.options()
	if err != nil {
		return err
	}
	p.checkPointers(slices.Concat(options.Ignore, options.Send))
	options.Ignore = append(options.Ignore, p.settings.Diff.Ignore...)
	if err := stdinOnce(operands...); err != nil {
		return err
	}
	current, desired, base := operands[0], operands[1], operands[2]
	if !p.set.Directories {
		if files.IsDirectory(current) != files.IsDirectory(desired) {
			for _, name := range operands[:2] {
				if _, err := os.Stat(name); name != "-" && errors.Is(err, os.ErrNotExist) {
					return files.Missing(name)
				}
			}
			return fmt.Errorf("%s and %s: both must be files, or both directories", files.Display(current), files.Display(desired))
		}
		return p.compareFiles(current, desired, base, options, f.exitCode)
	}
	for _, value := range f.formats {
		if name, _, _ := strings.Cut(value, "="); !planFormat(name).Directories {
			return usageError{fmt.Errorf("--format %s is for one object; for directories use text, json, markdown, batch or http", name)}
		}
	}
	if base != "" && !files.IsDirectory(base) {
		if _, err := os.Stat(base); errors.Is(err, os.ErrNotExist) {
			return files.Missing(base)
		}
		return fmt.Errorf("--base %s: must be a directory, as CURRENT and DESIRED are", files.Display(base))
	}
	return p.compareDirectories(current, desired, base, options, f.exitCode)
}

// stdinOnce returns an error when standard input is to be read more than once.
func stdinOnce(names ...string) error {
	first := slices.Index(names, "-")
	if first >= 0 && slices.Contains(names[first+1:], "-") {
		return usageError{errors.New("standard input can be only one of the objects")}
	}
	return nil
}

func planNames() (names []string) {
	for _, f := range report.PlanFormats() {
		names = append(names, f.Name)
	}
	return names
}

func planFormat(name string) report.PlanFormat {
	formats := report.PlanFormats()
	return formats[slices.IndexFunc(formats, func(f report.PlanFormat) bool { return f.Name == name })]
}

func (p *plans) compareFiles(currentPath, desiredPath, basePath string, o diff.Options, gate bool) error {
	sources := make(map[diff.Side]report.Source)
	for side, name := range []string{diff.Current: currentPath, diff.Desired: desiredPath, diff.Base: basePath} {
		if name == "" && diff.Side(side) == diff.Base {
			continue
		}
		source, err := p.load(name)
		if err != nil {
			p.complain(err)
		}
		sources[diff.Side(side)] = source
	}
	if len(p.failures) > 0 {
		return nil
	}
	c := p.compare(sources, o)
	if c.Plan != nil && c.Plan.Compared() == 0 {
		const text = "nothing was compared: %s names no property that is sent"
		if name := sources[diff.Desired].Name; gate {
			p.complain(fmt.Errorf(text, name))
		} else {
			p.note(text, name)
		}
	}
	return p.report(c)
}

// report reports a comparison in every format, and what was found about it.
func (p *plans) report(c *report.Comparison) error {
	if c.Plan != nil {
		p.compared += c.Plan.Compared()
	}
	if p.needsID && c.Changed() && c.Plan.ID() == "" {
		p.complain(fmt.Errorf("%s: neither object has an id, so there is no URL to send to", c.Sources[diff.Current].Name))
		c.Plan.Body = nil
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

// close ends the reports, and returns the exit code of the run.
func (p *plans) close(gate bool) (code int, err error) {
	for _, name := range p.read {
		p.out.spare(name)
	}
	for _, printer := range p.printers {
		err = errors.Join(err, printer.Close(p.set))
	}
	if err == nil {
		err = p.out.commit()
	}
	if err != nil {
		return exitFailed, fmt.Errorf("cannot write the report: %w", err)
	}
	if p.set.Directories && len(p.set.Failures) == 0 && !p.shown {
		p.note("%s", report.Total(p.set))
	}
	switch {
	case p.set.Refused > 0 || len(p.set.Failures) > 0:
		return exitFailed, nil
	case gate && (p.set.Changed > 0 || len(p.set.OnlyCurrent)+len(p.set.OnlyDesired) > 0):
		return exitFindings, nil
	}
	return exitClean, nil
}

func newApply(streams stdio) *cobra.Command {
	var f applyFlags
	cmd := &cobra.Command{
		Use:   "apply [flags] CURRENT BODY",
		Short: "Print the object the service would hold after a PATCH with BODY",
		Long: `apply prints the object that the service would hold if BODY were sent as PATCH to
the object CURRENT, which may be a response as it was saved. A body that would
be refused is refused, with its faults on standard error and exit code 2. An
empty BODY is what diff prints when there is nothing to send. Where CURRENT is a
list, --id or the "id" of BODY tells which object the body is for.`,
		Example: `  patchlint diff current.json desired.json | patchlint apply current.json -
  patchlint apply --id 8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a list.json body.json`,
		Args:              twoArguments,
		SuggestFor:        []string{"merge"},
		ValidArgsFunction: upTo(2, payloadFiles()),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.given(cmd)
			return runApply(&f, args[0], args[1], streams)
		},
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringVar(&f.id, "id", "", "`ID` of the object that the body is for, where CURRENT lists several")
	f.register(cmd)
	return cmd
}

func runApply(f *applyFlags, currentPath, bodyPath string, streams stdio) error {
	s, err := newSession(&f.pairFlags, streams)
	if err != nil {
		return err
	}
	if err := stdinOnce(currentPath, bodyPath); err != nil {
		return err
	}
	current, err := s.load(currentPath)
	body, bodyErr := s.load(bodyPath)
	if err := errors.Join(err, bodyErr); err != nil {
		return err
	}
	nothing := len(bytes.TrimSpace(body.Document.Source())) == 0 // what diff prints when there is nothing to send
	if nothing {
		s.note("%s is empty, so nothing is applied", body.Name)
		body.Document, _ = patchlint.Parse([]byte("{}"), patchlint.JSON)
	}
	if err := f.tellsObject(current, body); err != nil {
		return err
	}
	c := s.comparison(map[diff.Side]report.Source{diff.Current: current, diff.Desired: body})
	var out []byte
	if resource := s.resource(c, patchlint.Node{}); resource != nil {
		out, err = diff.ApplyTo(resource, f.id, current.Document, body.Document)
		var refusal *diff.Refusal
		switch {
		case errors.As(err, &refusal):
			c.Errors = refusal.Findings
		case err != nil:
			return err
		}
		if !nothing {
			linter, _ := s.linters.Of(body.Name)
			c.Warnings = compare.Others(c, resource, linter)
		}
		s.root(c)
	}
	s.printAll(c)
	if len(c.Errors) > 0 {
		return exitError{code: exitFailed}
	}
	_, err = streams.out.Write(report.Inert(out))
	return err
}
