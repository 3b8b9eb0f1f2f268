// Package corpus provides test data: the payloads of testdata/payload, mutations of them
// that resemble mistakes of people and scripts, and texts that terminals and build
// services obey.
package corpus

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// Payload is a payload in testdata/payload.
type Payload struct {
	// Name is the path below the directory, such as "ok/full-object.json".
	Name   string
	Source []byte
	// Version is the API version of the payload: "beta" or "v1.0".
	Version string
}

// Payloads returns the .json files in the folders of dir, sorted by name. A file whose
// name ends in "-v1.0.json" is for v1.0, any other for beta.
func Payloads(dir string) (list []Payload, err error) {
	root := os.DirFS(dir)
	names, err := fs.Glob(root, "*/*.json")
	if err == nil && names == nil {
		err = fmt.Errorf("no payloads in %s", dir)
	}
	for _, name := range names {
		p := Payload{Name: name, Version: "beta"}
		if strings.HasSuffix(name, "-v1.0.json") {
			p.Version = "v1.0"
		}
		if p.Source, err = fs.ReadFile(root, name); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, err
}

// Sampled reports whether a test runs its nth case: one in 251, or all with
// PATCHLINT_EXHAUSTIVE=1. Because 251 is prime, the sample covers all values and kinds
// of mutation.
func Sampled(n int) bool { return n%Size(251, 1) == 0 }

// Size returns the size of a test: few, or many with PATCHLINT_EXHAUSTIVE=1.
func Size(few, many int) int {
	if Exhaustive() {
		return many
	}
	return few
}

// Exhaustive reports whether tests must run all cases, because of
// PATCHLINT_EXHAUSTIVE=1.
func Exhaustive() bool { return os.Getenv("PATCHLINT_EXHAUSTIVE") == "1" }
