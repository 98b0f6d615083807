// State machines of the core in WebAssembly beside the npm package aws-local-stepfunctions, both in this process: whole
// executions, with the core's full history of each. Run with `cargo xtask bench peers`.
//
// Of every machine the median of the rounds counts; rounds are bounded in time.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { core, median } from './core.mjs';

const { StateMachine: Ours } = core;
const module = join(process.env.NODE_PATH, 'aws-local-stepfunctions/build/main.node.esm.js');
const { StateMachine: Theirs } = await import(pathToFileURL(module));

const ROUNDS = 7;
const ROUND_MS = 250;

/** Microseconds an execution, the median of rounds of a bounded time each. */
async function timed(run) {
  const each = [];
  await run(16);
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    let done = 0;
    while (performance.now() - start < ROUND_MS) {
      await run(16);
      done += 16;
    }
    each.push(((performance.now() - start) * 1e3) / done);
  }
  return median(each);
}

const pass = { Type: 'Pass', Parameters: { 'value.$': '$', kind: 'item' }, End: true };
const mixed = {
  StartAt: 'Begin',
  States: {
    Begin: { Type: 'Pass', Result: { kind: 'list', items: [1, 2, 3] }, Next: 'Which' },
    Which: { Type: 'Choice', Choices: [{ Variable: '$.kind', StringEquals: 'list', Next: 'Each' }], Default: 'Done' },
    Each: { Type: 'Map', ItemsPath: '$.items', ItemProcessor: { StartAt: 'One', States: { One: pass } }, Next: 'Done' },
    Done: { Type: 'Succeed' },
  },
};
const chain = { StartAt: 'P1', States: {} };
for (let place = 1; place <= 20; place += 1) {
  chain.States[`P${place}`] = { Type: 'Pass', ...(place < 20 ? { Next: `P${place + 1}` } : { End: true }) };
}

for (const [name, definition] of [['Pass, Choice, Map of 3, Succeed', mixed], ['a chain of 20 Pass states', chain]]) {
  const input = { order: 'a' };
  const ours = new Ours(JSON.stringify(definition));
  const events = ours.run(1, JSON.stringify(input));
  const mine = await timed(async (count) => ours.run(count, JSON.stringify(input)));
  ours.free();
  const machine = new Theirs({ ...definition, States: structuredClone(definition.States) });
  const other = await timed(async (count) => {
    for (let done = 0; done < count; done += 1) await machine.run(input).result;
  });
  console.log(`\n${name}, ${events} events`);
  console.log(`  ours                      ${mine.toFixed(1)} µs an execution`);
  console.log(`  aws-local-stepfunctions   ${other.toFixed(1)} µs, ${(other / mine).toFixed(1)}× ours`);
}
