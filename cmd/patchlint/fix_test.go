package main

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/patchlint/patchlint/internal/corpus"
)

var kills = flag.Int("kills", 1, "how often TestKilled kills a run of --fix half-way")

// patchlintCommand runs this test binary as the command.
func patchlintCommand(t *testing.T, args ...string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return &exec.Cmd{Path: self, Args: append([]string{"patchlint"}, args...)}
}

// TestKilled checks that a run of --fix that is killed at any moment leaves every file
// complete, old or new. To choose the number of runs:
//
//	go test ./cmd/patchlint -run TestKilled -kills 200 -timeout 1h
func TestKilled(t *testing.T) {
	t.Parallel()
	files := corpus.Size(100, 1000)
	padding := strings.Repeat(" ", 4000)
	before := `{"@odata.context": "https://graph.microsoft.com/beta/$metadata#deviceManagement/complianceManagementPartners/$entity",` + padding + `"iosOnboarded": "true"}`
	after := `{"iosOnboarded": true}`
	dir := t.TempDir()
	name := func(i int) string { return filepath.Join(dir, fmt.Sprintf("%04d.json", i)) }
	for cut, run := 0, 0; cut < *kills; run++ {
		if run > 20**kills {
			t.Fatalf("%d of %d runs were cut off half-way, want %d", cut, run, *kills)
		}
		for i := range files {
			if err := os.WriteFile(name(i), []byte(before), 0o640); err != nil {
				t.Fatal(err)
			}
		}
		cmd := patchlintCommand(t, "lint", "--fix", "-q", dir)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		some := name(rand.IntN(files / 2))
		for text, since := []byte(before), time.Now(); string(text) == before && time.Since(since) < 10*time.Second; {
			text, _ = os.ReadFile(some)
		}
		_ = cmd.Process.Kill() // it may be done already
		_ = cmd.Wait()
		mended := 0
		for i := range files {
			have, err := os.ReadFile(name(i))
			if err != nil {
				t.Fatal(err)
			}
			switch string(have) {
			case before:
			case after:
				mended++
			default:
				t.Fatalf("%s is neither the old nor the new text: %q", name(i), have)
			}
			if info, err := os.Stat(name(i)); err != nil || info.Mode().Perm() != 0o640 {
				t.Fatalf("%s has another mode: %v %v", name(i), info.Mode(), err)
			}
		}
		if mended > 0 && mended < files {
			cut++
		}
	}
}

// TestFullDisk checks that with a full disk the file is unchanged and the exit code is
// 2.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("a small disk cannot be made here: %s", out)
	}
	defer func() {
		if out, err := exec.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("%s", out)
		}
	}()
	file := filepath.Join(dir, "partner.json")
	before := `{"iosOnboarded": "true",` + strings.Repeat(" ", 40_000) + `"macOsOnboarded": true}`
	if err := os.WriteFile(file, []byte(before), 0o644); err != nil {
		t.Fatal(err)
	}
	var out, errs strings.Builder
	if code := run([]string{"lint", "--fix", file}, stdio{strings.NewReader(""), &out, &errs}); code != exitFailed {
		t.Errorf("exit %d", code)
	}
	if !strings.Contains(errs.String(), "cannot fix ") || !strings.Contains(errs.String(), "no space left") {
		t.Errorf("unexpected message %q", errs.String())
	}
	if have, err := os.ReadFile(file); err != nil || string(have) != before {
		t.Errorf("the file has changed: %d bytes, %v", len(have), err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".patchlint-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
