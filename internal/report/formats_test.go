package report

import (
	"bytes"
	"cmp"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/example"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/schema/conform"
	"github.com/patchlint/patchlint/validate"
)

func init() { debug.SetGCPercent(400) } // the tests allocate much and hold little

var partner = validate.Target{Type: "complianceManagementPartner"}

// linted returns a payload with all findings in it.
func linted(name, src string) *File {
	dialect := patchlint.JSON
	if strings.HasSuffix(name, "c") {
		dialect = patchlint.JSONC
	}
	doc, _ := patchlint.Parse([]byte(src), dialect)
	return &File{Name: name, Root: name, Document: doc, Findings: new(validate.Linter).LintDocument(doc, partner)}
}

// printed returns the report of a run.
func printed(t *testing.T, format string, o Options, failures []string, files ...*File) string {
	t.Helper()
	o.Version, o.APIVersion = "0.1.0", schema.Beta
	var b strings.Builder
	printer := New(format, &b, o)
	summary := Summary{Files: len(files), Failures: failures}
	for _, f := range files {
		summary.Add(f.Findings)
		if err := printer.Print(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := printer.Close(summary); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// found is what a format tells its reader about a finding. Column counts in the units of
// the format.
type found struct {
	file                             string
	rule                             string
	severity                         string
	line, column, endLine, endColumn int
	message, fingerprint             string
}

// readers read a report as strictly as they can, and check what the format requires.
// Failures come as findings without a file.
var readers = map[string]func(*testing.T, string) []found{
	"text": readText, "json": readJSON, "sarif": readSARIF, "github": readGitHub, "gitlab": readGitLab, "junit": readJUnit, "rdjson": readRDJSON, "azure": readAzure,
}

func TestEveryFormatIsRead(t *testing.T) {
	for _, name := range FormatNames() {
		if readers[name] == nil {
			t.Errorf("the tests cannot read the format %s; add a reader of it to readers, and to compare the fields that it does not have", name)
		}
	}
}

// readable lists the formats that have a reader.
func readable() []string {
	return slices.DeleteFunc(FormatNames(), func(name string) bool { return readers[name] == nil })
}

// strict decodes one JSON document without unknown members.
func strict(t *testing.T, text string, into any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%v in\n%.2000s", err, text)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		t.Fatalf("more than one document:\n%.2000s", text)
	}
}

var textLine = regexp.MustCompile(`^(.+?):(\d+):(\d+): (error|warning|info): (.*) \[([a-z0-9-]+)\]$`)

func readText(t *testing.T, text string) (all []found) {
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		m := textLine.FindStringSubmatch(line)
		if m == nil {
			if line != "" && !regexp.MustCompile(`^ +(\d+ )?[|=]( |$)`).MatchString(line) {
				t.Errorf("neither the line of a finding nor a line below one: %q", line)
			}
			continue
		}
		all = append(all, found{file: m[1], line: number(t, m[2]), column: number(t, m[3]), severity: m[4], message: m[5], rule: m[6]})
	}
	return all
}

func number(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// conforms validates a json report with its JSON Schema.
var conforms = sync.OnceValue(func() func(any) error {
	s, err := conform.Compile(Schema())
	if err != nil {
		panic(err)
	}
	return s.Validate
})

func readJSON(t *testing.T, text string) (all []found) {
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	if len(text) < 1_000_000 { // validation is slow
		if err := conforms()(value); err != nil {
			t.Errorf("%#v", err)
		}
	}
	var document struct {
		Version  int
		Tool     struct{ Name, Version, APIVersion string }
		Findings []jsonFinding
		Summary  Summary
	}
	strict(t, text, &document)
	for _, d := range document.Findings {
		all = append(all, found{
			file: d.File, rule: d.Rule, severity: d.Severity, message: d.Message, fingerprint: d.Fingerprint,
			line: d.Line, column: d.Column, endLine: d.EndLine, endColumn: d.EndColumn,
		})
	}
	for _, failure := range document.Summary.Failures {
		all = append(all, found{message: failure})
	}
	return all
}

// readGitLab checks what GitLab requires: it skips incomplete entries, and keeps only
// one of two with the same fingerprint.
func readGitLab(t *testing.T, text string) (all []found) {
	var list []gitlabFinding
	strict(t, text, &list)
	if list == nil {
		t.Error("the report is null")
	}
	seen := make(map[string]bool)
	for _, d := range list {
		severity := map[string]string{"major": "error", "minor": "warning", "info": "info", "blocker": ""}
		if _, ok := severity[d.Severity]; !ok || d.Fingerprint == "" || d.Location.Path == "" || d.Location.Lines.Begin < 1 || d.Location.Lines.End < d.Location.Lines.Begin {
			t.Errorf("incomplete: %+v", d)
		}
		if seen[d.Fingerprint] {
			t.Errorf("the fingerprint %s occurs twice, the second time at %+v", d.Fingerprint, d)
		}
		seen[d.Fingerprint] = true
		message, ok := strings.CutPrefix(d.Description, d.CheckName+": ")
		if !ok {
			t.Errorf("the description does not name the rule: %+v", d)
		}
		f := found{
			file: d.Location.Path, rule: d.CheckName, severity: severity[d.Severity], message: message, fingerprint: d.Fingerprint,
			line: d.Location.Lines.Begin, endLine: d.Location.Lines.End,
		}
		if d.Severity == "blocker" {
			f = found{message: message}
		}
		all = append(all, f)
	}
	return all
}

// readRDJSON reads a DiagnosticResult (reviewdog.proto).
func readRDJSON(t *testing.T, text string) (all []found) {
	var document struct {
		Source      rdSource
		Diagnostics []rdDiagnostic
	}
	strict(t, text, &document)
	if document.Source != (rdSource{"patchlint", project}) || document.Diagnostics == nil {
		t.Errorf("source %+v, diagnostics %v", document.Source, document.Diagnostics)
	}
	severity := map[string]string{"ERROR": "error", "WARNING": "warning", "INFO": "info"}
	for _, d := range document.Diagnostics {
		if severity[d.Severity] == "" || strings.Contains(d.Original, "\n") || d.Original == "" {
			t.Errorf("%+v", d)
		}
		if d.Location.Range == nil {
			all = append(all, found{message: d.Message})
			continue
		}
		for _, s := range d.Suggestions {
			if s.Range.Start.Line < 1 || s.Range.Start.Column < 1 || s.Range.End.Line < s.Range.Start.Line {
				t.Errorf("suggestion %+v", s)
			}
		}
		at := d.Location.Range
		all = append(all, found{
			file: d.Location.Path, rule: d.Code.Value, severity: severity[d.Severity], message: d.Message,
			line: at.Start.Line, column: at.Start.Column, endLine: at.End.Line, endColumn: at.End.Column,
		})
	}
	return all
}

type junitDocument struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	Suites  []struct {
		Name     string `xml:"name,attr"`
		Tests    int    `xml:"tests,attr"`
		Failures int    `xml:"failures,attr"`
		Errors   int    `xml:"errors,attr"`
		Cases    []struct {
			Name    string `xml:"name,attr"`
			Class   string `xml:"classname,attr"`
			Failure *struct {
				Type    string `xml:"type,attr"`
				Message string `xml:"message,attr"`
				Text    string `xml:",chardata"`
			} `xml:"failure"`
			Error *struct {
				Message string `xml:"message,attr"`
			} `xml:"error"`
			Out string `xml:"system-out"`
		} `xml:"testcase"`
	} `xml:"testsuite"`
}

func decodeJUnit(t *testing.T, text string) junitDocument {
	t.Helper()
	var document junitDocument
	if err := xml.Unmarshal([]byte(text), &document); err != nil {
		t.Fatalf("%v in\n%.2000s", err, text)
	}
	return document
}

// readJUnit checks that the counts of a suite are right, and that no suite or test
// occurs twice; .ci/formats validates a report with the XSD.
func readJUnit(t *testing.T, text string) (all []found) {
	suites := make(map[string]bool)
	for _, suite := range decodeJUnit(t, text).Suites {
		if suites[suite.Name] {
			t.Errorf("two suites of %q", suite.Name)
		}
		suites[suite.Name] = true
		failures, failed := 0, 0
		cases := make(map[string]bool)
		for _, c := range suite.Cases {
			if cases[c.Name] || c.Class != suite.Name {
				t.Errorf("%q: test %q of class %q", suite.Name, c.Name, c.Class)
			}
			cases[c.Name] = true
			lines := c.Out
			if c.Failure != nil {
				failures++
				lines = c.Failure.Text
			}
			if c.Error != nil {
				failed++
				all = append(all, found{message: c.Error.Message})
			}
			for line := range strings.Lines(lines) {
				m := textLine.FindStringSubmatch(strings.TrimSuffix(line, "\n") + " [" + c.Name + "]")
				if m == nil {
					t.Errorf("%q is not a line about a finding", line)
					continue
				}
				all = append(all, found{file: suite.Name, line: number(t, m[2]), column: number(t, m[3]), severity: m[4], message: m[5], rule: c.Name})
			}
		}
		if suite.Tests != len(suite.Cases) || suite.Failures != failures || suite.Errors != failed || len(suite.Cases) == 0 {
			t.Errorf("%q counts %d tests, %d failures, %d errors; there are %d, %d, %d", suite.Name, suite.Tests, suite.Failures, suite.Errors, len(suite.Cases), failures, failed)
		}
	}
	return all
}

// readGitHub reads a log as the runner does: ActionCommand.TryParseV2 of
// actions/runner. Every line must be a command that annotates.
func readGitHub(t *testing.T, text string) (all []found) {
	unescape := strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%")
	counts := make(map[string]int)
	for line := range strings.Lines(text) {
		head, data, ok := strings.Cut(strings.TrimPrefix(strings.TrimSuffix(line, "\n"), "::"), "::")
		command, list, spaced := strings.Cut(head, " ")
		level, known := map[string]string{"error": "error", "warning": "warning", "notice": "info"}[command]
		if !ok || !spaced || !known || !strings.HasPrefix(line, "::") || !strings.HasSuffix(line, "\n") {
			t.Errorf("not a command: %q", line)
			continue
		}
		counts[command]++
		properties := make(map[string]string)
		for _, property := range strings.Split(list, ",") {
			key, value, _ := strings.Cut(property, "=")
			properties[key] = unescape.Replace(value)
		}
		data = unescape.Replace(data)
		if n := units([]byte(data)); n > maxAnnotation {
			t.Errorf("a message of %d units", n)
		}
		if properties["file"] == "" {
			all = append(all, found{message: data})
			continue
		}
		m := regexp.MustCompile(`^(.*?):(\d+):(\d+): (.*)$`).FindStringSubmatch(data)
		if m == nil {
			t.Errorf("no place in %q", data)
			continue
		}
		f := found{
			file: properties["file"], severity: level, message: m[4], rule: strings.TrimPrefix(properties["title"], "patchlint "),
			line: number(t, properties["line"]), endLine: number(t, properties["endLine"]), column: number(t, m[3]),
		}
		if f.line != number(t, m[2]) {
			t.Errorf("two lines in %q", line)
		}
		if f.line != f.endLine {
			if properties["col"] != "" || properties["endColumn"] != "" {
				t.Errorf("columns over several lines, which the runner drops: %q", line)
			}
		} else if f.column != number(t, properties["col"]) {
			t.Errorf("two columns in %q", line)
		} else if f.endColumn = number(t, properties["endColumn"]); f.endColumn < f.column {
			t.Errorf("an end before the start: %q", line)
		}
		all = append(all, f)
	}
	for command, n := range counts {
		if n > maxAnnotations {
			t.Errorf("%d of %s; GitHub drops some", n, command)
		}
	}
	return all
}

// harmless checks that a report cannot harm the log or terminal that shows it.
func harmless(t *testing.T, format, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Error("not UTF-8")
	}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if format == "github" { // its own
			line = regexp.MustCompile(`^::(error|warning|notice) (file|title)=`).ReplaceAllString(line, "")
		}
		if format == "azure" {
			line = strings.TrimPrefix(line, "##vso[task.logissue type=")
		}
		if format == "summary" { // no log shows it
			line = strings.TrimPrefix(line, "| --- | --- | --- | --- |")
		}
		if who := corpus.Obeyed(line); who != "" {
			t.Errorf("%s obeys %q", who, line)
		}
	}
}

