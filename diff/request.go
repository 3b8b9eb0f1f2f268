package diff

import (
	"net/url"
	"strings"

	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/recognize"
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
	id, place := p.ID(), p.place()
	if id == "" {
		return place
	}
	path := strings.Replace(place, "{id}", url.PathEscape(id), 1)
	if e, ok := recognize.Resolve(nil, path, p.Resource.Model.Version); ok && e.Key == id {
		return path
	}
	// A segment that is not read as a key, such as "..", which no encoding keeps
	// from being resolved; in parentheses it is one (OData URL Conventions, 4.3.1).
	quoted := "'" + strings.ReplaceAll(id, "'", "''") + "'"
	return strings.Replace(place, "/{id}", "("+url.PathEscape(quoted)+")", 1)
}

// place is the path that current was read from, as far as its context tells and the
// objects there are declared to be of the type that the body is for, else that of the
// resource.
func (p *Plan) place() string {
	_, path, _ := strings.Cut(odata.ContextOf(p.Current).Text(), "#")
	path = strings.TrimSuffix(path, "/$entity")
	if i := strings.IndexByte(path, '('); i >= 0 && strings.HasSuffix(path, ")") && !strings.Contains(path, ")/") {
		path = path[:i] // the list of $select
	}
	plain := !strings.ContainsFunc(path, func(r rune) bool { return r != '/' && (r|0x20 < 'a' || r|0x20 > 'z') })
	e, ok := recognize.Resolve(nil, path, p.Resource.Model.Version)
	if plain && ok && e.Collection && p.Resource.Model.Type(e.Type) == p.Resource.Declared() {
		return "/" + path + "/{id}"
	}
	return p.Resource.Path()
}
