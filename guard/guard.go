// Package guard keeps a bad update from being sent: it is an
// http.RoundTripper that lints the body of every PATCH to an endpoint that
// patchlint knows, before it leaves the program, and refuses it where Graph
// would.
//
// What is looked at:
//
//   - a PATCH to /deviceManagement/complianceManagementPartners/{id}, in any of
//     the spellings that schema.ParseEndpoint reads, at any host, below any
//     prefix; in whatever case the method is written;
//   - a POST there that a header X-HTTP-Method or X-HTTP-Method-Override turns
//     into a PATCH;
//   - a POST to .../$batch, unless its Content-Type is multipart: the JSON is
//     linted as a batch when one of its requests goes to such an endpoint or has
//     a body that belongs there, and when it cannot be read, so that nobody
//     knows what is in it. Any other batch is sent as it is.
//
// The API version, the type and the id of the object come from the URL. A
// version in the URL wins over that of the Linter, which counts where the URL
// has none, as behind some gateways.
//
// Everything else goes to the next RoundTripper as it came: the same Request,
// its body unread.
//
// A body that passes is sent byte for byte, with the headers and the length
// that the caller stated. It is read into memory once for every attempt, from
// Body and never from GetBody, because Body is what would be sent. Retries and
// redirects are attempts like any other: each is linted, for the URL that it
// goes to.
//
// A body in gzip, as Microsoft's client libraries send it by default, is
// decompressed for the Linter and sent compressed as it was.
package guard

import (
	"bytes"
	"cmp"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/schema/conform"
	"github.com/patchlint/patchlint/validate"
)

// Options say what is refused. The zero value refuses errors.
type Options struct {
	// FailOn is the least severity for which a request is refused; 0 means
	// patchlint.Error, which nothing is graver than.
	FailOn patchlint.Severity
	// Findings, when it is not nil, is called with the findings of a request
	// that is sent in spite of them. It is called once for each attempt, before
	// it is sent, by the goroutine that sends it; a client that is used by
	// several goroutines calls it from several at once. The body of the request
	// has been read already and is the source of the document.
	Findings func(req *http.Request, findings []patchlint.Diagnostic, doc *patchlint.Document)
	// MaxBytes is the size up to which bodies are read, as they are sent and
	// decompressed; 0 means 64 MiB, and what is over 2 GiB means 2 GiB. A larger
	// body is refused with the finding json-limit.
	MaxBytes int64
	// AllowUnknownEncoding sends a body unread when its Content-Encoding is not
	// gzip or identity. Without it such a request is refused with the finding
	// json-encoding.
	AllowUnknownEncoding bool

	_ struct{}
}

// New returns a RoundTripper that hands requests on to next, except for those
// in which linter finds what options do not let pass: these end with a
// *Refused and are not sent. Where next is nil it is http.DefaultTransport.
//
// The Type and the ID of the linter do not count, for the URL of each request
// has them. Its maps and slices must not be changed any more.
//
// A body that is not UTF-8 by its Content-Type, that cannot be decompressed or
// that is too large is always refused, and so is a JSON batch that is sent to one
// object. A request without a body has an empty one, which is no JSON: the finding
// is json-syntax.
//
// To see what leaves the program, the RoundTripper belongs between the client's
// middleware and the transport. Around the middleware it works as well, and
// does not see what that makes of the body.
func New(next http.RoundTripper, linter validate.Linter, options Options) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	options.FailOn = min(cmp.Or(options.FailOn, patchlint.Error), patchlint.Error)
	if options.MaxBytes <= 0 {
		options.MaxBytes = patchlint.DefaultMaxBytes
	}
	options.MaxBytes = min(options.MaxBytes, patchlint.MaxSize)
	linter.Thorough = conform.Check
	return &transport{next, linter, options}
}

// transport is safe for concurrent use: nothing in it changes.
type transport struct {
	next    http.RoundTripper
	linter  validate.Linter
	options Options
}

// RoundTrip sends a request that may be sent.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	endpoint, ok := updates(req)
	if !ok || t.options.AllowUnknownEncoding && slices.ContainsFunc(codings(req.Header), unknown) {
		return t.next.RoundTrip(req)
	}
	body, err := read(req, t.options.MaxBytes)
	if err != nil {
		return nil, err
	}
	doc, findings := t.lint(req.Header, endpoint, body)
	refused := slices.ContainsFunc(findings, func(d patchlint.Diagnostic) bool { return d.Severity >= t.options.FailOn })
	if refused {
		return nil, &Refused{Method: req.Method, URL: plain(req.URL), Findings: findings, Document: doc, failOn: t.options.FailOn}
	}
	if len(findings) > 0 && t.options.Findings != nil {
		t.options.Findings(req, findings, doc)
	}
	if req.Body != nil {
		req = withBody(req, body)
	}
	return t.next.RoundTrip(req)
}

