package input

import (
	"io"

	"github.com/patchlint/patchlint"
)

// json and jsonc hold one document.
var (
	json  = Format{Name: "json", Extensions: []string{".json"}, read: readDocument(patchlint.JSON)}
	jsonc = Format{Name: "jsonc", Extensions: []string{".jsonc"}, read: readDocument(patchlint.JSONC)}
)

// readDocument returns a function that reads a file with one document.
func readDocument(dialect patchlint.Dialect) func(*Reader, io.Reader, func(*Payload, error) bool) {
	return func(r *Reader, from io.Reader, yield func(*Payload, error) bool) {
		p := r.payload()
		whole, err := p.fill(from, r.Limit)
		switch {
		case err != nil:
			yield(nil, err)
			return
		case whole:
			p.parse(dialect)
		default:
			p.truncate(r.Limit)
		}
		yield(p, nil)
	}
}
