// Compares the answers of the library in the page with the output of the command.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';
import { file } from './browser.mjs';

const root = path.join(import.meta.dirname, '../..');
const tmp = fs.mkdtempSync(path.join(os.tmpdir(), 'patchlint-page-'));
const command = path.join(tmp, 'patchlint');
after(() => fs.rmSync(tmp, { recursive: true }));

let ask;
before(async () => {
  execFileSync('go', ['build', '-o', command, './cmd/patchlint'], { cwd: root });
  await import(path.join(execFileSync('go', ['env', 'GOROOT'], { encoding: 'utf8' }).trim(), 'lib/wasm/wasm_exec.js'));
  const [, library] = /<script type="application\/gzip" id="library">([^<]+)<\/script>/.exec(fs.readFileSync(file, 'utf8'));
  const go = new globalThis.Go();
  const { instance } = await WebAssembly.instantiate(zlib.gunzipSync(Buffer.from(library, 'base64')), go.importObject);
  void go.run(instance);
  ask = (request) => JSON.parse(globalThis.patchlint(JSON.stringify(request)));
});

const payloads = ['ok', 'err'].flatMap((dir) => {
  const in_ = path.join(root, 'testdata/payload', dir);
  return fs.readdirSync(in_).filter((name) => name.endsWith('.json')).map((name) => path.join(in_, name));
});
// A text field changes text that is not UTF-8, so such payloads are left out.
const texts = payloads.map((name) => [name, fs.readFileSync(name)]).filter(([, bytes]) => Buffer.from(bytes.toString()).equals(bytes));
// Two batches: one without a request that is certainly for Graph, and one that also has
// requests that are not checked.
const unsure = '{"id": "1", "method": "PATCH", "url": "/users/1", "body": {"displayname": "a", "accountEnabled": "true"}}';
const skipped = '{"id": "2", "method": "POST", "url": "/users/1/assignLicense", "body": {}}, {"id": "3", "method": "PATCH", "url": "/a/b", "body": {"c": 1}}';
for (const requests of [unsure, `${unsure}, ${skipped}`]) texts.push(['a batch', Buffer.from(`{"requests": [${requests}]}`)]);
const bare = (findings) => findings.map(({ file, fingerprint, related, ...rest }) => ({ ...rest, related: related.map(({ file, ...place }) => place) }));

for (const apiVersion of ['', 'beta', 'v1.0']) {
  const chosen = apiVersion ? ['--api-version', apiVersion] : [];
  test(['lint reports what patchlint lint reports', ...chosen].join(' '), () => {
    assert(texts.length > 100);
    for (const [name, bytes] of texts) {
      const { stdout } = spawnSync(command, ['lint', '--format', 'json', ...chosen, '-'], { input: bytes, encoding: 'utf8', cwd: tmp });
      const want = JSON.parse(stdout);
      const got = ask({ ask: 'lint', apiVersion, type: '', text: bytes.toString() });
      assert.deepEqual(bare(got.report.findings), bare(want.findings), name);
      assert.equal(got.report.tool.version, want.tool.version);
    }
  });
}

test('fix returns the same text as patchlint lint --fix', () => {
  let made = 0;
  for (const [name, bytes] of texts) {
    const copy = path.join(tmp, 'payload.json');
    fs.writeFileSync(copy, bytes);
    spawnSync(command, ['lint', '--fix', copy], { cwd: tmp });
    const got = ask({ ask: 'fix', apiVersion: '', type: '', text: bytes.toString() });
    assert.equal(got.text, fs.readFileSync(copy, 'utf8'), name);
    made += got.made;
  }
  assert(made > 20);
});

test('diff returns the same plan as patchlint diff', () => {
  const pairs = texts.filter(([name]) => name.includes('/ok/')).flatMap(([a], i, all) => [1, 2, 3].map((by) => [a, all[(i + by) % all.length][0]]));
  let changed = 0;
  let refused = 0;
  for (const [current, desired] of pairs) {
    for (const prune of [false, true]) {
      const out = (format) => spawnSync(command, ['diff', '--format', format, ...(prune ? ['--prune'] : []), current, desired], { encoding: 'utf8', cwd: tmp });
      const want = JSON.parse(out('json').stdout);
      const got = ask({ ask: 'diff', apiVersion: '', type: '', current: fs.readFileSync(current, 'utf8'), desired: fs.readFileSync(desired, 'utf8'), base: null, prune });
      const what = `${current} ${desired}`;
      assert.deepEqual({ ...got.plan, errors: bare(got.plan.errors), warnings: [] }, { ...want, errors: bare(want.errors), warnings: [] }, what);
      assert.equal(got.text, out('text').stdout, what);
      assert.deepEqual(got.body === '' ? null : JSON.parse(got.body), want.body, what);
      changed += want.changed;
      refused += want.errors.length > 0;
    }
  }
  assert(changed > 10 && refused > 3, `${changed} changed, ${refused} refused`);
});

test('an invalid request gets an error, and does not affect the next one', () => {
  const { patchlint } = globalThis;
  for (const [request, says] of [
    ['', 'the request is not valid'], ['null', 'unknown question ""'], ['[]', 'the request is not valid'], ['{"ask": 1}', 'the request is not valid'],
    ['{"ask": "none"}', 'unknown question "none"'], ['{"ask": "lint", "apiVersion": "v3"}', 'v3'], ['{"ask": "diff", "ignore": ["x"]}', 'not a JSON Pointer'],
  ]) {
    assert.match(JSON.parse(patchlint(request)).error, new RegExp(says), request);
  }
  for (const args of [[], [1], ['{}', '{}'], [null]]) assert.match(JSON.parse(patchlint(...args)).error, /the request is not valid/);
  assert.equal(ask({ ask: 'lint', apiVersion: 'beta', text: '{"iosOnboarded": 1}' }).report.findings.length, 1);
  assert.equal(ask({ ask: 'lint', apiVersion: 'beta', text: '' }).report.findings[0].rule, 'json-syntax');
});

test('rules returns the rules of patchlint rules', () => {
  const want = JSON.parse(execFileSync(command, ['rules', '--format', 'json'], { encoding: 'utf8' }));
  assert.deepEqual(ask({ ask: 'rules' }), want.map(({ fixable, apiVersion, ...rule }) => rule));
});

test('every suggested type is accepted', () => {
  for (const apiVersion of ask({ ask: 'about' }).apiVersions) {
    const types = ask({ ask: 'types', apiVersion });
    for (const type of ['complianceManagementPartner', 'user', 'group']) assert(types.includes(type), type);
    for (const type of types.filter((_, i) => i % Math.ceil(types.length / 50) === 0)) {
      const { checked } = ask({ ask: 'lint', apiVersion, type, text: '{}' });
      assert(type === checked || type.endsWith(`.${checked}`), `${type} is checked as ${checked}`);
    }
  }
});
