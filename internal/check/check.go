// Package check lints files: it reads one, tells what it holds, and hands out what
// was found payload by payload. The command and the language server both ask it, so
// that they say the same.
package check

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/batch"
	"github.com/patchlint/patchlint/internal/charset"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/internal/settings"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// Checker lints files, several at once.
type Checker struct {
	Linters  *settings.Linters
	Excludes func(name string) bool // asked about files that others name
	Stdin    io.Reader
	// Edited returns the text of a file that others name, where that is not what is
	// on disk; it may be nil.
	Edited func(name string) (text []byte, ok bool)
	Reader input.Reader // its Limit is set

	// SkipUnknown says that files which show no known type are skipped though they
	// were named.
	SkipUnknown bool
	// Fix says that safe fixes are made before a file is reported about, and Unsafe
	// the others, too. With DryRun the change is returned in place of being made.
	Fix, Unsafe, DryRun bool

	Together validate.Run // what only several payloads show
}

// Event is a payload of a file that was checked, or what is said of the file after
// all of them.
type Event struct {
	Source *files.Source
	Record int    // its number in the file
	Part   string // of the file, without credentials
	Name   string // of the file that the payload is in, where it is not that of the source
	Type   string // the type it was checked as, "" when it shows none
	ours   bool   // it is certainly for Graph, so that its file may be changed
	Found  []patchlint.Diagnostic
	// The document in terms of the file, and whether it is to be added to
	// Together. Most are of no more use: nothing was found in them.
	Document *patchlint.Document
	Concerns bool
	Linter   *validate.Linter
	Target   validate.Target // of the payload, without what it shows itself
	Payload  *input.Payload  // to be released; nil when it has been
	Ending   *Ending         // of the last event of a file, which has no payload
}

// Ending is what is said of a file after its payloads.
type Ending struct {
	Err     error
	Absent  string // why there is nothing to check after all, and
	Notable bool   // that is worth a note
	Large   bool   // it is skipped, though only its start is known
	Lack    Lack   // of what it is skipped for
	Fixes   int    // made, or to be made
	Change  []byte // the change with DryRun, or the fixed standard input
	Skipped []Skip // requests that are not checked
	Records int    // that are not checked, beside others that are
}

// Lack says what a file lacks that shows no payload.
type Lack int

const (
	LacksType    Lack = iota // nothing in it shows a known type
	LacksUpdate              // it is of requests, and none is an update of a known resource
	LacksContent             // it is empty
)

// Skip is a request that is not checked. Of one that is notable that is said in any
// case.
type Skip struct {
	Request, Reason string
	Notable         bool
}

// InFile is the name of the file that the payload is in.
func (e Event) InFile() string { return cmp.Or(e.Name, e.Source.Name()) }

// What names the type that a payload was checked as, and how it was found.
func (e Event) What() string {
	text := e.Type
	if text == "" {
		text = "of no known type"
	}
	format, _ := input.ForName(e.Source.Name())
	switch {
	case e.Name != "":
		text += ", sent by " + e.Source.Name()
	case e.Part != "":
		text = e.Part + ": " + text
	case format.Several:
		text = strconv.Itoa(e.Record) + ": " + text
	}
	return text
}

// File is a file that is read and checked.
type File struct {
	*Checker
	source *files.Source
	linter *validate.Linter
	target validate.Target
	emit   func(Event) bool // false: no more is wanted

	err     error               // why not all of the file could be read
	shown   bool                // it has shown a payload
	filled  bool                // it is not empty
	large   bool                // it has a text above the limit that is skipped
	skipped []Skip              // requests of it that are not checked
	secrets *patchlint.Document // of its records so far; nil for none
	records int                 // of it that show no known type
	held    []Event             // until it shows one; of requests only, which are in memory
}

// File returns what is about one file.
func (c *Checker) File(s *files.Source) *File {
	f := &File{Checker: c, source: s}
	f.linter, f.target = c.Linters.Of(s.Name())
	return f
}

// Check reads and lints one file, and emits what becomes of it.
func (c *Checker) Check(s *files.Source, emit func(Event) bool) {
	f := c.File(s)
	f.emit = emit
	end := f.read()
	end.Large, end.Skipped = f.large, f.skipped
	switch format, _ := input.ForName(s.Name()); {
	case !f.filled:
		end.Lack = LacksContent
	case format.Name == "http" && f.records == 0:
		end.Lack = LacksUpdate
	}
	if f.shown {
		end.Records = f.records
	}
	emit(Event{Source: s, Ending: end})
}

