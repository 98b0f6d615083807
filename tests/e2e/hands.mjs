// What a person does with mouse and keys, and what they see: the words the tests of the playground are written in.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual, promisify } from 'node:util';
import { RUNNER, openPage } from './harness.mjs';

const GALLERY = join(dirname(fileURLToPath(import.meta.url)), '../../src/scene/gallery');

// A slow machine needs patience; a condition that never comes is told with what was seen instead.
const PATIENCE_MS = 20_000;

/** Waits until what `read` gives satisfies `holds`, and returns it. */
export async function eventually(read, holds, what) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const seen = await read();
    if (holds(seen)) return seen;
    assert.ok(Date.now() < deadline, `${what}; last seen: ${JSON.stringify(seen)?.slice(0, 500)}`);
    await new Promise((resolve) => { setTimeout(resolve, 30); });
  }
}

/** Lets the page draw so many frames: time passes for it as it does for the eye. */
export function frames(page, count) {
  return page.evaluate((left) => new Promise((resolve) => {
    const next = () => (left-- > 0 ? requestAnimationFrame(next) : resolve());
    next();
  }), count);
}

/** Calls a method of `window.decoupled`. */
export const ask = (page, method, argument) => (
  page.evaluate(([name, value]) => window.decoupled[name](value), [method, argument])
);

/** The ids of all nodes, as drawn. */
export const drawnNodes = (page) => (
  page.locator('[data-node]').evaluateAll((nodes) => nodes.map((node) => node.dataset.node))
);

/** Waits until just these nodes are drawn. The page may draw a moment after what was done to it. */
export const seesNodes = (page, ids, what = 'these nodes are drawn') => (
  eventually(() => drawnNodes(page), (nodes) => isDeepStrictEqual(nodes, ids), what)
);

/** The ids of the chosen nodes, as drawn. */
export const chosenNodes = (page) => (
  page.locator('[data-node][aria-current="true"]').evaluateAll((nodes) => nodes.map((node) => node.dataset.node))
);

/** Opens a chooser by its key and takes the first line that typing leaves. */
export async function pick(page, key, words) {
  await page.keyboard.press(key);
  await page.locator('[data-testid=chooser-field]:focus').waitFor();
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
}

/** The number at a card's corner. */
export async function headline(page, id) {
  return Number((await page.getByTestId(`node-${id}`).locator('.node-headline').textContent()).replace(/[^\d.]/g, ''));
}

/** The clock in seconds. */
export async function clock(page) {
  const [minutes, seconds] = (await page.getByTestId('clock').textContent()).split(':').slice(-2);
  return Number(minutes) * 60 + Number(seconds);
}

/** How many facts the page says there are. */
export const factCount = async (page) => Number((await page.getByTestId('facts').textContent()).replace(/,/g, ''));

/** A page that stands still on an empty canvas, as after *Pause* and *New*. */
export async function openEmpty(t, options) {
  const page = await openPage(t, options);
  await page.getByRole('button', { name: 'Pause (Space)' }).click();
  await page.getByTestId('new').click();
  await page.getByTestId('empty').waitFor();
  return page;
}

/** A page that stands still on the scene given. */
export async function openScene(t, scene, options) {
  const page = await openPage(t, options);
  await ask(page, 'pause');
  await ask(page, 'load', scene);
  // The camera follows in the next frame: until then nothing is where it will be.
  await frames(page, 2);
  return page;
}

/** The middle of an element on the page. */
export async function middle(locator) {
  const box = await locator.boundingBox();
  assert.ok(box, 'it is on the page');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Presses at one point, moves to the other as a hand does, and lets go unless told to hold on. */
export async function drag(page, from, to, { hold = false, button = 'left' } = {}) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down({ button });
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 3 });
  await page.mouse.move(to.x, to.y, { steps: 3 });
  if (!hold) await page.mouse.up({ button });
}

