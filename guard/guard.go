// Package guard provides an http.RoundTripper that lints the body of every update of a
// compliance management partner before it is sent, and refuses an update that Graph would
// refuse or that cannot be checked.
//
// A request may be an update unless its method is GET, HEAD, OPTIONS, TRACE, CONNECT or
// DELETE. Another method in a header X-HTTP-Method, X-HTTP-Method-Override or
// X-Method-Override, or in a query parameter with such a name or _method, counts, too.
// The path of the URL determines how a request is handled, for any host and after any
// prefix:
//
//   - A partner or the collection of partners, /deviceManagement/complianceManagementPartners
//     with {id} or ('{id}'): the body is linted, whatever the method. This covers
//     PATCH, its older name MERGE, PUT, and the POST that creates a partner. An update
//     of the collection is refused. guard does not warn that a PUT resets the properties
//     that its body leaves out.
//   - $batch with JSON: the body is linted as a batch if one of its requests goes to a
//     partner or has the body of one, or if it cannot be read. A request in it is refused
//     if it would be refused alone, if it is a POST to one partner, if its URL refers to
//     another request, or if it is a batch that mentions partners.
//   - $batch with a multipart body: it is never linted, and refused if its text mentions
//     partners or $batch or if parts of it are encoded.
//   - /deviceManagement: the request is refused if its body mentions the partners, which
//     cannot be updated there, or cannot be read.
//   - A part of a partner, such as /displayName, /$value or /$ref; $entity with an id that
//     mentions partners; and a URL that only some services read as that of a partner: the
//     request is refused, because no rule checks such a body.
//
// URLs are recognized in any case, with casts, and in any encoding: percent-encoded more
// than once, with "\" for "/", empty segments, dots, path parameters, keys of a
// singleton, or white space. A request without a body updates nothing and is sent, except
// for PATCH, MERGE and PUT to a partner, where an empty body is a mistake.
//
// The API version, type and id of the object come from the URL. Options.Version is used
// only if the URL has no version, as behind some gateways.
//
// All other requests are passed to the next RoundTripper unchanged, their bodies unread.
//
// A body that passes is sent byte for byte, with the original headers and length. It is
// read into memory once for each attempt, from Body and never from GetBody, because Body
// is what would be sent. Retries and redirects are linted like any other request, for
// their own URL.
//
// A gzip body, as Microsoft's client libraries send it by default, is decompressed for
// the Linter and sent as it was.
package guard

import (
	"bytes"
	"cmp"
	"io"
	"math"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/schema/conform"
	"github.com/patchlint/patchlint/validate"
)

// Options are options of New. The zero value refuses requests with errors.
type Options struct {
	// Version is the API version of requests whose URL has none; "" means beta.
	Version schema.Version
	// FailOn is the lowest severity for which a request is refused; 0 means
	// patchlint.Error.
	FailOn patchlint.Severity
	// Findings, if not nil, is called with the findings of a request that is sent
	// nevertheless. It is called once for each attempt, before it is sent, in the
	// goroutine that sends it, and so possibly from several goroutines at once. The body
	// of the request has already been read and is the source of the document.
	Findings func(req *http.Request, findings []patchlint.Diagnostic, doc *patchlint.Document)
	// MaxBytes is the maximum size of a body, both as sent and decompressed; 0 means
	// 64 MiB, and 2 GiB is the upper limit. A larger body is refused with the finding
	// json-limit.
	MaxBytes int64

	_ struct{}
}

// New returns a RoundTripper that sends requests with next, or http.DefaultTransport if
// next is nil. It does not send a request with findings of options.FailOn or above, and
// returns a *Refused as the error.
//
// The maps and slices of the linter must not be changed afterwards.
//
// A request is always refused if its body is not UTF-8 according to its Content-Type,
// cannot be decompressed or is too large. Any Content-Encoding but gzip, x-gzip and identity is
// refused with the finding json-encoding. A JSON batch that is sent to one object, and an
// update that cannot be checked, are refused with the finding payload-shape. A PATCH,
// MERGE or PUT to a partner without a body is refused with json-syntax.
//
// Place the RoundTripper between the client's middleware and the transport. It also
// works outside the middleware, but then does not see how the middleware changes the body.
func New(next http.RoundTripper, linter validate.Linter, options Options) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	options.FailOn = min(cmp.Or(options.FailOn, patchlint.Error), patchlint.Error)
	if options.MaxBytes <= 0 {
		options.MaxBytes = 64 << 20 // Graph accepts much less
	}
	options.MaxBytes = min(options.MaxBytes, math.MaxInt32)
	linter.Thorough = conform.Check
	return &transport{next, linter, options}
}

