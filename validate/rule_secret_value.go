package validate

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/secret"
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
	Document: reportSecrets,
})

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
