package input

import (
	"io"

	"github.com/patchlint/patchlint"
)

// json and jsonc hold one document.
var (
	json  = &Format{Name: "json", Extensions: []string{".json"}, read: readJSON}
	jsonc = &Format{Name: "jsonc", Extensions: []string{".jsonc"}, read: readJSONC}
)

func readJSON(r *Reader, from io.Reader, yield func(*Payload, error) bool) {
	r.one(from, patchlint.JSON, yield)
}

func readJSONC(r *Reader, from io.Reader, yield func(*Payload, error) bool) {
	r.one(from, patchlint.JSONC, yield)
}

// one reads a file with one document.
func (r *Reader) one(from io.Reader, dialect patchlint.Dialect, yield func(*Payload, error) bool) {
	p := r.payload()
	if err := p.fill(from); err != nil {
		yield(nil, err)
		return
	}
	p.parse(dialect)
	yield(p, nil)
}
