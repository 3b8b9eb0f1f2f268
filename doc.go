// Package patchlint defines the basic types of the library: Document and Node, a JSON
// text in which every value has a position; Pointer and Span; Diagnostic, Fix and Rule.
// Programs start with validate.Linter, diff.Compute or guard.New.
//
// # How data flows
//
//	files ──internal/files──▶ bytes ──internal/input──▶ payloads, each a Document
//	settings ──internal/settings──▶ a Linter, a Target and options
//
//	CSDL ──internal/csdl──▶ schema/facts ──▶ schema.Model
//	a URL, a context or a payload ──internal/recognize──▶ schema.Type
//
//	Document ─┐                 ┌─▶ schema walk ▶ rules ───┐
//	          ├─▶ validate ─────┤                          ├─▶ []Diagnostic
//	Type ─────┤                 └─▶ schema/conform ────────┘       │
//	          │                     (JSON Schema, if asked)        ├─▶ internal/report
//	          └─▶ diff.Compute ──▶ Plan ───────────────────────────┘
//
//	http.Request ──guard──▶ validate, schema/conform ──▶ sent, or *guard.Refused
//
// Parse turns bytes into a Document. A schema.Type describes what Microsoft Graph
// allows. Package validate walks a payload along with its type and calls the rules
// at every value. Package diff compares two documents and computes the smallest PATCH
// body. Diagnostics hold byte offsets; reports get line and column from the document,
// and mask credentials with internal/secret.
//
//	schema               what Graph allows, per API version: facts, model, walk, JSON Schemas
//	schema/facts         every published type as a line of text, and how metadata differs
//	schema/conform       validates payloads with the JSON Schemas, as a second opinion
//	validate             the Linter and its rules, one file each
//	diff                 Compute, Apply and the Plan between them
//	guard                an http.RoundTripper that refuses updates of partners that Graph would refuse
//	internal/inert       escapes text that a terminal or build service would interpret
//	internal/bounds      limits the depth of a document, the findings about it, lists, and indentation
//	internal/charset     distinguishes UTF-16, as Windows PowerShell writes it, from UTF-8
//	internal/ordered     encodes JSON with members in a given order
//	internal/lazy        creates values on first use: regular expressions, tables
//	internal/span        joins and searches spans
//	internal/spelling    finds the name that a misspelled one means, or the nearest to suggest
//	internal/mend        reads JSON that is broken, as it is while being typed
//	internal/graph       the hosts of Graph, the effect of methods and headers, assignment targets
//	internal/odata       OData control information in JSON: types, contexts, actions, errors
//	internal/form        recognizes GUIDs, placeholders and printed objects in strings
//	internal/recognize   finds the type of a payload or of a request in a batch
//	internal/entity      finds the objects in a saved response, and their keys
//	internal/csdl        reads CSDL XML, the language of $metadata
//	internal/corpus      test data: payloads and their mutations
//	internal/example     the version, schema and names that examples of some rules need
//	internal/files       finds, opens and atomically writes files; asks git what is ignored or changed
//	internal/input       splits .json, .jsonc, .ndjson and .http files into payloads
//	internal/secret      finds credentials and masks them
//	internal/fixes       creates fixes, selects those that do not conflict, applies them
//	internal/settings    reads .patchlint.yaml
//	internal/report      prints findings and plans; each format is a file
//	internal/rulebook    explains the rules as text, Markdown and JSON
//	internal/baseline    known findings, which a run does not report again
//	internal/check       lints a file, for the command and the language server
//	internal/lsp         the language server
//	internal/compare     compares two objects, for the command and the page
//	page                 the web page, with the library as WebAssembly
//	internal/command     runs lint, diff, apply and schema: files, reports, exit codes
//	cmd/patchlint        the command line: flags, help, completion
//
// This package imports only the standard library and internal/bounds, charset, inert and lazy.
// The library (patchlint, schema, validate and diff) opens no files or connections and
// starts no programs. The test in arch_test.go defines which packages may import which,
// and why.
//
// # Stability
//
// Until v1 the Go API may change between minor versions. Rule ids, exit codes
// and the json report are stable from the first release.
package patchlint
