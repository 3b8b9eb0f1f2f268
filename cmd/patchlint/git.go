package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/input"
)

// git runs git in a directory and returns what it prints, and what it complains
// of though it goes on. Where git fails, the error has its words.
func git(dir string, args ...string) (out []byte, complaint string, err error) {
	command := exec.Command("git", args...)
	command.Dir = dir
	command.Env = gitEnvironment(dir)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err = command.Output()
	complaint = strings.TrimSpace(stderr.String())
	switch {
	case errors.Is(err, exec.ErrNotFound):
		err = errors.New("git is not installed")
	case err != nil && complaint != "":
		err = errors.New(complaint)
	}
	return out, complaint, err
}

// gitEnvironment is the environment for git in a directory. That of a hook
// names a repository, which need not be the one of the directory, and the index
// of the commit under way, which counts in its own repository alone.
func gitEnvironment(dir string) []string {
	index := ""
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		if name, ok := strings.CutPrefix(v, "GIT_INDEX_FILE="); ok {
			index = name
			return true
		}
		return strings.HasPrefix(v, "GIT_DIR=") || strings.HasPrefix(v, "GIT_WORK_TREE=") || strings.HasPrefix(v, "GIT_TRACE")
	})
	env = append(env, "LC_ALL=C") // what git says is read
	if index == "" {
		return env
	}
	dir, dirErr := realPath(dir)
	here, err := realPath(".")
	if root := repositoryRoot(dir); dirErr == nil && err == nil && root == repositoryRoot(here) {
		if !filepath.IsAbs(index) {
			index = filepath.Join(root, index) // hooks run at the root of the work tree
		}
		env = append(env, "GIT_INDEX_FILE="+index)
	}
	return env
}

// lines takes apart what git prints with -z.
func lines(out []byte) []string {
	list := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	if list[0] == "" {
		return []string{}
	}
	return list
}

