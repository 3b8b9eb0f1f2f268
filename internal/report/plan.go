package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/validate"
)

// Source is a document under the name the user knows it by.
type Source struct {
	Name     string
	Root     string // the path from the root of the repository, for fingerprints
	Document *patchlint.Document
}

// Comparison is what came of comparing two objects.
type Comparison struct {
	// Sources are the documents by the side they are.
	Sources map[diff.Side]Source
	// Plan is nil when the pair was refused; Errors say why.
	Plan     *diff.Plan
	Errors   []diff.Finding
	Warnings []diff.Finding
	// Names and Graph belong to the environment of the objects; zero means the ones
	// in the Options.
	Names *validate.Names
	Graph string
}

// Changed reports whether there is something to send.
func (c *Comparison) Changed() bool { return c.Plan != nil && c.Plan.Body != nil }

// Notable are the warnings that a person should see: not infos, and not what the body
// takes care of.
func (c *Comparison) Notable() []diff.Finding {
	return slices.DeleteFunc(slices.Clone(c.Warnings), func(f diff.Finding) bool {
		return f.Severity < patchlint.Warning || slices.Contains(takenCareOf, f.Rule) && !c.planned(f)
	})
}

// takenCareOf are the rules about what a computed body never holds.
var takenCareOf = []string{"read-only-property", "server-managed-property", "response-annotation", "odata-type-prefix"}

// planned reports whether a finding is one of the plan.
func (c *Comparison) planned(f diff.Finding) bool {
	return c.Plan != nil && slices.ContainsFunc(c.Plan.Warnings, func(w diff.Finding) bool {
		return w.Rule == f.Rule && w.Span == f.Span && w.Message == f.Message
	})
}

// Findings groups findings by their document, for a Printer, with the secrets
// taken out of what they say.
func (c *Comparison) Findings(findings []diff.Finding) []*File {
	var files []*File
	for _, side := range []diff.Side{diff.Current, diff.Desired, diff.Base} {
		var list []patchlint.Diagnostic
		for _, f := range findings {
			if f.Side == side {
				list = append(list, f.Diagnostic)
			}
		}
		if len(list) > 0 {
			source := c.Sources[side]
			list = secret.Conceal(source.Document, list)
			files = append(files, &File{Name: source.Name, Root: cmp.Or(source.Root, source.Name), Document: source.Document, Findings: list, Names: c.Names})
		}
	}
	return files
}

// shown is the text of a value with a mask for every credential in it.
func shown(n patchlint.Node) []byte {
	if !n.Exists() {
		return nil
	}
	return secret.Redact(n.Document(), n.Span())
}

// shownText is what a string says, with a mask for every credential in it, and
// "" for every other value.
func shownText(n patchlint.Node) string {
	if n.Kind() != patchlint.String {
		return ""
	}
	var text string
	if json.Unmarshal(shown(n), &text) != nil {
		return secret.Masked // a credential that starts in an escape
	}
	return text
}

// OnOneSide is an object that one directory alone has. Name and ID, with the secrets
// taken out, tell which one it is of a file that can hold several, else they are "".
type OnOneSide struct{ File, Name, ID string }

// String shows the object on one line.
func (o OnOneSide) String() string {
	text := printable(o.File)
	for _, label := range []string{o.Name, o.ID} {
		if label != "" {
			text += " " + inert.Quote(label)
		}
	}
	return text
}

// Set sums up a run: one comparison, or those of two directories.
type Set struct {
	// Directories says that directories were compared. The objects that only one of
	// them has are listed.
	Directories              bool
	OnlyCurrent, OnlyDesired []OnOneSide
	// Failures say what could not be done, a sentence each.
	Failures []string

	// Compared counts the objects that were compared or refused, Changed those for
	// which there is something to send, and Refused those that were refused.
	Compared, Changed, Refused int
	// Incomplete counts the others that differ in what cannot be sent.
	Incomplete int
}

// Count counts a comparison.
func (s *Set) Count(c *Comparison) {
	s.Compared++
	switch {
	case c.Plan == nil:
		s.Refused++
	case c.Changed():
		s.Changed++
	case c.Plan.Incomplete():
		s.Incomplete++
	}
}

// PlanFormat prints a run of diff.
type PlanFormat struct {
	Name string
	// Directories says that the format can hold more than one object.
	Directories bool
	// NeedsID says that it has no use for an object without one.
	NeedsID bool
	new     func(out *output, directories bool, o Options) plans
}

