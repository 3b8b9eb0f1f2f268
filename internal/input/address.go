package input

import (
	"path"
	"slices"
	"strings"

	"github.com/patchlint/patchlint/internal/form"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/recognize"
)

// address resolves the URL of the request and sets its Destination, or the reason why
// the request is not a payload.
func (r *request) address(in *Reader, set *variables) {
	set.before = r.settings
	url := expandText(r.url, set)
	r.tunneled = r.tunneled || graph.TunnelsURL(r.method, url)
	host, path := splitHost(url, expandText(r.host, set))
	endpoint, resolved, special := recognize.Resolve(in.Models, url, in.Version)
	ok := resolved && (special || isGraphPath(host, path, endpoint))
	inserts := strings.EqualFold(r.method, "POST") && !r.tunneled && ok && endpoint.Collection
	if !graph.Updates(r.method) && !r.tunneled && !inserts && !(ok && endpoint.Batch && graph.Writes(r.method)) {
		r.Skip = Skip{Reason: "only updates, new objects and batches are checked", Unchecked: r.body.Len() > 0 && graph.Writes(r.method) && !graph.IsOther(host)}
		return
	}
	switch {
	case graph.IsOther(host):
		r.Skip = Skip{Reason: host + " is not a host of Microsoft Graph", Important: special}
	case ok:
		r.Endpoint, r.Addressed = endpoint, true
		r.Insert = graph.SendsWhole(r.method, r.tunneled, endpoint.Collection)
		r.Media = inserts && r.media(endpoint.Type, set)
		r.placeholder = string(form.PlaceholderInURL([]byte(reference.Get().ReplaceAllString(url, "-"))))
		if strings.Contains(endpoint.Key, "{{") {
			r.Endpoint.Key = "" // not known until the request is sent
		}
	case !mayBeResource(path) && !(resolved && strings.HasPrefix(path, "/{{")): // else the body shows the type
		r.Skip = Skip{Reason: "the URL does not address a known resource", Unchecked: r.body.Len() > 0}
		r.Skip.Important = r.Skip.Unchecked && graph.IsHost(host) && !strings.Contains(path, "/$") // else $ref or $value
	}
}

// isGraphPath reports whether a path that many services have, such as /users/{id}, is
// one of Graph. The host decides if there is one, otherwise an API version in the path
// or "graph" in the variable that the path starts with.
func isGraphPath(host, path string, e recognize.Endpoint) bool {
	if host != "" {
		return graph.IsHost(host)
	}
	before, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "}}")
	return e.Version != "" || strings.HasPrefix(before, "{{") && strings.Contains(strings.ToLower(before), "graph")
}

// header records a header that affects the destination of the request or the form of
// its body.
func (r *request) header(line string) {
	name, value, _ := strings.Cut(line, ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	switch {
	case strings.EqualFold(name, "Host"):
		r.host = value
	case strings.EqualFold(name, "Content-Type"):
		r.contentType, value = value, strings.ToLower(value)
		r.multipart = strings.HasPrefix(value, "multipart/")
	case graph.Tunnels(r.method, name, value):
		r.tunneled = true
	}
}

// media reports whether the body of a new object of a type is not JSON by its Content-Type,
// and does not look like it.
func (r *request) media(of string, set *variables) bool {
	return r.body.Len() > 0 && !r.brackets && graph.IsMedia(expandText(r.contentType, set), of) && !slices.ContainsFunc(r.includes, func(in include) bool {
		return strings.HasPrefix(strings.ToLower(path.Ext(expandText(in.name, set))), ".json")
	})
}

// splitHost splits a URL, which may lack a scheme, into host and path. If it starts
// with a slash, the host comes from the header.
func splitHost(url, header string) (host, path string) {
	scheme, rest, ok := strings.Cut(url, "://")
	switch {
	case ok && !strings.ContainsAny(scheme, "/?#"):
	case strings.HasPrefix(url, "/"):
		rest = header + url
	default:
		rest = url
	}
	host, path = graph.CutAuthority(rest)
	host = graph.Bare(host)
	path, _ = graph.SplitURL(path)
	if strings.Contains(host, "{{") || recognize.VersionOf(host) != "" {
		return "", "/" + host + path // a variable may have any part of the URL as its value
	}
	return host, path
}

// mayBeResource reports whether a path may be that of a partner once the variables in
// it are known: every other segment is part of that path, an API version, or a key at
// the end.
func mayBeResource(path string) bool {
	segments := strings.FieldsFunc(path, func(r rune) bool { return r == '/' })
	named := false // a segment of the resource's path was found
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
