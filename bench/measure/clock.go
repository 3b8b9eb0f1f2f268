//go:build unix

package measure

import (
	"syscall"
	"time"
)

var start = time.Now()

// Wall is the wall clock.
func Wall() time.Duration { return time.Since(start) }

// CPU is the processor time of this process and of the processes that it waited for,
// including garbage collection. On a shared machine it varies less than wall time, and
// it favors code that creates no garbage.
func CPU() time.Duration {
	var total int64
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var usage syscall.Rusage
		if syscall.Getrusage(who, &usage) == nil {
			total += usage.Utime.Nano() + usage.Stime.Nano()
		}
	}
	return time.Duration(total)
}
