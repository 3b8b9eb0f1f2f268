// Hello links the JSON Schema validator that patchlint embeds, and prints a
// line: what starts no faster, whatever it does.
package main

import (
	"fmt"

	_ "github.com/santhosh-tekuri/jsonschema/v5"
)

func main() { fmt.Println("hello") }
