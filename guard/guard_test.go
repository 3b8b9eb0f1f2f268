package guard_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/guard"
	"github.com/patchlint/patchlint/internal/bounds"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

func init() { debug.SetGCPercent(400) } // the tests allocate much and hold little

const (
	beta  = "/beta/deviceManagement/complianceManagementPartners/42"
	v1    = "/v1.0/deviceManagement/complianceManagementPartners/42"
	clean = `{"@odata.type": "#microsoft.graph.complianceManagementPartner", "iosOnboarded": true}`
	bad   = `{"iosOnboarded": "true"}`                          // wrong-type
	linux = `{"linuxOnboarded": true}`                          // a property of beta
	warns = `{"iosOnboarded": true, "displayName": "String"}`   // placeholder-value
	other = `{"iosOnboarded": "true", "surname": ["broken", }}` // of another resource, or of none
)

func batchOf(url, body string) string {
	return `{"requests": [{"id": "1", "method": "PATCH", "url": "` + url + `", "headers": {"Content-Type": "application/json"}, "body": ` + body + `}]}`
}

func compressed(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, text)
	w.Close()
	return b.String()
}

// header returns a header with the given names and values, unchanged.
func header(pairs ...string) http.Header {
	h := make(http.Header)
	for i := 0; i < len(pairs); i += 2 {
		h[pairs[i]] = append(h[pairs[i]], pairs[i+1])
	}
	return h
}

// service answers every request like Graph and keeps the bodies.
type service struct {
	*httptest.Server
	arrived chan arrival
}

type arrival struct {
	method, path, encoding, body string
	length                       int64
}

func newService(t testing.TB) *service {
	s := &service{arrived: make(chan arrival, 16)}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		s.arrived <- arrival{r.Method, r.URL.Path, r.Header.Get("Content-Encoding"), string(body), r.ContentLength}
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, `{"id": "42"}`)
	}))
	t.Cleanup(s.Close)
	return s
}

// rules returns the rules of findings, one for each finding.
func rules(findings []patchlint.Diagnostic) string {
	var names []string
	for _, d := range findings {
		names = append(names, d.Rule)
	}
	return strings.Join(names, " ")
}

