package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/report"
)

// TestCommands checks that no build service or terminal obeys the output of a command,
// whatever the source of an untrusted text: the name of a file, a value, a name, a
// comment, a flag, a setting.
func TestCommands(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	t.Setenv("GITHUB_STEP_SUMMARY", "")
	write := func(name, text string) string {
		t.Helper()
		name = filepath.Join(strings.NewReplacer("/", "_", "\\", "_", "\x00", "_").Replace(name))
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return name
	}
	all := strings.Join(corpus.Commands, " ")
	quoted, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	q := string(quoted)
	raw := strings.NewReplacer("\n", " ", "\r", " ", "\x00", " ", "\x1b", " ", "\a", " ", "\"", "").Replace(all)
	id := `"id": ` + q + `, "@odata.etag": ` + q + `, `
	current := write("current.json", `{`+id+`"displayName": "x", "iosEnrollmentAssignments": [{"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "11111111-0a4b-4c11-9d3e-000000000001"}}]}`)
	desired := write("desired.json", `{`+id+`"displayName": `+q+`, "partnerState": "enabled", "iosEnrollmentAssignments": []}`)
	raws := write("raw.json", `{"displayName": "`+raw+`", "iosOnboarded": true}`)
	write("body.json", `{"displayName": "`+raw+`"}`)
	write("settings.yaml", "rules:\n  "+q+": off\n")
	write("metadata.xml", `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="microsoft.graph" xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityType Name="gate"><Property Name="open" Type="Edm.Boolean">
<Annotation Term="Org.OData.Core.V1.Description" String="##vso[x] ##[error]y &#x202e; &#x9b;31m"/></Property></EntityType></Schema></edmx:DataServices></edmx:Edmx>`)
	write("severity.yaml", "rules:\n  guid: "+q+"\n")
	names := []string{".", "current.json", "desired.json", "raw.json"}
	for i, command := range corpus.Commands {
		names = append(names, write(fmt.Sprintf("%s%d.json", command, i), `{"iosOnboarded": `+q+`, "displayName": "`+raw+`", `+q+`: 1, "a b": "##vso[x]"}`))
	}
	names = append(names,
		write("##vso[x].jsonc", "{// "+raw+"\n/* "+all+" */\n \"iosOnboarded\": 1}"),
		write("::x::.ndjson", `{"iosOnboarded": `+q+"}\n"+all+"\n"),
		write("--- x.http", "PATCH https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners/"+raw+"\n\n{\"iosOnboarded\": "+q+"}\n"),
	)
	lint := func(flags ...string) []string {
		return append(append(append([]string{"lint"}, flags...), "--"), names...)
	}
	var lines [][]string
	for _, format := range report.FormatNames() {
		lines = append(lines, lint("--format", format))
	}
	lines = append(lines, lint("-q"), lint("--verbose"), lint("--color", "always", "--rule", raw+"=off"), lint("--type", raw), lint("--since", raw), lint("--format", raw), lint("--exclude", raw+"["),
		lint("--config", "settings.yaml"), lint("--config", "severity.yaml"), lint("--config", raw), lint("--baseline", "raw.json"), lint("--"+raw), lint("--fail-on", raw), lint("--max-bytes", raw),
		[]string{"lint", raw}, []string{"lint", "--verbose", "--exclude", "raw.json", "raw.json"}, []string{"lint", "--type", "complianceManagementPartner", "-"}, []string{"lint", "--fix", "-"},
		[]string{raw}, []string{"help", raw}, []string{"rules", raw}, []string{"rules", "--format", raw}, []string{"schema", "print", raw}, []string{"schema", "list", raw}, []string{"completion", raw},
		[]string{"schema", "print", "--metadata", "metadata.xml", "gate"})
	for _, format := range report.PlanFormatNames() {
		lines = append(lines, []string{"diff", "--format", format, current, desired}, []string{"diff", "--verbose", "--format", format, current, raws},
			[]string{"diff", "--format", format, names[4], names[5]}, []string{"diff", "--format", format, ".", "."})
	}
	lines = append(lines, []string{"diff", raw, raw}, []string{"diff", "--ignore", raw, current, desired}, []string{"diff", "--send", "/" + raw, current, desired}, []string{"apply", current, "body.json"}, []string{"apply", current, names[4]}, []string{"apply", raw, raw})
	own := regexp.MustCompile(`^(::(error|warning|notice) (file|title)=|##vso\[task\.logissue type=(error|warning)[;\]])`)
	colors := regexp.MustCompile(`\x1b\[[0-9;]*m`)
	for _, args := range lines {
		var stdout, stderr bytes.Buffer
		run(args, stdio{strings.NewReader("{/* " + raw + " */ \"iosOnboarded\": 1, \"displayName\": \"" + raw + "\"}"), &stdout, &stderr})
		if stdout.Len()+stderr.Len() == 0 {
			t.Errorf("%q prints nothing", args[:min(len(args), 4)])
		}
		for line := range strings.Lines(stdout.String() + "\n" + stderr.String()) {
			line = strings.TrimSuffix(line, "\n")
			if args[0] == "lint" {
				line = own.ReplaceAllString(line, "")
				line = colors.ReplaceAllString(line, "")
			}
			if who := corpus.Obeyed(line); who != "" {
				t.Errorf("%q: %s obeys %q", args[:min(len(args), 4)], who, line[:min(len(line), 400)])
				break
			}
		}
	}
	// The result of --fix on standard input is printed where nothing obeys it.
	var stdout, stderr bytes.Buffer
	if code := run([]string{"lint", "--fix", "--type", "complianceManagementPartner", "-"}, stdio{strings.NewReader(`{"iosOnboarded": true, "displayName": "## 10:30 x##",}`), &stdout, &stderr}); code != exitClean || stdout.String() != `{"iosOnboarded": true, "displayName": "## 10:30 x##"}` {
		t.Errorf("%d, %q, %q", code, stdout.String(), stderr.String())
	}
}
