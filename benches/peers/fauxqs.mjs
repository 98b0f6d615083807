// A queue of the core in WebAssembly beside the npm package fauxqs, both in this process: send, receive and delete at
// several backlogs, and the memory of a queued message. Run with `cargo xtask bench peers`.
//
// fauxqs is timed at its store's own methods, at the actions of its API, and as its documentation uses it in a process:
// by requests to its server. Of every pair the median of the rounds counts; its rounds are bounded in time.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { core, median } from './core.mjs';

const { Peer, memory_bytes: memory } = core;
const fauxqs = (file) => import(pathToFileURL(join(process.env.NODE_PATH, 'fauxqs/dist', file)));
const [{ SqsStore }, { sendMessage }, { receiveMessage }, { deleteMessage }, { buildApp }] = await Promise.all([
  fauxqs('sqs/sqsStore.js'), fauxqs('sqs/actions/sendMessage.js'), fauxqs('sqs/actions/receiveMessage.js'),
  fauxqs('sqs/actions/deleteMessage.js'), fauxqs('app.js'),
]);

const BODY_BYTES = 100;
const ROUNDS = 7;
const ROUND_MS = 250;
const URL = 'http://localhost/000000000000/q';
const SIZE = 1_000_000;

const body = (number) => String(number).padStart(BODY_BYTES, 'x');

/** Nanoseconds a cycle, the median of rounds of a bounded time each. */
async function timed(cycles) {
  let count = 16;
  const each = [];
  await cycles(count);
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    let done = 0;
    while (performance.now() - start < ROUND_MS) {
      await cycles(count);
      done += count;
    }
    each.push(((performance.now() - start) * 1e6) / done);
  }
  return median(each);
}

function ours(backlog) {
  const peer = new Peer(backlog, BODY_BYTES);
  return { model: (count) => peer.cycles(count), json: (count) => peer.calls(count), free: () => peer.free() };
}

function theirs(backlog) {
  const store = new SqsStore();
  const queue = store.createQueue('q', URL, 'arn:aws:sqs:us-east-1:000000000000:q');
  let sent = 0;
  const next = () => body(sent += 1);
  for (let number = 0; number < backlog; number += 1) queue.enqueue(SqsStore.createMessage(next()));
  const app = buildApp({ logger: false, stores: { sqsStore: store, snsStore: {}, s3Store: {} } });
  const request = async (action, input) => {
    const answer = await app.inject({
      method: 'POST', url: '/', payload: JSON.stringify({ QueueUrl: URL, ...input }),
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` },
    });
    if (answer.statusCode !== 200) throw new Error(`${action}: ${answer.body}`);
    return JSON.parse(answer.body);
  };
  return {
    store(count) {
      for (let cycle = 0; cycle < count; cycle += 1) {
        queue.enqueue(SqsStore.createMessage(next()));
        queue.deleteMessage(queue.dequeue(1)[0].ReceiptHandle);
      }
    },
    async actions(count) {
      for (let cycle = 0; cycle < count; cycle += 1) {
        sendMessage({ QueueUrl: URL, MessageBody: next() }, store);
        const { Messages } = await receiveMessage({ QueueUrl: URL }, store);
        deleteMessage({ QueueUrl: URL, ReceiptHandle: Messages[0].ReceiptHandle }, store);
      }
    },
    async server(count) {
      for (let cycle = 0; cycle < count; cycle += 1) {
        await request('SendMessage', { MessageBody: next() });
        const { Messages } = await request('ReceiveMessage', {});
        await request('DeleteMessage', { ReceiptHandle: Messages[0].ReceiptHandle });
      }
    },
  };
}

const before = memory();
const large = new Peer(SIZE, BODY_BYTES);
const each = (memory() - before) / SIZE - BODY_BYTES;
large.free();
console.log(`memory of each of ${SIZE} queued messages beyond its ${BODY_BYTES} bytes of body: ${each.toFixed(0)} bytes`);

const say = (nanoseconds) => `${(nanoseconds / 1000).toFixed(2)} µs`.padStart(12);
for (const backlog of [0, 100_000, 1_000_000]) {
  const mine = ours(backlog);
  const [model, json] = [await timed(mine.model), await timed(mine.json)];
  mine.free();
  console.log(`\nsend, receive, delete at backlog ${backlog}`);
  console.log(`  ours          ${say(model)}   with JSON in and out ${say(json)}`);
  if (backlog > 100_000) continue;
  const other = theirs(backlog);
  for (const [name, against] of [['store', model], ['actions', json], ['server', json]]) {
    const time = await timed(other[name]);
    console.log(`  fauxqs ${name.padEnd(8)}${say(time)}   ${(time / model).toFixed(1)}× ours, ${(time / json).toFixed(1)}× ours with JSON`);
  }
}
