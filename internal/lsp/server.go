// Package lsp is the language server: the linter of the command, asked by an editor.
// It speaks the Language Server Protocol 3.17 and says of a document what
// "patchlint lint" says of its file in a walk through the folder.
//
// One goroutine reads messages and queues them, so that a client may write all it wants
// before it reads; another one does everything else, in the order in which they came,
// and lints what has changed when none waits. All but the queue belongs to the latter.
package lsp

import (
	"context"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// Serve speaks to a client until that says exit or is gone, and reports whether it
// had asked for the end before (LSP, exit). Nothing but the protocol is written to
// out.
func Serve(ctx context.Context, in io.Reader, out io.Writer, version string) (orderly bool) {
	s := &server{version: version, conn: newConn(in, out), documents: make(map[string]*document), found: make(map[string]map[*document][]finding), news: make(map[string]bool)}
	s.queue.come.L = &s.queue.mu
	go s.queue.fill(s.conn)
	stop := context.AfterFunc(ctx, s.queue.stop)
	defer stop()
	s.work()
	if c, ok := in.(io.Closer); ok {
		_ = c.Close() // so that reading ends
	}
	return s.phase == shutDown
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
	queue   queue
	client  client

	phase     phase
	documents map[string]*document // by their URI
	clock     int                  // of what became dirty
	folders   []*folder            // that the client has open
	others    map[string]*folder   // directories of files that are in none of them
	// found is what was found in files, by their paths and the documents that say so:
	// each speaks of itself and of the files that it sends.
	found map[string]map[*document][]finding
	news  map[string]bool // the files of which the client is to be told
}

// rest is how long nothing is to be done before memory is given back.
const rest = 2 * time.Second

// work handles messages, and lints what has changed when none waits.
func (s *server) work() {
	idle := time.AfterFunc(rest, debug.FreeOSMemory)
	defer idle.Stop()
	for {
		changed := s.changed()
		idle.Reset(rest)
		m, end := s.queue.next(changed != nil)
		idle.Stop()
		switch {
		case end || m != nil && m.isExit():
			return
		case m == nil:
			changed.dirty = false
			if !guarded(func() { s.publish(changed) }) {
				s.abandon(changed)
			}
		case m.Method == "": // the answer to a registration
		case m.ID != nil:
			result, failure := any(nil), s.queue.refusal(m)
			if failure == nil && !guarded(func() { result, failure = s.request(m) }) {
				failure = defect
			}
			if refused := s.queue.refusal(m); refused != nil {
				failure = refused
			}
			s.conn.reply(m.ID, result, failure)
		default:
			guarded(func() { s.notification(m) })
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
func guarded(do func()) (ok bool) {
	defer func() { _ = recover() }()
	do()
	return true
}

// Errors of requests.
var (
	// defect answers a request that a defect of ours keeps from being handled.
	defect      = &rpcError{codeInternalError, "this is a defect of patchlint; please report what the document was like"}
	cancelled   = &rpcError{codeRequestCancelled, "the request was cancelled"}
	modified    = &rpcError{codeContentModified, "the document has changed"}
	notPosition = &rpcError{codeInvalidParams, "the position is missing"}
	notRange    = &rpcError{codeInvalidParams, "the range is missing"}
)

// notification handles a message that is not answered. A faulty one is ignored.
func (s *server) notification(m *message) {
	if s.phase != initialized || !m.readable && strings.HasPrefix(m.Method, "textDocument/") {
		return // LSP, initialize: notifications are dropped before it
	}
	switch m.Method {
	case "initialized":
		s.register()
	case "textDocument/didOpen":
		s.didOpen(m.params)
	case "textDocument/didChange":
		s.didChange(m.params)
	case "textDocument/didClose":
		s.didClose(m.params)
	case "textDocument/didSave":
		s.didSave(m.params)
	case "workspace/didChangeWatchedFiles":
		s.touchAll() // each looks at what it depends on
	case "workspace/didChangeWorkspaceFolders":
		s.didChangeWorkspaceFolders(m.params)
	}
}

// question is a request about a document.
type question struct {
	params
	doc *document
}

// answer returns what answers the questions of a method, nil for any other method.
func (s *server) answer(method string) func(question) (any, *rpcError) {
	switch method {
	case "textDocument/hover":
		return s.hover
	case "textDocument/completion":
		return s.completion
	case "textDocument/codeAction":
		return s.codeAction
	case "textDocument/documentSymbol":
		return s.documentSymbol
	}
	return nil
}

// request answers a request.
func (s *server) request(m *message) (any, *rpcError) {
	refuse := func(code int, reason string) (any, *rpcError) { return nil, &rpcError{code, reason} }
	switch {
	case s.phase == shutDown:
		return refuse(codeInvalidRequest, "the server was shut down; only exit may follow")
	case m.Method == "initialize" && s.phase != fresh:
		return refuse(codeInvalidRequest, "the server is initialized already")
	case m.Method == "initialize" && !m.readable:
		return refuse(codeInvalidParams, "the parameters are not those of initialize")
	case m.Method == "initialize":
		s.phase = initialized
		return s.initialize(m.params), nil
	case s.phase == fresh:
		return refuse(codeServerNotInitialized, "the first request must be initialize")
	case m.Method == "shutdown":
		s.phase = shutDown
		return nil, nil
	case s.answer(m.Method) == nil:
		return refuse(codeMethodNotFound, "there is no such method here")
	}
	doc := s.documents[m.params.TextDocument.URI]
	switch {
	case !m.readable:
		return refuse(codeInvalidParams, "the parameters are not those of the method")
	case doc == nil:
		return refuse(codeInvalidParams, "the document is not open")
	}
	return s.answer(m.Method)(question{m.params, doc})
}

// client is what is known of the other side.
type client struct {
	capabilities
	encoding encoding
}

// initialize takes note of the client, and says what the server does.
func (s *server) initialize(p params) object {
	s.client = client{p.Capabilities, utf16Units} // the default, LSP PositionEncodingKind
	for _, e := range p.Capabilities.General.PositionEncodings {
		if e := encoding(e); e == utf8Units || e == utf16Units {
			s.client.encoding = e
			break
		}
	}
	folders := p.WorkspaceFolders
	if folders == nil && p.RootURI != nil {
		folders = []workspaceFolder{{*p.RootURI}}
	}
	for _, f := range folders {
		s.openFolder(f.URI)
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
func markup(formats []string, text string) object {
	first := slices.IndexFunc(formats, func(f string) bool { return f == "markdown" || f == "plaintext" })
	if first >= 0 && formats[first] == "markdown" {
		return object{"kind": "markdown", "value": text}
	}
	return object{"kind": "plaintext", "value": strings.NewReplacer("**", "", "`", "", "\\", "").Replace(text)}
}
