// Package lsp implements a server of the Language Server Protocol 3.17. It reports for a
// document what "patchlint lint" reports for the file in a run over its folder.
//
// One goroutine reads and queues messages, so that a client never waits for the server
// before it can write. Another one handles them in order, and lints changed documents
// when the queue is empty; it owns everything but the queue.
package lsp

import (
	"bufio"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// Serve serves a client until it sends exit or closes in. It reports whether the client
// had sent shutdown before. It writes only messages to out.
func Serve(in io.Reader, out io.Writer, version string) (orderly bool) {
	s := &server{version: version, conn: &conn{bufio.NewReaderSize(in, 64<<10), out}, documents: make(map[string]*document)}
	s.queue.changed.L = &s.queue.mu
	go s.queue.fill(s.conn)
	s.work()
	return s.phase == shutDown
}

// phase is a phase of the session.
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
	client  capabilities
	units   encoding // of positions

	phase     phase
	documents map[string]*document // the open documents, by URI
	dirty     []*document          // the open documents that must be linted, in order
	folders   []*folder            // the workspace folders
}

// idleTime is the time without work after which memory is returned to the system.
const idleTime = 2 * time.Second

// work handles messages, and lints changed documents when there are none.
func (s *server) work() {
	idle := time.AfterFunc(idleTime, debug.FreeOSMemory)
	defer idle.Stop()
	for {
		idle.Reset(idleTime)
		m, end := s.queue.next(len(s.dirty) > 0)
		idle.Stop()
		switch {
		case end || m != nil && m.isExit():
			return
		case m == nil:
			recovered(func() { s.lint(s.dirty[0]) })
		case m.failure != nil:
			s.conn.reply(m.ID, nil, m.failure) // the ID is null if it cannot be read (JSON-RPC 2.0, 5)
		case m.Method == "": // the response to register
		case m.ID != nil:
			result, failure := any(nil), defect
			if s.queue.refusal(m) == nil {
				recovered(func() { result, failure = s.request(m) })
			}
			if refused := s.queue.refusal(m); refused != nil {
				failure = refused
			}
			s.conn.reply(m.ID, result, failure)
		default:
			recovered(func() { s.notification(m) })
		}
	}
}

// recovered calls a function and reports whether it returned without a panic, which must
// not end the session.
func recovered(do func()) (ok bool) {
	defer func() { _ = recover() }()
	do()
	return true
}

// Errors of requests.
var (
	defect   = &rpcError{codeInternalError, "internal error in patchlint; please report it with the document, if possible"}
	canceled = &rpcError{codeRequestCancelled, "the request was canceled"}
	modified = &rpcError{codeContentModified, "the document has changed"}
)

// notification handles a notification, and ignores one that is invalid.
func (s *server) notification(m *message) {
	if s.phase != initialized || !m.readable && strings.HasPrefix(m.Method, "textDocument/") {
		return // LSP, initialize: notifications are dropped before it
	}
	if handle := notifications[m.Method]; handle != nil {
		handle(s, m.params)
	}
}

// notifications are the handlers of notifications, by method.
var notifications = map[string]func(*server, params){
	"initialized":                         func(s *server, _ params) { s.register() },
	"textDocument/didOpen":                (*server).didOpen,
	"textDocument/didChange":              (*server).didChange,
	"textDocument/didClose":               (*server).didClose,
	"textDocument/didSave":                (*server).didSave,
	"workspace/didChangeWatchedFiles":     func(s *server, _ params) { s.touchAll() },
	"workspace/didChangeWorkspaceFolders": (*server).didChangeWorkspaceFolders,
}

// requests are the handlers of requests about an open document, by method.
var requests = map[string]func(*server, *document, params) any{
	"textDocument/hover":          (*server).hover,
	"textDocument/completion":     (*server).completion,
	"textDocument/codeAction":     (*server).codeAction,
	"textDocument/documentSymbol": (*server).documentSymbol,
}

// request handles a request, and returns its result or error.
func (s *server) request(m *message) (any, *rpcError) {
	refuse := func(code int, reason string) (any, *rpcError) { return nil, &rpcError{code, reason} }
	switch {
	case s.phase == shutDown:
		return refuse(codeInvalidRequest, "the server was shut down; only exit may follow")
	case m.Method == "initialize" && s.phase != fresh:
		return refuse(codeInvalidRequest, "the server is already initialized")
	case m.Method == "initialize" && !m.readable:
		return refuse(codeInvalidParams, "invalid parameters")
	case m.Method == "initialize":
		s.phase = initialized
		return s.initialize(m.params), nil
	case s.phase == fresh:
		return refuse(codeServerNotInitialized, "the first request must be initialize")
	case m.Method == "shutdown":
		s.phase = shutDown
		return nil, nil
	}
	handle, doc := requests[m.Method], s.documents[m.params.TextDocument.URI]
	switch {
	case handle == nil:
		return refuse(codeMethodNotFound, "unknown method")
	case !m.readable:
		return refuse(codeInvalidParams, "invalid parameters")
	case doc == nil:
		return refuse(codeInvalidParams, "the document is not open")
	}
	return handle(s, doc, m.params), nil
}

// initialize stores what the client supports, and returns what the server supports.
func (s *server) initialize(p params) object {
	s.client, s.units = p.Capabilities, utf16Units // the default, LSP PositionEncodingKind
	for _, e := range p.Capabilities.General.PositionEncodings {
		if e := encoding(e); e == utf8Units || e == utf16Units {
			s.units = e
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
			"positionEncoding":       s.units,
			"textDocumentSync":       object{"openClose": true, "change": 2, "save": true}, // 2: incremental
			"hoverProvider":          true,
			"completionProvider":     object{"triggerCharacters": []string{`"`, ":"}},
			"codeActionProvider":     object{"codeActionKinds": []string{kindQuickFix, kindFixAll}},
			"documentSymbolProvider": true,
			"workspace":              object{"workspaceFolders": object{"supported": true, "changeNotifications": true}},
		},
	}
}

// register asks the client to report changes of the files that findings depend on.
func (s *server) register() {
	if !s.client.Workspace.DidChangeWatchedFiles.DynamicRegistration {
		return
	}
	var watchers []object
	for _, pattern := range []string{"**/*.{yaml,yml,toml,xml}", "**/*.{json,jsonc,ndjson,jsonl,http,rest}", "**/.gitignore"} {
		watchers = append(watchers, object{"globPattern": pattern})
	}
	// The response is ignored: the server also works without these notifications.
	s.conn.write(object{"jsonrpc": "2.0", "id": 0, "method": "client/registerCapability", "params": object{"registrations": []object{
		{"id": "files", "method": "workspace/didChangeWatchedFiles", "registerOptions": object{"watchers": watchers}},
	}}})
}

// markup returns Markdown text in the client's preferred format.
func markup(formats []string, text string) object {
	first := slices.IndexFunc(formats, func(f string) bool { return f == "markdown" || f == "plaintext" })
	if first >= 0 && formats[first] == "markdown" {
		return object{"kind": "markdown", "value": text}
	}
	return object{"kind": "plaintext", "value": strings.NewReplacer("**", "", "`", "", `\\`, `\`, "\\`", "`", `\`, "").Replace(text)}
}
