package recognize

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

// Document returns the resource of the payload in a document, or nil. In a document that
// cannot be parsed, it looks for quoted names that mark a partner, followed by a colon, in
// the place of a member. That is certain enough to report the syntax error, and not to
// edit the document.
func Document(m *schema.Model, doc *patchlint.Document) *schema.Type {
	if doc.Whole() {
		return Payload(m, doc.Root())
	}
	src := bytes.ReplaceAll(doc.Source(), []byte{0}, nil) // of UTF-16, as PowerShell's ">" writes it
	// An unterminated string may or may not continue after the end of its line.
	within, foreign := scanBroken(m, src, true)
	across, also := scanBroken(m, src, false)
	if foreign || also {
		return nil
	}
	return cmp.Or(within, across)
}

// scanBroken returns the resource of a text that is not valid JSON, or nil, and whether
// the text identifies itself as something else. It scans for the tokens of JSON, ignores
// anything else, and looks at the members of the outermost object, or of the objects in
// an outermost list or response. With lines, strings end at the end of the line.
func scanBroken(m *schema.Model, src []byte, lines bool) (r *schema.Type, foreign bool) {
	depth := 0        // the number of open objects and arrays
	var way [3]string // to the outer three of them
	key := ""         // of the next value
	for i := 0; i < len(src); i++ {
		switch c := src[i]; c {
		case '{', '[':
			if key != "value" || depth == 0 { // a fragment may start with it
				key = ""
			}
			if depth < len(way) {
				way[depth] = key + string(c)
			}
			depth++
			key = ""
		case '}', ']':
			depth = max(depth-1, 0)
		case ',':
			key = ""
		case '"', '\'':
			text, after := quotedText(src, i, lines)
			i = after - 1
			of, name := key, ""
			if rest := bytes.TrimLeft(src[after:min(len(src), after+100)], " \t\r\n"); len(rest) > 0 && rest[0] == ':' {
				of, name = "", string(text)
			}
			if key = name; depth > len(way) || !slices.Contains(outermost, strings.Join(way[:depth], "")) {
				continue
			}
			if name != "" {
				if r, foreign = brokenName(m, r, name); foreign {
					return nil, true
				}
			} else if r, foreign = brokenValue(m, r, of, string(text), depth > 1); foreign {
				return nil, true
			}
		}
	}
	return r, false
}

// brokenName returns the resource of an object whose members so far show r, after the name
// of another member, and whether the name shows that the object is something else.
func brokenName(m *schema.Model, r *schema.Type, name string) (of *schema.Type, foreign bool) {
	if isPartnerName([]byte(name)) {
		return cmp.Or(r, partner(m)), false
	}
	return r, contradictionOf(name) > byContext || name == "@context" // whatever its value
}

// brokenValue is like brokenName after the text that a member has as its value. In a list,
// only partners and their parts are recognized, as in one that can be parsed.
func brokenValue(m *schema.Model, r *schema.Type, name, text string, inList bool) (of *schema.Type, foreign bool) {
	switch name {
	case "@odata.type":
		if r = typeResource(m, text); inList {
			r = partnerFamily(m, r)
		}
		return r, r == nil
	case "@odata.context":
		of, entity := contextOf(m, text, true)
		if of == nil || of != partner(m) && (!entity || inList) {
			return nil, true
		}
		if entity {
			r = cmp.Or(r, of)
		}
	}
	return r, false
}

// outermost are the paths to an outermost object, and to one in an outermost list or
// response: the open brackets, each after "value" if it is the value of such a member.
var outermost = []string{"{", "[{", "{value{", "{value[{"}

// quotedText returns the text in the quotes that start at i, and the offset after it. With
// lines, it ends at the end of the line.
func quotedText(src []byte, i int, lines bool) (text []byte, after int) {
	quote := src[i]
	for end := i + 1; end < len(src); end++ {
		switch c := src[end]; {
		case c == '\\':
			end++
		case c == quote:
			return src[i+1 : end], end + 1
		case c == '\n' && lines:
			return src[i+1 : end], end
		}
	}
	return src[i+1:], len(src)
}
