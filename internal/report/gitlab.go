package report

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/patchlint/patchlint"
)

var gitlabFormat = format{"gitlab", func(out *output, _ Options) printer { return &gitlabPrinter{list: out.list("")} }, false}

// gitlabPrinter writes a Code Quality report: the part of the Code Climate
// format that GitLab reads.
type gitlabPrinter struct {
	list
	prints Fingerprints
}

var gitlabSeverities = [...]string{patchlint.Error: "major", patchlint.Warning: "minor", patchlint.Info: "info"}

func (p *gitlabPrinter) file(f *File) {
	prints := p.prints.Of(f)
	for i, d := range f.Findings {
		line, _ := f.Document.Position(d.Span.Start)
		endLine, _ := f.Document.Position(d.Span.End)
		// check_name is not shown, so the description names the rule.
		p.finding(d.Rule, d.Message, prints[i], gitlabSeverities[d.Severity], f.Root, line, endLine)
	}
}

// finding writes a finding. GitLab keeps only the last one with a given fingerprint.
func (p *gitlabPrinter) finding(rule, message, fingerprint, severity, path string, begin, end int) {
	p.add(object{
		{"description", rule + ": " + message},
		{"check_name", rule},
		{"fingerprint", fingerprint},
		{"severity", severity},
		{"location", object{{"path", path}, {"lines", object{{"begin", begin}, {"end", end}}}}},
	})
}

// close writes the failures as findings: without them, findings that are missing because
// of a failure would count as resolved. GitLab requires a path, and a failure has none.
func (p *gitlabPrinter) close(s Summary) {
	seen := make(map[string]int)
	for _, failure := range s.Failures {
		sum := sha256.Sum256([]byte(failure + strings.Repeat("\x00", seen[failure])))
		seen[failure]++
		p.finding("patchlint", failure, hex.EncodeToString(sum[:16]), "blocker", ".", 1, 1)
	}
	p.end()
	p.WriteString("\n")
}
