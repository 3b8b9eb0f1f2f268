package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/diff"
	"github.com/patchlint/patchlint/schema"
)

// graph FILE starts a stand-in for Graph that holds the object of a file, and
// sets GRAPH, ID and TOKEN. It answers GET and PATCH of that one partner, and a
// body that Graph would refuse with 400. "graph requests" prints what was asked
// of it into the file requests.
func graph(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: graph FILE|requests")
	}
	if args[0] == "requests" {
		s := ts.Value("graph").(*standIn)
		s.mu.Lock()
		defer s.mu.Unlock()
		ts.Check(os.WriteFile(ts.MkAbs("requests"), []byte(strings.Join(s.requests, "\n")+"\n"), 0o666))
		return
	}
	model, err := schema.Open(schema.Beta)
	ts.Check(err)
	resource, err := model.Resource("complianceManagementPartner")
	ts.Check(err)
	s := ts.Value("graph").(*standIn)
	s.resource, s.object = resource, []byte(ts.ReadFile(args[0]))
	server := httptest.NewServer(s)
	ts.Defer(server.Close)
	ts.Setenv("GRAPH", server.URL)
	ts.Setenv("ID", "8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a")
	ts.Setenv("TOKEN", "stand-in")
}

type standIn struct {
	resource *schema.Resource
	mu       sync.Mutex
	object   []byte
	requests []string
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
	switch {
	case r.Header.Get("Authorization") != "Bearer stand-in":
		w.WriteHeader(http.StatusUnauthorized)
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
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(s.object)
}

// recipe LANGUAGE FILE writes the README's first block of a language that
// calls curl.
func recipe(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: recipe LANGUAGE FILE")
	}
	readme, err := os.ReadFile("../../README.md")
	ts.Check(err)
	for _, m := range regexp.MustCompile("(?s)```"+args[0]+"\n(.*?)```").FindAllStringSubmatch(string(readme), -1) {
		if strings.Contains(m[1], "curl") {
			text := strings.TrimPrefix(m[1], "- run: |\n")
			ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte("set -e\n"+text), 0o666))
			return
		}
	}
	ts.Fatalf("no such block")
}