// TestRequests checks which requests are sent, byte for byte, and which are refused, with
// the reason.
func TestRequests(t *testing.T) {
	v10, v3 := guard.Options{Version: schema.V1}, guard.Options{Version: "v3"}
	for _, test := range []struct {
		name          string
		method, path  string
		header        http.Header
		body          string
		linter        validate.Linter
		options       guard.Options
		refused, told string // the rules of the findings
	}{
		{name: "clean", path: beta, body: clean},
		{name: "bad", path: beta, body: bad, refused: "wrong-type"},
		{name: "no JSON", path: beta, body: other, refused: "json-syntax"},
		{name: "two objects", path: beta, body: clean + clean, refused: "json-syntax"},
		{name: "duplicate name", path: beta, body: `{"iosOnboarded": true, "iosOnboarded": false}`, refused: "json-duplicate-name"},
		{name: "empty", path: beta, body: "", refused: "json-syntax"},
		{name: "another type", path: beta, body: `{"target": {"@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget"}}`, refused: "unknown-property"},
		{name: "method in another case", method: "patch", path: beta, body: bad, refused: "wrong-type"},
		{name: "warning", path: beta, body: warns, told: "placeholder-value"},
		{name: "warning that fails", path: beta, body: warns, options: guard.Options{FailOn: patchlint.Warning}, refused: "placeholder-value"},
		{name: "warning with an error", path: beta, body: `{"displayName": "String", "iosOnboarded": 1}`, refused: "placeholder-value wrong-type"},
		{name: "no severity is above error", path: beta, body: bad, options: guard.Options{FailOn: patchlint.Error + 1}, refused: "wrong-type"},
		{name: "rule that is a warning here", path: beta, body: bad, linter: validate.Linter{Severities: map[string]patchlint.Severity{"wrong-type": patchlint.Warning}}, told: "wrong-type"},
		{name: "no rule can check it", path: beta, body: other, linter: validate.Linter{Rules: []*validate.Rule{}}, refused: "json-syntax"},
		{name: "no rule", path: beta, body: bad, linter: validate.Linter{Rules: []*validate.Rule{}}},

		{name: "version of the URL: beta", path: beta, body: linux, options: v10},
		{name: "version of the URL: v1.0", path: v1, body: linux, refused: "version-property"},
		{name: "version of the options", path: "/graph/deviceManagement/complianceManagementPartners/42", body: linux, options: v10, refused: "version-property"},
		{name: "no version", path: "/graph/deviceManagement/complianceManagementPartners/42", body: linux},
		{name: "version that there is not", path: "/deviceManagement/complianceManagementPartners/42", body: clean, options: v3, refused: "unknown-type"},
		{name: "version that does not count", path: beta, body: clean, options: v3},
		{name: "id of the object", path: beta, body: `{"id": "42", "iosOnboarded": true}`, told: "read-only-property"},
		{name: "id of another object", path: beta, body: `{"id": "43", "iosOnboarded": true}`, refused: "read-only-property id-mismatch"},
		{name: "key in parentheses", path: "/v1.0/deviceManagement/complianceManagementPartners('42')", body: bad, refused: "wrong-type"},
		{name: "prefix, case, slashes", path: "/stage//BETA/devicemanagement/compliancemanagementpartners/42/", body: bad, refused: "wrong-type"},
		{name: "percent-encoded", path: "/beta/deviceManagement/%63omplianceManagementPartners/4%2F2", body: bad, refused: "wrong-type"},
		{name: "query", path: beta + "?$select=id", body: bad, refused: "wrong-type"},
		{name: "cast by the alias", path: beta + "/graph.complianceManagementPartner", body: bad, refused: "wrong-type"},
		{name: "cast before the key", path: "/beta/deviceManagement/complianceManagementPartners/microsoft.graph.complianceManagementPartner/42", body: bad, refused: "wrong-type"},
		{name: "dot segments", path: "/beta/deviceManagement/./x/../complianceManagementPartners/42", body: bad, refused: "wrong-type"},
		{name: "key by an alias", path: "/beta/deviceManagement/complianceManagementPartners(@id)?@id='42'", body: `{"id": "43", "iosOnboarded": true}`, refused: "read-only-property id-mismatch"},
		{name: "key by an encoded alias", path: "/beta/deviceManagement/complianceManagementPartners(%40id)?%40id='42'", body: `{"id": "42", "iosOnboarded": true}`, told: "read-only-property"},
		{name: "key by an alias, the same", path: "/beta/deviceManagement/complianceManagementPartners(@id)?@id='42'", body: `{"id": "42", "iosOnboarded": true}`, told: "read-only-property"},
		{name: "collection", path: "/beta/deviceManagement/complianceManagementPartners", body: bad, refused: "payload-shape wrong-type"},
		{name: "collection, clean", path: "/beta/deviceManagement/complianceManagementPartners", body: clean, refused: "payload-shape"},
		{name: "collection, tunneled", method: "POST", path: "/beta/deviceManagement/complianceManagementPartners", header: header("X-HTTP-Method", "PATCH"), body: clean, refused: "payload-shape"},
		{name: "collection, tunneled, with an id", method: "POST", path: "/beta/deviceManagement/complianceManagementPartners", header: header("X-HTTP-Method", "PATCH"), body: `{"id": "42", "iosOnboarded": true}`, refused: "payload-shape read-only-property"},

		{name: "X-HTTP-Method", method: "POST", path: beta, header: header("X-HTTP-Method", "PATCH"), body: bad, refused: "wrong-type"},
		{name: "X-HTTP-Method-Override", method: "POST", path: beta, header: header("X-Http-Method-Override", " patch"), body: bad, refused: "wrong-type"},
		{name: "X-HTTP-Method, clean", method: "POST", path: beta, header: header("X-HTTP-Method", "PATCH"), body: clean},
		{name: "X-HTTP-Method: PUT", method: "POST", path: beta, header: header("X-HTTP-Method", "PUT"), body: bad, refused: "wrong-type"},
		{name: "insert", method: "POST", path: "/beta/deviceManagement/complianceManagementPartners", body: bad, refused: "wrong-type"},
		{name: "insert, with a header that says so", method: "POST", path: "/beta/deviceManagement/complianceManagementPartners", header: header("X-HTTP-Method", "post"), body: `{"id": "42"}`},
		{name: "POST to an object", method: "POST", path: beta, body: `{"id": "42", "iosOnboarded": true}`, told: "read-only-property"},
		{name: "insert, clean", method: "POST", path: "/beta/deviceManagement/complianceManagementPartners", body: clean},
		{name: "PUT", method: "PUT", path: beta, body: bad, refused: "wrong-type"},
		{name: "PUT, clean", method: "PUT", path: beta, body: clean},
		{name: "insert, empty", method: "POST", path: "/beta/deviceManagement/complianceManagementPartners", body: `{}`},
		{name: "PUT, empty", method: "PUT", path: beta, body: `{}`},
		{name: "another resource", path: "/v1.0/users/42", body: other},
		{name: "URL in the query", path: "/v1.0/users/42?x=" + beta, body: other},

		{name: "batch", method: "POST", path: "/v1.0/$batch", body: batchOf("/deviceManagement/complianceManagementPartners/42", clean)},
		{name: "batch with a bad body", method: "POST", path: "/v1.0/$batch", body: batchOf("/deviceManagement/complianceManagementPartners/42", bad), refused: "wrong-type"},
		{name: "batch of v1.0", method: "POST", path: "/v1.0/$batch", body: batchOf("/deviceManagement/complianceManagementPartners/42", linux), refused: "version-property"},
		{name: "batch of beta", method: "POST", path: "/beta/%24batch", body: batchOf("/deviceManagement/complianceManagementPartners/42", linux), options: v10},
		{name: "batch without a version", method: "POST", path: "/$batch", body: batchOf("/deviceManagement/complianceManagementPartners/42", linux), options: v10, refused: "version-property"},
		{name: "batch with an id of another object", method: "POST", path: "/beta/$batch", body: batchOf("/deviceManagement/complianceManagementPartners/42", `{"id": "43", "iosOnboarded": true}`), refused: "read-only-property id-mismatch"},
		{name: "batch with a bad envelope", method: "POST", path: "/beta/$batch", body: strings.ReplaceAll(batchOf("/deviceManagement/complianceManagementPartners/42", clean), `"id": "1", `, ""), refused: "batch-id"},
		{name: "batch with names in another case", method: "POST", path: "/beta/$batch", body: strings.Replace(batchOf("/deviceManagement/complianceManagementPartners/42", clean), "requests", "Requests", 1), refused: "payload-shape"},
		{name: "batch with a tunneled update", method: "POST", path: "/beta/$batch", body: strings.ReplaceAll(strings.Replace(batchOf("/deviceManagement/complianceManagementPartners/42", bad), `"PATCH"`, `"POST"`, 1), `"headers": {`, `"headers": {"X-HTTP-Method": "PATCH", `), refused: "wrong-type"},
		{name: "batch with an update tunneled by the query", method: "POST", path: "/beta/$batch", body: strings.Replace(batchOf("/deviceManagement/complianceManagementPartners/42?_method=PATCH", bad), `"PATCH"`, `"POST"`, 1), refused: "wrong-type"},
		{name: "batch with a tunneled update of the collection", method: "POST", path: "/beta/$batch", body: strings.Replace(batchOf("/deviceManagement/complianceManagementPartners?X-HTTP-Method=PATCH", clean), `"PATCH"`, `"POST"`, 1), refused: "batch-url"},
		{name: "batch with a POST to an object", method: "POST", path: "/beta/$batch", body: strings.Replace(batchOf("/deviceManagement/complianceManagementPartners/42", clean), `"PATCH"`, `"POST"`, 1), refused: "payload-shape"},
		{name: "batch with an insert", method: "POST", path: "/beta/$batch", body: strings.Replace(batchOf("/deviceManagement/complianceManagementPartners", clean), `"PATCH"`, `"POST"`, 1)},
		{name: "batch with a URL in a query", method: "POST", path: "/v1.0/$batch", body: strings.Replace(batchOf("/deviceManagement/complianceManagementPartners/42", clean), `"requests": [`, `"requests": [{"id": "0", "method": "GET", "url": "/users?$filter=startswith(webUrl,'https://contoso.com/a')"}, `, 1)},
		{name: "batch of others", method: "POST", path: "/v1.0/$batch", body: strings.ReplaceAll(batchOf("/users/42", `{"givenName": 1}`), `"id": "1", `, "")},
		{name: "batch of others with our body", method: "POST", path: "/v1.0/$batch", body: batchOf("/deviceManagement/complianceManagementPartner/42", clean), refused: "batch-url"},
		{name: "batch that is not JSON", method: "POST", path: "/v1.0/$batch", body: batchOf("/users/42", strings.Replace(other, "iosOnboarded", "givenName", 1)), refused: "json-syntax"},
		{name: "batch of multipart", method: "POST", path: "/api/data/v9.2/$batch", header: header("Content-Type", `multipart/mixed; boundary="b"`), body: "--b\r\n" + other},
		{name: "batch of multipart, in another case", method: "POST", path: "/beta/$batch", header: http.Header{"content-type": {`multipart/mixed; boundary="b"`}}, body: "--b\r\n"},
		{name: "batch in the body of an update", path: beta, body: batchOf("/users/42", `{"givenName": "x"}`), refused: "payload-shape"},
		{name: "PUT of a batch", method: "PUT", path: "/v1.0/$batch", body: other, refused: "json-syntax"},

		{name: "gzip", path: beta, header: header("Content-Encoding", "gzip"), body: compressed(clean)},
		{name: "gzip, bad", path: beta, header: header("Content-Encoding", "gzip"), body: compressed(bad), refused: "wrong-type"},
		{name: "gzip, in other words", path: beta, header: header("content-encoding", " X-GZip, identity"), body: compressed(bad), refused: "wrong-type"},
		{name: "gzip twice", path: beta, header: header("Content-Encoding", "gzip", "Content-Encoding", "gzip"), body: compressed(compressed(bad)), refused: "wrong-type"},
		{name: "gzip of two members", path: beta, header: header("Content-Encoding", "gzip"), body: compressed(bad[:5]) + compressed(bad[5:]), refused: "wrong-type"},
		{name: "gzip that is not gzip", path: beta, header: header("Content-Encoding", "gzip"), body: clean, refused: "json-encoding"},
		{name: "gzip that breaks off", path: beta, header: header("Content-Encoding", "gzip"), body: compressed(clean)[:40], refused: "json-encoding"},
		{name: "gzip with more behind it", path: beta, header: header("Content-Encoding", "gzip"), body: compressed(clean) + "x", refused: "json-encoding"},
		{name: "gzip of nothing", path: beta, header: header("Content-Encoding", "gzip"), body: compressed(""), refused: "json-syntax"},
		{name: "nothing, said to be gzip", path: beta, header: header("Content-Encoding", "gzip"), refused: "json-syntax"},
		{name: "gzip, and a batch", method: "POST", path: "/beta/$batch", header: header("Content-Encoding", "gzip"), body: compressed(batchOf("/deviceManagement/complianceManagementPartners/42", bad)), refused: "wrong-type"},
		{name: "identity", path: beta, header: header("Content-Encoding", "identity"), body: clean},
		{name: "another encoding", path: beta, header: header("Content-Encoding", "br"), body: clean, refused: "json-encoding"},
		{name: "another encoding in gzip", path: beta, header: header("Content-Encoding", "br, gzip"), body: compressed(clean), refused: "json-encoding"},

		{name: "charset", path: beta, header: header("Content-Type", `application/json; charset="UTF-8"`), body: clean},
		{name: "charset without a hyphen", path: beta, header: header("Content-Type", "application/json; charset=utf8"), body: clean},
		{name: "another charset", path: beta, header: header("Content-Type", "application/json; charset=iso-8859-1"), body: clean, refused: "json-encoding"},
		{name: "another charset, in another case", path: beta, header: http.Header{"content-type": {"application/json; charset=utf-16"}}, body: clean, refused: "json-encoding"},
		{name: "parameters", path: beta, header: header("Content-Type", "application/json;odata.metadata=minimal;IEEE754Compatible=true"), body: clean},

		{name: "as large as may be", path: beta, body: clean, options: guard.Options{MaxBytes: int64(len(clean))}},
		{name: "no limit", path: beta, body: clean, options: guard.Options{MaxBytes: math.MaxInt64}},
		{name: "too large", path: beta, body: clean + " ", options: guard.Options{MaxBytes: int64(len(clean))}, refused: "json-limit"},
		{name: "too large when decompressed", path: beta, header: header("Content-Encoding", "gzip"), body: compressed(`{"displayName": "` + strings.Repeat("a", 1<<20) + `"}`), options: guard.Options{MaxBytes: 1 << 20}, refused: "json-limit"},
		{name: "too deep", path: beta, body: strings.Repeat("[", bounds.Depth+1), refused: "json-limit"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newService(t)
			test.method = max(test.method, "PATCH")
			var told []string
			test.options.Findings = func(req *http.Request, findings []patchlint.Diagnostic, doc *patchlint.Document) {
				told = append(told, rules(findings))
				if req.Method != test.method || string(doc.Source()) != test.body {
					t.Errorf("told of %s with %q", req.Method, doc.Source())
				}
			}
			client := http.Client{Transport: guard.New(nil, test.linter, test.options)}
			for _, length := range []int64{int64(len(test.body)), -1} {
				req, err := http.NewRequest(test.method, s.URL+test.path, io.NopCloser(strings.NewReader(test.body)))
				if err != nil {
					t.Fatal(err)
				}
				req.ContentLength = length
				req.Header = test.header.Clone()
				told = nil
				response, err := client.Do(req)
				var refused *guard.Refused
				switch {
				case err == nil:
					response.Body.Close()
					if test.refused != "" {
						t.Errorf("sent; want it refused for %s", test.refused)
					}
					want := arrival{test.method, req.URL.Path, test.header.Get("Content-Encoding"), test.body, length}
					if diff := cmp.Diff(want, <-s.arrived, cmp.AllowUnexported(arrival{})); diff != "" {
						t.Errorf("what arrived is not what was sent (-sent +arrived):\n%s", diff)
					}
				case !errors.As(err, &refused):
					t.Error(err)
				default:
					if got := rules(refused.Findings); got != test.refused {
						t.Errorf("refused for %q, want %q: %v", got, test.refused, err)
					}
				}
				if got := strings.Join(told, "; "); got != test.told {
					t.Errorf("told of %q, want %q", got, test.told)
				}
			}
			if len(s.arrived) > 0 {
				t.Errorf("%d requests arrived that should not", len(s.arrived))
			}
		})
	}
}

