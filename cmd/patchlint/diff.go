package main

import (
	"bytes"
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
	"github.com/patchlint/patchlint/internal/files"
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
	flags.Int64Var(&f.maxBytes, "max-bytes", patchlint.DefaultMaxBytes, "the largest document that is read, in bytes")
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

	formatGiven bool
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
		RunE: func(cmd *cobra.Command, args []string) error {
			f.formatGiven = cmd.Flags().Changed("format")
			return runDiff(f, args[0], args[1], streams)
		},
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
	operands := []string{currentPath, desiredPath, f.base}
	if err := apart(operands, outputFiles(f.formats)); err != nil {
		return err
	}
	set := &report.Set{Directories: files.IsDirectory(currentPath) && files.IsDirectory(desiredPath)}
	if set.Directories && !f.formatGiven {
		f.formats = []string{"text"} // one body a line would not say whose it is
	}
	var names []string
	for _, format := range report.PlanFormats() {
		names = append(names, format.Name)
	}
	out, err := openOutput(f.formats, names, streams.out)
	defer out.abandon()
	var usage usageError
	if errors.As(err, &usage) {
		return err
	}
	s, sessionErr := newSession(&f.pairFlags, streams)
	if err = errors.Join(err, sessionErr); err == nil {
		err = s.fill(set, f, operands)
	}
	// Whatever became of it, what was asked for is a whole document that says so.
	set.Failures = s.failures
	if err != nil {
		set.Failures = append(set.Failures, sentences(err)...)
	}
	code, writeErr := s.write(set, out, f)
	if err = errors.Join(err, writeErr); err == nil && code != exitClean {
		err = exitError{code: code}
	}
	return err
}

// options are what the flags say of every comparison.
func (f *diffFlags) options() (o diff.Options, err error) {
	o = diff.Options{Prune: f.prune, Ordered: f.ordered, ODataType: f.odataType}
	o.Ignore, err = pointers("ignore", f.ignore)
	if err == nil {
		o.Send, err = pointers("send", f.send)
	}
	return o, err
}

// fill compares what the operands name: current, desired and base.
func (s *session) fill(set *report.Set, f diffFlags, operands []string) error {
	options, err := f.options()
	if err != nil {
		return err
	}
	s.checkPointers(slices.Concat(options.Ignore, options.Send))
	options.Ignore = append(options.Ignore, s.settings.diffIgnore...)
	if err := stdinOnce(operands...); err != nil {
		return err
	}
	current, desired, base := operands[0], operands[1], operands[2]
	if files.IsDirectory(current) != files.IsDirectory(desired) {
		return fmt.Errorf("%s and %s: both must be files, or both directories", files.Display(current), files.Display(desired))
	}
	if set.Directories {
		for _, value := range f.formats {
			if name, _, _ := strings.Cut(value, "="); !planFormat(name).Directories {
				return usageError{fmt.Errorf("--format %s is for one object; for directories there are text, json, batch and http", name)}
			}
		}
		s.compareDirectories(set, current, desired, base, options)
		return nil
	}
	s.compareFiles(set, current, desired, base, options)
	return nil
}

// stdinOnce returns an error when standard input is to be read more than once.
func stdinOnce(names ...string) error {
	first := slices.Index(names, "-")
	if first >= 0 && slices.Contains(names[first+1:], "-") {
		return usageError{errors.New("standard input can be only one of the objects")}
	}
	return nil
}

func planFormat(name string) report.PlanFormat {
	formats := report.PlanFormats()
	return formats[slices.IndexFunc(formats, func(f report.PlanFormat) bool { return f.Name == name })]
}

