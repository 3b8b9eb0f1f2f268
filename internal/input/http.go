package input

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/charset"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/secret"
)

// http is a file of requests as editors send them: requests apart by "###", in
// each a request line, headers, an empty line and a body; "@name = value" sets
// a variable and {{name}} stands for its value. The payloads are the bodies of
// updates and of batches; the URL says what they are of. A body may be in a file of
// its own, which a line "< name" names.
var http = &Format{Name: "http", Extensions: []string{".http", ".rest"}, Several: true, read: readRequests}

func readRequests(r *Reader, from io.Reader, yield func(*Payload, error) bool) {
	file := r.payload()
	whole, err := file.fill(from, r.Limit)
	if err != nil {
		yield(nil, err)
		return
	}
	src := file.buffer // every payload points into it, so it is not released
	switch {
	case !whole:
		file.tooLarge(r.Limit)
		file.requests = true
		yield(file, nil)
		return
	case charset.Of(src) != "":
		file.parse(patchlint.JSON) // the document says so
		yield(file, nil)
		return
	}
	requests, set := parseRequests(src)
	text := patchlint.Unparsed(src)
	secrets := credentials(src, requests, set)
	secret.Mark(text, secrets)
	last := -1 // of those that are payloads
	for i, request := range requests {
		if request.address(r, set); request.Skipped == "" {
			last = i
		}
	}
	seen := make(map[string]int)
	var origin patchlint.Origin
	bodies := bodies{reader: r, left: max(r.Limit, minBodies)}
	bodies.open, _ = from.(Neighbour)
	for i, request := range requests {
		p := r.payload()
		p.Encoding = file.Encoding
		p.Destination, p.Record, p.File, p.Body = request.Destination, request.number, text, request.body
		p.Part = request.method + " " + request.url
		if p.Skipped != "" {
			if !yield(p, nil) {
				return
			}
			continue
		}
		if seen[p.Part]++; seen[p.Part] > 1 {
			p.Part += fmt.Sprintf(" #%d", seen[p.Part])
		}
		// The file is divided among its payloads: to each belongs the text before
		// it, from the one before on, and to the last what follows.
		start, end := int(origin.Offset), request.end
		var unseparated []patchlint.Span // of this request and the next, each told of once
		if i > 0 && requests[i-1].Skipped != "" {
			unseparated = append(unseparated, request.unseparated)
		}
		if i+1 < len(requests) {
			unseparated = append(unseparated, requests[i+1].unseparated)
			end = max(end, requests[i+1].unseparated.End)
		}
		if i == last {
			end = len(src)
		}
		part, body := src[start:end], request.body
		p.origin = &expansion{src: part, origin: origin, secrets: within(secrets, start, end), unparted: -1}
		if request.unparted >= 0 {
			p.origin.unparted = request.unparted - start
		}
		set.at(request.settings)
		around := bytes.Clone(part)
		p.InElsewhere = len(request.includes) > 0
		if p.InElsewhere {
			_, p.origin.segments = expandBody(nil, 0, set)
			p.Document = patchlint.Unparsed(nil)
		} else {
			p.buffer, p.origin.segments = expandBody(src[body.Start:body.End], body.Start-start, set)
			p.parse(patchlint.JSON)
			for at := body.Start - start; at < body.End-start; at++ {
				around[at] = ' '
			}
			for _, m := range commentLine.Get().FindAllIndex(src[body.Start:body.End], -1) {
				copy(around[body.Start-start+m[0]:], src[body.Start+m[0]:body.Start+m[1]])
			}
		}
		p.Around = patchlint.Unparsed(around)
		secret.Mark(p.Around, p.origin.secrets)
		for _, at := range unseparated {
			if at.Len() > 0 {
				p.note(at, start, patchlint.Error, "a request line inside another request; write a line \"###\" before it")
			}
		}
		var sent *Payload
		if p.InElsewhere {
			sent = bodies.read(request, p, start, set)
		}
		origin.Offset, origin.Line = int64(end), origin.Line+bytes.Count(part, []byte{'\n'})
		if !yield(p, nil) || sent != nil && !yield(sent, nil) {
			return
		}
	}
}

// note adds a finding about a request, which is where in its part of the file.
func (p *Payload) note(at patchlint.Span, start int, severity patchlint.Severity, format string, args ...any) {
	p.Notes = append(p.Notes, patchlint.Diagnostic{
		Rule: "payload-shape", Severity: severity, Message: fmt.Sprintf(format, args...),
		Span: patchlint.Span{Start: at.Start - start, End: at.End - start},
	})
}

// request is one request of a file.
type request struct {
	number      int    // in the file, from 0
	method, url string // as they are written
	body        patchlint.Span
	end         int            // of the last line of the body
	unparted    int            // where a header starts like a body, -1 for nowhere
	includes    []include      // where the body or a part of it is in a file
	mixed       bool           // there is text beside them
	settings    int            // lines before it that set a variable
	unseparated patchlint.Span // its request line, where "###" is missing before it
	host        string         // of the header
	tunnelled   bool           // a header gives it a method that writes
	multipart   bool           // its body may hold requests
	Destination
}

