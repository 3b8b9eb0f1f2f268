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

// TestAhead checks that a source queues a limited number of events while it waits for its turn.
func TestAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var added int
		o := &order{sources: 2, add: func(emitted) error { added++; return nil }}
		o.progress.L = &o.lock
		go func() {
			for range 2 * maxEvents {
				o.emit(1, emitted{})
			}
		}()
		synctest.Wait()
		if n := len(o.queued[1]); n != maxEvents || added != 0 {
			t.Errorf("%d events are queued and %d added, want %d and 0", n, added, maxEvents)
		}
		o.emit(0, emitted{result: new(check.Result)})
		synctest.Wait()
		if want := 1 + 2*maxEvents; added != want {
			t.Errorf("%d events were added, want %d", added, want)
		}
	})
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