// TestNoBody checks that an update without any body is not an update.
func TestNoBody(t *testing.T) {
	for _, body := range []io.Reader{nil, http.NoBody} {
		req, _ := http.NewRequest("PATCH", "https://graph.microsoft.com"+beta, body)
		_, err := guard.New(never(t), validate.Linter{}, guard.Options{}).RoundTrip(req)
		if want := "patchlint: not sent: 1:1: the text is empty; a payload is one JSON object [json-syntax]"; err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	var sent *http.Request
	next := transport(func(req *http.Request) (*http.Response, error) { sent = req; return answer(req) })
	for _, body := range []io.Reader{nil, http.NoBody} {
		for _, to := range [][2]string{{"POST", beta}, {"PATCH", "/beta/deviceManagement"}, {"PATCH", "/beta/$batch"}} {
			req, _ := http.NewRequest(to[0], "https://graph.microsoft.com"+to[1], body)
			if _, err := guard.New(next, validate.Linter{}, guard.Options{}).RoundTrip(req); err != nil || sent != req {
				t.Errorf("%v: sent %p for %p, %v", to, sent, req, err)
			}
		}
	}
}

// TestSecondJudge checks that an update is refused if only the JSON Schema refuses it.
func TestSecondJudge(t *testing.T) {
	client := http.Client{Transport: guard.New(never(t), validate.Linter{}, guard.Options{})}
	update := func() error {
		body := `{"iosEnrollmentAssignments": [{"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "the sales team"}}]}`
		req, _ := http.NewRequest("PATCH", "https://graph.microsoft.com"+beta, strings.NewReader(body))
		_, err := client.Do(req)
		return err
	}
	_ = update() // compiles the JSON Schema
	model, err := schema.Open(schema.Beta)
	if err != nil {
		t.Fatal(err)
	}
	groupID := model.Type("groupAssignmentTarget").Property("groupId")
	groupID.GUID = false // blinds the walk
	defer func() { groupID.GUID = true }()
	if err := update(); err == nil || !strings.Contains(err.Error(), "the JSON Schema refuses this value") {
		t.Errorf("it got %v", err)
	}
}

// TestError checks that the error contains the number of findings and the positions of
// the first ones, and no secret.
func TestError(t *testing.T) {
	const token = "eyJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL2dyYXBoIn0.c2lnbmF0dXJl"
	body := "{\n  \"displayName\": \"" + token + "\",\n  \"iosOnboarded\": \"" + token + "\", \"partnerState\": \"on\",\n  \"id\": \"42\", \"androidOnboarded\": 1, \"name\": \"🚀\", \"macOsOnboarded\": 0\n}"
	client := http.Client{Transport: guard.New(never(t), validate.Linter{}, guard.Options{FailOn: patchlint.Warning})}
	req, _ := http.NewRequest("PATCH", "https://user:password@graph.microsoft.com"+beta+"?code=secret#part", strings.NewReader(body))
	_, err := client.Do(req)
	var refused *guard.Refused
	if !errors.As(err, &refused) {
		t.Fatal(err)
	}
	const secret = "this looks like a credential; remove and revoke it, because git keeps it in the history [secret-value]"
	want := "patchlint: not sent: 2:18: " + secret + "; 3:19: " + secret +
		`; 3:19: "iosOnboarded" takes true or false, not the string "***" [wrong-type]; and 5 more`
	if refused.Error() != want {
		t.Errorf("got  %s\nwant %s", refused, want)
	}
	if strings.Contains(err.Error(), token[:20]) {
		t.Errorf("the error shows a token: %v", err)
	}
	if want := "https://graph.microsoft.com" + beta; refused.URL != want {
		t.Errorf("%s, want %s", refused.URL, want)
	}
	if string(refused.Document.Source()) != body {
		t.Errorf("the document is %q", refused.Document.Source())
	}
	last := refused.Findings[len(refused.Findings)-1]
	if line, column := refused.Document.PositionUTF16(last.Span.Start); line != 4 || column != 70 {
		t.Errorf("the last finding is at %d:%d, want 4:70: %v", line, column, last)
	}

	if got, want := (&guard.Refused{Findings: []patchlint.Diagnostic{{Rule: "wrong-type", Severity: patchlint.Error, Message: "no"}}}).Error(), "patchlint: not sent: no [wrong-type]"; got != want {
		t.Errorf("without a document: %s, want %s", got, want)
	}

	opaque := &http.Request{Method: "PATCH", URL: &url.URL{Scheme: "https", Opaque: "//user:password@graph.microsoft.com" + beta + "?code=secret"}, Body: io.NopCloser(strings.NewReader(bad))}
	if _, err := client.Transport.RoundTrip(opaque); !errors.As(err, &refused) || refused.URL != "https://graph.microsoft.com"+beta {
		t.Errorf("an opaque URL: %v, %+v", err, refused)
	}

	for _, test := range []struct{ path, coding, body, begins string }{
		{beta + "%2F2", "", `{"displayName": "🚀", "iosOnboarded": 1}`, "1:39: "},
		{path.Dir(beta), "", "\n " + clean, "2:2: "},
		{beta, "gzip, br", clean, `1:1: the Content-Encoding "br" is not supported`}, // br was applied last
	} {
		req, _ := http.NewRequest("PATCH", "https://graph.microsoft.com"+test.path, strings.NewReader(test.body))
		req.Header.Set("Content-Encoding", test.coding)
		_, err := client.Transport.RoundTrip(req)
		if !errors.As(err, &refused) || refused.URL != req.URL.String() || !strings.HasPrefix(refused.Error(), "patchlint: not sent: "+test.begins) {
			t.Errorf("%s: %v, %+v", test.path, err, refused)
		}
	}
}

// transport is a function that is an http.RoundTripper.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// answer answers a request without looking at it.
func answer(req *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: req}, nil
}

