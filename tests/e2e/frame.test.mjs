// The page as a part of another: in a plain frame, in a sandbox, as an element, by messages.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { DESKTOP, DIST, PHONE, TABLET, accessibilityFindings, colourCount, openPage, screenshot, server } from './harness.mjs';
import { ask, eventually, sceneOf } from './hands.mjs';
import { startServer } from './server.mjs';

const BASE = '/tools/decoupled/';

const SHOP = sceneOf({ shop: ['Decoupled::Producer'], orders: ['AWS::SQS::Queue'] }, ['shop orders Send']);

/** A page of somebody else, on another site, with this in its body. */
async function course(t, name, body, options = {}) {
  const host = await server(BASE);
  const head = `<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><title>A course</title><script src="${host.origin}${BASE}embed.js" defer></script>`;
  const html = `<!doctype html><html lang="en"><head>${head}</head><body><main><h1>A course</h1>${body}</main></body></html>`;
  host.addPage(`/${name}.html`, html.replaceAll('HOME', `${host.origin}${BASE}`));
  return openPage(t, { base: BASE, path: `${host.otherOrigin}/${name}.html`, started: false, ...options });
}

/** The frame of the page, once it has drawn. */
async function inside(page, at = 0) {
  const frame = await eventually(() => page.frames()[at + 1], Boolean, 'there is a frame');
  await frame.locator('.app').waitFor();
  return frame;
}

/** Asks the frame by a message, as the page around it can. */
const message = (page, method, args = []) => page.evaluate(([name, values]) => new Promise((resolve) => {
  const id = Math.random();
  const hear = ({ data, source }) => {
    if (source !== window.frames[0] || data.id !== id) return;
    removeEventListener('message', hear);
    resolve(data);
  };
  addEventListener('message', hear);
  window.frames[0].postMessage({ decoupled: 1, id, method: name, args: values }, '*');
}), [method, args]);