// expected is what a format should report about files, with the columns in its units,
// counted in one pass through each file.
func expected(format string, files []*File) (all []found) {
	utf16 := format != "json" && format != "rdjson"
	for _, f := range files {
		if len(f.Findings) == 0 {
			continue
		}
		src := f.Document.Source()
		type position struct{ line, column int }
		places := make([]position, len(src)+1)
		places[0] = position{1, 1}
		for i, at := 0, places[0]; i < len(src); {
			r, size := utf8.DecodeRune(src[i:])
			for k := range size {
				places[i+k] = at
				if !utf16 {
					places[i+k].column += k
				}
			}
			switch {
			case r == '\n':
				at = position{at.line + 1, 1}
			case r == '\ufeff' && i == 0: // a byte order mark has no column
			case utf16:
				at.column += units(src[i : i+size])
			default:
				at.column += size
			}
			i += size
			places[i] = at
		}
		for _, d := range f.Findings {
			start, end := places[d.Span.Start], places[d.Span.End]
			all = append(all, found{
				file: f.Name, rule: d.Rule, severity: d.Severity.String(), message: d.Message,
				line: start.line, column: start.column, endLine: end.line, endColumn: end.column,
			})
		}
	}
	return all
}

// compare compares the findings that were read with those expected, as far as the format
// shows them, in any order.
func compare(t *testing.T, format string, want, got []found) {
	t.Helper()
	for i := range want {
		switch format {
		case "text", "junit", "azure":
			want[i].endLine, want[i].endColumn = 0, 0
		case "gitlab":
			want[i].column, want[i].endColumn = 0, 0
		case "github":
			if want[i].line != want[i].endLine {
				want[i].endColumn = 0
			}
		}
	}
	for i := range got {
		got[i].fingerprint = ""
	}
	got = slices.DeleteFunc(got, func(f found) bool { return format == "azure" && moreIssues.MatchString(f.message) })
	order := func(a, b found) int {
		return cmp.Or(cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column), cmp.Compare(a.rule, b.rule), cmp.Compare(a.message, b.message))
	}
	slices.SortFunc(want, order)
	slices.SortFunc(got, order)
	if slices.Equal(want, got) {
		return
	}
	for i := range max(len(want), len(got)) {
		if i >= len(want) || i >= len(got) || want[i] != got[i] {
			t.Errorf("%d findings, and %d are reported; the first difference is\n%+v\n%+v", len(want), len(got), want[min(i, len(want)):min(i+1, len(want))], got[min(i, len(got)):min(i+1, len(got))])
			return
		}
	}
}

