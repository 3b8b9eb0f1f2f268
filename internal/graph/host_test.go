package graph_test

import (
	"testing"

	"github.com/patchlint/patchlint/internal/graph"
)

// TestHostOf checks that a URL is on a host of Graph only if a client would connect to it.
func TestHostOf(t *testing.T) {
	for _, test := range []struct {
		url, host string
		ok, graph bool
	}{
		{"https://graph.microsoft.com/v1.0/$metadata", "graph.microsoft.com", true, true},
		{"HTTP://Graph.Microsoft.com", "Graph.Microsoft.com", true, true},
		{"https://graph.microsoft.com:443/v1.0", "graph.microsoft.com", true, true},
		{"https://graph.microsoft.com.:443/v1.0", "graph.microsoft.com", true, true},
		{"https://graph.microsoft.com?x", "graph.microsoft.com", true, true},
		{"https://graph.microsoft.com:8443/v1.0", "graph.microsoft.com:8443", true, false},
		{"https://user:x@graph.microsoft.com/v1.0", "user:x@graph.microsoft.com", true, false},
		{"https://graph.microsoft.com@evil.example/v1.0", "graph.microsoft.com@evil.example", true, false},
		{"https://evil.example?@graph.microsoft.com/v1.0", "evil.example", true, false},
		{"https://evil.example#@graph.microsoft.com/v1.0", "evil.example", true, false},
		{`https://evil.example\@graph.microsoft.com/v1.0`, "evil.example", true, false},
		{"ftp://graph.microsoft.com", "", true, false},
		{"$metadata", "", false, false},
	} {
		host, ok := graph.HostOf(test.url)
		if host != test.host || ok != test.ok || graph.IsHost(host) != test.graph {
			t.Errorf("%s: %q %v, a host of Graph: %v", test.url, host, ok, graph.IsHost(host))
		}
	}
}
