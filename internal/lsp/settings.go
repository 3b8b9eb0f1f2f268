package lsp

import (
	"path/filepath"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/settings"
)

// settingsFault returns the fault for which a run refuses the settings in a document, with its
// line: in its text or, if that has none, in the files that the saved text names.
func settingsFault(d *document) []finding {
	text := ""
	if _, err := settings.Parse(d.text.src); err != nil {
		text = err.Error()
	} else if relative, err := filepath.Rel(d.folder.dir, d.path); err == nil && d.folder.failure != nil {
		text, _ = strings.CutPrefix(d.folder.failure.Error(), files.Display(relative)+":")
	}
	place, message, _ := strings.Cut(text, ": ")
	number, _, _ := strings.Cut(place, ":")
	line, err := strconv.Atoi(number)
	if err != nil {
		return nil
	}
	line = min(line, len(d.text.lines)) - 1
	return fault(d.text.textRange(patchlint.Span{Start: int(d.text.lines[line]), End: d.text.endOf(line)}), message)
}
