package lsp

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/settings"
)

// checkSettings adds the fault for which a run refuses the settings in a document: in its
// text or, if that has none, in the files that the saved text names.
func (s *server) checkSettings(d *document) {
	fault := ""
	if _, err := settings.Parse(d.text.src); err != nil {
		fault = err.Error()
	} else if relative, err := filepath.Rel(d.folder.dir, d.path); err == nil && d.folder.failure != nil {
		fault, _ = strings.CutPrefix(d.folder.failure.Error(), files.Display(relative)+":")
	}
	place, message, _ := strings.Cut(fault, ": ")
	var line, column int
	if n, _ := fmt.Sscanf(place, "%d:%d", &line, &column); n < 2 {
		return
	}
	rest := d.text.restOfLine(line, column)
	d.found[d.name()] = []finding{{shown: diagnostic{Range: rest, Severity: severityError, Source: "patchlint", Message: message}}}
}
