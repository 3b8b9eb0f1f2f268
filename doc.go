// Package patchlint defines the terms of the project: Document and Node, a JSON
// text in which every value knows its place; Pointer, Span and Position;
// Diagnostic, Fix and Rule.
//
// # How data flows
//
//	files ──internal/files──▶ bytes ──internal/input──▶ payloads, each a Document
//	settings ──internal/settings──▶ a Linter, a Target and options
//
//	CSDL ──internal/csdl──▶ schema/facts ──▶ schema.Model
//	a URL, a context or a payload ──internal/recognize──▶ schema.Resource
//
//	Document ─┐                 ┌─▶ schema.Walker ▶ rules ─┐
//	          ├─▶ validate ─────┤                          ├─▶ []Diagnostic
//	Resource ─┤                 └─▶ schema/conform ────────┘       │
//	          │                     (JSON Schema, if asked)        ├─▶ internal/report
//	          └─▶ diff.Compute ──▶ Plan ───────────────────────────┘
//
//	http.Request ──guard──▶ validate, schema/conform ──▶ sent, or *guard.Refused
//
// Bytes become a Document. A schema.Resource says what Microsoft Graph allows.
// Package validate walks a payload beside its Resource and hands every stop to the
// rules. Package diff compares two documents and makes the smallest body of a
// PATCH. Diagnostics point at bytes; printing them takes line and column from
// the document, and masks credentials with internal/secret.
//
//	schema               what Graph allows, per API version: facts, model, walk, JSON Schemas
//	schema/facts         every published type as a line of text, and how metadata differs
//	schema/conform       asks the JSON Schemas: the second judge
//	validate             the Linter and its rules, one file each
//	diff                 Compute, Apply and the Plan between them
//	guard                an http.RoundTripper that refuses an update that Graph would
//	internal/inert       text that neither a terminal nor a build service acts on
//	internal/bounds      how many findings are listed of a document, and how long they may be
//	internal/charset     tells UTF-16, as Windows PowerShell writes it, from UTF-8
//	internal/lazy        what is made when it is first needed: expressions, tables of a document
//	internal/spelling    the name that a misspelt one was meant to be
//	internal/meaning     the same where names mean something: never one of the opposite
//	internal/graph       the hosts of Graph, and what methods and headers make of a request
//	internal/odata       control information in JSON: types, contexts, advertised actions; errors
//	internal/form        what a string is by its form: a GUID, a date and time, a placeholder
//	internal/assignment  what is special about the targets of assignments
//	internal/recognize   which type a payload, a context or the URL of a request belongs to
//	internal/identity    tells one object of a type from another by its key
//	internal/batch       the requests of a JSON batch, and what each of them addresses
//	internal/response    the objects in a saved response, and what cannot be one
//	internal/csdl        reads CSDL XML, the language of $metadata
//	internal/corpus      payloads of testdata and their mutations, for tests
//	internal/example     what the examples of a few rules need beside their text
//	internal/files       finds, opens and writes files; asks git what changed
//	internal/input       kinds of file that hold payloads: .json, .ndjson, .http, ...
//	internal/secret      finds credentials and masks them
//	internal/fixes       what fixes there are, and which of them can be made at once
//	internal/settings    reads .patchlint.yaml
//	internal/report      findings and plans as text, json, sarif, ...: one file each
//	internal/rulebook    explains the rules, as text, Markdown and json
//	internal/baseline    findings that are known
//	internal/check       lints a file, for the command and the language server
//	internal/lsp         the language server
//	internal/compare     compares two objects as diff does, wherever their texts come from
//	page                 the library as wasm and the web page that asks it
//	internal/command     runs lint, diff and apply: files, order, reports, pairs of objects
//	cmd/patchlint        the command: flags, help, exit codes
//
// This package imports only the standard library and internal/bounds, charset, inert and lazy.
// The library (patchlint, schema, validate and diff) opens no file and no connection,
// and starts no program. Who may import whom, and why, is in arch_test.go.
//
// # Stability
//
// Until v1 the Go API may change between minor versions. Rule ids, exit codes
// and the json report are kept from the first release on.
package patchlint
