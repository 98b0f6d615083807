// What lies on the canvas beside services: notes, frames, groups, locks; and how hands move things.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { accessibilityFindings, openPage, screenshot } from './harness.mjs';
import {
  ask, card, choose, chosenNodes, drag, eventually, gallery, middle, openEmpty, openScene, place, sceneOf,
} from './hands.mjs';

const node = async (page, id) => (await ask(page, 'scene')).nodes.find((found) => found.id === id);
const members = async (page, id) => (await node(page, id)).properties.Members ?? [];

/** Where a frame can be taken: its name. */
const grip = async (page, id) => {
  const box = await page.getByTestId(`node-${id}`).locator('.frame-line').boundingBox();
  return { x: box.x + 30, y: box.y + 18 };
};

async function move(page, from, dx, dy, options) {
  await drag(page, from, { x: from.x + dx, y: from.y + dy }, options);
}

const IN_A_ZONE = () => {
  const scene = sceneOf({
    shop: ['Decoupled::Producer'],
    orders: ['AWS::SQS::Queue'],
    ship: ['Decoupled::Worker'],
    zone: ['Decoupled::Boundary', { Members: ['ship'], Width: 280, Height: 200 }],
  }, ['shop orders Send', 'orders ship Poll']);
  scene.nodes[2].at = [720, 120];
  scene.nodes[3].at = [672, 60];
  return scene;
};

test('a note is written on the canvas, and its Markdown is drawn as text', async (t) => {
  const page = await openEmpty(t);
  const id = await place(page, 'note', 400, 200);
  const { x, y } = await middle(card(page, id));
  await page.mouse.dblclick(x, y);
  const field = page.getByTestId('note-text');
  await field.fill('# Orders\n\nEach is **one** message, `id` and [all](https://example.com).\n\n- <img src=x onerror=alert(1)>\n- two');
  await page.keyboard.press('Escape');
  await field.waitFor({ state: 'detached' });
  const note = page.getByTestId(`node-${id}`);
  assert.equal(await note.locator('.heading').textContent(), 'Orders');
  assert.equal((await note.locator('.strong').first().textContent()).trim(), 'one');
  assert.equal(await note.locator('a').getAttribute('rel'), 'noopener noreferrer');
  assert.equal(await note.locator('img').count(), 0);
  assert.match(await note.textContent(), /<img src=x/);
  await page.keyboard.press('Control+z');
  await eventually(() => node(page, id), (found) => !found.properties.Text, 'writing is one step');
});

test('who is dragged into a frame joins it, a frame carries its members, and folded it is a card', async (t) => {
  const page = await openScene(t, IN_A_ZONE());
  await move(page, await middle(card(page, 'orders')), 370, 100);
  await eventually(() => members(page, 'zone'), (found) => found.join() === 'ship,orders', 'the queue has joined');
  await page.keyboard.press('Control+z');
  await eventually(() => members(page, 'zone'), (found) => found.join() === 'ship', 'one step');
  const [before, ship] = [await node(page, 'zone'), await node(page, 'ship')];
  await move(page, await grip(page, 'zone'), 0, 120);
  const [after, moved] = [await node(page, 'zone'), await node(page, 'ship')];
  assert.notEqual(after.at[1], before.at[1]);
  assert.equal(moved.at[1] - ship.at[1], after.at[1] - before.at[1]);
  const box = await page.getByTestId('node-zone').locator('.frame-line').boundingBox();
  await page.mouse.click(box.x + 20, box.y + box.height - 30);
  await eventually(() => chosenNodes(page), (chosen) => chosen.length === 0, 'inside it is canvas');
  const held = await grip(page, 'zone');
  await page.mouse.click(held.x, held.y);
  await eventually(() => chosenNodes(page), (chosen) => chosen.join() === 'zone', 'its name takes it');
  await move(page, await middle(page.getByTestId('handle-w')), -60, 0);
  await eventually(() => node(page, 'zone'), (found) => found.properties.Width > 300, 'a handle resizes it');
  await page.getByTestId('field-Collapsed').click();
  await eventually(() => page.getByTestId('node-ship').count(), (count) => count === 0, 'members are hidden');
  assert.match(await page.getByTestId('node-zone').textContent(), /1 member/);
  assert.equal(await page.locator('[data-link]').count(), 2, 'the line ends at the card');
  // Behind the card lies the edge of another: what is folded.
  const { x, y } = await middle(card(page, 'zone').last());
  await page.mouse.dblclick(x, y);
  await page.getByTestId('node-ship').waitFor();
  assert.deepEqual(await accessibilityFindings(page, '[data-testid="canvas"]'), []);
});

