package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/schema"
)

// graph FILE starts a fake of Graph with the object in a file, makes curl use it instead
// of graph.microsoft.com, and sets ID and TOKEN. It answers GET and PATCH of that one
// partner, GET of the collection, of groups and of filters with a list, and a body that
// Graph would refuse with 400. "graph answer STATUS FILE" makes it answer each request
// with the file. "graph requests" writes the requests to the file requests.
func graph(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value("graph").(*standIn)
	switch {
	case neg:
	case len(args) == 3 && args[0] == "answer":
		status, err := strconv.Atoi(args[1])
		ts.Check(err)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.status, s.answer = status, []byte(ts.ReadFile(args[2]))
		return
	case len(args) == 1 && args[0] == "requests":
		s.mu.Lock()
		defer s.mu.Unlock()
		ts.Check(os.WriteFile(ts.MkAbs("requests"), []byte(strings.Join(append(s.requests, ""), "\n")), 0o666))
		return
	case len(args) == 1:
		home := ts.MkAbs(".curl")
		ts.Check(os.MkdirAll(home, 0o777))
		stop, err := s.start([]byte(ts.ReadFile(args[0])), home)
		ts.Check(err)
		ts.Defer(stop)
		ts.Setenv("CURL_HOME", home)
		ts.Setenv("ID", partnerID)
		ts.Setenv("TOKEN", "stand-in")
		return
	}
	ts.Fatalf("usage: graph FILE|requests|answer STATUS FILE")
}

const partnerID = "8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a"

type standIn struct {
	resource *schema.Type
	mu       sync.Mutex
	object   []byte
	requests []string
	status   int // of each answer, 0 for that of Graph
	answer   []byte
}

// start serves an object, and writes settings into a directory with which curl, if
// CURL_HOME is set to it, uses this server instead of Graph.
func (s *standIn) start(object []byte, home string) (stop func(), err error) {
	model, err := schema.Open(schema.Beta)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.resource, err = model.Resource("complianceManagementPartner"); err != nil {
		return nil, err
	}
	s.object, s.requests, s.status = object, nil, 0
	server := httptest.NewTLSServer(s)
	settings := fmt.Sprintf("insecure\nconnect-to = \"graph.microsoft.com:443:%s\"\n", server.Listener.Addr())
	return server.Close, os.WriteFile(filepath.Join(home, ".curlrc"), []byte(settings), 0o666)
}

func (s *standIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.requests = append(s.requests, strings.TrimSpace(fmt.Sprintf("%s %s %s", r.Method, r.URL.Path, body)))
	const collection = "/beta/deviceManagement/complianceManagementPartners"
	path := strings.TrimSuffix(r.URL.Path, "/")
	w.Header().Set("Content-Type", "application/json")
	switch {
	case s.status != 0:
		w.WriteHeader(s.status)
		_, _ = w.Write(s.answer)
		return
	case r.Header.Get("Authorization") != "Bearer stand-in":
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"error":{"code":"InvalidAuthenticationToken","message":"Access token has expired."}}`)
		return
	case r.Method == http.MethodGet && path == collection:
		_, _ = fmt.Fprintf(w, `{"value":[%s]}`, s.object)
		return
	case path == "/v1.0/groups":
		_, _ = io.WriteString(w, `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#groups(id,displayName)","value":[{"id":"0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c","displayName":"MTD pilot"}]}`)
		return
	case path == "/beta/deviceManagement/assignmentFilters":
		_, _ = io.WriteString(w, `{"@odata.context":"https://graph.microsoft.com/beta/$metadata#deviceManagement/assignmentFilters(id,displayName)","value":[]}`)
		return
	case path != collection+"/"+partnerID:
		w.WriteHeader(http.StatusNotFound)
		return
	case r.Method == http.MethodPatch && r.Header.Get("Content-Type") == "application/json":
		current, _ := patchlint.Parse(s.object, patchlint.JSON)
		patch, _ := patchlint.Parse(body, patchlint.JSON)
		after, _, err := diff.Apply(s.resource, "", current, patch)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		s.object = after
	case r.Method != http.MethodGet:
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	_, _ = w.Write(s.object)
}

// recipe PAGE HEADING FILE writes the first block after a heading of a page; a
// workflow's step runs with -e, as it does in CI.
func recipe(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: recipe PAGE HEADING FILE")
	}
	page, err := os.ReadFile(filepath.Join(ts.Value("root").(string), args[0]))
	ts.Check(err)
	for p := range passages(string(page)) {
		if strings.Contains(p.text, "\n## "+args[1]+"\n") {
			text := p.code
			if step, ok := strings.CutPrefix(text, "- run: |\n"); ok {
				text = "set -e\n" + step
			}
			ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(text), 0o666))
			return
		}
	}
	ts.Fatalf("no such block")
}