// never is a transport that must not receive a request.
func never(t testing.TB) http.RoundTripper {
	return transport(func(req *http.Request) (*http.Response, error) {
		t.Errorf("%s %s was sent", req.Method, req.URL)
		return answer(req)
	})
}

// TestUntouched checks that other requests are passed on unchanged: the same request,
// with an unread body, and without allocating.
func TestUntouched(t *testing.T) {
	var sent *http.Request
	next := transport(func(req *http.Request) (*http.Response, error) { sent = req; return nil, nil })
	guarded := guard.New(next, validate.Linter{}, guard.Options{})
	unreadable := io.NopCloser(iotest.ErrReader(errors.New("the body was read")))
	for _, test := range []struct{ method, url string }{
		{"GET", beta}, {"", beta}, {"DELETE", beta}, {"HEAD", beta}, {"OPTIONS", beta},
		{"PATCH", "/v1.0/users/42"}, {"POST", "/v1.0/users"}, {"PATCH", "/beta/deviceManagement/deviceConfigurations/42"}, {"POST", "/v1.0/me/sendMail"},
	} {
		req, _ := http.NewRequest(test.method, "https://graph.microsoft.com"+test.url, unreadable)
		req.Header.Set("Content-Type", "application/json")
		allocations := testing.AllocsPerRun(100, func() {
			if _, err := guarded.RoundTrip(req); err != nil {
				t.Error(err)
			}
		})
		if sent != req || sent.Body != unreadable || allocations != 0 {
			t.Errorf("%s %s: %p sent for %p, %v allocations", test.method, test.url, sent, req, allocations)
		}
	}
	if _, err := guarded.RoundTrip(&http.Request{Method: "PATCH"}); err != nil || sent.URL != nil {
		t.Errorf("a request without a URL is for the transport to refuse: %v", err)
	}
}