test('a group moves as one, and what is locked does not', async (t) => {
  const page = await openScene(t, IN_A_ZONE());
  await choose(page, 'shop');
  const orders = await middle(card(page, 'orders'));
  await page.keyboard.down('Shift');
  await page.mouse.click(orders.x, orders.y);
  await page.keyboard.up('Shift');
  await page.keyboard.press('Control+g');
  await eventually(() => chosenNodes(page), (chosen) => chosen.join() === 'group', 'a group is made');
  const shop = await node(page, 'shop');
  await page.keyboard.press('Escape');
  await move(page, await middle(card(page, 'orders')), 0, 200);
  await eventually(() => node(page, 'shop'), (found) => found.at[1] > shop.at[1] + 150, 'the other member follows');
  await page.keyboard.press('Control+Shift+g');
  await choose(page, 'shop');
  await page.keyboard.press('Control+Shift+l');
  await page.getByTestId('node-shop').locator('.lock-mark').waitFor();
  const locked = await node(page, 'shop');
  assert.equal(locked.locked, true);
  await move(page, await middle(card(page, 'shop')), 100, 100);
  await page.keyboard.press('Delete');
  assert.deepEqual((await node(page, 'shop')).at, locked.at);
});

test('guides show what is in line, and the end of a line goes to another node', async (t) => {
  const scene = sceneOf({
    shop: ['Decoupled::Producer'], orders: ['AWS::SQS::Queue'], stock: ['AWS::SQS::Queue'],
  }, ['shop orders Send']);
  scene.nodes[1].at = [420, 60];
  scene.nodes[2].at = [431, 300];
  const page = await openScene(t, scene);
  await move(page, await middle(card(page, 'stock')), -9, 40, { hold: true });
  await page.getByTestId('guide').first().waitFor({ state: 'attached' });
  await screenshot(page, 'guides');
  await page.mouse.up();
  assert.equal((await node(page, 'stock')).at[0], 420);
  await page.getByTestId('link-l1').locator('.link-line').waitFor({ state: 'attached' });
  const shop = await card(page, 'shop').boundingBox();
  const orders = await card(page, 'orders').boundingBox();
  await page.mouse.click((shop.x + shop.width + orders.x) / 2, (shop.y + shop.height / 2 + orders.y + orders.height / 2) / 2);
  await drag(page, await middle(page.getByTestId('end-to')), await middle(card(page, 'stock')));
  await page.locator('[data-link="l1"][aria-label$=" stock"]').waitFor({ state: 'attached' });
});

test('the scene of two Zones looks as it should', { skip: !process.env.DECOUPLED_SHOTS }, async (t) => {
  for (const theme of ['light', 'dark']) {
    for (const [width, height] of [[1440, 900], [1024, 768], [390, 844]]) {
      const page = await openPage(t, { theme, viewport: { width, height } });
      await ask(page, 'load', gallery.find(({ id }) => id === 'availability-zones').scene);
      await page.keyboard.press('1');
      await ask(page, 'runUntil', '15s');
      await page.waitForTimeout(2500);
      await screenshot(page, `zones-${theme}-${width}`);
    }
  }
});
