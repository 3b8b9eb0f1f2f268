package command

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/compare"
	"github.com/patchlint/patchlint/internal/entity"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
)

// Diff is the diff command with its flags.
type Diff struct {
	Common
	Formats  []Format // the default depends on the arguments
	Base     string   // the object that was applied last
	Options  diff.Options
	ExitCode bool // exit with Findings if there is a difference
}

// Run compares two objects, or the objects of two directories. The error may be an Exit.
func (f *Diff) Run(current, desired string, streams Streams) error {
	set := &report.PlanSummary{Directories: files.IsDirectory(current) && files.IsDirectory(desired)}
	if len(f.Formats) == 0 && set.Directories {
		f.Formats = []Format{"text"} // a list of bodies would not show which object each is for
	}
	s, sessionErr := newSession(&f.Common, streams)
	inputs := append(f.inputs(), current, desired, f.Base)
	out, err := openOutput[*report.Comparison, *report.PlanSummary](f.Formats, report.PlanFormatNames(), inputs, streams.Out)
	if out == nil {
		return err
	}
	defer out.abandon()
	out.protectSettings(s.run)
	p := &plans{session: s, flags: f, set: set, out: out}
	for _, part := range out.parts {
		format := report.PlanFormatOf(part.format)
		p.needsID, p.oneService, p.skipped = p.needsID || format.NeedsID, p.oneService || format.OneService, p.skipped || format.Skipped
		part.printer = format.New(part, set.Directories, part.file == nil && useColor(f.Color, streams.Out))
		if part.file == nil && part.format == "text" {
			p.textOnStdout, s.flushReport = true, part.Flush // findings about a plan are printed after it
		}
	}
	if err = errors.Join(sessionErr, err); err == nil {
		p.unused = slices.Clone(f.Options.Ignore)
		err = p.compareAll(current, desired)
		for _, text := range compare.UnknownPointers(p.resources, slices.Concat(p.unused, f.Options.Send)) {
			p.note("%s", text)
		}
	}
	return p.finish(err)
}

// plans is the state of a run of diff. It reports each comparison as it is made.
type plans struct {
	*session
	flags        *Diff
	set          *report.PlanSummary
	out          *output[*report.Comparison, *report.PlanSummary]
	needsID      bool
	oneService   bool
	service      string // of the updates so far
	skipped      bool   // a report has what is not sent
	textOnStdout bool
	compared     int                 // the number of properties compared
	resources    []*schema.Type      // the resources compared
	unused       []patchlint.Pointer // those of --ignore that refer to no member of an object so far
}

// compareAll compares the objects that the arguments name.
func (p *plans) compareAll(current, desired string) error {
	base, options := p.flags.Base, &p.flags.Options
	options.Ignore = append(options.Ignore, p.run.Diff.Ignore...)
	options.AnyVersion = p.run.Pinned
	if err := checkStdinOnce(current, desired, base); err != nil {
		return err
	}
	for _, name := range []string{current, desired, base} {
		if _, err := os.Stat(name); name != "" && name != "-" && errors.Is(err, os.ErrNotExist) {
			p.fail(files.Missing(name))
		}
	}
	switch {
	case len(p.failures) > 0:
		return nil
	case files.IsDirectory(current) != files.IsDirectory(desired):
		return fmt.Errorf("%s and %s: both must be files, or both directories", files.Display(current), files.Display(desired))
	case !p.set.Directories:
		return p.compareFiles(current, desired, base)
	}
	for _, part := range p.out.parts {
		if !report.PlanFormatOf(part.format).Directories {
			return Usagef("--format %s is for one object; for directories, use text, json, markdown, batch or http", part.format)
		}
	}
	if base != "" && !files.IsDirectory(base) {
		return fmt.Errorf("--base %s: must be a directory, as CURRENT and DESIRED are", files.Display(base))
	}
	return p.compareDirectories(current, desired, base)
}

// checkStdinOnce returns an error if standard input is named more than once.
func checkStdinOnce(names ...string) error {
	first := slices.Index(names, "-")
	if first >= 0 && slices.Contains(names[first+1:], "-") {
		return Usagef("standard input can be only one of the objects")
	}
	return nil
}

