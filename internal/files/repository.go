package files

import (
	"bytes"
	"path/filepath"
	"strings"
)

// maxAttributes is the maximum size of a git attributes file.
const maxAttributes = 1 << 20

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
	if g, err := newGit(root); err == nil {
		if shared, err := g.output(nil, "rev-parse", "--git-path", "info/attributes"); err == nil {
			candidates = append(candidates, strings.TrimRight(string(shared), "\r\n")) // of all work trees
		}
	}
	for _, file := range candidates {
		text, err := ReadRegular(file, maxAttributes)
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
