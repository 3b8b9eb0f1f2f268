package lsp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/mend"
	"github.com/patchlint/patchlint/internal/report"
	"github.com/patchlint/patchlint/schema"
	"github.com/patchlint/patchlint/validate"
)

// hover explains the findings and the property or type at a position.
func (s *server) hover(d *document, p params) any {
	at := d.text.offset(p.Position)
	var parts []string
	var span patchlint.Span
	s.current(d)
	for _, f := range s.findingsIn(d.name()) {
		if at < f.Span.Start || at >= max(f.Span.End, f.Span.Start+1) || f.Rule == "" {
			continue
		}
		span = f.Span
		text := fmt.Sprintf("**%s** (%s): %s", f.Rule, f.Severity, escape(f.Message))
		if rule := validate.Lookup(f.Rule); rule != nil {
			text += "\n\n" + escape(rule.Why)
		}
		parts = append(parts, text+"\n\n"+report.RulePage(f.Rule))
	}
	if place, ok := s.placeOf(d, at, false); ok && place.Token.Len() > 0 {
		if text := place.explain(); text != "" {
			parts = append(parts, text)
			if span == (patchlint.Span{}) {
				span = place.Token
			}
		}
	}
	if parts == nil {
		return nil
	}
	contents := markup(s.client.TextDocument.Hover.ContentFormat, strings.Join(parts, "\n\n---\n\n"))
	return object{"contents": contents, "range": d.text.textRange(span)}
}

// explain describes the member, element or value at a place by the facts.
func (p place) explain() string {
	if p.Slot != mend.ElementSlot && p.actual != nil {
		if name := p.Member.Name(); name == "@odata.type" {
			return describeType(p.actual)
		} else if to := p.actual.NavigationProperty(name); to != nil {
			return fmt.Sprintf("**%s**: navigation property to `%s`\n\nThe related resource has its own URL.", to.Name, to.Target)
		}
	}
	property := p.property()
	if property == nil {
		return ""
	}
	value := ""
	if n := p.Member; (p.Slot == mend.ValueSlot || p.Slot == mend.ElementSlot) && n.Kind() == patchlint.String {
		if member := property.Type.Member(n.Text()); member != nil && member.Description != "" {
			value = fmt.Sprintf("`%s`: %s", member.Name, escape(member.Description))
		}
	}
	return paragraphs(value, describe(property), p.availability(property), label("Source: %s", escape(property.Source)))
}

// typeText returns the type of a property as metadata writes it.
func typeText(p *schema.Property) string {
	name := p.Type.Short()
	if p.Type.Model == nil { // a primitive type
		name = p.Type.Name
	}
	if p.Collection {
		return "Collection(" + name + ")"
	}
	return name
}

// paragraphs joins the texts that are not empty.
func paragraphs(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(text string) bool { return text == "" }), "\n\n")
}

// label returns a text in a format, or "" if the text is empty.
func label(format, text string) string {
	if text == "" {
		return ""
	}
	return fmt.Sprintf(format, text)
}

// describe returns the documentation of a property.
func describe(p *schema.Property) string {
	null := "cannot be null"
	if p.Nullable {
		null = "can be null"
	}
	head := fmt.Sprintf("**%s**: `%s`, %s", p.Name, typeText(p), null)
	if p.Required {
		head += ", required"
	}
	if p.GUID {
		head += ", a GUID"
	}
	computed, members := "", ""
	if p.Computed {
		computed = "Only the service sets it; a PATCH cannot."
	}
	for _, m := range p.Type.Members {
		members += fmt.Sprintf("\n- `%s`", m.Name) + label(": %s", escape(m.Description))
	}
	return paragraphs(head, escape(p.Description), label("Deprecated: %s", escape(p.Deprecated)), computed,
		label("Default: `%s`", p.Default), label("Example: `%s`", p.Example), label("Members:%s", members))
}

// availability names the API versions that have a property of the object at a place.
func (p place) availability(property *schema.Property) string {
	if p.actual == nil || p.Slot == mend.ElementSlot {
		return ""
	}
	var in []string
	for _, v := range schema.Versions() {
		if model, err := schema.Open(v); err == nil {
			if t := model.Type(p.actual.Name); t != nil && t.Property(property.Name) != nil {
				in = append(in, string(v))
			}
		}
	}
	return label("In %s", strings.Join(in, " and "))
}

// describeType returns the documentation of a type.
func describeType(t *schema.Type) string {
	return paragraphs("**"+t.Name+"**", escape(t.Description), label("Deprecated since %s", t.Deprecated), escape(t.Unpublished),
		label("Source: %s", escape(t.Source)))
}

// escape escapes text for Markdown.
func escape(text string) string {
	return strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "<", `\<`, "[", `\[`).Replace(text)
}
