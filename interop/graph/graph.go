// Package graph is a fake of Microsoft Graph for tests of client libraries. It accepts
// updates of compliance management partners, records requests, and answers as the
// service is known to.
package graph

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// Service is a server that runs until its test ends.
type Service struct {
	// URL is the address of the server, without an API version.
	URL string

	mutex   sync.Mutex
	arrived []Request
	answers []Answer
}

// Request is a request that has arrived.
type Request struct {
	Method, Path string
	// Encoding is the Content-Encoding, Attempt the header in which Kiota counts
	// retries.
	Encoding, Attempt string
	// Body is decompressed.
	Body string
}

// Answer answers a request.
type Answer func(w http.ResponseWriter, r *http.Request)

// Start starts a Service.
func Start(t testing.TB) *Service {
	s := new(Service)
	server := httptest.NewServer(http.HandlerFunc(s.serve))
	s.URL = server.URL
	t.Cleanup(server.Close)
	return s
}

// Next sets the answers to the next requests, in order. Later requests get the updated
// object.
func (s *Service) Next(answers ...Answer) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.answers = answers
}

// Arrived returns the requests that have arrived since its last call.
func (s *Service) Arrived() []Request {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	arrived := s.arrived
	s.arrived = nil
	return arrived
}

func (s *Service) serve(w http.ResponseWriter, r *http.Request) {
	var body io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		var err error
		if body, err = gzip.NewReader(r.Body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
	}
	text, err := io.ReadAll(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mutex.Lock()
	s.arrived = append(s.arrived, Request{r.Method, r.URL.Path, r.Header.Get("Content-Encoding"), r.Header.Get("Retry-Attempt"), string(text)})
	answer := Updated(text)
	if len(s.answers) > 0 {
		answer, s.answers = s.answers[0], s.answers[1:]
	}
	s.mutex.Unlock()
	answer(w, r)
}

// Updated is the answer to an update that succeeds: 200 and the object.
func Updated(body []byte) Answer {
	return func(w http.ResponseWriter, r *http.Request) {
		object := make(map[string]any)
		_ = json.Unmarshal(body, &object) // the id of an object never changes
		object["@odata.context"] = "https://graph.microsoft.com/beta/$metadata#deviceManagement/complianceManagementPartners/$entity"
		object["id"] = r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
		write(w, http.StatusOK, object)
	}
}

// Invalid answers with 400 and Graph's error object, as Intune does if a body does not
// fit the model.
func Invalid(w http.ResponseWriter, _ *http.Request) {
	write(w, http.StatusBadRequest, map[string]any{"error": map[string]any{
		"code":    "ModelValidationFailure",
		"message": "the body is not what the model takes",
		"innerError": map[string]any{
			"date":              "2026-08-20T10:00:00",
			"request-id":        "0b7e3a9c-3f52-4c8d-9b60-7d1e2f3a4b5c",
			"client-request-id": "0b7e3a9c-3f52-4c8d-9b60-7d1e2f3a4b5c",
		},
	}})
}

// Throttled answers that there were too many requests, and asks for a retry after one
// second.
func Throttled(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Retry-After", "1")
	write(w, http.StatusTooManyRequests, map[string]any{"error": map[string]any{"code": "TooManyRequests", "message": "too many requests"}})
}

// Uncompressed answers that bodies must not be compressed.
func Uncompressed(w http.ResponseWriter, _ *http.Request) {
	write(w, http.StatusUnsupportedMediaType, map[string]any{"error": map[string]any{"code": "UnsupportedMediaType", "message": "no gzip"}})
}

// Moved redirects the request to a path.
func Moved(path string) Answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", path)
		w.WriteHeader(http.StatusTemporaryRedirect)
	}
}

func write(w http.ResponseWriter, status int, value any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(value) // a client that has gone needs no answer
}
