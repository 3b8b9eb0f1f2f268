package input

import "github.com/patchlint/patchlint"

var jsonc = Format{Name: "jsonc", Extensions: []string{".jsonc"}, read: one(patchlint.JSONC)}
