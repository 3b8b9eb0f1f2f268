// Tree writes what whole processes are measured on, in a directory:
//
//	tree/      files, of which one in fifty is faulty
//	git/       the same, for a git work tree
//	tenth/     the first tenth of them, and
//	hundredth/ of that
//	json/      all that are JSON: some tools end at the first file that is not
//	kinds/     in the shape that kubeconform reads
//	one/       small.json, and small.json as kubeconform reads it in one/kinds
//	pair/      current.json and desired.json of about 1 KB
//	largest/   the same with 4 x 10,000 assignments
//	schema/    the JSON Schema, and one for kubeconform
//
// It is a program of its own because a process that starts others should be
// small: the system counts its memory to theirs.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/patchlint/patchlint/bench/corpus"
	"github.com/patchlint/patchlint/schema"
)

func main() {
	files := flag.Int("files", 100_000, "how many files")
	flag.Parse()
	if err := write(flag.Arg(0), *files); err != nil {
		fmt.Fprintln(os.Stderr, "tree:", err)
		os.Exit(1)
	}
}

func write(dir string, files int) error {
	trees := []struct {
		name  string
		files int
		shape func(corpus.File, []byte) []byte
	}{
		{"tree", files, nil},
		{"git", files, nil},
		{"tenth", files / 10, nil},
		{"hundredth", files / 100, nil},
		{"json", files, corpus.Parsable},
		{"kinds", files, corpus.Kubernetes},
	}
	for _, t := range trees {
		if err := corpus.WriteTree(filepath.Join(dir, t.name), t.files, t.shape); err != nil {
			return err
		}
	}

	small := corpus.Payload(corpus.Small, corpus.Clean, 0)
	current, desired := corpus.SmallPair()
	before, after := corpus.Pair(10000, corpus.Assignment)
	model, err := schema.Open(schema.Beta)
	if err != nil {
		return err
	}
	partner, err := model.Resource("complianceManagementPartner")
	if err != nil {
		return err
	}
	kind, err := withKind(partner.JSONSchema())
	if err != nil {
		return err
	}
	for name, src := range map[string][]byte{
		"one/small.json":                          small,
		"one/kinds/small.json":                    corpus.Kubernetes(corpus.File{}, small),
		"pair/current.json":                       current,
		"pair/desired.json":                       desired,
		"largest/current.json":                    before,
		"largest/desired.json":                    after,
		"schema/partner.json":                     partner.JSONSchema(),
		"schema/compliancemanagementpartner.json": kind, // kubeconform asks in lower case
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(file, src, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// withKind returns the schema with the two properties that kubeconform finds
// it by.
func withKind(src []byte) ([]byte, error) {
	var schema map[string]any
	if err := json.Unmarshal(src, &schema); err != nil {
		return nil, err
	}
	definitions, _ := schema["$defs"].(map[string]any)
	partner, _ := definitions["complianceManagementPartner"].(map[string]any)
	properties, ok := partner["properties"].(map[string]any)
	if !ok {
		return nil, fmt.Errorf("the schema has no properties to add to")
	}
	for _, name := range []string{"apiVersion", "kind"} {
		properties[name] = map[string]any{"type": "string"}
	}
	return json.Marshal(schema)
}