// TestStreaming checks that the body of another request is sent while it is
// being written.
func TestStreaming(t *testing.T) {
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.NewResponseController(w).EnableFullDuplex()
		w.WriteHeader(http.StatusOK)
		http.NewResponseController(w).Flush()
		line := make([]byte, 5)
		for {
			if _, err := io.ReadFull(r.Body, line); err != nil {
				return
			}
			w.Write(line)
			http.NewResponseController(w).Flush()
		}
	}))
	defer echo.Close()
	body, upload := io.Pipe()
	client := http.Client{Transport: guard.New(nil, validate.Linter{}, guard.Options{}), Timeout: 30 * time.Second}
	req, _ := http.NewRequest("PATCH", echo.URL+"/v1.0/drive/items/42/content", body)
	response, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"one..", "two..", "three"} {
		io.WriteString(upload, text)
		line := make([]byte, 5)
		if _, err := io.ReadFull(response.Body, line); err != nil || string(line) != text {
			t.Fatalf("%q came back for %q, %v", line, text, err)
		}
	}
	upload.Close()
	response.Body.Close()
}

// closer counts how often it is closed.
type closer struct {
	io.Reader
	closed int
	err    error
}

func (c *closer) Close() error { c.closed++; return c.err }

// TestContract checks the contract of http.RoundTripper: the body is always closed, and
// the request is not changed.
func TestContract(t *testing.T) {
	broken := errors.New("the disk is gone")
	for _, test := range []struct {
		name string
		body *closer
		want string // the error, "" for none
	}{
		{"sent", &closer{Reader: strings.NewReader(clean)}, ""},
		{"refused", &closer{Reader: strings.NewReader(bad)}, "patchlint: not sent: 1:18: "},
		{"too large", &closer{Reader: strings.NewReader(clean + strings.Repeat(" ", 1000))}, "patchlint: not sent: 1:1: the body is larger than 500 bytes and the rest was not read; Options.MaxBytes raises the limit [json-limit]"},
		{"not readable", &closer{Reader: io.MultiReader(strings.NewReader(clean), iotest.ErrReader(broken))}, "patchlint: reading the body of the request: the disk is gone"},
		{"not closable", &closer{Reader: strings.NewReader(clean), err: broken}, "patchlint: reading the body of the request: the disk is gone"},
	} {
		t.Run(test.name, func(t *testing.T) {
			next := transport(func(req *http.Request) (*http.Response, error) {
				req.Header.Set("Authorization", "Bearer t")
				req.URL.Host = "elsewhere"
				req.ContentLength = 3
				return answer(req)
			})
			req, _ := http.NewRequest("PATCH", "https://graph.microsoft.com"+beta, test.body)
			req.Header.Set("Content-Type", "application/json")
			before, text := *req, req.URL.String()
			_, err := guard.New(next, validate.Linter{}, guard.Options{MaxBytes: 500}).RoundTrip(req)
			switch {
			case test.want == "" && err != nil, test.want != "" && (err == nil || !strings.HasPrefix(err.Error(), test.want)):
				t.Errorf("got %v, want %s", err, test.want)
			case strings.Contains(test.want, broken.Error()) && !errors.Is(err, broken):
				t.Errorf("%v does not wrap the error of the body", err)
			}
			if test.body.closed != 1 {
				t.Errorf("the body was closed %d times", test.body.closed)
			}
			if req.Body != before.Body || req.GetBody != nil || req.ContentLength != before.ContentLength || req.URL.String() != text || len(req.Header) != 1 {
				t.Errorf("the request was changed: %+v", req)
			}
		})
	}
}

