// No two texts overlap and none is cut: measured in the browser, at every zoom at which one reads, over the first minute
// of every scene of the gallery; and in the panels, on every screen.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { DESKTOP, PHONE, TABLET, openPage, screenshot } from './harness.mjs';
import { ask, eventually, frames, gallery, openScene, sceneOf } from './hands.mjs';
import { boxes, faultsOf, faultsOfPanels, notesPaintedTexts, settled } from './boxes.mjs';

// Large enough for any scene as a whole, from near too.
const WALL = { width: 2800, height: 2000 };
const SECONDS = [1, 7, 20, 41, 60];

/** Shows the scene at a zoom, whole. */
async function zoomTo(page, zoom) {
  await page.keyboard.press('0');
  const key = zoom < 1 ? '-' : '+';
  const now = () => page.evaluate(() => document.querySelector('#world [data-node]').getScreenCTM().a);
  // A key makes it 1.25 times as large or small.
  for (let steps = Math.round(Math.abs(Math.log(zoom) / Math.log(1.25))); steps > 0; steps -= 1) await page.keyboard.press(key);
  await frames(page, 12);
  return now();
}

test('no texts of the canvas overlap or are cut, from 60 to 150 %, in any scene of the gallery', async (t) => {
  const page = await openPage(t, { viewport: WALL, prepare: notesPaintedTexts });
  const faults = new Map();
  for (const { id, scene } of gallery) {
    await ask(page, 'load', scene);
    await ask(page, 'pause');
    await frames(page, 2);
    for (const wanted of [0.64, 1, 1.5625]) {
      await page.keyboard.press('1');
      await frames(page, 2);
      const zoom = await zoomTo(page, wanted);
      assert.ok(Math.abs(zoom - wanted) < 0.02, `${id} is shown at ${wanted}, not at ${zoom}`);
      for (const at of SECONDS) {
        await ask(page, 'seek', `${at}s`);
        await settled(page);
        const seen = await boxes(page);
        assert.ok(seen.texts.length >= scene.nodes.length, `${id}: the texts are seen`);
        for (const fault of faultsOf(seen)) faults.set(`${id}: ${fault}`, `at ${at} s and ${Math.round(zoom * 100)} %`);
      }
    }
  }
  assert.deepEqual([...faults].map(([fault, when]) => `${fault} ${when}`), []);
});

test('every scene of the gallery opens large enough to be read on a desktop', async (t) => {
  const page = await openPage(t, { prepare: notesPaintedTexts });
  const small = [];
  for (const { id, scene } of gallery) {
    await ask(page, 'load', scene);
    await ask(page, 'pause');
    await ask(page, 'seek', '20s');
    await settled(page);
    const sizes = (await boxes(page)).texts.map(({ pixels }) => pixels);
    if (Math.min(...sizes) < 7.4) small.push(`${id}: ${Math.min(...sizes).toFixed(1)} px`);
  }
  assert.deepEqual(small, []);
});

const LONG = 'a-very-long-name-that-nobody-would-choose-by-hand-but-a-template-does';
const NAMES = sceneOf({
  checkout: ['Decoupled::Producer', { Rate: '100000/min' }],
  [LONG]: ['AWS::SQS::Queue'],
  ['x'.repeat(80)]: ['Decoupled::Worker', { Concurrency: 200, ProcessingTime: '10m' }],
  'WWWWWWWWWWWWWWWW': ['AWS::Lambda::Function'],
}, [`checkout ${LONG} Send`, `${LONG} ${'x'.repeat(80)} Poll`]);
// Side by side, however wide they are.
NAMES.nodes.forEach((node, index) => { node.at = [index * 480, 60]; });

test('a name has the room of its card, and one that is longer than any card is whole in its title', async (t) => {
  const page = await openScene(t, NAMES, { viewport: WALL, prepare: notesPaintedTexts });
  await ask(page, 'seek', '90s');
  await settled(page);
  const seen = await boxes(page);
  const cut = seen.texts.filter(({ text }) => text.includes('…'));
  assert.deepEqual(cut.map(({ card }) => card), [LONG, 'x'.repeat(80)]);
  for (const { card, text } of cut) {
    assert.ok(text.length > 22, `${text}: cut no sooner than it must be`);
    assert.equal(await page.locator(`[data-node="${card}"] > title`).textContent(), card);
  }
  assert.deepEqual(faultsOf(seen).filter((fault) => !fault.endsWith('is cut')), []);
});

for (const [screen, viewport] of Object.entries({ desktop: DESKTOP, tablet: TABLET, phone: PHONE })) {
  test(`no texts of the panels overlap, and what is cut is whole in its title: ${screen}`, async (t) => {
    const page = await openScene(t, NAMES, { viewport, touch: screen === 'phone' });
    if (screen === 'phone') await page.getByTestId('sheet-drawer').tap();
    for (const at of ['0s', '50s', '3h']) {
      await ask(page, 'seek', at).catch(() => {});
      for (const tab of ['trace', 'messages', 'metrics', 'outline', 'problems', 'notes', 'journey']) {
        await page.getByTestId(`tab-${tab}`).click();
        await frames(page, 3);
        assert.deepEqual(await faultsOfPanels(page), [], `${tab} at ${at}`);
        await screenshot(page, `boxes-${screen}-${tab}`);
      }
    }
  });
}
