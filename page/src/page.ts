// Code that the parts of the page share: elements, announcements, copying.

/** at returns the element with an id, which must exist. */
export function at<T extends HTMLElement = HTMLElement>(id: string): T {
  return document.getElementById(id) as T;
}

/** make returns a new element with a class and contents. */
export function make<K extends keyof HTMLElementTagNameMap>(tag: K, name: string, ...inside: (Node | string)[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...inside);
  return element;
}

/** button returns a new button. */
export function button(text: string, name: string, click: () => void): HTMLButtonElement {
  const element = make('button', name, text);
  element.type = 'button';
  element.onclick = click;
  return element;
}

let waiting: ReturnType<typeof setTimeout> | undefined;
/**
 * say announces text to screen readers, after a delay in which nothing else is announced,
 * because findings change with every key press.
 */
export function say(text: string, after = 0): void {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const status = at('status');
    status.textContent = status.textContent === text ? text + '\u00a0' : text; // screen readers do not announce the same text again
  }, after);
}

export function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** copy copies text to the clipboard, even if only the old API works. */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make('textarea', 'unseen', text);
    const before = document.activeElement as HTMLElement | null;
    document.body.append(area);
    area.select();
    const copied = document.execCommand('copy');
    area.remove();
    before?.focus();
    if (!copied) throw new Error('the browser does not allow the page to copy');
  }
}

/** flash shows the result on a button for a short time, and announces it. */
export function flash(on: HTMLButtonElement, text: string, said = text): void {
  const before = (on.dataset.text ??= on.textContent!);
  on.textContent = text;
  say(said);
  setTimeout(() => { on.textContent = before; }, 2000);
}
