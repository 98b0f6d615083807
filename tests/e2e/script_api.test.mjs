// What a script of the page can ask for: `window.decoupled`, as src/app/INTERFACE.md lists it.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { openPage } from './harness.mjs';
import {
  ask, clock, eventually, frames, gallery, openScene, runNatively, sceneOf, seesNodes, temporary, traceNatively,
} from './hands.mjs';

const SHOP = sceneOf({
  shop: ['Decoupled::Producer', { Rate: '5/s', Arrivals: 'Poisson' }],
  orders: ['AWS::SQS::Queue'],
  ship: ['Decoupled::Worker'],
}, ['shop orders Send', 'orders ship Poll']);

/** What a call is refused with. */
const refusal = (page, method, argument) => page.evaluate(([name, value]) => (
  window.decoupled[name](value).then(() => 'no refusal', (error) => error.message)
), [method, argument]);

test('every method answers with a promise', async (t) => {
  const page = await openPage(t);
  const kinds = await page.evaluate(() => {
    const { decoupled } = window;
    const names = ['scene', 'pause', 'step', 'play', 'restart', 'report', 'digest', 'now'];
    return names.filter((name) => !(decoupled[name]() instanceof Promise));
  });
  assert.deepEqual(kinds, []);
});

test('load takes a text or an object, and scene gives it back', async (t) => {
  const page = await openPage(t);
  for (const given of [SHOP, JSON.stringify(SHOP)]) {
    await ask(page, 'load', given);
    await seesNodes(page, ['shop', 'orders', 'ship']);
    const scene = await ask(page, 'scene');
    assert.deepEqual(
      [scene.version, scene.name, scene.seed, scene.network, scene.nodes, scene.links.map(({ from, to, type }) => `${from} ${to} ${type}`)],
      [1, 'Test', 7, 'teaching', SHOP.nodes, ['shop orders Send', 'orders ship Poll']],
    );
    await page.getByTestId('undo').click();
  }
});

test('what scene gives, load takes back to the same run', async (t) => {
  const page = await openPage(t);
  for (const { id, scene } of gallery.slice(0, 3)) {
    await ask(page, 'load', scene);
    await ask(page, 'runUntil', '8s');
    const digest = await ask(page, 'digest');
    await ask(page, 'load', await ask(page, 'scene'));
    assert.equal(await ask(page, 'now'), 0);
    await ask(page, 'runUntil', '8s');
    assert.equal(await ask(page, 'digest'), digest, id);
  }
});

test('load refuses what is no scene, with place and reason, and keeps what is there', async (t) => {
  const page = await openScene(t, SHOP);
  for (const [given, words] of [
    ['{"version":1,', /not JSON.*line 1/], ['[]', /not a scene/], [{ version: 7, nodes: [] }, /^version: version 7 is unknown/],
    [{ version: 1, nodes: [{ id: 'x', type: 'AWS::EC2::Instance' }] }, /nodes\[0\]\.type: AWS::EC2::Instance is not a type of node/],
  ]) {
    assert.match(await refusal(page, 'load', given), words);
    await seesNodes(page, ['shop', 'orders', 'ship']);
  }
});

test('a refusal is an error with a list of problems, each with its place', async (t) => {
  const page = await openScene(t, SHOP);
  const problems = await page.evaluate(() => window.decoupled.load({ version: 7, nodes: [] }).catch((error) => (
    error instanceof Error && error.problems
  )));
  assert.deepEqual(problems.map(({ place }) => place), ['version']);
  assert.match(problems[0].message, /version 7 is unknown/);
});

test('a text of 100 MB is refused, and the page lives on', async (t) => {
  const page = await openScene(t, SHOP);
  const said = await page.evaluate(() => window.decoupled.load('x'.repeat(100 * 1024 * 1024)).then(() => 'no refusal', String));
  assert.match(said, /100 MB; a scene may have 8 MB/);
  await ask(page, 'play');
  await eventually(() => clock(page), (seconds) => seconds > 0.3, 'it plays');
});

test('a scene with problems opens, and the report names them', async (t) => {
  const page = await openScene(t, SHOP);
  await ask(page, 'load', { ...SHOP, nodes: [...SHOP.nodes, { id: 'odd', type: 'AWS::EC2::Instance' }] });
  const { problems } = await ask(page, 'report');
  assert.equal(problems.length, 1);
  assert.equal(problems[0].place, 'nodes[3].type');
});

