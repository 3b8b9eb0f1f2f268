//go:build unix

package measure

import (
	"syscall"
	"time"
)

var start = time.Now()

// Wall is the wall clock.
func Wall() time.Duration { return time.Since(start) }

// CPU is the time that this process and those it waited for have spent on all
// processors, the garbage collector's included. On a machine that others use it is
// steadier than the wall clock, and kinder to what makes no garbage.
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
