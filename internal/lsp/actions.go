package lsp

import (
	"slices"
	"strings"

	"github.com/sourcegraph/jsonrpc2"

	"github.com/patchlint/patchlint"
)

// current returns what is found in the newest text of a document.
func (s *server) current(d *document, t *text) *result {
	if r := d.result; r != nil && r.text == t && r.folder == s.workspace.of(d.path) && r.stamp == r.folder.stamp {
		return r
	}
	return s.lint(d, t)
}

// codeAction offers the fixes of the findings in a range. Safe ones are preferred;
// the others say that they change what the payload means.
func (s *server) codeAction(r request) (any, *jsonrpc2.Error) {
	p, d, t, failure := asked(s, r, func(p codeActionParams) string { return p.TextDocument.URI })
	if failure != nil {
		return nil, failure
	}
	if p.Range == nil {
		return nil, &jsonrpc2.Error{Code: codeInvalidParams, Message: "the range is missing"}
	}
	wanted := func(kind string) bool {
		return len(p.Context.Only) == 0 || slices.ContainsFunc(p.Context.Only, func(only string) bool {
			return only == kind || only == "" || strings.HasPrefix(kind, only+".")
		})
	}
	actions := []codeAction{}
	result := s.current(d, t)
	at := t.span(*p.Range, s.client.encoding)
	if wanted(kindQuickFix) {
		for _, f := range result.findings {
			if f.Span.Start > at.End || f.Span.End < at.Start {
				continue
			}
			preferred := false
			for _, fix := range f.Fixes {
				action := codeAction{Title: fix.Title, Kind: kindQuickFix, Diagnostics: []diagnostic{f.shown}, Edit: s.edit(d, t, fix.Edits)}
				if fix.Safe {
					action.IsPreferred, preferred = !preferred, true
				} else {
					action.Title += " (changes what the payload means)"
				}
				actions = append(actions, action)
			}
		}
	}
	if wanted(kindFixAll) && len(result.findings) > 0 {
		if edits := s.fixAll(d, result); len(edits) > 0 {
			actions = append(actions, codeAction{Title: "fix all that can be fixed safely (patchlint)", Kind: kindFixAll, Edit: s.edit(d, t, edits)})
		}
	}
	return actions, nil
}

// edit returns edits as the client makes them.
func (s *server) edit(d *document, t *text, edits []patchlint.Edit) *workspaceEdit {
	list := make([]textEdit, 0, len(edits))
	for _, e := range edits {
		list = append(list, textEdit{t.textRange(e.Span, s.client.encoding), e.NewText})
	}
	if !s.client.Workspace.WorkspaceEdit.DocumentChanges {
		return &workspaceEdit{Changes: map[string][]textEdit{d.uri: list}}
	}
	s.mu.Lock()
	version := d.version
	s.mu.Unlock()
	return &workspaceEdit{DocumentChanges: []textDocumentEdit{{versionedTextDocumentIdentifier{d.uri, &version}, list}}}
}

// fixAll returns the edits of all safe fixes.
func (s *server) fixAll(d *document, r *result) []patchlint.Edit {
	var findings []patchlint.Diagnostic
	for _, f := range r.findings {
		findings = append(findings, f.Diagnostic)
	}
	edits, _ := patchlint.ChooseFixes(findings, false)
	return edits
}
