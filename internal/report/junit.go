package report

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
)

var junitFormat = format{"junit", func(w io.Writer, o Options) Printer {
	return &junitPrinter{w: w, failOn: cmp.Or(o.FailOn, patchlint.Error)}
}}

// junitPrinter writes JUnit XML: a suite for each file and in it a test for each
// rule that found something, or one that passes. A test fails where the run
// does.
type junitPrinter struct {
	w      io.Writer
	failOn patchlint.Severity
	opened bool

	// The suite that is being put together; a file may come as several payloads.
	name  string
	any   bool
	tests []junitTest
	buf   []byte // what is written next; kept to be reused
}

type junitTest struct {
	rule     string
	severity patchlint.Severity // the most severe
	message  string             // the first
	n        int
	lines    []byte // of all, escaped
}

func (p *junitPrinter) File(f *File) error {
	if !p.any || f.Name != p.name {
		if err := p.flush(); err != nil {
			return err
		}
		p.name, p.any = f.Name, true
	}
	for _, d := range f.Findings {
		test := p.test(d.Rule)
		test.severity = max(test.severity, d.Severity)
		if test.n++; test.n == 1 {
			test.message = d.Message
		}
		test.lines = appendXML(test.lines, line(f, d, f.Document.PositionUTF16(d.Span.Start)))
		test.lines = append(test.lines, '\n')
	}
	return nil
}

func (p *junitPrinter) test(rule string) *junitTest {
	for i := range p.tests {
		if p.tests[i].rule == rule {
			return &p.tests[i]
		}
	}
	p.tests = append(p.tests, junitTest{rule: rule})
	return &p.tests[len(p.tests)-1]
}

// flush writes the suite that is put together, if there is one.
func (p *junitPrinter) flush() error {
	b := p.buf[:0]
	if !p.opened {
		p.opened = true
		b = append(b, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"patchlint\">\n"...)
	}
	if p.any {
		failures := 0
		for i := range p.tests {
			if p.tests[i].severity >= p.failOn {
				failures++
			}
		}
		b = appendSuite(b, p.name, max(len(p.tests), 1), failures, 0)
		if len(p.tests) == 0 {
			b = append(appendTest(b, "lint", p.name), "/>\n"...)
		}
		for i := range p.tests {
			test := &p.tests[i]
			b = append(appendTest(b, test.rule, p.name), '>')
			if test.severity < p.failOn {
				b = append(append(append(b, "<system-out>"...), test.lines...), "</system-out>"...)
			} else {
				b = append(b, "<failure"...)
				b = appendAttribute(b, "type", test.severity.String())
				message := test.message
				if test.n > 1 {
					message += fmt.Sprintf(" (and %d more)", test.n-1)
				}
				b = append(appendAttribute(b, "message", message), '>')
				b = append(append(b, test.lines...), "</failure>"...)
			}
			b = append(b, "</testcase>\n"...)
		}
		b = append(b, " </testsuite>\n"...)
	}
	p.any, p.tests, p.buf = false, p.tests[:0], b
	_, err := p.w.Write(b)
	return err
}

func (p *junitPrinter) Close(s Summary) error {
	if err := p.flush(); err != nil {
		return err
	}
	var b []byte
	if n := len(s.Failures); n > 0 {
		b = appendSuite(b, "patchlint", n, 0, n)
		for _, failure := range s.Failures {
			b = append(appendTest(b, failure, "patchlint"), "><error"...)
			b = append(appendAttribute(b, "message", failure), "/></testcase>\n"...)
		}
		b = append(b, " </testsuite>\n"...)
	}
	_, err := p.w.Write(append(b, "</testsuites>\n"...))
	return err
}

func appendSuite(b []byte, name string, tests, failures, errors int) []byte {
	b = appendAttribute(append(b, " <testsuite"...), "name", name)
	b = strconv.AppendInt(append(b, ` tests="`...), int64(tests), 10)
	b = strconv.AppendInt(append(b, `" failures="`...), int64(failures), 10)
	b = strconv.AppendInt(append(b, `" errors="`...), int64(errors), 10)
	return append(b, "\">\n"...)
}

// appendTest starts a test, up to the end of its opening tag.
func appendTest(b []byte, name, class string) []byte {
	return appendAttribute(appendAttribute(append(b, "  <testcase"...), "name", name), "classname", class)
}

func appendAttribute(b []byte, name, value string) []byte {
	b = append(append(append(b, ' '), name...), `="`...)
	return append(appendXML(b, value), '"')
}

// appendXML writes text as character data or as the value of an attribute. Characters
// that are not visible become U+FFFD: XML 1.0 forbids most of those (2.2), and
// nothing that shows the report is to be driven by the others.
func appendXML(b []byte, text string) []byte {
	for i, r := range text {
		switch {
		case inert.Obeyed(text, i):
			b = fmt.Appendf(b, "&#%d;", r)
		case r == '<':
			b = append(b, "&lt;"...)
		case r == '>':
			b = append(b, "&gt;"...)
		case r == '&':
			b = append(b, "&amp;"...)
		case r == '"':
			b = append(b, "&quot;"...)
		case r == '\'':
			b = append(b, "&apos;"...)
		case inert.Visible(text, i):
			b = utf8.AppendRune(b, r)
		default:
			b = append(b, "\uFFFD"...)
		}
	}
	return b
}
