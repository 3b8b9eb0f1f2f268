// Runs the packaged extension, including the client library, against the server.
// vscode.mjs replaces Visual Studio Code itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import Module from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { stub } from './vscode.mjs';

const tmp = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'patchlint-vscode-')));
const program = path.join(tmp, 'patchlint');
const folder = path.join(tmp, 'work');
const partner = '#microsoft.graph.complianceManagementPartner';

let hands;
const load = Module._load;
Module._load = (name, ...rest) => (name === 'vscode' ? hands.vscode : load(name, ...rest));
const bundle = path.join(import.meta.dirname, '../dist/extension.js');

/** activate returns a fresh extension that is active. */
async function activate(settings) {
  hands = stub({ folder, settings });
  const require = Module.createRequire(import.meta.url);
  delete require.cache[require.resolve(bundle)];
  const extension = require(bundle);
  const subscriptions = [];
  await extension.activate({ subscriptions });
  return { ...extension, hands, subscriptions };
}

before(() => {
  fs.mkdirSync(folder);
  execFileSync('git', ['init', '-q', folder]);
  execFileSync('go', ['build', '-o', program, './cmd/patchlint'], { cwd: path.join(import.meta.dirname, '../../..') });
});
after(() => {
  Module._load = load;
  fs.rmSync(tmp, { recursive: true, maxRetries: 5 });
});

const { CancellationTokenSource } = stub({ folder, settings: {} }).vscode;
const token = () => new CancellationTokenSource().token;
const inFolder = (h, name) => h.vscode.Uri.file(path.join(folder, name));
const codes = (list) => list.map((d) => d.code?.value ?? d.code);

