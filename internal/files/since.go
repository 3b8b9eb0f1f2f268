package files

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/lazy"
)

// ChangedSince returns the sources that differ from the merge base of HEAD and revision,
// including untracked files, and those whose requests include a file that differs. It
// compares the bytes of the files, without the filters of the repository, and does not
// trust the index or its flags such as assume-unchanged. At least one argument must be in a
// repository, and the revision must be known in every repository of an argument, even if no
// source is in it. A submodule below an argument is compared with the commit that its
// repository recorded for it. It warns about changed files that are outside a sparse checkout.
func (c *Set) ChangedSince(revision string, args []string, sources []Source) ([]Source, error) {
	for warning := range c.Warnings {
		c.Warnings[warning] = 0 // what was left out may not have changed
	}
	bases := bases{revision: revision, trees: make(map[string]*tree)}
	for _, arg := range args {
		real, err := Real(arg)
		if err != nil {
			continue
		}
		if root := Repository(real); root != "" {
			bases.named = append(bases.named, root)
			bases.of(root)
		}
	}
	var directories lazy.Memo
	var outside []string // files that are not in a repository
	kept := slices.DeleteFunc(sources, func(s Source) bool {
		dir := lazy.Get(&directories, filepath.Dir(s.Path), func() string {
			real, _ := Real(filepath.Dir(s.Path)) // fails only without a current directory
			return real
		})
		root := Repository(dir)
		if root == "" {
			outside = append(outside, s.Name())
			return true
		}
		tree := bases.of(root)
		return tree == nil || !tree.changed(filepath.Join(dir, filepath.Base(s.Path)))
	})
	if len(outside) == 0 && len(bases.trees) == 0 {
		for _, arg := range args {
			if _, err := os.Stat(arg); err == nil { // otherwise Collect has failed
				outside = append(outside, named(arg))
			}
		}
	}
	if len(outside) > 0 {
		bases.failures = append(bases.failures, notInRepository("--since", outside...))
	}
	c.sparse(&bases, args)
	return kept, errors.Join(bases.failures...)
}

// sparse warns about the files and submodules that have changed and match the arguments, but
// are outside a sparse checkout.
func (c *Set) sparse(b *bases, args []string) {
	var selections []selection
	for _, arg := range args {
		if s, err := selected(arg); err == nil { // otherwise Collect has failed
			selections = append(selections, s)
		}
	}
	here, _ := Real(".") // fails only without a current directory
	var outside []string
	for _, root := range slices.Sorted(maps.Keys(b.trees)) {
		list, err := b.trees[root].sparse()
		if err != nil {
			b.failures = append(b.failures, fmt.Errorf("--since: %w", err))
		}
		for path, submodule := range list {
			taken := slices.ContainsFunc(selections, func(s selection) bool {
				_, inside := below(s.base, path)
				return s.takes(path) || submodule && inside && (s.pattern == "" || strings.Contains(s.pattern, "**"))
			})
			if name, err := filepath.Rel(here, path); err == nil && taken && !c.excluded(name, submodule) {
				outside = append(outside, Display(name))
			}
		}
	}
	if n := len(outside); n > 0 {
		c.warn(n, "%s outside the sparse checkout, so the changes there were skipped; to check them, use git sparse-checkout add", subject(outside))
	}
}

func notInRepository(flag string, names ...string) error {
	return fmt.Errorf("%s: %s not in a git repository", flag, subject(names))
}

// subject returns paths, which may repeat, and a verb: "a.json is", or "2 paths, such as a.json, are".
func subject(paths []string) string {
	slices.Sort(paths)
	paths = slices.Compact(paths)
	if len(paths) == 1 {
		return paths[0] + " is"
	}
	return fmt.Sprintf("%d paths, such as %s, are", len(paths), paths[0])
}

// bases holds, for each repository, the tree that its files are compared with.
type bases struct {
	revision string
	named    []string         // the roots of the repositories of the arguments
	trees    map[string]*tree // by root; nil after a failure
	failures []error
}

// of returns the tree of the repository with the given root, or nil.
func (b *bases) of(root string) *tree {
	if t, known := b.trees[root]; known {
		return t
	}
	t, err := b.read(root)
	if err != nil {
		where := ""
		if !slices.Contains(b.named, root) {
			where = "in " + fromHere(root) + ": "
		}
		b.failures = append(b.failures, fmt.Errorf("--since %s: %s%w", inert.Quote(b.revision), where, err))
	}
	b.trees[root] = t
	return t
}

