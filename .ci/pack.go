//go:build ignore

// Command pack writes files into a .tar.gz or .zip archive whose bytes depend
// on the names, contents and executable bits of the files and the given time
// alone: no owner, no clock, no time zone, no version of tar, gzip or zip.
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
	"io/fs"
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

// archive takes one file after the other.
type archive interface {
	// create starts the file that is written next.
	create(name string, size int64, mode fs.FileMode, modified time.Time) (io.Writer, error)
	Close() error
}

func pack(name, seconds string, files []string) error {
	unix, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return err
	}
	out, err := os.Create(name)
	if err != nil {
		return err
	}
	defer out.Close()
	var to archive = newTarball(out)
	if strings.HasSuffix(name, ".zip") {
		to = newZipped(out)
	}
	for _, file := range files {
		if err := add(to, file, time.Unix(unix, 0).UTC()); err != nil {
			return err
		}
	}
	if err := to.Close(); err != nil {
		return err
	}
	return out.Close()
}

func add(to archive, file string, modified time.Time) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	mode := fs.FileMode(0o644)
	if info.Mode()&0o100 != 0 {
		mode = 0o755
	}
	w, err := to.create(filepath.Base(file), int64(len(content)), mode, modified)
	if err != nil {
		return err
	}
	_, err = w.Write(content)
	return err
}

type tarball struct {
	*tar.Writer
	gzip *gzip.Writer
}

func newTarball(w io.Writer) tarball {
	z, _ := gzip.NewWriterLevel(w, gzip.BestCompression) // the level is valid
	return tarball{tar.NewWriter(z), z}
}

func (t tarball) create(name string, size int64, mode fs.FileMode, modified time.Time) (io.Writer, error) {
	return t, t.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: int64(mode), ModTime: modified, Format: tar.FormatUSTAR})
}

func (t tarball) Close() error {
	if err := t.Writer.Close(); err != nil {
		return err
	}
	return t.gzip.Close()
}

type zipped struct{ *zip.Writer }

func newZipped(w io.Writer) zipped {
	z := zip.NewWriter(w)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	return zipped{z}
}

func (z zipped) create(name string, _ int64, mode fs.FileMode, modified time.Time) (io.Writer, error) {
	header := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: modified}
	header.SetMode(mode)
	return z.CreateHeader(header)
}