func (p *plans) compareFiles(current, desired, base string) error {
	var applied *object
	if base != "" {
		applied = &object{file: base}
	}
	c := p.compare(&object{file: current}, &object{file: desired}, applied)
	if c == nil {
		return nil
	}
	if c.Plan != nil && c.Plan.Compared == 0 {
		err := fmt.Errorf("nothing was compared: %s sets no property that diff would send", c.Sources[diff.Desired].Name)
		if p.flags.ExitCode {
			p.fail(err)
		} else {
			p.note("%v", err)
		}
	}
	return p.report(c)
}

// compareDirectories compares the objects of two directories. baseDir may be "".
func (p *plans) compareDirectories(currentDir, desiredDir, baseDir string) error {
	current, desired := p.scan(currentDir, diff.Current), p.scan(desiredDir, diff.Desired)
	pairs := pairUp(current.objects, desired.objects)
	bases, complete := new(pairing), true // whether an object without a base has none
	if baseDir != "" {
		before := len(p.failures)
		bases = pairBases(p.scan(baseDir, diff.Base).objects, pairs)
		complete = len(p.failures) == before
		if complete && len(pairs.with) > 0 && len(bases.with)+len(bases.errs) == 0 {
			p.fail(fmt.Errorf("--base %s: none of its objects matches a compared object", files.Display(baseDir)))
			complete = false
		}
	}
	for _, err := range slices.Concat(pairs.errs, bases.errs) {
		p.fail(err)
	}
	for _, o := range desired.objects {
		from, base := pairs.with[o], bases.with[o]
		switch {
		case pairs.unmatched(o):
			p.unpaired(desired, o)
			continue
		case pairs.failed[o], bases.failed[o], base == nil && !complete: // without a base, the update could remove what others added
			continue
		case o.id == "" && current.uncertain(from): // an object in a list has no path to pair by
			p.fail(fmt.Errorf("%s: only its displayName matches %s, a list that continues at its @odata.nextLink, where another object may have the same name; add its id, or get the rest of the list", o.file, from.file))
			continue
		case baseDir != "" && base == nil:
			p.note("%s: %s has no matching object, so current and desired are compared without it", o.file, files.Display(baseDir))
		}
		if c := p.compare(from, o, base); c != nil {
			if err := p.report(c); err != nil {
				return err
			}
		}
	}
	for _, o := range current.objects {
		if pairs.unmatched(o) {
			p.unpaired(current, o)
		}
	}
	if n := current.skipped + desired.skipped; n > 0 && !p.Verbose {
		p.note("%s skipped: unknown type; --verbose lists them", report.Count(n, "file or object", "files or objects"))
	}
	if slices.Contains(slices.Collect(maps.Values(current.lists)), false) {
		p.fail(fmt.Errorf("%s contains a list that continues at its @odata.nextLink; get the rest", current.name))
	}
	switch {
	case len(p.failures) > 0 || p.set.Refused > 0:
	case p.set.Compared == 0:
		how := ""
		if len(p.set.OnlyCurrent) > 0 && len(p.set.OnlyDesired) > 0 {
			how = "; objects are paired by key, usually the id, else by displayName, else by path"
		}
		p.fail(fmt.Errorf("nothing was compared: %s, %s%s", current.describe(), desired.describe(), how))
		p.untyped = current.skipped+desired.skipped > 0
	case p.compared == 0:
		p.fail(fmt.Errorf("nothing was compared: no object in %s sets a property that diff would send", desired.name))
	}
	return nil
}

// unpaired reports an object without a counterpart.
func (p *plans) unpaired(d *directory, o *object) {
	entry := report.Unpaired{File: o.file}
	for _, label := range []string{o.name, o.id} {
		if o.document != nil && label != "" { // the file can hold other objects
			entry.Labels = append(entry.Labels, secret.Mask(o.document, label))
		}
	}
	switch {
	case o.fault != "":
		p.fail(fmt.Errorf("%s: %s", o.file, o.fault))
		return
	case !o.typed():
		p.skip(d, o)
		return
	case d.side == diff.Current:
		p.set.OnlyCurrent = append(p.set.OnlyCurrent, entry)
	default:
		p.set.OnlyDesired = append(p.set.OnlyDesired, entry)
	}
	if !p.Quiet || p.flags.ExitCode {
		p.say(fmt.Sprintf("only in %s: %s", d.side, entry))
	}
}

