package diff

import (
	"net/url"
	"strings"

	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/schema"
)

// ETag returns the @odata.etag of current for the header If-Match, and "" where it
// has none or one that cannot be sent so: with other characters than printable ASCII
// (RFC 9110, 8.8.3), or with "{{", where the clients that read .http files put the
// value of a variable, or what a terminal or build service would obey.
func (p *Plan) ETag() string {
	etag := p.Current.Member("@odata.etag").Text()
	if strings.Contains(etag, "{{") || inert.Show(etag) != etag || strings.TrimSpace(etag) != etag || strings.ContainsFunc(etag, func(r rune) bool { return r < ' ' || r > '~' }) {
		return ""
	}
	return etag
}

// Path returns the path of the PATCH below the root of the API version; the id
// is "{id}" where neither object has one.
func (p *Plan) Path() string {
	id := p.ID()
	if id == "" {
		return p.Resource.Path()
	}
	path := strings.Replace(p.Resource.Path(), "{id}", url.PathEscape(id), 1)
	if e, ok := schema.Models(nil).Resolve(path, p.Resource.Model.Version); ok && e.Key == id {
		return path
	}
	// A segment that is not read as a key, such as "..", which no encoding keeps
	// from being resolved; in parentheses it is one (OData URL Conventions, 4.3.1).
	quoted := "'" + strings.ReplaceAll(id, "'", "''") + "'"
	return strings.Replace(p.Resource.Path(), "/{id}", "("+url.PathEscape(quoted)+")", 1)
}
