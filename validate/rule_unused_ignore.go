package validate

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"sync"

	"github.com/patchlint/patchlint"
)

var unusedIgnore = register(&Rule{
	Rule: patchlint.Rule{
		ID: "unused-ignore", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "a patchlint-ignore comment that suppresses nothing",
		Why:     `In a .jsonc file, "// patchlint-ignore RULE reason" suppresses the findings of a rule on its own line, or on the next one when it stands alone. One that suppresses nothing any more hides the next finding there; one that names no rule never did anything.`,
		Bad: `{
  // patchlint-ignore placeholder-value the name is given by the vendor
  "displayName": "Contoso MTD",
  "iosOnboarded": true
}
`,
		Good: `{
  // patchlint-ignore placeholder-value the name is given by the vendor
  "displayName": "String",
  "iosOnboarded": true
}
`,
		Dialect: patchlint.JSONC,
	},
})

var ignoreComment = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?://|/\*)\s*patchlint-ignore\b:?[ \t]*([^\s*]*)`)
})

// ignore is a comment that suppresses the findings of a rule on a line.
type ignore struct {
	at   patchlint.Span
	id   string
	line int
}

// ignores returns the patchlint-ignore comments of a JSONC document.
func ignores(doc *patchlint.Document) []ignore {
	if doc.Dialect() != patchlint.JSONC {
		return nil
	}
	var list []ignore
	src := doc.Source()
	for _, at := range doc.Comments() {
		m := ignoreComment().FindSubmatch(src[at.Start:at.End])
		if m == nil {
			continue
		}
		start, end := doc.Position(at.Start), doc.Position(at.End)
		line := start.Line
		before := doc.Line(line)[:start.Column-1]
		after := doc.Line(end.Line)[end.Column-1:]
		if len(bytes.TrimSpace(before)) == 0 && len(bytes.TrimSpace(after)) == 0 {
			line = end.Line + 1
		}
		list = append(list, ignore{at, string(m[1]), line})
	}
	return list
}

// covers reports whether the comment suppresses a finding. Nothing suppresses
// that a text cannot be read.
func (i ignore) covers(doc *patchlint.Document, d patchlint.Diagnostic) bool {
	return d.Rule == i.id && i.id != "json-syntax" && i.id != "json-limit" && doc.Position(d.Span.Start).Line == i.line
}

// wholeLine extends a comment by the white space before it, and where nothing
// else is on its line by the line's end.
func (p *Pass) wholeLine(at patchlint.Span) patchlint.Span {
	src := p.Document.Source()
	for at.Start > 0 && (src[at.Start-1] == ' ' || src[at.Start-1] == '\t') {
		at.Start--
	}
	rest := src[at.End:]
	if alone := at.Start == 0 || src[at.Start-1] == '\n'; alone {
		if bytes.HasPrefix(rest, []byte("\r\n")) {
			at.End += 2
		} else if bytes.HasPrefix(rest, []byte("\n")) {
			at.End++
		}
	}
	return at
}

// withoutIgnored takes out the findings that comments suppress, and adds those
// about comments that suppress none. A text that is not JSONC or cannot be read
// has no say in what is found in it.
func (p *Pass) withoutIgnored(findings []patchlint.Diagnostic) []patchlint.Diagnostic {
	for _, ignore := range ignores(p.Document) {
		at, id, line := ignore.at, ignore.id, ignore.line
		before := len(findings)
		findings = slices.DeleteFunc(findings, func(d patchlint.Diagnostic) bool { return ignore.covers(p.Document, d) })
		// What was not looked for cannot be called unused.
		known, applies := Lookup(id) != nil, slices.ContainsFunc(p.rules, func(r *Rule) bool { return r.ID == id })
		if len(findings) < before || !slices.Contains(p.rules, unusedIgnore) || !p.Document.Whole() || p.Resource == nil || known && !applies ||
			id == platformClaimedTwice.ID || id == "id-mismatch" && p.ID == "" {
			continue
		}
		message := fmt.Sprintf("this suppresses nothing: line %d has no finding of %s; remove it", line, patchlint.Quote(id))
		fixes := []patchlint.Fix{{Title: "remove the comment", Safe: true, Edits: []patchlint.Edit{{Span: p.wholeLine(at)}}}}
		switch {
		case id == "":
			message, fixes = `the id of a rule belongs behind "patchlint-ignore"; without one this suppresses nothing`, nil
		case !known && !applies:
			var ids []string
			for _, r := range Rules() {
				ids = append(ids, r.ID)
			}
			message, fixes = fmt.Sprintf("there is no rule %s, so this suppresses nothing", patchlint.Quote(id)), nil
			if near := patchlint.Nearest(id, ids); near != "" {
				message += fmt.Sprintf("; did you mean %s?", near)
			}
		}
		d := patchlint.Diagnostic{Span: at, Message: message, Fixes: fixes}
		p.rule, p.findings = unusedIgnore, findings
		p.Report(d)
		findings = p.findings
	}
	return findings
}
