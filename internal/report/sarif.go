package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/validate"
)

var sarifFormat = format{"sarif", newSARIF, true}

// maxResults is how many results of a run GitHub takes: it refuses a report
// with more.
const maxResults = 25_000

// sarifPrinter writes SARIF 2.1.0 (OASIS, errata 01) with what GitHub's code
// scanning wants of it beyond the standard. Results are kept until close, of each
// severity no more than GitHub takes, because only then are the most severe known.
type sarifPrinter struct {
	list
	root    func(string) string
	note    func(string)
	index   map[string]int // of the rules
	prints  Fingerprints
	limit   int // of results
	results []sarifKept
	found   map[patchlint.Severity]int
}

// sarifKept is a result, encoded, of a severity.
type sarifKept struct {
	patchlint.Severity
	text json.RawMessage
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifHelp struct {
	sarifText
	Markdown string `json:"markdown"`
}

type sarifRule struct {
	ID                   string          `json:"id"`
	ShortDescription     sarifText       `json:"shortDescription"`
	FullDescription      sarifText       `json:"fullDescription"`
	Help                 sarifHelp       `json:"help"`
	HelpURI              string          `json:"helpUri"`
	DefaultConfiguration sarifLevel      `json:"defaultConfiguration"`
	Properties           sarifProperties `json:"properties"`
}

type sarifLevel struct {
	Level string `json:"level"`
}

type sarifProperties struct {
	Tags            []string `json:"tags"`
	Precision       string   `json:"precision"`
	ProblemSeverity string   `json:"problem.severity"`
}

type sarifDriver struct {
	Name            string      `json:"name"`
	Version         string      `json:"version"`
	SemanticVersion string      `json:"semanticVersion"`
	InformationURI  string      `json:"informationUri"`
	Rules           []sarifRule `json:"rules"`
}

type sarifResult struct {
	RuleID              string            `json:"ruleId"`
	RuleIndex           *int              `json:"ruleIndex,omitempty"`
	Level               string            `json:"level"`
	Message             sarifText         `json:"message"`
	Locations           []sarifLocation   `json:"locations"`
	RelatedLocations    []sarifLocation   `json:"relatedLocations,omitempty"`
	PartialFingerprints map[string]string `json:"partialFingerprints"`
	Fixes               []sarifFix        `json:"fixes,omitempty"`
}

type sarifLocation struct {
	ID       int           `json:"id,omitempty"`
	Physical sarifPhysical `json:"physicalLocation"`
	Message  *sarifText    `json:"message,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   sarifRegion   `json:"region"`
}

type sarifArtifact struct {
	URI string `json:"uri"`
}

// sarifRegion states all four members: GitHub shows no result without.
type sarifRegion struct {
	StartLine   int `json:"startLine"`
	StartColumn int `json:"startColumn"`
	EndLine     int `json:"endLine"`
	EndColumn   int `json:"endColumn"`
}

type sarifFix struct {
	Description sarifText     `json:"description"`
	Changes     []sarifChange `json:"artifactChanges"`
}

type sarifChange struct {
	Artifact     sarifArtifact      `json:"artifactLocation"`
	Replacements []sarifReplacement `json:"replacements"`
}

type sarifReplacement struct {
	Deleted  sarifRegion `json:"deletedRegion"`
	Inserted sarifText   `json:"insertedContent"`
}

type sarifNotification struct {
	Level   string    `json:"level"`
	Message sarifText `json:"message"`
}

type sarifInvocation struct {
	ExecutionSuccessful bool                `json:"executionSuccessful"`
	Notifications       []sarifNotification `json:"toolExecutionNotifications"`
}

// sarifLevels are the levels of SARIF, 3.27.10.
var sarifLevels = map[patchlint.Severity]string{patchlint.Error: "error", patchlint.Warning: "warning", patchlint.Info: "note"}

func newSARIF(out *output, o Options) printer {
	p := &sarifPrinter{limit: maxResults, root: o.Root, note: o.Note, index: make(map[string]int), found: make(map[patchlint.Severity]int)}
	driver := sarifDriver{Name: o.Tool.Name, Version: o.Tool.Version, SemanticVersion: o.Tool.Version, InformationURI: project, Rules: sarifRules()}
	for i, r := range driver.Rules {
		p.index[r.ID] = i
	}
	// One run, under a category of its own: GitHub refuses several runs of one
	// tool and category.
	out.WriteString(`{"$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
 "version": "2.1.0",
 "runs": [{
  "tool": `)
	out.json(map[string]any{"driver": driver})
	out.WriteString(`,
  "automationDetails": {"id": "patchlint/"},
  "columnKind": "utf16CodeUnits",
  "results": `)
	p.list = out.list("  ")
	return p
}

// sarifRules returns what is documented of all rules.
var sarifRules = sync.OnceValue(func() (rules []sarifRule) {
	for _, r := range validate.Rules() {
		rules = append(rules, sarifMetadata(&r.Rule))
	}
	return rules
})

// sarifMetadata renders what is documented of a rule.
func sarifMetadata(r *patchlint.Rule) sarifRule {
	family, precision := "microsoft-graph", "high"
	if strings.HasPrefix(r.ID, "json-") {
		family = "json"
	}
	problem := map[patchlint.Severity]string{patchlint.Error: "error", patchlint.Warning: "warning", patchlint.Info: "recommendation"}[r.Severity]
	if r.Severity == patchlint.Error {
		precision = "very-high"
	}
	return sarifRule{
		ID:                   r.ID,
		ShortDescription:     sarifText{r.Summary},
		FullDescription:      sarifText{cut(r.Why, 1024)}, // GitHub's limit
		Help:                 sarifHelp{sarifText{help(r, "")}, help(r, "```")},
		HelpURI:              RulePage(r.ID),
		DefaultConfiguration: sarifLevel{sarifLevels[r.Severity]},
		Properties:           sarifProperties{[]string{"correctness", family}, precision, problem},
	}
}

// help says why a rule is there and shows its examples, in code fences or
// without.
func help(r *patchlint.Rule, fence string) string {
	const wide = 200 // columns; the example of json-limit has more than anybody reads
	opening, closing := "", ""
	if fence != "" {
		opening, closing = fence+"json\n", fence+"\n"
		if r.Dialect == patchlint.JSONC {
			opening = fence + "jsonc\n"
		}
	}
	var b strings.Builder
	b.WriteString(r.Why + "\n")
	for _, example := range []struct{ title, text string }{{"Beside it, in other.json", r.With}, {"With --names groups.json", r.Names}, {"With --schema team.json", r.Schema}, {"Bad", r.Bad}, {"Good", r.Good}} {
		if example.text == "" {
			continue
		}
		doc, _ := patchlint.Parse([]byte(example.text), r.Dialect)
		text := string(secret.Redact(doc, patchlint.Span{End: len(example.text)}))
		b.WriteString("\n" + example.title + ":\n\n" + opening)
		for line := range strings.Lines(text) {
			b.WriteString(cut(strings.TrimSuffix(line, "\n"), wide) + "\n")
		}
		b.WriteString(closing)
	}
	for _, link := range append([]string{RulePage(r.ID)}, r.Links...) {
		b.WriteString("\nSee " + link + "\n")
	}
	return b.String()
}

// cut shortens text to at most limit characters.
func cut(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	runes := []rune(text)
	return string(runes[:limit-3]) + "..."
}

func (p *sarifPrinter) file(f *File) {
	if len(f.Findings) == 0 {
		return
	}
	prints := p.prints.Of(f)
	artifact := sarifArtifact{fileURI(f.Root)}
	for i, d := range f.Findings {
		if p.found[d.Severity]++; p.found[d.Severity] > p.limit {
			continue
		}
		result := sarifResult{
			RuleID: d.Rule, Level: sarifLevels[d.Severity], Message: sarifMessage(d.Message),
			Locations:           []sarifLocation{{Physical: sarifPhysical{artifact, region(span(f.Document, d.Span))}}},
			PartialFingerprints: map[string]string{"patchlint/v1": prints[i]},
		}
		if index, known := p.index[d.Rule]; known {
			result.RuleIndex = &index
		}
		for k, r := range d.Related {
			location := sarifLocation{ID: k + 1}
			if r.Document == nil {
				location.Physical = sarifPhysical{artifact, region(span(f.Document, r.Span))}
			} else {
				name := r.File
				if p.root != nil {
					name = p.root(name)
				}
				location.Physical = sarifPhysical{sarifArtifact{fileURI(name)}, region(span(r.Document, r.Span))}
			}
			message := sarifMessage(r.Message)
			location.Message = &message
			result.RelatedLocations = append(result.RelatedLocations, location)
		}
		for _, fix := range f.Applicable(d) {
			change := sarifChange{Artifact: artifact, Replacements: []sarifReplacement{}}
			for _, e := range fix.Edits {
				change.Replacements = append(change.Replacements, sarifReplacement{region(span(f.Document, e.Span)), sarifText{e.NewText}})
			}
			title := fix.Title
			if !fix.Safe {
				title += " (unsafe)"
			}
			result.Fixes = append(result.Fixes, sarifFix{sarifMessage(title), []sarifChange{change}})
		}
		p.results = append(p.results, sarifKept{d.Severity, p.encode(result)})
	}
}

func (p *sarifPrinter) close(s Summary) {
	room, left, leftOut := make(map[patchlint.Severity]int), p.limit, 0
	for _, severity := range slices.Backward(patchlint.Severities()) {
		room[severity] = min(p.found[severity], left)
		left -= room[severity]
		leftOut += p.found[severity] - room[severity]
	}
	for _, result := range p.results {
		if room[result.Severity] > 0 {
			room[result.Severity]--
			p.add(result.text)
		}
	}
	p.end()
	invocation := sarifInvocation{len(s.Failures) == 0, []sarifNotification{}}
	for _, failure := range s.Failures {
		invocation.Notifications = append(invocation.Notifications, sarifNotification{"error", sarifMessage(failure)})
	}
	if leftOut > 0 {
		text := fmt.Sprintf("%s left out of the SARIF report, the least severe ones: GitHub takes %d", Count(leftOut, "finding is", "findings are"), p.limit)
		invocation.Notifications = append(invocation.Notifications, sarifNotification{"warning", sarifText{text}})
		if p.note != nil {
			p.note(text)
		}
	}
	p.WriteString(",\n  \"invocations\": ")
	p.json([]sarifInvocation{invocation})
	p.WriteString("\n }]\n}\n")
}

// sarifMessage is a message as plain text. In SARIF "[text](target)" is a link,
// 3.11.6, and no payload is to make one.
func sarifMessage(text string) sarifText { return sarifText{strings.ReplaceAll(text, "](", "] (")} }

func region(start, end patchlint.Position) sarifRegion {
	return sarifRegion{start.Line, start.Column, end.Line, end.Column}
}

// fileURI is a path as a URI reference (RFC 3986): relative to the root of the
// repository unless the path is absolute.
func fileURI(name string) string {
	var b bytes.Buffer
	first, _, _ := strings.Cut(name, "/")
	switch {
	case strings.HasPrefix(name, "/"):
		b.WriteString("file://")
	case len(first) == 2 && first[1] == ':' && 'a' <= first[0]|0x20 && first[0]|0x20 <= 'z' && first != name: // C:/...
		b.WriteString("file:///")
	case strings.Contains(first, ":"): // not to be taken for a scheme, 4.2
		b.WriteString("./")
	}
	for i, segment := range strings.Split(name, "/") {
		if i > 0 {
			b.WriteByte('/')
		}
		b.WriteString(url.PathEscape(segment))
	}
	return b.String()
}