var (
	variableLine = lazy.Regexp(`^@([^\s=]+)\s*=\s*(.*?)\s*$`)
	requestLine  = lazy.Regexp(`^(?:([A-Za-z]+)[ \t]+)?(\S.*?)(?:[ \t]+HTTP/[0-9.]+)?[ \t]*$`)
	// certainRequest is a request line wherever it is.
	certainRequest = lazy.Regexp(`^(?i:GET|HEAD|POST|PUT|PATCH|MERGE|DELETE|OPTIONS)[ \t]+(?i:https?://|/|\{\{)[^"]*$`)
	includeLine    = lazy.Regexp(`^<(?:(@)([\w-]*)[ \t]+|[ \t]+)(\S.*?)[ \t]*$|^<(\.{0,2}[/\\]\S+)[ \t]*$`)
)

// parseRequests parses a file. The meaning of a line depends on its place in a
// request, as it does for the clients of editors.
func parseRequests(src []byte) (requests []*request, set *variables) {
	const (
		before = iota // up to the request line
		head          // its continuation and the headers
		body
		after // what is done with the answer
	)
	set = &variables{set: make(map[string][]setting), left: maxExpanded}
	state, inScript := before, false
	var open *request
	var url []byte       // of the open request
	var spaced, any bool // the URL holds a space, the body a text
	finish := func() {
		if open != nil {
			open.mixed = any
			text := src[open.body.Start:open.body.End]
			open.url, open.number, open.end = string(url), len(requests), open.body.End
			if state == before || state == head {
				open.body = patchlint.Span{Start: open.body.End, End: open.body.End}
			} else {
				open.body.Start += len(text) - len(bytes.TrimLeft(text, " \t\r\n"))
				open.body.End = open.body.Start + len(bytes.TrimSpace(text))
			}
			requests = append(requests, open)
		}
		open, state = nil, before
	}
	offset := len(src) - len(bytes.TrimPrefix(src, []byte("\xef\xbb\xbf")))
	for offset < len(src) {
		end := len(src)
		if i := bytes.IndexByte(src[offset:], '\n'); i >= 0 {
			end = offset + i + 1
		}
		line := strings.TrimRight(string(src[offset:end]), "\r\n")
		trimmed := strings.TrimSpace(line)
		comment := strings.HasPrefix(trimmed, "#") || strings.HasPrefix(trimmed, "//")
		var merged patchlint.Span
		if state != before && !inScript && !open.multipart && certainRequest.Get().MatchString(line) {
			merged = patchlint.Span{Start: offset, End: offset + len(line)}
			finish()
		}
		switch {
		case strings.HasPrefix(line, "###"):
			finish()
			inScript = false // no script holds such a line, so this one was not closed
		case inScript:
			inScript = !strings.Contains(line, "%}")
		case state == before && (trimmed == "" || comment):
		case state == before && strings.HasPrefix(trimmed, "<"):
			inScript = strings.Contains(line, "{%") && !strings.Contains(line, "%}")
		case state == before:
			if m := variableLine.Get().FindStringSubmatchIndex(trimmed); m != nil {
				set.add(trimmed[m[2]:m[3]], trimmed[m[4]:m[5]], offset+strings.Index(line, trimmed)+m[4])
			} else if m := requestLine.Get().FindStringSubmatch(trimmed); m != nil {
				open = &request{method: m[1], settings: set.lines, unparted: -1, unseparated: merged}
				url = append(url[:0], m[2]...)
				spaced, any = strings.Contains(m[2], " "), false
				open.body = patchlint.Span{Start: end, End: end}
				state = head
			}
		case state == head && trimmed == "":
			state = body
			open.body = patchlint.Span{Start: end, End: end}
		case state == head:
			switch {
			case strings.HasPrefix(trimmed, "{") && !strings.HasPrefix(trimmed, "{{"):
				if open.unparted < 0 {
					open.unparted = offset + strings.IndexByte(line, '{')
				}
			case line != trimmed && !comment && !spaced && line[0] <= ' ' && len(url) < maxValue:
				url = append(url, trimmed...) // a long URL goes on, indented, in the next line
				spaced = strings.Contains(trimmed, " ")
			case !comment:
				open.header(trimmed)
			}
			open.body = patchlint.Span{Start: end, End: end}
		case state == body && (strings.HasPrefix(line, "> ") || strings.HasPrefix(line, ">>") || strings.HasPrefix(line, "<> ")):
			state = after
			inScript = strings.Contains(line, "{%") && !strings.Contains(line, "%}")
		case state == body:
			if m := includeLine.Get().FindStringSubmatch(line); m != nil {
				open.includes = append(open.includes, include{
					at: patchlint.Span{Start: offset, End: offset + len(line)}, variables: m[1] != "", encoding: m[2], name: m[3] + m[4],
				})
			} else {
				any = any || trimmed != "" && !comment
			}
			open.body.End = end
		}
		offset = end
	}
	finish()
	return requests, set
}
