package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/files"
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
	source  *files.Source
	checked bool   // there is a payload
	record  int    // its number in the file
	part    string // of the file, without credentials
	name    string // of the file that the payload is in, where it is not that of the source
	skipped []skip // of the last event: the requests of the file that are not checked
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
	large   bool   // it is skipped, though only its start is known
	fixes   int    // made, or to be made
	change  []byte // what --dry-run prints, or the fixed standard input
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

// worker checks files, one after the other, and emits what becomes of them.
type worker struct {
	*checker
	emit func(event)

	source  *files.Source
	linter  *validate.Linter
	take    func(*input.Payload, error) bool // payload
	err     error                            // why not all of the file could be read
	shown   bool                             // it has shown a payload
	large   bool                             // it has a text above the limit that is skipped
	skipped []skip                           // requests of it that are not checked
	held    []event                          // until it shows one; of requests only, which are in memory
	last    event                            // emitted when it is known whether there is more of the file
}

func (c *checker) worker(emit func(event)) *worker {
	w := &worker{checker: c, emit: emit}
	w.take = w.payload
	return w
}

// check reads and lints one file.
func (w *worker) check(s *files.Source, linter *validate.Linter) {
	w.source, w.linter, w.err, w.shown, w.large, w.held, w.skipped = s, linter, nil, false, false, nil, nil
	w.last = event{source: s}
	end := w.read()
	w.last.last, w.last.ending, w.last.skipped = true, end, w.skipped
	w.emit(w.last)
	w.last = event{}
}

// read is check up to what is said in the end.
func (w *worker) read() *ending {
	s := w.source
	from, err := s.Open(w.stdin)
	if err != nil {
		return failed(s, err)
	}
	defer from.Close()
	if s.Excluded() {
		end := &ending{absent: s.Name() + " is excluded", notable: true}
		text, err := io.ReadAll(from) // whoever writes it is let finish
		if err != nil {
			return failed(s, err)
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
		format, _ := input.ForName(s.Name())
		switch {
		case err != nil:
			return failed(s, err)
		case int64(len(src)) <= w.maxBytes:
			end = new(ending)
			if end.change, end.fixes, src, err = w.repair(s, w.linter, src); err != nil {
				end = failed(s, err)
			}
		case format.Several:
			return failed(s, fmt.Errorf("%s: is larger than %d bytes and is not fixed; --max-bytes raises the limit", s.Name(), w.maxBytes))
		}
		text = bytes.NewReader(src)
	}
	if w.reader.Read(s.Name(), w.beside(s, text))(w.take); w.err != nil {
		return failed(s, w.err)
	}
	if w.large {
		end = cmp.Or(end, new(ending))
		end.large = true
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
	if p.Skipped != "" {
		// Of what follows a request line nothing is known: it may be JSON that breaks off.
		line, _ := patchlint.Parse([]byte(p.Part), patchlint.JSON)
		part := secret.Mask(p.File, string(secret.Redact(line, patchlint.Span{End: len(p.Part)})))
		w.skipped = append(w.skipped, skip{part, p.Skipped, p.Notable})
		w.reader.Release(p)
		return true
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
		w.large = w.large || p.Large()
		w.reader.Release(p)
	}
	return true
}

// add emits what was held back and holds back e. It lets go of a document that
// nobody will look at any more, while it is still warm.
func (w *worker) add(e event) {
	e.concerns = e.name == "" && w.together.Concerns(e.linter, e.doc) // a file that is walked, too, is not two objects
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

// lint lints one payload. ok is false for one that shows no known type and is to
// be passed over for it; the error is why it cannot be checked.
func (c *checker) lint(s *files.Source, linter *validate.Linter, p *input.Payload) (e event, ok bool, err error) {
	unknown := s.Found || c.skipUnknown // what shows no type is passed over
	if p.Addressed {
		addressed := *linter
		addressed.ID = p.Endpoint.Key
		if p.Endpoint.Version != "" {
			addressed.Version = p.Endpoint.Version
		}
		linter = &addressed
	}
	e = event{source: s, checked: true, record: p.Record, part: secret.Mask(p.File, p.Part), name: p.Name, linter: linter, payload: p}
	if p.InElsewhere {
		if !p.Addressed {
			return e, false, nil
		}
		e.typ = "its body is in another file"
	} else if requests, batch := validate.Batch(p.Document); batch || p.Addressed && p.Endpoint.Batch {
		if unknown && !slices.ContainsFunc(requests, func(r validate.Request) bool { return r.Known }) {
			return e, false, nil
		}
		e.typ = "a batch"
		e.found = linter.LintBatch(p.Document)
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
			e.found[i].Fixes = nil // that file is fixed when it is linted by itself
		}
	}
	return e, true, nil
}

// resource tells what a payload is of: what its URL says, else --type, else the
// config, else what the payload shows. Given says that it is not from the payload.
func (c *checker) resource(s *files.Source, linter *validate.Linter, p *input.Payload) (r *schema.Resource, given bool, err error) {
	model, err := schema.Open(linter.Version)
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
	if r, err = c.config.typeOf(cmp.Or(p.Name, s.Name()), model); r != nil || err != nil {
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
func (c *checker) inOrder(sources iter.Seq[files.Source], linter func(name string) *validate.Linter) iter.Seq[event] {
	if c.jobs == 1 {
		return func(yield func(event) bool) {
			wanted := true
			w := c.worker(func(e event) { wanted = wanted && yield(e) })
			for s := range sources {
				if !wanted {
					return
				}
				w.check(&s, linter(s.Name()))
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
					k = &chunk{pieces: make(chan *piece, 1), sources: make([]files.Source, 0, chunkFiles), linters: make([]*validate.Linter, 0, chunkFiles)}
				}
				k.sources = append(k.sources, s)
				k.linters = append(k.linters, linter(s.Name()))
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
	sources []files.Source
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
