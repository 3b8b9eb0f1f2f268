package report

import (
	"bufio"
	"bytes"
	_ "embed"
	"io"
	"slices"
	"strconv"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/secret"
)

//go:embed plan.schema.json
var planSchema []byte

// PlanSchema returns the JSON Schema of what the json format of diff prints. Its
// findings are defined as those of the other report are.
func PlanSchema() []byte {
	_, definitions, _ := bytes.Cut(jsonSchema, []byte(`  "$defs": `))
	return slices.Concat(bytes.TrimSuffix(planSchema, []byte("\n}\n")), []byte(",\n  \"$defs\": "), definitions)
}

// planJSONPrinter prints one document: the plan, or for directories all of them.
// It is written as it is found in the plan and in the documents, because a
// collection can be large and is in it up to four times. A credential is in the
// body, which would be no body without it, and nowhere else.
func planJSONPrinter(w io.Writer, directories bool, _ Options) PlanPrinter {
	if directories {
		return plansJSONPrinter(w)
	}
	printed := false
	print := func(c *Comparison) error {
		printed = true
		j := newJSONWriter(w)
		j.text("{")
		j.plan(c)
		return j.close()
	}
	return PlanPrinter{print, func(s *Set) error {
		if !printed { // the documents could not be read
			if err := print(&Comparison{}); err != nil {
				return err
			}
		}
		j := newJSONWriter(w)
		j.failures(s)
		return j.close()
	}}
}

func plansJSONPrinter(w io.Writer) PlanPrinter {
	var objects [][]byte // "changed" precedes them, and is known when all are there
	var b bytes.Buffer
	print := func(c *Comparison) error {
		b.Reset()
		j := newJSONWriter(&b)
		j.text(`{"current":`)
		j.encode(c.Sources[diff.Current].Name)
		j.text(`,"desired":`)
		j.encode(c.Sources[diff.Desired].Name)
		j.text(",")
		j.plan(c)
		j.text("}")
		err := j.close()
		objects = append(objects, bytes.Clone(b.Bytes()))
		return err
	}
	return PlanPrinter{print, func(s *Set) error {
		j := newJSONWriter(w)
		j.text(`{"version":1,"changed":`, strconv.FormatBool(s.Changed()), `,"objects":`)
		array(j, objects, func(object []byte) { _, _ = j.Write(object) })
		j.text(`,"onlyCurrent":`)
		j.encode(orEmpty(s.OnlyCurrent))
		j.text(`,"onlyDesired":`)
		j.encode(orEmpty(s.OnlyDesired))
		j.failures(s)
		return j.close()
	}}
}