// plans is what a format prints a run with; see PlanPrinter. Without an end it prints
// each plan on its own.
type plans struct {
	print func(*Comparison)
	end   func(*Set)
}

// PlanPrinter prints a run.
type PlanPrinter struct {
	plans
	out *output
}

// New returns a printer of the format for one comparison, or for those of
// directories.
func (f PlanFormat) New(w io.Writer, directories bool, o Options) PlanPrinter {
	out := newOutput(w)
	return PlanPrinter{f.new(out, directories, o), out}
}

// Print prints a comparison, and does not keep it: there may be very many.
func (p PlanPrinter) Print(c *Comparison) error {
	p.print(c)
	return p.out.flush()
}

// Close ends the document with what the run came to.
func (p PlanPrinter) Close(s *Set) error {
	if p.end != nil {
		p.end(s)
	}
	return p.out.flush()
}

// PlanFormats lists the formats of diff, the default first.
func PlanFormats() []PlanFormat {
	return []PlanFormat{
		{Name: "body", new: bodyPlans},
		{Name: "text", Directories: true, new: textPlans},
		{Name: "json", Directories: true, new: jsonPlans},
		{Name: "json-patch", new: patchPlans},
		{Name: "batch", Directories: true, NeedsID: true, new: batchPlans},
		{Name: "http", Directories: true, NeedsID: true, new: httpPlans},
		{Name: "markdown", Directories: true, new: markdownPlans},
	}
}

// bodyPlans prints the body, and nothing where there is none to send.
func bodyPlans(out *output, _ bool, _ Options) plans {
	return plans{print: func(c *Comparison) {
		if c.Changed() {
			out.printf("%s\n", Inert(c.Plan.Body))
		}
	}}
}

// patchPlans prints the RFC 6902 view, "[]" where nothing is to be sent.
func patchPlans(out *output, _ bool, _ Options) plans {
	return plans{print: func(c *Comparison) {
		if c.Plan == nil {
			return // "[]" would say that there is no difference
		}
		patch, err := c.Plan.JSONPatch()
		if err != nil {
			out.err = err
			return
		}
		out.printf("%s\n", Inert(patch))
	}}
}

// httpPlans prints complete requests in the format of .http files, with a
// variable for the token. If-Match is sent only with an etag that was read.
func httpPlans(out *output, _ bool, o Options) plans {
	first := true
	return plans{print: func(c *Comparison) {
		if !c.Changed() {
			return
		}
		if !first {
			out.WriteString("\n###\n\n")
		}
		first = false
		out.printf("PATCH https://%s/%s%s HTTP/1.1\nAuthorization: Bearer {{token}}\nContent-Type: application/json\n",
			cmp.Or(o.of(c).Graph, graph.Hosts()[0]), c.Plan.Resource.Model.Version, inertPath(c.Plan.Path()))
		if etag := c.Plan.ETag(); etag != "" {
			out.printf("If-Match: %s\n", etag)
		}
		out.printf("\n%s\n", Inert(literal(c.Plan.Body)))
	}}
}

// inertPath escapes in the path of a URL the characters that make a command of
// it (RFC 3986 section 2.1).
func inertPath(path string) string {
	var b strings.Builder
	for i := range len(path) {
		if inert.Obeyed(path, i) {
			fmt.Fprintf(&b, "%%%02X", path[i])
		} else {
			b.WriteByte(path[i])
		}
	}
	return b.String()
}

// literal returns a JSON text in which the clients that read .http files find no
// variable, such as {{$processEnv X}}. Two braces are next to each other in
// strings only.
func literal(body []byte) []byte { return bytes.ReplaceAll(body, []byte("{{"), []byte(`{\u007b`)) }

// batchPlans prints bodies for POST /$batch, one a line, with at most 20
// requests each.
func batchPlans(out *output, _ bool, _ Options) plans {
	var requests []object
	flush := func() {
		if len(requests) > 0 {
			out.line(object{{"requests", requests}})
		}
		requests = nil
	}
	add := func(c *Comparison) {
		if !c.Changed() {
			return
		}
		headers := map[string]string{"Content-Type": "application/json"}
		if etag := c.Plan.ETag(); etag != "" {
			headers["If-Match"] = etag
		}
		requests = append(requests, object{
			{"id", fmt.Sprint(len(requests) + 1)}, {"method", "PATCH"}, {"url", c.Plan.Path()}, {"headers", headers}, {"body", json.RawMessage(c.Plan.Body)},
		})
		if len(requests) == graph.MaxRequests {
			flush()
		}
	}
	return plans{add, func(*Set) { flush() }}
}
