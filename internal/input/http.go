package input

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/charset"
	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/internal/secret"
)

// readRequests yields the payloads of a file of the HTTP clients of editors: requests separated
// by "###", each with a request line, headers, an empty line and a body. "@name = value" assigns
// a variable and {{name}} refers to it. The payloads are the bodies of updates, insertions
// and batches; the URL determines their type. "< name" includes a body from another
// file.
func (r *Reader) readRequests(file *Payload, open Opener, yield func(*Payload, error) bool) {
	src := file.buffer // all payloads refer to it, so it is not released
	if file.TooLarge || charset.Of(src) != "" {
		file.parse(patchlint.JSON) // reports the size or the encoding
		file.requests = true
		yield(file, nil)
		return
	}
	if len(bytes.TrimSpace(src)) == 0 {
		file.Skip.Reason, file.Document = "it is empty", patchlint.Unparsed(src)
		yield(file, nil)
		return
	}
	requests, set := parseRequests(src, cmp.Or(r.leastBudget, leastBudget))
	secrets, unsearched, unreplaced := credentials(src, requests, set)
	f := requestFile{
		reader: r, src: src, text: patchlint.Unparsed(src), requests: requests, set: set, seen: make(map[string]int),
		secrets: secrets, unreplaced: unreplaced, budget: max(r.Limit, minBodiesLimit), open: open,
	}
	secret.Mark(f.text, slices.Concat(secrets, unsearched)) // mask what may be a credential
	for i, request := range requests {
		if request.address(r, set); request.Skip.Reason == "" {
			f.last = i
		}
	}
	for i := range requests {
		p, sent := f.payload(i)
		p.Encoding = file.Encoding
		if !yield(p, nil) || sent != nil && !yield(sent, nil) {
			return
		}
	}
}

// requestFile is the state while a file of requests is read.
type requestFile struct {
	reader     *Reader
	open       Opener // nil if included bodies cannot be opened
	src        []byte
	text       *patchlint.Document // src, with the credentials marked
	requests   []*request
	set        *variables
	secrets    []patchlint.Span
	unreplaced patchlint.Span // as credentials returns it

	last         int            // the index of the last request that is a payload
	budget       int64          // bytes of included bodies that may still be read
	limited      bool           // the limits of variables were reported
	seen         map[string]int // payloads by Part
	offset, line int            // where the part of the next payload starts
}

// payload returns the payload of a request, and its body if that is in another file and
// was read. It must be called for the requests in order.
func (f *requestFile) payload(i int) (p, sent *Payload) {
	request := f.requests[i]
	p = f.reader.payload()
	p.Destination, p.Record, p.File, p.Body = request.Destination, i, f.text, request.body
	p.Part = strings.TrimSpace(request.method + " " + request.url)
	if p.Skip.Reason != "" {
		return p, nil
	}
	if f.seen[p.Part]++; f.seen[p.Part] > 1 {
		p.Part += fmt.Sprintf(" #%d", f.seen[p.Part])
	}
	// Each payload gets the text from the end of the previous payload, and the last one
	// also the rest of the file. A payload whose type may be unknown, and which is then
	// not reported on, leaves an unseparated request line to the previous payload.
	start, end := f.offset, request.end
	var unseparated []patchlint.Span // of this request and the next, each reported once
	if i > 0 && (request.Addressed || f.requests[i-1].Skip.Reason != "") {
		unseparated = append(unseparated, request.unseparated)
	}
	if i+1 < len(f.requests) && !f.requests[i+1].Addressed {
		unseparated = append(unseparated, f.requests[i+1].unseparated)
		end = max(end, f.requests[i+1].unseparated.End)
	}
	if i == f.last {
		end = len(f.src)
	}
	part := f.src[start:end]
	p.origin = &expansion{src: part, offset: int64(start), line: f.line, secrets: within(f.secrets, start, end)}
	f.set.before = request.settings
	inBody := p.expand(request, start, f.set)
	if at := f.unreplaced; start <= at.Start && at.End <= end {
		f.limit(p, start, at)
	}
	f.limit(p, 0, inBody)
	for _, at := range unseparated {
		if at.Len() > 0 {
			p.note(payloadShape, at, start, patchlint.Error, "a request line inside another request; add a line \"###\" before it")
		}
	}
	if request.adjoining.Len() > 0 {
		p.note(payloadShape, request.adjoining, start, patchlint.Error, "the empty line between the headers and the body is missing")
	}
	if request.Endpoint.Collection && (graph.Updates(request.method) || request.tunneled) {
		p.note(payloadShape, request.line, start, patchlint.Error, "%s", recognize.MissingKey(request.url))
	}
	if request.placeholder != "" {
		at := request.line
		if before := bytes.Index(f.src[at.Start:at.End], []byte(request.placeholder)); before >= 0 { // as written
			at.Start += before
			at.End = at.Start + len(request.placeholder)
		}
		p.note("placeholder-value", at, start, patchlint.Warning, form.UnfilledURL, inert.Quote(request.placeholder))
	}
	if p.ExternalBody && !p.Media {
		sent = f.include(request, p, start)
	}
	f.offset, f.line = end, f.line+bytes.Count(part, []byte{'\n'})
	return p, sent
}

