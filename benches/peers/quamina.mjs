// Event patterns by the core beside the crate quamina, both in one WebAssembly program: from an event's JSON text to
// the patterns that match. Run with `cargo xtask bench peers`.
//
// Both are timed in turn, round by round, by the processor's time, and of the rounds the median counts. Where quamina answers otherwise than the
// core, or does not read a pattern, that is said instead.

import { core, median } from './core.mjs';

const ROUNDS = 9;
const ROUND_MS = 40;

/** An order that a shop has put on its bus; `n` varies what patterns ask about. */
const event = (n, more = {}) => JSON.stringify({
  version: '0', id: `6a7e8feb-b491-4cf7-a9f1-bf37034677${n}8`, 'detail-type': n % 2 ? 'Order Placed' : 'Order Paid',
  source: n % 3 ? 'shop.orders' : 'shop.returns', account: '123456789012', time: `2026-11-0${n}T18:43:48Z`, region: 'eu-west-1',
  resources: [`arn:aws:sqs:eu-west-1:123456789012:orders-${n}`],
  detail: {
    status: n % 2 ? 'paid' : 'open', invoice: `invoices/${n % 2 ? 'eu' : 'us'}/2026-11-${n}${n % 2 ? '.pdf' : '.txt'}`,
    customer: n % 2 ? 'Ada@Example.COM' : 'bob@example.com', total: n % 2 ? 142.5 : 7, address: n % 2 ? '10.0.12.7' : '10.9.12.7',
    coupon: n % 2 ? null : 'SPRING', note: n % 2 ? '' : 'ring twice', ...(n % 2 ? { gift: true } : {}),
    tags: n % 2 ? ['express', 'gift'] : ['pickup'],
    items: [{ sku: 'apple', quantity: 3 }, { sku: 'pear', quantity: n % 2 ? 4 : 1 }],
    ...more,
  },
});
const EVENTS = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => event(n));

const EXACT = 'exact';
const KINDS = {
  [EXACT]: { detail: { status: ['paid'] } },
  'exact, first field': { source: ['shop.orders'] },
  'several exact fields': { source: ['shop.orders'], 'detail-type': ['Order Placed'], detail: { status: ['paid', 'sent'] } },
  'exact, of twenty': { detail: { status: [...Array(19).keys()].map((n) => `state-${n}`).concat('paid') } },
  prefix: { detail: { invoice: [{ prefix: 'invoices/eu/' }] } },
  suffix: { detail: { invoice: [{ suffix: '.pdf' }] } },
  'anything-but': { detail: { status: [{ 'anything-but': ['open', 'void'] }] } },
  'anything-but prefix': { detail: { invoice: [{ 'anything-but': { prefix: 'invoices/us/' } }] } },
  'anything-but wildcard': { detail: { invoice: [{ 'anything-but': { wildcard: '*/us/*' } }] } },
  'numeric =': { detail: { total: [{ numeric: ['=', 142.5] }] } },
  'numeric range': { detail: { total: [{ numeric: ['>', 100, '<=', 500] }] } },
  'exists: true': { detail: { gift: [{ exists: true }] } },
  'exists: false': { detail: { gift: [{ exists: false }] } },
  'wildcard, one star': { detail: { invoice: [{ wildcard: 'invoices/eu/*' }] } },
  'wildcard, two stars': { detail: { invoice: [{ wildcard: 'invoices/*/2026-*.pdf' }] } },
  'equals-ignore-case': { detail: { customer: [{ 'equals-ignore-case': 'ada@example.com' }] } },
  'prefix, ignoring case': { detail: { customer: [{ prefix: { 'equals-ignore-case': 'ADA@' } }] } },
  cidr: { detail: { address: [{ cidr: '10.0.0.0/20' }] } },
  $or: { $or: [{ detail: { status: ['paid'] } }, { source: ['shop.returns'] }] },
  null: { detail: { coupon: [null] } },
  'empty text': { detail: { note: [''] } },
  'an array': { detail: { tags: ['gift'] } },
  'an array of objects': { detail: { items: { sku: ['pear'], quantity: [{ numeric: ['>=', 3] }] } } },
};

