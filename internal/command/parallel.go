package command

import (
	"context"
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
	type emitted struct {
		check.Event
		result *check.Result // instead of an event: the end of the source
	}
	var queues [maxAhead]chan emitted // that of source i is at i%maxAhead
	for i := range min(maxAhead, len(sources)) {
		queues[i] = make(chan emitted, maxEvents)
	}
	todo := make(chan int, maxAhead)
	running, stop := context.WithCancel(context.Background())
	emit := func(i int, e emitted) bool {
		select {
		case queues[i%maxAhead] <- e:
			return running.Err() == nil
		case <-running.Done():
			return false
		}
	}
	var workers sync.WaitGroup
	defer workers.Wait()
	defer close(todo)
	defer stop()
	for range min(jobs, len(sources), maxAhead) { // more would only wait
		workers.Go(func() {
			for i := range todo {
				result := c.Check(&sources[i], func(e check.Event) bool { return emit(i, emitted{Event: e}) })
				if !emit(i, emitted{result: &result}) {
					return
				}
			}
		})
	}
	next := 0 // the first source that is not in todo
	for turn := range sources {
		for ; next < min(turn+maxAhead, len(sources)); next++ {
			todo <- next
		}
		e := <-queues[turn%maxAhead]
		for ; e.result == nil; e = <-queues[turn%maxAhead] {
			if err := add(e.Event); err != nil {
				return err
			}
		}
		if err := end(&sources[turn], *e.result); err != nil {
			return err
		}
	}
	return nil
}