// everyFormat prints files in every format and checks what applies to all.
func everyFormat(t *testing.T, files ...*File) {
	for _, format := range readable() {
		t.Run(format, func(t *testing.T) {
			text := printed(t, format, Options{}, nil, files...)
			harmless(t, format, text)
			got := readers[format](t, text)
			if format == "github" && strings.Contains(text, ", which GitHub does not show here") {
				return // see TestGitHubLimits
			}
			compare(t, format, expected(format, files), got)
			if again := printed(t, format, Options{}, nil, files...); again != text {
				t.Error("printing again gives a different report")
			}
		})
	}
}

func TestNothingFound(t *testing.T) {
	everyFormat(t)
	everyFormat(t, &File{Name: "a.json", Root: "a.json"}, &File{Name: "b c.json", Root: "b c.json"})
	for format, want := range map[string]string{
		"text": "", "github": "", "azure": "", "gitlab": "[]\n",
		"rdjson": `{"source": {"name":"patchlint","url":"https://github.com/patchlint/patchlint"},` + "\n \"diagnostics\": []}\n",
		"json": `{"version": 1, "tool": {"name":"patchlint","version":"0.1.0","apiVersion":"beta"},` + "\n \"findings\": [],\n" +
			` "summary": {"files":1,"skipped":0,"skippedRequests":0,"skippedRecords":0,"errors":0,"warnings":0,"infos":0,"suppressed":0,"fixed":0,"failures":[]}}` + "\n",
		"junit": `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="patchlint">
 <testsuite name="a.json" tests="1" failures="0" errors="0">
  <testcase name="lint" classname="a.json"/>
 </testsuite>
</testsuites>
`,
	} {
		if diff := gocmp.Diff(want, printed(t, format, Options{}, nil, &File{Name: "a.json", Root: "a.json"})); diff != "" {
			t.Errorf("%s: %s", format, diff)
		}
	}
}

