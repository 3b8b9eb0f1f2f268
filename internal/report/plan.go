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
	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/internal/entity"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/validate"
)

// Source is a document and its name.
type Source struct {
	Name     string
	Document *patchlint.Document
}

// Comparison is the result of comparing two objects.
type Comparison struct {
	Sources map[diff.Side]Source
	// Plan is nil if the pair was refused; Errors say why.
	Plan     *diff.Plan
	Errors   []diff.Finding
	Warnings []diff.Finding
	Names    *validate.Names // the names of objects by id; may be nil
	Graph    string          // the host of Microsoft Graph in URLs; "" means the global service
	// Root returns the Root of a file by its name; nil leaves the name as it is.
	Root func(name string) string
	// Unsent leaves the plan out of formats with requests, because its body has no URL,
	// or a different one from those before it.
	Unsent bool
}

// Service returns the URL of the service that a request goes to, without its scheme.
func (c *Comparison) Service() string {
	return cmp.Or(c.Graph, graph.Hosts()[0]) + "/" + string(c.Plan.Resource.Model.Version)
}

// clears reports whether a change sets its property to null, or to [] if it is a
// collection.
func clears(c diff.Change) bool {
	return c.Desired.Kind() == patchlint.Null || c.Property.Collection && c.Desired.Empty()
}

// Changed reports whether there is something to send.
func (c *Comparison) Changed() bool { return c.Plan != nil && c.Plan.Body != nil }

// sent reports whether formats with requests have one for the comparison.
func (c *Comparison) sent() bool { return c.Changed() && !c.Unsent }

// incomplete reports whether the plan does not make all requested changes.
func (c *Comparison) incomplete() bool {
	return c.Plan != nil && slices.ContainsFunc(c.Plan.Skipped, diff.Change.Unmet)
}

// Unmet returns the requested changes that the plan does not make, and why, unless a
// rule reports them: a sentence for each reason.
func (c *Comparison) Unmet() (sentences []string) {
	if c.Plan == nil {
		return nil
	}
	var reasons []string
	names := make(map[string][]string)
	for _, s := range c.Plan.Skipped {
		if !s.Unmet() || s.Rule() != "" {
			continue
		}
		if names[s.Reason] == nil {
			reasons = append(reasons, s.Reason)
		}
		names[s.Reason] = append(names[s.Reason], inert.Quote(string(maskedPointer(s, s.Pointer)[1:])))
	}
	for _, reason := range reasons {
		text := fmt.Sprintf("%s is not sent (%s)", names[reason][0], reason)
		if others := names[reason][1:]; len(others) > 0 {
			text += "; the same applies to " + bounds.List(others, 10)
		}
		sentences = append(sentences, text)
	}
	return sentences
}

// Notable returns the warnings that a person should see: no infos, and none that the
// body resolves.
func (c *Comparison) Notable() []diff.Finding {
	return slices.DeleteFunc(slices.Clone(c.Warnings), func(f diff.Finding) bool {
		own := func(w diff.Finding) bool { return w.Rule == f.Rule && w.Span == f.Span && w.Message == f.Message }
		if f.Severity < patchlint.Warning {
			return true
		}
		switch f.Rule { // the body resolves these, unless the plan warns of them
		case "navigation-property", "unpublished-property":
			return c.Plan != nil && !slices.ContainsFunc(c.Plan.Warnings, own)
		case "read-only-property", "server-managed-property", "response-annotation", "odata-type-prefix":
			return c.Plan == nil || !slices.ContainsFunc(c.Plan.Warnings, own)
		}
		return false
	})
}

// Findings groups findings by document, for a Printer, and masks secrets in their messages.
func (c *Comparison) Findings(findings []diff.Finding) []*File {
	var files []*File
	sides := []diff.Side{diff.Current, diff.Desired, diff.Base}
	for _, side := range sides {
		var list []patchlint.Diagnostic
		for _, f := range findings {
			if f.Side == side {
				list = append(list, f.Diagnostic)
			}
		}
		if len(list) > 0 {
			source := c.Sources[side]
			for _, quoted := range sides { // a finding about one document may quote another
				if doc := c.Sources[quoted].Document; doc != nil {
					list = secret.Conceal(doc, list)
				}
			}
			file := &File{Name: source.Name, Root: source.Name, Document: source.Document, Findings: list, Names: c.Names}
			if c.Root != nil {
				file.Root = c.Root(file.Name)
			}
			files = append(files, file)
		}
	}
	return files
}

// maskedString returns the value of a string with its credentials masked, and "" for any
// other value.
func maskedString(n patchlint.Node) string {
	if n.Kind() != patchlint.String {
		return ""
	}
	var text string
	if json.Unmarshal(secret.Redact(n.Document(), n.Span()), &text) != nil {
		return secret.Masked // not JSON, because the mask cuts an escape
	}
	return text
}

// maskedPointer returns a pointer in a change with credentials masked: an object of an open
// type may have any name.
func maskedPointer(c diff.Change, p patchlint.Pointer) patchlint.Pointer {
	return secret.MaskPointer(c.Current.Document(), secret.MaskPointer(c.Desired.Document(), p))
}

// Unpaired is an object that only one of two directories has. Labels are its name and id,
// as far as it has them, in a file that can hold several objects; secrets in them are masked.
type Unpaired struct {
	File   string
	Labels []string
}

