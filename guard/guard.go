// Package guard keeps a bad update from being sent: it is an
// http.RoundTripper that lints the body of every update of a compliance management
// partner before it leaves the program, and refuses it where Graph would. An update of
// one that it cannot judge is refused, too.
//
// A request is looked at when its method is not one of GET, HEAD, OPTIONS, TRACE,
// CONNECT and DELETE, or when a header X-HTTP-Method, X-HTTP-Method-Override or
// X-Method-Override, or a query parameter of such a name or _method, states such
// another method. Where it goes decides, at any host and below any prefix:
//
//   - To a partner or their collection, /deviceManagement/complianceManagementPartners
//     with {id} or ('{id}'): the body is linted, whatever the method. This covers
//     PATCH, its older name MERGE, PUT, and the POST that makes a new partner. That
//     a PUT resets what its body leaves out is not judged.
//   - To .../$batch with JSON: it is linted as a batch when one of its requests goes
//     to a partner or has a body that belongs there, and when it cannot be read.
//     A request in it is refused where it would be refused by itself, and so is one
//     whose URL refers to another request, or that is a batch itself and mentions
//     partners.
//   - To .../$batch as multipart: it is refused when its text mentions partners or
//     $batch, or has parts that are encoded. It is never linted.
//   - To /deviceManagement: it is refused when the body mentions the partners, which
//     cannot be updated there, or cannot be read.
//   - To a part of a partner, such as /displayName, /$value or /$ref, to $entity with
//     an id that mentions partners, and to a URL that only some services take for that
//     of a partner: it is refused, since no rule judges such a body.
//
// URLs are read in any case of letters, with casts, and however they are encoded:
// percent-encoded more than once, with "\" for "/", empty segments, dots, path
// parameters, keys of a singleton, white space. A request without a body updates
// nothing and is sent, but for PATCH, MERGE and PUT to a partner: there an empty body
// is a mistake.
//
// The API version, the type and the id of the object come from the URL. A
// version in the URL wins over Options.Version, which counts where the URL has none,
// as behind some gateways.
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
	"github.com/patchlint/patchlint/internal/batch"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/schema/conform"
	"github.com/patchlint/patchlint/validate"
)

// Options say what is refused. The zero value refuses errors.
type Options struct {
	// Version is the API version of requests whose URL has none; "" means beta.
	Version schema.Version
	// FailOn is the least severity for which a request is refused; 0 means
	// patchlint.Error, the most severe.
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
// The maps and slices of the linter must not be changed any more.
//
// A body that is not UTF-8 by its Content-Type, that cannot be decompressed or
// that is too large is always refused, and so is a JSON batch that is sent to one
// object, and every update that cannot be judged: these have the finding
// payload-shape. A PATCH without a body has an empty one, which is not JSON: the
// finding is json-syntax.
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
	at, ok := updates(req)
	if !ok || t.options.AllowUnknownEncoding && slices.ContainsFunc(codings(req.Header), unknown) {
		return t.next.RoundTrip(req)
	}
	body, err := read(req, t.options.MaxBytes)
	if err != nil {
		return nil, err
	}
	var doc *patchlint.Document
	var findings []patchlint.Diagnostic
	if len(body) > 0 || at.replaces(req) {
		doc, findings = t.lint(req.Header, at, body)
	}
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

// target is what a request is sent to.
type target struct {
	recognize.Endpoint
	scope recognize.Scope
}

// updates returns what a request may change, if that is anything to look at. It
// asks for the method first, and takes no memory in most requests.
func updates(req *http.Request) (at target, ok bool) {
	if req.URL == nil || !graph.Writes(req.Method) && !tunnelled(req) {
		return at, false
	}
	path := req.URL.EscapedPath()
	if req.URL.Opaque != "" {
		path = req.URL.Opaque
	}
	if strings.ContainsAny(req.URL.RawQuery, "@%$") { // an alias in it may stand for the key
		path += "?" + req.URL.RawQuery
	}
	at.Endpoint, at.scope = recognize.Locate(path)
	return at, at.scope != recognize.Unrelated
}

// tunnelled reports whether a request states another method, which writes.
func tunnelled(req *http.Request) bool {
	for name, values := range req.Header {
		if slices.ContainsFunc(values, func(value string) bool { return graph.Tunnels(name, value) }) {
			return true
		}
	}
	if !strings.ContainsAny(req.URL.RawQuery, "-_%") {
		return false
	}
	values, _ := url.ParseQuery(req.URL.RawQuery) // of one that is malformed, as much as can be read
	for name, list := range values {
		if slices.ContainsFunc(list, func(value string) bool { return graph.Tunnels(name, value) }) {
			return true
		}
	}
	return false
}

// replaces reports whether a request without a body is a mistake: an update of an
// object by its method.
func (at target) replaces(req *http.Request) bool {
	return at.scope == recognize.Addressed && !at.Batch && (graph.Updates(req.Method) || tunnelled(req))
}

// multipart reports whether a batch is one of OData's older kind (OData
// Protocol, 11.7), which Graph does not take and other services do.
func multipart(header http.Header) bool {
	media, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	return strings.HasPrefix(media, "multipart/")
}

// lint returns the findings of a body as it is sent.
func (t *transport) lint(header http.Header, at target, body []byte) (*patchlint.Document, []patchlint.Diagnostic) {
	text, fault := decode(header, body, t.options.MaxBytes)
	if fault != nil {
		return patchlint.Unparsed(nil), []patchlint.Diagnostic{*fault}
	}
	if at.Batch && at.scope == recognize.Addressed && multipart(header) {
		return patchlint.Unparsed(text), lintMultipart(text)
	}
	doc, _ := patchlint.Parse(text, patchlint.JSON) // its error is among the faults
	to := validate.Target{Version: cmp.Or(at.Version, t.options.Version, schema.Beta)}
	switch {
	case at.scope == recognize.Partial:
		return doc, []patchlint.Diagnostic{partial(doc.Root(), at.Endpoint)}
	case at.scope == recognize.Containing:
		return doc, lintContainer(t.linter, doc, to, at.Endpoint)
	case at.Batch:
		to.Batch = true
		return doc, lintBatch(&t.linter, doc, to)
	}
	to.Type, to.Key = at.Type, at.Key
	findings := t.linter.LintDocument(doc, to)
	if _, ok := batch.Requests(t.linter.Models, doc, to.Version, to.Batch); ok {
		// LintDocument has taken it for a batch, and here it is the body of an
		// update.
		findings = append(findings, unjudged(doc.Root().Member("requests"), "this is a batch, but the URL names one object; send it to $batch"))
		patchlint.SortDiagnostics(findings)
	}
	return doc, findings
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
	if u.Opaque != "" { // of a form that net/url does not parse
		if parsed, err := url.Parse(u.String()); err == nil {
			u = parsed
		}
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
}
