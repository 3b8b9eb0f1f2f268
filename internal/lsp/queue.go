package lsp

import (
	"bytes"
	"slices"
	"sync"
)

// queue holds the messages that wait.
type queue struct {
	mu      sync.Mutex
	come    sync.Cond // a message, or the end
	waiting []*message
	running *message // that was taken last
	ended   bool     // no more will come
	stopped bool     // nor is any to be taken
}

// fill reads messages until exit or the end.
func (q *queue) fill(from *conn) {
	for {
		m, err := from.read()
		q.mu.Lock()
		if q.ended = err != nil; !q.ended {
			q.add(&m)
		}
		q.mu.Unlock()
		q.come.Signal()
		if err != nil || m.isExit() {
			return
		}
	}
}

// add adds a message, after which some of those before it are not to be answered.
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
		refuse(cancelled, func(r *message) bool { return bytes.Equal(r.ID, m.params.ID) })
	case "textDocument/didChange":
		refuse(modified, func(r *message) bool {
			return r.params.TextDocument.URI == m.params.TextDocument.URI && r.refused == nil
		})
	}
	q.waiting = append(q.waiting, m)
}

// next takes a message. Where none waits, it returns nil at once if there is something
// else to do, and else at the end.
func (q *queue) next(busy bool) (m *message, end bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.running = nil
	for len(q.waiting) == 0 && !q.ended && !q.stopped && !busy {
		q.come.Wait()
	}
	if q.stopped || len(q.waiting) == 0 {
		return nil, q.ended || q.stopped
	}
	q.running = q.waiting[0]
	q.waiting = slices.Delete(q.waiting, 0, 1)
	return q.running, false
}

// refusal is why a message is not to be answered, or nil.
func (q *queue) refusal(m *message) *rpcError {
	q.mu.Lock()
	defer q.mu.Unlock()
	return m.refused
}

// stop ends the queue, with what waits in it.
func (q *queue) stop() {
	q.mu.Lock()
	q.stopped = true
	q.mu.Unlock()
	q.come.Signal()
}
