package diff

import (
	"net/url"
	"strings"

	"github.com/patchlint/patchlint/internal/identity"
	"github.com/patchlint/patchlint/internal/inert"
	"github.com/patchlint/patchlint/internal/lazy"
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
// is "{id}" where neither object has one, and not there where the path leads to one object.
func (p *Plan) Path() string {
	id, place := p.ID(), p.place()
	switch {
	case id == "":
		return place
	case len(identity.Key(p.Resource.Type)) > 1:
		return strings.Replace(place, "/{id}", "("+url.PathEscape(id)+")", 1)
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
	path := parseContext(odata.ContextOf(p.Current).Text()).path
	e, ok := recognize.Resolve(nil, path, p.Resource.Model.Version)
	switch single := ok && !e.Collection; {
	case !ok || single && !strings.Contains(path, "/") || !fitsURL.Get().MatchString(path) || p.Resource.Model.Type(e.Type) != p.Resource.Declared():
		return p.Resource.Path()
	case single:
		return "/" + path
	}
	return "/" + path + "/{id}"
}

// fitsURL matches a path of names, with keys in parentheses, that can be sent as it is.
var fitsURL = lazy.Regexp(`^[A-Za-z]+(?:\([-A-Za-z0-9._~%'=,@:]+\))?(?:/[A-Za-z]+(?:\([-A-Za-z0-9._~%'=,@:]+\))?)*$`)
