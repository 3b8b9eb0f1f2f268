package validate

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/example"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/spelling"
)

var unusedIgnore = register(&Rule{
	Rule: patchlint.Rule{
		ID: "unused-ignore", Severity: patchlint.Warning, Fixable: true, Since: "0.1.0",
		Summary: "a patchlint-ignore comment that suppresses nothing",
		Why:     `In a .jsonc file, "// patchlint-ignore RULE reason" suppresses the findings of RULE on the line of the comment, or on the next line if the comment is alone on its line. A comment that no longer suppresses anything would hide the next finding there; a comment without a rule suppresses nothing. Findings of json-syntax, json-limit, unknown-type and payload-shape cannot be suppressed, because a file that is not checked must not pass.`,
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
	},
	needs: example.Needs{Dialect: patchlint.JSONC},
})

var ignoreComment = lazy.Regexp(`^(?://|/\*)\s*patchlint-ignore\b:?[ \t]*([^\s*]*)`)

// ignore is a comment that suppresses the findings of a rule on a line.
type ignore struct {
	subject
	at   patchlint.Span
	used bool // it suppresses something
}

type subject struct {
	line int
	rule string // its id
}

// ignores are the patchlint-ignore comments of a JSONC document.
type ignores struct {
	doc  *patchlint.Document
	list []ignore
	of   map[subject]int // index of the first comment about a rule on a line
}

// insuppressible lists the rules whose findings cannot be suppressed, because a file that is
// not checked must not pass.
var insuppressible = []string{"json-syntax", "json-limit", "unknown-type", "payload-shape"}

// suppress reports whether a comment suppresses a finding, and marks it as used.
func (c *ignores) suppress(d *patchlint.Diagnostic) bool {
	if c == nil || slices.Contains(insuppressible, d.Rule) {
		return false
	}
	line, _ := c.doc.Position(d.Span.Start)
	i, found := c.of[subject{line, d.Rule}]
	if found {
		c.list[i].used = true
	}
	return found
}

// moves reports whether a fix would make a comment apply to other values, because it removes
// the line that the comment is about, or everything else on the line of the comment.
func (c *ignores) moves(f patchlint.Fix) bool {
	return c != nil && slices.ContainsFunc(f.Edits, func(e patchlint.Edit) bool {
		src := c.doc.Source()
		opens := alone(src, patchlint.Span{Start: e.Span.Start, End: len(src)})
		rest := bytes.TrimLeft(src[e.Span.End:], " \t\r,")
		empties := opens && (len(rest) == 0 || rest[0] == '/' || rest[0] == '\n')
		if e.NewText != "" || !empties && !bytes.Contains(src[e.Span.Start:e.Span.End], []byte("\n")) {
			return false
		}
		first, _ := c.doc.Position(e.Span.Start)
		last, _ := c.doc.Position(e.Span.End)
		at, _ := slices.BinarySearchFunc(c.list, first, func(i ignore, line int) int { return i.line - line })
		for _, i := range c.list[at:] {
			if i.line > last {
				break
			}
			if i.at.End <= e.Span.Start || e.Span.End <= i.at.Start {
				return true
			}
		}
		return false
	})
}

// ignoresOf returns the patchlint-ignore comments of a document, or nil.
func ignoresOf(doc *patchlint.Document) (c *ignores) {
	if doc.Dialect() != patchlint.JSONC {
		return nil
	}
	src := doc.Source()
	for _, at := range doc.Comments() {
		m := ignoreComment.Get().FindSubmatch(src[at.Start:at.End])
		if m == nil {
			continue
		}
		line, _ := doc.Position(at.Start)
		if alone(src, at) {
			line, _ = doc.Position(at.End)
			line++
		}
		if c == nil {
			c = &ignores{doc: doc, of: make(map[subject]int)}
		}
		about := subject{line, string(m[1])}
		if _, again := c.of[about]; !again {
			c.of[about] = len(c.list)
		}
		c.list = append(c.list, ignore{subject: about, at: at})
	}
	return c
}

