// Looking inside a node: its messages as a table, and its API by hand.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { PHONE, TABLET, screenshot } from './harness.mjs';
import { ask, card, eventually, openScene } from './hands.mjs';

const QUEUE = {
  version: 1,
  name: 'Inside',
  network: 'instant',
  nodes: [{ id: 'orders', type: 'AWS::SQS::Queue', at: [400, 240], properties: { VisibilityTimeout: 30 } }],
  links: [],
};

const cells = (page, row = 0) => page.getByTestId('inside-row').nth(row).locator('td').allInnerTexts();

/** Makes a call by the form. */
async function call(page, action, input) {
  await page.getByTestId('inside-action').selectOption({ label: action });
  if (input) await page.getByTestId('inside-input').fill(JSON.stringify(input));
  await page.getByTestId('inside-call').click();
}

test('a queue opens by a double click, and its messages are sent, received, changed and deleted by hand', async (t) => {
  const page = await openScene(t, QUEUE);
  await page.getByTestId('node-orders').dblclick();
  await page.getByText('Nothing lies in it.').waitFor();
  assert.equal(await page.getByTestId('inside-action').inputValue(), 'SendMessage');
  await call(page, 'SendMessage', { MessageBody: 'first' });
  await call(page, 'SendMessage', { MessageBody: 'second' });
  await eventually(() => page.getByTestId('inside-row').count(), (rows) => rows === 2, 'both lie in the queue');
  assert.deepEqual((await cells(page)).slice(1, 4), ['first', 'visible', '0']);
  assert.match(await page.getByTestId('inside-answer').innerText(), /answered .*MessageId/);

  await call(page, 'ReceiveMessage', { MaxNumberOfMessages: 1, WaitTimeSeconds: 1 });
  await eventually(() => cells(page), (row) => /in flight until/.test(row[2]) && row[3] === '1', 'the first is received');
  await screenshot(page, 'inside');
  await page.getByTestId('inside-ChangeMessageVisibility').first().click();
  await eventually(() => cells(page), (row) => row[2] === 'visible again', 'it is visible at once');
  await page.getByTestId('inside-DeleteMessage').first().click();
  await eventually(() => cells(page), (row) => row[1] === 'second', 'it is deleted');

  // What was done by hand is the script: each a step that can be undone, and a file that replays.
  const { script } = await ask(page, 'scene');
  assert.deepEqual(script.map((entry) => entry.call),
    ['SendMessage', 'SendMessage', 'ReceiveMessage', 'ChangeMessageVisibility', 'DeleteMessage']);
  await page.getByTestId('undo').click();
  assert.equal((await ask(page, 'scene')).script.length, 4);
});

for (const [name, options] of Object.entries({ tablet: { viewport: TABLET, theme: 'dark' }, phone: { viewport: PHONE, touch: true } })) {
  test(`the table is to be seen on a ${name}`, async (t) => {
    const filled = { ...QUEUE, script: [1, 2, 3].map((n) => (
      { at: `${n}ms`, node: 'orders', call: 'SendMessage', input: { MessageBody: `message ${n}` } })) };
    const page = await openScene(t, filled, options);
    await ask(page, 'runUntil', '1s');
    await page.getByTestId('node-orders').dblclick();
    await eventually(() => page.getByTestId('inside-row').count(), (rows) => rows === 3, 'all lie in the queue');
    await screenshot(page, `inside-${name}`);
  });
}

test('what AWS refuses is said in its words, and what is not JSON is not sent', async (t) => {
  const page = await openScene(t, QUEUE);
  await card(page, 'orders').dblclick();
  await call(page, 'ReceiveMessage', { MaxNumberOfMessages: 11 });
  await page.getByTestId('inside-answer').filter({ hasText: /InvalidParameterValue.*MaxNumberOfMessages/ }).waitFor();
  await page.getByTestId('inside-input').fill('{');
  await page.getByTestId('inside-call').click();
  await page.getByTestId('notice').filter({ hasText: /its input is not JSON/ }).waitFor();
  assert.equal((await ask(page, 'scene')).script.length, 1);
});