// TestEveryRule prints the findings in the bad example of each rule.
func TestEveryRule(t *testing.T) {
	for _, r := range validate.Rules() {
		t.Run(r.ID, func(t *testing.T) {
			l, target := r.Example()
			needs := example.Of(r.ID)
			if needs.Schema != "" {
				team, err := conform.ReadTeam("team.json", []byte(needs.Schema))
				if err != nil {
					t.Fatal(err)
				}
				l.TeamSchemas = append(l.TeamSchemas, team.Check)
			}
			doc, _ := patchlint.Parse([]byte(r.Bad), needs.Dialect)
			findings := l.LintDocument(doc, target)
			if needs.With != "" {
				with, _ := patchlint.Parse([]byte(needs.With), needs.Dialect)
				var run validate.Run
				run.Add(l, "other.json", with, target)
				findings = append(findings, run.Add(l, "partner.json", doc, target)...)
			}
			if !slices.ContainsFunc(findings, func(d patchlint.Diagnostic) bool { return d.Rule == r.ID }) {
				t.Fatal("the rule finds nothing")
			}
			everyFormat(t, &File{Name: "partner.json", Root: "partner.json", Document: doc, Findings: findings})
		})
	}
}

func TestWhatCannotBeRead(t *testing.T) {
	var files []*File
	for i, src := range []string{
		"", "{", "\ufeff{\"iosOnboarded\": tru", "\xff\xfe{\x00}\x00", "{\"displayName\": \"Jos\xe9\"}", "{}\n{}", strings.Repeat("[", 1001),
		"{\"displayName\": \"\xe2\x82\", \r \"a\": }", "é😀",
	} {
		file := linted(fmt.Sprintf("%d.json", i), src)
		if len(file.Findings) == 0 {
			t.Fatalf("%q is clean", src)
		}
		files = append(files, file)
		everyFormat(t, file)
	}
	doc := new(patchlint.Document)
	_ = doc.Parse([]byte(`{"iosOnboarded": true, "displ`), patchlint.JSON, 0, 10) // the error is among the faults
	files = append(files, &File{Name: "big.json", Root: "big.json", Document: doc, Findings: new(validate.Linter).LintDocument(doc, partner)})
	everyFormat(t, files...)
}

// TestUnits checks that each format counts columns in its units.
func TestUnits(t *testing.T) {
	file := linted("a.json", "\ufeff{\"displayName\": \"é😀\", \"iosOnbaorded\": true,\n \"éé\": {\"a\": [\n]}, \"\xff\": 1}")
	everyFormat(t, file)
	columns := make(map[string]int)
	for _, format := range []string{"json", "rdjson", "text", "sarif", "github", "junit"} {
		for _, f := range readers[format](t, printed(t, format, Options{}, nil, file)) {
			if strings.Contains(f.message, "iosOnbaorded") {
				columns[format] = f.column
			}
		}
	}
	want := map[string]int{"json": 27, "rdjson": 27, "text": 24, "sarif": 24, "github": 24, "junit": 24}
	if diff := gocmp.Diff(want, columns); diff != "" {
		t.Error(diff)
	}
}

// hostile is text that a program that shows it may interpret.
const hostile = "\x1b[31m\u009b31m\u202e\x00\r\n::error file=x::y\n::add-mask::z ##[error]w %0A::notice::v" +
	" </failure>]]></testsuites>|<script>`a` **b** [c](https://evil.example) $d$ @octocat www.evil.example \\| \u2028\ufffe"

