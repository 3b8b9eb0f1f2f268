package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/patchlint/patchlint/internal/corpus"
)

// hostile is a directory that an attacker prepared to run a program, or to hide a
// payload. It starts as a work tree with bad.json, which has one fault in HEAD and
// one more in the index.
type hostile struct {
	name string
	make func(h *trap)
}

// trap is one such directory.
type trap struct {
	testing.TB
	root   string // the work tree
	outer  string // the directory around it
	evil   string // a program that must not run
	marker string // where evil records that it ran
	broken bool   // git cannot answer there, or only about another repository, which must be reported
}

const badPayload, worsePayload = `{"iosOnboarded": 1}` + "\n", `{"iosOnboarded": 1, "macOsOnboarded": 2}` + "\n"

func (h *trap) path(name string) string { return filepath.Join(h.root, filepath.FromSlash(name)) }

func (h *trap) write(name, text string) {
	h.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		h.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o777); err != nil {
		h.Fatal(err)
	}
}

// add appends to a file of the work tree.
func (h *trap) add(name, text string) {
	have, _ := os.ReadFile(h.path(name))
	h.write(h.path(name), string(have)+text)
}

func (h *trap) git(args ...string) string {
	h.Helper()
	command := exec.Command("git", args...)
	command.Dir = h.root
	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1", "GIT_TEMPLATE_DIR=", // without samples, which each place would copy
		"GIT_AUTHOR_NAME=t", "GIT_AUTHOR_EMAIL=t@example.com", "GIT_COMMITTER_NAME=t", "GIT_COMMITTER_EMAIL=t@example.com")
	out, err := command.CombinedOutput()
	if err != nil {
		h.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// config is every setting that starts a program, or makes git look elsewhere.
func (h *trap) config() string {
	return fmt.Sprintf(`
[core]
	fsmonitor = %[1]s
	hooksPath = %[2]s
	pager = %[1]s
	editor = %[1]s
	askPass = %[1]s
	sshCommand = %[1]s
	gitProxy = %[1]s
	alternateRefsCommand = %[1]s
	attributesFile = %[3]s/attributes
	excludesFile = %[3]s/everything
	worktree = %[3]s
	untrackedCache = true
[filter "x"]
	clean = %[1]s
	smudge = %[1]s
	process = %[1]s
	required = true
[diff]
	external = %[1]s
	orderFile = %[1]s
	relative = true
	ignoreSubmodules = all
[diff "x"]
	command = %[1]s
	textconv = %[1]s
[merge "x"]
	driver = %[1]s
[gpg]
	program = %[1]s
[credential]
	helper = %[1]s
[alias]
	diff = !%[1]s
	ls-files = !%[1]s
	ls-tree = !%[1]s
	cat-file = !%[1]s
	merge-base = !%[1]s
	rev-parse = !%[1]s
	check-ignore = !%[1]s
[pager]
	diff = %[1]s
	ls-files = %[1]s
	ls-tree = %[1]s
	cat-file = %[1]s
	merge-base = %[1]s
	rev-parse = %[1]s
	check-ignore = %[1]s
[gc]
	recentObjectsHook = %[1]s
[uploadpack]
	packObjectsHook = %[1]s
[sequence]
	editor = %[1]s
[interactive]
	diffFilter = %[1]s
[submodule "s"]
	update = !%[1]s
[trace2]
	eventTarget = %[3]s/trace
`, filepath.ToSlash(h.evil), filepath.ToSlash(filepath.Dir(h.evil)), filepath.ToSlash(h.outer))
}

var hostilePlaces = []hostile{
	{"a configuration", func(h *trap) { h.add(".git/config", h.config()) }},
	{"an included configuration", func(h *trap) {
		h.write(filepath.Join(h.outer, "more"), h.config())
		h.add(".git/config", "[include]\n\tpath = ../../more\n[includeIf \"gitdir:**\"]\n\tpath = ../../more\n")
	}},
	{"the configuration of a work tree", func(h *trap) {
		h.git("config", "core.repositoryFormatVersion", "1")
		h.git("config", "extensions.worktreeConfig", "true")
		h.write(h.path(".git/config.worktree"), h.config())
	}},
	{"hooks", func(h *trap) {
		for _, hook := range []string{"post-index-change", "reference-transaction", "fsmonitor-watchman", "pre-auto-gc", "post-checkout"} {
			h.write(h.path(".git/hooks/"+hook), "#!/bin/sh\n"+h.evil+"\n")
		}
		h.add(".git/config", "[core]\n\tfsmonitor = .git/hooks/fsmonitor-watchman\n")
	}},
	{"attributes that ask for filters", func(h *trap) {
		h.add(".git/config", h.config())
		h.write(h.path(".git/info/attributes"), "* filter=x diff=x merge=x\n")
		h.write(h.path(".gitattributes"), "* filter=x diff=x merge=x\n")
	}},
	{"objects that are to be fetched", func(h *trap) {
		h.add(".git/config", fmt.Sprintf("[extensions]\n\tpartialClone = origin\n[remote \"origin\"]\n\turl = ext::%[1]s\n\tpromisor = true\n\tuploadpack = %[1]s\n\tvcs = evil\n[protocol]\n\tallow = always\n[protocol \"ext\"]\n\tallow = always\n", h.evil))
		h.git("config", "core.repositoryFormatVersion", "1")
		id := h.git("rev-parse", ":other.json")
		h.broken = true
		if err := os.Remove(h.path(".git/objects/" + id[:2] + "/" + id[2:])); err != nil {
			h.Fatal(err)
		}
	}},
	{"a .git file that leads elsewhere", func(h *trap) {
		elsewhere := filepath.Join(h.outer, "gitdir")
		if err := os.Rename(h.path(".git"), elsewhere); err != nil {
			h.Fatal(err)
		}
		h.write(h.path(".git"), "gitdir: ../gitdir\n")
		config, _ := os.ReadFile(filepath.Join(elsewhere, "config"))
		h.write(filepath.Join(elsewhere, "config"), string(config)+h.config())
	}},
	{"a .git link", func(h *trap) {
		elsewhere := filepath.Join(h.outer, "gitdir")
		if err := os.Rename(h.path(".git"), elsewhere); err != nil {
			h.Fatal(err)
		}
		if err := os.Symlink("../gitdir", h.path(".git")); err != nil {
			h.Skip(err)
		}
		config, _ := os.ReadFile(filepath.Join(elsewhere, "config"))
		h.write(filepath.Join(elsewhere, "config"), string(config)+h.config())
	}},
	{"a second work tree", func(h *trap) {
		first := h.path(".git/config")
		second := filepath.Join(h.outer, "second")
		h.git("worktree", "add", "-q", "-b", "second", second)
		h.root = second
		h.write(h.path("bad.json"), worsePayload)
		h.write(h.path("payloads/bad.json"), worsePayload)
		h.git("add", ".")
		config, _ := os.ReadFile(first)
		h.write(first, string(config)+h.config())
	}},
	{"a directory that looks like a repository", func(h *trap) {
		for _, dir := range []string{"objects", "refs", "info", "hooks"} {
			h.write(h.path("payloads/"+dir+"/k"), "")
		}
		h.write(h.path("payloads/HEAD"), "ref: refs/heads/main\n")
		h.write(h.path("payloads/info/exclude"), "*\n")
		h.write(h.path("payloads/config"), "[core]\n\tbare = false\n\tworktree = .\n"+h.config())
	}},
	{"a repository inside", func(h *trap) {
		h.broken = true
		command := exec.Command("git", "init", "-q", h.path("payloads"))
		if out, err := command.CombinedOutput(); err != nil {
			h.Fatalf("%s", out)
		}
		h.add("payloads/.git/config", h.config())
		h.write(h.path("payloads/.git/info/exclude"), "*\n")
	}},
	{"a broken repository inside", func(h *trap) {
		h.broken = true
		h.write(h.path("payloads/.git/config"), h.config())
		h.write(h.path("payloads/.gitignore"), "*\n")
	}},
	{"excludes that no commit shows", func(h *trap) {
		h.write(h.path(".git/info/exclude"), "*\n")
		h.write(filepath.Join(h.outer, "everything"), "*\n")
		h.add(".git/config", "[core]\n\texcludesFile = "+filepath.ToSlash(h.outer)+"/everything\n")
	}},
	{"ignored, though tracked", func(h *trap) {
		h.write(h.path(".gitignore"), "*\n")
		h.write(h.path("payloads/.gitignore"), "bad.json\n")
	}},
	{"a payload where packages are", func(h *trap) {
		h.write(h.path("payloads/node_modules/p/deep.json"), badPayload)
		h.git("add", ".")
		h.write(h.path("payloads/node_modules/p/untracked.json"), badPayload)
	}},
	{"files that git assumes unchanged", func(h *trap) {
		h.git("update-index", "--assume-unchanged", "payloads/bad.json")
		h.git("update-index", "--skip-worktree", "bad.json")
	}},
	{"a split index, ignored", func(h *trap) {
		h.git("update-index", "--split-index")
		h.write(h.path(".gitignore"), "*\n")
	}},
	{"a damaged index, ignored", func(h *trap) {
		h.broken = true
		h.write(h.path(".gitignore"), "*\n")
		h.write(h.path(".git/index"), "DIRC\x00\x00\x00\x02\x00\x00\xff\xff")
	}},
	{"pipes for git's files", func(h *trap) {
		h.broken = true
		if runtime.GOOS == "windows" {
			h.Skip("no pipes")
		}
		for _, name := range []string{"HEAD", "packed-refs", "config", "index", "info/attributes", "info/exclude"} {
			_ = os.Remove(h.path(".git/" + name))
			if out, err := exec.Command("mkfifo", h.path(".git/"+name)).CombinedOutput(); err != nil {
				h.Skipf("%s", out)
			}
		}
	}},
	{"alternates", func(h *trap) {
		h.write(h.path(".git/objects/info/alternates"), "/dev/zero\n../../../nowhere\n")
	}},
	{"replaced objects and grafts", func(h *trap) {
		h.git("replace", "HEAD", h.git("commit-tree", "-m", "base", h.git("write-tree")))
		h.write(h.path(".git/info/grafts"), "\n")
		h.add(".git/config", h.config())
	}},
	{"a git in the work tree", func(h *trap) {
		for _, name := range []string{"git", "payloads/git", "bin/git", "git.exe", "git.bat"} {
			h.write(h.path(name), "#!/bin/sh\n"+h.evil+"\n")
		}
		h.Setenv("PATH", strings.Join([]string{"", ".", "bin", h.path("bin"), os.Getenv("PATH")}, string(filepath.ListSeparator)))
	}},
	{"the environment of another repository", func(h *trap) {
		other := filepath.Join(h.outer, "other")
		if out, err := exec.Command("git", "init", "-q", other).CombinedOutput(); err != nil {
			h.Fatalf("%s", out)
		}
		h.write(filepath.Join(other, ".git", "config"), h.config())
		h.Setenv("GIT_DIR", filepath.Join(other, ".git"))
		h.Setenv("GIT_WORK_TREE", other)
		h.Setenv("GIT_CONFIG_COUNT", "1")
		h.Setenv("GIT_CONFIG_KEY_0", "core.fsmonitor")
		h.Setenv("GIT_CONFIG_VALUE_0", h.evil)
		h.Setenv("GIT_CONFIG_PARAMETERS", "'core.fsmonitor="+h.evil+"'")
		h.Setenv("GIT_EXTERNAL_DIFF", h.evil)
		h.Setenv("GIT_PAGER", h.evil)
		h.Setenv("GIT_TRACE2_EVENT", filepath.Join(h.outer, "trace"))
	}},
}

// TestHostile runs all commands and flags that read files, in directories that an
// attacker prepared to run a program or to hide a payload. No program runs, nothing is
// hidden, and nothing hangs.
func TestHostile(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine, which the race detector slows down")
	}
	if _, err := exec.LookPath("git"); err != nil || runtime.GOOS == "windows" {
		t.Skip("needs git and a shell")
	}
	base := &trap{TB: t, root: filepath.Join(t.TempDir(), "tree")}
	base.write(base.path("bad.json"), badPayload)
	base.write(base.path("payloads/bad.json"), badPayload)
	base.write(base.path("other.json"), `{"iosOnboarded": true}`)
	base.git("init", "-q", "-b", "main")
	base.git("add", ".")
	base.git("commit", "-q", "-m", "base")
	base.write(base.path("bad.json"), worsePayload)
	base.write(base.path("payloads/bad.json"), worsePayload)
	base.write(base.path("other.json"), `{"iosOnboarded": 3}`)
	base.git("add", ".")
	for i, place := range hostilePlaces {
		t.Run(place.name, func(t *testing.T) {
			outer := t.TempDir()
			h := &trap{TB: t, outer: outer, root: filepath.Join(outer, "tree"), evil: filepath.Join(outer, "evil", "evil.sh"), marker: filepath.Join(outer, "ran")}
			t.Setenv("TMPDIR", outer)
			h.write(h.evil, "#!/bin/sh\necho \"$0 $*\" >>"+h.marker+"\ncat 2>/dev/null\nexit 0\n")
			for _, name := range []string{"post-index-change", "reference-transaction", "git-remote-evil", "fsmonitor"} {
				h.write(filepath.Join(outer, "evil", name), "#!/bin/sh\nexec "+h.evil+" "+name+"\n")
			}
			if err := os.CopyFS(h.root, os.DirFS(base.root)); err != nil {
				t.Fatal(err)
			}
			h.write(filepath.Join(outer, "baseline.json"), `{"version": 1, "findings": []}`)
			place.make(h)
			if _, err := os.Stat(h.marker); err == nil {
				t.Fatal("making the place ran the program")
			}
			if place.name == "a configuration" { // the program would run
				h.git("status")
				if err := os.Remove(h.marker); err != nil {
					t.Fatal(err)
				}
			}
			h.attack(i)
			if ran, err := os.ReadFile(h.marker); err == nil {
				t.Errorf("a program ran: %s", ran)
			}
			if left, _ := filepath.Glob(filepath.Join(outer, ".patchlint-*")); len(left) > 0 {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

// attack runs the commands: in each place a different selection, because most run git.
func (h *trap) attack(place int) {
	for i, c := range []struct {
		dir     string
		args    string
		shown   string // expected in its output
		mayFail bool   // with exit code 2 and the reason
	}{
		{".", "lint", "payloads/bad.json:1:", false},
		{".", "lint .", "\nbad.json:1:", false},
		{".", "lint payloads", "payloads/bad.json:1:", false},
		{"payloads", "lint", "\nbad.json:1:", false},
		{"payloads", "lint --verbose --jobs 1 .", "\nbad.json:1:", false},
		{"..", "lint " + filepath.Base(h.root), filepath.Base(h.root) + "/payloads/bad.json:1:", false},
		{".", "lint payloads other.json", "payloads/bad.json:1:", false},
		{".", "lint **/*.json", "payloads/bad.json:1:", false},
		{".", "lint --since HEAD", "payloads/bad.json:1:", false},
		{".", "lint --since HEAD payloads", "payloads/bad.json:1:", false},
		{"payloads", "lint --since HEAD", "\nbad.json:1:", false},
		{".", "lint --since HEAD@{0}", "", true},
		{".", "lint --since HEAD@{upstream}", "", true},
		{".", "lint --since ext::evil", "", true},
		{".", "lint --since --upload-pack=evil", "", true},
		{".", "lint --staged", "bad.json:1:", false},
		{".", "lint --staged payloads", "payloads/bad.json:1:", false},
		{"payloads", "lint --staged", "\nbad.json:1:", false},
		{".", "lint --format sarif --format json=../report.json", "bad.json", false},
		{".", "lint --write-baseline ../baseline.json", "", false},
		{".", "lint --baseline ../baseline.json .", "", false},
		{".", "diff . .", "", true},
		{".", "diff payloads .", "", true},
		{"payloads", "diff . .", "", true},
		{"payloads", "diff bad.json bad.json", "", true},
		{"payloads", "apply bad.json bad.json", "", true},
		{".", "lint --fix --dry-run --unsafe-fixes .", "payloads/bad.json", false},
		{".", "lint --fix --unsafe-fixes payloads", "", false},
	} {
		every := 3 // one in so many walks; one at the root and one below it remain
		if strings.Contains(c.args, "--s") {
			every = 11
		}
		if (i+place)%corpus.Size(every, 1) > 0 {
			continue
		}
		h.Chdir(filepath.Join(h.root, filepath.FromSlash(c.dir)))
		var out, errs bytes.Buffer
		code := run(strings.Fields(c.args), stdio{strings.NewReader(""), &out, &errs})
		what := fmt.Sprintf("in %s, patchlint %s: exit %d\n%s\n%s", c.dir, c.args, code, &out, &errs)
		switch {
		case code == exitFailed && (!(c.mayFail || h.broken && strings.Contains(c.args, "--s")) || errs.Len() == 0):
			h.Error(what)
		case h.broken && strings.Contains(errs.String(), "nothing was checked"): // in the repository inside
		case code != exitFailed && !strings.Contains("\n"+out.String(), c.shown):
			h.Errorf("%q is hidden: %s", c.shown, what)
		}
		if _, err := os.Stat(h.marker); err == nil {
			h.Fatalf("it ran a program: %s", what)
		}
	}
}
