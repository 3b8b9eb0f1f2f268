//go:build unix

package measure

import (
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// Usage is what a run of one or more processes took.
type Usage struct {
	Wall, CPU time.Duration
	// Peak is the most memory in bytes: of processes that ran beside each other
	// the sum, of those after one another the largest.
	Peak int64
}

// Command is one or more processes that are run as one: each list of commands
// one after the other, the lists beside each other.
type Command struct {
	Name string
	// Dir is the directory they run in.
	Dir   string
	Lists [][][]string
	// Code is the exit code that each has to end with.
	Code int
}

// Run runs the command and returns what it took.
func (c Command) Run() (Usage, error) {
	usages, errs := make([]Usage, len(c.Lists)), make([]error, len(c.Lists))
	began := time.Now()
	var wait sync.WaitGroup
	for i, list := range c.Lists {
		wait.Go(func() { usages[i], errs[i] = c.list(list, nil) })
	}
	wait.Wait()
	sum := Usage{Wall: time.Since(began)}
	for _, u := range usages {
		sum.CPU += u.CPU
		sum.Peak += u.Peak
	}
	return sum, errors.Join(errs...)
}

// Output runs all processes one after the other and writes what they print.
func (c Command) Output(w io.Writer) error {
	for _, list := range c.Lists {
		if _, err := c.list(list, w); err != nil {
			return err
		}
	}
	return nil
}

func (c Command) list(list [][]string, w io.Writer) (used Usage, err error) {
	for _, args := range list {
		process := exec.Command(args[0], args[1:]...)
		process.Dir, process.Stdout, process.Stderr = c.Dir, w, w
		err := process.Run()
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			return used, fmt.Errorf("%s: %w", c.Name, err)
		}
		if code := process.ProcessState.ExitCode(); code != c.Code {
			return used, fmt.Errorf("%s: exit code %d, want %d", c.Name, code, c.Code)
		}
		used.CPU += process.ProcessState.UserTime() + process.ProcessState.SystemTime()
		used.Peak = max(used.Peak, maxRSS(process.ProcessState.SysUsage().(*syscall.Rusage)))
	}
	return used, nil
}

// maxRSS is in bytes what systems count in different units.
func maxRSS(u *syscall.Rusage) int64 {
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return int64(u.Maxrss)
	}
	return int64(u.Maxrss) << 10
}
