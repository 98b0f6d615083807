// Menus, choosers and the clipboard, by mouse, by touch and by key.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { accessibilityFindings, PHONE, openPage, screenshot } from './harness.mjs';
import { ask, card, choose, drawnNodes, eventually, middle, openEmpty, openScene, seesNodes } from './hands.mjs';

const LINE = {
  version: 1,
  name: 'Line',
  network: 'instant',
  nodes: [
    { id: 'shop', type: 'Decoupled::Producer', at: [40, 80], properties: {} },
    { id: 'orders', type: 'AWS::SQS::Queue', at: [440, 80], properties: {} },
    { id: 'ship', type: 'Decoupled::Worker', at: [840, 80], properties: {} },
  ],
  links: [
    { id: 'l1', from: 'shop', to: 'orders', type: 'Send' },
    { id: 'l2', from: 'orders', to: 'ship', type: 'Poll' },
  ],
};

const wires = async (page) => (await ask(page, 'scene')).links.map(({ from, to, type }) => `${from} ${type} ${to}`);

/** A finger as the browser gets one from the screen. */
async function fingerOf(page) {
  const session = await page.context().newCDPSession(page);
  const touch = (type, touchPoints) => session.send('Input.dispatchTouchEvent', { type, touchPoints });
  return {
    down: (x, y) => touch('touchStart', [{ x, y, id: 1 }]),
    move: (x, y) => touch('touchMove', [{ x, y, id: 1 }]),
    up: () => touch('touchEnd', []),
  };
}

/** Opens the menu of what is there, and waits until keys go to it. */
async function menuAt(page, x, y) {
  await page.mouse.click(x, y, { button: 'right' });
  await page.locator('[role=menuitem]:focus').waitFor();
}

test('the menu of a node says what can be done with it, and does it', async (t) => {
  const page = await openScene(t, LINE);
  const { x, y } = await middle(card(page, 'orders'));
  await menuAt(page, x, y);
  assert.deepEqual(await accessibilityFindings(page), []);
  await screenshot(page, 'menu-node');
  await page.getByTestId('menu-duplicate').click();
  await seesNodes(page, ['shop', 'orders', 'ship', 'orders-2']);
  // The copy covers the middle.
  await menuAt(page, x - 70, y - 28);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await seesNodes(page, ['shop', 'ship', 'orders-2'], 'the last line deletes');
  await menuAt(page, 330, 560);
  await page.keyboard.press('Escape');
  await page.getByTestId('menu').waitFor({ state: 'detached' });
});

test('a line pulled into the empty is offered what fits there', async (t) => {
  const page = await openScene(t, LINE);
  const from = await middle(page.getByTestId('port-orders'));
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 180, { steps: 5 });
  await page.mouse.move(from.x + 80, from.y + 220);
  await page.mouse.up();
  await page.locator('[data-testid=chooser-field]:focus').waitFor();
  assert.deepEqual(await accessibilityFindings(page, '[data-testid=chooser]'), []);
  await screenshot(page, 'chooser-after');
  await page.keyboard.type('lambda');
  await page.keyboard.press('Enter');
  await seesNodes(page, ['shop', 'orders', 'ship', 'function']);
  assert.ok((await wires(page)).includes('orders AWS::Lambda::EventSourceMapping function'));
  await page.keyboard.press('Control+z');
  await seesNodes(page, ['shop', 'orders', 'ship']);
});

test('what is carried over a link lights it up, and is put inside', async (t) => {
  const page = await openScene(t, { ...LINE, nodes: LINE.nodes.slice(0, 2), links: [LINE.links[0]] });
  const item = await middle(page.getByTestId('palette-sns-topic'));
  const [a, b] = await Promise.all(['shop', 'orders'].map((id) => middle(card(page, id))));
  await page.mouse.move(item.x, item.y);
  await page.mouse.down();
  await page.mouse.move((a.x + b.x) / 2 - 30, (a.y + b.y) / 2, { steps: 4 });
  await page.mouse.move((a.x + b.x) / 2, (a.y + b.y) / 2);
  await page.locator('.link.takes').waitFor({ state: 'attached' });
  await page.mouse.up();
  await eventually(() => wires(page), (seen) => seen.length === 2 && seen.includes('shop Send topic'), 'it stands inside');
});

