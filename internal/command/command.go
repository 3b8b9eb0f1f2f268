// Package command runs the commands lint, diff, apply and schema once their flags
// are parsed: it finds and reads the files, writes the reports, and returns the exit
// code.
//
// A run of lint, and one of diff over directories, takes these steps. Those on an indented
// line are taken for each file or pair of objects.
//
//	settings ▶ open the reports ▶ baseline ▶ find the files ▶ with --fix, fix them all
//	  ▶ read ▶ recognize ▶ lint ▶ drop findings already reported or in the baseline ▶ count ▶ print
//	▶ write the baseline ▶ close the reports ▶ summary and exit code
//
//	settings ▶ open the reports ▶ find the objects of each directory ▶ pair them up
//	  ▶ read ▶ types ▶ diff.Compute ▶ can it be sent? ▶ count ▶ print
//	▶ report the objects without a pair ▶ close the reports ▶ exit code
//
// The reports are closed even if a step fails, and include the failure.
package command

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/settings"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// Exit ends a run with an exit code when everything has been reported. Scripts rely on
// the codes.
type Exit int

const (
	Clean    Exit = 0
	Findings Exit = 1 // at or above --fail-on, or something to send
	Failed   Exit = 2 // could not complete the run
)

// Error describes the code.
func (e Exit) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// UsageError is a mistake in the command line.
type UsageError struct{ error }

// Usagef returns a formatted UsageError.
func Usagef(format string, args ...any) error { return UsageError{fmt.Errorf(format, args...)} }

// Streams are the standard streams of a run.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Common are the flags shared by lint, diff and apply.
type Common struct {
	APIVersion, Type string
	Metadata, Config string   // files
	Names            []string // files
	MaxBytes         int64
	Color            string
	Quiet, Verbose   bool
	// Mistake is an error in the flags, which the reports include.
	Mistake error
}

// inputs returns the files that the flags name, and "" for a flag that is not given.
func (f *Common) inputs() []string { return append([]string{f.Config, f.Metadata}, f.Names...) }

// open reads the settings and combines them with the flags. Even with an error it may
// return a Run, as far as it is known.
func (f *Common) open(c *console) (*settings.Run, error) {
	if f.Mistake != nil {
		return nil, f.Mistake
	}
	run, err := settings.Open(f.Config)
	switch {
	case f.Config != "" && run == nil:
		return nil, fmt.Errorf("--config: %w", err)
	case run == nil:
		return nil, err
	}
	version := cmp.Or(schema.Version(f.APIVersion), run.APIVersion)
	run.Target, run.Pinned = validate.Target{Version: version, Type: f.Type}, f.APIVersion != ""
	if err != nil {
		return run, err
	}
	if f.Verbose {
		c.note("%s", run.Description())
	}
	model, err := openModel(run, f.Metadata, version)
	if err != nil {
		return run, err
	}
	if f.Metadata != "" {
		run.Target.Version = model.Version // --metadata determines the version
	}
	if f.Type != "" {
		if _, err := model.Resource(f.Type); err != nil {
			return run, Usagef("--type: %w (%s)", err, listsTypes)
		}
	}
	if err := run.AddNames(f.Names); err != nil {
		return run, err
	}
	if pages := run.Continued(); len(pages) > 0 {
		c.note("the names are incomplete: %s continues at @odata.nextLink; export every page", strings.Join(pages, ", "))
	}
	return run, nil
}

// openModel opens the model of an API version, from the --metadata file if there is
// one. For such a file the version "" means the most similar one.
func openModel(c *settings.Run, metadata string, version schema.Version) (*schema.Model, error) {
	unknown := version != "" && !slices.Contains(schema.Versions(), version)
	if metadata == "" || unknown {
		model, err := c.Models.Open(version)
		if err != nil {
			return nil, Usagef("--api-version: %w", err)
		}
		return model, nil
	}
	model, err := c.AddMetadata(metadata, files.Display(metadata), version)
	if err != nil {
		return nil, flagFileError("metadata", metadata, err)
	}
	return model, nil
}

// flagFileError returns the error for a file named by a flag that cannot be read.
func flagFileError(flag, name string, err error) error {
	if errors.Is(err, os.ErrNotExist) {
		err = files.Missing(name)
	}
	return fmt.Errorf("--%s: %w", flag, err)
}
