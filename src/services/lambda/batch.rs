//! What a poller has received and not yet handed to the function. A batch is handed over when it is large enough
//! in number or bytes, or when its window is over (SQS-44).

use std::collections::VecDeque;

use crate::engine::Micros;
use crate::services::sqs::api::Received;

/// Bytes of one synchronous invocation's payload (SQS-44); counted are bodies and message attributes.
const PAYLOAD_MAX: usize = 6_000_000;

#[derive(Clone, Debug, Default)]
pub struct Batch {
    received: VecDeque<Received>,
    /// When the oldest of it was received.
    pub since: Micros,
}

impl Batch {
    pub fn add(&mut self, received: impl IntoIterator<Item = Received>, now: Micros) {
        if self.received.is_empty() {
            self.since = now;
        }
        self.received.extend(received);
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.received.len()
    }

    #[must_use]
    pub fn first(&self) -> Option<&Received> {
        self.received.front()
    }

    pub fn clear(&mut self) {
        self.received.clear();
    }

    #[must_use]
    pub fn is_full(&self, size: usize) -> bool {
        self.received.len() >= size || self.bytes() > PAYLOAD_MAX
    }

    fn bytes(&self) -> usize {
        self.received.iter().map(|one| one.message.size()).sum()
    }

    /// Takes as much as one invocation may have: one record at least.
    pub fn cut(&mut self, size: usize) -> Vec<Received> {
        let mut bytes = 0;
        let fits = |one: &&Received| {
            bytes += one.message.size();
            bytes <= PAYLOAD_MAX
        };
        let count = self.received.iter().take(size).take_while(fits).count().max(1);
        self.received.drain(..count.min(self.received.len())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::Message;
    use crate::services::sqs::api::Receipt;

    /// SQS-44: 6 MB flush a batch, and no invocation has more.
    #[test]
    fn a_payload_has_six_megabytes_at_most() {
        let body = "x".repeat(1_000_000);
        let received = |token| Received {
            message: Message {
                token,
                origin: token,
                body: body.as_str().into(),
                meta: None,
                born: 0,
                hue: 0,
                hops: 0,
                poisoned: false,
            },
            receipt: Receipt { slot: 0, generation: 0, receive: 1 },
            receive_count: 1,
            sent: 0,
            first_received: 0,
        };
        let mut batch = Batch::default();
        batch.add((0..6).map(received), 5);
        assert!(!batch.is_full(100) && batch.is_full(6));
        batch.add((6..8).map(received), 9);
        assert!(batch.is_full(100));
        assert_eq!((batch.since, batch.cut(100).len(), batch.cut(1).len(), batch.len()), (5, 6, 1, 1));
    }
}
