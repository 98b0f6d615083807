// Opens the built page in a real browser, and holds every test to the same standard: nothing on the console that is an
// error, no exception, no request that leaves the origin.
//
//   import { test } from 'node:test';
//   import { openPage, screenshot } from './harness.mjs';
//
//   test('it opens', async (t) => {
//     const page = await openPage(t, { theme: 'dark', viewport: { width: 390, height: 844 } });
//     await screenshot(page, 'first-dark');
//   });
//
// `cargo xtask test page` builds the page and says where everything is. By hand, after `cargo xtask build` and one such
// run: `node --test tests/e2e/page.test.mjs`.

import { after } from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DIST, ROOT, launch, require } from './browser.mjs';
import { startServer } from './server.mjs';

export { DIST };

/** The headless runner: what it computes is held against what the page computes. */
export const RUNNER = process.env.DECOUPLED_RUNNER ?? join(ROOT, 'target/debug/decoupled');

/** Where screenshots go. */
export const SHOTS = process.env.DECOUPLED_SHOTS ?? join(tmpdir(), 'decoupled-shots');

/** The sizes of screen that the page is made for. */
export const DESKTOP = { width: 1440, height: 900 };
export const TABLET = { width: 1024, height: 768 };
export const PHONE = { width: 390, height: 844 };

const THEMES = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  contrast: { colorScheme: 'light', contrast: 'more' },
  forced: { colorScheme: 'dark', forcedColors: 'active' },
};

const servers = new Map();
let browser;

after(async () => {
  await (await browser)?.close();
  for (const server of servers.values()) await (await server).close();
});

/** The server of the page under that base, one for all tests of a file. */
export function server(base = '/') {
  if (!servers.has(base)) servers.set(base, startServer(DIST, base));
  return servers.get(base);
}

/**
 * Opens the page in a browser profile of its own and waits until the program has drawn. When the test ends, it fails
 * if anything improper was seen meanwhile.
 *
 * - `path`: what follows the base in the address: `#/lesson/1`, `?embed`, or a whole address
 * - `base`: the folder on the server, with slashes at both ends
 * - `theme`: `light`, `dark`, `contrast` or `forced`, as the system would ask for it
 * - `reducedMotion`, `touch`: the system asks for less motion; the screen can be touched
 * - `script`: false where scripts are switched off
 * - `started`: false for an address at which the program does not stand at the top of the page
 * - `allow`: patterns of console errors that this test provokes
 * - `own`: the origin of a server of the test's own
 * - `offline`: the page may keep itself for visits without a network
 * - `prepare`: what to do with the still empty page, such as `(page) => page.addInitScript(…)`
 */
export async function openPage(t, options = {}) {
  const { viewport = DESKTOP, theme = 'light', path = '', base = '/', reducedMotion = false } = options;
  const { touch = false, script = true, started = script, allow = [], offline = false, own, prepare } = options;
  const host = await server(base);
  browser ??= launch();
  const context = await (await browser).newContext({
    viewport,
    ...THEMES[theme],
    reducedMotion: reducedMotion ? 'reduce' : 'no-preference',
    hasTouch: touch,
    isMobile: touch,
    javaScriptEnabled: script,
    serviceWorkers: offline ? 'allow' : 'block',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const page = await context.newPage();
  // A page that is slow on a busy machine is no failure.
  page.setDefaultTimeout(120_000);
  const problems = watch(page, [host.origin, host.otherOrigin, own]);
  t.after(async () => {
    await context.close();
    const unexpected = problems.filter((problem) => !allow.some((pattern) => pattern.test(problem)));
    assert.deepEqual(unexpected, [], 'the page ran without an error and without a request to elsewhere');
  });
  await prepare?.(page);
  await page.goto(path.includes('://') ? path : host.origin + base + path);
  if (started) await page.waitForFunction(hasStarted);
  return page;
}

/** Writes a picture of the page and returns its bytes. */
export async function screenshot(page, name, options = {}) {
  mkdirSync(SHOTS, { recursive: true });
  return page.screenshot({ path: join(SHOTS, `${name}.png`), ...options });
}

/** How many different colours a picture has: a blank one has one. */
export function colourCount(png) {
  const { data } = require('pngjs').PNG.sync.read(png);
  const pixels = new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4);
  return new Set(pixels).size;
}

/** What axe-core finds against WCAG 2.2 AA: one line a finding, so that an empty list means none. */
export async function accessibilityFindings(page, within = 'body') {
  // Evaluated rather than added as a script, which the page's policy would refuse.
  await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = await page.evaluate(
    ([selector, values]) => window.axe.run(selector, { runOnly: { type: 'tag', values } }),
    [within, tags],
  );
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help}: ${target.join(' ')}`));
}

function watch(page, origins) {
  const problems = [];
  page.on('pageerror', (error) => problems.push(`exception: ${error.message}`));
  page.on('crash', () => problems.push('the page crashed'));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    const local = ['data:', 'blob:', 'about:', 'file:'].includes(protocol);
    if (!local && !origins.includes(origin)) problems.push(`request: ${request.url()}`);
  });
  return problems;
}

// Runs in the page: Yew has taken the place of the skeleton.
function hasStarted() {
  const app = document.querySelector('#app');
  return app && app.childElementCount > 0 && !app.querySelector('.boot');
}
