package report

import (
	"fmt"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/secret"
)

// maxMarkdown is the maximum size of a Markdown report in bytes. GitHub accepts 65,536
// characters in a comment, to which a workflow may add a few of its own, and 1 MiB in
// the summary of a step.
const maxMarkdown = 65_000

// sections collects texts up to a limit of size.
type sections struct {
	texts []string
	size  int
	more  int // sections left out
}

// add adds a section if it and all before it fit in room bytes, and otherwise counts it.
func (s *sections) add(room int, section func() string) {
	if s.more == 0 {
		if text := section(); s.size+len(text) <= room {
			s.texts = append(s.texts, text)
			s.size += len(text)
			return
		}
	}
	s.more++
}

// within returns the first sections of lists, as many as fit in room bytes, and the number
// of sections left out. The lists start with the most notable one.
func within(room int, lists []sections) (text string, left int) {
	var b strings.Builder
	for _, s := range lists {
		for _, section := range s.texts {
			if left > 0 || b.Len()+len(section) > room {
				left++
			} else {
				b.WriteString(section)
			}
		}
		left += s.more
	}
	return b.String(), left
}

// markdownPlans writes plans for a pull request: a line that summarizes the run, and for
// each object a folded section with its changes, warnings and body. Notable objects come
// first, so that they are not cut off in favor of objects without a change.
//
// Text of payloads is written as code only, where GitHub makes no mentions, references
// or links; character references alone do not prevent those.
func markdownPlans(out *output, directories, _ bool) PlanPrinter {
	var objects [2]sections // those to look at, and those without a change
	print := func(c *Comparison) {
		list := &objects[1]
		if c.Changed() || c.Plan == nil || c.incomplete() || len(c.Notable()) > 0 {
			list = &objects[0]
		}
		list.add(maxMarkdown, func() string { return section(c, directories) })
	}
	end := func(s *PlanSummary) {
		head := "### patchlint diff: " + Total(s) + "\n\n"
		head += failureList(s.Failures, maxPart)
		tail := listUnpaired("only in current, left alone", s.OnlyCurrent) + listUnpaired("only in desired, not compared", s.OnlyDesired)
		const sentence = 200
		shown, left := within(maxMarkdown-len(head)-len(tail)-sentence, objects[:])
		if left > 0 {
			tail += Count(left, "object is", "objects are") + " left out because GitHub limits the length of a comment; --format text shows all of them\n"
		}
		out.WriteString(head + shown + tail)
	}
	return PlanPrinter{out, print, end}
}

// failureList lists failures and, after the first most bytes, gives the number of the others.
func failureList(failures []string, most int) string {
	var lines []string
	for _, failure := range failures {
		lines = append(lines, "failed: "+prose(cut(failure, 1000)))
	}
	return paragraph(listed(lines, "- ", most))
}

// paragraph returns text with an empty line after it, or "" if there is none.
func paragraph(text string) string {
	if text == "" {
		return ""
	}
	return text + "\n"
}

// listUnpaired returns a folded list of objects under a title, or "" if there are none.
func listUnpaired(title string, objects []Unpaired) string {
	if len(objects) == 0 {
		return ""
	}
	var lines []string
	for _, o := range objects {
		line := code(cut(o.File, 1000))
		for _, label := range o.Labels {
			line += " " + code(cut(label, 100))
		}
		lines = append(lines, line)
	}
	return fmt.Sprintf("<details>\n<summary>%s %s</summary>\n\n%s\n</details>\n\n", Count(len(objects), "object", "objects"), title, listed(lines, "- ", 4<<10))
}

// listed returns lines, each after a mark, and after the first most bytes the number of the
// others.
func listed(lines []string, mark string, most int) string {
	var b strings.Builder
	for i, line := range lines {
		if b.Len() > most {
			fmt.Fprintf(&b, "%sand %d more\n", mark, len(lines)-i)
			break
		}
		b.WriteString(mark + line + "\n")
	}
	return b.String()
}

// maxPart is the size in bytes from which a part of a section is cut.
const maxPart = maxMarkdown / 4

