package lsp_test

import (
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/input"
)

// TestMalformed checks that every invalid message is answered with its error, and that
// the server continues.
func TestMalformed(t *testing.T) {
	const (
		parse, invalid, params, method = -32700, -32600, -32602, -32601
		none                           = 0
	)
	framed := func(body string) string { return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body) }
	for _, test := range []struct {
		name, text string
		id         string // of the answer; null if that of the message cannot be read
		code       int
	}{
		{"no JSON", framed(`{"jsonrpc": "2.0", `), "null", parse},
		{"an empty body", "Content-Length: 0\r\n\r\n", "null", parse},
		{"white space", framed("  \n"), "null", parse},
		{"two values", framed(`{} {}`), "null", parse},
		{"nested too deeply", framed(strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000)), "null", parse},
		{"no version", framed(`{"id": 901, "method": "textDocument/hover"}`), "901", invalid},
		{"another version", framed(`{"jsonrpc": "1.0", "id": 902, "method": "textDocument/hover"}`), "902", invalid},
		{"a version that is a number", framed(`{"jsonrpc": 2.0, "id": 903, "method": "textDocument/hover"}`), "903", invalid},
		{"a string", framed(`"hello"`), "null", invalid},
		{"null", framed(`null`), "null", invalid},
		{"a batch", framed(`[{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}]`), "null", invalid},
		{"an empty batch", framed(`[]`), "null", invalid},
		{"no method and no result", framed(`{"jsonrpc": "2.0", "id": 904}`), "904", invalid},
		{"a method and a result", framed(`{"jsonrpc": "2.0", "id": 905, "method": "x", "result": 1}`), "905", invalid},
		{"a method that is a number", framed(`{"jsonrpc": "2.0", "id": 906, "method": 1}`), "906", invalid},
		{"a method that is null", framed(`{"jsonrpc": "2.0", "id": 907, "method": null}`), "907", invalid},
		{"an id that is an object", framed(`{"jsonrpc": "2.0", "id": {}, "method": "shutdown"}`), "null", invalid},
		{"an id that is a fraction", framed(`{"jsonrpc": "2.0", "id": 1.5, "method": "shutdown"}`), "null", invalid},
		{"parameters that are a string", framed(`{"jsonrpc": "2.0", "id": 908, "method": "textDocument/hover", "params": "x"}`), "908", invalid},
		{"no parameters", framed(`{"jsonrpc": "2.0", "id": 909, "method": "textDocument/hover"}`), "909", params},
		{"null for parameters", framed(`{"jsonrpc": "2.0", "id": 910, "method": "textDocument/hover", "params": null}`), "910", params},
		{"parameters of another shape", framed(`{"jsonrpc": "2.0", "id": 911, "method": "textDocument/hover", "params": {"textDocument": 1}}`), "911", params},
		{"parameters in an array", framed(`{"jsonrpc": "2.0", "id": 912, "method": "textDocument/hover", "params": []}`), "912", params},
		{"a position that is a string", framed(`{"jsonrpc": "2.0", "id": 914, "method": "textDocument/completion", "params": {"textDocument": {"uri": "file:///a.json"}, "position": {"line": "1"}}}`), "914", params},
		{"a document that is not open", framed(`{"jsonrpc": "2.0", "id": 915, "method": "textDocument/documentSymbol", "params": {"textDocument": {"uri": "file:///b.json"}}}`), "915", params},
		{"an unknown method", framed(`{"jsonrpc": "2.0", "id": 916, "method": "textDocument/dance", "params": {}}`), "916", method},
		{"an unknown method of the protocol", framed(`{"jsonrpc": "2.0", "id": "x", "method": "$/dance"}`), `"x"`, method},
		{"an id with a sign", framed(`{"jsonrpc": "2.0", "id": -7, "method": "textDocument/dance"}`), "-7", method},
		{"an id that is an empty string", framed(`{"jsonrpc": "2.0", "id": "", "method": "textDocument/dance"}`), `""`, method},
		{"a notification as a request", framed(`{"jsonrpc": "2.0", "id": 917, "method": "textDocument/didOpen", "params": {}}`), "917", method},
		{"initialize again", framed(`{"jsonrpc": "2.0", "id": 918, "method": "initialize", "params": {"capabilities": {}}}`), "918", invalid},
		{"members that the protocol does not have", framed(`{"jsonrpc": "2.0", "id": 919, "method": "textDocument/dance", "traceparent": "00-0-0-00"}`), "919", method},
		{"a length that is a word", "Content-Length: many\r\n\r\n", "null", parse},
		{"a length below zero", "Content-Length: -1\r\n\r\n", "null", parse},
		{"a length beyond all numbers", "Content-Length: 99999999999999999999\r\n\r\n", "null", parse},
		{"a length that is too small", "Content-Length: 5\r\n\r\n" + `{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}`, "null", parse},
		{"a length that is too large", "Content-Length: 25\r\n\r\n" + `{"jsonrpc": "2.0"}`, "null", parse},
		{"a header without a length", "Content-Type: x\r\n\r\n", "", none},
		{"a line without an end", strings.Repeat("x", 100_000) + "\r\n\r\n", "", none},
		{"a method of notifications that is not known", framed(`{"jsonrpc": "2.0", "method": "textDocument/dance", "params": {}}`), "", none},
		{"a notification with parameters of another shape", framed(`{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"textDocument": []}}`), "", none},
		{"a change of a document that is not open", framed(`{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {"textDocument": {"uri": "file:///b.json", "version": 1}, "contentChanges": [{"text": "{}"}]}}`), "", none},
		{"a document that is closed and was not open", framed(`{"jsonrpc": "2.0", "method": "textDocument/didClose", "params": {"textDocument": {"uri": "file:///b.json"}}}`), "", none},
		{"a request that is canceled and did not come", framed(`{"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 12345}}`), "", none},
		{"what to cancel is not told", framed(`{"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": {}}}`), "", none},
		{"an answer to what was not asked", framed(`{"jsonrpc": "2.0", "id": 4711, "result": null}`), "", none},
		{"an answer with an error", framed(`{"jsonrpc": "2.0", "id": "z", "error": {"code": 1, "message": "no"}}`), "", none},
		{"other headers, in other letters", "content-type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length:  61\r\n\r\n" + `{"jsonrpc": "2.0", "id": 920, "method": "x/y", "params": {} }`, "920", method},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := start(t, "utf-16", t.TempDir())
			c.open("file:///a.json", "json", "{}")
			c.raw(test.text)
			if test.name == "a length that is too large" {
				c.raw("xxxxxxx") // the start of what follows, which is lost with it
			}
			var answer reply
			switch test.id {
			case "":
			case "null":
				c.wait("an error", func() bool { return len(c.lost) > 0 })
				_ = json.Unmarshal(c.lost[0], &answer)
			default:
				answer = c.reply(test.id)
			}
			if test.code != none && (answer.Error == nil || answer.Error.Code != test.code || answer.Error.Message == "") {
				t.Errorf("answered with %+v", answer.Error)
			}
			c.call("textDocument/documentSymbol", map[string]any{"textDocument": map[string]any{"uri": "file:///a.json"}}, nil)
			if test.code == none && (len(c.lost) > 0 || len(c.replies) != 2) { // to initialize and documentSymbol
				t.Errorf("%s %s", c.lost, c.replies)
			}
		})
	}
}

