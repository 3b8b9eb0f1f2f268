package odata

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
)

// Wrapped returns the object or array in the "value" of a response, or of an array as Windows
// PowerShell 5.1 writes it, whose only other members are annotations and a count. It returns
// the zero Node for any other value.
func Wrapped(n patchlint.Node) patchlint.Node {
	value := n.Member("value")
	if kind := value.Kind(); kind != patchlint.Object && kind != patchlint.Array {
		return patchlint.Node{}
	}
	for member := range n.Children() {
		if name := member.Name(); name != "value" && !strings.EqualFold(name, "count") && !strings.Contains(name, "@") {
			return patchlint.Node{}
		}
	}
	return value
}

// Alone reports whether nothing is lost if the "value" of an object takes its place: all other
// members are annotations of the object or of the value, or the number of elements as Windows
// PowerShell 5.1 writes it.
func Alone(value patchlint.Node) bool {
	for other := range value.Parent().Children() {
		name := other.Name()
		count := name == "Count" && value.Kind() == patchlint.Array && string(other.Raw()) == strconv.Itoa(value.Len())
		if other != value && !count && !strings.HasPrefix(strings.TrimPrefix(name, "value"), "@") {
			return false
		}
	}
	return true
}

// NotObject is the message about a body that is not an object.
func NotObject(body patchlint.Node) string {
	message := "the body must be a JSON object, not " + body.Kind().String()
	if body.Kind() == patchlint.Array {
		message += "; send each object in a request of its own"
	}
	return message
}

// Answer explains a document that is a saved response without an object to send: an
// empty list, an error, or a $batch response. It returns the value that shows this, the
// span to highlight, and a message, which is "" for any other document.
func Answer(root patchlint.Node) (n patchlint.Node, at patchlint.Span, message string) {
	if root.Kind() == patchlint.Array && root.Empty() {
		return root, root.Opening(), "this is an empty list, so there is nothing to send"
	}
	if value := root.Member("value"); value.Kind() == patchlint.Array && value.Empty() {
		return value, value.Key(), "this is an empty list response, so there is nothing to send"
	}
	failed, others := root.Member("error"), 0
	if failed.Exists() {
		for member := range root.Children() {
			if !strings.Contains(member.Name(), "@") {
				others++
			}
		}
	}
	code := failed.Member("code")
	if failed.Kind() == patchlint.String && root.Member("error_description").Exists() {
		code, others = failed, 1 // of the token endpoint (RFC 6749, 5.2)
	}
	if code.Kind() == patchlint.String && others == 1 {
		return failed, failed.Key(), fmt.Sprintf("this is an error response (%s), not a payload; replace it with the object to send", inert.Quote(code.Text()))
	}
	answers := root.Member("responses")
	if answers.Kind() == patchlint.Array && answers.Document().Find(answers.Pointer()+"/0/status").Exists() {
		return answers, answers.Key(), `this is the response to a batch, not a payload; a PATCH body is the "body" of one of its responses`
	}
	return patchlint.Node{}, patchlint.Span{}, ""
}
