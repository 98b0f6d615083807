// Editing: undo, delete, move, choose, copy, look around — with the mouse, and with the keyboard alone.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { openPage } from './harness.mjs';
import {
  ask, card, choose, chosenNodes, drag, draw, drawnNodes, eventually, headline, middle, notice, openEmpty, openScene,
  pick, sceneOf, seesNodes,
} from './hands.mjs';

const FOUR = sceneOf({
  shop: ['Decoupled::Producer'],
  orders: ['AWS::SQS::Queue'],
  ship: ['Decoupled::Worker'],
  stock: ['AWS::SQS::Queue'],
}, ['shop orders Send', 'orders ship Poll']);

const places = async (page) => Object.fromEntries((await ask(page, 'scene')).nodes.map(({ id, at }) => [id, at]));
const linkCount = async (page) => (await ask(page, 'scene')).links.length;
const zoomLevel = async (page) => Number.parseInt(await page.getByTestId('zoom-level').textContent(), 10);

/** Drags a card by so many pixels. */
async function move(page, id, dx, dy) {
  const from = await middle(card(page, id));
  await drag(page, from, { x: from.x + dx, y: from.y + dy });
}

/** Draws a frame around the whole cards of these two nodes. */
async function frameAround(page, first, last, { hold } = {}) {
  const [a, b] = [await card(page, first).boundingBox(), await card(page, last).boundingBox()];
  await page.keyboard.down('Shift');
  await drag(page, { x: a.x - 12, y: a.y - 12 }, { x: b.x + b.width + 8, y: b.y + b.height + 8 }, { hold });
  await page.keyboard.up('Shift');
}

test('a card is moved by dragging, on the grid, and undo and redo go there and back', async (t) => {
  const page = await openScene(t, FOUR);
  const { shop: before } = await places(page);
  await move(page, 'shop', 37, 90);
  const { shop: after, orders } = await places(page);
  assert.ok(Math.abs(after[0] - before[0] - 37) <= 4 && Math.abs(after[1] - before[1] - 90) <= 4, `${after}`);
  assert.deepEqual(after.map((length) => length % 4), [0, 0]);
  assert.deepEqual(orders, FOUR.nodes[1].at, 'the others stay');
  await page.getByTestId('undo').click();
  assert.deepEqual((await places(page)).shop, before);
  await page.getByTestId('redo').click();
  assert.deepEqual((await places(page)).shop, after);
  await eventually(() => page.getByTestId('redo').isDisabled(), (off) => off, 'nothing is left to redo');
});

test('undo and redo by key, step by step, back to where it began', async (t) => {
  const page = await openScene(t, FOUR);
  const scenes = [await ask(page, 'scene')];
  await move(page, 'stock', 0, 120);
  scenes.push(await ask(page, 'scene'));
  await page.keyboard.press('Delete');
  scenes.push(await ask(page, 'scene'));
  await page.getByTestId('palette-event-bus').click();
  scenes.push(await ask(page, 'scene'));
  for (const scene of scenes.slice(0, -1).reverse()) {
    await page.keyboard.press('Control+z');
    assert.deepEqual(await ask(page, 'scene'), scene);
  }
  for (const scene of scenes.slice(1)) {
    await page.keyboard.press('Control+Shift+z');
    assert.deepEqual(await ask(page, 'scene'), scene);
  }
});

test('delete takes a node with its links, and undo brings all of it back', async (t) => {
  const page = await openScene(t, FOUR);
  const before = await ask(page, 'scene');
  await choose(page, 'orders');
  await page.keyboard.press('Delete');
  await seesNodes(page, ['shop', 'ship', 'stock']);
  assert.equal(await linkCount(page), 0);
  await page.getByTestId('undo').click();
  assert.deepEqual(await ask(page, 'scene'), before);
  await choose(page, 'orders');
  await page.getByTestId('delete').click();
  await eventually(() => drawnNodes(page), (nodes) => nodes.length === 3, 'and by the button');
});

