package lsp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/schema"
)

// completion returns the names or values that can be at a position. All of them come from
// the facts, none from the document.
func (s *server) completion(q docRequest) (any, *rpcError) {
	if q.Position == nil {
		return nil, noPosition
	}
	d, t := q.doc, q.doc.text
	c := completer{server: s, items: []completionItem{}}
	at := t.offset(*q.Position)
	if place, ok := s.placeOf(d, at, true); ok && place.slot != noSlot {
		c.place, c.at = place, t.textRange(place.token)
		c.typed, c.rest = string(t.src[place.token.Start:at]), string(t.src[at:place.token.End])
		c.indent = indentation(t, at)
		switch place.slot {
		case nameSlot:
			c.names()
		case valueSlot, elementSlot:
			c.values()
		}
	}
	return object{"isIncomplete": c.incomplete, "items": c.items}, nil
}

type completer struct {
	*server
	place      place
	at         textRange // the range that an item replaces
	typed      string    // the part of that range before the cursor
	rest       string    // the part after the cursor
	indent     string    // of the line
	items      []completionItem
	incomplete bool // whether items were left out
}

// indentation returns the indentation of the line of an offset.
func indentation(t *text, offset int) string {
	line := t.line(offset)
	text := string(t.src[t.lines[line]:t.endOf(line)])
	return text[:len(text)-len(strings.TrimLeft(text, " \t"))]
}

