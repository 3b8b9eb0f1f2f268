package report

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// comparison compares two partners in files of that name.
func comparison(t *testing.T, name, currentSrc, desiredSrc string) *Comparison {
	t.Helper()
	model, err := schema.Open(schema.Beta)
	if err != nil {
		t.Fatal(err)
	}
	resource, err := model.Resource("complianceManagementPartner")
	if err != nil {
		t.Fatal(err)
	}
	current, _ := patchlint.Parse([]byte(currentSrc), patchlint.JSON)
	desired, _ := patchlint.Parse([]byte(desiredSrc), patchlint.JSON)
	c := &Comparison{Sources: map[diff.Side]Source{diff.Current: {Name: "current/" + name, Document: current}, diff.Desired: {Name: "desired/" + name, Document: desired}}}
	plan, err := diff.Compute(resource, current, desired, diff.Options{})
	if refusal, refused := err.(diff.Refusal); refused {
		c.Errors = refusal
	} else if err != nil {
		t.Fatal(err)
	} else {
		c.Plan, c.Warnings = plan, plan.Warnings
	}
	return c
}

// markdownOf returns the report of comparisons.
func markdownOf(t *testing.T, set *PlanSummary, comparisons ...*Comparison) string {
	t.Helper()
	var b strings.Builder
	printer := PlanFormatOf("markdown").New(&b, set.Directories, false)
	for _, c := range comparisons {
		set.Count(c)
		if err := printer.Print(c); err != nil {
			t.Fatal(err)
		}
	}
	if err := printer.Close(set); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var (
	ownTag  = regexp.MustCompile(`</?(?:details|summary|b)>`)
	ownCode = regexp.MustCompile("<code>[^<>`|*_~@\\[\\]\\\\$]*</code>")
	ownLink = regexp.MustCompile(`\[[a-z-]+\]\(https://github\.com/patchlint/patchlint/blob/main/docs/rules\.md#[a-z-]+\)`)
	// ownProse matches text without a meaning in Markdown, HTML or GitHub's references.
	ownProse = regexp.MustCompile(`^(?:### |- )?(?:[A-Za-z0-9 ,;:.?()'-]|-&gt;)*$`)
)

// readMarkdown checks that a report consists of folded sections of prose, code and fences,
// that no text ends the element that it is in, and that GitHub accepts the size. It returns
// the number of sections.
func readMarkdown(t *testing.T, text string) (objects int) {
	t.Helper()
	if len(text) > 65_536 {
		t.Errorf("%d bytes", len(text))
	}
	harmless(t, "markdown", text)
	fence, depth := "", 0
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		ticks := line[:len(line)-len(strings.TrimLeft(line, "`"))]
		switch {
		case fence != "" && line == fence:
			fence = ""
			continue
		case fence != "":
			if strings.HasPrefix(ticks, fence) {
				t.Errorf("%q closes a fence of %d", line, len(fence))
			}
			continue
		case len(ticks) >= 3:
			fence = ticks
			if rest := line[len(ticks):]; rest != "json" && rest != "diff" {
				t.Errorf("a fence %q", line)
			}
			continue
		}
		switch line {
		case "<details>":
			if depth++; depth == 1 {
				objects++
			}
		case "</details>":
			depth--
		}
		line = ownProse.ReplaceAllString(ownLink.ReplaceAllString(ownCode.ReplaceAllString(ownTag.ReplaceAllString(line, ""), ""), ""), "")
		if line != "" {
			t.Errorf("not only text: %q", line)
		}
	}
	if fence != "" || depth != 0 {
		t.Errorf("not closed: %q, %d", fence, depth)
	}
	return objects
}

