package report

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode/utf16"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/example"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/validate"
)

// maxResults is the number of results that GitHub accepts per run; it refuses a report
// with more.
const maxResults = 25_000

// sarifLevels are the levels of results (SARIF, 3.27.10).
var sarifLevels = [...]string{patchlint.Error: "error", patchlint.Warning: "warning", patchlint.Info: "note"}

func newSARIF(out *output, o Options) Printer { return newLimitedSARIF(out, o, maxResults) }

// newLimitedSARIF writes SARIF 2.1.0 (OASIS, errata 01) with what GitHub's code scanning
// requires beyond the standard. It keeps results until the end, at most limit of each
// severity, because only then it knows which are the most severe.
func newLimitedSARIF(out *output, o Options, limit int) Printer {
	// The run has a category of its own: GitHub refuses several runs of one tool and
	// category.
	out.WriteString(`{"$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
 "version": "2.1.0",
 "runs": [{
  "tool": {"driver":{"name":"patchlint","version":`)
	out.json(o.Version)
	out.WriteString(`,"semanticVersion":`)
	out.json(o.Version)
	out.WriteString(`,"informationUri":"` + project + `","rules":`)
	out.Write(sarifRules())
	out.WriteString(`}},
  "automationDetails": {"id": "patchlint/"},
  "columnKind": "utf16CodeUnits",
  "results": `)
	type result struct {
		patchlint.Severity
		text json.RawMessage
	}
	var results []result
	var found [patchlint.Error + 1]int // by severity
	list, prints := out.list(), new(Fingerprints)
	print := func(f *File) {
		for i, print := range prints.Of(f) {
			severity := f.Findings[i].Severity
			if found[severity]++; found[severity] <= limit {
				results = append(results, result{severity, encode(sarifFinding(f, f.Findings[i], print, o.Root))})
			}
		}
	}
	end := func(s Summary) {
		left, leftOut := limit, 0
		for severity, n := range slices.Backward(found[:]) {
			found[severity] = min(n, left) // what the report has of it
			left -= found[severity]
			leftOut += n - found[severity]
		}
		for _, r := range results {
			if found[r.Severity] > 0 {
				found[r.Severity]--
				list.add(r.text)
			}
		}
		list.end("  ", ",\n  \"invocations\": ")
		notifications := []object{}
		for _, failure := range s.Failures {
			notifications = append(notifications, object{{"level", "error"}, {"message", sarifMessage(failure)}})
		}
		if leftOut > 0 {
			text := fmt.Sprintf("%s left out of the SARIF report, the least severe first, because GitHub accepts at most %d", Count(leftOut, "finding is", "findings are"), limit)
			notifications = append(notifications, object{{"level", "warning"}, {"message", sarifString(text)}})
			if o.Note != nil {
				o.Note(text)
			}
		}
		out.json([]object{{{"executionSuccessful", len(s.Failures) == 0}, {"toolExecutionNotifications", notifications}}})
		out.WriteString("\n }]\n}\n")
	}
	return Printer{out, print, end}
}

// sarifFinding returns a finding. root returns the path of a related file, or is nil.
func sarifFinding(f *File, d patchlint.Diagnostic, fingerprint string, root func(name string) string) object {
	var related, fixes []object
	for i, r := range d.Related {
		name, doc := f.relatedFile(r)
		if r.Document == nil {
			name = f.Root
		} else if root != nil {
			name = root(name)
		}
		related = append(related, object{{"id", i + 1}, {"physicalLocation", physical(name, doc, r.Span)}, {"message", sarifMessage(r.Message)}})
	}
	for _, fix := range f.Applicable(d) {
		replacements := []object{}
		for _, e := range fix.Edits {
			replacements = append(replacements, object{{"deletedRegion", region(f.Document, e.Span)}, {"insertedContent", sarifString(e.NewText)}})
		}
		title := fix.Title
		if !fix.Safe {
			title += " (unsafe)"
		}
		fixes = append(fixes, object{
			{"description", sarifMessage(title)},
			{"artifactChanges", []object{{{"artifactLocation", artifact(f.Root)}, {"replacements", replacements}}}},
		})
	}
	return object{
		{"ruleId", d.Rule},
		{"level", sarifLevels[d.Severity]},
		{"message", sarifMessage(d.Message)},
		{"locations", []object{{{"physicalLocation", physical(f.Root, f.Document, d.Span)}}}},
		{"relatedLocations", related},
		{"partialFingerprints", object{{"patchlint/v1", fingerprint}}},
		{"fixes", fixes},
	}
}

