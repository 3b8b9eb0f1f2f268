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
	o := &order{sources: len(sources), add: func(e emitted) error {
		if e.result != nil {
			return end(e.Source, *e.result)
		}
		return add(e.Event)
	}}
	o.progress.L = &o.lock
	work := func() {
		for i, ok := o.begin(); ok; i, ok = o.begin() {
			result := c.Check(&sources[i], func(e check.Event) bool { return o.emit(i, emitted{Event: e}) })
			o.emit(i, emitted{check.Event{Source: &sources[i]}, &result})
		}
	}
	var others sync.WaitGroup
	for range min(jobs, len(sources), maxAhead) - 1 { // more would only wait
		others.Go(work)
	}
	work()
	others.Wait()
	return o.err
}

// emitted is an event of a source or, if result is not nil, its end.
type emitted struct {
	check.Event
	result *check.Result
}

// order puts the events of sources in order. Each job that completes the source whose turn
// it is also passes on the events of the complete ones after it, so that jobs rarely wait.
type order struct {
	sources int
	add     func(emitted) error

	lock     sync.Mutex          // of the following
	progress sync.Cond           // signals that turn or err has changed
	next     int                 // the first source that no job has begun to check
	turn     int                 // the source whose events are next
	queued   [maxAhead][]emitted // the events of source i are at i%maxAhead
	err      error
}

// begin returns the next source to check, if there is one.
func (o *order) begin() (i int, ok bool) {
	o.lock.Lock()
	defer o.lock.Unlock()
	for o.next == o.turn+maxAhead && o.err == nil {
		o.progress.Wait()
	}
	if o.err != nil || o.next == o.sources {
		return 0, false
	}
	o.next++
	return o.next - 1, true
}

// emit queues an event of source i, and passes on all events whose turn has come. It returns
// false after an error.
func (o *order) emit(i int, e emitted) bool {
	o.lock.Lock()
	defer o.lock.Unlock()
	queue := &o.queued[i%maxAhead]
	for o.turn != i && len(*queue) == maxEvents && o.err == nil {
		o.progress.Wait()
	}
	*queue = append(*queue, e)
	for more := true; more && o.err == nil; {
		more = o.pass(i)
	}
	return o.err == nil
}

// pass passes on the events of the source whose turn it is, if that is source i or is
// complete, and reports whether it is now the turn of the next one.
func (o *order) pass(i int) bool {
	queue := &o.queued[o.turn%maxAhead]
	events := *queue
	complete := len(events) > 0 && events[len(events)-1].result != nil
	if o.turn != i && !complete { // the job that checks it will pass them on
		return false
	}
	*queue = nil // so that no other job passes them on, too
	o.addAll(events)
	clear(events)
	*queue = events[:0]
	if complete {
		o.turn++
	}
	if complete || o.err != nil {
		o.progress.Broadcast()
	}
	return complete
}

// addAll adds events without the lock, so that other jobs can queue theirs.
func (o *order) addAll(events []emitted) {
	var err error
	o.lock.Unlock()
	defer func() { o.lock.Lock(); o.err = err }()
	for i := 0; i < len(events) && err == nil; i++ {
		err = o.add(events[i])
	}
}
