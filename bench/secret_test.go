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

// BenchmarkSecrets measures the processor time per byte of finding that payloads contain
// no credential: of searching the whole text, and of the rule secret-value as part of
// linting, compared with a scan of the tokens.
func BenchmarkSecrets(b *testing.B) {
	rule := validate.Lookup("secret-value")
	others := slices.DeleteFunc(validate.Rules(), func(r *validate.Rule) bool { return r == rule })
	all := append([]*validate.Rule{rule}, others...) // at the front, so that looking it up takes no time
	texts := map[string][]byte{"user": corpus.User()}
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
					func() { secret.Find(patchlint.Unparsed(src)) }, lint(all), lint(others), func() { scan.accepts(src) },
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
