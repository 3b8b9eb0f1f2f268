package lsp_test

import (
	"fmt"
	"strings"
	"testing"
)

// payload returns a partner of about a size in bytes.
func payload(size int) string {
	var b strings.Builder
	b.WriteString("{\n  \"@odata.type\": \"#microsoft.graph.complianceManagementPartner\",\n  \"displayName\": \"Contoso\",\n  \"iosEnrollmentAssignments\": [")
	for i := 0; b.Len() < size; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "\n    {\"target\": {\"@odata.type\": \"#microsoft.graph.groupAssignmentTarget\", \"groupId\": \"11111111-0a4b-4c11-9d3e-%012d\"}}", i)
	}
	return b.String() + "\n  ]\n}\n"
}

// BenchmarkKeystroke times an edit to the findings that the client is shown.
func BenchmarkKeystroke(b *testing.B) {
	for _, size := range []int{10_000, 1_000_000} {
		for _, whole := range []bool{false, true} {
			b.Run(fmt.Sprintf("%dKB/whole=%t", size/1000, whole), func(b *testing.B) {
				c := start(b, "utf-16", b.TempDir())
				const file = "file:///somewhere/a.json"
				text := payload(size)
				c.open(file, "json", text)
				c.found(file, 1)
				version := 1
				for b.Loop() {
					version++
					if whole {
						c.change(file, version, map[string]any{"text": text})
					} else {
						c.change(file, version, map[string]any{"range": rng{pos{2, 20}, pos{2, 21}}, "text": "x"})
					}
					c.found(file, version)
				}
			})
		}
	}
}
