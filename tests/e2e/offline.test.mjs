// Once opened, it works without a network; a newer build comes with the visit after; nothing is loaded twice.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DIST, openPage } from './harness.mjs';
import { ask, carry, eventually } from './hands.mjs';
import { startServer } from './server.mjs';

// An eighth of the 50 MiB that Chromium's cache in memory has.
const CACHED_BYTES_MAX = 6_553_600;

/** A server of its own, whose files may change and whose requests are counted. */
async function site(t, base = '/') {
  const folder = mkdtempSync(join(tmpdir(), 'decoupled-site-'));
  cpSync(DIST, folder, { recursive: true });
  const host = await startServer(folder, base);
  t.after(async () => {
    await host.close();
    rmSync(folder, { recursive: true });
  });
  return { ...host, folder };
}

const caches = (page) => page.evaluate(async () => {
  const names = await window.caches.keys();
  return Promise.all(names.map(async (name) => {
    const requests = await (await window.caches.open(name)).keys();
    return requests.map(({ url }) => new URL(url).pathname).sort();
  }));
});

/** Waits until a whole build is kept. */
const isKept = (page, count = 1) => eventually(
  () => caches(page),
  (builds) => builds.length === count && builds.every((files) => files.some((file) => file.endsWith('/index.html'))),
  'the build is kept',
);

const open = (t, host, options = {}) => (
  openPage(t, { path: host.origin + host.base, offline: true, own: host.origin, ...options })
);

test('once opened it works without a network, work of one’s own included', async (t) => {
  const host = await site(t, '/a/b/');
  const page = await open(t, host, { allow: [/ERR_INTERNET_DISCONNECTED|Failed to fetch|ERR_FAILED/] });
  const [files] = await isKept(page);
  assert.ok(files.every((file) => file.startsWith('/a/b/')), files.join());
  await carry(page, 'sns-topic', 300, 450);
  await page.getByTestId('node-topic').waitFor();
  await page.context().setOffline(true);
  await page.reload();
  await page.getByTestId('node-topic').waitFor();
  await page.getByRole('button', { name: 'Pause (Space)' }).waitFor();
  const before = await ask(page, 'now');
  await eventually(() => ask(page, 'now'), (now) => now > before + 300, 'it plays');
  await page.getByTestId('help').click();
  await page.getByTestId('help-dialog').waitFor();
  await page.goto(`${host.origin}${host.base}#gallery=pipe`);
  await page.getByTestId('shared-note').waitFor();
  await page.goto(`${host.origin}${host.base}fidelity.html`);
  await page.getByRole('heading', { name: 'How true is it?' }).waitFor();
  await eventually(() => page.getByLabel('Filter').isVisible(), Boolean, 'its script and its looks are there too');
});

test('keeping it loads nothing twice, and a first visit is not made to wait', async (t) => {
  const host = await site(t);
  const page = await open(t, host);
  assert.ok(!host.requests.includes('/sw.js'), 'first the page, then the rest');
  await isKept(page);
  const hashed = host.requests.filter((path) => /-[0-9a-f]{8,}/.test(path));
  assert.ok(hashed.length >= 4, hashed.join());
  // A profile without a disk caches nothing larger; only a build that nobody publishes has such a file.
  const fits = (path) => statSync(join(host.folder, path)).size < CACHED_BYTES_MAX;
  assert.deepEqual(hashed.filter((path, at) => hashed.indexOf(path) !== at && fits(path)), [], 'each file once');
});

test('a newer build is there with the visit after, and the last two are kept', async (t) => {
  const host = await site(t);
  const page = await open(t, host);
  await isKept(page);
  const index = join(host.folder, 'index.html');
  const html = readFileSync(index, 'utf8');
  const publish = (title) => writeFileSync(index, html.replace('<title>Decoupled</title>', `<title>${title}</title>`));
  publish('Second');
  await page.reload();
  assert.equal(await page.title(), 'Decoupled', 'at once what is there');
  await isKept(page, 2);
  await page.reload();
  assert.equal(await page.title(), 'Second');
  publish('Third');
  await page.reload();
  await eventually(() => page.evaluate(() => window.caches.keys()), (names) => names.length === 2, 'the oldest goes');
  await eventually(async () => {
    await page.reload();
    return page.title();
  }, (title) => title === 'Third', 'and the newest comes');
  assert.equal((await caches(page)).length, 2);
});
