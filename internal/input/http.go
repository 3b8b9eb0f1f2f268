package input

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

// http is a file of requests as editors send them: requests apart by "###", in
// each a request line, headers, an empty line and a body; "@name = value" sets
// a variable and {{name}} stands for its value. The payloads are the bodies of
// updates and of batches; the URL says what they are of.
var http = Format{Name: "http", Extensions: []string{".http", ".rest"}, Several: true, read: readRequests}

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
	case len(src) > 1 && (src[0] == 0 || src[1] == 0 || src[0] >= 0xFE):
		file.parse(patchlint.JSON) // UTF-16, and the document says so
		yield(file, nil)
		return
	}
	requests, set := parseRequests(src)
	text := patchlint.Unparsed(src)
	payloads := slices.DeleteFunc(requests, func(request *request) bool { return !request.address(set) })
	seen := make(map[string]int)
	var origin patchlint.Origin
	for i, request := range payloads {
		// The file is divided among its payloads: to each belongs what stands
		// before it, from the one before on, and to the last what follows.
		start, end := int(origin.Offset), request.end
		if i == len(payloads)-1 {
			end = len(src)
		}
		part, body := src[start:end], request.body
		p := r.payload()
		p.Endpoint, p.Addressed, p.Elsewhere = request.endpoint, request.addressed, request.elsewhere
		p.Record = request.number
		p.Part = request.method + " " + request.url
		if seen[p.Part]++; seen[p.Part] > 1 {
			p.Part += fmt.Sprintf(" #%d", seen[p.Part])
		}
		p.origin = &expansion{src: part, origin: origin, unparted: -1}
		if request.unparted >= 0 {
			p.origin.unparted = request.unparted - start
		}
		set.at(request.settings)
		p.buffer, p.origin.segments = expandBody(src[body.Start:body.End], body.Start-start, set)
		p.parse(patchlint.JSON)
		around := bytes.Clone(part)
		for at := body.Start - start; at < body.End-start; at++ {
			around[at] = ' '
		}
		for _, m := range commentLine().FindAllIndex(src[body.Start:body.End], -1) {
			copy(around[body.Start-start+m[0]:], src[body.Start+m[0]:body.Start+m[1]])
		}
		p.Around, p.File = patchlint.Unparsed(around), text
		origin.Offset, origin.Line = int64(end), origin.Line+bytes.Count(part, []byte{'\n'})
		if !yield(p, nil) {
			return
		}
	}
}

// address finds out what the request is sent to, and reports whether its body is
// a payload.
func (r *request) address(set *variables) bool {
	set.at(r.settings)
	url := expandText(r.url, set)
	r.endpoint, r.addressed = schema.ParseEndpoint(url)
	// Where there is nothing but variables, any of them may be the path.
	r.elsewhere = !r.addressed && strings.Trim(reference().ReplaceAllString(url, ""), "/") != ""
	if strings.Contains(r.endpoint.Key, "{{") {
		r.endpoint.Key = "" // known when it is sent
	}
	switch {
	case r.fromFile: // the file is a payload by itself
		return false
	case strings.EqualFold(r.method, "POST"):
		return r.addressed && r.endpoint.Batch
	}
	return strings.EqualFold(r.method, "PATCH") && !r.endpoint.Batch
}

// request is one request of a file.
type request struct {
	number      int    // in the file, from 0
	method, url string // as they are written
	body        patchlint.Span
	end         int  // of the last line of the body
	unparted    int  // where a header starts like a body, -1 for nowhere
	fromFile    bool // the body or a part of it is named, as "< file"
	settings    int  // lines before it that set a variable

	endpoint  schema.Endpoint
	addressed bool
	elsewhere bool
}

var (
	variableLine = lazily(`^@([^\s=]+)\s*=\s*(.*?)\s*$`)
	requestLine  = lazily(`^(?:([A-Za-z]+)[ \t]+)?(\S.*?)(?:[ \t]+HTTP/[0-9.]+)?[ \t]*$`)
)

// parseRequests takes a file apart. What a line means depends on where in a
// request it stands, as it does for the editors' clients.
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
		switch {
		case inScript:
			inScript = !strings.Contains(line, "%}")
		case strings.HasPrefix(line, "###"):
			finish()
		case state == before && (trimmed == "" || comment):
		case state == before && strings.HasPrefix(trimmed, "<"):
			inScript = strings.Contains(line, "{%") && !strings.Contains(line, "%}")
		case state == before:
			if m := variableLine().FindStringSubmatch(trimmed); m != nil {
				set.add(m[1], m[2])
			} else if m := requestLine().FindStringSubmatch(trimmed); m != nil {
				open = &request{method: m[1], settings: set.lines, unparted: -1}
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
			}
			open.body = patchlint.Span{Start: end, End: end}
		case state == body && (strings.HasPrefix(line, "> ") || strings.HasPrefix(line, ">>") || strings.HasPrefix(line, "<> ")):
			state = after
			inScript = strings.Contains(line, "{%") && !strings.Contains(line, "%}")
		case state == body:
			if strings.HasPrefix(line, "<") && (!any || strings.HasPrefix(line, "< ") || strings.HasPrefix(line, "<@")) {
				open.fromFile = true
			}
			any = any || trimmed != "" && !comment
			open.body.End = end
		}
		offset = end
	}
	finish()
	return requests, set
}
