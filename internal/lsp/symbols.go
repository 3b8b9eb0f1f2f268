package lsp

import (
	"bytes"
	"strconv"

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
	for p, err := range f.checker.Reader.Read(path, bytes.NewReader(d.text.src)) {
		if err != nil || o.left <= 0 {
			break
		}
		if p.Skip.Reason != "" || p.ExternalBody {
			continue
		}
		doc, _ := p.InFile(nil, nil)
		children := o.members(doc.Root())
		switch {
		case !format.Several:
			symbols = append(symbols, children...)
		case doc.Root().Exists():
			o.left--
			name := strconv.Itoa(p.Record)
			if p.Part != "" {
				name = secret.Mask(p.File, p.Part)
			}
			at := o.at(doc, doc.Root().Span())
			symbols = append(symbols, documentSymbol{
				Name: name, Kind: symbolKinds[doc.Root().Kind()], Range: at, SelectionRange: textRange{at.Start, at.Start}, Children: children,
			})
		}
	}
	return symbols
}

type outline struct {
	text *text
	left int // the number of symbols that can still be added
}

func (o *outline) at(doc *patchlint.Document, at patchlint.Span) textRange {
	return o.text.textRange(span.InFile(doc, at))
}

// members returns the symbols of the members or elements of a value.
func (o *outline) members(n patchlint.Node) (list []documentSymbol) {
	i := -1
	for child := range n.Children() {
		if i++; o.left <= 0 {
			return list
		}
		o.left--
		whole, name := child.Span(), child.Span()
		shown := strconv.Itoa(i)
		if child.Key().Len() > 0 {
			name = child.Key()
			whole.Start = name.Start
			if shown = secret.Mask(child.Document(), secret.MaskName(child.Name())); shown == "" {
				shown = `""` // a symbol must have a name
			}
		}
		list = append(list, documentSymbol{
			Name: shown, Kind: symbolKinds[child.Kind()], Range: o.at(child.Document(), whole), SelectionRange: o.at(child.Document(), name), Children: o.members(child),
		})
	}
	return list
}
