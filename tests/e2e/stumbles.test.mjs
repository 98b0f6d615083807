// What people stumbled over: each fault of the page that was found is walked again, with real mouse and keys.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { openPage, screenshot } from './harness.mjs';
import {
  ask, card, carry, choose, clock, eventually, frames, gallery, middle, notice, openEmpty, openScene, sceneOf, seesNodes,
} from './hands.mjs';

const SHOP = gallery.find(({ id }) => id === 'order-pipeline').scene;

const LINE = sceneOf({
  shop: ['Decoupled::Producer', { Rate: '5/s' }],
  orders: ['AWS::SQS::Queue', { VisibilityTimeout: 45 }],
  ship: ['Decoupled::Worker'],
}, ['shop orders Send', 'orders ship Poll']);

const focused = (page) => page.evaluate(() => (
  document.activeElement?.dataset?.node ?? document.activeElement?.dataset?.testid ?? document.activeElement?.id
));
const property = async (page, id, name) => (
  (await ask(page, 'scene')).nodes.find((node) => node.id === id).properties[name]
);

test('a new name keeps what a node holds, and so does taking it back', async (t) => {
  const page = await openScene(t, SHOP);
  await ask(page, 'runUntil', '17s');
  const before = (await ask(page, 'report')).nodes.shipping;
  assert.ok(before.ApproximateNumberOfMessagesVisible + before.ApproximateNumberOfMessagesNotVisible > 0);
  await choose(page, 'shipping');
  await page.keyboard.press('F2');
  await page.getByTestId('name-in-place').fill('parcels');
  await page.keyboard.press('Enter');
  await page.getByTestId('node-parcels').waitFor();
  const { nodes, until } = await ask(page, 'report');
  const counts = (report) => Object.entries(report).filter(([name]) => !/Size|Bytes/.test(name));
  assert.deepEqual([counts(nodes.parcels), until], [counts(before), 17_000_000]);
  await screenshot(page, 'renamed');
  // The saved scene, played anew, is the run that is shown; and so it is later.
  const digests = [];
  for (const at of ['17s', '30s']) {
    await ask(page, 'runUntil', at);
    digests.push(await ask(page, 'digest'));
  }
  const saved = await ask(page, 'scene');
  await page.keyboard.press('Control+z');
  await page.getByTestId('node-shipping').waitFor();
  await ask(page, 'seek', '17s');
  assert.deepEqual((await ask(page, 'report')).nodes.shipping, before, 'taken back, it is what it was');
  await ask(page, 'load', saved);
  for (const [index, at] of ['17s', '30s'].entries()) {
    await ask(page, 'runUntil', at);
    assert.equal(await ask(page, 'digest'), digests[index], at);
  }
});

/** Presses with the mouse; nothing below may have moved before it lets go. */
async function press(page, locator) {
  await locator.scrollIntoViewIfNeeded();
  const at = await middle(locator);
  const before = await locator.boundingBox();
  await page.mouse.move(at.x, at.y);
  await page.mouse.down();
  await frames(page, 6);
  assert.deepEqual(await locator.boundingBox(), before, 'nothing moves under the hand');
  await page.mouse.up();
}

test('what is pressed below a field that is left is pressed', async (t) => {
  const page = await openScene(t, LINE);
  await choose(page, 'orders');
  const field = page.getByTestId('field-VisibilityTimeout');
  const help = field.locator('xpath=ancestor::div[contains(@class,"field")][1]//div[contains(@class,"field-help")]');
  await page.getByTestId('pause-when').waitFor();
  const summaries = [page.getByTestId('pause-when').locator('summary'), page.getByTestId('not-modelled').locator('summary')];
  for (const summary of summaries) {
    await field.click();
    assert.ok((await help.boundingBox()).height > 10, 'its help is open');
    await press(page, summary);
    await eventually(() => summary.evaluate((element) => element.parentElement.open), (open) => open, 'it opens');
    assert.ok((await help.boundingBox()).height < 3, 'then the help is folded');
  }
  await field.click();
  await press(page, page.getByTestId('breakpoint'));
  await page.getByRole('button', { name: 'Pause here', pressed: true }).waitFor();
  await field.click();
  await press(page, page.getByTestId('break-Slow').or(page.getByTestId('break-Throttle')).first());
  await page.getByTestId('break-now').waitFor();
  const fifo = page.getByTestId('field-FifoQueue');
  const was = await fifo.getAttribute('aria-checked');
  await field.click();
  await press(page, fifo);
  await eventually(() => fifo.getAttribute('aria-checked'), (now) => now !== was, 'the switch is turned');
});