// read emits the payloads of the file.
func (f *File) read() *Ending {
	s, end := f.source, new(Ending)
	from, err := s.Open(f.Stdin)
	if err != nil {
		return failed(s, err)
	}
	defer from.Close()
	var text io.Reader = from
	switch format, _ := input.ForName(s.Name()); {
	case s.Excluded():
		end.Absent, end.Notable = s.Name()+" is excluded", true
		text, err := io.ReadAll(from) // let the writer finish
		if err != nil {
			return failed(s, err)
		}
		if f.Fix && !f.DryRun {
			end.Change = text
		}
		return end
	case f.Fix:
		src, err := io.ReadAll(io.LimitReader(from, f.Reader.Limit+1))
		switch {
		case err != nil:
			return failed(s, err)
		case int64(len(src)) <= f.Reader.Limit:
			if end.Change, end.Fixes, src, err = f.repair(src); err != nil {
				end = failed(s, err)
			}
		case format.Several:
			return failed(s, fmt.Errorf("%s: is larger than %d bytes and is not fixed; --max-bytes raises the limit", s.Name(), f.Reader.Limit))
		}
		text = bytes.NewReader(src)
	}
	if f.Reader.Read(s.Name(), f.beside(s, text, &f.filled))(f.payload); f.err != nil {
		return failed(s, f.err)
	}
	return end
}

// payload lints a payload of the file. In one that shows a payload, what is
// skipped as none may still be a record that does not parse, or a text with a
// credential.
func (f *File) payload(p *input.Payload, err error) bool {
	if err != nil {
		f.err = err
		return false
	}
	f.filled = f.filled || p.File != nil || len(bytes.TrimSpace(p.Document.Source())) > 0
	if p.Skipped != "" {
		f.skip(p, p.Skipped)
		f.Reader.Release(p)
		return true
	}
	e, ok, err := f.lint(p)
	if err != nil {
		f.err = err
		f.Reader.Release(p)
		return false
	}
	if !ok && (f.shown || p.Around != nil) {
		e = f.remainder(e)
		if ok = len(e.Found) > 0; ok && !f.shown {
			f.skip(p, noType)
			f.held = append(f.held, e)
			return true
		}
	}
	if !ok {
		f.large = f.large || p.Large()
		f.skip(p, noType)
		f.Reader.Release(p)
		return true
	}
	f.share(&e)
	if p.Encoding != "" && !f.shown {
		e.Found = append([]patchlint.Diagnostic{f.encoded(&e)}, e.Found...)
		patchlint.SortDiagnostics(e.Found)
	}
	for _, before := range f.held {
		f.add(before)
	}
	f.held, f.shown = nil, true
	return f.add(e)
}

// encoded is the finding that a file is not in UTF-8. It is not among what can be
// fixed, because edits are in terms of the text: repair saves the file in UTF-8 first.
func (f *File) encoded(e *Event) patchlint.Diagnostic {
	p, remedy := e.Payload, "save it as UTF-8"
	if e.ours && len(p.Document.Faults()) == 0 {
		remedy += " (lint --fix does)"
	}
	if file := files.AttributesWithEncoding(cmp.Or(p.Name, f.source.Path)); file != "" {
		remedy = fmt.Sprintf("remove working-tree-encoding from %s, and save it as UTF-8", file)
	}
	return noted(f.linter, []patchlint.Diagnostic{{
		Rule: "json-encoding", Severity: patchlint.Error,
		Message: fmt.Sprintf("the file is %s, and Graph takes UTF-8; %s", p.Encoding, remedy),
	}})[0]
}

const noType = "it shows no known type"

// skip counts a payload that is not checked.
func (f *File) skip(p *input.Payload, reason string) {
	if p.File == nil || p.Part == "" {
		f.records++
		return
	}
	// Of what follows a request line nothing is known: it may be JSON that breaks off.
	line, _ := patchlint.Parse([]byte(p.Part), patchlint.JSON)
	part := secret.Mask(p.File, string(secret.Redact(line, patchlint.Span{End: len(p.Part)})))
	f.skipped = append(f.skipped, Skip{part, reason, p.Notable})
}

// add emits a payload. It lets go of a document that nobody will look at any more,
// while it is still warm.
func (f *File) add(e Event) bool {
	e.Concerns = e.Name == "" && f.Together.Concerns(e.Linter, e.Document) // a file that is walked, too, is not two objects
	if len(e.Found) == 0 && !e.Concerns {
		f.Reader.Release(e.Payload)
		e.Payload, e.Document = nil, nil
	}
	return f.emit(e)
}

