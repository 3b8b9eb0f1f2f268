package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// repository is a work tree and the directories that git keeps about it.
type repository struct {
	root   string // of the work tree, with all links followed
	dir    string // .git, or where a .git file leads
	common string // what it shares with other work trees; most often dir
}

// openRepository reads where the .git of a work tree leads.
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
			return nil, fmt.Errorf("%s: not a .git file", Display(dir))
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

// resolve returns the path that a line of a file in git's directories names.
func resolve(from, line string) string {
	name := filepath.FromSlash(strings.TrimRight(line, "\r\n"))
	if !filepath.IsAbs(name) {
		name = filepath.Join(from, name)
	}
	return filepath.Clean(name)
}

// maxSmall is the size up to which the small files of a repository are read.
const maxSmall = 1 << 20

// snapshot is a directory that git is shown in place of a repository's own: with
// copies of its refs, its objects where they are, and a configuration that holds
// nothing but a few facts. Whatever program a repository configures as a hook,
// filter, monitor, pager or transport, git does not learn of it.
type snapshot struct {
	*repository
	program   string
	temporary string
	gitDir    string // in it
}

// snapshotOf makes one of the repository with a work tree, in which a revision can be
// asked for. Close removes it.
func snapshotOf(root, revision string) (*snapshot, error) {
	r, err := openRepository(root)
	if err != nil {
		return nil, err
	}
	if !IsDirectory(filepath.Join(r.common, "objects")) || !IsDirectory(filepath.Join(r.common, "refs")) {
		return nil, fmt.Errorf("%s is not a git repository", Display(filepath.Join(r.root, ".git")))
	}
	program, err := gitProgram(r.root)
	if err != nil {
		return nil, err
	}
	s := &snapshot{repository: r, program: program, gitDir: os.DevNull}
	config, err := s.configuration(revision)
	if err != nil {
		return nil, err
	}
	err = makeTemporaryDirectory(func(temporary string) error {
		common := filepath.Join(temporary, "common")
		s.temporary, s.gitDir = temporary, common
		if err := copyRefs(r.common, common); err != nil {
			return err
		}
		if r.dir != r.common {
			s.gitDir = filepath.Join(temporary, "git")
			if err := copyRefs(r.dir, s.gitDir); err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(s.gitDir, "commondir"), []byte(common), 0o600); err != nil {
				return Plain(err)
			}
		}
		return Plain(os.WriteFile(filepath.Join(common, "config"), config, 0o600))
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Close removes what was copied.
func (s *snapshot) Close() { removeTemporary(s.temporary) }

// copyRefs copies what names commits in a directory of git's. Of a split index that
// includes the part that is shared.
func copyRefs(from, to string) error {
	from, err := filepath.EvalSymlinks(from)
	if err != nil {
		return Plain(err)
	}
	return filepath.WalkDir(from, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return Plain(err)
		}
		path, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		top, _, inside := strings.Cut(filepath.ToSlash(path), "/")
		kept := inside || top == "." || slices.Contains([]string{"refs", "logs", "reftable", "packed-refs", "shallow"}, top) ||
			strings.HasSuffix(top, "HEAD") || strings.HasPrefix(top, "sharedindex.")
		switch {
		case !kept && entry.IsDir():
			return fs.SkipDir
		case !kept:
			return nil
		case entry.IsDir():
			return Plain(os.MkdirAll(filepath.Join(to, path), 0o700))
		}
		text, err := ReadRegular(name, maxIndex)
		if errors.Is(err, errNotRegular) || errors.Is(err, fs.ErrNotExist) {
			return nil // git has no others; one may be gone
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, path), text, 0o600)
		}
		return Plain(err)
	})
}

