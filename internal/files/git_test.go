package files

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/input"
)

// TestStagedObjects checks that the content of what is staged is read from wherever
// git keeps it: in files and in packs.
func TestStagedObjects(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		t.Run(format, func(t *testing.T) {
			dir := t.TempDir()
			runGit(t, dir, "init", "-q", "--object-format="+format)
			runGit(t, dir, "config", "core.bigFileThreshold", "100m")
			runGit(t, dir, "config", "core.compression", "1") // of what git compresses, in half the time
			want := map[string]string{
				"a.json": "{}", "b.json": "", "d/c.json": strings.Repeat("x", 70_000),
				"z.json": "[]",
			}
			if format == "sha1" || corpus.Exhaustive() {
				want["large.ndjson"] = strings.Repeat("a line\n", (8<<20)/7+10)
			}
			for name, text := range want {
				write(t, filepath.Join(dir, name), text)
			}
			runGit(t, dir, "add", ".")
			check := func(where string, times int) {
				t.Helper()
				set := Set{}
				defer set.Close()
				sources, err := set.Staged([]string{dir}, input.DefaultLimit)
				if err != nil {
					t.Fatal(err)
				}
				have := make(map[string]string)
				for _, s := range slices.Repeat(sources, times) {
					r, err := s.Open(nil)
					if err != nil {
						t.Fatalf("%s, %s: %v", where, s.Path, err)
					}
					text, err := io.ReadAll(r)
					if err != nil {
						t.Errorf("%s, %s: %v", where, s.Path, err)
					}
					if err := r.Close(); err != nil {
						t.Error(err)
					}
					name, _ := below(dir, absolute(t, s.Path))
					have[name] = string(text)
				}
				if d := cmp.Diff(want, have); d != "" {
					t.Errorf("%s: %.500s", where, d)
				}
			}
			check("loose", 1)
			runGit(t, dir, "-c", "user.name=t", "commit", "-q", "-m", "x")
			runGit(t, dir, "repack", "-a", "-d", "-q")
			runGit(t, dir, "update-ref", "-d", "HEAD")
			check("packed", 2)
		})
	}
}

// TestStagedLimit checks that no more of a staged document is kept than is read, and that
// all lines of a stream are kept.
func TestStagedLimit(t *testing.T) {
	dir := t.TempDir()
	runGit(t, dir, "init", "-q")
	for _, name := range []string{"a.json", "b.ndjson", "c.http", "d.json"} {
		write(t, filepath.Join(dir, name), strings.Repeat("line\n", 100))
	}
	write(t, filepath.Join(dir, "d.json"), "{}")
	runGit(t, dir, "add", ".")
	var set Set
	defer set.Close()
	sources, err := set.Staged([]string{dir}, 10)
	if err != nil {
		t.Fatal(err)
	}
	var sizes []int64
	for _, s := range sources {
		from, err := s.Open(nil)
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, from)
		sizes = append(sizes, n)
		check(t, err)
	}
	if d := cmp.Diff([]int64{11, 500, 11, 2}, sizes); d != "" {
		t.Error(d)
	}
	info, err := set.store.file.Stat()
	if check(t, err); info.Size() != 524 {
		t.Errorf("%d bytes are kept", info.Size())
	}
}

