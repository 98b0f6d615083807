//! A queue as source: one poller, and as many batches at work as it brings. What failed stays where it is, and comes
//! back when its visibility timeout ends.

use super::batch::Item;
use super::fact::Fact;
use super::model::{Model, Origin, PAUSE, Polling, Timer};
use crate::engine::{MICROS_PER_SECOND, Micros, seconds};
use crate::services::parts::shard_lane::PAYLOAD_MAX;
use crate::services::sqs::api::{Receipt, Request, Response};
use crate::services::{self, ApiError, Cx, Deadline, Door, EntryIds};

/// Long polling, and messages of one receive.
const WAIT_SECONDS: u64 = 20;
const PER_CALL: usize = 10;
const POLL: Deadline = Deadline::SERVICE.and(seconds(WAIT_SECONDS));
/// Batches at work at a time (EB-23): five at first, and five more each second while there is more to do.
pub(super) const CONCURRENCY_MIN: usize = 5;
const CONCURRENCY_MAX: usize = 1_250;
const CONCURRENCY_STEP: usize = 5;
const STEP_TIME: Micros = MICROS_PER_SECOND;

impl Model {
    pub(super) fn poll_queue(&mut self, cx: &mut Cx<'_>) {
        let Some(source) = self.source.clone() else { return };
        if !self.is_at_work() || !matches!(self.polling, Polling::Idle) {
            return;
        }
        if self.batches.len() >= self.allowed {
            let grows = self.grown + STEP_TIME;
            if cx.now() < grows || self.allowed >= CONCURRENCY_MAX {
                let key = cx.wake_at(grows.max(cx.now() + STEP_TIME), Timer::PollAgain);
                self.polling = Polling::Full(key);
                return;
            }
            self.allowed = (self.allowed + CONCURRENCY_STEP).min(CONCURRENCY_MAX);
            self.grown = cx.now();
        }
        let missing = self.config.queue.size.saturating_sub(self.gathered.len());
        let request = Request::ReceiveMessage {
            max: missing.clamp(1, PER_CALL) as u64,
            wait_seconds: Some(WAIT_SECONDS),
            visibility_timeout: None,
        };
        self.polling = Polling::Awaiting(cx.call_within(&source, request.into(), Vec::new(), POLL));
    }

    pub(super) fn queue_answered(&mut self, result: Result<services::Response, ApiError>, cx: &mut Cx<'_>) {
        self.polling = Polling::Idle;
        match result {
            Ok(services::Response::Sqs(Response::ReceiveMessage { received, .. })) => {
                if self.gathered.is_empty() && !received.is_empty() && self.config.queue.window > 0 {
                    self.window = Some(cx.wake_in(self.config.queue.window, Timer::WindowEnds));
                }
                if received.is_empty() {
                    self.allowed = CONCURRENCY_MIN;
                }
                self.gathered.extend(received);
                if self.config.queue.window == 0 || self.gathered.len() >= self.config.queue.size {
                    self.flush(cx);
                }
                self.poll_queue(cx);
            }
            result => {
                let code = result.err().map_or("UnexpectedAnswer", |error| error.code);
                cx.fact(Fact::PollFailed { code }, None);
                self.polling = Polling::Pausing(cx.wake_in(PAUSE, Timer::PollAgain));
            }
        }
    }

    /// Filters what was gathered, and starts a batch of the rest.
    pub(super) fn flush(&mut self, cx: &mut Cx<'_>) {
        if let Some(key) = self.window.take() {
            cx.cancel(key);
        }
        let (mut items, mut receipts, mut done) = (Vec::new(), Vec::new(), Vec::new());
        let queue = self.source.as_ref().map(|source| source.peer_name.clone()).unwrap_or_default();
        for received in std::mem::take(&mut self.gathered) {
            let item = Item { message: received.message.clone(), value: received.event(&queue) };
            if self.passes(&item.value) {
                receipts.push(received.receipt);
                items.push(item);
            } else {
                self.metrics.filtered += 1;
                cx.fact(Fact::FilteredOut, Some(item.message.token));
                done.push(received.receipt);
            }
        }
        self.delete(&done, cx);
        while !items.is_empty() {
            let count = fitting(&items);
            let (later, kept) = (items.split_off(count), receipts.split_off(count));
            self.start_batch(Origin::Queue { receipts }, items, cx);
            (items, receipts) = (later, kept);
        }
    }

    pub(super) fn queue_batch_ended(
        &mut self,
        items: &[Item],
        receipts: &[Receipt],
        failed: &[usize],
        cx: &mut Cx<'_>,
    ) {
        let done: Vec<Receipt> = receipts
            .iter()
            .enumerate()
            .filter(|(place, _)| !failed.contains(place))
            .map(|(_, receipt)| *receipt)
            .collect();
        if !failed.is_empty() {
            let first = Some(items[failed[0]].message.token);
            cx.fact(Fact::BatchReturned { items: failed.len() as u64 }, first);
        }
        self.delete(&done, cx);
        if let Polling::Full(key) = self.polling {
            cx.cancel(key);
            self.polling = Polling::Idle;
        }
        self.poll_queue(cx);
    }

    fn delete(&mut self, receipts: &[Receipt], cx: &mut Cx<'_>) {
        let Some(source) = &self.source else { return };
        for chunk in receipts.chunks(PER_CALL) {
            let receipts = chunk.iter().map(|receipt| Ok(*receipt)).collect();
            let request = Request::DeleteMessageBatch { ids: EntryIds::default(), receipts };
            cx.call_within(source, request.into(), Vec::new(), Deadline::SERVICE);
        }
    }
}

/// How many of them fit into a batch of 6 MB; one at least.
fn fitting(items: &[Item]) -> usize {
    let mut bytes = 0;
    let fits = |item: &&Item| {
        bytes += item.message.size() as u64;
        bytes <= PAYLOAD_MAX
    };
    items.iter().take_while(fits).count().max(1)
}