test('play, pause and now', async (t) => {
  const page = await openScene(t, SHOP);
  assert.equal(await ask(page, 'now'), 0);
  await ask(page, 'play');
  await page.getByRole('button', { name: 'Pause (Space)' }).waitFor();
  const later = await eventually(() => ask(page, 'now'), (now) => now > 300, 'time goes, in milliseconds');
  await ask(page, 'pause');
  const stands = await ask(page, 'now');
  assert.ok(stands >= later);
  await frames(page, 10);
  assert.equal(await ask(page, 'now'), stands);
});

test('step is one fact, restart is time 0', async (t) => {
  const page = await openScene(t, SHOP);
  await ask(page, 'runUntil', '4s');
  const { facts } = await ask(page, 'report');
  await ask(page, 'step');
  assert.equal((await ask(page, 'report')).facts, facts + 1);
  await ask(page, 'restart');
  assert.equal(await ask(page, 'now'), 0);
  // What the parts say as they begin, before any time has passed, is a fact already.
  assert.ok((await ask(page, 'report')).facts < facts);
});

test('runUntil gets there at once and pauses; cut in pieces it is the same run, and the runner’s', async (t) => {
  const page = await openScene(t, SHOP);
  await ask(page, 'play');
  await ask(page, 'restart');
  await ask(page, 'runUntil', '40s');
  await page.getByRole('button', { name: 'Play (Space)' }).waitFor();
  assert.equal(await ask(page, 'now'), 40_000);
  await eventually(() => clock(page), (seconds) => seconds === 40, 'the clock shows it');
  const [digest, report] = [await ask(page, 'digest'), await ask(page, 'report')];
  assert.equal(report.until, 40_000_000);
  assert.equal(report.digest, digest);
  await ask(page, 'restart');
  for (const until of ['1s', '1500ms', '7s', '39.999s', '40s']) await ask(page, 'runUntil', until);
  assert.equal(await ask(page, 'digest'), digest);
  assert.deepEqual(await ask(page, 'report'), report);
  assert.deepEqual(await runNatively(temporary(t, 'shop.scene.json', JSON.stringify(SHOP)), '40s'), report);
});

test('runUntil refuses what is no time, and never goes back', async (t) => {
  const page = await openScene(t, SHOP);
  await ask(page, 'runUntil', '5s');
  const digest = await ask(page, 'digest');
  assert.match(await refusal(page, 'runUntil', 'soon'), /"soon" is not a duration/);
  assert.match(await refusal(page, 'runUntil', 5), /needs a time such as "40s"/);
  assert.match(await refusal(page, 'runUntil'), /needs a time/);
  await ask(page, 'runUntil', '2s');
  assert.deepEqual([await ask(page, 'now'), await ask(page, 'digest')], [5_000, digest]);
});

test('the report says where every copy of a message is', async (t) => {
  const page = await openScene(t, gallery.find(({ id }) => id === 'fan-out').scene);
  for (const until of ['3s', '9s', '30s']) {
    await ask(page, 'runUntil', until);
    const { messages } = await ask(page, 'report');
    const dropped = Object.values(messages.dropped).reduce((sum, count) => sum + count, 0);
    assert.ok(messages.produced > 0);
    assert.equal(messages.produced + messages.copied, messages.travelling + messages.stored + messages.consumed + messages.expired + dropped);
  }
});

test('trace gives the runner’s records, all or of a node, from a place on', async (t) => {
  const page = await openScene(t, SHOP);
  await ask(page, 'runUntil', '10s');
  const all = await ask(page, 'trace');
  assert.deepEqual(all, await traceNatively(temporary(t, 'shop.scene.json', JSON.stringify(SHOP)), '10s'));
  assert.deepEqual(await ask(page, 'trace', { since: 20 }), all.slice(20));
  assert.deepEqual(await ask(page, 'trace', { node: 'ship' }), all.filter(({ node }) => node === 'ship'));
  assert.deepEqual(await ask(page, 'trace', { node: 'ship', since: 30 }), all.slice(30).filter(({ node }) => node === 'ship'));
  assert.deepEqual(await ask(page, 'trace', { since: all.length }), []);
});

