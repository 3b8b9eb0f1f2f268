package msgraph_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/microsoft/kiota-abstractions-go/authentication"
	kiotahttp "github.com/microsoft/kiota-http-go"
	core "github.com/microsoftgraph/msgraph-sdk-go-core"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/guard"
	"github.com/patchlint/patchlint/interop/graph"
	"github.com/patchlint/patchlint/validate"
)

const (
	id      = "8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a"
	groupID = "0a4b7c1e-3f52-4c8d-9b60-7d1e2f3a4b5c"
)

// guarded is the client of an SDK with a guard below its middleware, and a
// service that it talks to.
type guarded struct {
	*graph.Service
	client *http.Client
	anyone authentication.AuthenticationProvider

	mutex sync.Mutex
	told  []string
}

func newGuarded(t *testing.T, options *core.GraphClientOptions) *guarded {
	g := &guarded{Service: graph.Start(t), client: core.GetDefaultClient(options), anyone: new(authentication.AnonymousAuthenticationProvider)}
	connections := guard.New(kiotahttp.GetDefaultTransport(), validate.Linter{}, guard.Options{
		Findings: func(_ *http.Request, findings []patchlint.Diagnostic, _ *patchlint.Document) {
			g.mutex.Lock()
			defer g.mutex.Unlock()
			g.told = append(g.told, rules(findings)...)
		},
	})
	g.client.Transport = kiotahttp.NewCustomTransportWithParentTransport(connections, core.GetDefaultMiddlewaresWithOptions(options)...)
	return g
}

func rules(findings []patchlint.Diagnostic) []string {
	var names []string
	for _, d := range findings {
		names = append(names, d.Rule)
	}
	return names
}

// update is one update that an SDK sends.
type update struct {
	name string
	send func() error
	body string // what arrives; "" for what is refused
	// rules are the rules of the findings, for a refused update or a sent one.
	rules []string
}

// try sends updates and checks the result of each.
func (g *guarded) try(t *testing.T, path string, updates []update) {
	for _, u := range updates {
		t.Run(u.name, func(t *testing.T) {
			g.told = nil
			err := u.send()
			arrived := g.Arrived()
			arrived = slices.DeleteFunc(arrived, func(r graph.Request) bool { return r.Method == http.MethodGet })
			var refused *guard.Refused
			switch {
			case u.body != "":
				if err != nil {
					t.Error(err)
				}
				if diff := cmp.Diff([]graph.Request{{Method: "PATCH", Path: path, Encoding: "gzip", Body: u.body}}, arrived); diff != "" {
					t.Errorf("(-want +arrived):\n%s", diff)
				}
				if diff := cmp.Diff(u.rules, g.told); diff != "" {
					t.Errorf("findings of what arrived (-want +got):\n%s", diff)
				}
			case !errors.As(err, &refused):
				t.Errorf("got %v, want it refused; %v arrived", err, arrived)
			default:
				if len(arrived) > 0 {
					t.Errorf("%v arrived", arrived)
				}
				if diff := cmp.Diff(u.rules, rules(refused.Findings)); diff != "" {
					t.Errorf("%v: (-want +got):\n%s", refused, diff)
				}
				if want := g.URL + path; refused.URL != want || !strings.HasPrefix(refused.Error(), "patchlint: not sent: ") {
					t.Errorf("refused %s: %v, want %s", refused.URL, refused, want)
				}
			}
		})
	}
}

func to[T any](v T) *T { return &v }
