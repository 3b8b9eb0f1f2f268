package validate

import (
	"bytes"
	"slices"
	"sync"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "secret-value", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "a credential in a payload",
		Why:     `A payload is kept in git and sent as it is, so everyone who can read either knows the bearer token, JSON Web Token or client secret in it. Remove it and revoke it, because the history keeps it. patchlint masks credentials in all that it prints.`,
		Bad: `{
  "displayName": "Contoso Bearer c2VjcmV0LXRva2VuLWZvci10aGUtZG9jcw==",
  "iosOnboarded": true
}
`,
		Good: `{
  "displayName": "Contoso",
  "iosOnboarded": true
}
`,
		Links: []string{"https://www.rfc-editor.org/rfc/rfc6750"},
	},
	Document: func(p *Pass) {
		if p.rule.ours() && onlyNodes(p.Document) && p.Requests == nil {
			p.unsearched = p.rule
		} else {
			reportSecrets(p)
		}
	},
	At: Stops{
		Properties:  func(p *schema.Property) bool { return !textless(p.Type) || suspectName(p) && !holder(p) },
		Objects:     func(t *schema.Type) bool { return t.Open || t.Abstract || suspectWord(t.TypeName()) },
		Annotations: true,
		Navigation:  true,
	},
	Visit: func(p *Pass, v schema.Visit) {
		switch t := v.Type; {
		case p.unsearched == nil:
		case t == nil:
			p.searchIf(v.Node, v.Property)
		default: // of an object the walk tells no more of what its type does not declare
			for member := range v.Node.Children() {
				if t.PropertyOf(member) == nil {
					p.searchIf(member, nil)
				}
			}
		}
	},
})

// A document is searched for credentials before anything else is reported of it, and not
// at all if the walk has nothing to report and comes upon nothing that can be one. In a
// payload that agrees with its model, most texts are words of the model. Whether one of
// these can name a credential is asked once for each. TestSecretsAnywhere checks that
// this misses none.

// search searches the document, if that is still to be done.
func (p *Pass) search() {
	if rule := p.unsearched; rule != nil {
		before := p.rule
		p.unsearched, p.rule = nil, rule
		reportSecrets(p)
		p.rule = before
	}
}

// searchIf searches the document if a value, or a member, can be a credential. It is the
// value of a property, or of something that is not one.
func (p *Pass) searchIf(n patchlint.Node, of *schema.Property) {
	src, name, value := p.Document.Source(), n.Key(), n.Span()
	named := n.IsMember() && (of == nil || n.Kind() > patchlint.Bool) // what is named password and null is not one
	from := value.Start
	if named {
		from = name.Start
	}
	switch {
	case !secret.Suspect(src[from:value.End]): // as a rule
	case secret.SuspectWord(src[value.Start:value.End]),
		named && of != nil && suspectName(of),
		named && of == nil && secret.SuspectWord(src[name.Start:name.End]):
		p.search()
	}
}

// onlyNodes reports whether a walk comes upon all that can be a credential in a document:
// nothing but white space is beside its names and values, even where it was moved into
// another text, and no one has said where credentials are.
func onlyNodes(doc *patchlint.Document) bool {
	root := doc.Root().Span()
	blank := func(text []byte) bool { return len(bytes.TrimSpace(text)) == 0 }
	return doc.Whole() && len(doc.Faults()) == 0 && len(doc.Comments()) == 0 && !secret.Known(doc) &&
		blank(doc.Source()[:root.Start]) && blank(doc.Source()[root.End:])
}

// suspectWord reports whether a word of a model can be the name of a credential.
func suspectWord(word string) bool { return secret.SuspectWord([]byte(`"` + word + `"`)) }

// suspectName is suspectWord for the name of a property. It is asked once.
func suspectName(p *schema.Property) bool {
	suspect, ok := suspectNames.Load(p)
	if !ok {
		suspect, _ = suspectNames.LoadOrStore(p, suspectWord(p.Name))
	}
	return suspect.(bool)
}

var suspectNames sync.Map // *schema.Property -> bool

// holder reports whether the value of a property is no credential because of its name, if
// the walk accepts it: it is an object, whose members the walk comes upon.
func holder(p *schema.Property) bool {
	return p.Type.Structured() && !p.Collection && secret.Holder(p.Name)
}

// textless reports whether a value of a type is a number, a date or a word of the model,
// if the walk accepts it, or an object, whose members it comes upon.
func textless(t *schema.Type) bool {
	switch t.Name {
	case "Edm.Boolean", "Edm.Byte", "Edm.SByte", "Edm.Int16", "Edm.Int32", "Edm.Int64", "Edm.Single", "Edm.Double", "Edm.Decimal", "Edm.Date", "Edm.DateTimeOffset":
		return true
	}
	suspect := func(m schema.Member) bool { return suspectWord(m.Name) }
	return t.Structured() || t.Category == schema.Enum && !t.Flags && !slices.ContainsFunc(t.Members, suspect)
}

// reportSecrets reports every value, name, comment, and text that is not JSON, which
// holds a credential; a string that holds several once.
func reportSecrets(p *Pass) {
	const message = "this looks like a credential; remove and revoke it, because git keeps it in the history"
	last := patchlint.Node{}
	for _, s := range secret.Find(p.Document) {
		if p.closed() {
			return
		}
		n := p.Document.At(s.Start)
		switch {
		case n.Kind() == patchlint.String && s.Start > n.Span().Start:
			if n != last {
				p.ReportValue(n, message)
			}
			last = n
		default:
			p.reportAt(n, s, message)
		}
	}
}
