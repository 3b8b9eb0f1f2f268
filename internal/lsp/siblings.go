package lsp

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/patchlint/patchlint/internal/check"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/input"
)

// listing is the files of a directory that a walk through its folder comes upon.
type listing struct {
	stamp string
	names []string // sorted
	known map[string]*sibling
}

// sibling is what a file has to do with the others of its directory.
type sibling struct {
	stamp    string // of the file on disk, or
	text     *text  // what an editor has of it
	size     int
	concerns []check.Event // payloads that others are held against
}

// Of a directory with more files, or more bytes in payloads that concern others, no
// file is held against another.
const maxSiblings, maxSiblingBytes = 500, 4 << 20

// maxListings is how many directories are remembered.
const maxListings = 64

// list returns the files in a directory of the folder.
func (f *folder) list(dir string) *listing {
	stamp := stamps(dir, f.dir, "", ".gitignore")
	l := f.listings[dir]
	if l != nil && l.stamp == stamp {
		return l
	}
	if l == nil {
		l = &listing{known: make(map[string]*sibling)}
		if f.listings == nil || len(f.listings) >= maxListings {
			f.listings = make(map[string]*listing)
		}
		f.listings[dir] = l
	}
	l.stamp, l.names = stamp, nil
	set := files.Set{Excluded: f.linters.Excludes}
	sources, _ := set.Below(f.dir, dir) // what cannot be read holds nothing
	for _, s := range sources {
		l.names = append(l.names, s.Name())
	}
	return l
}

// walked reports whether a walk through the folder comes upon a file. One that is
// not on disk yet is taken for one.
func (f *folder) walked(path string) bool {
	if f.linters.Excludes(path) {
		return false
	}
	if _, err := os.Lstat(path); err != nil {
		return true
	}
	_, found := slices.BinarySearch(f.list(filepath.Dir(path)).names, filepath.ToSlash(path))
	return found
}

// before adds to the run of the checker what the files of a directory before one of
// them say, as far as editors have them in the text that these have. It reports
// whether that is anything.
func (s *server) before(f *folder, path string) (any bool) {
	name := filepath.ToSlash(path)
	dir := filepath.Dir(path)
	l := f.list(dir)
	open := s.opened(dir)
	names := slices.Clone(l.names)
	for other := range open {
		if _, walked := input.ForName(other); walked && !slices.Contains(names, other) && f.walked(filepath.FromSlash(other)) {
			names = append(names, other)
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
		b := l.sibling(f, other, open[other])
		total += b.size
		all = append(all, b)
	}
	if total > maxSiblingBytes {
		clear(l.known)
		return false
	}
	for i, b := range all {
		for _, c := range b.concerns {
			f.checker.CrossFile.Add(c.Linter, names[i], c.Document, c.Target)
			any = true
		}
	}
	return any
}

// opened returns the texts of the open documents in a directory.
func (s *server) opened(dir string) map[string]*text {
	texts := make(map[string]*text)
	for _, d := range s.documents {
		if filepath.IsAbs(d.path) && filepath.Dir(d.path) == dir {
			texts[filepath.ToSlash(d.path)] = d.text
		}
	}
	return texts
}

// sibling returns what a file has to do with others, from its text if it is open.
func (l *listing) sibling(f *folder, name string, open *text) *sibling {
	source, now := files.Source{Path: name, Found: true}, ""
	if open != nil {
		source = files.Edited(name, open.src)
	} else {
		now = stamp(name)
	}
	known := l.known[name]
	if known != nil && known.text == open && known.stamp == now {
		return known
	}
	known = &sibling{stamp: now, text: open}
	l.known[name] = known
	f.checker.Check(&source, func(e check.Event) bool {
		switch {
		case e.CrossFile && known.size <= maxSiblingBytes:
			known.size += len(e.Document.Source())
			known.concerns = append(known.concerns, check.Event{Linter: e.Linter, Target: e.Target, Document: e.Document})
		case e.Payload != nil:
			f.checker.Reader.Release(e.Payload)
		}
		return true
	})
	return known
}
