// A span of time as an animated GIF, made in the page; and presenting.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { accessibilityFindings, openPage, screenshot } from './harness.mjs';
import { ask, eventually, openScene, sceneOf } from './hands.mjs';

const SHOP = sceneOf({
  shop: ['Decoupled::Producer', { Rate: '2/s' }],
  orders: ['AWS::SQS::Queue'],
}, ['shop orders Send']);

/** The frames of a GIF, read block by block: each with its box, its delay and its packed picture. */
function framesOf(bytes) {
  assert.equal(bytes.subarray(0, 6).toString('latin1'), 'GIF89a');
  const size = [bytes.readUInt16LE(6), bytes.readUInt16LE(8)];
  let at = 13 + (bytes[10] & 0x80 ? 3 << ((bytes[10] & 7) + 1) : 0);
  const frames = [];
  let delay = 0;
  const blocks = () => {
    const from = at;
    while (bytes[at] !== 0) at += bytes[at] + 1;
    at += 1;
    return bytes.subarray(from, at);
  };
  for (;;) {
    const kind = bytes[at];
    if (kind === 0x3b) break;
    if (kind === 0x21) {
      if (bytes[at + 1] === 0xf9) delay = bytes.readUInt16LE(at + 4);
      at += 2;
      blocks();
    } else {
      assert.equal(kind, 0x2c, `a block at ${at}`);
      const box = [1, 3, 5, 7].map((part) => bytes.readUInt16LE(at + part));
      assert.ok(box[0] + box[2] <= size[0] && box[1] + box[3] <= size[1], 'a frame lies within the whole');
      at += 11;
      frames.push({ box, delay, data: blocks() });
    }
  }
  assert.equal(at, bytes.length - 1, 'nothing follows the end');
  return { size, frames };
}

test('the last two seconds become a GIF of so many pictures, and the run stays where it is', async (t) => {
  const page = await openScene(t, SHOP);
  await ask(page, 'runUntil', '6s');
  const digest = await ask(page, 'digest');
  await page.getByTestId('share').click();
  const from = page.getByTestId('film-from');
  assert.equal(await from.inputValue(), '1.0');
  await from.fill('4');
  await from.blur();
  await page.getByTestId('film-said').filter({ hasText: '26 pictures' }).waitFor();
  await screenshot(page, 'film-dialog');
  assert.deepEqual(await accessibilityFindings(page, 'dialog'), []);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('film-start').click()]);
  assert.equal(download.suggestedFilename(), 'test.gif');
  const bytes = readFileSync(await download.path());
  const { size, frames } = framesOf(bytes);
  assert.equal(frames.length, 26);
  assert.ok(frames.every(({ delay }) => delay === 8), 'twelve and a half a second');
  assert.deepEqual(frames[0].box, [0, 0, ...size], 'the first is the whole');
  assert.ok(frames.slice(1).some(({ box }) => box[2] > 1), 'something moves');
  await page.getByTestId('film-said').filter({ hasText: 'Saved: 26 pictures' }).waitFor();
  assert.equal(await ask(page, 'digest'), digest);
  // A browser reads it, and the first picture is not the last.
  const seen = await page.evaluate(async (data) => {
    const decoder = new ImageDecoder({ type: 'image/gif', data: Uint8Array.from(atob(data), (c) => c.charCodeAt(0)) });
    await decoder.completed;
    const print = async (frameIndex) => {
      const { image } = await decoder.decode({ frameIndex });
      const canvas = new OffscreenCanvas(image.displayWidth, image.displayHeight);
      const context = canvas.getContext('2d');
      context.drawImage(image, 0, 0);
      return context.getImageData(0, 0, canvas.width, canvas.height).data;
    };
    const [first, last] = [await print(0), await print(25)];
    let different = 0;
    for (let at = 0; at < first.length; at += 4) different += first[at] !== last[at] || first[at + 1] !== last[at + 1];
    return { different, ground: [...first.slice(0, 3)], wanted: getComputedStyle(document.body).getPropertyValue('--ground') };
  }, bytes.toString('base64'));
  assert.ok(seen.different > 50, `${seen.different} pixels differ`);
  assert.deepEqual(seen.ground, [0xf7, 0xf7, 0xf5], 'the theme’s ground, exactly');
});

test('a span that is too long is refused, and the work can be given up', async (t) => {
  const page = await openScene(t, SHOP);
  await ask(page, 'runUntil', '30s');
  await page.getByTestId('share').click();
  await page.getByTestId('film-from').fill('0');
  await page.getByTestId('film-from').blur();
  await page.getByTestId('film-said').filter({ hasText: /Too long/ }).waitFor();
  assert.ok(await page.getByTestId('film-start').isDisabled());
  await page.getByTestId('film-from').fill('19');
  await page.getByTestId('film-from').blur();
  let downloads = 0;
  page.on('download', () => { downloads += 1; });
  await page.getByTestId('film-start').click();
  await page.getByTestId('film-cancel').click();
  await page.getByTestId('film-start').waitFor();
  await new Promise((resolve) => { setTimeout(resolve, 500); });
  assert.equal(downloads, 0);
});

test('presenting shows the canvas alone, and Escape leads back', async (t) => {
  const page = await openPage(t);
  await page.waitForFunction(() => window.decoupled);
  await page.keyboard.press('p');
  await page.getByTestId('palette').waitFor({ state: 'hidden' });
  await page.getByTestId('inspector').waitFor({ state: 'hidden' });
  const canvas = await eventually(() => page.getByTestId('canvas').boundingBox(), (box) => box.height > 850, 'it is high');
  assert.ok(canvas.width > 1400);
  await page.mouse.move(700, 400);
  assert.ok(await page.getByTestId('play').isVisible());
  await screenshot(page, 'presenting');
  assert.deepEqual(await accessibilityFindings(page, '.desk'), []);
  await page.keyboard.press('.');
  await page.keyboard.press('Escape');
  await page.getByTestId('palette').waitFor();
  await page.getByTestId('present').click();
  await page.getByTestId('palette').waitFor({ state: 'hidden' });
  await page.keyboard.press('p');
  await page.getByTestId('palette').waitFor();
});

test('a browser that lends no full screen shows the canvas over the whole page', async (t) => {
  const page = await openPage(t, {
    prepare: (empty) => empty.addInitScript(() => {
      Element.prototype.requestFullscreen = () => Promise.reject(new TypeError('not allowed'));
    }),
  });
  await page.waitForFunction(() => window.decoupled);
  await page.keyboard.press('p');
  await eventually(() => page.getByTestId('canvas').boundingBox(), (box) => box.height > 850, 'it fills the page');
  await page.keyboard.press('Escape');
  await page.getByTestId('palette').waitFor();
});
