package files

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// repository is a work tree with its git directories.
type repository struct {
	root   string // of the work tree, with all links followed
	dir    string // the .git directory, or the one that a .git file points to
	common string // the directory shared with other work trees, usually dir
}

// openRepository locates the git directories of a work tree.
func openRepository(root string) (*repository, error) {
	dir := filepath.Join(root, ".git")
	info, err := os.Stat(dir)
	if err != nil {
		return nil, Plain(err)
	}
	if !info.IsDir() {
		text, err := ReadRegular(dir, maxSmall)
		if err != nil {
			return nil, Plain(err)
		}
		target, ok := strings.CutPrefix(string(text), "gitdir: ")
		if !ok {
			return nil, fmt.Errorf("%s: not a .git file", fromHere(dir))
		}
		dir = resolve(root, target)
	}
	r := &repository{root: root, dir: dir, common: dir}
	text, err := ReadRegular(filepath.Join(dir, "commondir"), maxSmall)
	switch {
	case err == nil:
		r.common = resolve(dir, string(text))
	case !errors.Is(err, fs.ErrNotExist):
		return nil, Plain(err)
	}
	return r, nil
}

// indexOf returns the path of the index of a work tree. In a commit hook GIT_INDEX_FILE
// names another index, which applies only to the repository of the current directory.
func indexOf(r *repository) string {
	if name := os.Getenv("GIT_INDEX_FILE"); name != "" {
		here, err := Real(".")
		if err == nil && Repository(here) == r.root {
			if !filepath.IsAbs(name) {
				name = filepath.Join(r.root, name) // hooks run at the root of the work tree
			}
			return name
		}
	}
	return filepath.Join(r.dir, "index")
}

// resolve returns the path in a line of a git file such as .git or commondir, relative
// to from.
func resolve(from, line string) string {
	name := filepath.FromSlash(strings.TrimRight(line, "\r\n"))
	if !filepath.IsAbs(name) {
		name = filepath.Join(from, name)
	}
	return filepath.Clean(name)
}

// maxSmall is the maximum size of the small files of a repository.
const maxSmall = 1 << 20

// Reencodes reports whether git converts a file from another encoding, by its attribute
// working-tree-encoding (see gitattributes(5)). Git refuses to commit the file in UTF-8 then.
func Reencodes(name string) bool {
	real, err := Real(name)
	root := Repository(filepath.Dir(real))
	if err != nil || root == "" {
		return false
	}
	g, err := newGit(root)
	if err != nil {
		return false
	}
	path, _ := below(root, real)
	out, err := g.output(nil, "check-attr", "-z", "working-tree-encoding", "--", path)
	fields := splitNUL(out) // the path, the attribute and its value
	return err == nil && len(fields) == 3 && fields[2] != "unspecified" && fields[2] != "unset"
}