// hostileTexts are names and values that mean something in Markdown, HTML, a comment
// on GitHub, a terminal or a log.
var hostileTexts = []string{
	"|a|b|", "`", "``````", "```\n# heading\n```", "</code></summary></details><img src=x onerror=alert(1)>", "<!--", "]]>", "&lt;b&gt;&#64;admin",
	"@octocat and @org/team", "cc @octocat, thanks", "#123", "owner/repo#4", "GH-5", "0123456789abcdef0123456789abcdef01234567", "1234567",
	"[x](javascript:alert(1))", "![x](https://example.com/x.png)", "https://example.com", "www.example.com", "a@example.com", "<https://example.com>",
	"**bold** _it_ ~~no~~ $x^2$ :rocket:", "\u001b[31mred", "\u202egnp.exe", "\u2066x\u2069", "\u200b", "##vso[task.complete result=Succeeded]", "##[group]x", "::error::x", "\n::set-output name=a::b",
	"\r\n- [ ] task", "> quote", "    code", "1. one", "a\"b", "\" (11111111-1111-4111-8111-111111111111)", "%0A%AZP25", "\\", "\\`", "{{x}}", "--- a", "+++ b", "é😀", "the group \"x y\" @z", strings.Repeat("long ", 500),
}

// TestMarkdownHostile checks that no text of a payload, a names file or a file name is
// anything but text in the report.
func TestMarkdownHostile(t *testing.T) {
	const group = "0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"
	for _, text := range hostileTexts {
		quoted := encode(text)
		names := new(validate.Names)
		if _, err := names.Add([]byte(fmt.Sprintf(`{"%s": %s}`, group, quoted))); err != nil {
			t.Fatal(err)
		}
		name := strings.ReplaceAll(text, "/", "-") + ".json"
		assignments := fmt.Sprintf(`[{"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "%s"}}]`, group)
		changed := comparison(t, name, fmt.Sprintf(`{"id": %s, "displayName": "old"}`, quoted), fmt.Sprintf(`{"displayName": %s, "iosEnrollmentAssignments": %s}`, quoted, assignments))
		refused := comparison(t, name, `{"displayName": "old"}`, fmt.Sprintf(`{%s: 1, "partnerState": %s, "iosEnrollmentAssignments": [{"target": {"@odata.type": %s}}]}`, quoted, quoted, quoted))
		same := comparison(t, name, fmt.Sprintf(`{"displayName": %s}`, quoted), fmt.Sprintf(`{"displayName": %s}`, quoted))
		set := &PlanSummary{Directories: true, OnlyCurrent: []Unpaired{{File: name, Labels: []string{text, text}}, {File: text}}, OnlyDesired: []Unpaired{{File: text}}, Failures: []string{text, name + ": no such file"}}
		for _, c := range []*Comparison{changed, refused, same} {
			c.Names = names
		}
		report := markdownOf(t, set, changed, refused, same)
		if refused.Plan != nil || !changed.Changed() || same.Changed() {
			t.Errorf("%q: not the comparisons that were meant", text)
		}
		if n := readMarkdown(t, report); n != 5 {
			t.Errorf("%q: %d sections", text, n)
		}
		if t.Failed() {
			t.Fatalf("%q:\n%s", text, report)
		}
	}
}

// TestProse checks that text of a payload does not change which words of our sentence are code.
func TestProse(t *testing.T) {
	for text, want := range map[string]string{
		`"zz @octocat #1 " fixes #2" is unknown; leave it out`: `<code>"zz &#64;octocat #1 "</code> fixes <code>#2"</code> is unknown; leave it out`,
		`invalid value "x y "z q" (r"; must be one of a, b`:    `invalid value <code>"x y "z q" (r"</code>; must be one of a, b`,
		`the group ("x y", @z) has a"b in it`:                  `the group <code>("x y"</code>, <code>&#64;z)</code> has <code>a"b</code> in it`,
		`send @odata.type #1 "a b" first, and "a b`:            `send <code>&#64;odata.type #1 "a b"</code> first, and <code>"a b</code>`,
	} {
		if got := strings.NewReplacer("&#34;", `"`, "&#35;", "#", "&#46;", ".").Replace(prose(text)); got != want {
			t.Errorf("%s\nis  %s\nnot %s", text, got, want)
		}
	}
}