// section returns the section of an object.
func section(c *Comparison, directories bool) string {
	var b strings.Builder
	sources := code(c.Sources[diff.Current].Name) + " -&gt; " + code(c.Sources[diff.Desired].Name)
	warnings := c.Notable()
	b.WriteString("<details>\n<summary>")
	switch {
	case c.Plan == nil:
		fmt.Fprintf(&b, "%s: refused, %s", sources, Count(len(c.Errors), "error", "errors"))
	case c.Changed():
		fmt.Fprintf(&b, "<b>%s</b>: %s", prose(planTitle(c.Plan)), Count(len(c.Plan.Changes), "change", "changes"))
	default:
		fmt.Fprintf(&b, "%s: nothing to send", prose(planTitle(c.Plan)))
	}
	if len(warnings) > 0 {
		b.WriteString(", " + Count(len(warnings), "warning", "warnings"))
	}
	b.WriteString("</summary>\n\n")
	if directories && c.Plan != nil {
		b.WriteString(sources + "\n\n")
	}
	if c.Plan != nil {
		b.WriteString(changes(c))
	}
	b.WriteString(listFindings(c, c.Errors) + listFindings(c, warnings))
	if c.Changed() {
		b.WriteString("<details>\n<summary>" + prose(describeBody(c.Plan)) + "</summary>\n\n")
		if body := maskedBody(c.Plan.Body); len(body) > maxPart {
			b.WriteString("The body is too long to be shown here.\n")
		} else {
			b.WriteString(fenced("json", body))
		}
		b.WriteString("\n</details>\n\n")
	}
	return b.String() + "</details>\n\n"
}

// changes describes the changes of a plan in a code block of the language diff, which
// GitHub colors.
func changes(c *Comparison) string {
	var lines []string
	for _, l := range c.planLines(Options{}) {
		if l.path == "" {
			lines = append(lines, l.sign+"     "+l.text)
		} else {
			lines = append(lines, l.sign+" "+l.path+"  "+l.text)
		}
	}
	if lines == nil {
		return ""
	}
	return fenced("diff", listed(lines, "", maxPart)) + "\n"
}

// listFindings returns a list of findings.
func listFindings(c *Comparison, findings []diff.Finding) string {
	var lines []string
	for _, f := range c.Findings(findings) {
		for _, d := range f.Findings {
			line, column := f.Document.PositionUTF16(d.Span.Start)
			lines = append(lines, fmt.Sprintf("%s: %s (%s, [%s](%s))", d.Severity, prose(withNames(c.Names, d.Message)),
				code(fmt.Sprintf("%s:%d:%d", f.Name, line, column)), d.Rule, RulePage(d.Rule)))
		}
	}
	return paragraph(listed(lines, "- ", maxPart))
}

// maskedBody returns a body indented and with its credentials masked.
func maskedBody(body []byte) string {
	doc, _ := patchlint.Parse(body, patchlint.JSON)
	text := Inert(secret.Redact(doc, patchlint.Span{End: len(body)}))
	return string(bounds.Indent(text)) + "\n"
}

// fenced returns lines in a code fence that is longer than any run of backticks in
// them (CommonMark 0.31.2, 4.5).
func fenced(language, lines string) string {
	longest := 2
	for _, run := range backticks.Get().FindAllString(lines, -1) {
		longest = max(longest, len(run))
	}
	fence := strings.Repeat("`", longest+1)
	return fence + language + "\n" + lines + fence + "\n"
}

var backticks = lazy.Regexp("`+")

// code returns text as HTML code, escaped.
func code(text string) string { return "<code>" + escapeMarkdown(inert.Show(text)) + "</code>" }

// prose returns a sentence with its plain words unchanged and everything else as code,
// including quoted text, because it may be text of a payload.
func prose(text string) string {
	text = phrase.Get().ReplaceAllStringFunc(text, func(word string) string {
		bare := strings.TrimRight(word, ",;:.? ")
		if bare == "" || plainWord.Get().MatchString(bare) {
			return word
		}
		return code(bare) + word[len(bare):]
	})
	return strings.ReplaceAll(text, "</code> <code>", " ")
}

// phrase matches quoted text or a word, with the space after it, so that a quotation mark
// opens only at the start of a word and closes only at the end of one.
var phrase = lazy.Regexp(`(?s)\(?".*?(?:"\)?[,;:.?]*(?: |$)|$)|[^ ]+ ?`)

// plainWord matches a word without a meaning in Markdown or HTML, or a number too short
// for the hash of a commit.
var plainWord = lazy.Regexp(`^\(?(?:[A-Za-z]+(?:['-][A-Za-z]+)*|[0-9]{1,6})\)?$`)
