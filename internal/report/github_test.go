package report

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
)

// readSummary checks that a summary is a heading, a list and one table with a row
// for each finding, with nothing but text in its cells.
func readSummary(t *testing.T, text string, findings int) {
	t.Helper()
	harmless(t, "summary", text)
	rows := 0
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "### patchlint: "), line == "", strings.HasPrefix(line, "and "):
			continue
		case strings.HasPrefix(line, "- failed: "):
		case strings.HasPrefix(line, "| "):
			if cells := strings.Split(line, "|"); len(cells) != 6 {
				t.Errorf("%d cells in %q", len(cells), line)
			}
			rows++
		default:
			t.Errorf("unexpected line %q", line)
		}
		// The link in the third column is ours.
		line = regexp.MustCompile(`\[([a-z-]+)\]\(https://github\.com/patchlint/patchlint/blob/main/docs/rules\.md#[a-z-]+\)`).ReplaceAllString(line, "$1")
		line = ownCode.ReplaceAllString(line, "")
		if m := regexp.MustCompile("[<>`*_~\\[\\]$@\\\\]|://|www\\.").FindString(line); m != "" {
			t.Errorf("%q is more than text in %q", m, line)
		}
	}
	if want := max(findings+2, 2); findings > 0 && rows != want {
		t.Errorf("%d rows, not %d", rows, want)
	}
}

// findings returns a payload with as many findings of each severity as counts has, each
// at its own place.
func findings(name string, counts map[patchlint.Severity]int) *File {
	n := 0
	for _, count := range counts {
		n += count
	}
	doc, _ := patchlint.Parse([]byte("["+strings.TrimSuffix(strings.Repeat("1,\n", n), ",\n")+"]"), patchlint.JSON)
	file := &File{Name: name, Root: "root/" + name, Document: doc}
	elements := doc.Root().Children()
	place := 0
	for s := patchlint.Info; s <= patchlint.Error; s++ { // the least severe first
		for range counts[s] {
			i := 0
			for e := range elements {
				if i == place {
					file.Findings = append(file.Findings, patchlint.Diagnostic{
						Rule: "enum-value", Severity: s, Pointer: e.Pointer(), Span: e.Span(), Message: fmt.Sprintf("%s %d", s, place+1),
					})
					break
				}
				i++
			}
			place++
		}
	}
	return file
}

func TestGitHubCommands(t *testing.T) {
	file := findings("a b,c:d%.json", map[patchlint.Severity]int{patchlint.Info: 1, patchlint.Warning: 1, patchlint.Error: 1})
	file.Findings[1].Span.End += 4 // into the next line
	file.Findings[2].Message = "100%: \r\nnot a line, really"
	want := `::notice file=root/a b%2Cc%3Ad%25.json,line=1,endLine=1,col=2,endColumn=3,title=patchlint enum-value::a b,c:d%25.json:1:2: info 1
::warning file=root/a b%2Cc%3Ad%25.json,line=2,endLine=3,title=patchlint enum-value::a b,c:d%25.json:2:1: warning 2
::error file=root/a b%2Cc%3Ad%25.json,line=3,endLine=3,col=1,endColumn=2,title=patchlint enum-value::a b,c:d%25.json:3:1: 100%25: \r\nnot a line, really
`
	if diff := cmp.Diff(want, printed(t, "github", Options{}, nil, file)); diff != "" {
		t.Error(diff)
	}
}

