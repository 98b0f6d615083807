//! A queue of the core, for `fauxqs.mjs` to time.

use std::sync::Arc;

use decoupled::lang::hex::push_hex;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::driver::Queue;

/// A queue whose messages have bodies of so many bytes.
#[wasm_bindgen]
pub struct Peer {
    queue: Queue,
    bytes: usize,
    filler: String,
    sent: u32,
}

#[wasm_bindgen]
impl Peer {
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new(backlog: u32, bytes: usize) -> Self {
        let filler = "x".repeat(bytes.saturating_sub(2 * size_of::<u32>()));
        let mut peer = Self { queue: Queue::new(), bytes, filler, sent: 0 };
        for _ in 0..backlog {
            let body = peer.body();
            peer.queue.send(&Arc::from(body));
        }
        peer
    }

    /// Every message has a body of its own.
    fn body(&mut self) -> String {
        self.sent += 1;
        let mut body = String::with_capacity(self.bytes);
        push_hex(&mut body, &self.sent.to_be_bytes());
        body.push_str(&self.filler);
        body
    }

    /// Sends, receives and deletes so many times, by the service's own types.
    pub fn cycles(&mut self, count: u32) {
        for _ in 0..count {
            let body = self.body();
            self.queue.cycle(&Arc::from(body), Some(1));
        }
    }

    /// The same in AWS's shapes, JSON in and out.
    pub fn calls(&mut self, count: u32) {
        for _ in 0..count {
            let body = self.body();
            self.queue.api_cycle(&body);
        }
    }
}
