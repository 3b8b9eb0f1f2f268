// Walk reads every file below the current directory with two readers, and does
// nothing with them: the least that a linter in plain Go has to do. With -git it
// reads the files that git lists.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
)

func main() {
	git := flag.Bool("git", false, "read what git ls-files lists")
	flag.Parse()
	list := walk
	if *git {
		list = listed
	}
	if err := read(list); err != nil {
		fmt.Fprintln(os.Stderr, "walk:", err)
		os.Exit(1)
	}
}

func read(list func(found func(string)) error) error {
	files := make(chan string, 64)
	var count, size atomic.Int64
	errs := make([]error, 2)
	var readers sync.WaitGroup
	for i := range errs {
		readers.Go(func() {
			for file := range files {
				src, err := os.ReadFile(file)
				if err != nil {
					errs[i] = err
				}
				count.Add(1)
				size.Add(int64(len(src)))
			}
		})
	}
	err := list(func(file string) { files <- file })
	close(files)
	readers.Wait()
	for _, failed := range append(errs, err) {
		if failed != nil {
			return failed
		}
	}
	fmt.Println(count.Load(), "files,", size.Load(), "bytes")
	return nil
}

func walk(found func(string)) error {
	return filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			found(file)
		}
		return err
	})
}

func listed(found func(string)) error {
	out, err := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		return err
	}
	for name := range bytes.SplitSeq(bytes.TrimSuffix(out, []byte{0}), []byte{0}) {
		found(string(name))
	}
	return nil
}