func absolute(t *testing.T, name string) string {
	name, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// TestDamagedObjects checks that an object that is missing or not a file is an error and
// does not affect the next one, and that no content is read from a damaged object.
func TestDamagedObjects(t *testing.T) {
	dir := t.TempDir()
	runGit(t, dir, "init", "-q")
	write(t, filepath.Join(dir, "a.json"), "{}")
	runGit(t, dir, "add", ".")
	tree := strings.TrimSpace(runGit(t, dir, "write-tree"))
	good := strings.TrimSpace(runGit(t, dir, "rev-parse", ":a.json"))
	g, err := newGit(dir)
	if err != nil {
		t.Fatal(err)
	}
	broken := strings.Repeat("ab", len(good)/2)
	write(t, filepath.Join(dir, ".git", "objects", broken[:2], broken[2:]), "x\x9c")
	read := func(names ...string) (texts []string, err error) {
		var list []*object
		for _, name := range names {
			list = append(list, &object{name: name})
		}
		var kept store
		defer kept.Close()
		if err := kept.load(g, list, input.DefaultLimit); err != nil {
			return nil, err
		}
		for _, o := range list {
			r, err := o.open()
			if err != nil {
				texts = append(texts, err.Error())
				continue
			}
			text, err := io.ReadAll(r)
			if err != nil {
				return nil, err
			}
			texts = append(texts, string(text))
		}
		return texts, nil
	}
	none := strings.Repeat("0", len(good))
	unknown := func(name string) string {
		return "git does not have the object " + name + " here; in a partial clone, fetch it first"
	}
	have, err := read(tree, good, none, ":0:a.json", ":0:a b.json", ":0:a blob 1 b.json", ":0:0:a.json", good)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{unknown(tree), "{}", unknown(none), "{}", unknown(":0:a b.json"), unknown(":0:a blob 1 b.json"), unknown(":0:0:a.json"), "{}"}
	if d := cmp.Diff(want, have); d != "" {
		t.Error(d)
	}
	have, err = read(good, broken, good)
	if want := []string{"{}", unknown(broken), "{}"}; err == nil && !slices.Equal(have, want) {
		t.Errorf("%q", have)
	}
	t.Log(err)
}

// TestStagedIsNotGone checks that a staged file whose content is missing is a failure, even
// if the file is not in the work tree.
func TestStagedIsNotGone(t *testing.T) {
	dir := t.TempDir()
	runGit(t, dir, "init", "-q")
	write(t, filepath.Join(dir, "a.json"), "{}")
	runGit(t, dir, "add", ".")
	blob := strings.TrimSpace(runGit(t, dir, "rev-parse", ":a.json"))
	for _, name := range []string{filepath.Join(dir, ".git", "objects", blob[:2], blob[2:]), filepath.Join(dir, "a.json")} {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	set := Set{}
	defer set.Close()
	sources, err := set.Staged([]string{dir}, input.DefaultLimit)
	if err != nil || len(sources) != 1 {
		t.Fatalf("%d files are staged, %v", len(sources), err)
	}
	for _, s := range sources {
		_, err := s.Open(nil)
		if reason, _ := s.Unavailable(err); err == nil || reason != "" {
			t.Errorf("%v, %q", err, reason)
		}
	}
}

// TestChangedSince checks that the content of files counts, whatever the index says
// about them, and that a file with other line ends has not changed, but a link has.
func TestChangedSince(t *testing.T) {
	for _, format := range []string{"sha1", "sha256"} {
		dir := t.TempDir()
		runGit(t, dir, "init", "-q", "--object-format="+format)
		same := "{\n}\n"
		for _, name := range []string{"same.json", "crlf.json", "changed.json", "hidden.json", "touched.json", "mode.json", "target.json", "other.json", "gone.json"} {
			write(t, filepath.Join(dir, name), same)
		}
		for link, target := range map[string]string{"link.json": "same.json", "moved.json": "same.json", "through.json": "target.json"} {
			check(t, os.Symlink(target, filepath.Join(dir, link)))
		}
		runGit(t, dir, "add", ".")
		runGit(t, dir, "commit", "-q", "-m", "base")
		runGit(t, dir, "update-index", "--assume-unchanged", "hidden.json")
		write(t, filepath.Join(dir, "crlf.json"), "{\r\n}\r\n")
		write(t, filepath.Join(dir, "touched.json"), same)
		for _, name := range []string{"changed.json", "hidden.json", "target.json", "new.json"} {
			write(t, filepath.Join(dir, name), "[\n]\n")
		}
		check(t, os.Remove(filepath.Join(dir, "gone.json")))
		check(t, os.Remove(filepath.Join(dir, "moved.json")))
		check(t, os.Symlink("other.json", filepath.Join(dir, "moved.json")))
		var set Set
		sources, err := set.Collect([]string{dir})
		if err != nil {
			t.Fatal(err)
		}
		changed, err := ChangedSince("HEAD", nil, sources)
		if err != nil {
			t.Fatal(err)
		}
		var have []string
		for _, s := range changed {
			have = append(have, filepath.Base(s.Path))
		}
		second := filepath.Join(t.TempDir(), "second")
		runGit(t, dir, "worktree", "add", "-q", "-b", "second", second)
		write(t, filepath.Join(second, "a.json"), "{}")
		runGit(t, second, "add", ".")
		defer set.Close()
		staged, err := set.Staged([]string{second}, input.DefaultLimit)
		if err != nil || len(staged) != 1 {
			t.Errorf("in a second work tree: %v, %v", staged, err)
		}
		want := []string{"changed.json", "hidden.json", "link.json", "moved.json", "new.json", "target.json", "through.json"}
		if d := cmp.Diff(want, have); d != "" {
			t.Error(d)
		}
	}
}
