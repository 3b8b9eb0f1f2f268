package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// checker lints files, several at once.
type checker struct {
	*lintFlags
	config *config
	stdin  io.Reader
	reader input.Reader
}

// event is one payload of a file that was checked, or the last that is said of
// the file.
type event struct {
	source  *source
	payload *input.Payload // nil in the last event of a file
	linter  *validate.Linter
	doc     *patchlint.Document // in terms of the file
	found   []patchlint.Diagnostic
	typ     string // the type it was checked as, "" when it shows none

	// Of the last event only.
	err     error
	absent  string // why there is nothing to check after all, "" when there is
	checked int    // payloads
	fixes   int    // made, or to be made
	change  []byte // what --dry-run prints, or the fixed standard input
}

// what says what a payload was checked as.
func (e event) what() string {
	text := e.typ
	if text == "" {
		text = "of no known type"
	}
	if e.payload.Part != "" {
		text = e.payload.Part + ": " + text
	}
	return text
}

// check reads and lints one file.
func (c *checker) check(s *source, linter *validate.Linter, emit func(event)) (last event) {
	last.source = s
	fail := func(err error) event {
		err = plain(err)
		switch {
		case !s.found:
		case errors.Is(err, fs.ErrNotExist):
			last.absent = fmt.Sprintf("%s is gone", s.name()) // from the directory, or git's index has it still
			if _, linkErr := os.Lstat(s.path); linkErr == nil {
				last.absent = fmt.Sprintf("%s is a link that leads nowhere", s.name())
			}
			return last
		case isDirectory(s.path):
			last.absent = fmt.Sprintf("%s is a directory", s.name())
			return last
		}
		if !strings.Contains(err.Error(), s.name()) {
			err = fmt.Errorf("%s: %w", s.name(), err)
		}
		last.err = err
		return last
	}
	from, err := c.open(s)
	if err != nil {
		return fail(err)
	}
	defer from.Close()
	var text io.Reader = from
	if c.fix {
		src, err := io.ReadAll(io.LimitReader(from, c.maxBytes+1))
		format, _ := input.ForName(s.name())
		switch {
		case err != nil:
			return fail(err)
		case int64(len(src)) <= c.maxBytes:
			if last.change, last.fixes, src, err = c.repair(s, linter, src); err != nil {
				return fail(err)
			}
		case format.Several:
			return fail(fmt.Errorf("%s: is larger than %d bytes and is not fixed; --max-bytes raises the limit", s.name(), c.maxBytes))
		}
		text = bytes.NewReader(src)
	}
	for p, err := range c.reader.Read(s.name(), text) {
		if err != nil {
			return fail(err)
		}
		if e, ok := c.lint(s, linter, p); ok {
			last.checked++
			emit(e)
		} else {
			c.reader.Release(p)
		}
	}
	return last
}

// open opens what is to be checked of a file.
func (c *checker) open(s *source) (io.ReadCloser, error) {
	if s.elsewhere != nil && s.blob != "" {
		return blob(s.dir, s.blob)
	}
	return open(s.path, c.stdin)
}

// lint lints one payload. ok is false for one that shows no known type and is to
// be passed over for it.
func (c *checker) lint(s *source, linter *validate.Linter, p *input.Payload) (e event, ok bool) {
	unknown := s.found || c.skipUnknown // what shows no type is passed over
	if p.Addressed {
		addressed := *linter
		addressed.ID = p.Endpoint.Key
		if p.Endpoint.Version != "" {
			addressed.Version = p.Endpoint.Version
		}
		linter = &addressed
	}
	e = event{source: s, payload: p, linter: linter}
	if requests, batch := validate.Batch(p.Document); batch || p.Addressed && p.Endpoint.Batch {
		if unknown && !slices.ContainsFunc(requests, func(r validate.Request) bool { return r.Known }) {
			return e, false
		}
		e.typ = "a batch"
		e.found = linter.LintBatch(p.Document)
	} else {
		resource, err := c.resource(s, linter, p)
		if err != nil || resource == nil && (unknown || p.Head != nil) {
			return e, false
		}
		if resource != nil {
			e.typ = resource.Type.Short()
		}
		e.found = linter.LintAs(p.Document, resource)
	}
	var head []patchlint.Diagnostic
	if p.Head != nil {
		head = linter.LintAs(p.Head, nil)
	}
	e.doc, e.found = p.InFile(e.found, head)
	return e, true
}

