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

// conn reads and writes JSON-RPC 2.0 messages with headers (LSP, Base Protocol). It
// answers invalid messages with an error and continues at the next header, so that no
// input ends the session.
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

	params   params
	readable bool // whether params could be decoded from Params
}

func (m *message) isExit() bool { return m.Method == "exit" && m.ID == nil }

// rpcError is the error of a response (JSON-RPC 2.0, 5.1).
type rpcError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// maxMessage is the size of the largest message in bytes: that of the largest document
// with every character escaped.
const maxMessage = 6*input.DefaultLimit + 1<<20

func newConn(in io.Reader, out io.Writer) *conn {
	return &conn{in: bufio.NewReaderSize(in, 64<<10), out: out}
}

// object is a JSON object to be written.
type object map[string]any

// write writes one message. It returns no error: if the client is gone, reading ends, too.
func (c *conn) write(m any) {
	body, err := json.Marshal(m)
	if err != nil {
		return // cannot happen with our types
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
		body, err := c.readBody()
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
		c.reply(m.ID, nil, failure) // the ID is null if it cannot be read (JSON-RPC 2.0, 5)
	}
}

// parse decodes a message. An invalid message has its ID if that can be read.
func parse(body []byte) (m message, failure *rpcError) {
	var wrong *json.UnmarshalTypeError
	if err := json.Unmarshal(body, &m); err != nil && !errors.As(err, &wrong) {
		return message{}, &rpcError{codeParseError, "the message is not valid JSON"}
	}
	var number int64
	var text string
	id := m.ID == nil || json.Unmarshal(m.ID, &number) == nil || json.Unmarshal(m.ID, &text) == nil
	if !id || string(m.ID) == "null" {
		m.ID = nil
	}
	if string(m.Params) == "null" {
		m.Params = nil
	}
	structured := m.Params == nil || m.Params[0] == '{' || m.Params[0] == '['
	called, answered := m.Method != "", m.Result != nil || m.Error != nil
	if wrong != nil || !id || m.Version != "2.0" || !structured || called == answered {
		return m, &rpcError{codeInvalidRequest, "a message must be a request, a notification or a response of JSON-RPC 2.0"}
	}
	if m.Params != nil {
		m.readable, m.Params = json.Unmarshal(m.Params, &m.params) == nil, nil
	}
	return m, nil
}

func (e *rpcError) Error() string { return e.Message }

// readBody reads a header and the body after it. It finds a header anywhere in a line, so
// that a message of the wrong length does not affect the next one. After an *rpcError, it
// can be called again.
func (c *conn) readBody() ([]byte, error) {
	bad := func(reason string) ([]byte, error) { return nil, &rpcError{codeParseError, reason} }
	length, started := int64(-1), false
	for {
		line, err := c.line()
		if err != nil {
			return nil, err
		}
		if line == "" {
			if length >= 0 {
				break
			}
			if started {
				return bad("the header has no Content-Length")
			}
			continue
		}
		started = true
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
	var body bytes.Buffer // not allocated by length, which may be false
	if _, err := io.CopyN(&body, c.in, length); err != nil {
		return nil, err
	}
	return body.Bytes(), nil
}

// maxHeader is the maximum length of a line of a header in bytes.
const maxHeader = 4 << 10

// line reads a line, and returns only the end of a line longer than maxHeader.
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
