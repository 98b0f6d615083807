// Opens the page of an instrumented program as first visits do, and prints which of its functions ran: one digit each,
// in the order of the code. What the globals are called is said in split.rs.

import { launch } from '../../../tests/e2e/browser.mjs';
import { startServer } from '../../../tests/e2e/server.mjs';

const WATCHED_MS = 6_000;
const VISITS = [
  { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  { viewport: { width: 390, height: 844 }, colorScheme: 'dark', hasTouch: true, isMobile: true },
];

const server = await startServer(process.env.DECOUPLED_DIST);
const browser = await launch();
try {
  const visits = [];
  for (const options of VISITS) visits.push(await visit(options));
  const ran = [...visits[0]].map((_, at) => (visits.some((digits) => digits[at] === '1') ? '1' : '0'));
  console.log(ran.join(''));
} finally {
  await browser.close();
  await server.close();
}

async function visit(options) {
  // Nothing beside the page: what it keeps for later is no part of a visit.
  const context = await browser.newContext({ ...options, serviceWorkers: 'block' });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.addInitScript(() => {
    addEventListener('TrunkApplicationStarted', ({ detail }) => { window.program = detail.wasm; });
  });
  await page.goto(server.origin);
  await page.waitForFunction(() => window.program && window.decoupled);
  while (await page.evaluate(() => window.decoupled.now()) < WATCHED_MS) await page.waitForTimeout(200);
  // What happens without a hand: another window, another size, and leaving.
  await page.setViewportSize({ width: 800, height: 600 });
  await page.emulateMedia({ colorScheme: options.colorScheme === 'dark' ? 'light' : 'dark' });
  await page.waitForTimeout(300);
  await page.evaluate(() => ['blur', 'focus', 'pagehide'].forEach((name) => dispatchEvent(new Event(name))));
  const digits = await page.evaluate(() => {
    let seen = '';
    for (let at = 0; window.program[`ran${at}`]; at += 1) seen += window.program[`ran${at}`].value;
    return seen;
  });
  await context.close();
  return digits;
}
