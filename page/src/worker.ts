// The library in a worker, so that the page always stays responsive.
// It receives the wasm once, and then answers requests in order.
import 'go/wasm_exec';

declare const self: {
  onmessage: (event: { data: Ask | string }) => void;
  postMessage(message: Answer): void;
  Go: new () => { importObject: WebAssembly.Imports; run(instance: WebAssembly.Instance): Promise<void> };
  patchlint(request: string): string;
};

/** A request with an id, which its answer repeats. */
export interface Ask { id: number; request: string }
/** The answer to a request, or the reason why the library has stopped and answers no more. */
export interface Answer { id: number; answer?: string; failed?: string }

let started: Promise<void>;

async function start(library: string): Promise<void> {
  // Uint8Array.from, which calls a function for each character, takes 20 times as long.
  const text = atob(library);
  const compressed = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) compressed[i] = text.charCodeAt(i);
  const wasm = new Response(new Blob([compressed]).stream().pipeThrough(new DecompressionStream('gzip')), { headers: { 'Content-Type': 'application/wasm' } });
  const go = new self.Go();
  const { instance } = await WebAssembly.instantiateStreaming(wasm, go.importObject);
  void go.run(instance); // it returns only when the library exits
}

self.onmessage = async ({ data }) => {
  if (typeof data === 'string') {
    started = start(data);
    return;
  }
  const { id, request } = data;
  try {
    await started;
    self.postMessage({ id, answer: self.patchlint(request) });
  } catch (error) {
    self.postMessage({ id, failed: String(error) });
  }
};