test('what was typed counts before what is pressed then, also where the text is laid out anew', async (t) => {
  const page = await openScene(t, sceneOf({
    news: ['AWS::SNS::Topic'], orders: ['AWS::SQS::Queue'],
  }, ['news orders AWS::SNS::Subscription']));
  await page.getByTestId('link-l1').click({ force: true });
  const json = page.getByTestId('field-FilterPolicy');
  await json.click();
  await json.fill('{"kind":["order","parcel"],"size":[{"numeric":[">",3]}]}');
  await press(page, page.getByTestId('field-RawMessageDelivery'));
  await eventually(async () => (await ask(page, 'scene')).links[0].properties, (properties) => (
    properties?.RawMessageDelivery === true && properties?.FilterPolicy?.kind?.length === 2
  ), 'both are set');
  assert.match(await json.inputValue(), /\n {2}"kind"/, 'it is laid out when the hand has let go');

  // A name that was typed, and a button pressed at once.
  await choose(page, 'orders');
  await page.getByTestId('node-name').fill('parcels');
  await press(page, page.getByTestId('duplicate'));
  await seesNodes(page, ['news', 'parcels', 'parcels-2']);
});

test('while it plays, rows stand still under a hand', async (t) => {
  const page = await openScene(t, LINE);
  await page.getByTestId('tab-trace').click();
  await ask(page, 'play');
  const rows = () => page.locator('.drawer-body').innerText();
  await eventually(rows, (text) => /MessageSent|Processed/.test(text), 'the trace is told');
  const at = await middle(page.locator('.drawer-body tbody tr, .drawer-body li').nth(3));
  await page.mouse.move(at.x, at.y);
  await page.mouse.down();
  const before = await rows();
  await frames(page, 60);
  assert.equal(await rows(), before);
  await page.mouse.up();
  await eventually(rows, (text) => text !== before, 'then it goes on');
});

test('letters erase no number: the value stays, and the field says why', async (t) => {
  const page = await openScene(t, LINE);
  await choose(page, 'orders');
  const type = async (testid, text) => {
    const field = page.getByTestId(testid);
    await field.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type(text);
    await page.keyboard.press('Tab');
    return field;
  };
  const refused = async (testid, text, words) => {
    const field = await type(testid, text);
    await eventually(() => field.getAttribute('aria-invalid'), (wrong) => wrong === 'true', `${testid} says so`);
    assert.equal(await field.inputValue(), text, 'what was typed is to be seen');
    if (words) await page.getByRole('alert').filter({ hasText: words }).first().waitFor();
  };
  await refused('field-VisibilityTimeout', 'abc', '“abc” is not a whole number');
  await screenshot(page, 'letters');
  await refused('field-VisibilityTimeout', '3O', '“3O” is not a whole number');
  assert.equal(await property(page, 'orders', 'VisibilityTimeout'), 45);
  await type('field-VisibilityTimeout', '31');
  assert.equal(await property(page, 'orders', 'VisibilityTimeout'), 31);
  assert.equal(await page.getByTestId('field-VisibilityTimeout').getAttribute('aria-invalid'), null);
  await page.getByTestId('field-VisibilityTimeout').press('ArrowUp');
  await eventually(() => property(page, 'orders', 'VisibilityTimeout'), (value) => value === 32, 'the arrow makes one more');

  await choose(page, 'ship');
  await type('field-FailureRate', '25');
  await refused('field-FailureRate', 'often', '“often” is not a number from 0 to 100');
  assert.equal(await property(page, 'ship', 'FailureRate'), 0.25);
  await type('field-ProcessingTime', '3s');
  await refused('field-ProcessingTime', 'soon');
  assert.equal(await property(page, 'ship', 'ProcessingTime'), '3s');
  await choose(page, 'shop');
  await refused('field-Rate', 'fast');
  assert.equal(await property(page, 'shop', 'Rate'), '5/s');
  await refused('field-Payload', '{ "order": ');
  await refused('seed', 'seven');
  await notice(page, /“seven” is not a seed/);
  assert.equal((await ask(page, 'scene')).seed, 7);
});

test('the times of a mark take times alone', async (t) => {
  const script = [{ at: '4s', node: 'ship', fault: 'Crash', for: '2s' }, { at: '5s', node: 'ship', set: { Concurrency: 2 } }];
  const page = await openScene(t, { ...LINE, script });
  await page.getByTestId('mark-0').click({ force: true });
  const retype = async (testid, text) => {
    const field = page.getByTestId(testid);
    await field.fill(text);
    await field.blur();
    await eventually(() => field.getAttribute('aria-invalid'), (wrong) => wrong === 'true', `${testid} says so`);
  };
  await retype('field-at', '');
  await retype('field-at', 'later');
  await retype('field-for', 'long');
  await page.getByTestId('mark-1').click({ force: true });
  await retype('field-set', '[1]');
  assert.deepEqual((await ask(page, 'scene')).script, script.map((entry) => entry));
});

