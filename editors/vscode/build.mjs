// Bundles the extension with the client library and the licenses that must be included.
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

process.chdir(import.meta.dirname);
const { metafile } = await build({
  entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js',
  bundle: true, minify: true, metafile: true, platform: 'node', format: 'cjs', target: 'node20', external: ['vscode'],
});
const packages = new Set(Object.keys(metafile.inputs).flatMap((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0] ?? []));
const licenses = [...packages].sort().map((dir) => {
  const name = fs.readdirSync(dir).find((name) => /^licen[cs]e/i.test(name));
  if (!name) throw new Error(`${dir} has no license`);
  return `${dir.replace(/^.*node_modules\//, '')}\n\n${fs.readFileSync(path.join(dir, name), 'utf8').trim()}\n`;
});
fs.writeFileSync('dist/licenses.txt', licenses.join(`\n${'-'.repeat(72)}\n\n`));
