package main

import (
	"iter"
	"sync"
	"sync/atomic"

	"github.com/patchlint/patchlint/internal/check"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/validate"
)

// inOrder checks sources, several at once, and adds what becomes of them in their
// order, one event at a time. It returns the first error of add. An event's payload
// is the reader's again, to be released.
func inOrder(c *check.Checker, jobs int, sources iter.Seq[files.Source], linter func(name string) (*validate.Linter, validate.Target), add func(check.Event) error) error {
	l := line{add: add, early: make(map[int64][]check.Event), ended: make(chan error, 1)}
	l.moved.L = &l.mu
	var taking sync.Mutex
	next, stop := iter.Pull(sources)
	taken := int64(-1)
	type turn struct {
		source files.Source
		linter *validate.Linter
		target validate.Target
		n      int64
	}
	take := func() (t turn, ok bool) {
		taking.Lock()
		defer taking.Unlock()
		if taken++; l.await(taken - maxAhead) {
			t.source, ok = next()
		}
		if !ok {
			stop()
			return t, false
		}
		t.n = taken
		t.linter, t.target = linter(t.source.Name())
		return t, true
	}
	var workers sync.WaitGroup
	for range min(jobs, maxAhead) {
		workers.Add(1)
		go func() {
			defer workers.Done()
			p := place{line: &l}
			for t, ok := take(); ok; t, ok = take() {
				p.n = t.n
				c.Check(&t.source, t.linter, t.target, p.emit)
				p.leave()
			}
		}()
	}
	go func() {
		workers.Wait()
		close(l.ended)
	}()
	return <-l.ended
}

// How many sources are taken before their turn. Until it comes, a source may hold
// so many events, and so many bytes of documents before the last.
const maxAhead, maxHeld, maxHeldBytes = 64, 256, 256 << 10

// line lets the events of each source through at its turn.
type line struct {
	add   func(check.Event) error
	ended chan error

	turn   atomic.Int64 // the source whose events are added, by its worker alone
	mu     sync.Mutex
	moved  sync.Cond               // turn has, or failed
	early  map[int64][]check.Event // of sources that are done before their turn
	failed bool                    // nothing more is added
}

// await waits until the turn of a source has come. It is false when it never will.
func (l *line) await(n int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.turn.Load() < n && !l.failed {
		l.moved.Wait()
	}
	return !l.failed
}

// let adds the events of the source whose turn it is. Only then is failed set.
func (l *line) let(events []check.Event) bool {
	if l.failed {
		return false
	}
	for _, e := range events {
		if err := l.add(e); err != nil {
			l.ended <- err
			l.mu.Lock()
			l.failed = true
			l.mu.Unlock()
			l.moved.Broadcast()
			return false
		}
	}
	return true
}

// place is the place of a worker's source in the line.
type place struct {
	*line
	n    int64
	held []check.Event
	size int // of the documents in held
}

// emit lets an event through or holds it. It is false when no more is wanted.
func (p *place) emit(e check.Event) bool {
	p.held = append(p.held, e)
	if e.Document != nil {
		p.size += len(e.Document.Source())
	}
	if p.turn.Load() != p.n && len(p.held) < maxHeld && p.size < maxHeldBytes {
		return true
	}
	ok := p.await(p.n) && p.let(p.held)
	clear(p.held)
	p.held, p.size = p.held[:0], 0
	return ok
}

// leave makes room for the next source, and for those after it that are done.
func (p *place) leave() {
	p.mu.Lock()
	events, ok := p.held, p.turn.Load() == p.n
	if !ok {
		p.early[p.n] = events
	}
	p.mu.Unlock()
	p.held, p.size = nil, 0
	for ok && p.let(events) {
		p.mu.Lock()
		n := p.turn.Add(1)
		events, ok = p.early[n]
		delete(p.early, n)
		p.mu.Unlock()
		p.moved.Broadcast()
	}
}
