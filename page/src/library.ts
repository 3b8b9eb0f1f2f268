// The library as the page calls it; it runs in a worker.
import type { Answer, Ask } from './worker';

/** The part of the report of `patchlint lint --format json` that the page reads. */
export interface Report { findings: Finding[]; summary: { errors: number; warnings: number; infos: number } }
/** Offsets count bytes of UTF-8. */
export interface Place { offset: number; endOffset: number }
export interface Edit { offset: number; endOffset: number; newText: string }
export interface Fix { title: string; safe: boolean; edits: Edit[] }
export type Severity = 'error' | 'warning' | 'info';
export interface Finding extends Place {
  file: string; rule: string; severity: Severity; message: string; fixes: Fix[];
  related: (Place & { file: string; message: string })[];
}
export interface Rule { id: string; severity: Severity; summary: string; why: string; bad: string; good: string; since: string; links: string[] }
export interface Linted { checked: string; apiVersion: string; report: Report }
export interface Compared {
  text: string; body: string; notes: string[];
  plan: { changed: boolean; warnings: Finding[]; errors: Finding[] };
}

export interface Target { apiVersion: string; type: string }
export interface DiffOptions { prune: boolean; ordered: boolean; odataType: boolean; anyVersion: boolean; ignore: string[]; send: string[] }
export interface Pair { current: string; desired: string; base: string | null }

/** The error of a request that the library refuses, with its message. */
export class Refused extends Error {}

let worker: Worker | undefined;
let last = 0;
const waiting = new Map<number, { resolve(answer: string): void; reject(error: Error): void }>();

/** start returns the worker that answers, and starts it unless it is running. */
export function start(): Worker {
  if (worker) return worker;
  const url = URL.createObjectURL(new Blob([WORKER], { type: 'text/javascript' }));
  worker = new Worker(url);
  worker.onmessage = ({ data: { id, answer, failed } }: { data: Answer }) => {
    if (answer === undefined) return ended(failed);
    waiting.get(id)?.resolve(answer);
    waiting.delete(id);
  };
  worker.onerror = (event) => ended(event.message);
  worker.postMessage(document.getElementById('library')!.textContent);
  return worker;
}

/** ended discards a worker that no longer answers; the next request starts another. */
function ended(why = 'unknown reason'): void {
  worker?.terminate();
  worker = undefined;
  for (const { reject } of waiting.values()) reject(new Error(`the library is not running: ${why}`));
  waiting.clear();
}

async function ask<T>(question: string, rest: object = {}): Promise<T> {
  const answer = await new Promise<string>((resolve, reject) => {
    const message: Ask = { id: ++last, request: JSON.stringify({ ask: question, ...rest }) };
    const to = start();
    waiting.set(message.id, { resolve, reject });
    to.postMessage(message);
  });
  const result = JSON.parse(answer) as T & { error?: string };
  if (result.error !== undefined) throw new Refused(result.error);
  return result;
}

export const about = () => ask<{ version: string; apiVersions: string[] }>('about');
export const types = (apiVersion: string) => ask<string[]>('types', { apiVersion });
export const rules = () => ask<Rule[]>('rules');
export const credential = (texts: string[]) => ask<boolean>('credential', { texts });
export const lint = (text: string, target: Target) => ask<Linted>('lint', { text, ...target });
export const fix = (text: string, target: Target) => ask<{ text: string; made: number }>('fix', { text, ...target });
export const diff = (pair: Pair, options: DiffOptions, target: Target) => ask<Compared>('diff', { ...pair, ...options, ...target });

/**
 * latest returns a function that runs a task. Calls while the task is running make it run
 * once more when it is done.
 */
export function latest(task: () => Promise<void>): () => void {
  let busy = false;
  let again = false;
  const run = async () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      do {
        again = false;
        await task();
      } while (again);
    } finally {
      busy = false;
    }
  };
  return () => void run();
}

/** units converts byte offsets in the UTF-8 form of a text to UTF-16 offsets. */
export function units(text: string, offsets: Iterable<number>): Map<number, number> {
  const places = new Map<number, number>();
  let unit = 0;
  let byte = 0;
  for (const offset of [...new Set(offsets)].sort((a, b) => a - b)) {
    while (byte < offset && unit < text.length) {
      const c = text.codePointAt(unit)!;
      unit += c > 0xffff ? 2 : 1;
      byte += c < 0x80 ? 1 : c < 0x800 ? 2 : c > 0xffff ? 4 : 3;
    }
    places.set(offset, unit);
  }
  return places;
}