/** Carries something from the palette to a point of the canvas, counted from its top left, and lets go. */
export async function carry(page, item, x, y) {
  const canvas = await page.getByTestId('canvas').boundingBox();
  const carried = page.getByTestId(`palette-${item}`);
  // To the middle of the palette: at its edge the search box may lie over it.
  await carried.evaluate((item) => item.scrollIntoView({ block: 'center', behavior: 'instant' }));
  await drag(page, await middle(carried), { x: canvas.x + x, y: canvas.y + y });
}

/** Carries something to empty canvas and returns the id of the node it became. */
export async function place(page, item, x, y) {
  const before = await drawnNodes(page);
  await carry(page, item, x, y);
  const after = await eventually(() => drawnNodes(page), (nodes) => nodes.length > before.length, `a ${item} is placed`);
  return after.find((id) => !before.includes(id));
}

/** Draws a line from the port of one node to the card of another. */
export async function draw(page, from, to, options) {
  const port = await middle(page.getByTestId(`port-${from}`));
  await drag(page, port, await middle(card(page, to)), options);
}

/** Draws a line and waits until the scene has it. */
export async function connect(page, from, to) {
  await draw(page, from, to);
  const drawn = page.locator(`[data-link][aria-label^="${from} "][aria-label$=" ${to}"]`);
  await drawn.waitFor({ state: 'attached' });
  return drawn.getAttribute('aria-label');
}

/** The card of a node, without what else its element holds. */
export const card = (page, id) => page.getByTestId(`node-${id}`).locator('.card');

/** Chooses a node by a click on its card. */
export async function choose(page, id) {
  const { x, y } = await middle(card(page, id));
  await page.mouse.click(x, y);
  await eventually(() => chosenNodes(page), (chosen) => chosen.join() === id, `${id} is chosen`);
}

/** Types a value into a field of the inspector and leaves it. */
export async function set(page, id, field, value) {
  await choose(page, id);
  const input = page.getByTestId(`field-${field}`);
  await input.fill(value);
  await input.blur();
}

/** Opens a file by *Open* and the system's picker. `file` is a path, or a name and a text. */
export async function openFile(page, file) {
  const [picker] = await Promise.all([page.waitForEvent('filechooser'), page.getByTestId('open').click()]);
  await picker.setFiles(asUpload(file));
}

const asUpload = (file) => (
  typeof file === 'string' ? file : { name: file.name, mimeType: 'application/json', buffer: Buffer.from(file.text) }
);

/** What the page says for a while at its edge. */
export async function notice(page, pattern) {
  const said = page.getByTestId('notice').filter({ hasText: pattern });
  await said.waitFor();
  return said.innerText();
}

/** A file for the time of the test. */
export function temporary(t, name, content) {
  const folder = mkdtempSync(join(tmpdir(), 'decoupled-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const runner = async (...args) => (await promisify(execFile)(RUNNER, ['run', ...args], { maxBuffer: 1 << 26 })).stdout;

/** The headless runner's report of a file. */
export async function runNatively(file, until) {
  return JSON.parse(await runner(file, '--until', until, '--json'));
}

/** The headless runner's trace of a file. */
export async function traceNatively(file, until) {
  const lines = await runner(file, '--until', until, '--trace', '-');
  return lines.trimEnd().split('\n').map((line) => JSON.parse(line));
}

/** The gallery's scenes: id, file and what is in it. */
export const gallery = readdirSync(GALLERY).filter((name) => name.endsWith('.scene.json')).map((name) => {
  const file = join(GALLERY, name);
  return { id: name.replace('.scene.json', ''), file, scene: JSON.parse(readFileSync(file, 'utf8')) };
});

/** A scene of nodes and links, written short: `{ shop: ['Decoupled::Producer', { Rate: '5/s' }] }`, `['shop orders Send']`. */
export function sceneOf(nodes, links = [], rest = {}) {
  return {
    version: 1,
    name: 'Test',
    seed: 7,
    network: 'teaching',
    nodes: Object.entries(nodes).map(([id, [type, properties = {}]], index) => (
      { id, type, at: [60 + 260 * (index % 3), 60 + 160 * Math.floor(index / 3)], properties }
    )),
    links: links.map((text, index) => {
      const [from, to, type] = text.split(' ');
      return { id: `l${index + 1}`, from, to, type };
    }),
    ...rest,
  };
}
