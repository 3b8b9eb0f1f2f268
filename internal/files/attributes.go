package files

import (
	"bytes"
	"path/filepath"
)

// AttributesWithEncoding returns the nearest file of git attributes that may ask git to
// check a file out in another encoding than it keeps it in, as its path from the root of
// the work tree if it is in there, "" for none. A file that such an attribute is about
// cannot be committed in any other encoding (gitattributes(5), working-tree-encoding).
// Its patterns are not read.
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
		candidates = append(candidates, filepath.Join(r.common, "info", "attributes")) // of all work trees
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
