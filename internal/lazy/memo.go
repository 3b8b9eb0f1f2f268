package lazy

import (
	"sync"
	"sync/atomic"
)

// Memo keeps what has been made of something, by keys whose types tell their makers
// apart. It may be used by several goroutines.
type Memo struct {
	some atomic.Bool
	lock sync.Mutex
	made map[any]any
}

// MemoOf returns the Memo of a *patchlint.Document. Package patchlint sets it, so that
// other packages of the module can keep what they make of a document with it, and
// nobody else can.
var MemoOf func(document any) *Memo

// Get returns what a function makes: it is asked once for each key, until Clear. If
// several goroutines ask at once, it may be called more than once.
func Get[V any](m *Memo, key any, make func() V) V {
	if made, ok := Made[V](m, key); ok {
		return made
	}
	return keep(m, key, make(), false)
}

// Made returns what has been made for a key, if anything has been.
func Made[V any](m *Memo, key any) (made V, ok bool) {
	if !m.some.Load() {
		return made, false
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	made, ok = m.made[key].(V)
	return made, ok
}

// Set keeps what has been made for a key, in place of what was before.
func Set[V any](m *Memo, key any, made V) { keep(m, key, made, true) }

func keep[V any](m *Memo, key any, made V, replace bool) V {
	m.lock.Lock()
	defer m.lock.Unlock()
	if first, ok := m.made[key]; ok && !replace {
		return first.(V)
	}
	if m.made == nil {
		m.made = make(map[any]any)
	}
	m.made[key] = made
	m.some.Store(true)
	return made
}

// Clear forgets everything. It must not be called while others use the Memo.
func (m *Memo) Clear() {
	if m.some.Load() {
		m.some.Store(false)
		clear(m.made)
	}
}
