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

	"github.com/sourcegraph/jsonrpc2"

	"github.com/patchlint/patchlint"
)

// stream carries messages behind headers (LSP, Base Protocol). It answers by itself
// what is not a message, and reads on at the next header: whatever a client sends,
// the server lives.
type stream struct {
	in  *bufio.Reader
	out io.Writer

	params json.RawMessage // of the request that was read last

	closeIn sync.Once
	from    io.Reader
	writing sync.Mutex
}

// maxMessage is the size of the largest message that is read, in bytes: that of the
// largest document, with every character escaped.
const maxMessage = 6*patchlint.DefaultMaxBytes + 1<<20

func newStream(in io.Reader, out io.Writer) *stream {
	return &stream{in: bufio.NewReaderSize(in, 64<<10), from: in, out: out}
}

// Close closes the input where that can be done, so that a Read ends.
func (s *stream) Close() error {
	var err error
	s.closeIn.Do(func() {
		if c, ok := s.from.(io.Closer); ok {
			err = c.Close()
		}
	})
	return err
}

// WriteObject writes one message.
func (s *stream) WriteObject(v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return s.write(ownID(body))
}

func (s *stream) write(body []byte) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	head := make([]byte, 0, 32)
	head = append(strconv.AppendInt(append(head, "Content-Length: "...), int64(len(body)), 10), "\r\n\r\n"...)
	if _, err := s.out.Write(append(head, body...)); err != nil {
		return err
	}
	return nil
}

// ownID writes the id of a response as the request had it: jsonrpc2 keeps numbers
// without a sign, and those of LSP have one.
func ownID(body []byte) []byte {
	rest, ok := bytes.CutPrefix(body, []byte(`{"id":`))
	digits := len(rest) - len(bytes.TrimLeft(rest, "0123456789"))
	id, err := strconv.ParseUint(string(rest[:digits]), 10, 64)
	if !ok || err != nil || int64(id) >= 0 {
		return body
	}
	return append(fmt.Appendf(nil, `{"id":%d`, int64(id)), rest[digits:]...)
}

// refuse answers a message that cannot be handled.
func (s *stream) refuse(id json.RawMessage, code int, reason string) error {
	if id == nil {
		id = json.RawMessage("null") // JSON-RPC 2.0, 5: the id of a request that has none to be read
	}
	body, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": id, "error": map[string]any{"code": code, "message": reason}})
	if err != nil {
		return err
	}
	return s.write(body)
}

// ReadObject reads the next message.
func (s *stream) ReadObject(v any) error {
	for {
		body, err := s.frame()
		var bad *badFrame
		if errors.As(err, &bad) {
			if err := s.refuse(nil, codeParseError, bad.reason); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
		m, code, reason := parse(body)
		if code == 0 {
			// jsonrpc2 makes Go values of the parameters, and JSON of these: ten times
			// the work. The handler takes them from here, before the next message is read.
			s.params = m.Params
			if m.Params != nil && string(m.Params) == "null" {
				s.params = nil // as good as none
			}
			if m.Method != nil {
				m.Params = nil
				body, err = json.Marshal(m)
			}
			if err == nil && json.Unmarshal(body, v) == nil {
				return nil
			}
			code, reason = codeInvalidRequest, "the message is neither a request nor a response"
		}
		if err := s.refuse(m.ID, code, reason); err != nil {
			return err
		}
	}
}

// message is a request or response as it comes.
type message struct {
	Version json.RawMessage `json:"jsonrpc"`
	ID      json.RawMessage `json:"id,omitempty"`
	Method  json.RawMessage `json:"method,omitempty"`
	Params  json.RawMessage `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   json.RawMessage `json:"error,omitempty"`
}

// parse reads a message. The code says why it is not one, 0 for one that is; its ID
// is then what it can be answered with.
func parse(body []byte) (m message, code int, reason string) {
	err := json.Unmarshal(body, &m)
	id := m.ID
	m.ID = nil
	var syntax *json.SyntaxError
	switch first := bytes.TrimLeft(body, " \t\r\n"); {
	case errors.As(err, &syntax):
		return m, codeParseError, "the message is not valid JSON"
	case first[0] == '[':
		return m, codeInvalidRequest, "batches are not part of the Language Server Protocol"
	case first[0] != '{':
		return m, codeInvalidRequest, "a message is one JSON object"
	}
	var number int64
	var text string
	switch {
	case id == nil || string(id) == "null":
	case json.Unmarshal(id, &number) == nil, json.Unmarshal(id, &text) == nil:
		m.ID = id
	default:
		return m, codeInvalidRequest, "an id must be an integer or a string"
	}
	switch {
	case json.Unmarshal(m.Version, &text) != nil || text != "2.0":
		return m, codeInvalidRequest, `"jsonrpc" must be "2.0"`
	case m.Method != nil && (json.Unmarshal(m.Method, &text) != nil || m.Method[0] != '"'):
		return m, codeInvalidRequest, `"method" must be a string`
	case m.Method != nil && m.Params != nil && m.Params[0] != '{' && m.Params[0] != '[' && m.Params[0] != 'n':
		return m, codeInvalidRequest, `"params" must be an object or an array`
	}
	return m, 0, ""
}

// badFrame is the error of a message whose header or length is wrong, after which
// more can be read.
type badFrame struct{ reason string }

func (e *badFrame) Error() string { return e.reason }

// frame reads one header and the text behind it. A header is looked for wherever it
// is in a line, so that one message too long or too short costs no other.
func (s *stream) frame() ([]byte, error) {
	length, any := int64(-1), false
	for {
		line, err := s.line()
		if err != nil {
			return nil, err
		}
		if line == "" {
			if length >= 0 {
				break
			}
			if any {
				return nil, &badFrame{"the header has no Content-Length"}
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
			return nil, &badFrame{"Content-Length must be a number of bytes"}
		}
	}
	if length > maxMessage {
		if _, err := io.CopyN(io.Discard, s.in, length); err != nil {
			return nil, err
		}
		return nil, &badFrame{fmt.Sprintf("the message is larger than %d bytes", maxMessage)}
	}
	var body bytes.Buffer // which grows by what comes, not by what is announced
	body.Grow(int(min(length, 64<<10)))
	if _, err := io.CopyN(&body, s.in, length); err != nil {
		return nil, err
	}
	return body.Bytes(), nil
}

// maxHeader is the length of the longest line of a header, in bytes, that is read
// to its end.
const maxHeader = 4 << 10

// line reads a line, of a long one the end.
func (s *stream) line() (string, error) {
	var line []byte
	for {
		part, err := s.in.ReadSlice('\n')
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

// quiet drops what jsonrpc2 logs: standard output is the protocol's, and messages
// may hold what is not to be seen in a log.
type quiet struct{}

func (quiet) Printf(string, ...any) {}

var _ jsonrpc2.ObjectStream = (*stream)(nil)
