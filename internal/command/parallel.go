package command

import (
	"sync"

	"github.com/patchlint/patchlint/internal/check"
	"github.com/patchlint/patchlint/internal/files"
)

// maxAhead is how many sources are checked ahead of the one being reported, and maxEvents
// how many events each of these can queue: those of a file with a few payloads.
const maxAhead, maxEvents = 64, 8

// repairAll fixes groups of sources concurrently, and the sources of a group, which are
// the same file, one after the other: in a dry run, each in the text that the one before
// left. It returns the outcomes by path.
func repairAll(c *check.Checker, jobs int, groups [][]files.Source) map[string]*check.Repair {
	repairs := make(map[string]*check.Repair)
	var running sync.WaitGroup
	free := make(chan struct{}, jobs)
	for _, group := range groups {
		outcomes := make([]check.Repair, len(group))
		for i := range group {
			repairs[group[i].Path] = &outcomes[i]
		}
		free <- struct{}{}
		running.Go(func() {
			var fixed []byte // in a dry run
			for i, s := range group {
				if fixed != nil {
					s = files.Edited(s.Path, fixed)
					s.Found = group[i].Found
				}
				outcomes[i] = c.Repair(&s)
				if outcomes[i].Text != nil {
					fixed = outcomes[i].Text
				}
			}
			for i := range outcomes {
				outcomes[i].Text, outcomes[i].Again = fixed, i > 0
			}
			<-free
		})
	}
	running.Wait()
	return repairs
}

// checkAll checks sources concurrently. It passes the events of each to add and then its
// result to end, in the order of the sources and one at a time. It returns the first error of
// these. add owns the payload of an event, and may release it.
func checkAll(c *check.Checker, jobs int, sources []files.Source, add func(check.Event) error, end func(*files.Source, check.Result) error) error {
	type task struct {
		source files.Source
		events chan check.Event // until it is closed
		result check.Result
	}
	work, stop := make(chan *task, maxAhead), make(chan struct{})
	defer close(work)
	defer close(stop)
	for range min(jobs, maxAhead) {
		go func() {
			for t := range work {
				select {
				case <-stop:
					return
				default:
				}
				t.result = c.Check(&t.source, func(e check.Event) bool {
					select {
					case t.events <- e:
						return true
					case <-stop:
						return false
					}
				})
				close(t.events)
			}
		}()
	}
	var ahead []*task
	for next := 0; next < len(sources) || len(ahead) > 0; {
		for ; next < len(sources) && len(ahead) < maxAhead; next++ {
			t := &task{source: sources[next], events: make(chan check.Event, maxEvents)}
			ahead = append(ahead, t)
			work <- t // which has room for all that are ahead
		}
		t := ahead[0]
		ahead = ahead[1:]
		for e := range t.events {
			if err := add(e); err != nil {
				return err
			}
		}
		if err := end(&t.source, t.result); err != nil {
			return err
		}
	}
	return nil
}
