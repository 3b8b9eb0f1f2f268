package validate

import (
	"github.com/patchlint/patchlint"
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
	suspect, bounds := false, p.bounds
	accepted := p.Resource.Accepts(payload, p.interested(), func(mask uint64, v schema.Visit) {
		suspect = suspect || mask&freeText != 0 && suspicious(v)
		p.ask(mask, v)
	})
	if !accepted || suspect {
		p.discard()
		p.bounds, p.omitted = bounds, 0
		p.Payload, p.Resource = patchlint.Node{}, given
		return false
	}
	p.secrets = none
	if len(doc.Source()) > longText {
		doc.Derived(secretsKey{}, func() any { return none }) // whoever asks again need not read it
	}
	p.faults()
	for _, rule := range p.documents {
		if rule != secretValue {
			p.rule = rule
			rule.Document(p)
		}
	}
	return true
}

// longText is from how many bytes on it takes less time to remember that there
// is no credential than to look again.
const longText = 64 << 10

// none says that there is no credential, where nil says that nobody has looked.
var none = []patchlint.Span{}

// suspicious reports whether an annotation, or the value of a property that may
// say anything, may hold a credential.
func suspicious(v schema.Visit) bool {
	n := v.Node
	if v.Property != nil {
		return n.Kind() == patchlint.String && needle(n.Raw())
	}
	key := n.Key()
	return n.Kind() == patchlint.Object || n.Kind() == patchlint.Array || needle(n.Raw()) || needle(n.Document().Source()[key.Start:key.End])
}

// needle reports whether text holds what a credential cannot be without, or an
// escape that may hide it.
func needle(text []byte) bool {
	for i, c := range text {
		if !needleStart[c] {
			continue
		}
		if c == '\\' {
			return true
		}
		for _, credential := range credentials {
			if credential.needle.begins(text[i:]) {
				return true
			}
		}
	}
	return false
}

// needleStart marks the bytes at which a needle can start.
var needleStart = func() (starts [256]bool) {
	starts['\\'] = true
	for _, c := range credentials {
		first := c.needle.text[0]
		starts[first] = true
		if c.needle.letters == anyCase {
			starts[first-'a'+'A'] = true
		}
	}
	return starts
}()