// TestHeaderAfterText checks that a header is found after text of any length without a line
// end, wherever the buffer of the reader ends.
func TestHeaderAfterText(t *testing.T) {
	c := start(t, "utf-16", t.TempDir())
	c.open("file:///a.json", "json", "{}")
	for n := range 40 {
		c.raw("Content-Length: 2\r\n\r\n{}" + strings.Repeat("x", 64<<10-30+n))
		c.call("textDocument/documentSymbol", map[string]any{"textDocument": map[string]any{"uri": "file:///a.json"}}, nil)
	}
}

// TestLife checks the order of a session.
func TestLife(t *testing.T) {
	hover := map[string]any{"textDocument": map[string]any{"uri": "file:///a.json"}, "position": pos{}}
	ends := func(c *client, orderly bool) {
		t.Helper()
		select {
		case got := <-c.ended:
			if got != orderly {
				t.Errorf("the end is orderly: %t, want %t", got, orderly)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("the server has not ended")
		}
	}
	t.Run("before initialize", func(t *testing.T) {
		c := connect(t)
		c.open("file:///a.json", "json", partner)
		for _, method := range []string{"textDocument/hover", "shutdown"} {
			if r := c.reply(c.send(method, hover)); r.Error == nil || r.Error.Code != -32002 {
				t.Errorf("%s: %+v", method, r.Error)
			}
		}
		if r := c.reply(c.send("initialize", nil)); r.Error == nil || r.Error.Code != -32602 {
			t.Errorf("initialize without parameters: %+v", r.Error)
		}
		c.call("initialize", map[string]any{"capabilities": map[string]any{}}, nil)
		if r := c.reply(c.send("textDocument/hover", hover)); r.Error == nil || r.Error.Code != -32602 {
			t.Errorf("a document that was opened before initialize is known: %s", r.Result)
		}
		c.notify("exit", nil)
		ends(c, false)
	})
	t.Run("after shutdown", func(t *testing.T) {
		c := start(t, "utf-16")
		c.call("shutdown", nil, nil)
		for _, method := range []string{"textDocument/hover", "shutdown", "initialize"} {
			if r := c.reply(c.send(method, hover)); r.Error == nil || r.Error.Code != -32600 {
				t.Errorf("%s: %+v", method, r.Error)
			}
		}
		c.open("file:///a.json", "json", partner)
		c.notify("exit", nil)
		ends(c, true)
		if len(c.shown) > 0 {
			t.Error("a document was checked after shutdown")
		}
	})
	t.Run("exit at once", func(t *testing.T) {
		c := connect(t)
		c.notify("exit", nil)
		ends(c, false)
	})
	t.Run("the client is gone", func(t *testing.T) {
		c := start(t, "utf-16")
		c.open("file:///a.json", "json", partner)
		c.in.Close()
		ends(c, false)
	})
	t.Run("the client is gone in the middle of a message", func(t *testing.T) {
		c := start(t, "utf-16")
		c.raw("Content-Length: 1000\r\n\r\n{")
		c.in.Close()
		ends(c, false)
	})
}

// TestOrder checks versions that come late, documents that are opened twice, and
// changes out of place.
func TestOrder(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, ".patchlint.yaml"), "types: [{files: '**', type: complianceManagementPartner}]\n")
	c := start(t, "utf-16", dir)
	file := uri(filepath.Join(dir, "a.json"))
	symbols := func() (names string) {
		var list []struct{ Name string }
		c.call("textDocument/documentSymbol", map[string]any{"textDocument": map[string]any{"uri": file}}, &list)
		for _, s := range list {
			names += s.Name + " "
		}
		return names
	}
	check := func(want string) {
		t.Helper()
		if got := symbols(); got != want {
			t.Errorf("the document has %q, want %q", got, want)
		}
	}
	c.open(file, "json", `{"a": 1}`)
	check("a ")
	c.change(file, 5, map[string]any{"text": `{"b": 1}`})
	c.change(file, 4, map[string]any{"text": `{"late": 1}`})
	check("b ")
	c.change(file, 6, map[string]any{"range": rng{pos{0, 100}, pos{200, 7}}, "text": ` `}, map[string]any{"range": rng{pos{0, 3}, pos{0, 2}}, "text": `c`})
	check("c ")
	c.change(file, 7, map[string]any{"range": rng{}, "text": `{"x": `}, map[string]any{"range": rng{pos{0, 14}, pos{0, 15}}, "text": `}`})
	check("x ")
	c.notify("textDocument/didChange", map[string]any{"textDocument": map[string]any{"uri": file, "version": nil}, "contentChanges": []any{map[string]any{"text": `{"y": 1}`}}})
	c.change(file, 6, map[string]any{"text": `{"late": 1}`})
	check("y ")
	c.open(file, "json", `{"again": 1}`)
	check("again ")
	c.open(file, "json", `{"": 1, " \n": 1}`) // DocumentSymbol allows no name of only white space
	check(`"" " \n" `)
	c.notify("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": file}})
	if r := c.reply(c.send("textDocument/documentSymbol", map[string]any{"textDocument": map[string]any{"uri": file}})); r.Error == nil {
		t.Error("the document is still open")
	}
	c.wait("the findings to be taken back", func() bool { return len(c.shown[file].Diagnostics) == 0 })
}