// resource tells what a payload is of: what its URL says, else --type, else the
// config, else what the payload shows.
func (c *checker) resource(s *source, linter *validate.Linter, p *input.Payload) (*schema.Resource, error) {
	model, err := schema.Open(linter.Version)
	if err != nil {
		return nil, err
	}
	switch name := c.config.typeOf(s.path); {
	case p.Addressed:
		return model.Resource(p.Endpoint.Type)
	case linter.Type != "":
		return linter.Resource()
	case name != "":
		return model.Resource(name)
	}
	return model.DetectDocument(p.Document), nil
}

// repair applies fixes to a file, unless there is to be none, and returns the
// text to report about.
func (c *checker) repair(s *source, linter *validate.Linter, src []byte) (change []byte, made int, fixed []byte, err error) {
	var secrets []event // whose secrets a change must not show
	fixed, made = validate.Fixed(src, c.unsafe, func(src []byte) (findings []patchlint.Diagnostic, sound bool) {
		sound = true
		for p, err := range c.reader.Read(s.name(), bytes.NewReader(src)) {
			if err != nil {
				return nil, false // a reader of bytes does not fail
			}
			e, ok := c.lint(s, linter, p)
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
			secrets = append(secrets, e)
		}
		return findings, sound
	})
	switch {
	case c.dryRun && made > 0:
		text := string(unified(s.name(), src, fixed))
		for _, e := range secrets {
			text = validate.Mask(e.doc, validate.Secrets(e.doc), text)
		}
		return []byte(text), made, fixed, nil
	case c.dryRun:
		return nil, 0, src, nil
	case s.path == "-":
		return fixed, made, fixed, nil
	case made > 0:
		err = replaceFile(s.path, fixed)
	}
	return nil, made, fixed, err
}

// What is handed from the workers to the report at once: files are small, so
// that one by one they would cost more to hand over than to check.
const (
	chunkFiles  = 32      // for one worker
	chunkEvents = 256     // in one piece, or
	chunkBytes  = 1 << 20 // of documents
)

// inOrder checks every source, several at once, and yields what becomes of them
// in their order. Only a few payloads are ever held. An event's payload is the
// reader's again, to be released.
func (c *checker) inOrder(sources []source, linter func(path string) *validate.Linter) iter.Seq[event] {
	if c.jobs == 1 || len(sources) < 2 {
		return func(yield func(event) bool) {
			wanted := true
			for i := range sources {
				s := &sources[i]
				last := c.check(s, linter(s.path), func(e event) { wanted = wanted && yield(e) })
				if wanted = wanted && yield(last); !wanted {
					return
				}
			}
		}
	}
	return func(yield func(event) bool) {
		stop := make(chan struct{})
		defer close(stop)
		jobs := min(c.jobs, len(sources))
		files := max(1, min(chunkFiles, len(sources)/jobs))
		slots := make(chan chan []event, 2*jobs)
		tokens := make(chan struct{}, jobs)
		go func() {
			defer close(slots)
			for chunk := range slices.Chunk(sources, files) {
				slot := make(chan []event, 1)
				select {
				case slots <- slot:
				case <-stop:
					return
				}
				select {
				case tokens <- struct{}{}:
				case <-stop:
					return
				}
				linters := make([]*validate.Linter, len(chunk))
				for i := range chunk {
					linters[i] = linter(chunk[i].path)
				}
				go func() {
					defer close(slot)
					c.checkChunk(chunk, linters, slot, stop)
					<-tokens
				}()
			}
		}()
		for slot := range slots {
			for events := range slot {
				for _, e := range events {
					if !yield(e) {
						return
					}
				}
			}
		}
	}
}

// checkChunk checks sources one after the other and sends the events in pieces.
func (c *checker) checkChunk(chunk []source, linters []*validate.Linter, slot chan<- []event, stop <-chan struct{}) {
	var piece []event
	size := 0
	send := func() {
		select {
		case slot <- piece:
		case <-stop:
		}
		piece, size = make([]event, 0, 2*len(chunk)), 0
	}
	add := func(e event) {
		piece = append(piece, e)
		if e.doc != nil {
			size += len(e.doc.Source())
		}
		if len(piece) >= chunkEvents || size >= chunkBytes {
			send()
		}
	}
	piece = make([]event, 0, 2*len(chunk))
	for i := range chunk {
		add(c.check(&chunk[i], linters[i], add))
	}
	send()
}
