import { diffTab, type DiffTab } from './diff';
import { about, credential, start, types, type Target } from './library';
import * as link from './link';
import { lintTab } from './lint';
import { at, copy, flash } from './page';
import * as rules from './rules';

start(); // in parallel with the editor, which also takes time to start

const version = at<HTMLSelectElement>('api-version');
const type = at<HTMLInputElement>('type');
const target = (): Target => ({ apiVersion: version.value, type: type.value.trim() });

function refused(why: string): void {
  const fault = why !== '' && type.value.trim() !== '';
  at('type-fault').textContent = fault ? why : '';
  type.setAttribute('aria-invalid', String(fault));
}

function banner(text: string): void {
  at('banner').textContent = text;
  at('banner').hidden = text === '';
}

/** edited removes a link that no longer matches the page from the address bar. */
function edited(): void {
  banner('');
  if (location.hash) history.replaceState(null, '', location.pathname + location.search);
}

const lint = lintTab(target, refused, edited);
let diff: DiffTab | undefined; // created when first shown, because a hidden editor cannot be measured

type Tab = 'lint' | 'diff';
let tab: Tab = 'lint';
function show(name: Tab): void {
  tab = name;
  for (const each of ['lint', 'diff'] as const) {
    at(each).hidden = each !== name;
    at(`tab-${each}`).setAttribute('aria-selected', String(each === name));
    at(`tab-${each}`).tabIndex = each === name ? 0 : -1;
  }
  if (name === 'diff') diff ??= diffTab(target, refused, edited);
}
for (const each of ['lint', 'diff'] as const) {
  at(`tab-${each}`).onclick = () => show(each);
  at(`tab-${each}`).onkeydown = (event) => {
    const other: Tab = each === 'lint' ? 'diff' : 'lint';
    const to = { ArrowLeft: other, ArrowRight: other, Home: 'lint' as Tab, End: 'diff' as Tab }[event.key];
    if (!to) return;
    event.preventDefault();
    show(to);
    at(`tab-${to}`).focus();
  };
}

function refresh(): void {
  lint.refresh();
  diff?.refresh();
}

// There are thousands of type names; only those that match the input are offered.
let names: string[] = [];
async function readTypes(): Promise<void> {
  names = await types(version.value).catch(() => []); // the tab shows the error
  offer();
}
function offer(): void {
  const typed = type.value.trim().toLowerCase();
  const starts = names.filter((n) => n.toLowerCase().startsWith(typed));
  const holds = names.filter((n) => n.toLowerCase().indexOf(typed) > 0);
  at('types').replaceChildren(...[...starts, ...holds].slice(0, 50).map((name) => new Option(name)));
}
version.onchange = () => {
  edited();
  void readTypes();
  refresh();
};
type.oninput = () => {
  edited();
  offer();
  refresh();
};

const share = at<HTMLButtonElement>('share');
share.onclick = async () => {
  const shared: link.Shared = tab === 'lint'
    ? { tab, ...target(), text: lint.text() }
    : { tab, ...target(), ...diff!.pair(), options: diff!.options() };
  const texts = [shared.type, ...(shared.tab === 'lint'
    ? [shared.text]
    : [shared.current, shared.desired, shared.base ?? '', ...shared.options.ignore, ...shared.options.send])];
  let fragment: string;
  try {
    const found = await credential(texts).catch((error: Error) => {
      throw new Error(`cannot check the text for credentials: ${error.message}`);
    });
    if (found) throw new Error('the text contains a credential, which anyone with the link could read; remove it first');
    fragment = await link.write(shared);
  } catch (error) {
    banner(`No link was created: ${(error as Error).message}.`);
    return;
  }
  history.replaceState(null, '', location.pathname + location.search + fragment);
  const long = location.href.length > 8000 ? '; it is long, and some programs truncate such links' : '';
  banner('');
  await copy(location.href).then(
    () => flash(share, 'Copied', `the link is on the clipboard${long}`),
    () => flash(share, 'See address bar', `the link is in the address bar${long}`));
};

async function follow(): Promise<void> {
  let shared: link.Shared | undefined;
  try {
    shared = await link.read(location.hash);
  } catch (error) {
    banner((error as Error).message.replace(/^./, (c) => c.toUpperCase()) + '.');
    return;
  }
  if (!shared) return;
  const { hash } = location;
  version.value = [...version.options].some((o) => o.value === shared.apiVersion) ? shared.apiVersion : version.value;
  type.value = shared.type;
  show(shared.tab);
  if (shared.tab === 'lint') lint.set(shared.text);
  else diff!.set(shared, shared.options);
  history.replaceState(null, '', location.pathname + location.search + hash); // setting a text counts as an edit
  void readTypes();
  refresh();
}
addEventListener('hashchange', () => void follow());

rules.start();
void follow();
void readTypes();
void about().then(
  (a) => { at('version').textContent = `patchlint ${a.version}`; },
  () => {}); // the tab shows the error