// TestCommands checks that neither a report nor a message decoded from one contains
// a command: from values, names, comments, raw text and file names.
func TestCommands(t *testing.T) {
	var all []*File
	for _, command := range corpus.Commands {
		quoted, err := json.Marshal(command)
		if err != nil {
			t.Fatal(err)
		}
		oneLine := strings.NewReplacer("\n", "", "\r", "").Replace(command)
		for i, src := range []string{
			`{"iosOnboarded": "` + oneLine + `", "partnerState": "` + oneLine + `", "` + oneLine + `": 1}`,
			`{"iosOnboarded": ` + string(quoted) + `, ` + string(quoted) + `: 1, ` + string(quoted) + `: 2}`,
			`{"iosOnboarded": #` + command + `}`, "{\n" + command + "\n}", `{/* ` + command + ` */ "iosOnboarded": 1}`,
			`{"@odata.type": ` + string(quoted) + `, "iosEnrollmentAssignments": [{"target": {"@odata.type": ` + string(quoted) + `, "groupId": ` + string(quoted) + `}}]}`,
			`{"requests": [{"id": ` + string(quoted) + `, "method": ` + string(quoted) + `, "url": ` + string(quoted) + `, "dependsOn": [` + string(quoted) + `]}]}`,
		} {
			f := linted(fmt.Sprintf("%s-%d.json", command, i), src)
			if len(f.Findings) == 0 {
				t.Fatalf("nothing is found in %s", src)
			}
			for _, d := range f.Findings {
				for _, text := range append([]string{d.Message}, related(d)...) {
					if who := corpus.Obeyed(text); who != "" {
						t.Errorf("%s obeys the message %q", who, text)
					}
				}
			}
			all = append(all, f)
		}
	}
	for _, format := range FormatNames() {
		var table bytes.Buffer
		harmless(t, format, printed(t, format, Options{Summary: &table, Root: func(name string) string { return name }}, corpus.Commands, all...))
		harmless(t, "summary", table.String())
	}
}

func related(d patchlint.Diagnostic) (texts []string) {
	for _, r := range d.Related {
		texts = append(texts, r.Message)
	}
	for _, f := range d.Fixes {
		texts = append(texts, f.Title)
	}
	return texts
}

func TestHostilePayloads(t *testing.T) {
	encoded, err := json.Marshal(hostile)
	if err != nil {
		t.Fatal(err)
	}
	for name, src := range map[string]string{
		"names":      `{` + string(encoded) + `: 1, "iosOnboarded": true}`,
		"values":     `{"iosOnboarded": ` + string(encoded) + `, "partnerState": ` + string(encoded) + `}`,
		"raw":        "{\"displayName\": \"" + strings.ReplaceAll(hostile, "\\", "") + "\", \"iosOnboarded\": 1}",
		"lines":      "{\"iosOnboarded\":\n::error::x\n}",
		"types":      `{"iosEnrollmentAssignments": [{"target": {"@odata.type": ` + string(encoded) + `}}]}`,
		"duplicates": `{` + string(encoded) + `: 1, ` + string(encoded) + `: 2, "iosOnboarded": true}`,
	} {
		t.Run(name, func(t *testing.T) {
			file := linted("partner.json", src)
			if len(file.Findings) == 0 {
				t.Fatal("nothing is found")
			}
			for _, format := range readable() {
				var table bytes.Buffer
				text := printed(t, format, Options{Summary: &table}, []string{hostile}, file)
				harmless(t, format, text)
				if n := len(readers[format](t, text)); format != "text" && n != len(file.Findings)+1 {
					t.Errorf("%s: %d findings, not %d", format, n, len(file.Findings)+1)
				}
				if format == "github" {
					readSummary(t, table.String(), len(file.Findings))
				}
			}
		})
	}
}

// TestHostileNames checks that a file name is only text. A format for programs
// contains the name unchanged, other formats in a form that is safe to show.
func TestHostileNames(t *testing.T) {
	for _, name := range []string{
		"with space.json", "dir/naïve-日本-😀.json", "::error file=x::y.json", " \u00a0::notice::x/y.json", "##[error]x.json", "a:b/c,d=e.json", "100%25.json",
		"a\n::error::b.json", "a\x1b[31mb.json", "a\u009bb.json", "a\u202egpj.json", "a|b<i>`c`.json", "a\"b'c&d.json", "]]>.json", "-rf.json", hostile + ".json",
	} {
		t.Run(name, func(t *testing.T) {
			file := linted(name, `{"iosOnboarded": 1}`)
			other := linted(name+"/other.json", `{}`)
			file.Findings[0].Related = []patchlint.Related{{File: other.Name, Document: other.Document, Span: patchlint.Span{Start: 0, End: 1}, Message: "there"}}
			for _, format := range readable() {
				var table bytes.Buffer
				text := printed(t, format, Options{Summary: &table}, nil, file, &File{Name: name + "2", Root: name + "2"})
				harmless(t, format, text)
				got := readers[format](t, text)
				want := printable(name)
				switch format {
				case "json", "gitlab", "rdjson", "sarif":
					want = name
				case "junit":
					var b strings.Builder
					for i, r := range name {
						if !inert.Visible(name, i) {
							r = '\uFFFD'
						}
						b.WriteRune(r)
					}
					want = b.String()
				}
				if len(got) != 1 || got[0].file != want {
					t.Errorf("%s: %+v, want the name %q", format, got, want)
				}
				if format == "github" {
					readSummary(t, table.String(), 1)
				}
			}
		})
	}
}

