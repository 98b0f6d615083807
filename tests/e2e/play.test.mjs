// Hands on time: play, pause, speed, one fact, restart, and the clock that shows it.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { openPage } from './harness.mjs';
import { ask, clock, eventually, factCount, frames, openScene, sceneOf } from './hands.mjs';

const SHOP = sceneOf({
  shop: ['Decoupled::Producer', { Rate: '5/s', Arrivals: 'Poisson' }],
  orders: ['AWS::SQS::Queue'],
  ship: ['Decoupled::Worker', { ProcessingTime: { exponential: '300ms' }, FailureRate: 0.2 }],
}, ['shop orders Send', 'orders ship Poll']);

const play = (page) => page.getByRole('button', { name: 'Play (Space)' });
const pause = (page) => page.getByRole('button', { name: 'Pause (Space)' });

/** Virtual seconds a real second, as seen over so many frames. */
const pace = (page) => page.evaluate(async () => {
  const read = async () => [performance.now(), await window.decoupled.now()];
  const [from, virtualFrom] = await read();
  for (let left = 20; left > 0; left--) await new Promise(requestAnimationFrame);
  const [to, virtualTo] = await read();
  return (virtualTo - virtualFrom) / (to - from);
});

test('a first visit is moving already', async (t) => {
  const page = await openPage(t);
  await pause(page).waitFor();
  await eventually(() => clock(page), (seconds) => seconds > 0.5, 'the clock goes');
  await eventually(() => factCount(page), (facts) => facts > 0, 'something happens');
});

test('pause stops the clock, play goes on from there', async (t) => {
  const page = await openScene(t, SHOP);
  await play(page).click();
  await eventually(() => clock(page), (seconds) => seconds > 1, 'the clock goes');
  await pause(page).click();
  await frames(page, 2);
  const [at, facts, digest] = [await ask(page, 'now'), await factCount(page), await ask(page, 'digest')];
  const shown = await page.getByTestId('clock').textContent();
  await frames(page, 30);
  assert.equal(await page.getByTestId('clock').textContent(), shown, 'the clock stands');
  assert.equal(await ask(page, 'now'), at);
  assert.equal(await ask(page, 'digest'), digest, 'and nothing happens');
  await play(page).click();
  await eventually(() => clock(page), (seconds) => seconds > at / 1000 + 0.5, 'it goes on');
  assert.ok(await factCount(page) > facts, 'nothing was begun anew');
});

test('the space bar plays and pauses', async (t) => {
  const page = await openScene(t, SHOP);
  await page.getByTestId('canvas').click({ position: { x: 20, y: 300 } });
  await page.keyboard.press('Space');
  await pause(page).waitFor();
  await page.keyboard.press('Space');
  await play(page).waitFor();
});

test('the speed goes from a tenth to a thousandfold', async (t) => {
  const page = await openScene(t, SHOP);
  const speed = page.getByTestId('speed');
  const offered = await speed.locator('option').evaluateAll((options) => options.map(({ value }) => Number(value)));
  assert.deepEqual([Math.min(...offered), Math.max(...offered)], [0.1, 1000]);
  await play(page).click();
  const paces = {};
  for (const wanted of ['0.1', '1', '10', '100']) {
    await speed.selectOption(wanted);
    paces[wanted] = await pace(page);
  }
  t.diagnostic(JSON.stringify(paces));
  // Wide margins: a frame may be late on a busy machine, but never by so much.
  for (const [wanted, seen] of Object.entries(paces)) {
    assert.ok(seen > wanted * 0.3 && seen < wanted * 1.7, `at ${wanted}× time went at ${seen}×`);
  }
});

test('one step is one fact, and pauses', async (t) => {
  const page = await openScene(t, SHOP);
  await play(page).click();
  await eventually(() => clock(page), (seconds) => seconds > 1, 'the clock goes');
  await page.getByTestId('step').click();
  await play(page).waitFor();
  const { facts } = await ask(page, 'report');
  for (const further of [1, 2, 3]) {
    const before = await ask(page, 'now');
    await page.getByTestId('step').click();
    await eventually(() => factCount(page), (count) => count === facts + further, 'one more');
    assert.ok(await ask(page, 'now') >= before, 'time never goes back');
  }
  const newest = page.getByTestId('trace-row').first().locator('.trace-clock');
  await eventually(
    async () => [await newest.textContent(), await page.getByTestId('clock').textContent()],
    ([fact, shown]) => fact <= shown,
    'the clock stands at the fact',
  );
});

test('back to the start, and the same seed gives the same run', async (t) => {
  const page = await openScene(t, SHOP);
  await ask(page, 'runUntil', '12s');
  const [digest, report] = [await ask(page, 'digest'), await ask(page, 'report')];
  assert.ok(report.facts > 20);
  await page.getByTestId('restart').click();
  await eventually(() => clock(page), (seconds) => seconds === 0, 'the clock is at 0');
  await eventually(() => factCount(page), (facts) => facts < report.facts, 'and the facts are gone');
  // On another way there: by playing, with all the small steps that frames cut it into.
  await page.getByTestId('speed').selectOption('5');
  await play(page).click();
  await eventually(() => clock(page), (seconds) => seconds > 3, 'it plays');
  await ask(page, 'runUntil', '12s');
  assert.equal(await ask(page, 'digest'), digest);
  assert.deepEqual(await ask(page, 'report'), report);
});

test('another seed gives another run', async (t) => {
  const page = await openScene(t, SHOP);
  await ask(page, 'runUntil', '12s');
  const digest = await ask(page, 'digest');
  const seed = page.locator('#seed');
  await seed.fill('8');
  await seed.press('Enter');
  await eventually(() => ask(page, 'now'), (now) => now === 0, 'it begins anew');
  await ask(page, 'runUntil', '12s');
  assert.notEqual(await ask(page, 'digest'), digest);
  await page.getByTestId('undo').click();
  await ask(page, 'runUntil', '12s');
  assert.equal(await ask(page, 'digest'), digest, 'undo brings the first one back');
});

test('the network is chosen, and hops take as long as it says', async (t) => {
  const page = await openScene(t, SHOP);
  // Times of the first message's arrival, by its fact in the report: a hop of 500 ms or none.
  const sentBy = async (until) => {
    await page.getByTestId('restart').click();
    await ask(page, 'runUntil', until);
    return (await ask(page, 'report')).messages.travelling;
  };
  assert.ok(await sentBy('5s') > 0, 'messages are on their way');
  await page.locator('#network').selectOption('instant');
  assert.equal((await ask(page, 'scene')).network, 'instant');
  assert.equal(await sentBy('5s'), 0, 'none ever is');
});

test('who asked for less motion finds it standing still', async (t) => {
  const page = await openPage(t, { reducedMotion: true });
  await play(page).waitFor();
  await frames(page, 20);
  assert.equal(await clock(page), 0);
  await play(page).click();
  await eventually(() => clock(page), (seconds) => seconds > 0.3, 'it plays when asked');
});
