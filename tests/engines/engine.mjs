// What every browser engine must be able to do with the page: build a scene by hand, play it to the same digest as the
// headless runner, show a picture, and play the lesson of the course page. An engine is driven by few words:
//
//   open(address) · run(code, ...values) · move/down/up(x, y) · picture() · close()

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DIST, require } from '../e2e/browser.mjs';
import { runNatively, temporary } from '../e2e/hands.mjs';
import { startServer } from '../e2e/server.mjs';

const PATIENCE_MS = 60_000;
const SHOTS = process.env.DECOUPLED_SHOTS ?? join(tmpdir(), 'decoupled-shots');

async function eventually(read, what) {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const seen = await read();
    if (seen) return seen;
    assert.ok(Date.now() < deadline, what);
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}

/** Runs everything in one engine. */
export async function checkEngine(t, name, launch) {
  const engine = await launch(t);
  const host = await startServer(DIST);
  t.after(() => host.close());
  const here = (selector) => eventually(() => engine.run(`
    const element = document.querySelector(arguments[0]);
    if (element?.closest('.palette')) element.scrollIntoView({ block: 'nearest' });
    const box = element?.getBoundingClientRect();
    return box && box.width > 0 ? [box.x + box.width / 2, box.y + box.height / 2] : null;`, selector), `${selector} is there`);
  const drag = async (from, to) => {
    await engine.move(...from);
    await engine.down(...from);
    await engine.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2);
    await engine.move(...to);
    await engine.up(...to);
  };
  const click = async (selector) => {
    const at = await here(selector);
    await engine.move(...at);
    await engine.down(...at);
    await engine.up(...at);
  };
  const by = (id) => `[data-testid="${id}"]`;
  const picture = async (what) => {
    const png = await engine.picture();
    mkdirSync(SHOTS, { recursive: true });
    writeFileSync(join(SHOTS, `engine-${name}-${what}.png`), png);
    const { data } = require('pngjs').PNG.sync.read(png);
    return new Set(new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4)).size;
  };

  await t.test(`${name}: the page opens and plays`, async () => {
    await engine.open(`${host.origin}/`);
    await here('[data-node="checkout"]');
    await eventually(() => engine.run('return window.decoupled && document.querySelector("#facts")?.textContent > "5"'), 'it plays');
    assert.ok(await picture('first') > 50, 'and is no blank page');
  });

  await t.test(`${name}: dragged, connected, played: the same digest as natively`, async (inner) => {
    await click(by('play'));
    await click(by('new'));
    await here(by('empty'));
    const canvas = await here(by('canvas'));
    for (const [kind, dx] of [['producer', -260], ['sqs-queue', 0], ['worker', 280]]) {
      await drag(await here(by(`palette-${kind}`)), [canvas[0] + dx, canvas[1]]);
    }
    for (const [from, to] of [['producer', 'queue'], ['queue', 'worker']]) {
      await drag(await here(by(`port-${from}`)), await here(`[data-node="${to}"] .card`));
      await eventually(() => engine.run('return [...document.querySelectorAll("[data-link]")].some((link) => link.ariaLabel?.startsWith(arguments[0]) || link.getAttribute("aria-label").startsWith(arguments[0]))', `${from} `), `${from} → ${to}`);
    }
    const [scene, digest] = await engine.run(`
      return (async () => {
        await window.decoupled.restart();
        await window.decoupled.runUntil('40s');
        return [JSON.stringify(await window.decoupled.scene()), await window.decoupled.digest()];
      })();`);
    assert.equal(JSON.parse(scene).links.length, 2);
    const report = await runNatively(temporary(inner, 'built.scene.json', scene), '40s');
    assert.equal(digest, report.digest);
    assert.ok(await picture('built') > 50);
  });

  await t.test(`${name}: a scene of the gallery too, and time goes back`, async () => {
    const [digest, back] = await engine.run(`
      return (async () => {
        const scene = JSON.parse(await (await fetch('course.scene.json')).text());
        await window.decoupled.load(scene);
        await window.decoupled.pause();
        await window.decoupled.runUntil('30s');
        const digest = await window.decoupled.digest();
        await window.decoupled.seek('5s');
        await window.decoupled.seek('30s');
        return [digest, await window.decoupled.digest()];
      })();`);
    assert.equal(back, digest);
    const report = await runNatively(join(DIST, 'course.scene.json'), '30s');
    assert.equal(digest, report.digest);
  });

  await t.test(`${name}: the course page`, async () => {
    await engine.open(`${host.origin}/course.html`);
    const now = await eventually(() => engine.run(`
      return (async () => {
        const playground = document.querySelector('decoupled-playground');
        if (!playground?.runUntil) return null;
        await playground.runUntil('20s');
        return playground.now();
      })();`), 'its playground answers');
    assert.equal(now, 20_000);
    assert.ok(await picture('course') > 50);
  });
}