// TestLength checks that a body without its declared length is not linted, because it is
// not the intended body.
func TestLength(t *testing.T) {
	for body, want := range map[string]string{
		"":            "patchlint: the request body has 0 bytes, but its declared length is 85; if it was sent before, rewind it before you send it again",
		clean + "   ": "patchlint: the request body has 88 bytes, but its declared length is 85; if it was sent before, rewind it before you send it again",
		clean[:9]:     "patchlint: the request body has 9 bytes, but its declared length is 85; if it was sent before, rewind it before you send it again",
	} {
		req, _ := http.NewRequest("PATCH", "https://graph.microsoft.com"+beta, io.NopCloser(strings.NewReader(body)))
		req.ContentLength = int64(len(clean))
		if _, err := guard.New(never(t), validate.Linter{}, guard.Options{}).RoundTrip(req); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// TestCancel checks that a request ends with its context, even while its body is being
// read.
func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	body, upload := io.Pipe()
	req, _ := http.NewRequestWithContext(ctx, "PATCH", "https://graph.microsoft.com"+beta, body)
	go func() {
		io.WriteString(upload, clean[:9])
		cancel()
	}()
	client := http.Client{Transport: guard.New(never(t), validate.Linter{}, guard.Options{})}
	if _, err := client.Do(req); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want a canceled context", err)
	}
	for err := error(nil); err == nil; { // until the body is closed
		_, err = io.WriteString(upload, "more")
	}

	// The body of a request that is already canceled is not read: its owner may rewind it.
	again := strings.NewReader(clean)
	req, _ = http.NewRequestWithContext(ctx, "PATCH", "https://graph.microsoft.com"+beta, again)
	if _, err := client.Do(req); !errors.Is(err, context.Canceled) || again.Len() != len(clean) {
		t.Errorf("got %v after %d bytes", err, len(clean)-again.Len())
	}

	body, upload = io.Pipe()
	defer upload.Close()
	for _, body := range []io.Reader{io.MultiReader(body), body} { // Close does not end a read of the first
		ctx, cancel = context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		req, _ = http.NewRequestWithContext(ctx, "PATCH", "https://graph.microsoft.com"+beta, body)
		_, err := client.Do(req)
		var timeout interface{ Timeout() bool }
		if !errors.As(err, &timeout) || !timeout.Timeout() {
			t.Errorf("got %v, want a timeout", err)
		}
	}
}

