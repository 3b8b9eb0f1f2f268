package lsp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/graph"
	"github.com/patchlint/patchlint/internal/mend"
	"github.com/patchlint/patchlint/schema"
)

// completion returns the names or values that can be at a position. All of them come from
// the facts, none from the document.
func (s *server) completion(d *document, p params) any {
	t := d.text
	can := s.client.TextDocument.Completion.CompletionItem
	c := completer{items: []completionItem{}, snippets: can.SnippetSupport, formats: can.DocumentationFormat}
	at := t.offset(p.Position)
	if place, ok := s.placeOf(d, at, true); ok && place.Slot != mend.NoSlot {
		c.place, c.at = place, t.textRange(place.Token)
		c.typed, c.rest = string(t.src[place.Token.Start:at]), string(t.src[at:place.Token.End])
		if place.Next {
			c.comma = ","
		}
		if place.Slot == mend.NameSlot {
			c.names()
		} else {
			c.values()
		}
	}
	return object{"isIncomplete": c.incomplete, "items": c.items}
}

type completer struct {
	place      place
	at         textRange // the range that an item replaces
	typed      string    // the part of that range before the cursor
	rest       string    // the part after the cursor
	comma      string    // after an inserted value: "," if another one follows, or ""
	snippets   bool      // whether the client supports them
	formats    []string  // of documentation that the client supports
	items      []completionItem
	incomplete bool // whether items were left out
}

// add adds an item that replaces the token by text, with a comma after a value if another
// one follows. Clients without snippets get the text without tabstops. Items with a
// lower rank are listed first.
func (c *completer) add(item completionItem, text string, rank int) {
	if item.description != "" {
		item.Documentation = markup(c.formats, item.description)
	}
	item.FilterText = item.Label
	if strings.HasPrefix(c.typed+c.rest, `"`) {
		item.FilterText = fixes.Quote(item.Label)
		if item.Kind == completionMember {
			item.FilterText = text
		}
	}
	if c.place.Slot != mend.NameSlot {
		text += c.comma
	}
	item.InsertTextFormat = formatPlain
	if before, after, ok := strings.Cut(text, tabstop); ok {
		text = strings.ReplaceAll(text, tabstop, "")
		if c.snippets {
			escape := strings.NewReplacer("$", `\$`, "}", `\}`, `\`, `\\`)
			text, item.InsertTextFormat = escape.Replace(before), formatSnippet
			for i, part := range strings.Split(after, tabstop) {
				text += fmt.Sprintf("$%d", i+1) + escape.Replace(part)
			}
		}
	}
	item.SortText = fmt.Sprintf("%d%03d", rank, len(c.items))
	item.TextEdit = textEdit{c.at, text}
	c.items = append(c.items, item)
}

// tabstop marks the places in a text where the user types.
const tabstop = "\x00"

// names adds the names of members that the object at the cursor lacks.
func (c *completer) names() {
	p := c.place
	root := !p.Container.Parent().Exists()
	lacks := func(name string) bool {
		m := p.Container.Member(name)
		return !m.Exists() || m == p.Member
	}
	if p.actual == nil {
		// With @odata.type, it can become an object of Graph.
		if strings.HasPrefix(p.Member.Name(), "@") && lacks("@odata.type") && (p.known || root) {
			c.name("@odata.type", `"`+tabstop+`"`, completionItem{}, 0)
		}
		return
	}
	if lacks("@odata.type") && (root || p.declared == nil || p.declared.Abstract || len(p.model.Derived(p.declared)) > 1) {
		rank := 2
		if p.actual.Abstract {
			rank = 0
		}
		c.name("@odata.type", `"`+tabstop+`"`, completionItem{Detail: p.actual.Short()}, rank)
	}
	for _, property := range p.actual.Properties {
		if property.Computed || !lacks(property.Name) {
			continue
		}
		rank, item := 1, completionItem{Detail: typeText(property), description: describe(property)}
		switch {
		case property.Required:
			rank = 0
		case property.Deprecated != "":
			rank, item.Tags = 4, []int{1} // CompletionItemTag.Deprecated
		case property.Maintained:
			rank = 3
		}
		c.name(property.Name, emptyValue(property), item, rank)
	}
}

// name adds a name, with a colon and an empty value unless a colon follows.
func (c *completer) name(name, value string, item completionItem, rank int) {
	item.Label, item.Kind = name, completionProperty
	text := fixes.Quote(name)
	if !c.place.Colon {
		text += ": "
		if c.snippets {
			text += value + c.comma
		}
	}
	c.add(item, text, rank)
}

// emptyValue returns a value of a property with a tabstop in it.
func emptyValue(p *schema.Property) string {
	switch {
	case p.Collection:
		return "[" + tabstop + "]"
	case p.Type.Structured():
		return "{" + tabstop + "}"
	case p.Type.Members != nil || slices.Contains(textual, p.Type.Name):
		return `"` + tabstop + `"`
	}
	return tabstop
}

// textual are the primitive types whose values are strings in JSON.
var textual = []string{"Edm.String", "Edm.DateTimeOffset", "Edm.Guid", "Edm.Date", "Edm.TimeOfDay", "Edm.Duration", "Edm.Binary"}

// values adds the values that the member or element at the cursor can have.
func (c *completer) values() {
	p := c.place
	if p.Slot == mend.ValueSlot && p.Member.Name() == "@odata.type" {
		c.types()
		return
	}
	property := p.property()
	if property == nil {
		return
	}
	if property.Collection && p.Slot == mend.ValueSlot {
		c.add(completionItem{Label: "[]", Kind: completionValue}, "[]", 1)
		return
	}
	switch t := property.Type; {
	case t.Members != nil:
		c.members(t)
	case t.Name == "Edm.Boolean":
		c.keyword("true", 0)
		c.keyword("false", 0)
	case t.Structured():
		c.objects(t)
	}
	if property.Nullable && p.Slot == mend.ValueSlot && !strings.HasPrefix(c.typed, `"`) {
		c.keyword("null", 1)
	}
}

func (c *completer) keyword(word string, rank int) {
	c.add(completionItem{Label: word, Kind: completionKeyword}, word, rank)
}

// members adds the members of an enumeration.
func (c *completer) members(t *schema.Type) {
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
			continue // a body cannot mean unknownFutureValue
		}
		item := completionItem{Label: m.Name, Kind: completionMember, Detail: t.Short(), description: escape(m.Description)}
		c.add(item, fixes.Quote(before+m.Name+after), 0)
	}
}

