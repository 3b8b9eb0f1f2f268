package diff

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/patchlint/patchlint/internal/identity"
	"github.com/patchlint/patchlint/internal/lazy"
	"github.com/patchlint/patchlint/internal/odata"
	"github.com/patchlint/patchlint/internal/recognize"
)

// Path returns the path of the PATCH relative to the root of the API version. It contains
// "{id}" if neither object has an id, and no id if it is the path of a single object.
func (p *Plan) Path() string {
	t, place := p.Resource, p.place()
	id := cmp.Or(identity.Of(t, p.Current), identity.Of(t, p.Desired))
	switch {
	case id == "":
		return place
	case len(identity.Key(t)) > 1:
		return strings.Replace(place, "/{id}", "("+url.PathEscape(id)+")", 1)
	}
	path := strings.Replace(place, "{id}", url.PathEscape(id), 1)
	if e, ok, _ := recognize.Resolve(nil, path, p.Resource.Model.Version); ok && e.Key == id {
		return path
	}
	// The id does not work as a segment, such as "..", which is resolved even if it is
	// encoded. Use a key in parentheses (OData URL Conventions, 4.3.1).
	quoted := "'" + strings.ReplaceAll(id, "'", "''") + "'"
	return strings.Replace(place, "/{id}", "("+url.PathEscape(quoted)+")", 1)
}

// place returns the path of the objects in the @odata.context of Current if their type is
// the declared type of the resource, else the path of the resource. "{id}" is the key.
func (p *Plan) place() string {
	path := parseContext(odata.ContextOf(p.Current).Text()).path
	e, ok, _ := recognize.Resolve(nil, path, p.Resource.Model.Version)
	switch single := ok && !e.Collection; {
	case !ok || single && !strings.Contains(path, "/") || !fitsURL.Get().MatchString(path) || p.Resource.Model.Type(e.Type) != p.Resource.Declared():
		return p.Resource.Path()
	case single:
		return "/" + path
	}
	return "/" + path + "/{id}"
}

// fitsURL matches a path of names, with keys in parentheses, that needs no encoding.
var fitsURL = lazy.Regexp(`^[A-Za-z]+(?:\([-A-Za-z0-9._~%'=,@:]+\))?(?:/[A-Za-z]+(?:\([-A-Za-z0-9._~%'=,@:]+\))?)*$`)