test('a link is chosen by a click and deleted', async (t) => {
  const page = await openScene(t, FOUR);
  const [from, to] = [await middle(page.getByTestId('port-shop')), await card(page, 'orders').boundingBox()];
  // Links are smooth: halfway between two ports at nearly the same height lies the line.
  await page.mouse.click((from.x + to.x) / 2, (from.y + to.y + to.height / 2) / 2);
  await page.getByRole('heading', { name: 'shop → orders' }).waitFor();
  await page.keyboard.press('Delete');
  assert.deepEqual((await ask(page, 'scene')).links.map(({ id }) => id), ['l2']);
});

test('a frame chooses what it touches, and all of it moves together', async (t) => {
  const page = await openScene(t, FOUR);
  await frameAround(page, 'shop', 'orders', { hold: true });
  await page.getByTestId('marquee').waitFor();
  await page.mouse.up();
  await eventually(() => chosenNodes(page), (chosen) => chosen.join() === 'shop,orders', 'both are chosen');
  await page.getByRole('heading', { name: '2 nodes chosen' }).waitFor();
  const before = await places(page);
  await move(page, 'orders', 0, 280);
  const after = await places(page);
  for (const id of ['shop', 'orders']) {
    assert.deepEqual([after[id][0] - before[id][0], after[id][1] - before[id][1]], [0, 280]);
  }
  assert.deepEqual(after.ship, before.ship);
  // Shift and a click let one go again.
  const { x, y } = await middle(card(page, 'shop'));
  await page.keyboard.down('Shift');
  await page.mouse.click(x, y);
  await page.keyboard.up('Shift');
  await eventually(() => chosenNodes(page), (chosen) => chosen.join() === 'orders', 'one is left');
});

test('copies: by key with the links among them, by the button, by dragging with Alt', async (t) => {
  const page = await openScene(t, FOUR);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+d');
  await eventually(() => drawnNodes(page), (nodes) => nodes.length === 8, 'all are there twice');
  assert.equal(await linkCount(page), 4);
  await page.keyboard.press('Control+z');
  await choose(page, 'orders');
  await page.getByTestId('duplicate').click();
  await eventually(() => drawnNodes(page), (nodes) => nodes.slice(4).join() === 'orders-2', 'the chosen one is there twice');
  await page.keyboard.press('Control+z');
  const before = await places(page);
  await page.keyboard.down('Alt');
  await move(page, 'stock', 0, 200);
  await page.keyboard.up('Alt');
  const after = await places(page);
  assert.deepEqual(after.stock, before.stock, 'the original stays');
  assert.equal(after['stock-2'][1], before.stock[1] + 200);
});

test('arrows nudge what is chosen, with Shift ten times as far, as one step', async (t) => {
  const page = await openScene(t, FOUR);
  await choose(page, 'ship');
  const { ship: [x, y] } = await places(page);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  assert.deepEqual((await places(page)).ship, [x + 4, y + 44]);
  await page.keyboard.press('Control+z');
  assert.deepEqual((await places(page)).ship, [x, y]);
});

test('the canvas is moved by dragging it, by the middle button, and with the space bar from anywhere', async (t) => {
  const page = await openScene(t, FOUR);
  const before = await places(page);
  const moved = async (act) => {
    const from = await middle(card(page, 'shop'));
    await act(from);
    const by = ({ x, y }) => [Math.round(x - from.x), Math.round(y - from.y)].join();
    await eventually(async () => by(await middle(card(page, 'shop'))), (seen) => seen === '50,30', 'all of it moves');
  };
  await moved(({ x, y }) => drag(page, { x, y: y + 300 }, { x: x + 50, y: y + 330 }));
  await moved(({ x, y }) => drag(page, { x, y }, { x: x + 50, y: y + 30 }, { button: 'middle' }));
  await moved(async ({ x, y }) => {
    await page.keyboard.down('Space');
    await drag(page, { x, y }, { x: x + 50, y: y + 30 });
    await page.keyboard.up('Space');
  });
  assert.deepEqual(await places(page), before, 'where cards lie on the canvas has not changed');
  await page.getByRole('button', { name: 'Play (Space)' }).waitFor();
});

