declare module 'go/wasm_exec';
/** The bundle of worker.ts. */
declare const WORKER: string;
