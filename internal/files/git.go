package files

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/lazy"
)

// ChangedSince returns the sources that differ from the merge base of HEAD and revision,
// including untracked files, and those whose requests include a file that differs. It
// compares the bytes of the files, without the filters of the repository, and does not
// trust the index or its flags such as assume-unchanged. The revision must be known in the
// repositories of the arguments, even if no source is in them, and in at least one. A
// submodule below an argument is compared with the commit that its repository had of it.
func ChangedSince(revision string, args []string, sources iter.Seq[Source]) (iter.Seq[Source], error) {
	bases := bases{revision: revision}
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
	kept := slices.DeleteFunc(slices.Collect(sources), func(s Source) bool {
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
	switch n := len(outside); {
	case n > 1:
		bases.failures = append(bases.failures, fmt.Errorf("--since: %d files are not in a git repository, %s is the first", n, outside[0]))
	case n == 1:
		bases.failures = append(bases.failures, notInRepository("--since", outside[0]))
	case len(bases.trees) == 0:
		for _, arg := range args {
			if _, err := os.Stat(arg); err == nil { // otherwise Each has failed
				bases.failures = append(bases.failures, notInRepository("--since", arg))
				break
			}
		}
	}
	return slices.Values(kept), errors.Join(bases.failures...)
}

func notInRepository(flag, name string) error {
	return fmt.Errorf("%s: %s is not in a git repository", flag, named(name))
}

// bases has for each repository the tree that its files are compared with.
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
	if b.trees == nil {
		b.trees = make(map[string]*tree)
	}
	b.trees[root] = t
	return t
}

func (b *bases) read(root string) (*tree, error) {
	outer := Repository(filepath.Dir(root))
	if outer == "" || slices.Contains(b.named, root) {
		return readTree(root, b.revision, "")
	}
	t := b.of(outer)
	if t == nil {
		return nil, nil // what the files differ from is not known, and that is reported
	}
	path, _ := below(outer, root)
	if commit := t.submodules[path]; commit != "" {
		return readTree(root, b.revision, commit)
	}
	if index, err := tracked(outer); err == nil && tracks(index, path) {
		return &tree{root: root}, nil // a submodule that is new
	}
	return readTree(root, b.revision, "")
}

// tree lists the files and submodules of a commit.
type tree struct {
	root       string
	blobs      map[string]string // the id of each file and symbolic link, by path
	submodules map[string]string // the commit of each submodule, by path
}

// readTree returns the tree of a commit or, if that is "", of the merge base of HEAD and
// revision.
func readTree(root, revision, commit string) (*tree, error) {
	s, err := newSnapshot(root, revision)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if commit == "" {
		out, err := s.git(nil, "merge-base", "--end-of-options", revision, "HEAD")
		if errors.Is(err, errSilent) {
			err = errors.New("it has no commit in common with HEAD; in a shallow clone fetch more of it (fetch-depth: 0)")
		}
		if err != nil {
			return nil, s.explain(err, revision)
		}
		commit = strings.TrimSpace(string(out))
	}
	out, err := s.git(nil, "ls-tree", "-r", "-z", "--full-tree", commit)
	if err != nil {
		return nil, s.explain(err, commit)
	}
	t := &tree{root: root, blobs: make(map[string]string), submodules: make(map[string]string)}
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

// explain returns the error of a command for a revision, or a better one if git does not
// have the revision.
func (s *snapshot) explain(err error, revision string) error {
	if _, unknown := s.git(nil, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}"); errors.Is(unknown, errSilent) {
		return errors.New("git knows no such commit here; in a shallow clone fetch it first (fetch-depth: 0)")
	}
	return err
}

// changed reports whether a file differs from the tree, or its requests include a file
// that does, where it may also have been added or removed.
func (t *tree) changed(file string) bool {
	text, same := t.same(file)
	if format, _ := input.ForName(file); !same || format.Name != "http" {
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

// staged returns the files that a commit would add, change or remove. One that it would
// remove has no name.
func (s *snapshot) staged() (files []object, err error) {
	out, err := s.git(nil, "diff", "--cached", "--ita-invisible-in-index", "--raw", "-z", "--no-abbrev", "--no-renames")
	if err != nil {
		return nil, err
	}
	for fields := splitNUL(out); len(fields) >= 2; fields = fields[2:] {
		// ":100644 100644 OLD NEW M", then the path
		mode := strings.Fields(fields[0])
		file := object{path: filepath.Join(s.root, filepath.FromSlash(fields[1]))}
		switch {
		case len(mode) == 5 && mode[4] == "D":
		case len(mode) < 4 || !strings.HasPrefix(mode[1], "100"):
			continue // a symbolic link or a submodule
		default:
			file.name = mode[3]
		}
		files = append(files, file)
	}
	return files, nil
}

// including returns the files of the index whose requests include one of the files.
func (s *snapshot) including(staged []object) (list []object, err error) {
	if len(staged) == 0 {
		return nil, nil
	}
	out, err := s.git(nil, "ls-files", "--stage", "-z", "--", ":(icase)*.http", ":(icase)*.rest")
	if err != nil {
		return nil, err
	}
	paths := make(map[string]bool, len(staged))
	for _, f := range staged {
		paths[f.path] = true
	}
	isStaged := func(file string) bool { return paths[file] }
	candidates := objects{snapshot: s, limit: input.DefaultLimit}
	defer candidates.Close()
	for _, line := range splitNUL(out) { // "100644 OBJECT STAGE\tPATH"
		entry, path, _ := strings.Cut(line, "\t")
		fields := strings.Fields(entry)
		file := filepath.Join(s.root, filepath.FromSlash(path))
		if len(fields) != 3 || !strings.HasPrefix(fields[0], "100") || fields[2] != "0" || isStaged(file) {
			continue // a symbolic link, a conflict, or staged itself
		}
		candidates.list = append(candidates.list, object{name: fields[1], path: file})
	}
	if err := candidates.load(); err != nil {
		return nil, err
	}
	for i, file := range candidates.list {
		from, err := candidates.open(i)
		if err != nil {
			return nil, err
		}
		text, err := ReadAtMost(from, input.DefaultLimit)
		if err != nil {
			path, _ := below(s.root, file.path)
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if slices.ContainsFunc(included(text, filepath.Dir(file.path), s.root), isStaged) {
			list = append(list, object{name: file.name, path: file.path})
		}
	}
	return list, nil
}

// stage is what is staged in a repository. Its objects are the files to check.
type stage struct {
	files []object // staged, or with requests that include such a file
	objects
	sent objects // the index files that their requests include, sorted by name
}

// inIndex returns the name of a file in the index for git.
func (s *snapshot) inIndex(file string) (name string, ok bool) {
	path, inside := below(s.root, file)
	return ":0:" + path, inside && !strings.ContainsAny(path, "\r\n")
}

// load reads the contents of the objects, and of the files that their requests include.
func (s *stage) load() error {
	if err := s.objects.load(); err != nil {
		return err
	}
	s.sent = objects{snapshot: s.snapshot, limit: s.limit}
	for _, file := range s.list {
		if format, _ := input.ForName(file.path); format.Name != "http" || file.content == nil {
			continue
		}
		text, _ := ReadAtMost(newContent(file.content), input.DefaultLimit)
		for _, body := range included(text, filepath.Dir(file.path), s.root) {
			if name, ok := s.inIndex(body); ok {
				s.sent.list = append(s.sent.list, object{name: name, path: body})
			}
		}
	}
	slices.SortFunc(s.sent.list, byName)
	s.sent.list = slices.CompactFunc(s.sent.list, func(a, b object) bool { return a.name == b.name })
	return s.sent.load()
}

func byName(a, b object) int { return strings.Compare(a.name, b.name) }

// Close removes the contents.
func (s *stage) Close() error { return errors.Join(s.sent.Close(), s.objects.Close()) }

// Staged returns the staged files, those whose content in the index differs from HEAD or
// whose requests include such a file, that match the arguments. Each argument refers to the
// repository that contains it. The sources can be opened until the Set is closed; of a
// document larger than limit bytes they have the start.
func (c *Set) Staged(args []string, limit int64) ([]Source, error) {
	here, err := Real(".")
	if err != nil {
		return nil, err
	}
	var found sourceList
	stages := make(map[string]*stage) // by repository root
	var failures []error
	for _, arg := range args {
		real, _ := Real(arg) // fails only without a current directory
		_, missing := os.Stat(arg)
		base, pattern := real, ""
		if missing != nil && isPattern(arg) {
			if err := checkPattern(arg); err != nil {
				return nil, err
			}
			base, pattern = doublestar.SplitPattern(Display(arg))
			base, _ = Real(filepath.FromSlash(base))
		}
		root := Repository(base)
		if root == "" {
			failures = append(failures, notInRepository("--staged", arg))
			continue
		}
		staged, known := stages[root]
		if !known {
			if staged, err = c.openStage(root, limit); err != nil {
				failures = append(failures, fmt.Errorf("--staged: %w", err))
			}
			stages[root] = staged
		}
		if staged == nil {
			continue
		}
		used := false
		for _, file := range staged.files {
			named := file.path == real
			_, within := below(real, file.path)
			fromBase, matched := below(base, file.path)
			matched = matched && pattern != "" && doublestar.MatchUnvalidated(pattern, fromBase)
			if file.name == "" || !named && !within && !matched {
				continue
			}
			used = true
			relative, err := filepath.Rel(here, file.path)
			if err != nil {
				return nil, err
			}
			if _, walked := input.ForName(file.path); (named || matched || walked) && !c.excluded(relative, false) {
				found.add(Source{Path: Display(relative), Found: !named, virtual: &virtual{staged: staged, index: len(staged.list)}})
				staged.list = append(staged.list, file)
			}
		}
		if !used && missing != nil && pattern == "" {
			failures = append(failures, fmt.Errorf("%s: no such file or directory", Display(arg)))
		}
	}
	for _, s := range c.stages {
		if err := s.load(); err != nil {
			return nil, errors.Join(append(failures, err)...)
		}
	}
	return found.sorted(args), errors.Join(failures...)
}

// openStage lists the staged files of a repository.
func (c *Set) openStage(root string, limit int64) (*stage, error) {
	snapshot, err := newSnapshot(root, "")
	if err != nil {
		return nil, err
	}
	s := &stage{objects: objects{snapshot: snapshot, limit: limit}}
	c.stages = append(c.stages, s)
	if s.files, err = s.staged(); err != nil {
		return s, err
	}
	more, err := s.including(s.files)
	s.files = append(s.files, more...)
	return s, err
}

// Close releases what the sources of Staged are read from. They cannot be opened
// afterwards.
func (c *Set) Close() {
	for _, s := range c.stages {
		_ = s.Close()
		s.snapshot.Close()
	}
}
