// Time runs both ways: the timeline is dragged, a fact is taken back, and whoever acts in the past makes another future.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { screenshot } from './harness.mjs';
import { ask, choose, clock, eventually, openScene, sceneOf, set } from './hands.mjs';

const SHOP = sceneOf({
  shop: ['Decoupled::Producer', { Rate: '5/s' }],
  orders: ['AWS::SQS::Queue'],
  ship: ['Decoupled::Worker'],
}, ['shop orders Send', 'orders ship Poll']);

const totalOf = async (page) => (await ask(page, 'trace')).length;

/** The digest of a run that never went back. */
async function straight(page, at) {
  await ask(page, 'restart');
  await ask(page, 'runUntil', at);
  return ask(page, 'digest');
}

/** A point of the timeline, by the part of it that lies to the left. */
async function pointOf(page, part) {
  const box = await page.getByTestId('timeline').boundingBox();
  return { x: box.x + part * box.width, y: box.y + box.height / 2 };
}

test('the timeline is dragged back and forth, and each moment is the moment it was', async (t) => {
  const page = await openScene(t, SHOP);
  await ask(page, 'runUntil', '20s');
  const end = await ask(page, 'digest');
  const [from, to] = [await pointOf(page, 0.6), await pointOf(page, 0.2)];
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 8 });
  const { digest, now } = { digest: await ask(page, 'digest'), now: await ask(page, 'now') };
  assert.ok(now > 5_000 && now < 7_000, `a fifth of the 30 seconds shown is 6 s, not ${now} ms`);
  await eventually(() => clock(page), (seconds) => Math.abs(seconds - now / 1000) < 0.01, 'the clock shows it');
  await screenshot(page, 'time-back');
  await page.mouse.move((await pointOf(page, 1)).x, to.y, { steps: 8 });
  await page.mouse.up();
  assert.equal(await ask(page, 'now'), 20_000, 'no further than it had come');
  assert.equal(await ask(page, 'digest'), end);
  assert.equal(await straight(page, `${now}ms`), digest, 'what was seen on the way is what was there');
});

test('playing on from the past is the same run; who let go of a playing run finds it playing', async (t) => {
  const page = await openScene(t, SHOP);
  await ask(page, 'runUntil', '20s');
  await ask(page, 'play');
  const { x, y } = await pointOf(page, 0.1);
  await page.mouse.click(x, y);
  await page.getByRole('button', { name: 'Pause (Space)' }).waitFor();
  await eventually(() => ask(page, 'now'), (now) => now > 4_000 && now < 20_000, 'it goes on from there');
  await ask(page, 'runUntil', '25s');
  assert.equal(await ask(page, 'digest'), await straight(page, '25s'));
});

test('a fact is taken back, by button and by key, until nothing is left', async (t) => {
  const page = await openScene(t, SHOP);
  for (let step = 0; step < 6; step += 1) await page.getByTestId('step').click();
  const seen = [await ask(page, 'digest')];
  for (let step = 0; step < 2; step += 1) {
    await page.getByTestId('step').click();
    seen.push(await ask(page, 'digest'));
  }
  await page.getByTestId('step-back').click();
  assert.equal(await ask(page, 'digest'), seen[1]);
  await page.keyboard.press(',');
  assert.equal(await ask(page, 'digest'), seen[0]);
  await page.keyboard.press('.');
  assert.equal(await ask(page, 'digest'), seen[1]);
  for (let step = 0; step < 12; step += 1) await page.keyboard.press(',');
  assert.equal(await totalOf(page), 0);
});

test('an edit in the past makes another future, and the strip forgets the old one', async (t) => {
  const page = await openScene(t, SHOP);
  await ask(page, 'runUntil', '20s');
  const before = await ask(page, 'digest');
  await ask(page, 'seek', '5s');
  await set(page, 'shop', 'Rate', '50/s');
  await ask(page, 'runUntil', '20s');
  const after = await ask(page, 'digest');
  assert.notEqual(after, before);
  // Undo brings the old rate back, from where time stands now: what was edited at 5 s stays history.
  await ask(page, 'seek', '4s');
  await page.getByTestId('undo').click();
  await ask(page, 'runUntil', '20s');
  assert.equal(await ask(page, 'digest'), before, 'undone before it was made, all is as it was');
});