// limit adds the finding about variables that are not replaced, given the first reference to
// one, if any. A file has only one such finding.
func (f *requestFile) limit(p *Payload, start int, reference patchlint.Span) {
	if reference.Len() > 0 && !f.limited {
		f.limited = true
		p.note("json-limit", reference, start, patchlint.Error, notReplaced, f.set.limit, maxDepth)
	}
}

// expand sets the documents of a request: its body, with variables replaced, and the text
// around that. The part of the file that belongs to the payload starts at an offset.
// unreplaced is the first reference in the body that is not replaced because of the limits
// of variables.
func (p *Payload) expand(r *request, start int, set *variables) (unreplaced patchlint.Span) {
	part, at := p.origin.src, patchlint.Span{Start: r.body.Start - start, End: r.body.End - start}
	around := bytes.Clone(part)
	p.requestLine = patchlint.Span{Start: r.line.Start - start, End: r.line.End - start}
	p.ExternalBody = p.Media || len(r.includes) > 0
	if p.ExternalBody {
		p.Document, p.origin.segments = patchlint.Unparsed(nil), []segment{{copied: true}}
	} else {
		body := part[at.Start:at.End]
		comments := commentLine.Get().FindAllIndex(body, -1)
		p.buffer, p.origin.segments, unreplaced = expand(body, comments, at.Start, set)
		p.parse(patchlint.JSON)
		if v := p.origin.unreadable(p.Document, p.Endpoint.Batch); v.Len() > 0 && p.Addressed {
			p.note(payloadShape, v, 0, patchlint.Warning, unchecked+unreadable, inert.Quote(string(part[v.Start:v.End])))
		}
		for i := at.Start; i < at.End; i++ {
			around[i] = ' '
		}
		for _, m := range comments {
			copy(around[at.Start+m[0]:], body[m[0]:m[1]])
		}
	}
	p.Around = patchlint.Unparsed(around)
	secret.Mark(p.Around, p.origin.secrets)
	return unreplaced
}

// note adds a finding of a rule about a request. start is the offset in the file of the part
// that belongs to the payload.
func (p *Payload) note(rule string, at patchlint.Span, start int, severity patchlint.Severity, format string, args ...any) {
	p.Notes = append(p.Notes, patchlint.Diagnostic{
		Rule: rule, Severity: severity, Message: fmt.Sprintf(format, args...),
		Span: patchlint.Span{Start: at.Start - start, End: at.End - start},
	})
}

// request is one request of a file.
type request struct {
	method, url string         // as written
	line        patchlint.Span // the request line
	body        patchlint.Span
	end         int            // the end of the last line of the body
	adjoining   patchlint.Span // the start of the body, if the empty line before it is missing
	includes    []include      // files that the body includes
	mixed       bool           // the body also has text of its own
	settings    int            // the number of variable assignments before it
	unseparated patchlint.Span // the request line, if "###" is missing before it
	host        string         // from the Host header
	tunneled    bool           // a header or parameter replaces POST by a method that writes
	multipart   bool           // its body may contain requests
	contentType string         // as written
	brackets    bool           // its body starts like an object or an array
	placeholder string         // in its URL, "" for none
	Destination
}

var (
	variableLine = lazy.Regexp(`^@([^\s=]+)\s*=\s*`)
	requestLine  = lazy.Regexp(`^(?:([A-Za-z]+)[ \t]+)?(\S.*?)(?:[ \t]+HTTP/[0-9.]+(?: \(Prior Knowledge\))?)?[ \t]*$`)
	// certainRequest matches a line that is a request line wherever it occurs.
	certainRequest = lazy.Regexp(`^(?i:GET|HEAD|POST|PUT|PATCH|MERGE|DELETE|OPTIONS)[ \t]+(?i:https?://|/|\{\{)[^"]*$`)
	// endOfBody matches a line of response handling, an assertion, or a saved response.
	endOfBody = lazy.Regexp(`^(?:> |>>|<> |\?\? |HTTP/[0-9.]+ [0-9]{3}\b)`)
	// scriptLine matches the first line of a script: "< {%" before a request, "> {%" after
	// it or, in httpyac, "{{".
	scriptLine  = lazy.Regexp(`^(?:(?:[ \t]*(<)|>)[ \t]*\{%|[ \t]*(\{\{)[@+]?[a-zA-Z]*[ \t]*$)`)
	includeLine = lazy.Regexp(`^<(?:(@)([\w-]*))?[ \t]+(\S.*?)[ \t]*$`)
)

// parseRequests parses a file. As in the clients of editors, the meaning of a line
// depends on its position in a request.
func parseRequests(src []byte, leastBudget int) ([]*request, *variables) {
	limit := max(leastBudget, 32*len(src))
	p := parser{src: src, set: &variables{set: make(map[string][]setting), limit: limit, budget: limit}}
	start := len(src) - len(bytes.TrimPrefix(src, []byte("\xef\xbb\xbf")))
	for line := range bytes.Lines(src[start:]) {
		p.line(patchlint.Span{Start: start, End: start + len(line)})
		start += len(line)
	}
	p.finish()
	return p.requests, p.set
}