// write reports what came of a run, and returns its exit code.
func (s *session) write(set *report.Set, out *output, f diffFlags) (code int, err error) {
	needsID := slices.ContainsFunc(out.parts, func(p *part) bool { return planFormat(p.format).NeedsID })
	refused := false
	for _, name := range s.read {
		out.spare(name)
	}
	for _, c := range set.Comparisons {
		s.print(c, c.Errors, true)
		s.print(c, c.Warnings, false)
		refused = refused || c.Plan == nil
		if needsID && c.Changed() && c.Plan.ID() == "" {
			s.complain(fmt.Errorf("%s: neither object has an id, so there is no URL to send to", c.Sources[diff.Current].Name))
			set.Failures = s.failures
			c.Plan.Body = nil
		}
	}
	for _, part := range out.parts {
		if err := planFormat(part.format).Print(part, set, report.Options{Color: s.color && part.toStdout()}); err != nil {
			return exitFailed, fmt.Errorf("cannot write the report: %w", err)
		}
	}
	if err := out.commit(); err != nil {
		return exitFailed, fmt.Errorf("cannot write the report: %w", err)
	}
	if set.Directories && len(set.Failures) == 0 {
		s.note("%s", report.Total(set))
	}
	switch {
	case refused || len(set.Failures) > 0:
		return exitFailed, nil
	case f.exitCode && set.Changed():
		return exitFindings, nil
	}
	return exitClean, nil
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
	failures []string         // what could not be done
	read     []string         // files of directories that hold an object
	roots    files.RootNames
}

// newSession reads the settings. Beside an error there is a session that can
// report it.
func newSession(f *pairFlags, streams stdio) (*session, error) {
	s := &session{pairFlags: f, streams: streams, roots: files.RootNames{}}
	var err error
	if s.settings, err = findConfig(f.config); err != nil {
		return s, err
	}
	version := cmp.Or(schema.Version(f.apiVersion), s.settings.apiVersion)
	if s.model, err = schema.Open(version); err != nil {
		return s, usageError{err}
	}
	if f.typeName != "" {
		if s.typ, err = s.model.Resource(f.typeName); err != nil {
			return s, usageError{err}
		}
	}
	if f.maxBytes < 1 || f.maxBytes > patchlint.MaxSize {
		return s, usageError{fmt.Errorf("--max-bytes takes a number from 1 to %d", patchlint.MaxSize)}
	}
	if s.color, err = useColor(f.color, streams.out); err != nil {
		return s, err
	}
	color, err := useColor(f.color, streams.err)
	if err != nil {
		return s, err
	}
	s.printer, err = report.New("text", streams.err, report.Options{Color: color})
	return s, err
}

// complain says what could not be done, and has the reports say it, too.
func (s *session) complain(err error) {
	s.say(err.Error())
	s.failures = append(s.failures, sentences(err)...)
}

// note says something that changes nothing, unless --quiet.
func (s *session) note(format string, args ...any) {
	if !s.quiet {
		s.say(fmt.Sprintf(format, args...))
	}
}

func (s *session) say(text string) {
	fmt.Fprintf(s.streams.err, "patchlint: %s\n", patchlintText(text))
}

// print writes findings to standard error. Of those that are no reason to
// refuse, --quiet prints none, and what the body takes care of by itself is
// printed only by --verbose.
func (s *session) print(c *report.Comparison, findings []diff.Finding, always bool) {
	if s.quiet && !always {
		return
	}
	shown := slices.DeleteFunc(slices.Clone(findings), func(f diff.Finding) bool {
		return !always && !s.verbose && (f.Severity < patchlint.Warning || slices.Contains(takenCareOf, f.Rule) && !fromPlan(c, f))
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
	source := report.Source{Name: files.Display(name)}
	if name == "-" {
		source.Name = noName
	}
	if format, _ := input.ForName(name); format.Several {
		return source, fmt.Errorf("%s: two objects are compared, each the only one in its file; a %s file may hold several", source.Name, format.Name)
	}
	if files.IsDirectory(name) {
		return source, fmt.Errorf("%s is a directory, and here a file is needed", source.Name)
	}
	from, err := files.Open(name, s.streams.in)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return source, files.Missing(name)
	case err != nil:
		return source, err
	}
	defer from.Close()
	reader := input.Reader{Limit: s.maxBytes}
	for p, err := range reader.Read(name, from) {
		if err != nil {
			return source, files.Plain(err)
		}
		source.Document = p.Document
	}
	return source, nil
}

// largeFile is from how many bytes on a file is read beside the others, and
// linted beside what else is done with it: to wait for another thread takes as
// long as to read a small one.
const largeFile = 128 << 10

func (s *session) compareFiles(set *report.Set, currentPath, desiredPath, basePath string, o diff.Options) {
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
		}
		sources[diff.Side(side)] = source
	}
	if len(s.failures) == 0 {
		set.Comparisons = append(set.Comparisons, s.compare(sources, o))
	}
}

