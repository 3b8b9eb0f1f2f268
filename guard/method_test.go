package guard_test

import (
	"testing"

	"github.com/patchlint/patchlint/internal/graph"
)

// TestTunnels checks which methods write, and which headers override the method.
func TestTunnels(t *testing.T) {
	for method, want := range map[string]bool{"": false, "GET": false, "head": false, "Delete": false, "PATCH": true, "merge": true, "PUT": true, "POST": true, "UPDATE": true, " PATCH ": true} {
		if got := graph.Writes(method); got != want {
			t.Errorf("Writes(%q) = %v", method, got)
		}
	}
	if !graph.Updates("merge") || !graph.Updates("PUT") || graph.Updates("POST") {
		t.Error("PATCH, MERGE and PUT are updates")
	}
	for name, want := range map[string]bool{
		"X-HTTP-Method": true, "x-http-method-override": true, "X-Method-Override": true, "_method": true, "X_HTTP_METHOD": true,
		"X-HTTP-Methods": false, "Content-Type": false, "": false, "[method": false,
	} {
		if got := graph.Tunnels("POST", name, "get, Merge"); got != want {
			t.Errorf("Tunnels(%q) = %v", name, got)
		}
	}
	for value, want := range map[string]bool{"DELETE": false, "POST": false, " post, GET": false, "POST, PATCH": true} {
		if got := graph.Tunnels("POST", "X-HTTP-Method", value); got != want {
			t.Errorf("a POST with %q: %v", value, got)
		}
	}
	if !graph.Tunnels("GET", "X-HTTP-Method", "POST") {
		t.Error("a GET that becomes a POST writes")
	}
	for method, want := range map[string][2]bool{"post": {false, true}, "PUT": {true, true}, "PATCH": {}} {
		if got := [2]bool{graph.SendsWhole(method, false, false), graph.SendsWhole(method, false, true)}; got != want {
			t.Errorf("SendsWhole(%q) of an object, a collection: %v", method, got)
		}
	}
}
