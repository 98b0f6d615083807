// Passing a scene on: what a link opens, what it leaves alone, and what can be taken away as a file.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { DESKTOP, PHONE, TABLET, accessibilityFindings, colourCount, openPage, screenshot, server } from './harness.mjs';
import { require } from './browser.mjs';
import { ask, carry, clock, drawnNodes, eventually, gallery, openScene, sceneOf, seesNodes } from './hands.mjs';

const SHOP = sceneOf({
  shop: ['Decoupled::Producer', { Rate: '2/s', Arrivals: 'Poisson' }],
  orders: ['AWS::SQS::Queue'],
  ship: ['Decoupled::Worker'],
}, ['shop orders Send', 'orders ship Poll'], { name: 'A shop' });

const kept = (page, key) => page.evaluate((name) => localStorage.getItem(name), key);

const linkOf = (page) => page.getByTestId('share-link').inputValue();

/** The link that the dialog offers for a scene, with these boxes ticked. */
async function share(t, scene, boxes = [], until = '0s') {
  const page = await openScene(t, scene);
  await ask(page, 'runUntil', until);
  await page.getByTestId('share').click();
  for (const box of boxes) await page.getByTestId(`share-${box}`).check();
  return { page, link: await linkOf(page) };
}

/** Another person's browser at this address. */
const open = (t, link, options) => openPage(t, { path: link, ...options });

test('a link opens the scene in somebody else’s browser, standing still', async (t) => {
  const { page, link } = await share(t, SHOP);
  const sent = await ask(page, 'scene');
  const other = await open(t, link);
  assert.deepEqual(await ask(other, 'scene'), sent);
  assert.equal(await other.getByTestId('scene-name').inputValue(), 'A shop');
  assert.equal(await ask(other, 'now'), 0);
  await other.getByRole('button', { name: 'Play (Space)' }).waitFor();
});

