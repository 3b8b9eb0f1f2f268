package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/patchlint/patchlint/internal/csdl"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/internal/settings"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/schema/facts"
)

// ListTypes lists the types whose name contains a text or matches a pattern, ignoring
// case, with the path to update objects of each type. Without a version it lists those of
// all versions, or of the --metadata file.
func ListTypes(pattern string, version schema.Version, metadata string, w io.Writer) error {
	folded := strings.ToLower(pattern)
	if !strings.ContainsAny(folded, "*?[") {
		folded = "*" + folded + "*"
	}
	versions := schema.Versions()
	if version != "" || metadata != "" {
		versions = []schema.Version{version}
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	found := false
	for _, v := range versions {
		model, err := openModel(new(settings.Run), metadata, v)
		if err != nil {
			return err
		}
		for name := range model.Names {
			matches, err := path.Match(folded, strings.ToLower(strings.TrimPrefix(name, model.Facts().Namespace+".")))
			if err != nil {
				return Usagef("%s is not a valid pattern", inert.Quote(pattern))
			}
			t := model.Type(name)
			if !matches || t == nil || !t.Structured() {
				continue
			}
			found = true
			fmt.Fprintf(table, "%s\t%s\t%s\n", model.Version, t.Short(), useOf(t))
		}
	}
	if !found {
		return Usagef("no type matches %s", inert.Quote(pattern))
	}
	return table.Flush()
}

// useOf describes where objects of a type are sent.
func useOf(r *schema.Type) string {
	switch path := r.Path(); {
	case path != "":
		return "PATCH " + path
	case r.Abstract:
		return "abstract"
	case r.Entity:
		return "no path of its own"
	}
	return "part of a body"
}

// PrintSchema prints the JSON Schema of a type, or of report, plan, drift or config.
func PrintSchema(name string, version schema.Version, metadata string, w io.Writer) error {
	own := map[string][]byte{"report": report.Schema(), "plan": report.PlanSchema(), "drift": report.DriftSchema(), "config": settings.JSONSchema()}
	if src, ok := own[name]; ok {
		_, err := w.Write(src)
		return err
	}
	model, err := openModel(new(settings.Run), metadata, version)
	if err != nil {
		return err
	}
	resource, err := model.Resource(name)
	if err != nil {
		return Usagef("%w (%s)", err, listsTypes)
	}
	_, err = w.Write(report.Inert(resource.JSONSchema()))
	return err
}

const listsTypes = `"patchlint schema list" lists all types`

// ExportSchemas writes the JSON Schemas of the main types of all versions below a
// directory, and prints how editors use them.
func ExportSchemas(dir string, w io.Writer) error {
	if dir == "" {
		return Usagef("the path is empty; name a directory")
	}
	written := 0
	for _, v := range schema.Versions() {
		model, err := schema.Open(v)
		if err != nil {
			return err
		}
		for _, r := range model.Resources() {
			file := filepath.Join(dir, string(v), r.Short()+".json")
			if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
				return files.Plain(err)
			}
			if err := files.Write(file, r.JSONSchema()); err != nil {
				return err
			}
			written++
		}
	}
	partner := files.Display(filepath.Join(dir, "beta", "complianceManagementPartner.json"))
	if filepath.IsAbs(dir) { // VS Code resolves a leading "/" relative to the open folder
		partner = report.FileURI(partner)
	} else {
		partner = "./" + partner
	}
	address, _ := json.Marshal(partner) // a string
	_, err := fmt.Fprintf(w, `%d schemas were written to %s. To have VS Code check and complete payloads, put this into
.vscode/settings.json, with the files that contain partners in fileMatch:

  "json.schemas": [
    {
      "fileMatch": ["/payloads/**/*.json"],
      "url": %s
    }
  ]

Set the schema there and not with "$schema" in the payload, which would also be sent to
Graph.
`, written, files.Display(dir), address)
	return err
}

// Drift is the schema drift command with its flags.
type Drift struct {
	APIVersion string // "" for the version with the fewest differences
	Formats    []Format
}

// Run compares the embedded facts with a metadata document. The error may be an Exit.
func (f *Drift) Run(file string, streams Streams) error {
	model, err := schema.Open(schema.Version(f.APIVersion))
	if err != nil {
		return Usagef("--api-version: %w", err)
	}
	out, err := openOutput[struct{}, *report.Drift](f.Formats, []string{"text", "json"}, []string{file}, streams.Out)
	if out == nil {
		return err
	}
	defer out.abandon()
	for _, part := range out.parts {
		part.printer = report.NewDrift(part.format, part)
	}
	to := console{w: streams.Err}
	drift := &report.Drift{File: argumentName(file)}
	metadata, readErr := readMetadata(file, schema.Version(f.APIVersion), streams.In)
	if readErr == nil {
		model, readErr = schema.Open(metadata.Version)
	}
	if readErr == nil {
		drift.Differences = facts.Compare(model.Facts(), metadata.Facts())
		if !metadata.Facts().Annotated() {
			to.note("%s has no annotations, such as Computed, so they were not compared", drift.File)
		}
	}
	drift.APIVersion, drift.Revision = string(model.Version), model.Facts().Revision
	if readErr == nil && len(drift.Differences) == 0 {
		to.note("%s does not differ from the facts of %s, %s", drift.File, drift.APIVersion, drift.Revision)
	}
	err = out.finish(&to, errors.Join(err, readErr), func() *report.Drift {
		drift.Failures = to.failures
		return drift
	})
	if err == nil && drift.Breaking() > 0 {
		return Findings
	}
	return err
}

// readMetadata reads a metadata document from a file or standard input.
func readMetadata(file string, version schema.Version, stdin io.Reader) (*schema.Model, error) {
	from, err := files.Open(file, stdin)
	if err != nil {
		return nil, err
	}
	defer from.Close()
	src, err := io.ReadAll(io.LimitReader(from, csdl.MaxSize+1)) // which is too large, and refused
	if err != nil {
		return nil, files.Plain(err)
	}
	return settings.ParseMetadata(src, argumentName(file), version)
}
