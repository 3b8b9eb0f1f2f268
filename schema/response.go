package schema

import (
	"fmt"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
)

// Response explains a document that is a saved answer in which there is no object
// to send: an empty list, an error, the answers to a batch. ok is false for any other
// document.
func Response(root patchlint.Node) (v Violation, ok bool) {
	v = Violation{Rule: payloadShape, Node: root, Span: root.Opening()}
	if root.Kind() == patchlint.Array && root.Empty() {
		v.Message = "this is an empty list, so there is nothing to send"
		return v, true
	}
	if value := root.Member("value"); value.Kind() == patchlint.Array && value.Empty() {
		v.Node, v.Span = value, value.Key()
		v.Message = "this is an empty list response, so there is nothing to send"
		return v, true
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
		v.Node, v.Span = failed, failed.Key()
		v.Message = fmt.Sprintf("this is an error response (%s), not a payload; replace it with the object to send", inert.Quote(code.Text()))
		return v, true
	}
	if answers := root.Member("responses"); answers.Kind() == patchlint.Array && answers.Element(0).Member("status").Exists() {
		v.Node, v.Span = answers, answers.Key()
		v.Message = `this is the response to a batch, not a payload; a PATCH body is the "body" of one of its responses`
		return v, true
	}
	return v, false
}
