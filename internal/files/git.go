package files

import (
	"bytes"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/bmatcuk/doublestar/v4"

	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/input"
)

// ChangedSince keeps the files that differ from what they were where HEAD and the
// revision part, including those that git does not track yet. Their bytes are
// compared, without the filters that a repository may configure: what the index
// says of them, or which of them it is told to leave alone, does not count.
func ChangedSince(revision string, sources iter.Seq[Source]) (iter.Seq[Source], error) {
	bases := make(map[string]*tree)        // by root
	directories := make(map[string]string) // their real paths
	var failure error
	var outside []string // the files that are in no repository
	kept := slices.DeleteFunc(slices.Collect(sources), func(s Source) bool {
		named := filepath.Dir(s.Path)
		dir, known := directories[named]
		if !known {
			var err error
			if dir, err = Real(named); err != nil {
				failure = errors.Join(failure, fmt.Errorf("--since: %s: %w", s.Name(), err))
				return true
			}
			directories[named] = dir
		}
		root := Repository(dir)
		if root == "" {
			outside = append(outside, s.Name())
			return true
		}
		base, known := bases[root]
		if !known {
			var err error
			if base, err = mergeBase(root, revision); err != nil {
				failure = errors.Join(failure, fmt.Errorf("--since %s: %w", inert.Quote(revision), err))
			}
			bases[root] = base
		}
		return base == nil || base.holds(filepath.Join(dir, filepath.Base(s.Path)))
	})
	switch n := len(outside); n {
	case 0:
	case 1:
		failure = errors.Join(failure, fmt.Errorf("--since: %s is in no git repository", outside[0]))
	default:
		failure = errors.Join(failure, fmt.Errorf("--since: %d files are in no git repository, %s is the first", n, outside[0]))
	}
	return slices.Values(kept), failure
}

// tree is what a commit holds.
type tree struct {
	root  string
	blobs map[string]string // the object of each path
}

// mergeBase returns the tree of the last commit that HEAD and a revision share.
func mergeBase(root, revision string) (*tree, error) {
	s, err := snapshotOf(root, revision)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	base, err := s.git(nil, "merge-base", "--end-of-options", revision, "HEAD")
	if err != nil {
		if _, unknown := s.git(nil, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}"); errors.Is(unknown, errSilent) {
			err = errors.New("git knows no such commit here; in a shallow clone fetch it first (fetch-depth: 0)")
		} else if errors.Is(err, errSilent) {
			err = errors.New("it has no commit in common with HEAD; in a shallow clone fetch more of it (fetch-depth: 0)")
		}
		return nil, err
	}
	out, err := s.git(nil, "ls-tree", "-r", "-z", "--full-tree", strings.TrimSpace(string(base)))
	if err != nil {
		return nil, err
	}
	t := &tree{root: root, blobs: make(map[string]string)}
	for _, line := range list(out) { // "100644 blob OBJECT\tPATH"
		about, path, _ := strings.Cut(line, "\t")
		if fields := strings.Fields(about); len(fields) == 3 && fields[1] == "blob" {
			t.blobs[path] = fields[2]
		}
	}
	return t, nil
}

// holds reports whether a file is what it was in the tree. A link counts as changed,
// because the file that it leads to may be.
func (t *tree) holds(file string) bool {
	path, _ := below(t.root, file)
	blob := t.blobs[path]
	info, err := os.Lstat(file)
	if blob == "" || err != nil || !info.Mode().IsRegular() || info.Size() > input.DefaultLimit {
		return false
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return false
	}
	// Where git is told to write CR LF, as it is on Windows, the file has not changed.
	return object(blob, text) == blob || object(blob, bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))) == blob
}

// object returns the id that git gives to a text, by the hash that another id is of.
func object(other string, text []byte) string {
	var h hash.Hash = sha1.New()
	if len(other) == 2*sha256.Size {
		h = sha256.New()
	}
	fmt.Fprintf(h, "blob %d\x00", len(text))
	h.Write(text)
	return hex.EncodeToString(h.Sum(nil))
}

// stagedFile is a file whose content in the index is not that in HEAD.
type stagedFile struct{ path, blob string }

// staged lists what a commit would add to a repository or change there.
func (s *snapshot) staged() ([]stagedFile, error) {
	out, err := s.git(nil, "diff", "--cached", "--ita-invisible-in-index", "--raw", "-z", "--no-abbrev", "--no-renames", "--diff-filter=d")
	if err != nil {
		return nil, err
	}
	var files []stagedFile
	for fields := list(out); len(fields) >= 2; fields = fields[2:] {
		// ":100644 100644 OLD NEW M", then the path
		mode := strings.Fields(fields[0])
		if len(mode) < 4 || !strings.HasPrefix(mode[1], "100") {
			continue // a link or a repository
		}
		files = append(files, stagedFile{filepath.Join(s.root, filepath.FromSlash(fields[1])), mode[3]})
	}
	return files, nil
}

// Staged returns the files that arguments name among those whose content in the
// index differs from HEAD: what a commit would change. Each argument is about the
// repository that it is in. Close ends what reads them.
func (c *Set) Staged(args []string) ([]Source, error) {
	here, err := Real(".")
	if err != nil {
		return nil, err
	}
	found := foundBy(args)
	repositories := make(map[string]*objects) // by root
	var failures []error
	for _, arg := range args {
		place, err := Real(arg)
		if err != nil {
			return nil, err
		}
		_, missing := os.Stat(arg)
		base, pattern := place, ""
		if missing != nil && isPattern(arg) {
			if err := checkPattern(arg); err != nil {
				return nil, err
			}
			base, pattern = doublestar.SplitPattern(Display(arg))
			if base, err = Real(filepath.FromSlash(base)); err != nil {
				return nil, err
			}
		}
		root := Repository(base)
		if root == "" {
			failures = append(failures, fmt.Errorf("--staged: %s is in no git repository", orHere(Display(arg))))
			continue
		}
		from, known := repositories[root]
		if !known {
			if from, err = c.openStaged(root); err != nil {
				failures = append(failures, fmt.Errorf("--staged: %w", err))
			}
			repositories[root] = from
		}
		if from == nil {
			continue
		}
		used := false
		for _, file := range from.staged {
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
				found.add(Source{Path: Display(relative), Found: !named, elsewhere: &elsewhere{blob: file.blob, objects: from}})
			}
		}
		if !used && missing != nil && pattern == "" {
			failures = append(failures, fmt.Errorf("%s: no such file or directory", Display(arg)))
		}
	}
	return found.sorted(), errors.Join(failures...)
}

// openStaged opens the objects of a repository, and lists what is staged there.
func (c *Set) openStaged(root string) (*objects, error) {
	s, err := snapshotOf(root, "")
	if err != nil {
		return nil, err
	}
	o := &objects{snapshot: s}
	c.objects = append(c.objects, o)
	o.staged, err = s.staged()
	return o, err
}

// Close ends what reads the sources. None can be opened any more.
func (c *Set) Close() {
	for _, o := range c.objects {
		o.Close()
	}
}

// orHere is how a sentence names a path.
func orHere(name string) string {
	if name == "." {
		return "the current directory"
	}
	return name
}
