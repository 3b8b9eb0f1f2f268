package input

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/recognize"
)

// address finds out what the request is sent to, and why its body is not a payload
// if it is none.
func (r *request) address(in *Reader, set *variables) {
	set.at(r.settings)
	url := expandText(r.url, set)
	host, path := splitHost(url, expandText(r.host, set))
	endpoint, resolved := recognize.Resolve(in.Models, url, in.Version)
	special := recognize.Unmistakable(in.Models, url, in.Version)
	ok := resolved && (special || certain(host, path, endpoint))
	inserts := strings.EqualFold(r.method, "POST") && !r.tunnelled && ok && endpoint.Collection
	if !graph.Updates(r.method) && !r.tunnelled && !inserts && !(ok && endpoint.Batch && graph.Writes(r.method)) {
		r.Skipped = "only updates, new objects and batches are checked"
		return
	}
	switch {
	case elsewhere(host):
		r.Skipped, r.Notable = host+" is not a host of Microsoft Graph", special
	case ok:
		r.Endpoint, r.Addressed = endpoint, true
		r.Insert = inserts || strings.EqualFold(r.method, "PUT") && !r.tunnelled
		if strings.Contains(endpoint.Key, "{{") {
			r.Endpoint.Key = "" // known when it is sent
		}
	case !mayAddress(path) && !(resolved && strings.HasPrefix(path, "/{{")): // the body may tell
		r.Skipped = "the URL is not that of a resource that patchlint knows"
	}
}

// certain reports whether a path that many services may have, such as /users/{id}, is
// one of Graph: by its host, or else by the API version in it or the name of the
// variable that stands for what is before it.
func certain(host, path string, e recognize.Endpoint) bool {
	if host != "" {
		return graph.IsHost(host)
	}
	before, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "}}")
	return e.Version != "" || strings.HasPrefix(before, "{{") && strings.Contains(strings.ToLower(before), "graph")
}

// header takes note of a header that says where a request goes, or how.
func (r *request) header(line string) {
	name, value, _ := strings.Cut(line, ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	switch {
	case strings.EqualFold(name, "Host"):
		r.host = value
	case strings.EqualFold(name, "Content-Type"):
		value = strings.ToLower(value)
		r.multipart = strings.HasPrefix(value, "multipart/") || strings.HasPrefix(value, "application/http")
	case graph.Tunnels(name, value):
		r.tunnelled = true
	}
}

// splitHost takes a URL apart. A URL that starts with a slash goes to the host of
// the header, and one may lack its scheme.
func splitHost(url, header string) (host, path string) {
	scheme, rest, ok := strings.Cut(url, "://")
	switch {
	case ok && !strings.ContainsAny(scheme, "/?#"):
	case strings.HasPrefix(url, "/"):
		rest = header + url
	default:
		rest = url
	}
	host, path = rest, ""
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		host, path = rest[:end], rest[end:]
	}
	host = strings.ToLower(host[strings.LastIndexByte(host, '@')+1:])
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		host = host[:i]
	}
	if path, _, _ = strings.Cut(path, "#"); path != "" {
		path, _, _ = strings.Cut(path, "?")
	}
	if strings.Contains(host, "{{") || recognize.VersionOf(host) != "" {
		return "", "/" + host + path // of a variable, it may be a part
	}
	return host, path
}

// elsewhere reports whether a host is certainly that of another service: the public
// name or address of one. Any other may be a stand-in for Graph.
func elsewhere(host string) bool {
	host = strings.TrimSuffix(host, ".")
	if address, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return !address.IsLoopback() && !address.IsPrivate() && !address.IsUnspecified()
	}
	return strings.Contains(host, ".") && !strings.HasSuffix(host, ".localhost") && !graph.IsHost(host)
}

// mayAddress reports whether a path may turn out to be that of a resource when the
// variables in it are known: all else in it is of a resource's path, or is a key at its
// end.
func mayAddress(path string) bool {
	segments := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	named := false // a segment of the resource's path is there
	for i, segment := range segments {
		switch {
		case strings.Contains(segment, "{{") || recognize.VersionOf(segment) != "":
		case slices.ContainsFunc(strings.Split(recognize.PartnerPath[1:], "/"), func(s string) bool { return strings.EqualFold(s, segment) }):
			named = true
		case i < len(segments)-1 || !named && !form.IsGUID(segment):
			return false
		}
	}
	return strings.Contains(path, "{{")
}
