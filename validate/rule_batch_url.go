package validate

import (
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/recognize"
)

var _ = register(&Rule{
	Rule: patchlint.Rule{
		ID: "batch-url", Severity: patchlint.Error, Since: "0.1.0",
		Summary: "a request in a batch with a URL that Graph cannot resolve",
		Why:     `URLs in a batch are relative to the API version of the batch, and have no host or version: /deviceManagement/complianceManagementPartners/{id}. A PATCH needs the id of the object.`,
		Bad:     sampleStart + sampleMethod + "PATCH" + sampleURL + "https://graph.microsoft.com/beta" + sampleAddress + sampleHeaders + sampleBody + sampleEnd,
		Good:    sampleStart + sampleUpdate + sampleEnd,
		Links:   []string{"https://learn.microsoft.com/graph/json-batching"},
	},
	batch: func(p *Pass) {
		ofGraph := p.Target.Batch || p.assumed || slices.ContainsFunc(p.requests, func(r recognize.Request) bool { return r.Known })
		for _, r := range p.requests {
			text := r.URL.Text()
			updates := r.Updates() && !r.Inserts()
			host, path := absolute.Get().FindString(text), text
			if host != "" {
				path = "/" + text[len(host):]
			}
			version, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/") // as it is written
			if recognize.VersionOf(version) == "" {
				version = ""
			}
			switch resource := recognize.Payload(p.model, r.Body); {
			case r.Node.Kind() != patchlint.Object: // payload-shape
			case !r.URL.Exists():
				p.ReportObject(r.Node, `the request has no "url"; add one, for example "url": "/deviceManagement/complianceManagementPartners/{id}"`)
			case r.URL.Kind() != patchlint.String:
				p.ReportValue(r.URL, "the URL of a request must be a string, not %s", r.URL.Kind())
			case text == "":
				p.ReportValue(r.URL, "the URL of a request must not be empty")
			case host != "" || version != "":
				what := "not have a host"
				if host == "" {
					what = "not start with /" + version
				}
				graphs := host == "" || strings.EqualFold(host, "https://graph.microsoft.com/") // otherwise the path may mean something else
				safe := graphs && strings.EqualFold(version, string(p.model.Version))
				below := strings.TrimPrefix(strings.TrimPrefix(path, "/"), version)
				d := suggest(r.URL.Span(), fixes.Quote("/"+strings.TrimPrefix(below, "/")), safe)
				p.report(r.URL, d, "a URL in a batch must %s, because the URL of the batch determines the host and API version; write %s", what, d.Suggestion)
			case updates && r.Known && r.Endpoint.Collection:
				p.ReportValue(r.URL, "%s", recognize.MissingKey(path))
			case updates && !r.Known && resource != nil && slices.Contains(p.model.Resources(), resource) && resource.Path() != "":
				p.ReportValue(r.URL, "the body is a %s, which is not updated at this URL; use %s", resource.Short(), resource.Path())
			case r.Endpoint.Batch && r.Updates():
				p.warn(r.URL, "the requests in a nested batch are not checked; check them as a separate batch")
			case updates && !r.Known && ofGraph && r.Body.Kind() == patchlint.Object && !strings.Contains(text, "{{") && !strings.HasSuffix(path, "/$ref"):
				p.warn(r.URL, "it is unknown what this URL addresses, so the body of this request is not checked; correct the URL if it is misspelled")
			}
		}
	},
})

// absolute matches the scheme and host of a URL (RFC 3986, 3), and the slash after them.
var absolute = lazy.Regexp(`^[^/?#]*://[^/?#]*/?`)
