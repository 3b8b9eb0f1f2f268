// Walk reads every file below the current directory with two readers and discards the
// contents. A linter in Go must do at least this. With -scan it also reads their JSON tokens.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	"github.com/go-json-experiment/json/jsontext"
)

func main() {
	scan := flag.Bool("scan", false, "read the JSON tokens of the files")
	flag.Parse()
	files := make(chan string, 64)
	var count, size atomic.Int64
	var readers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			var decoder jsontext.Decoder
			for file := range files {
				src, err := os.ReadFile(file)
				for decoder.Reset(bytes.NewBuffer(src)); *scan && err == nil; {
					if _, err = decoder.ReadToken(); err == io.EOF {
						err = nil
						break
					}
				}
				if err != nil {
					log.Fatal(err)
				}
				count.Add(1)
				size.Add(int64(len(src)))
			}
		})
	}
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			files <- file
		}
		return err
	})
	close(files)
	readers.Wait()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(count.Load(), "files,", size.Load(), "bytes")
}
