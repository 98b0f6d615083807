// What the benches beside peers share: the core in WebAssembly, as `cargo xtask bench peers` has built it.

import { createRequire } from 'node:module';
import { join } from 'node:path';

export const core = createRequire(import.meta.url)(join(process.env.PEERS_WASM, 'peers.js'));

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
