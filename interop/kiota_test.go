package interop_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	kiota "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/authentication"
	"github.com/microsoft/kiota-abstractions-go/serialization"
	kiotahttp "github.com/microsoft/kiota-http-go"
	kiotajson "github.com/microsoft/kiota-serialization-json-go"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/guard"
	"github.com/patchlint/patchlint/internal/corpus"
	"github.com/patchlint/patchlint/interop/graph"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

const partner = "/beta/deviceManagement/complianceManagementPartners/8ad1eb04-eb04-8ad1-04eb-d18a04ebd18a"

// TestKiota checks that guard works with the HTTP pipeline of Microsoft's Go
// client libraries, with all of its middleware: a valid update arrives as the
// library serialized it, an invalid one never arrives, and the caller learns why.
func TestKiota(t *testing.T) {
	for _, place := range []string{"inside", "around"} {
		t.Run(place, func(t *testing.T) {
			t.Parallel()
			service := graph.Start(t)
			client := newKiota(t, place)

			t.Run("corpus", func(t *testing.T) {
				all, err := corpus.Payloads("../testdata/payload")
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range all {
					if p.Name == "ok/full-object.json" {
						for m := range corpus.Mutations(p.Source) {
							all = append(all, corpus.Payload{Name: p.Name + ", " + string(m.Pointer) + " " + m.Name, Source: m.Source(), Version: p.Version})
						}
					}
				}
				sent, refused := 0, 0
				for _, p := range all {
					path := strings.Replace(partner, "beta", p.Version, 1)
					err := client.patch(t, service.URL+path, p.Source)
					want := expected(p)
					var refusal *guard.Refused
					switch arrived := service.Arrived(); {
					case want == nil:
						sent++
						if err != nil {
							t.Errorf("%s: %v", p.Name, err)
						}
						if diff := cmp.Diff([]graph.Request{{Method: "PATCH", Path: path, Encoding: "gzip", Body: string(p.Source)}}, arrived); diff != "" {
							t.Errorf("%s (-sent +arrived):\n%s", p.Name, diff)
						}
					case !errors.As(err, &refusal):
						t.Errorf("%s: got %v, want it refused", p.Name, err)
					default:
						refused++
						if diff := cmp.Diff(want, rules(refusal)); diff != "" {
							t.Errorf("%s (-Linter +guard):\n%s", p.Name, diff)
						}
						if len(arrived) > 0 {
							t.Errorf("%s arrived with the fault %v", p.Name, want)
						}
					}
				}
				t.Logf("%d sent, %d refused", sent, refused)
				if sent < 100 || refused < 100 {
					t.Error("too few to prove anything")
				}
			})

			t.Run("model", func(t *testing.T) {
				request := client.request(t, service.URL+partner)
				good := model{"displayName": "Contoso \"MTD\" é\u2028", "androidOnboarded": true}
				if err := request.SetContentFromParsable(t.Context(), client, "application/json", good); err != nil {
					t.Fatal(err)
				}
				if err := client.SendNoContent(t.Context(), request, nil); err != nil {
					t.Error(err)
				}
				if arrived := service.Arrived(); len(arrived) != 1 || arrived[0].Body != string(request.Content) {
					t.Errorf("%q arrived, want %q", arrived, request.Content)
				}
			})

			t.Run("refused by the service", func(t *testing.T) {
				service.Next(graph.Invalid)
				err := client.patch(t, service.URL+partner, []byte(`{"iosOnboarded": true}`))
				var failure *kiota.ApiError
				if !errors.As(err, &failure) || failure.ResponseStatusCode != http.StatusBadRequest {
					t.Errorf("got %v, want a 400", err)
				}
				service.Arrived()
			})

			t.Run("throttled", func(t *testing.T) {
				const body = `{"iosOnboarded": true}`
				service.Next(graph.Throttled, graph.Throttled)
				err := client.patch(t, service.URL+partner, []byte(body))
				want := []graph.Request{
					{Method: "PATCH", Path: partner, Encoding: "gzip", Body: body},
					{Method: "PATCH", Path: partner, Encoding: "gzip", Attempt: "1", Body: body},
					{Method: "PATCH", Path: partner, Encoding: "gzip", Attempt: "2", Body: body},
				}
				arrived := service.Arrived()
				if place == "around" && err != nil && strings.HasSuffix(err.Error(), "with Body length 0") {
					// Kiota rewinds a body of which the transport may not have seen
					// the end yet, and once in hundreds of times that reads it again.
					// A guard inside gives the transport a body of its own.
					t.Log(err)
					err, want = nil, want[:min(len(arrived), len(want))]
				}
				if err != nil {
					t.Error(err)
				}
				if diff := cmp.Diff(want, arrived); diff != "" {
					t.Errorf("(-sent +arrived):\n%s", diff)
				}
			})

			t.Run("uncompressed", func(t *testing.T) {
				const body = `{"iosOnboarded": true}`
				service.Next(graph.Uncompressed)
				if err := client.patch(t, service.URL+partner, []byte(body)); err != nil {
					t.Error(err)
				}
				want := []graph.Request{{Method: "PATCH", Path: partner, Encoding: "gzip", Body: body}, {Method: "PATCH", Path: partner, Body: body}}
				if diff := cmp.Diff(want, service.Arrived()); diff != "" {
					t.Errorf("(-sent +arrived):\n%s", diff)
				}
			})

			t.Run("batch", func(t *testing.T) {
				send := func(body string) error {
					text := `{"requests": [{"id": "1", "method": "PATCH", "url": "` + strings.TrimPrefix(partner, "/beta") + `", "headers": {"Content-Type": "application/json"}, "body": ` + body + `}]}`
					request := client.request(t, service.URL+"/beta/$batch")
					request.Method = kiota.POST
					request.SetStreamContentAndContentType([]byte(text), "application/json")
					return client.SendNoContent(t.Context(), request, nil)
				}
				if err := send(`{"iosOnboarded": true}`); err != nil || len(service.Arrived()) != 1 {
					t.Errorf("a good batch did not arrive: %v", err)
				}
				var refusal *guard.Refused
				if err := send(`{"iosOnboarded": "true"}`); !errors.As(err, &refusal) || len(service.Arrived()) != 0 {
					t.Errorf("a bad batch arrived: %v", err)
				}
			})
		})
	}
}

