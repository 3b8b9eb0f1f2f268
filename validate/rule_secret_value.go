package validate

import (
	"bytes"
	"slices"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
)

// secretValue is the only rule of this package with Document.
var secretValue = register(&Rule{
	Rule: patchlint.Rule{
		ID: "secret-value", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "a credential in a payload",
		Why:     `A payload is kept in git and sent as it is, so everyone who can read the repository or the request knows the bearer token, JSON Web Token or client secret in it. Remove it and revoke it, because the history keeps it. patchlint masks credentials in its reports.`,
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
		if !slices.Contains(p.foreign, p.rule) && onlyNodes(p.Document) && p.requests == nil {
			p.unsearched = p.rule
		} else {
			reportSecrets(p)
		}
	},
	at: stops{
		properties: func(p *schema.Property) bool {
			// The members of an object that holds a credential are visited.
			return !textless(p) || suspectWord(p.Name) && (!p.Type.Structured() || p.Collection || !secret.Holder(p.Name))
		},
		objects:     func(t *schema.Type) bool { return suspectWord(t.Name) },
		annotations: true,
		navigation:  true,
	},
	Visit: func(p *Pass, v schema.Visit) {
		if p.unsearched != nil && p.suspects(v) {
			p.search()
		}
	},
})

// search searches the document for credentials, if it has not been searched yet. It must
// run before any finding of a rule is reported. It is skipped if no rule reports anything
// and the walk finds no value that can be a credential, because most texts of a valid
// payload are words of the model. TestSecretsAnywhere checks that this misses none.
func (p *Pass) search() {
	if rule := p.unsearched; rule != nil {
		before := p.rule
		p.unsearched, p.rule = nil, rule
		reportSecrets(p)
		p.rule = before
	}
}

// suspects reports whether a visited value can be a credential.
func (p *Pass) suspects(v schema.Visit) bool {
	n := v.Node
	switch {
	case v.Type != nil: // a type with a suspect name
		return n.Member("@odata.type").Exists() // which the walk does not visit
	case v.Property == nil && secret.Suspect(p.Document.Source()[n.Key().Start:n.Key().End]):
		return true
	case n.Kind() <= patchlint.Bool: // null and booleans are not credentials, whatever their name
		return false
	}
	return v.Property != nil && p.dispatch.properties[v.Property.Index].suspect || secret.Suspect(n.Raw())
}

// onlyNodes reports whether a walk visits everything in a document that can be a
// credential: the document is whole, without comments, has only white space around the
// root value, even after Relocate, and its credentials are not known yet.
func onlyNodes(doc *patchlint.Document) bool {
	root := doc.Root().Span()
	blank := func(text []byte) bool { return len(bytes.TrimSpace(text)) == 0 }
	return doc.Whole() && len(doc.Comments()) == 0 && !secret.Searched(doc) &&
		blank(doc.Source()[:root.Start]) && blank(doc.Source()[root.End:])
}

// suspectWord reports whether a word of the model can be the name of a credential.
func suspectWord(word string) bool { return secret.Suspect([]byte(`"` + word + `"`)) }

// textless reports whether a valid value of a property has no free text: it is a number,
// a date, a GUID, a word of the model, or an object, whose members the walk visits.
func textless(p *schema.Property) bool {
	t := p.Type
	switch t.Name {
	case "Edm.String":
		return p.GUID
	case "Edm.Boolean", "Edm.Byte", "Edm.SByte", "Edm.Int16", "Edm.Int32", "Edm.Int64", "Edm.Single", "Edm.Double", "Edm.Decimal", "Edm.Date", "Edm.DateTimeOffset", "Edm.Guid":
		return true
	}
	suspect := func(m schema.Member) bool { return suspectWord(m.Name) }
	return t.Structured() || t.Members != nil && !t.Flags && !slices.ContainsFunc(t.Members, suspect)
}

// reportSecrets reports every value, name, comment and other text that contains a
// credential. It reports a string with several credentials once.
func reportSecrets(p *Pass) {
	const message = "this looks like a credential; remove and revoke it, because git keeps it in the history"
	last := patchlint.Node{}
	for _, s := range secret.Find(p.Document) {
		n := p.Document.At(s.Start)
		switch {
		case p.closed():
			return
		case n.Kind() != patchlint.String || s.Start <= n.Span().Start: // such as in its name
			p.report(n, patchlint.Diagnostic{Span: s}, message)
		case n != last:
			p.ReportValue(n, message)
			last = n
		}
	}
}