// String shows the object on one line.
func (o Unpaired) String() string {
	text := printable(o.File)
	for _, label := range o.Labels {
		text += " " + inert.Quote(label)
	}
	return text
}

// PlanSummary summarizes a run: one comparison, or those of two directories.
type PlanSummary struct {
	Directories              bool // whether directories were compared
	OnlyCurrent, OnlyDesired []Unpaired
	Failures                 []string // sentences that describe failures

	Compared   int // pairs, including those refused
	Changed    int // pairs with something to send
	Refused    int
	Incomplete int // pairs whose differences cannot be sent
}

// Count adds a comparison.
func (s *PlanSummary) Count(c *Comparison) {
	s.Compared++
	switch {
	case c.Plan == nil:
		s.Refused++
	case c.Changed():
		s.Changed++
	case c.incomplete():
		s.Incomplete++
	}
}

// PlanFormat is a format for plans.
type PlanFormat struct {
	name        string
	Directories bool // whether a report can have several objects
	Skipped     bool // whether a report has the skipped changes, with reasons
	NeedsID     bool // whether each object must have an id
	OneService  bool // whether all objects must be of the same service
	new         func(out *output, directories, color bool) PlanPrinter
}

// PlanPrinter writes a report of plans: of one comparison, or of those of two directories.
type PlanPrinter = Reporter[*Comparison, *PlanSummary]

// New returns a printer of the format. Only text has colors.
func (f PlanFormat) New(w io.Writer, directories, color bool) PlanPrinter {
	return f.new(newOutput(w), directories, color)
}

var planFormats = []PlanFormat{
	{name: "body", new: bodyPlans},
	{name: "text", Directories: true, Skipped: true, new: textPlans},
	{name: "json", Directories: true, Skipped: true, new: jsonPlans},
	{name: "json-patch", new: patchPlans},
	{name: "batch", Directories: true, NeedsID: true, OneService: true, new: batchPlans},
	{name: "http", Directories: true, NeedsID: true, new: httpPlans},
	{name: "markdown", Directories: true, Skipped: true, new: markdownPlans},
}

// PlanFormatNames returns the names of the formats for plans, the default first.
func PlanFormatNames() (names []string) {
	for _, f := range planFormats {
		names = append(names, f.name)
	}
	return names
}

// PlanFormatOf returns the format with a name, one of PlanFormatNames.
func PlanFormatOf(name string) PlanFormat { return planFormats[slices.Index(PlanFormatNames(), name)] }

// bodyPlans prints the body, or nothing if there is nothing to send.
func bodyPlans(out *output, _, _ bool) PlanPrinter {
	return PlanPrinter{out: out, print: func(c *Comparison) {
		if c.Changed() {
			out.printf("%s\n", Inert(c.Plan.Body))
		}
	}}
}

// patchPlans prints the plan as a JSON Patch (RFC 6902), "[]" if there is nothing to send.
func patchPlans(out *output, _, _ bool) PlanPrinter {
	return PlanPrinter{out: out, print: func(c *Comparison) {
		if c.Plan != nil { // else "[]" would mean that there is no difference
			out.printf("%s\n", Inert(c.Plan.JSONPatch()))
		}
	}}
}

// httpPlans prints requests in the format of .http files, with a variable for the token,
// and with If-Match if CURRENT has an etag.
func httpPlans(out *output, _, _ bool) PlanPrinter {
	first := true
	return PlanPrinter{out: out, print: func(c *Comparison) {
		if !c.sent() {
			return
		}
		if !first {
			out.WriteString("\n###\n\n")
		}
		first = false
		out.printf("PATCH https://%s%s HTTP/1.1\nAuthorization: Bearer {{token}}\nContent-Type: application/json\n", c.Service(), inertPath(c.Plan.Path()))
		if etag := entity.ETag(c.Plan.Current); etag != "" {
			out.printf("If-Match: %s\n", etag)
		}
		// Clients of .http files would expand variables such as {{$processEnv X}}. In JSON,
		// "{{" occurs only in strings.
		out.printf("\n%s\n", Inert(bytes.ReplaceAll(c.Plan.Body, []byte("{{"), []byte(`{\u007b`))))
	}}
}

// inertPath percent-encodes the characters of a URL path that are part of a command for a
// build service (RFC 3986, 2.1).
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

// batchPlans prints bodies for POST /$batch, one per line, with at most
// graph.MaxRequests requests each.
func batchPlans(out *output, _, _ bool) PlanPrinter {
	var requests []object
	flush := func() {
		if len(requests) > 0 {
			out.line(object{{"requests", requests}})
		}
		requests = nil
	}
	add := func(c *Comparison) {
		if !c.sent() {
			return
		}
		headers := map[string]string{"Content-Type": "application/json"}
		if etag := entity.ETag(c.Plan.Current); etag != "" {
			headers["If-Match"] = etag
		}
		requests = append(requests, object{
			{"id", fmt.Sprint(len(requests) + 1)}, {"method", "PATCH"}, {"url", c.Plan.Path()}, {"headers", headers}, {"body", json.RawMessage(c.Plan.Body)},
		})
		if len(requests) == graph.MaxRequests {
			flush()
		}
	}
	return PlanPrinter{out: out, print: add, end: func(*PlanSummary) { flush() }}
}
