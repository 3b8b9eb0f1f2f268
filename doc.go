// Package patchlint holds the nouns that the rest of the project speaks of:
// Document and Node, a JSON text that remembers where every value stands;
// Pointer, Span and Position; Diagnostic, Fix and Rule.
//
// # The house
//
//	bytes ──Parse──▶ Document ──┐
//	                            ├─▶ validate.Linter ──▶ []Diagnostic ─┐
//	CSDL ──▶ schema.Resource ───┤                                     ├─▶ internal/report
//	                            └─▶ diff.Compute ─────▶ Plan ─────────┘
//
// Bytes become a Document. A schema.Resource says what Microsoft Graph allows
// there. Two packages walk that pair: validate hands every stop to its rules,
// diff compares two documents and makes the least body of a PATCH. What comes
// out are Diagnostics, which point at bytes, and Plans. Lines and columns are
// derived at the edge, by whoever prints.
//
//	schema             what Graph allows, per API version: facts, model, JSON Schemas
//	validate           the Linter and its rules, one file each
//	diff               Compute, Apply and the Plan between them
//	guard              an http.RoundTripper that refuses what Graph would
//	internal/csdl      reads the facts
//	internal/corpus    payloads of testdata and their mutations, for tests
//	internal/input     kinds of file that payloads are kept in
//	internal/report    findings and plans as text, json, sarif, ...: one file each
//	internal/files     the walk, patterns, git, and files that are written whole
//	internal/settings  .patchlint.yaml, and the Linter that it makes for each file
//	internal/baseline  findings that are known
//	cmd/patchlint      the command: flags, exit codes, colour
//
// This package imports the standard library only. The library opens no file and
// no connection. Who may import whom, and why, is in arch_test.go.
//
// # Stability
//
// Until v1 the Go API may change between minor versions. Rule ids, exit codes
// and the json report are kept from the first release on.
package patchlint
