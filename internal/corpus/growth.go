package corpus

import (
	"testing"
	"time"
)

// Linear checks that the processor time of work grows with n and not with its square: four
// times the size takes at most nine times as long, where quadratic time would be sixteen
// times as long. Other load on the machine makes a run longer, never shorter, so Linear
// compares the shortest runs, and runs work again only while they do not show linear growth.
func Linear(t testing.TB, n int, work func(n int)) {
	t.Helper()
	took := func(n int) time.Duration {
		start := processorTime()
		work(n)
		return processorTime() - start
	}
	large, small := took(4*n), took(n) // the first also creates what is created on first use
	for range 10 {
		if large <= 9*small {
			return
		}
		large, small = min(large, took(4*n)), min(small, took(n))
	}
	t.Errorf("size %d takes %v, and %d takes %v", n, small, 4*n, large)
}
