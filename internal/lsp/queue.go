package lsp

import (
	"bytes"
	"slices"
	"sync"
)

// queue holds the messages that were read and not handled yet.
type queue struct {
	mu      sync.Mutex
	changed sync.Cond // signals a message or the end
	waiting []*message
	ended   bool // whether reading has ended
}

// fill reads messages until exit or the end of input.
func (q *queue) fill(from *conn) {
	for {
		m, err := from.read()
		q.mu.Lock()
		if q.ended = err != nil; !q.ended {
			q.waiting = append(q.waiting, m)
		}
		q.mu.Unlock()
		q.changed.Signal()
		if err != nil || m.isExit() {
			return
		}
	}
}

// next removes and returns the first message. If the queue is empty, it waits, or with busy
// returns nil. end reports whether the queue is empty and reading has ended.
func (q *queue) next(busy bool) (m *message, end bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.waiting) == 0 && !q.ended && !busy {
		q.changed.Wait()
	}
	if len(q.waiting) == 0 {
		return nil, q.ended
	}
	m = q.waiting[0]
	q.waiting = slices.Delete(q.waiting, 0, 1)
	return m, false
}

// refusal returns the error to answer a request with if a waiting message cancels or
// outdates it, or nil.
func (q *queue) refusal(request *message) *rpcError {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, m := range q.waiting {
		switch {
		case m.Method == "$/cancelRequest" && bytes.Equal(m.params.ID, request.ID):
			return canceled
		case m.Method == "textDocument/didChange" && requests[request.Method] != nil && m.params.TextDocument.URI == request.params.TextDocument.URI:
			return modified
		}
	}
	return nil
}
