package guard_test

import (
	"errors"
	"net/http"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/patchlint/patchlint/guard"
	"github.com/patchlint/patchlint/validate"
)

var (
	percent   = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
	parameter = regexp.MustCompile(`;[^/]*`)
	key       = regexp.MustCompile(`\([^/]*`)
	cast      = regexp.MustCompile(`/(?:microsoft\.)?graph\.[^/]*`)
	partners  = regexp.MustCompile(`/devicemanagement/compliancemanagementpartners(/|$)`)
)

// lenientPath returns the path as the most lenient service would read it. It shares no
// code with guard.
func lenientPath(text string) string {
	for {
		decoded := percent.ReplaceAllStringFunc(text, func(s string) string {
			b, _ := strconv.ParseUint(s[1:], 16, 8)
			return string([]byte{byte(b)})
		})
		if decoded == text {
			break
		}
		text = decoded
	}
	text = strings.ToLower(strings.ReplaceAll(text, `\`, "/"))
	text = key.ReplaceAllString(parameter.ReplaceAllString(text, ""), "")
	text = strings.NewReplacer(" ", "", "\t", "", "\x00", "").Replace(text)
	var segments []string
	for s := range strings.SplitSeq(cast.ReplaceAllString("/"+text, ""), "/") {
		if s != "." && s != ".." {
			s = strings.TrimRight(s, ".")
		}
		segments = append(segments, s)
	}
	return path.Clean("/" + strings.Join(segments, "/"))
}

// oracle is a transport that must not receive an invalid update.
type oracle struct {
	t    testing.TB
	sent bool
}

func (o *oracle) RoundTrip(req *http.Request) (*http.Response, error) {
	o.sent = true
	if partners.MatchString(lenientPath(req.URL.EscapedPath())) {
		o.t.Errorf("%s %s was sent", req.Method, req.URL)
	}
	return answer(req)
}

// send sends a request through the guard and reports whether it was sent.
func send(t testing.TB, method, target string, header http.Header, body string) bool {
	t.Helper()
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	req := &http.Request{Method: method, URL: u, Host: u.Host, Header: header, Body: http.NoBody}
	if body != "" {
		req.Body, req.ContentLength = &closer{Reader: strings.NewReader(body)}, int64(len(body))
	}
	next := &oracle{t: t}
	_, err = guard.New(next, validate.Linter{}, guard.Options{}).RoundTrip(req)
	var refused *guard.Refused
	if !next.sent && (!errors.As(err, &refused) || !hasError(refused.Findings)) {
		t.Errorf("%s %s: %v", method, target, err)
	}
	return next.sent
}

const collection = "/beta/deviceManagement/complianceManagementPartners"

// spellings are URLs that some service may read as the URL of a partner, of the
// collection of partners, or of a part of a partner.
var spellings = []string{
	collection + "/42",
	collection + "/42/",
	collection + "//42",
	collection + "('42')",
	collection + "(%2742%27)",
	collection + "(id='42')",
	collection + "(%69d='42')",
	collection + "('42')/",
	collection + "('4/2')",
	collection + "('4;2')",
	collection + "('42'",
	collection + "(@k)?@k='42'",
	collection + "/a://b",
	collection + "/https://graph.microsoft.com/beta/users/42",
	collection + "/a:%2F%2Fb",
	collection + "/{42}",
	collection + "/42;v=1",
	collection + ";v=1/42",
	collection + ";a=b;c/42;d",
	collection + "/42/displayName",
	collection + "/42/displayName/$value",
	collection + "/42/iosEnrollmentAssignments",
	collection + "/42/iosEnrollmentAssignments/0",
	collection + "/42/$value",
	collection + "/42/$ref",
	collection + "/42/%24value",
	collection + "('42')/displayName",
	collection + "/42/microsoft.graph.complianceManagementPartner",
	collection + "/42/microsoft.graph.complianceManagementPartner/displayName",
	collection + "/graph.complianceManagementPartner/42",
	collection + "/$batch",
	collection + "/42/$batch",
	collection + "/$filter(iosOnboarded eq true)/$each",
	collection,
	collection + "/",
	"/deviceManagement/complianceManagementPartners/42",
	"/beta//deviceManagement//complianceManagementPartners//42",
	"/DEVICEMANAGEMENT/COMPLIANCEMANAGEMENTPARTNERS/42",
	"/gateway/v2/graph/beta/deviceManagement/complianceManagementPartners/42",
	"/beta/deviceManagement/complianceManagementPartners/42?$select=id",
	"/beta/deviceManagement('x')/complianceManagementPartners/42",
	"/beta/deviceManagement()/complianceManagementPartners/42",
	"/beta/deviceManagement/microsoft.graph.deviceManagement/complianceManagementPartners/42",
	"/beta/deviceManagement/x/complianceManagementPartners/42",
	"/beta/deviceManagement;jsessionid=1/complianceManagementPartners/42",
	"/beta/deviceManagement;x=(1)/complianceManagementPartners/42",
	"/beta/deviceManagement./complianceManagementPartners/42",
	"/beta/deviceManagement/complianceManagementPartners../42",
	"/beta/deviceManagement/complianceManagementPartners.%20/42",
	"/beta/deviceManagement%20/complianceManagementPartners/42",
	"/beta/%09deviceManagement/complianceManagementPartners%00/42",
	"/beta/deviceManagement%2FcomplianceManagementPartners%2F42",
	"/beta/deviceManagement%2fcomplianceManagementPartners/42",
	"/beta/deviceManagement/complianceManagementPartners%2F42%2FdisplayName",
	"/beta%5CdeviceManagement%5CcomplianceManagementPartners%5C42",
	"/beta/deviceManagement\\complianceManagementPartners\\42",
	"/beta/deviceManagement%252FcomplianceManagementPartners%252F42",
	"/beta/deviceManagement%25255CcomplianceManagementPartners%25255C42",
	"/beta/%64eviceManagement/complianceManagement%50artners/42",
	"/beta/%2564eviceManagement/complianceManagement%2550artners/42",
	"/beta/device%2525%34Danagement/complianceManagementPartners/42",
	"/beta/device%254%44anagement/complianceManagementPartners/42",
	"/beta/./deviceManagement/././complianceManagementPartners/42",
	"/beta/x/../deviceManagement/y/../complianceManagementPartners/42",
	"/beta/users/%2e%2e/deviceManagement/complianceManagementPartners/42",
	"/beta/users%2F..%2FdeviceManagement%2FcomplianceManagementPartners%2F42",
	"/beta/users/x%252F%252E%252E%252F..%2FdeviceManagement/complianceManagementPartners/42",
	"/beta/deviceManagement/x/..;/complianceManagementPartners/42",
	"/beta/deviceManagement/x%5C..%5CcomplianceManagementPartners/42",
	"/beta/deviceManagement/complianceManagementPartners/x/%252e%252e/42",
	"/beta/deviceManagement/complianceManagementPartners%3Bv=1/42",
	"/beta/deviceManagement/complianceManagementPartners%3B/42%3Bx",
	"/beta/$root/deviceManagement/complianceManagementPartners/42",
	"/beta/users/42/deviceManagement/complianceManagementPartners/1",
	"https://graph.microsoft.us/beta/deviceManagement/complianceManagementPartners/42",
	"https://dod-graph.microsoft.us/v1.0/deviceManagement/complianceManagementPartners/42",
	"https://microsoftgraph.chinacloudapi.cn/beta/deviceManagement/complianceManagementPartners/42",
	"http://localhost:8080/deviceManagement/complianceManagementPartners/42",
}

// TestSpellings checks that an invalid body is not sent to any spelling of the URL of a
// partner with any method that writes, and is sent with the other methods.
func TestSpellings(t *testing.T) {
	for _, spelling := range spellings {
		if strings.HasPrefix(spelling, "/") && !strings.HasPrefix(spelling, "//") {
			spelling = "https://graph.microsoft.com" + spelling
		}
		for _, method := range []string{"PATCH", "patch", "MERGE", "PUT", "POST", "UPDATE"} {
			if send(t, method, spelling, nil, bad) {
				t.Errorf("%s %s was sent", method, spelling)
			}
		}
		for _, name := range []string{"X-HTTP-Method", "X-HTTP-Method-Override", "X-Method-Override", "x_http_method", "_method"} {
			for _, value := range []string{"PATCH", "merge", " PUT", "GET, PATCH"} {
				for _, method := range []string{"POST", "GET", "DELETE"} {
					if send(t, method, spelling, header(name, value), bad) {
						t.Errorf("%s %s with %s: %s was sent", method, spelling, name, value)
					}
				}
			}
		}
		u, _ := url.Parse(spelling)
		u.RawQuery = strings.TrimPrefix(u.RawQuery+"&_method=PATCH", "&")
		if send(t, "POST", u.String(), nil, bad) {
			t.Errorf("%s was sent", u)
		}
	}
}

// TestOthers checks that a request that is certainly not an update of a partner is sent,
// whatever its body.
func TestOthers(t *testing.T) {
	for _, test := range []struct{ method, url, body string }{
		{"PATCH", "/v1.0/users/42", other},
		{"PATCH", "/beta/users/42/managedDevices/7", other},
		{"PATCH", "/beta/users/a%20b%2Fc", other},
		{"PATCH", "/beta/users('a;b')/x;y=z", other},
		{"POST", "/beta/users/42/deviceManagementTroubleshootingEvents", other},
		{"PATCH", "/beta/deviceManagement/deviceConfigurations/42", other},
		{"PATCH", "/beta/deviceManagement/complianceManagementPartnersSettings/42", other},
		{"PATCH", "/beta/deviceManagement/complianceManagementPartner/42", other},
		{"PATCH", "/beta/deviceManagement/complianceManagementPartners/../deviceConfigurations/42", other},
		{"PATCH", "/beta/deviceManagement/mobileThreatDefenseConnectors/42", bad},
		{"PATCH", "/beta/users/42?next=https://graph.microsoft.com" + collection + "/42", other},
		{"PATCH", "/beta/deviceAppManagement/mobileApps/deviceManagement/x", other},
		{"PATCH", "/beta/complianceManagementPartners/42", other},
		{"PATCH", "/beta/deviceManagement", `{"settings": {"secureByDefault": "yes"}}`},
		{"POST", "/beta/$entity?$id=users('42')", other},
		{"GET", collection + "/42", bad},
		{"HEAD", collection + "/42", ""},
		{"OPTIONS", collection + "/42", ""},
		{"DELETE", collection + "/42", ""},
		{"DELETE", collection + "/42/displayName", ""},
		{"POST", collection + "/42", ""},
		{"POST", collection + "/42/terminate", ""},
		{"GET", "/beta/$batch", other},
		{"POST", "/beta/$batch", `{"requests": [{"id": "1", "method": "PATCH", "url": "/users/42", "headers": {"Content-Type": "text/plain"}, "body": "eyJhIjoxfQ"}]}`},
		{"POST", "/beta/$batch", `{"requests": [{"id": "1", "method": "POST", "url": "/$batch", "body": {"requests": [{"id": "1", "method": "PATCH", "url": "/users/42", "body": {"a": 1}}]}}]}`},
		{"POST", "/beta/$batch", `{"requests": [{"id": "1", "method": "PATCH", "url": "/deviceManagement", "body": {"settings": 1}}]}`},
		{"POST", "/beta/$batch", `{"requests": [{"id": "a", "method": "GET", "url": "/users/42"}, {"id": "b", "method": "PATCH", "url": "$a", "body": {}}]}`},
	} {
		address, _, _ := strings.Cut(test.url, "?")
		if partners.MatchString(lenientPath(address)) && (test.method == "PATCH" || test.body != "" && test.method != "GET") {
			t.Errorf("%s %s is an update of a partner", test.method, test.url)
		}
		u, _ := url.Parse("https://graph.microsoft.com" + test.url)
		next := &oracle{t: t}
		req := &http.Request{Method: test.method, URL: u, Body: http.NoBody}
		if test.body != "" {
			req.Body = &closer{Reader: strings.NewReader(test.body)}
		}
		sent := transport(func(req *http.Request) (*http.Response, error) { next.sent = true; return answer(req) })
		if _, err := guard.New(sent, validate.Linter{}, guard.Options{}).RoundTrip(req); err != nil || !next.sent {
			t.Errorf("%s %s: %v", test.method, test.url, err)
		}
	}
}

// TestCarriers checks that a request that contains an update is refused if the update
// cannot be checked.
func TestCarriers(t *testing.T) {
	one := func(method, url, rest string) string {
		return `{"requests": [{"id": "1", "method": "` + method + `", "url": "` + url + `", "headers": {"Content-Type": "application/json"}, ` + rest + `}]}`
	}
	many := func(n int, last string) string {
		var requests []string
		for i := range n {
			requests = append(requests, `{"id": "g`+strconv.Itoa(i)+`", "method": "GET", "url": "/me"}`)
		}
		return `{"requests": [` + strings.Join(append(requests, last), ", ") + `]}`
	}
	const ours = "/deviceManagement/complianceManagementPartners/42"
	nested := `"body": ` + batchOf(ours, bad)
	part := "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nPATCH /beta" + ours + " HTTP/1.1\r\nContent-Type: application/json\r\n\r\n" + bad + "\r\n--b--"
	mixed := header("Content-Type", "multipart/mixed; boundary=b")
	for _, test := range []struct {
		name, method, url string
		header            http.Header
		body              string
		sent              bool
	}{
		{name: "batch", url: "/beta/$batch", body: batchOf(ours, bad)},
		{name: "PATCH of a batch", method: "PATCH", url: "/beta/$batch", body: batchOf(ours, bad)},
		{name: "PUT of a batch", method: "PUT", url: "/beta/%24batch/", body: batchOf(ours, bad)},
		{name: "batch by a tunnel", method: "GET", url: "/$batch", header: header("X-HTTP-Method", "POST"), body: batchOf(ours, bad)},
		{name: "doubly encoded batch", url: "/beta/%2524batch", body: batchOf(ours, bad)},
		{name: "batch with parameters", url: "/beta/$batch;v=1", body: batchOf(ours, bad)},
		{name: "below a batch", url: "/beta/$batch/x", body: batchOf(ours, bad)},
		{name: "clean batch", url: "/beta/$batch", body: batchOf(ours, clean), sent: true},
		{name: "absolute URL in a batch", url: "/beta/$batch", body: batchOf("https://graph.microsoft.com/beta"+ours, bad)},
		{name: "PUT in a batch", url: "/beta/$batch", body: one("PUT", ours, `"body": `+bad)},
		{name: "MERGE in a batch", url: "/beta/$batch", body: one("MERGE", ours, `"body": `+bad)},
		{name: "insert in a batch", url: "/beta/$batch", body: one("POST", "/deviceManagement/complianceManagementPartners", `"body": `+bad)},
		{name: "clean insert in a batch", url: "/beta/$batch", body: one("POST", "/deviceManagement/complianceManagementPartners", `"body": `+clean), sent: true},
		{name: "tunnel in a batch", url: "/beta/$batch", body: strings.Replace(one("GET", ours, `"body": `+bad), `"headers": {`, `"headers": {"x-method-override": "MERGE", `, 1)},
		{name: "property in a batch", url: "/beta/$batch", body: one("PUT", ours+"/displayName", `"body": {"value": 1}`)},
		{name: "encoded URL in a batch", url: "/beta/$batch", body: one("PATCH", "/deviceManagement%252Fcompliance\\u004danagementPartners/42", `"body": `+bad)},
		{name: "base64 body in a batch", url: "/beta/$batch", body: one("PATCH", ours, `"body": "eyJpb3NPbmJvYXJkZWQiOiJ0cnVlIn0"`)},
		{name: "text body in a batch", url: "/beta/$batch", body: strings.Replace(one("PATCH", ours, `"body": "iosOnboarded=1"`), "application/json", "application/x-www-form-urlencoded", 1)},
		{name: "text insert in a batch", url: "/beta/$batch", body: strings.Replace(one("POST", "/deviceManagement/complianceManagementPartners", `"body": "eyJpb3NPbmJvYXJkZWQiOiJ0cnVlIn0"`), "application/json", "text/plain", 1)},
		{name: "reference in a batch", url: "/beta/$batch", body: `{"requests": [{"id": "p", "method": "GET", "url": "` + ours + `"}, {"id": "2", "method": "PATCH", "url": "$p", "headers": {"Content-Type": "application/json"}, "body": ` + bad + `}]}`},
		{name: "clean reference in a batch", url: "/beta/$batch", body: `{"requests": [{"id": "p", "method": "GET", "url": "` + ours + `"}, {"id": "2", "method": "PATCH", "url": "$p", "headers": {"Content-Type": "application/json"}, "body": {"displayName": "x"}}]}`},
		{name: "21st request", url: "/beta/$batch", body: many(20, `{"id": "x", "method": "PATCH", "url": "`+ours+`", "headers": {"Content-Type": "application/json"}, "body": `+bad+`}`)},
		{name: "atomicity group", url: "/beta/$batch", body: strings.Replace(batchOf(ours, bad), `"id": "1"`, `"id": "1", "atomicityGroup": "g"`, 1)},
		{name: "batch in a batch", url: "/beta/$batch", body: one("POST", "/$batch", nested)},
		{name: "absolute batch in a batch", url: "/beta/$batch", body: one("POST", "https://graph.microsoft.com/beta/%24batch", nested)},
		{name: "clean batch in a batch", url: "/beta/$batch", body: one("POST", "/$batch", `"body": `+batchOf(ours, clean))},
		{name: "encoded batch in a batch", url: "/beta/$batch", body: one("POST", "/$batch", `"body": "eyJyZXF1ZXN0cyI6W119"`)},
		{name: "inline in a batch", url: "/beta/$batch", body: one("PATCH", "/deviceManagement", `"body": {"complianceManagementPartners": [`+bad+`]}`)},
		{name: "encoded inline in a batch", url: "/beta/$batch", body: one("PATCH", "/deviceManagement", `"body": "eyJjb21wbGlhbmNlTWFuYWdlbWVudFBhcnRuZXJzIjpbe31dfQ"`)},
		{name: "name of a partner in a batch of others", url: "/beta/$batch", body: one("PATCH", "/users/42", `"body": {"givenName": "complianceManagementPartners"}`), sent: true},
		{name: "multipart", url: "/beta/$batch", header: mixed, body: part},
		{name: "multipart, encoded URL", url: "/beta/$batch", header: mixed, body: strings.Replace(part, "Partners", "%2550artners", 1)},
		{name: "multipart, base64", url: "/beta/$batch", header: mixed, body: "--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: base64\r\n\r\nUEFUQ0g=\r\n--b--"},
		{name: "multipart in gzip", url: "/beta/$batch", header: header("Content-Type", "multipart/mixed; boundary=b", "Content-Encoding", "gzip"), body: compressed(part)},
		{name: "multipart in UTF-16", url: "/beta/$batch", header: mixed, body: "P\x00A\x00"},
		{name: "multipart, a batch in it", url: "/beta/$batch", header: mixed, body: strings.Replace(part, ours, "/$batch", 1)},
		{name: "multipart of others", url: "/api/data/v9.2/$batch", header: mixed, body: strings.Replace(part, ours, "/contacts(1)", 1), sent: true},
		{name: "inline", method: "PATCH", url: "/beta/deviceManagement", body: `{"complianceManagementPartners": [` + clean + `]}`},
		{name: "inline, in another case", method: "PUT", url: "/v1.0/deviceManagement('x')/", body: `{"ComplianceManagementPartners@delta": [{}]}`},
		{name: "inline, bound", method: "PATCH", url: "/beta/devicemanagement", body: `{"complianceManagementPartners@odata.bind": ["x"]}`},
		{name: "inline, escaped", method: "PATCH", url: "/beta/deviceManagement", body: `{"compliance\u004danagementPartners": [{}]}`},
		{name: "inline, deep", method: "PATCH", url: "/beta/deviceManagement/microsoft.graph.deviceManagement", body: `{"a": {"b": [{"complianceManagementPartners": null}]}}`},
		{name: "container that is not JSON", method: "PATCH", url: "/beta/deviceManagement", body: `{"settings": `},
		{name: "tunnel by the query", method: "GET", url: collection + "/42?X-HTTP-Method=PATCH", body: bad},
		{name: "by entity id", method: "PATCH", url: "/beta/$entity?$id=deviceManagement/complianceManagementPartners/42", body: clean},
		{name: "by encoded entity id", method: "PATCH", url: "/beta/%24entity?%24id=deviceManagement%2Fcompliance%254danagementPartners%2F42", body: clean},
		{name: "delta of the collection", method: "PATCH", url: collection, body: `{"@context": "#$delta", "value": [{"id": "42", "iosOnboarded": true}]}`},
		{name: "JSON Patch", method: "PATCH", url: collection + "/42", header: header("Content-Type", "application/json-patch+json"), body: `[{"op": "replace", "path": "/iosOnboarded", "value": "true"}]`},
		{name: "form", url: collection + "/42", header: header("Content-Type", "application/x-www-form-urlencoded"), body: "_method=PATCH&iosOnboarded=1"},
		{name: "multipart form", method: "PATCH", url: collection + "/42", header: header("Content-Type", "multipart/form-data; boundary=b"), body: part},
		{name: "clean property", method: "PUT", url: collection + "/42/displayName", body: `{"value": "x"}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			method := test.method
			if method == "" {
				method = "POST"
			}
			u, err := url.Parse("https://graph.microsoft.com" + test.url)
			if err != nil {
				t.Fatal(err)
			}
			sent := false
			next := transport(func(req *http.Request) (*http.Response, error) { sent = true; return answer(req) })
			req := &http.Request{Method: method, URL: u, Header: test.header, Body: &closer{Reader: strings.NewReader(test.body)}}
			_, err = guard.New(next, validate.Linter{}, guard.Options{}).RoundTrip(req)
			if sent != test.sent {
				t.Errorf("sent: %v, want %v: %v", sent, test.sent, err)
			}
			var refused *guard.Refused
			if !sent && (!errors.As(err, &refused) || !hasError(refused.Findings)) {
				t.Errorf("refused without a reason: %v", err)
			}
		})
	}
}

// FuzzSpelling checks for any path that an invalid PATCH is not sent if a lenient service
// would read the path as that of a partner.
func FuzzSpelling(f *testing.F) {
	for _, spelling := range spellings {
		f.Add(spelling, uint(0))
	}
	// Ways to write a letter that some services read as the letter.
	encodings := []func(c byte) string{
		func(c byte) string { return "%" + strconv.FormatUint(uint64(c)+256, 16)[1:] },
		func(c byte) string { return "%25" + strconv.FormatUint(uint64(c)+256, 16)[1:] },
		func(c byte) string { return strings.ToUpper(string(rune(c))) },
		func(c byte) string { return ";x" + string(rune(c)) },
		func(c byte) string { return "/x/%2e%2e/" + string(rune(c)) },
	}
	f.Fuzz(func(t *testing.T, text string, at uint) {
		if at > 0 && len(text) > 0 {
			i := int(at % uint(len(text)))
			if c := text[i]; c < 0x80 {
				text = text[:i] + encodings[int(at/7)%len(encodings)](c) + text[i+1:]
			}
		}
		u, err := url.Parse(text)
		if err != nil || u.Opaque != "" {
			return
		}
		req := &http.Request{Method: "PATCH", URL: u, Body: &closer{Reader: strings.NewReader(bad)}}
		_, _ = guard.New(&oracle{t: t}, validate.Linter{}, guard.Options{}).RoundTrip(req)
	})
}