// compare computes the plan for a pair of objects. base may be nil. It returns nil if an object
// cannot be read.
func (p *plans) compare(current, desired, base *object) *report.Comparison {
	docs, before := make(sources), len(p.failures)
	for _, of := range []struct {
		side diff.Side
		*object
	}{{diff.Current, current}, {diff.Desired, desired}, {diff.Base, base}} {
		if of.object == nil {
			continue
		}
		docs[of.side] = report.Source{Name: of.file, Document: of.document}
		if of.document == nil {
			var err error
			if docs[of.side], err = p.load(of.file); err != nil {
				p.fail(err)
			}
		}
	}
	if len(p.failures) > before {
		return nil
	}
	o := p.flags.Options
	o.Object = current.node
	c, resource := p.comparison(docs, current)
	if resource != nil {
		compared := compare.Fill(c, resource, p.run.Of(docs[diff.Desired].Name).Linter, o)
		p.unused = slices.DeleteFunc(p.unused, func(ignore patchlint.Pointer) bool { return compare.Ignores(c, ignore) })
		if !slices.Contains(p.resources, compared) {
			p.resources = append(p.resources, compared)
		}
	}
	return c
}

// report prints a comparison in every format, and its findings.
func (p *plans) report(c *report.Comparison) error {
	if c.Plan != nil {
		p.compared += c.Plan.Compared
	}
	if c.Changed() {
		if err := p.checkSendable(c); err != nil {
			p.fail(err)
			c.Unsent = true
		}
	}
	p.set.Count(c)
	if err := p.out.print(c); err != nil {
		return err
	}
	p.printAll(c)
	if !p.skipped {
		for _, text := range c.Unmet() {
			p.note("%s: %s", c.Sources[diff.Desired].Name, text)
		}
	}
	return nil
}

// checkSendable returns an error if a format of the run cannot have a request for a changed
// object.
func (p *plans) checkSendable(c *report.Comparison) error {
	if p.needsID {
		if reason := noURL(c.Plan); reason != "" {
			return fmt.Errorf("%s: %s, so there is no URL to send to", c.Sources[diff.Current].Name, reason)
		}
	}
	if p.oneService {
		if p.service = cmp.Or(p.service, c.Service()); c.Service() != p.service {
			return fmt.Errorf("%s: the update goes to %s, but those before it go to %s; a batch has one URL, so this update is left out; compare the object separately, or use only --format http",
				c.Sources[diff.Desired].Name, c.Service(), p.service)
		}
	}
	return nil
}

// noURL returns why there is no URL to send a plan to, or "".
func noURL(plan *diff.Plan) string {
	t, path := plan.Resource, plan.Path()
	if path == "" {
		return fmt.Sprintf("no path of %s is known", inert.Text(t.Short()))
	}
	_, rest, found := strings.Cut(path, "{") // a brace in the id would be escaped
	name, _, _ := strings.Cut(rest, "}")
	switch {
	case !found:
		return ""
	case name != "id":
		return fmt.Sprintf("the path %s needs %s, which current does not show", inert.Text(t.Path()), inert.Text("{"+name+"}"))
	}
	return "neither object has " + cmp.Or(entity.KeyNames(t), "a published key")
}

// finish finishes the reports after a run with or without an error, and returns its exit code
// as an error.
func (p *plans) finish(err error) error {
	err = p.out.finish(&p.console, err, func() *report.PlanSummary {
		p.set.Failures = p.failures
		return p.set
	})
	if err != nil {
		return err
	}
	if p.set.Directories && len(p.failures) == 0 && !p.textOnStdout {
		p.note("%s", report.Total(p.set))
	}
	p.noteTypes()
	switch {
	case p.set.Refused > 0 || len(p.failures) > 0:
		return Failed
	case p.flags.ExitCode && (p.set.Changed+p.set.Incomplete > 0 || len(p.set.OnlyCurrent)+len(p.set.OnlyDesired) > 0):
		return Findings
	}
	return nil
}