// remainder lints what is not a payload: the text around one, or a record that does
// not parse.
func (c *Checker) remainder(e Event) Event {
	p := e.Payload
	if p.Around != nil {
		e.Document, e.Found = p.InFile(nil, e.Linter.LintDocument(p.Around, e.Target))
		e.conceal(p)
		return e
	}
	if len(p.Document.Faults()) == 0 {
		return e
	}
	found := slices.DeleteFunc(e.Linter.LintDocument(p.Document, e.Target), func(d patchlint.Diagnostic) bool { return !strings.HasPrefix(d.Rule, "json-") })
	e.Document, e.Found = p.InFile(found, nil)
	e.conceal(p)
	return e
}

// conceal hides in what was found in a payload what is a credential elsewhere in its
// file.
func (e *Event) conceal(p *input.Payload) {
	if p.File != nil && len(e.Found) > 0 {
		e.Found = secret.Conceal(p.File, e.Found)
		secret.Share(p.Document, p.File)
		if e.Document != p.Document {
			secret.Share(e.Document, p.Document)
		}
	}
}

// share hides in what was found in a record what is a credential in one before it, and
// keeps what is one in it. A record in which nothing was found is not searched.
func (f *File) share(e *Event) {
	if len(e.Found) == 0 {
		return
	}
	if format, _ := input.ForName(f.source.Name()); format.Name != "ndjson" {
		return // all of a file of requests is searched
	}
	if f.secrets != nil {
		e.Found = secret.Conceal(f.secrets, e.Found)
		secret.Share(e.Document, f.secrets)
	}
	f.secrets = secret.Gather(f.secrets, e.Payload.Document)
}

// Join adds to an event what its payload and those before it show together. It is to
// be called by one goroutine, in the order of the files.
func (c *Checker) Join(e *Event) {
	if !e.Concerns {
		return
	}
	if more := c.Together.Add(e.Linter, e.Source.Name(), e.Document, e.Target); len(more) > 0 {
		e.Found = append(e.Found, more...)
		patchlint.SortDiagnostics(e.Found)
	}
}

// failed is the ending of a source that cannot be read.
func failed(s *files.Source, err error) *Ending {
	err = files.Plain(err)
	if why, notable := s.Unavailable(err); why != "" {
		return &Ending{Absent: why, Notable: notable}
	}
	if !strings.Contains(err.Error(), s.Name()) {
		err = fmt.Errorf("%s: %w", s.Name(), err)
	}
	return &Ending{Err: err}
}

// lint lints one payload. ok is false for one that shows no known type and is
// skipped for it; the error is why it cannot be checked.
func (f *File) lint(p *input.Payload) (e Event, ok bool, err error) {
	unknown := f.source.Found || f.SkipUnknown // files that show no type are skipped
	linter, to := f.linter, addressed(f.target, p)
	to.Type = "" // until it is certain
	e = Event{Source: f.source, Record: p.Record, Part: secret.Mask(p.File, p.Part), Name: p.Name, Linter: linter, Target: to, Payload: p}
	if p.InElsewhere {
		if !p.Addressed {
			return e, false, nil
		}
		e.Type = "its body is in another file"
	} else if requests, ok := batch.Requests(linter.Models, p.Document, to.Version, to.Batch); ok || p.Addressed && p.Endpoint.Batch {
		known := p.Addressed || slices.ContainsFunc(requests, func(r batch.Request) bool { return r.Known })
		if unknown && !known {
			return e, false, nil
		}
		e.Type, e.ours = "a batch", known
		to.Batch = p.Addressed || !known // it is named, so it is judged as one of Graph, though it may be another's
		e.Found = linter.LintDocument(p.Document, to)
		if !known {
			unfixed(e.Found)
		}
	} else {
		resource, given, err := f.Resource(p)
		if err != nil {
			return e, false, err
		}
		unknown = unknown && !recognize.Claims(p.Document.Root())
		if resource == nil && (unknown || p.Around != nil || p.Name != "") && !p.Unjudged() {
			return e, false, nil
		}
		if resource != nil {
			e.Type = resource.Type.Short()
		}
		if resource != nil && (given || p.Document.Whole() && !recognize.Doubtful(resource, p.Document.Root())) { // one seen in a part of the text is enough to report about it
			to.Type, e.ours = resource.Type.Name, true
		}
		e.Found = linter.LintDocument(p.Document, to)
	}
	var around []patchlint.Diagnostic
	if p.Around != nil {
		around = append(linter.LintDocument(p.Around, e.Target), noted(linter, p.Notes)...)
	}
	e.Document, e.Found = p.InFile(e.Found, around)
	e.conceal(p)
	if p.Name != "" || p.Encoding != "" {
		unfixed(e.Found) // the file is fixed when it is linted as a file, and in UTF-8
	}
	return e, true, nil
}