// TestKiotaAgain checks that if Kiota's middleware sends a request again, it arrives
// with the body that was meant, or not at all. The middleware of kiota-http-go v1.5.4
// does not rewind a body for a redirect; and if retries wrap the compression, which is
// left to chance by default, it sends a retry without compression that claims to be gzip.
func TestKiotaAgain(t *testing.T) {
	const body = `{"iosOnboarded": true}`
	moved := strings.Replace(partner, "beta", "v1.0", 1)
	again := map[string]graph.Answer{"redirect": graph.Moved(moved), "retry": graph.Throttled}
	orders := map[string][]kiotahttp.Middleware{
		"compression around": {kiotahttp.NewCompressionHandler(), kiotahttp.NewRetryHandler(), kiotahttp.NewRedirectHandler()},
		"compression inside": {kiotahttp.NewRetryHandler(), kiotahttp.NewRedirectHandler(), kiotahttp.NewCompressionHandler()},
		"no compression":     {kiotahttp.NewRetryHandler(), kiotahttp.NewRedirectHandler()},
		"default":            kiotahttp.GetDefaultMiddlewares(), // in any order: it ranges over a map
	}
	for reason, answer := range again {
		for order, middleware := range orders {
			t.Run(reason+", "+order, func(t *testing.T) {
				t.Parallel()
				service := graph.Start(t)
				service.Next(answer)
				err := newKiota(t, "inside", middleware...).patch(t, service.URL+partner, []byte(body))
				arrived := service.Arrived()
				if len(arrived) == 0 || len(arrived) > 2 || len(arrived) == 1 && err == nil {
					t.Errorf("%v arrived, %v", arrived, err)
				}
				for _, r := range arrived {
					if r.Body != body {
						t.Errorf("%q arrived at %s, want %s", r.Body, r.Path, body)
					}
				}
				t.Logf("%d arrived, %v", len(arrived), err)
			})
		}
	}
}

// kiotaClient is a request adapter with a guard.
type kiotaClient struct{ kiota.RequestAdapter }

// newKiota returns a client with a guard inside the middleware, where it
// sees what leaves, or around it, where it sees what the program gave.
func newKiota(t *testing.T, place string, middleware ...kiotahttp.Middleware) kiotaClient {
	t.Helper()
	if len(middleware) == 0 {
		// The default ones, in an order in which retries work.
		middleware = []kiotahttp.Middleware{
			kiotahttp.NewUserAgentHandler(), kiotahttp.NewHeadersInspectionHandler(), kiotahttp.NewParametersNameDecodingHandler(),
			kiotahttp.NewCompressionHandler(), kiotahttp.NewRedirectHandler(), kiotahttp.NewRetryHandler(),
		}
	}
	client := kiotahttp.GetDefaultClient()
	connections := kiotahttp.GetDefaultTransport()
	if place == "inside" {
		client.Transport = kiotahttp.NewCustomTransportWithParentTransport(guard.New(connections, validate.Linter{}, guard.Options{}), middleware...)
	} else {
		client.Transport = guard.New(kiotahttp.NewCustomTransportWithParentTransport(connections, middleware...), validate.Linter{}, guard.Options{})
	}
	adapter, err := kiotahttp.NewNetHttpRequestAdapterWithParseNodeFactoryAndSerializationWriterFactoryAndHttpClient(
		&authentication.AnonymousAuthenticationProvider{}, kiotajson.NewJsonParseNodeFactory(), kiotajson.NewJsonSerializationWriterFactory(), client)
	if err != nil {
		t.Fatal(err)
	}
	return kiotaClient{adapter}
}

func (c kiotaClient) request(t *testing.T, address string) *kiota.RequestInformation {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	request := kiota.NewRequestInformation()
	request.Method = kiota.PATCH
	request.SetUri(*u)
	return request
}

// patch sends a body as it is.
func (c kiotaClient) patch(t *testing.T, address string, body []byte) error {
	t.Helper()
	request := c.request(t, address)
	request.SetStreamContentAndContentType(body, "application/json")
	return c.SendNoContent(context.WithoutCancel(t.Context()), request, nil)
}

// expected returns the rules of what the Linter finds in a payload that is sent
// to the partner, nil when nothing keeps it from being sent.
func expected(p corpus.Payload) []string {
	findings := new(validate.Linter).Lint(p.Source, validate.Target{
		Version: schema.Version(p.Version), Type: "complianceManagementPartner", Key: partner[strings.LastIndexByte(partner, '/')+1:],
	})
	if !slices.ContainsFunc(findings, func(d patchlint.Diagnostic) bool { return d.Severity == patchlint.Error }) {
		return nil
	}
	return rules(&guard.Refused{Findings: findings})
}

// rules returns the rules of all findings in a request that was refused.
func rules(r *guard.Refused) []string {
	var names []string
	for _, d := range r.Findings {
		names = append(names, d.Rule)
	}
	return names
}

// model is an object as Kiota serializes one.
type model map[string]any

func (m model) GetFieldDeserializers() map[string]func(serialization.ParseNode) error { return nil }

func (m model) Serialize(w serialization.SerializationWriter) error { return w.WriteAdditionalData(m) }
