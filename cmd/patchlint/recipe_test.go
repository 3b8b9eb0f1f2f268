package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/schema"
)

// graph FILE starts a stand-in for Graph that holds the object of a file, and
// sets GRAPH, ID and TOKEN. It answers GET and PATCH of that one partner, GET of
// the collection with a list, and a body that Graph would refuse with 400.
// "graph answer STATUS FILE" has it answer each request with the file. "graph
// requests" prints what was asked of it into the file requests.
func graph(ts *testscript.TestScript, neg bool, args []string) {
	s := ts.Value("graph").(*standIn)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case neg:
	case len(args) == 3 && args[0] == "answer":
		status, err := strconv.Atoi(args[1])
		ts.Check(err)
		s.status, s.answer = status, []byte(ts.ReadFile(args[2]))
		return
	case len(args) == 1 && args[0] == "requests":
		ts.Check(os.WriteFile(ts.MkAbs("requests"), []byte(strings.Join(append(s.requests, ""), "\n")), 0o666))
		return
	case len(args) == 1:
		model, err := schema.Open(schema.Beta)
		ts.Check(err)
		resource, err := model.Resource("complianceManagementPartner")
		ts.Check(err)
		s.resource, s.object, s.requests, s.status = resource, []byte(ts.ReadFile(args[0])), nil, 0
		server := httptest.NewServer(s)
		ts.Defer(server.Close)
		ts.Setenv("GRAPH", server.URL)
		ts.Setenv("ID", partnerID)
		ts.Setenv("TOKEN", "stand-in")
		return
	}
	ts.Fatalf("usage: graph FILE|requests|answer STATUS FILE")
}

const partnerID = "8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a"

type standIn struct {
	resource *schema.Resource
	mu       sync.Mutex
	object   []byte
	requests []string
	status   int // of each answer, 0 for that of Graph
	answer   []byte
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
	case path != collection+"/"+partnerID:
		w.WriteHeader(http.StatusNotFound)
		return
	case r.Method == http.MethodPatch && r.Header.Get("Content-Type") == "application/json":
		current, _ := patchlint.Parse(s.object, patchlint.JSON)
		patch, _ := patchlint.Parse(body, patchlint.JSON)
		after, err := diff.Apply(s.resource, current, patch)
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

// recipe LANGUAGE FILE writes the README's first block of a language that
// calls curl; a workflow's step runs with -e, as it does in CI.
func recipe(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: recipe LANGUAGE FILE")
	}
	readme, err := os.ReadFile(filepath.Join(ts.Value("root").(string), "README.md"))
	ts.Check(err)
	for _, m := range regexp.MustCompile("(?s)```"+args[0]+"\n(.*?)```").FindAllStringSubmatch(string(readme), -1) {
		if strings.Contains(m[1], "curl") {
			text := m[1]
			if step, ok := strings.CutPrefix(text, "- run: |\n"); ok {
				text = "set -e\n" + step
			}
			ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(text), 0o666))
			return
		}
	}
	ts.Fatalf("no such block")
}
