// A stream of the core in WebAssembly beside the bare loop of the kernel's benchmark, in turn: records by `PutRecords`
// and `GetRecords`, events of a queue over a binary heap. Run with `cargo xtask bench peers`.

import { core, median } from './core.mjs';

const ROUNDS = 9;
const SECONDS = 50;

const stream = new core.Records();
const timed = (work) => {
  const start = performance.now();
  const count = work();
  return ((performance.now() - start) * 1e6) / count;
};
const records = stream.seconds(SECONDS);
const rounds = Array.from({ length: ROUNDS }, () => {
  const ours = timed(() => stream.seconds(SECONDS));
  const bare = timed(() => {
    core.bare_events(records);
    return records;
  });
  return { ours, bare };
});
const [ours, bare] = ['ours', 'bare'].map((name) => median(rounds.map((round) => round[name])));
const ratio = median(rounds.map((round) => round.bare / round.ours));
console.log(`PutRecords and GetRecords: ${ours.toFixed(0)} ns a record, ${Math.round(1e9 / ours).toLocaleString('en')} records/s`);
console.log(`bare loop: ${bare.toFixed(0)} ns an event; ${ratio.toFixed(2)}×`);
