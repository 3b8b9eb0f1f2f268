package lsp

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/patchlint/patchlint/internal/baseline"
	"github.com/patchlint/patchlint/internal/check"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/settings"
)

// folder is a directory, with the settings and baseline that a run in it would use.
type folder struct {
	uri, dir string // uri is "" if it is not a workspace folder

	stamp    string        // currentStamp when the rest was read
	failure  error         // why nothing is checked; the checker is then one without settings
	settings *settings.Run // nil if they cannot be read
	checker  check.Checker
	known    *baseline.Baseline
	roots    files.RootNames

	listings map[string]listing
	siblings map[string]*sibling // by path
}

func (s *server) openFolder(uri string) {
	if dir, ok := pathOf(uri); ok {
		s.folders = append(s.folders, &folder{uri: uri, dir: filepath.Clean(dir)})
	}
}

func (s *server) didChangeWorkspaceFolders(p params) {
	for _, removed := range p.Event.Removed {
		if i := slices.IndexFunc(s.folders, func(f *folder) bool { return f.uri == removed.URI }); i >= 0 {
			s.folders = slices.Delete(s.folders, i, i+1)
		}
	}
	for _, added := range p.Event.Added {
		s.openFolder(added.URI)
	}
	s.touchAll()
}

// folderOf returns the innermost folder that contains a file, with its current settings.
// Documents outside all folders share one folder per directory: the nearest ancestor that
// exists.
func (s *server) folderOf(path string) *folder {
	var found *folder
	for _, f := range s.folders {
		inside := !filepath.IsAbs(path) && found == nil || strings.HasPrefix(path, strings.TrimSuffix(f.dir, string(filepath.Separator))+string(filepath.Separator))
		if inside && (found == nil || len(f.dir) > len(found.dir)) {
			found = f
		}
	}
	if found == nil {
		found = &folder{dir: filepath.Dir(path)}
		for !files.IsDirectory(found.dir) && found.dir != filepath.Dir(found.dir) {
			found.dir = filepath.Dir(found.dir)
		}
		for _, d := range s.documents {
			if d.folder != nil && d.folder.uri == "" && d.folder.dir == found.dir {
				found = d.folder
			}
		}
	}
	for range 3 { // a folder that changes all the time is read again with the next request
		stamp := found.currentStamp()
		if stamp == found.stamp {
			break
		}
		if found.stamp != "" {
			s.touchAll()
		}
		found.load(s.edited)
		if found.stamp = found.currentStamp(); !strings.HasPrefix(found.stamp, stamp) { // it also has the files that the settings name
			found.stamp = stamp // a file has changed in the meantime
		}
	}
	return found
}

// currentStamp returns a string that changes when the settings or the baseline do. It
// includes the directories, because a new file may be the settings.
func (f *folder) currentStamp() string {
	now := stamps(f.dir, cmp.Or(files.Repository(f.dir), f.dir), "", settings.Name, ".gitignore", ".git/index")
	if f.settings != nil {
		for _, name := range f.settings.Files() {
			now += stamp(name)
		}
	}
	return now
}

// stamps returns the stamps of the named files in dir and in its ancestors up to top.
func stamps(dir, top string, names ...string) (all string) {
	for ; ; dir = filepath.Dir(dir) {
		for _, name := range names {
			all += stamp(filepath.Join(dir, name))
		}
		if dir == top || dir == filepath.Dir(dir) {
			return all
		}
	}
}

// stamp returns a string that changes when a file does.
func stamp(name string) string {
	info, err := os.Stat(name)
	if err != nil {
		return "\n"
	}
	return fmt.Sprintf("%s %d %d\n", name, info.ModTime().UnixNano(), info.Size())
}

// path returns the path of a document; one without a file is placed in the folder.
func (f *folder) path(d *document) string {
	if filepath.IsAbs(d.path) {
		return d.path
	}
	return filepath.Join(f.dir, d.path)
}

// load reads the settings and the baseline.
func (f *folder) load(edited func(name string) ([]byte, bool)) {
	f.roots = files.RootNames{}
	f.listings, f.siblings = make(map[string]listing), make(map[string]*sibling)
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
		run = new(settings.Run) // enough to see what is a payload
	}
	f.checker = check.Checker{
		Edited: edited, Settings: run,
		Reader: input.Reader{Limit: input.DefaultLimit, Models: run.Models, Version: run.APIVersion},
	}
}
