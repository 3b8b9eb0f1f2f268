package guard_test

import (
	"errors"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/patchlint/patchlint/guard"
	"github.com/patchlint/patchlint/validate"
)

// TestMemory checks that refusing a body takes memory in proportion to its size, and that
// the error does not hold a pointer as long as the body for each finding.
func TestMemory(t *testing.T) {
	deep := func(inside string) string {
		name := strings.Repeat("n", 30_000)
		return `{"iosOnboarded": true, "x": ` + strings.Repeat(`{"`+name+`":`, 8) + "[" + strings.Repeat(inside+",", 2000) + "0]" + strings.Repeat("}", 8) + "}"
	}
	// The first judgment opens the model and compiles the JSON Schemas, once.
	warm, err := http.NewRequest(http.MethodPatch, "https://graph.microsoft.com"+beta, strings.NewReader(`{"iosOnboarded": "x"}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := guard.New(http.DefaultTransport, validate.Linter{}, guard.Options{}).RoundTrip(warm); err == nil {
		t.Fatal("not refused")
	}
	for name, body := range map[string]string{
		"duplicates":  deep(`{"a":0,"a":0}`),
		"commas":      deep(`[0,]`),
		"not UTF-8":   deep("\"\xff\""),
		"credentials": deep(`{"password":"abcdefgh1234"}`),
		"numbers":     `{"iosEnrollmentAssignments": [` + strings.Repeat("0,", 100_000) + "0]}",
		"dependsOn":   `{"requests": [{"id": "1", "dependsOn": [` + strings.Repeat(`"x",`, 100_000) + `"y"], "method": "PATCH", "url": "/deviceManagement/complianceManagementPartners/1"}]}`,
	} {
		url := "https://graph.microsoft.com" + beta
		method := http.MethodPatch
		if name == "dependsOn" {
			url, method = "https://graph.microsoft.com/beta/$batch", http.MethodPost
		}
		client := &http.Client{Transport: guard.New(http.DefaultTransport, validate.Linter{}, guard.Options{})}
		req, err := http.NewRequest(method, url, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err = client.Do(req)
		runtime.ReadMemStats(&after)
		var refused *guard.Refused
		if !errors.As(err, &refused) {
			t.Fatalf("%s: %v", name, err)
		}
		held := len(refused.Error())
		for _, d := range refused.Findings {
			held += len(d.Pointer) + len(d.Message)
			for _, r := range d.Related {
				held += len(r.Pointer)
			}
		}
		if allocated := int(after.TotalAlloc - before.TotalAlloc); allocated > 40*len(body) && !raceEnabled || held > 6*len(body) {
			t.Errorf("%s: %d bytes for a body of %d; the error holds %d of them", name, allocated, len(body), held)
		}
	}
}