// CloseIdleConnections is what http.Client.CloseIdleConnections calls.
func (t *transport) CloseIdleConnections() {
	if next, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		next.CloseIdleConnections()
	}
}

// updates returns what a request changes, if that is anything to look at. It
// takes no memory unless the query may have an alias, and it asks for the method
// first, so that it takes no time in most requests either.
func updates(req *http.Request) (e schema.Endpoint, ok bool) {
	patch, post := strings.EqualFold(req.Method, http.MethodPatch), strings.EqualFold(req.Method, http.MethodPost)
	if req.URL == nil || !patch && !post {
		return e, false
	}
	path := req.URL.EscapedPath()
	if req.URL.Opaque != "" {
		path = req.URL.Opaque
	}
	if strings.ContainsAny(req.URL.RawQuery, "@%") { // an alias in it may stand for the key
		path += "?" + req.URL.RawQuery
	}
	if e, ok = schema.ParseEndpoint(path); !ok {
		return e, false
	}
	if e.Batch {
		return e, post && !multipart(req.Header)
	}
	return e, patch || tunnelled(req.Header)
}

// tunnelled reports whether a POST is to be taken for a PATCH.
func tunnelled(header http.Header) bool {
	for name, values := range header {
		if slices.ContainsFunc(values, func(value string) bool { return validate.Tunnels(name, value) }) {
			return true
		}
	}
	return false
}

// multipart reports whether a batch is one of OData's older kind (OData
// Protocol, 11.7), which Graph does not take and other services do.
func multipart(header http.Header) bool {
	media, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	return strings.HasPrefix(media, "multipart/")
}

// lint returns the findings of a body as it is sent.
func (t *transport) lint(header http.Header, e schema.Endpoint, body []byte) (*patchlint.Document, []patchlint.Diagnostic) {
	text, fault := decode(header, body, t.options.MaxBytes)
	if fault != nil {
		return patchlint.Unparsed(nil), []patchlint.Diagnostic{*fault}
	}
	doc, _ := patchlint.Parse(text, patchlint.JSON) // its error is among the faults
	linter := t.linter
	linter.Version = cmp.Or(e.Version, linter.Version)
	linter.Type, linter.ID = e.Type, e.Key
	if e.Batch {
		if !concerns(doc, linter.Version) {
			return doc, nil
		}
		return doc, linter.LintBatch(doc)
	}
	findings := linter.LintDocument(doc)
	if _, ok := validate.Batch(doc); ok {
		// LintDocument has taken it for what it looks like, and here it is the
		// body of an update.
		requests := doc.Root().Member("requests")
		findings = append(findings, patchlint.Diagnostic{
			Rule: "payload-shape", Severity: patchlint.Error, Pointer: requests.Pointer(), Span: requests.Key(),
			Message: "this is a batch, and the URL is that of one object; send it to $batch",
		})
		patchlint.SortDiagnostics(findings)
	}
	return doc, findings
}

// concerns reports whether a batch has to do with an endpoint that is known:
// some text in it is the URL of one, wherever it stands, for the service may be
// less strict about names and shape than we are; or an update in it has the body
// of one.
func concerns(doc *patchlint.Document, version schema.Version) bool {
	model, err := schema.Open(version)
	if err != nil || !doc.Whole() {
		return true
	}
	for n := range doc.Root().All() {
		if n.Kind() == patchlint.String {
			if e, ok := schema.ParseEndpoint(n.Text()); ok && !e.Batch {
				return true
			}
		}
	}
	requests, _ := validate.Batch(doc)
	return slices.ContainsFunc(requests, func(r validate.Request) bool {
		resource := model.Detect(r.Body)
		return r.Updates() && resource != nil && resource.Path() != ""
	})
}

// withBody returns the request with a body that can be read again. The request
// itself must stay as it is (http.RoundTripper), so that its sender may retry.
func withBody(req *http.Request, src []byte) *http.Request {
	req = req.Clone(req.Context())
	req.Body = body{bytes.NewReader(src)}
	req.GetBody = func() (io.ReadCloser, error) { return body{bytes.NewReader(src)}, nil }
	return req
}

// body can be rewound: the retries of Microsoft's client libraries rely on it.
type body struct{ *bytes.Reader }

func (body) Close() error { return nil }

// plain returns a URL without what may be secret in it.
func plain(u *url.URL) string {
	if u.Opaque != "" { // of a form that net/url does not take apart
		if parsed, err := url.Parse(u.String()); err == nil {
			u = parsed
		}
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
}
