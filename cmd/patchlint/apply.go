package main

import (
	"fmt"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/secret"
)

// applyFlags are the flags of apply.
type applyFlags struct {
	pairFlags
	id string
}

// tellsObject returns an error when current lists several objects and nothing tells
// which of them the body is for. The error names them.
func (f *applyFlags) tellsObject(current, body report.Source) error {
	list := current.Document.Root()
	if list.Kind() == patchlint.Object {
		list = list.Member("value")
	}
	if list.Kind() != patchlint.Array || list.Len() < 2 || f.id != "" || body.Document.Root().Member("id").Text() != "" {
		return nil
	}
	const few = 5
	var objects []string
	for object := range list.Children() {
		if len(objects) == few {
			objects = append(objects, "...")
			break
		}
		text := inert.Quote(object.Member("id").Text())
		if name := object.Member("displayName").Text(); name != "" {
			text += " (" + inert.Quote(name) + ")"
		}
		objects = append(objects, text)
	}
	text := secret.Mask(current.Document, strings.Join(objects, ", "))
	return fmt.Errorf("%s lists %d objects, and %s has no id; say with --id which one it is for: %s", current.Name, list.Len(), body.Name, text)
}
