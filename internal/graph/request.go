package graph

import (
	"errors"
	"mime"
	"net/url"
	"slices"
	"strings"
)

// Writes reports whether a method, in any case, may update its target with a body. DELETE
// and the methods that only read do not; unknown methods do. "" means GET, as in net/http.
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

// SendsWhole reports whether the body of a request is a whole object, and not the changes of
// one: with PUT, or with POST to a collection, in any case, unless a header overrides the
// method.
func SendsWhole(method string, tunneled, collection bool) bool {
	return !tunneled && (strings.EqualFold(method, "PUT") || collection && strings.EqualFold(method, "POST"))
}

// Tunnels reports whether a header or query parameter overrides the method of a request
// with another that writes. Services accept such overrides from clients that can only send
// GET and POST.
func Tunnels(method, name, value string) bool {
	name = strings.ReplaceAll(name, "_", "-") // as in gateways that pass headers as variables (RFC 3875, 4.1.18)
	if !slices.ContainsFunc(overrides, func(o string) bool { return strings.EqualFold(name, o) }) {
		return false
	}
	for other := range strings.SplitSeq(value, ",") {
		if Writes(other) && !strings.EqualFold(strings.TrimSpace(other), method) {
			return true
		}
	}
	return false
}

// TunnelsURL is like Tunnels for all parameters in the query of a URL.
func TunnelsURL(method, address string) bool {
	_, query := SplitURL(address)
	return TunnelsQuery(method, query)
}

// TunnelsQuery is like Tunnels for all parameters of a query.
func TunnelsQuery(method, query string) bool {
	if !strings.ContainsAny(query, "-_%") {
		return false
	}
	values, _ := url.ParseQuery(query) // the valid part of a malformed query
	return TunnelsAny(method, values)
}

// TunnelsAny is like Tunnels for all values of all headers or parameters.
func TunnelsAny(method string, fields map[string][]string) bool {
	for name, list := range fields {
		if slices.ContainsFunc(list, func(value string) bool { return Tunnels(method, name, value) }) {
			return true
		}
	}
	return false
}

var overrides = []string{"X-HTTP-Method", "X-HTTP-Method-Override", "X-Method-Override", "-method"}

// IsJSON reports whether a Content-Type says that a body is JSON.
func IsJSON(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return err == nil && (media == "application/json" || strings.HasSuffix(media, "+json"))
}

// IsMedia reports whether a Content-Type says that the body of a new object of a type cannot
// be JSON. Plain text says so only of a message, which can be sent in MIME
// (https://learn.microsoft.com/graph/outlook-send-mime-message). For other types it may be
// the default of a client that sends JSON.
func IsMedia(contentType, of string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		return false
	}
	switch kind, _, _ := strings.Cut(media, "/"); kind {
	case "audio", "font", "image", "message", "model", "multipart", "video":
		return true
	}
	switch media {
	case "text/html", "text/xml", "application/xml", "application/octet-stream", "application/pdf", "application/zip":
		return true
	case "text/plain":
		return of == "microsoft.graph.message"
	}
	return strings.HasSuffix(media, "+xml")
}

// MaxRequests is the number of requests that Graph accepts in a JSON batch
// (https://learn.microsoft.com/graph/json-batching).
const MaxRequests = 20

// UnknownFutureValue is the sentinel member of an evolvable enumeration. Graph returns it in
// place of members that were added later, unless the client asks for those, and ignores it
// in an update.
const UnknownFutureValue = "unknownFutureValue"
