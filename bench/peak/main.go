//go:build unix

// Peak runs a command and prints the most memory that it held, in bytes. It is a
// program of its own because no process is seen to hold less than the one that
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
	if runtime.GOOS != "darwin" { // where it is in bytes; elsewhere in KiB
		most *= 1024
	}
	fmt.Println(most)
	os.Exit(command.ProcessState.ExitCode())
}
