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

	"github.com/patchlint/patchlint/internal/input"
)

// conn reads and writes JSON-RPC 2.0 messages with headers (LSP, Base Protocol). After an
// invalid message it continues at the next header, so that no input ends the session.
type conn struct {
	in  *bufio.Reader
	out io.Writer
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

	failure *rpcError // why the message is invalid, or nil
}

func (m *message) isExit() bool { return m.Method == "exit" && m.ID == nil && m.failure == nil }

// rpcError is the error of a response (JSON-RPC 2.0, 5.1).
type rpcError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// maxMessage is the size of the largest message in bytes: that of the largest document
// with every character escaped.
const maxMessage = 6*input.DefaultLimit + 1<<20

// object is a JSON object to be written.
type object map[string]any

// write writes one message. It returns no error: if the client is gone, reading ends, too.
func (c *conn) write(m any) {
	body, _ := json.Marshal(m) // all of our types can be encoded
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

// parse decodes a message. An invalid message has its ID if that can be read.
func parse(body []byte) *message {
	m := new(message)
	var wrong *json.UnmarshalTypeError
	if err := json.Unmarshal(body, m); err != nil && !errors.As(err, &wrong) {
		return &message{failure: &rpcError{codeParseError, "the message is not valid JSON"}}
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
		m.failure = &rpcError{codeInvalidRequest, "a message must be a request, a notification or a response of JSON-RPC 2.0"}
		return m
	}
	if m.Params != nil {
		m.readable, m.Params = json.Unmarshal(m.Params, &m.params) == nil, nil
	}
	return m
}

// read returns the next message, or an error if the input has ended. It finds a header
// anywhere in a line, so that a message of the wrong length does not affect the next one.
func (c *conn) read() (*message, error) {
	length := int64(-1)
	for {
		line, err := c.line()
		if err != nil {
			return nil, err
		}
		if line == "" && length >= 0 {
			break
		}
		header := strings.ToLower(line)
		if at := strings.LastIndex(header, contentLength); at >= 0 {
			value := strings.TrimSpace(header[at+len(contentLength):])
			if length, err = strconv.ParseInt(value, 10, 64); err != nil || length < 0 || length > maxMessage {
				return &message{failure: &rpcError{codeParseError, fmt.Sprintf("Content-Length must be a number of bytes, at most %d", maxMessage)}}, nil
			}
		}
	}
	var body bytes.Buffer // grows as it is read, because length may be false
	if _, err := io.CopyN(&body, c.in, length); err != nil {
		return nil, err
	}
	return parse(body.Bytes()), nil
}

const contentLength = "content-length:"

// maxHeader is the maximum length of a line of a header in bytes.
const maxHeader = 4 << 10

// line reads a line, and returns only the end of one longer than maxHeader.
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
