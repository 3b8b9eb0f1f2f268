package validate

import (
	"bytes"
	"slices"

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
		if p.rule.ours() && onlyNodes(p.Document) && p.requests == nil {
			p.unsearched = p.rule
		} else {
			reportSecrets(p)
		}
	},
	at: stops{
		properties:  func(p *schema.Property) bool { return !textless(p) || suspectWord(p.Name) && !holder(p) },
		objects:     func(t *schema.Type) bool { return suspectWord(t.TypeName()) },
		annotations: true,
		navigation:  true,
	},
	Visit: func(p *Pass, v schema.Visit) {
		if p.unsearched != nil && p.suspects(v) {
			p.search()
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

// suspects reports whether there can be a credential at a stop.
func (p *Pass) suspects(v schema.Visit) bool {
	n := v.Node
	switch {
	case v.Type != nil: // whose name is suspect
		return n.Member("@odata.type").Exists() // which the walk leaves out
	case v.Property == nil && secret.Suspect(p.Document.Source()[n.Key().Start:n.Key().End]):
		return true
	case n.Kind() <= patchlint.Bool: // what is named password and null is not one
		return false
	}
	return v.Property != nil && p.dispatch.suspect[v.Property.Index] || secret.Suspect(n.Raw())
}

// onlyNodes reports whether a walk comes upon all that can be a credential in a document:
// nothing but white space is beside its names and values, even where it was moved into
// another text, and no one has said where credentials are.
func onlyNodes(doc *patchlint.Document) bool {
	root := doc.Root().Span()
	blank := func(text []byte) bool { return len(bytes.TrimSpace(text)) == 0 }
	return doc.Whole() && len(doc.Faults()) == 0 && len(doc.Comments()) == 0 && !secret.Searched(doc) &&
		blank(doc.Source()[:root.Start]) && blank(doc.Source()[root.End:])
}

// suspectWord reports whether a word of a model can be the name of a credential.
func suspectWord(word string) bool { return secret.Suspect([]byte(`"` + word + `"`)) }

// holder reports whether the name of a property does not make its value a credential, if
// the walk accepts it: the value is an object, whose members the walk comes upon.
func holder(p *schema.Property) bool {
	return p.Type.Structured() && !p.Collection && secret.Holder(p.Name)
}

// textless reports whether the value of a property is a number, a date, a GUID or a word
// of the model, if the walk accepts it, or an object, whose members it comes upon.
func textless(p *schema.Property) bool {
	t := p.Type
	switch t.Name {
	case "Edm.String":
		return p.GUID
	case "Edm.Boolean", "Edm.Byte", "Edm.SByte", "Edm.Int16", "Edm.Int32", "Edm.Int64", "Edm.Single", "Edm.Double", "Edm.Decimal", "Edm.Date", "Edm.DateTimeOffset", "Edm.Guid":
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
			p.report(n, patchlint.Diagnostic{Span: s}, message)
		}
	}
}
