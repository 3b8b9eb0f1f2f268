package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/patchlint/patchlint/internal/command"
	"github.com/patchlint/patchlint/schema"
)

func newSchema(streams stdio) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "schema",
		Short: "List, print, export or compare the types of Microsoft Graph",
		Example: `  patchlint schema list compliancePolicy
  patchlint schema print complianceManagementPartner`,
		Args:              subcommand,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return noneEmpty(cmd) },
		RunE:              func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newSchemaList(streams), newSchemaPrint(streams), newSchemaExport(streams), newSchemaDrift(streams))
	return cmd
}

func newSchemaList(streams stdio) *cobra.Command {
	var apiVersion, metadata string
	cmd := &cobra.Command{
		Use:   "list [flags] [PATTERN]",
		Short: "List the types of Microsoft Graph",
		Long: `list lists the types of Microsoft Graph, or only those whose name contains or
matches PATTERN.`,
		Example: `  patchlint schema list compliancePolicy
  patchlint schema list 'ios*Configuration'`,
		ValidArgsFunction: upTo(1, completeTypes),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return command.Usagef("list takes at most one pattern; found %d", len(args))
			}
			return command.ListTypes(strings.Join(args, ""), schema.Version(apiVersion), metadata, streams.Out)
		},
	}
	modelFlags(cmd.Flags(), &apiVersion, &metadata, "list only the types of this Graph API `VERSION`: beta or v1.0")
	return cmd
}

func newSchemaPrint(streams stdio) *cobra.Command {
	var apiVersion, metadata string
	cmd := &cobra.Command{
		Use:   "print [flags] TYPE|report|plan|drift|config",
		Short: "Print one JSON Schema",
		Long: `print prints the JSON Schema of a type, of .patchlint.yaml (config), or of the
JSON that lint (report), diff (plan) or schema drift (drift) prints with
--format json.`,
		Example: `  patchlint schema print complianceManagementPartner
  patchlint schema print config > patchlint.schema.json`,
		ValidArgsFunction: upTo(1, func(cmd *cobra.Command, args []string, text string) ([]string, cobra.ShellCompDirective) {
			types, how := completeTypes(cmd, args, text)
			return append([]string{"report", "plan", "drift", "config"}, types...), how
		}),
		Args: exactly(1, "the name of a type, or report, plan, drift or config"),
		RunE: func(_ *cobra.Command, args []string) error {
			return command.PrintSchema(args[0], schema.Version(apiVersion), metadata, streams.Out)
		},
	}
	modelFlags(cmd.Flags(), &apiVersion, &metadata, "Graph API `VERSION` of the type: beta or v1.0 (default beta)")
	return cmd
}

func newSchemaExport(streams stdio) *cobra.Command {
	return &cobra.Command{
		Use:   "export DIR",
		Short: "Write the schemas of partners to a directory, for editors",
		Long: `export writes the JSON Schemas of compliance management partners, and of their
assignments and targets, to DIR/beta and DIR/v1.0. For any other type, use
"schema print".`,
		Example:           "  patchlint schema export schemas",
		ValidArgsFunction: upTo(1, cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs)),
		Args:              exactly(1, "a directory"),
		RunE:              func(_ *cobra.Command, args []string) error { return command.ExportSchemas(args[0], streams.Out) },
	}
}

func newSchemaDrift(streams stdio) *cobra.Command {
	var f command.Drift
	cmd := &cobra.Command{
		Use:   "drift [flags] FILE",
		Short: "Compare the embedded facts with a $metadata document",
		Long: `drift compares the embedded facts about Microsoft Graph with a metadata
document, as GET https://graph.microsoft.com/v1.0/$metadata returns it: types,
properties, members of enumerations, navigation, operations, entity sets and
singletons that were added, removed or changed. "breaks" marks a difference that
can invalidate a payload or request that was valid.

Exit codes: 0 nothing breaks, 1 something breaks, 2 the document could not be
read.`,
		Example: `  curl -o v1.0.xml 'https://graph.microsoft.com/v1.0/$metadata'
  patchlint schema drift v1.0.xml`,
		ValidArgsFunction: upTo(1, fileNames("xml", "csdl", "edmx")),
		Args:              exactly(1, "a metadata document"),
		RunE:              func(_ *cobra.Command, args []string) error { return f.Run(args[0], command.Streams(streams)) },
	}
	cmd.Flags().StringVar(&f.APIVersion, "api-version", "", "Graph API `VERSION` of the document: beta or v1.0 (default the most similar one)")
	formatVar(cmd, &f.Formats, []string{"text", "json"}, "how to report")
	return cmd
}
