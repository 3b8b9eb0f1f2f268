//go:build unix

package measure

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// CPU is the time that this process has spent on all processors, its garbage
// collector's included. On a machine that others use it is steadier than the
// wall clock, and kinder to what makes no garbage.
func CPU() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// Peak is the most memory that this process has held, in bytes.
func Peak() int64 {
	// What getrusage says of a process counts the program before exec, too.
	if src, err := os.ReadFile("/proc/self/status"); err == nil {
		for line := range strings.Lines(string(src)) {
			if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
				kilobytes, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 10, 64)
				return kilobytes << 10
			}
		}
	}
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return maxRSS(&usage)
}