describe('with the server', () => {
  let extension;
  let h;
  before(async () => {
    extension = await activate({ 'patchlint.path': program });
    h = extension.hands;
  });
  after(() => extension.deactivate());

  const text = `{\n  "@odata.type": "${partner}",\n  "displayName": "naïve 😀", "macOSOnboarded": true,\n  "partnerState": "Enabled"\n}\n`;

  const close = async (document) => {
    h.close(document);
    await h.until(document, (list) => list.length === 0);
  };

  test('no error is shown', () => assert.deepEqual(h.messages, []));

  test('diagnostics have a position, a rule and a link to its documentation', async () => {
    const document = h.open(inFolder(h, 'partner.json'), 'json', text);
    const list = await h.until(document, (list) => list.length >= 2);
    const property = list.find((d) => codes([d])[0] === 'unknown-property');
    assert.match(property.message, /unknown property "macOSOnboarded"/);
    assert.equal(property.severity, h.vscode.DiagnosticSeverity.Error);
    assert.equal(property.source, 'patchlint');
    assert.equal(document.getText(property.range), '"macOSOnboarded"'); // after a character of two UTF-16 units
    assert.match(property.code.target.toString(), /rules\.md#unknown-property$/);
    await close(document);
  });

  test('quick fixes correct the text, and the diagnostics change with it', async () => {
    const document = h.open(inFolder(h, 'partner.json'), 'json', text);
    const list = await h.until(document, (list) => codes(list).includes('enum-value'));
    const value = list.find((d) => codes([d])[0] === 'enum-value');
    const { provider } = h.providers.CodeActions;
    const actions = await provider.provideCodeActions(document, value.range, { diagnostics: [value], only: undefined, triggerKind: 1 }, token());
    const fix = actions.find((a) => a.kind?.value === 'quickfix' && a.isPreferred);
    assert.match(fix.title, /replace with "enabled"/);
    h.apply(fix.edit);
    assert.match(document.getText(), /"partnerState": "enabled"/);
    await h.until(document, (list) => !codes(list).includes('enum-value') && codes(list).includes('unknown-property'));

    const whole = new h.vscode.Range(0, 0, document.lineCount, 0);
    const all = await provider.provideCodeActions(document, whole, { diagnostics: [], only: h.vscode.CodeActionKind.SourceFixAll, triggerKind: 1 }, token());
    const fixAll = all.find((a) => a.kind.value === 'source.fixAll.patchlint');
    h.apply(fixAll.edit);
    assert.equal(document.getText(), text.replace('macOSOnboarded', 'macOsOnboarded').replace('Enabled', 'enabled'));
    await h.until(document, (list) => !codes(list).includes('unknown-property'));
    await close(document);
  });

  test('a hover explains a property', async () => {
    const document = h.open(inFolder(h, 'partner.json'), 'json', text);
    await h.until(document, (list) => list.length > 0);
    const hover = await h.providers.Hover.provider.provideHover(document, document.positionAt(text.indexOf('partnerState') + 3), token());
    const shown = [hover.contents].flat().map((c) => c.value ?? c).join('\n');
    for (const member of ['partnerState', 'unresponsive', 'terminated']) assert(shown.includes(member), `${member} is not in ${shown}`);
    await close(document);
  });

  test('names and members are completed in invalid text', async () => {
    const broken = `{\n  "@odata.type": "${partner}",\n  "displayName": "x",\n  "partnerState": \n}`;
    const document = h.open(inFolder(h, 'new.json'), 'json', broken);
    const ask = async (offset) => {
      const result = await h.providers.CompletionItem.provider.provideCompletionItems(document, document.positionAt(offset), token(), { triggerKind: 0 });
      return (result.items ?? result).map((item) => item.label?.label ?? item.label);
    };
    const members = await ask(broken.indexOf('"partnerState": ') + '"partnerState": '.length);
    assert(members.some((m) => m.includes('enabled')), `${members}`);
    h.edit(document, [{ range: new h.vscode.Range(3, 0, 3, '  "partnerState": '.length), newText: '  ' }]);
    const names = await ask(document.getText().indexOf('\n}'));
    assert(names.some((n) => n.includes('iosOnboarded')), `${names}`);
    assert(!names.some((n) => n.includes('displayName')), `${names}`);
    await close(document);
  });

  test('requests in .http files are checked, and other files are ignored', async () => {
    const other = h.open(inFolder(h, 'package.json'), 'json', '{"name": "x", "enabled": "Enabled"}');
    const http = h.open(inFolder(h, 'send.http'), 'http', `PATCH https://graph.microsoft.com/beta/deviceManagement/complianceManagementPartners/1\nContent-Type: application/json\n\n{"partnerState": "Enabled"}\n`);
    const list = await h.until(http, (list) => codes(list).includes('enum-value'));
    assert.equal(http.getText(list.find((d) => codes([d])[0] === 'enum-value').range), '"Enabled"');
    assert.deepEqual(h.diagnostics.get(other.uri.toString()) ?? [], []);
    h.close(other);
    await close(http);
  });

  test('there is an outline', async () => {
    const document = h.open(inFolder(h, 'partner.json'), 'json', text);
    await h.until(document, (list) => list.length > 0);
    const symbols = await h.providers.DocumentSymbol.provider.provideDocumentSymbols(document, token());
    const names = (list) => list.flatMap((s) => [s.name, ...names(s.children ?? [])]);
    assert(names(symbols).includes('partnerState'), `${names(symbols)}`);
    await close(document);
  });

  test('settings are read again when they change', async () => {
    const document = h.open(inFolder(h, 'partner.json'), 'json', text);
    await h.until(document, (list) => codes(list).includes('enum-value'));
    const file = path.join(folder, '.patchlint.yaml');
    fs.writeFileSync(file, 'rules:\n  enum-value: off\n');
    for (const { created } of h.watchers) created.fire(h.vscode.Uri.file(file));
    await h.until(document, (list) => !codes(list).includes('enum-value') && codes(list).includes('unknown-property'));
    fs.rmSync(file);
    for (const { deleted } of h.watchers) deleted.fire(h.vscode.Uri.file(file));
    await h.until(document, (list) => codes(list).includes('enum-value'));
    await close(document);
  });

  test('a command restarts the server', async () => {
    const document = h.open(inFolder(h, 'partner.json'), 'json', text);
    await h.until(document, (list) => list.length > 0);
    await h.vscode.commands.executeCommand('patchlint.restart');
    await h.until(document, (list) => codes(list).includes('enum-value'));
    await close(document);
    assert.deepEqual(h.messages, []);
  });
});

describe('without a server', () => {
  test('a missing program is reported with a remedy, and used once it exists', async (t) => {
    const missing = path.join(tmp, 'nowhere', 'patchlint');
    const { hands: h, deactivate } = await activate({ 'patchlint.path': missing });
    t.after(deactivate);
    assert.deepEqual(h.messages, [{ severity: 'error', text: `patchlint: ${missing} was not found; install patchlint, or set its path in the setting patchlint.path`, choices: ['Open Settings', 'How to Install'] }]);
    const document = h.open(inFolder(h, 'partner.json'), 'json', '{"iosOnboarded": "true"}');
    h.configure('patchlint.path', program);
    await h.until(document, (list) => codes(list).includes('wrong-type'));
    assert.equal(h.messages.length, 1);
  });

  test('each button of the error does what it says', async () => {
    for (const [answer, does] of [['Open Settings', ['workbench.action.openSettings', 'patchlint.path']], ['How to Install', ['open', 'https://github.com/patchlint/patchlint#install']]]) {
      const { hands: h } = await activate({ 'patchlint.path': path.join(tmp, 'nowhere') });
      h.answers.push(answer);
      h.configure('patchlint.path', path.join(tmp, 'nor-here'));
      for (let i = 0; i < 200 && h.executed.length === 0; i++) await new Promise((resolve) => setTimeout(resolve, 50));
      assert.deepEqual(h.executed.map((e) => e.map((part) => decodeURIComponent(part))), [does]);
    }
  });

  test('a program that is not patchlint is reported', async () => {
    const { hands: h } = await activate({ 'patchlint.path': '/bin/false' });
    assert.equal(h.messages.length, 1);
    assert.match(h.messages[0].text, /^patchlint: \/bin\/false cannot run as the language server \(.*\); update patchlint, or name another program in the setting patchlint\.path$/);
  });
});
