// Building from nothing, with a mouse: drag in, connect, set, press play, and see it happen.

import { test } from 'node:test';
import assert from 'node:assert/strict';
import { screenshot } from './harness.mjs';
import {
  ask, card, carry, choose, connect, draw, drawnNodes, eventually, factCount, headline, middle, notice, openEmpty,
  place, seesNodes, set,
} from './hands.mjs';

const linksOf = async (page) => (await ask(page, 'scene')).links.map(({ from, to, type }) => `${from} ${type} ${to}`);

const propertiesOf = async (page, id) => (await ask(page, 'scene')).nodes.find((node) => node.id === id).properties;

const tracedFacts = (page) => page.getByTestId('trace-row').locator('.trace-fact').allTextContents();

/** Presses play and lets virtual time run fast. */
async function playFast(page) {
  await page.getByTestId('speed').selectOption('10');
  await page.getByRole('button', { name: 'Play (Space)' }).click();
}

/** How many pixels of the canvas of messages are painted. */
const paintedPixels = (page) => page.evaluate(() => {
  const [dots, dense] = ['dots', 'dense'].map((id) => {
    const canvas = document.getElementById(id);
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width || 1, canvas.height || 1);
    return data.reduce((count, value, index) => count + (index % 4 === 3 && value > 0 ? 1 : 0), 0);
  });
  return dots + dense;
});

test('a new scene is empty and says how to begin', async (t) => {
  const page = await openEmpty(t);
  await seesNodes(page, []);
  assert.match(await page.getByTestId('empty').innerText(), /Drag something in, connect it, press play/);
  // What was there is one step back: nothing is lost by looking for a clean table.
  await page.getByTestId('undo').click();
  await eventually(() => drawnNodes(page), (nodes) => nodes.includes('checkout'), 'undo brings it all back');
});

test('drag a producer, a queue and a worker in, connect them, set them, press play, and watch', async (t) => {
  const page = await openEmpty(t);
  const producer = await place(page, 'producer', 160, 160);
  const queue = await place(page, 'sqs-queue', 480, 160);
  const worker = await place(page, 'worker', 800, 160);
  await seesNodes(page, [producer, queue, worker]);
  await connect(page, producer, queue);
  await connect(page, queue, worker);
  assert.deepEqual(await linksOf(page), [`${producer} Send ${queue}`, `${queue} Poll ${worker}`]);

  await set(page, producer, 'Rate', '5/s');
  assert.equal((await propertiesOf(page, producer)).Rate, '5/s');
  await set(page, queue, 'VisibilityTimeout', '45');
  assert.equal((await propertiesOf(page, queue)).VisibilityTimeout, 45);

  await playFast(page);
  // Five a second against one a second: the queue has to grow.
  await eventually(() => headline(page, queue), (count) => count > 10, 'messages wait in the queue');
  await eventually(() => headline(page, worker), (count) => count > 2, 'the worker has processed some');
  await eventually(() => tracedFacts(page), (facts) => facts.includes('MessageDeleted'), 'the trace tells of it');
  assert.match(await page.getByTestId(`node-${queue}`).getAttribute('aria-label'), /SQS queue: \d+ visible/);
  assert.ok(await paintedPixels(page) > 100, 'messages are painted');

  await choose(page, queue);
  const live = page.getByTestId('metric-ApproximateNumberOfMessagesVisible').locator('.metric-value');
  await eventually(() => live.textContent(), (text) => Number(text) > 10, 'the inspector counts along');
  await screenshot(page, 'build-queue');
  const { messages } = await ask(page, 'report');
  assert.ok(messages.consumed > 0 && messages.stored > 10, 'the report agrees');
});

test('what is set in the inspector takes effect while it plays', async (t) => {
  const page = await openEmpty(t);
  const producer = await place(page, 'producer', 160, 160);
  const queue = await place(page, 'sqs-queue', 480, 160);
  await connect(page, producer, queue);
  await playFast(page);
  await eventually(() => headline(page, queue), (count) => count > 3, 'it plays');
  const { [producer]: before } = (await ask(page, 'report')).nodes;
  await set(page, producer, 'Rate', '100/s');
  await eventually(
    async () => (await ask(page, 'report')).nodes[producer].Produced,
    (produced) => produced > before.Produced + 300,
    'the producer is faster without a new start',
  );
});

test('a schedule takes any zone of the IANA database, offered while somebody types, and says which was meant', async (t) => {
  const page = await openEmpty(t);
  const schedule = await place(page, 'schedule', 400, 200);
  const zone = async () => (await propertiesOf(page, schedule)).ScheduleExpressionTimezone;
  await set(page, schedule, 'ScheduleExpressionTimezone', 'Asia/Kathmandu');
  assert.equal(await zone(), 'Asia/Kathmandu');
  await set(page, schedule, 'ScheduleExpressionTimezone', 'Australia/Lord_How');
  await page.locator('.field-error').filter({ hasText: 'the nearest is Australia/Lord_Howe' }).waitFor();
  assert.equal(await zone(), 'Asia/Kathmandu', 'what is no zone is not taken');
  const field = page.getByTestId('field-ScheduleExpressionTimezone');
  const offered = await field.evaluate((input) => [...input.list.options].map((option) => option.value));
  assert.ok(offered.length > 590 && offered.includes('US/Eastern'), `${offered.length} names`);
});