// add adds an item that replaces the token by text, with a comma after a value if another
// one follows. Clients without snippets get the text without tabstops. Items with a
// lower rank are listed first.
func (c *completer) add(item completionItem, text string, rank int) {
	snippets := c.client.TextDocument.Completion.CompletionItem.SnippetSupport
	value := text
	if c.place.slot != nameSlot {
		text += c.trailingComma()
	}
	item.InsertTextFormat = formatPlain
	if strings.Contains(text, tabstop) {
		if snippets {
			text = strings.NewReplacer("$", `\$`, "}", `\}`, `\`, `\\`).Replace(text)
			item.InsertTextFormat = formatSnippet
			for i := 1; strings.Contains(text, tabstop); i++ {
				text = strings.Replace(text, tabstop, fmt.Sprintf("$%d", i), 1)
			}
		} else {
			text = strings.ReplaceAll(text, tabstop, "")
		}
	}
	item.FilterText = item.Label
	if strings.HasPrefix(c.typed+c.rest, `"`) {
		item.FilterText = fixes.Quote(item.Label)
		if item.Kind == completionMember {
			item.FilterText = value
		}
	}
	item.SortText = fmt.Sprintf("%d%03d", rank, len(c.items))
	item.TextEdit = textEdit{c.at, text}
	c.items = append(c.items, item)
}

// tabstop marks the places in a text where the user types.
const tabstop = "\x00"

// trailingComma returns the comma after an inserted value, or "" if it needs none.
func (c *completer) trailingComma() string {
	if c.place.next {
		return ","
	}
	return ""
}

// withDocumentation returns an item with its documentation.
func (c *completer) withDocumentation(item completionItem, text string) completionItem {
	if text != "" {
		item.Documentation = markup(c.client.TextDocument.Completion.CompletionItem.DocumentationFormat, text)
	}
	return item
}

// names adds the names that the object at the cursor lacks.
func (c *completer) names() {
	p := c.place
	present := make(map[string]bool)
	for member := range p.container.Children() {
		if member != p.member {
			present[member.Name()] = true
		}
	}
	if p.container.Kind() != patchlint.Object {
		return
	}
	if p.actual == nil {
		// With @odata.type, it can become an object of Graph.
		if strings.HasPrefix(p.member.Name(), "@") && !present["@odata.type"] && (p.known || !p.container.Parent().Exists()) {
			c.name("@odata.type", `"`+tabstop+`"`, completionItem{}, 0)
		}
		return
	}
	if !present["@odata.type"] && p.declared != nil && (!p.container.Parent().Exists() || p.declared.Abstract || len(p.model.Derived(p.declared)) > 1) {
		rank := 2
		if p.actual.Abstract {
			rank = 0
		}
		c.name("@odata.type", `"`+tabstop+`"`, completionItem{Detail: p.declared.Short()}, rank)
	}
	for _, property := range p.actual.Properties {
		if present[property.Name] || property.Computed {
			continue
		}
		rank := 1
		item := c.withDocumentation(completionItem{Detail: typeText(property)}, describe(property))
		switch {
		case property.Required:
			rank = 0
		case property.Deprecated != "":
			rank, item.Tags = 4, []int{1} // CompletionItemTag.Deprecated
		case property.Maintained:
			rank = 3
		}
		c.name(property.Name, c.emptyValue(property), item, rank)
	}
}

// name adds a name, with a colon and an empty value unless a colon follows.
func (c *completer) name(name, value string, item completionItem, rank int) {
	item.Label, item.Kind = name, completionProperty
	text := fixes.Quote(name)
	if !c.place.colon {
		text += ": "
		if c.client.TextDocument.Completion.CompletionItem.SnippetSupport {
			text += value + c.trailingComma()
		}
	}
	c.add(item, text, rank)
}

// emptyValue returns a value of a property with a tabstop in it.
func (c *completer) emptyValue(p *schema.Property) string {
	switch {
	case p.Collection:
		return "[" + tabstop + "]"
	case p.Type.Structured():
		return "{" + tabstop + "}"
	case p.Type.Members != nil || textual(p.Type):
		return `"` + tabstop + `"`
	}
	return tabstop
}

// textual reports whether the values of a primitive type are strings in JSON.
func textual(t *schema.Type) bool {
	switch t.Name {
	case "Edm.String", "Edm.DateTimeOffset", "Edm.Guid", "Edm.Date", "Edm.TimeOfDay", "Edm.Duration", "Edm.Binary":
		return true
	}
	return false
}

// values adds the values that the member or element at the cursor can have.
func (c *completer) values() {
	p := c.place
	if p.slot == valueSlot && p.member.Name() == "@odata.type" {
		c.types()
		return
	}
	property := p.property()
	if property == nil {
		return
	}
	if property.Collection && p.slot == valueSlot {
		c.value("[]", completionValue, 1)
		return
	}
	switch t := property.Type; {
	case t.Members != nil:
		before, after := "", "" // the members around the one at the cursor, in a value of flags
		if t.Flags {
			typed := strings.TrimPrefix(c.typed, `"`)
			last := typed[strings.LastIndexByte(typed, ',')+1:]
			before = strings.TrimSuffix(typed, strings.TrimLeft(last, " "))
			if i := strings.IndexByte(c.rest, ','); i >= 0 {
				after = strings.TrimSuffix(c.rest[i:], `"`)
			}
		}
		present := strings.FieldsFunc(before+after, func(r rune) bool { return r == ',' || r == ' ' })
		for _, m := range t.Members {
			if m.Name == graph.UnknownFutureValue || slices.Contains(present, m.Name) {
				continue // a body cannot mean the sentinel
			}
			item := c.withDocumentation(completionItem{Label: m.Name, Kind: completionMember, Detail: t.Short()}, m.Description)
			c.add(item, fixes.Quote(before+m.Name+after), 0)
		}
	case t.Name == "Edm.Boolean":
		c.value("true", completionKeyword, 0)
		c.value("false", completionKeyword, 0)
	case t.Structured():
		c.objects(t)
	}
	if nullable(property) && p.slot == valueSlot && !strings.HasPrefix(c.typed, `"`) {
		c.value("null", completionKeyword, 1)
	}
}

func (c *completer) value(text string, kind, rank int) {
	c.add(completionItem{Label: text, Kind: kind}, text, rank)
}

// types adds the types that an @odata.type can name, with the members that each requires.
func (c *completer) types() {
	p := c.place
	if p.declared == nil {
		c.anyType()
		return
	}
	for _, t := range c.namedTypes() {
		text := fixes.Quote("#" + t.Name)
		for _, member := range c.required(t, p.container) {
			text += "," + c.memberSeparator() + member
		}
		c.add(c.typeItem(t), text, 0)
	}
}

// required returns the members that a type requires and an object lacks, with empty
// values.
func (c *completer) required(t *schema.Type, object patchlint.Node) (members []string) {
	for _, p := range t.Properties {
		if p.Required && !object.Member(p.Name).Exists() {
			members = append(members, fixes.Quote(p.Name)+": "+c.emptyValue(p))
		}
	}
	return members
}

// maxTypes is the maximum number of types that anyType adds.
const maxTypes = 200

// anyType adds the types whose names contain the text typed so far, for an object of
// unknown type.
func (c *completer) anyType() {
	written := strings.ToLower(strings.TrimLeft(c.typed, `"#`))
	for name := range c.place.model.Names {
		if !strings.Contains(strings.ToLower(name), written) {
			continue
		}
		if c.incomplete = len(c.items) == maxTypes; c.incomplete {
			return
		}
		short := name[strings.LastIndexByte(name, '.')+1:]
		c.add(completionItem{Label: "#" + name, Kind: completionStruct, Detail: short}, fixes.Quote("#"+name), 0)
	}
}

// namedTypes returns the published types that the object at the cursor can have.
func (c *completer) namedTypes() (list []*schema.Type) {
	for _, t := range c.place.model.Derived(c.place.declared) {
		if t.Unpublished == "" {
			list = append(list, t)
		}
	}
	return list
}

// typeItem returns the item of a type.
func (c *completer) typeItem(t *schema.Type) completionItem {
	return c.withDocumentation(completionItem{Label: "#" + t.Name, Kind: completionStruct, Detail: t.Short()}, t.Description)
}

// memberSeparator returns the white space between two members at the cursor: a line break
// if the line is indented, or else a space.
func (c *completer) memberSeparator() string {
	if c.place.container.Span().Len() > 0 && c.indent != "" {
		return "\n" + c.indent
	}
	return " "
}

// objects adds an object of each type derived from declared, with its required members.
func (c *completer) objects(declared *schema.Type) {
	c.place.declared = declared
	derived := c.namedTypes()
	for _, t := range derived {
		var members []string
		if len(derived) > 1 || declared.Abstract {
			members = append(members, `"@odata.type": `+fixes.Quote("#"+t.Name))
		}
		members = append(members, c.required(t, patchlint.Node{})...)
		item := c.typeItem(t)
		item.Label = "{ " + t.Short() + " }"
		if len(members) == 0 {
			members = []string{tabstop}
		}
		c.add(item, "{"+strings.Join(members, ", ")+"}", 0)
	}
}
