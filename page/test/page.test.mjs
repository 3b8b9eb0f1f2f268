// Tests the page in a real browser, opened from a disk and from a server.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { onDisk, open, ready, serve, slowed, text, write } from './browser.mjs';

const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const partner = '#microsoft.graph.complianceManagementPartner';

let browser;
before(async () => { browser = await open(); });
after(() => browser.close());

/** visit opens the page, and fails if the browser reports an error. */
async function visit(t, url = onDisk, options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const complaints = [];
  const asked = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => { if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text()); });
  page.on('request', (request) => { if (!/^(data|blob):/.test(request.url())) asked.push(request.url().replace(/#.*/s, '')); });
  t.after(() => context.close());
  await page.goto(url);
  await ready(page);
  return { page, context, asked, complaints };
}

const messages = (page, list = 'findings') => page.locator(`#${list} .message`).allTextContents();
const found = (page, what, list = 'findings') => page.locator(`#${list} li`, { hasText: what }).first().waitFor();
const gone = (page, what, list = 'findings') => page.waitForFunction(([list, what]) => !document.getElementById(list).textContent.includes(what), [list, what]);
const verdict = (page, what, id = 'verdict') => page.waitForFunction(([id, what]) => document.getElementById(id).textContent.includes(what), [id, what]);

describe('lint', () => {
  test('findings are listed next to the text and change with it', async (t) => {
    const { page, complaints } = await visit(t);
    assert.deepEqual(await messages(page), [
      'info "partnerState" is updated by the service; it is unknown whether a PATCH can change it',
      'error invalid value "Enabled"; did you mean "enabled"?',
      'error unknown property "macOSOnboarded" of complianceManagementPartner; names are case-sensitive, did you mean "macOsOnboarded"?',
      'error "iosOnboarded" takes true or false, not the string "true"',
      'error "Mobile users" is not a GUID; groupId takes the object id of the Entra group, not its name',
    ]);
    assert.equal(await page.textContent('#counts'), '4 errors, 1 info');
    assert.deepEqual(await page.locator('.cm-lintRange-error').allTextContents(), ['"Enabled"', '"macOSOnboarded"', '"true"', '"Mobile users"']);
    await write(page, 'payload', `{"@odata.type": "${partner}", "displayName": "Contoso"}`);
    await verdict(page, 'No findings. Checked as complianceManagementPartner for beta.');
    assert.deepEqual(await messages(page), []);
    await write(page, 'payload', '');
    await verdict(page, 'Paste or type a payload');
    assert.deepEqual(complaints, []);
  });

  test('a position counts UTF-16 units, and a click on it goes to the value', async (t) => {
    const { page } = await visit(t);
    await write(page, 'payload', `{"@odata.type": "${partner}",\n"displayName": "naïve 😀", "partnerState": "On"}`);
    await found(page, 'invalid value "On"');
    const place = page.locator('#findings li', { hasText: '"On"' }).locator('.about .link').first();
    assert.equal(await place.textContent(), 'line 2, column 44');
    await place.click();
    await page.keyboard.insertText('"enabled"');
    await gone(page, 'invalid value');
    assert.match(await text(page, 'payload'), /"naïve 😀", "partnerState": "enabled"}$/);
  });

  test('a click makes a fix, and undo reverts it', async (t) => {
    const { page } = await visit(t);
    await page.getByRole('button', { name: 'replace with "macOsOnboarded"' }).click();
    await gone(page, 'macOSOnboarded');
    assert.match(await text(page, 'payload'), /\n {2}"macOsOnboarded": true,\n/);
    await page.locator('#payload .cm-content').focus();
    await page.keyboard.press('ControlOrMeta+z');
    await found(page, 'macOSOnboarded');
    await page.getByRole('button', { name: 'Apply safe fixes (3)' }).click();
    await page.locator('#fix-all').waitFor({ state: 'hidden' });
    assert.deepEqual((await messages(page)).map((m) => m.slice(0, 25)), ['info "partnerState" is upd', 'error "Mobile users" is n'].map((m) => m.slice(0, 25)));
    assert.match(await text(page, 'payload'), /"partnerState": "enabled",\n {2}"macOsOnboarded": true,\n {2}"iosOnboarded": true,/);
  });

  test('the tooltip in the text offers the same fix', async (t) => {
    const { page } = await visit(t);
    await page.locator('.cm-lintRange-error', { hasText: 'Enabled' }).hover();
    await page.locator('.cm-diagnosticAction', { hasText: 'replace with "enabled"' }).click();
    await gone(page, 'invalid value "Enabled"');
    assert.match(await text(page, 'payload'), /"partnerState": "enabled",/);
  });

  test('version and type come from the payload', async (t) => {
    const { page } = await visit(t);
    await write(page, 'payload', `{"@odata.type": "${partner}", "linuxOnboarded": true}`);
    await verdict(page, 'No findings. Checked as complianceManagementPartner for beta.');
    await write(page, 'payload', '{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#deviceManagement/complianceManagementPartners/$entity", "linuxOnboarded": true}');
    await found(page, '"linuxOnboarded"');
    await verdict(page, 'for v1.0');
    await write(page, 'payload', `{"@odata.type": "${partner}", "linuxOnboarded": true}`);
    await verdict(page, 'No findings. Checked as complianceManagementPartner for beta.');
    await page.selectOption('#api-version', 'v1.0');
    await found(page, '"linuxOnboarded"');
    await verdict(page, 'for v1.0');
    await page.selectOption('#api-version', 'beta');
    await write(page, 'payload', '{"displayName": "x"}');
    await found(page, 'the type of this payload is unknown');
    await page.fill('#type', 'complianceManagementPartnr');
    await verdict(page, 'Not checked');
    assert.match(await page.textContent('#type-fault'), /unknown type "complianceManagementPartnr"|did you mean complianceManagementPartner/);
    assert.equal(await page.getAttribute('#type', 'aria-invalid'), 'true');
    await page.fill('#type', 'complianceManagementPartner');
    await verdict(page, 'No findings. Checked as complianceManagementPartner');
    assert.equal(await page.textContent('#type-fault'), '');
    await page.fill('#type', 'mentPartner');
    assert((await page.locator('#types option').evaluateAll((list) => list.map((o) => o.value))).includes('complianceManagementPartner'));
  });

  test('a rule is explained, and closing the explanation restores the focus', async (t) => {
    const { page } = await visit(t);
    const rule = page.getByRole('button', { name: 'explain the rule unknown-property' });
    await rule.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'unknown-property' });
    await dialog.waitFor();
    const shown = await dialog.textContent();
    for (const part of ['Bad', 'Good', 'See also']) assert(shown.includes(part), `${part} is not in ${shown}`);
    await dialog.getByRole('button', { name: 'All rules' }).click();
    await page.getByRole('dialog', { name: 'Rules' }).getByRole('button', { name: 'filters-lost' }).click();
    assert.match(await page.getByRole('dialog', { name: 'filters-lost' }).textContent(), /Only beta has assignment filters/);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'hidden' });
    assert(await rule.evaluate((b) => b === document.activeElement));
  });

  test('credentials are masked, and no link contains them', async (t) => {
    const { page, complaints } = await visit(t);
    const token = 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
    await write(page, 'payload', `{"@odata.type": "${partner}", "partnerState": "${token}", "clientSecret": "Zx8~Q~abcdefghijklmnopqrstuvwxyz0123456"}`);
    await found(page, 'secret-value');
    const around = await page.evaluate(() => ['findings', 'verdict', 'counts', 'status'].map((id) => document.getElementById(id).textContent).join(' '));
    for (const part of ['eyJ', 'dozjgNry', 'Zx8~Q']) assert(!around.includes(part), `${part} is in ${around}`);
    await page.click('#share');
    await page.getByRole('alert').waitFor();
    assert.match(await page.textContent('#banner'), /No link was created: the text contains a credential/);
    assert.equal(new URL(page.url()).hash, '');
    await write(page, 'payload', '{}');
    await page.fill('#type', token); // the field is not checked
    await verdict(page, 'Not checked');
    assert(!(await page.textContent('#type-fault')).includes('eyJ'));
    await page.evaluate(() => { document.getElementById('banner').hidden = true; });
    await page.click('#share');
    await page.getByRole('alert').waitFor();
    assert.equal(new URL(page.url()).hash, '');
    assert.deepEqual(complaints, []);
  });

  test('no pasted text stops the library', async (t) => {
    const { page, complaints } = await visit(t);
    for (const [pasted, says] of [
      ['{"a": ', 'json-syntax'],
      ['['.repeat(20_000), 'json-limit'],
      [`{"@odata.type": "${partner}", "displayName": "\ud800"}`, 'U+FFFD marks a character'], // replaces a lone surrogate when text is pasted
      ['\u0000\u2028<script>alert(1)</script>', 'the file is UTF-16'], // the text looks like it
      ['a: 1\nb: 2', 'json-syntax'],
      [`{"requests": [{"id": "1", "method": "PATCH", "url": "/deviceManagement/complianceManagementPartners/1", "headers": {"Content-Type": "application/json"}, "body": {"partnerState": "On"}}]}`, 'Checked as a JSON batch for'],
      ['{"requests": [{"id": "1", "method": "POST", "url": "/users/1/assignLicense", "headers": {"Content-Type": "application/json"}, "body": {}}]}', 'Checked as a JSON batch (1 request skipped: no update of a known resource) for'],
      [`{"@odata.type": "${partner}", "iosEnrollmentAssignments": [${'{"target": {}},'.repeat(3000)}{}]}`, 'more than 1000 findings'],
    ]) {
      await page.locator('#payload .cm-content').focus();
      await page.keyboard.press('ControlOrMeta+a');
      await page.evaluate((pasted) => {
        const data = new DataTransfer();
        data.setData('text/plain', pasted);
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
      }, pasted);
      await page.waitForFunction((says) => document.getElementById('lint').textContent.includes(says), says).catch(() => assert.fail(`no "${says}" for ${pasted.slice(0, 60)}`));
    }
    await page.getByRole('button', { name: 'Show all' }).click();
    assert.equal(await page.locator('#findings > li').count(), 1001);
    await page.click('#lint-example');
    await found(page, 'macOSOnboarded');
    assert.deepEqual(complaints, []);
  });

  test('a library that has stopped is started again', async (t) => {
    const { page } = await visit(t);
    const [worker] = page.workers();
    await worker.evaluate(() => { self.patchlint = () => { throw new Error('Go program has already exited'); }; });
    await write(page, 'payload', '{"iosOnboarded": 1}');
    await verdict(page, 'Not checked: the library is not running: Error: Go program has already exited');
    await write(page, 'payload', '{"iosOnboarded": 2}');
    await found(page, '"iosOnboarded" takes true or false');
  });
});

