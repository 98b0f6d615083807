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
        let count = fitting(self.received.iter().take(size).map(|one| one.message.size()));
        self.received.drain(..count.min(self.received.len())).collect()
    }
}

/// How many records of these sizes fit into one payload: one at least.
fn fitting(sizes: impl Iterator<Item = usize>) -> usize {
    let mut bytes = 0;
    let fits = |size: &usize| {
        bytes += size;
        bytes <= PAYLOAD_MAX
    };
    sizes.take_while(fits).count().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SQS-44: no invocation has more than 6 MB.
    #[test]
    fn a_payload_has_six_megabytes_at_most() {
        assert_eq!(fitting([1_000_000; 6].into_iter()), 6);
        assert_eq!(fitting([1_000_000; 7].into_iter()), 6);
        assert_eq!(fitting([PAYLOAD_MAX + 1, 1].into_iter()), 1);
    }
}
