package validate

import (
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

	claims map[string]claim // by platform
}

// claim is the first payload that onboards or assigns a platform.
type claim struct {
	patchlint.Related
	who identity
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
	rules := r.Linter.Rules
	if rules == nil {
		rules = Rules()
	}
	if !doc.Whole() || !slices.Contains(rules, platformClaimedTwice) {
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
	for _, i := range ignores(doc) {
		findings = slices.DeleteFunc(findings, func(d patchlint.Diagnostic) bool { return i.covers(doc, d) })
	}
	return findings
}

// add returns the findings about one partner; key is its id in the URL, where
// that is known.
func (r *Run) add(file string, partner patchlint.Node, key string) []patchlint.Diagnostic {
	who := identity{strings.ToLower(cmp.Or(key, partner.Member("id").Text())), partner.Member("displayName").Text()}
	var findings []patchlint.Diagnostic
	if r.claims == nil {
		r.claims = make(map[string]claim)
	}
	seen := make(map[string]bool)
	for member := range partner.Children() {
		platform, ok := claims(member, partner)
		if !ok || seen[platform] {
			continue
		}
		seen[platform] = true
		first, taken := r.claims[platform]
		if !taken {
			excerpt, span := member.Document().Excerpt(member.Key())
			r.claims[platform] = claim{patchlint.Related{
				File: file, Document: excerpt, Pointer: member.Pointer(), Span: span, Message: "the other partner",
			}, who}
			continue
		}
		if who.differs(first.who) {
			findings = append(findings, patchlint.Diagnostic{
				Rule: platformClaimedTwice.ID, Severity: cmp.Or(r.Linter.Severities[platformClaimedTwice.ID], platformClaimedTwice.Severity),
				Pointer: member.Pointer(), Span: member.Key(),
				Message: fmt.Sprintf("%s is claimed by another partner too, and a tenant has one for each platform", patchlint.Quote(platform)),
				Related: []patchlint.Related{first.Related},
			})
		}
	}
	return findings
}

// claims returns the platform that a member of a partner claims: by onboarding
// it, or by assigning it without saying that it is not onboarded.
func claims(member, partner patchlint.Node) (platform string, ok bool) {
	name := member.Name()
	if platform, ok := strings.CutSuffix(name, "Onboarded"); ok {
		return platform, member.True()
	}
	if platform, ok := strings.CutSuffix(name, "EnrollmentAssignments"); ok {
		flag := partner.Member(platform + "Onboarded")
		return platform, member.Kind() == patchlint.Array && member.Len() > 0 && (!flag.Exists() || flag.True())
	}
	return "", false
}
