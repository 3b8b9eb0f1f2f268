// Package lsp is the language server: the linter of the command, asked by an editor.
// It speaks the Language Server Protocol 3.17 and says of a document what
// "patchlint lint" says of its file in a walk through the folder.
//
// One goroutine reads messages and keeps the texts of the documents; another one
// answers requests and lints, so that an answer is always about the newest text. A
// document that changes while it is linted is linted again, once.
package lsp

import (
	"context"
	"encoding/json"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/sourcegraph/jsonrpc2"
)

// Serve speaks to a client until that says exit or is gone, and reports whether it
// had asked for the end before (LSP, exit). Nothing but the protocol is written to
// out.
func Serve(ctx context.Context, in io.Reader, out io.Writer, version string) (orderly bool) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s := &server{
		version: version, stream: newStream(in, out), exited: make(chan struct{}),
		documents: make(map[string]*document), running: make(map[jsonrpc2.ID]*request),
	}
	s.more.L = &s.mu
	s.workspace.server, s.bodies = s, make(map[string]map[*document][]finding)
	s.mu.Lock() // Handle may be called before there is a conn
	s.conn = jsonrpc2.NewConn(ctx, s.stream, s, jsonrpc2.SetLogger(quiet{}))
	s.mu.Unlock()
	worked := make(chan struct{})
	go func() {
		defer close(worked)
		s.work(ctx)
	}()
	select {
	case <-s.exited:
	case <-s.conn.DisconnectNotify():
	case <-ctx.Done():
	}
	s.mu.Lock()
	s.done = true
	orderly = s.phase == shutDown
	s.mu.Unlock()
	s.more.Broadcast()
	_ = s.conn.Close() // it may be closed already
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
	stream  *stream
	conn    *jsonrpc2.Conn
	exited  chan struct{}
	client  client
	workspace

	mu        sync.Mutex
	more      sync.Cond // there is something to do, or done is set
	phase     phase
	documents map[string]*document // by their URI
	requests  []*request           // to be answered, in order
	running   map[jsonrpc2.ID]*request
	tasks     []func() // for the worker, before anything else
	done      bool
}

// request is one that the worker answers.
type request struct {
	ctx    context.Context
	cancel context.CancelFunc
	id     jsonrpc2.ID
	method string
	params json.RawMessage
	at     *text // of the document it is about, as it was when the request came; nil for none
}

// maxRequests is how many requests may wait.
const maxRequests = 1000

// Handle takes a message while no other one is read. Changes are made before it
// returns; questions are left to the worker.
func (s *server) Handle(ctx context.Context, _ *jsonrpc2.Conn, r *jsonrpc2.Request) {
	params := s.stream.params
	switch {
	case r.Notif:
		s.guarded(func() { s.notification(ctx, r, params) })
	case !s.guarded(func() { s.request(ctx, r, params) }):
		_ = s.conn.ReplyWithError(ctx, r.ID, defect())
	}
}

// defect is the error of a request that a defect of ours keeps from being answered.
func defect() *jsonrpc2.Error {
	return &jsonrpc2.Error{Code: codeInternalError, Message: "this is a defect of patchlint; please report what the document was like"}
}