// parser parses a file of requests line by line.
type parser struct {
	src      []byte
	requests []*request
	set      *variables
	state    state
	script   int // the end of the last script

	current     *request // nil before the request line
	url         []byte
	urlHasSpace bool
}

// state is the position of a line in a request.
type state uint8

const (
	before state = iota // before the request line
	head                // the rest of the URL, and the headers
	body
	after // response handling
)

// line parses a line with its line break.
func (p *parser) line(at patchlint.Span) {
	if at.Start < p.script {
		return
	}
	line := strings.TrimRight(string(p.src[at.Start:at.End]), "\r\n")
	trimmed := strings.TrimSpace(line)
	comment := strings.HasPrefix(trimmed, "#") || strings.HasPrefix(trimmed, "//")
	shown := patchlint.Span{Start: at.Start, End: at.Start + len(line)}
	var unseparated patchlint.Span
	if p.state != before && !p.current.multipart && certainRequest.Get().MatchString(line) {
		unseparated = shown
		p.finish()
	}
	switch {
	case strings.HasPrefix(line, "###"):
		p.finish()
	case p.state != head && p.opens(line, at):
		if p.state == body {
			p.state = after
		}
	case p.state == before && (trimmed == "" || comment || strings.HasPrefix(trimmed, "<")):
	case p.state == before:
		if m := variableLine.Get().FindStringSubmatchIndex(trimmed); m != nil {
			name, value := trimmed[m[2]:m[3]], trimmed[m[1]:]
			p.set.set[name] = append(p.set.set[name], setting{p.set.lines, at.Start + strings.Index(line, trimmed) + m[1], value})
			p.set.lines++
		} else if m := requestLine.Get().FindStringSubmatch(trimmed); m != nil {
			p.current = &request{method: m[1], settings: p.set.lines, line: shown, unseparated: unseparated}
			p.url = append(p.url[:0], m[2]...)
			p.urlHasSpace = strings.Contains(m[2], " ")
			p.enter(head, at.End)
		}
	case p.state == head && trimmed == "":
		p.enter(body, at.End)
	case p.state == head && strings.HasPrefix(trimmed, "{") && !strings.HasPrefix(trimmed, "{{"):
		start := at.Start + strings.IndexByte(line, '{')
		p.enter(body, start)
		p.current.adjoining = patchlint.Span{Start: start, End: start + 1}
		p.current.mixed, p.current.brackets, p.current.body.End = true, true, at.End
	case p.state == head:
		switch {
		case !comment && !p.urlHasSpace && (line[0] == ' ' || line[0] == '\t') && !strings.Contains(trimmed, ": "):
			p.url = append(p.url, trimmed...) // a long URL continues on indented lines
			p.urlHasSpace = strings.Contains(trimmed, " ")
		case !comment:
			p.current.header(trimmed)
		}
		p.enter(head, at.End)
	case p.state == body && endOfBody.Get().MatchString(line):
		p.state = after
	case p.state == body:
		if m := includeLine.Get().FindStringSubmatch(line); m != nil {
			p.current.includes = append(p.current.includes, include{span: shown, variables: m[1] != "", encoding: m[2], name: m[3]})
		} else if trimmed != "" && !comment && !p.current.mixed {
			p.current.mixed, p.current.brackets = true, strings.ContainsAny(trimmed[:1], "{[")
		}
		p.current.body.End = at.End
	}
}

// opens reports whether a line starts a script, and notes where the script ends. A script must
// end before the next script, "###" or, if it is in braces, request. Otherwise the line does
// not start one, because it would hide the requests after it.
func (p *parser) opens(line string, at patchlint.Span) bool {
	m := scriptLine.Get().FindStringSubmatch(line)
	if m == nil || m[1] != "" && p.state != before {
		return false
	}
	braces := m[2] != ""
	if !braces && strings.Contains(line, "%}") {
		return true
	}
	end := at.End
	for next := range bytes.Lines(p.src[end:]) {
		end += len(next)
		next = bytes.TrimRight(next, "\r\n")
		switch {
		case bytes.HasPrefix(next, []byte("###")) || scriptLine.Get().Match(next) || braces && certainRequest.Get().Match(next):
			return false
		case braces && string(bytes.TrimSpace(next)) == "}}" || !braces && bytes.Contains(next, []byte("%}")):
			p.script = end
			return true
		}
	}
	return false
}

// enter changes the state. The body starts at or after an offset.
func (p *parser) enter(to state, offset int) {
	p.state, p.current.body = to, patchlint.Span{Start: offset, End: offset}
}

// finish adds the current request, if there is one.
func (p *parser) finish() {
	if r := p.current; r != nil {
		r.url, r.end = string(p.url), r.body.End
		text := p.src[r.body.Start:r.body.End]
		r.body.Start += len(text) - len(bytes.TrimLeft(text, " \t\r\n"))
		r.body.End = r.body.Start + len(bytes.TrimSpace(text))
		p.requests = append(p.requests, r)
	}
	p.current, p.state = nil, before
}
