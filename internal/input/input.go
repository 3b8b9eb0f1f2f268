// Package input reads the kinds of file that hold payloads (.json, .jsonc, .ndjson,
// .http): bytes become payloads, each a Document to be linted, with its place in the
// file and, where the file tells, the URL it is sent to.
package input

import (
	"cmp"
	"io"
	"io/fs"
	"iter"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/charset"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/schema"
)

// Format is one kind of file.
type Format struct {
	Name       string
	Extensions []string // with the dot, in lower case
	Several    bool     // a file may hold more than one payload

	read func(r *Reader, from io.Reader, yield func(*Payload, error) bool)
}

// formats has the default first.
var formats = []*Format{json, jsonc, ndjson, http}

// ForName returns the format of a file by the extension of its name, and
// whether a walk through a directory takes such files. Other names are read as
// the default.
func ForName(name string) (f Format, walked bool) {
	extension := strings.ToLower(filepath.Ext(name))
	for _, f := range formats {
		if slices.Contains(f.Extensions, extension) {
			return *f, true
		}
	}
	return *formats[0], false
}

// Extensions lists the extensions of the files that a walk through a directory
// takes, with the dot.
func Extensions() (list []string) {
	for _, f := range formats {
		list = append(list, f.Extensions...)
	}
	return list
}

// Payload is one text that is sent, or would be.
type Payload struct {
	// Document is the text to be linted.
	Document *patchlint.Document
	// Around is the part of the file next to this payload that belongs to no
	// payload, and may hold a credential; nil where there is no such text.
	Around *patchlint.Document
	// File is text of the file that can tell what is a credential in the payload:
	// all of it where variables can be, and of records that do not parse what
	// comes right before, which may be one text over several lines.
	File *patchlint.Document
	// Record is the number of the payload in its file, from 0.
	Record int
	// Part tells the payloads of one file apart, wherever that can be done by
	// what they are; "" in a file of one.
	Part string
	Destination
	// InElsewhere says that the request's body is in another file, so that Document
	// is empty. Where that was read, the next payload is that body.
	InElsewhere bool
	// Name is the file that the payload is in, "" for the one that is read. Nothing
	// in it is to be changed: that file may be sent by others, too.
	Name string
	// Body is where in a file of requests the text of the payload is.
	Body patchlint.Span
	// Encoding names the encoding of a file that is not in UTF-8, such as "UTF-16 (little
	// endian)". The payload has the text of the file, and places are places in that text.
	Encoding string
	// Notes are findings about the request itself, in terms of the file.
	Notes []patchlint.Diagnostic

	buffer   []byte
	doc      *patchlint.Document // to be parsed into
	isLine   bool                // it is a line of its file
	faults   int                 // to be listed
	large    bool                // its document is above the limit
	requests bool                // it is a file of requests
	origin   *expansion          // nil where Document is the text as it stands in the file
}

// Destination is what a payload is sent to.
type Destination struct {
	// Endpoint is what the URL addresses, where Addressed says that the file knows.
	Endpoint  recognize.Endpoint
	Addressed bool
	// Insert says that the payload makes an object there: it is sent by POST or PUT.
	Insert bool
	// Skipped says why a request of the file is not a payload. It has no Document
	// then. Notable says that somebody may expect it to be one.
	Skipped string
	Notable bool
}

// Reader reads files. It is safe for concurrent use.
type Reader struct {
	// Limit is the size in bytes up to which a document is read. Of a larger
	// one there is a Document with the fault json-limit.
	Limit int64
	// Faults is how many faults of a text are listed, 0 for as many as usual.
	Faults int
	// Models tell what URLs address, and Version is the one of a URL which states none.
	Models  schema.Models
	Version schema.Version

	payloads sync.Pool
}

// Read yields the payloads of a file whose name tells its format. An error of
// the reader ends it. A payload may be kept until it is released. Where from is a
// Neighbour, bodies are read that are in files of their own.
func (r *Reader) Read(name string, from io.Reader) iter.Seq2[*Payload, error] {
	f, _ := ForName(name)
	return func(yield func(*Payload, error) bool) { f.read(r, from, yield) }
}

