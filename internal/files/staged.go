package files

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/patchlint/patchlint/internal/input"
)

// staged returns the files that a commit would add, change or remove, and those that are
// unmerged, which prevent a commit. Only those that it would add or change have a name.
func (g *git) staged() (files []*object, err error) {
	out, err := g.output(nil, "diff", "--cached", "--no-ext-diff", "-O"+os.DevNull, "--ita-invisible-in-index", "--raw", "-z", "--no-abbrev", "--no-renames")
	if err != nil {
		return nil, err
	}
	for fields := splitNUL(out); len(fields) >= 2; fields = fields[2:] {
		// ":100644 100644 OLD NEW M", then the path
		mode := strings.Fields(fields[0])
		file := &object{path: filepath.Join(g.root, filepath.FromSlash(fields[1]))}
		switch {
		case len(mode) == 5 && mode[4] == "D":
		case len(mode) == 5 && mode[4] == "U":
			file.unmerged = true
		case len(mode) < 4 || !strings.HasPrefix(mode[1], "100"):
			continue // a symbolic link or a submodule
		default:
			file.name = mode[3]
		}
		files = append(files, file)
	}
	return files, nil
}

// including returns the files of the index whose requests include one of the files. It also
// returns those that may include one but are too large to be read, without a name.
func (g *git) including(staged []*object, limit int64) (list []*object, err error) {
	if len(staged) == 0 {
		return nil, nil
	}
	out, err := g.output(nil, "ls-files", "--stage", "-z", "--", ":(icase)*.http", ":(icase)*.rest")
	if err != nil {
		return nil, err
	}
	paths := make(map[string]bool, len(staged))
	for _, f := range staged {
		paths[f.path] = true
	}
	isStaged := func(file string) bool { return paths[file] }
	var candidates []*object
	for _, line := range splitNUL(out) { // "100644 OBJECT STAGE\tPATH"
		entry, path, _ := strings.Cut(line, "\t")
		fields := strings.Fields(entry)
		file := filepath.Join(g.root, filepath.FromSlash(path))
		if len(fields) != 3 || !strings.HasPrefix(fields[0], "100") || fields[2] != "0" || isStaged(file) {
			continue // a symbolic link, a conflict, or staged itself
		}
		candidates = append(candidates, &object{name: fields[1], path: file})
	}
	var kept store
	defer kept.Close()
	if err := kept.load(g, candidates, limit); err != nil {
		return nil, err
	}
	for _, file := range candidates {
		from, err := file.open()
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(from)
		if err != nil {
			return nil, err
		}
		switch {
		case int64(len(text)) > limit:
			if slices.ContainsFunc(staged, func(f *object) bool { return isBody(f.path) }) {
				list = append(list, &object{path: file.path, unread: true})
			}
		case slices.ContainsFunc(included(text, filepath.Dir(file.path), g.root), isStaged):
			list = append(list, &object{name: file.name, path: file.path})
		}
	}
	return list, nil
}

// stage is what is staged in a repository.
type stage struct {
	*git
	files    []*object // staged, or with requests that include such a file
	limit    int64     // of a document in bytes
	check    []*object // the files to check
	unmerged []string  // files that cannot be checked, as displayed; some may repeat
}

// Staged returns the staged files, those whose content in the index differs from HEAD or
// whose requests include such a file, that match the arguments. Each argument refers to the
// repository that contains it. The sources can be opened until the Set is closed. The source
// of a document larger than limit bytes has only its start. The error joins those of the
// arguments.
func (c *Set) Staged(args []string, limit int64) ([]Source, error) {
	here, err := Real(".")
	if err != nil {
		return nil, err
	}
	stages := make(map[string]*stage) // by repository root
	var failures []error
	for _, arg := range args {
		failures = append(failures, c.staged(arg, here, limit, stages))
	}
	for _, root := range slices.Sorted(maps.Keys(stages)) {
		if unmerged := stages[root].unmerged; len(unmerged) > 0 {
			failures = append(failures, fmt.Errorf("--staged: %s unmerged, so nothing is staged there; resolve the conflicts, and then use git add or git rm", subject(unmerged)))
		}
		if err := c.load(stages[root].git, stages[root].check, limit); err != nil {
			return nil, errors.Join(append(failures, err)...)
		}
	}
	return c.sorted(args), errors.Join(failures...)
}

// staged adds the staged files that match an argument: the file that it names, the payload
// files below the directory that it names, or the files that match its pattern.
func (c *Set) staged(arg, here string, limit int64, stages map[string]*stage) error {
	selection, err := selected(arg)
	if err != nil {
		return err
	}
	root := Repository(selection.base)
	if root == "" {
		return notInRepository("--staged", named(arg))
	}
	staged := stages[root]
	if staged == nil {
		staged = &stage{limit: limit}
		stages[root] = staged
		if err := staged.open(root); err != nil {
			return fmt.Errorf("--staged: %w", err)
		}
	}
	used := false
	for _, file := range staged.files {
		_, within := below(selection.real, file.path)
		taken := selection.takes(file.path)
		if used = used || within || taken; !taken {
			continue
		}
		switch relative, err := filepath.Rel(here, file.path); {
		case err != nil:
			return err
		case c.excluded(relative, false):
		case file.unmerged:
			staged.unmerged = append(staged.unmerged, Display(relative))
		case file.unread:
			c.warn(1, "skipped %s: it is larger than %d MiB, so it is unknown whether its requests include a staged file; --max-bytes raises the limit", Display(relative), max(limit, input.DefaultLimit)>>20)
		case file.name != "":
			c.found = append(c.found, Source{Path: Display(relative), Found: file.path != selection.real, virtual: &virtual{open: file.open, staged: staged}})
			staged.check = append(staged.check, file)
		}
	}
	if !used && selection.missing != nil {
		return Plain(selection.missing)
	}
	return nil
}

// selection selects the files that an argument means, which need not exist.
type selection struct {
	real    string // the file or directory
	base    string // the directory to which pattern is relative
	pattern string // "" if the argument is not a pattern
	missing error  // why there is nothing with this name, unless the argument is a pattern
}

func selected(arg string) (s selection, err error) {
	s.real, _ = Real(arg) // fails only without a current directory
	s.base = s.real
	if _, s.missing = os.Stat(arg); s.missing != nil && isPattern(arg) {
		dir, pattern, err := splitPattern(arg)
		if err != nil {
			return s, err
		}
		s.base, _ = Real(filepath.FromSlash(dir))
		s.pattern, s.missing = pattern, nil
	}
	return s, nil
}

// takes reports whether the argument names a file, has a pattern that matches it whatever its
// extension, or names a directory above it and the file has the name of a payload file.
func (s selection) takes(file string) bool {
	_, within := below(s.real, file)
	_, walked := input.ForName(file)
	path, inside := below(s.base, file)
	return file == s.real || within && walked || inside && doublestar.MatchUnvalidated(s.pattern, path)
}

// open lists the staged files of a repository.
func (s *stage) open(root string) (err error) {
	if s.git, err = newGit(root); err != nil {
		return err
	}
	if s.files, err = s.staged(); err != nil {
		return err
	}
	more, err := s.including(s.files, max(s.limit, input.DefaultLimit))
	s.files = append(s.files, more...)
	return err
}
