package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/internal/settings"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// checker lints files, several at once.
type checker struct {
	*lintFlags
	config   *settings.Run
	excludes func(name string) bool
	stdin    io.Reader
	reader   input.Reader
	together validate.Run // what only several payloads show
}

// event is a payload of a file that was checked, or what is said of the file after
// all of them.
type event struct {
	source *files.Source
	record int    // its number in the file
	part   string // of the file, without credentials
	name   string // of the file that the payload is in, where it is not that of the source
	typ    string // the type it was checked as, "" when it shows none
	found  []patchlint.Diagnostic
	// The document in terms of the file, and whether it is to be added to
	// together. Most are of no more use: nothing was found in them.
	doc      *patchlint.Document
	concerns bool
	linter   *validate.Linter
	payload  *input.Payload // to be released; nil when it has been
	ending   *ending        // of the last event of a file, which has no payload
}

// ending is what is said of a file after its payloads.
type ending struct {
	err     error
	absent  string // why there is nothing to check after all, and
	notable bool   // that is worth a note
	large   bool   // it is skipped, though only its start is known
	fixes   int    // made, or to be made
	change  []byte // what --dry-run prints, or the fixed standard input
	skipped []skip // requests that are not checked
}

// inFile is the name of the file that the payload is in.
func (e event) inFile() string { return cmp.Or(e.name, e.source.Name()) }

// what says what a payload was checked as.
func (e event) what() string {
	text := e.typ
	if text == "" {
		text = "of no known type"
	}
	format, _ := input.ForName(e.source.Name())
	switch {
	case e.name != "":
		text += ", sent by " + e.source.Name()
	case e.part != "":
		text = e.part + ": " + text
	case format.Several:
		text = strconv.Itoa(e.record) + ": " + text
	}
	return text
}

// reading is a file that is read and checked.
type reading struct {
	*checker
	source *files.Source
	linter *validate.Linter
	emit   func(event) bool // false: no more is wanted

	err     error   // why not all of the file could be read
	shown   bool    // it has shown a payload
	large   bool    // it has a text above the limit that is skipped
	skipped []skip  // requests of it that are not checked
	held    []event // until it shows one; of requests only, which are in memory
}

// check reads and lints one file, and emits what becomes of it.
func (c *checker) check(s *files.Source, linter *validate.Linter, emit func(event) bool) {
	f := reading{checker: c, source: s, linter: linter, emit: emit}
	end := f.read()
	end.large, end.skipped = f.large, f.skipped
	emit(event{source: s, ending: end})
}

// read emits the payloads of the file.
func (f *reading) read() *ending {
	s, end := f.source, new(ending)
	from, err := s.Open(f.stdin)
	if err != nil {
		return failed(s, err)
	}
	defer from.Close()
	var text io.Reader = from
	switch format, _ := input.ForName(s.Name()); {
	case s.Excluded():
		end.absent, end.notable = s.Name()+" is excluded", true
		text, err := io.ReadAll(from) // whoever writes it is let finish
		if err != nil {
			return failed(s, err)
		}
		if f.fix && !f.dryRun {
			end.change = text
		}
		return end
	case f.fix:
		src, err := io.ReadAll(io.LimitReader(from, f.maxBytes+1))
		switch {
		case err != nil:
			return failed(s, err)
		case int64(len(src)) <= f.maxBytes:
			if end.change, end.fixes, src, err = f.repair(s, f.linter, src); err != nil {
				end = failed(s, err)
			}
		case format.Several:
			return failed(s, fmt.Errorf("%s: is larger than %d bytes and is not fixed; --max-bytes raises the limit", s.Name(), f.maxBytes))
		}
		text = bytes.NewReader(src)
	}
	if f.reader.Read(s.Name(), f.beside(s, text))(f.payload); f.err != nil {
		return failed(s, f.err)
	}
	return end
}

