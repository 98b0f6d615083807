// The page on every screen it is made for: nothing sticks out, everything can be reached, everybody can use it.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { DESKTOP, PHONE, TABLET, accessibilityFindings, colourCount, openPage, screenshot, server } from './harness.mjs';
import {
  ask, card, choose, clock, connect, drawnNodes, eventually, factCount, frames, gallery, middle, openScene, place, sceneOf,
  seesNodes,
} from './hands.mjs';
import { require } from './browser.mjs';

const { PNG } = require('pngjs');

/** What a person could miss to the left or right: visible controls that stick out of the window, unless one can scroll there. */
const stickingOut = (page) => page.evaluate(() => {
  const scrolls = (element) => {
    for (let around = element.parentElement; around; around = around.parentElement) {
      if (['auto', 'scroll'].includes(getComputedStyle(around).overflowX) && around.clientWidth <= innerWidth) return true;
    }
    return false;
  };
  const wide = document.documentElement.scrollWidth - innerWidth;
  // A mark lies where its time is, and is cut off where the timeline ends.
  const out = [...document.querySelectorAll('button:not(.mark), input, select, textarea, output, h1, h2, h3, p')].filter((element) => {
    const { left, right, width } = element.getBoundingClientRect();
    const sticksOut = width > 0 && element.checkVisibility() && (left < -0.5 || right > innerWidth + 0.5);
    return sticksOut && !scrolls(element);
  });
  const names = out.map((element) => element.dataset.testid ?? element.outerHTML.slice(0, 80));
  return wide > 0 ? [`the page is ${wide} px too wide`, ...names] : names;
});

for (const [screen, viewport] of Object.entries({ desktop: DESKTOP, tablet: TABLET, phone: PHONE })) {
  for (const theme of ['light', 'dark', 'contrast', 'forced']) {
    test(`everything fits and is accessible: ${screen}, ${theme}`, async (t) => {
      const page = await openPage(t, { viewport, theme, touch: screen === 'phone' });
      await eventually(() => factCount(page), (facts) => facts > 5, 'it plays');
      assert.deepEqual(await stickingOut(page), []);
      assert.ok(colourCount(await screenshot(page, `screen-${screen}-${theme}`)) > 50);
      // One screen in every theme, and every screen in one theme: axe is slow, and sizes change no colours.
      if (screen === 'desktop' || theme === 'light') assert.deepEqual(await accessibilityFindings(page), []);
    });
  }
}

for (const theme of ['light', 'dark', 'contrast', 'forced']) {
  test(`dialogs, forms and lists are accessible too (${theme})`, async (t) => {
    const page = await openPage(t, { theme });
    for (const name of ['gallery', 'help']) {
      await page.getByTestId(name).click();
      await page.getByTestId(`${name}-dialog`).waitFor();
      await screenshot(page, `screen-${name}-${theme}`);
      assert.deepEqual(await accessibilityFindings(page, 'dialog'), [], name);
      await page.keyboard.press('Escape');
    }
    // The forms are alike but for their fields: in the dark the fullest of them has every kind of control.
    for (const id of theme !== 'light' ? ['shipper'] : ['checkout', 'order-events', 'shipping', 'shipper']) {
      await choose(page, id);
      assert.deepEqual(await accessibilityFindings(page, '.inspector'), [], id);
    }
    for (const tab of ['metrics', 'problems', 'notes']) {
      await page.getByTestId(`tab-${tab}`).click();
      assert.deepEqual(await accessibilityFindings(page, '.drawer'), [], tab);
    }
  });
}

test('with colours that the system forces, lanes have edges, tokens stand out and badges can be read', async (t) => {
  const page = await openScene(t, {
    ...sceneOf({ shop: ['Decoupled::Producer', { Rate: '5/s' }], orders: ['AWS::SQS::Queue', { VisibilityTimeout: 2 }],
      ship: ['Decoupled::Worker', { FailureRate: 1 }] }, ['shop orders Send', 'orders ship Poll']),
    script: [{ at: '4s', node: 'ship', fault: 'Crash', for: '20s' }],
  }, { theme: 'forced' });
  await ask(page, 'seek', '8s');
  await frames(page, 4);
  const png = PNG.sync.read(await screenshot(page, 'screen-forced'));
  const box = await card(page, 'orders').boundingBox();
  const at = (x, y) => [...png.data.subarray(4 * (Math.round(y) * png.width + Math.round(x)), 4 * (Math.round(y) * png.width + Math.round(x)) + 3)].join();
  const colours = new Map();
  for (let x = box.x + 14; x < box.x + 206; x += 1) {
    for (let y = box.y + 50; y < box.y + 80; y += 1) colours.set(at(x, y), (colours.get(at(x, y)) ?? 0) + 1);
  }
  const ground = at(box.x + 6, box.y + 60);
  const all = 192 * 30;
  assert.ok(colours.get(ground) > all / 3, 'a lane is no block');
  const dots = [...colours].filter(([colour]) => {
    const parts = colour.split(',').map(Number);
    return Math.max(...parts) - Math.min(...parts) > 60;
  });
  assert.ok(dots.length > 0, 'messages keep their colours');
  // Along its upper edge the lane is another colour than its card.
  assert.notEqual(at(box.x + 100, box.y + 48), ground, 'a lane has an edge');
});

