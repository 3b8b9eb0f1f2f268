package report

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/patchlint/patchlint"
)

var gitlabSeverities = [...]string{patchlint.Error: "major", patchlint.Warning: "minor", patchlint.Info: "info"}

// newGitLab writes a Code Quality report: the part of the Code Climate format that GitLab
// reads. Failures are findings, too: without them, findings that are missing because of a
// failure would count as resolved. GitLab requires a path, and a failure has none.
func newGitLab(out *output, _ Options) Printer {
	list, prints, failures := out.list(), new(Fingerprints), make(map[string]int)
	// GitLab keeps only the last finding with a given fingerprint.
	add := func(rule, message, fingerprint, severity, path string, begin, end int) {
		list.add(object{
			{"description", rule + ": " + message}, // check_name is not shown
			{"check_name", rule},
			{"fingerprint", fingerprint},
			{"severity", severity},
			{"location", object{{"path", path}, {"lines", object{{"begin", begin}, {"end", end}}}}},
		})
	}
	print := func(f *File) {
		for i, print := range prints.Of(f) {
			d := f.Findings[i]
			line, _ := f.Document.Position(d.Span.Start)
			endLine, _ := f.Document.Position(d.Span.End)
			add(d.Rule, d.Message, print, gitlabSeverities[d.Severity], f.Root, line, endLine)
		}
	}
	end := func(s Summary) {
		for _, failure := range s.Failures {
			sum := sha256.Sum256([]byte(failure + strings.Repeat("\x00", failures[failure])))
			failures[failure]++
			add("patchlint", failure, hex.EncodeToString(sum[:16]), "blocker", ".", 1, 1)
		}
		list.end("", "\n")
	}
	return Printer{out, print, end}
}