// TestSecretsAreMasked checks that no format shows a credential of a payload:
// not in a message, a source line, a fix or the text between two edits.
func TestSecretsAreMasked(t *testing.T) {
	const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2VjcmV0LXNpZ25hdHVyZQ"
	src := `{"displayName": "` + token + `", "macOsOnboarded": "True", "unknown": 1,
  "iosOnboarded": "Bearer c2VjcmV0LWJlYXJlci10b2tlbi1mb3ItdGVzdHM=",
  "client_secret": "hunter2-hunter2", "partnerState": "abc8Q~abcdefghijklmnopqrstuvwxyzABCDEFGH"
}`
	file := linted("secret.json", src)
	at := strings.Index(src, `"unknown"`)
	file.Findings = append(file.Findings, patchlint.Diagnostic{
		Rule: "a-rule", Severity: patchlint.Error, Span: patchlint.Span{Start: at, End: at + 9}, Message: "fixes that would show a credential",
		Related: []patchlint.Related{{Message: "a name", Pointer: patchlint.Pointer("").Append(token)}},
		Fixes: []patchlint.Fix{
			{Title: "put it there", Edits: []patchlint.Edit{{Span: patchlint.Span{Start: at, End: at + 9}, NewText: `"` + token + `"`}}},
			{Title: "around it", Edits: []patchlint.Edit{{Span: patchlint.Span{Start: 0, End: 1}, NewText: "{"}, {Span: patchlint.Span{Start: at, End: at + 9}}}},
		},
	})
	for _, format := range readable() {
		var table bytes.Buffer
		text := printed(t, format, Options{Summary: &table}, nil, file)
		if n := len(readers[format](t, text)); n != len(file.Findings) && format != "github" && format != "azure" { // some are only counted
			t.Errorf("%s: %d of %d findings", format, n, len(file.Findings))
		}
		if m := regexp.MustCompile("eyJ|c2Vj|hunter2|Q~").FindString(text + table.String()); m != "" {
			t.Errorf("%s shows %s", format, m)
		}
		// Nor must a program that applies fixes get a mask.
		if m := regexp.MustCompile(`("insertedContent":\{|\},)"text":"[^ ]*\*\*\*`).FindString(text); m != "" {
			t.Errorf("%s: a fix would write a mask into the payload: %s", format, m)
		}
	}
	// The descriptions of rules in SARIF also contain no credentials of an example.
	for _, r := range validate.Rules() {
		doc, _ := patchlint.Parse([]byte(r.Bad), example.Of(r.ID).Dialect)
		for _, s := range secret.Find(doc) {
			if strings.Contains(printed(t, "sarif", Options{}, nil), r.Bad[s.Start:s.End]) {
				t.Errorf("the example of %s shows a credential", r.ID)
			}
		}
	}
}

// many returns a payload with n assignments, each of which has three findings.
func many(n int, separator string) *File {
	var b strings.Builder
	b.WriteString(`{"iosEnrollmentAssignments": [`)
	for i := range n {
		if i > 0 {
			b.WriteString("," + separator)
		}
		fmt.Fprintf(&b, `{"target": {"@odata.type": "microsoft.graph.groupAssignmentTarget", "groupId": "é%d", "x%d": 1}}`, i, i)
	}
	b.WriteString("]}")
	doc, _ := patchlint.Parse([]byte(b.String()), patchlint.JSON)
	l := validate.Linter{Limit: 3 * n}
	return &File{Name: "many.json", Root: "many.json", Document: doc, Findings: l.LintDocument(doc, partner)}
}

// TestMany checks that each of many findings is reported, on lines of their own and
// on one line: 300, or 30,000 in an exhaustive run.
func TestMany(t *testing.T) {
	n := corpus.Size(100, 10_000)
	for name, separator := range map[string]string{"lines": "\n", "one line": ""} {
		t.Run(name, func(t *testing.T) {
			file := many(n, separator)
			if len(file.Findings) != 3*n {
				t.Fatalf("%d findings", len(file.Findings))
			}
			for _, format := range readable() {
				var table bytes.Buffer
				text := printed(t, format, Options{Summary: &table}, nil, file)
				got := readers[format](t, text)
				switch {
				case format == "sarif" && 3*n > maxResults:
					if len(got) != maxResults+1 {
						t.Errorf("sarif has %d", len(got))
					}
				case format == "github":
					if len(got) != 2*(maxAnnotations-1) {
						t.Errorf("github has %d", len(got))
					}
				default:
					compare(t, format, expected(format, []*File{file}), got)
				}
			}
		})
	}
}

