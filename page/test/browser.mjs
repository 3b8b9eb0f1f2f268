// Opens the page in Chromium, for the tests and the screenshots.
import { createServer } from 'node:http';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

export const file = path.join(import.meta.dirname, '../dist/index.html');
export const onDisk = pathToFileURL(file).href;

/** open starts Chromium. */
export const open = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: process.getuid() === 0 ? ['--no-sandbox'] : [] });

/** serve serves the page and nothing else, and records the requested URLs. */
export async function serve() {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    if (request.url === '/patchlint/') response.setHeader('Content-Type', 'text/html; charset=utf-8').end(fs.readFileSync(file));
    else response.writeHead(404).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}/patchlint/`, asked, close: () => server.close() };
}

/** ready waits for the first findings. */
export const ready = (page) => page.locator('#findings li').first().waitFor({ state: 'attached', timeout: 60_000 });

/** write replaces the text of an editor, as if it were pasted. */
export async function write(page, id, text) {
  await page.locator(`#${id} .cm-content`).focus();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
}

/** text returns the text of an editor that is short enough to be shown completely. */
export const text = (page, id) => page.locator(`#${id} .cm-line`).evaluateAll((lines) => lines.map((line) => line.textContent).join('\n'));

/**
 * slowed returns the factor by which other programs slow down the machine. Time limits in
 * tests are multiplied by it.
 */
export function slowed() {
  const from = { wall: performance.now(), cpu: process.cpuUsage() };
  for (let n = 0; performance.now() - from.wall < 300; n++) Math.sqrt(n);
  const { user, system } = process.cpuUsage(from.cpu);
  return Math.max(1, (performance.now() - from.wall) / ((user + system) / 1000));
}