// unfixed takes away the fixes of findings in what is not to be changed.
func unfixed(found []patchlint.Diagnostic) {
	for i := range found {
		found[i].Fixes = nil
	}
}

// addressed returns the target of a payload: where its URL is known, that has a say.
func addressed(t validate.Target, p *input.Payload) validate.Target {
	if p.Addressed {
		t.Version, t.Key, t.Insert = cmp.Or(p.Endpoint.Version, t.Version), p.Endpoint.Key, p.Insert
	}
	return t
}

// Resource tells what a payload is of: what its URL says, else --type, else the
// config, else what the payload shows. Given says that it is not from the payload.
func (f *File) Resource(p *input.Payload) (r *schema.Resource, given bool, err error) {
	model, err := f.linter.Models.Open(cmp.Or(addressed(f.target, p).Version, recognize.ContextVersion(p.Document.Root())))
	if err != nil {
		return nil, false, err
	}
	if p.Addressed {
		r, err = model.Resource(p.Endpoint.Type)
		return r, true, err
	}
	r, given, err = f.Linters.Resource(cmp.Or(p.Name, f.source.Name()), f.target.Type, model, p.Document)
	if r == nil && err == nil && p.File != nil && !p.Document.Whole() { // a payload on several lines
		r = recognize.Document(model, p.File)
	}
	return r, given, err
}

// repair applies fixes to a file, unless there is to be none, and returns the
// text to report about.
func (f *File) repair(src []byte) (change []byte, made int, fixed []byte, err error) {
	s, before := f.source, src
	if text, ok := charset.UTF8(src); ok && files.AttributesWithEncoding(s.Path) == "" {
		if _, shown := f.Fixable(text); len(shown) > 0 && !slices.Contains(shown, "") {
			src, made = text, 1
		}
	}
	fixed, more := fixes.Apply(src, f.Unsafe, f.Fixable)
	made += more
	switch {
	case f.DryRun && made > 0:
		return unified(&f.Reader, s.Name(), src, fixed), made, fixed, nil
	case f.DryRun:
		return nil, 0, before, nil
	case s.Path == "-":
		return fixed, made, fixed, nil
	case made > 0:
		if err := files.Replace(s.Path, fixed); err != nil {
			return nil, 0, before, err // all that is wrong with it remains
		}
	}
	return nil, made, fixed, nil
}

// Fixable returns what is found in a text of a file, with fixes that count from its
// start, and the types of its payloads, "" for one that may be something else, nil where
// the text is not sound.
func (f *File) Fixable(src []byte) (findings []patchlint.Diagnostic, shown []string) {
	many, each := *f.linter, *f
	many.Limit = max(many.Limit, fixes.AtOnce)
	each.linter = &many
	reader := input.Reader{Limit: f.Reader.Limit, Faults: many.Limit, Models: f.Reader.Models, Version: f.Reader.Version}
	sound := true
	shown = []string{} // so far, none
	for p, err := range reader.Read(f.source.Name(), bytes.NewReader(src)) {
		if err != nil {
			return nil, nil // a reader of bytes does not fail
		}
		if p.Skipped != "" {
			continue
		}
		e, ok, err := each.lint(p)
		if err != nil {
			return nil, nil // it will be told when the text is checked
		}
		if !ok {
			continue
		}
		sound = sound && p.Document.Whole() && !slices.ContainsFunc(p.Document.Faults(), func(f patchlint.Diagnostic) bool { return f.Rule == "json-syntax" })
		before := int(e.Document.Origin().Offset)
		for _, d := range e.Found {
			for _, f := range d.Fixes {
				for i := range f.Edits {
					f.Edits[i].Span.Start += before
					f.Edits[i].Span.End += before
				}
			}
		}
		if !e.ours {
			e.Type = ""
		}
		findings, shown = append(findings, e.Found...), append(shown, e.Type)
	}
	if !sound {
		return findings, nil
	}
	return findings, shown
}