// configuration returns the one that git reads: the format of the repository, and
// where branches come from, which a revision such as @{upstream} asks about. Nothing
// is fetched, whatever the remote is. Most often theirs has none of it, and git, which
// alone reads it as git does, need not be started.
func (s *snapshot) configuration(revision string) ([]byte, error) {
	theirs, err := ReadRegular(filepath.Join(s.common, "config"), maxSmall)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, Plain(err)
	}
	ours := []byte("[core]\n\trepositoryformatversion = 1\n\tbare = false\n")
	if !bytes.Contains(bytes.ToLower(theirs), []byte("extensions")) && !strings.Contains(revision, "@") {
		return ours, nil
	}
	out, err := s.git(theirs, "config", "--file", "-", "--no-includes", "-z", "--get-regexp",
		`^(extensions\.(objectformat|refstorage)|branch\..*\.(remote|merge)|remote\..*\.fetch)$`)
	if err != nil && !errors.Is(err, errSilent) { // no key matches
		return nil, err
	}
	for _, line := range list(out) {
		key, value, _ := strings.Cut(line, "\n")
		section, rest, _ := strings.Cut(key, ".")
		if last := strings.LastIndexByte(rest, '.'); last >= 0 {
			section += " " + configQuote(rest[:last])
			rest = rest[last+1:]
		}
		ours = fmt.Appendf(ours, "[%s]\n\t%s = %s\n", section, rest, configQuote(value))
	}
	return ours, nil
}

// configQuote quotes a text as git-config(1) reads it. The escape of a line feed
// counts in values alone, and names of sections have none.
func configQuote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text) + `"`
}

// patience is how long git may take for one answer.
const patience = 2 * time.Minute

// command returns git with arguments, to be run in the snapshot.
func (s *snapshot) command(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, s.program, args...)
	command.Dir = s.temporary
	command.Env = slices.DeleteFunc(os.Environ(), func(v string) bool {
		v = strings.ToUpper(v) // as Windows compares them
		return strings.HasPrefix(v, "GIT_") || strings.HasPrefix(v, "HOME=") || strings.HasPrefix(v, "XDG_CONFIG_HOME=") || strings.HasPrefix(v, "LC_ALL=")
	})
	command.Env = append(command.Env,
		"GIT_DIR="+s.gitDir, "GIT_WORK_TREE="+s.root, "GIT_OBJECT_DIRECTORY="+filepath.Join(s.common, "objects"), "GIT_INDEX_FILE="+indexOf(s.repository),
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "HOME="+s.temporary, "XDG_CONFIG_HOME="+s.temporary,
		"GIT_ATTR_NOSYSTEM=1", "GIT_NO_REPLACE_OBJECTS=1", "GIT_OPTIONAL_LOCKS=0",
		// Objects that are not here are not fetched: a transport is a program.
		"GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none", "GIT_TERMINAL_PROMPT=0",
		"LC_ALL=C", // what git says is read
	)
	return command
}

// errSilent is the error of git when it exits with 1 and gives no reason, as for a
// revision that it does not know and for a key that is not set.
var errSilent = errors.New("git failed")

// git runs git on an input and returns what it prints.
func (s *snapshot) git(in []byte, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	command := s.command(ctx, args...)
	var stderr bytes.Buffer
	var exit *exec.ExitError
	command.Stdin, command.Stderr = bytes.NewReader(in), &stderr
	out, err := command.Output()
	complaint := strings.TrimSpace(stderr.String())
	switch {
	case ctx.Err() != nil:
		err = fmt.Errorf("git %s did not end in %s", args[0], patience)
	case err != nil && complaint != "":
		err = errors.New(complaint)
	case errors.As(err, &exit) && exit.ExitCode() == 1:
		err = errSilent
	}
	return out, err
}

// gitProgram returns git as PATH names it: by an absolute path, and none in the
// work tree, where anybody may have put one.
func gitProgram(root string) (string, error) {
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		real, err := filepath.EvalSymlinks(dir)
		if _, inside := below(root, real); err != nil || !filepath.IsAbs(dir) || inside || real == root {
			continue
		}
		if program, err := exec.LookPath(filepath.Join(dir, "git")); err == nil {
			return program, nil
		}
	}
	return "", errors.New("git is not installed")
}

// list splits what git prints with -z.
func list(out []byte) []string {
	text := strings.TrimSuffix(string(out), "\x00")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\x00")
}