// TestSeveralPayloads checks that the payloads of a file are grouped, and that equal
// findings in them have different fingerprints.
func TestSeveralPayloads(t *testing.T) {
	var files []*File
	for i, src := range []string{`{"iosOnboarded": 1}`, `{"iosOnboarded": true}`, `{"iosOnboarded": 1, "x": 2}`, `{"iosOnboarded": 1}`} {
		file := linted("a.ndjson", src)
		file.Record = i
		files = append(files, file)
	}
	files = append(files, linted("b.json", `{"iosOnboarded": 1}`))
	files[1].Document = nil // it is clean
	everyFormat(t, files...)
	for _, format := range []string{"gitlab", "json", "sarif"} {
		seen := make(map[string]bool)
		for _, f := range readers[format](t, printed(t, format, Options{}, nil, files...)) {
			if seen[f.fingerprint] {
				t.Errorf("%s has a fingerprint twice", format)
			}
			seen[f.fingerprint] = true
		}
	}
	suites := decodeJUnit(t, printed(t, "junit", Options{}, nil, files...)).Suites
	if len(suites) != 2 || len(suites[0].Cases) != 2 {
		t.Errorf("%+v", suites)
	}
}

// TestPaths checks which formats name a file by its path from the root of the repository, and
// which have the last line of a finding.
func TestPaths(t *testing.T) {
	file := linted("a.json", "{\"iosOnboarded\": [\n1\n]}")
	file.Root = "configs/a.json"
	file.Findings = file.Findings[:1]
	file.Findings[0].Span = file.Document.Root().Member("iosOnboarded").Span()
	places := make(map[string]string)
	for _, format := range readable() {
		got := readers[format](t, printed(t, format, Options{}, nil, file))[0]
		places[format] = fmt.Sprintf("%s:%d-%d", got.file, got.line, got.endLine)
	}
	want := map[string]string{
		"text": "a.json:1-0", "json": "a.json:1-3", "sarif": "configs/a.json:1-3", "github": "configs/a.json:1-3", "gitlab": "configs/a.json:1-3",
		"junit": "a.json:1-0", "rdjson": "a.json:1-3", "azure": "configs/a.json:1-0",
	}
	if diff := gocmp.Diff(want, places); diff != "" {
		t.Error(diff)
	}
}

// TestJUnit checks that a test has the most severe of its findings, and their number.
func TestJUnit(t *testing.T) {
	file := linted("a.json", `{"iosOnboarded": 1}`)
	file.Findings = []patchlint.Diagnostic{
		{Rule: "r", Severity: patchlint.Error, Message: "one"}, {Rule: "r", Severity: patchlint.Warning, Message: "two"}, {Rule: "s", Severity: patchlint.Info, Message: "three"},
	}
	want := `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="patchlint">
 <testsuite name="a.json" tests="2" failures="1" errors="0">
  <testcase name="r" classname="a.json"><failure type="error" message="one (and 1 more)">a.json:1:1: error: one
a.json:1:1: warning: two
</failure></testcase>
  <testcase name="s" classname="a.json"><system-out>a.json:1:1: info: three
</system-out></testcase>
 </testsuite>
</testsuites>
`
	for _, failOn := range []patchlint.Severity{patchlint.Error, patchlint.Warning} {
		if diff := gocmp.Diff(want, printed(t, "junit", Options{FailOn: failOn}, nil, file)); diff != "" {
			t.Errorf("%s: %s", failOn, diff)
		}
	}
}

// TestFailures checks that every format contains the failures, except text, which people
// read together with standard error.
func TestFailures(t *testing.T) {
	failures := []string{"missing.json: no such file or directory", ".patchlint.yaml:2:1: no key \"exlude\"; did you mean exclude?"}
	for _, format := range readable() {
		text := printed(t, format, Options{}, failures, linted("a.json", `{"iosOnboarded": 1}`))
		harmless(t, format, text)
		var told []string
		for _, f := range readers[format](t, text) {
			if f.file == "" {
				told = append(told, f.message)
			}
		}
		want := failures
		switch format {
		case "text":
			want = nil
		case "github", "azure":
			want = []string{strings.Join(failures, "; ")}
		}
		if diff := gocmp.Diff(want, told); diff != "" {
			t.Errorf("%s: %s", format, diff)
		}
	}
	readGitLab(t, printed(t, "gitlab", Options{}, []string{"a", "a"})) // which have fingerprints of their own
}

// TestCleanFilesCostNothing checks that a printer allocates nothing for a payload
// without findings, as most are.
func TestCleanFilesCostNothing(t *testing.T) {
	var files [64]File
	for i := range files {
		files[i].Name = fmt.Sprintf("dir/naïve <%d>.json", i)
	}
	for _, format := range FormatNames() {
		printer := New(format, io.Discard, Options{Summary: io.Discard})
		i := 0
		allocations := testing.AllocsPerRun(1000, func() {
			i++
			if err := printer.Print(&files[i%len(files)]); err != nil {
				t.Fatal(err)
			}
		})
		if allocations != 0 {
			t.Errorf("%s: %v allocations for a clean file", format, allocations)
		}
	}
}

