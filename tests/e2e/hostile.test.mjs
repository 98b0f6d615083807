// Texts from elsewhere appear as texts: in names, bodies, notes, labels, files, the clipboard and what is exported.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { openPage } from './harness.mjs';
import { ask, eventually, openEmpty, openScene } from './hands.mjs';

const SEEDS = [
  '<img src=x onerror=pwned()>', '<script>pwned()</script>', '"><svg onload=pwned()>', "'-pwned()-'", 'javascript:pwned()',
  '{{constructor.constructor("pwned()")()}}', '${pwned()}', '</title><script>pwned()</script>', '<!--', ']]>', '&lt;b&gt;', '%3Cimg%3E',
  '\u202egnp.exe', '\u0000\u0001\u001f', '=HYPERLINK("http://x","y")', '@SUM(1)', '[a](javascript:pwned())', '![a](http://x/y.png)',
  '<a href="data:text/html,<script>pwned()</script>">x</a>', '\\"\\\\', '👩‍👩‍👧‍👦é̂̃', '<style>*{display:none}</style>', 'onmouseover=pwned()',
  '<iframe srcdoc="<script>pwned()</script>">', '__proto__',
];
/** Two hundred: each alone, and each inside of others. */
const STRINGS = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((turn) => SEEDS.map((text, at) => (
  turn === 0 ? text : `${text}${turn}${SEEDS[(at + turn * 3) % SEEDS.length]}`.slice(0, 78))));

const SCENE = {
  version: 1,
  name: STRINGS[1],
  network: 'instant',
  nodes: STRINGS.map((text, at) => ({
    id: text,
    type: ['Decoupled::Producer', 'AWS::SQS::Queue', 'Decoupled::Note', 'Decoupled::Boundary'][at % 4],
    at: [(at % 20) * 240, Math.floor(at / 20) * 160],
    properties: [{ Payload: { text }, Rate: '5/s', MessageGroupId: text }, {}, { Text: `# ${text}\n\n- ${text}` }, { Width: 200, Height: 120 }][at % 4],
  })),
  links: STRINGS.flatMap((text, at) => (at % 4 === 0 ? [{ id: `l${text}`.slice(0, 60), from: text, to: STRINGS[at + 1], type: 'Send' }] : [])),
  script: [{ at: '1s', node: STRINGS[1], call: 'SendMessage', input: { MessageBody: STRINGS.join(' ').slice(0, 2000) } }],
  notes: [STRINGS.slice(0, 40).join('\n\n')],
};

const planted = (page) => page.evaluate(() => ({
  ran: window.wasPwned === true,
  elements: [...document.querySelectorAll('img, iframe, object, embed, base, meta[http-equiv], [onerror], [onload], [onmouseover], [srcdoc]')].map(({ outerHTML }) => outerHTML.slice(0, 80)),
  scripts: [...document.scripts].filter(({ textContent }) => textContent.includes('pwned')).length,
  links: [...document.querySelectorAll('a[href]')].filter(({ href }) => /^(javascript|data):/.test(href)).length,
}));

const trap = (page) => page.addInitScript(() => { window.pwned = () => { window.wasPwned = true; }; });
const NOTHING = { ran: false, elements: [], scripts: 0, links: 0 };

test('two hundred hostile texts are texts, wherever they stand', async (t) => {
  assert.equal(STRINGS.length, 200);
  const page = await openScene(t, SCENE, { prepare: trap });
  await ask(page, 'runUntil', '3s');
  const ids = await page.locator('#nodes [data-node]').evaluateAll((nodes) => nodes.map((node) => node.dataset.node));
  const scene = await ask(page, 'scene');
  assert.ok(scene.nodes.length > 150, `${scene.nodes.length} nodes were opened`);
  for (const id of ids) assert.ok(STRINGS.includes(id), id);
  for (const tab of ['metrics', 'trace', 'messages', 'journey', 'outline', 'problems', 'notes']) {
    await page.getByTestId(`tab-${tab}`).click();
    assert.deepEqual(await planted(page), NOTHING, tab);
  }
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('go to <');
  await eventually(() => page.getByTestId('offer').count(), (count) => count > 5, 'they are offered by name');
  assert.deepEqual(await planted(page), NOTHING, 'the palette of commands');
  await page.keyboard.press('Escape');
  await page.getByTestId('share').click();
  const [svg] = await Promise.all([page.waitForEvent('download'), page.getByTestId('share-svg').click()]);
  const found = await page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
    const names = new Set([...parsed.querySelectorAll('*')].map(({ localName }) => localName));
    const handlers = [...parsed.querySelectorAll('*')].flatMap((element) => [...element.attributes]).filter(({ name }) => /^on|href/.test(name));
    return { names: [...names].sort(), handlers: handlers.length };
  }, readFileSync(await svg.path(), 'utf8'));
  assert.deepEqual(found, { names: ['desc', 'g', 'path', 'rect', 'svg', 'text', 'title'], handlers: 0 });
  await page.keyboard.press('Escape');
  const other = await openEmpty(t, { prepare: trap });
  await other.keyboard.press('Control+v');
  await eventually(() => other.locator('#nodes [data-node]').count(), (count) => count === ids.length, 'pasted, they are texts too');
  assert.deepEqual(await planted(other), NOTHING, 'the clipboard');
});

test('a note of two hundred thousand brackets is drawn as far as its bound, and the page goes on', async (t) => {
  const page = await openScene(t, {
    version: 1,
    name: 'Long',
    nodes: ['[', '`', '*a [b](http://c ', 'x'].map((piece, at) => (
      { id: `n${at}`, type: 'Decoupled::Note', at: [at * 300, 0], properties: { Text: piece.repeat(200_000 / piece.length) } })),
    links: [],
    notes: ['['.repeat(200_000)],
  });
  const drawn = await page.getByTestId('node-n0').textContent();
  assert.ok(drawn.length > 9_000 && drawn.length <= 10_100, `${drawn.length} characters are drawn`);
  await page.getByTestId('tab-notes').click();
  await page.getByTestId('tab-problems').click();
  await page.getByTestId('problem').first().waitFor();
  assert.equal((await ask(page, 'scene')).nodes[0].properties.Text.length, 200_000, 'what was written is kept');
});
