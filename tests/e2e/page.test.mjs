// The page as a whole: it opens wherever it is put, draws at once, and talks to nobody.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, deflateRawSync } from 'node:zlib';
import { DIST, PHONE, colourCount, openPage, screenshot, server } from './harness.mjs';
import { ask, eventually } from './hands.mjs';

const COURSE = '/courses/week-3/decoupled/';

// What a first visit may load, compressed as a server would.
const FIRST_LOAD_BYTES_MAX = 345_000;

// The part of the program that a first visit does not need, and whether somebody waits for it.
const REST = '**/*_rest.wasm';
const isWaitedFor = (route) => route.request().resourceType() === 'xhr';

for (const theme of ['light', 'dark', 'contrast']) {
  test(`it opens under a sub-path and is not blank (${theme})`, async (t) => {
    const page = await openPage(t, { base: COURSE, theme });
    assert.match(await page.title(), /Decoupled/);
    assert.notEqual((await page.locator('#app').innerText()).trim(), '');
    assert.ok(colourCount(await screenshot(page, `page-${theme}`)) > 1);
  });
}

test('it opens on a phone and does not scroll sideways', async (t) => {
  const page = await openPage(t, { viewport: PHONE, touch: true });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(overflow <= 0, `${overflow} px too wide`);
  await screenshot(page, 'page-phone');
});

test('it opens by the name of its file too', async (t) => {
  await openPage(t, { base: COURSE, path: 'index.html' });
});

test('it opens in a frame on another site', async (t) => {
  const host = await server(COURSE);
  const frame = `<iframe title="Decoupled" src="${host.origin}${COURSE}" width="900" height="600"></iframe>`;
  host.addPage('/course.html', `<!doctype html><link rel="icon" href="data:,"><title>A course</title>${frame}`);
  const page = await openPage(t, { base: COURSE, path: `${host.otherOrigin}/course.html`, started: false });
  const app = page.frameLocator('iframe').locator('#app');
  await app.locator(':scope > :not(.boot)').first().waitFor();
  assert.notEqual((await app.innerText()).trim(), '');
});

test('something stands on the page before the program has come', async (t) => {
  let release;
  const held = new Promise((resolve) => { release = resolve; });
  const prepare = (page) => page.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  const page = await openPage(t, { prepare, started: false });
  await page.getByRole('status').filter({ hasText: 'Loading' }).waitFor();
  assert.doesNotMatch(await page.locator('.boot').innerText(), /JavaScript/);
  assert.ok(colourCount(await screenshot(page, 'page-skeleton')) > 2);
  release();
  await page.locator('.boot').waitFor({ state: 'detached' });
});

test('without scripts it says what it needs', async (t) => {
  const page = await openPage(t, { script: false });
  // By element: Playwright's search for text leaves this one out.
  await page.locator('noscript p').waitFor();
  const text = await page.locator('.boot').innerText();
  assert.match(text, /needs JavaScript/);
  assert.doesNotMatch(text, /Loading/);
});

test('it says so when the program cannot be loaded', async (t) => {
  const prepare = (page) => page.route('**/*.wasm', (route) => route.abort());
  const page = await openPage(t, { prepare, started: false, allow: [/fetch|ERR_FAILED/i] });
  await page.getByText('Decoupled could not start').waitFor();
});

test('opened from a disk it asks for a web server', async (t) => {
  const path = pathToFileURL(join(DIST, 'index.html')).href;
  // The two preloads are refused there, which is what the message is about.
  const page = await openPage(t, { path, started: false, allow: [/origin|ERR_FAILED/i] });
  await page.getByText('cargo xtask serve').waitFor();
});

test('a first visit loads little, and plays without the rest of the program', async (t) => {
  const loaded = [];
  let [wanted, release] = [0];
  const held = new Promise((resolve) => { release = resolve; });
  const prepare = async (page) => {
    page.on('response', (response) => loaded.push(new URL(response.url()).pathname));
    await page.route(REST, async (route) => {
      if (isWaitedFor(route)) wanted += 1;
      else await held;
      await route.continue();
    });
  };
  const page = await openPage(t, { prepare });
  await eventually(() => ask(page, 'now'), (now) => now > 5_000, 'the first scene plays');
  const first = loaded.filter((path) => !path.endsWith('_rest.wasm'));
  const weights = first.map((path) => [path, brotliCompressSync(readFileSync(join(DIST, path === '/' ? 'index.html' : path))).length]);
  for (const [path, bytes] of weights) t.diagnostic(`${path}: ${bytes} bytes`);
  const total = weights.reduce((sum, [, bytes]) => sum + bytes, 0);
  assert.ok(total <= FIRST_LOAD_BYTES_MAX, `${total} bytes`);
  assert.ok(first.some((path) => path.endsWith('_first.wasm')), 'the program is in two parts');
  assert.equal(first.filter((path) => path.endsWith('.css')).length, 2, 'one stylesheet for the beginning, one for the page');
  assert.equal(wanted, 0, 'nothing of the rest was needed');
  release();
  await page.waitForResponse(REST);
});

