// Where every text of the canvas lies, as the browser measures it: the elements' and the painted ones'.

import { eventually } from './hands.mjs';

/** Notes what is painted on the canvas of the moving things: to be called before the page is opened. */
export const notesPaintedTexts = (page) => page.addInitScript(() => {
  const { fillText, clearRect } = CanvasRenderingContext2D.prototype;
  const painted = [];
  window.paintedTexts = () => painted;
  CanvasRenderingContext2D.prototype.clearRect = function (...area) {
    if (this.canvas.id === 'dots') painted.length = 0;
    return clearRect.apply(this, area);
  };
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    if (this.canvas.id === 'dots') {
      const size = this.measureText(text);
      const { a, d, e, f } = this.getTransform();
      const ratio = this.canvas.width / this.canvas.clientWidth;
      painted.push({
        text,
        pixels: parseFloat(this.font.match(/([\d.]+)px/)[1]) * a / ratio,
        left: ((x - size.actualBoundingBoxLeft) * a + e) / ratio,
        right: ((x + size.actualBoundingBoxRight) * a + e) / ratio,
        top: ((y - size.actualBoundingBoxAscent) * d + f) / ratio,
        bottom: ((y + size.actualBoundingBoxDescent) * d + f) / ratio,
        // The badges alone have such a weight.
        badge: /^(450|500) /.test(this.font),
      });
    }
    return fillText.call(this, text, x, y);
  };
});

/** Every text on the canvas in pixels of the window, and the cards. */
export const boxes = (page) => page.evaluate(() => {
  const canvas = document.querySelector('#canvas').getBoundingClientRect();
  const box = ({ left, right, top, bottom }) => ({ left, right, top, bottom });
  const cards = [...document.querySelectorAll('#nodes [data-node]')].map((node) => (
    { id: node.dataset.node, ...box((node.querySelector('.card') ?? node).getBoundingClientRect()) }
  ));
  const texts = [...document.querySelectorAll('#world text')].flatMap((element) => {
    const text = element.textContent.trim();
    if (!text) return [];
    const { left, right, top, bottom } = element.getBoundingClientRect();
    const zoom = element.getScreenCTM().a;
    const style = getComputedStyle(element);
    const pixels = parseFloat(style.fontSize) * zoom;
    // A line is higher than its letters: from the base line, a capital and a descender.
    const [middle, half] = [(top + bottom) / 2, Math.min((bottom - top) / 2, pixels * 0.42)];
    const card = element.closest('[data-node]').dataset.node;
    return [{ text, pixels, left, right, top: middle - half, bottom: middle + half, card, title: element.querySelector('title')?.textContent }];
  });
  const painted = window.paintedTexts().map((one) => ({
    ...one,
    left: one.left + canvas.left, right: one.right + canvas.left, top: one.top + canvas.top, bottom: one.bottom + canvas.top,
  }));
  return { canvas: box(canvas), cards, texts: [...texts, ...painted] };
});

const meet = (a, b) => (
  Math.min(a.right, b.right) - Math.max(a.left, b.left) > 0.5 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 0.5
);

/** What is wrong with the texts: one over another, one over the edge of its card, one that is cut or too small. */
export function faultsOf({ canvas, cards, texts }) {
  const seen = texts.filter((text) => meet(text, canvas));
  const faults = [];
  seen.forEach((one, index) => {
    for (const other of seen.slice(index + 1)) {
      if (meet(one, other)) faults.push(`«${one.text}» over «${other.text}»`);
    }
    if (one.badge) {
      const covers = cards.find((card) => meet(one, card));
      if (covers) faults.push(`badge «${one.text}» over ${covers.id}`);
      if (one.left < canvas.left || one.right > canvas.right || one.top < canvas.top || one.bottom > canvas.bottom) faults.push(`badge «${one.text}» outside`);
    } else {
      const home = one.card ? cards.find(({ id }) => id === one.card) : cards.find((card) => meet(one, card));
      if (home) {
        const out = Math.max(home.left - one.left, one.right - home.right, home.top - one.top, one.bottom - home.bottom);
        if (out > -2) faults.push(`«${one.text}» ${out.toFixed(1)} px over the edge of ${home.id}`);
      } else if (!one.card) faults.push(`«${one.text}» in no card`);
    }
    // A pattern's prefix is written with one: `partner.…`.
    if (one.text.includes('…') && !/[./ ]…$/.test(one.text)) faults.push(`«${one.text}» is cut`);
  });
  return faults;
}

/** Waits until the numbers of the moment that is shown are written: that is done every tenth of a second. */
export async function settled(page) {
  await page.evaluate(() => new Promise((resolve) => {
    const from = performance.now();
    const next = () => (performance.now() - from > 130 ? resolve() : requestAnimationFrame(next));
    next();
  }));
}

/** The same of the panels around the canvas: texts over each other, and texts that are cut and nowhere whole. */
export const faultsOfPanels = (page) => page.evaluate(() => {
  const faults = [];
  const seen = [];
  const panels = document.querySelectorAll('.top-bar, .transport, .drawer, .inspector, .palette, .bottom-bar');
  for (const panel of panels) {
    if (!panel.checkVisibility()) continue;
    const area = panel.getBoundingClientRect();
    const walker = document.createTreeWalker(panel, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      const text = walker.currentNode.data.trim();
      if (!text || !element.checkVisibility() || element.closest('option, title, [hidden]')) continue;
      // The skip link is cut to nothing until it has the focus.
      if (getComputedStyle(element).clipPath === 'inset(50%)') continue;
      const range = document.createRange();
      range.selectNodeContents(walker.currentNode);
      // What an element around it does not show of it is not there.
      let clip = { left: area.left, right: area.right, top: area.top, bottom: area.bottom };
      const cuts = [];
      for (let around = element; around !== panel.parentElement; around = around.parentElement) {
        const style = getComputedStyle(around);
        if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
        const box = around.getBoundingClientRect();
        clip = {
          left: Math.max(clip.left, box.left), right: Math.min(clip.right, box.right),
          top: Math.max(clip.top, box.top), bottom: Math.min(clip.bottom, box.bottom),
        };
        const scrollsHere = ['auto', 'scroll'].includes(style.overflowX) || ['auto', 'scroll'].includes(style.overflowY);
        const cut = !scrollsHere && around.scrollWidth > around.clientWidth + 1 && around.clientWidth > 0;
        if (cut && around.closest('[title]') === null) cuts.push(`«${text}» is cut in ${around.className || around.tagName}`);
      }
      const before = seen.length;
      for (const line of range.getClientRects()) {
        // Line boxes are higher than their letters.
        const inset = line.height * 0.2;
        const box = {
          text, panel, node: walker.currentNode,
          left: Math.max(line.left, clip.left), right: Math.min(line.right, clip.right),
          top: Math.max(line.top + inset, clip.top), bottom: Math.min(line.bottom - inset, clip.bottom),
        };
        if (box.right - box.left > 2 && box.bottom - box.top > 2) seen.push(box);
      }
      // What nobody sees, such as what is there for screen readers alone, is not cut.
      if (seen.length > before) faults.push(...cuts);
    }
  }
  const meet = (a, b) => (
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1
  );
  seen.forEach((one, index) => {
    // A panel may lie over another; within one nothing lies over anything.
    const over = seen.slice(index + 1).find((other) => other.panel === one.panel && other.node !== one.node && meet(one, other));
    if (over) faults.push(`«${one.text}» over «${over.text}»`);
  });
  return [...new Set(faults)];
});