// TestWriteErrors checks that a report that cannot be written is an error, whichever
// call returns it.
func TestWriteErrors(t *testing.T) {
	file := linted("a.json", `{"iosOnboarded": 1}`)
	for _, format := range FormatNames() {
		printer := New(format, full{}, Options{})
		if err := errors.Join(printer.Print(file), printer.Close(Summary{})); !errors.Is(err, errFull) {
			t.Errorf("%s: %v", format, err)
		}
	}
}

var errFull = errors.New("no space left")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

// TestFixesApply checks that applying a fix from SARIF or rdjson gives the same result
// as the fix.
func TestFixesApply(t *testing.T) {
	applied := 0
	for _, r := range validate.Rules() {
		// A wide character earlier on the line shifts the columns.
		src := strings.Replace(r.Bad, "{", `{"é😀": 0,`, 1)
		l, target := r.Example()
		doc, _ := patchlint.Parse([]byte(src), example.Of(r.ID).Dialect)
		file := &File{Name: "a.json", Root: "a.json", Document: doc, Findings: l.LintDocument(doc, target)}
		var want []string
		for _, d := range file.Findings {
			for _, fix := range file.Applicable(d) {
				fixed, err := fixes.ApplyEdits([]byte(src), fix.Edits)
				if err != nil {
					t.Fatal(err)
				}
				want = append(want, string(fixed))
			}
		}
		applied += len(want)

		var viaSARIF, viaRDJSON []string
		var log sarifDocument
		strict(t, printed(t, "sarif", Options{}, nil, file), &log)
		for _, result := range log.Runs[0].Results {
			for _, fix := range result.Fixes {
				var edits []patchlint.Edit
				for _, e := range fix.Changes[0].Replacements {
					at := patchlint.Span{
						Start: offset(src, e.Deleted.StartLine, e.Deleted.StartColumn, units),
						End:   offset(src, e.Deleted.EndLine, e.Deleted.EndColumn, units),
					}
					edits = append(edits, patchlint.Edit{Span: at, NewText: e.Inserted.Text})
				}
				fixed, err := fixes.ApplyEdits([]byte(src), edits)
				if err != nil {
					t.Fatal(err)
				}
				viaSARIF = append(viaSARIF, string(fixed))
			}
		}
		var diagnostics struct {
			Source      rdSource
			Diagnostics []rdDiagnostic
		}
		strict(t, printed(t, "rdjson", Options{}, nil, file), &diagnostics)
		bytesOf := func(text []byte) int { return len(text) }
		for _, d := range diagnostics.Diagnostics {
			for _, s := range d.Suggestions {
				start, end := s.Range.Start, s.Range.End
				viaRDJSON = append(viaRDJSON, src[:offset(src, start.Line, start.Column, bytesOf)]+s.Text+src[offset(src, end.Line, end.Column, bytesOf):])
			}
		}
		if diff := gocmp.Diff(want, viaSARIF); diff != "" {
			t.Errorf("%s, sarif: %s", r.ID, diff)
		}
		if diff := gocmp.Diff(want, viaRDJSON); diff != "" {
			t.Errorf("%s, rdjson: %s", r.ID, diff)
		}
	}
	if applied < 20 {
		t.Errorf("only %d fixes", applied)
	}
}

// offset returns the byte offset of a line and column, where count returns the length
// of a text in the units of the column.
func offset(src string, line, column int, count func([]byte) int) int {
	start := 0
	for range line - 1 {
		start += strings.IndexByte(src[start:], '\n') + 1
	}
	end := start
	for count([]byte(src[start:end])) < column-1 {
		_, size := utf8.DecodeRuneInString(src[end:])
		end += size
	}
	return end
}

// units counts the UTF-16 code units of a text; an invalid byte is one.
func units(text []byte) int { return len(utf16.Encode([]rune(string(text)))) }

// TestLargeValues checks that the fingerprint of a finding about a large value,
// which is made of the hashes of its parts, depends on all of its content, but not
// on white space.
func TestLargeValues(t *testing.T) {
	print := func(src string) string {
		f := linted("a.json", src)
		i := slices.IndexFunc(f.Findings, func(d patchlint.Diagnostic) bool { return d.Pointer == "/a" })
		if i < 0 {
			t.Fatalf("nothing is found: %v", f.Findings)
		}
		return new(Fingerprints).Of(f)[i]
	}
	list := func(separator, last string) string {
		return `{"a":` + separator + `{"b":[` + strings.Repeat("0,"+separator, 3000) + last + `]}}`
	}
	want := print(list("", `[1,"x y"]`))
	seen := map[string]bool{want: true}
	for _, separator := range []string{" ", "\n", "\t\r\n"} {
		if got := print(list(separator, `[1,`+separator+`"x y"]`)); got != want {
			t.Errorf("white space %q changes the fingerprint", separator)
		}
	}
	for _, other := range []string{`[1,"x  y"]`, `[1],"x y"`, `{"1":"x y"}`, `{"2":"x y"}`, `[11,"x y"]`} {
		got := print(list("", other))
		if seen[got] || got == print(strings.Replace(list("", other), `"b"`, `"c"`, 1)) {
			t.Errorf("%s or the name around it does not change the fingerprint", other)
		}
		seen[got] = true
	}
}
