package guard_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/guard"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/validate"
)

// FuzzSend checks for any request that it is not sent if the Linter finds an error in it,
// that a request that is sent is unchanged, and that a refusal has a reason.
func FuzzSend(f *testing.F) {
	payloads, err := corpus.Payloads("../testdata/payload")
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range payloads {
		if len(p.Source) < 2000 {
			f.Add("PATCH", "/"+p.Version+"/deviceManagement/complianceManagementPartners/42", "", "", p.Source)
			f.Add("POST", "/"+p.Version+"/$batch", "", "", []byte(batchOf("/deviceManagement/complianceManagementPartners/42", string(p.Source))))
		}
	}
	f.Add("POST", "/deviceManagement/complianceManagementPartners('42')", "X-HTTP-Method", "PATCH", []byte(bad))
	f.Add("PATCH", beta, "Content-Encoding", "gzip", []byte(compressed(bad)))
	f.Add("patch", beta+"/", "content-encoding", "identity, br", []byte(clean))
	f.Add("PATCH", "//user@host"+v1, "Content-Type", "application/json; charset=utf-16", []byte(clean))
	f.Fuzz(func(t *testing.T, method, address, name, value string, body []byte) {
		u, err := url.Parse(address)
		if err != nil {
			return
		}
		source := &closer{Reader: bytes.NewReader(body)}
		req := &http.Request{Method: method, URL: u, Header: header(name, value), Body: source, ContentLength: int64(len(body))}
		sent := false
		next := transport(func(out *http.Request) (*http.Response, error) {
			sent = true
			if got, err := io.ReadAll(out.Body); err != nil || !bytes.Equal(got, body) || out.ContentLength != req.ContentLength {
				t.Errorf("%q is sent for %q, %v", got, body, err)
			}
			out.Body.Close()
			return answer(out)
		})
		_, err = guard.New(next, validate.Linter{}, guard.Options{MaxBytes: 1 << 16}).RoundTrip(req)
		if source.closed != 1 {
			t.Errorf("the body was closed %d times", source.closed)
		}
		var refused *guard.Refused
		switch {
		case sent && err != nil, !sent && !errors.As(err, &refused):
			t.Errorf("sent: %v, with the error %v", sent, err)
		case sent && faulty(req, body):
			t.Errorf("%s %s was sent with %q", method, address, body)
		case !sent && (refused.Error() == "" || !hasError(refused.Findings)):
			t.Errorf("refused without a reason: %v", refused)
		}
	})
}

// faulty reports whether the Linter finds an error in an update in a request.
func faulty(req *http.Request, body []byte) bool {
	e, scope := recognize.Locate(req.URL.EscapedPath())
	ok := scope == recognize.Addressed || scope == recognize.Batched
	patch := strings.EqualFold(req.Method, "PATCH") || strings.EqualFold(req.Method, "PUT")
	for name, values := range req.Header {
		patch = patch || strings.EqualFold(name, "X-HTTP-Method") && strings.EqualFold(values[0], "PATCH")
		if strings.EqualFold(name, "Content-Encoding") && strings.EqualFold(values[0], "gzip") {
			r, err := gzip.NewReader(bytes.NewReader(body))
			if err != nil {
				return ok && patch
			}
			body, _ = io.ReadAll(r)
		}
	}
	if !ok || !patch && !e.Batch {
		return false
	}
	if !e.Batch {
		return hasError(new(validate.Linter).Lint(body, validate.Target{Version: e.Version, Type: e.Type, Key: e.Key}))
	}
	doc, err := patchlint.Parse(body, patchlint.JSON)
	if err != nil || !patch && !strings.EqualFold(req.Method, "POST") || strings.HasPrefix(req.Header.Get("Content-Type"), "multipart/") {
		return false
	}
	requests, _ := recognize.Requests(nil, doc, "", false)
	for _, r := range requests {
		if r.Known && r.Updates() {
			to := validate.Target{Version: e.Version, Type: r.Endpoint.Type, Key: r.Endpoint.Key}
			if text := r.Body.Raw(); text == nil && strings.EqualFold(r.Node.Member("method").Text(), "PATCH") || text != nil && hasError(new(validate.Linter).Lint(text, to)) {
				return true
			}
		}
	}
	return false
}

func hasError(findings []patchlint.Diagnostic) bool {
	for _, d := range findings {
		if d.Severity == patchlint.Error {
			return true
		}
	}
	return false
}