// notification takes what is not answered.
func (s *server) notification(ctx context.Context, r *jsonrpc2.Request, params json.RawMessage) {
	if r.Method == "exit" {
		s.mu.Lock()
		defer s.mu.Unlock()
		select {
		case <-s.exited:
		default:
			close(s.exited)
		}
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	defer s.more.Broadcast()
	if r.Method == "$/cancelRequest" {
		s.cancel(params)
		return
	}
	if s.phase != initialized {
		return // LSP, initialize: notifications are dropped before it
	}
	// A notification cannot be answered: what is wrong with one goes by.
	switch r.Method {
	case "initialized":
		s.tasks = append(s.tasks, func() { s.register(ctx) })
	case "textDocument/didOpen":
		decoded(params, s.didOpen)
	case "textDocument/didChange":
		decoded(params, s.didChange)
	case "textDocument/didClose":
		decoded(params, s.didClose)
	case "textDocument/didSave":
		decoded(params, s.didSave)
	case "workspace/didChangeWatchedFiles":
		decoded(params, s.didChangeWatchedFiles)
	case "workspace/didChangeWorkspaceFolders":
		decoded(params, s.didChangeWorkspaceFolders)
	}
}

// decoded calls a function with parameters, if they are such.
func decoded[P any](params json.RawMessage, do func(P)) {
	var p P
	if params != nil && json.Unmarshal(params, &p) == nil {
		do(p)
	}
}

// answers are the requests that the worker answers.
var answers = map[string]func(s *server, r request) (any, *jsonrpc2.Error){
	"textDocument/hover":          (*server).hover,
	"textDocument/completion":     (*server).completion,
	"textDocument/codeAction":     (*server).codeAction,
	"textDocument/documentSymbol": (*server).documentSymbol,
}

// request answers a request or leaves it to the worker.
func (s *server) request(ctx context.Context, r *jsonrpc2.Request, params json.RawMessage) {
	s.mu.Lock()
	phase := s.phase
	s.mu.Unlock()
	refuse := func(code int64, reason string) {
		_ = s.conn.ReplyWithError(ctx, r.ID, &jsonrpc2.Error{Code: code, Message: reason}) // or the client is gone
	}
	switch {
	case phase == shutDown:
		refuse(codeInvalidRequest, "the server was shut down; only exit may follow")
	case r.Method == "initialize":
		if phase != fresh {
			refuse(codeInvalidRequest, "the server is initialized already")
			return
		}
		var p initializeParams
		if params == nil || json.Unmarshal(params, &p) != nil {
			refuse(codeInvalidParams, "the parameters are not those of initialize")
			return
		}
		result := s.initialize(p)
		s.mu.Lock()
		s.phase = initialized
		s.mu.Unlock()
		_ = s.conn.Reply(ctx, r.ID, result)
	case phase == fresh:
		refuse(codeServerNotInitialized, "the first request must be initialize")
	case r.Method == "shutdown":
		s.mu.Lock()
		s.phase = shutDown
		s.mu.Unlock()
		_ = s.conn.Reply(ctx, r.ID, nil)
	case answers[r.Method] == nil:
		refuse(codeMethodNotFound, "there is no such method here")
	default:
		var about documentParams
		if params == nil || json.Unmarshal(params, &about) != nil {
			refuse(codeInvalidParams, "the parameters are not those of the method")
			return
		}
		if !s.enqueue(ctx, r, params, about.TextDocument.URI) {
			refuse(codeRequestFailed, "too many requests are waiting")
		}
	}
}

// enqueue leaves a request to the worker, if not too many wait.
func (s *server) enqueue(ctx context.Context, r *jsonrpc2.Request, params json.RawMessage, uri string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.requests) >= maxRequests {
		return false
	}
	ctx, cancel := context.WithCancel(ctx)
	q := &request{ctx: ctx, cancel: cancel, id: r.ID, method: r.Method, params: params}
	s.running[r.ID] = q
	if d := s.documents[uri]; d != nil {
		q.at = d.text
	}
	s.requests = append(s.requests, q)
	s.more.Broadcast()
	return true
}

// cancel cancels a request that has not been answered.
func (s *server) cancel(params json.RawMessage) {
	decoded(params, func(p cancelParams) {
		var id jsonrpc2.ID
		var number int64
		if json.Unmarshal(p.ID, &number) == nil {
			id.Num = uint64(number)
		} else if json.Unmarshal(p.ID, &id) != nil {
			return
		}
		if r := s.running[id]; r != nil {
			r.cancel()
		}
	})
}

// rest is how long nothing is to be done before memory is given back.
const rest = 2 * time.Second