test('the wheel zooms around the pointer', async (t) => {
  const page = await openScene(t, FOUR);
  const zoom = await zoomLevel(page);
  const at = await middle(card(page, 'orders'));
  await page.mouse.move(at.x, at.y);
  await page.mouse.wheel(0, 240);
  await eventually(() => zoomLevel(page), (level) => level < zoom * 0.8, 'it shrinks');
  const after = await middle(card(page, 'orders'));
  assert.ok(Math.hypot(after.x - at.x, after.y - at.y) < 2, 'what is under the pointer stays there');
  await page.mouse.wheel(0, -240);
  await eventually(() => zoomLevel(page), (level) => Math.abs(level - zoom) <= 1, 'and back');
});

test('lost in the distance, one press shows everything again', async (t) => {
  const page = await openScene(t, FOUR);
  const canvas = await page.getByTestId('canvas').boundingBox();
  const allSeen = async () => {
    const boxes = await Promise.all(FOUR.nodes.map(({ id }) => card(page, id).boundingBox()));
    return boxes.every((box) => (
      box.x >= canvas.x && box.y >= canvas.y
      && box.x + box.width <= canvas.x + canvas.width && box.y + box.height <= canvas.y + canvas.height
    ));
  };
  for (const press of [() => page.getByTestId('zoom-fit').click(), () => page.keyboard.press('1')]) {
    await page.mouse.move(canvas.x + 40, canvas.y + 40);
    for (let turn = 0; turn < 4; turn++) await page.mouse.wheel(0, -400);
    await eventually(allSeen, (seen) => !seen, 'zoomed in, most of it is out of sight');
    await press();
    await eventually(allSeen, (seen) => seen, 'all of it is in view');
  }
});

test('a press on the small map goes there', async (t) => {
  const page = await openScene(t, FOUR);
  const before = await middle(card(page, 'shop'));
  const map = await page.getByTestId('minimap').boundingBox();
  await page.mouse.click(map.x + 10, map.y + 10);
  await eventually(() => middle(card(page, 'shop')), ({ x }) => x > before.x + 100, 'the view moved left');
});

test('a node is renamed, its links stay; a taken name is refused', async (t) => {
  const page = await openScene(t, FOUR);
  await choose(page, 'orders');
  const name = page.getByTestId('node-name');
  await name.fill('parcels');
  await name.press('Enter');
  assert.deepEqual((await ask(page, 'scene')).links.map(({ from, to }) => `${from} ${to}`), ['shop parcels', 'parcels ship']);
  await name.fill('stock');
  await name.press('Enter');
  await notice(page, 'stock is taken');
  await eventually(() => drawnNodes(page), (nodes) => nodes.includes('parcels'), 'it keeps the name it had');
});

test('keyboard alone: a scene is built, wired, named, played and looked into', async (t) => {
  const page = await openEmpty(t);
  for (const word of ['producer', 'sqs', 'worker']) {
    await pick(page, '/', word);
    await page.locator(`[data-node]:focus`).waitFor();
  }
  await seesNodes(page, ['producer', 'queue', 'worker']);
  const cards = await Promise.all(['producer', 'queue', 'worker'].map((id) => card(page, id).boundingBox()));
  assert.notDeepEqual(cards[0], cards[1], 'they do not lie on top of each other');
  for (const [from, to] of [['producer', 'queue'], ['queue', 'worker']]) {
    await page.getByTestId(`node-${from}`).focus();
    await page.keyboard.press('Enter');
    await pick(page, 'c', to);
    await page.locator(`[data-link][aria-label$=" ${to}"]`).waitFor({ state: 'attached' });
  }
  await page.getByTestId('node-queue').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('F2');
  await page.locator('[data-testid=name-in-place]:focus').waitFor();
  await page.keyboard.type('orders');
  await page.keyboard.press('Enter');
  await page.locator('[data-node=orders]:focus').waitFor();
  await page.keyboard.press('Shift+T');
  await eventually(async () => {
    const [from, to] = await Promise.all(['producer', 'orders'].map((id) => card(page, id).boundingBox()));
    return to.x - from.x - from.width;
  }, (gap) => gap > 20, 'it is laid out from left to right');
  await page.keyboard.press('Space');
  await eventually(() => headline(page, 'worker'), (count) => count > 0, 'it plays');
  await page.keyboard.press('Shift+F10');
  await page.locator('[role=menuitem]:focus').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.getByTestId('inside').waitFor();
  await pick(page, 'Control+k', 'pause');
  await page.getByRole('button', { name: 'Play (Space)' }).waitFor();
});

