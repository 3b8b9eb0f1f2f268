//go:build unix

package main

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/patchlint/patchlint/internal/corpus"
)

// TestSignalled checks that a run that a signal ends at any moment leaves no temporary
// file and every file complete, with the exit code that shells use. To choose the number
// of runs:
//
//	go test ./cmd/patchlint -run TestSignalled -kills 200 -timeout 1h
func TestSignalled(t *testing.T) {
	t.Parallel()
	files := corpus.Size(30, 300)
	before := `{"iosOnboarded": "true"}` + strings.Repeat(" ", 2000)
	after := `{"iosOnboarded": true}` + strings.Repeat(" ", 2000)
	for name, args := range map[string][]string{
		"fix":      {"lint", "--fix", "-q", "tree"},
		"reports":  {"lint", "-q", "--format", "json=report.json", "--format", "sarif=report.sarif", "tree"},
		"baseline": {"lint", "-q", "--write-baseline", "baseline.json", "tree"},
		"staged":   {"lint", "-q", "--staged", "--format", "json=report.json", "tree"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			write := func() {
				for i := range files {
					file := filepath.Join(dir, "tree", string(rune('a'+i%26)), string(rune('a'+i/26))+".json")
					if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(file, []byte(before), 0o666); err != nil {
						t.Fatal(err)
					}
				}
			}
			write()
			if name == "staged" {
				for _, args := range [][]string{{"init", "-q"}, {"add", "."}} {
					command := exec.Command("git", args...)
					command.Dir = dir
					if out, err := command.CombinedOutput(); err != nil {
						t.Skipf("git: %v %s", err, out)
					}
				}
			}
			longest := 300 * time.Millisecond // of a run that nothing ends
			ended := 0
			for i := range 3 * *kills {
				if name == "fix" {
					write()
				}
				number := []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP}[i%3]
				cmd := patchlintCommand(t, args...)
				cmd.Dir, cmd.Env = dir, append(os.Environ(), "TMPDIR="+dir)
				started := time.Now()
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				time.Sleep(rand.N(longest))
				_ = cmd.Process.Signal(number) // it may be done already
				_ = cmd.Wait()
				switch code := cmd.ProcessState.ExitCode(); {
				case code == 128+int(number):
					ended++
				case code == -1: // before there was anything to remove
				case code != exitClean && code != exitFindings:
					t.Errorf("exit code %d after %s", code, number)
				case name == "fix" && code != exitClean:
					t.Errorf("exit code %d", code)
				default:
					longest = max(time.Since(started), time.Millisecond)
				}
				err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
					if err != nil || d.Name() == ".git" {
						return fs.SkipDir
					}
					if strings.Contains(d.Name(), ".tmp") || strings.HasPrefix(d.Name(), ".patchlint-") {
						t.Errorf("%s left %s", number, file)
					}
					if have, _ := os.ReadFile(file); strings.HasSuffix(filepath.Dir(filepath.Dir(file)), "tree") && string(have) != before && string(have) != after {
						t.Errorf("%s left %s with %d bytes", number, file, len(have))
					}
					return nil
				})
				if err != nil {
					t.Fatal(err)
				}
				for _, report := range []string{"report.json", "report.sarif", "baseline.json"} {
					text, err := os.ReadFile(filepath.Join(dir, report))
					if err == nil && !strings.HasSuffix(string(text), "}\n") {
						t.Errorf("%s left %s incomplete", number, report)
					}
				}
			}
			if t.Logf("%d of %d runs were ended", ended, 3**kills); *kills >= 10 && ended == 0 {
				t.Error("no run was ended while there was anything to remove")
			}
		})
	}
}

// TestBrokenPipe checks that a run whose output nobody reads ends like other commands,
// and leaves no temporary file.
func TestBrokenPipe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "a.ndjson"), []byte(strings.Repeat("{\"iosOnboarded\": 1}\n", 4_000)), 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := patchlintCommand(t, "lint", "--format", "text", "--format", "json=report.json", "a.ndjson")
	cmd.Dir = dir
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	var errs strings.Builder
	cmd.Stdout, cmd.Stderr = write, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = write.Close()
	_, _ = read.Read(make([]byte, 1000))
	_ = read.Close()
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 128+int(syscall.SIGPIPE) || errs.Len() > 0 {
		t.Errorf("exit code %d: %s", code, &errs)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".patchlint-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
