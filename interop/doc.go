// Package interop holds proofs, as tests, that others read the embedded JSON
// Schemas as patchlint does: google/jsonschema-go and ajv give every payload of
// the corpus, and every mutation of one, the verdict that jsonschema/v5 gives.
//
// It is a module of its own, so that the other validators are no dependencies
// of patchlint. To run the proofs:
//
//	cd interop && npm ci && go test ./...
//
// Without Node.js, or without npm ci, those with ajv are skipped; where CI is
// "true" they fail instead.
package interop
