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
	"strconv"
	"strings"
	"sync"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// checker lints files, several at once.
type checker struct {
	*lintFlags
	config   *config
	stdin    io.Reader
	reader   input.Reader
	together validate.Run // what only several payloads show
}

// event is what became of a file: one for each of its payloads, and one for a
// file without any.
type event struct {
	source  *source
	checked bool   // there is a payload
	record  int    // its number in the file
	part    string // of the file, without credentials
	typ     string // the type it was checked as, "" when it shows none
	found   []patchlint.Diagnostic
	// The document in terms of the file, and whether it is to be added to
	// together. Most are of no more use: nothing was found in them.
	doc      *patchlint.Document
	concerns bool
	linter   *validate.Linter
	payload  *input.Payload // to be released; nil when it has been
	last     bool           // nothing more comes of the file
	ending   *ending        // of the last event, nil when nothing else is to be said
}

// ending is what is said of a file after its payloads.
type ending struct {
	err     error
	absent  string // why there is nothing to check after all, and
	notable bool   // that is worth a note
	fixes   int    // made, or to be made
	change  []byte // what --dry-run prints, or the fixed standard input
}

// what says what a payload was checked as.
func (e event) what() string {
	text := e.typ
	if text == "" {
		text = "of no known type"
	}
	format, _ := input.ForName(e.source.name())
	switch {
	case e.part != "":
		text = e.part + ": " + text
	case format.Several:
		text = strconv.Itoa(e.record) + ": " + text
	}
	return text
}

// worker checks files, one after the other, and emits what becomes of them.
type worker struct {
	*checker
	emit func(event)

	source *source
	linter *validate.Linter
	take   func(*input.Payload, error) bool // payload
	err    error                            // why not all of the file could be read
	shown  bool                             // it has shown a payload
	held   []event                          // until it shows one; of requests only, which are in memory
	last   event                            // emitted when it is known whether there is more of the file
}

func (c *checker) worker(emit func(event)) *worker {
	w := &worker{checker: c, emit: emit}
	w.take = w.payload
	return w
}

// check reads and lints one file.
func (w *worker) check(s *source, linter *validate.Linter) {
	w.source, w.linter, w.err, w.shown, w.held = s, linter, nil, false, nil
	w.last = event{source: s}
	end := w.read()
	w.last.last, w.last.ending = true, end
	w.emit(w.last)
	w.last = event{}
}

// read is check up to what is said in the end.
func (w *worker) read() *ending {
	s := w.source
	from, err := w.open(s)
	if err != nil {
		return s.failed(err)
	}
	defer from.Close()
	if s.elsewhere != nil && s.excluded {
		end := &ending{absent: s.name() + " is excluded", notable: true}
		text, err := io.ReadAll(from) // whoever writes it is let finish
		if err != nil {
			return s.failed(err)
		}
		if w.fix && !w.dryRun {
			end.change = text
		}
		return end
	}
	var end *ending
	var text io.Reader = from
	if w.fix {
		src, err := io.ReadAll(io.LimitReader(from, w.maxBytes+1))
		format, _ := input.ForName(s.name())
		switch {
		case err != nil:
			return s.failed(err)
		case int64(len(src)) <= w.maxBytes:
			end = new(ending)
			if end.change, end.fixes, src, err = w.repair(s, w.linter, src); err != nil {
				end = s.failed(err)
			}
		case format.Several:
			return s.failed(fmt.Errorf("%s: is larger than %d bytes and is not fixed; --max-bytes raises the limit", s.name(), w.maxBytes))
		}
		text = bytes.NewReader(src)
	}
	if w.reader.Read(s.name(), text)(w.take); w.err != nil {
		return s.failed(w.err)
	}
	return end
}

// payload lints a payload of the file. In one that shows a payload, what is
// passed over as none is still a record that does not parse, or a text that
// holds a credential.
func (w *worker) payload(p *input.Payload, err error) bool {
	if err != nil {
		w.err = err
		return false
	}
	e, ok, err := w.lint(w.source, w.linter, p)
	if err != nil {
		w.err = err
		w.reader.Release(p)
		return false
	}
	if ok && !w.shown {
		w.shown = true
		for _, before := range w.held {
			w.add(before)
		}
	}
	if !ok && (w.shown || p.Around != nil) {
		e = w.passedOver(e)
		if ok = len(e.found) > 0; ok && !w.shown {
			w.held = append(w.held, e)
			return true
		}
	}
	if ok {
		w.add(e)
	} else {
		w.reader.Release(p)
	}
	return true
}

