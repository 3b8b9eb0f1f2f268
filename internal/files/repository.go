package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
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
	temporary string
	program   string
	objects   string
}

// snapshot makes one. Close removes it.
func (r *repository) snapshot() (s *snapshot, err error) {
	s = &snapshot{repository: r, objects: filepath.Join(r.common, "objects")}
	if !IsDirectory(s.objects) || !IsDirectory(filepath.Join(r.common, "refs")) {
		return nil, fmt.Errorf("%s is not a git repository", Display(filepath.Join(r.root, ".git")))
	}
	if s.program, err = gitProgram(r.root); err != nil {
		return nil, err
	}
	if s.temporary, err = makeTemporaryDirectory(s.copy); err != nil {
		return nil, err
	}
	if err := s.configure(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// copy copies what names commits, and the configuration to be read.
func (s *snapshot) copy(temporary string) error {
	s.temporary = temporary
	if err := copyRefs(s.dir, s.gitDir()); err != nil {
		return err
	}
	if s.common != s.dir {
		if err := copyRefs(s.common, s.commonDir()); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(s.gitDir(), "commondir"), []byte(s.commonDir()), 0o600); err != nil {
			return Plain(err)
		}
	}
	text, err := ReadRegular(filepath.Join(s.common, "config"), maxSmall)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Plain(err)
	}
	return Plain(os.WriteFile(s.theirConfig(), text, 0o600))
}

// theirConfig is a copy of the repository's configuration. It has no effect where
// it is.
func (s *snapshot) theirConfig() string { return filepath.Join(s.temporary, "config") }

func (s *snapshot) gitDir() string { return filepath.Join(s.temporary, "git") }

func (s *snapshot) commonDir() string {
	if s.common == s.dir {
		return s.gitDir()
	}
	return filepath.Join(s.temporary, "common")
}

// Close removes what was copied.
func (s *snapshot) Close() { removeTemporary(s.temporary) }

// copyRefs copies what names commits in a directory of git's.
func copyRefs(from, to string) error {
	entries, err := os.ReadDir(from)
	if err != nil {
		return Plain(err)
	}
	if err := os.MkdirAll(filepath.Join(to, "refs"), 0o700); err != nil { // without it git sees no repository
		return Plain(err)
	}
	for _, entry := range entries {
		name := entry.Name()
		switch {
		case name == "refs" || name == "logs" || name == "reftable":
			if err := copyTree(filepath.Join(from, name), filepath.Join(to, name)); err != nil {
				return err
			}
		case name == "HEAD" || strings.HasSuffix(name, "_HEAD") || name == "packed-refs" || name == "shallow" || strings.HasPrefix(name, "sharedindex."):
			if err := copyFile(filepath.Join(from, name), filepath.Join(to, name)); err != nil {
				return err
			}
		}
	}
	return nil
}

func copyTree(from, to string) error {
	return filepath.WalkDir(from, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return Plain(err)
		}
		relative, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		target := filepath.Join(to, relative)
		if entry.IsDir() {
			return os.MkdirAll(target, 0o700)
		}
		return copyFile(name, target)
	})
}

// copyFile copies a regular file; git has no others.
func copyFile(from, to string) error {
	source, err := openRegular(from)
	switch {
	case errors.Is(err, errNotRegular), errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return Plain(err)
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return Plain(err)
	}
	_, err = io.Copy(target, source)
	return Plain(errors.Join(err, target.Close()))
}

// configure writes the configuration that git reads: the format of the
// repository, and where branches come from, which a revision such as @{upstream}
// asks about. Nothing is fetched, whatever the remote is.
func (s *snapshot) configure() error {
	config := "[core]\n\trepositoryformatversion = 1\n\tbare = false\n"
	out, _, err := s.git("config", "--file", s.theirConfig(), "--no-includes", "-z", "--list")
	if err != nil {
		return err
	}
	for _, line := range list(out) {
		key, value, _ := strings.Cut(line, "\n")
		if section, ok := kept(key); ok {
			config += fmt.Sprintf("[%s]\n\t%s = %s\n", section, key[strings.LastIndexByte(key, '.')+1:], configQuote(value))
		}
	}
	return uninterrupted(func() error {
		return Plain(os.WriteFile(filepath.Join(s.commonDir(), "config"), []byte(config), 0o600))
	})
}

// kept returns the section of a key of the configuration that is kept.
func kept(key string) (section string, ok bool) {
	first, last := strings.IndexByte(key, '.'), strings.LastIndexByte(key, '.')
	switch {
	case first < 0:
		return "", false
	case key == "extensions.objectformat", key == "extensions.refstorage":
		return "extensions", true
	case first == last:
		return "", false
	}
	switch key[:first] + key[last:] {
	case "branch.remote", "branch.merge", "remote.fetch":
		return key[:first] + " " + configQuote(key[first+1:last]), true
	}
	return "", false
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
		"GIT_DIR="+s.gitDir(), "GIT_WORK_TREE="+s.root, "GIT_OBJECT_DIRECTORY="+s.objects, "GIT_INDEX_FILE="+indexOf(s.repository),
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "HOME="+s.temporary, "XDG_CONFIG_HOME="+s.temporary,
		"GIT_ATTR_NOSYSTEM=1", "GIT_NO_REPLACE_OBJECTS=1", "GIT_OPTIONAL_LOCKS=0",
		// Objects that are not here are not fetched: a transport is a program.
		"GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none", "GIT_TERMINAL_PROMPT=0",
		"LC_ALL=C", // what git says is read
	)
	return command
}

// git runs git and returns what it prints, and what it complains of though it goes
// on. Where git fails, the error has its words.
func (s *snapshot) git(args ...string) (out []byte, complaint string, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	command := s.command(ctx, args...)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err = command.Output()
	complaint = strings.TrimSpace(stderr.String())
	switch {
	case ctx.Err() != nil:
		err = fmt.Errorf("git %s did not end in %s", args[0], patience)
		complaint = err.Error()
	case err != nil && complaint != "":
		err = errors.New(complaint)
	}
	return out, complaint, err
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