// FuzzProse checks that a sentence keeps its text, and that whatever is not in code is
// prose to every reader.
func FuzzProse(f *testing.F) {
	for _, text := range hostileTexts {
		f.Add(text)
		f.Add(`a value "` + text + `", and ` + text + ` (in "x y").`)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := prose(text)
		if rest := ownCode.ReplaceAllString(got, ""); !ownProse.MatchString("- " + rest) {
			t.Errorf("%q leaves %q", text, rest)
		}
		plain := strings.NewReplacer("<code>", "", "</code>", "").Replace(got)
		if html.UnescapeString(plain) != inert.Show(text) {
			t.Errorf("%q reads %q", text, html.UnescapeString(plain))
		}
	})
}

// TestMarkdownLimit checks that a report is cut between two objects, and counts those
// that are left out; that objects to look at come before those without a change; and
// that an object too long for a report is shown in part.
func TestMarkdownLimit(t *testing.T) {
	var list []*Comparison
	for i := range 700 {
		list = append(list, comparison(t, fmt.Sprintf("same-%03d.json", i), `{"displayName": "A"}`, `{"displayName": "A"}`))
	}
	for i := range 3 {
		list = append(list, comparison(t, fmt.Sprintf("changed-%d.json", i), `{"displayName": "A"}`, `{"displayName": "B"}`))
	}
	report := markdownOf(t, &PlanSummary{Directories: true}, list...)
	sections := readMarkdown(t, report)
	m := regexp.MustCompile(`(?m)^(\d+) objects are left out because GitHub limits the length of a comment; --format text shows all of them$`).FindStringSubmatch(report)
	if m == nil || number(t, m[1])+sections != len(list) {
		t.Errorf("%d sections, and %v left out of %d", sections, m, len(list))
	}
	if first := strings.Index(report, "same-"); strings.LastIndex(report, "changed-2.json") > first {
		t.Error("objects without a change come first")
	}

	for elements, want := range map[int]struct{ body, cut bool }{10: {true, false}, 200: {false, false}, 3000: {false, true}} {
		var assignments []string
		for i := range elements {
			assignments = append(assignments, fmt.Sprintf(`{"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "%08x-3f52-4c8d-9b60-7d1e2f3a4b5c"}}`, i))
		}
		report := markdownOf(t, new(PlanSummary), comparison(t, "large.json", `{"displayName": "A"}`, `{"iosEnrollmentAssignments": [`+strings.Join(assignments, ",")+`]}`))
		if n := readMarkdown(t, report); n != 1 {
			t.Errorf("%d elements: %d sections", elements, n)
		}
		if got := strings.Contains(report, "```json"); got != want.body || got == strings.Contains(report, "The body is too long to be shown here.") {
			t.Errorf("%d elements: the body is shown: %t", elements, got)
		}
		if !strings.Contains(report, "+     include group 00000001-") || !strings.Contains(report, fmt.Sprintf("%d added", elements)) {
			t.Errorf("%d elements are not shown", elements)
		}
		shown := strings.Count(report, "include group")
		if more := fmt.Sprintf("\nand %d more\n```", elements-shown); strings.Contains(report, more) != want.cut || shown < elements && !want.cut {
			t.Errorf("%d of %d elements are shown", shown, elements)
		}
	}
}

// TestMarkdownMasks checks that a credential is masked in the body that is shown.
func TestMarkdownMasks(t *testing.T) {
	const token = "ghp_0123456789abcdefABCDEF0123456789abcd"
	report := markdownOf(t, new(PlanSummary), comparison(t, "a.json", `{"displayName": "A"}`, `{"displayName": "`+token+`"}`))
	readMarkdown(t, report)
	if strings.Contains(report, token) || !strings.Contains(report, `"displayName": "***"`) {
		t.Error(report)
	}
	named := comparison(t, "a.json", `{"id": "`+token+`", "displayName": "A"}`, `{"displayName": "B"}`)
	if title := planTitle(named.Plan); title != `complianceManagementPartner "A" ***` {
		t.Error(title)
	}
}
