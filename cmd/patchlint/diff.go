package main

import (
	"cmp"
	"slices"

	"github.com/spf13/cobra"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/command"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/report"
)

func newDiff(streams stdio) *cobra.Command {
	var f struct {
		commonFlags
		command.Diff
	}
	cmd := &cobra.Command{
		Use:   "diff [flags] CURRENT DESIRED",
		Short: "Print the smallest PATCH body that turns CURRENT into DESIRED",
		Long: `diff prints the smallest body that, sent as a PATCH, turns the object that
the service holds (CURRENT, as returned by a GET) into the one that you want
(DESIRED), and nothing if there is nothing to send. A property that DESIRED
leaves out keeps its value. A collection of assignments is sent whole, because a
PATCH replaces the whole collection.

Both may be directories. Their objects are paired by key, which is usually the
id, else by displayName, else by path, and reported one by one. Files of CURRENT
may be lists, NDJSON or $batch responses. Either argument may be "-" for
standard input. Unless --api-version is given, CURRENT must have the API version
of the body.

Exit codes: 0 success, 1 with --exit-code if there is something to send, a
requested change cannot be sent, or an object is in only one directory, 2
refused or failed, or nothing was compared (for two files, only with
--exit-code). No body is printed for a refused object, but the bodies of other
objects are, so check the exit code before you send a batch.`,
		Example: `  patchlint diff current.json desired.json
  patchlint diff --format text current.json desired.json
  patchlint diff --base last-applied.json current.json desired.json
  patchlint diff --format text --exit-code current/ desired/`,
		Args:              exactly(2, "CURRENT and DESIRED"),
		SuggestFor:        []string{"plan", "compare", "preview", "patch"},
		ValidArgsFunction: upTo(2, payloadFiles),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.Mistake = cmp.Or(f.read(cmd, &f.Common), checkPointers("ignore", f.Options.Ignore), checkPointers("send", f.Options.Send))
			return f.Run(args[0], args[1], command.Streams(streams))
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	formatVar(cmd, &f.Formats, report.PlanFormatNames(), "what to print (text for directories)")
	flags.StringVar(&f.Base, "base", "", "compare with the object in `FILE`, which was applied last: clear what DESIRED has dropped since, and keep what only the service has")
	flags.BoolVar(&f.Options.Prune, "prune", false, "clear what DESIRED leaves out, if its type allows that")
	flags.BoolVar(&f.Options.Ordered, "ordered", false, "treat the order of a collection as part of its value")
	listVar(flags, &f.Options.Ignore, "ignore", "do not compare the value that a JSON `POINTER` names, such as /displayName; * matches any one name or index")
	listVar(flags, &f.Options.Send, "send", "send the property that a JSON `POINTER` names, such as /lastHeartbeatDateTime, although the service updates it")
	flags.BoolVar(&f.Options.ODataType, "odata-type", false, "include the @odata.type of the object in the body")
	flags.BoolVar(&f.ExitCode, "exit-code", false, "exit 1 if there is something to send, a requested change cannot be sent, or an object is in only one directory")
	f.registerPair(flags, &f.Common)
	return cmd
}

func newApply(streams stdio) *cobra.Command {
	var f struct {
		commonFlags
		command.Apply
	}
	cmd := &cobra.Command{
		Use:   "apply [flags] CURRENT BODY",
		Short: "Print the object as the service would hold it after a PATCH",
		Long: `apply prints the object that the service would hold if BODY were sent as a PATCH
to the object CURRENT, which may be a saved response. It refuses a body that the
service would refuse, with its faults on standard error and exit code 2. An
empty BODY, as diff prints if there is nothing to send, changes nothing. If
CURRENT is a list, the key in --id or BODY, usually "id", selects the object.`,
		Example: `  patchlint diff current.json desired.json | patchlint apply current.json -
  patchlint apply --id 8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a list.json body.json`,
		Args:              exactly(2, "CURRENT and BODY"),
		SuggestFor:        []string{"merge"},
		ValidArgsFunction: upTo(2, payloadFiles),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.Mistake = f.read(cmd, &f.Common)
			return f.Run(args[0], args[1], command.Streams(streams))
		},
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringVar(&f.ID, "id", "", "`ID` or other key of the object that the body is for, if CURRENT lists several")
	f.registerPair(cmd.Flags(), &f.Common)
	return cmd
}

// checkPointers returns an error if a value of a flag is not a pointer below the root.
func checkPointers(flag string, list []patchlint.Pointer) error {
	for _, p := range list {
		if slices.Collect(p.Tokens()) == nil {
			return command.Usagef("--%s takes a JSON Pointer such as /displayName, not %s", flag, inert.Quote(string(p)))
		}
	}
	return nil
}