/** What is made to be slow, and what is usual of its kind, asked about the same event. */
const many = (count, make) => Object.fromEntries([...Array(count).keys()].map((n) => [`k${n}`, make(n)]));
const of = (test) => ({ detail: { long: [test] } });
const HOSTILE = [
  ['stars that nearly fit', of({ wildcard: '*a*ba*ab*aab*c' }), of({ wildcard: 'ab*b' }), { long: 'aab'.repeat(1000) }],
  ['a long run between stars', of({ wildcard: `*${'a'.repeat(1000)}b*` }), of({ wildcard: '*b*' }), { long: 'a'.repeat(4000) }],
  ['anything-but of 150', of({ 'anything-but': [...Array(150).keys()].map((n) => `value ${n}`) }), of({ 'anything-but': ['x'] }), { long: 'value' }],
  ['90 prefixes', { detail: { long: [...Array(90).keys()].map((n) => ({ prefix: `ab${n}` })) } }, of({ prefix: 'ab' }), { long: 'abc' }],
  ['900 branches of $or', { $or: [...Array(9).keys()].map((n) => ({ [`x${n}`]: [1] })), y: { $or: [...Array(10).keys()].map((n) => ({ [`y${n}`]: [1] })) }, z: { $or: [...Array(10).keys()].map((n) => ({ [`z${n}`]: [1] })) } },
    { $or: [{ x: [1] }, { y: [1] }] }, { long: 'x' }],
  ['arrays that multiply', { detail: { ...many(12, () => ({ x: [1], y: [{ exists: true }] })), z: ['never'] } },
    { detail: { k0: { x: [1], y: [{ exists: true }] }, z: ['never'] } }, { ...many(12, () => Array(40).fill({ x: 1, y: [1, 2, 3] })), z: 'always' }],
  ['absence in arrays that multiply', { detail: { ...many(12, () => ({ x: [1], y: [{ exists: false }] })), z: ['never'] } },
    { detail: { k0: { x: [1], y: [{ exists: false }] }, z: ['never'] } }, { ...many(12, () => Array(40).fill({ x: 1, y: [1, 2, 3] })), z: 'always' }],
];

/** Rules that share a source and differ in the state they want; events of states from all over. */
const rules = (count, test) => [...Array(count).keys()].map((n) => JSON.stringify({ source: ['shop.orders'], detail: { state: [test(n)] } }));
const ruled = (count) => [...Array(500).keys()].map((n) => event(1, { state: `state-${(n * 7919) % count}` }));
const RULES = { exact: (n) => `state-${n}`, prefix: (n) => ({ prefix: `state-${n}` }), wildcard: (n) => ({ wildcard: `state-${n}*` }) };
const COUNTS = [10, 1_000, 100_000];

/** Nanoseconds an event, of each in turn. */
function timed(...all) {
  const each = all.map(() => []);
  for (let round = 0; round <= ROUNDS; round += 1) {
    all.forEach((one, place) => {
      const start = process.cpuUsage();
      let [done, micros] = [0, 0];
      while (micros < ROUND_MS * 1000) {
        one.run(64);
        done += 64;
        micros = process.cpuUsage(start).user;
      }
      if (round > 0) each[place].push((micros * 1000) / done);
    });
  }
  return each.map(median);
}

const attempt = (make) => {
  try {
    return make();
  } catch (error) {
    return String(error).slice(0, 60);
  }
};
const text = (pattern) => [JSON.stringify(pattern)];
const ns = (time) => `${time.toFixed(0)} ns`.padStart(9);
const ratio = (number) => `${number.toFixed(2)}×`.padStart(7);

/** Compiles both and times them; says what stands against it. */
function beside(patterns, events) {
  const mine = core.Rules.ours(patterns, events);
  const theirs = attempt(() => core.Rules.theirs(patterns, events));
  if (typeof theirs === 'string') return { mine, ours: timed(mine)[0], why: `does not read it: ${theirs}` };
  const differ = mine.answers() !== theirs.answers();
  const [ours, other] = timed(mine, theirs);
  theirs.free();
  return { mine, ours, other, why: differ ? 'answers otherwise' : '' };
}

console.log(`\nevent patterns from the text of an event of ${EVENTS[0].length} bytes, ours and quamina's`);
let exact;
for (const [kind, pattern] of Object.entries(KINDS)) {
  const { mine, ours, other, why } = beside(text(pattern), EVENTS);
  mine.free();
  exact ??= ours;
  const against = other ? `${ns(other)}  ${ratio(other / ours)}` : ''.padStart(18);
  console.log(`  ${kind.padEnd(24)}${ns(ours)}${against}   speed of our exact kind ${ratio(exact / ours)}   ${why}`);
}

console.log('\nmany rules');
for (const [kind, test] of Object.entries(RULES)) {
  const sets = COUNTS.map((count) => ({ count, ...beside(rules(count, test), ruled(count)) }));
  const again = timed(...sets.map(({ mine }) => mine));
  sets.forEach(({ count, mine, ours, other, why }, place) => {
    const against = other ? `${ns(other)}  ${ratio(other / ours)}` : ''.padStart(18);
    console.log(`  ${`${count}, ${kind}`.padEnd(24)}${ns(ours)}${against}   speed of ten rules      ${ratio(again[0] / again[place])}   ${why}`);
    mine.free();
  });
}

console.log('\nhostile patterns, beside a usual one of their kind');
for (const [name, hostile, usual, more] of HOSTILE) {
  const events = [event(1, more)];
  const [slow, kind] = [hostile, usual].map((pattern) => attempt(() => core.Rules.ours(text(pattern), events)));
  if (typeof slow === 'string') {
    console.log(`  ${name.padEnd(34)}refused: ${slow}`);
    continue;
  }
  const [time, normal] = timed(slow, kind);
  console.log(`  ${name.padEnd(34)}${ns(time)}${ns(normal)}   ${ratio(normal / time)}`);
}
