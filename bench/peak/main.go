//go:build unix

// Peak runs a command and prints its peak memory in bytes. It is a separate program
// because the reported peak of a process is never less than that of the process that
// started it.
package main

import (
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

func main() {
	command := exec.Command(os.Args[1], os.Args[2:]...)
	command.Stderr = os.Stderr
	var exit *exec.ExitError
	if err := command.Run(); err != nil && !errors.As(err, &exit) {
		log.Fatal(err)
	}
	most := command.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
	if runtime.GOOS != "darwin" { // in bytes there, and in KiB elsewhere
		most *= 1024
	}
	fmt.Println(most)
	os.Exit(command.ProcessState.ExitCode())
}
