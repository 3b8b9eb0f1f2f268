//go:build ignore

// Generate writes the JSON Schemas of partners and of the types in them, so that git
// shows the effect of a change of the facts.
package main

import (
	"log"
	"os"
	"path/filepath"

	"github.com/patchlint/patchlint/schema"
)

func main() {
	log.SetFlags(0)
	old, err := filepath.Glob("jsonschema/*/*.json")
	if err != nil {
		log.Fatal(err)
	}
	for _, file := range old { // a type may have been removed
		if err := os.Remove(file); err != nil {
			log.Fatal(err)
		}
	}
	for _, v := range schema.Versions() {
		m, err := schema.Open(v)
		if err != nil {
			log.Fatal(err)
		}
		dir := filepath.Join("jsonschema", string(v))
		if err := os.MkdirAll(dir, 0o777); err != nil {
			log.Fatal(err)
		}
		for _, r := range m.Resources() {
			if err := os.WriteFile(filepath.Join(dir, r.Short()+".json"), r.JSONSchema(), 0o666); err != nil {
				log.Fatal(err)
			}
		}
	}
}