test('to choose and to move a card in the past changes nothing of what comes', async (t) => {
  const page = await openScene(t, SHOP);
  await ask(page, 'runUntil', '10s');
  const end = await ask(page, 'digest');
  await ask(page, 'seek', '3s');
  await choose(page, 'orders');
  await page.keyboard.press('ArrowDown');
  await ask(page, 'seek', '10s');
  assert.equal(await ask(page, 'digest'), end);
});

test('by keyboard: the timeline is a slider', async (t) => {
  const page = await openScene(t, SHOP);
  await ask(page, 'runUntil', '10s');
  const slider = page.getByRole('slider', { name: 'Virtual time' });
  await slider.focus();
  await page.keyboard.press('ArrowLeft');
  await eventually(() => slider.getAttribute('aria-valuenow'), (now) => Number(now) < 10_000 && Number(now) > 9_000, 'a little back');
  await page.keyboard.press('Home');
  await eventually(() => slider.getAttribute('aria-valuetext'), (text) => /^00:00/.test(text), 'the start');
  await page.keyboard.press('End');
  assert.equal(await ask(page, 'now'), 10_000);
  assert.deepEqual((await ask(page, 'scene')).nodes.map(({ at }) => at), SHOP.nodes.map(({ at }) => at), 'no card was nudged');
});

test('the script interface seeks and steps back, and refuses what is no time', async (t) => {
  const page = await openScene(t, SHOP);
  await ask(page, 'seek', '8s');
  assert.equal(await ask(page, 'now'), 8_000, 'beyond what was reached it is played');
  const total = await totalOf(page);
  await ask(page, 'stepBack');
  assert.ok(await totalOf(page) < total);
  await assert.rejects(ask(page, 'seek', 'soon'), /soon/);
});

test('on to the next thing that matters, and to a breakpoint', async (t) => {
  const page = await openScene(t, sceneOf({
    shop: ['Decoupled::Producer', { Rate: '2/s' }],
    orders: ['AWS::SQS::Queue', { VisibilityTimeout: 5, RedrivePolicy: { deadLetterTargetArn: 'failed', maxReceiveCount: 2 } }],
    failed: ['AWS::SQS::Queue'],
    ship: ['Decoupled::Worker', { FailureRate: 1, ProcessingTime: '100ms' }],
  }, ['shop orders Send', 'orders ship Poll']));
  await page.keyboard.press('n');
  await page.getByTestId('notice').filter({ hasText: 'ship: ProcessingFailed' }).waitFor();
  const failed = await ask(page, 'now');
  await page.getByTestId('next').click();
  await eventually(() => ask(page, 'now'), (now) => now > failed, 'it goes on');
  await choose(page, 'failed');
  await page.getByTestId('breakpoint').click();
  await page.getByRole('button', { name: 'Pause here', pressed: true }).waitFor();
  await ask(page, 'play');
  await page.getByTestId('notice').filter({ hasText: 'Paused at failed:' }).waitFor();
  await page.getByRole('button', { name: 'Play (Space)' }).waitFor();
  const said = () => page.getByTestId('timeline').getAttribute('aria-valuetext');
  const stopped = await eventually(said, (text) => text.endsWith(', stopped by a breakpoint'), 'the timeline keeps it');
  const at = await ask(page, 'now');
  await ask(page, 'seek', '1s');
  await eventually(said, (text) => !text.includes('stopped'), 'not before');
  await ask(page, 'seek', `${at}ms`);
  await eventually(said, (text) => text === stopped, 'and there again');
  await page.getByTestId('tab-trace').click();
  await screenshot(page, 'breakpoint');
  await page.getByTestId('breakpoint-chip').click();
  await eventually(() => page.getByTestId('breakpoint-chip').count(), (count) => count === 0, 'it is taken away');
});
