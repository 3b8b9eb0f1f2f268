package validate

import (
	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/schema"
)

// The quick path is for payloads that conform, which most do: one pass of the
// accept plan over the document, with the rules that have something to look at
// called on the way.
//
// Invariants, held over the corpus, its mutations and random payloads
// (TestQuick, FuzzQuick):
//   - where quickly returns true, the findings are those that run would give;
//   - where it returns false, the pass is as it was before.
//
// It leaves out only what cannot be: violations, because the plan certifies that
// there are none; and credentials, because every text that is not of a form that
// the plan knows (the name of a type, a member of an enumeration, a GUID) has
// been looked at.

// quickly lints the document if the accept plan accepts it.
func (p *Pass) quickly() bool {
	doc := p.Document
	if p.thorough || !doc.Whole() || len(doc.Comments()) > 0 {
		return false
	}
	payload := doc.Root()
	given := p.Resource
	if p.Resource == nil {
		if p.Resource = p.model.Detect(payload); p.Resource == nil {
			return false
		}
	}
	p.Payload = payload
	suspect := false
	accepted := p.Resource.Accepts(payload, p.interested(), func(mask uint64, v schema.Visit) {
		suspect = suspect || mask&freeText != 0 && suspicious(v)
		p.ask(mask, v)
	})
	if !accepted || suspect {
		p.discard()
		p.Payload, p.Resource = patchlint.Node{}, given
		return false
	}
	p.unsuspicious = true
	p.faults()
	for _, rule := range p.documents {
		if rule != secretValue {
			p.rule = rule
			rule.Document(p)
		}
	}
	return true
}

// suspicious reports whether an annotation, or the value of a property that may
// say anything, may hold a credential.
func suspicious(v schema.Visit) bool {
	n := v.Node
	key := n.Key()
	if secret.Suspect(n.Document().Source()[key.Start:key.End]) {
		return true
	}
	if v.Property != nil {
		return n.Kind() == patchlint.String && secret.Suspect(n.Raw())
	}
	return n.Kind() == patchlint.Object || n.Kind() == patchlint.Array || secret.Suspect(n.Raw())
}
