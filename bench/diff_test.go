package bench

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/schema"
)

// pair returns a current and a desired object with n assignments on each of
// four platforms, of which one differs.
func pair(n int) (current, desired []byte) {
	var b bytes.Buffer
	b.WriteString(`{"displayName":"Contoso MTD"`)
	for p, platform := range []string{"macOs", "android", "ios", "linux"} {
		fmt.Fprintf(&b, `,"%sEnrollmentAssignments":[`, platform)
		for i := range n {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"%08x-3f52-4c8d-9b60-7d1e2f3a4b5c"}}`, p<<24+i+1)
		}
		b.WriteByte(']')
	}
	b.WriteByte('}')
	current = b.Bytes()
	changed := []byte(fmt.Sprintf("%08x-3f52", 2<<24+n/2+1))
	return current, bytes.Replace(slices.Clone(current), changed, []byte("ffffffff-3f52"), 1)
}

// BenchmarkDiff times two objects with one assignment changed, from bytes to
// the text report: the time must grow as the size does.
func BenchmarkDiff(b *testing.B) {
	model, err := schema.Open(schema.Beta)
	if err != nil {
		b.Fatal(err)
	}
	resource, err := model.Resource("complianceManagementPartner")
	if err != nil {
		b.Fatal(err)
	}
	formats := report.PlanFormats()
	text := formats[slices.IndexFunc(formats, func(f report.PlanFormat) bool { return f.Name == "text" })]
	for _, n := range []int{100, 1000, 10000} {
		b.Run(fmt.Sprintf("4x%d", n), func(b *testing.B) {
			currentSrc, desiredSrc := pair(n)
			b.SetBytes(int64(len(currentSrc) + len(desiredSrc)))
			for b.Loop() {
				current, _ := patchlint.Parse(currentSrc, patchlint.JSON)
				desired, _ := patchlint.Parse(desiredSrc, patchlint.JSON)
				plan, err := diff.Compute(resource, current, desired, diff.Options{})
				if err != nil || len(plan.Changes) != 1 {
					b.Fatal(err, plan)
				}
				sources := map[diff.Side]report.Source{diff.Current: {Document: current}, diff.Desired: {Document: desired}}
				set := &report.Set{Comparisons: []*report.Comparison{{Sources: sources, Plan: plan}}}
				if err := text.Print(io.Discard, set, report.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
