// The documentation of the rules, in a dialog.
import { rules, type Rule } from './library';
import { at, button, make } from './page';

const dialog = () => at<HTMLDialogElement>('dialog');

let all: Rule[] | undefined;

async function every(): Promise<Rule[]> {
  return (all ??= await rules().catch((error: Error) => {
    open('Rules', false, make('p', '', `The rules cannot be read: ${error.message}.`));
    return undefined;
  })) ?? [];
}

function open(title: string, back: boolean, ...inside: Node[]): void {
  at('dialog-title').textContent = title;
  at('dialog-back').hidden = !back;
  at('dialog-body').replaceChildren(...inside);
  at('dialog-body').scrollTop = 0;
  if (!dialog().open) dialog().showModal();
  at('dialog-title').focus();
}

function code(title: string, text: string): Node[] {
  if (!text) return [];
  const lines = text.trimEnd().split('\n').map((line) => (line.length > 400 ? line.slice(0, 60) + '…' : line)); // the example of json-limit
  const pre = make('pre', '', lines.join('\n'));
  pre.tabIndex = 0; // so that keys can scroll it
  return [make('h3', '', title), pre];
}

/** explain shows the documentation of a rule. */
export async function explain(id: string): Promise<void> {
  const rule = (await every()).find((r) => r.id === id);
  if (!rule) return;
  const links = rule.links.map((url) => {
    const link = make('a', '', url);
    link.href = url;
    link.rel = 'noreferrer';
    link.target = '_blank';
    return make('li', '', link);
  });
  open(rule.id, true,
    make('p', `summary ${rule.severity}`, make('span', 'severity', rule.severity), ` ${rule.summary}`),
    make('p', '', rule.why), ...code('Bad', rule.bad), ...code('Good', rule.good),
    ...(links.length > 0 ? [make('h3', '', 'See also'), make('ul', '', ...links)] : []));
}

/** index lists the rules. */
export async function index(): Promise<void> {
  const rows = (await every()).map((r) => make('li', r.severity,
    button(r.id, 'link', () => void explain(r.id)), make('span', 'severity', r.severity), make('span', 'what', r.summary)));
  if (rows.length > 0) open('Rules', false, make('ul', 'index', ...rows));
}

export function start(): void {
  at('rules').onclick = () => void index();
  at('dialog-back').onclick = () => void index();
  at('dialog-close').onclick = () => dialog().close();
  dialog().onclick = (event) => { if (event.target === dialog()) dialog().close(); }; // outside it
  at('licenses').onclick = () => open('Licenses', false, make('pre', 'licenses', at<HTMLTemplateElement & HTMLElement>('license-texts').content.textContent!));
}