// Release gives a payload back to be used for another. Nothing of it may be
// used any more. Payloads that are not released are collected like any other
// memory.
func (r *Reader) Release(p *Payload) { r.payloads.Put(p) }

func (r *Reader) payload() *Payload {
	if used, ok := r.payloads.Get().(*Payload); ok {
		*used = Payload{buffer: used.buffer[:0], doc: used.doc, faults: r.faults()}
		return used
	}
	return &Payload{doc: new(patchlint.Document), faults: r.faults()}
}

func (r *Reader) faults() int { return cmp.Or(r.Faults, patchlint.MaxFindings) }

// fill reads all of a text into the buffer, in UTF-8, and reports whether it is within
// the limit.
func (p *Payload) fill(from io.Reader, limit int64) (whole bool, err error) {
	if whole, err = p.read(from, limit); !whole {
		return false, err
	}
	if text, ok := charset.UTF8(p.buffer); ok {
		p.buffer, p.Encoding = text, charset.Of(p.buffer)
	}
	return true, nil
}

func (p *Payload) read(from io.Reader, limit int64) (whole bool, err error) {
	if cap(p.buffer) == 0 {
		p.buffer = make([]byte, 0, 4<<10)
	}
	for {
		n, err := from.Read(p.buffer[len(p.buffer):cap(p.buffer)])
		p.buffer = p.buffer[:len(p.buffer)+n]
		switch {
		case int64(len(p.buffer)) > limit:
			return false, nil
		case err == io.EOF:
			return true, nil
		case err != nil:
			return false, err
		}
		if len(p.buffer) == cap(p.buffer) {
			// One byte more shows that there is nothing more. The memory is made
			// afresh: append would clear the new part, and so write it twice.
			larger := make([]byte, len(p.buffer), max(2*len(p.buffer), int(min(sizeOf(from), limit))+1))
			copy(larger, p.buffer)
			p.buffer = larger
		}
	}
}

// sizeOf returns how much a reader gives from its start to its end, 0 where that
// is not known.
func sizeOf(from io.Reader) int64 {
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

// parse makes the buffer the payload's document.
func (p *Payload) parse(dialect patchlint.Dialect) {
	_ = p.doc.ParseWithin(p.buffer, dialect, p.faults) // its error is among the faults
	p.Document = p.doc
}

// startOfLarge is how much of a document above the limit is looked at, to see
// what it is.
const startOfLarge = 64 << 10

// tooLarge makes the payload one whose document is above the limit.
func (p *Payload) tooLarge(limit int64) {
	p.Document = patchlint.TooLarge(p.buffer[:min(int64(len(p.buffer)), startOfLarge, limit)], limit)
	p.large = true
	p.Document.Faults()[0].Message += "; --max-bytes raises the limit"
}

// Large reports whether the document is above the limit, so that only its start
// is known.
func (p *Payload) Large() bool { return p.large }

// Unjudged reports whether the document is above the limit and may be a payload
// for all that its start shows. A scalar and a list of several are not.
func (p *Payload) Unjudged() bool {
	if !p.large {
		return false
	}
	switch root := p.Document.Root(); root.Kind() {
	case patchlint.String, patchlint.Number, patchlint.Bool, patchlint.Null:
		return p.requests
	case patchlint.Array:
		return !root.Element(1).Exists()
	}
	return true
}

// InFile returns a document of the payload and the findings about it and what is
// around it in terms of the file: what they point to is where the text came
// from. Findings that depend on text which is not known before the payload is sent are
// left out.
func (p *Payload) InFile(found, around []patchlint.Diagnostic) (*patchlint.Document, []patchlint.Diagnostic) {
	if p.origin == nil {
		for i := range found {
			// A record that stops short is most often one over several lines.
			if d := &found[i]; p.isLine && d.Rule == "json-syntax" && d.Span.End >= len(p.buffer) {
				d.Message += "; each line of an .ndjson file is a whole payload"
			}
		}
		return p.Document, found
	}
	doc, moved := p.origin.inFile(p.Document, found)
	moved = append(moved, around...)
	patchlint.SortDiagnostics(moved)
	return doc, moved
}