test('a function that has not come yet is waited for', async (t) => {
  let waited = 0;
  const prepare = (page) => page.route(REST, (route) => {
    if (!isWaitedFor(route)) return route.abort();
    waited += 1;
    return route.continue();
  });
  const page = await openPage(t, { prepare, allow: [/ERR_FAILED/] });
  await page.keyboard.press('?');
  await page.getByTestId('help-dialog').waitFor();
  assert.equal(waited, 1, 'once is enough');
});

// The part of the program for scenes that have JSONata.
const JSONATA = '**/*_jsonata.wasm';
const QUERY = '{% $states.input.orders[total > 100].id %}';
const withQuery = {
  version: 1,
  nodes: [{
    id: 'machine',
    type: 'AWS::StepFunctions::StateMachine',
    properties: { Definition: { QueryLanguage: 'JSONata', StartAt: 'Large', States: { Large: { Type: 'Pass', Output: QUERY, End: true } } } },
  }],
};
const shared = (scene) => `#s=${Buffer.concat([Buffer.from([1]), deflateRawSync(JSON.stringify(scene))]).toString('base64url')}`;

test('a shared scene that has JSONata brings it along, says so, and needs no second request', async (t) => {
  let [asked, waited, release] = [0, 0];
  const held = new Promise((resolve) => { release = resolve; });
  const prepare = (page) => page.route(JSONATA, async (route) => {
    if (isWaitedFor(route)) waited += 1;
    asked += 1;
    await held;
    await route.continue();
  });
  const page = await openPage(t, { path: shared(withQuery), prepare, started: false });
  await page.getByRole('status').filter({ hasText: 'with JSONata' }).waitFor();
  release();
  await page.getByTestId('node-machine').waitFor();
  assert.deepEqual([asked, waited], [1, 0]);
});

test('a scene without JSONata never asks for it', async (t) => {
  let asked = 0;
  const prepare = (page) => page.route(JSONATA, (route) => {
    asked += 1;
    return route.continue();
  });
  const plain = structuredClone(withQuery);
  plain.nodes[0].properties.Definition = { StartAt: 'Done', States: { Done: { Type: 'Succeed' } } };
  const page = await openPage(t, { path: shared(plain), prepare });
  await page.getByTestId('node-machine').waitFor();
  await eventually(() => ask(page, 'now'), (now) => now >= 0, 'the page answers');
  assert.equal(asked, 0);
});

test('JSONata that could not be had beforehand is waited for where it is needed', async (t) => {
  let waited = 0;
  const prepare = (page) => page.route(JSONATA, (route) => {
    if (!isWaitedFor(route)) return route.abort();
    waited += 1;
    return route.continue();
  });
  const start = { id: 's', at: '1s', node: 'machine', call: 'StartExecution', input: { input: '{"orders":[]}' } };
  const page = await openPage(t, { path: shared({ ...withQuery, script: [start] }), prepare, allow: [/ERR_FAILED/] });
  await ask(page, 'play');
  await eventually(() => ask(page, 'now'), (now) => now > 2_000, 'the scene plays on');
  assert.equal(waited, 1, 'once is enough');
});

test('it says so when the rest of the program cannot be loaded, and the scene is there after a reload', async (t) => {
  const page = await openPage(t, { prepare: (page) => page.route(REST, (route) => route.abort()), allow: [/ERR_FAILED|NetworkError|send/] });
  await page.keyboard.press('?');
  await page.getByText('A part of Decoupled is missing').waitFor();
  await page.unroute(REST);
  await page.getByRole('link', { name: 'Reload' }).click();
  await page.getByRole('button', { name: 'Pause (Space)' }).waitFor();
});
