//go:build ignore

// Generate prints the facts of a metadata document:
//
//	go run generate.go VERSION DATE FILE >VERSION.facts
//
// The document of beta is derived, and takes what it lacks from v1.0.facts.
package main

import (
	"fmt"
	"log"
	"os"

	"github.com/patchlint/patchlint/internal/csdl"
	"github.com/patchlint/patchlint/schema/facts"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 4 {
		log.Fatal("usage: go run generate.go VERSION DATE FILE")
	}
	src, err := os.ReadFile(os.Args[3])
	if err != nil {
		log.Fatal(err)
	}
	doc, err := csdl.Read(string(src))
	if err != nil {
		log.Fatalf("%s:%v", os.Args[3], err)
	}
	var published *facts.Facts
	if os.Args[1] == "beta" {
		published = facts.Embedded("v1.0")
	}
	text, err := facts.Compile(doc, os.Args[1], os.Args[2], published)
	if err != nil {
		log.Fatalf("%s: %v", os.Args[3], err)
	}
	fmt.Print(text)
}