// compare computes the plan for one pair.
func (s *session) compare(sources map[diff.Side]report.Source, o diff.Options) *report.Comparison {
	c := &report.Comparison{Sources: sources}
	current, desired := sources[diff.Current].Document, sources[diff.Desired].Document
	if base, ok := sources[diff.Base]; ok {
		o.Base = base.Document
	}
	resource := s.resource(c)
	if resource == nil {
		s.root(c)
		return c
	}
	linted := make(chan []patchlint.Diagnostic, 1)
	lint := func() { linted <- s.linter(sources[diff.Desired]).LintAs(desired, resource) }
	if len(desired.Source()) < largeFile {
		lint()
	} else {
		go lint()
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
	c.Warnings = append(c.Warnings, otherFindings(c, <-linted)...)
	s.root(c)
	return c
}

// root finds out where the sources of findings are in their repository.
func (s *session) root(c *report.Comparison) {
	for _, f := range slices.Concat(c.Errors, c.Warnings) {
		if from := c.Sources[f.Side]; from.Root == "" && from.Name != noName {
			from.Root = s.roots.Of(from.Name, from.Name)
			c.Sources[f.Side] = from
		}
	}
}

// checkPointers notes a --ignore or --send that names no property of any type
// that is compared.
func (s *session) checkPointers(list []patchlint.Pointer) {
	var names []string
	for _, r := range s.model.Resources() {
		if s.typ == nil || r.Type == s.typ.Type {
			for _, p := range r.Type.Properties {
				names = append(names, p.Name)
			}
		}
	}
	for _, p := range list {
		name, _ := p.Cut()
		if name == "*" || slices.Contains(names, name) || strings.Contains(name, "@") {
			continue
		}
		text := patchlint.Quote(string(p)) + " names no property"
		if near := patchlint.Nearest(name, names); near != "" {
			text += "; did you mean /" + near + "?"
		}
		s.note("%s", text)
	}
}

// typeOf tells what an object is: what --type says, else the settings for its
// file, else what it shows; nil for nothing.
func (s *session) typeOf(source report.Source) *schema.Resource {
	if s.typ != nil {
		return s.typ
	}
	switch r, err := s.settings.typeOf(source.Name, s.model); {
	case err != nil:
		s.complain(err)
		return nil
	case r != nil:
		return r
	}
	return s.model.DetectDocument(source.Document)
}

// resource tells what the objects are. Text that cannot be read is for Compute
// to refuse, whatever the type.
func (s *session) resource(c *report.Comparison) *schema.Resource {
	current, desired := c.Sources[diff.Current].Document, c.Sources[diff.Desired].Document
	have, want := s.typeOf(c.Sources[diff.Current]), s.typeOf(c.Sources[diff.Desired])
	refuse := func(side diff.Side, doc *patchlint.Document, rule, format string, args ...any) {
		c.Errors = append(c.Errors, diff.Finding{Side: side, Diagnostic: patchlint.Diagnostic{
			Rule: rule, Severity: patchlint.Error, Span: doc.Root().Opening(), Message: fmt.Sprintf(format, args...),
		}})
	}
	switch {
	case have != nil && want != nil && have.Type != want.Type && want.Type.Category != have.Type.Category:
		refuse(diff.Desired, desired, "odata-type", "this is %s, and current is %s", want.Type.Short(), have.Type.Short())
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

// linter returns the linter for a source.
func (s *session) linter(source report.Source) *validate.Linter {
	rules := linters{config: s.settings, base: validate.Linter{Version: s.model.Version}}
	return rules.of(source.Name)
}

// otherFindings are those about desired that Compute has not made: what is no
// reason to refuse it is a warning.
func otherFindings(c *report.Comparison, linted []patchlint.Diagnostic) []diff.Finding {
	known := make(map[string]bool)
	for _, f := range slices.Concat(c.Errors, c.Warnings) {
		if f.Side == diff.Desired {
			known[f.Rule+" "+string(f.Pointer)] = true
		}
	}
	var findings []diff.Finding
	for _, d := range linted {
		// What desired leaves out can be sent all the same, under Prune or Base.
		if d.Rule == "empty-patch" && c.Changed() {
			continue
		}
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
	typed    bool // it shows its type; else it may be of that of the one it is paired with
}

// objects reads the objects of a directory, sorted by their relative path.
func (s *session) objects(dir string) (list []object) {
	set := files.Set{Excluded: s.settings.excludes}
	sources, err := set.Collect([]string{dir})
	for _, text := range set.Notes {
		s.note("%s", text)
	}
	if err != nil {
		s.complain(err)
	}
	for _, file := range sources {
		if format, _ := input.ForName(file.Name()); format.Several {
			continue
		}
		source, err := s.load(file.Path)
		if err != nil {
			s.complain(err)
			continue
		}
		root := source.Document.Root()
		typed := s.typeOf(source) != nil
		if !typed && (root.Kind() != patchlint.Object || root.Member("@odata.type").Exists()) {
			s.passOver(source.Name)
			continue
		}
		if value := root.Member("value"); value.Kind() == patchlint.Object {
			root = value
		}
		relative, err := filepath.Rel(dir, file.Path)
		if err != nil {
			relative = file.Path
		}
		s.read = append(s.read, file.Path)
		list = append(list, object{source, filepath.ToSlash(relative), strings.ToLower(root.Member("id").Text()), root.Member("displayName").Text(), typed})
	}
	return list
}

// passOver says of a file in a directory that it is no object to compare.
func (s *session) passOver(name string) {
	if s.verbose {
		s.note("skipped %s: it shows no known type", name)
	}
}

func (s *session) compareDirectories(set *report.Set, currentDir, desiredDir, baseDir string, o diff.Options) {
	collectLess()
	current, desired := s.objects(currentDir), s.objects(desiredDir)
	pairs := pairUp(current, desired)
	bases := newPairing(nil, desired)
	if baseDir != "" {
		bases.current = s.objects(baseDir)
		for i := range desired {
			_, paired := pairs.of[i]
			bases.out[i], bases.settled[i] = !paired, !paired
		}
		for _, key := range pairKeys { // what was applied last shows as little as desired does
			bases.match(key, func(_, _ object) bool { return true }, true)
		}
	}
	for _, err := range append(pairs.ambiguous, bases.ambiguous...) {
		s.complain(err)
	}
	used := make(map[int]bool)
	for i, d := range desired {
		k, ok := pairs.of[i]
		switch {
		case !ok && d.typed:
			set.OnlyDesired = append(set.OnlyDesired, d.Name)
			continue
		case !ok:
			s.passOver(d.Name)
			continue
		}
		used[k] = true
		sources := map[diff.Side]report.Source{diff.Current: current[k].Source, diff.Desired: d.Source}
		if b, ok := bases.of[i]; ok {
			sources[diff.Base] = bases.current[b].Source
		}
		set.Comparisons = append(set.Comparisons, s.compare(sources, o))
	}
	for k, c := range current {
		switch {
		case used[k]:
		case c.typed:
			set.OnlyCurrent = append(set.OnlyCurrent, c.Name)
		default:
			s.passOver(c.Name)
		}
	}
}

// pairing pairs the objects of two directories.
type pairing struct {
	current, desired []object
	of               map[int]int  // desired -> current
	taken            map[int]bool // of current
	out              map[int]bool // of desired: paired, or not to be, and nobody's rival
	settled          map[int]bool // of desired: no pair is looked for any more
	ambiguous        []error      // where several fit, and none was taken
}

func newPairing(current, desired []object) *pairing {
	return &pairing{current: current, desired: desired, of: make(map[int]int), taken: make(map[int]bool), out: make(map[int]bool), settled: make(map[int]bool)}
}

// pairUp pairs every desired object with a current one: by id, else by
// displayName, else by path. Where several fit none is taken, and an error lists
// them. One that shows no type is paired with one that does, by its id or its path
// alone: there it is likely to be of that type.
func pairUp(current, desired []object) *pairing {
	p := newPairing(current, desired)
	for _, key := range pairKeys {
		p.match(key, func(c, d object) bool { return c.typed && d.typed }, true)
		if key.what != "displayName" {
			p.match(key, func(c, d object) bool { return c.typed != d.typed }, false)
		}
	}
	return p
}

// pairKeys are what objects are paired by, the surest first.
var pairKeys = []pairKey{
	{"id", func(o object) string { return o.id }},
	{"displayName", func(o object) string { return o.name }},
	{"path", func(o object) string { return path.Clean(o.relative) }},
}

type pairKey struct {
	what string
	of   func(object) string
}

// match pairs the objects that fit and have the same key. With complain it is an
// error that several have it.
func (p *pairing) match(key pairKey, fit func(c, d object) bool, complain bool) {
	same := func(c, d object) bool {
		differ := c.id != "" && d.id != "" && c.id != d.id
		return key.of(c) == key.of(d) && fit(c, d) && !differ
	}
	for i, d := range p.desired {
		if key.of(d) == "" || p.settled[i] {
			continue
		}
		var fits []int
		for k, c := range p.current {
			if same(c, d) && !p.taken[k] {
				fits = append(fits, k)
			}
		}
		var rivals []object // d among them
		for k, o := range p.desired {
			if len(fits) == 1 && !p.out[k] && same(p.current[fits[0]], o) {
				rivals = append(rivals, o)
			}
		}
		switch {
		case len(fits) == 1 && len(rivals) == 1:
			p.of[i], p.taken[fits[0]], p.out[i], p.settled[i] = fits[0], true, true, true
		case len(fits) == 0 || !complain:
		case len(fits) == 1:
			p.ambiguous = append(p.ambiguous, fmt.Errorf("%s: %s has the same %s; give them their ids", d.Name, names(rivals, d.Name), key.what))
			p.settled[i] = true
		default:
			var candidates []object
			for _, k := range fits {
				candidates = append(candidates, p.current[k])
			}
			p.ambiguous = append(p.ambiguous, fmt.Errorf("%s: several current objects have its %s: %s; give it an id", d.Name, key.what, names(candidates, "")))
			p.settled[i] = true
		}
	}
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
be refused is refused, with its faults on standard error and exit code 2. An
empty BODY is what diff prints when there is nothing to send.`,
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
		s.note("%s is empty: there is nothing to apply", body.Name)
		body.Document, _ = patchlint.Parse([]byte("{}"), patchlint.JSON)
	}
	c := &report.Comparison{Sources: map[diff.Side]report.Source{diff.Current: current, diff.Desired: body}}
	var out []byte
	if resource := s.resource(c); resource != nil {
		out, err = diff.Apply(resource, current.Document, body.Document)
		var refusal *diff.Refusal
		switch {
		case errors.As(err, &refusal):
			c.Errors = refusal.Findings
		case err != nil:
			return err
		}
		if !nothing {
			c.Warnings = otherFindings(c, s.linter(body).LintAs(body.Document, resource))
		}
		s.root(c)
	}
	s.print(c, c.Errors, true)
	s.print(c, c.Warnings, false)
	if len(c.Errors) > 0 {
		return exitError{code: exitFailed}
	}
	_, err = streams.out.Write(out)
	return err
}
