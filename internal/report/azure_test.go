package report

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
)

// readAzure reads a log as the agent of Azure Pipelines does (Command.cs and
// CommandStringConvertor.cs): a command is what follows "##vso[" anywhere in a line.
func readAzure(t *testing.T, text string) (all []found) {
	unescape := func(text string) string {
		text = strings.NewReplacer("%3B", ";", "%0D", "\r", "%0A", "\n", "%5D", "]").Replace(text)
		return strings.ReplaceAll(text, "%AZP25", "%")
	}
	counts := make(map[string]int)
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		before, command, ok := strings.Cut(line, "##vso[")
		if !ok {
			if failure, ok := strings.CutPrefix(line, "error: "); ok {
				all = append(all, found{message: failure})
				continue
			}
			m := textLine.FindStringSubmatch(line)
			if m == nil {
				t.Errorf("not a finding: %q", line)
				continue
			}
			all = append(all, found{file: m[1], line: number(t, m[2]), column: number(t, m[3]), severity: m[4], message: m[5], rule: m[6]})
			continue
		}
		command, data, ok := strings.Cut(command, "]")
		name, list, _ := strings.Cut(command, " ")
		if before != "" || !ok || name != "task.logissue" {
			t.Errorf("not a command that logs an issue: %q", line)
		}
		properties := make(map[string]string)
		for _, property := range strings.Split(list, ";") {
			key, value, _ := strings.Cut(property, "=")
			properties[key] = unescape(value)
		}
		if level := properties["type"]; level != "error" && level != "warning" {
			t.Errorf("an issue that the agent cannot create: %q", line)
		}
		if counts[properties["type"]]++; counts[properties["type"]] > maxAnnotations {
			t.Errorf("an issue that the agent does not keep: %q", line)
		}
		f := found{message: unescape(data)}
		if properties["sourcepath"] != "" {
			f = found{
				file: properties["sourcepath"], line: number(t, properties["linenumber"]), column: number(t, properties["columnnumber"]),
				severity: properties["type"], rule: properties["code"], message: f.message,
			}
		}
		all = append(all, f)
	}
	return all
}

// moreIssues matches the issue that counts those that are not kept.
var moreIssues = regexp.MustCompile(`^and (\d+) more (error|warning)s?; the log of this step lists them$`)

func TestAzureCommands(t *testing.T) {
	file := findings("a;b]c%3B.json", map[patchlint.Severity]int{patchlint.Info: 1, patchlint.Warning: 1, patchlint.Error: 1})
	file.Findings[1].Message = "100%; ##vso[task.setvariable variable=x]y\u001b[31m\u202e"
	file.Findings[2].Message = "%AZP250A] \r\nnot a line"
	want := `a;b]c%3B.json:1:2: info: info 1 [enum-value]
##vso[task.logissue type=warning;sourcepath=root/a%3Bb%5Dc%AZP253B.json;linenumber=2;columnnumber=1;code=enum-value]100%AZP25%3B #\u0023vso[task.setvariable variable=x%5Dy\u001b[31m\u202e
##vso[task.logissue type=error;sourcepath=root/a%3Bb%5Dc%AZP253B.json;linenumber=3;columnnumber=1;code=enum-value]%AZP25AZP250A%5D \r\nnot a line
##vso[task.logissue type=error]nosuch%3B.json: no such file
`
	got := printed(t, "azure", Options{}, []string{"nosuch;.json: no such file"}, file)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	harmless(t, "azure", got)
}

// TestAzureLimits checks that no more issues of a type are logged than are kept, that
// the last one counts the others, and that the log has every finding.
func TestAzureLimits(t *testing.T) {
	for _, n := range []int{9, 10, 11, 25} {
		for _, failures := range []int{0, 1, 12} {
			var failed []string
			for i := range failures {
				failed = append(failed, fmt.Sprintf("failure %d", i))
			}
			text := printed(t, "azure", Options{}, failed, findings("a.json", map[patchlint.Severity]int{patchlint.Error: n, patchlint.Warning: n, patchlint.Info: n}))
			listed, more := 0, make(map[string]string)
			for _, f := range readAzure(t, text) {
				if m := moreIssues.FindStringSubmatch(f.message); m != nil {
					more[m[2]] = m[1]
				} else {
					listed++
				}
			}
			want := make(map[string]string)
			for _, level := range []string{"error", "warning"} {
				want[level] = fmt.Sprint(n - maxAnnotations + 2)
			}
			if diff := cmp.Diff(want, more); diff != "" || listed != 3*n+min(failures, 1) {
				t.Errorf("%d findings, %d failures: %d in the log\n%s", n, failures, listed, diff)
			}
		}
	}
}
