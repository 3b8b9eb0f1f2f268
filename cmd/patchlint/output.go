package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
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
}

// openOutput opens what the values of --format, NAME[=FILE], ask for.
func openOutput(values, formats []string, stdout io.Writer) (o *output, err error) {
	o = new(output)
	defer func() {
		if err != nil {
			o.abandon()
		}
	}()
	for _, value := range values {
		format, file, named := strings.Cut(value, "=")
		if !slices.Contains(formats, format) {
			if near := patchlint.Nearest(format, formats); near != "" {
				return o, usageError{fmt.Errorf("--format: no format %s; did you mean %s?", patchlint.Quote(format), near)}
			}
			return o, usageError{fmt.Errorf("--format: no format %s; there are %s", patchlint.Quote(format), strings.Join(formats, ", "))}
		}
		if named && file == "" {
			return o, usageError{fmt.Errorf("--format %s= names no file", format)}
		}
		for _, other := range o.parts {
			switch {
			case other.name == file && named:
				return o, usageError{fmt.Errorf("--format: %s and %s cannot both go to %s", other.format, format, file)}
			case other.name == file:
				return o, usageError{fmt.Errorf("--format: %s and %s cannot both go to standard output; write one to a file, as %s=FILE", other.format, format, format)}
			}
		}
		p := &part{format: format, name: file}
		w := stdout
		if named {
			p.file, err = p.create()
			if err != nil {
				return o, fmt.Errorf("--format %s: %w", format, plain(err))
			}
			w = p.file
		}
		p.Writer = bufio.NewWriterSize(w, 64<<10)
		o.parts = append(o.parts, p)
	}
	return o, nil
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
	return os.OpenFile(fmt.Sprintf("%s.%d.tmp", p.target, os.Getpid()), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}

// commit writes out every report and gives the files their names.
func (o *output) commit() error {
	var failures []error
	for _, p := range o.parts {
		failures = append(failures, p.Flush())
	}
	if err := errors.Join(failures...); err != nil {
		return err
	}
	for _, p := range o.parts {
		if p.file != nil {
			err := p.file.Close()
			if err == nil && p.target != "" {
				if err = os.Rename(p.file.Name(), p.target); err != nil {
					_ = os.Remove(p.file.Name())
				}
			}
			failures = append(failures, err)
			p.file = nil
		}
	}
	return errors.Join(failures...)
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
