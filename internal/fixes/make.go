package fixes

import (
	"encoding/json"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/inert"
)

// Replace returns the fix that replaces a span with text.
func Replace(at patchlint.Span, text string, safe bool) patchlint.Fix {
	return patchlint.Fix{
		Title: "replace with " + inert.Text(text), Safe: safe,
		Edits: []patchlint.Edit{{Span: at, NewText: text}},
	}
}

// Remove returns the fix that removes a member or element.
func Remove(n patchlint.Node, safe bool) patchlint.Fix {
	what := "the element"
	if n.Key().Len() > 0 {
		what = inert.Quote(n.Name())
	}
	return patchlint.Fix{Title: "remove " + what, Safe: safe, Edits: Removal(n)}
}

// Move returns the fix that moves a member to the end of another object, with a new
// name.
func Move(member, into patchlint.Node, name string) patchlint.Fix {
	at, text := into.Opening().End, Quote(name)+": "+string(member.Raw())
	for last := range into.Children() {
		at = last.Span().End
	}
	if !into.Empty() {
		text = ", " + text
	}
	insertion := patchlint.Edit{Span: patchlint.Span{Start: at, End: at}, NewText: text}
	return patchlint.Fix{Title: "move it into " + inert.Quote(into.Name()), Edits: RemovalAnd(member, insertion)}
}

// Wrap returns the fix that makes a value the only member of an object, with the given
// name.
func Wrap(n patchlint.Node, name string) patchlint.Fix {
	at := n.Span()
	return patchlint.Fix{Title: "wrap the object in " + inert.Quote(name), Edits: []patchlint.Edit{
		{Span: patchlint.Span{Start: at.Start, End: at.Start}, NewText: "{" + Quote(name) + ": "},
		{Span: patchlint.Span{Start: at.End, End: at.End}, NewText: "}"},
	}}
}

// Unwrap returns the fix that replaces an object with one of its members. It is safe if
// the object has nothing else of value.
func Unwrap(member patchlint.Node, safe bool) patchlint.Fix {
	outer, inner := member.Parent().Span(), member.Span()
	for _, c := range member.Document().Comments() {
		safe = safe && (c.End <= outer.Start || c.Start >= outer.End || c.Start >= inner.Start && c.End <= inner.End)
	}
	return patchlint.Fix{Title: "unwrap the object", Safe: safe, Edits: []patchlint.Edit{
		{Span: patchlint.Span{Start: outer.Start, End: inner.Start}},
		{Span: patchlint.Span{Start: inner.End, End: outer.End}},
	}}
}

// Quote returns text as a JSON string.
func Quote(text string) string {
	b, _ := json.Marshal(text) // a string always marshals
	return string(b)
}
