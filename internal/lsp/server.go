// Package lsp is the language server: the linter of the command, asked by an editor.
// It speaks the Language Server Protocol 3.17 and says of a document what
// "patchlint lint" says of its file in a walk through the folder.
//
// One goroutine reads messages and keeps the texts of the documents; another one
// answers requests and lints, so that an answer is always about the newest text. A
// document that changes while it is linted is linted again, once.
package lsp

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"
)

// Serve speaks to a client until that says exit or is gone, and reports whether it
// had asked for the end before (LSP, exit). Nothing but the protocol is written to
// out.
func Serve(ctx context.Context, in io.Reader, out io.Writer, version string) (orderly bool) {
	s := &server{version: version, conn: newConn(in, out), documents: make(map[string]*document)}
	s.more.L = &s.mu
	s.workspace.server, s.bodies = s, make(map[string]map[*document][]finding)
	read, worked := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(read)
		s.read()
	}()
	go func() {
		defer close(worked)
		s.work()
	}()
	select {
	case <-read:
	case <-ctx.Done():
	}
	s.mu.Lock()
	s.done = true
	orderly = s.phase == shutDown
	s.mu.Unlock()
	s.more.Broadcast()
	if c, ok := in.(io.Closer); ok {
		_ = c.Close() // so that reading ends
	}
	<-worked
	return orderly
}

// phase is how far the life of a server has come.
type phase int

const (
	fresh phase = iota
	initialized
	shutDown
)

type server struct {
	version string
	conn    *conn
	client  client
	workspace

	mu        sync.Mutex
	more      sync.Cond // there is something to do, or done is set
	phase     phase
	documents map[string]*document // by their URI
	requests  []*request           // to be answered, in order
	running   *request             // that is being answered
	tasks     []func()             // for the worker, before anything else
	done      bool
}

// request is one that the worker answers.
type request struct {
	id        json.RawMessage
	params    params
	answer    func(*server, question) (any, *rpcError)
	text      *text // of the document it is about, as it was when the request came; nil for none
	cancelled bool
}

// maxRequests is how many requests may wait.
const maxRequests = 1000

// read takes messages, one at a time, until exit or the end. Changes are made at once;
// questions are left to the worker.
func (s *server) read() {
	for {
		m, err := s.conn.read()
		switch {
		case err != nil || m.method == "exit" && m.ID == nil:
			return
		case m.Method == nil: // the answer to a registration
		case m.ID == nil:
			s.guarded(func() { s.notification(m) })
		default:
			result, failure, answered := any(nil), defect, true
			s.guarded(func() { result, failure, answered = s.request(m) })
			if answered {
				s.conn.reply(m.ID, result, failure)
			}
		}
	}
}

// Errors of requests.
var (
	// defect answers a request that a defect of ours keeps from being handled.
	defect      = &rpcError{codeInternalError, "this is a defect of patchlint; please report what the document was like"}
	notPosition = &rpcError{codeInvalidParams, "the position is missing"}
	notRange    = &rpcError{codeInvalidParams, "the range is missing"}
)

// notification takes what is not answered.
func (s *server) notification(m message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.more.Broadcast()
	if m.method == "$/cancelRequest" {
		decoded(m, s.cancel)
		return
	}
	if s.phase != initialized {
		return // LSP, initialize: notifications are dropped before it
	}
	// A notification cannot be answered: what is wrong with one goes by.
	switch m.method {
	case "initialized":
		s.tasks = append(s.tasks, s.register)
	case "textDocument/didOpen":
		decoded(m, s.didOpen)
	case "textDocument/didChange":
		decoded(m, s.didChange)
	case "textDocument/didClose":
		decoded(m, s.didClose)
	case "textDocument/didSave":
		decoded(m, s.didSave)
	case "workspace/didChangeWatchedFiles":
		s.touchAll() // each looks at what it depends on
	case "workspace/didChangeWorkspaceFolders":
		decoded(m, s.didChangeWorkspaceFolders)
	}
}

