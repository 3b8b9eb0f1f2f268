// Package graph defines facts about Microsoft Graph that its metadata does not contain: its
// hosts, the methods and headers of requests, and the meaning of assignment targets.
package graph

import (
	"net/netip"
	"slices"
	"strings"
)

// IsHost reports whether host is a host of Microsoft Graph, in the global service or a
// national cloud.
func IsHost(host string) bool {
	return slices.ContainsFunc(hosts, func(h string) bool { return strings.EqualFold(h, host) })
}

// Hosts returns the hosts of Microsoft Graph, that of the global service first.
func Hosts() []string { return slices.Clone(hosts) }

// hosts are the hosts in the documentation of national clouds.
var hosts = []string{"graph.microsoft.com", "graph.microsoft.us", "dod-graph.microsoft.us", "microsoftgraph.chinacloudapi.cn"}

// SplitURL returns what is before and after "?" in a URL, without its fragment.
func SplitURL(url string) (address, query string) {
	url, _, _ = strings.Cut(url, "#")
	address, query, _ = strings.Cut(url, "?")
	return address, query
}

// HostOf returns the host of a URL, or "" if its scheme is not http or https. The result
// includes a user and a port other than 443, which no URL in a response of Graph has. ok is
// false if the URL has no scheme.
func HostOf(url string) (host string, ok bool) {
	scheme, rest, _ := strings.Cut(url, "://")
	if !strings.EqualFold(scheme, "https") && !strings.EqualFold(scheme, "http") {
		return "", strings.Contains(url, "://")
	}
	authority, _ := CutAuthority(rest)
	return strings.TrimSuffix(strings.TrimSuffix(authority, ":443"), "."), true
}

// CutAuthority cuts what follows the scheme of a URL after its authority. "\" ends it, too,
// because many clients read it as "/" (WHATWG URL, 4.4).
func CutAuthority(url string) (authority, rest string) {
	if end := strings.IndexAny(url, `/?#\`); end >= 0 {
		return url[:end], url[end:]
	}
	return url, ""
}

// Bare returns the host in the authority of a URL, without user and port, and without the
// final dot of an absolute domain name (RFC 3986, 3.2.2).
func Bare(authority string) string {
	host := authority[strings.LastIndexByte(authority, '@')+1:]
	if port := strings.LastIndexByte(host, ':'); port >= 0 && !strings.HasSuffix(host, "]") {
		host = host[:port]
	}
	return strings.TrimSuffix(host, ".")
}

// IsOther reports whether a host certainly belongs to another service, because it has a
// public name or address that is not one of Graph's. Other hosts, such as localhost, may be
// a proxy or a fake of Graph.
func IsOther(host string) bool {
	host = strings.ToLower(host)
	if address, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return !address.IsLoopback() && !address.IsPrivate() && !address.IsUnspecified()
	}
	return strings.Contains(host, ".") && !strings.HasSuffix(host, ".localhost") && !IsHost(host)
}