// failures writes the last member of the document.
func (j *jsonWriter) failures(s *Set) {
	j.text(`,"failures":`)
	j.encode(orEmpty(s.Failures))
	j.text("}\n")
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// jsonWriter writes a JSON document piece by piece. The first error stays, as
// that of the Writer does.
type jsonWriter struct {
	*bufio.Writer
	err    error
	fields []field // of the objects that are being written, as a stack
}

func newJSONWriter(w io.Writer) *jsonWriter { return &jsonWriter{Writer: bufio.NewWriter(w)} }

func (j *jsonWriter) close() error {
	if j.err != nil {
		return j.err
	}
	return j.Flush()
}

// field is a member of an object with its name in the document and unescaped.
type field struct {
	raw, name []byte
	value     patchlint.Node
}

func (j *jsonWriter) text(pieces ...string) {
	for _, piece := range pieces {
		_, _ = j.WriteString(piece) // Flush returns the error
	}
}

// encode writes a Go value.
func (j *jsonWriter) encode(v any) {
	text, err := encode(v)
	if j.err == nil {
		j.err = err
	}
	_, _ = j.Write(text)
}

// array writes the elements of a list between brackets.
func array[T any](j *jsonWriter, list []T, element func(T)) {
	j.text("[")
	for i, v := range list {
		if i > 0 {
			j.text(",")
		}
		element(v)
	}
	j.text("]")
}

// plan writes the members of a plan.
func (j *jsonWriter) plan(c *Comparison) {
	j.text(`"version":1,"changed":`, strconv.FormatBool(c.Changed()), `,"body":`)
	var changes []diff.Change
	var skipped []diff.Skip
	body := []byte("null")
	if c.Plan != nil {
		changes, skipped = c.Plan.Changes, c.Plan.Skipped
		if c.Plan.Body != nil {
			body = c.Plan.Body
		}
	}
	_, _ = j.Write(Inert(body))
	j.text(`,"changes":`)
	array(j, changes, func(change diff.Change) {
		j.text(`{"pointer":`)
		j.encode(change.Pointer)
		j.text(`,"kind":`)
		j.encode(change.Kind.String())
		j.text(`,"current":`)
		j.value(change.Current)
		j.text(`,"desired":`)
		j.value(change.Sent)
		added, removed, modified := change.Elements.Added, change.Elements.Removed, change.Elements.Modified
		for _, m := range modified {
			added, removed = append(added, m.Sent), append(removed, m.Current)
		}
		j.text(`,"added":`)
		array(j, added, j.value)
		j.text(`,"removed":`)
		array(j, removed, j.value)
		j.text("}")
	})
	j.text(`,"skipped":`)
	array(j, skipped, func(skip diff.Skip) {
		j.text(`{"pointer":`)
		j.encode(skip.Pointer)
		j.text(`,"reason":`)
		j.encode(skip.Reason)
		j.text("}")
	})
	j.text(`,"warnings":`)
	j.encode(c.jsonFindings(c.Warnings))
	j.text(`,"errors":`)
	j.encode(c.jsonFindings(c.Errors))
}

// value writes a value as encode writes its Go value: compact, names sorted and
// the last of several members of one name, strings without needless escapes.
// Numbers keep their digits; comments, which the document may have, are left
// out; null stands where there is no value, a mask where there is a credential.
func (j *jsonWriter) value(n patchlint.Node) {
	j.part(n, n.Exists() && len(secret.In(n.Document(), n.Span())) > 0)
}

// part writes a value, or one in it; masked says that there are credentials.
func (j *jsonWriter) part(n patchlint.Node, masked bool) {
	switch n.Kind() {
	case patchlint.Bool:
		_, _ = j.Write(n.Raw())
	case patchlint.Number:
		if masked && len(secret.In(n.Document(), n.Span())) > 0 {
			j.encode(secret.Masked)
		} else {
			_, _ = j.Write(n.Raw())
		}
	case patchlint.String:
		if raw := n.Raw(); verbatim(raw) && !masked {
			_, _ = j.Write(raw)
		} else {
			j.encode(shownText(n))
		}
	case patchlint.Array:
		j.text("[")
		comma := ""
		for element := range n.Children() {
			j.text(comma)
			j.part(element, masked)
			comma = ","
		}
		j.text("]")
	case patchlint.Object:
		j.object(n, masked)
	default:
		j.text("null")
	}
}

func (j *jsonWriter) object(n patchlint.Node, masked bool) {
	bottom := len(j.fields)
	for member := range n.Children() {
		at := member.Key()
		f := field{raw: n.Document().Source()[at.Start:at.End], value: member}
		if verbatim(f.raw) {
			f.name = f.raw[1 : len(f.raw)-1]
		} else {
			f.name = []byte(member.Name())
		}
		j.fields = append(j.fields, f)
	}
	top := len(j.fields)
	slices.SortStableFunc(j.fields[bottom:top], func(a, b field) int { return bytes.Compare(a.name, b.name) })
	j.text("{")
	comma := ""
	for i := bottom; i < top; i++ {
		f := j.fields[i]
		if i+1 < top && bytes.Equal(f.name, j.fields[i+1].name) {
			continue
		}
		j.text(comma)
		if verbatim(f.raw) && !masked {
			_, _ = j.Write(f.raw)
		} else {
			j.encode(secret.Mask(n.Document(), secret.MaskName(string(f.name))))
		}
		j.text(":")
		j.part(f.value, masked)
		comma = ","
	}
	j.text("}")
	j.fields = j.fields[:bottom]
}

// verbatim reports whether encode writes the text of a string literal as the
// literal is.
func verbatim(literal []byte) bool {
	for i, c := range literal {
		if c < ' ' || c > '~' || c == '\\' || patchlint.Obeyed(literal, i) {
			return false
		}
	}
	return true
}

func (c *Comparison) jsonFindings(findings []diff.Finding) []jsonFinding {
	list := []jsonFinding{}
	for _, f := range c.Findings(findings) {
		list = append(list, jsonFindings(f, new(Fingerprints).Of(f))...)
	}
	return list
}
