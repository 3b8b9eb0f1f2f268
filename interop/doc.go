// Package interop holds proofs, as tests, that patchlint and the programs of
// others agree:
//
//   - google/jsonschema-go and ajv read the embedded JSON Schemas as patchlint
//     does: they give every payload of the corpus, and every mutation of one, the
//     verdict that jsonschema/v5 gives;
//   - the send guard works in the HTTP pipeline of Microsoft's Go client
//     libraries, with all of its middleware. Package interop/msgraph has the
//     proof with the Graph SDKs.
//
// It is a module of its own, so that patchlint does not depend on
// its requirements. To run the proofs:
//
//	cd interop && npm ci && go test ./...
//
// Without Node.js, or without npm ci, those with ajv are skipped; where CI is
// "true" they fail instead.
package interop
