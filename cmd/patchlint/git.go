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
		return strings.HasPrefix(v, "GIT_DIR=") || strings.HasPrefix(v, "GIT_WORK_TREE=")
	})
	here, err := os.Getwd()
	if root := repositoryRoot(dir); index != "" && err == nil && root == repositoryRoot(here) {
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
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if repositoryRoot(absolute) == "" {
		return nil, nil
	}
	out, complaint, err := git(absolute, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	switch {
	case err != nil:
		return nil, err
	case complaint != "": // of a directory that git cannot open and goes on without
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

// changedSince keeps the files that differ from what they were where HEAD and
// the revision part, also those that git does not track yet.
func changedSince(revision string, sources iter.Seq[source]) (iter.Seq[source], error) {
	changed := make(map[string]map[string]bool) // by root, then by path
	var failure error
	kept := slices.DeleteFunc(slices.Collect(sources), func(s source) bool {
		dir, err := filepath.Abs(filepath.Dir(s.path))
		if err == nil {
			dir, err = filepath.EvalSymlinks(dir)
		}
		root := ""
		if err == nil {
			root = repositoryRoot(dir)
		}
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
	if _, _, err := git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}"); err != nil {
		return fail(errors.New("git knows no such commit here; in a shallow clone fetch it first (fetch-depth: 0)"))
	}
	base, _, err := git(root, "merge-base", "--end-of-options", revision, "HEAD")
	if err != nil {
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

// staged adds the files that arguments stand for among those whose content in
// the index differs from HEAD: what a commit would change.
func (c *collector) staged(args []string) ([]source, error) {
	here, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	root := repositoryRoot(here)
	if root == "" {
		return nil, errors.New("--staged: the current directory is in no git repository")
	}
	out, _, err := git(root, "diff", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "--diff-filter=d")
	if err != nil {
		return nil, fmt.Errorf("--staged: %w", err)
	}
	used := make([]bool, len(args))
	for fields := lines(out); len(fields) >= 2; fields = fields[2:] {
		// ":100644 100644 OLD NEW M", then the path
		mode, file := strings.Fields(fields[0]), fields[1]
		if len(mode) < 4 || !strings.HasPrefix(mode[1], "100") {
			continue // a link or a repository
		}
		relative, err := filepath.Rel(here, filepath.Join(root, filepath.FromSlash(file)))
		if err != nil {
			return nil, err
		}
		name := display(relative)
		for i, arg := range args {
			pattern := display(arg)
			named := name == pattern
			within := pattern == "." && !strings.HasPrefix(name, "../") || strings.HasPrefix(name, pattern+"/")
			matched := strings.ContainsAny(arg, "*?[{") && doublestar.MatchUnvalidated(pattern, name)
			if !named && !within && !matched {
				continue
			}
			used[i] = true
			if _, walked := input.ForName(name); (named || matched || walked) && !c.excluded(relative) {
				c.add(source{path: name, found: !named, elsewhere: &elsewhere{blob: mode[3], dir: root}})
			}
			break
		}
	}
	var failures []error
	for i, arg := range args {
		if _, err := os.Stat(arg); !used[i] && err != nil && !strings.ContainsAny(arg, "*?[{") {
			failures = append(failures, fmt.Errorf("%s: no such file or directory", display(arg)))
		}
	}
	c.sort()
	return c.sources, errors.Join(failures...)
}

// blob opens the content of an object.
func blob(dir, id string) (io.ReadCloser, error) {
	out, _, err := git(dir, "cat-file", "blob", id)
	if err != nil {
		return nil, err
	}
	return io.NopCloser(bytes.NewReader(out)), nil
}
