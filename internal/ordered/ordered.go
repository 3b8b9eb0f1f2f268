// Package ordered encodes JSON with members in a given order, and without escapes for HTML.
package ordered

import (
	"bytes"
	"encoding/json"
)

// Object is a JSON object: the name and the value of each member. It leaves out a member that
// is a nil []Object.
type Object []Member

// Member is the name of a member, which is a string, and its value.
type Member = [2]any

// MarshalJSON implements json.Marshaler.
func (o Object) MarshalJSON() ([]byte, error) {
	b := bytes.NewBufferString("{")
	write := writer(b)
	for _, m := range o {
		if list, ok := m[1].([]Object); ok && list == nil {
			continue
		}
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		write(m[0])
		b.WriteByte(':')
		write(m[1])
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Encode returns a value, which must be one that JSON has, as JSON.
func Encode(v any) []byte {
	var b bytes.Buffer
	writer(&b)(v)
	return b.Bytes()
}

// writer returns a function that writes values to b.
func writer(b *bytes.Buffer) func(v any) {
	encoder := json.NewEncoder(b)
	encoder.SetEscapeHTML(false)
	return func(v any) {
		_ = encoder.Encode(v)
		b.Truncate(b.Len() - 1) // remove the newline
	}
}