describe('diff', () => {
  async function compare(t) {
    const visited = await visit(t, onDisk, { permissions: ['clipboard-read', 'clipboard-write'] });
    await visited.page.getByRole('tab', { name: 'Diff' }).click();
    await visited.page.locator('#plan').waitFor();
    return visited;
  }
  const plan = (page, what) => page.waitForFunction((what) => document.getElementById('plan').innerText.includes(what), what);

  test('the plan in words, and the body to copy', async (t) => {
    const { page, complaints } = await compare(t);
    const shown = await page.locator('#plan').innerText();
    for (const line of [/~ displayName +"Contoso MTD" -> "Contoso Mobile Threat Defense"/, /\+ all licensed users/, /PATCH body: 2 of 13 properties, \d+ bytes; iosEnrollmentAssignments is sent whole \(2 assignments\)/]) assert.match(shown, line);
    const body = await page.textContent('#body');
    assert.deepEqual(Object.keys(JSON.parse(body)), ['displayName', 'iosEnrollmentAssignments']);
    await page.getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByText('the body is on the clipboard').waitFor({ state: 'attached' });
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), body);
    await write(page, 'desired', '{"displayName": "Contoso MTD", "iosOnboarded": true}');
    await verdict(page, 'Nothing to send.', 'diff-verdict');
    assert.equal(await page.isVisible('#copy-body'), false);
    assert.deepEqual(complaints, []);
  });

  test('options', async (t) => {
    const { page } = await compare(t);
    await page.click('#options summary');
    await write(page, 'current', '{"id": "1", "displayName": "a", "iosOnboarded": true, "lastHeartbeatDateTime": "2026-01-01T00:00:00Z", "iosEnrollmentAssignments": [{"target": {"@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget"}}]}');
    await write(page, 'desired', '{"displayName": "b", "iosOnboarded": false, "lastHeartbeatDateTime": "2026-02-01T00:00:00Z"}');
    await plan(page, '2 of 13 properties');
    const body = async () => JSON.parse(await page.textContent('#body'));
    await page.locator('#prune').check();
    await plan(page, '3 of 13 properties');
    assert.deepEqual((await body()).iosEnrollmentAssignments, []);
    await page.locator('#prune').uncheck();
    await page.fill('#ignore', '/displayName\n/nonesuch');
    await plan(page, '1 of 13 properties');
    assert.match(await page.textContent('#notes'), /"\/nonesuch" does not name a property/);
    await page.fill('#ignore', 'displayName');
    await verdict(page, 'Not compared: "displayName" is not a JSON Pointer', 'diff-verdict');
    assert.equal(await page.isVisible('#body'), false);
    await page.fill('#ignore', '');
    await page.fill('#send', '/lastHeartbeatDateTime');
    await plan(page, '3 of 13 properties');
    assert.equal((await body()).lastHeartbeatDateTime, '2026-02-01T00:00:00Z');
    await page.fill('#send', '');
    await page.locator('#odata-type').check();
    await page.waitForFunction((name) => document.getElementById('body').textContent.includes(name), partner);
    await page.locator('#with-base').check();
    await verdict(page, 'last applied is empty', 'diff-verdict');
    await write(page, 'base', '{"displayName": "a", "iosOnboarded": true, "iosEnrollmentAssignments": [{"target": {"@odata.type": "#microsoft.graph.allLicensedUsersAssignmentTarget"}}]}');
    await plan(page, '- all licensed users');
    assert.equal(await page.textContent('#options-used'), '2 options set');
  });

  test('a response from another version is accepted only on request', async (t) => {
    const { page } = await compare(t);
    await write(page, 'current', '{"@odata.context": "https://graph.microsoft.com/v1.0/$metadata#deviceManagement/complianceManagementPartners/$entity", "displayName": "a"}');
    await verdict(page, 'Refused', 'diff-verdict');
    await page.click('#options summary');
    await page.locator('#any-version').check();
    await plan(page, 'PATCH body');
  });

  test('a refusal is listed next to the text, and there is no body', async (t) => {
    const { page } = await compare(t);
    await write(page, 'desired', `{"@odata.type": "${partner}", "displayName": "x", "iosOnboardd": true}`);
    await verdict(page, 'Refused', 'diff-verdict');
    assert.equal(await page.isVisible('#body'), false);
    const place = page.locator('#diff-findings li', { hasText: 'iosOnboardd' }).locator('.about .link').first();
    assert.match(await place.textContent(), /^desired, line 1, column \d+$/);
    await place.click();
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Desired: the object as you want it');
    assert.deepEqual(await page.locator('#desired .cm-lintRange-error').allTextContents(), ['"iosOnboardd"']);
    await page.keyboard.insertText('"iosOnboarded"');
    await plan(page, '~ displayName');
  });
});