test('on a phone the panels are sheets: add, connect, inspect and look at details by touch', async (t) => {
  const page = await openPage(t, { viewport: PHONE, touch: true });
  const sheet = (name) => page.getByTestId(`sheet-${name}`);
  await sheet('palette').tap();
  await page.getByTestId('palette-worker').tap();
  await eventually(() => drawnNodes(page), (nodes) => nodes.includes('worker'), 'it is placed');
  assert.deepEqual(await stickingOut(page), []);
  await screenshot(page, 'screen-phone-palette');

  await sheet('inspector').tap();
  await page.getByTestId('palette').waitFor({ state: 'hidden' });
  const concurrency = page.getByTestId('field-Concurrency');
  await concurrency.fill('3');
  await concurrency.blur();
  // At time 0 it is the node's own; once the run has begun, an entry of the script.
  const { nodes, script } = await ask(page, 'scene');
  const set = [nodes.find(({ id }) => id === 'worker').properties, ...script.map((entry) => entry.set ?? {})];
  assert.ok(set.some(({ Concurrency }) => Concurrency === 3), 'the value is kept');
  assert.deepEqual(await stickingOut(page), []);
  assert.deepEqual(await accessibilityFindings(page), []);
  await screenshot(page, 'screen-phone-inspector');

  await sheet('drawer').tap();
  await page.getByTestId('inspector').waitFor({ state: 'hidden' });
  await page.getByTestId('trace-row').first().waitFor();
  assert.deepEqual(await stickingOut(page), []);
  await screenshot(page, 'screen-phone-drawer');
  await sheet('drawer').tap();
  await page.getByTestId('drawer').waitFor({ state: 'hidden' });
  const { x, y } = await middle(card(page, 'billing'));
  await page.touchscreen.tap(x, y);
  await page.locator('[data-node="billing"][aria-current="true"]').waitFor();
});

test('on a slow phone too the scene lies in the middle', async (t) => {
  const prepare = async (page) => {
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: 6 });
  };
  const page = await openPage(t, { viewport: PHONE, touch: true, prepare });
  await eventually(() => clock(page), (seconds) => seconds > 0, 'it has drawn');
  const canvas = await middle(page.getByTestId('canvas'));
  const boxes = await page.locator('[data-node] .card').evaluateAll((cards) => cards.map((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return { left, right, top, bottom };
  }));
  const between = (from, to) => (Math.min(...boxes.map((box) => box[from])) + Math.max(...boxes.map((box) => box[to]))) / 2;
  const off = [between('left', 'right') - canvas.x, between('top', 'bottom') - canvas.y].map(Math.round);
  assert.ok(Math.hypot(...off) < 3, `${off} px off`);
});

test('the details are as high as a hand or a key makes them, and so they stay', async (t) => {
  const page = await openPage(t);
  const height = async () => (await page.getByTestId('drawer').boundingBox()).height;
  const usual = await height();
  const edge = page.getByTestId('splitter');
  const { x, y } = await middle(edge);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x, y - 100, { steps: 4 });
  await page.mouse.up();
  await eventually(height, (now) => Math.abs(now - usual - 100) < 8, 'as high as it was pulled');
  const pulled = await height();
  await edge.press('ArrowUp');
  await eventually(height, (now) => now > pulled + 10, 'higher by a key');
  const chosen = await height();
  await page.getByTestId('tab-metrics').click();
  await page.getByTestId('numbers-latency').click();
  assert.equal(await height(), chosen, 'as high with figures in it');
  await page.reload();
  await eventually(height, (now) => now === chosen, 'still so after coming back');
  await edge.press('End');
  await eventually(height, (now) => now === 0.6 * DESKTOP.height, 'no higher: the canvas keeps some room');
  assert.equal(await edge.getAttribute('aria-valuenow'), '60');
  await edge.press('Home');
  await eventually(height, (now) => now === 96, 'no lower');
  await edge.dblclick();
  await eventually(height, (now) => now === usual, 'as usual');
  await page.reload();
  await page.getByTestId('drawer').waitFor();
  assert.equal(await height(), usual);
});

