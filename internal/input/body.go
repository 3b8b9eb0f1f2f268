package input

import (
	"bytes"
	"io"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/charset"
	"github.com/patchlint/patchlint/internal/inert"
)

// Opener opens a file that a request includes. shown is the name of the file for reports.
// A nil file without an error is skipped.
type Opener func(name string) (shown string, file io.ReadCloser, err error)

// include is a line that includes a file in a body: "< name" or, with variables
// replaced and optionally an encoding, "<@ name" or "<@latin1 name".
type include struct {
	span           patchlint.Span
	variables      bool
	encoding, name string
}

// Includes returns the names of the files that the requests in a text include, with
// variables of known value replaced.
func Includes(src []byte) (names []string) {
	if text, ok := charset.UTF8(src); ok {
		src = text
	}
	requests, set := parseRequests(src, leastBudget)
	for _, r := range requests {
		set.before = r.settings
		for _, in := range r.includes {
			names = append(names, expandText(in.name, set))
		}
	}
	return names
}

// The text of findings about what was not checked.
const (
	unchecked   = "the body was not checked: "
	unreadable  = "%s can be any part of it, and is known only when the request is sent; to check it, set the variable in this file"
	notReplaced = "a variable was not replaced by its value, so not everything that is sent was checked: the values in this file would take more than %d bytes in total, or refer to each other more than %d levels deep; shorten them, or split the file"
)

// payloadShape is the rule of findings about the shape of a request.
const payloadShape = "payload-shape"

// minBodiesLimit is the lower bound of the limit on the combined size of included bodies.
const minBodiesLimit = 64 << 20

// include returns the body of request r from the file it includes. If the body cannot be
// checked, it returns nil and adds a finding to p that says so.
func (f *requestFile) include(r *request, p *Payload, start int) *Payload {
	in := r.includes[0]
	unread := func(severity patchlint.Severity, format string, args ...any) *Payload {
		if p.Addressed {
			p.note(payloadShape, in.span, start, severity, unchecked+format, args...)
		}
		return nil
	}
	name := expandText(in.name, f.set)
	switch {
	case r.mixed || len(r.includes) > 1:
		return unread(patchlint.Warning, "only a part of it is in this file")
	case strings.Contains(name, "{{"):
		return unread(patchlint.Warning, "%s is a file name only once its variables are replaced, when the request is sent", inert.Quote(name))
	case f.open == nil:
		return unread(patchlint.Warning, "it is in another file")
	case f.budget <= 0:
		return unread(patchlint.Error, "the bodies of this file are larger than %d bytes in total", max(f.reader.Limit, minBodiesLimit))
	}
	shown, from, err := f.open(name)
	if err != nil {
		return unread(patchlint.Error, "%s: %v", inert.Quote(name), err)
	}
	if from == nil {
		return nil
	}
	defer from.Close()
	q := f.reader.payload()
	if err := q.fill(from); err != nil {
		return unread(patchlint.Error, "%s: %v", inert.Quote(name), err)
	}
	f.budget -= int64(len(q.buffer))
	if e := strings.ToLower(in.encoding); e != "" && e != "utf8" && e != "utf-8" {
		return unread(patchlint.Warning, "%s is included as %s, but only UTF-8 is read", inert.Quote(name), inert.Quote(in.encoding))
	}
	q.Destination, q.Name = p.Destination, shown
	if in.variables && !q.TooLarge {
		q.File = p.File // a value in the body may be a credential of the requests' file
		q.origin = &expansion{src: bytes.Clone(q.buffer)}
		var unreplaced patchlint.Span
		q.buffer, q.origin.segments, unreplaced = expand(q.origin.src, nil, 0, f.set)
		if unreplaced.Len() > 0 {
			f.limit(p, start, in.span)
		}
	}
	q.parse(patchlint.JSON)
	if q.origin != nil {
		if v := q.origin.unreadable(q.Document, p.Endpoint.Batch); v.Len() > 0 {
			unread(patchlint.Warning, unreadable, inert.Quote(string(q.origin.src[v.Start:v.End])))
		}
	}
	return q
}
