package main

import (
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/patchlint/patchlint/schema"
)

// version is the version of this release, or of the next one. It is a constant because
// builds with go install, go run or a pre-commit hook pass no linker flags, and the
// build information of a hook's clone has no version.
const version = "0.1.0"

func newVersion(streams stdio) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version and the date of the embedded facts",
		Example: "  patchlint version",
		Args:    exactly(0, ""),
		RunE:    func(*cobra.Command, []string) error { return printVersion(streams) },
	}
}

// printVersion prints the version of the command and of its embedded facts.
func printVersion(streams stdio) error {
	text := fmt.Sprintf("patchlint %s %s %s/%s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	for _, v := range schema.Versions() {
		model, err := schema.Open(v)
		if err != nil {
			return err
		}
		text += fmt.Sprintf("Microsoft Graph %s, metadata of %s\n", v, model.Facts().Revision)
	}
	_, err := io.WriteString(streams.Out, text)
	return err
}
