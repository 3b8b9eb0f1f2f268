package input

import (
	"bytes"
	"fmt"
	"io"
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
		yield(file, nil)
		return
	case len(src) > 1 && (src[0] == 0 || src[1] == 0 || src[0] >= 0xFE):
		file.parse(patchlint.JSON) // UTF-16, and the document says so
		yield(file, nil)
		return
	}
	requests, global := parseRequests(src)
	seen := make(map[string]int)
	for i, request := range requests {
		expand := func(text string) string {
			expanded, _ := expandText([]byte(text), 0, request.variables, global, false)
			return string(expanded)
		}
		url := expand(request.url)
		p := r.payload()
		p.Endpoint, p.Addressed = schema.ParseEndpoint(url)
		switch {
		case strings.EqualFold(request.method, "POST") && p.Addressed && p.Endpoint.Batch:
		case strings.EqualFold(request.method, "PATCH") && !p.Endpoint.Batch:
		default:
			continue
		}
		if strings.Contains(p.Endpoint.Key, "{{") {
			p.Endpoint.Key = "" // known when it is sent
		}
		if request.fromFile {
			continue // the file is a payload by itself
		}
		p.Record = i
		p.Part = request.method + " " + request.url
		if seen[p.Part]++; seen[p.Part] > 1 {
			p.Part += fmt.Sprintf(" #%d", seen[p.Part])
		}
		expanded, segments := expandText(src[request.body.Start:request.body.End], request.body.Start, request.variables, global, true)
		p.buffer = expanded
		p.parse(patchlint.JSON)
		p.origin = &expansion{src, segments}
		p.Head, p.headAt = patchlint.Unparsed(src[request.start:request.body.Start]), request.start
		if !yield(p, nil) {
			return
		}
	}
}

// request is one request of a file.
type request struct {
	method, url string // as they are written
	start       int    // of all that belongs to it, comments and variables included
	body        patchlint.Span
	fromFile    bool // the body is named, as "< file"
	variables   map[string]string
}

var (
	variableLine = lazily(`^@([^\s=]+)\s*=\s*(.*?)\s*$`)
	requestLine  = lazily(`^(?:([A-Za-z]+)[ \t]+)?(\S.*?)(?:[ \t]+HTTP/[0-9.]+)?[ \t]*$`)
)

// parseRequests takes a file apart. What a line means depends on where in a
// request it stands, as it does for the editors' clients.
func parseRequests(src []byte) (requests []request, global map[string]string) {
	const (
		before = iota // up to the request line
		head          // its continuation and the headers
		body
		after // what is done with the answer
	)
	global = make(map[string]string)
	scope := make(map[string]string)
	state, inScript := before, false
	var open *request
	finish := func() {
		if open != nil {
			text := src[open.body.Start:open.body.End]
			if state == before || state == head {
				open.body = patchlint.Span{Start: open.body.End, End: open.body.End}
			} else {
				open.body.Start += len(text) - len(bytes.TrimLeft(text, " \t\r\n"))
				open.body.End = open.body.Start + len(bytes.TrimSpace(text))
			}
			requests = append(requests, *open)
		}
		open, state = nil, before
	}
	start := 0
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
			start = offset
		case state == before && (trimmed == "" || comment):
		case state == before && strings.HasPrefix(trimmed, "<"):
			inScript = strings.Contains(line, "{%") && !strings.Contains(line, "%}")
		case state == before:
			if m := variableLine().FindStringSubmatch(trimmed); m != nil {
				scope[m[1]], global[m[1]] = m[2], m[2]
			} else if m := requestLine().FindStringSubmatch(trimmed); m != nil {
				variables := make(map[string]string, len(scope))
				for name, value := range scope {
					variables[name] = value
				}
				open = &request{method: m[1], url: m[2], start: start, variables: variables}
				open.body = patchlint.Span{Start: end, End: end}
				state = head
			}
		case state == head && trimmed == "":
			state = body
			open.body = patchlint.Span{Start: end, End: end}
		case state == head:
			if line != trimmed && !comment && !strings.Contains(open.url, " ") && line[0] <= ' ' {
				open.url += trimmed // a long URL goes on, indented, in the next line
			}
			open.body = patchlint.Span{Start: end, End: end}
		case state == body && (strings.HasPrefix(line, "> ") || strings.HasPrefix(line, ">>") || strings.HasPrefix(line, "<> ")):
			state = after
			inScript = strings.Contains(line, "{%") && !strings.Contains(line, "%}")
		case state == body:
			if strings.HasPrefix(line, "<") && len(bytes.TrimSpace(src[open.body.Start:offset])) == 0 {
				open.fromFile = true
			}
			open.body.End = end
		}
		offset = end
	}
	finish()
	return requests, global
}
