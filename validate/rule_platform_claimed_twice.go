package validate

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

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
// a run in a fixed order; it is for one goroutine.
type Run struct {
	// Linter says which rules apply and how grave their findings are.
	Linter *Linter

	claims []claim // one for each platform
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

func (a identity) differs(b identity) bool {
	if a.id != "" && b.id != "" {
		return a.id != b.id
	}
	return a.name != "" && b.name != "" && a.name != b.name
}

// Add returns the findings about a payload, or those of a batch, that the ones
// added before it give. It keeps nothing of the document.
func (r *Run) Add(file string, doc *patchlint.Document) []patchlint.Diagnostic {
	if !doc.Whole() || r.Linter.Rules != nil && !slices.Contains(r.Linter.Rules, platformClaimedTwice) {
		return nil
	}
	var findings []patchlint.Diagnostic
	if requests, ok := Batch(doc); ok {
		for _, request := range requests {
			if request.Updates() {
				findings = append(findings, r.add(file, request.Body, request.Endpoint.Key)...)
			}
		}
	} else {
		findings = r.add(file, doc.Root(), r.Linter.ID)
	}
	if len(findings) > 0 {
		for _, i := range ignores(doc) {
			findings = slices.DeleteFunc(findings, func(d patchlint.Diagnostic) bool { return i.covers(doc, d) })
		}
	}
	return findings
}

// add returns the findings about one partner; key is its id in the URL, where
// that is known.
func (r *Run) add(file string, partner patchlint.Node, key string) (findings []patchlint.Diagnostic) {
	var who *identity // it is asked for when a platform is claimed twice, or for the first time
	var seen uint64   // the claims that were met, for a partner claims a platform in two members
	for member := range partner.Children() {
		platform, ok := claims(member, partner)
		if !ok {
			continue
		}
		i := slices.IndexFunc(r.claims, func(c claim) bool { return c.platform == string(platform) })
		if i >= 0 && seen>>i&1 != 0 || i < 0 && len(r.claims) == maxPlatforms {
			continue
		}
		if who == nil {
			who = &identity{strings.ToLower(cmp.Or(key, partner.Member("id").Text())), partner.Member("displayName").Text()}
		}
		if i < 0 {
			i = len(r.claims)
			excerpt, span := member.Document().Excerpt(member.Key())
			r.claims = append(r.claims, claim{string(platform), *who, patchlint.Related{
				File: file, Document: excerpt, Pointer: member.Pointer(), Span: span, Message: "the other partner",
			}})
		}
		seen |= 1 << i
		if first := r.claims[i]; who.differs(first.who) {
			findings = append(findings, patchlint.Diagnostic{
				Rule: platformClaimedTwice.ID, Severity: cmp.Or(r.Linter.Severities[platformClaimedTwice.ID], platformClaimedTwice.Severity),
				Pointer: member.Pointer(), Span: member.Key(),
				Message: fmt.Sprintf("%s is claimed by another partner too, and a tenant has one for each platform", patchlint.Quote(first.platform)),
				Related: []patchlint.Related{first.Related},
			})
		}
	}
	return findings
}

// claims returns the platform that a member of a partner claims: by onboarding
// it, or by assigning it without saying that it is not onboarded.
func claims(member, partner patchlint.Node) (platform []byte, ok bool) {
	name, plain := member.PlainName()
	if !plain {
		name = []byte(member.Name())
	}
	if platform, ok := bytes.CutSuffix(name, []byte("Onboarded")); ok {
		return platform, member.True()
	}
	if platform, ok := bytes.CutSuffix(name, []byte("EnrollmentAssignments")); ok {
		if member.Kind() != patchlint.Array || member.Len() == 0 {
			return nil, false
		}
		flag := partner.Member(string(platform) + "Onboarded")
		return platform, !flag.Exists() || flag.True()
	}
	return nil, false
}
