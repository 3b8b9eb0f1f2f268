package lsp

import (
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/report"
)

// codeAction returns the fixes of the findings in a range. Safe fixes are preferred; the
// titles of others say that they change the meaning of the payload.
func (s *server) codeAction(d *document, p params) any {
	wanted := func(kind string) bool {
		return len(p.Context.Only) == 0 || slices.ContainsFunc(p.Context.Only, func(only string) bool {
			return only == kind || only == "" || strings.HasPrefix(kind, only+".")
		})
	}
	actions := []object{}
	s.current(d)
	at := d.text.span(p.Range)
	if wanted(kindQuickFix) {
		for _, f := range s.findingsIn(d.name()) {
			if f.Span.Start > at.End || f.Span.End < at.Start {
				continue
			}
			preferred := false
			for _, fix := range f.Fixes {
				title := fix.Title
				if !fix.Safe {
					title += " (changes what the payload means)"
				}
				actions = append(actions, object{
					"title": title, "kind": kindQuickFix, "diagnostics": []diagnostic{f.shown}, "isPreferred": fix.Safe && !preferred, "edit": s.edit(d, fix.Edits),
				})
				preferred = preferred || fix.Safe
			}
		}
	}
	if wanted(kindFixAll) {
		if edits := d.fixAll(); len(edits) > 0 {
			actions = append(actions, object{"title": "apply all safe fixes (patchlint)", "kind": kindFixAll, "edit": s.edit(d, edits)})
		}
	}
	return actions
}

// edit returns a WorkspaceEdit of a document.
func (s *server) edit(d *document, edits []patchlint.Edit) object {
	list := make([]textEdit, 0, len(edits))
	for _, e := range edits {
		list = append(list, textEdit{d.text.textRange(e.Span), e.NewText})
	}
	if !s.client.Workspace.WorkspaceEdit.DocumentChanges {
		return object{"changes": object{d.uri: list}}
	}
	return object{"documentChanges": []object{{"textDocument": object{"uri": d.uri, "version": d.version}, "edits": list}}}
}

// fixAll returns the edits that lint --fix makes, except those that contain a credential.
func (d *document) fixAll() []patchlint.Edit {
	if d.fixed != nil || d.folder == nil || d.folder.failure != nil {
		return d.fixed
	}
	d.fixed = []patchlint.Edit{}
	f := d.folder
	path := f.path(d)
	source := files.Edited(path, d.text.src)
	text, passes, _ := fixes.Apply(d.text.src, false, func(src []byte) ([]patchlint.Diagnostic, []string) {
		found, shown := f.checker.NewFile(&source).Fixable(src)
		file := report.File{Document: patchlint.Unparsed(src)}
		for i := range found {
			found[i].Fixes = file.Applicable(found[i])
		}
		return found, shown
	})
	if len(passes) == 0 {
		return d.fixed
	}
	origin := make([]int, len(d.text.src))
	for i := range origin {
		origin[i] = i
	}
	for _, edits := range passes {
		origin = trackOrigin(origin, edits)
	}
	d.fixed = difference(text, origin, len(d.text.src))
	return d.fixed
}

// trackOrigin applies edits, which are sorted, to origin, which maps each byte of a text
// to its offset in the original text, or to -1 if an edit inserted it.
func trackOrigin(origin []int, edits []patchlint.Edit) (edited []int) {
	at := 0
	for _, e := range edits {
		edited = append(edited, origin[at:e.Span.Start]...)
		edited = append(edited, slices.Repeat([]int{-1}, len(e.NewText))...)
		at = e.Span.End
	}
	return append(edited, origin[at:]...)
}

// difference returns the edits that turn the original text, of size bytes, into text.
func difference(text []byte, origin []int, size int) (edits []patchlint.Edit) {
	at, from := 0, 0 // in the original and in text: the end of what is done
	for i, offset := range append(origin, size) {
		if offset < 0 {
			continue
		}
		if offset > at || i > from {
			edits = append(edits, patchlint.Edit{Span: patchlint.Span{Start: at, End: offset}, NewText: string(text[from:i])})
		}
		at, from = offset+1, i+1
	}
	return edits
}
