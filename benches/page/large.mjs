// Large scenes: how smoothly five thousand nodes pan, zoom and drag; how soon a dragged node follows the hand, beside React
// Flow; and how soon the page answers keys and clicks while it plays.

const SCENE_NODES = 5_000;
const HANDS_MS = 3_000;
export const DRAG_NODES = 1_000;
const MESSAGES = 10_000;
const DRAG_STEPS = 150;

/** Five thousand nodes and as many links, under three hands. */
export async function fiveThousand(page, { framesOver, say }) {
  await load(page, field(SCENE_NODES));
  const canvas = await page.locator('#canvas').boundingBox();
  const [x, y] = [canvas.x + canvas.width / 2, canvas.y + canvas.height / 2];
  const hands = {
    pan: async (step) => page.mouse.wheel(30 * Math.sin(step / 9), 20 * Math.cos(step / 7)),
    zoom: async (step) => {
      await page.keyboard.down('Control');
      await page.mouse.wheel(0, 12 * Math.sin(step / 6));
      await page.keyboard.up('Control');
    },
  };
  await page.mouse.move(x, y);
  for (const [name, hand] of Object.entries(hands)) {
    console.log(`${SCENE_NODES} nodes, ${name}: ${say(await under(page, hand, framesOver))}`);
  }
  await page.keyboard.press('1');
  await page.evaluate(() => window.decoupled.pause());
  const node = await nearest(page, x, y);
  await page.mouse.move(node.x, node.y);
  await page.mouse.down();
  const drag = async (step) => page.mouse.move(node.x + 120 * Math.sin(step / 20), node.y + 80 * Math.cos(step / 17));
  console.log(`${SCENE_NODES} nodes, drag: ${say(await under(page, drag, framesOver))}`);
  await page.mouse.up();
}

async function under(page, hand, framesOver) {
  let goesOn = true;
  const work = (async () => {
    for (let step = 0; goesOn; step += 1) await hand(step);
  })();
  const times = await framesOver(page, HANDS_MS);
  goesOn = false;
  await work;
  return times;
}

/** From the hand's move to the end of the frame that shows the node elsewhere, while messages move. */
export async function dragLatency(page) {
  await load(page, { ...field(DRAG_NODES), messages: true });
  const travelling = await page.evaluate(async () => {
    await window.decoupled.runUntil('12s');
    await window.decoupled.play();
    return (await window.decoupled.report()).messages.travelling;
  });
  if (travelling < MESSAGES) throw new Error(`${travelling} messages are on their way, not ${MESSAGES}`);
  return follow(page, '#nodes [data-node]', ['transform', 'x']);
}

/** The same hand on React Flow's page. */
export async function dragLatencyOfFlow(page) {
  return follow(page, '.react-flow__node', ['style']);
}

async function follow(page, selector, attributes) {
  const size = page.viewportSize();
  const node = await nearest(page, size.width / 2, size.height / 2, selector);
  await page.evaluate(([all, names, x, y]) => {
    const node = document.elementFromPoint(x, y).closest(all);
    window.latencies = [];
    let [asked, changed] = [0, false];
    addEventListener('pointermove', () => { asked ||= performance.now(); }, true);
    new MutationObserver(() => { changed = asked > 0; }).observe(node, { attributes: true, attributeFilter: names, subtree: true });
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      if (changed) window.latencies.push(performance.now() - asked);
      if (changed) [asked, changed] = [0, false];
    };
    const frame = () => {
      // Comes when the frame has been drawn.
      channel.port2.postMessage(null);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }, [selector, attributes, node.x, node.y]);
  await page.mouse.move(node.x, node.y);
  await page.mouse.down();
  for (let step = 0; step < DRAG_STEPS; step += 1) {
    await page.mouse.move(node.x + 3 * step, node.y + 60 * Math.sin(step / 8));
    await page.waitForTimeout(16);
  }
  await page.mouse.up();
  const latencies = (await page.evaluate(() => window.latencies)).sort((a, b) => a - b);
  if (latencies.length < DRAG_STEPS / 4) throw new Error(`the node moved only ${latencies.length} times`);
  return latencies[Math.floor(latencies.length / 2)];
}

