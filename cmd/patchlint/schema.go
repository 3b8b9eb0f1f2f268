package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/patchlint/patchlint/internal/command"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/settings"
	"github.com/patchlint/patchlint/schema"
)

func newSchema(streams stdio) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "schema",
		Short: "List, print, export or compare the types of Microsoft Graph",
		Example: `  patchlint schema list compliancePolicy
  patchlint schema print complianceManagementPartner`,
		Args: subcommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newSchemaList(streams), newSchemaPrint(streams), newSchemaExport(streams), newSchemaDrift(streams))
	return cmd
}

func newSchemaList(streams stdio) *cobra.Command {
	var apiVersion, metadata string
	cmd := &cobra.Command{
		Use:   "list [flags] [PATTERN]",
		Short: "List the types of objects",
		Long: `list lists the types of objects, or those whose name has a text or matches a
pattern.`,
		Example: `  patchlint schema list compliancePolicy
  patchlint schema list 'ios*Configuration'`,
		ValidArgsFunction: upTo(1, completeTypes),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return command.Usagef("this takes one pattern at most")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			return listTypes(strings.Join(args, ""), apiVersion, metadata, streams)
		},
	}
	cmd.Flags().StringVar(&apiVersion, "api-version", "", "list only the types of this Graph API `VERSION`: beta or v1.0")
	cmd.Flags().StringVar(&metadata, "metadata", "", metadataUsage)
	return cmd
}

func newSchemaPrint(streams stdio) *cobra.Command {
	var apiVersion, metadata string
	cmd := &cobra.Command{
		Use:   "print [flags] TYPE|report|plan|drift|config",
		Short: "Print one JSON Schema",
		Long: `print prints the JSON Schema of a type, of what lint prints with --format json
(report), of what diff prints with --format json (plan), of what schema drift
prints with --format json (drift), or of .patchlint.yaml (config).`,
		Example: `  patchlint schema print complianceManagementPartner
  patchlint schema print config > patchlint.schema.json`,
		ValidArgsFunction: upTo(1, func(cmd *cobra.Command, args []string, text string) ([]string, cobra.ShellCompDirective) {
			types, how := completeTypes(cmd, args, text)
			return append([]string{"report", "plan", "drift", "config"}, types...), how
		}),
		Args: oneArgument("the name of a type, report, plan, drift or config"),
		RunE: func(_ *cobra.Command, args []string) error {
			return printSchema(args[0], schema.Version(apiVersion), metadata, streams)
		},
	}
	cmd.Flags().StringVar(&apiVersion, "api-version", "", "Graph API `VERSION` of the type: beta or v1.0 (default beta)")
	cmd.Flags().StringVar(&metadata, "metadata", "", metadataUsage)
	return cmd
}

func newSchemaExport(streams stdio) *cobra.Command {
	return &cobra.Command{
		Use:               "export DIR",
		Short:             "Write all schemas below a directory, for editors",
		Example:           "  patchlint schema export schemas",
		ValidArgsFunction: upTo(1, cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs)),
		Args:              oneArgument("a directory"),
		RunE:              func(_ *cobra.Command, args []string) error { return exportSchemas(args[0], streams) },
	}
}