// maxTypes is the maximum number of types that types adds for an object of unknown type.
const maxTypes = 200

// types adds the types that an @odata.type can name, with the members that each requires.
// For an object of unknown type, it adds those whose names contain the text typed so far.
func (c *completer) types() {
	p := c.place
	add := func(t *schema.Type) {
		members := append([]string{fixes.Quote("#" + t.Name)}, required(t, p.Container)...)
		c.add(completionItem{Label: "#" + t.Name, Kind: completionStruct, Detail: t.Short(), description: escape(t.Description)}, strings.Join(members, ", "), 0)
	}
	if p.declared != nil {
		for _, t := range c.published(p.declared) {
			add(t)
		}
		return
	}
	written := strings.ToLower(strings.TrimLeft(c.typed, `"#`))
	for name := range p.model.Names {
		if !strings.Contains(strings.ToLower(name), written) {
			continue
		}
		if t := p.model.Type(name).Resource(); t != nil && !t.Abstract && t.Unpublished == "" {
			if c.incomplete = len(c.items) == maxTypes; c.incomplete {
				return
			}
			add(t)
		}
	}
}

// required returns the members that a type requires and an object lacks, with empty
// values.
func required(t *schema.Type, object patchlint.Node) (members []string) {
	for _, p := range t.Properties {
		if p.Required && !object.Member(p.Name).Exists() {
			members = append(members, fixes.Quote(p.Name)+": "+emptyValue(p))
		}
	}
	return members
}

// published returns the published types that an object of a declared type can have.
func (c *completer) published(declared *schema.Type) []*schema.Type {
	return slices.DeleteFunc(c.place.model.Derived(declared), func(t *schema.Type) bool { return t.Unpublished != "" })
}

// objects adds an object of each type derived from declared, with its required members.
func (c *completer) objects(declared *schema.Type) {
	types := c.published(declared)
	for _, t := range types {
		members := required(t, patchlint.Node{})
		if len(types) > 1 || declared.Abstract {
			members = slices.Insert(members, 0, `"@odata.type": `+fixes.Quote("#"+t.Name))
		}
		if len(members) == 0 {
			members = []string{tabstop}
		}
		item := completionItem{Label: "{ " + t.Short() + " }", Kind: completionStruct, Detail: t.Short(), description: escape(t.Description)}
		c.add(item, "{"+strings.Join(members, ", ")+"}", 0)
	}
}