// decoded calls a function with the parameters of a message, if they are such, and
// reports whether they are.
func decoded[P any](m message, do func(P)) bool {
	var p P
	if m.Params == nil || json.Unmarshal(m.Params, &p) != nil {
		return false
	}
	do(p)
	return true
}

// question is a request about the newest text of a document.
type question struct {
	params
	doc  *document
	text *text
}

// answers are the requests that the worker answers.
var answers = map[string]func(*server, question) (any, *rpcError){
	"textDocument/hover":          (*server).hover,
	"textDocument/completion":     (*server).completion,
	"textDocument/codeAction":     (*server).codeAction,
	"textDocument/documentSymbol": (*server).documentSymbol,
}

// request answers a request, or leaves it to the worker and reports that it is not
// answered.
func (s *server) request(m message) (result any, failure *rpcError, answered bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	refuse := func(code int, reason string) (any, *rpcError, bool) { return nil, &rpcError{code, reason}, true }
	switch {
	case s.phase == shutDown:
		return refuse(codeInvalidRequest, "the server was shut down; only exit may follow")
	case m.method == "initialize" && s.phase != fresh:
		return refuse(codeInvalidRequest, "the server is initialized already")
	case m.method == "initialize":
		if !decoded(m, func(p initializeParams) { result = s.initialize(p) }) {
			return refuse(codeInvalidParams, "the parameters are not those of initialize")
		}
		s.phase = initialized
		return result, nil, true
	case s.phase == fresh:
		return refuse(codeServerNotInitialized, "the first request must be initialize")
	case m.method == "shutdown":
		s.phase = shutDown
		return nil, nil, true
	case answers[m.method] == nil:
		return refuse(codeMethodNotFound, "there is no such method here")
	case len(s.requests) >= maxRequests:
		return refuse(codeRequestFailed, "too many requests are waiting")
	}
	r := &request{id: m.ID, answer: answers[m.method]}
	if !decoded(m, func(p params) { r.params = p }) {
		return refuse(codeInvalidParams, "the parameters are not those of the method")
	}
	if d := s.documents[r.params.TextDocument.URI]; d != nil {
		r.text = d.text
	}
	s.requests = append(s.requests, r)
	s.more.Broadcast()
	return nil, nil, false
}

// cancel cancels a request that has not been answered.
func (s *server) cancel(p cancelParams) {
	for _, r := range slices.Concat(s.requests, []*request{s.running}) {
		if r != nil && bytes.Equal(r.id, p.ID) {
			r.cancelled = true
		}
	}
}

// rest is how long nothing is to be done before memory is given back.
const rest = 2 * time.Second

// work answers requests, and lints what has changed when none waits.
func (s *server) work() {
	idle := time.AfterFunc(rest, debug.FreeOSMemory)
	defer idle.Stop()
	for {
		s.mu.Lock()
		for !s.done && len(s.requests) == 0 && len(s.tasks) == 0 && s.changed() == nil {
			idle.Reset(rest)
			s.more.Wait()
		}
		idle.Stop()
		if s.done {
			s.mu.Unlock()
			return
		}
		tasks := s.tasks
		s.tasks = nil
		s.running = nil
		var changed *document
		if len(s.requests) > 0 {
			s.running = s.requests[0]
			s.requests = slices.Delete(s.requests, 0, 1)
		} else if changed = s.changed(); changed != nil {
			changed.dirty = false
		}
		next := s.running
		s.mu.Unlock()
		for _, do := range tasks {
			s.guarded(do)
		}
		switch {
		case next != nil:
			s.answer(next)
		case changed != nil:
			if !s.guarded(func() { s.publish(changed) }) {
				s.abandon(changed)
			}
		}
	}
}

// changed returns a document that is to be linted, that which waits longest, or nil.
func (s *server) changed() *document {
	var first *document
	for _, d := range s.documents {
		if d.dirty && (first == nil || d.since < first.since) {
			first = d
		}
	}
	return first
}

