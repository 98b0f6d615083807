// The page in Firefox, driven over WebDriver BiDi.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { require } from '../e2e/browser.mjs';
import { checkEngine } from './engine.mjs';

async function firefox(t) {
  const puppeteer = require('puppeteer-core');
  const browser = await puppeteer.launch({
    browser: 'firefox', executablePath: process.env.FIREFOX_BIN ?? '/usr/bin/firefox-esr', headless: true,
    defaultViewport: { width: 1440, height: 900 },
  });
  t.after(() => browser.close());
  const page = await browser.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  t.after(() => assert.deepEqual(problems, [], 'no exception'));
  return {
    open: (address) => page.goto(address),
    run: (code, ...values) => page.evaluate(`(function () { ${code} })(...${JSON.stringify(values)})`),
    move: (x, y) => page.mouse.move(x, y, { steps: 4 }),
    down: () => page.mouse.down(),
    up: () => page.mouse.up(),
    picture: async () => Buffer.from(await page.screenshot()),
  };
}

test('Firefox', (t) => checkEngine(t, 'firefox', firefox));
