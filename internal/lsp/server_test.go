package lsp_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/textproto"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/patchlint/patchlint/internal/lsp"
)

// client is the other side of a server: it writes what a test sends and keeps the
// answers.
type client struct {
	t       testing.TB
	in      *io.PipeWriter
	ended   chan bool
	mu      sync.Mutex
	came    sync.Cond
	replies map[string]json.RawMessage // by the text of their id
	lost    []json.RawMessage          // replies to what has no id
	shown   map[string]published       // the last of each URI
	asked   []string                   // methods of the server's requests
	next    int
}

type published struct {
	URI         string
	Version     int
	Diagnostics []struct {
		Range              rng
		Severity           int
		Code               string
		Message            string
		Tags               []int
		CodeDescription    struct{ Href string }
		RelatedInformation []struct {
			Location struct {
				URI   string
				Range rng
			}
			Message string
		}
	}
	count int
}

type pos struct{ Line, Character int }

type rng struct{ Start, End pos }

func (r rng) String() string {
	return fmt.Sprintf("%d:%d-%d:%d", r.Start.Line, r.Start.Character, r.End.Line, r.End.Character)
}

// connect starts a server, to which nothing has been sent yet.
func connect(t testing.TB) *client {
	t.Helper()
	fromClient, toServer := io.Pipe()
	fromServer, toClient := io.Pipe()
	c := &client{t: t, in: toServer, ended: make(chan bool, 1), replies: make(map[string]json.RawMessage), shown: make(map[string]published)}
	c.came.L = &c.mu
	go func() {
		c.ended <- lsp.Serve(fromClient, toClient, "test")
		toClient.Close()
	}()
	go c.read(bufio.NewReader(fromServer))
	t.Cleanup(func() { toServer.Close() })
	return c
}

// read parses what the server writes; any violation of the protocol is a failure.
func (c *client) read(from *bufio.Reader) {
	headers := textproto.NewReader(from)
	for {
		header, err := headers.ReadMIMEHeader()
		if err != nil {
			return
		}
		length, err := strconv.Atoi(header.Get("Content-Length"))
		if err != nil {
			c.t.Errorf("header %v", header)
			return
		}
		body := make([]byte, length)
		if _, err := io.ReadFull(from, body); err != nil {
			c.t.Errorf("message: %v", err)
			return
		}
		var m struct {
			JSONRPC string
			ID      json.RawMessage
			Method  string
			Params  json.RawMessage
		}
		if err := json.Unmarshal(body, &m); err != nil || m.JSONRPC != "2.0" {
			c.t.Errorf("%v: %s", err, body)
			return
		}
		c.mu.Lock()
		switch {
		case m.Method == "textDocument/publishDiagnostics":
			var p published
			if err := json.Unmarshal(m.Params, &p); err != nil {
				c.t.Error(err)
			}
			p.count = c.shown[p.URI].count + 1
			c.shown[p.URI] = p
		case m.Method != "":
			c.asked = append(c.asked, m.Method)
		case string(m.ID) == "null":
			c.lost = append(c.lost, body)
		default:
			c.replies[string(m.ID)] = body
		}
		c.mu.Unlock()
		c.came.Broadcast()
	}
}

// raw writes bytes as they are.
func (c *client) raw(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c.in, text); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) message(body string) {
	c.t.Helper()
	c.raw(fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body))
}

func (c *client) notify(method string, params any) {
	c.t.Helper()
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "method": method, "params": params})
	if err != nil {
		c.t.Fatal(err)
	}
	c.message(string(body))
}

// send sends a request and returns its id.
func (c *client) send(method string, params any) string {
	c.t.Helper()
	c.next++
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": c.next, "method": method, "params": params})
	if err != nil {
		c.t.Fatal(err)
	}
	c.message(string(body))
	return strconv.Itoa(c.next)
}

// wait waits until a condition is true.
func (c *client) wait(what string, until func() bool) {
	c.t.Helper()
	timer := time.AfterFunc(20*time.Second, c.came.Broadcast)
	defer timer.Stop()
	deadline := time.Now().Add(20 * time.Second)
	c.mu.Lock()
	defer c.mu.Unlock()
	for !until() {
		if time.Now().After(deadline) {
			c.t.Fatalf("timed out waiting for %s", what)
		}
		c.came.Wait()
	}
}

type reply struct {
	Result json.RawMessage
	Error  *struct {
		Code    int
		Message string
	}
}

// reply waits for the reply to a request.
func (c *client) reply(id string) (r reply) {
	c.t.Helper()
	var body json.RawMessage
	c.wait("the reply "+id, func() bool { body = c.replies[id]; return body != nil })
	if err := json.Unmarshal(body, &r); err != nil {
		c.t.Fatal(err)
	}
	return r
}

