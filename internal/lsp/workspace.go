package lsp

import (
	"path/filepath"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/baseline"
	"github.com/patchlint/patchlint/internal/check"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/settings"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// workspace is the folders that are open. It is the worker's, but for what is to be
// opened first.
type workspace struct {
	server  *server
	folders []*folder
	others  map[string]*folder // directories of files that are in none of them
	clock   int                // the server's, of what became dirty

	// bodies are what was found in files because documents send them, by the path of
	// the file.
	bodies map[string]map[*document][]finding
}

// folder is a directory as a run of the command in it would see it.
type folder struct {
	uri, dir string

	stamp    string        // of the files that the rest was read from
	failure  error         // why nothing can be checked in it, and
	told     bool          // that the user was told
	settings *settings.Run // nil where they cannot be read
	linters  *settings.Linters
	checker  check.Checker
	known    *baseline.Baseline
	roots    files.RootNames

	listings map[string]*listing
}

// open adds a folder.
func (w *workspace) open(uri string) {
	if dir, ok := pathOf(uri); ok {
		w.folders = append(w.folders, &folder{uri: uri, dir: filepath.Clean(dir)})
	}
}

func (s *server) didChangeWorkspaceFolders(p didChangeWorkspaceFoldersParams) {
	s.touchAll()
	s.tasks = append(s.tasks, func() {
		for _, removed := range p.Event.Removed {
			for i, f := range s.folders {
				if f.uri == removed.URI {
					s.folders = append(s.folders[:i:i], s.folders[i+1:]...)
					break
				}
			}
		}
		for _, added := range p.Event.Added {
			s.workspace.open(added.URI)
		}
		s.others = nil
	})
}

// of returns the folder that a file is in, the innermost of several, with its
// settings as they are now.
func (w *workspace) of(path string) *folder {
	var found *folder
	for _, f := range w.folders {
		inside := !filepath.IsAbs(path) && found == nil || strings.HasPrefix(path, strings.TrimSuffix(f.dir, string(filepath.Separator))+string(filepath.Separator))
		if inside && (found == nil || len(f.dir) > len(found.dir)) {
			found = f
		}
	}
	if found == nil {
		dir := filepath.Dir(path)
		if found = w.others[dir]; found == nil {
			found = &folder{dir: existing(dir)}
			if w.others == nil || len(w.others) >= maxOthers {
				w.others = make(map[string]*folder)
			}
			w.others[dir] = found
		}
	}
	if stamp := found.stampNow(); stamp != found.stamp || found.linters == nil && found.failure == nil {
		fresh := found.stamp == ""
		found.load(w.server.edited)
		found.stamp = found.stampNow()
		if !fresh {
			w.server.mu.Lock()
			w.server.touchAll()
			w.server.mu.Unlock()
		}
	}
	return found
}

// existing returns a directory, or the nearest above it that is on disk.
func existing(dir string) string {
	for !files.IsDirectory(dir) && dir != filepath.Dir(dir) {
		dir = filepath.Dir(dir)
	}
	return dir
}

// maxOthers is how many directories outside of all folders are remembered.
const maxOthers = 100

// stampNow tells one state of the settings and the baseline from another. The list
// of files in a directory is part of it: a new file may be settings.
func (f *folder) stampNow() string {
	var b strings.Builder
	root := files.Repository(f.dir)
	for dir := f.dir; ; dir = filepath.Dir(dir) {
		for _, name := range []string{"", settings.Name, ".gitignore", ".git/index"} {
			stamp(&b, filepath.Join(dir, name))
		}
		if root == "" || dir == root || dir == filepath.Dir(dir) {
			break
		}
	}
	if f.settings != nil {
		for _, name := range f.settings.Files() {
			stamp(&b, name)
		}
	}
	return b.String()
}

// path returns the path of a document, which is in the folder if it is in no file.
func (f *folder) path(d *document) string {
	if filepath.IsAbs(d.path) {
		return d.path
	}
	return filepath.Join(f.dir, d.path)
}

// load reads the settings and the baseline.
func (f *folder) load(edited func(name string) ([]byte, bool)) {
	f.linters, f.roots, f.listings, f.told = nil, files.RootNames{}, nil, false
	run, err := settings.OpenIn(f.dir)
	f.settings = run
	var name string
	if err == nil {
		name, err = run.BaselineFile()
	}
	if err == nil {
		f.known, err = baseline.Read(name)
	}
	if f.failure = err; err != nil {
		return
	}
	f.linters = &settings.Linters{Run: run, Base: validate.Linter{Models: run.Models}}
	f.checker = check.Checker{Edited: edited, Linters: f.linters, Excludes: run.Excludes, Reader: input.Reader{Limit: patchlint.DefaultMaxBytes, Models: run.Models, Version: run.APIVersion}}
	_, f.failure = schema.Open(run.APIVersion)
}