// gitFiles lists what git tracks, or would, below a directory: names relative
// to it, nil when it is not in a work tree.
func gitFiles(dir string) ([]string, error) {
	real, err := realPath(dir)
	if err != nil {
		return nil, err
	}
	if repositoryRoot(real) == "" {
		return nil, nil
	}
	out, complaint, err := git(real, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	switch {
	case err != nil:
		return nil, err
	case strings.Contains(complaint, "could not open directory"): // git goes on without it
		return nil, errors.New(complaint)
	}
	files := lines(out)
	slices.Sort(files) // a file in conflict is listed once for each side
	return slices.Compact(files), nil
}

// repositoryRoot returns the nearest directory at or above dir that holds .git,
// "" when there is none.
func repositoryRoot(dir string) string {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

// realPath returns the absolute path of a file with the links to its directory
// followed, and of a directory that with all links followed: how git names it.
// What is not on disk is named from the nearest directory that is.
func realPath(name string) (string, error) {
	if !filepath.IsAbs(name) {
		// The name of the working directory may lead through a link, and ".."
		// is the parent of where that leads.
		here, err := os.Getwd()
		if err == nil {
			here, err = filepath.EvalSymlinks(here)
		}
		if err != nil {
			return "", err
		}
		name = filepath.Join(here, name)
	}
	dir, rest := filepath.Clean(name), ""
	if !isDirectory(dir) {
		dir, rest = filepath.Dir(dir), filepath.Base(dir)
	}
	for {
		if followed, err := filepath.EvalSymlinks(dir); err == nil {
			return filepath.Join(followed, rest), nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return filepath.Join(dir, rest), nil
		}
		dir, rest = parent, filepath.Join(filepath.Base(dir), rest)
	}
}

// below returns the path from a directory to what is in it.
func below(dir, file string) (relative string, ok bool) {
	relative, err := filepath.Rel(dir, file)
	relative = filepath.ToSlash(relative)
	return relative, err == nil && relative != "." && relative != ".." && !strings.HasPrefix(relative, "../")
}

// usable returns why git does not serve in a repository, in git's words: one
// that belongs to somebody else, for example.
func usable(root string) error {
	out, _, err := git(root, "rev-parse", "--show-prefix")
	if err == nil && strings.TrimSpace(string(out)) != "" {
		err = fmt.Errorf("git takes %s for a part of another repository", filepath.ToSlash(root))
	}
	return err
}

// changedSince keeps the files that differ from what they were where HEAD and
// the revision part, also those that git does not track yet.
func changedSince(revision string, sources iter.Seq[source]) (iter.Seq[source], error) {
	changed := make(map[string]map[string]bool) // by root, then by path
	directories := make(map[string]string)      // their real paths
	var failure error
	kept := slices.DeleteFunc(slices.Collect(sources), func(s source) bool {
		named := filepath.Dir(s.path)
		dir, known := directories[named]
		if !known {
			var err error
			if dir, err = realPath(named); err != nil {
				failure = errors.Join(failure, fmt.Errorf("--since: %s: %w", s.name(), err))
				return true
			}
			directories[named] = dir
		}
		root := repositoryRoot(dir)
		if root == "" {
			failure = errors.Join(failure, fmt.Errorf("--since: %s is in no git repository", s.name()))
			return true
		}
		if changed[root] == nil {
			list, err := gitChanges(root, revision)
			if err != nil {
				failure = errors.Join(failure, err)
			}
			changed[root] = make(map[string]bool)
			for _, file := range list {
				changed[root][filepath.Join(root, filepath.FromSlash(file))] = true
			}
		}
		return !changed[root][filepath.Join(dir, filepath.Base(s.path))]
	})
	return slices.Values(kept), failure
}

// gitChanges lists the files of a work tree, relative to its root, that are
// not what they were at the revision's merge base with HEAD.
func gitChanges(root, revision string) ([]string, error) {
	fail := func(err error) ([]string, error) {
		return nil, fmt.Errorf("--since %s: %w", patchlint.Quote(revision), err)
	}
	if err := usable(root); err != nil {
		return fail(err)
	}
	// Of a revision that it does not know git says nothing with --quiet.
	_, complaint, err := git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	switch {
	case err != nil && complaint != "":
		return fail(err)
	case err != nil:
		return fail(errors.New("git knows no such commit here; in a shallow clone fetch it first (fetch-depth: 0)"))
	}
	base, complaint, err := git(root, "merge-base", "--end-of-options", revision, "HEAD")
	switch {
	case err != nil && complaint != "":
		return fail(err)
	case err != nil:
		return fail(errors.New("it has no commit in common with HEAD; in a shallow clone fetch more of it (fetch-depth: 0)"))
	}
	out, _, err := git(root, "diff", "--name-only", "-z", "--no-renames", "--diff-filter=d", strings.TrimSpace(string(base)), "--")
	if err != nil {
		return fail(err)
	}
	others, _, err := git(root, "ls-files", "-z", "--others", "--exclude-standard")
	if err != nil {
		return fail(err)
	}
	return append(lines(out), lines(others)...), nil
}

// stagedFile is a file whose content in the index is not that in HEAD.
type stagedFile struct{ path, blob string }

// gitStaged lists what a commit would add to a repository or change there.
func gitStaged(root string) ([]stagedFile, error) {
	if err := usable(root); err != nil {
		return nil, err
	}
	head, complaint, err := git(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
	if err != nil && complaint == "" { // before the first commit there is only the empty tree
		head, _, err = git(root, "hash-object", "-t", "tree", "--stdin")
	}
	if err != nil {
		return nil, err
	}
	out, _, err := git(root, "diff-index", "--cached", "--ita-invisible-in-index", "--raw", "-z", "--no-abbrev", "--no-renames",
		"--diff-filter=d", strings.TrimSpace(string(head)), "--")
	if err != nil {
		return nil, err
	}
	var files []stagedFile
	for fields := lines(out); len(fields) >= 2; fields = fields[2:] {
		// ":100644 100644 OLD NEW M", then the path
		mode := strings.Fields(fields[0])
		if len(mode) < 4 || !strings.HasPrefix(mode[1], "100") {
			continue // a link or a repository
		}
		files = append(files, stagedFile{filepath.Join(root, filepath.FromSlash(fields[1])), mode[3]})
	}
	return files, nil
}

// staged adds the files that arguments stand for among those whose content in
// the index differs from HEAD: what a commit would change. Each argument is
// about the repository that it is in.
func (c *collector) staged(args []string) ([]source, error) {
	here, err := realPath(".")
	if err != nil {
		return nil, err
	}
	repositories := make(map[string][]stagedFile) // by root
	var failures []error
	for _, arg := range args {
		place, err := realPath(arg)
		if err != nil {
			return nil, err
		}
		_, missing := os.Stat(arg)
		base, pattern := place, ""
		if missing != nil && strings.ContainsAny(arg, "*?[{") {
			if _, err := files.ParsePattern(arg); err != nil {
				return nil, usageError{fmt.Errorf("pattern %s %w", patchlint.Quote(arg), err)}
			}
			base, pattern = doublestar.SplitPattern(display(arg))
			if base, err = realPath(filepath.FromSlash(base)); err != nil {
				return nil, err
			}
		}
		root := repositoryRoot(base)
		if root == "" {
			failures = append(failures, fmt.Errorf("--staged: %s is in no git repository", orHere(display(arg))))
			continue
		}
		staged, known := repositories[root]
		if !known {
			if staged, err = gitStaged(root); err != nil {
				failures = append(failures, fmt.Errorf("--staged: %w", err))
			}
			repositories[root] = staged
		}
		used := false
		for _, file := range staged {
			named := file.path == place
			_, within := below(place, file.path)
			fromBase, matched := below(base, file.path)
			matched = matched && pattern != "" && doublestar.MatchUnvalidated(pattern, fromBase)
			if !named && !within && !matched {
				continue
			}
			used = true
			relative, err := filepath.Rel(here, file.path)
			if err != nil {
				return nil, err
			}
			if _, walked := input.ForName(file.path); (named || matched || walked) && !c.excluded(relative) {
				c.add(source{path: display(relative), found: !named, elsewhere: &elsewhere{blob: file.blob, dir: root}})
			}
		}
		if !used && missing != nil && pattern == "" {
			failures = append(failures, fmt.Errorf("%s: no such file or directory", display(arg)))
		}
	}
	c.sort()
	return c.sources, errors.Join(failures...)
}

// orHere is how a sentence names a path.
func orHere(name string) string {
	if name == "." {
		return "the current directory"
	}
	return name
}

// blob opens the content of an object.
func blob(dir, id string) (io.ReadCloser, error) {
	out, _, err := git(dir, "cat-file", "blob", id)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(out)), nil
}
