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

// maxIndex is the size up to which an index is read: that of some million files.
const maxIndex = 512 << 20

// readIndex returns the paths that an index tracks, in ascending order, folded. A
// directory that a sparse index has in place of its files ends in a slash.
func readIndex(name string) ([]string, error) {
	data, err := ReadRegular(name, maxIndex)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, nil // nothing has been added yet
	case err != nil:
		return nil, Plain(err)
	}
	// Only the configuration says whether ids are of SHA-1 or SHA-256, and it is
	// not to be trusted; an index fits one of them alone.
	for _, size := range []int{20, 32} {
		if paths, ok := parseIndex(data, size); ok {
			slices.Sort(paths)
			return paths, nil
		}
	}
	return nil, fmt.Errorf("%s: not an index that can be read here (a split index, or a newer format)", Display(name))
}

// parseIndex reads an index, in the format of gitformat-index(5), whose ids are of
// the given size.
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
		if version == 4 { // all but so many bytes of the path before are left out
			strip, length := offset(name)
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
		if version < 4 { // entries are padded to a multiple of eight
			next = (fixed + end + 8) &^ 7
		}
		if next > len(rest) {
			return nil, false
		}
		rest = rest[next:]
	}
	for len(rest) >= 8 { // extensions
		// One in lower case is needed to understand the index. That of sparse
		// indexes only says that there are directories among the entries.
		name, size := string(rest[:4]), uint64(binary.BigEndian.Uint32(rest[4:]))
		if (name[0] < 'A' || name[0] > 'Z') && name != "sdir" || size > uint64(len(rest)-8) {
			return nil, false
		}
		rest = rest[8+size:]
	}
	return paths, len(rest) == 0
}

// offset reads a number in the encoding of OFS_DELTA offsets (gitformat-pack(5)) of at
// most five bytes. The length of a text that does not start with one is 0.
func offset(data []byte) (n, length int) {
	for i, c := range data[:min(len(data), 5)] {
		n = n<<7 | int(c&0x7F)
		if c&0x80 == 0 {
			return n, i + 1
		}
		n++
	}
	return 0, 0
}

// tracks reports whether sorted paths of an index hold a path, or what is below
// it.
func tracks(index []string, path string) bool {
	path = fold(path)
	for _, key := range []string{path, path + "/"} {
		if i, found := slices.BinarySearch(index, key); found || i < len(index) && strings.HasPrefix(index[i], path+"/") {
			return true
		}
	}
	// A sparse index may have a directory above it.
	for end := strings.LastIndexByte(path, '/'); end >= 0; end = strings.LastIndexByte(path[:end], '/') {
		if _, found := slices.BinarySearch(index, path[:end+1]); found {
			return true
		}
	}
	return false
}

// fold makes paths comparable that name one file.
func fold(path string) string {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return strings.ToLower(path)
	}
	return path
}

// indexOf returns the file that the index of a work tree is in. While a commit is
// under way its hooks are told another one, which counts in the repository of the
// current directory alone.
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
