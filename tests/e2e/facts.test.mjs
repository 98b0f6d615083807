// A fact's number opens what is known of it, by mouse and by key, and the page of all facts can be read and filtered.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIST, PHONE, accessibilityFindings, openPage, screenshot } from './harness.mjs';
import { chosenNodes, choose, eventually, openScene, sceneOf } from './hands.mjs';

const FACTS = JSON.parse(readFileSync(join(DIST, 'facts.json'), 'utf8'));
const SCENE = sceneOf({ orders: ['AWS::SQS::Queue'] });

/** What is to be read of a sentence: code has its marks as a style. */
const plain = (text) => text.replaceAll('`', '');

/** The number beside the help of a field. */
const numberOf = (page, field, number) => (
  page.locator('.field', { has: page.getByTestId(`field-${field}`) }).getByTestId(`fact-${number}`)
);

const openCard = (page) => page.locator('.fact-card:popover-open');

/** Waits until the open card tells of the fact. */
async function isTold(page, number) {
  const told = await eventually(
    async () => (await openCard(page).count()) === 1 && openCard(page).innerText(),
    (text) => text && text.includes(plain(FACTS[number].sentence)),
    `the card tells of ${number}`,
  );
  assert.ok(told.startsWith(`${number}: `), told);
  return told;
}

test('by mouse: the number in a field’s help opens its fact, once loaded', async (t) => {
  const asked = [];
  const page = await openScene(t, SCENE, {
    prepare: (page) => page.on('request', (request) => asked.push(new URL(request.url()).pathname)),
  });
  await choose(page, 'orders');
  await page.getByTestId('field-VisibilityTimeout').click();
  const number = numberOf(page, 'VisibilityTimeout', 'SQS-16');
  await number.waitFor();
  assert.ok(!asked.includes('/facts.json'), 'nobody has wanted to know yet');
  await number.click();
  const told = await isTold(page, 'SQS-16');
  assert.ok(told.includes(`\n${FACTS['SQS-16'].strength}. Here: `), told);
  const hrefs = await openCard(page).locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  assert.equal(hrefs.at(-1), 'fidelity.html#SQS-16');
  assert.ok(hrefs[0].startsWith('https://docs.aws.amazon.com/'), hrefs[0]);
  const box = await openCard(page).boundingBox();
  const { width, height } = page.viewportSize();
  assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= width && box.y + box.height <= height, JSON.stringify(box));
  assert.deepEqual(await accessibilityFindings(page), []);
  await screenshot(page, 'fact-card');
  // The same number closes what it opened.
  await number.click();
  await openCard(page).waitFor({ state: 'detached' });
  await number.click();
  await isTold(page, 'SQS-16');
  await page.mouse.click(500, 600);
  await openCard(page).waitFor({ state: 'detached' });
  assert.equal(asked.filter((path) => path === '/facts.json').length, 1, 'fetched once');
});

test('by key: Enter opens it, Tab goes on to its sources, Escape closes it and nothing else', async (t) => {
  const page = await openScene(t, SCENE);
  await choose(page, 'orders');
  const line = page.locator('.provenance').getByTestId('fact-SQS-16');
  await line.focus();
  await page.keyboard.press('Enter');
  await isTold(page, 'SQS-16');
  await page.keyboard.press('Tab');
  assert.ok(await page.evaluate(() => document.activeElement.closest('.fact-card') !== null), 'the first source');
  await page.keyboard.press('Escape');
  await openCard(page).waitFor({ state: 'detached' });
  assert.deepEqual(await chosenNodes(page), ['orders'], 'the queue stays chosen');
  await eventually(
    () => page.evaluate(() => document.activeElement.dataset.testid),
    (id) => id === 'fact-SQS-16',
    'the number has the keyboard again',
  );
});

test('without the facts the card says so, and looks again when it is pressed again', async (t) => {
  const page = await openScene(t, SCENE, { allow: [/facts\.json|ERR_FAILED|Failed to load/] });
  await page.route('**/facts.json', (route) => route.abort());
  await choose(page, 'orders');
  const line = page.locator('.provenance').getByTestId('fact-SQS-16');
  await line.click();
  await eventually(() => openCard(page).innerText(), (text) => /could not be loaded/.test(text), 'it says so');
  await page.unroute('**/facts.json');
  await line.click();
  await line.click();
  await isTold(page, 'SQS-16');
});

test('every property that rests on a fact shows its number', async (t) => {
  const page = await openScene(t, SCENE);
  await choose(page, 'orders');
  const numbers = await page.locator('.field-help .fact-number').allTextContents();
  assert.ok(numbers.length > 10, numbers.join());
  for (const number of numbers) assert.ok(FACTS[number], number);
});

for (const [screen, theme, viewport] of [['desktop', 'light'], ['phone', 'dark', PHONE]]) {
  test(`the page of all facts can be read and filtered: ${screen}, ${theme}`, async (t) => {
    const page = await openPage(t, { path: 'fidelity.html#SQS-16', started: false, theme, viewport });
    const fact = page.locator('[id="SQS-16"]');
    await eventually(() => fact.boundingBox(), (box) => box.y > 0 && box.y < 500, 'it begins at the fact');
    assert.equal(await fact.locator('p').first().innerText(), plain(FACTS['SQS-16'].sentence));
    const all = await page.locator('.fact').count();
    assert.equal(all, Object.keys(FACTS).length);
    assert.deepEqual(await accessibilityFindings(page), []);
    await screenshot(page, `fidelity-${screen}-${theme}`);

    await page.getByLabel('Filter').fill('purge dedup');
    await eventually(() => page.locator('.fact:visible').count(), (count) => count > 0 && count < 5, 'few are left');
    assert.ok(await page.locator('[id="SQS-7"]').isVisible());
    assert.equal(await page.locator('.sheet:visible').count(), 1, 'services without any are gone');
    assert.match(await page.getByRole('status').innerText(), /^\d of \d+ facts$/);
    await page.evaluate(() => { location.hash = '#EB-14'; });
    await eventually(() => page.locator('[id="EB-14"]').isVisible(), Boolean, 'a fact that is pointed at is shown');
    assert.equal(await page.locator('.fact:visible').count(), all);
    await page.getByLabel('Filter').fill('quagga');
    assert.equal(await page.locator('.fact:visible').count(), 0);
    assert.match(await page.getByRole('status').innerText(), /^0 of/);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    assert.ok(!wide, 'nothing hangs over the edge');
  });
}

test('the page of all facts needs no script', async (t) => {
  const page = await openPage(t, { path: 'fidelity.html', script: false });
  assert.ok(await page.locator('[id="KDS-1"]').isVisible());
  assert.ok(!(await page.getByLabel('Filter').isVisible()), 'a filter that filters nothing is not shown');
});

test('the help leads to it', async (t) => {
  const page = await openScene(t, SCENE);
  await page.getByTestId('help').click();
  assert.equal(await page.getByTestId('fidelity').getAttribute('href'), 'fidelity.html');
});
