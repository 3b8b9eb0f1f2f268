package graph

import (
	"slices"
	"strings"
)

// Writes reports whether a method may update its target from a body. All do, in
// any case and known or not, but those that only read and DELETE; "" is GET, as
// in net/http.
func Writes(method string) bool {
	method = strings.TrimSpace(method)
	return method != "" && !slices.ContainsFunc(harmless, func(m string) bool { return strings.EqualFold(m, method) })
}

var harmless = []string{"GET", "HEAD", "OPTIONS", "TRACE", "CONNECT", "DELETE"}

// Updates reports whether a method updates an object: PATCH, its older name MERGE,
// or PUT, in any case.
func Updates(method string) bool {
	return slices.ContainsFunc(updating, func(m string) bool { return strings.EqualFold(m, method) })
}

var updating = []string{"PATCH", "MERGE", "PUT"}

// Tunnels reports whether a header, or a parameter of the query, gives a request
// a method that writes in place of its own. Services allow that for clients that
// can send nothing but GET and POST.
func Tunnels(name, value string) bool {
	name = strings.ReplaceAll(name, "_", "-") // as gateways write it that pass headers on as variables (RFC 3875, 4.1.18)
	if !slices.ContainsFunc(overrides, func(o string) bool { return strings.EqualFold(name, o) }) {
		return false
	}
	for method := range strings.SplitSeq(value, ",") {
		if Writes(method) {
			return true
		}
	}
	return false
}

var overrides = []string{"X-HTTP-Method", "X-HTTP-Method-Override", "X-Method-Override", "-method"}

// MaxRequests is how many requests Graph takes in one JSON batch
// (https://learn.microsoft.com/graph/json-batching).
const MaxRequests = 20
