package command

import (
	"errors"
	"fmt"
	"io"

	"github.com/patchlint/patchlint/internal/csdl"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/schema/facts"
)

// Drift is the schema drift command with its flags.
type Drift struct {
	APIVersion string   // "" for the version with the fewest differences
	Formats    []string // NAME[=FILE]
}

// Run compares the embedded facts with a metadata document. The error may be an Exit.
func (f *Drift) Run(file string, streams Streams) error {
	model, err := schema.Open(schema.Version(f.APIVersion))
	if err != nil {
		return Usagef("--api-version: %w", err)
	}
	out, err := openOutput(f.Formats, []string{"text", "json"}, []string{file}, streams.Out)
	defer out.abandon()
	if _, usage := errors.AsType[UsageError](err); usage {
		return err
	}
	to := console{w: streams.Err}
	if err != nil {
		to.fail(err)
	}
	drift := report.Drift{File: argumentName(file)}
	metadata, err := readMetadata(file, schema.Version(f.APIVersion), streams.In)
	if err == nil {
		model, err = schema.Open(metadata.Version)
	}
	if err == nil {
		drift.Differences = facts.Compare(model.Facts(), metadata.Facts())
	}
	drift.APIVersion, drift.Revision = string(model.Version), model.Facts().Revision
	if err != nil {
		to.fail(err)
	} else if len(drift.Differences) == 0 {
		to.note("%s does not differ from the facts of %s, %s", drift.File, drift.APIVersion, drift.Revision)
	}
	drift.Failures = to.failures
	switch err := out.finish(func(i int) error {
		if out.parts[i].format == "json" {
			return drift.JSON(out.parts[i])
		}
		return drift.Text(out.parts[i])
	}, func(error) {}); {
	case err != nil:
		return err
	case len(drift.Failures) > 0:
		return Failed
	case drift.Breaking() > 0:
		return Findings
	}
	return nil
}

// readMetadata reads a metadata document from a file or standard input.
func readMetadata(file string, version schema.Version, stdin io.Reader) (*schema.Model, error) {
	from, err := files.Open(file, stdin)
	if err != nil {
		return nil, err
	}
	defer from.Close()
	src, err := files.ReadAtMost(from, csdl.MaxSize)
	var model *schema.Model
	switch {
	case errors.Is(err, files.ErrTooLarge):
		err = csdl.ErrTooLarge
	case err != nil:
		return nil, files.Plain(err)
	default:
		model, err = schema.Parse(src, version)
	}
	if err != nil {
		return nil, fmt.Errorf("%s:%w", argumentName(file), err)
	}
	return model, nil
}
