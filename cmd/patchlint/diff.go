package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// pairFlags are the flags of diff and apply.
type pairFlags struct {
	apiVersion, typeName string
	config               string
	color                string
	quiet, verbose       bool
	maxBytes             int64
}

func (f *pairFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&f.apiVersion, "api-version", "", "the Graph API version to send to: beta (the default) or v1.0")
	flags.StringVar(&f.config, "config", "", "the settings `file`; without it the nearest "+configName+" up to the root of the repository")
	flags.StringVar(&f.typeName, "type", "", "the type of the objects; without it they show it")
	flags.StringVar(&f.color, "color", "auto", "colours: auto, always or never")
	flags.Int64Var(&f.maxBytes, "max-bytes", 64<<20, "the largest document that is read, in bytes")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "no warnings and no notes")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "also say what needs no attention")
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
}

func newDiff(streams stdio) *cobra.Command {
	var names []string
	for _, f := range report.PlanFormats() {
		names = append(names, f.Name)
	}
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
path, and reported one by one. Either may be "-" for standard input.

Exit codes: 0 done, 1 with --exit-code if there is something to send, 2 refused
or not done; then no body is printed.`,
		Example: `  patchlint diff current.json desired.json
  patchlint diff --format text current.json desired.json
  patchlint diff --base last-applied.json current.json desired.json
  patchlint diff --format text --exit-code current/ desired/`,
		Args: twoArguments,
		RunE: func(_ *cobra.Command, args []string) error { return runDiff(f, args[0], args[1], streams) },
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringArrayVar(&f.formats, "format", []string{"body"}, "what to print, as `NAME[=FILE]`: "+strings.Join(names, ", ")+" (repeatable; text for directories)")
	flags.StringVar(&f.base, "base", "", "the `file` that was applied last: what it has and DESIRED lacks is cleared, and what only the service has stays")
	flags.BoolVar(&f.prune, "prune", false, "clear what DESIRED leaves out, where its type allows")
	flags.BoolVar(&f.ordered, "ordered", false, "take the order of a collection as part of its value")
	flags.StringArrayVar(&f.ignore, "ignore", nil, "do not compare what a JSON `pointer` names; * stands for one token (repeatable)")
	flags.StringArrayVar(&f.send, "send", nil, "send what the service keeps by itself, as /lastHeartbeatDateTime (`pointer`, repeatable)")
	flags.BoolVar(&f.odataType, "odata-type", false, "put the object's own @odata.type into the body")
	flags.BoolVar(&f.exitCode, "exit-code", false, "exit 1 if there is something to send")
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
			return nil, usageError{fmt.Errorf("--%s takes a JSON Pointer such as /displayName, not %s", flag, patchlint.Quote(text))}
		}
		list = append(list, p)
	}
	return list, nil
}

func runDiff(f diffFlags, currentPath, desiredPath string, streams stdio) error {
	options := diff.Options{Prune: f.prune, Ordered: f.ordered, ODataType: f.odataType}
	var err error
	if options.Ignore, err = pointers("ignore", f.ignore); err != nil {
		return err
	}
	if options.Send, err = pointers("send", f.send); err != nil {
		return err
	}
	s, err := newSession(&f.pairFlags, streams)
	if err != nil {
		return err
	}
	options.Ignore = append(options.Ignore, s.settings.diffIgnore...)
	if currentPath == "-" && desiredPath == "-" {
		return usageError{errors.New("standard input cannot be both")}
	}
	currentDir, desiredDir := isDirectory(currentPath), isDirectory(desiredPath)
	if currentDir != desiredDir {
		return fmt.Errorf("%s and %s: both must be files, or both directories", display(currentPath), display(desiredPath))
	}
	if currentDir && slices.Equal(f.formats, []string{"body"}) {
		f.formats = []string{"text"} // one body a line would not say whose it is
	}
	var names []string
	formats := make(map[string]report.PlanFormat)
	for _, format := range report.PlanFormats() {
		names = append(names, format.Name)
		formats[format.Name] = format
	}
	out, err := openOutput(f.formats, names, streams.out)
	defer out.abandon()
	if err != nil {
		return err
	}
	needsID := false
	for _, part := range out.parts {
		format := formats[part.format]
		needsID = needsID || format.NeedsID
		if currentDir && !format.Directories {
			return usageError{fmt.Errorf("--format %s is for one object; for directories there are text, json, batch and http", part.format)}
		}
	}

	set := &report.Set{Directories: currentDir}
	failed := false
	if currentDir {
		failed = s.compareDirectories(set, currentPath, desiredPath, f.base, options)
	} else {
		failed = s.compareFiles(set, currentPath, desiredPath, f.base, options)
	}
	for _, c := range set.Comparisons {
		s.print(c, c.Errors, true)
		s.print(c, c.Warnings, false)
		failed = failed || c.Plan == nil
		if needsID && c.Changed() && c.Plan.ID() == "" {
			s.complain(fmt.Errorf("%s: neither object has an id, so there is no URL to send to", c.Sources[diff.Current].Name))
			failed = true
			c.Plan.Body = nil
		}
	}
	for _, part := range out.parts {
		if err := formats[part.format].Print(part, set, report.Options{Color: s.color && part.file == nil}); err != nil {
			return fmt.Errorf("cannot write the report: %w", err)
		}
	}
	if err := out.commit(); err != nil {
		return fmt.Errorf("cannot write the report: %w", err)
	}
	if set.Directories {
		s.note("%s", report.Total(set))
	}
	switch {
	case failed:
		return exitError{code: exitFailed}
	case f.exitCode && set.Changed():
		return exitError{code: exitFindings}
	}
	return nil
}

func isDirectory(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// session is what the comparisons of one run share.
type session struct {
	*pairFlags
	streams  stdio
	settings *config
	color    bool // on standard output
	printer  report.Printer
	model    *schema.Model
	typ      *schema.Resource // of --type, or nil
}

func newSession(f *pairFlags, streams stdio) (*session, error) {
	s := &session{pairFlags: f, streams: streams}
	var err error
	if s.settings, err = findConfig(f.config); err != nil {
		return nil, err
	}
	version := cmp.Or(schema.Version(f.apiVersion), s.settings.apiVersion)
	if s.model, err = schema.Open(version); err != nil {
		return nil, usageError{err}
	}
	if f.typeName != "" {
		if s.typ, err = s.model.Resource(f.typeName); err != nil {
			return nil, usageError{err}
		}
	}
	if f.maxBytes < 1 || f.maxBytes > patchlint.MaxSize {
		return nil, usageError{fmt.Errorf("--max-bytes takes a number from 1 to %d", patchlint.MaxSize)}
	}
	if s.color, err = useColor(f.color, streams.out); err != nil {
		return nil, err
	}
	color, err := useColor(f.color, streams.err)
	if err != nil {
		return nil, err
	}
	s.printer, err = report.New("text", streams.err, report.Options{Color: color})
	return s, err
}

func (s *session) complain(err error) {
	fmt.Fprintf(s.streams.err, "patchlint: %s\n", patchlintText(err.Error()))
}

func (s *session) note(format string, args ...any) {
	if !s.quiet {
		s.complain(fmt.Errorf(format, args...))
	}
}

// print writes findings to standard error. Of those that are no reason to
// refuse, --quiet prints none, and what the body takes care of by itself is
// printed only by --verbose.
func (s *session) print(c *report.Comparison, findings []diff.Finding, always bool) {
	if s.quiet && !always {
		return
	}
	shown := slices.DeleteFunc(slices.Clone(findings), func(f diff.Finding) bool {
		return !always && !s.verbose && (f.Severity < patchlint.Warning || slices.Contains(takenCareOf, f.Rule) && f.Message != "" && !fromPlan(c, f))
	})
	for _, file := range c.Findings(shown) {
		if err := s.printer.File(file); err != nil {
			return
		}
	}
}

// takenCareOf are the rules about what a computed body never holds.
var takenCareOf = []string{"read-only-property", "server-managed-property", "response-annotation", "odata-type-prefix"}

func fromPlan(c *report.Comparison, f diff.Finding) bool {
	return c.Plan != nil && slices.ContainsFunc(c.Plan.Warnings, func(w diff.Finding) bool {
		return w.Rule == f.Rule && w.Span == f.Span && w.Message == f.Message
	})
}

// load reads a document.
func (s *session) load(name string) (report.Source, error) {
	source := report.Source{Name: display(name)}
	if name == "-" {
		source.Name = "<stdin>"
	}
	if format, _ := input.ForName(name); format.Several {
		return source, fmt.Errorf("%s: two objects are compared, each the only one in its file; a %s file may hold several", source.Name, format.Name)
	}
	from, err := open(name, s.streams.in, false, false)
	if err != nil {
		if near := nearestPath(name); errors.Is(err, os.ErrNotExist) && near != "" {
			err = fmt.Errorf("%w; did you mean %s?", err, display(near))
		}
		return source, err
	}
	defer from.Close()
	reader := input.Reader{Limit: s.maxBytes}
	for p, err := range reader.Read(name, from) {
		if err != nil {
			return source, plain(err)
		}
		source.Document = p.Document
	}
	return source, nil
}

// largeFile is from how many bytes on a file is read beside the others: to wait
// for another thread takes as long as to read a small one.
const largeFile = 128 << 10

func (s *session) compareFiles(set *report.Set, currentPath, desiredPath, basePath string, o diff.Options) (failed bool) {
	names := []string{diff.Current: currentPath, diff.Desired: desiredPath}
	if basePath != "" {
		names = append(names, basePath)
	}
	loaded := make([]report.Source, len(names))
	errs := make([]error, len(names))
	var loading sync.WaitGroup
	for side, name := range names {
		load := func() { loaded[side], errs[side] = s.load(name) }
		if info, err := os.Stat(name); err != nil || info.Size() < largeFile {
			load()
			continue
		}
		loading.Add(1)
		go func() {
			defer loading.Done()
			load()
		}()
	}
	loading.Wait()
	sources := make(map[diff.Side]report.Source)
	for side, source := range loaded {
		if errs[side] != nil {
			s.complain(errs[side])
			failed = true
		}
		sources[diff.Side(side)] = source
	}
	if !failed {
		set.Comparisons = append(set.Comparisons, s.compare(sources, o))
	}
	return failed
}

// compare computes the plan for one pair.
func (s *session) compare(sources map[diff.Side]report.Source, o diff.Options) *report.Comparison {
	c := &report.Comparison{Sources: sources}
	current, desired := sources[diff.Current].Document, sources[diff.Desired].Document
	if base, ok := sources[diff.Base]; ok {
		o.Base = base.Document
	}
	resource := s.resource(c, current, desired)
	if resource == nil {
		return c
	}
	plan, err := diff.Compute(resource, current, desired, o)
	var refusal *diff.Refusal
	switch {
	case errors.As(err, &refusal):
		c.Errors = refusal.Findings
	case err != nil:
		c.Errors = []diff.Finding{{Side: diff.Desired, Diagnostic: patchlint.Diagnostic{Rule: "payload-shape", Severity: patchlint.Error, Message: err.Error()}}}
	default:
		c.Plan = plan
		c.Warnings = plan.Warnings
	}
	c.Warnings = append(c.Warnings, s.otherFindings(c, resource, desired)...)
	return c
}

// resource tells what the objects are. Text that cannot be read is for Compute
// to refuse, whatever the type.
func (s *session) resource(c *report.Comparison, current, desired *patchlint.Document) *schema.Resource {
	if s.typ != nil {
		return s.typ
	}
	have, want := s.model.DetectDocument(current), s.model.DetectDocument(desired)
	refuse := func(side diff.Side, doc *patchlint.Document, rule, format string, args ...any) {
		c.Errors = append(c.Errors, diff.Finding{Side: side, Diagnostic: patchlint.Diagnostic{
			Rule: rule, Severity: patchlint.Error, Span: doc.Root().Opening(), Message: fmt.Sprintf(format, args...),
		}})
	}
	switch {
	case have != nil && want != nil && have.Type != want.Type && want.Type.Category != have.Type.Category:
		refuse(diff.Desired, desired, "odata-type", "this is a %s, and current is a %s", want.Type.Short(), have.Type.Short())
		return nil
	case want != nil:
		return want
	case have != nil:
		return have
	}
	if partner, err := s.model.Resource("complianceManagementPartner"); err == nil && (!current.Whole() || !desired.Whole()) {
		return partner
	}
	refuse(diff.Desired, desired, "unknown-type", `neither object shows its type; add "@odata.type", or name it with --type`)
	return nil
}

// otherFindings lints desired: what is no reason to refuse it is a warning.
func (s *session) otherFindings(c *report.Comparison, r *schema.Resource, desired *patchlint.Document) []diff.Finding {
	known := make(map[string]bool)
	for _, f := range slices.Concat(c.Errors, c.Warnings) {
		if f.Side == diff.Desired {
			known[f.Rule+" "+string(f.Pointer)] = true
		}
	}
	rules := linters{config: s.settings, base: validate.Linter{Version: s.model.Version}}
	linter := rules.of(c.Sources[diff.Desired].Name)
	var findings []diff.Finding
	for _, d := range linter.LintAs(desired, r) {
		if !known[d.Rule+" "+string(d.Pointer)] {
			d.Severity = min(d.Severity, patchlint.Warning)
			findings = append(findings, diff.Finding{Side: diff.Desired, Diagnostic: d})
		}
	}
	return findings
}

// object is one file of a directory.
type object struct {
	report.Source
	relative string // to the directory
	id, name string
}

// objects reads the objects of a directory, sorted by their relative path.
func (s *session) objects(dir string) (list []object, failed bool) {
	files := collector{note: s.note}
	sources, err := files.collect([]string{dir}, false)
	if err != nil {
		s.complain(err)
		failed = true
	}
	for _, file := range sources {
		if format, _ := input.ForName(file.name()); format.Several {
			continue
		}
		source, err := s.load(file.path)
		if err != nil {
			s.complain(err)
			failed = true
			continue
		}
		root := source.Document.Root()
		if s.typ == nil && s.model.DetectDocument(source.Document) == nil {
			if s.verbose {
				s.note("skipped %s: it shows no known type", source.Name)
			}
			continue
		}
		if value := root.Member("value"); value.Kind() == patchlint.Object {
			root = value
		}
		relative, err := filepath.Rel(dir, file.path)
		if err != nil {
			relative = file.path
		}
		list = append(list, object{source, filepath.ToSlash(relative), strings.ToLower(root.Member("id").Text()), root.Member("displayName").Text()})
	}
	return list, failed
}

func (s *session) compareDirectories(set *report.Set, currentDir, desiredDir, baseDir string, o diff.Options) (failed bool) {
	collectLess()
	current, failedCurrent := s.objects(currentDir)
	desired, failedDesired := s.objects(desiredDir)
	failed = failedCurrent || failedDesired
	pairs, ambiguous := match(current, desired)
	var base []object
	basePairs := make(map[int]int)
	if baseDir != "" {
		var failedBase bool
		base, failedBase = s.objects(baseDir)
		failed = failed || failedBase
		var again []error
		basePairs, again = match(base, desired)
		ambiguous = append(ambiguous, again...)
	}
	for _, err := range ambiguous {
		s.complain(err)
		failed = true
	}
	used := make(map[int]bool)
	for i, d := range desired {
		k, ok := pairs[i]
		if !ok {
			set.OnlyDesired = append(set.OnlyDesired, d.Name)
			continue
		}
		used[k] = true
		sources := map[diff.Side]report.Source{diff.Current: current[k].Source, diff.Desired: d.Source}
		if b, ok := basePairs[i]; ok {
			sources[diff.Base] = base[b].Source
		}
		set.Comparisons = append(set.Comparisons, s.compare(sources, o))
	}
	for k, c := range current {
		if !used[k] {
			set.OnlyCurrent = append(set.OnlyCurrent, c.Name)
		}
	}
	return failed
}

// match pairs every desired object with a current one: by id, else by
// displayName, else by path. Where several fit none is taken, and the error
// lists them.
func match(current, desired []object) (pairs map[int]int, ambiguous []error) {
	pairs = make(map[int]int)
	taken := make(map[int]int)
	settled := make(map[int]bool)
	for _, key := range []struct {
		what string
		of   func(object) string
	}{
		{"id", func(o object) string { return o.id }},
		{"displayName", func(o object) string { return o.name }},
		{"path", func(o object) string { return path.Clean(o.relative) }},
	} {
		for i, d := range desired {
			if key.of(d) == "" || settled[i] {
				continue
			}
			var fits []int
			for k, c := range current {
				_, gone := taken[k]
				differ := c.id != "" && d.id != "" && c.id != d.id
				if key.of(c) == key.of(d) && !gone && !differ {
					fits = append(fits, k)
				}
			}
			switch len(fits) {
			case 0:
			case 1:
				rivals := slices.DeleteFunc(slices.Clone(desired), func(o object) bool {
					return key.of(o) != key.of(d) || o.id != "" && o.id != current[fits[0]].id && current[fits[0]].id != ""
				})
				if len(rivals) > 1 {
					ambiguous = append(ambiguous, fmt.Errorf("%s: %s has the same %s; give them their ids", d.Name, names(rivals, d.Name), key.what))
					settled[i] = true
					continue
				}
				pairs[i], taken[fits[0]], settled[i] = fits[0], i, true
			default:
				var candidates []object
				for _, k := range fits {
					candidates = append(candidates, current[k])
				}
				ambiguous = append(ambiguous, fmt.Errorf("%s: several current objects have its %s: %s; give it an id", d.Name, key.what, names(candidates, "")))
				settled[i] = true
			}
		}
	}
	return pairs, ambiguous
}

func names(list []object, except string) string {
	var found []string
	for _, o := range list {
		if o.Name != except {
			found = append(found, o.Name)
		}
	}
	return strings.Join(found, ", ")
}

func newApply(streams stdio) *cobra.Command {
	var f pairFlags
	cmd := &cobra.Command{
		Use:   "apply [flags] CURRENT BODY",
		Short: "Print the object the service would hold after a PATCH with BODY",
		Long: `apply prints the object that the service would hold if BODY were sent as PATCH to
the object CURRENT, which may be a response as it was saved. A body that would
be refused is refused, with its faults on standard error and exit code 2.`,
		Example: `  patchlint diff current.json desired.json | patchlint apply current.json -`,
		Args:    twoArguments,
		RunE:    func(_ *cobra.Command, args []string) error { return runApply(&f, args[0], args[1], streams) },
	}
	cmd.Flags().SortFlags = false
	f.register(cmd)
	return cmd
}

func runApply(f *pairFlags, currentPath, bodyPath string, streams stdio) error {
	s, err := newSession(f, streams)
	if err != nil {
		return err
	}
	if currentPath == "-" && bodyPath == "-" {
		return usageError{errors.New("standard input cannot be both")}
	}
	current, err := s.load(currentPath)
	body, bodyErr := s.load(bodyPath)
	if err := errors.Join(err, bodyErr); err != nil {
		return err
	}
	c := &report.Comparison{Sources: map[diff.Side]report.Source{diff.Current: current, diff.Desired: body}}
	var out []byte
	if resource := s.resource(c, current.Document, body.Document); resource != nil {
		out, err = diff.Apply(resource, current.Document, body.Document)
		var refusal *diff.Refusal
		switch {
		case errors.As(err, &refusal):
			c.Errors = refusal.Findings
		case err != nil:
			return err
		}
		c.Warnings = s.otherFindings(c, resource, body.Document)
	}
	s.print(c, c.Errors, true)
	s.print(c, c.Warnings, false)
	if len(c.Errors) > 0 {
		return exitError{code: exitFailed}
	}
	_, err = streams.out.Write(out)
	return err
}
