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

type gitlabFinding struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"` // of several findings with one, GitLab keeps the last
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
	End   int `json:"end"`
}

var gitlabSeverities = map[patchlint.Severity]string{patchlint.Error: "major", patchlint.Warning: "minor", patchlint.Info: "info"}

func (p *gitlabPrinter) file(f *File) {
	prints := p.prints.Of(f)
	for i, d := range f.Findings {
		lines := gitlabLines{f.Document.Position(d.Span.Start).Line, f.Document.Position(d.Span.End).Line}
		// check_name is not shown, so the description names the rule.
		p.add(gitlabFinding{d.Rule + ": " + d.Message, d.Rule, prints[i], gitlabSeverities[d.Severity], gitlabLocation{f.Root, lines}})
	}
}

// close also reports what could not be done: without, the findings that are
// missing because of it would count as resolved. Such an entry is about no file,
// and GitLab asks for one.
func (p *gitlabPrinter) close(s Summary) {
	seen := make(map[string]int)
	for _, failure := range s.Failures {
		sum := sha256.Sum256([]byte(failure + strings.Repeat("\x00", seen[failure])))
		seen[failure]++
		p.add(gitlabFinding{"patchlint: " + failure, "patchlint", hex.EncodeToString(sum[:16]), "blocker", gitlabLocation{".", gitlabLines{1, 1}}})
	}
	p.end()
	p.WriteString("\n")
}
