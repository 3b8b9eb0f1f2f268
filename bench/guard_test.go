package bench

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/patchlint/patchlint/guard"
	"github.com/patchlint/patchlint/validate"
)

// partnerUpdate is a clean body of about 1 KB.
var partnerUpdate = []byte(`{
  "@odata.type": "#microsoft.graph.complianceManagementPartner",
  "displayName": "Contoso MTD",
  "macOsOnboarded": true,
  "androidOnboarded": true,
  "iosOnboarded": true,
  "linuxOnboarded": false,
  "macOsEnrollmentAssignments": [
    {"target": {"@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget"}}
  ],
  "androidEnrollmentAssignments": [
    {"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"}},
    {"target": {"@odata.type": "#microsoft.graph.exclusionGroupAssignmentTarget", "groupId": "6b1f0d3a-91c2-4e57-8a3d-5c7e9f102b4d"}}
  ],
  "iosEnrollmentAssignments": [
    {"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "c2d4e6f8-1a3b-4c5d-8e7f-90a1b2c3d4e5"}}
  ],
  "linuxEnrollmentAssignments": []
}
`)

// BenchmarkGuard times the sending of one clean payload with and without the
// send guard: to a stub, which shows what the guard itself costs, and to a
// server on this machine, which is the fastest service there can be. Requests
// that are not for the guard to look at are timed, too.
func BenchmarkGuard(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
	}))
	defer server.Close()
	next := map[string]http.RoundTripper{"stub": stub{}, "loopback": server.Client().Transport}
	for _, path := range []string{"partner", "other"} {
		url := server.URL + "/beta/deviceManagement/complianceManagementPartners/8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a"
		if path == "other" {
			url = server.URL + "/beta/users/8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a"
		}
		for _, place := range []string{"stub", "loopback"} {
			guarded := guard.New(next[place], validate.Linter{}, guard.Options{})
			for _, way := range []struct {
				name      string
				transport http.RoundTripper
			}{{"without", next[place]}, {"with", guarded}} {
				b.Run(path+"/"+place+"/"+way.name, func(b *testing.B) {
					b.SetBytes(int64(len(partnerUpdate)))
					b.ReportAllocs()
					for b.Loop() {
						req, err := http.NewRequest(http.MethodPatch, url, bytes.NewReader(partnerUpdate))
						if err != nil {
							b.Fatal(err)
						}
						response, err := way.transport.RoundTrip(req)
						if err != nil {
							b.Fatal(err)
						}
						response.Body.Close()
					}
				})
			}
		}
	}
}

// stub reads a request and answers it.
type stub struct{}

func (stub) RoundTrip(req *http.Request) (*http.Response, error) {
	_, err := io.Copy(io.Discard, req.Body)
	req.Body.Close()
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: req}, err
}
