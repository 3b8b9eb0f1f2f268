package lsp

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/patchlint/patchlint/internal/check"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/input"
)

// listing lists the files of a directory that a run over the folder lints.
type listing struct {
	stamp string
	names []string
}

// sibling holds the payloads of a file that are compared with those of other files of its
// directory.
type sibling struct {
	stamp    string // of the file on disk, or
	text     *text  // its text in the editor
	size     int    // of the payloads in bytes
	concerns []check.Event
}

// maxSiblings and maxSiblingBytes limit the files of a directory and the size of their
// payloads that are compared. Beyond them, the directory's files are not compared.
const maxSiblings, maxSiblingBytes = 500, 4 << 20

// maxListings is the maximum number of cached listings.
const maxListings = 64

// list returns the names in the listing of a directory in the folder.
func (f *folder) list(dir string) []string {
	stamp := stamps(dir, f.dir, "", ".gitignore")
	l := f.listings[dir]
	if l.stamp == stamp {
		return l.names
	}
	if len(f.listings) >= maxListings {
		clear(f.listings)
		clear(f.siblings)
	}
	l = listing{stamp: stamp}
	set := files.Set{Excluded: f.checker.Settings.Excludes}
	for _, s := range set.Below(f.dir, dir) {
		l.names = append(l.names, s.Name())
	}
	f.listings[dir] = l
	return l.names
}

// walked reports whether a run over the folder lints a file, or would once it is saved,
// unless .gitignore ignores it then.
func (f *folder) walked(path string) bool {
	if f.checker.Settings.Excludes(path, false) {
		return false
	}
	_, err := os.Lstat(path)
	return err != nil || slices.Contains(f.list(filepath.Dir(path)), filepath.ToSlash(path))
}

// addPreceding adds the payloads of the files before path in its directory to those that
// the checker compares, and reports whether there are any. Open files have the text of
// the editor.
func (s *server) addPreceding(f *folder, path string) (added bool) {
	name := filepath.ToSlash(path)
	dir := filepath.Dir(path)
	names, open := slices.Clone(f.list(dir)), make(map[string]*text)
	for _, d := range s.documents {
		if !filepath.IsAbs(d.path) || filepath.Dir(d.path) != dir {
			continue
		}
		open[d.name()] = d.text
		if _, walked := input.ForName(d.path); walked && !slices.Contains(names, d.name()) && f.walked(d.path) {
			names = append(names, d.name())
		}
	}
	if len(names) > maxSiblings {
		return false
	}
	slices.Sort(names)
	var all []*sibling
	total := 0
	for _, other := range names {
		if other >= name {
			break
		}
		b := f.sibling(other, open[other])
		if total += b.size; total > maxSiblingBytes {
			return false
		}
		all = append(all, b)
	}
	for i, b := range all {
		for _, c := range b.concerns {
			f.checker.CrossFile.Add(c.Linter, names[i], c.Document, c.Target)
			added = true
		}
	}
	return added
}

// sibling returns the sibling of a file, whose text is open if it is not nil.
func (f *folder) sibling(name string, open *text) *sibling {
	source, now := files.Source{Path: name, Found: true}, ""
	if open != nil {
		source = files.Edited(name, open.src)
	} else {
		now = stamp(name)
	}
	known := f.siblings[name]
	if known != nil && known.text == open && known.stamp == now {
		return known
	}
	known = &sibling{stamp: now, text: open}
	f.siblings[name] = known
	f.checker.Check(&source, func(e check.Event) bool {
		if e.CrossFile {
			known.size += len(e.Document.Source())
			known.concerns = append(known.concerns, check.Event{Linter: e.Linter, Target: e.Target, Document: e.Document})
		}
		return known.size <= maxSiblingBytes
	})
	if known.size > maxSiblingBytes {
		known.concerns = nil
	}
	return known
}
