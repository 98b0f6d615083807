//! A stream of the core, and the bare loop it is held against, for `bare.mjs` to time.

use wasm_bindgen::prelude::wasm_bindgen;

use crate::bare::bare;
use crate::records::Stream;

/// A stream that is written and read.
#[wasm_bindgen]
pub struct Records {
    stream: Stream,
}

#[wasm_bindgen]
impl Records {
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self { stream: Stream::new() }
    }

    /// Puts and gets for so many seconds of the stream's; how many records.
    pub fn seconds(&mut self, count: u32) -> f64 {
        (0..count).map(|_| self.stream.second()).sum::<u64>() as f64
    }
}

/// So many events of a queue without kernel or service; gives something that depends on all of them.
#[wasm_bindgen]
#[must_use]
pub fn bare_events(count: u32) -> f64 {
    bare(1, u64::from(count) / 2) as f64
}
