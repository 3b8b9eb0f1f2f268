package lsp

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/patchlint/patchlint/internal/input"
)

// conn carries messages of JSON-RPC 2.0 behind headers (LSP, Base Protocol). It answers
// by itself what is not a message, and reads on at the next header: whatever a client
// sends, the server lives.
type conn struct {
	in *bufio.Reader

	writing sync.Mutex
	out     io.Writer
}

// message is a request, a notification or a response.
type message struct {
	Version string          `json:"jsonrpc"`
	ID      json.RawMessage `json:"id"`     // nil for none; an integer or a string
	Method  string          `json:"method"` // "" for a response
	Params  json.RawMessage `json:"params"` // nil for none
	Result  json.RawMessage `json:"result"`
	Error   json.RawMessage `json:"error"`

	params   params // that are there and can be read, if
	readable bool
	refused  *rpcError // why a request is not to be answered, set before it is
}

func (m *message) isExit() bool { return m.Method == "exit" && m.ID == nil }

// rpcError is the error that answers a request (JSON-RPC 2.0, 5.1).
type rpcError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// maxMessage is the size of the largest message that is read, in bytes: that of the
// largest document, with every character escaped.
const maxMessage = 6*input.DefaultLimit + 1<<20

func newConn(in io.Reader, out io.Writer) *conn {
	return &conn{in: bufio.NewReaderSize(in, 64<<10), out: out}
}

// object is a JSON object to be written.
type object map[string]any

// write writes one message. An error is not returned: it means that the client is gone,
// and then reading ends, too.
func (c *conn) write(m any) {
	body, err := json.Marshal(m)
	if err != nil {
		return // what is written is made of our types
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	_, _ = c.out.Write(fmt.Appendf(nil, "Content-Length: %d\r\n\r\n%s", len(body), body))
}

// reply answers a request with a result or an error.
func (c *conn) reply(id json.RawMessage, result any, failure *rpcError) {
	if failure != nil {
		c.write(object{"jsonrpc": "2.0", "id": id, "error": failure})
		return
	}
	c.write(object{"jsonrpc": "2.0", "id": id, "result": result})
}

// notify sends a notification.
func (c *conn) notify(method string, params any) {
	c.write(object{"jsonrpc": "2.0", "method": method, "params": params})
}

// read returns the next message.
func (c *conn) read() (message, error) {
	for {
		var m message
		body, err := c.frame()
		var failure *rpcError
		if !errors.As(err, &failure) {
			if err != nil {
				return m, err
			}
			m, failure = parse(body)
		}
		if failure == nil {
			return m, nil
		}
		c.reply(m.ID, nil, failure) // null for a message of which no id can be read, JSON-RPC 2.0, 5
	}
}

// parse reads a message. One that is not valid has its ID nevertheless, if that can be
// read.
func parse(body []byte) (m message, failure *rpcError) {
	invalid := func(reason string) (message, *rpcError) { return m, &rpcError{codeInvalidRequest, reason} }
	var wrong *json.UnmarshalTypeError
	if err := json.Unmarshal(body, &m); err != nil && !errors.As(err, &wrong) {
		return message{}, &rpcError{codeParseError, "the message is not valid JSON"}
	}
	var number int64
	var text string
	if id := m.ID; json.Unmarshal(id, &number) != nil && json.Unmarshal(id, &text) != nil {
		if m.ID = nil; id != nil {
			return invalid("an id must be an integer or a string")
		}
	} else if string(id) == "null" {
		m.ID = nil
	}
	if string(m.Params) == "null" {
		m.Params = nil
	}
	switch {
	case wrong != nil && wrong.Field != "":
		return invalid(fmt.Sprintf("%q must be a %s", wrong.Field, wrong.Type))
	case wrong != nil:
		return invalid("a message is one JSON object; batches are not part of the Language Server Protocol")
	case m.Version != "2.0":
		return invalid(`"jsonrpc" must be "2.0"`)
	case m.Params != nil && m.Params[0] != '{' && m.Params[0] != '[':
		return invalid(`"params" must be an object or an array`)
	case (m.Method != "") == (m.Result != nil || m.Error != nil):
		return invalid("the message is neither a request nor a response")
	}
	if m.Params != nil {
		m.readable, m.Params = json.Unmarshal(m.Params, &m.params) == nil, nil
	}
	return m, nil
}

func (e *rpcError) Error() string { return e.Message }

// frame reads one header and the text behind it. A header is looked for wherever it
// is in a line, so that one message too long or too short costs no other. After an
// *rpcError more can be read.
func (c *conn) frame() ([]byte, error) {
	bad := func(reason string) ([]byte, error) { return nil, &rpcError{codeParseError, reason} }
	length, any := int64(-1), false
	for {
		line, err := c.line()
		if err != nil {
			return nil, err
		}
		if line == "" {
			if length >= 0 {
				break
			}
			if any {
				return bad("the header has no Content-Length")
			}
			continue // the end of what came before
		}
		any = true
		at := strings.LastIndex(strings.ToLower(line), "content-length:")
		if at < 0 {
			continue
		}
		value := strings.TrimSpace(line[at+len("content-length:"):])
		if length, err = strconv.ParseInt(value, 10, 64); err != nil || length < 0 {
			return bad("Content-Length must be a number of bytes")
		}
	}
	if length > maxMessage {
		if _, err := io.CopyN(io.Discard, c.in, length); err != nil {
			return nil, err
		}
		return bad(fmt.Sprintf("the message is larger than %d bytes", maxMessage))
	}
	var body bytes.Buffer // which grows by what comes, not by what is announced
	if _, err := io.CopyN(&body, c.in, length); err != nil {
		return nil, err
	}
	return body.Bytes(), nil
}

// maxHeader is the length of the longest line of a header, in bytes, that is read
// to its end.
const maxHeader = 4 << 10

// line reads a line, of a long one the end.
func (c *conn) line() (string, error) {
	var line []byte
	for {
		part, err := c.in.ReadSlice('\n')
		line = append(line, part...)
		line = line[max(0, len(line)-maxHeader):]
		if err == nil {
			return strings.TrimRight(string(line), "\r\n"), nil
		}
		if err != bufio.ErrBufferFull {
			return "", err
		}
	}
}
