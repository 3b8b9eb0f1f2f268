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
	if err != nil {
		return ""
	}
	root := Repository(filepath.Dir(real))
	if root == "" {
		return ""
	}
	inRoot, _ := filepath.Rel(root, real)
	for file := inRoot; file != "."; {
		file = filepath.Dir(file)
		if attributes := filepath.Join(file, ".gitattributes"); asksForEncoding(filepath.Join(root, attributes)) {
			return Display(attributes)
		}
	}
	repository, err := openRepository(root)
	if err != nil {
		return ""
	}
	attributes := filepath.Join(repository.common, "info", "attributes") // of all work trees
	if !asksForEncoding(attributes) {
		return ""
	}
	if inRoot, err := filepath.Rel(root, attributes); err == nil && filepath.IsLocal(inRoot) {
		attributes = inRoot
	}
	return Display(attributes)
}

func asksForEncoding(attributes string) bool {
	text, err := ReadRegular(attributes, maxSmall)
	return err == nil && bytes.Contains(text, []byte("working-tree-encoding"))
}
