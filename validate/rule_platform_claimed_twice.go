package validate

import (
	"bytes"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/example"
)

var platformClaimedTwice = register(&Rule{
	Rule: patchlint.Rule{
		ID: "platform-claimed-twice", Severity: patchlint.Warning, Since: "0.1.0",
		Summary: "two partners for one platform",
		Why:     `A tenant has at most one compliance partner for each platform, according to Microsoft's documentation of device compliance partners. If two payloads in one directory onboard or assign the same platform for different partners (with different ids or names), they cannot both be for one tenant. Keep the files of each tenant in a separate directory. Saved responses are not compared.`,
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
	},
	needs: example.Needs{With: `{
  "displayName": "Contoso MTD",
  "iosOnboarded": true
}
`},
})

// platformOf returns the platform that a member of a partner is about. flag reports
// whether it is the onboarding flag; otherwise it is the assignments.
func platformOf(member patchlint.Node) (platform []byte, flag, ok bool) {
	name := member.NameBytes()
	if platform, ok = bytes.CutSuffix(name, []byte(onboarded)); ok {
		return platform, true, true
	}
	platform, ok = bytes.CutSuffix(name, []byte(assigned))
	return platform, false, ok
}

// The ends of the names of properties about a platform.
const (
	onboarded = "Onboarded"
	assigned  = "EnrollmentAssignments"
)

// isTrue reports whether a value is the literal true.
func isTrue(n patchlint.Node) bool { return string(n.Raw()) == "true" }

// claims reports whether a member of a partner claims its platform: it onboards the
// platform, or assigns it and the object does not contradict that it is onboarded.
func claims(member patchlint.Node, platform []byte, flag bool, partner patchlint.Node) bool {
	if flag {
		return isTrue(member)
	}
	if member.Kind() != patchlint.Array || member.Empty() {
		return false
	}
	said := partner.Member(string(platform) + onboarded)
	return !said.Exists() || isTrue(said)
}
