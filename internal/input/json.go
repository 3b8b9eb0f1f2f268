package input

import "github.com/patchlint/patchlint"

var json = Format{Name: "json", Extensions: []string{".json"}, Dialect: patchlint.JSON}
