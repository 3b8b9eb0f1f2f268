package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/patchlint/patchlint/internal/csdl"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/schema/facts"
)

func newDrift(streams stdio) *cobra.Command {
	var apiVersion string
	var formats []string
	cmd := &cobra.Command{
		Use:   "drift [flags] FILE",
		Short: "Compare the embedded facts with a $metadata document",
		Long: `Compare the embedded facts about Microsoft Graph with a metadata document, as
GET https://graph.microsoft.com/v1.0/$metadata returns it: types, properties,
members of enumerations, navigation, operations, entity sets and singletons that
were added, removed or changed. "breaks" marks a difference that can make a
payload or request wrong that was right.

Exit codes: 0 nothing breaks, 1 something breaks, 2 the document could not be read.`,
		Example: `  curl -o v1.0.xml 'https://graph.microsoft.com/v1.0/$metadata'
  patchlint schema drift --api-version v1.0 v1.0.xml`,
		ValidArgsFunction: upTo(1, fileNames("xml", "csdl", "edmx")),
		Args:              oneArgument("a metadata document"),
		RunE:              func(_ *cobra.Command, args []string) error { return schemaDrift(args[0], apiVersion, formats, streams) },
	}
	cmd.Flags().StringVar(&apiVersion, "api-version", string(schema.Beta), "Graph API `VERSION` of the document: beta or v1.0")
	cmd.Flags().StringArrayVar(&formats, "format", []string{"text"}, "how to report, as `NAME[=FILE]`: text, json (repeatable)")
	_ = cmd.RegisterFlagCompletionFunc("format", completeFormats([]string{"text", "json"}))
	return cmd
}

func schemaDrift(file, apiVersion string, formats []string, streams stdio) error {
	if err := apart([]string{file}, outputFiles(formats)); err != nil {
		return err
	}
	if _, err := schema.Open(schema.Version(apiVersion)); err != nil {
		return usageError{fmt.Errorf("--api-version: %w", err)}
	}
	embedded, err := facts.Embedded(apiVersion)
	if err != nil {
		return err
	}
	out, err := openOutput(formats, []string{"text", "json"}, streams.out)
	defer out.abandon()
	var usage usageError
	to := console{w: streams.err}
	switch {
	case errors.As(err, &usage):
		return err
	case err != nil:
		to.complain(err)
	}
	drift := report.Drift{APIVersion: apiVersion, Revision: embedded.Revision, File: shownName(file)}
	switch metadata, err := readMetadata(file, apiVersion, streams.in); {
	case err != nil:
		to.complain(err)
	default:
		if drift.Differences = facts.Compare(embedded, metadata); len(drift.Differences) == 0 {
			to.note("%s does not differ from the facts of %s, %s", drift.File, apiVersion, embedded.Revision)
		}
	}
	drift.Failures = to.failures
	var failures []error
	for _, part := range out.parts {
		write := drift.Text
		if part.format == "json" {
			write = drift.JSON
		}
		failures = append(failures, write(part))
	}
	switch err := errors.Join(append(failures, out.commit())...); {
	case err != nil:
		return err
	case len(drift.Failures) > 0:
		return exitError{exitFailed, nil}
	case drift.Breaking() > 0:
		return exitError{exitFindings, nil}
	}
	return nil
}

// readMetadata returns the facts of a metadata document.
func readMetadata(file, apiVersion string, stdin io.Reader) (*facts.Facts, error) {
	from, err := files.Open(file, stdin)
	if errors.Is(err, os.ErrNotExist) {
		return nil, files.Missing(file)
	}
	if err != nil {
		return nil, files.Plain(err)
	}
	defer from.Close()
	src, err := io.ReadAll(io.LimitReader(from, csdl.MaxSize+1))
	if err != nil {
		return nil, files.Plain(err)
	}
	doc, err := csdl.Read(string(src))
	if err != nil {
		return nil, fmt.Errorf("%s:%w", shownName(file), err)
	}
	text, err := facts.Compile(doc, apiVersion, "-")
	if err != nil {
		return nil, fmt.Errorf("%s:%w", shownName(file), err)
	}
	return facts.Open(text)
}

// shownName is how a file that was named is shown.
func shownName(file string) string {
	if file == "-" {
		return noName
	}
	return files.Display(file)
}
