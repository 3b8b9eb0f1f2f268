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
	running *message // the message that is being handled
	ended   bool     // whether reading has ended
}

// fill reads messages until exit or the end of input.
func (q *queue) fill(from *conn) {
	for {
		m, err := from.read()
		q.mu.Lock()
		if q.ended = err != nil; !q.ended {
			q.add(&m)
		}
		q.mu.Unlock()
		q.changed.Signal()
		if err != nil || m.isExit() {
			return
		}
	}
}

// add adds a message, and refuses the requests before it that it cancels or outdates.
func (q *queue) add(m *message) {
	refuse := func(failure *rpcError, which func(*message) bool) {
		for _, r := range slices.Concat(q.waiting, []*message{q.running}) {
			if r != nil && r.ID != nil && which(r) {
				r.refused = failure
			}
		}
	}
	switch m.Method {
	case "$/cancelRequest":
		refuse(canceled, func(r *message) bool { return bytes.Equal(r.ID, m.params.ID) })
	case "textDocument/didChange":
		refuse(modified, func(r *message) bool {
			return requests[r.Method] != nil && r.params.TextDocument.URI == m.params.TextDocument.URI && r.refused == nil
		})
	}
	q.waiting = append(q.waiting, m)
}

// next removes and returns the first message. If the queue is empty, it waits, or with busy
// returns nil. It reports whether there will be no more.
func (q *queue) next(busy bool) (m *message, end bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.running = nil
	for len(q.waiting) == 0 && !q.ended && !busy {
		q.changed.Wait()
	}
	if len(q.waiting) == 0 {
		return nil, q.ended
	}
	q.running = q.waiting[0]
	q.waiting = slices.Delete(q.waiting, 0, 1)
	return q.running, false
}

// refusal returns the error to answer a request with, or nil.
func (q *queue) refusal(m *message) *rpcError {
	q.mu.Lock()
	defer q.mu.Unlock()
	return m.refused
}
