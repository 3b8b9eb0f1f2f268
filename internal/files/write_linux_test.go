package files

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestCreateThroughLinks checks that writing a file keeps the links that lead to it: to a
// file, to one that does not exist yet, and to one that is open but no longer has a name.
func TestCreateThroughLinks(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	open, err := os.Create("removed")
	if err != nil {
		t.Fatal(err)
	}
	defer open.Close()
	if err := os.Mkdir("sub", 0o777); err != nil {
		t.Fatal(err)
	}
	links := map[string]string{
		"file": "old", "new": "sub/missing", "here": "sub", "sub/up": "../above", "around": "here/up",
		"descriptor": fmt.Sprintf("/dev/fd/%d", open.Fd()),
	}
	for name, to := range links {
		if err := os.Symlink(to, name); err != nil {
			t.Fatal(err)
		}
	}
	for name, want := range map[string]string{"file": "old", "new": "sub/missing", "around": "above", "descriptor": ""} {
		_ = os.WriteFile("old", nil, 0o666)
		_ = os.Remove("removed")
		if err := Write(name, []byte("x")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if info, err := os.Lstat(name); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("the link %s was replaced", name)
		}
		if text, err := os.ReadFile(name); string(text) != "x" {
			t.Errorf("%s holds %q: %v", name, text, err)
		}
		if _, err := os.Lstat(want); want != "" && err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := os.Symlink("self", "self"); err != nil {
		t.Fatal(err)
	}
	if _, err := Create("self"); err == nil {
		t.Error("a link to itself is replaced")
	}
	if left, _ := filepath.Glob(".patchlint*"); len(left) > 0 {
		t.Errorf("%v are left", left)
	}
}

// TestReplaceDescriptor checks that a file is replaced as a whole if it is named by a
// descriptor, whatever its offset and mode.
func TestReplaceDescriptor(t *testing.T) {
	name := filepath.Join(t.TempDir(), "file")
	for _, flag := range []int{os.O_RDWR, os.O_RDONLY, os.O_WRONLY | os.O_APPEND} {
		if err := os.WriteFile(name, []byte("a long text"), 0o666); err != nil {
			t.Fatal(err)
		}
		open, err := os.OpenFile(name, flag, 0)
		if err != nil {
			t.Fatal(err)
		}
		defer open.Close()
		_, _ = open.Read(make([]byte, 4))
		descriptor := fmt.Sprintf("/dev/fd/%d", open.Fd())
		if err := Replace(descriptor, []byte("short")); err != nil {
			t.Error(err)
		}
		if text, _ := os.ReadFile(name); string(text) != "short" {
			t.Errorf("the file holds %q", text)
		}
		if err := Replace(descriptor, nil); err == nil {
			t.Error("a removed file is replaced")
		}
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	defer write.Close()
	if err := Replace(fmt.Sprintf("/dev/fd/%d", write.Fd()), nil); err == nil {
		t.Error("a pipe is replaced")
	}
}

// TestWriteKeepsMode checks that a file that is replaced keeps its mode, and that a
// read-only one is not replaced.
func TestWriteKeepsMode(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, mode := range []os.FileMode{0o600, 0o640, 0o755} {
		name := mode.String()
		if err := Write(name, nil); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(name, mode); err != nil {
			t.Fatal(err)
		}
		if err := Write(name, []byte("x")); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(name); err != nil || info.Mode() != mode || info.Size() != 1 {
			t.Errorf("%v is now %v: %v", mode, info.Mode(), err)
		}
	}
	if err := os.WriteFile("read-only", []byte("kept"), 0o444); err != nil {
		t.Fatal(err)
	}
	if err := Write("read-only", []byte("x")); err == nil || err.Error() != "read-only: it is read-only" {
		t.Errorf("a read-only file: %v", err)
	}
	if text, _ := os.ReadFile("read-only"); string(text) != "kept" {
		t.Errorf("it holds %q", text)
	}
	if left, _ := filepath.Glob(".patchlint*"); len(left) > 0 {
		t.Errorf("%v are left", left)
	}
}