// payload lints a payload of the file. In one that shows a payload, what is
// skipped as none may still be a record that does not parse, or a text with a
// credential.
func (f *reading) payload(p *input.Payload, err error) bool {
	if err != nil {
		f.err = err
		return false
	}
	if p.Skipped != "" {
		// Of what follows a request line nothing is known: it may be JSON that breaks off.
		line, _ := patchlint.Parse([]byte(p.Part), patchlint.JSON)
		part := secret.Mask(p.File, string(secret.Redact(line, patchlint.Span{End: len(p.Part)})))
		f.skipped = append(f.skipped, skip{part, p.Skipped, p.Notable})
		f.reader.Release(p)
		return true
	}
	e, ok, err := f.lint(f.source, f.linter, p)
	if err != nil {
		f.err = err
		f.reader.Release(p)
		return false
	}
	if !ok && (f.shown || p.Around != nil) {
		e = f.remainder(e)
		if ok = len(e.found) > 0; ok && !f.shown {
			f.held = append(f.held, e)
			return true
		}
	}
	if !ok {
		f.large = f.large || p.Large()
		f.reader.Release(p)
		return true
	}
	for _, before := range f.held {
		f.add(before)
	}
	f.held, f.shown = nil, true
	return f.add(e)
}

// add emits a payload. It lets go of a document that nobody will look at any more,
// while it is still warm.
func (f *reading) add(e event) bool {
	e.concerns = e.name == "" && f.together.Concerns(e.linter, e.doc) // a file that is walked, too, is not two objects
	if len(e.found) == 0 && !e.concerns {
		f.reader.Release(e.payload)
		e.payload, e.doc = nil, nil
	}
	return f.emit(e)
}

// remainder lints what is not a payload: the text around one, or a record that does
// not parse.
func (c *checker) remainder(e event) event {
	p := e.payload
	if p.Around != nil {
		e.doc, e.found = p.InFile(nil, e.linter.LintAs(p.Around, nil))
		e.conceal(p)
		return e
	}
	if len(p.Document.Faults()) == 0 {
		return e
	}
	found := slices.DeleteFunc(e.linter.LintAs(p.Document, nil), func(d patchlint.Diagnostic) bool { return !strings.HasPrefix(d.Rule, "json-") })
	e.doc, e.found = p.InFile(found, nil)
	e.conceal(p)
	return e
}

// conceal hides in what was found in a payload what is a credential elsewhere in its
// file.
func (e *event) conceal(p *input.Payload) {
	if p.File != nil && len(e.found) > 0 {
		e.found = secret.Conceal(p.File, e.found)
		secret.Share(p.Document, p.File)
		if e.doc != p.Document {
			secret.Share(e.doc, p.Document)
		}
	}
}

// failed is the ending of a source that cannot be read.
func failed(s *files.Source, err error) *ending {
	err = files.Plain(err)
	if why, notable := s.Absent(err); why != "" {
		return &ending{absent: why, notable: notable}
	}
	if !strings.Contains(err.Error(), s.Name()) {
		err = fmt.Errorf("%s: %w", s.Name(), err)
	}
	return &ending{err: err}
}

