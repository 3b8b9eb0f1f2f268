package lsp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/schema"
)

// completion offers what can be at a place. All of it comes from the facts, nothing
// from the document.
func (s *server) completion(q question) (any, *rpcError) {
	if q.Position == nil {
		return nil, notPosition
	}
	d, t := q.doc, q.doc.text
	c := completer{server: s, items: []completionItem{}}
	at := t.offset(*q.Position)
	if place, ok := s.placeOf(d, at, true); ok {
		c.place, c.at = place, t.textRange(place.token)
		c.quoted = bytes.HasPrefix(t.src[place.token.Start:], []byte{'"'}) && place.token.Len() > 0
		c.indent = indentation(t, at)
		switch place.part {
		case aName:
			c.names()
		case aValue, anElement:
			c.values()
		}
	}
	return object{"isIncomplete": c.incomplete, "items": c.items}, nil
}

type completer struct {
	*server
	place      place
	at         textRange // what is replaced
	quoted     bool      // it starts with a quotation mark
	indent     string    // of the line
	items      []completionItem
	incomplete bool // there are more
}

// indentation returns the white space that the line of an offset starts with.
func indentation(t *text, offset int) string {
	line := t.line(offset)
	text := string(t.src[t.lines[line]:t.endOf(line)])
	return text[:len(text)-len(strings.TrimLeft(text, " \t"))]
}

