// Builds the page: dist/index.html, one file that holds everything, so that it works
// from any static host, from a disk, and after it was saved.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { build } from 'esbuild';

const here = import.meta.dirname;
const read = (...name) => fs.readFileSync(path.join(...name), 'utf8');
const go = (env, ...args) =>
  execFileSync('go', args, { cwd: here, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } }).trim();

const dist = path.join(here, 'dist');
fs.rmSync(dist, { recursive: true, force: true });
fs.mkdirSync(dist);

// The library, and the script from the Go distribution that runs it.
const wasm = path.join(dist, 'patchlint.wasm');
const version = /^const version = "(.*)"$/m.exec(read(here, '../cmd/patchlint/version.go'))[1];
const js = { GOOS: 'js', GOARCH: 'wasm' };
go(js, 'build', '-trimpath', '-buildvcs=false', '-ldflags', `-s -w -X main.version=${version}`, '-o', wasm, '.');
const raw = fs.readFileSync(wasm);
const library = zlib.gzipSync(raw, { level: 9 });
fs.rmSync(wasm);
const goroot = go({}, 'env', 'GOROOT');

const bundled = new Set();
async function bundle(entry, options) {
  const { outputFiles, metafile } = await build({
    entryPoints: [path.join(here, 'src', entry)],
    bundle: true, minify: true, write: false, metafile: true, absWorkingDir: here,
    format: 'iife', target: 'es2022', charset: 'utf8', legalComments: 'none', ...options,
  });
  for (const input of Object.keys(metafile.inputs)) {
    const found = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) bundled.add(found[1]);
  }
  return outputFiles[0].text.trim();
}
const worker = await bundle('worker.ts', { alias: { 'go/wasm_exec': path.join(goroot, 'lib/wasm/wasm_exec.js') } });
const script = await bundle('main.ts', { define: { WORKER: JSON.stringify(worker) } });
const style = await bundle('style.css', {});

// The licenses of all code in the page must be included.
const modules = go(js, 'list', '-deps', '-f', '{{with .Module}}{{.Path}}\t{{.Dir}}{{end}}', '.').split('\n').filter(Boolean);
const parts = [['patchlint', read(here, '../LICENSE')], ['Go', license(goroot)]];
for (const line of [...new Set(modules)].sort()) {
  const [name, dir] = line.split('\t');
  if (name !== 'github.com/patchlint/patchlint') parts.push([name, license(dir)]);
}
for (const name of [...bundled].sort()) parts.push([name, license(path.join(here, 'node_modules', name))]);
function license(dir) {
  const name = fs.readdirSync(dir).find((name) => /^licen[cs]e/i.test(name));
  if (!name) throw new Error(`${dir} has no license`);
  return read(dir, name);
}
const licenses = parts.map(([name, text]) => `${name}\n\n${text.trim()}\n`).join(`\n${'-'.repeat(72)}\n\n`);

const fill = {
  POLICY: [
    "default-src 'none'",
    `script-src 'sha256-${createHash('sha256').update(script).digest('base64')}' 'wasm-unsafe-eval'`,
    'worker-src blob:', // the library runs in a worker, whose program is in the script
    "style-src 'unsafe-inline'", // CodeMirror creates style sheets at run time
    'img-src data:', // the icon, and the lines under findings
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; '),
  STYLE: style,
  SCRIPT: script,
  LIBRARY: library.toString('base64'),
  LICENSES: licenses.replaceAll('&', '&amp;').replaceAll('<', '&lt;'),
};
if (/<\/script|<!--/i.test(script)) throw new Error('the script would end early');
const page = read(here, 'src/index.html').replace(/\{\{([A-Z]+)\}\}/g, (_, name) => fill[name]);
fs.writeFileSync(path.join(dist, 'index.html'), page);

const kb = (n) => `${Math.round(n / 1024)} KB`;
console.log(`the library is ${kb(raw.length)} of wasm, ${kb(library.length)} compressed; page/dist/index.html is ${kb(Buffer.byteLength(page))}, ${kb(zlib.gzipSync(page, { level: 9 }).length)} compressed`);
