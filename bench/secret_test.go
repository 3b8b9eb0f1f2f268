package bench

import (
	"slices"
	"testing"
	"time"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/bench/corpus"
	"github.com/patchlint/patchlint/bench/measure"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/validate"
)

// user is a user with names that are near those of credentials.
const user = `{
  "@odata.type": "#microsoft.graph.user",
  "accountEnabled": true,
  "ageGroup": null,
  "businessPhones": ["+1 425 555 0109"],
  "city": "Bellevue",
  "companyName": "Contoso",
  "createdDateTime": "2023-05-11T09:17:01Z",
  "department": "Product Marketing",
  "displayName": "Adele Vance",
  "givenName": "Adele",
  "imAddresses": ["adelev@contoso.com"],
  "isResourceAccount": null,
  "jobTitle": "Product Marketing Manager",
  "mail": "AdeleV@contoso.com",
  "mailNickname": "AdeleV",
  "onPremisesSyncEnabled": null,
  "otherMails": [],
  "passwordPolicies": "DisablePasswordExpiration",
  "passwordProfile": null,
  "postalCode": "98004",
  "preferredLanguage": "en-US",
  "proxyAddresses": ["SMTP:AdeleV@contoso.com"],
  "refreshTokensValidFromDateTime": "2023-05-11T09:17:01Z",
  "securityIdentifier": "S-1-12-1-2278771181-1138869463-1596228506-3185958566",
  "signInSessionsValidFromDateTime": "2023-05-11T09:17:01Z",
  "streetAddress": "205 108th Ave. NE, Suite 400",
  "usageLocation": "US",
  "userPrincipalName": "AdeleV@contoso.com",
  "assignedLicenses": [{"disabledPlans": ["113feb6c-3fe4-4440-bddc-54d774bf0318"], "skuId": "06ebc4ee-1bb5-47dd-8120-11324bc54e06"}],
  "authorizationInfo": {"certificateUserIds": []},
  "deviceKeys": [],
  "identities": [{"signInType": "userPrincipalName", "issuer": "contoso.com", "issuerAssignedId": "AdeleV@contoso.com"}]
}
`

// BenchmarkSecrets measures what it takes to see that payloads hold no credential, by
// processor time for each byte: to search the whole text, and what the rule secret-value
// adds to linting, beside a scan of the tokens.
func BenchmarkSecrets(b *testing.B) {
	rule := validate.Lookup("secret-value")
	others := slices.DeleteFunc(validate.Rules(), func(r *validate.Rule) bool { return r == rule })
	all := append([]*validate.Rule{rule}, others...) // at the front, so that looking it up takes no time
	texts := map[string][]byte{"user": []byte(user)}
	for _, size := range corpus.Sizes() {
		texts[size.String()] = corpus.Payload(size, corpus.None)
	}
	for name, src := range texts {
		b.Run(name, func(b *testing.B) {
			doc, _ := patchlint.Parse(src, patchlint.JSON)
			if findings := new(validate.Linter).LintDocument(doc, validate.Target{}); len(findings) > 0 {
				b.Fatalf("found %v", findings)
			}
			lint := func(rules []*validate.Rule) func() {
				l := validate.Linter{Rules: rules}
				return func() { l.LintDocument(doc, validate.Target{}) }
			}
			scan := new(scan)
			for b.Loop() {
				seconds := measure.Bench{Rounds: 51, Sample: 4 * time.Millisecond, Clock: measure.CPU}.InTurn(
					func() { secret.Find(doc) }, lint(all), lint(others), func() { scan.accepts(src) },
				)
				added := make([]float64, len(seconds[1]))
				for i := range added {
					added[i] = seconds[1][i] - seconds[2][i]
				}
				for unit, of := range map[string][]float64{"find-ns/B": seconds[0], "rule-ns/B": added, "scan-ns/B": seconds[3]} {
					b.ReportMetric(measure.Of(of).Median*1e9/float64(len(src)), unit)
				}
			}
		})
	}
}
