package report

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
)

// junitPrinter writes JUnit XML: a suite for each file, with a test for each rule that
// has findings, or else one test that passes. A test fails if its findings fail the run.
type junitPrinter struct {
	*output
	failOn patchlint.Severity

	// The suite of the current file, which may have several payloads.
	name  string // "" before the first file
	tests []junitTest
}

type junitTest struct {
	rule     string
	severity patchlint.Severity // of the most severe finding
	message  string             // of the first finding
	lines    []string           // one for each finding
}

func newJUnit(out *output, o Options) Printer {
	out.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"patchlint\">\n")
	p := &junitPrinter{output: out, failOn: o.FailOn}
	return Printer{out, p.file, p.close}
}

func (p *junitPrinter) file(f *File) {
	if f.Name != p.name {
		p.writeSuite()
		p.name = f.Name
	}
	for _, d := range f.Findings {
		i := slices.IndexFunc(p.tests, func(test junitTest) bool { return test.rule == d.Rule })
		if i < 0 {
			i, p.tests = len(p.tests), append(p.tests, junitTest{rule: d.Rule, message: d.Message})
		}
		test := &p.tests[i]
		test.severity = max(test.severity, d.Severity)
		number, column := f.Document.PositionUTF16(d.Span.Start)
		test.lines = append(test.lines, Options{}.oneLine(f, d, number, column))
	}
}

// writeSuite writes the suite of the current file, if there is one.
func (p *junitPrinter) writeSuite() {
	if p.name == "" {
		return
	}
	failures := 0
	for _, test := range p.tests {
		if test.severity >= p.failOn {
			failures++
		}
	}
	p.openSuite(p.name, max(len(p.tests), 1), failures, 0)
	if len(p.tests) == 0 {
		p.tag("  <testcase", "name", "lint", "classname", p.name)
		p.WriteString("/>\n")
	}
	for _, test := range p.tests {
		p.tag("  <testcase", "name", test.rule, "classname", p.name)
		end := "</system-out></testcase>\n"
		if test.severity < p.failOn {
			p.WriteString("><system-out>")
		} else {
			message := test.message
			if more := len(test.lines) - 1; more > 0 {
				message += fmt.Sprintf(" (and %d more)", more)
			}
			p.tag("><failure", "type", test.severity.String(), "message", message)
			p.WriteString(">")
			end = "</failure></testcase>\n"
		}
		for _, line := range test.lines {
			p.text(line)
			p.WriteString("\n")
		}
		p.WriteString(end)
	}
	p.WriteString(" </testsuite>\n")
	p.tests = p.tests[:0]
}

func (p *junitPrinter) close(s Summary) {
	p.writeSuite()
	if n := len(s.Failures); n > 0 {
		p.openSuite("patchlint", n, 0, n)
		for _, failure := range s.Failures {
			p.tag("  <testcase", "name", failure, "classname", "patchlint")
			p.tag("><error", "message", failure)
			p.WriteString("/></testcase>\n")
		}
		p.WriteString(" </testsuite>\n")
	}
	p.WriteString("</testsuites>\n")
}

func (p *junitPrinter) openSuite(name string, tests, failures, errors int) {
	p.tag(" <testsuite", "name", name, "tests", strconv.Itoa(tests), "failures", strconv.Itoa(failures), "errors", strconv.Itoa(errors))
	p.WriteString(">\n")
}

// tag writes the start of a tag and its attributes, which are pairs of name and value.
func (p *junitPrinter) tag(start string, attributes ...string) {
	p.WriteString(start)
	for i := 0; i < len(attributes); i += 2 {
		p.WriteString(" ")
		p.WriteString(attributes[i])
		p.WriteString(`="`)
		p.text(attributes[i+1])
		p.WriteString(`"`)
	}
}

var xmlEntities = map[rune]string{'<': "&lt;", '>': "&gt;", '&': "&amp;", '"': "&quot;", '\'': "&apos;"}

// text writes text as character data or as the value of an attribute. Characters
// that are not visible become U+FFFD: XML 1.0 forbids most of them (2.2), and the
// others could control the terminal that shows the report.
func (p *junitPrinter) text(text string) {
	for i, r := range text {
		switch entity := xmlEntities[r]; {
		case inert.Obeyed(text, i):
			p.printf("&#%d;", r)
		case entity != "":
			p.WriteString(entity)
		case inert.Visible(text, i):
			p.WriteRune(r)
		default:
			p.WriteString("\uFFFD")
		}
	}
}