func (b *bases) read(root string) (*tree, error) {
	commit, isNew := "", false
	if outer := Repository(filepath.Dir(root)); outer != "" && !slices.Contains(b.named, root) {
		t := b.of(outer)
		if t == nil {
			return nil, nil // the tree to compare with is unknown, which is already reported
		}
		path, _ := below(outer, root)
		if commit = t.submodules[path]; commit == "" {
			tracked, err := trackedAt(outer, path)
			isNew = err == nil && len(tracked) > 0 // a submodule
		}
	}
	g, err := newGit(root)
	switch {
	case err != nil:
		return nil, err
	case isNew:
		return &tree{git: g}, nil
	}
	return g.tree(b.revision, commit)
}

// tree lists the files and submodules of a commit.
type tree struct {
	*git
	blobs      map[string]string // the id of each file and symbolic link, by path
	submodules map[string]string // the commit of each submodule, by path
}

// tree returns the tree of a commit or, if that is "", of the merge base of HEAD and revision.
func (g *git) tree(revision, commit string) (*tree, error) {
	if commit == "" {
		out, err := g.output(nil, "merge-base", "--end-of-options", revision, "HEAD")
		if errors.Is(err, errSilent) {
			err = errors.New("it has no commit in common with HEAD; in a shallow clone, fetch more history (fetch-depth: 0)")
		}
		if err != nil {
			return nil, g.explain(err, revision)
		}
		commit = strings.TrimSpace(string(out))
	}
	out, err := g.output(nil, "ls-tree", "-r", "-z", "--full-tree", commit)
	if err != nil {
		return nil, g.explain(err, commit)
	}
	t := &tree{git: g, blobs: make(map[string]string), submodules: make(map[string]string)}
	for _, line := range splitNUL(out) { // "100644 blob OBJECT\tPATH"
		entry, path, _ := strings.Cut(line, "\t")
		switch fields := strings.Fields(entry); {
		case len(fields) != 3:
		case fields[1] == "commit":
			t.submodules[path] = fields[2]
		default:
			t.blobs[path] = fields[2]
		}
	}
	return t, nil
}

// sparse returns the files and submodules that differ from the tree but are outside a sparse
// checkout, and whether each is a submodule.
func (t *tree) sparse() (map[string]bool, error) {
	if t == nil {
		return nil, nil // a failure is reported
	}
	out, err := t.output(nil, "ls-files", "-t", "--stage", "-z")
	outside := make(map[string]bool)
	for _, line := range splitNUL(out) { // "S 100644 OBJECT STAGE\tPATH", where S is for skip-worktree
		entry, path, _ := strings.Cut(line, "\t")
		fields := strings.Fields(entry)
		if len(fields) != 4 || fields[0] != "S" || fields[2] == t.blobs[path] || fields[2] == t.submodules[path] {
			continue
		}
		file := filepath.Join(t.root, filepath.FromSlash(path))
		if _, err := os.Lstat(file); errors.Is(err, fs.ErrNotExist) {
			outside[file] = fields[1] == "160000"
		}
	}
	return outside, err
}

// explain returns the error of a command for a revision, or a clearer one if git does
// not have the revision.
func (g *git) explain(err error, revision string) error {
	if _, unknown := g.output(nil, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}"); errors.Is(unknown, errSilent) {
		return errors.New("git has no commit with this name here; correct the name or, in a shallow clone, fetch it first (fetch-depth: 0)")
	}
	return err
}

// changed reports whether a file differs from the tree, or its requests include a file
// that differs, was added or was removed.
func (t *tree) changed(file string) bool {
	text, same := t.same(file)
	if format, _ := input.ForName(file); !same || !format.Requests {
		return !same
	}
	return slices.ContainsFunc(included(text, filepath.Dir(file), t.root), func(body string) bool {
		path, inside := below(t.root, body)
		_, err := os.Lstat(body)
		_, same := t.same(body)
		return inside && (err == nil || t.blobs[path] != "") && !same
	})
}

// same returns the text of a file and whether it is the same as in the tree. A symbolic
// link is not, because the file that it points to may have changed.
func (t *tree) same(file string) (text []byte, same bool) {
	path, _ := below(t.root, file)
	blob := t.blobs[path]
	info, err := os.Lstat(file)
	if blob == "" || err != nil || !info.Mode().IsRegular() || info.Size() > input.DefaultLimit {
		return nil, false
	}
	text, err = os.ReadFile(file)
	// With core.autocrlf, as on Windows, git writes CR LF where the blob has LF.
	same = blobID(blob, text) == blob || blobID(blob, bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))) == blob
	return text, same && err == nil
}

// blobID returns the id that git gives to a blob with this content, in the hash
// function of the id like.
func blobID(like string, text []byte) string {
	h := sha1.New()
	if len(like) == 2*sha256.Size {
		h = sha256.New()
	}
	fmt.Fprintf(h, "blob %d\x00", len(text))
	h.Write(text)
	return hex.EncodeToString(h.Sum(nil))
}
