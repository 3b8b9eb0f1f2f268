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

// Run runs the command and returns what it took. What it prints goes to output,
// nil for nowhere.
func (c Command) Run(output io.Writer) (Usage, error) {
	usages, errs := make([]Usage, len(c.Lists)), make([]error, len(c.Lists))
	var locked sync.Mutex
	began := time.Now()
	var wait sync.WaitGroup
	for i, list := range c.Lists {
		wait.Go(func() {
			for _, args := range list {
				process := exec.Command(args[0], args[1:]...)
				process.Dir = c.Dir
				if output != nil {
					process.Stdout = &shared{&locked, output}
					process.Stderr = process.Stdout
				}
				err := process.Run()
				var exit *exec.ExitError
				if err != nil && !errors.As(err, &exit) {
					errs[i] = fmt.Errorf("%s: %w", c.Name, err)
					return
				}
				if code := process.ProcessState.ExitCode(); code != c.Code {
					errs[i] = fmt.Errorf("%s: exit code %d, want %d", c.Name, code, c.Code)
					return
				}
				used := process.ProcessState.SysUsage().(*syscall.Rusage)
				usages[i].CPU += process.ProcessState.UserTime() + process.ProcessState.SystemTime()
				usages[i].Peak = max(usages[i].Peak, maxRSS(used))
			}
		})
	}
	wait.Wait()
	sum := Usage{Wall: time.Since(began)}
	for _, u := range usages {
		sum.CPU += u.CPU
		sum.Peak += u.Peak
	}
	return sum, errors.Join(errs...)
}

// maxRSS is in bytes what systems count in different units.
func maxRSS(u *syscall.Rusage) int64 {
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return int64(u.Maxrss)
	}
	return int64(u.Maxrss) << 10
}

// shared is a writer for several processes.
type shared struct {
	locked *sync.Mutex
	w      io.Writer
}

func (s *shared) Write(p []byte) (int, error) {
	s.locked.Lock()
	defer s.locked.Unlock()
	return s.w.Write(p)
}
