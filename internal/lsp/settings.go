package lsp

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/settings"
)

// settingsFault returns the fault for which a run refuses the settings in a document: in its
// text or, if that has none, in the files that the saved text names.
func settingsFault(d *document) []finding {
	text := ""
	if _, err := settings.Parse(d.text.src); err != nil {
		text = err.Error()
	} else if relative, err := filepath.Rel(d.folder.dir, d.path); err == nil && d.folder.failure != nil {
		text, _ = strings.CutPrefix(d.folder.failure.Error(), files.Display(relative)+":")
	}
	place, message, _ := strings.Cut(text, ": ")
	var line, column int
	if n, _ := fmt.Sscanf(place, "%d:%d", &line, &column); n < 2 {
		return nil
	}
	return fault(d.text.restOfLine(line, column), message)
}
