package validate

import (
	"bytes"
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/patchlint/patchlint"
)

var platformClaimedTwice = register(&Rule{
	Rule: patchlint.Rule{
		ID: "platform-claimed-twice", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "two partners claim one platform",
		Why:     `A tenant has one compliance partner for each platform at the most (Microsoft's documentation of device compliance partners says so). Two payloads of one run that onboard or assign the same platform for different partners, told apart by id or displayName, cannot both be meant for one tenant. Lint the files of each tenant in a run of their own where a repository holds several.`,
		Bad: `{
  "displayName": "Fabrikam MTD",
  "iosOnboarded": true
}
`,
		Good: `{
  "displayName": "Fabrikam MTD",
  "androidOnboarded": true
}
`,
		With: `{
  "displayName": "Contoso MTD",
  "iosOnboarded": true
}
`,
	},
})

// Run finds what only several payloads together show. Give it every payload of
// a run in a fixed order, from one goroutine.
type Run struct {
	claims atomic.Pointer[[]claim] // one for each platform; what has been stored is not changed
}

// maxPlatforms is more than there will be. What else ends like a property is
// refused anyway.
const maxPlatforms = 64

// claim is the first payload that onboards or assigns a platform.
type claim struct {
	platform string
	who      identity
	patchlint.Related
}

// identity tells partners apart.
type identity struct{ id, name string }

// differs reports whether a payload is of another partner; key is its id in the
// URL, where that is known.
func (a identity) differs(partner patchlint.Node, key string) bool {
	id := partner.Member("id")
	if plain, ok := id.PlainText(); key == "" && a.id != "" && ok && string(plain) == a.id {
		return false // for most, without a copy
	}
	if key = cmp.Or(key, id.Text()); a.id != "" && key != "" {
		return strings.ToLower(key) != a.id
	}
	name := partner.Member("displayName")
	if plain, ok := name.PlainText(); ok && string(plain) == a.name {
		return false
	}
	text := name.Text()
	return a.name != "" && text != "" && text != a.name
}

// encounter is a member that claims a platform which no payload before has
// claimed, or one for another partner.
type encounter struct {
	member   patchlint.Node
	platform []byte
	who      identity // of a platform that nobody has claimed
	first    *claim   // nil where there was none
}

// Add returns the findings about a payload, or those of a batch, that the ones
// added before it give. The Linter says which rules apply and how grave their
// findings are. It keeps nothing of the document.
func (r *Run) Add(l *Linter, file string, doc *patchlint.Document) []patchlint.Diagnostic {
	var findings []patchlint.Diagnostic
	rule := ruleOf(l.Rules, platformClaimedTwice.ID)
	for e := range r.encounters(l, doc) {
		if len(findings) == l.limit() && e.first != nil {
			findings = append(findings, tooMany(doc, findings[0].Severity, len(findings)))
			break
		}
		if e.first == nil {
			excerpt, span := doc.Excerpt(e.member.Key())
			added := append(slices.Clip(r.claimed()), claim{string(e.platform), e.who, patchlint.Related{
				File: file, Document: excerpt, Pointer: e.member.Pointer(), Span: span, Message: "the other partner",
			}})
			r.claims.Store(&added)
			continue
		}
		findings = append(findings, patchlint.Diagnostic{
			Rule: platformClaimedTwice.ID, Severity: cmp.Or(l.Severities[platformClaimedTwice.ID], rule.Severity, patchlint.Error),
			Pointer: e.member.Pointer(), Span: e.member.Key(),
			Message: fmt.Sprintf("%s is claimed by another partner too, and a tenant has one for each platform", patchlint.Quote(e.first.platform)),
			Related: []patchlint.Related{e.first.Related},
		})
	}
	if len(findings) > 0 {
		comments := ignoresOf(doc)
		findings = slices.DeleteFunc(findings, func(d patchlint.Diagnostic) bool { return comments.suppress(&d, 0) })
	}
	return findings
}

// Concerns reports whether it matters that a payload is added, now or later; of
// most it does not, after the first. Unlike Add it may be called from any
// goroutine, also while Add is at work.
func (r *Run) Concerns(l *Linter, doc *patchlint.Document) bool {
	for range r.encounters(l, doc) {
		return true
	}
	return false
}

func (r *Run) claimed() []claim {
	if claims := r.claims.Load(); claims != nil {
		return *claims
	}
	return nil
}

// encounters yields those of a document. The claims there are when one has been
// looked at count for the next.
func (r *Run) encounters(l *Linter, doc *patchlint.Document) iter.Seq[encounter] {
	return func(yield func(encounter) bool) {
		if !doc.Whole() || l.Rules != nil && ruleOf(l.Rules, platformClaimedTwice.ID) == nil {
			return
		}
		requests, ok := Batch(doc)
		if !ok {
			r.partner(doc.Root(), l.ID, yield)
			return
		}
		for _, request := range requests {
			if request.Updates() && !r.partner(request.Body, request.Endpoint.Key, yield) {
				return
			}
		}
	}
}

// partner yields the encounters of one payload until it is told to stop, and
// reports whether it was not.
func (r *Run) partner(partner patchlint.Node, key string, yield func(encounter) bool) bool {
	known := r.claimed()
	var seen uint64 // the claims that were met, for a partner claims a platform in two members
	var asked identity
	var differs bool // from the one that was asked about last; most claims are of one
	for member := range partner.Children() {
		platform, flag, ok := platformOf(member)
		if !ok {
			continue
		}
		i := slices.IndexFunc(known, func(c claim) bool { return c.platform == string(platform) })
		if i < 0 && len(known) == maxPlatforms || i >= 0 && seen>>i&1 != 0 || !claims(member, platform, flag, partner) {
			continue
		}
		e := encounter{member: member, platform: platform}
		if i >= 0 {
			seen |= 1 << i
			if who := known[i].who; who != asked {
				asked, differs = who, who.differs(partner, key)
			}
			if !differs {
				continue
			}
			e.first = &known[i]
		} else {
			seen |= 1 << len(known)
			e.who = identity{strings.ToLower(cmp.Or(key, partner.Member("id").Text())), partner.Member("displayName").Text()}
		}
		if !yield(e) {
			return false
		}
		known = r.claimed()
	}
	return true
}

// platformOf returns the platform that a member of a partner says something of,
// and whether it is the flag of its onboarding, for it may be its assignments.
func platformOf(member patchlint.Node) (platform []byte, flag, ok bool) {
	name, plain := member.PlainName()
	if !plain {
		name = []byte(member.Name())
	}
	if platform, ok = bytes.CutSuffix(name, []byte(onboarded)); ok {
		return platform, true, true
	}
	platform, ok = bytes.CutSuffix(name, []byte(assigned))
	return platform, false, ok
}

// What the names of the properties about a platform end in.
const (
	onboarded = "Onboarded"
	assigned  = "EnrollmentAssignments"
)

// claims reports whether a member of a partner claims its platform: by
// onboarding it, or by assigning it without saying that it is not onboarded.
func claims(member patchlint.Node, platform []byte, flag bool, partner patchlint.Node) bool {
	if flag {
		return member.True()
	}
	if member.Kind() != patchlint.Array || member.Empty() {
		return false
	}
	said := partner.Member(string(platform) + onboarded)
	return !said.Exists() || said.True()
}
