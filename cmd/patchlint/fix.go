package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// replaceFile puts data in place of a file's content. Whatever happens, the
// file is whole, old or new: data is written beside it and takes its name when
// it is on the disk. The mode stays, and a symbolic link keeps pointing to the
// file.
func replaceFile(name string, data []byte) (err error) {
	target, err := filepath.EvalSymlinks(name)
	if err != nil {
		return plain(err)
	}
	info, err := os.Stat(target)
	if err != nil {
		return plain(err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s: cannot be fixed: it is no regular file", display(name))
	}
	if info.Mode().Perm()&0o222 == 0 {
		return fmt.Errorf("%s: cannot be fixed: it is read-only", display(name))
	}
	temporary, err := os.CreateTemp(filepath.Dir(target), ".patchlint-*.tmp")
	if err != nil {
		return fmt.Errorf("%s: cannot be fixed: %w", display(name), plain(err))
	}
	defer func() {
		if err != nil {
			_ = temporary.Close()
			_ = os.Remove(temporary.Name())
			err = fmt.Errorf("%s: cannot be fixed: %w", display(name), plain(err))
		}
	}()
	if _, err = temporary.Write(data); err != nil {
		return err
	}
	if err = temporary.Chmod(info.Mode().Perm()); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	keepOwner(temporary.Name(), info)
	if err = temporary.Sync(); err != nil {
		return err
	}
	if err = temporary.Close(); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), target)
}

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
