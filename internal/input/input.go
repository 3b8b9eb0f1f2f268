// Package input reads files with payloads: .json, .jsonc, .ndjson and .http. It splits
// each file into payloads, each with a Document to lint, its position in the file and,
// if the file has it, the URL that it is sent to.
package input

import (
	"bytes"
	"io"
	"io/fs"
	"iter"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/charset"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/schema"
)

// The default and the maximum of the Limit of a Reader, in bytes. Graph accepts far
// smaller documents.
const (
	DefaultLimit = 64 << 20
	MaxLimit     = math.MaxInt32 // that of a patchlint.Document
)

// Format is a kind of file.
type Format struct {
	Extensions []string // with the dot, in lower case
	Lines      bool     // each line is a payload
	Requests   bool     // the payloads are bodies of requests

	dialect patchlint.Dialect // of a file that is one payload
}

// Several reports whether a file can contain several payloads.
func (f Format) Several() bool { return f.Lines || f.Requests }

// formats are the known formats, the default first.
var formats = []Format{
	{Extensions: []string{".json"}},
	{Extensions: []string{".jsonc"}, dialect: patchlint.JSONC},
	{Extensions: []string{".ndjson", ".jsonl"}, Lines: true},
	{Extensions: []string{".http", ".rest"}, Requests: true},
}

// ForName returns the format of a file by the extension of its name, or the default.
// walked reports whether the extension is known, so that a walk includes the file.
func ForName(name string) (f Format, walked bool) {
	extension := strings.ToLower(filepath.Ext(name))
	for _, f := range formats {
		if slices.Contains(f.Extensions, extension) {
			return f, true
		}
	}
	return formats[0], false
}

// Extensions returns the extensions that a walk includes, with the dot.
func Extensions() (list []string) {
	for _, f := range formats {
		list = append(list, f.Extensions...)
	}
	return list
}

// Payload is a text to be sent as the body of a request.
type Payload struct {
	// Document is the text to be linted.
	Document *patchlint.Document
	// Around is the text next to the payload that belongs to no payload but may contain
	// a credential. It is nil without such text.
	Around *patchlint.Document
	// File is text of the file in which to look for credentials that the payload may
	// repeat. It is the whole file if it can have variables. For a record it is the end
	// of preceding lines that do not parse, since these may be one text that spans
	// several lines.
	File *patchlint.Document
	// Record is the index of the payload in its file.
	Record int
	// Part distinguishes the payloads of one file where possible. It is "" in a file
	// with one payload.
	Part string
	Destination
	// ExternalBody is true if the body of the request is in another file or is Media.
	// Document is then empty, and the next payload is a body in a file that could be read.
	ExternalBody bool
	// Name is the file that the payload is in, or "" if it is the one being read. A
	// file with a Name is not changed, because others may send it, too.
	Name string
	// Body is the span of the payload in a file of requests.
	Body patchlint.Span
	// Encoding is the encoding of a file that is not in UTF-8, such as "UTF-16 (little
	// endian)". Positions refer to the decoded text.
	Encoding string
	// TooLarge is true if the document is larger than the limit, so that only its start
	// was read.
	TooLarge bool
	// Notes are findings about the request itself, with positions in the file.
	Notes []patchlint.Diagnostic

	reader      *Reader
	requestLine patchlint.Span // in the part of the file that belongs to the payload
	buffer      []byte
	doc         *patchlint.Document // reused by parse
	isLine      bool                // a line of its file
	requests    bool                // a file of requests
	origin      *expansion          // nil if Document is the text of the file itself
}

// Destination is the destination of a payload.
type Destination struct {
	// Endpoint is the endpoint of the URL. It is valid if Addressed is true.
	Endpoint  recognize.Endpoint
	Addressed bool
	// Insert is true if the request creates an object: a POST or PUT.
	Insert bool
	// Media is true if the Content-Type says that the body is not JSON.
	Media bool
	// Skip has a Reason if the request is not a payload. It then has no Document.
	Skip Skip
}

// Skip is why a text is not checked.
type Skip struct {
	Part      string // the part of a file that is not checked, "" for all of it
	Reason    string // "" if it is checked
	Important bool   // whether the user may expect it to be checked
	Unchecked bool   // whether it is a request with a body that Graph may write
}

// Reader reads files. It is safe for concurrent use.
type Reader struct {
	// Limit is the maximum size of a document in bytes. A larger one is truncated and
	// has the fault json-limit.
	Limit int64
	// Faults is the maximum number of faults to list for a text, or 0 for the default.
	Faults int
	// Models resolve URLs, with Version as the default for a URL that has none.
	Models  schema.Models
	Version schema.Version

	leastBudget int // instead of the constant, in tests, which use it up
	payloads    sync.Pool
}