test('two taps connect, and a finger that stays opens the menu', async (t) => {
  const page = await openScene(t, { ...LINE, links: [] }, { viewport: PHONE, touch: true });
  await page.keyboard.press('1');
  const [from, to] = [await middle(page.getByTestId('port-shop')), await middle(card(page, 'orders'))];
  await page.touchscreen.tap(from.x, from.y);
  await page.touchscreen.tap(to.x, to.y);
  await eventually(() => wires(page), (seen) => seen.includes('shop Send orders'), 'two taps are a line');
  const { x, y } = await middle(card(page, 'ship'));
  const finger = await fingerOf(page);
  await finger.down(x, y);
  await page.getByTestId('menu').waitFor();
  // A finger trembles, and the browser has its own mind about one that stays.
  await finger.move(x + 1, y + 1);
  const menu = () => page.getByTestId('menu').evaluate((element) => {
    const { x: left, y: top } = element.getBoundingClientRect();
    return `${element.getAttribute('aria-label')} ${left} ${top}`;
  });
  const opened = await menu();
  await page.waitForTimeout(700);
  assert.equal(await menu(), opened, 'it stays where and what it is');
  const before = JSON.stringify(await ask(page, 'scene'));
  await finger.up();
  await page.waitForTimeout(300);
  assert.equal(await menu(), opened, 'and it stays open when the finger is gone');
  assert.equal(JSON.stringify(await ask(page, 'scene')), before, 'nothing is done by lifting it');
  await screenshot(page, 'menu-phone');
  const box = await page.getByTestId('menu').boundingBox();
  assert.ok(box.x >= 0 && box.x + box.width <= PHONE.width && box.y + box.height <= PHONE.height, 'it is all in view');
});

test('after a finger has stayed, the menu is for the next one', async (t) => {
  const page = await openScene(t, LINE, { viewport: PHONE, touch: true });
  await page.keyboard.press('1');
  for (const [id, left] of [['ship', ['shop', 'orders']], ['orders', ['shop']]]) {
    const { x, y } = await middle(card(page, id));
    const finger = await fingerOf(page);
    await finger.down(x, y);
    await page.getByTestId('menu').waitFor();
    await page.waitForTimeout(400);
    await finger.up();
    await page.waitForTimeout(100);
    await page.getByTestId('menu-delete').tap();
    await seesNodes(page, left, `${id} is deleted by a tap on that line`);
  }
});

test('nodes go through the clipboard as text, into another page too', async (t) => {
  const page = await openScene(t, LINE);
  await choose(page, 'orders');
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  const text = await page.evaluate(() => navigator.clipboard.readText());
  assert.equal(JSON.parse(text).nodes.length, 3);
  const other = await openEmpty(t);
  await other.evaluate((words) => navigator.clipboard.writeText(words), text);
  await other.keyboard.press('Control+v');
  await seesNodes(other, ['shop', 'orders', 'ship']);
  await menuAt(other, 330, 560);
  await other.getByTestId('menu-paste').click();
  await eventually(() => drawnNodes(other), (ids) => ids.length === 6, 'the menu pastes too');
  assert.equal((await wires(other)).length, 4);
  await other.keyboard.press('Control+x');
  await eventually(() => drawnNodes(other), (ids) => ids.length === 3, 'what was pasted was chosen, and is cut');
});

test('the palette of commands finds commands, nodes and scenes', async (t) => {
  const page = await openPage(t);
  await page.keyboard.press('Control+k');
  await page.locator('[data-testid=chooser-field]:focus').waitFor();
  await screenshot(page, 'commands');
  assert.deepEqual(await accessibilityFindings(page, '[data-testid=chooser]'), []);
  await page.keyboard.type('dark');
  await page.keyboard.press('Enter');
  await page.locator('html[data-theme=dark]').waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('go to ship');
  await screenshot(page, 'commands-dark');
  await page.keyboard.press('Enter');
  await page.locator('[data-node^=ship]:focus').waitFor();
  await page.keyboard.press('Control+f');
  await page.keyboard.type('nothing of the kind');
  await page.getByText('Nothing is called that.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('chooser').waitFor({ state: 'detached' });
});