// TestPanic checks that a panic of a body reaches the caller, who can recover from it,
// that a body whose Read ends its goroutine is not sent, and that both bodies are closed.
func TestPanic(t *testing.T) {
	send := func(read func()) (err error) {
		req, _ := http.NewRequest("PATCH", "https://graph.microsoft.com"+beta, io.MultiReader(strings.NewReader(clean), reader(read)))
		body := &closer{Reader: req.Body}
		req.Body = body
		defer func() {
			if body.closed == 0 {
				t.Error("the body was not closed")
			}
		}()
		_, err = guard.New(never(t), validate.Linter{}, guard.Options{}).RoundTrip(req)
		return err
	}
	func() {
		defer func() {
			if got := recover(); got != http.ErrAbortHandler {
				t.Errorf("got the panic %v", got)
			}
		}()
		t.Errorf("got %v, want a panic", send(func() { panic(http.ErrAbortHandler) }))
	}()
	if err := send(runtime.Goexit); err == nil {
		t.Error("a body was sent that was not read to its end")
	}
}

// reader is a reader that does something when it is read.
type reader func()

func (r reader) Read([]byte) (int, error) {
	r()
	return 0, io.EOF
}

// TestAgain checks that a request that was passed on can be sent again from GetBody or
// after a rewind, as transports and middleware do.
func TestAgain(t *testing.T) {
	for _, text := range []string{clean, compressed(clean)} {
		next := transport(func(req *http.Request) (*http.Response, error) {
			for range 3 {
				if got, err := io.ReadAll(req.Body); err != nil || string(got) != text {
					t.Errorf("the body is %q, %v", got, err)
				}
				if _, err := req.Body.(io.Seeker).Seek(0, io.SeekStart); err != nil {
					t.Error(err)
				}
			}
			for range 3 {
				body, err := req.GetBody()
				if err != nil {
					t.Fatal(err)
				}
				if got, err := io.ReadAll(body); err != nil || string(got) != text {
					t.Errorf("GetBody has %q, %v", got, err)
				}
			}
			return answer(req)
		})
		req, _ := http.NewRequest("PATCH", "https://graph.microsoft.com"+beta, strings.NewReader(text))
		if text != clean {
			req.Header.Set("Content-Encoding", "gzip")
		}
		// Body counts: some middleware replaces it and leaves GetBody as it was.
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(bad)), nil }
		if _, err := guard.New(next, validate.Linter{}, guard.Options{}).RoundTrip(req); err != nil {
			t.Error(err)
		}
	}
}

