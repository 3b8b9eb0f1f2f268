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

// http is the format of the HTTP clients of editors: requests separated by "###", each
// with a request line, headers, an empty line and a body. "@name = value" assigns a
// variable and {{name}} refers to it. The payloads are the bodies of updates, insertions
// and batches; the URL tells their type. "< name" includes a body from another file.
var http = &Format{Name: "http", Extensions: []string{".http", ".rest"}, Several: true, read: readRequests}

func readRequests(r *Reader, from io.Reader, yield func(*Payload, error) bool) {
	file := r.payload()
	whole, err := file.fill(from, r.Limit)
	if err != nil {
		yield(nil, err)
		return
	}
	src := file.buffer // all payloads refer to it, so it is not released
	switch {
	case !whole:
		file.truncate(r.Limit)
		file.requests = true
		yield(file, nil)
		return
	case charset.Of(src) != "":
		file.parse(patchlint.JSON) // reports the encoding
		yield(file, nil)
		return
	}
	requests, set := parseRequests(src)
	text := patchlint.Unparsed(src)
	secrets := credentials(src, requests, set)
	secret.Mark(text, secrets)
	last := -1 // the index of the last request that is a payload
	for i, request := range requests {
		if request.address(r, set); request.SkipReason == "" {
			last = i
		}
	}
	seen := make(map[string]int)
	var offset, line int // where the part of the payload starts
	bodies := bodies{reader: r, budget: max(r.Limit, minBodiesLimit)}
	bodies.includer, _ = from.(Includer)
	for i, request := range requests {
		p := r.payload()
		p.Encoding = file.Encoding
		p.Destination, p.Record, p.File, p.Body = request.Destination, request.number, text, request.body
		p.Part = request.method + " " + request.url
		if p.SkipReason != "" {
			if !yield(p, nil) {
				return
			}
			continue
		}
		if seen[p.Part]++; seen[p.Part] > 1 {
			p.Part += fmt.Sprintf(" #%d", seen[p.Part])
		}
		// Each payload gets the text from the end of the previous payload, and the
		// last one also the rest of the file.
		start, end := offset, request.end
		var unseparated []patchlint.Span // of this request and the next, each reported once
		if i > 0 && requests[i-1].SkipReason != "" {
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
		p.origin = &expansion{src: part, offset: int64(offset), line: line, secrets: within(secrets, start, end), bodyInHeaders: -1}
		if request.bodyInHeaders >= 0 {
			p.origin.bodyInHeaders = request.bodyInHeaders - start
		}
		set.moveTo(request.settings)
		around := bytes.Clone(part)
		p.ExternalBody = len(request.includes) > 0
		if p.ExternalBody {
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
		if p.ExternalBody {
			sent = bodies.read(request, p, start, set)
		}
		offset, line = end, line+bytes.Count(part, []byte{'\n'})
		if !yield(p, nil) || sent != nil && !yield(sent, nil) {
			return
		}
	}
}

// note adds a finding about a request. start is the offset in the file of the part that
// belongs to the payload.
func (p *Payload) note(at patchlint.Span, start int, severity patchlint.Severity, format string, args ...any) {
	p.Notes = append(p.Notes, patchlint.Diagnostic{
		Rule: "payload-shape", Severity: severity, Message: fmt.Sprintf(format, args...),
		Span: patchlint.Span{Start: at.Start - start, End: at.End - start},
	})
}

// request is one request of a file.
type request struct {
	number        int    // in the file, from 0
	method, url   string // as written
	body          patchlint.Span
	end           int            // the end of the last line of the body
	bodyInHeaders int            // offset of a header line that looks like the body, -1 for none
	includes      []include      // files that the body includes
	mixed         bool           // the body also has text of its own
	settings      int            // the number of variable assignments before it
	unseparated   patchlint.Span // the request line, if "###" is missing before it
	host          string         // from the Host header
	tunnelled     bool           // a header replaces POST by a method that writes
	multipart     bool           // its body may contain requests
	Destination
}

var (
	variableLine = lazy.Regexp(`^@([^\s=]+)\s*=\s*(.*?)\s*$`)
	requestLine  = lazy.Regexp(`^(?:([A-Za-z]+)[ \t]+)?(\S.*?)(?:[ \t]+HTTP/[0-9.]+)?[ \t]*$`)
	// certainRequest matches a line that is a request line wherever it occurs.
	certainRequest = lazy.Regexp(`^(?i:GET|HEAD|POST|PUT|PATCH|MERGE|DELETE|OPTIONS)[ \t]+(?i:https?://|/|\{\{)[^"]*$`)
	includeLine    = lazy.Regexp(`^<(?:(@)([\w-]*)[ \t]+|[ \t]+)(\S.*?)[ \t]*$|^<(\.{0,2}[/\\]\S+)[ \t]*$`)
)

// parseRequests parses a file. As in the clients of editors, the meaning of a line
// depends on its position in a request.
func parseRequests(src []byte) (requests []*request, set *variables) {
	const (
		before = iota // before the request line
		head          // the rest of the URL, and the headers
		body
		after // response handling
	)
	set = &variables{set: make(map[string][]setting), budget: maxExpanded}
	state, inScript := before, false
	var current *request
	var url []byte // of the current request
	var urlHasSpace, bodyHasText bool
	finish := func() {
		if current != nil {
			current.mixed = bodyHasText
			text := src[current.body.Start:current.body.End]
			current.url, current.number, current.end = string(url), len(requests), current.body.End
			if state == before || state == head {
				current.body = patchlint.Span{Start: current.body.End, End: current.body.End}
			} else {
				current.body.Start += len(text) - len(bytes.TrimLeft(text, " \t\r\n"))
				current.body.End = current.body.Start + len(bytes.TrimSpace(text))
			}
			requests = append(requests, current)
		}
		current, state = nil, before
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
		if state != before && !inScript && !current.multipart && certainRequest.Get().MatchString(line) {
			merged = patchlint.Span{Start: offset, End: offset + len(line)}
			finish()
		}
		switch {
		case strings.HasPrefix(line, "###"):
			finish()
			inScript = false // such a line cannot be in a script, so the script was not closed
		case inScript:
			inScript = !strings.Contains(line, "%}")
		case state == before && (trimmed == "" || comment):
		case state == before && strings.HasPrefix(trimmed, "<"):
			inScript = strings.Contains(line, "{%") && !strings.Contains(line, "%}")
		case state == before:
			if m := variableLine.Get().FindStringSubmatchIndex(trimmed); m != nil {
				set.add(trimmed[m[2]:m[3]], trimmed[m[4]:m[5]], offset+strings.Index(line, trimmed)+m[4])
			} else if m := requestLine.Get().FindStringSubmatch(trimmed); m != nil {
				current = &request{method: m[1], settings: set.lines, bodyInHeaders: -1, unseparated: merged}
				url = append(url[:0], m[2]...)
				urlHasSpace, bodyHasText = strings.Contains(m[2], " "), false
				current.body = patchlint.Span{Start: end, End: end}
				state = head
			}
		case state == head && trimmed == "":
			state = body
			current.body = patchlint.Span{Start: end, End: end}
		case state == head:
			switch {
			case strings.HasPrefix(trimmed, "{") && !strings.HasPrefix(trimmed, "{{"):
				if current.bodyInHeaders < 0 {
					current.bodyInHeaders = offset + strings.IndexByte(line, '{')
				}
			case line != trimmed && !comment && !urlHasSpace && line[0] <= ' ' && len(url) < maxValue:
				url = append(url, trimmed...) // a long URL continues on indented lines
				urlHasSpace = strings.Contains(trimmed, " ")
			case !comment:
				current.header(trimmed)
			}
			current.body = patchlint.Span{Start: end, End: end}
		case state == body && (strings.HasPrefix(line, "> ") || strings.HasPrefix(line, ">>") || strings.HasPrefix(line, "<> ")):
			state = after
			inScript = strings.Contains(line, "{%") && !strings.Contains(line, "%}")
		case state == body:
			if m := includeLine.Get().FindStringSubmatch(line); m != nil {
				current.includes = append(current.includes, include{
					span: patchlint.Span{Start: offset, End: offset + len(line)}, variables: m[1] != "", encoding: m[2], name: m[3] + m[4],
				})
			} else {
				bodyHasText = bodyHasText || trimmed != "" && !comment
			}
			current.body.End = end
		}
		offset = end
	}
	finish()
	return requests, set
}