test('on a phone two fingers zoom and one moves', async (t) => {
  const page = await openPage(t, { viewport: PHONE, touch: true });
  const session = await page.context().newCDPSession(page);
  const touch = (type, ...points) => session.send('Input.dispatchTouchEvent', {
    type, touchPoints: points.map(([x, y], id) => ({ x, y, id })),
  });
  // In one breath: on a machine that answers late, a finger that waits for each answer presses long enough for the menu.
  const gesture = (...events) => Promise.all(events.map((event) => touch(...event)));
  const width = async () => (await card(page, 'billing').boundingBox()).width;
  const [before, from] = [await width(), await middle(card(page, 'billing'))];
  await gesture(['touchStart', [150, 500]], ['touchMove', [170, 520]], ['touchMove', [190, 540]], ['touchEnd']);
  const moved = await eventually(() => middle(card(page, 'billing')), ({ y }) => y > from.y + 30, 'the canvas moves');
  assert.ok(Math.abs(moved.x - from.x - 40) < 6 && Math.abs(moved.y - from.y - 40) < 6);
  const pinch = [20, 50, 100].map((reach) => ['touchMove', [150 - reach / 2, 500], [250 + reach / 2, 500]]);
  await gesture(['touchStart', [150, 500]], ['touchStart', [150, 500], [250, 500]], ...pinch, ['touchEnd']);
  await eventually(width, (seen) => seen > before * 1.6, 'it is larger');
});

test('every scene of the gallery opens, says what to look for, and plays', async (t) => {
  const page = await openPage(t);
  await page.getByTestId('speed').selectOption('10');
  for (const { id, scene } of gallery) {
    await page.getByTestId('gallery').click();
    await page.getByTestId(`gallery-${id}`).click();
    await page.getByTestId('gallery-dialog').waitFor({ state: 'detached' });
    assert.equal(await page.getByTestId('scene-name').inputValue(), scene.name);
    await seesNodes(page, scene.nodes.map((node) => node.id));
    // The first words of the notes, without their marks.
    const note = scene.notes[0].text ?? scene.notes[0];
    const words = note.replace(/[*#`]/g, '').split(/\s+/).slice(0, 4).join(' ');
    const settings = page.getByTestId('scene-settings');
    assert.ok((await settings.innerText()).includes(words), `${id} begins with «${words}»`);
    await eventually(() => factCount(page), (facts) => facts > 40, `${id} plays`);
    const { problems } = await eventually(() => ask(page, 'report'), ({ messages }) => messages.produced > 0, `${id} moves`);
    assert.deepEqual(problems, [], id);
    assert.deepEqual(await stickingOut(page), []);
    await screenshot(page, `gallery-${id}`);
  }
});

test('in a frame on another site one can build and play', async (t) => {
  const base = '/courses/week-4/decoupled/';
  const host = await server(base);
  const frame = `<iframe title="Decoupled" src="${host.origin}${base}" width="1100" height="760"></iframe>`;
  host.addPage('/lesson.html', `<!doctype html><link rel="icon" href="data:,"><title>A lesson</title><h1>SQS</h1>${frame}`);
  const page = await openPage(t, { base, path: `${host.otherOrigin}/lesson.html`, started: false });
  const inside = page.frameLocator('iframe');
  await inside.getByTestId('node-checkout').waitFor();
  await eventually(() => clock(inside), (seconds) => seconds > 0.5, 'it plays');
  const item = await middle(inside.getByTestId('palette-sqs-queue'));
  const canvas = await middle(inside.getByTestId('canvas'));
  await page.mouse.move(item.x, item.y);
  await page.mouse.down();
  await page.mouse.move(canvas.x, canvas.y + 120, { steps: 5 });
  await page.mouse.up();
  await inside.getByTestId('node-queue').waitFor();
  await screenshot(page, 'screen-frame');
});

test('on a tablet one can build with the mouse as on a desktop', async (t) => {
  const page = await openPage(t, { viewport: TABLET });
  await page.getByTestId('new').click();
  await page.getByTestId('empty').waitFor();
  const producer = await place(page, 'producer', 140, 140);
  const queue = await place(page, 'sqs-queue', 480, 140);
  await connect(page, producer, queue);
  await page.getByTestId('fold-inspector').click();
  await page.getByTestId('inspector').waitFor();
  assert.deepEqual(await stickingOut(page), []);
  await screenshot(page, 'screen-tablet-inspector');
});
