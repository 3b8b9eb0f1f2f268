package interop_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/patchlint/patchlint/schema"
)

// others are the validators that must agree with jsonschema/v5.
var others = []struct {
	name  string
	judge judge
}{
	{"jsonschema-go", googleJudge},
	{"ajv", ajvJudge},
}

// TestAgreement checks that the JSON Schemas mean the same to every validator:
// for every payload of the corpus and every mutation of it, in both API
// versions, each gives the verdict that patchlint gives.
func TestAgreement(t *testing.T) {
	questions := all(t)
	ours := sync.OnceValue(func() []verdict { return patchlintJudge(t, questions) })
	for _, other := range others {
		t.Run(other.name, func(t *testing.T) {
			theirs := other.judge(t, questions)
			valid, differ := 0, 0
			for i, v := range ours() {
				if v == "" {
					valid++
				}
				if (v == "") == (theirs[i] == "") {
					continue
				}
				if differ++; differ <= 20 {
					q := questions[i]
					t.Errorf("%s of %s, %s %s\njsonschema/v5: %v\n%s: %v\n%s",
						q.payload, schemaOf(q.resource), q.pointer, q.mutation, v, other.name, theirs[i], q.source)
				}
			}
			t.Logf("%d verdicts compared, %d valid, %d disagreements", len(questions), valid, differ)
			if valid == 0 || valid == len(questions) {
				t.Error("all questions have the same answer, which proves nothing")
			}
		})
	}
}

// TestCleanPayloads checks that every validator accepts the valid payloads.
func TestCleanPayloads(t *testing.T) {
	var questions []question
	for _, p := range payloads(t) {
		if r := detect(t, p, schema.Version(p.Version)); r != nil && strings.HasPrefix(p.Name, "ok/") {
			questions = append(questions, question{payload: p.Name, resource: r, source: p.Source})
		}
	}
	if len(questions) == 0 {
		t.Fatal("no payload shows a type")
	}
	check := func(name string, judge judge) {
		t.Run(name, func(t *testing.T) {
			for i, v := range judge(t, questions) {
				if v != "" {
					t.Errorf("%s of %s: %v", questions[i].payload, schemaOf(questions[i].resource), v)
				}
			}
			t.Logf("%d payloads", len(questions))
		})
	}
	check("jsonschema-v5", patchlintJudge)
	for _, other := range others {
		check(other.name, other.judge)
	}
}