test('embed.html shows the canvas and the hands on time alone, and nothing can be changed', async (t) => {
  const page = await course(t, 'plain', '<iframe title="Decoupled" src="HOMEembed.html#gallery=visibility-timeout" width="900" height="480"></iframe>');
  const frame = await inside(page);
  await frame.getByTestId('node-queue').waitFor();
  for (const id of ['palette', 'inspector', 'share', 'scene-name', 'drawer']) {
    assert.equal(await frame.getByTestId(id).count(), 0, id);
  }
  await frame.getByRole('button', { name: 'Play (Space)' }).click();
  await eventually(() => ask(frame, 'now'), (now) => now > 500, 'it plays');
  const scene = await ask(frame, 'scene');
  const card = await frame.getByTestId('node-queue').locator('.card').boundingBox();
  await page.mouse.move(card.x + 90, card.y + 20);
  await page.mouse.down();
  await page.mouse.move(card.x + 190, card.y + 60, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.press('Delete');
  await page.keyboard.press('Control+z');
  assert.deepEqual(await ask(frame, 'scene'), scene);
  assert.match(await frame.getByTestId('way-out').getAttribute('href'), /#gallery=visibility-timeout$/);
});

test('play mode shows everything and changes nothing', async (t) => {
  const page = await openPage(t, { path: '#gallery=fan-out&mode=play' });
  await page.getByTestId('tab-metrics').click();
  assert.equal(await page.getByTestId('palette').count(), 0);
  const scene = await ask(page, 'scene');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  assert.deepEqual(await ask(page, 'scene'), scene);
  await page.getByTestId('node-fulfilment').or(page.locator('[data-node]').first()).first().dblclick({ position: { x: 90, y: 20 } });
  await screenshot(page, 'frame-play');
  assert.deepEqual(await accessibilityFindings(page), []);
});

for (const [name, viewport, height] of [['wide', DESKTOP, 480], ['tablet', TABLET, 420], ['phone', PHONE, 300]]) {
  for (const theme of ['light', 'dark']) {
    test(`embedded it fits: ${name}, ${theme}`, async (t) => {
      const body = `<iframe title="Decoupled" src="HOMEembed.html#gallery=fan-out&autoplay&t=6s&theme=${theme}" style="width:100%;border:0" height="${height}"></iframe>`;
      const page = await course(t, `fits-${name}-${theme}`, body, { viewport, theme, touch: name === 'phone' });
      const frame = await inside(page);
      await eventually(() => ask(frame, 'now'), (now) => now > 6_400, 'it plays');
      assert.ok(colourCount(await screenshot(page, `frame-${name}-${theme}`)) > 30);
      const wide = await frame.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} px too wide`);
      const { x, y, width, height: tall } = await frame.getByTestId('play').boundingBox();
      assert.ok(width > 20 && tall > 20 && x >= 0 && y >= 0);
      if (theme === 'light') assert.deepEqual(await accessibilityFindings(page), []);
    });
  }
}

test('in a sandbox without an origin it runs, keeps nothing and fails at nothing', async (t) => {
  const page = await course(t, 'sandbox', '<iframe title="Decoupled" sandbox="allow-scripts" src="HOMEembed.html#gallery=fan-out&autoplay" width="900" height="480"></iframe>');
  const frame = await inside(page);
  await eventually(() => ask(frame, 'now'), (now) => now > 500, 'it plays');
  assert.equal(await frame.evaluate(() => origin), 'null');
  assert.match((await message(page, 'digest')).result, /^[0-9a-f]{16,}$/);
});

test('in a sandbox, a server that is not made for it is named as the reason', async (t) => {
  const host = await startServer(DIST, BASE, { sandboxes: false });
  t.after(() => host.close());
  const src = `${host.origin}${BASE}index.html`;
  host.addPage('/strict.html', `<!doctype html><link rel="icon" href="data:,"><title>x</title><iframe title="Decoupled" sandbox="allow-scripts" src="${src}" width="900" height="480"></iframe>`);
  const page = await openPage(t, {
    path: `${host.otherOrigin}/strict.html`, started: false, own: host.origin, allow: [/CORS|Failed to fetch|ERR_FAILED|TypeError|request: http:\/\/localhost/i],
  });
  await page.frameLocator('iframe').getByText('Access-Control-Allow-Origin').waitFor();
});

test('messages: reading is for the parent, changing for those on the list, and nobody else is heard', async (t) => {
  const page = await course(t, 'messages', '<iframe title="Decoupled" src="HOMEembed.html#gallery=fan-out" width="900" height="480"></iframe>');
  const frame = await inside(page);
  const { result } = await message(page, 'report');
  assert.equal(result.facts, (await ask(frame, 'report')).facts);
  for (const [method, args] of [['play'], ['step'], ['load', [SHOP]], ['seek', ['1s']], ['speed', [5]]]) {
    const { error } = await message(page, method, args);
    assert.match(error.message, /not allowed to: name it in the frame's address, #allow=http:\/\/localhost/, method);
  }
  assert.equal(await ask(frame, 'now'), 0);
  assert.match((await message(page, 'constructor')).error.message, /no method "constructor"/);
  // The page itself is not its parent.
  const heard = await frame.evaluate(() => new Promise((resolve) => {
    addEventListener('message', ({ data }) => { if ('result' in data || 'error' in data) resolve('answered'); });
    window.postMessage({ decoupled: 1, id: 1, method: 'report', args: [] }, '*');
    setTimeout(() => resolve('silent'), 500);
  }));
  assert.equal(heard, 'silent');
});

test('messages: who is on the list may do everything, and is told', async (t) => {
  const { otherOrigin } = await server(BASE);
  const page = await course(t, 'allowed', `<iframe title="Decoupled" src="HOMEembed.html#allow=${otherOrigin}" width="900" height="480"></iframe>`);
  await inside(page);
  await page.evaluate(() => {
    window.told = [];
    addEventListener('message', ({ data }) => { if (data.decoupled === 1 && data.event) window.told.push(data); });
  });
  assert.deepEqual((await message(page, 'load', [SHOP])).error, undefined);
  assert.deepEqual((await message(page, 'scene')).result.nodes.map(({ id }) => id), ['shop', 'orders']);
  const refused = (await message(page, 'load', ['{ "version": 9 }'])).error;
  assert.deepEqual(refused.problems.map(({ place }) => place), ['version']);
  await message(page, 'on', ['fact']);
  await message(page, 'on', ['state']);
  assert.match((await message(page, 'on', ['weather'])).error.message, /nothing is called "weather"/);
  assert.equal((await message(page, 'speed', [10])).result, 10);
  await message(page, 'play');
  await eventually(() => page.evaluate(() => window.told.filter(({ event }) => event === 'fact').length), (count) => count > 5, 'facts are told');
  await message(page, 'pause');
  assert.ok(await page.evaluate(() => window.told.some(({ event, detail }) => event === 'state' && detail.playing)));
});

test('what the visitor made is nobody else’s business', async (t) => {
  const host = await server(BASE);
  const prepare = async (page) => {
    await page.goto(host.origin + BASE);
    await page.evaluate((scene) => localStorage.setItem('decoupled.scene', scene), JSON.stringify(SHOP));
  };
  // The same site, so that the browser itself would not keep the two apart.
  const { origin } = host;
  host.addPage('/nosy.html', `<!doctype html><link rel="icon" href="data:,"><title>Nosy</title><iframe title="Decoupled" src="${origin}${BASE}index.html#x=1" width="900" height="480"></iframe><iframe title="Decoupled" src="${origin}${BASE}index.html#allow=${host.otherOrigin}" width="900" height="480"></iframe>`);
  const page = await openPage(t, { base: BASE, path: `${host.otherOrigin}/nosy.html`, started: false, prepare });
  await inside(page, 1);
  await inside(page, 0);
  assert.match((await message(page, 'scene')).error.message, /visitor's own work/);
});

test('the element: methods, facts, lazy start, several on one page', async (t) => {
  const gap = '<div style="height:3000px"></div>';
  const scene = JSON.stringify(SHOP).replaceAll("'", '&#39;');
  const body = `<decoupled-playground id="one" scene="fan-out" height="360" autoplay></decoupled-playground>${gap}
    <decoupled-playground id="two" scene='${scene}' theme="dark" label="The second"></decoupled-playground>
    <decoupled-playground id="three" src="HOMEcourse.scene.json" mode="play" height="60vh"></decoupled-playground>`;
  const page = await course(t, 'element', body);
  const one = await inside(page);
  await eventually(() => ask(one, 'now'), (now) => now > 300, 'the first plays');
  assert.equal(page.frames().length, 2, 'the others wait until they are near');
  // Scrolled away it stands still.
  await page.evaluate(() => document.getElementById('two').scrollIntoView());
  const two = await inside(page, 1);
  await two.getByTestId('node-orders').waitFor();
  const stood = await ask(one, 'now');
  await eventually(() => page.frames().length, (count) => count === 4, 'all three are there');
  await (await inside(page, 2)).getByTestId('node-patient').waitFor();
  assert.ok(await ask(one, 'now') - stood < 300, 'time stands still out of sight');

  const element = (method, ...args) => page.evaluate(([name, values]) => document.getElementById('two')[name](...values), [method, args]);
  await page.evaluate(() => {
    window.seen = [];
    document.getElementById('two').on('fact', ({ fact }) => window.seen.push(fact));
  });
  await element('runUntil', '10s');
  await eventually(() => page.evaluate(() => window.seen.length), (count) => count > 5, 'facts are told');
  assert.equal((await element('report')).until, 10_000_000);
  assert.equal((await element('scene')).nodes.length, 2);
  const refused = await page.evaluate(() => document.getElementById('two').load({ version: 9 }).catch(({ message, problems }) => ({ message, problems })));
  assert.match(refused.message, /version 9 is unknown/);
  assert.equal(refused.problems[0].place, 'version');
  await page.evaluate(() => { document.getElementById('two').speed = 5; });
  await eventually(() => two.evaluate(() => window.decoupled.speed), (speed) => speed === 5, 'its speed is set');
  assert.equal(await two.locator('html').getAttribute('data-theme'), 'dark');
});

for (const [screen, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
  for (const theme of ['light', 'dark']) {
    test(`the course page: ${screen}, ${theme}`, async (t) => {
      const page = await openPage(t, { base: BASE, path: 'course.html', viewport, theme, touch: screen === 'phone', started: false });
      const calm = await inside(page);
      await eventually(() => ask(calm, 'now'), (now) => now > 4_000, 'the first plays');
      await screenshot(page, `course-top-${screen}-${theme}`);
      await page.locator('#short').scrollIntoViewIfNeeded();
      await page.getByRole('button', { name: 'Stop at the first expiry' }).click();
      const out = page.locator('figure:has(#short) [data-count="VisibilityTimeoutExpired"]');
      await eventually(() => out.textContent(), (text) => text === '1', 'it stops where the first one runs out');
      await page.locator('figure:has(#short)').scrollIntoViewIfNeeded();
      await screenshot(page, `course-middle-${screen}-${theme}`);
      await page.getByRole('button', { name: 'Show the end of the first minute' }).click();
      const long = page.locator('figure:has(#long)');
      await eventually(() => long.locator('[data-count="MessageReceived"]').textContent(), (text) => Number(text) >= 5, 'its numbers count');
      assert.equal(await long.locator('[data-count="VisibilityTimeoutExpired"]').textContent(), '0');
      await screenshot(page, `course-${screen}-${theme}`, { fullPage: true });
      if (screen === 'desktop') assert.deepEqual(await accessibilityFindings(page), []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} px too wide`);
    });
  }
}
