// Keeping work: save to a file, open a file, find it again after a reload. What cannot be opened changes nothing.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { screenshot } from './harness.mjs';
import {
  ask, carry, choose, drawnNodes, eventually, gallery, notice, openFile, openScene, runNatively, sceneOf, seesNodes,
  set, temporary,
} from './hands.mjs';

const SHOP = sceneOf({
  shop: ['Decoupled::Producer', { Rate: '2/s', Arrivals: 'Poisson' }],
  orders: ['AWS::SQS::Queue'],
  ship: ['Decoupled::Worker'],
}, ['shop orders Send', 'orders ship Poll']);

const SMALL = JSON.stringify(sceneOf({ alone: ['AWS::SQS::Queue'] }, [], { name: 'Small' }));

const kept = (page) => page.evaluate(() => localStorage.getItem('decoupled.scene'));

/** Drops a file on the canvas, as from the desktop. */
const dropFile = (page, name, text) => page.evaluate(([fileName, content]) => {
  const carried = new DataTransfer();
  carried.items.add(new File([content], fileName, { type: 'application/json' }));
  const canvas = document.querySelector('#canvas');
  for (const type of ['dragover', 'drop']) {
    const event = new DragEvent(type, { dataTransfer: carried, bubbles: true, cancelable: true });
    canvas.dispatchEvent(event);
    if (!event.defaultPrevented) throw new Error('the browser would leave the page to show the file');
  }
}, [name, text]);

for (const [how, act] of [
  ['the button', (page) => page.getByTestId('save').click()],
  ['the key', (page) => page.keyboard.press('Control+s')],
]) {
  test(`save by ${how} gives a file that the runner plays to the same digest`, async (t) => {
    const page = await openScene(t, { ...SHOP, name: 'Käse & Brot' });
    await carry(page, 'event-bus', 300, 450);
    await set(page, 'orders', 'VisibilityTimeout', '7');
    const [download] = await Promise.all([page.waitForEvent('download'), act(page)]);
    assert.equal(download.suggestedFilename(), 'käse-brot.scene.json');
    const file = temporary(t, 'saved.scene.json', readFileSync(await download.path()));
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), await ask(page, 'scene'));
    await page.getByTestId('restart').click();
    await ask(page, 'runUntil', '15s');
    const native = await runNatively(file, '15s');
    assert.ok(native.facts > 20);
    assert.deepEqual([native.digest, native.problems], [await ask(page, 'digest'), []]);
  });
}

test('what was saved opens again as it was', async (t) => {
  const page = await openScene(t, gallery.find(({ id }) => id === 'content-routing').scene);
  const scene = await ask(page, 'scene');
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('save').click()]);
  await page.getByTestId('new').click();
  await page.getByTestId('empty').waitFor();
  await openFile(page, await download.path());
  await eventually(() => drawnNodes(page), (nodes) => nodes.length === scene.nodes.length, 'all is there');
  assert.deepEqual(await ask(page, 'scene'), scene);
  await page.getByTestId('undo').click();
  await seesNodes(page, [], 'opening is one step');
});

test('a file dropped on the canvas opens', async (t) => {
  const page = await openScene(t, SHOP);
  await dropFile(page, 'small.scene.json', SMALL);
  await eventually(() => drawnNodes(page), (nodes) => nodes.join() === 'alone', 'it is open');
  assert.equal(await page.getByTestId('scene-name').inputValue(), 'Small');
  assert.equal(await ask(page, 'now'), 0, 'from the start');
});

test('a scene pasted as text opens', async (t) => {
  const page = await openScene(t, SHOP);
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, SMALL);
  await eventually(() => drawnNodes(page), (nodes) => nodes.join() === 'alone', 'it is open');
});

test('after a reload the work is there again', async (t) => {
  const page = await openScene(t, SHOP);
  await carry(page, 'sns-topic', 300, 450);
  await set(page, 'shop', 'Rate', '3/s');
  const name = page.getByTestId('scene-name');
  await name.fill('My shop');
  await name.press('Enter');
  const scene = await ask(page, 'scene');
  await eventually(() => kept(page), (text) => text?.includes('My shop'), 'it is kept without being asked');
  await page.reload();
  await page.getByTestId('node-topic').waitFor();
  assert.deepEqual(await ask(page, 'scene'), scene);
  assert.equal(await name.inputValue(), 'My shop');
});

// A person who drags something in and closes the tab at once.
test('a change made just before the reload is not lost', async (t) => {
  const page = await openScene(t, SHOP);
  await carry(page, 'sns-topic', 300, 450);
  await page.getByTestId('node-topic').waitFor();
  await page.reload();
  await eventually(() => drawnNodes(page), (nodes) => nodes.length > 0, 'it has drawn');
  await seesNodes(page, ['shop', 'orders', 'ship', 'topic']);
});

test('the theme is remembered too', async (t) => {
  const page = await openScene(t, SHOP, { theme: 'light' });
  const theme = page.getByTestId('theme');
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await theme.click();
  await theme.click();
  await page.locator('html[data-theme="dark"]').waitFor();
  await eventually(background, (colour) => colour !== light, 'it is dark');
  await page.reload();
  await page.locator('html[data-theme="dark"]').waitFor();
});

test('what is no scene opens nothing and says what is wrong; the scene at hand stays', async (t) => {
  const page = await openScene(t, SHOP);
  await set(page, 'shop', 'Rate', '9/s');
  await ask(page, 'runUntil', '3s');
  const [scene, digest] = [await ask(page, 'scene'), await ask(page, 'digest')];
  for (const [name, text, sentence] of [
    ['broken.json', '{ "version": 1,\n  "nodes": [ { "id": "a", ] }', /broken\.json was not opened.*not JSON.*line 2/],
    ['stack.json', '{ "Resources": {} }', /stack\.json was not opened.*neither "version" nor "nodes"/],
    ['list.json', '[1, 2, 3]', /list\.json was not opened.*a scene is a JSON object/],
    ['empty.json', '', /empty\.json was not opened.*not JSON/],
    ['future.json', '{ "version": 99, "nodes": [] }', /future\.json was not opened at version.*99 is unknown.*reads version 1/],
    ['deep.json', '['.repeat(100_000), /deep\.json was not opened.*nested too deep/],
  ]) {
    await openFile(page, { name, text });
    await notice(page, sentence);
    assert.deepEqual(await ask(page, 'scene'), scene);
    assert.equal(await ask(page, 'digest'), digest, 'and its run is where it was');
  }
  await screenshot(page, 'keep-broken');
  await choose(page, 'orders');
  await page.getByTestId('undo').click();
  assert.equal((await ask(page, 'scene')).nodes[0].properties.Rate, '2/s', 'and so is its history');
});
