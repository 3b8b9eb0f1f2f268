package input

import (
	"io"

	"github.com/patchlint/patchlint"
)

// json and jsonc are formats with one document.
var (
	json  = &Format{Extensions: []string{".json"}, read: readOne(patchlint.JSON)}
	jsonc = &Format{Extensions: []string{".jsonc"}, read: readOne(patchlint.JSONC)}
)

// readOne returns a function that reads a file with one document.
func readOne(dialect patchlint.Dialect) func(r *Reader, from io.Reader, yield func(*Payload, error) bool) {
	return func(r *Reader, from io.Reader, yield func(*Payload, error) bool) {
		p := r.payload()
		if err := p.fill(from); err != nil {
			yield(nil, err)
			return
		}
		p.parse(dialect)
		yield(p, nil)
	}
}
