package guard_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/guard"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/validate"
)

// TestConcurrent checks that many goroutines may send through one client: every valid
// request arrives byte for byte, and no invalid one arrives.
func TestConcurrent(t *testing.T) {
	const workers = 200
	requests := corpus.Size(500, 10_000)
	// A third is bad, a quarter is compressed, a third has warnings; all differ.
	bodies := make([]string, requests)
	for i := range bodies {
		switch i % 3 {
		case 0:
			bodies[i] = fmt.Sprintf(`{"displayName": "%d", "iosOnboarded": "true"}`, i)
		case 1:
			bodies[i] = fmt.Sprintf(`{"displayName": "%d", "iosOnboarded": true, "iosEnrollmentAssignments": []}`, i)
		case 2:
			bodies[i] = fmt.Sprintf(`{"id": "%d", "iosOnboarded": true}`, i)
		}
		if i%8 < 2 {
			bodies[i] = compressed(bodies[i])
		}
	}
	request := func(i int) (body string, wrong, gzip bool) { return bodies[i], i%3 == 0, i%8 < 2 }

	arrived := make([]atomic.Int32, requests)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i, err := strconv.Atoi(path.Base(r.URL.Path))
		if err != nil {
			t.Errorf("%s arrived", r.URL)
			return
		}
		want, wrong, _ := request(i)
		got, err := io.ReadAll(r.Body)
		if wrong || err != nil || string(got) != want {
			t.Errorf("request %d arrived with %q, want %q; bad: %v, %v", i, got, want, wrong, err)
		}
		arrived[i].Add(1)
	}))
	defer server.Close()

	connections := http.DefaultTransport.(*http.Transport).Clone()
	connections.MaxIdleConns, connections.MaxIdleConnsPerHost = 0, workers // so that ports are used again
	defer connections.CloseIdleConnections()
	var told atomic.Int32
	client := http.Client{Transport: guard.New(connections, validate.Linter{}, guard.Options{
		Findings: func(req *http.Request, findings []patchlint.Diagnostic, doc *patchlint.Document) {
			if rules(findings) == "read-only-property" && doc.Root().Member("id").Text() == path.Base(req.URL.Path) {
				told.Add(1)
			}
		},
	})}
	var work sync.WaitGroup
	var next, refused atomic.Int32
	for range workers {
		work.Add(1)
		go func() {
			defer work.Done()
			for i := int(next.Add(1)) - 1; i < requests; i = int(next.Add(1)) - 1 {
				body, wrong, gzip := request(i)
				req, _ := http.NewRequest("PATCH", server.URL+path.Dir(beta)+"/"+strconv.Itoa(i), bytes.NewReader([]byte(body)))
				if gzip {
					req.Header.Set("Content-Encoding", "gzip")
				}
				response, err := client.Do(req)
				var refusal *guard.Refused
				switch {
				case errors.As(err, &refusal) && wrong:
					refused.Add(1)
				case err != nil || wrong:
					t.Errorf("request %d, bad: %v: %v", i, wrong, err)
				}
				if err == nil {
					response.Body.Close()
				}
			}
		}()
	}
	work.Wait()
	for i := range arrived {
		_, wrong, _ := request(i)
		if n := arrived[i].Load(); wrong && n != 0 || !wrong && n != 1 {
			t.Errorf("request %d, bad: %v, arrived %d times", i, wrong, n)
		}
	}
	if refused.Load() != int32(requests+2)/3 || told.Load() != int32(requests/3) {
		t.Errorf("%d refused and %d with warnings, want %d and %d", refused.Load(), told.Load(), (requests+2)/3, requests/3)
	}
}