// TestOvertaken checks that a request that an edit overtakes, or that is canceled, is
// answered nevertheless: for the newest text, or with the error for this case.
func TestOvertaken(t *testing.T) {
	c := start(t, "utf-16", t.TempDir())
	const file = "file:///somewhere/a.json"
	large := "{\n" + strings.Repeat(`"displayName": "x",`+"\n", 20_000) + "\"iosOnboarded\": 1}"
	c.open(file, "json", large) // which takes a while
	codes := make(map[int]int)
	var ids []string
	for i := range 200 {
		ids = append(ids, c.send("textDocument/hover", map[string]any{"textDocument": map[string]any{"uri": file}, "position": pos{1, 3}}))
		if i%2 == 0 {
			c.change(file, i+2, map[string]any{"range": rng{}, "text": " "})
		} else {
			c.notify("$/cancelRequest", map[string]any{"id": json.RawMessage(ids[i])})
		}
	}
	for _, id := range ids {
		r := c.reply(id)
		code := 0
		if r.Error != nil {
			code = r.Error.Code
		}
		codes[code]++
	}
	for code := range codes {
		if code != 0 && code != -32800 && code != -32801 {
			t.Errorf("answered with %v", codes)
		}
	}
	if codes[-32800] == 0 || codes[-32801] == 0 {
		t.Errorf("nothing was canceled or overtaken: %v", codes)
	}
	c.found(file, 200)
	// Using an id twice violates the protocol, but both requests are answered.
	c.message(`{"jsonrpc": "2.0", "id": "twice", "method": "textDocument/documentSymbol", "params": {"textDocument": {"uri": "` + file + `"}}}`)
	c.message(`{"jsonrpc": "2.0", "id": "twice", "method": "textDocument/documentSymbol", "params": {"textDocument": {"uri": "` + file + `"}}}`)
	c.reply(`"twice"`)
	c.call("textDocument/documentSymbol", map[string]any{"textDocument": map[string]any{"uri": file}}, nil)
}