describe('links', () => {
  const follow = async (t, url) => {
    const { page } = await visit(t, url);
    return page;
  };

  test('a link restores a payload', async (t) => {
    const server = await serve();
    t.after(server.close);
    const { page, asked, complaints } = await visit(t, server.url, { permissions: ['clipboard-read', 'clipboard-write'] });
    const payload = `{"@odata.type": "${partner}",\n  "displayName": "naïve 😀 </script> #?&%",\n  "linuxOnboarded": true}`;
    await write(page, 'payload', payload);
    await page.selectOption('#api-version', 'v1.0');
    await page.fill('#type', 'complianceManagementPartner');
    await found(page, 'linuxOnboarded');
    await page.click('#share');
    await page.waitForURL(/#1\//);
    const url = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(url, page.url());
    const other = await follow(t, url);
    await found(other, 'linuxOnboarded');
    assert.equal(await text(other, 'payload'), payload);
    assert.equal(await other.inputValue('#api-version'), 'v1.0');
    assert.equal(await other.inputValue('#type'), 'complianceManagementPartner');
    assert.equal(other.url(), url);
    await write(other, 'payload', '{}');
    await other.waitForFunction(() => location.hash === ''); // the old link would no longer match the page
    assert.deepEqual(asked, [server.url]);
    assert.deepEqual(server.asked, ['/patchlint/', '/patchlint/']); // neither visit requests anything but the page
    assert.deepEqual(complaints, []);
  });

  test('a link restores a comparison, even in a page opened from a disk', async (t) => {
    const { page } = await visit(t);
    await page.getByRole('tab', { name: 'Diff' }).click();
    await write(page, 'current', '{"displayName": "a", "iosOnboarded": true}');
    await write(page, 'desired', '{"displayName": "b"}');
    await page.click('#options summary');
    await page.locator('#with-base').check();
    await write(page, 'base', '{"displayName": "a", "iosOnboarded": true}');
    await page.locator('#ordered').check();
    await page.fill('#ignore', '/iosOnboarded');
    await page.waitForFunction(() => document.getElementById('plan').innerText.includes('1 of 13'));
    await page.click('#share');
    await page.waitForURL(/^file:.*#1\//);
    const other = await follow(t, page.url());
    assert.equal(await other.getAttribute('#tab-diff', 'aria-selected'), 'true');
    await other.waitForFunction(() => document.getElementById('plan').innerText.includes('1 of 13'));
    assert.deepEqual(await Promise.all(['current', 'desired', 'base'].map((id) => text(other, id))), ['{"displayName": "a", "iosOnboarded": true}', '{"displayName": "b"}', '{"displayName": "a", "iosOnboarded": true}']);
    assert.equal(await other.isChecked('#ordered'), true);
    assert.equal(await other.isChecked('#prune'), false);
    assert.equal(await other.inputValue('#ignore'), '/iosOnboarded');
  });

  test('no link is created that the page would refuse', async (t) => {
    const { page, complaints } = await visit(t);
    await page.locator('#payload .cm-content').evaluate((content) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', (' '.repeat(1023) + '\n').repeat(17 << 10));
      content.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    });
    await page.click('#share');
    await page.waitForFunction(() => document.getElementById('banner').textContent === 'No link was created: the text is too long for a link.');
    assert.equal(await page.evaluate(() => location.hash), '');
    assert.deepEqual(complaints, []);
  });

  test('a damaged or hostile link is reported and changes nothing', async (t) => {
    const { page, complaints } = await visit(t);
    const bomb = await page.evaluate(async () => {
      const bytes = await new Response(new Blob([' '.repeat(40 << 20)]).stream().pipeThrough(new CompressionStream('deflate-raw'))).arrayBuffer();
      return btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    });
    const packed = (value) => page.evaluate(async (json) => {
      const bytes = await new Response(new Blob([json]).stream().pipeThrough(new CompressionStream('deflate-raw'))).arrayBuffer();
      return btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    }, JSON.stringify(value));
    const before = await text(page, 'payload');
    for (const fragment of ['', '%%%', 'AAAA', bomb, await packed(null), await packed({ tab: 'lint' }), await packed({ tab: 'other', apiVersion: '', type: '' }), await packed({ tab: 'diff', apiVersion: 'beta', type: '', current: 1 })]) {
      await page.evaluate(() => { document.getElementById('banner').hidden = true; });
      await page.evaluate((fragment) => { location.hash = `#1/${fragment}`; }, fragment + ' '.repeat(Number(fragment === '')));
      await page.getByRole('alert').waitFor({ timeout: 10_000 }).catch(() => assert.fail(`no alert about ${fragment.slice(0, 40)}`));
      assert.match(await page.textContent('#banner'), /^The link is damaged/);
      assert.equal(await text(page, 'payload'), before);
    }
    await page.evaluate((fragment) => { location.hash = fragment; }, `#1/${await packed({ tab: 'lint', apiVersion: 'v9', type: '', text: '{"iosOnboarded": 1}' })}`);
    await found(page, '"iosOnboarded" takes true or false');
    assert.equal(await page.inputValue('#api-version'), '');
    assert.deepEqual(complaints, []);
  });
});

describe('privacy', () => {
  for (const where of ['a disk', 'a server']) {
    test(`from ${where}, the loaded page requests nothing, and works without a network`, async (t) => {
      const server = where === 'a server' ? await serve() : undefined;
      if (server) t.after(server.close);
      const { page, context, asked, complaints } = await visit(t, server?.url);
      await context.setOffline(true);
      await write(page, 'payload', '{"iosOnboarded": "true"}');
      await found(page, 'takes true or false');
      await page.getByRole('button', { name: 'replace with true' }).click();
      await verdict(page, 'No findings');
      await page.getByRole('tab', { name: 'Diff' }).click();
      await page.locator('#plan').waitFor();
      await page.click('#share');
      await page.click('#rules');
      await page.getByRole('dialog').getByRole('button', { name: 'guid', exact: true }).click();
      await page.keyboard.press('Escape');
      await page.click('#licenses');
      assert.match(await page.textContent('#dialog-body'), /CodeMirror|Marijn Haverbeke[\s\S]*|The Go Authors/);
      assert.equal(asked.length, 1, `${asked}`);
      if (server) assert.deepEqual(server.asked, ['/patchlint/']);
      assert.deepEqual(complaints, []);
    });
  }

  test('the page cannot send anything, and stores nothing', async (t) => {
    const server = await serve();
    t.after(server.close);
    const { page, context } = await visit(t, server.url);
    const tries = await page.evaluate(async (url) => {
      const said = [];
      const listen = new Promise((resolve) => document.addEventListener('securitypolicyviolation', (e) => { said.push(e.effectiveDirective); if (said.length === 3) resolve(); }));
      await fetch(url).then(() => said.push('sent'), () => {});
      new Image().src = url + 'x.png';
      document.head.append(Object.assign(document.createElement('script'), { src: url + 'x.js' }));
      await listen;
      return said;
    }, server.url);
    assert.deepEqual(tries.sort(), ['connect-src', 'img-src', 'script-src-elem']);
    const [worker] = page.workers();
    assert.equal(await worker.evaluate((url) => fetch(url).then(() => 'sent', () => 'refused'), server.url), 'refused');
    assert.deepEqual(server.asked, ['/patchlint/']);
    assert.deepEqual(await context.storageState(), { cookies: [], origins: [] });
  });
});

describe('access', () => {
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [360, 1440]) {
      test(`${colorScheme}, ${width} px wide: axe finds no fault, and nothing is wider than the page`, async (t) => {
        const { page } = await visit(t, onDisk, { colorScheme, viewport: { width, height: 800 } });
        const check = async (what) => {
          await page.evaluate(axe); // through the debugger, to which the policy does not apply
          const { violations } = await page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
          assert.deepEqual(violations.map((v) => [v.id, v.help, v.nodes.map((n) => n.html.slice(0, 200))]), [], what);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          assert(wide <= width, `${what} is ${wide} px wide`);
        };
        await check('lint');
        await page.locator('.cm-lintRange-error', { hasText: 'Enabled' }).hover();
        await page.locator('.cm-diagnosticAction').first().waitFor();
        await check('a tooltip');
        await page.getByRole('button', { name: 'explain the rule guid' }).click();
        await page.getByRole('dialog').waitFor();
        await check('a rule');
        await page.getByRole('button', { name: 'All rules' }).click();
        await check('the rules');
        await page.keyboard.press('Escape');
        await page.getByRole('tab', { name: 'Diff' }).click();
        await page.locator('#plan').waitFor();
        await page.click('#options summary');
        await page.locator('#with-base').check();
        await check('diff');
        await page.locator('#with-base').uncheck();
        await write(page, 'desired', '{"iosOnboardd": true}');
        await found(page, 'iosOnboardd', 'diff-findings');
        await check('a refusal');
      });
    }
  }

  test('everything can be reached and left with keys', async (t) => {
    const { page } = await visit(t);
    const focus = () => page.evaluate(() => {
      const e = document.activeElement;
      return e.id || e.getAttribute('aria-label') || e.textContent;
    });
    const seen = [];
    for (let i = 0; i < 40 && seen.at(-1) !== 'licenses'; i++) {
      await page.keyboard.press('Tab');
      seen.push(await focus());
    }
    assert.deepEqual(seen.slice(0, 8), ['tab-lint', 'rules', 'share', 'api-version', 'type', 'lint-example', 'lint-clear', 'Payload']);
    for (const what of ['fix-all', 'line 4, column 3', 'explain the rule enum-value', 'replace with "enabled"', 'licenses']) assert(seen.includes(what), `${what} is not among ${seen.join(' · ')}`);

    await page.locator('#tab-lint').focus();
    for (const [key, tab] of [['ArrowRight', 'tab-diff'], ['ArrowRight', 'tab-lint'], ['ArrowLeft', 'tab-diff'], ['Home', 'tab-lint'], ['End', 'tab-diff']]) {
      await page.keyboard.press(key);
      assert.equal(await focus(), tab);
      assert.equal(await page.getAttribute(`#${tab}`, 'aria-selected'), 'true');
      assert.equal(await page.locator('[role=tabpanel]:visible').getAttribute('aria-labelledby'), tab);
      assert.equal(await page.locator('[role=tab][tabindex="-1"]').count(), 1);
    }
  });

  test('a fix made with keys leaves the focus in the list', async (t) => {
    const { page } = await visit(t);
    await page.getByRole('button', { name: 'replace with "enabled"' }).press('Enter');
    await gone(page, 'invalid value "Enabled"');
    assert.equal(await page.evaluate(() => document.activeElement.closest('#findings li')?.querySelector('.message').textContent.slice(0, 22)), 'error unknown property');
  });

  test('findings are announced to screen readers, and F8 reads them', async (t) => {
    const { page } = await visit(t);
    const said = (what) => page.waitForFunction((what) => document.getElementById('status').textContent.includes(what), what);
    await said('4 errors, 1 info. Checked as complianceManagementPartner');
    await page.locator('#payload .cm-content').focus();
    await page.keyboard.press('F8');
    await said('info: "partnerState" is updated by the service');
    await page.keyboard.press('F8');
    await said('error: invalid value "Enabled"');
    await page.keyboard.press('Shift+F8');
    await said('info: "partnerState"');
    await page.keyboard.press('Shift+F8');
    await said('error: "Mobile users" is not a GUID');
    await write(page, 'payload', '{"iosOnboarded": true}');
    await said('No findings. Checked as complianceManagementPartner');
  });
});

