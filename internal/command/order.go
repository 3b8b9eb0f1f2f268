package command

import (
	"iter"
	"sync"

	"github.com/patchlint/patchlint/internal/check"
	"github.com/patchlint/patchlint/internal/files"
)

// How many sources are taken before their turn, and how many events of each of these
// may wait for it: those of a file of a few payloads.
const maxAhead, maxWaiting = 64, 8

// inOrder checks sources, several at once, and adds what becomes of them in their
// order, one event at a time. It returns the first error of add. An event's payload
// is the reader's again, to be released.
func inOrder(c *check.Checker, jobs int, sources iter.Seq[files.Source], add func(check.Event) error) error {
	if jobs == 1 { // a small file is checked sooner than a goroutine starts
		var err error
		for s := range sources {
			c.Check(&s, func(e check.Event) bool {
				if err == nil {
					err = add(e)
				}
				return err == nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	}
	type checking struct {
		source files.Source
		events chan check.Event
	}
	checkings := sync.Pool{New: func() any { return &checking{events: make(chan check.Event, maxWaiting)} }}
	inTurn, work := make(chan *checking, maxAhead), make(chan *checking, maxAhead)
	stop := make(chan struct{})
	var finding sync.WaitGroup
	finding.Add(1)
	go func() {
		defer finding.Done()
		defer close(inTurn)
		defer close(work)
		for s := range sources {
			one := checkings.Get().(*checking)
			one.source = s
			for _, to := range []chan *checking{inTurn, work} {
				select {
				case to <- one:
				case <-stop:
					return
				}
			}
		}
	}()
	defer finding.Wait() // the sources are the caller's again
	defer close(stop)
	for range min(jobs, maxAhead) {
		go func() {
			for one := range work {
				select {
				case <-stop:
					return
				default:
				}
				c.Check(&one.source, func(e check.Event) bool {
					select {
					case one.events <- e:
						return true
					case <-stop:
						return false
					}
				})
			}
		}()
	}
	for one := range inTurn {
		for last := false; !last; {
			e := <-one.events
			last = e.Ending != nil
			if err := add(e); err != nil {
				return err
			}
		}
		checkings.Put(one)
	}
	return nil
}
