package lsp

import (
	"strconv"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/input"
	"github.com/patchlint/patchlint/internal/secret"
	"github.com/patchlint/patchlint/internal/span"
)

// maxSymbols is the maximum number of symbols of a document.
const maxSymbols = 5000

// symbolKinds are the SymbolKinds of values.
var symbolKinds = [...]int{
	patchlint.Null: 21, patchlint.Bool: 17, patchlint.Number: 16, patchlint.String: 15, patchlint.Object: 19, patchlint.Array: 18,
}

// documentSymbol returns the members of the payloads of a document. It shows no values,
// because they may be credentials.
func (s *server) documentSymbol(d *document, _ params) any {
	symbols, o := []documentSymbol{}, outline{text: d.text, left: maxSymbols}
	s.current(d)
	f := d.folder
	if !d.ours || f.failure != nil {
		return symbols
	}
	path := f.path(d)
	format, _ := input.ForName(path)
	for p := range f.checker.Reader.Payloads(path, d.text.src) {
		if o.left <= 0 {
			break
		}
		if p.ExternalBody {
			continue
		}
		doc, _ := p.InFile(nil, nil)
		root := doc.Root()
		switch whole := root.Span(); {
		case !format.Several():
			symbols = append(symbols, o.members(root)...)
		case root.Exists():
			name := strconv.Itoa(p.Record)
			if p.Part != "" {
				name = secret.Mask(p.File, p.Part)
			}
			symbols = append(symbols, o.symbol(root, name, whole, patchlint.Span{Start: whole.Start, End: whole.Start}))
		}
	}
	return symbols
}

type outline struct {
	text *text
	left int // the number of symbols that can still be added
}

// symbol returns the symbol of a value, with spans of all that belongs to it and of what to
// select.
func (o *outline) symbol(n patchlint.Node, name string, whole, selected patchlint.Span) documentSymbol {
	o.left--
	at := func(s patchlint.Span) textRange { return o.text.textRange(span.InFile(n.Document(), s)) }
	return documentSymbol{Name: name, Kind: symbolKinds[n.Kind()], Range: at(whole), SelectionRange: at(selected), Children: o.members(n)}
}

// members returns the symbols of the members or elements of a value.
func (o *outline) members(n patchlint.Node) (list []documentSymbol) {
	i := -1
	for child := range n.Children() {
		if i++; o.left <= 0 {
			return list
		}
		name, whole, selected := strconv.Itoa(i), child.Span(), child.Span()
		if child.Key().Len() > 0 {
			selected = child.Key()
			whole.Start = selected.Start
			if name = secret.Mask(child.Document(), secret.MaskName(child.Name())); strings.TrimSpace(name) == "" {
				name = strconv.Quote(name) // LSP, DocumentSymbol: a name is not only white space
			}
		}
		list = append(list, o.symbol(child, name, whole, selected))
	}
	return list
}