test('on to what matters: within a bound, with the way on and the way back', async (t) => {
  const page = await openScene(t, sceneOf({
    shop: ['Decoupled::Producer', { Rate: '1/m' }], orders: ['AWS::SQS::Queue'], ship: ['Decoupled::Worker'],
  }, ['shop orders Send', 'orders ship Poll']));
  await ask(page, 'runUntil', '17s');
  await page.keyboard.press('n');
  await notice(page, /Looked for a failure, a refusal, an expiry or a loss: nothing ahead until 10:17\.000\. Go on\?/);
  await screenshot(page, 'next-asks');
  await page.getByTestId('look-on').click();
  await notice(page, /until 20:17\.000/);
  assert.equal(await ask(page, 'now'), 1_217_000);
  await page.getByTestId('back').filter({ hasText: '00:17.000' }).click();
  await eventually(() => ask(page, 'now'), (now) => now === 17_000, 'it is where it began to look');
  assert.equal(await page.getByTestId('notice').count(), 0);
});

test('an empty canvas does not play, and the space bar plays after any click', async (t) => {
  const page = await openPage(t);
  await eventually(() => clock(page), (seconds) => seconds > 0.2, 'it plays as it opens');
  await page.getByTestId('new').click();
  await page.getByTestId('empty').waitFor();
  await page.getByRole('button', { name: 'Play (Space)' }).waitFor();
  await frames(page, 10);
  assert.equal(await ask(page, 'now'), 0);
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Pause (Space)' }).waitFor();
  assert.equal(await page.getByTestId('empty').count(), 1, 'New is not pressed again');
  await page.keyboard.press('Space');
  await ask(page, 'load', LINE);
  await seesNodes(page, ['shop', 'orders', 'ship']);
  await ask(page, 'pause');
  for (const testid of ['restart', 'tab-metrics', 'tab-trace', 'fold-palette', 'fold-palette', 'speed', 'knobs-now', 'theme']) {
    if (testid === 'knobs-now') {
      await choose(page, 'orders');
      await ask(page, 'runUntil', '1s');
      await page.getByTestId(testid).waitFor();
    }
    await page.getByTestId(testid).click();
    if (testid === 'speed') await page.keyboard.press('Escape');
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Pause (Space)' }).waitFor();
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Play (Space)' }).waitFor();
  }
  // Who walks by key presses what is walked to.
  await page.getByTestId('tab-trace').click();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Shift+Tab');
  await page.getByTestId('undo').focus();
  await page.keyboard.press('Space');
  await page.getByTestId('empty').waitFor();
});

test('a shard dropped while it runs is a call, and one too many is refused as by AWS', async (t) => {
  const page = await openScene(t, sceneOf({ clicks: ['AWS::Kinesis::Stream', { ShardCount: 1 }] }));
  await ask(page, 'runUntil', '2s');
  const canvas = await page.getByTestId('canvas').boundingBox();
  const drop = async () => {
    const to = await middle(card(page, 'clicks'));
    await carry(page, 'shard', to.x - canvas.x, to.y - canvas.y);
  };
  await drop();
  const script = async () => (await ask(page, 'scene')).script;
  await eventually(script, (entries) => entries.length === 1, 'it is a mark');
  assert.deepEqual([(await script())[0].call, (await script())[0].input.TargetShardCount], ['UpdateShardCount', 2]);
  await drop();
  await notice(page, /ResourceInUseException/);
  const [digest, now] = [await ask(page, 'digest'), await ask(page, 'now')];
  await ask(page, 'load', await ask(page, 'scene'));
  await ask(page, 'runUntil', `${now}ms`);
  assert.equal(await ask(page, 'digest'), digest, 'the saved scene is the same run');
});

test('a message that moves is the one that was pressed', async (t) => {
  const page = await openScene(t, { ...LINE, network: { hop: '2s' } });
  await ask(page, 'runUntil', '1.2s');
  const { x, y } = await page.locator('[data-link="l1"] .link-line').evaluate((path) => {
    const point = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM());
    return { x: point.x, y: point.y };
  });
  await page.mouse.move(x, y);
  await page.mouse.down();
  await ask(page, 'play');
  await frames(page, 30);
  await page.mouse.up();
  await page.getByTestId('journey').waitFor();
  assert.match(await page.getByTestId('journey').innerText(), /m0002/);
});

