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

// snapshot is a temporary git directory that git is run on in place of the repository's
// own. It has copies of the refs, refers to the original objects, and has a minimal
// configuration. Git therefore never sees a hook, filter, fsmonitor, pager or transport
// that the repository configures.
type snapshot struct {
	*repository
	program string
	tempDir string
	gitDir  string // in tempDir
}

// newSnapshot makes a snapshot of the repository with the given work tree, in which
// revision can be resolved. Close removes it.
func newSnapshot(root, revision string) (*snapshot, error) {
	r, err := openRepository(root)
	if err != nil {
		return nil, err
	}
	if !IsDirectory(filepath.Join(r.common, "objects")) || !IsDirectory(filepath.Join(r.common, "refs")) {
		return nil, fmt.Errorf("%s is not a git repository", fromHere(filepath.Join(r.root, ".git")))
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
	err = createTemporary(func() (_ string, err error) {
		if s.tempDir, err = os.MkdirTemp("", "patchlint-*.tmp"); err != nil {
			return "", err
		}
		if err = s.fill(config); err != nil {
			_ = os.RemoveAll(s.tempDir)
		}
		return s.tempDir, err
	})
	return s, Plain(err)
}

// fill makes the git directory with a configuration.
func (s *snapshot) fill(config []byte) error {
	common := filepath.Join(s.tempDir, "common")
	s.gitDir = common
	if err := copyRefs(s.common, common); err != nil {
		return err
	}
	if s.dir != s.common {
		s.gitDir = filepath.Join(s.tempDir, "git")
		if err := copyRefs(s.dir, s.gitDir); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(s.gitDir, "commondir"), []byte(common), 0o600); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(common, "config"), config, 0o600)
}

// Close removes the snapshot.
func (s *snapshot) Close() {
	_ = releaseTemporary(s.tempDir, func() error { return os.RemoveAll(s.tempDir) })
}

// copyRefs copies the files that name commits from one git directory to another, and
// the shared part of a split index.
func copyRefs(from, to string) error {
	from, err := filepath.EvalSymlinks(from)
	if err != nil {
		return err
	}
	return filepath.WalkDir(from, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
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
			return os.MkdirAll(filepath.Join(to, path), 0o700)
		}
		text, err := ReadRegular(name, maxIndex)
		if errors.Is(err, errNotRegular) || errors.Is(err, fs.ErrNotExist) {
			return nil // git uses only regular files, and may just have removed one
		}
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, path), text, 0o600)
	})
}

// configuration returns the configuration of the snapshot: the repository format and,
// for revisions such as @{upstream}, the upstream branches. Git itself parses the
// repository's configuration, but is started only if one of these may be set there.
func (s *snapshot) configuration(revision string) ([]byte, error) {
	original, err := ReadRegular(filepath.Join(s.common, "config"), maxSmall)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, Plain(err)
	}
	config := []byte("[core]\n\trepositoryformatversion = 1\n\tbare = false\n")
	if !bytes.Contains(bytes.ToLower(original), []byte("extensions")) && !strings.Contains(revision, "@") {
		return config, nil
	}
	out, err := s.git(original, "config", "--file", "-", "--no-includes", "-z", "--get-regexp",
		`^(extensions\.(objectformat|refstorage)|branch\..*\.(remote|merge)|remote\..*\.fetch)$`)
	if err != nil && !errors.Is(err, errSilent) { // no key matches
		return nil, err
	}
	for _, line := range splitNUL(out) {
		key, value, _ := strings.Cut(line, "\n")
		section, rest, _ := strings.Cut(key, ".")
		if last := strings.LastIndexByte(rest, '.'); last >= 0 {
			section += " " + configQuote(rest[:last])
			rest = rest[last+1:]
		}
		config = fmt.Appendf(config, "[%s]\n\t%s = %s\n", section, rest, configQuote(value))
	}
	return config, nil
}

// configQuote quotes a value or section name for git-config(1). Only values can contain
// a line feed.
func configQuote(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(text) + `"`
}

// gitTimeout is the maximum duration of one git command.
const gitTimeout = 2 * time.Minute

// environment returns the environment of git in the snapshot.
func (s *snapshot) environment() []string {
	inherited := slices.DeleteFunc(os.Environ(), func(v string) bool {
		v = strings.ToUpper(v) // Windows ignores the case of names
		return strings.HasPrefix(v, "GIT_") || strings.HasPrefix(v, "HOME=") || strings.HasPrefix(v, "XDG_CONFIG_HOME=") || strings.HasPrefix(v, "LC_ALL=")
	})
	return append(inherited,
		"GIT_DIR="+s.gitDir, "GIT_WORK_TREE="+s.root, "GIT_OBJECT_DIRECTORY="+filepath.Join(s.common, "objects"), "GIT_INDEX_FILE="+indexOf(s.repository),
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "HOME="+s.tempDir, "XDG_CONFIG_HOME="+s.tempDir,
		"GIT_ATTR_NOSYSTEM=1", "GIT_NO_REPLACE_OBJECTS=1", "GIT_OPTIONAL_LOCKS=0",
		// Do not fetch missing objects, because a transport can run any program.
		"GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none", "GIT_TERMINAL_PROMPT=0",
		"LC_ALL=C", // the output is parsed
	)
}

// errSilent is the error when git exits with 1 and prints no reason, as it does for an
// unknown revision or an unset key.
var errSilent = errors.New("git failed")

// git runs git with the given standard input and returns its standard output.
func (s *snapshot) git(in []byte, args ...string) ([]byte, error) {
	var out bytes.Buffer
	err := s.run(bytes.NewReader(in), &out, args...)
	return out.Bytes(), err
}

// run runs git with the given standard input and output.
func (s *snapshot) run(in io.Reader, out io.Writer, args ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), gitTimeout)
	defer cancel()
	command := exec.CommandContext(ctx, s.program, args...)
	command.Dir, command.Env = s.tempDir, s.environment()
	var stderr bytes.Buffer
	var exit *exec.ExitError
	command.Stdin, command.Stdout, command.Stderr = in, out, &stderr
	err := command.Run()
	complaint := strings.TrimSpace(stderr.String())
	switch {
	case ctx.Err() != nil:
		err = fmt.Errorf("git %s did not end in %s", args[0], gitTimeout)
	case err != nil && complaint != "":
		err = errors.New(complaint)
	case errors.As(err, &exit) && exit.ExitCode() == 1:
		err = errSilent
	}
	return err
}

// gitProgram returns the path of git. It ignores relative directories in PATH and those
// in the work tree, where anybody may have put a program of that name.
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

// splitNUL splits the NUL-terminated output of git -z.
func splitNUL(out []byte) []string {
	return strings.FieldsFunc(string(out), func(r rune) bool { return r == 0 })
}
