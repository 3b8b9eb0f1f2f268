package lazy

import "sync"

// Memo contains what the packages of this module know about a document besides its tree: its
// place in a file, and values computed from it, for which each package uses keys of its own
// types. The functions that look up and store values are safe for concurrent use. Any other
// Memo has only values.
type Memo struct {
	// Offset and Lines are the numbers of bytes and of whole lines of the file before the
	// source. They must be set before the document is shared.
	Offset int64
	Lines  int

	lock   sync.Mutex
	values map[any]any
}

// MemoOf returns the Memo of a *patchlint.Document. Package patchlint sets it, so that
// only packages of this module have access.
var MemoOf func(document any) *Memo

// Get returns the value of a key, and computes it if it is absent. Concurrent calls may
// compute a value more than once, but return the same one.
func Get[V any](m *Memo, key any, compute func() V) V {
	if value, ok := Lookup[V](m, key); ok {
		return value
	}
	value := compute()
	m.lock.Lock()
	defer m.lock.Unlock()
	if first, ok := m.values[key]; ok {
		return first.(V)
	}
	m.store(key, value)
	return value
}

// Lookup returns the value of a key, if there is one.
func Lookup[V any](m *Memo, key any) (value V, ok bool) {
	m.lock.Lock()
	defer m.lock.Unlock()
	value, ok = m.values[key].(V)
	return value, ok
}

// Set sets the value of a key.
func Set(m *Memo, key, value any) {
	m.lock.Lock()
	defer m.lock.Unlock()
	m.store(key, value)
}

func (m *Memo) store(key, value any) {
	if m.values == nil {
		m.values = make(map[any]any)
	}
	m.values[key] = value
}

// Clear resets the Memo for another document. It must not be called concurrently with
// other functions.
func (m *Memo) Clear() {
	m.Offset, m.Lines = 0, 0
	clear(m.values)
}
