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

// git runs git on a repository that is not trusted: nothing that it configures starts a
// program, opens a connection, or has git look at another work tree.
type git struct {
	root    string // of the work tree, with all links followed
	program string
	timeout time.Duration // the maximum duration of a command
}

// newGit finds git for the repository with the given work tree.
func newGit(root string) (*git, error) {
	for _, name := range []string{"HEAD", "index", "config", "packed-refs", "info/attributes"} {
		name = filepath.Join(root, ".git", filepath.FromSlash(name))
		switch info, err := os.Stat(name); {
		case errors.Is(err, fs.ErrNotExist) && filepath.Base(name) == "HEAD": // git diff compares files outside repositories
			return nil, fmt.Errorf("%s is %w", fromHere(filepath.Dir(name)), errNotRepository)
		case err == nil && !info.Mode().IsRegular(): // git would wait for a pipe
			return nil, fmt.Errorf("%s: %w", fromHere(name), errNotRegular)
		}
	}
	program, err := gitProgram(root)
	return &git{root, program, gitTimeout}, err
}

// gitTimeout is the usual maximum duration of a git command. A file that the configuration
// of a repository includes can be a pipe, for which git would wait.
const gitTimeout = 30 * time.Second

// environment returns the environment of git.
func (g *git) environment() []string {
	inherited := slices.DeleteFunc(os.Environ(), func(v string) bool {
		v = strings.ToUpper(v) // Windows ignores the case of names
		return strings.HasPrefix(v, "GIT_") || strings.HasPrefix(v, "LC_ALL=")
	})
	// A commit hook has the index of the commit, in the repository of the current directory.
	if index := os.Getenv("GIT_INDEX_FILE"); index != "" {
		if here, err := Real("."); err == nil && Repository(here) == g.root {
			inherited = append(inherited, "GIT_INDEX_FILE="+index) // relative to the root, where hooks and git run
		}
	}
	return append(inherited,
		"GIT_DIR="+filepath.Join(g.root, ".git"), "GIT_WORK_TREE="+g.root,
		"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull,
		"GIT_ATTR_NOSYSTEM=1", "GIT_NO_REPLACE_OBJECTS=1", "GIT_OPTIONAL_LOCKS=0",
		// Do not fetch missing objects, because a transport can run any program.
		"GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none", "GIT_TERMINAL_PROMPT=0",
		"LC_ALL=C", // the output is parsed
	)
}

// errSilent is the error when git exits with 1 and prints no reason, as it does for an
// unknown revision or an unset key.
var errSilent = errors.New("git failed")

// output runs git with the given standard input and returns its standard output.
func (g *git) output(in []byte, args ...string) ([]byte, error) {
	var out bytes.Buffer
	err := g.run(bytes.NewReader(in), &out, args...)
	return out.Bytes(), err
}

// run runs git with the given standard input and output.
func (g *git) run(in io.Reader, out io.Writer, args ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), g.timeout)
	defer cancel()
	// The commands used here start only these of the programs in a configuration, and a
	// transport for missing objects, which environment forbids.
	settings := []string{"-c", "core.fsmonitor=false", "-c", "core.hooksPath=" + os.DevNull, "-c", "core.excludesFile=" + os.DevNull, "-c", "core.attributesFile=" + os.DevNull, "-c", "diff.relative=false"}
	command := exec.CommandContext(ctx, g.program, append(settings, args...)...)
	command.Dir, command.Env, command.WaitDelay = g.root, g.environment(), time.Second
	var stderr bytes.Buffer
	var exit *exec.ExitError
	command.Stdin, command.Stdout, command.Stderr = in, out, &stderr
	err := command.Run()
	complaint := strings.TrimSpace(stderr.String())
	switch {
	case ctx.Err() != nil:
		err = fmt.Errorf("git %s did not finish within %s", args[0], g.timeout)
	case err != nil && complaint != "":
		err = errors.New(complaint)
	case errors.As(err, &exit) && exit.ExitCode() == 1:
		err = errSilent
	}
	return err
}

var errNotRepository = errors.New("not a git repository")

// EncodedByGit reports whether the attributes of a file set working-tree-encoding to an
// encoding other than UTF-8, or may do so, because git fails. Git then refuses to commit the file
// in any other encoding (gitattributes(5)).
func EncodedByGit(name string) bool {
	target := Target(name)
	root := Repository(filepath.Dir(target))
	if root == "" || name == "-" { // standard input without a name
		return false
	}
	g, err := newGit(root)
	if err != nil {
		return !errors.Is(err, errNotRepository)
	}
	path, _ := below(root, target)
	out, err := g.output(nil, "check-attr", "-z", "working-tree-encoding", "--", path)
	fields := splitNUL(out) // path, attribute and value
	return err != nil || len(fields) == 3 && !slices.Contains([]string{"unspecified", "unset", "utf-8", "utf8"}, strings.ToLower(fields[2]))
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
