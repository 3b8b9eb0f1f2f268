package files

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/patchlint/patchlint/internal/corpus"
)

var trees = flag.Int("trees", corpus.Size(5, 10), "how many random trees TestWalkAgreesWithGit compares")

// runGit runs git in a directory, with no configuration but the repository's.
func runGit(t testing.TB, dir string, args ...string) string {
	t.Helper()
	git, err := exec.LookPath("git")
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("git is not installed")
	}
	command := exec.Command(git, append([]string{"-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "core.excludesFile=" + os.DevNull, "-c", "maintenance.auto=false"}, args...)...)
	command.Dir = dir
	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "GIT_TEMPLATE_DIR=") // a template would be twenty files
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestExcludedDirectory checks that an excluded directory is not read.
func TestExcludedDirectory(t *testing.T) {
	root := t.TempDir()
	runGit(t, root, "init", "-q")
	write(t, filepath.Join(root, "excluded", "a.json"), "{}")
	write(t, filepath.Join(root, "excluded", ".gitignore", "not a file"), "")
	t.Chdir(root)
	for arg, notes := range map[string][]string{".": nil, "excluded": {"excluded is excluded"}} {
		set := Set{Excluded: func(name string, dir bool) bool { return dir && name == "excluded" }}
		sources, err := set.Collect([]string{arg})
		if err != nil || len(sources) > 0 {
			t.Errorf("%s: %v, %v", arg, sources, err)
		}
		if d := cmp.Diff(notes, set.Notes); d != "" {
			t.Errorf("%s: %s", arg, d)
		}
	}
}

// TestVanishedDirectory checks that no other directory is suggested for one that is removed
// during the walk.
func TestVanishedDirectory(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "policies/a.json", "{}")
	write(t, "policies2/a.json", "{}")
	set := Set{Excluded: func(name string, dir bool) bool {
		if name == "policies" {
			os.RemoveAll(name)
		}
		return false
	}}
	if _, err := set.Collect([]string{"."}); err == nil || !strings.HasPrefix(err.Error(), "policies: ") || strings.Contains(err.Error(), "did you mean") {
		t.Error(err)
	}
}

// walked returns the paths that a walk of a directory finds, relative to it.
func walked(t testing.TB, dir string) (found []string, notes []string) {
	t.Helper()
	var set Set
	sources, err := set.Collect([]string{dir})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sources {
		path, ok := below(dir, filepath.FromSlash(s.Path))
		if !ok {
			t.Fatalf("%s is not in %s", s.Path, dir)
		}
		found = append(found, path)
	}
	return found, slices.AppendSeq(set.Notes, maps.Keys(set.Warnings))
}

// random makes names and patterns of few letters, so that they often match.
type random struct{ *rand.Rand }

func (r random) pick(list ...string) string { return list[r.IntN(len(list))] }

func (r random) name() string {
	return r.pick("a", "b", "ab", "aab", "a b", "é", "#a", "!a", "a-b", "[a]", "b ", ".a", "a.b", `a\b`, "]", "A", "foo", "1", "a*")
}

func (r random) file() string { return r.name() + ".json" }

func (r random) pattern() string {
	var b strings.Builder
	b.WriteString(r.pick("", "", "", "", "!", "!", "/", "#", " ", `\#`, `\!`, "!/", "**/", "*/"))
	for range 1 + r.IntN(4) {
		b.WriteString(r.pick(
			"a", "b", "ab", "a", "é", "foo", "1", "*", "*", "**", "?", "??", "/", "/", "/**", "**/", "/**/", "[ab]", "[!a]", "[^b]", "[]a]", "[a-c]", "[a-]",
			"[[:alpha:]]", "[[:digit:]a]", "[![:upper:]]", "[[:nonsense:]]", "[[:alpha]", "[", "[a/b]", `[\]]`, `[a\-c]`, `\a`, `\*`, `\`, `\\`, " ", `\ `, "***", "#", ".", "-",
			r.name()))
	}
	b.WriteString(r.pick("", "", "", "", ".json", ".json", ".js*", "*.json", "/", "/", " ", "  ", `\ `, "\r", "/*", "/**", "\t", "[.]json", `\`))
	return b.String()
}

func (r random) ignoreFile() string {
	var b strings.Builder
	b.WriteString(r.pick("", "", "", "\ufeff", "\n"))
	for range 1 + r.IntN(5) {
		b.WriteString(r.pattern() + r.pick("\n", "\n", "\n", "\r\n"))
	}
	return strings.TrimSuffix(b.String(), r.pick("", "\n"))
}

func (r random) directory() string {
	var elements []string
	for range r.IntN(4) {
		elements = append(elements, r.name())
	}
	return strings.Join(elements, "/")
}

// TestWalkAgreesWithGit checks on random trees, patterns and indexes that a walk
// finds the files that git lists: what it tracks, and what no .gitignore ignores.
// To test more trees:
//
//	go test ./internal/files -run TestWalkAgreesWithGit -trees 5000
func TestWalkAgreesWithGit(t *testing.T) {
	if filepath.Separator != '/' {
		t.Skip("not all of the names can be given to files here")
	}
	seed := rand.Uint64()
	ignored, tracked := 0, 0
	empty := make(map[string]string) // a repository of each format, which is copied
	for _, format := range []string{"sha1", "sha256"} {
		empty[format] = t.TempDir()
		runGit(t, empty[format], "init", "-q", "--object-format="+format)
	}
	for i := range *trees {
		r := random{rand.New(rand.NewPCG(seed, uint64(i)))}
		root := t.TempDir()
		if err := os.CopyFS(root, os.DirFS(empty[r.pick("sha1", "sha1", "sha256")])); err != nil {
			t.Fatal(err)
		}
		lines := func(args ...string) []string {
			return splitNUL([]byte(runGit(t, root, append([]string{"ls-files", "-z", "--exclude-per-directory=.gitignore"}, args...)...)))
		}
		var all []string
		for range 30 {
			file := filepath.Join(root, r.directory(), r.file())
			if info, err := os.Lstat(filepath.Dir(file)); err == nil && !info.IsDir() {
				continue
			}
			write(t, file, "{}")
			all = append(all, file)
		}
		for range 1 + r.IntN(3) {
			dir := root
			if r.IntN(2) > 0 {
				dir = filepath.Dir(all[r.IntN(len(all))])
			}
			write(t, filepath.Join(dir, ".gitignore"), r.ignoreFile())
		}
		hidden := lines("--others", "--ignored")
		ignored += len(hidden)
		add := []string{"add", "-f", "--"}
		for range r.IntN(3) {
			add = append(add, ":(literal)"+all[r.IntN(len(all))])
		}
		if len(hidden) > 0 && r.IntN(2) > 0 {
			add = append(add, ":(literal)"+hidden[r.IntN(len(hidden))])
			tracked++
		}
		if len(add) > 3 {
			runGit(t, root, add...)
		}
		if r.IntN(3) == 0 {
			runGit(t, root, "update-index", "--index-version", "4")
		}
		want := slices.DeleteFunc(lines("--cached", "--others"), func(name string) bool { return !strings.HasSuffix(name, ".json") })
		slices.Sort(want)
		have, notes := walked(t, root)
		if d := cmp.Diff(want, have, cmpopts.EquateEmpty()); d != "" || len(notes) > 0 {
			var text strings.Builder
			_ = filepath.WalkDir(root, func(name string, _ os.DirEntry, _ error) error {
				if filepath.Base(name) == ".gitignore" {
					data, _ := os.ReadFile(name)
					fmt.Fprintf(&text, "%s: %q\n", name[len(root):], data)
				}
				return nil
			})
			t.Fatalf("tree %d of seed %d (-git +ours):\n%s\n%s%v", i, seed, d, &text, notes)
		}
	}
	if *trees >= 100 && (ignored == 0 || tracked == 0) {
		t.Errorf("%d files were ignored, and %d although tracked: the trees test too little", ignored, tracked)
	}
}

// TestUnknownIgnoresNothing checks that a walk checks every file if git cannot tell what is
// ignored, and says so, but still skips packages.
func TestUnknownIgnoresNothing(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, dir string){
		"no git":       func(t *testing.T, _ string) { t.Setenv("PATH", "") },
		"no objects":   func(t *testing.T, dir string) { check(t, os.RemoveAll(filepath.Join(dir, ".git", "objects"))) },
		"broken index": func(t *testing.T, dir string) { write(t, filepath.Join(dir, ".git", "index"), "DIRC") },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			runGit(t, dir, "init", "-q")
			write(t, filepath.Join(dir, ".gitignore"), "*.json\n")
			write(t, filepath.Join(dir, "a.json"), "{}")
			write(t, filepath.Join(dir, "node_modules", "b.json"), "{}")
			spoil(t, dir)
			found, notes := walked(t, dir)
			if d := cmp.Diff([]string{"a.json"}, found); d != "" || len(notes) != 1 {
				t.Errorf("%s%q", d, notes)
			}
		})
	}
}

// TestIgnoredDirectoryIsNamed checks that a directory which is named is walked although it is
// ignored, without the packages in it, and that a pattern for its files counts.
func TestIgnoredDirectoryIsNamed(t *testing.T) {
	root := t.TempDir()
	runGit(t, root, "init", "-q")
	write(t, filepath.Join(root, ".gitignore"), "out/\nb.json\n")
	for _, name := range []string{"out/a.json", "out/in/b.json", "out/node_modules/c.json", "logs/a.json", "logs/b.json"} {
		write(t, filepath.Join(root, filepath.FromSlash(name)), "{}")
	}
	for dir, want := range map[string][]string{"out": {"a.json", "in/b.json"}, "out/in": {"b.json"}, "logs": {"a.json"}, ".": {"logs/a.json"}} {
		found, notes := walked(t, filepath.Join(root, filepath.FromSlash(dir)))
		if d := cmp.Diff(want, found); d != "" || len(notes) > 0 {
			t.Errorf("%s: %s%q", dir, d, notes)
		}
	}
	runGit(t, root, "add", "-f", "out/a.json") // which makes no difference for the others
	found, notes := walked(t, filepath.Join(root, "out"))
	if d := cmp.Diff([]string{"a.json", "in/b.json"}, found); d != "" || len(notes) > 0 {
		t.Errorf("with a tracked file: %s%q", d, notes)
	}
}

// TestBelow checks that Below finds the same files directly in a directory as a walk.
func TestBelow(t *testing.T) {
	root := t.TempDir()
	runGit(t, root, "init", "-q")
	write(t, filepath.Join(root, ".gitignore"), "new.json\n")
	write(t, filepath.Join(root, ".git", "info", "exclude"), "w.json\n") // which is not obeyed
	write(t, filepath.Join(root, "a", "x.json"), "{}")
	write(t, filepath.Join(root, "a", "b", "y.json"), "{}")
	write(t, filepath.Join(root, "a", "w.json"), "{}")
	write(t, filepath.Join(root, "a", "new.json"), "{}")
	var set Set
	var have []string
	for _, s := range set.Below(root, filepath.Join(root, "a")) {
		have = append(have, filepath.Base(s.Path))
	}
	if d := cmp.Diff([]string{"w.json", "x.json"}, have); d != "" {
		t.Error(d)
	}
}

// TestBelowIgnored checks that Below finds nothing in an ignored directory, however deep,
// except what is tracked or in a nested work tree, as a walk does.
func TestBelowIgnored(t *testing.T) {
	root := t.TempDir()
	nested := filepath.Join(root, "n", "tree")
	runGit(t, root, "init", "-q")
	write(t, filepath.Join(root, ".gitignore"), "out/\n")
	write(t, filepath.Join(nested, ".gitignore"), "in/\n")
	runGit(t, nested, "init", "-q")
	for _, name := range []string{"a", "out/a", "out/b/a", "out/b/c/a", "t/out/a", "t/out/b/a", "n/a", "n/out/a", "n/tree/a", "n/tree/out/a", "n/tree/b/a", "n/tree/b/in/c/a"} {
		write(t, filepath.Join(root, filepath.FromSlash(name)+".json"), "{}")
	}
	runGit(t, root, "add", "-f", "t/out/a.json")
	for _, top := range []string{root, filepath.Join(root, "n"), filepath.Join(root, "out")} {
		want, _ := walked(t, top)
		var have []string
		check(t, filepath.WalkDir(top, func(dir string, e os.DirEntry, err error) error {
			if err != nil || !e.IsDir() || e.Name() == ".git" {
				return err
			}
			set := new(Set)
			for _, s := range set.Below(top, dir) {
				path, _ := below(top, filepath.FromSlash(s.Path))
				have = append(have, path)
			}
			if len(set.Warnings) > 0 {
				t.Errorf("%s: %v", dir, set.Warnings)
			}
			return err
		}))
		slices.Sort(have)
		if d := cmp.Diff(want, have); d != "" {
			t.Errorf("%s: %s", top, d)
		}
	}
}

// check skips a test where links cannot be made, and fails it for any other error.
func check(t testing.TB, err error) {
	t.Helper()
	if _, ok := errors.AsType[*os.LinkError](err); ok {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestLinkOutOfRepository checks that a walk and a pattern do not follow a link out of
// the repository that it is in, and say so, and that links inside are followed.
func TestLinkOutOfRepository(t *testing.T) {
	outer := t.TempDir()
	root := filepath.Join(outer, "tree")
	for name, text := range map[string]string{"outside.json": "{}", "tree/.git/HEAD": "", "tree/a/x.json": "{}"} {
		write(t, filepath.Join(outer, filepath.FromSlash(name)), text)
	}
	for link, target := range map[string]string{"a/out.json": "../../outside.json", "a/in.json": "x.json", "b.json": "a/x.json", "c.json": "a/out.json"} {
		if err := os.Symlink(filepath.FromSlash(target), filepath.Join(root, filepath.FromSlash(link))); err != nil {
			t.Skip(err)
		}
	}
	t.Chdir(root)
	for _, arg := range []string{".", "**/*.json", root} {
		set := Set{}
		sources, err := set.Collect([]string{arg})
		if err != nil {
			t.Fatal(err)
		}
		maps.DeleteFunc(set.Warnings, func(_ string, left int) bool { return left == 0 })
		if len(sources) != 3 || len(set.Warnings) != 2 {
			t.Errorf("%s: %d files, and these notes: %v", arg, len(sources), set.Warnings)
		}
	}
	set := Set{}
	sources, err := set.Collect([]string{"c.json"})
	if err != nil || len(sources) != 1 {
		t.Fatal(sources, err)
	}
	if _, err := sources[0].Open(nil); err == nil {
		t.Error("a named link out of the repository is followed")
	}
}
