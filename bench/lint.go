package bench

import (
	"bytes"
	"encoding/json"
	"io"

	"github.com/go-json-experiment/json/jsontext"
	v5 "github.com/santhosh-tekuri/jsonschema/v5"
	v6 "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// The validators.
const (
	Patchlint = "patchlint"             // every rule, with a reused Document
	Placed    = "patchlint with places" // and the line and column of every finding
	V5        = "santhosh-tekuri v5"    // the validator that patchlint embeds
	V6        = "santhosh-tekuri v6"    // its successor
	TokenScan = "jsontext token scan"   // checks syntax, UTF-8 and duplicate names; knows no schema
)

// Judge reports whether the bytes of a payload are valid. It must be used by only one
// goroutine.
type Judge func(payload []byte) bool

// Judges returns all judges by name. Schemas are compiled beforehand; each library
// decodes payloads as its documentation shows.
func Judges() (map[string]Judge, error) {
	partner, err := partner()
	if err != nil {
		return nil, err
	}
	five, err := v5.CompileString("schema.json", string(partner.JSONSchema()))
	if err != nil {
		return nil, err
	}
	document, err := v6.UnmarshalJSON(bytes.NewReader(partner.JSONSchema()))
	if err != nil {
		return nil, err
	}
	compiler := v6.NewCompiler()
	if err := compiler.AddResource("schema.json", document); err != nil {
		return nil, err
	}
	six, err := compiler.Compile("schema.json")
	if err != nil {
		return nil, err
	}
	return map[string]Judge{
		Patchlint: judge(false),
		Placed:    judge(true),
		V5: func(src []byte) bool {
			var value any
			return json.Unmarshal(src, &value) == nil && five.Validate(value) == nil
		},
		V6: func(src []byte) bool {
			value, err := v6.UnmarshalJSON(bytes.NewReader(src))
			return err == nil && six.Validate(value) == nil
		},
		TokenScan: new(scan).accepts,
	}, nil
}

// judge is patchlint with its defaults: every rule, and the type of each payload is
// recognized by its content.
func judge(places bool) Judge {
	var linter validate.Linter
	var doc patchlint.Document
	return func(src []byte) bool {
		_ = doc.Parse(src, patchlint.JSON, 0, 0) // its error is among the faults
		ok := true
		for _, d := range linter.LintDocument(&doc, validate.Target{}) {
			line := 1
			if places {
				line, _ = doc.Position(d.Span.Start)
			}
			if line < 1 || d.Severity == patchlint.Error {
				ok = false
			}
		}
		return ok
	}
}

func partner() (*schema.Type, error) {
	model, err := schema.Open(schema.Beta)
	if err != nil {
		return nil, err
	}
	return model.Resource("complianceManagementPartner")
}

// scan reads the tokens of a text and discards them. It does not allocate, because it
// reuses the decoder and its buffer.
type scan struct {
	decoder jsontext.Decoder
	buffer  bytes.Buffer
}

func (s *scan) accepts(src []byte) bool {
	s.buffer = *bytes.NewBuffer(src) // which the decoder reads without copying
	s.decoder.Reset(&s.buffer)
	for {
		if _, err := s.decoder.ReadToken(); err != nil {
			return err == io.EOF
		}
	}
}
