// Hello links the JSON Schema validator that patchlint embeds, and prints a line. No
// program with that validator starts faster.
package main

import (
	"fmt"

	_ "github.com/santhosh-tekuri/jsonschema/v5"
)

func main() { fmt.Println("hello") }
