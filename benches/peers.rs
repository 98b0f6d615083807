//! The core in WebAssembly, for `peers/*.mjs` to time beside others.

#[path = "core/driver.rs"]
mod driver;
#[path = "peers/patterns.rs"]
mod patterns;
#[path = "peers/queue.rs"]
mod queue;

use wasm_bindgen::prelude::wasm_bindgen;

/// Bytes of memory that the program has.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen]
#[must_use]
pub fn memory_bytes() -> f64 {
    core::arch::wasm32::memory_size(0) as f64 * 65_536.0
}

fn main() {}