func newSchemaDrift(streams stdio) *cobra.Command {
	var f command.Drift
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
  patchlint schema drift v1.0.xml`,
		ValidArgsFunction: upTo(1, fileNames("xml", "csdl", "edmx")),
		Args:              oneArgument("a metadata document"),
		RunE:              func(_ *cobra.Command, args []string) error { return f.Run(args[0], command.Streams(streams)) },
	}
	cmd.Flags().StringVar(&f.APIVersion, "api-version", "", "Graph API `VERSION` of the document: beta or v1.0 (default the nearest one)")
	listVar(cmd.Flags(), &f.Formats, "format", []string{"text"}, "how to report, as `NAME[=FILE]`: text, json (repeatable)")
	_ = cmd.RegisterFlagCompletionFunc("format", completeFormats([]string{"text", "json"}))
	return cmd
}

func oneArgument(what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) != 1 {
			return command.Usagef("this takes one argument: %s", what)
		}
		return nil
	}
}

// listTypes lists the types whose name contains a text or matches a pattern, ignoring
// case, with the path to update objects of each type.
func listTypes(pattern, apiVersion, metadata string, streams stdio) error {
	pattern = strings.ToLower(pattern)
	if !strings.ContainsAny(pattern, "*?[") {
		pattern = "*" + pattern + "*"
	}
	versions := schema.Versions()
	if apiVersion != "" || metadata != "" {
		versions = []schema.Version{schema.Version(apiVersion)}
	}
	table := tabwriter.NewWriter(streams.Out, 0, 0, 2, ' ', 0)
	found := false
	for _, v := range versions {
		model, err := command.OpenModel(new(settings.Run), metadata, v)
		if err != nil {
			return err
		}
		for name, structured := range model.Names {
			matches, err := path.Match(pattern, strings.ToLower(strings.TrimPrefix(name, model.Namespace+".")))
			if err != nil {
				return command.Usagef("%s is not a valid pattern", inert.Quote(pattern))
			}
			if !structured || !matches {
				continue
			}
			t := model.Type(name)
			if t == nil || !t.Structured() {
				continue
			}
			found = true
			fmt.Fprintf(table, "%s\t%s\t%s\n", model.Version, t.Short(), useOf(&schema.Resource{Model: model, Type: t}))
		}
	}
	if !found {
		return command.Usagef("no type matches %s", inert.Quote(strings.Trim(pattern, "*")))
	}
	return table.Flush()
}

// useOf describes where objects of a type are sent.
func useOf(r *schema.Resource) string {
	switch path := r.Path(); {
	case path != "":
		return "PATCH " + path
	case r.Type.Abstract:
		return "abstract"
	case r.Type.Category == schema.Entity:
		return "no path of its own"
	}
	return "part of a body"
}

func printSchema(name string, version schema.Version, metadata string, streams stdio) error {
	own := map[string][]byte{"report": report.Schema(), "plan": report.PlanSchema(), "drift": report.DriftSchema(), "config": settings.JSONSchema()}
	if src, ok := own[name]; ok {
		_, err := streams.Out.Write(src)
		return err
	}
	model, err := command.OpenModel(new(settings.Run), metadata, version)
	if err != nil {
		return err
	}
	resource, err := model.Resource(name)
	if err != nil {
		return command.Usagef("%w", err)
	}
	_, err = streams.Out.Write(resource.JSONSchema())
	return err
}

func exportSchemas(dir string, streams stdio) error {
	if dir == "" {
		return command.Usagef("an empty path names no directory")
	}
	var failures []error
	written := 0
	for _, v := range schema.Versions() {
		model, err := schema.Open(v)
		if err != nil {
			return err
		}
		for _, r := range model.Resources() {
			file := filepath.Join(dir, string(v), r.Type.Short()+".json")
			if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
				return files.Plain(err)
			}
			written++
			failures = append(failures, files.Write(file, r.JSONSchema()))
		}
	}
	if err := errors.Join(failures...); err != nil {
		return err
	}
	partner := files.Display(filepath.Join(dir, "beta", "complianceManagementPartner.json"))
	switch {
	case !filepath.IsAbs(dir):
		partner = "./" + partner
	default: // VS Code resolves a leading "/" relative to the open folder
		partner = (&url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(partner, "/")}).String()
	}
	address, err := json.Marshal(partner)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(streams.Out, `%d schemas are below %s. To have VS Code check and complete payloads, put this into
.vscode/settings.json, with the files that hold partners for fileMatch:

  "json.schemas": [
    {
      "fileMatch": ["/payloads/*.json"],
      "url": %s
    }
  ]

Bind the schema there and not by "$schema" in the payload: Graph would get that too.
`, written, files.Display(dir), address)
	return err
}
