// A page that is attacked by what it plays: floods, loops, moments that are far off, and traps. It goes on answering, says
// why it stops, and gives everything back.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { ask, choose, eventually, notice, openScene, sceneOf } from './hands.mjs';
import { openPage } from './harness.mjs';

/** A producer of so much, into a queue that nobody reads. */
const flood = (Rate, Payload) => sceneOf({
  p: ['Decoupled::Producer', { Rate, Payload }],
  pile: ['AWS::SQS::Queue', {}],
}, ['p pile Send']);

/** The longest task of the page while something is done, in milliseconds. */
async function longestTask(page, work) {
  await page.evaluate(() => {
    window.longest = 0;
    window.tasks = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration);
    });
    window.tasks.observe({ type: 'longtask' });
  });
  await work();
  return page.evaluate(() => {
    window.tasks.disconnect();
    return window.longest;
  });
}

test('a flood of large messages halts with a sentence, and the page goes on', async (t) => {
  const page = await openScene(t, flood('1000/s', `{{seq}}${'x'.repeat(200_000)}`));
  await page.evaluate(() => { window.decoupled.speed = 1000; });
  await ask(page, 'play');
  await notice(page, 'more than 1024 MB');
  await page.getByTestId('notice').getByText('most of them in pile').waitFor();
  await page.getByRole('button', { name: 'Play (Space)' }).waitFor();
  const [problem] = (await ask(page, 'report')).problems.slice(-1);
  assert.match(problem.message, /Lower a producer's Rate/);
  await choose(page, 'pile');
  await page.getByTestId('field-VisibilityTimeout').waitFor();
});

test('the same text a thousand times a second takes no more room than once', async (t) => {
  const page = await openScene(t, flood('1000/s', 'x'.repeat(500_000)));
  await ask(page, 'runUntil', '10s');
  assert.equal(await ask(page, 'now'), 10_000);
});

test('runUntil goes in slices, and is given up when something else is done', async (t) => {
  const page = await openScene(t, flood('200/s', '{{seq}}'));
  let answer;
  const longest = await longestTask(page, async () => {
    answer = page.evaluate(() => window.decoupled.runUntil('3650d').then(() => 'arrived', ({ message }) => message));
    await eventually(() => ask(page, 'now'), (now) => now > 60_000, 'it is under way');
    await ask(page, 'pause');
    assert.match(await answer, /stopped at .* on the way to/);
  });
  console.log(`the longest task of runUntil took ${longest} ms`);
  assert.ok(longest < 200, `${longest} ms`);
  const now = await ask(page, 'now');
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(await ask(page, 'now'), now, 'it stands');
  const next = page.evaluate(() => window.decoupled.runUntil('3650d').then(() => 'arrived', ({ message }) => message));
  await ask(page, 'seek', '5s');
  assert.match(await next, /stopped at/);
});

test('a loop that branches halts, and no task of it is long', async (t) => {
  const page = await openScene(t, sceneOf({
    t: ['AWS::SNS::Topic', {}],
    f: ['AWS::Lambda::Function', { ProcessingTime: '1ms' }],
    g: ['AWS::Lambda::Function', { ProcessingTime: '1ms' }],
    p: ['Decoupled::Producer', { Count: 1 }],
  }, ['p t Send', 't f AWS::SNS::Subscription', 't g AWS::SNS::Subscription', 'f t Send', 'g t Send']));
  const longest = await longestTask(page, async () => {
    await ask(page, 'play');
    await eventually(() => ask(page, 'now'), (now) => now > 5_000, 'it plays on');
  });
  console.log(`the longest task took ${longest} ms`);
  assert.ok(longest < 400, `${longest} ms`);
});

test('a browser that draws the page seldom is what holds time back', async (t) => {
  const seldom = (page) => page.addInitScript(() => {
    const frame = window.requestAnimationFrame.bind(window);
    window.requestAnimationFrame = (callback) => window.setTimeout(() => frame(callback), 900);
  });
  const page = await openScene(t, flood('1/s', 'x'), { prepare: seldom });
  await ask(page, 'play');
  await page.getByTestId('pace').getByText('few frames').waitFor();
});

/** Runs in the page: the next frame ends in a trap that no panic told of. */
const trap = () => {
  const program = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0, 11);
  const { f } = new WebAssembly.Instance(new WebAssembly.Module(program)).exports;
  requestAnimationFrame(() => f());
};

test('any trap brings the rescue screen, and what ended so does not start by itself', async (t) => {
  const allow = [/unreachable/];
  const page = await openPage(t, { path: '#gallery=dead-letter-queue&autoplay', allow });
  await eventually(() => ask(page, 'now'), (now) => now > 500, 'it plays');
  await page.evaluate(trap);
  await page.getByTestId('rescue').getByText('Something broke').waitFor();
  await Promise.all([page.waitForEvent('load'), page.getByRole('link', { name: 'Reload' }).click()]);
  await notice(page, 'does not start by itself');
  assert.equal(await ask(page, 'now'), 0);
  await ask(page, 'play');
  await eventually(() => ask(page, 'now'), (now) => now > 300, 'it plays when it is asked to');
  // Once it was left in good order, it is as any other.
  await page.reload();
  await page.waitForFunction(() => window.decoupled);
  await eventually(() => ask(page, 'now'), (now) => now > 300, 'it starts by itself again');
});
