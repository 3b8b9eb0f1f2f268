package guard_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/guard"
	"github.com/patchlint/patchlint/validate"
)

// The program uses guard as the transport of its client, and the client as before. This
// request is not sent.
func Example() {
	client := &http.Client{Transport: guard.New(http.DefaultTransport, validate.Linter{}, guard.Options{})}

	const url = "https://graph.microsoft.com/v1.0/deviceManagement/complianceManagementPartners/8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a"
	req, err := http.NewRequest(http.MethodPatch, url, strings.NewReader(`{"iosOnboarded": "true", "linuxOnboarded": false}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = client.Do(req)
	var refused *guard.Refused
	if errors.As(err, &refused) {
		for _, finding := range refused.Findings {
			line, column := refused.Document.Position(finding.Span.Start)
			fmt.Printf("%d:%d %s: %s\n", line, column, finding.Pointer, finding.Message)
		}
	}
	// Output:
	// 1:18 /iosOnboarded: "iosOnboarded" takes true or false, not the string "true"
	// 1:26 /linuxOnboarded: "linuxOnboarded" is in beta only, not in v1.0; send the payload to beta, or leave it out
}

// Findings that do not prevent a request from being sent are passed to a function.
func ExampleOptions() {
	graph := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})) // a stand-in
	defer graph.Close()

	linter := validate.Linter{Rules: []*validate.Rule{validate.Lookup("placeholder-value")}}
	client := &http.Client{Transport: guard.New(nil, linter, guard.Options{
		Findings: func(req *http.Request, findings []patchlint.Diagnostic, _ *patchlint.Document) {
			for _, finding := range findings {
				fmt.Printf("%s %s: %s: %s\n", req.Method, req.URL.Path, finding.Severity, finding.Message)
			}
		},
	})}
	body := strings.NewReader(`{"displayName": "TODO", "iosOnboarded": true}`)
	req, err := http.NewRequest(http.MethodPatch, graph.URL+"/beta/deviceManagement/complianceManagementPartners/42", body)
	if err != nil {
		fmt.Println(err)
		return
	}
	response, err := client.Do(req)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	fmt.Println(response.Status)
	// Output:
	// PATCH /beta/deviceManagement/complianceManagementPartners/42: warning: "TODO" is a placeholder that was not filled in; use the real value, or leave the property out
	// 200 OK
}