test('a link can point at a moment and a view, and play on', async (t) => {
  const { page, link } = await share(t, SHOP, ['moment', 'view', 'plays'], '12.5s');
  assert.match(link, /#s=[\w-]+&t=12500ms&view=-?\d+,-?\d+,\d+,\d+&autoplay$/);
  const digest = await ask(page, 'digest');
  const still = await open(t, link.replace('&autoplay', ''));
  assert.equal(await ask(still, 'now'), 12_500);
  assert.equal(await ask(still, 'digest'), digest, 'the same run, to the same moment');
  await eventually(() => clock(still), (seconds) => seconds === 12.5, 'the clock says so');
  const playing = await open(t, link, { viewport: PHONE, touch: true });
  await eventually(() => ask(playing, 'now'), (now) => now > 12_600, 'it plays on from there');
});

test('the visitor’s own work is as it was, and one click away', async (t) => {
  const { link } = await share(t, SHOP);
  const page = await openScene(t, gallery.find(({ id }) => id === 'pipe').scene);
  await carry(page, 'sns-topic', 300, 450);
  await eventually(() => kept(page, 'decoupled.scene'), (text) => text?.includes('"topic"'), 'their work is kept');
  const mine = await ask(page, 'scene');
  // In the same tab, as when a link is pasted over the address.
  await page.goto(link);
  await page.getByTestId('shared-note').waitFor();
  await seesNodes(page, ['shop', 'orders', 'ship']);
  await screenshot(page, 'share-note');
  await page.getByTestId('own-work').click();
  await page.getByTestId('node-topic').waitFor();
  assert.deepEqual(await ask(page, 'scene'), mine);
  assert.equal(await kept(page, 'decoupled.copy.1'), null, 'what is only looked at is not kept');
  await page.goBack();
  await page.getByTestId('node-ship').waitFor();
});

test('whoever changes a shared scene has a copy of their own, also after a reload', async (t) => {
  const { link } = await share(t, SHOP);
  const page = await openScene(t, gallery.find(({ id }) => id === 'pipe').scene);
  await carry(page, 'sns-topic', 300, 450);
  await eventually(() => kept(page, 'decoupled.scene'), (text) => text?.includes('"topic"'), 'their work is kept');
  const mine = await kept(page, 'decoupled.scene');
  await page.goto(link);
  await page.getByTestId('shared-note').waitFor();
  await carry(page, 'event-bus', 300, 450);
  await eventually(() => kept(page, 'decoupled.copy.1'), (text) => text?.includes('"bus"'), 'the copy is kept');
  await eventually(() => page.url(), (url) => url.endsWith('#kept=1'), 'and has an address of its own');
  assert.equal(await kept(page, 'decoupled.scene'), mine);
  await page.reload();
  await page.getByTestId('node-bus').waitFor();
  // The link itself still opens as it was sent; another change of it makes another copy.
  await page.goto('about:blank');
  await page.goto(link);
  await page.getByTestId('node-ship').waitFor();
  await seesNodes(page, ['shop', 'orders', 'ship']);
  await carry(page, 'worker', 300, 450);
  await eventually(() => kept(page, 'decoupled.copy.2'), (text) => text?.includes('"worker"'), 'another copy');
  await page.getByTestId('gallery').click();
  await page.getByTestId('yours-kept=1').waitFor();
  await screenshot(page, 'share-gallery');
  assert.deepEqual(await accessibilityFindings(page, 'dialog'), []);
  await page.getByTestId('remove-1').click();
  await eventually(() => kept(page, 'decoupled.copy.1'), (text) => text === null, 'a copy can be removed');
  await page.getByTestId('yours-').click();
  await page.getByTestId('node-topic').waitFor();
});

test('a broken link says what is wrong, and the visitor’s own scene stands there', async (t) => {
  const { link } = await share(t, SHOP);
  const { origin } = await server();
  for (const [address, sentence] of [
    [link.slice(0, -40), /cut off|damaged.*Copy the whole address/],
    [`${link.slice(0, -40)}!!!`, /damaged at character/],
    [`${origin}/#s=Ag`, /version 2.*newer/],
    [`${origin}/#s=${'A'.repeat(34_000)}`, /34000 characters.*as a file/],
    [`${origin}/#gallery=nothing`, /no scene called nothing/],
    [`${origin}/#kept=7`, /no copy 7/],
    [`${origin}/#t=soon&mode=kiosk`, /"soon" is not a duration.*"kiosk" is not edit, play or embed/],
  ]) {
    const page = await open(t, address);
    await page.getByTestId('notice').filter({ hasText: sentence }).waitFor();
    await eventually(() => drawnNodes(page), (nodes) => nodes.includes('checkout'), 'the first scene');
    await page.context().close();
  }
});

test('a scene too large for an address says so, and is saved as a file', async (t) => {
  const notes = [Array.from({ length: 12_000 }, (_, at) => (at * 2_654_435_761 % 4_294_967_296).toString(36)).join(' ')];
  const page = await openScene(t, { ...SHOP, notes });
  await page.getByTestId('share').click();
  const said = page.getByTestId('share-too-long');
  assert.match(await said.innerText(), /The address is too long.*Save it as a file/s);
  const [download] = await Promise.all([page.waitForEvent('download'), said.getByRole('button').click()]);
  assert.equal(download.suggestedFilename(), 'a-shop.scene.json');
});

test('the link is copied by a click', async (t) => {
  const { page, link } = await share(t, SHOP);
  await page.getByTestId('share-link-copy').click();
  await page.getByTestId('share-link-said').filter({ hasText: 'Copied' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
  assert.match(await page.getByTestId('share-frame').inputValue(), /^<iframe src="[^"]+#s=[\w-]+&amp;mode=embed" title=/);
});

for (const [screen, viewport] of Object.entries({ desktop: DESKTOP, tablet: TABLET, phone: PHONE })) {
  for (const theme of screen === 'tablet' ? ['light'] : ['light', 'dark']) {
    test(`the dialog fits and is accessible: ${screen}, ${theme}`, async (t) => {
      const page = await openPage(t, { viewport, theme, touch: screen === 'phone' });
      await page.getByTestId('share').click();
      await page.getByTestId('share-link').waitFor();
      await screenshot(page, `share-${screen}-${theme}`);
      assert.deepEqual(await accessibilityFindings(page, 'dialog'), []);
      const wide = await page.evaluate(() => document.querySelector('dialog').scrollWidth - document.querySelector('dialog').clientWidth);
      assert.ok(wide <= 0, `${wide} px too wide`);
    });
  }
}

const HOSTILE = {
  'x"><script>alert(1)</script>': ['AWS::SQS::Queue', {}],
  "]]>&amp;<img src=x onerror='alert(1)'>": ['AWS::SNS::Topic', {}],
  'a\u0001\u202eb🧨': ['Decoupled::Producer', { Rate: '5/s', Payload: { k: '</svg><script>' } }],
};

test('the SVG is whole, safe and opens alone, whatever the scene says; the PNG shows the same', async (t) => {
  const page = await openScene(t, { ...sceneOf(HOSTILE), name: '</title><script>alert(1)</script>' });
  await ask(page, 'runUntil', '3s');
  await page.getByTestId('share').click();
  const take = async (what) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId(`share-${what}`).click()]);
    return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
  };
  const svg = await take('svg');
  assert.match(svg.name, /script.*\.svg$/);
  // A real XML parser is the judge.
  const found = await page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
    const all = [...parsed.querySelectorAll('*')];
    return {
      names: [...new Set(all.map(({ localName }) => localName))].sort(),
      attributes: [...new Set(all.flatMap((element) => element.getAttributeNames()))].sort(),
      titles: [...parsed.querySelectorAll('g > title')].map(({ textContent }) => textContent),
      text: parsed.documentElement.textContent,
    };
  }, svg.bytes.toString('utf8'));
  assert.deepEqual(found.names, ['desc', 'g', 'path', 'rect', 'svg', 'text', 'title']);
  assert.ok(found.attributes.every((name) => !name.startsWith('on') && !name.includes('href') && name !== 'style'), found.attributes.join());
  for (const id of Object.keys(HOSTILE)) assert.ok(found.titles.includes(id.replace('\u0001', '\ufffd')), id);
  assert.ok(found.text.includes('</title><script>alert(1)</script>'), 'as text');
  assert.doesNotMatch(svg.bytes.toString('utf8'), /url\(|var\(|light-dark/);
  const png = await take('png');
  assert.match(png.name, /\.png$/);
  const { width, height } = require('pngjs').PNG.sync.read(png.bytes);
  assert.ok(width > 800 && height > 300 && colourCount(png.bytes) > 20, `${width}×${height}`);
});

for (const theme of ['light', 'dark']) {
  test(`a picture looks like the page (${theme})`, async (t) => {
    const page = await openPage(t, { theme });
    await ask(page, 'runUntil', '20s');
    await page.getByTestId('share').click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('share-svg').click()]);
    const host = await server();
    host.addPage(`/picture-${theme}.svg`, readFileSync(await download.path(), 'utf8'));
    const alone = await openPage(t, { path: `picture-${theme}.svg`, started: false, allow: [/favicon/] });
    assert.ok(colourCount(await screenshot(alone, `share-picture-${theme}`)) > 30);
    const [png] = await Promise.all([page.waitForEvent('download'), page.getByTestId('share-png').click()]);
    host.addPage(`/png-${theme}.html`, `<!doctype html><title>x</title><link rel="icon" href="data:,"><style>body{margin:0}img{width:1300px}</style><img src="data:image/png;base64,${readFileSync(await png.path()).toString('base64')}">`);
    const painted = await openPage(t, { path: `png-${theme}.html`, started: false });
    await screenshot(painted, `share-png-${theme}`);
  });
}