/**
 * Interaction to Next Paint as the browser counts it (https://web.dev/articles/inp): of each press the longest of its
 * events, and of all presses the worst but one in fifty. A press every 100 ms, then without any pause between them.
 */
export async function interactions(page) {
  for (const pause of [100, 0]) {
    const durations = await tour(page, pause);
    const worst = durations[Math.floor(durations.length / 50)];
    console.log(`keys and clicks while it plays, ${pause} ms apart: INP ${worst} ms, the longest ${durations[0]} ms of ${durations.length}`);
  }
}

/** How long each press took, the longest first. */
async function tour(page, pause) {
  await page.evaluate(() => {
    window.taken = new Map();
    window.counted = performance.interactionCount;
    const note = ({ duration, interactionId }) => {
      if (interactionId) window.taken.set(interactionId, Math.max(duration, window.taken.get(interactionId) ?? 0));
    };
    // What is shorter than 16 ms is not told.
    new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type: 'event', durationThreshold: 16 });
  });
  const canvas = await page.locator('#canvas').boundingBox();
  const act = async (press) => {
    await press();
    await page.waitForTimeout(pause);
  };
  for (let round = 0; round < 4; round += 1) {
    for (const tab of ['metrics', 'trace', 'messages', 'outline', 'problems']) await act(() => page.getByTestId(`tab-${tab}`).click());
    const cards = await page.locator('#nodes [data-node] .card').all();
    for (const card of cards.slice(0, 4)) await act(() => card.click({ position: { x: 60, y: 10 }, force: true }));
    for (const key of ['Control+d', 'ArrowRight', 'Delete', 'Control+z', 'Control+z', '1', '+', '-', '/', 'Escape']) {
      await act(() => page.keyboard.press(key));
    }
    await act(() => page.mouse.click(canvas.x + 30, canvas.y + canvas.height - 60, { button: 'right' }));
    await act(() => page.keyboard.press('Escape'));
  }
  await page.waitForTimeout(500);
  const [taken, count] = await page.evaluate(() => [[...window.taken.values()], performance.interactionCount - window.counted]);
  return [...taken, ...Array(Math.max(0, count - taken.length)).fill(16)].sort((a, b) => b - a);
}

async function load(page, { messages, ...scene }) {
  await page.evaluate((text) => window.decoupled.load(text), JSON.stringify({ ...scene, ...(messages && crowded(scene)) }));
}

/** The middle of the node nearest to a point. */
function nearest(page, x, y, selector = '#nodes [data-node]') {
  return page.evaluate(([all, toX, toY]) => {
    const middles = [...document.querySelectorAll(all)].map((element) => {
      const box = (element.querySelector('.card') ?? element).getBoundingClientRect();
      return { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 12) };
    });
    const far = (middle) => Math.hypot(middle.x - toX, middle.y - toY);
    return middles.reduce((best, middle) => (far(middle) < far(best) ? middle : best));
  }, [selector, x, y]);
}

/** Producers and queues side by side, each sending to the next. */
function field(count) {
  const columns = Math.ceil(Math.sqrt(count / 2)) * 2;
  const nodes = Array.from({ length: count }, (_, index) => ({
    id: `n${index}`,
    type: index % 2 ? 'AWS::SQS::Queue' : 'Decoupled::Producer',
    at: [(index % columns) * 260, Math.floor(index / columns) * 140],
    properties: index % 2 ? {} : { Rate: '1/m' },
  }));
  // Each producer sends to the queue beside it and to the next one.
  const links = Array.from({ length: count }, (_, index) => {
    const from = index - (index % 2);
    return { id: `l${index}`, from: `n${from}`, to: `n${(from + 1 + (index % 2) * 2) % count}`, type: 'Send' };
  });
  return { version: 1, name: 'field', seed: 1, network: 'instant', nodes, links };
}

/** The same with ten thousand messages under way. */
function crowded({ nodes, links }) {
  const each = MESSAGES / links.length;
  return {
    nodes: nodes.map((node) => (node.type === 'Decoupled::Producer' ? { ...node, properties: { Rate: `${Math.ceil(each / 10)}/s` } } : node)),
    links: links.map((link) => ({ ...link, latency: '11s' })),
  };
}