// transport is immutable, and so safe for concurrent use.
type transport struct {
	next    http.RoundTripper
	linter  validate.Linter
	options Options
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	at, ok := targetOf(req)
	if !ok {
		return t.next.RoundTrip(req)
	}
	body, err := read(req, t.options.MaxBytes)
	if err != nil {
		return nil, err
	}
	var doc *patchlint.Document
	var findings []patchlint.Diagnostic
	if len(body) > 0 || at.scope == recognize.Addressed && updates(req) { // otherwise there is nothing to update
		doc, findings = t.lint(req, at, body)
	}
	refused := slices.ContainsFunc(findings, func(d patchlint.Diagnostic) bool { return d.Severity >= t.options.FailOn })
	if refused {
		return nil, &Refused{URL: redacted(req.URL), Findings: findings, Document: doc, failOn: t.options.FailOn}
	}
	if len(findings) > 0 && t.options.Findings != nil {
		t.options.Findings(req, findings, doc)
	}
	if req.Body != nil && req.Body != http.NoBody { // the transport compares with it to send no body
		req = withBody(req, body)
	}
	return t.next.RoundTrip(req)
}

// CloseIdleConnections is called by http.Client.CloseIdleConnections.
func (t *transport) CloseIdleConnections() {
	if next, ok := t.next.(interface{ CloseIdleConnections() }); ok {
		next.CloseIdleConnections()
	}
}

// target is the resource that a request addresses.
type target struct {
	recognize.Endpoint
	scope recognize.Scope
}

// targetOf returns the target of a request, and whether the request may be an update to
// check. For most requests it does not allocate.
func targetOf(req *http.Request) (at target, ok bool) {
	if req.URL == nil || !graph.Writes(req.Method) && !tunneled(req) {
		return at, false
	}
	path := req.URL.EscapedPath()
	if req.URL.Opaque != "" {
		path = req.URL.Opaque
	}
	if strings.ContainsAny(req.URL.RawQuery, "@%$") { // may define the key as an alias
		path += "?" + req.URL.RawQuery
	}
	at.Endpoint, at.scope = recognize.Locate(path)
	return at, at.scope != recognize.Unrelated
}

// tunneled reports whether a header or parameter of a request overrides its method with
// another that writes.
func tunneled(req *http.Request) bool {
	return graph.TunnelsAny(req.Method, req.Header) || graph.TunnelsQuery(req.Method, req.URL.RawQuery)
}

// updates reports whether a request changes one object.
func updates(req *http.Request) bool { return graph.Updates(req.Method) || tunneled(req) }

// multipart reports whether the body is multipart, as in OData's older form of batches
// (OData Protocol, 11.7), which Graph does not accept and other services do.
func multipart(header http.Header) bool {
	return slices.ContainsFunc(valuesOf(header, "Content-Type"), func(value string) bool {
		media, _, _ := mime.ParseMediaType(value)
		return strings.HasPrefix(media, "multipart/")
	})
}

// lint returns the document and findings of a body.
func (t *transport) lint(req *http.Request, at target, body []byte) (*patchlint.Document, []patchlint.Diagnostic) {
	text, fault := decode(req.Header, body, t.options.MaxBytes)
	if fault != nil {
		return patchlint.Unparsed(nil), []patchlint.Diagnostic{*fault}
	}
	if at.scope == recognize.Batched && multipart(req.Header) {
		return patchlint.Unparsed(text), lintMultipart(text)
	}
	doc, _ := patchlint.Parse(text, patchlint.JSON) // the error is among the faults
	to := validate.Target{Version: cmp.Or(at.Version, t.options.Version, schema.Beta)}
	switch at.scope {
	case recognize.Partial:
		return doc, []patchlint.Diagnostic{partial(doc.Root(), at.Endpoint)}
	case recognize.Containing:
		return doc, lintContainer(&t.linter, doc, to)
	case recognize.Batched:
		to.Batch = true
		return doc, lintBatch(&t.linter, doc, to)
	}
	to.Type, to.Key, to.Insert = at.Type, at.Key, graph.SendsWhole(req.Method, tunneled(req), at.Collection)
	findings := t.linter.LintDocument(doc, to)
	if recognize.IsBatch(doc) {
		// LintDocument has linted it as a batch, but the URL makes it an update.
		findings = append(findings, unjudged(doc.Root().Member("requests"), "this is a batch, but the URL names one object; send it to $batch"))
	}
	if at.Collection && updates(req) {
		findings = append(findings, unjudged(doc.Root(), "%s", recognize.MissingKey(redacted(req.URL))))
	}
	slices.SortStableFunc(findings, patchlint.Diagnostic.Compare)
	return doc, findings
}

// withBody returns a copy of the request with a body that can be read again. A
// RoundTripper must not change the request itself.
func withBody(req *http.Request, src []byte) *http.Request {
	req = req.Clone(req.Context())
	req.Body = body{bytes.NewReader(src)}
	req.GetBody = func() (io.ReadCloser, error) { return body{bytes.NewReader(src)}, nil }
	return req
}

// body is a request body that can be rewound, as retries of Microsoft's client libraries
// require.
type body struct{ *bytes.Reader }

func (body) Close() error { return nil }

// redacted returns a URL without its user name, query and fragment, which may be secret.
func redacted(u *url.URL) string {
	if u.Opaque != "" {
		if parsed, err := url.Parse(u.String()); err == nil {
			u = parsed
		}
	}
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
}