// Read yields the payloads of a file in the format of its name, until an error. A
// payload can be used until it is released. Bodies that requests include are read with open,
// which may be nil.
func (r *Reader) Read(name string, from io.Reader, open Opener) iter.Seq2[*Payload, error] {
	f, _ := ForName(name)
	return func(yield func(*Payload, error) bool) {
		if f.Lines {
			r.readLines(from, yield)
			return
		}
		p := r.payload()
		switch err := p.fill(from); {
		case err != nil:
			yield(nil, err)
		case f.Requests:
			r.readRequests(p, open, yield)
		default:
			p.parse(f.dialect)
			yield(p, nil)
		}
	}
}

// Payloads yields the payloads of a text in the format of a name. It skips requests that are
// not payloads, and bodies in other files.
func (r *Reader) Payloads(name string, text []byte) iter.Seq[*Payload] {
	return func(yield func(*Payload) bool) {
		for p := range r.Read(name, bytes.NewReader(text), nil) { // reading a text does not fail
			if p.Skip.Reason == "" && !yield(p) {
				return
			}
		}
	}
}

// Release makes the memory of a payload available to other payloads. The payload must not
// be used afterwards. Calling Release is optional.
func (r *Reader) Release(p *Payload) { r.payloads.Put(p) }

func (r *Reader) payload() *Payload {
	if used, ok := r.payloads.Get().(*Payload); ok {
		*used = Payload{reader: r, buffer: used.buffer[:0], doc: used.doc}
		return used
	}
	return &Payload{reader: r, doc: new(patchlint.Document)}
}

// fill reads a text into the buffer. It converts the text to UTF-8, or stops and sets
// TooLarge if the text is larger than the limit.
func (p *Payload) fill(from io.Reader) error {
	limit := p.reader.Limit
	text := bytes.NewBuffer(p.buffer)
	text.Grow(int(min(SizeOf(from), limit)) + bytes.MinRead) // which ReadFrom needs to see the end
	_, err := text.ReadFrom(io.LimitReader(from, limit+1))
	p.buffer = text.Bytes()
	if p.TooLarge = int64(len(p.buffer)) > limit; p.TooLarge {
		return nil
	}
	if converted, ok := charset.UTF8(p.buffer); ok {
		p.buffer, p.Encoding = converted, charset.Of(p.buffer)
	}
	return err
}

// SizeOf returns the size of the content of a reader, or 0 if unknown.
func SizeOf(from io.Reader) int64 {
	switch f := from.(type) {
	case interface{ Size() int64 }:
		return f.Size()
	case interface{ Stat() (fs.FileInfo, error) }:
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			return info.Size()
		}
	}
	return 0
}

// parse parses the buffer into the payload's document.
func (p *Payload) parse(dialect patchlint.Dialect) {
	limit := 0 // variables and the conversion to UTF-8 may make a text larger than that of its file
	if p.TooLarge {
		limit = int(p.reader.Limit)
	}
	_ = p.doc.Parse(p.buffer, dialect, p.reader.Faults, limit) // the faults include the error
	p.Document = p.doc
	if p.TooLarge {
		p.Document.Faults()[0].Message += "; --max-bytes raises the limit"
	}
}

// Undecided reports whether a document larger than the limit may be a payload, judging by
// its start. A scalar or a list of several elements cannot be one.
func (p *Payload) Undecided() bool {
	if !p.TooLarge {
		return false
	}
	switch root := p.Document.Root(); root.Kind() {
	case patchlint.String, patchlint.Number, patchlint.Bool, patchlint.Null:
		return p.requests
	case patchlint.Array:
		return root.Len() <= 1
	}
	return true
}

// InFile returns the document, its findings, and the findings around it, with positions
// in the file. It drops findings that depend on a value that is unknown until the
// payload is sent.
func (p *Payload) InFile(found, around []patchlint.Diagnostic) (*patchlint.Document, []patchlint.Diagnostic) {
	if p.origin == nil {
		for i := range found {
			// A record that is incomplete usually spans several lines.
			if d := &found[i]; p.isLine && d.Rule == "json-syntax" && d.Span.End >= len(p.buffer) {
				d.Message += "; each line of an .ndjson file is a whole payload"
			}
		}
		return p.Document, found
	}
	doc, moved := p.origin.inFile(p.Document, found)
	ofVariable := func(s segment) bool { return !s.copied }
	if len(moved) > 0 && len(bytes.TrimSpace(p.Document.Source())) == 0 && !slices.ContainsFunc(p.origin.segments, ofVariable) {
		moved[0].Span, moved[0].Message = p.requestLine, "the request has no body; add an empty line and then the JSON object to send"
	}
	moved = append(moved, around...)
	slices.SortStableFunc(moved, patchlint.Diagnostic.Compare)
	return doc, moved
}
