// Package graph defines what metadata of Microsoft Graph does not: its hosts, the methods and
// headers of requests, and the meaning of assignment targets.
package graph

import (
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

// HostOf returns the host of a URL, or "" if its scheme is not http or https. ok is false
// if it has no scheme.
func HostOf(url string) (host string, ok bool) {
	scheme, rest, _ := strings.Cut(url, "://")
	if !strings.EqualFold(scheme, "https") && !strings.EqualFold(scheme, "http") {
		return "", strings.Contains(url, "://")
	}
	host, _, _ = strings.Cut(rest, "/")
	return strings.TrimSuffix(host, ":443"), true
}