// sarifRules returns the reportingDescriptors of all rules, encoded.
var sarifRules = sync.OnceValue(func() json.RawMessage {
	var rules []object
	problems := map[patchlint.Severity]string{patchlint.Error: "error", patchlint.Warning: "warning", patchlint.Info: "recommendation"}
	for _, r := range validate.Rules() {
		family, precision := "microsoft-graph", "high"
		if strings.HasPrefix(r.ID, "json-") {
			family = "json"
		}
		if r.Severity == patchlint.Error {
			precision = "very-high"
		}
		rules = append(rules, object{
			{"id", r.ID},
			{"shortDescription", sarifString(r.Summary)},
			{"fullDescription", sarifString(cut(r.Why, 1024))}, // GitHub's limit
			{"help", object{{"text", help(&r.Rule, "")}, {"markdown", help(&r.Rule, "```")}}},
			{"helpUri", RulePage(r.ID)},
			{"defaultConfiguration", object{{"level", sarifLevels[r.Severity]}}},
			{"properties", object{{"tags", []string{"correctness", family}}, {"precision", precision}, {"problem.severity", problems[r.Severity]}}},
		})
	}
	return encode(rules)
})

// help returns the reason, examples and links of a rule. Examples are in code fences if
// fence is not "".
func help(r *patchlint.Rule, fence string) string {
	var b strings.Builder
	b.WriteString(r.Why + "\n")
	for _, part := range example.Parts(r, "") {
		opening, closing := "", ""
		if fence != "" {
			opening, closing = fence+part.Language+"\n", fence+"\n"
		}
		doc, _ := patchlint.Parse([]byte(part.Code), patchlint.JSONC)
		b.WriteString("\n" + part.Title + ":\n\n" + opening + string(secret.Redact(doc, patchlint.Span{End: len(part.Code)})) + "\n" + closing)
	}
	for _, link := range append([]string{RulePage(r.ID)}, r.Links...) {
		b.WriteString("\nSee " + link + "\n")
	}
	return b.String()
}

// cut shortens text to at most limit UTF-16 units.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	units := utf16.Encode([]rune(text))
	if len(units) <= limit {
		return text
	}
	return strings.TrimSuffix(string(utf16.Decode(units[:limit-3])), "\uFFFD") + "..."
}

func sarifString(text string) object { return object{{"text", text}} }

// sarifMessage returns a message in which nothing is a link: SARIF reads "[text](target)"
// as one (3.11.6).
func sarifMessage(text string) object { return sarifString(strings.ReplaceAll(text, "](", "] (")) }

func artifact(name string) object { return object{{"uri", FileURI(name)}} }

func physical(name string, doc *patchlint.Document, at patchlint.Span) object {
	return object{{"artifactLocation", artifact(name)}, {"region", region(doc, at)}}
}

// region returns a region with all four members, without which GitHub shows no result.
func region(doc *patchlint.Document, at patchlint.Span) object {
	line, column := doc.PositionUTF16(at.Start)
	endLine, endColumn := doc.PositionUTF16(at.End)
	return object{{"startLine", line}, {"startColumn", column}, {"endLine", endLine}, {"endColumn", endColumn}}
}

// FileURI returns a path with forward slashes as a URI reference (RFC 3986).
func FileURI(name string) string {
	u := url.URL{Path: name}
	if drive.Get().MatchString(name) || strings.HasPrefix(name, "/") {
		u = url.URL{Scheme: "file", Path: "/" + strings.TrimPrefix(name, "/")}
	}
	return u.String()
}

var drive = lazy.Regexp(`^[A-Za-z]:/`)
