// The browser, the modules that drive it, and the page it opens; shared by the tests and the benchmarks.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** The folder of the built page. */
export const DIST = process.env.DECOUPLED_DIST ?? join(ROOT, 'dist');

// Modules cannot be found through NODE_PATH by `import`, but by `require` they can.
export const MODULES = process.env.NODE_PATH ?? join(ROOT, '.tools/npm/node_modules');
export const require = createRequire(join(MODULES, 'from-here.js'));

const ARGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** Starts the browser. */
export function launch() {
  const { chromium } = require('playwright-core');
  return chromium.launch({ executablePath: chromePath(), args: ARGS });
}

function chromePath() {
  if (process.env.CHROME_BIN) return process.env.CHROME_BIN;
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
  const folders = (process.env.PATH ?? '').split(delimiter);
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name))).find((file) => existsSync(file));
  assert.ok(found, 'Chromium or Chrome is on PATH, or named in CHROME_BIN');
  return found;
}
