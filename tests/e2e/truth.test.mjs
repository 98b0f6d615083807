// The page tells the truth: what it computes in the browser is what the headless runner computes.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { RUNNER, openPage } from './harness.mjs';

const GALLERY = join(dirname(fileURLToPath(import.meta.url)), '../../src/scene/gallery');
const UNTIL = '20s';

const scenes = readdirSync(GALLERY).filter((name) => name.endsWith('.scene.json'));

test('there is a gallery to compare', () => assert.ok(scenes.length > 0));

for (const name of scenes) {
  test(`the page and the runner agree on ${name}`, async (t) => {
    const file = join(GALLERY, name);
    const [native, page] = await Promise.all([runNatively(file), openPage(t)]);
    const inPage = await page.evaluate(async ([text, until]) => {
      await window.decoupled.load(text);
      await window.decoupled.runUntil(until);
      return { report: await window.decoupled.report(), digest: await window.decoupled.digest() };
    }, [readFileSync(file, 'utf8'), UNTIL]);
    assert.ok(native.facts > 0 && native.messages.produced > 0, 'something happens in the scene');
    assert.equal(inPage.digest, native.digest);
    assert.deepEqual(inPage.report.messages, native.messages);
    assert.deepEqual(inPage.report, native);
  });
}

async function runNatively(file) {
  const { stdout } = await promisify(execFile)(RUNNER, ['run', file, '--until', UNTIL, '--json']);
  return JSON.parse(stdout);
}