test('fan out: a topic to a queue, a function and an endpoint', async (t) => {
  const page = await openEmpty(t);
  const producer = await place(page, 'producer', 140, 260);
  const topic = await place(page, 'sns-topic', 400, 260);
  const queue = await place(page, 'sqs-queue', 720, 100);
  const lambda = await place(page, 'lambda-function', 720, 260);
  const endpoint = await place(page, 'endpoint', 720, 420);
  await connect(page, producer, topic);
  for (const end of [queue, lambda, endpoint]) await connect(page, topic, end);
  const subscription = 'AWS::SNS::Subscription';
  assert.deepEqual((await linksOf(page)).slice(1), [queue, lambda, endpoint].map((end) => `${topic} ${subscription} ${end}`));
  // Drawn into a run, the endpoint's subscription waits to be confirmed; a run that begins with it has it confirmed.
  await page.getByTestId('restart').click();
  await playFast(page);
  for (const end of [topic, queue, lambda, endpoint]) {
    await eventually(() => headline(page, end), (count) => count > 0, `${end} gets its copies`);
  }
  await screenshot(page, 'build-topic');
  const { messages, nodes } = await ask(page, 'report');
  // Two copies more than messages that were fanned out.
  assert.equal(messages.copied, 3 * nodes[topic].NumberOfMessagesPublished);
});

test('a shard joins the stream it is dropped on, and makes a stream on empty canvas', async (t) => {
  const page = await openEmpty(t);
  const producer = await place(page, 'producer', 140, 200);
  const stream = await place(page, 'kinesis-stream', 420, 200);
  const before = (await propertiesOf(page, stream)).ShardCount ?? 1;
  await carry(page, 'shard', 420, 200);
  assert.equal((await propertiesOf(page, stream)).ShardCount, before + 1);
  await seesNodes(page, [producer, stream], 'no node of its own');
  await page.getByTestId('undo').click();
  assert.equal((await propertiesOf(page, stream)).ShardCount ?? 1, before, 'one step');
  await page.getByTestId('redo').click();
  const single = await place(page, 'shard', 420, 480);
  await seesNodes(page, [producer, stream, single]);
  assert.equal((await propertiesOf(page, single)).ShardCount, 1);

  const worker = await place(page, 'worker', 800, 120);
  const lambda = await place(page, 'lambda-function', 800, 300);
  await connect(page, producer, stream);
  await connect(page, stream, worker);
  await connect(page, stream, lambda);
  assert.deepEqual((await linksOf(page)).slice(1), [
    `${stream} Poll ${worker}`, `${stream} AWS::Lambda::EventSourceMapping ${lambda}`,
  ]);
  await set(page, producer, 'PartitionKey', '{{key 8}}');
  await playFast(page);
  await eventually(() => headline(page, worker), (count) => count > 2, 'the worker reads the stream');
  const { nodes } = await eventually(
    () => ask(page, 'report'),
    (report) => report.nodes[lambda].Invocations > 2,
    'and so does the function',
  );
  assert.ok(nodes[stream].IncomingRecords > 2);
  await screenshot(page, 'build-stream');
});

test('an event bus with a rule: what matches reaches the target, what does not stays out', async (t) => {
  const page = await openEmpty(t);
  const producer = await place(page, 'producer', 120, 200);
  const bus = await place(page, 'event-bus', 360, 200);
  const rule = await place(page, 'event-rule', 620, 200);
  const queue = await place(page, 'sqs-queue', 890, 200);
  await connect(page, producer, bus);
  await connect(page, bus, rule);
  await connect(page, rule, queue);
  await set(page, producer, 'Payload', '{ "amount": "{{int 1 10}}" }');
  await set(page, rule, 'EventPattern', '{ "source": ["shop"], "detail": { "amount": [{ "numeric": [">", 5] }] } }');
  assert.deepEqual((await propertiesOf(page, rule)).EventPattern.source, ['shop']);
  await playFast(page);
  await eventually(() => headline(page, queue), (count) => count > 3, 'events that match arrive');
  const facts = await eventually(
    () => page.getByTestId('trace').innerText(),
    (text) => /amount \S+ is not > 5/.test(text),
    'the trace says why an event did not match',
  );
  assert.ok(facts.includes(rule));
  const { nodes } = await ask(page, 'report');
  const { MatchedEvents: matched } = nodes[rule];
  assert.ok(matched > 3 && matched < nodes[producer].Produced, `${matched} of ${nodes[producer].Produced} match`);
  await screenshot(page, 'build-bus');
});