test('speed is a number to read and to set, within what the page offers', async (t) => {
  const page = await openScene(t, SHOP);
  const set = (value) => page.evaluate((speed) => {
    window.decoupled.speed = speed;
    return window.decoupled.speed;
  }, value);
  assert.equal(await page.evaluate(() => window.decoupled.speed), 1);
  assert.deepEqual([await set(10), await set(0), await set(1e9), await set('often')], [10, Math.fround(0.1), 1000, 1000]);
  assert.equal(await page.getByTestId('speed').inputValue(), '1000');
});

test('who subscribes is told of every fact once, of each change of state, until the subscription ends', async (t) => {
  const page = await openScene(t, SHOP);
  await page.evaluate(() => {
    window.told = { ready: 0, state: [], fact: [] };
    window.decoupled.on('ready', () => { window.told.ready += 1; });
    window.endState = window.decoupled.on('state', (state) => window.told.state.push(state));
    window.decoupled.on('fact', (fact) => window.told.fact.push(fact));
  });
  const told = () => page.evaluate(() => window.told);
  await ask(page, 'restart');
  await ask(page, 'play');
  await eventually(told, ({ fact }) => fact.length > 40, 'facts are told as they happen');
  await ask(page, 'pause');
  const { length } = await ask(page, 'trace');
  const isTold = (now) => now.fact.length === length && now.state.at(-1)?.playing === false;
  const { ready, state, fact } = await eventually(told, isTold, 'all of them, and that it stands');
  assert.equal(ready, 1);
  assert.deepEqual(fact, await ask(page, 'trace'));
  assert.deepEqual(state.map(({ playing }) => playing).slice(-2), [true, false]);
  assert.equal(state.at(-1).at, (await ask(page, 'report')).until);
  await page.evaluate(() => window.endState());
  await page.evaluate(() => { window.decoupled.speed = 5; });
  await frames(page, 5);
  assert.equal((await told()).state.length, state.length, 'the subscription ended');
});

test('the scene’s own checks are told as the run reaches them, each as things stood at its time', async (t) => {
  const checks = [
    { at: '3s', path: 'nodes.orders.NumberOfMessagesSent', is: '> 0', say: 'orders come in' },
    { at: '1500ms', path: 'until', is: '= 1500000' },
  ];
  const page = await openScene(t, { ...SHOP, checks });
  await page.evaluate(() => {
    window.told = { check: [], completed: [] };
    window.decoupled.on('check', (verdict) => window.told.check.push(verdict));
    window.decoupled.on('completed', (detail) => window.told.completed.push(detail));
  });
  const told = () => page.evaluate(() => window.told);
  await ask(page, 'restart');
  await ask(page, 'runUntil', '2s');
  const { check: [early], completed } = await eventually(told, ({ check }) => check.length > 0, 'the first');
  assert.deepEqual(early, { index: 1, at: 1_500_000, passed: true, sentence: 'until is 1500000, wanted = 1500000' });
  assert.deepEqual(completed, []);
  await ask(page, 'runUntil', '4s');
  const all = await eventually(told, (now) => now.completed.length > 0, 'all have passed');
  assert.deepEqual(all.check.map(({ index, passed }) => [index, passed]), [[1, true], [0, true]]);
  assert.match(all.check[1].sentence, /^orders come in: /);
  assert.deepEqual(all.completed, [{ checks: 2, at: 3_000_000 }]);
  const late = await page.evaluate(() => new Promise((resolve) => {
    window.decoupled.on('completed', resolve);
  }));
  assert.equal(late.checks, 2);

  await ask(page, 'load', { ...SHOP, checks: [{ ...checks[0], is: '< 0' }] });
  await ask(page, 'runUntil', '4s');
  const [, , failed] = (await eventually(told, ({ check }) => check.length === 3, 'the failed one')).check;
  assert.equal(failed.passed, false);
  assert.equal((await told()).completed.length, 1);
});

test('a subscriber may ask the page for anything; a subject that is unknown is refused', async (t) => {
  const page = await openScene(t, SHOP);
  await page.evaluate(() => window.decoupled.on('fact', ({ fact }) => {
    if (fact === 'MessageDeleted') window.decoupled.pause();
  }));
  await ask(page, 'play');
  await eventually(() => ask(page, 'report'), ({ nodes }) => nodes.orders.NumberOfMessagesDeleted > 0, 'it is deleted');
  await page.getByRole('button', { name: 'Play (Space)' }).waitFor();
  const said = await page.evaluate(() => {
    try { return window.decoupled.on('weather', () => {}); } catch (error) { return error.message; }
  });
  assert.match(said, /"weather".*ready, state, fact/);
});
