// The picture at the top of the README: made here, and never older than the page. `UPDATE=1 node --test
// tests/e2e/readme_picture.test.mjs` (or with `cargo xtask test page`) makes it anew.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, require } from './browser.mjs';
import { openPage } from './harness.mjs';
import { ask, choose, frames } from './hands.mjs';

const FILE = join(ROOT, 'static/screenshot.png');
/** Sides of the squares that are compared by their mean: fonts and antialiasing differ from machine to machine. */
const SQUARE = 24;
const MARGIN = 36;

/** The first scene at a moment at which much is under way, with a queue chosen. */
async function picture(t) {
  const page = await openPage(t, { reducedMotion: true });
  await ask(page, 'pause');
  await ask(page, 'seek', '21.4s');
  await choose(page, 'shipping');
  await page.mouse.move(5, 5);
  // Numbers and charts are written every so often.
  await page.waitForTimeout(600);
  await frames(page, 3);
  return page.screenshot({ animations: 'disabled' });
}

/** The mean brightness of every square, row by row. */
function squares(png) {
  const { width, height, data } = require('pngjs').PNG.sync.read(png);
  const [columns, rows] = [Math.floor(width / SQUARE), Math.floor(height / SQUARE)];
  const means = [];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      let sum = 0;
      for (let y = row * SQUARE; y < (row + 1) * SQUARE; y += 1) {
        for (let x = column * SQUARE; x < (column + 1) * SQUARE; x += 1) {
          const at = 4 * (y * width + x);
          sum += (data[at] + data[at + 1] + data[at + 2]) / 3;
        }
      }
      means.push(sum / SQUARE ** 2);
    }
  }
  return { width, height, means };
}

test("the README's picture shows the page as it is", async (t) => {
  const seen = await picture(t);
  if (process.env.UPDATE) writeFileSync(FILE, seen);
  const [now, kept] = [squares(seen), squares(readFileSync(FILE))];
  assert.deepEqual([kept.width, kept.height], [now.width, now.height]);
  const other = now.means.filter((mean, index) => Math.abs(mean - kept.means[index]) > MARGIN).length;
  // Twelve squares: less than a button and a card.
  assert.ok(other <= 12, `${other} of ${now.means.length} squares are others: UPDATE=1 makes the picture anew`);
});
