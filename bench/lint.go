package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
	google "github.com/google/jsonschema-go/jsonschema"
	kaptinlin "github.com/kaptinlin/jsonschema"
	v5 "github.com/santhosh-tekuri/jsonschema/v5"
	v6 "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/validate"
)

// The judges that ratios names.
const (
	Reused    = "patchlint"             // with a Document that is used again
	OneShot   = "patchlint one-shot"    // Linter.Lint
	Placed    = "patchlint with places" // and line and column of every finding
	TokenScan = "jsontext token scan"   // checks syntax, UTF-8 and duplicate names
	V5        = "santhosh-tekuri v5"    // what patchlint embeds
	V6        = "santhosh-tekuri v6"    // its successor
	Google    = "google/jsonschema-go"  // the MCP SDK's
	Kaptinlin = "kaptinlin/jsonschema"  // on go-json-experiment
	Valid     = "json.Valid"            // syntax only
	Decode    = "json.Unmarshal to any" // what a JSON Schema validator needs first
)

// Judge takes a payload from bytes to verdict. A schema is compiled before; each
// library decodes as its documentation shows.
type Judge struct {
	Name string
	// Floor says that the judge knows no schema: it accepts all that is JSON.
	Floor bool
	// Accepts reports that the payload conforms. It is for one goroutine.
	Accepts func(payload []byte) bool
}

// Judges returns all judges, ours first and the floors last.
func Judges() ([]Judge, error) {
	partner, err := partner()
	if err != nil {
		return nil, err
	}
	judges := patchlintJudges()
	for _, compile := range []func([]byte) (Judge, error){judgeV5, judgeV6, judgeGoogle, judgeKaptinlin} {
		judge, err := compile(partner.JSONSchema())
		if err != nil {
			return nil, err
		}
		judges = append(judges, judge)
	}
	return append(judges, floors()...), nil
}

// JudgeNamed returns one of Judges.
func JudgeNamed(name string) (Judge, error) {
	judges, err := Judges()
	if err != nil {
		return Judge{}, err
	}
	if i := slices.IndexFunc(judges, func(j Judge) bool { return j.Name == name }); i >= 0 {
		return judges[i], nil
	}
	return Judge{}, fmt.Errorf("no judge %q", name)
}

// patchlintJudges are patchlint as it comes: every rule, and the type of each
// payload found out from what it holds.
func patchlintJudges() []Judge {
	var linter validate.Linter
	var reused, placed patchlint.Document
	var place patchlint.Position
	return []Judge{
		{Name: Reused, Accepts: func(src []byte) bool {
			_ = reused.Parse(src, patchlint.JSON) // its error is among the faults
			return passes(linter.LintDocument(&reused))
		}},
		{Name: OneShot, Accepts: func(src []byte) bool { return passes(linter.Lint(src)) }},
		{Name: Placed, Accepts: func(src []byte) bool {
			_ = placed.Parse(src, patchlint.JSON)
			found := linter.LintDocument(&placed)
			for _, d := range found {
				place = placed.Position(d.Span.Start)
			}
			_ = place
			return passes(found)
		}},
	}
}

// passes reports that no finding is an error.
func passes(found []patchlint.Diagnostic) bool {
	for _, d := range found {
		if d.Severity == patchlint.Error {
			return false
		}
	}
	return true
}

func judgeV5(schema []byte) (Judge, error) {
	s, err := v5.CompileString("schema.json", string(schema))
	return Judge{Name: V5, Accepts: func(src []byte) bool {
		var value any
		return json.Unmarshal(src, &value) == nil && s.Validate(value) == nil
	}}, err
}

func judgeV6(schema []byte) (Judge, error) {
	document, err := v6.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		return Judge{}, err
	}
	compiler := v6.NewCompiler()
	if err := compiler.AddResource("schema.json", document); err != nil {
		return Judge{}, err
	}
	s, err := compiler.Compile("schema.json")
	return Judge{Name: V6, Accepts: func(src []byte) bool {
		value, err := v6.UnmarshalJSON(bytes.NewReader(src))
		return err == nil && s.Validate(value) == nil
	}}, err
}

func judgeGoogle(schema []byte) (Judge, error) {
	var document google.Schema
	if err := json.Unmarshal(schema, &document); err != nil {
		return Judge{}, err
	}
	s, err := document.Resolve(nil)
	return Judge{Name: Google, Accepts: func(src []byte) bool {
		var value any
		return json.Unmarshal(src, &value) == nil && s.Validate(value) == nil
	}}, err
}

func judgeKaptinlin(schema []byte) (Judge, error) {
	s, err := kaptinlin.NewCompiler().Compile(schema)
	return Judge{Name: Kaptinlin, Accepts: func(src []byte) bool {
		return s.ValidateJSON(src).IsValid()
	}}, err
}

func floors() []Judge {
	return []Judge{
		{Name: TokenScan, Floor: true, Accepts: new(scan).accepts},
		{Name: Valid, Floor: true, Accepts: json.Valid},
		{Name: Decode, Floor: true, Accepts: func(src []byte) bool {
			var value any
			return json.Unmarshal(src, &value) == nil
		}},
	}
}

// scan reads the tokens of a text and does nothing with them. It allocates
// nothing: decoder and buffer are used again.
type scan struct {
	decoder jsontext.Decoder
	buffer  bytes.Buffer
}

func (s *scan) accepts(src []byte) bool {
	s.buffer = *bytes.NewBuffer(src) // from which the decoder reads without copying
	s.decoder.Reset(&s.buffer)
	for {
		if _, err := s.decoder.ReadToken(); err != nil {
			return err == io.EOF
		}
	}
}
