// A message's journey: clicked on the canvas, in a list or found by what it says, and its way drawn.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { DESKTOP, PHONE, screenshot } from './harness.mjs';
import { ask, eventually, openScene, sceneOf } from './hands.mjs';

const FAN = {
  ...sceneOf({
    shop: ['Decoupled::Producer', { Rate: '1/s', Payload: { order: '{{seq}}' } }],
    news: ['AWS::SNS::Topic'],
    billing: ['AWS::SQS::Queue'],
    shipping: ['AWS::SQS::Queue'],
  }, ['shop news Send', 'news billing AWS::SNS::Subscription', 'news shipping AWS::SNS::Subscription']),
  network: { hop: '2s' },
};

const facts = (page) => page.getByTestId('journey-fact').evaluateAll(
  (rows) => rows.map((row) => [...row.querySelectorAll('td')].slice(1, 3).map((cell) => cell.textContent).join(' ')),
);

test('a message clicked on its way shows its life, and its copies as they are made', async (t) => {
  const page = await openScene(t, FAN);
  await ask(page, 'runUntil', '1s');
  const { x, y } = await page.locator('[data-link="l1"] .link-line').evaluate((path) => {
    const point = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM());
    return { x: point.x, y: point.y };
  });
  await page.mouse.click(x, y);
  await page.getByTestId('journey').waitFor();
  await eventually(() => facts(page), (rows) => rows.length === 1 && rows[0] === 'shop MessageProduced', 'it was made');
  await ask(page, 'runUntil', '10s');
  await eventually(() => page.locator('.journey-leg').count(), (legs) => legs === 3, 'it and two copies');
  const told = await facts(page);
  for (const fact of ['news MessagePublished', 'billing MessageSent', 'shipping MessageSent']) assert.ok(told.includes(fact), told.join());
  assert.equal(await page.locator('.journey-way path').count(), 3, 'its way is drawn');
  await screenshot(page, 'journey');
  await page.keyboard.press('Escape');
  await eventually(() => page.getByTestId('journey-way').count(), (count) => count === 0, 'it is let go');
});

test('a message is found by what it says, and chosen in the trace', async (t) => {
  const page = await openScene(t, FAN);
  await ask(page, 'runUntil', '10s');
  await page.getByTestId('tab-journey').click();
  await page.getByTestId('find-message').fill('"order"');
  await page.locator('.journey-found .message-name').first().click();
  await eventually(() => facts(page), (rows) => rows.includes('billing MessageSent'), 'its life is told');
  await page.getByTestId('unfollow').click();
  await page.getByTestId('tab-trace').click();
  const row = page.locator('[data-testid="trace-row"]', { hasText: 'MessageSent' }).first();
  const name = await row.locator('.message-name').innerText();
  await row.locator('.message-name').click();
  await eventually(() => page.locator('.journey-leg.chosen .message-name').innerText(), (chosen) => chosen === name, 'that one');
});

for (const [size, viewport] of [['desktop', DESKTOP], ['phone', PHONE]]) {
  test(`the journey is drawn in the dark: ${size}`, async (t) => {
    const page = await openScene(t, FAN, { viewport, theme: 'dark' });
    await ask(page, 'runUntil', '10s');
    if (size === 'phone') await page.getByRole('button', { name: 'Details' }).click();
    await page.getByTestId('tab-journey').click();
    await page.getByTestId('find-message').fill('m0001');
    await page.locator('.journey-found .message-name').first().click();
    await page.locator('.journey-leg').first().waitFor();
    await screenshot(page, `journey-dark-${size}`);
  });
}
