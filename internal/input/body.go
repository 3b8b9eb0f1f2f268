package input

import (
	"bytes"
	"io"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
)

// Neighbour is a reader of a file that opens the files it names. Shown is what a
// file is called in reports. A file that is nil without an error is left out on
// purpose. Without a Neighbour no other file is read.
type Neighbour interface {
	Open(name string) (shown string, file io.ReadCloser, err error)
}

// include is a line that stands for the content of a file: "< name", or with the
// variables in it replaced "<@ name", there with an encoding, "<@latin1 name".
type include struct {
	at             patchlint.Span
	variables      bool
	encoding, name string
}

// minBodies is how many bytes the bodies of one file may have at least, together.
const minBodies = 64 << 20

// bodies reads the files that the bodies of requests are in.
type bodies struct {
	reader *Reader
	open   Neighbour
	left   int64 // bytes that may still be read
}

// read returns the payload in the file that the body of a request is in. Where
// there is none, p gets a note that says so, because nothing of it is checked then.
func (b *bodies) read(r *request, p *Payload, start int, set *variables) *Payload {
	in := r.includes[0]
	unread := func(severity patchlint.Severity, format string, args ...any) *Payload {
		if p.Addressed {
			p.note(in.at, start, severity, "the body was not checked: "+format, args...)
		}
		return nil
	}
	name := expandText(in.name, set)
	switch {
	case r.mixed || len(r.includes) > 1:
		return unread(patchlint.Warning, "only a part of it is in this file")
	case strings.Contains(name, "{{"):
		return unread(patchlint.Warning, "%s names a file only when the request is sent, once its variables are known", inert.Quote(name))
	case b.open == nil:
		return unread(patchlint.Warning, "it is in another file")
	case b.left <= 0:
		return unread(patchlint.Error, "the bodies of this file are larger than %d bytes together", max(b.reader.Limit, minBodies))
	}
	shown, from, err := b.open.Open(name)
	if err != nil {
		return unread(patchlint.Error, "%s: %v", inert.Quote(name), err)
	}
	if from == nil {
		return nil
	}
	defer from.Close()
	q := b.reader.payload()
	whole, err := q.fill(from, b.reader.Limit)
	if err != nil {
		return unread(patchlint.Error, "%s: %v", inert.Quote(name), err)
	}
	b.left -= int64(len(q.buffer))
	ascii := bytes.IndexFunc(q.buffer, func(r rune) bool { return r >= 0x80 }) < 0
	if e := strings.ToLower(in.encoding); e != "" && e != "utf8" && e != "utf-8" && !(ascii && slices.Contains(asciiCompatible, e)) {
		return unread(patchlint.Warning, "it is sent as if %s were in %s, and only UTF-8 is read", inert.Quote(name), inert.Quote(in.encoding))
	}
	q.Destination, q.Name = p.Destination, shown
	switch {
	case !whole:
		q.tooLarge(b.reader.Limit)
	case in.variables:
		q.File = p.File // a value in the body may be a credential of the file
		q.origin = &expansion{src: bytes.Clone(q.buffer), unparted: -1}
		q.buffer, q.origin.segments = expand(q.origin.src, nil, 0, set)
		q.parse(patchlint.JSON)
	default:
		q.parse(patchlint.JSON)
	}
	return q
}

// asciiCompatible are encodings, by the names that the editors' clients know, in
// which a text of ASCII characters is the same bytes.
var asciiCompatible = []string{"ascii", "latin1", "iso-8859-1", "binary", "windows-1252", "cp1252", "us-ascii"}