// TestRedirect checks that a redirected request arrives byte for byte, and is linted for
// its new URL.
func TestRedirect(t *testing.T) {
	for _, status := range []int{http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		s := newService(t)
		redirect := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, s.URL+"/v1.0"+strings.TrimPrefix(r.URL.Path, "/beta"), status)
		}))
		defer redirect.Close()
		client := http.Client{Transport: guard.New(nil, validate.Linter{}, guard.Options{})}
		send := func(body string) error {
			req, _ := http.NewRequest("PATCH", redirect.URL+beta, strings.NewReader(body))
			response, err := client.Do(req)
			if err == nil {
				response.Body.Close()
			}
			return err
		}
		if err := send(clean); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(arrival{"PATCH", v1, "", clean, int64(len(clean))}, <-s.arrived, cmp.AllowUnexported(arrival{})); diff != "" {
			t.Errorf("%d (-sent +arrived):\n%s", status, diff)
		}
		var refused *guard.Refused
		if err := send(linux); !errors.As(err, &refused) || rules(refused.Findings) != "version-property" || refused.URL != s.URL+v1 {
			t.Errorf("%d: got %v, want it refused for version-property at %s", status, err, s.URL+v1)
		}
	}
}

// idler is a transport with connections.
type idler struct {
	http.RoundTripper
	closed int
}

func (i *idler) CloseIdleConnections() { i.closed++ }

func TestCloseIdleConnections(t *testing.T) {
	next := &idler{RoundTripper: never(t)}
	client := http.Client{Transport: guard.New(next, validate.Linter{}, guard.Options{})}
	client.CloseIdleConnections()
	if next.closed != 1 {
		t.Errorf("closed %d times", next.closed)
	}
	client.Transport = guard.New(never(t), validate.Linter{}, guard.Options{})
	client.CloseIdleConnections() // a transport without this method
}