// TestChangeOfNothing checks that a change without a document does not outdate a request
// without one.
func TestChangeOfNothing(t *testing.T) {
	c := connect(t)
	initialize, change := `{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"capabilities": {}}}`, `{"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {}}`
	c.raw(fmt.Sprintf("Content-Length: %d\r\n\r\n%sContent-Length: %d\r\n\r\n%s", len(initialize), initialize, len(change), change))
	if r := c.reply("1"); r.Error != nil {
		t.Errorf("initialize: %s", r.Error.Message)
	}
	c.call("shutdown", nil, nil)
}

// TestUnread checks that the server accepts edits from a client that does not read:
// otherwise, a client that writes before it reads would wait forever.
func TestUnread(t *testing.T) {
	c := start(t, "utf-16", t.TempDir())
	const file = "file:///somewhere/a.json"
	written := make(chan struct{})
	c.mu.Lock() // which reading needs
	go func() {
		defer close(written)
		c.open(file, "json", partner)
		for version := 2; version <= 1000; version++ {
			c.change(file, version, map[string]any{"text": partner})
		}
	}()
	select {
	case <-written:
	case <-time.After(20 * time.Second):
		t.Error("the server waits for the client to read")
	}
	c.mu.Unlock()
	c.found(file, 1000)
}

// TestRegistration checks that a client that can watch files is asked to watch them.
func TestRegistration(t *testing.T) {
	c := connect(t)
	can := capabilities()
	can["workspace"] = map[string]any{"didChangeWatchedFiles": map[string]any{"dynamicRegistration": true}}
	c.call("initialize", map[string]any{"capabilities": can, "rootUri": uri(t.TempDir())}, nil)
	c.notify("initialized", map[string]any{})
	c.wait("the registration", func() bool { return slices.Contains(c.asked, "client/registerCapability") })
	c.message(`{"jsonrpc": "2.0", "id": 0, "result": null}`)
	c.call("shutdown", nil, nil)
}

