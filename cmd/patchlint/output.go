package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
)

// output is where the reports of a run go. A file is written under another name
// and takes its own only when all of it is there.
type output struct{ parts []*part }

// part is the report in one format.
type part struct {
	*bufio.Writer
	format string
	file   *os.File // nil for standard output
	name   string
	target string // what the file is renamed to in the end, "" for not at all
	spoilt error  // why it is not to be
}

// openOutput opens what the values of --format, NAME[=FILE], ask for. Beside an
// error that is no mistake in the values, the output has what could be opened.
func openOutput(values, formats []string, stdout io.Writer) (*output, error) {
	var parts []*part
	for _, value := range values {
		format, file, named := strings.Cut(value, "=")
		if !slices.Contains(formats, format) {
			if near := patchlint.Nearest(format, formats); near != "" {
				return new(output), usageError{fmt.Errorf("--format: no format %s; did you mean %s?", patchlint.Quote(format), near)}
			}
			return new(output), usageError{fmt.Errorf("--format: no format %s; there are %s", patchlint.Quote(format), strings.Join(formats, ", "))}
		}
		if named && file == "" {
			return new(output), usageError{fmt.Errorf("--format %s= names no file", format)}
		}
		for _, other := range parts {
			switch {
			case other.name == file && named:
				return new(output), usageError{fmt.Errorf("--format: %s and %s cannot both go to %s", other.format, format, file)}
			case other.name == file:
				return new(output), usageError{fmt.Errorf("--format: %s and %s cannot both go to standard output; write one to a file, as %s=FILE", other.format, format, format)}
			}
		}
		parts = append(parts, &part{format: format, name: file})
	}
	o := new(output)
	var failures []error
	for _, p := range parts {
		w := stdout
		if p.name != "" {
			var err error
			if p.file, err = p.create(); err != nil {
				failures = append(failures, fmt.Errorf("--format %s: %w", p.format, plain(err)))
				continue
			}
			w = p.file
		}
		p.Writer = bufio.NewWriterSize(w, 64<<10)
		o.parts = append(o.parts, p)
	}
	return o, errors.Join(failures...)
}

// outputFiles are the files that values of --format name.
func outputFiles(values []string) (files []string) {
	for _, value := range values {
		_, file, _ := strings.Cut(value, "=")
		files = append(files, file)
	}
	return files
}

// create opens the file to write to: one beside the target that takes its name
// in the end, or the target itself where it is a device or a pipe.
func (p *part) create() (*os.File, error) {
	p.target = p.name
	if resolved, err := filepath.EvalSymlinks(p.name); err == nil {
		p.target = resolved
	}
	info, err := os.Stat(p.target)
	switch {
	case err == nil && info.IsDir():
		return nil, fmt.Errorf("%s is a directory", display(p.name))
	case err == nil && !info.Mode().IsRegular():
		p.target = ""
		return os.OpenFile(p.name, os.O_WRONLY, 0)
	}
	// Runs that were killed may have left theirs, and in a container all have the
	// same number.
	for i := 0; ; i++ {
		f, err := os.OpenFile(fmt.Sprintf("%s.%d-%d.tmp", p.target, os.Getpid(), i), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
		if !errors.Is(err, fs.ErrExist) {
			return f, p.named(err)
		}
	}
}

// spare gives up a report that would take the place of a file that was read.
func (o *output) spare(read string) {
	for _, p := range o.parts {
		if p.target == "" || p.spoilt != nil || filepath.Base(p.target) != filepath.Base(read) {
			continue
		}
		written, err := os.Stat(p.target)
		if err != nil {
			continue
		}
		if info, err := os.Stat(read); err == nil && os.SameFile(info, written) {
			p.spoilt = fmt.Errorf("it would take the place of %s, which was read", display(read))
		}
	}
}

// named is an error about the temporary file as one about the report.
func (p *part) named(err error) error {
	if err == nil {
		return nil
	}
	var path *fs.PathError
	var rename *os.LinkError
	switch {
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &rename):
		err = rename.Err
	}
	return fmt.Errorf("%s: %w", display(p.name), err)
}

// commit writes out every report and gives the files their names. Those that can
// be written are, whatever becomes of the others.
func (o *output) commit() error {
	var failures []error
	for _, p := range o.parts {
		failures = append(failures, p.end(nil))
	}
	return errors.Join(failures...)
}

// end writes out a report that is whole unless err says why not, and gives the
// file its name.
func (p *part) end(err error) error {
	if err == nil {
		err = p.spoilt
	}
	if flushErr := p.Flush(); err == nil {
		err = flushErr
	}
	if p.file == nil {
		return err
	}
	if closeErr := p.file.Close(); err == nil {
		err = closeErr
	}
	if p.target != "" {
		if err == nil {
			err = os.Rename(p.file.Name(), p.target)
		}
		if err != nil {
			_ = os.Remove(p.file.Name())
		}
	}
	p.file = nil
	return p.named(err)
}

// abandon removes the files of a run that did not come to its end.
func (o *output) abandon() {
	for _, p := range o.parts {
		if p.file != nil {
			_ = p.file.Close()
			if p.target != "" {
				_ = os.Remove(p.file.Name())
			}
			p.file = nil
		}
	}
}