test('the list of messages says what each is, and where there are none', async (t) => {
  const page = await openScene(t, SHOP);
  await ask(page, 'runUntil', '20s');
  await page.getByTestId('tab-messages').click();
  const rows = page.getByTestId('messages').locator('tbody tr');
  await eventually(() => rows.count(), (count) => count > 10, 'messages are listed');
  const bodies = await rows.locator('td:nth-child(3)').allInnerTexts();
  assert.deepEqual(bodies.filter((body) => body === ''), []);
  await screenshot(page, 'messages');
  await choose(page, 'api');
  await eventually(() => page.getByTestId('drawer').innerText(), (text) => (
    /No message is at api now/.test(text) || /on its way from api/.test(text)
  ), 'it is told of the node alone');
});

test('by key alone: past the bars, into a node and back, and never lost', async (t) => {
  const page = await openScene(t, LINE);
  await page.evaluate(() => document.activeElement?.blur());
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'skip');
  await screenshot(page, 'skip');
  await page.keyboard.press('Enter');
  assert.equal(await focused(page), 'shop');
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'orders');
  await page.keyboard.press('Enter');
  await page.getByTestId('inside').waitFor();
  await eventually(() => focused(page), (id) => id === 'drawer-body', 'it is inside');
  await page.keyboard.press('Escape');
  await eventually(() => focused(page), (id) => id === 'orders', 'it is back');
  await page.keyboard.press('c');
  await page.locator('[data-testid=chooser-field]:focus').waitFor();
  await page.keyboard.type('queue');
  await page.keyboard.press('Enter');
  await eventually(() => focused(page), (id) => ['orders', 'queue'].includes(id), 'the node that was connected has the keyboard');
  await page.keyboard.press('Control+k');
  await page.locator('[data-testid=chooser-field]:focus').waitFor();
  await page.keyboard.type('tidy');
  const before = await focused(page);
  assert.equal(before, 'chooser-field');
  await page.keyboard.press('Enter');
  await eventually(() => focused(page), (id) => ['orders', 'queue'].includes(id), 'a command gives it back');
  await page.keyboard.press('Delete');
  await eventually(() => page.evaluate(() => document.activeElement?.dataset?.node ?? null), (id) => id !== null, 'another node has it');
});

test('the bar has what it promises, and time goes a thousandfold', async (t) => {
  const page = await openScene(t, LINE);
  await page.getByTestId('speed').selectOption('1000');
  await ask(page, 'play');
  await eventually(() => ask(page, 'now'), (now) => now > 100_000, 'it flies');
  await ask(page, 'pause');
  const lesson = page.getByTestId('lesson');
  const href = await lesson.evaluate((link) => link.href);
  assert.equal((await page.request.get(href)).status(), 200);
  assert.match(href, /course\.html$/);
  await page.getByTestId('export').click();
  await page.getByTestId('share-svg').waitFor();
});

test('whatever a script hands over, it is answered by a promise that is refused with problems', async (t) => {
  const page = await openScene(t, LINE);
  const wrong = await page.evaluate(async () => {
    const circle = {};
    circle.self = circle;
    const values = [undefined, null, 5, NaN, true, 'soon', [], {}, circle, () => 1, Symbol('x'), 10n, { nodes: 10n }, new Date()];
    const told = [];
    for (const method of ['load', 'seek', 'runUntil']) {
      for (const [index, value] of values.entries()) {
        let promise;
        try {
          promise = window.decoupled[method](value);
        } catch (error) {
          told.push(`${method} throws at ${index}: ${error}`);
          continue;
        }
        const error = await promise.then(() => null, (reason) => reason);
        if (!(error instanceof Error) || !Array.isArray(error.problems) || error.problems.length === 0) told.push(`${method} ${index}: ${error}`);
      }
    }
    for (const [index, value] of [5, 'x', { since: 'x' }, { node: 5 }, true].entries()) {
      const error = await window.decoupled.trace(value).then(() => null, (reason) => reason);
      if (!error?.problems?.length) told.push(`trace ${index}`);
    }
    for (const method of ['scene', 'play', 'pause', 'step', 'restart', 'next', 'stepBack', 'report', 'digest', 'now']) {
      for (const value of values) await window.decoupled[method](value).catch((error) => told.push(`${method}: ${error}`));
    }
    for (const args of [[], [undefined, undefined], ['state'], ['nope', () => 1], [5, 5]]) {
      try {
        window.decoupled.on(...args);
        told.push(`on ${args}`);
      } catch (error) {
        if (!error.problems?.length) told.push(`on ${args}: ${error}`);
      }
    }
    for (const value of [undefined, null, 'fast', {}, NaN]) window.decoupled.speed = value;
    if (window.decoupled.speed !== 1) told.push(`speed ${window.decoupled.speed}`);
    return told;
  });
  assert.deepEqual(wrong, []);
  await seesNodes(page, ['shop', 'orders', 'ship']);
});
