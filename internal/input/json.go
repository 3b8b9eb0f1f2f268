package input

import (
	"io"

	"github.com/patchlint/patchlint"
)

// json and jsonc hold one document.
var (
	json  = Format{Name: "json", Extensions: []string{".json"}, read: one(patchlint.JSON)}
	jsonc = Format{Name: "jsonc", Extensions: []string{".jsonc"}, read: one(patchlint.JSONC)}
)

// one reads a file that holds one document.
func one(dialect patchlint.Dialect) func(*Reader, io.Reader, func(*Payload, error) bool) {
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
			p.tooLarge(r.Limit)
		}
		yield(p, nil)
	}
}