test('a queue drawn to a queue is its dead-letter queue, and what fails ends there', async (t) => {
  const page = await openEmpty(t);
  const producer = await place(page, 'producer', 140, 140);
  const queue = await place(page, 'sqs-queue', 460, 140);
  const failed = await place(page, 'sqs-queue', 460, 400);
  const worker = await place(page, 'worker', 800, 140);
  await connect(page, producer, queue);
  await connect(page, queue, worker);
  await draw(page, queue, failed);
  await page.locator(`[data-link="${queue}~RedrivePolicy"]`).waitFor({ state: 'attached' });
  assert.deepEqual((await propertiesOf(page, queue)).RedrivePolicy, { deadLetterTargetArn: failed, maxReceiveCount: 3 });
  await set(page, queue, 'VisibilityTimeout', '2');
  await set(page, worker, 'FailureRate', '100');
  assert.equal((await propertiesOf(page, worker)).FailureRate, 1);
  await playFast(page);
  await eventually(() => headline(page, failed), (count) => count > 0, 'what fails three times is put aside');
  assert.ok((await ask(page, 'report')).messages.deadLettered > 0);
});

test('what AWS cannot connect is refused, and the sentence says what would do', async (t) => {
  const page = await openEmpty(t);
  const producer = await place(page, 'producer', 140, 140);
  const queue = await place(page, 'sqs-queue', 460, 140);
  const worker = await place(page, 'worker', 800, 140);
  const bus = await place(page, 'event-bus', 140, 420);
  const other = await place(page, 'event-bus', 460, 420);
  const rule = await place(page, 'event-rule', 800, 420);

  // While the line is in hand: the reason stands beside the pointer, legal cards are lit, others dimmed.
  await draw(page, worker, producer, { hold: true });
  const reason = page.getByTestId('refusal');
  await reason.waitFor();
  assert.match(await reason.innerText(), /A Worker cannot be connected to a Producer\. It can go to: .*SQS queue/);
  assert.match(await page.getByTestId(`node-${queue}`).getAttribute('class'), /\blit\b/);
  assert.match(await page.getByTestId(`node-${producer}`).getAttribute('class'), /\bdimmed\b/);
  await page.mouse.up();
  await notice(page, 'A Worker cannot be connected to a Producer');

  for (const [from, to, sentence] of [
    [producer, worker, /A Producer cannot be connected to a Worker/],
    [queue, producer, /An? SQS queue cannot be connected to a Producer/],
    [bus, queue, /An? Event bus cannot be connected to an? SQS queue\. It can go to: Event rule/],
  ]) {
    await draw(page, from, to);
    await notice(page, sentence);
  }
  assert.deepEqual(await linksOf(page), []);

  await connect(page, bus, rule);
  await draw(page, other, rule);
  await notice(page, /a rule has one event bus/);
  await draw(page, bus, rule);
  await notice(page, /already/);
  assert.equal((await linksOf(page)).length, 1);
});

test('a line let go over nothing asks what should stand there, and Escape leaves it', async (t) => {
  const page = await openEmpty(t);
  const producer = await place(page, 'producer', 140, 140);
  const port = await middle(page.getByTestId(`port-${producer}`));
  await page.mouse.move(port.x, port.y);
  await page.mouse.down();
  await page.mouse.move(port.x + 150, port.y + 150, { steps: 4 });
  await page.mouse.up();
  await page.locator('[data-testid=chooser-field]:focus').waitFor();
  await page.keyboard.press('Escape');
  await page.getByTestId('chooser').waitFor({ state: 'detached' });
  assert.deepEqual(await linksOf(page), []);
  assert.deepEqual(await drawnNodes(page), [producer]);
});

test('what is carried and put back on the palette is not placed', async (t) => {
  const page = await openEmpty(t);
  const item = await middle(page.getByTestId('palette-sqs-queue'));
  const canvas = await middle(page.getByTestId('canvas'));
  await page.mouse.move(item.x, item.y);
  await page.mouse.down();
  await page.mouse.move(canvas.x, canvas.y, { steps: 4 });
  await page.locator('.ghost-card').waitFor();
  await page.mouse.move(item.x, item.y + 60, { steps: 4 });
  await page.mouse.up();
  await page.locator('.ghost-card').waitFor({ state: 'detached' });
  await seesNodes(page, []);
  assert.equal(await factCount(page), 0);
});

test('a click on the palette places it in the middle', async (t) => {
  const page = await openEmpty(t);
  await page.getByTestId('palette-sns-topic').click();
  const topic = await middle(card(page, 'topic'));
  const canvas = await middle(page.getByTestId('canvas'));
  assert.ok(Math.hypot(topic.x - canvas.x, topic.y - canvas.y) < 6, 'in the middle of the canvas');
});
