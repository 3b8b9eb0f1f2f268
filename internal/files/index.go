package files

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// maxIndex is the maximum size of an index. An index of a few million files is smaller.
const maxIndex = 512 << 20

// tracked returns the sorted, folded paths that git tracks in a work tree. A directory
// that a sparse index lists in place of its files ends in a slash.
func tracked(root string) ([]string, error) {
	r, err := openRepository(root)
	if err != nil {
		return nil, err
	}
	name := indexOf(r)
	data, err := ReadRegular(name, maxIndex)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, nil // nothing has been added yet
	case err != nil:
		return nil, Plain(err)
	}
	// Only the configuration tells whether ids are SHA-1 or SHA-256, and it is not
	// trusted. An index is valid for only one of the two sizes.
	for _, size := range []int{20, 32} {
		if paths, ok := parseIndex(data, size); ok {
			slices.Sort(paths)
			return paths, nil
		}
	}
	return nil, fmt.Errorf("%s: not an index that can be read here (a split index, or a newer format)", fromHere(name))
}

// parseIndex parses an index in the format of gitformat-index(5) whose ids have the
// given size.
func parseIndex(data []byte, id int) (paths []string, ok bool) {
	if len(data) < 12+id || string(data[:4]) != "DIRC" {
		return nil, false
	}
	version, count := binary.BigEndian.Uint32(data[4:]), binary.BigEndian.Uint32(data[8:])
	if version < 2 || version > 4 || int64(count) > int64(len(data))/int64(id) {
		return nil, false
	}
	rest := data[12 : len(data)-id] // without the checksum
	paths = make([]string, 0, count)
	var path []byte
	for range count {
		fixed := 40 + id + 2
		if len(rest) > fixed && rest[40+id]&0x40 != 0 { // extended
			fixed += 2
		}
		if len(rest) < fixed {
			return nil, false
		}
		name, keep := rest[fixed:], 0
		if version == 4 { // the path is stored as a change of the previous path
			strip, length := readOffset(name)
			if keep = len(path) - strip; length == 0 || keep < 0 || keep > len(path) {
				return nil, false
			}
			name = name[length:]
		}
		end := bytes.IndexByte(name, 0)
		if end < 0 {
			return nil, false
		}
		path = append(path[:keep], name[:end]...)
		paths = append(paths, fold(string(path)))
		next := len(rest) - len(name) + end + 1
		if version < 4 { // entries are padded to a multiple of eight bytes
			next = (fixed + end + 8) &^ 7
		}
		if next > len(rest) {
			return nil, false
		}
		rest = rest[next:]
	}
	for len(rest) >= 8 { // extensions
		// An extension with a lower-case name is required to read the index. "sdir"
		// only says that the entries may include directories.
		name, size := string(rest[:4]), uint64(binary.BigEndian.Uint32(rest[4:]))
		if (name[0] < 'A' || name[0] > 'Z') && name != "sdir" || size > uint64(len(rest)-8) {
			return nil, false
		}
		rest = rest[8+size:]
	}
	return paths, len(rest) == 0
}

// readOffset decodes a number of at most five bytes in the OFS_DELTA encoding of
// gitformat-pack(5). It returns length 0 if data does not start with one.
func readOffset(data []byte) (n, length int) {
	for i, c := range data[:min(len(data), 5)] {
		n = n<<7 | int(c&0x7F)
		if c&0x80 == 0 {
			return n, i + 1
		}
		n++
	}
	return 0, 0
}

// tracks reports whether the sorted paths of an index contain path or a file below it.
func tracks(index []string, path string) bool {
	path = fold(path)
	for _, key := range []string{path, path + "/"} {
		if i, found := slices.BinarySearch(index, key); found || i < len(index) && strings.HasPrefix(index[i], path+"/") {
			return true
		}
	}
	// A sparse index may contain a parent directory instead.
	for end := strings.LastIndexByte(path, '/'); end >= 0; end = strings.LastIndexByte(path[:end], '/') {
		if _, found := slices.BinarySearch(index, path[:end+1]); found {
			return true
		}
	}
	return false
}

// fold lower-cases a path on systems whose file names ignore case.
func fold(path string) string {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return strings.ToLower(path)
	}
	return path
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
