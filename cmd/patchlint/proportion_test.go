package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/report"
)

// TestProportion checks that time and memory are in proportion to the size of a file,
// whatever its content: four times the size takes at most six times the memory.
func TestProportion(t *testing.T) {
	if testing.Short() {
		t.Skip("one goroutine, which the race detector slows down")
	}
	const partner = `{"@odata.type":"#microsoft.graph.complianceManagementPartner",`
	list := func(n int, separator, format string) string {
		var b strings.Builder
		for i := range n {
			if i > 0 {
				b.WriteString(separator)
			}
			b.WriteString(strings.ReplaceAll(format, "%", fmt.Sprintf("%08x", i)))
		}
		return b.String()
	}
	assignments := func(n int, format string) string {
		format = strings.NewReplacer("INCLUDE", `{"target":{"@odata.type":"#microsoft.graph.groupAssignmentTarget","groupId":"%-0a4b-4c11-9d3e-000000000001"FILTER}}`,
			"EXCLUDE", `{"target":{"@odata.type":"#microsoft.graph.exclusionGroupAssignmentTarget","groupId":"%-0a4b-4c11-9d3e-000000000001"}}`).Replace(format)
		format = strings.NewReplacer("FILTER", "").Replace(format)
		return partner + `"iosEnrollmentAssignments":[` + list(n, ",", format) + "]}"
	}
	deep := func(n int, inside string) string {
		return partner + `"a":` + strings.Repeat(`{"`+strings.Repeat("n", 1000)+`":`, n) + "[" + inside + "]" + strings.Repeat("}", n) + "}"
	}
	levels := corpus.Size(50, 200)
	const request = `{"id":"%","method":"PATCH","url":"/deviceManagement/complianceManagementPartners/%-0a4b-4c11-9d3e-000000000001","headers":{"Content-Type":"application/json"},`
	for _, test := range []struct {
		name string
		n    int // the size of the smaller file
		text func(n int) string
		fix  bool
	}{
		{name: "conflicts.json", n: 300, text: func(n int) string { return assignments(n, "INCLUDE,EXCLUDE") }},
		{name: "duplicates.json", n: 300, text: func(n int) string { return assignments(n, "INCLUDE,INCLUDE") }},
		{name: "wrong types.json", n: 10000, text: func(n int) string { return assignments(n, "0") }},
		{name: "unknown names.json", n: 1500, text: func(n int) string { return partner + list(n, ",", `"iosOnbarded%":1`) + "}" }},
		{name: "long unknown names.json", n: 200, text: func(n int) string { return partner + list(n, ",", `"`+strings.Repeat("iosOnbarded", 30)+`%":1`) + "}" }},
		{name: "unpublished names.json", n: 1500, text: func(n int) string { return partner + list(n, ",", `"x%":null`) + "}" }},
		{name: "annotations.json", n: 1500, text: func(n int) string { return partner + list(n, ",", `"iosOnboarded@odata.x%":1`) + "}" }},
		{name: "one name.json", n: 5000, text: func(n int) string { return partner + list(n, ",", `"displayName":"x"`) + "}" }},
		{name: "claims.json", n: 1500, text: func(n int) string { return partner + list(n, ",", `"x%Onboarded":true`) + "}" }},
		{name: "dependsOn.json", n: 300, text: func(n int) string {
			return `{"requests":[` + list(n, ",", request+`"dependsOn":["x%y"],"body":{"iosOnboarded":true}}`) + "]}"
		}},
		{name: "one dependsOn.json", n: 3000, text: func(n int) string {
			return `{"requests":[{"id":"a","method":"GET","url":"/x","dependsOn":[` + list(n, ",", `"x%"`) + "]}]}"
		}},
		{name: "one id.json", n: 800, text: func(n int) string {
			return `{"requests":[` + list(n, ",", `{"id":"1","method":"GET","url":"/x"}`) + "]}"
		}},
		{name: "no ids.json", n: 800, text: func(n int) string {
			return `{"requests":[` + list(n, ",", `{"method":"PATCH","url":"/x"}`) + "]}"
		}},
		{name: "partners.json", n: 200, text: func(n int) string {
			return `{"requests":[` + list(n, ",", request+`"body":{"iosOnboarded":true}}`) + "]}"
		}},
		{name: "comments.jsonc", n: 1000, text: func(n int) string { return partner + list(n, "", `/*x*/"x%":1,/*y*/`) + `"iosOnboarded":true}` }},
		{name: "ignores.jsonc", n: 1500, text: func(n int) string {
			return partner + list(n, " ", "/* patchlint-ignore guid x */") + `"iosOnboarded":true}`
		}},
		{name: "misspelled ignores.jsonc", n: 1000, text: func(n int) string {
			return partner + list(n, "\n", "/* patchlint-ignore gudi% x */") + `"iosOnboarded":true}`
		}},
		{name: "used ignores.jsonc", n: 500, text: func(n int) string {
			return partner + list(n, "\n", `"x%":1,// patchlint-ignore unknown-property`) + "\n" + `"iosOnboarded":true}`
		}},
		{name: "lines.json", n: 30000, text: func(n int) string { return partner + strings.Repeat("\n", n) + `"x":1}` }},
		{name: "wide.json", n: 1500, text: func(n int) string { return partner + list(n, ",", `"é😀%":1`) + "}" }},
		{name: "deep duplicates.json", n: 50, text: func(n int) string { return deep(n, list(20*n, ",", `{"a":0,"a":0}`)) }},
		{name: "deep secrets.json", n: 50, text: func(n int) string { return deep(n, list(20*n, ",", `{"password":"abcdefgh1234"}`)) }},
		{name: "nested duplicates.json", n: 20000, text: func(n int) string {
			return partner + `"a":` + strings.Repeat(`{"a":0,"a":`, levels) + "[" + list(n, ",", "0") + "]" + strings.Repeat("}", levels) + "}"
		}},
		{name: "records.ndjson", n: 400, text: func(n int) string { return list(n, "\n", partner+`"x%":1}`) }},
		{name: "requests.http", n: 200, text: func(n int) string {
			return list(n, "\n###\n", "PATCH https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners/%\n\n{\"x\":1}\n")
		}},
		{name: "variables.http", n: 500, text: func(n int) string {
			return list(n, "\n", "@v% = x%") + "\nPATCH https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners/1\n\n{" + list(n, ",", `"{{v%}}":1`) + "}\n"
		}},
		{name: "commas.json", n: 1500, fix: true, text: func(n int) string { return partner + `"a":[` + list(n, ",", "[1,]") + "]}" }},
		{name: "spaces.json", n: 1500, fix: true, text: func(n int) string { return partner + `"a":[` + list(n, ",", "\u00a01") + "]}" }},
		{name: "same.json", n: 300, fix: true, text: func(n int) string { return assignments(n, "INCLUDE,INCLUDE") }},
		{name: "unused ignores.jsonc", n: 1000, fix: true, text: func(n int) string {
			return partner + list(n, " ", "/* patchlint-ignore guid x */") + `"iosOnboarded":true}`
		}},
		{name: "ids.ndjson", n: 300, fix: true, text: func(n int) string { return list(n, "\n", partner+`"iosOnboarded":true,"x":null,"displayName":"%",}`) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			allocated := make(map[int]uint64) // by n
			n := corpus.Size(test.n/64, test.n)
			corpus.Linear(t, n, func(n int) {
				name := filepath.Join(dir, test.name)
				if err := os.WriteFile(name, []byte(test.text(n)), 0o666); err != nil {
					t.Fatal(err)
				}
				args := []string{"lint", "--jobs", "1"}
				for _, format := range report.FormatNames() {
					args = append(args, "--format", format+"="+filepath.Join(dir, format))
				}
				if test.fix {
					args = append(args, "--fix")
				}
				var stderr bytes.Buffer
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				code := run(append(args, name), stdio{strings.NewReader(""), io.Discard, &stderr})
				runtime.ReadMemStats(&after)
				if nothing := strings.HasSuffix(stderr.String(), "checked: nothing found\n"); code > exitFindings || nothing != (test.name == "used ignores.jsonc") {
					t.Fatalf("exit code %d: %s", code, stderr.String())
				}
				allocated[n] = after.TotalAlloc - before.TotalAlloc
			})
			if allocated[4*n] > 6*allocated[n]+(4<<20) {
				t.Errorf("%d bytes, and %d for four times as much", allocated[n], allocated[4*n])
			}
		})
	}
}

// TestDryRunFixesOnce checks that a dry run fixes a body only once, even if several
// requests include it.
func TestDryRunFixesOnce(t *testing.T) {
	const requests = 40
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"body.json":     `{"iosOnboarded":true,"x":[` + strings.Repeat("[1,],\n", 500) + "]}",
		"requests.http": strings.Repeat("PATCH https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners/1\n\n< body.json\n###\n", requests),
	} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	lint := func(args ...string) int {
		var stderr bytes.Buffer
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		code := run(append([]string{"lint", "--jobs", "1"}, args...), stdio{strings.NewReader(""), io.Discard, &stderr})
		runtime.ReadMemStats(&after)
		if code != exitFindings {
			t.Fatalf("exit code %d: %s", code, stderr.String())
		}
		return int(after.TotalAlloc - before.TotalAlloc)
	}
	lint() // loads the model
	once := lint("--fix", "--dry-run", "body.json")
	checked := lint()
	if fixed := lint("--fix", "--dry-run"); fixed > checked+5*once {
		t.Errorf("%d bytes for a dry run over %d requests, %d without fixes; %d to fix the body", fixed, requests, checked, once)
	}
}
