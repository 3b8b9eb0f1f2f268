// Package interop contains tests that patchlint and other programs agree:
//
//   - google/jsonschema-go and ajv interpret the embedded JSON Schemas as patchlint
//     does: for every payload of the corpus, and every mutation of one, they give the
//     same verdict as jsonschema/v5;
//   - guard works in the HTTP pipeline of Microsoft's Go client libraries, with all of
//     its middleware. Package interop/msgraph tests it with the Graph SDKs.
//
// It is a separate module, so that patchlint does not depend on its requirements. To run
// the tests:
//
//	cd interop && npm ci && go test ./...
//
// Without Node.js, or without npm ci, the tests with ajv are skipped; if CI is "true",
// they fail instead.
package interop
