//go:build ignore

// Generate writes the embedded JSON Schemas from the CSDL facts.
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
	for _, file := range old { // a type may be gone
		if err := os.Remove(file); err != nil {
			log.Fatal(err)
		}
	}
	for _, v := range schema.Versions() {
		m, err := schema.Open(v)
		if err != nil {
			log.Fatal(err)
		}
		for _, r := range m.Resources() {
			if err := os.MkdirAll(filepath.Dir(r.File()), 0o777); err != nil {
				log.Fatal(err)
			}
			if err := os.WriteFile(r.File(), r.Generate(), 0o666); err != nil {
				log.Fatal(err)
			}
		}
	}
}
