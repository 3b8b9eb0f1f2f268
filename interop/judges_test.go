package interop_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"testing"

	google "github.com/google/jsonschema-go/jsonschema"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/schema/conform"
)

// patchlintJudge is jsonschema/v5 as patchlint runs it.
func patchlintJudge(_ *testing.T, questions []question) []verdict {
	verdicts := make([]verdict, len(questions))
	sideBySide(len(questions), func(i int) {
		q := questions[i]
		doc, err := patchlint.Parse(q.source, patchlint.JSON)
		if err != nil {
			verdicts[i] = verdict(err.Error())
			return
		}
		if refusals := conform.Check(q.resource, doc.Root()); len(refusals) > 0 {
			verdicts[i] = verdict(fmt.Sprint(refusals))
		}
	})
	return verdicts
}

// schemaOf returns the path of a resource's JSON Schema in package schema.
func schemaOf(r *schema.Type) string {
	return path.Join("jsonschema", string(r.Model.Version), r.Short()+".json")
}

// googleJudge is google/jsonschema-go.
func googleJudge(t *testing.T, questions []question) []verdict {
	t.Helper()
	compiled := make(map[string]*google.Resolved)
	for _, q := range questions {
		name := schemaOf(q.resource)
		if compiled[name] != nil {
			continue
		}
		var s google.Schema
		if err := json.Unmarshal(q.resource.JSONSchema(), &s); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		resolved, err := s.Resolve(nil)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		compiled[name] = resolved
	}
	verdicts := make([]verdict, len(questions))
	sideBySide(len(questions), func(i int) {
		var value any
		err := json.Unmarshal(questions[i].source, &value)
		if err == nil {
			err = compiled[schemaOf(questions[i].resource)].Validate(value)
		}
		if err != nil {
			verdicts[i] = verdict(err.Error())
		}
	})
	return verdicts
}

// ajvJudge is ajv, run by Node.js.
func ajvJudge(t *testing.T, questions []question) []verdict {
	t.Helper()
	absent := t.Skipf
	if os.Getenv("CI") == "true" {
		absent = t.Fatalf
	}
	node, err := exec.LookPath("node")
	if err != nil {
		absent("ajv needs Node.js: %v", err)
	}
	if _, err := os.Stat("node_modules/ajv"); err != nil {
		absent("ajv is not installed, run npm ci in interop: %v", err)
	}
	requests, send := io.Pipe()
	defer requests.Close() // ends the sender if Node.js ends early
	go func() { send.CloseWithError(sendRequests(send, questions)) }()
	command := exec.CommandContext(t.Context(), node, "ajv.mjs")
	command.Stdin = requests
	output, err := command.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Logf("%s", exit.Stderr)
		}
		t.Fatalf("ajv.mjs: %v", err)
	}
	verdicts := make([]verdict, len(questions))
	answers := json.NewDecoder(bytes.NewReader(output))
	for i, q := range questions {
		var answer struct {
			Valid           bool
			Reason, Failure string
		}
		if err := answers.Decode(&answer); err != nil {
			t.Fatalf("answer %d of %d: %v", i+1, len(questions), err)
		}
		switch {
		case answer.Failure != "":
			t.Fatalf("%s of %s, %s %s: %s", q.payload, schemaOf(q.resource), q.pointer, q.mutation, answer.Failure)
		case !answer.Valid:
			verdicts[i] = verdict("ajv: " + answer.Reason)
		}
	}
	return verdicts
}

// request is one line to ajv.mjs.
type request struct {
	Schema   string          `json:"schema"`
	Document json.RawMessage `json:"document,omitempty"`
	Payload  json.RawMessage `json:"payload"`
}

// sendRequests writes the questions, and each schema with the first question that needs it.
func sendRequests(to io.Writer, questions []question) error {
	buffered := bufio.NewWriter(to)
	encoder := json.NewEncoder(buffered) // writes a request as one line
	sent := make(map[string]bool)
	for _, q := range questions {
		r := request{Schema: schemaOf(q.resource), Payload: q.source}
		if !sent[r.Schema] {
			sent[r.Schema] = true
			r.Document = q.resource.JSONSchema()
		}
		if err := encoder.Encode(r); err != nil {
			return err
		}
	}
	return buffered.Flush()
}
