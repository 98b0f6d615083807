// Benchmarks of the built page in a browser: how soon its canvas can be used, beside a React Flow page of as many
// nodes from the same server, and how smoothly a crowd of messages moves while a node is dragged.
// Then large scenes (page/large.mjs). Run with `cargo xtask bench page`, or name parts: `node benches/page.mjs crowd large`.

import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DIST, MODULES, launch, require } from '../tests/e2e/browser.mjs';
import { startServer } from '../tests/e2e/server.mjs';
import { DRAG_NODES, dragLatency, dragLatencyOfFlow, fiveThousand, interactions } from './page/large.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROUNDS = 11;
const NODES = 25;
const MESSAGES = 10_000;
const DRAG_MS = 5_000;

const DESKTOP = { width: 1440, height: 900 };

const esbuild = require('esbuild');

const folder = mkdtempSync(join(tmpdir(), 'decoupled-bench-'));
cpSync(DIST, join(folder, 'decoupled'), { recursive: true });
await buildYardstick(join(folder, 'flow'));
const server = await startServer(folder);
const browser = await launch();
const parts = {
  first: firstUsable,
  crowd: () => on('/decoupled/index.html', crowd),
  large: () => on('/decoupled/index.html', (page) => fiveThousand(page, { framesOver, say })),
  drag: async () => {
    const ours = await on('/decoupled/index.html', dragLatency);
    const flow = await on('/flow/index.html?nodes=1000', dragLatencyOfFlow);
    console.log(`drag latency with ${DRAG_NODES} nodes, ${DRAG_NODES} links and messages moving: ${ours.toFixed(1)} ms; `
      + `React Flow with as many nodes and none: ${flow.toFixed(1)} ms; ${(ours / flow).toFixed(2)}×`);
  },
  keys: () => on('/decoupled/index.html', interactions),
};
const asked = process.argv.slice(2);
try {
  for (const [name, part] of Object.entries(parts)) if (!asked.length || asked.includes(name)) await part();
} finally {
  await browser.close();
  await server.close();
  rmSync(folder, { recursive: true });
}

async function buildYardstick(outdir) {
  await esbuild.build({
    entryPoints: { main: join(HERE, 'page/react_flow.mjs') },
    outdir,
    bundle: true,
    minify: true,
    format: 'esm',
    define: { 'process.env.NODE_ENV': '"production"' },
    nodePaths: [MODULES],
  });
  const head = '<!doctype html><meta charset="utf-8"><title>yardstick</title><link rel="stylesheet" href="main.css">';
  writeFileSync(join(outdir, 'index.html'), `${head}<div id="app"></div><script type="module" src="main.js"></script>`);
}

/** Each page in turn, in a profile of its own: from the request to the frame in which its nodes stand. */
async function firstUsable() {
  const scene = JSON.stringify({ version: 1, name: 'bench', nodes: grid(), links: [] });
  const ours = { path: '/decoupled/index.html', nodes: '#nodes [data-node]', scene };
  const flow = { path: '/flow/index.html', nodes: '.react-flow__node' };
  const times = { ours: [], flow: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    times.ours.push(await usableAfter(ours));
    times.flow.push(await usableAfter(flow));
  }
  const [a, b] = [median(times.ours), median(times.flow)];
  console.log(`first usable canvas of ${NODES} nodes: ${a.toFixed(0)} ms; React Flow ${b.toFixed(0)} ms; ${(a / b).toFixed(2)}×`);
}

async function usableAfter({ path, nodes, scene }) {
  const context = await browser.newContext({ viewport: DESKTOP, serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.addInitScript(([selector, count, saved]) => {
    if (saved) localStorage.setItem('decoupled.scene', saved);
    const look = () => {
      const found = document.querySelectorAll(selector);
      const stands = found.length >= count && found[0].getBoundingClientRect().width > 0
        && getComputedStyle(found[0]).visibility === 'visible';
      if (stands) requestAnimationFrame(() => { window.usableAfter = performance.now(); });
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, [nodes, NODES, scene]);
  await page.goto(server.origin + path);
  const handle = await page.waitForFunction(() => window.usableAfter, undefined, { polling: 50 });
  const after = await handle.jsonValue();
  await context.close();
  return after;
}

/** Measures on a page of its own: another one that plays beside it would cost its time. */
async function on(path, measure) {
  const context = await browser.newContext({ viewport: DESKTOP, serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.goto(server.origin + path);
  await page.locator('[data-node], .react-flow__node').first().waitFor();
  const measured = await measure(page);
  await context.close();
  return measured;
}

async function crowd(page) {
  const travelling = await page.evaluate(async (text) => {
    await window.decoupled.load(text);
    await window.decoupled.runUntil('12s');
    await window.decoupled.play();
    return (await window.decoupled.report()).messages.travelling;
  }, JSON.stringify(crowdScene()));
  if (travelling < MESSAGES) throw new Error(`${travelling} messages are on their way, not ${MESSAGES}`);
  const still = await framesOver(page, DRAG_MS);
  const box = await page.locator('[data-testid="node-q2"]').boundingBox();
  const [x, y] = [box.x + box.width / 3, box.y + 8];
  await page.mouse.move(x, y);
  await page.mouse.down();
  let dragging = true;
  const drag = (async () => {
    for (let step = 0; dragging; step += 1) {
      await page.mouse.move(x + 100 * Math.sin(step / 20), y + 60 * Math.cos(step / 17));
    }
  })();
  const moved = await framesOver(page, DRAG_MS);
  dragging = false;
  await drag;
  await page.mouse.up();
  console.log(`${travelling} messages moving: ${say(still)}; while dragging a node: ${say(moved)}`);
}

/** The time of every frame over a while. */
function framesOver(page, milliseconds) {
  return page.evaluate((while_) => new Promise((resolve) => {
    const times = [];
    const note = (time) => {
      times.push(time);
      if (time - times[0] < while_) requestAnimationFrame(note);
      else resolve(times);
    };
    requestAnimationFrame(note);
  }), milliseconds);
}

function say(times) {
  const gaps = times.slice(1).map((time, index) => time - times[index]).sort((a, b) => a - b);
  const fps = (gaps.length / (times.at(-1) - times[0])) * 1000;
  return `${fps.toFixed(1)} fps, 95 % of frames within ${gaps[Math.floor(gaps.length * 0.95)].toFixed(1)} ms`;
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function grid() {
  return Array.from({ length: NODES }, (_, index) => ({
    id: `n${index}`, type: 'AWS::SQS::Queue', at: [(index % 5) * 260, Math.floor(index / 5) * 140], properties: {},
  }));
}

function crowdScene() {
  const rows = Array.from({ length: 10 }, (_, row) => row);
  const producer = (row) => ({
    id: `p${row}`, type: 'Decoupled::Producer', at: [0, row * 110],
    properties: { Rate: `${MESSAGES / 100}/s`, PartitionKey: '{{key 8}}' },
  });
  const queue = (row) => ({ id: `q${row}`, type: 'AWS::SQS::Queue', at: [900, row * 110], properties: {} });
  return {
    version: 1, name: 'crowd', seed: 1, network: 'instant',
    nodes: rows.flatMap((row) => [producer(row), queue(row)]),
    links: rows.map((row) => ({ id: `l${row}`, from: `p${row}`, to: `q${row}`, latency: '10s' })),
  };
}
