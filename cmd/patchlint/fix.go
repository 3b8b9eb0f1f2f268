package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// unified returns the change of a file as git apply reads it.
func unified(name string, before, after []byte) []byte {
	text := diff.Diff("before", before, "after", after)
	// The library's own header names no paths that git takes.
	for range 3 {
		_, text, _ = bytes.Cut(text, []byte("\n"))
	}
	quoted := func(prefix string) string {
		path := prefix + name
		for _, r := range path {
			if r < ' ' || r == '"' || r == '\\' || r == 0x7F {
				return gitQuote(path)
			}
		}
		if strings.Contains(path, " ") {
			return path + "\t" // git ends a name with spaces so
		}
		return path
	}
	header := fmt.Sprintf("--- %s\n+++ %s\n", quoted("a/"), quoted("b/"))
	return append([]byte(header), text...)
}

// gitQuote writes a path as git quotes it in a diff: C style, octal escapes.
func gitQuote(path string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(path) {
		switch c := path[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c == 0x7F:
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}
