package recognize

import (
	"bytes"
	"cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/bounds"
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
	type container struct {
		opening byte
		key     string
	}
	var open []container
	outermost := func() bool {
		n := len(open)
		switch {
		case n == 0 || open[n-1].opening != '{':
			return false
		case n == 1:
			return true
		case n == 2:
			return open[0].opening == '[' || open[1].key == "value"
		}
		return n == 3 && open[1].key == "value" && open[1].opening == '['
	}
	key := ""  // of the next value
	below := 0 // how many are open beyond bounds.Depth
	for i := 0; i < len(src); i++ {
		switch c := src[i]; c {
		case '{', '[':
			if len(open) == bounds.Depth {
				below++
				break
			}
			open, key = append(open, container{c, key}), ""
		case '}', ']':
			if below > 0 {
				below--
				break
			}
			open = open[:max(len(open)-1, 0)]
		case ',':
			key = ""
		case '"', '\'':
			text, after := quotedText(src, i, lines)
			i = after - 1
			before := key
			key = ""
			if rest := bytes.TrimLeft(src[after:min(len(src), after+100)], " \t\r\n"); len(rest) > 0 && rest[0] == ':' {
				key = string(text)
			}
			switch {
			case !outermost():
			case key != "" && isPartnerName(text):
				r = cmp.Or(r, partner(m))
			case contradictionOf(key) > byContext || key == "@context":
				return nil, true // whatever its value
			case before == "@odata.type" && key == "":
				if r = typeResource(m, string(text)); len(open) > 1 {
					r = partnerFamily(m, r) // as in a list that can be parsed
				}
				if r == nil {
					return nil, true
				}
			case before == "@odata.context" && key == "":
				of, entity := contextOf(m, string(text), true)
				switch {
				case of == nil, of != partner(m) && (!entity || len(open) > 1):
					return nil, true
				case entity:
					r = cmp.Or(r, of)
				}
			}
		}
	}
	return r, false
}

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