// work answers requests, and lints what has changed when none waits.
func (s *server) work(ctx context.Context) {
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
		var next *request
		var changed *document
		if len(s.requests) > 0 {
			next = s.requests[0]
			s.requests = slices.Delete(s.requests, 0, 1)
		} else if changed = s.changed(); changed != nil {
			changed.dirty = false
		}
		s.mu.Unlock()
		for _, do := range tasks {
			s.guarded(do)
		}
		switch {
		case next != nil:
			s.answer(next)
		case changed != nil:
			if !s.guarded(func() { s.publish(ctx, changed) }) {
				s.abandon(ctx, changed)
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

// answer answers one request.
func (s *server) answer(r *request) {
	var result any
	var failure *jsonrpc2.Error
	switch {
	case r.ctx.Err() != nil:
	case !s.guarded(func() { result, failure = answers[r.method](s, *r) }):
		failure = defect()
	}
	s.mu.Lock()
	cancelled := r.ctx.Err() != nil
	r.cancel()
	if s.running[r.id] == r { // and no other one of the same id
		delete(s.running, r.id)
	}
	s.mu.Unlock()
	switch {
	case cancelled:
		_ = s.conn.ReplyWithError(r.ctx, r.id, &jsonrpc2.Error{Code: codeRequestCancelled, Message: "the request was cancelled"})
	case failure != nil:
		_ = s.conn.ReplyWithError(r.ctx, r.id, failure)
	default:
		_ = s.conn.Reply(r.ctx, r.id, result)
	}
}

// asked decodes the parameters of a request about a document and returns its newest
// text. Where that has changed since the request came, the places in it are not
// those that the client means.
func asked[P any](s *server, r request, uri func(P) string) (p P, d *document, t *text, failure *jsonrpc2.Error) {
	if err := json.Unmarshal(r.params, &p); err != nil {
		return p, nil, nil, &jsonrpc2.Error{Code: codeInvalidParams, Message: "the parameters are not those of the method"}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if d = s.documents[uri(p)]; d == nil {
		return p, nil, nil, &jsonrpc2.Error{Code: codeInvalidParams, Message: "the document is not open"}
	}
	if d.text != r.at {
		return p, nil, nil, &jsonrpc2.Error{Code: codeContentModified, Message: "the document has changed"}
	}
	return p, d, d.text, nil
}

// client is what is known of the other side.
type client struct {
	clientCapabilities
	encoding encoding
}

// initialize takes note of the client, and says what the server does.
func (s *server) initialize(p initializeParams) initializeResult {
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
	result := initializeResult{ServerInfo: serverInfo{"patchlint", s.version}}
	c := &result.Capabilities
	c.PositionEncoding = string(s.client.encoding)
	c.TextDocumentSync = textDocumentSyncOptions{OpenClose: true, Change: 2, Save: true}
	c.HoverProvider, c.DocumentSymbolProvider = true, true
	c.CompletionProvider.TriggerCharacters = []string{`"`, ":"}
	c.CodeActionProvider.CodeActionKinds = []string{kindQuickFix, kindFixAll}
	c.Workspace.WorkspaceFolders.Supported, c.Workspace.WorkspaceFolders.ChangeNotifications = true, true
	return result
}

// register asks to be told when files change that findings depend on.
func (s *server) register(ctx context.Context) {
	if !s.client.Workspace.DidChangeWatchedFiles.DynamicRegistration {
		return // then the files are looked at
	}
	var watchers []fileSystemWatcher
	for _, pattern := range []string{"**/*.{yaml,yml,toml}", "**/*.{json,jsonc,ndjson,jsonl,http,rest}", "**/.gitignore"} {
		watchers = append(watchers, fileSystemWatcher{pattern})
	}
	// Whether the client does so is its own affair: nobody waits for the answer.
	_, _ = s.conn.DispatchCall(ctx, "client/registerCapability", registrationParams{[]registration{{
		ID: "files", Method: "workspace/didChangeWatchedFiles", RegisterOptions: map[string]any{"watchers": watchers},
	}}})
}

// show shows the user a message.
func (s *server) show(kind int, message string) {
	_ = s.conn.Notify(context.Background(), "window/showMessage", showMessageParams{kind, message})
}

// markdown reports whether the client shows Markdown in a place.
func markdown(formats []string) bool {
	for _, f := range formats {
		if f == "markdown" || f == "plaintext" {
			return f == "markdown"
		}
	}
	return false
}

// markup returns text in a format that the client knows.
func markup(formats []string, text string) markupContent {
	if markdown(formats) {
		return markupContent{"markdown", text}
	}
	return markupContent{"plaintext", strings.NewReplacer("**", "", "`", "", "\\", "").Replace(text)}
}