describe('speed', () => {
  test('the first finding is shown within 1.5 s of opening the page from a disk', async (t) => {
    const context = await browser.newContext();
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(new URL('../package.json', onDisk).href); // so that the browser has started its process
    const tries = [];
    for (let i = 0; i < 5; i++) {
      const before = slowed();
      await page.goto(onDisk);
      await ready(page);
      const at = await page.evaluate(() => performance.getEntriesByName('findings')[0].startTime);
      tries.push({ at: Math.round(at), allowed: Math.round(1500 * Math.max(before, slowed())) });
      if (tries.at(-1).at <= tries.at(-1).allowed) break;
    }
    t.diagnostic(`first finding: ${JSON.stringify(tries)} ms`);
    assert(tries.at(-1).at <= tries.at(-1).allowed, JSON.stringify(tries));
  });

  test('a finding is shown within 50 ms of the edit that causes it', async (t) => {
    const { page } = await visit(t);
    const assignments = Array.from({ length: 60 }, (_, i) => `{"target": {"@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": "11111111-0a4b-4c11-9d3e-${String(i).padStart(12, '0')}"}}`);
    const payload = `{\n"@odata.type": "${partner}",\n"iosEnrollmentAssignments": [\n${assignments.join(',\n')}\n],\n"partnerState": ""}`;
    await write(page, 'payload', payload);
    await found(page, 'invalid value ""');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft'); // between the quotation marks
    const tries = [];
    for (let i = 0; i < 5; i++) {
      const before = slowed();
      const times = await page.evaluate(async () => {
        const content = document.querySelector('#payload .cm-content');
        content.focus();
        const times = [];
        for (let typed = 'a'; typed.length <= 20; typed += 'a') {
          const start = performance.now();
          document.execCommand('insertText', false, 'a');
          while (!document.getElementById('findings').textContent.includes(`"${typed}"`)) await new Promise((resolve) => setTimeout(resolve));
          times.push(performance.now() - start);
        }
        for (let i = 0; i < 20; i++) document.execCommand('delete');
        return times.map(Math.round).sort((a, b) => a - b);
      });
      await found(page, 'invalid value ""');
      tries.push({ times: times.join(' '), median: times[times.length >> 1], allowed: Math.round(50 * Math.max(before, slowed())) });
      if (tries.at(-1).median <= tries.at(-1).allowed) break;
    }
    t.diagnostic(`a payload of ${payload.length} bytes, ms after a key: ${JSON.stringify(tries)}`);
    assert(tries.at(-1).median <= tries.at(-1).allowed, JSON.stringify(tries));
  });
});