// TestManyEdits checks that a thousand quick edits leave nothing behind.
func TestManyEdits(t *testing.T) {
	c := start(t, "utf-16", t.TempDir())
	const file = "file:///somewhere/a.json"
	body := "{\n\"@odata.type\": \"#microsoft.graph.complianceManagementPartner\",\n" + strings.Repeat("\"iosOnboarded\": true,\n", 400) + "\"displayName\": \"\"\n}\n"
	c.open(file, "json", body)
	c.found(file, 1)
	version := 1
	edit := func(n int) {
		for range n {
			version++
			c.change(file, version, map[string]any{"range": rng{pos{402, 16}, pos{402, 16}}, "text": "x"})
			if version%7 == 0 {
				c.send("textDocument/completion", map[string]any{"textDocument": map[string]any{"uri": file}, "position": pos{2, 3}})
			}
		}
		c.found(file, version)
	}
	measure := func() (heap uint64, goroutines int) {
		c.mu.Lock()
		clear(c.replies)
		c.mu.Unlock()
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc, runtime.NumGoroutine()
	}
	edit(100)
	heap, goroutines := measure()
	edit(1000)
	heapAfter, goroutinesAfter := measure()
	if goroutinesAfter > goroutines {
		t.Errorf("%d goroutines before, %d after", goroutines, goroutinesAfter)
	}
	if heapAfter > heap+1<<20 {
		t.Errorf("%d bytes before, %d after", heap, heapAfter)
	}
}

// TestLarge checks that a document of 1 MB, or 10 MB in an exhaustive run, can be linted,
// edited and explained.
func TestLarge(t *testing.T) {
	c := start(t, "utf-16", t.TempDir())
	const file = "file:///somewhere/a.ndjson"
	line := `{"@odata.type": "#microsoft.graph.complianceManagementPartner", "displayName": "Contoso é", "iosOnboarded": true}` + "\n"
	n := corpus.Size(1<<20, 10<<20)/len(line) + 1
	c.open(file, "ndjson", strings.Repeat(line, n))
	if p := c.found(file, 1); len(p.Diagnostics) != 0 {
		t.Errorf("%d findings", len(p.Diagnostics))
	}
	at := strings.Index(line, "true") - 1 // é is two bytes and one unit
	c.change(file, 2, map[string]any{"range": rng{pos{n / 2, at}, pos{n / 2, at + 4}}, "text": "1"})
	p := c.found(file, 2)
	if len(p.Diagnostics) != 1 || p.Diagnostics[0].Range != (rng{pos{n / 2, at}, pos{n / 2, at + 1}}) {
		t.Errorf("%+v", p)
	}
	var shown struct{ Contents struct{ Value string } }
	c.call("textDocument/hover", map[string]any{"textDocument": map[string]any{"uri": file}, "position": pos{n / 2, at}}, &shown)
	if !strings.Contains(shown.Contents.Value, "wrong-type") {
		t.Errorf("%s", shown.Contents.Value)
	}
}

