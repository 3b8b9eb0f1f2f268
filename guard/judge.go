package guard

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/recognize"
	"github.com/patchlint/patchlint/validate"
)

// unjudged returns a finding for a possible update that cannot be checked. It points at
// the name of a member, or at the start of any other value.
func unjudged(n patchlint.Node, format string, args ...any) patchlint.Diagnostic {
	at := n.Key()
	if at.Len() == 0 {
		at = n.Opening()
	}
	return patchlint.Diagnostic{
		Rule: "payload-shape", Severity: patchlint.Error, Pointer: n.Pointer(), Span: at, Message: fmt.Sprintf(format, args...),
	}
}

// lintContainer refuses an update of the container of partners if it may contain one.
func lintContainer(linter *validate.Linter, doc *patchlint.Document, to validate.Target) []patchlint.Diagnostic {
	if n := mention(doc.Root()); n.Exists() {
		return []patchlint.Diagnostic{unjudged(n, inline)}
	}
	if doc.Whole() {
		return nil
	}
	return linter.LintDocument(doc, to) // with the error that ended the reading
}

const inline = "a complianceManagementPartner cannot be updated inline; send a PATCH to its own URL"

func partial(n patchlint.Node, e recognize.Endpoint) patchlint.Diagnostic {
	of := "a batch"
	if !e.Batch {
		of = "a complianceManagementPartner"
	}
	return unjudged(n, "the URL addresses a part of %s, or is understood that way by only some services, so the update cannot be checked; use the URL of the whole object", of)
}

// mention returns the first member or string that may contain the name or URL of a
// resource.
func mention(root patchlint.Node) patchlint.Node {
	for n := range root.All() {
		if recognize.Mentions(n.Name()) || n.Kind() == patchlint.String && recognize.Mentions(n.Text()) {
			return n
		}
	}
	return patchlint.Node{}
}

// lintBatch lints a batch that concerns a resource, and refuses requests in it that
// cannot be checked.
func lintBatch(linter *validate.Linter, doc *patchlint.Document, to validate.Target) []patchlint.Diagnostic {
	var findings []patchlint.Diagnostic
	requests, _ := recognize.Requests(linter.Models, doc, to.Version, to.Batch)
	concerned := concerns(linter, doc, to, requests)
	for _, r := range requests {
		if d, ok := refuse(r, concerned); ok && r.Updates() {
			findings = append(findings, d)
		}
	}
	if !concerned && len(findings) == 0 {
		return nil
	}
	findings = append(findings, linter.LintDocument(doc, to)...)
	slices.SortStableFunc(findings, patchlint.Diagnostic.Compare)
	return findings
}

// refuse returns a finding if a request in a batch cannot be checked. Requests that
// address an object are left to the linter.
func refuse(r recognize.Request, concerned bool) (patchlint.Diagnostic, bool) {
	e, scope := recognize.Locate(r.URL.Text())
	encoded := r.Body.Kind() == patchlint.String // as base64url, for other media types
	switch {
	case r.Body.Exists() && scope == recognize.Addressed && r.Inserts() && !e.Collection: // the linter would take it for an action
		return unjudged(r.Method, "a POST to one object cannot be checked in a batch; use PATCH"), true
	case encoded && (e.Batch || scope == recognize.Containing || scope == recognize.Addressed && r.Inserts()):
		return unjudged(r.Body, "the body is encoded and may contain an update; write it as JSON"), true
	case !r.Body.Exists() || scope == recognize.Addressed:
	case scope == recognize.Partial:
		return partial(r.URL, e), true
	case scope == recognize.Batched && mention(r.Body).Exists():
		return unjudged(r.URL, "a nested batch cannot be checked; send it separately"), true
	case scope == recognize.Containing && mention(r.Body).Exists():
		return unjudged(mention(r.Body), inline), true
	case concerned && scope != recognize.Batched && strings.HasPrefix(strings.TrimLeft(r.URL.Text(), "/"), "$"): // OData JSON Format, 19.1.3
		return unjudged(r.URL, "the URL refers to another request, so the update cannot be checked; write the whole URL"), true
	}
	return patchlint.Diagnostic{}, false
}

// concerns reports whether a batch may update a known resource: a string in it is the URL
// of one, or an update in it has the body of one. The string can be anywhere, because the
// service may be less strict about names and structure than patchlint.
func concerns(linter *validate.Linter, doc *patchlint.Document, to validate.Target, requests []recognize.Request) bool {
	model, err := linter.Models.Open(to.Version)
	if err != nil || !doc.Whole() {
		return true
	}
	for n := range doc.Root().All() {
		if n.Kind() == patchlint.String {
			if e, scope := recognize.Locate(n.Text()); scope >= recognize.Partial && !e.Batch {
				return true
			}
		}
	}
	return slices.ContainsFunc(requests, func(r recognize.Request) bool {
		resource := recognize.Payload(model, r.Body)
		return r.Updates() && resource != nil && resource.Entity && slices.Contains(model.Resources(), resource)
	})
}

// lintMultipart refuses a multipart batch (OData Protocol, 11.7.7) if it mentions a
// resource or is not all plain text.
func lintMultipart(text []byte) []patchlint.Diagnostic {
	if !recognize.Mentions(string(text)) && !encoded(text) {
		return nil
	}
	return []patchlint.Diagnostic{unjudged(patchlint.Node{}, "a multipart batch cannot be checked, and this one mentions a resource that guard checks, or has encoded parts; send it as a JSON batch")}
}

// encoded reports whether a multipart body is not all plain UTF-8, by its bytes or by the
// headers of its parts.
func encoded(text []byte) bool {
	if !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0 {
		return true
	}
	for line := range bytes.Lines(text) {
		name, value, _ := strings.Cut(strings.ToLower(string(line)), ":")
		switch value = strings.TrimSpace(value); strings.TrimSpace(name) {
		case "content-transfer-encoding":
			if value != "binary" && value != "8bit" && value != "7bit" {
				return true
			}
		case "content-encoding":
			if value != "identity" {
				return true
			}
		case "content-type":
			if _, charset, ok := strings.Cut(value, "charset="); ok && !strings.HasPrefix(strings.Trim(charset, `"' `), "utf-8") {
				return true
			}
		}
	}
	return false
}