// lint lints one payload. ok is false for one that shows no known type and is
// skipped for it; the error is why it cannot be checked.
func (c *checker) lint(s *files.Source, linter *validate.Linter, p *input.Payload) (e event, ok bool, err error) {
	unknown := s.Found || c.skipUnknown // files that show no type are skipped
	if p.Addressed {
		addressed := *linter
		addressed.ID, addressed.Insert = p.Endpoint.Key, p.Insert
		if p.Endpoint.Version != "" {
			addressed.Version = p.Endpoint.Version
		}
		linter = &addressed
	}
	e = event{source: s, record: p.Record, part: secret.Mask(p.File, p.Part), name: p.Name, linter: linter, payload: p}
	if p.InElsewhere {
		if !p.Addressed {
			return e, false, nil
		}
		e.typ = "its body is in another file"
	} else if requests, batch := linter.Batch(p.Document); batch || p.Addressed && p.Endpoint.Batch {
		if unknown && !slices.ContainsFunc(requests, func(r validate.Request) bool { return r.Known }) {
			return e, false, nil
		}
		e.typ = "a batch"
		if p.Addressed {
			e.found = linter.LintBatch(p.Document)
		} else {
			e.found = linter.LintAs(p.Document, nil)
		}
	} else {
		resource, given, err := c.resource(s, linter, p)
		if err != nil {
			return e, false, err
		}
		if resource == nil && (unknown || p.Around != nil || p.Name != "") && !p.Unjudged() {
			return e, false, nil
		}
		if resource != nil {
			e.typ = resource.Type.Short()
		}
		if !given && !p.Document.Whole() {
			resource = nil // seen in a part of the text: enough to report about it
		}
		e.found = linter.LintAs(p.Document, resource)
	}
	var around []patchlint.Diagnostic
	if p.Around != nil {
		around = append(linter.LintAs(p.Around, nil), noted(linter, p.Notes)...)
	}
	e.doc, e.found = p.InFile(e.found, around)
	e.conceal(p)
	if p.Name != "" {
		for i := range e.found {
			e.found[i].Fixes = nil // the file is fixed when it is linted as a file
		}
	}
	return e, true, nil
}

// resource tells what a payload is of: what its URL says, else --type, else the
// config, else what the payload shows. Given says that it is not from the payload.
func (c *checker) resource(s *files.Source, linter *validate.Linter, p *input.Payload) (r *schema.Resource, given bool, err error) {
	model, err := linter.Models.Open(linter.Version)
	if err != nil {
		return nil, false, err
	}
	switch {
	case p.Addressed:
		r, err = model.Resource(p.Endpoint.Type)
		return r, true, err
	case linter.Type != "":
		r, err = linter.Resource()
		return r, true, err
	}
	if r, err = c.config.TypeOf(cmp.Or(p.Name, s.Name()), model); r != nil || err != nil {
		return r, true, err
	}
	return model.DetectDocument(p.Document), false, nil
}

// repair applies fixes to a file, unless there is to be none, and returns the
// text to report about.
func (c *checker) repair(s *files.Source, linter *validate.Linter, src []byte) (change []byte, made int, fixed []byte, err error) {
	linter = linter.ForFixes()
	reader := input.Reader{Limit: c.reader.Limit, Faults: linter.Limit}
	fixed, made = validate.Fixed(src, c.unsafe, func(src []byte) (findings []patchlint.Diagnostic, sound bool) {
		sound = true
		for p, err := range reader.Read(s.Name(), bytes.NewReader(src)) {
			if err != nil {
				return nil, false // a reader of bytes does not fail
			}
			if p.Skipped != "" {
				continue
			}
			e, ok, err := c.lint(s, linter, p)
			if err != nil {
				return nil, false // it will be told when the text is checked
			}
			if !ok {
				continue
			}
			sound = sound && p.Document.Whole() && !slices.ContainsFunc(p.Document.Faults(), func(f patchlint.Diagnostic) bool { return f.Rule == "json-syntax" })
			before := int(e.doc.Origin().Offset)
			for _, d := range e.found {
				for _, f := range d.Fixes {
					for i := range f.Edits {
						f.Edits[i].Span.Start += before
						f.Edits[i].Span.End += before
					}
				}
			}
			findings = append(findings, e.found...)
		}
		return findings, sound
	})
	switch {
	case c.dryRun && made > 0:
		return c.change(s.Name(), src, fixed), made, fixed, nil
	case c.dryRun:
		return nil, 0, src, nil
	case s.Path == "-":
		return fixed, made, fixed, nil
	case made > 0:
		if err := files.Replace(s.Path, fixed); err != nil {
			return nil, 0, src, err // all that is wrong with it remains
		}
	}
	return nil, made, fixed, nil
}
