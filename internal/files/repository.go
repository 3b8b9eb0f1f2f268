package files

import (
	"bytes"
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

// AttributesWithEncoding returns the nearest git attributes file that mentions
// working-tree-encoding, or "" if none does. Git refuses to commit a file with that
// attribute in any other encoding (see gitattributes(5)). The patterns of the
// attributes file are not evaluated. The path is relative to the root of the work tree
// if the attributes file is inside it.
func AttributesWithEncoding(name string) string {
	real, err := Real(name)
	root := Repository(filepath.Dir(real))
	if err != nil || root == "" {
		return ""
	}
	var candidates []string
	for file := real; file != root; {
		file = filepath.Dir(file)
		candidates = append(candidates, filepath.Join(file, ".gitattributes"))
	}
	if r, err := openRepository(root); err == nil {
		candidates = append(candidates, filepath.Join(r.common, "info", "attributes")) // shared by all work trees
	}
	for _, file := range candidates {
		text, err := ReadRegular(file, maxSmall)
		if err != nil || !bytes.Contains(text, []byte("working-tree-encoding")) {
			continue
		}
		if inRoot, err := filepath.Rel(root, file); err == nil && filepath.IsLocal(inRoot) {
			file = inRoot
		}
		return Display(file)
	}
	return ""
}
