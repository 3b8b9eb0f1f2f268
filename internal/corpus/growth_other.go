//go:build !unix

package corpus

import "time"

var start = time.Now()

// processorTime returns the time since the process started: the system has no other.
func processorTime() time.Duration { return time.Since(start) }
