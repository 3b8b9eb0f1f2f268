// An editor for JSON text that marks findings.
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState, type Text } from '@codemirror/state';
import { EditorView, highlightSpecialChars, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { type Finding, type Fix, units } from './library';
import { say } from './page';

const style = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--key)' },
  { tag: tags.string, color: 'var(--string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--literal)' },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: 'var(--punctuation)' },
  { tag: tags.invalid, color: 'inherit' }, // findings mark invalid text
]);

const dark = matchMedia('(prefers-color-scheme: dark)');

/** A finding with its position in the current text. */
export interface Placed { finding: Finding; from: number; to: number }

export interface Editor {
  text(): string;
  /** set replaces the text, changing only the part that differs. */
  set(text: string): void;
  /** show shows the findings about a text, unless the text has changed since. */
  show(about: string, findings: Finding[]): void;
  /** apply makes the edits of a fix of a finding that is shown. */
  apply(fix: Fix): void;
  /** place returns the line and column of a byte of the text that the findings are about. */
  place(offset: number): string;
  /** go moves the cursor to bytes of that text. */
  go(offset: number, endOffset: number): void;
}

export function editor(options: { parent: HTMLElement; label: string; text: string; changed(): void }): Editor {
  let findings: Placed[] = [];
  let places = new Map<number, number>();
  let about: Text | undefined; // the text that the findings are about

  // The current position of the byte: the text may have been edited since.
  const unit = (offset: number) => Math.min(places.get(offset) ?? 0, view.state.doc.length);

  const step = (by: 1 | -1) => () => {
    if (findings.length === 0) {
      say('no findings');
      return true;
    }
    const { head } = view.state.selection.main;
    const later = by > 0 ? findings.find((f) => f.from > head) : findings.findLast((f) => f.from < head);
    const { finding, from } = later ?? findings.at(by > 0 ? 0 : -1)!;
    view.dispatch({ selection: { anchor: Math.min(from, view.state.doc.length) }, scrollIntoView: true });
    say(`${finding.severity}: ${finding.message}`);
    return true;
  };

  const theme = new Compartment();
  const view: EditorView = new EditorView({
    parent: options.parent,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        lineNumbers(), lintGutter(), history(), highlightSpecialChars(), bracketMatching(), search({ top: true }),
        EditorView.lineWrapping, json(), syntaxHighlighting(style), placeholder('{ … }'),
        keymap.of([{ key: 'F8', run: step(1), shift: step(-1), preventDefault: true }, ...defaultKeymap, ...historyKeymap, ...searchKeymap]),
        EditorView.contentAttributes.of({ 'aria-label': options.label, tabindex: '0', autocapitalize: 'off', autocorrect: 'off', spellcheck: 'false' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.changed();
        }),
        theme.of(EditorView.darkTheme.of(dark.matches)),
      ],
    }),
  });
  dark.addEventListener('change', () => view.dispatch({ effects: theme.reconfigure(EditorView.darkTheme.of(dark.matches)) }));

  const apply = (fix: Fix) => {
    if (about && !view.state.doc.eq(about)) return; // the edits are for another text
    view.dispatch({
      changes: fix.edits.map((e) => ({ from: unit(e.offset), to: unit(e.endOffset), insert: e.newText })),
      scrollIntoView: true,
    });
  };

  return {
    text: () => view.state.doc.toString(),
    set(text) {
      const before = view.state.doc.toString();
      text = text.replace(/\r\n?/g, '\n');
      let from = 0;
      while (from < before.length && before[from] === text[from]) from++;
      let same = 0;
      while (same < before.length - from && same < text.length - from && before.at(-1 - same) === text.at(-1 - same)) same++;
      view.dispatch({ changes: { from, to: before.length - same, insert: text.slice(from, text.length - same) } });
    },
    show(text, list) {
      if (view.state.doc.toString() !== text) return;
      about = view.state.doc;
      places = units(text, list.flatMap((f) => [f, ...f.related, ...f.fixes.flatMap((fix) => fix.edits)].flatMap((p) => [p.offset, p.endOffset])));
      findings = list.map((finding) => ({ finding, from: unit(finding.offset), to: unit(finding.endOffset) }));
      view.dispatch(setDiagnostics(view.state, findings.map(({ finding, from, to }) => ({
        from, to, severity: finding.severity, source: finding.rule, message: finding.message,
        actions: finding.fixes.map((fix) => ({ name: fix.title, apply: () => apply(fix) })),
      }))));
    },
    apply,
    place(offset) {
      const line = view.state.doc.lineAt(unit(offset));
      return `line ${line.number}, column ${unit(offset) - line.from + 1}`;
    },
    go(offset, endOffset) {
      view.dispatch({ selection: { anchor: unit(offset), head: unit(endOffset) }, effects: EditorView.scrollIntoView(unit(offset), { y: 'center' }) });
      view.focus();
    },
  };
}