// TestGitHubLimits checks that there are at most ten annotations of a level, and
// that the last one says how many are left out.
func TestGitHubLimits(t *testing.T) {
	commands := func(o Options, failures []string, counts map[patchlint.Severity]int) (last map[string]string, n map[string]int) {
		last, n = make(map[string]string), make(map[string]int)
		for line := range strings.Lines(printed(t, "github", o, failures, findings("a.json", counts))) {
			level, _, _ := strings.Cut(line[2:], " ")
			n[level]++
			last[level] = strings.TrimSuffix(line[strings.LastIndex(line, "::")+2:], "\n")
		}
		return last, n
	}
	counts := map[patchlint.Severity]int{patchlint.Error: 8, patchlint.Warning: 11, patchlint.Info: 30}
	last, n := commands(Options{}, nil, counts)
	if diff := cmp.Diff(map[string]int{"error": 8, "warning": 9, "notice": 9}, n); diff != "" {
		t.Error(diff)
	}
	want := map[string]string{
		"error":   "a.json:49:1: error 49",
		"warning": "and 3 more warnings, which GitHub does not show here",
		"notice":  "and 22 more infos, which GitHub does not show here",
	}
	if diff := cmp.Diff(want, last); diff != "" {
		t.Error(diff)
	}
	last, n = commands(Options{Summary: new(bytes.Buffer)}, []string{"b.json: permission denied"}, counts)
	if want := "b.json: permission denied"; n["error"] != 9 || last["error"] != want || last["warning"] != "and 3 more warnings; the summary of the job has them" {
		t.Errorf("%d errors, the last %q", n["error"], last["error"])
	}

	file := findings("a.json", map[patchlint.Severity]int{patchlint.Error: 1})
	file.Findings[0].Message = strings.Repeat("😀%", 3000)
	got := readGitHub(t, printed(t, "github", Options{}, nil, file))
	if n := units([]byte("a.json:1:2: " + got[0].message)); n < maxAnnotation-2 || n > maxAnnotation || !strings.HasSuffix(got[0].message, "😀%...") && !strings.HasSuffix(got[0].message, "%😀...") {
		t.Errorf("a message of %d units that ends in %q", n, got[0].message[len(got[0].message)-20:])
	}
}

func TestGitHubSummary(t *testing.T) {
	summary := func(used int, failures []string, files ...*File) string {
		var b bytes.Buffer
		printed(t, "github", Options{Summary: &b, SummaryUsed: used}, failures, files...)
		return b.String()
	}
	if diff := cmp.Diff("### patchlint: 0 errors, 0 warnings, 0 infos in 2 files\n\n", summary(0, nil, &File{Name: "a"}, &File{Name: "b"})); diff != "" {
		t.Error(diff)
	}
	file := linted("a_b.json", "{\n  \"partnerState\": \"a|b<i>www.c\"}")
	want := `### patchlint: 1 error, 0 warnings, 1 info in 1 file

- failed: <code>c.json</code>: no such file

| severity | place | rule | message |
| --- | --- | --- | --- |
| error | <code>a&#95;b.json:2:19</code> | [enum-value](https://github.com/patchlint/patchlint/blob/main/docs/rules.md#enum-value) | invalid value <code>"a&#124;b&lt;i&gt;www&#46;c"</code>; must be one of unknown, unavailable, enabled, terminated, rejected, unresponsive |
| info | <code>a&#95;b.json:2:3</code> | [server-managed-property](https://github.com/patchlint/patchlint/blob/main/docs/rules.md#server-managed-property) | <code>"partnerState"</code> is updated by the service; it is unknown whether a PATCH can change it |

`
	if diff := cmp.Diff(want, summary(0, []string{"c.json: no such file"}, file)); diff != "" {
		t.Error(diff)
	}

	// Rows that do not fit are counted. The text must not make GitHub drop what the
	// summary already has.
	huge, large := many(2_000, "\n"), many(20, "\n")
	for _, used := range []int{0, 1000, maxSummary - 2000, maxSummary - 400, maxSummary - 200, maxSummary - 100, maxSummary, maxSummary + 1} {
		big := large
		if used <= 1000 {
			big = huge
		}
		text := summary(used, nil, big)
		if text == "" && maxSummary-used < 140 {
			continue
		}
		if used+len(text) > maxSummary || strings.HasPrefix(text, "\n\n") != (used > 0) {
			t.Errorf("%d bytes after %d", len(text), used)
		}
		rows := max(strings.Count(text, "\n| ")-2, 0)
		if rest := fmt.Sprintf("\nand %d more findings, left out because GitHub limits the length of a summary\n\n", len(big.Findings)-rows); !strings.HasSuffix(text, rest) {
			t.Errorf("%d rows after %d, and at the end %q", rows, used, text[max(0, len(text)-100):])
		}
		if used == 0 && len(text) < maxSummary-1000 {
			t.Errorf("only %d bytes", len(text))
		}
	}
}
