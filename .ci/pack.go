//go:build ignore

// Command pack writes files into a .tar.gz or .zip archive whose bytes depend only
// on the given time and on the names, contents and executable bits of the files, not
// on their owner, the clock, the time zone or a version of tar, gzip or zip.
//
//	go run pack.go ARCHIVE UNIX-TIME FILE...
package main

import (
	"archive/tar"
	"archive/zip"
	"compress/flate"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

func main() {
	if len(os.Args) < 4 {
		fmt.Fprintln(os.Stderr, "usage: pack ARCHIVE UNIX-TIME FILE...")
		os.Exit(2)
	}
	if err := pack(os.Args[1], os.Args[2], os.Args[3:]); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

// pack writes the files into an archive of the format that its name ends with.
func pack(name, seconds string, files []string) error {
	unix, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return err
	}
	modified := time.Unix(unix, 0).UTC()
	out, err := os.Create(name)
	if err != nil {
		return err
	}
	defer out.Close()
	compressed, _ := gzip.NewWriterLevel(out, gzip.BestCompression) // the level is valid
	tarball, zipped := tar.NewWriter(compressed), zip.NewWriter(out)
	zipped.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	isZip := strings.HasSuffix(name, ".zip")
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		header := tar.Header{Typeflag: tar.TypeReg, Name: filepath.Base(file), Size: int64(len(content)), Mode: 0o644, ModTime: modified, Format: tar.FormatUSTAR}
		if info, err := os.Stat(file); err != nil {
			return err
		} else if info.Mode()&0o100 != 0 {
			header.Mode = 0o755
		}
		var w io.Writer = tarball
		if isZip {
			entry := &zip.FileHeader{Name: header.Name, Method: zip.Deflate, Modified: modified}
			entry.SetMode(header.FileInfo().Mode())
			w, err = zipped.CreateHeader(entry)
		} else {
			err = tarball.WriteHeader(&header)
		}
		if err != nil {
			return err
		}
		if _, err := w.Write(content); err != nil {
			return err
		}
	}
	ends := []io.Closer{tarball, compressed, out}
	if isZip {
		ends = []io.Closer{zipped, out}
	}
	for _, end := range ends {
		if err := end.Close(); err != nil {
			return err
		}
	}
	return nil
}
