package report

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
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
}

// Changed reports whether there is something to send.
func (c *Comparison) Changed() bool { return c.Plan != nil && c.Plan.Body != nil }

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
			files = append(files, &File{Name: source.Name, Root: cmp.Or(source.Root, source.Name), Document: source.Document, Findings: list})
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

// Set is a whole run: one comparison, or those of two directories.
type Set struct {
	Comparisons []*Comparison
	// Directories says that directories were compared. What only one of them
	// has is listed by name.
	Directories              bool
	OnlyCurrent, OnlyDesired []string
	// Failures say what could not be done, a sentence each.
	Failures []string
}

// Changed reports whether there is something to send for any object.
func (s *Set) Changed() bool { return slices.ContainsFunc(s.Comparisons, (*Comparison).Changed) }

// PlanFormat prints a run of diff.
type PlanFormat struct {
	Name string
	// Directories says that the format can hold more than one object.
	Directories bool
	// NeedsID says that it has no use for an object without one.
	NeedsID bool
	Print   func(io.Writer, *Set, Options) error
}

// PlanFormats lists the formats of diff, the default first.
func PlanFormats() []PlanFormat {
	return []PlanFormat{
		{Name: "body", Print: printBody},
		{Name: "text", Directories: true, Print: printPlanText},
		{Name: "json", Directories: true, Print: printPlanJSON},
		{Name: "json-patch", Print: printJSONPatch},
		{Name: "batch", Directories: true, NeedsID: true, Print: printBatch},
		{Name: "http", Directories: true, NeedsID: true, Print: printHTTP},
	}
}

// printBody prints the body, and nothing where there is none to send.
func printBody(w io.Writer, s *Set, _ Options) error {
	for _, c := range s.Comparisons {
		if c.Changed() {
			if _, err := fmt.Fprintf(w, "%s\n", c.Plan.Body); err != nil {
				return err
			}
		}
	}
	return nil
}

// printJSONPatch prints the RFC 6902 view, "[]" where nothing is to be sent.
func printJSONPatch(w io.Writer, s *Set, _ Options) error {
	for _, c := range s.Comparisons {
		if c.Plan == nil {
			continue // "[]" would say that there is no difference
		}
		patch, err := c.Plan.JSONPatch()
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s\n", patch); err != nil {
			return err
		}
	}
	return nil
}

// root is where the Graph API is.
const root = "https://graph.microsoft.com/"

// printHTTP prints complete requests in the format of .http files, with a
// variable for the token. If-Match is sent only with an etag that was read.
func printHTTP(w io.Writer, s *Set, _ Options) error {
	first := true
	for _, c := range s.Comparisons {
		if !c.Changed() {
			continue
		}
		var b strings.Builder
		if !first {
			b.WriteString("\n###\n\n")
		}
		first = false
		fmt.Fprintf(&b, "PATCH %s%s%s HTTP/1.1\nAuthorization: Bearer {{token}}\nContent-Type: application/json\n",
			root, c.Plan.Resource.Model.Version, c.Plan.Path())
		if etag := c.Plan.ETag(); etag != "" && !strings.ContainsFunc(etag, func(r rune) bool { return r < ' ' || r == 0x7F }) {
			fmt.Fprintf(&b, "If-Match: %s\n", etag)
		}
		fmt.Fprintf(&b, "\n%s\n", c.Plan.Body)
		if _, err := io.WriteString(w, b.String()); err != nil {
			return err
		}
	}
	return nil
}

type batchRequest struct {
	ID      string            `json:"id"`
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers"`
	Body    json.RawMessage   `json:"body"`
}

// printBatch prints bodies for POST /$batch, one a line, with at most 20
// requests each.
func printBatch(w io.Writer, s *Set, _ Options) error {
	var requests []batchRequest
	for _, c := range s.Comparisons {
		if !c.Changed() {
			continue
		}
		r := batchRequest{
			ID: fmt.Sprint(len(requests)%validate.MaxRequests + 1), Method: "PATCH", URL: c.Plan.Path(),
			Headers: map[string]string{"Content-Type": "application/json"}, Body: c.Plan.Body,
		}
		if etag := c.Plan.ETag(); etag != "" {
			r.Headers["If-Match"] = etag
		}
		requests = append(requests, r)
	}
	for batch := range slices.Chunk(requests, validate.MaxRequests) {
		line, err := encode(map[string]any{"requests": batch})
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%s\n", line); err != nil {
			return err
		}
	}
	return nil
}