// call sends a request and decodes its result.
func (c *client) call(method string, params, into any) {
	c.t.Helper()
	r := c.reply(c.send(method, params))
	if r.Error != nil {
		c.t.Fatalf("%s: %s", method, r.Error.Message)
	}
	if into != nil {
		if err := json.Unmarshal(r.Result, into); err != nil {
			c.t.Fatalf("%s: %v: %s", method, err, r.Result)
		}
	}
}

// capabilities returns the capabilities of a client that supports everything.
func capabilities(encodings ...string) map[string]any {
	return map[string]any{
		"general": map[string]any{"positionEncodings": encodings},
		"workspace": map[string]any{
			"workspaceEdit": map[string]any{"documentChanges": true},
		},
		"textDocument": map[string]any{
			"publishDiagnostics": map[string]any{
				"relatedInformation": true, "versionSupport": true, "codeDescriptionSupport": true, "tagSupport": map[string]any{"valueSet": []int{1, 2}},
			},
			"hover":          map[string]any{"contentFormat": []string{"markdown"}},
			"completion":     map[string]any{"completionItem": map[string]any{"snippetSupport": false, "documentationFormat": []string{"markdown"}}},
			"documentSymbol": map[string]any{"hierarchicalDocumentSymbolSupport": true},
		},
	}
}

// start starts a server with folders.
func start(t testing.TB, encoding string, folders ...string) *client {
	t.Helper()
	c := connect(t)
	list := []any{}
	for _, f := range folders {
		list = append(list, map[string]any{"uri": uri(f), "name": filepath.Base(f)})
	}
	var result struct {
		Capabilities struct{ PositionEncoding string }
	}
	c.call("initialize", map[string]any{"processId": nil, "rootUri": nil, "capabilities": capabilities(encoding), "workspaceFolders": list}, &result)
	if got := result.Capabilities.PositionEncoding; got != encoding {
		t.Fatalf("positions are in %s, not %s", got, encoding)
	}
	c.notify("initialized", map[string]any{})
	return c
}

func uri(path string) string { return "file://" + filepath.ToSlash(path) }

func (c *client) open(uri, language, text string) {
	c.t.Helper()
	c.notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": uri, "languageId": language, "version": 1, "text": text}})
}

func (c *client) change(uri string, version int, changes ...any) {
	c.t.Helper()
	c.notify("textDocument/didChange", map[string]any{"textDocument": map[string]any{"uri": uri, "version": version}, "contentChanges": changes})
}

// found waits for the findings in a version of a document.
func (c *client) found(uri string, version int) (p published) {
	c.t.Helper()
	c.wait(fmt.Sprintf("findings in version %d of %s", version, uri), func() bool { p = c.shown[uri]; return p.count > 0 && p.Version >= version })
	return p
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

const partner = `{
  "@odata.type": "#microsoft.graph.complianceManagementPartner",
  "macOsOnboarded": true,
  "partnerState": "Enabled"
}
`

func TestDiagnostics(t *testing.T) {
	dir := t.TempDir()
	c := start(t, "utf-16", dir)
	file := uri(filepath.Join(dir, "a.json"))
	c.open(file, "json", partner)
	p := c.found(file, 1)
	if len(p.Diagnostics) != 2 {
		t.Fatalf("%+v", p)
	}
	d := p.Diagnostics[1]
	if d.Code != "enum-value" || d.Severity != 1 || d.Range.String() != "3:18-3:27" || !strings.HasSuffix(d.CodeDescription.Href, "/docs/rules.md#enum-value") {
		t.Errorf("%+v", d)
	}
	var actions []struct {
		Title       string
		Kind        string
		IsPreferred bool
		Edit        struct {
			DocumentChanges []struct {
				TextDocument struct{ Version int }
				Edits        []struct {
					Range   rng
					NewText string
				}
			}
		}
	}
	c.call("textDocument/codeAction", map[string]any{"textDocument": map[string]any{"uri": file}, "range": d.Range, "context": map[string]any{"diagnostics": []any{}}}, &actions)
	if len(actions) == 0 || !actions[0].IsPreferred || actions[0].Edit.DocumentChanges[0].Edits[0].NewText != `"enabled"` {
		t.Errorf("%+v", actions)
	}
	c.change(file, 2, map[string]any{"range": d.Range, "text": `"enabled"`})
	if p := c.found(file, 2); len(p.Diagnostics) != 1 {
		t.Errorf("%+v", p)
	}
}
