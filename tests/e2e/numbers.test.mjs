// Numbers: small charts beside a node, the chart with its crosshair, latencies, cost, and the table to take away.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DESKTOP, PHONE, TABLET, accessibilityFindings, screenshot } from './harness.mjs';
import { ask, card, choose, clock, eventually, middle, openScene, runNatively, sceneOf, temporary } from './hands.mjs';

// A message each second, worked on for a quarter of a second: everything can be reckoned.
const SHOP = sceneOf({
  shop: ['Decoupled::Producer', { Rate: '1/s', Arrivals: 'Constant', Count: 30 }],
  orders: ['AWS::SQS::Queue'],
  ship: ['Decoupled::Worker', { ProcessingTime: '250ms', WaitTimeSeconds: 20, MaxNumberOfMessages: 1 }],
}, ['shop orders Send', 'orders ship Poll'], { network: 'instant' });

async function openNumbers(t, options) {
  const page = await openScene(t, SHOP, options);
  await ask(page, 'runUntil', '20s');
  await page.getByTestId('tab-metrics').click();
  return page;
}

test('a chart says the exact value under the pointer, and a click goes there', async (t) => {
  const page = await openNumbers(t);
  await page.getByTestId('metric-shop-Produced').click();
  const plot = page.getByTestId('plot');
  await plot.waitFor();
  await page.getByTestId('chart-statistic').selectOption('Running total');
  const box = await plot.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const tip = page.getByTestId('plot-tip');
  await tip.waitFor();
  const said = await tip.innerText();
  assert.match(said, /00:10\.000/);
  const native = await runNatively(temporary(t, 'shop.scene.json', JSON.stringify(SHOP)), '10s');
  assert.equal(Number(said.split('\n').pop()), native.nodes.shop.Produced);
  await screenshot(page, 'numbers-chart');
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await eventually(() => clock(page), (seconds) => seconds === 10, 'the click goes to 10 s');
  assert.equal(await ask(page, 'digest'), native.digest);
  // What lies ahead is still drawn: the other way goes by the keys alone.
  await plot.focus();
  await page.keyboard.press('End');
  await eventually(() => plot.getAttribute('aria-valuetext'), (text) => /00:20\.000: Produced 21/.test(text), 'the keys read it');
  await page.keyboard.press('Enter');
  await eventually(() => clock(page), (seconds) => seconds === 20, 'Enter goes to 20 s');
});

test('a chart compares metrics, and its statistic and period are CloudWatch’s', async (t) => {
  const page = await openNumbers(t);
  await page.getByTestId('numbers-chart').click();
  await page.getByTestId('chart-metric-0').selectOption({ label: 'shop · Produced' });
  await page.getByTestId('chart-metric-1').selectOption({ label: 'ship · Processed' });
  await page.getByTestId('chart-period').selectOption({ label: '5 s' });
  const plot = page.getByTestId('plot');
  await plot.focus();
  await page.keyboard.press('End');
  await eventually(() => plot.getAttribute('aria-valuetext'), (text) => /Produced 5, Processed 5/.test(text), 'five in five seconds');
  await screenshot(page, 'numbers-compare');
  await page.getByTestId('chart-metric-1').selectOption({ label: 'Take this line away' });
  await eventually(() => plot.getAttribute('aria-label'), (text) => !text.includes('Processed'), 'one line is left');
});

test('latencies and cost are those of the runner', async (t) => {
  const page = await openNumbers(t);
  const native = await runNatively(temporary(t, 'shop.scene.json', JSON.stringify(SHOP)), '20s');
  await page.getByTestId('numbers-latency').click();
  const row = page.getByTestId('latency-ship');
  await eventually(() => row.innerText(), (text) => (
    text.includes(String(native.latencies.consumers.ship.count)) && text.includes('250 ms')
  ), 'each took a quarter of a second');
  await page.getByTestId('numbers-cost').click();
  const digits = async (id) => Number((await page.getByTestId(id).innerText()).replace(/[$,]/g, ''));
  const close = (found, real) => Math.abs(found - real) <= real * 0.01;
  assert.ok(close(await digits('cost-run'), native.cost.usd), 'this run');
  assert.ok(close(await digits('cost-million'), native.cost.perMillion), 'a million');
  assert.ok(close(await digits('cost-month'), native.cost.perMonth), 'a month');
});

test('the table of all metrics is a file', async (t) => {
  const page = await openNumbers(t);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('metrics-csv').click()]);
  assert.equal(download.suggestedFilename(), 'test.csv');
  const lines = readFileSync(await download.path(), 'utf8').split('\r\n');
  assert.equal(lines.pop(), '');
  const column = lines[0].split(',').indexOf('ship Processed');
  assert.ok(column > 0, lines[0]);
  const native = await runNatively(temporary(t, 'shop.scene.json', JSON.stringify(SHOP)), '20s');
  assert.equal(Number(lines.at(-1).split(',')[column]), native.nodes.ship.Processed);
  assert.equal(lines.at(-1).split(',')[0], '20');
});

test('a node that a pointer or the keyboard rests on shows its numbers beside it', async (t) => {
  const page = await openNumbers(t);
  const peek = page.getByTestId('peek');
  const at = await middle(card(page, 'orders'));
  await page.mouse.move(at.x, at.y);
  await peek.waitFor();
  await eventually(() => peek.locator('.metric-value').first().textContent(), (text) => /\d/.test(text), 'live');
  await screenshot(page, 'numbers-peek');
  const shown = await peek.boundingBox();
  await page.mouse.move(shown.x + 30, shown.y + 12, { steps: 4 });
  await new Promise((resolve) => { setTimeout(resolve, 400); });
  assert.ok(await peek.isVisible(), 'the pointer may go there');
  await page.keyboard.press('Escape');
  await page.mouse.move(5, 5);
  await peek.waitFor({ state: 'hidden' });
  await page.getByTestId('node-ship').focus();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await eventually(() => peek.getAttribute('aria-label').catch(() => ''), (text) => text?.includes('ship'), 'by keys too');
});

for (const [name, viewport] of Object.entries({ desktop: DESKTOP, tablet: TABLET, phone: PHONE })) {
  for (const theme of name === 'desktop' ? ['light', 'dark', 'contrast'] : ['light']) {
    test(`every part fits and is accessible: ${name}, ${theme}`, async (t) => {
      const page = await openScene(t, SHOP, { viewport, theme, touch: name === 'phone' });
      await ask(page, 'runUntil', '20s');
      if (name === 'phone') await page.getByTestId('sheet-drawer').tap();
      await page.getByTestId('tab-metrics').click();
      for (const part of ['overview', 'chart', 'latency', 'cost']) {
        await page.getByTestId(`numbers-${part}`).click();
        await new Promise((resolve) => { setTimeout(resolve, 300); });
        await screenshot(page, `numbers-${name}-${theme}-${part}`);
        assert.deepEqual(await accessibilityFindings(page, '.drawer'), [], part);
      }
    });
  }
}
