package main

import (
	"github.com/spf13/cobra"

	"github.com/patchlint/patchlint/internal/command"
	"github.com/patchlint/patchlint/internal/lsp"
)

func newLSP(streams stdio) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lsp",
		Short: "Run a language server for editors on standard input and output",
		Long: `lsp runs a server for the Language Server Protocol 3.17 on standard input and
output. An editor starts it and shows what lint finds as you write a payload,
with quick fixes, explanations and completion. It uses the settings of each
workspace folder, and reads them again when they change.

Exit codes: 0 after shutdown and exit, 1 if the editor ends the
session without them.`,
		Example: "  patchlint lsp",
		Args:    exactly(0, ""),
		RunE: func(*cobra.Command, []string) error {
			if !lsp.Serve(streams.In, streams.Out, version) {
				return command.Exit(1) // the LSP specifies it for an exit without shutdown
			}
			return nil
		},
	}
	cmd.Flags().Bool("stdio", false, "accepted for editors that name the transport, which is always standard input and output")
	return cmd
}
