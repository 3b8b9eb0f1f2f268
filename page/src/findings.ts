// The list of findings next to the text.
import type { Editor } from './editor';
import type { Finding, Place } from './library';
import { button, count, make } from './page';
import { explain } from './rules';

const shownAtFirst = 200;

/** tally returns the numbers of findings in words. */
export function tally(findings: Finding[]): string {
  const parts = (['error', 'warning', 'info'] as const)
    .map((severity) => [findings.filter((f) => f.severity === severity).length, severity] as const)
    .filter(([n]) => n > 0)
    .map(([n, severity]) => count(n, severity));
  return parts.length > 0 ? parts.join(', ') : 'no findings';
}

/**
 * list shows findings, each with its place, its rule and its fixes. of returns the editor
 * of a finding by its file.
 */
export function list(into: HTMLElement, findings: Finding[], of: (file: string) => { editor: Editor; name: string }, limit = shownAtFirst): void {
  const key = JSON.stringify([findings, limit]);
  if (into.dataset.key === key) return; // keeps the focus
  const focused = [...into.children].findIndex((item) => item.contains(document.activeElement));
  into.dataset.key = key;
  const items = findings.slice(0, limit).map((finding) => {
    const { editor, name } = of(finding.file);
    const place = ({ offset, endOffset }: Place) =>
      button((name ? name + ', ' : '') + editor.place(offset), 'link', () => editor.go(offset, endOffset));
    const rule = button(finding.rule, 'link rule', () => void explain(finding.rule));
    rule.setAttribute('aria-label', `explain the rule ${finding.rule}`);
    const item = make('li', finding.severity,
      make('p', 'message', make('span', 'severity', finding.severity), ' ', finding.message),
      make('p', 'about', place(finding), rule));
    for (const r of finding.related) {
      item.append(make('p', 'related', place(r), ` ${r.message}`));
    }
    if (finding.fixes.length > 0) {
      item.append(make('div', 'fixes', ...finding.fixes.map((fix) => {
        const apply = button(fix.title, 'fix', () => editor.apply(fix));
        if (!fix.safe) {
          apply.append(make('small', '', 'changes the meaning'));
        }
        return apply;
      })));
    }
    return item;
  });
  if (findings.length > limit) {
    items.push(make('li', 'more', button(`Show all ${findings.length} findings`, '', () => list(into, findings, of, Infinity))));
  }
  into.replaceChildren(...items);
  if (focused >= 0) {
    // The element with the focus is gone, so focus the next finding, or the title.
    const next = items[Math.min(focused, items.length - 1)]?.querySelector('button');
    (next ?? into.closest('section')!.querySelector('h2'))!.focus();
  }
}
