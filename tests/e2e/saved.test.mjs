// What is saved is safe: from a page that is killed, from damage, from a full storage, and from another tab.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { accessibilityFindings, openPage, screenshot } from './harness.mjs';
import { ask, carry, drawnNodes, eventually, notice, openScene, place, sceneOf } from './hands.mjs';

const SHOP = sceneOf({
  shop: ['Decoupled::Producer', { Rate: '2/s' }],
  orders: ['AWS::SQS::Queue'],
}, ['shop orders Send'], { name: 'Mine' });

const kept = (page, key = 'decoupled.scene') => page.evaluate((name) => localStorage.getItem(name), key);

/** Another tab of the same browser, with the visitor's own work. */
async function another(page) {
  const tab = await page.context().newPage();
  await tab.goto(new URL('/', page.url()).href);
  await eventually(() => drawnNodes(tab), (nodes) => nodes.length > 0, 'the other tab has drawn');
  await ask(tab, 'pause');
  return tab;
}

test('a page that is killed two seconds after a change has lost nothing', async (t) => {
  const page = await openScene(t, SHOP, { allow: [/crashed/] });
  await carry(page, 'sns-topic', 300, 450);
  await page.getByTestId('node-topic').waitFor();
  await new Promise((resolve) => { setTimeout(resolve, 2_000); });
  const tools = await page.context().newCDPSession(page);
  const dead = page.waitForEvent('crash');
  tools.send('Page.crash').catch(() => {});
  await dead;
  const tab = await page.context().newPage();
  await tab.goto(page.url());
  await eventually(() => drawnNodes(tab), (nodes) => nodes.join() === 'shop,orders,topic', 'it is all there');
});

for (const [what, text, why] of [
  ['truncated', JSON.stringify(SHOP).slice(0, 200), /not JSON/],
  ['of a newer version', JSON.stringify({ ...SHOP, version: 9 }), /version 9/],
  ['something else', '[1, 2, 3]', /not a scene/],
]) {
  test(`saved work that is ${what} is put aside, not destroyed`, async (t) => {
    const page = await openPage(t, {
      prepare: (empty) => empty.addInitScript((saved) => {
        if (!localStorage.getItem('once')) localStorage.setItem('decoupled.scene', saved);
        localStorage.setItem('once', 'yes');
      }, text),
    });
    assert.match(await notice(page, /could not be read/), why);
    assert.equal(await kept(page, 'decoupled.aside.1'), text, 'as it was');
    // Work goes on, and is kept in the place that is free now.
    await ask(page, 'pause');
    await place(page, 'sns-topic', 300, 450);
    await eventually(() => kept(page), (now) => now !== null, 'the next change is kept');
    assert.equal(await kept(page, 'decoupled.aside.1'), text);
    await page.getByTestId('gallery').click();
    await screenshot(page, 'saved-aside');
    assert.deepEqual(await accessibilityFindings(page, 'dialog'), []);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('aside-1').click()]);
    assert.equal(readFileSync(await download.path(), 'utf8'), text);
    await page.getByTestId('remove-aside-1').click();
    await eventually(() => kept(page, 'decoupled.aside.1'), (left) => left === null, 'the visitor may remove it');
  });
}

test('a storage that is full is said once, with the remedy, and again after it had room', async (t) => {
  const page = await openScene(t, SHOP);
  await page.evaluate(() => {
    const real = Storage.prototype.setItem;
    window.full = true;
    Storage.prototype.setItem = function setItem(...pair) {
      if (window.full) throw new DOMException('no room', 'QuotaExceededError');
      return real.apply(this, pair);
    };
  });
  const says = page.getByTestId('notice').filter({ hasText: /no room left: save your work as a file/ });
  await place(page, 'sns-topic', 300, 450);
  await says.waitFor();
  await screenshot(page, 'saved-full');
  await page.keyboard.press('Escape');
  await says.waitFor({ state: 'hidden' });
  await place(page, 'worker', 300, 300);
  await new Promise((resolve) => { setTimeout(resolve, 1_200); });
  assert.equal(await says.count(), 0, 'once is enough');
  await page.evaluate(() => { window.full = false; });
  await place(page, 'event-bus', 500, 300);
  await eventually(() => kept(page), (text) => text?.includes('AWS::Events::EventBus'), 'it is kept again');
  await page.evaluate(() => { window.full = true; });
  await place(page, 'event-bus', 500, 450);
  await says.waitFor();
});

test('two tabs with the same scene keep both works', async (t) => {
  const page = await openScene(t, SHOP);
  await eventually(() => kept(page), (text) => text?.includes('Mine'), 'it is kept');
  const tab = await another(page);
  assert.deepEqual(await drawnNodes(tab), ['shop', 'orders']);
  await place(page, 'sns-topic', 300, 450);
  await eventually(() => kept(page), (text) => text.includes('AWS::SNS::Topic'), 'the first tab keeps its change');
  await notice(tab, /Another tab has just changed this scene/);
  await screenshot(tab, 'saved-two-tabs');
  await place(tab, 'event-bus', 300, 450);
  await notice(tab, /yours is a copy of its own/);
  assert.ok((await kept(page)).includes('AWS::SNS::Topic'), 'the first tab’s work is as it was');
  const copy = await kept(page, 'decoupled.copy.1');
  assert.ok(copy.includes('AWS::Events::EventBus') && !copy.includes('AWS::SNS::Topic'), 'the second tab’s lies beside it');
  // Both go on, each in its own place.
  await place(page, 'worker', 500, 450);
  await eventually(() => kept(page), (text) => text.includes('Decoupled::Worker'), 'the first goes on');
  await tab.reload();
  await eventually(() => drawnNodes(tab), (nodes) => nodes.includes('event-bus') || nodes.includes('bus'), 'and the second finds its own');
});