test('Tab walks from node to node, and the walk chooses', async (t) => {
  const page = await openScene(t, FOUR);
  await page.getByTestId('node-shop').focus();
  const walked = [];
  for (let step = 0; step < 3; step++) {
    await page.keyboard.press('Tab');
    walked.push(...await eventually(() => chosenNodes(page), (chosen) => chosen.length === 1 && !walked.includes(chosen[0]), 'the next one'));
  }
  assert.deepEqual(walked, ['orders', 'ship', 'stock']);
  await page.keyboard.press('Delete');
  await seesNodes(page, ['shop', 'orders', 'ship']);
});

test('Escape leaves one thing at a time', async (t) => {
  const page = await openScene(t, FOUR);
  await choose(page, 'shop');
  await page.keyboard.press('?');
  await page.getByTestId('help-dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('help-dialog').waitFor({ state: 'detached' });
  await eventually(() => chosenNodes(page), (chosen) => chosen.join() === 'shop', 'shop is chosen');
  await page.keyboard.press('Escape');
  await eventually(() => chosenNodes(page), (chosen) => chosen.length === 0, 'nothing is chosen');
  // A drag that is broken off leaves everything where it was.
  const from = await middle(card(page, 'shop'));
  await drag(page, from, { x: from.x + 80, y: from.y + 80 }, { hold: true });
  await page.keyboard.press('Escape');
  await page.mouse.up();
  assert.deepEqual(await places(page), Object.fromEntries(FOUR.nodes.map(({ id, at }) => [id, at])));
});

test('the panels fold away and come back', async (t) => {
  const page = await openPage(t);
  for (const panel of ['palette', 'drawer', 'inspector']) {
    const fold = page.getByTestId(`fold-${panel}`);
    const before = await page.getByTestId('canvas').boundingBox();
    await fold.click();
    await page.getByTestId(panel).waitFor({ state: 'hidden' });
    await eventually(
      () => page.getByTestId('canvas').boundingBox(),
      (box) => box.width * box.height > before.width * before.height,
      'the canvas takes the room',
    );
    await fold.click();
    await page.getByTestId(panel).waitFor();
  }
});

test('while a line is drawn nothing lies over what is said of it, or over the cards it may reach', async (t) => {
  const page = await openScene(t, sceneOf({
    shop: ['Decoupled::Producer'], orders: ['AWS::SQS::Queue'], ship: ['Decoupled::Worker'], other: ['Decoupled::Producer'],
  }, ['shop orders Send', 'orders ship Poll']));
  const peek = page.getByTestId('peek');
  const resting = await middle(card(page, 'orders'));
  await page.mouse.move(resting.x, resting.y);
  await peek.waitFor();
  await draw(page, 'shop', 'other', { hold: true });
  await page.getByTestId('refusal').waitFor();
  // Longer than a pointer has to rest for the numbers.
  await page.waitForTimeout(800);
  assert.equal(await peek.count(), 0);
  await page.mouse.move(resting.x, resting.y, { steps: 3 });
  await page.waitForTimeout(800);
  assert.equal(await peek.count(), 0, 'nor over the next card');
  await page.keyboard.press('Escape');
  await page.mouse.up();
  await page.mouse.move(resting.x + 4, resting.y + 200);
  await page.mouse.move(resting.x + 4, resting.y, { steps: 3 });
  await peek.waitFor();
});