// add adds an item that puts a text in place of the token, and a comma where a value
// needs one. In a snippet the holes say where to go on; other clients get the text
// without them.
func (c *completer) add(item completionItem, text string, important int) {
	snippets := c.client.TextDocument.Completion.CompletionItem.SnippetSupport
	value := text
	if c.place.part != aName {
		text += c.separator()
	}
	item.InsertTextFormat = formatPlain
	if strings.Contains(text, hole) {
		if snippets {
			text = strings.NewReplacer("$", `\$`, "}", `\}`, `\`, `\\`).Replace(text)
			item.InsertTextFormat = formatSnippet
			for i := 1; strings.Contains(text, hole); i++ {
				text = strings.Replace(text, hole, fmt.Sprintf("$%d", i), 1)
			}
		} else {
			text = strings.ReplaceAll(text, hole, "")
		}
	}
	item.FilterText = item.Label
	if c.quoted {
		item.FilterText = quote(item.Label)
		if item.Kind == completionMember {
			item.FilterText = value
		}
	}
	item.SortText = fmt.Sprintf("%d%03d", important, len(c.items))
	item.TextEdit = textEdit{c.at, text}
	c.items = append(c.items, item)
}

// hole stands in a text for what is to be typed.
const hole = "\x00"

func quote(text string) string {
	quoted, _ := json.Marshal(text) // a string can be
	return string(quoted)
}

// separator follows what is inserted.
func (c *completer) separator() string {
	if c.place.next {
		return ","
	}
	return ""
}

// documented gives an item the facts about a property.
func (c *completer) documented(item completionItem, text string) completionItem {
	if text != "" {
		item.Documentation = markup(c.client.TextDocument.Completion.CompletionItem.DocumentationFormat, text)
	}
	return item
}

// names offers the names that the object at the cursor lacks.
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
	if p.declared == nil {
		// It may become a payload of Graph.
		if strings.HasPrefix(p.member.Name(), "@") && !present["@odata.type"] && !p.container.Parent().Exists() {
			c.name("@odata.type", `"`+hole+`"`, completionItem{}, 0)
		}
		return
	}
	if derived := p.model.Derived(p.declared); !present["@odata.type"] && (len(derived) > 1 || p.declared.Abstract || !p.container.Parent().Exists()) {
		important := 2
		if p.actual.Abstract {
			important = 0
		}
		c.name("@odata.type", `"`+hole+`"`, completionItem{Detail: p.declared.Short()}, important)
	}
	for _, property := range p.actual.Properties {
		if present[property.Name] || property.Computed {
			continue
		}
		important := 1
		item := c.documented(completionItem{Detail: typeText(property)}, describe(property))
		switch {
		case property.Required:
			important = 0
		case property.Deprecated != "":
			important, item.Tags = 4, []int{1} // CompletionItemTag.Deprecated
		case property.Management != schema.Client:
			important = 3
		}
		c.name(property.Name, c.blank(property), item, important)
	}
}

// name offers a name, with a colon and room for a value unless they are there.
func (c *completer) name(name, value string, item completionItem, important int) {
	item.Label, item.Kind = name, completionProperty
	text := quote(name)
	if !c.place.colon {
		text += ": "
		if c.client.TextDocument.Completion.CompletionItem.SnippetSupport {
			text += value + c.separator()
		}
	}
	c.add(item, text, important)
}

// blank is a value of a property with what is to be typed left out.
func (c *completer) blank(p *schema.Property) string {
	switch {
	case p.Collection:
		return "[" + hole + "]"
	case p.Type.Structured():
		return "{" + hole + "}"
	case p.Type.Category == schema.Enum || textual(p.Type):
		return `"` + hole + `"`
	}
	return hole
}

// textual reports whether the values of a primitive type are strings in JSON.
func textual(t *schema.Type) bool {
	switch t.Name {
	case "Edm.String", "Edm.DateTimeOffset", "Edm.Guid", "Edm.Date", "Edm.TimeOfDay", "Edm.Duration", "Edm.Binary":
		return true
	}
	return false
}

// values offers the values that the member or element at the cursor can have.
func (c *completer) values() {
	p := c.place
	if p.part == aValue && p.member.NameIs("@odata.type") {
		c.types()
		return
	}
	property := p.property()
	if property == nil {
		return
	}
	if property.Collection && p.part == aValue {
		c.value("[]", completionValue, 1)
		return
	}
	switch t := property.Type; {
	case t.Category == schema.Enum:
		before := "" // the members that a value of flags has already
		if written := p.member.Text(); t.Flags && p.token.Len() > 0 {
			before = written[:strings.LastIndexByte(written, ',')+1]
		}
		for _, m := range t.Members {
			item := c.documented(completionItem{Label: m.Name, Kind: completionMember, Detail: t.Short()}, m.Description)
			c.add(item, quote(before+m.Name), 0)
		}
	case t.Name == "Edm.Boolean":
		c.value("true", completionKeyword, 0)
		c.value("false", completionKeyword, 0)
	case t.Structured():
		c.objects(t)
	}
	if property.Nullable && p.part == aValue {
		c.value("null", completionKeyword, 1)
	}
}

func (c *completer) value(text string, kind, important int) {
	c.add(completionItem{Label: text, Kind: kind}, text, important)
}

// types offers the types that an @odata.type can name, with what each requires
// besides.
func (c *completer) types() {
	p := c.place
	if p.declared == nil {
		c.anyType()
		return
	}
	for _, t := range c.named() {
		text := quote(t.TypeName())
		for _, member := range c.required(t, p.container) {
			text += "," + c.gap() + member
		}
		c.add(c.typed(t), text, 0)
	}
}

// required returns the members that a type requires and an object lacks, with what is
// to be typed left out.
func (c *completer) required(t *schema.Type, object patchlint.Node) (members []string) {
	for _, p := range t.Properties {
		if p.Required && !object.Member(p.Name).Exists() {
			members = append(members, quote(p.Name)+": "+c.blank(p))
		}
	}
	return members
}

// maxTypes is how many types are offered at once of all that there are.
const maxTypes = 200

// anyType offers the types that hold what was written so far, for an object of which
// nothing else is known.
func (c *completer) anyType() {
	if c.place.container.Parent().Exists() {
		return
	}
	written := strings.ToLower(strings.TrimPrefix(c.place.member.Text(), "#"))
	c.place.model.Names(func(name string, structured bool) bool {
		if !structured || !strings.Contains(strings.ToLower(name), written) {
			return true
		}
		if c.incomplete = len(c.items) == maxTypes; c.incomplete {
			return false
		}
		short := name[strings.LastIndexByte(name, '.')+1:]
		c.add(completionItem{Label: "#" + name, Kind: completionStruct, Detail: short}, quote("#"+name), 0)
		return true
	})
}

// named lists the types that can be named where the cursor is.
func (c *completer) named() (list []*schema.Type) {
	for _, t := range c.place.model.Derived(c.place.declared) {
		if t.Unpublished == "" {
			list = append(list, t)
		}
	}
	return list
}

// typed is the item of a type.
func (c *completer) typed(t *schema.Type) completionItem {
	return c.documented(completionItem{Label: t.TypeName(), Kind: completionStruct, Detail: t.Short()}, t.Description)
}

// gap is what is between two members where the cursor is: as between lines, if the
// token is at the start of its line, else a space.
func (c *completer) gap() string {
	if c.place.container.Span().Len() > 0 && c.indent != "" {
		return "\n" + c.indent
	}
	return " "
}

// objects offers an object of every type that there can be, with what it requires.
func (c *completer) objects(declared *schema.Type) {
	c.place.declared = declared
	derived := c.named()
	for _, t := range derived {
		var members []string
		if len(derived) > 1 || declared.Abstract {
			members = append(members, `"@odata.type": `+quote(t.TypeName()))
		}
		members = append(members, c.required(t, patchlint.Node{})...)
		item := c.typed(t)
		item.Label = "{ " + t.Short() + " }"
		if len(members) == 0 {
			members = []string{hole}
		}
		c.add(item, "{"+strings.Join(members, ", ")+"}", 0)
	}
}
