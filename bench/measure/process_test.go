//go:build unix

package measure_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/patchlint/patchlint/bench/measure"
)

func TestCommand(t *testing.T) {
	shell := func(script string) []string { return []string{"sh", "-c", script} }
	c := measure.Command{Name: "two at once", Code: 3, Lists: [][][]string{
		{shell("sleep 0.2; echo a; exit 3"), shell("echo b; exit 3")},
		{shell("sleep 0.2; echo c; exit 3")},
	}}
	var out bytes.Buffer
	if err := c.Output(&out); err != nil || out.String() != "a\nb\nc\n" {
		t.Errorf("%v, %q", err, out.String())
	}
	used, err := c.Run()
	if err != nil {
		t.Fatal(err)
	}
	if used.Wall < 200*time.Millisecond || used.Peak < 2*500<<10 || used.CPU <= 0 {
		t.Errorf("it took %+v", used)
	}

	c.Code = 0
	if _, err := c.Run(); err == nil || !strings.Contains(err.Error(), "two at once: exit code 3, want 0") {
		t.Errorf("the error is %v", err)
	}
	c.Lists = [][][]string{{{"/nowhere/at-all"}}}
	if _, err := c.Run(); err == nil {
		t.Error("a program that is not there ran")
	}
}

// TestClocks holds that both go on while work is done, and Peak with memory.
func TestClocks(t *testing.T) {
	cpu, wall, peak := measure.CPU(), measure.Wall(), measure.Peak()
	held := bytes.Repeat([]byte("x"), 64<<20)
	for measure.CPU()-cpu < 20*time.Millisecond {
		held[0] += byte(bytes.Count(held[:1<<20], []byte("x")))
	}
	if measure.Wall() <= wall {
		t.Error("the wall clock stands")
	}
	if grown := measure.Peak() - peak; grown < 60<<20 {
		t.Errorf("64 MiB more are %d bytes", grown)
	}
}