// add emits what was held back and holds back e. It lets go of a document that
// nobody will look at any more, while it is still warm.
func (w *worker) add(e event) {
	e.concerns = w.together.Concerns(e.linter, e.doc)
	if len(e.found) == 0 && !e.concerns {
		w.reader.Release(e.payload)
		e.payload, e.doc = nil, nil
	}
	if w.last.checked {
		w.emit(w.last)
	}
	w.last = e
}

// passedOver lints what no payload is of all that it can be of.
func (c *checker) passedOver(e event) event {
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

// failed is the ending of a source that cannot be read. One that was come upon
// may be none after all: gone from its directory while git's index still has
// it, a link that leads nowhere, a directory, a pipe.
func (s *source) failed(err error) *ending {
	err = plain(err)
	switch {
	case s.found && errors.Is(err, fs.ErrNotExist):
		if _, linkErr := os.Lstat(s.path); linkErr == nil {
			return &ending{absent: fmt.Sprintf("%s is a link that leads nowhere", s.name()), notable: true}
		}
		return &ending{absent: fmt.Sprintf("%s is gone", s.name())}
	case errors.Is(err, errNotRegular):
		return &ending{absent: fmt.Sprintf("%s is no regular file", s.name())}
	case !strings.Contains(err.Error(), s.name()):
		err = fmt.Errorf("%s: %w", s.name(), err)
	}
	return &ending{err: err}
}

// open opens what is to be checked of a file.
func (c *checker) open(s *source) (io.ReadCloser, error) {
	if s.elsewhere != nil && s.blob != "" {
		return blob(s.dir, s.blob)
	}
	return open(s.path, c.stdin, s.regular, s.found)
}

// lint lints one payload. ok is false for one that shows no known type and is to
// be passed over for it; the error is why it cannot be checked.
func (c *checker) lint(s *source, linter *validate.Linter, p *input.Payload) (e event, ok bool, err error) {
	unknown := s.found || c.skipUnknown // what shows no type is passed over
	if p.Addressed {
		addressed := *linter
		addressed.ID = p.Endpoint.Key
		if p.Endpoint.Version != "" {
			addressed.Version = p.Endpoint.Version
		}
		linter = &addressed
	}
	e = event{source: s, checked: true, record: p.Record, part: secret.Mask(p.File, p.Part), linter: linter, payload: p}
	if requests, batch := validate.Batch(p.Document); batch || p.Addressed && p.Endpoint.Batch {
		if unknown && !slices.ContainsFunc(requests, func(r validate.Request) bool { return r.Known }) {
			return e, false, nil
		}
		e.typ = "a batch"
		e.found = linter.LintBatch(p.Document)
	} else {
		resource, err := c.resource(s, linter, p)
		if err != nil {
			return e, false, err
		}
		if resource == nil && (unknown || p.Around != nil) {
			return e, false, nil
		}
		if resource != nil {
			e.typ = resource.Type.Short()
		}
		e.found = linter.LintAs(p.Document, resource)
	}
	var around []patchlint.Diagnostic
	if p.Around != nil {
		around = linter.LintAs(p.Around, nil)
	}
	e.doc, e.found = p.InFile(e.found, around)
	e.conceal(p)
	return e, true, nil
}

// resource tells what a payload is of: what its URL says, else --type, else the
// config, else what the payload shows.
func (c *checker) resource(s *source, linter *validate.Linter, p *input.Payload) (*schema.Resource, error) {
	model, err := schema.Open(linter.Version)
	if err != nil {
		return nil, err
	}
	switch {
	case p.Addressed:
		return model.Resource(p.Endpoint.Type)
	case linter.Type != "":
		return linter.Resource()
	}
	if r, err := c.config.typeOf(s.name(), model); r != nil || err != nil {
		return r, err
	}
	detected := model.DetectDocument(p.Document)
	if detected != nil && detected.Path() == "" && p.Elsewhere {
		return nil, nil // what another resource has, too: assignments
	}
	return detected, nil
}

// repair applies fixes to a file, unless there is to be none, and returns the
// text to report about.
func (c *checker) repair(s *source, linter *validate.Linter, src []byte) (change []byte, made int, fixed []byte, err error) {
	fixed, made = validate.Fixed(src, c.unsafe, func(src []byte) (findings []patchlint.Diagnostic, sound bool) {
		sound = true
		for p, err := range c.reader.Read(s.name(), bytes.NewReader(src)) {
			if err != nil {
				return nil, false // a reader of bytes does not fail
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
		return c.change(s.name(), src, fixed), made, fixed, nil
	case c.dryRun:
		return nil, 0, src, nil
	case s.path == "-":
		return fixed, made, fixed, nil
	case made > 0:
		if err := replaceFile(s.path, fixed); err != nil {
			return nil, 0, src, err // all that is wrong with it remains
		}
	}
	return nil, made, fixed, nil
}

// What is handed to the workers and back at once: files are small, so that one
// by one they would cost more to hand over than to check.
const (
	chunkFiles = 32 // for one worker; at first, when there may be no more, one
	// In one piece there are at the most so many events, and bytes of documents
	// before the last.
	pieceEvents, pieceBytes = 256, 256 << 10
	// Chunks for each worker: to be taken at once, and in line, where those that
	// are done wait for one before them.
	ready, waiting = 4, 8
)

// inOrder checks every source, several at once, and yields what becomes of them
// in their order. Only a few sources and payloads are ever held. An event's
// payload is the reader's again, to be released.
func (c *checker) inOrder(sources iter.Seq[source], linter func(name string) *validate.Linter) iter.Seq[event] {
	if c.jobs == 1 {
		return func(yield func(event) bool) {
			wanted := true
			w := c.worker(func(e event) { wanted = wanted && yield(e) })
			for s := range sources {
				if !wanted {
					return
				}
				w.check(&s, linter(s.name()))
			}
		}
	}
	return func(yield func(event) bool) {
		stop := make(chan struct{})
		defer close(stop)
		slots, work := make(chan *chunk, min(waiting*c.jobs, 64)), make(chan *chunk, min(ready*c.jobs, 64))
		var pieces sync.Pool
		go func() {
			defer close(slots)
			defer close(work)
			dispatched, workers := 0, 0
			dispatch := func(k *chunk) bool {
				if workers < c.jobs {
					workers++
					go func() {
						out := outbox{pieces: &pieces, stop: stop}
						w := c.worker(out.add)
						for k := range work {
							out.check(k, w)
						}
					}()
				}
				dispatched++
				// First in line, then to work, which is taken in the order of the
				// line: whoever is waited for is at work.
				for _, to := range []chan *chunk{slots, work} {
					select {
					case to <- k:
					case <-stop:
						return false
					}
				}
				return true
			}
			var k *chunk
			for s := range sources {
				if k == nil {
					k = &chunk{pieces: make(chan *piece, 1), sources: make([]source, 0, chunkFiles), linters: make([]*validate.Linter, 0, chunkFiles)}
				}
				k.sources = append(k.sources, s)
				k.linters = append(k.linters, linter(s.name()))
				if dispatched < 4*c.jobs || len(k.sources) == chunkFiles {
					if !dispatch(k) {
						return
					}
					k = nil
				}
			}
			if k != nil {
				dispatch(k)
			}
		}()
		for k := range slots {
			for p := range k.pieces {
				for i := range p.events {
					if !yield(p.events[i]) {
						return
					}
				}
				p.reset()
				pieces.Put(p)
			}
		}
	}
}

// chunk is what one worker takes at once.
type chunk struct {
	sources []source
	linters []*validate.Linter
	pieces  chan *piece
}

// piece is what is handed over at once.
type piece struct {
	events []event
	size   int // of the documents in it, in bytes
}

func (p *piece) reset() {
	clear(p.events)
	p.events, p.size = p.events[:0], 0
}

// outbox sends what a worker emits about chunks, in pieces.
type outbox struct {
	pieces *sync.Pool
	stop   <-chan struct{}
	to     chan<- *piece
	piece  *piece // that is being filled; nil before the first event in it
}

// check has a worker check a chunk.
func (o *outbox) check(k *chunk, w *worker) {
	defer close(k.pieces)
	o.to = k.pieces
	for i := range k.sources {
		w.check(&k.sources[i], k.linters[i])
	}
	o.send()
}

func (o *outbox) add(e event) {
	if o.piece == nil {
		if o.piece, _ = o.pieces.Get().(*piece); o.piece == nil {
			o.piece = new(piece)
		}
	}
	p := o.piece
	p.events = append(p.events, e)
	if e.doc != nil {
		p.size += len(e.doc.Source())
	}
	if p.size >= pieceBytes || len(p.events) == pieceEvents {
		o.send()
	}
}

func (o *outbox) send() {
	if o.piece == nil {
		return
	}
	select {
	case o.to <- o.piece:
	case <-o.stop:
	}
	o.piece = nil
}
