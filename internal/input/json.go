package input

import "github.com/patchlint/patchlint"

var json = Format{Name: "json", Extensions: []string{".json"}, read: one(patchlint.JSON)}
