//! The core in WebAssembly, for `peers/*.mjs` to time beside others and beside a bare loop.

#[path = "core/bare.rs"]
mod bare;
#[path = "core/driver.rs"]
mod driver;
#[path = "peers/machine.rs"]
mod machine;
#[path = "peers/patterns.rs"]
mod patterns;
#[path = "peers/queue.rs"]
mod queue;
#[path = "core/records.rs"]
mod records;
#[path = "peers/stream.rs"]
mod stream;

use wasm_bindgen::prelude::wasm_bindgen;

/// Bytes of memory that the program has.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen]
#[must_use]
pub fn memory_bytes() -> f64 {
    core::arch::wasm32::memory_size(0) as f64 * 65_536.0
}

fn main() {}
