package report

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
)

// junitTest is a rule with findings in a file.
type junitTest struct {
	rule     string
	severity patchlint.Severity // of the most severe finding
	message  string             // of the first finding
	lines    []string           // one for each finding
}

// newJUnit writes JUnit XML: a suite for each file, with a test for each rule that has
// findings, or else one test that passes. A test fails if its findings fail the run.
func newJUnit(out *output, o Options) Printer {
	out.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"patchlint\">\n")
	suite := "" // the name of the current file, which may have several payloads
	var tests []junitTest
	print := func(f *File) {
		if f.Name != suite {
			out.testSuite(suite, tests, o.FailOn)
			suite, tests = f.Name, tests[:0]
		}
		for _, d := range f.Findings {
			i := slices.IndexFunc(tests, func(test junitTest) bool { return test.rule == d.Rule })
			if i < 0 {
				i, tests = len(tests), append(tests, junitTest{rule: d.Rule, message: d.Message})
			}
			test := &tests[i]
			test.severity = max(test.severity, d.Severity)
			number, column := f.Document.PositionUTF16(d.Span.Start)
			test.lines = append(test.lines, Options{}.oneLine(f, d, number, column))
		}
	}
	end := func(s Summary) {
		out.testSuite(suite, tests, o.FailOn)
		if n := len(s.Failures); n > 0 {
			out.openSuite("patchlint", n, 0, n)
			for _, failure := range s.Failures {
				out.tag("  <testcase", "name", failure, "classname", "patchlint")
				out.tag("><error", "message", failure)
				out.WriteString("/></testcase>\n")
			}
			out.WriteString(" </testsuite>\n")
		}
		out.WriteString("</testsuites>\n")
	}
	return Printer{out, print, end}
}

// testSuite writes the suite of a file, or nothing if name is "".
func (o *output) testSuite(name string, tests []junitTest, failOn patchlint.Severity) {
	if name == "" {
		return
	}
	failures := 0
	for _, test := range tests {
		if test.severity >= failOn {
			failures++
		}
	}
	o.openSuite(name, max(len(tests), 1), failures, 0)
	if len(tests) == 0 {
		o.tag("  <testcase", "name", "lint", "classname", name)
		o.WriteString("/>\n")
	}
	for _, test := range tests {
		o.tag("  <testcase", "name", test.rule, "classname", name)
		end := "</system-out></testcase>\n"
		if test.severity < failOn {
			o.WriteString("><system-out>")
		} else {
			message := test.message
			if more := len(test.lines) - 1; more > 0 {
				message += fmt.Sprintf(" (and %d more)", more)
			}
			o.tag("><failure", "type", test.severity.String(), "message", message)
			o.WriteString(">")
			end = "</failure></testcase>\n"
		}
		for _, line := range test.lines {
			o.xml(line)
			o.WriteString("\n")
		}
		o.WriteString(end)
	}
	o.WriteString(" </testsuite>\n")
}

func (o *output) openSuite(name string, tests, failures, errors int) {
	o.tag(" <testsuite", "name", name, "tests", strconv.Itoa(tests), "failures", strconv.Itoa(failures), "errors", strconv.Itoa(errors))
	o.WriteString(">\n")
}

// tag writes the start of a tag and its attributes, which are pairs of name and value.
func (o *output) tag(start string, attributes ...string) {
	o.WriteString(start)
	for i := 0; i < len(attributes); i += 2 {
		o.WriteString(" ")
		o.WriteString(attributes[i])
		o.WriteString(`="`)
		o.xml(attributes[i+1])
		o.WriteString(`"`)
	}
}

var xmlEntities = map[rune]string{'<': "&lt;", '>': "&gt;", '&': "&amp;", '"': "&quot;", '\'': "&apos;"}

// xml writes text as character data or as the value of an attribute. Characters
// that are not visible become U+FFFD: XML 1.0 forbids most of them (2.2), and the
// others could control the terminal that shows the report.
func (o *output) xml(text string) {
	for i, r := range text {
		switch entity := xmlEntities[r]; {
		case inert.Obeyed(text, i):
			o.printf("&#%d;", r)
		case entity != "":
			o.WriteString(entity)
		case inert.Visible(text, i):
			o.WriteRune(r)
		default:
			o.WriteString("\uFFFD")
		}
	}
}
