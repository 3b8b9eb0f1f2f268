package recognize

import (
	"bytes"
	"cmp"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

// Document is Payload for what a document holds. Of a text that broke off, the
// names in it tell: one that marks a partner, in quotes and with a colon after it,
// in the place of a member of a payload. That is enough to report why it does not
// parse, and not enough to change anything in it.
func Document(m *schema.Model, doc *patchlint.Document) *schema.Resource {
	if doc.Whole() {
		return Payload(m, doc.Root())
	}
	src := bytes.ReplaceAll(doc.Source(), []byte{0}, nil) // of UTF-16, as PowerShell's ">" writes it
	// Whether a string goes on after the end of a line is not known.
	within, foreign := broken(m, src, true)
	across, also := broken(m, src, false)
	if foreign || also {
		return nil
	}
	return cmp.Or(within, across)
}

// broken returns what a text that is not JSON must be meant as, nil where that
// is not known, and whether it says that it is something else. It takes the text
// apart as JSON would be, with strings that end with the line or not, whatever else
// is in it, and looks at the members of the outermost object, or of those in a list
// or a response.
func broken(m *schema.Model, src []byte, lines bool) (r *schema.Resource, foreign bool) {
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
	key := ""  // of the value that comes next
	below := 0 // how many are open beyond MaxDepth
	for i := 0; i < len(src); i++ {
		switch c := src[i]; c {
		case '{', '[':
			if len(open) == patchlint.MaxDepth {
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
			case key != "" && marks(text):
				r = cmp.Or(r, partner(m))
			case contradictionOf(key) > byContext || key == "@context":
				return nil, true // whatever its value
			case before == "@odata.type" && key == "":
				if r = shown(m, string(text)); r == nil {
					return nil, true
				}
			case before == "@odata.context" && key == "":
				of, entity := shownByContext(m, string(text))
				switch {
				case of == nil, of != partner(m) && !entity:
					return nil, true
				case entity:
					r = cmp.Or(r, of)
				}
			}
		}
	}
	return r, false
}

// quotedText returns the text in the quotes that start at i, and where to read on. With
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
