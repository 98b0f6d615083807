// The page in WebKitGTK, driven by its own WebDriver on a screen that nobody sees.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkEngine } from './engine.mjs';

const BROWSER = process.env.WEBKIT_BROWSER;
const DRIVER = process.env.WEBKIT_DRIVER ?? 'WebKitWebDriver';

/** A port that nobody listens on. */
const freePort = () => new Promise((resolve) => {
  const server = createServer();
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

/** A screen; its server says which number it took. */
async function screen(t) {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1500x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  t.after(() => server.kill());
  const number = await new Promise((resolve, reject) => {
    server.on('error', reject);
    server.stdio[3].once('data', (data) => resolve(String(data).trim()));
  });
  return `:${number}`;
}

async function webkit(t) {
  const home = mkdtempSync(join(tmpdir(), 'decoupled-webkit-'));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const port = await freePort();
  const env = { ...process.env, DISPLAY: await screen(t), HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: home,
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1', LIBGL_ALWAYS_SOFTWARE: '1', NO_AT_BRIDGE: '1' };
  const driver = spawn(DRIVER, [`--port=${port}`, '--host=127.0.0.1'], { env, stdio: 'ignore' });
  t.after(() => driver.kill());
  await new Promise((resolve, reject) => {
    driver.on('error', reject);
    driver.on('spawn', resolve);
  });
  const ask = async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    assert.ok(answer.ok, `${method} ${path}: ${JSON.stringify(value)?.slice(0, 300)}`);
    return value;
  };
  const options = BROWSER ? { 'webkitgtk:browserOptions': { binary: BROWSER, args: ['--automation'] } } : {};
  const begin = () => ask('POST', '/session', { capabilities: { alwaysMatch: options } });
  let session;
  for (let tries = 0; session === undefined; tries += 1) {
    try {
      session = `/session/${(await begin()).sessionId}`;
    } catch (error) {
      if (tries > 50 || !/fetch failed/.test(error.message)) throw error;
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
  }
  t.after(() => ask('DELETE', session).catch(() => {}));
  await ask('POST', `${session}/window/rect`, { x: 0, y: 0, width: 1440, height: 960 });
  await ask('POST', `${session}/timeouts`, { script: 120_000, pageLoad: 120_000 });
  const pointer = (...actions) => ask('POST', `${session}/actions`, {
    actions: [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions }],
  });
  const moveTo = (x, y) => ({ type: 'pointerMove', origin: 'viewport', x: Math.round(x), y: Math.round(y), duration: 40 });
  return {
    open: (url) => ask('POST', `${session}/url`, { url }),
    run: (code, ...args) => ask('POST', `${session}/execute/sync`, { script: code, args }),
    move: (x, y) => pointer(moveTo(x, y)),
    down: () => pointer({ type: 'pointerDown', button: 0 }),
    up: () => pointer({ type: 'pointerUp', button: 0 }),
    picture: async () => Buffer.from(await ask('GET', `${session}/screenshot`), 'base64'),
  };
}

test('WebKitGTK', (t) => checkEngine(t, 'webkit', webkit));