// alone reports whether a comment shares its lines only with white space.
func alone(src []byte, at patchlint.Span) bool {
	before, after := bytes.TrimRight(src[:at.Start], " \t\r"), bytes.TrimLeft(src[at.End:], " \t\r")
	starts := len(before) == 0 || bytes.HasSuffix(before, []byte("\n")) || string(before) == "\xef\xbb\xbf"
	return starts && (len(after) == 0 || after[0] == '\n')
}

// wholeLine extends the span of a comment by the white space before it, and by the end
// of the line if the comment is alone on it.
func wholeLine(src []byte, at patchlint.Span) patchlint.Span {
	if alone(src, at) {
		rest := bytes.TrimLeft(src[at.End:], " \t\r")
		at.End = len(src) - len(bytes.TrimPrefix(rest, []byte("\n")))
	}
	at.Start = len(bytes.TrimRight(src[:at.Start], " \t"))
	return at
}

// reportUnused reports the comments that suppress nothing. A comment about this rule may
// suppress the report about another one, and so is reported last.
func (p *Pass) reportUnused() {
	comments := p.ignores
	if comments == nil || !p.as(unusedIgnore.ID) {
		return
	}
	report := func(last bool) {
		for _, c := range comments.list {
			about := patchlint.Diagnostic{Span: c.at}
			if (c.rule == unusedIgnore.ID) == last && !c.used && !p.closed() && p.judges(c) && p.admitted(&about) {
				p.Report(p.unused(c))
			}
		}
	}
	report(false)
	p.ignores = nil // no comment suppresses a report about a comment on this rule
	report(true)
}

// judges reports whether to report an unused comment. A comment about a rule that did not
// run is not reported.
func (p *Pass) judges(c ignore) bool {
	switch {
	case (!p.Document.Whole() || p.Resource == nil) && !slices.Contains(insuppressible, c.rule):
		return false
	case c.rule == platformClaimedTwice.ID, c.rule == "id-mismatch" && p.Target.Key == "",
		c.rule == teamSchema.ID && len(p.linter.TeamSchemas) == 0, c.rule == unknownID.ID && p.linter.Names == nil,
		c.rule == "version-property": // found when the payload is linted for the other version
		return false
	case slices.Contains(crossFile, c.rule) && p.Payload.Member("displayName").Exists():
		return false // another file may be needed for a finding
	}
	return Lookup(c.rule) == nil || p.linter.Applies(c.rule)
}

// unused returns the finding about a comment that suppresses nothing.
func (p *Pass) unused(c ignore) patchlint.Diagnostic {
	d := patchlint.Diagnostic{Span: c.at}
	switch {
	case c.rule == "":
		d.Message = `expected the id of a rule after "patchlint-ignore"; without one, the comment suppresses nothing`
	case p.linter.Applies(c.rule):
		d.Message = fmt.Sprintf("this comment suppresses nothing: line %d has no finding of %s; remove it", c.line, inert.Quote(c.rule))
		if slices.Contains(insuppressible, c.rule) {
			d.Message = fmt.Sprintf("this comment suppresses nothing: findings of %s cannot be suppressed, because a file that is not checked must not pass; remove the comment", inert.Quote(c.rule))
		}
		// Another run may have other schemas and names.
		safe := c.rule != teamSchema.ID && c.rule != unknownID.ID
		d.Fixes = []patchlint.Fix{{Title: "remove the comment", Safe: safe, Edits: []patchlint.Edit{{Span: wholeLine(p.Document.Source(), c.at)}}}}
	case c.rule == "filters-lost", c.rule == "collection-loses-assignments":
		d.Message = fmt.Sprintf("%s is a rule of patchlint diff, and lint never reports it; remove this comment", inert.Quote(c.rule))
	default:
		var ids []string
		for _, r := range all {
			ids = append(ids, r.ID)
		}
		d.Message = fmt.Sprintf("unknown rule %s, so this comment suppresses nothing", inert.Quote(c.rule))
		if near := spelling.Nearest(c.rule, ids); near != "" {
			d.Message += fmt.Sprintf("; did you mean %s?", near)
		}
	}
	return d
}