// guarded calls a function and reports whether it came to its end: a defect of ours
// must not end the session.
func (s *server) guarded(do func()) (ok bool) {
	defer func() { _ = recover() }()
	do()
	return true
}

// answer answers one request. Where the document has changed since it came, the places
// in it are not those that the client means.
func (s *server) answer(r *request) {
	s.mu.Lock()
	d := s.documents[r.params.TextDocument.URI]
	cancelled := r.cancelled
	open, same := d != nil, d != nil && d.text == r.text
	s.mu.Unlock()
	var result any
	var failure *rpcError
	switch {
	case cancelled:
	case !open:
		failure = &rpcError{codeInvalidParams, "the document is not open"}
	case !same:
		failure = &rpcError{codeContentModified, "the document has changed"}
	case !s.guarded(func() { result, failure = r.answer(s, question{r.params, d, r.text}) }):
		failure = defect
	}
	s.mu.Lock()
	if r.cancelled {
		failure = &rpcError{codeRequestCancelled, "the request was cancelled"}
	}
	s.mu.Unlock()
	s.conn.reply(r.id, result, failure)
}

// client is what is known of the other side.
type client struct {
	clientCapabilities
	encoding encoding
}

// initialize takes note of the client, and says what the server does.
func (s *server) initialize(p initializeParams) object {
	s.client = client{p.Capabilities, utf16Units} // the default, LSP PositionEncodingKind
	for _, e := range p.Capabilities.General.PositionEncodings {
		if e := encoding(e); e == utf8Units || e == utf16Units {
			s.client.encoding = e
			break
		}
	}
	folders := p.WorkspaceFolders
	switch {
	case folders != nil:
	case p.RootURI != nil:
		folders = []workspaceFolder{{URI: *p.RootURI}}
	case p.RootPath != nil:
		folders = []workspaceFolder{{URI: uriOf(*p.RootPath)}}
	}
	for _, f := range folders {
		s.workspace.open(f.URI)
	}
	return object{
		"serverInfo": object{"name": "patchlint", "version": s.version},
		"capabilities": object{
			"positionEncoding":       s.client.encoding,
			"textDocumentSync":       object{"openClose": true, "change": 2, "save": true}, // 2: incremental; a change may be of the whole text all the same
			"hoverProvider":          true,
			"completionProvider":     object{"triggerCharacters": []string{`"`, ":"}},
			"codeActionProvider":     object{"codeActionKinds": []string{kindQuickFix, kindFixAll}},
			"documentSymbolProvider": true,
			"workspace":              object{"workspaceFolders": object{"supported": true, "changeNotifications": true}},
		},
	}
}

// register asks to be told when files change that findings depend on.
func (s *server) register() {
	if !s.client.Workspace.DidChangeWatchedFiles.DynamicRegistration {
		return // then the files are looked at
	}
	var watchers []object
	for _, pattern := range []string{"**/*.{yaml,yml,toml,xml}", "**/*.{json,jsonc,ndjson,jsonl,http,rest}", "**/.gitignore"} {
		watchers = append(watchers, object{"globPattern": pattern})
	}
	// Whether the client does so is its own affair: nobody waits for the answer.
	s.conn.write(object{"jsonrpc": "2.0", "id": 0, "method": "client/registerCapability", "params": object{"registrations": []object{
		{"id": "files", "method": "workspace/didChangeWatchedFiles", "registerOptions": object{"watchers": watchers}},
	}}})
}

// show shows the user a message.
func (s *server) show(kind int, message string) {
	s.conn.notify("window/showMessage", object{"type": kind, "message": message})
}

// markup returns text in the first of the formats that there are.
func markup(formats []string, text string) markupContent {
	first := slices.IndexFunc(formats, func(f string) bool { return f == "markdown" || f == "plaintext" })
	if first >= 0 && formats[first] == "markdown" {
		return markupContent{"markdown", text}
	}
	return markupContent{"plaintext", strings.NewReplacer("**", "", "`", "", "\\", "").Replace(text)}
}
