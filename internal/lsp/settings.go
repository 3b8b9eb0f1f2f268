package lsp

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/patchlint/patchlint"
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
	d.found[d.name()] = []finding{{shown: diagnostic{
		Range: d.text.textRange(d.text.word(line, column)), Severity: severityError, Source: "patchlint", Message: message,
	}}}
}

// word returns the word of YAML at a line and column, which are 1-based and count runes
// other than a byte order mark.
func (t *text) word(line, column int) patchlint.Span {
	line = min(line, len(t.lines))
	start, end := int(t.lines[line-1]), t.endOf(line-1)
	if bytes.HasPrefix(t.src[start:end], []byte(byteOrderMark)) && line == 1 {
		start += len(byteOrderMark)
	}
	for ; column > 1 && start < end; column-- {
		_, size := utf8.DecodeRune(t.src[start:end])
		start += size
	}
	if n := bytes.IndexAny(t.src[start:end], " \t,:]}"); n > 0 {
		end = start + n
	}
	return patchlint.Span{Start: start, End: end}
}