// TestTooLarge checks that a message larger than any document is refused and skipped.
func TestTooLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes a second")
	}
	c := start(t, "utf-16")
	size := int64(6*input.DefaultLimit + 2<<20)
	c.raw("Content-Length: " + strconv.FormatInt(size, 10) + "\r\n\r\n")
	if _, err := io.CopyN(c.in, zeros{}, size); err != nil {
		t.Fatal(err)
	}
	c.wait("an error", func() bool { return len(c.lost) > 0 })
	c.call("shutdown", nil, nil)
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }

// TestPositions checks both encodings in lines with characters of every length.
func TestPositions(t *testing.T) {
	text := "{\n\t\"@odata.type\": \"#microsoft.graph.complianceManagementPartner\", \"displayName\": \"a é € 😀\", \"partnerState\": \"Enabled\"\r\n}"
	for encoding, want := range map[string]string{"utf-16": "1:107-1:116", "utf-8": "1:112-1:121"} {
		c := start(t, encoding, t.TempDir())
		const file = "file:///somewhere/a.json"
		c.open(file, "json", text)
		var got []string
		for _, d := range c.found(file, 1).Diagnostics {
			if d.Code == "enum-value" {
				got = append(got, d.Range.String())
				c.change(file, 2, map[string]any{"range": d.Range, "text": `"enabled"`})
			}
		}
		if diff := cmp.Diff([]string{want}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", encoding, diff)
		}
		for _, d := range c.found(file, 2).Diagnostics {
			if d.Severity == 1 {
				t.Errorf("%s: %+v", encoding, d)
			}
		}
	}
}

// FuzzDocument sends every request for any text and place: none may be an internal error.
func FuzzDocument(f *testing.F) {
	f.Add("a.json", partner, 2, 5)
	f.Add("a.jsonc", "{\"iosOnboarded\": // \n tru", 1, 2)
	f.Add("a.ndjson", partner+partner, 1, 1)
	f.Add("a.http", "@a = 1\nPATCH https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners/1\n\n{\"a\": {{a}}, \"b{{c}}\": [\n###\nPOST /beta/$batch\n\n{\"requests\": [{\"method\": \"PATCH\", \"url\": \"/me\", \"body\": {\"", 3, 8)
	dir := f.TempDir()
	c := start(f, "utf-16", dir)
	f.Fuzz(func(t *testing.T, name, text string, line, character int) {
		extension := filepath.Ext(name)
		if len(text) > 1<<16 || extension != ".json" && extension != ".jsonc" && extension != ".ndjson" && extension != ".http" {
			return
		}
		c.t = t
		file := uri(filepath.Join(dir, "a"+extension))
		c.open(file, "json", text)
		at := pos{line & 0xff, character & 0xff}
		c.change(file, 2, map[string]any{"range": rng{at, at}, "text": "\""})
		for _, method := range []string{"completion", "hover", "codeAction", "documentSymbol"} {
			r := c.reply(c.send("textDocument/"+method, map[string]any{
				"textDocument": map[string]any{"uri": file}, "position": at, "range": rng{pos{}, at}, "context": map[string]any{"diagnostics": []any{}},
			}))
			if r.Error != nil {
				t.Errorf("%s: %s", method, r.Error.Message)
			}
		}
		c.found(file, 2)
		c.notify("textDocument/didClose", map[string]any{"textDocument": map[string]any{"uri": file}})
		c.wait("the findings to be taken back", func() bool { return c.shown[file].Version == 0 })
		c.mu.Lock()
		clear(c.replies)
		delete(c.shown, file)
		c.mu.Unlock()
	})
}
