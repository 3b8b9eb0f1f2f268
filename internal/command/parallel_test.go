package command

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/patchlint/patchlint/internal/check"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/settings"
)

// endless is an .ndjson file of large records that never ends.
type endless struct {
	records int
	pause   time.Duration // before each
}

func (r *endless) Read(into []byte) (int, error) {
	time.Sleep(r.pause)
	r.records++
	return copy(into, `{"iosOnboarded": 1}`+strings.Repeat(" ", len(into)-20)+"\n"), nil
}

// endlessSecond returns the sources of a payload and of endless standard input, and a checker
// that reads it.
func endlessSecond(t *testing.T, in *endless) (*check.Checker, []files.Source) {
	t.Helper()
	set := files.Set{StdinName: "b.ndjson"}
	sources, err := set.Collect([]string{"-"})
	if err != nil {
		t.Fatal(err)
	}
	c := &check.Checker{Settings: new(settings.Run), Reader: input.Reader{Limit: 1 << 20}, Stdin: in}
	return c, slices.Insert(sources, 0, files.Edited("a.json", []byte(`{"iosOnboarded": 1}`)))
}

// TestAhead checks that a source queues a limited number of events while it waits for its turn.
func TestAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var in endless
		c, sources := endlessSecond(t, &in)
		turn, full := make(chan struct{}), errors.New("full")
		go func() {
			synctest.Wait()
			if in.records < maxEvents || in.records > maxEvents+3 { // one in the buffer, one that waits
				t.Errorf("%d records were read, want about %d", in.records, maxEvents)
			}
			close(turn)
		}()
		err := checkAll(c, 2, sources, func(e check.Event) error {
			<-turn
			if e.Source.Name() == "b.ndjson" {
				return full
			}
			return nil
		}, func(*files.Source, check.Result) error { return nil })
		if err != full {
			t.Errorf("got the error %v", err)
		}
	})
}

// TestStopped checks that a job that reads a source at an error ends with its next event.
func TestStopped(t *testing.T) {
	for range 20 {
		synctest.Test(t, func(t *testing.T) {
			in := endless{pause: time.Second}
			c, sources := endlessSecond(t, &in)
			full := errors.New("full")
			err := checkAll(c, 2, sources, func(check.Event) error { return full }, nil)
			if err != full || in.records > 2 { // one in the buffer
				t.Errorf("after the error %v, %d records were read", err, in.records)
			}
		})
	}
}

// TestInOrder checks that events are added in the order of the sources, however long
// each takes, and that none is added after an error.
func TestInOrder(t *testing.T) {
	dir := t.TempDir()
	var want []string
	for i := range corpus.Size(100, 300) {
		name := filepath.ToSlash(filepath.Join(dir, fmt.Sprintf("%03d.ndjson", i)))
		records := 1 + i%20
		if i%40 == 7 {
			records = 2*maxEvents + i
		}
		if err := os.WriteFile(name, []byte(strings.Repeat("{\"iosOnboarded\": 1}\n", records)), 0o666); err != nil {
			t.Fatal(err)
		}
		want = append(want, slices.Repeat([]string{name}, records+1)...)
	}
	for _, jobs := range []int{1, 2, 8, 1000} {
		for _, most := range []int{len(want), len(want) / 2, 1} {
			var set files.Set
			sources, err := set.Collect([]string{dir})
			if err != nil {
				t.Fatal(err)
			}
			c := check.Checker{Settings: new(settings.Run), Reader: input.Reader{Limit: 1 << 20}}
			var have []string
			var calls atomic.Int64
			full := errors.New("full")
			add := func(s *files.Source) error {
				runtime.Gosched() // so that other jobs queue events
				if calls.Add(1) > int64(most) {
					return full
				}
				have = append(have, s.Name())
				return nil
			}
			err = checkAll(&c, jobs, sources, func(e check.Event) error { return add(e.Source) }, func(s *files.Source, _ check.Result) error { return add(s) })
			if failed := most < len(want); failed != (err == full) {
				t.Errorf("%d jobs: %v", jobs, err)
			} else if failed {
				time.Sleep(20 * time.Millisecond) // what may be added all the same
			}
			if n := calls.Load(); n > int64(most)+1 || !slices.Equal(have, want[:most]) {
				t.Errorf("%d jobs: %d events were added, want %d, or in another order", jobs, n, most)
			}
		}
	}
}
