// Permanent links: the contents of the page, compressed, after the "#" of its URL. That
// part of a URL is not sent to any server.
import type { DiffOptions, Pair, Target } from './library';

/** The contents of a link. */
export type Shared = Target & ({ tab: 'lint'; text: string } | ({ tab: 'diff'; options: DiffOptions } & Pair));

const prefix = '#1/'; // the version of what follows
const maxText = 16 << 20; // bytes in a link, which may be crafted
const tooLong = 'the text is too long for a link';

async function through(bytes: Uint8Array<ArrayBuffer>, by: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  const reader = new Blob([bytes]).stream().pipeThrough(by).getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    parts.push(read.value);
    size += read.value.length;
    if (size > maxText) {
      void reader.cancel();
      throw new Error(tooLong);
    }
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export async function write(shared: Shared): Promise<string> {
  const json = new TextEncoder().encode(JSON.stringify(shared));
  if (json.length > maxText) throw new Error(tooLong); // read would refuse it
  const bytes = await through(json, new CompressionStream('deflate-raw'));
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000) binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return prefix + btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** read returns the contents of a link from its fragment, or undefined for any other fragment. */
export async function read(fragment: string): Promise<Shared | undefined> {
  if (!fragment.startsWith(prefix)) return undefined;
  try {
    const binary = atob(fragment.slice(prefix.length).replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = await through(Uint8Array.from(binary, (c) => c.charCodeAt(0)), new DecompressionStream('deflate-raw'));
    return checked(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch {
    throw new Error('the link is damaged; a part of it may be missing');
  }
}

/** checked returns the contents of a link if they have the form that write produces. */
function checked(x: any): Shared {
  const text = (v: unknown) => { if (typeof v !== 'string') throw new Error('not a text'); return v; };
  const texts = (v: unknown) => { if (!Array.isArray(v)) throw new Error('not a list'); return v.map(text); };
  const target = { apiVersion: text(x.apiVersion), type: text(x.type) };
  if (x.tab === 'lint') return { tab: 'lint', ...target, text: text(x.text) };
  if (x.tab !== 'diff') throw new Error('not a tab');
  const { prune, ordered, odataType, anyVersion, ignore, send } = x.options;
  return {
    tab: 'diff', ...target, current: text(x.current), desired: text(x.desired), base: x.base === null ? null : text(x.base),
    options: { prune: prune === true, ordered: ordered === true, odataType: odataType === true, anyVersion: anyVersion === true, ignore: texts(ignore), send: texts(send) },
  };
}
