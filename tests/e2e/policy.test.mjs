// A strict content security policy: nothing inline, nothing from elsewhere. Every test of the page runs under it; here
// it is shown that a breach would be seen, and that what only opens later keeps to it too.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIST, openPage, server } from './harness.mjs';
import { POLICY } from './server.mjs';
import { ask, card, choose, drag, eventually, middle } from './hands.mjs';

const listen = (page) => page.addInitScript(() => {
  window.breaches = [];
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => window.breaches.push(effectiveDirective));
});

const breaches = (page) => page.evaluate(() => window.breaches);

test('the policy is as strict as it gets', () => {
  assert.match(POLICY, /default-src 'none'/);
  assert.match(POLICY, /script-src 'self' 'wasm-unsafe-eval'(;|$)/);
  assert.match(POLICY, /style-src 'self'(;|$)/);
  assert.doesNotMatch(POLICY, /unsafe-inline|'unsafe-eval'|\*/);
});

test('a planted script, style and attribute are seen', async (t) => {
  const html = readFileSync(join(DIST, 'index.html'), 'utf8');
  const planted = '<p style="color: red">x</p><style>p { color: red }</style><script>window.planted = 1</script></body>';
  const host = await server();
  host.addPage('/planted.html', html.replace('</body>', planted), { strict: true });
  const page = await openPage(t, { path: 'planted.html', prepare: listen, allow: [/Content Security Policy/] });
  assert.deepEqual([...new Set(await breaches(page))].sort(), ['script-src-elem', 'style-src-attr', 'style-src-elem']);
  assert.equal(await page.evaluate(() => window.planted), undefined);
});

test('forms, dialogs, drags and lists keep to it, and look as they should', async (t) => {
  const page = await openPage(t, { prepare: listen });
  await ask(page, 'runUntil', '5s');
  for (const id of ['checkout', 'shipper']) await choose(page, id);
  // A slider is filled as far as it is turned.
  await eventually(() => page.locator('.inspector input[type=range]').first().evaluate((slider) => slider.style.getPropertyValue('--part')), (part) => /%$/.test(part), 'it is filled');
  const tile = page.getByTestId('node-order-events').locator('.card-tile');
  assert.equal(await tile.evaluate((rect) => getComputedStyle(rect).fill), 'rgb(214, 64, 159)');
  for (const tab of ['metrics', 'messages', 'problems', 'notes', 'trace']) await page.getByTestId(`tab-${tab}`).click();
  const token = page.locator('.trace .token').first();
  await token.waitFor();
  assert.notEqual(await token.evaluate((dot) => getComputedStyle(dot).backgroundColor), 'rgba(0, 0, 0, 0)');
  for (const name of ['gallery', 'help', 'share']) {
    await page.getByTestId(name).click();
    await page.getByTestId(`${name}-dialog`).waitFor();
    await page.keyboard.press('Escape');
  }
  // The reason stands beside the pointer.
  const from = await middle(page.getByTestId('port-shipper'));
  await drag(page, from, await middle(card(page, 'checkout')), { hold: true });
  const place = await page.getByTestId('refusal').boundingBox();
  assert.ok(place.width > 200 && place.x > 20, JSON.stringify(place));
  await page.mouse.up();
  const item = await middle(page.getByTestId('palette-sqs-queue'));
  await page.mouse.move(item.x, item.y);
  await page.mouse.down();
  await page.mouse.move(item.x + 400, item.y + 100, { steps: 3 });
  await eventually(() => page.locator('.ghost-card').boundingBox(), (box) => box && box.width > 100, 'the ghost has its size');
  await page.mouse.up();
  assert.deepEqual(await breaches(page), []);
});
