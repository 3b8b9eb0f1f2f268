package lsp

import (
	"bytes"
	"slices"
	"strings"

	"github.com/patchlint/patchlint"
	"github.com/patchlint/patchlint/internal/files"
	"github.com/patchlint/patchlint/internal/fixes"
	"github.com/patchlint/patchlint/internal/report"
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
func (s *server) codeAction(q question) (any, *rpcError) {
	if q.Range == nil {
		return nil, notRange
	}
	d, t := q.doc, q.text
	wanted := func(kind string) bool {
		return len(q.Context.Only) == 0 || slices.ContainsFunc(q.Context.Only, func(only string) bool {
			return only == kind || only == "" || strings.HasPrefix(kind, only+".")
		})
	}
	actions := []codeAction{}
	result := s.current(d, t)
	at := t.span(*q.Range, s.client.encoding)
	if wanted(kindQuickFix) {
		for _, f := range s.all(d, result) {
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
	safe := func(f finding) bool {
		return slices.ContainsFunc(f.Fixes, func(f patchlint.Fix) bool { return f.Safe })
	}
	if wanted(kindFixAll) && slices.ContainsFunc(result.findings, safe) {
		if edits := s.fixAll(d, result); len(edits) > 0 {
			actions = append(actions, codeAction{Title: "fix all that can be fixed safely (patchlint)", Kind: kindFixAll, Edit: s.edit(d, t, edits)})
		}
	}
	return actions, nil
}

// edit returns edits as the client makes them.
func (s *server) edit(d *document, t *text, edits []patchlint.Edit) object {
	list := make([]textEdit, 0, len(edits))
	for _, e := range edits {
		list = append(list, textEdit{t.textRange(e.Span, s.client.encoding), e.NewText})
	}
	if !s.client.Workspace.WorkspaceEdit.DocumentChanges {
		return object{"changes": object{d.uri: list}}
	}
	s.mu.Lock()
	version := d.version
	s.mu.Unlock()
	return object{"documentChanges": []object{{"textDocument": object{"uri": d.uri, "version": version}, "edits": list}}}
}

// fixAll returns the edits that lint --fix makes, except those that would show a
// credential.
func (s *server) fixAll(d *document, r *result) []patchlint.Edit {
	if r.fixed != nil || r.folder == nil || r.folder.failure != nil {
		return r.fixed
	}
	r.fixed = []patchlint.Edit{}
	f := r.folder
	path := f.path(d)
	source := files.Edited(path, r.text.src)
	var passes [][]patchlint.Diagnostic
	fixed, made := fixes.Apply(r.text.src, false, func(src []byte) ([]patchlint.Diagnostic, []string) {
		found, shown := f.checker.File(&source).Fixable(src)
		file := report.File{Document: patchlint.Unparsed(src)}
		for i := range found {
			found[i].Fixes = file.Applicable(found[i])
		}
		passes = append(passes, found)
		return found, shown
	})
	if made == 0 {
		return r.fixed
	}
	all := changes{{copied: patchlint.Span{End: len(r.text.src)}}}
	for src, i := r.text.src, 0; !bytes.Equal(src, fixed) && i < len(passes); i++ {
		edits, _ := fixes.Choose(passes[i], false)
		all = all.apply(edits)
		src, _ = patchlint.ApplyEdits(src, edits) // as Apply did
	}
	r.fixed = all.edits(len(r.text.src))
	return r.fixed
}

// changes is a text as the pieces of another one, and what is new between them.
type changes []piece

type piece struct {
	copied patchlint.Span // of the other text, or
	text   string         // what is new
}

func (p piece) len() int { return p.copied.Len() + len(p.text) }

// cut returns the part of a piece between two places in it.
func (p piece) cut(start, end int) piece {
	if p.text != "" {
		return piece{text: p.text[start:end]}
	}
	return piece{copied: patchlint.Span{Start: p.copied.Start + start, End: p.copied.Start + end}}
}

// apply makes edits of the text, which are in ascending order.
func (c changes) apply(edits []patchlint.Edit) (made changes) {
	at := 0 // where the first of c starts
	advance := func(to int, keep bool) {
		for len(c) > 0 && at < to {
			n := min(to-at, c[0].len())
			if keep {
				made = append(made, c[0].cut(0, n))
			}
			c[0] = c[0].cut(n, c[0].len())
			if at += n; c[0].len() == 0 {
				c = c[1:]
			}
		}
	}
	for _, e := range edits {
		advance(e.Span.Start, true)
		advance(e.Span.End, false)
		if e.NewText != "" {
			made = append(made, piece{text: e.NewText})
		}
	}
	return append(made, c...)
}

// edits returns the edits that make the text of the other one, which is so long.
func (c changes) edits(size int) (edits []patchlint.Edit) {
	at, text := 0, ""
	flush := func(next int) {
		if next > at || text != "" {
			edits = append(edits, patchlint.Edit{Span: patchlint.Span{Start: at, End: next}, NewText: text})
		}
		text = ""
	}
	for _, p := range c {
		if p.text != "" {
			text += p.text
			continue
		}
		flush(p.copied.Start)
		at = p.copied.End
	}
	flush(size)
	return edits
}
