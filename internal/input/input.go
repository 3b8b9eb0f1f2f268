// Package input knows the kinds of file that payloads are kept in.
package input

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
)

// Format is one kind of file.
type Format struct {
	Name       string
	Extensions []string // with the dot, in lower case
	Dialect    patchlint.Dialect
}

// formats has the default first.
var formats = []Format{json, jsonc}

// ForName returns the format of a file by the extension of its name, and
// whether a walk through a directory takes such files. Other names are read as
// the default.
func ForName(name string) (f Format, walked bool) {
	extension := strings.ToLower(filepath.Ext(name))
	for _, f := range formats {
		if slices.Contains(f.Extensions, extension) {
			return f, true
		}
	}
	return formats[0], false
}
