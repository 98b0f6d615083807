//! A lane of a queue's mapping at work: it polls, gathers a batch, and has the function invoked with it.

use super::fact::Fact;
use super::invocation::Origin;
use super::lane::Doing;
use super::mapping::PAUSE;
use super::model::{Model, Timer};
use crate::engine::{LinkId, MICROS_PER_SECOND, seconds};
use crate::services::sqs::api::{Receipt, Received, Request, Response};
use crate::services::{self, ApiError, Cx, Deadline, Door, EntryIds};

/// Long polling: with any window, a batch may wait for a poll that long (SQS-44).
const WAIT_SECONDS: u64 = 20;
const POLL: Deadline = Deadline::SERVICE.and(seconds(WAIT_SECONDS));
/// Messages of one receive (SQS-14) and of one batch of deletes (SQS-9).
const PER_CALL: usize = 10;

impl Model {
    /// The lane's next poll; a lane too many closes instead.
    pub(super) fn poll(&mut self, link: LinkId, lane: usize, cx: &mut Cx<'_>) {
        let (is_down, now) = (cx.is_down(), cx.now());
        let Some(mapping) = self.queue(link) else { return };
        if is_down {
            return;
        }
        if mapping.open() > mapping.scaling.allowed && mapping.lanes[lane].batch.len() == 0 {
            mapping.lanes[lane].doing = Doing::Closed;
            return;
        }
        let at = mapping.scaling.next_poll(lane, now);
        if at > now {
            mapping.lanes[lane].doing = Doing::Spacing(cx.wake_at(at, Timer::LaneResumes { link, lane }));
        } else {
            self.receive(link, lane, cx);
        }
    }

    fn receive(&mut self, link: LinkId, lane: usize, cx: &mut Cx<'_>) {
        let timeout = self.config.timeout;
        let Some(mapping) = self.queue(link) else { return };
        let missing = mapping.config.batch_size.saturating_sub(mapping.lanes[lane].batch.len());
        let request = Request::ReceiveMessage {
            max: missing.clamp(1, PER_CALL) as u64,
            wait_seconds: Some(WAIT_SECONDS),
            visibility_timeout: mapping.own_visibility(timeout).map(|hidden| hidden / MICROS_PER_SECOND),
        };
        let call = cx.call_within(&mapping.route, request.into(), Vec::new(), POLL);
        mapping.lanes[lane].doing = Doing::Receiving { call, since: cx.now() };
    }

    pub(super) fn pause_lane(&mut self, link: LinkId, lane: usize, cx: &mut Cx<'_>) {
        let Some(mapping) = self.queue(link) else { return };
        mapping.lanes[lane].doing = Doing::Pausing(cx.wake_in(PAUSE, Timer::LaneResumes { link, lane }));
    }

    pub(super) fn lane_resumes(&mut self, link: LinkId, lane: usize, cx: &mut Cx<'_>) {
        let Some(mapping) = self.queue(link) else { return };
        match std::mem::replace(&mut mapping.lanes[lane].doing, Doing::Idle) {
            Doing::Throttled(_) => self.offer(link, lane, cx),
            Doing::Spacing(_) => self.receive(link, lane, cx),
            _ => self.flush_or_poll(link, lane, cx),
        }
    }

    pub(super) fn lane_answered(
        &mut self,
        link: LinkId,
        lane: usize,
        call: u64,
        result: Result<services::Response, ApiError>,
        cx: &mut Cx<'_>,
    ) {
        let Some(mapping) = self.queue(link) else { return };
        match (&mut mapping.lanes[lane].doing, result) {
            (Doing::Deleting(calls), result) => {
                calls.retain(|other| *other != call);
                let is_done = calls.is_empty();
                if let Err(error) = result {
                    cx.fact(Fact::DeleteFailed { code: error.code }, None);
                }
                if is_done {
                    self.go_on(link, lane, cx);
                }
            }
            (_, Ok(services::Response::Sqs(Response::ReceiveMessage { received, .. }))) if !received.is_empty() => {
                self.gather(link, lane, received, cx);
            }
            // An empty answer that came at once must not be asked for again at once.
            (Doing::Receiving { since, .. }, Ok(_)) if cx.now() - *since >= PAUSE => self.found_nothing(link, lane, cx),
            (_, result) => {
                if let Err(error) = result {
                    cx.fact(Fact::PollFailed { code: error.code }, None);
                }
                self.pause_lane(link, lane, cx);
            }
        }
    }

    fn found_nothing(&mut self, link: LinkId, lane: usize, cx: &mut Cx<'_>) {
        let Some(mapping) = self.queue(link) else { return };
        if mapping.lanes[lane].batch.len() > 0 {
            return self.flush_or_poll(link, lane, cx);
        }
        let open = mapping.open();
        if mapping.scaling.rest(open) {
            mapping.lanes[lane].doing = Doing::Closed;
        } else {
            self.poll(link, lane, cx);
        }
    }

    /// Keeps what its filter accepts and deletes the rest (SQS-48).
    fn gather(&mut self, link: LinkId, lane: usize, received: Vec<Received>, cx: &mut Cx<'_>) {
        let now = cx.now();
        self.note_work(link, cx);
        self.metrics.polled += received.len() as u64;
        let Some(mapping) = self.queue(link) else { return };
        let bytes = received.iter().map(|one| one.message.size()).sum();
        mapping.scaling.read(lane, bytes, now);
        let (kept, refused): (Vec<_>, Vec<_>) =
            received.into_iter().partition(|one| mapping.config.filter.accepts(one, &mapping.route.peer_name));
        mapping.lanes[lane].batch.add(kept, now);
        if !refused.is_empty() {
            for one in &refused {
                cx.fact(Fact::RecordFilteredOut, Some(one.message.token));
            }
            delete(&mapping.route, refused.iter().map(|one| one.receipt), cx);
            self.metrics.filtered_out += refused.len() as u64;
        }
        self.flush_or_poll(link, lane, cx);
    }

    /// A batch goes out when it is full or its window is over (SQS-44); else the lane polls for more.
    fn flush_or_poll(&mut self, link: LinkId, lane: usize, cx: &mut Cx<'_>) {
        let Some(mapping) = self.queue(link) else { return };
        let (config, batch) = (&mapping.config, &mapping.lanes[lane].batch);
        let is_due = batch.is_full(config.batch_size) || cx.now() - batch.since >= config.window;
        if batch.len() > 0 && is_due { self.offer(link, lane, cx) } else { self.poll(link, lane, cx) }
    }

    /// Invokes the function with a batch, or keeps the batch while it is hidden from others (SQS-45).
    fn offer(&mut self, link: LinkId, lane: usize, cx: &mut Cx<'_>) {
        let (has_slot, timeout, now) = (self.has_slot(cx), self.config.timeout, cx.now());
        let Some(mapping) = self.queue(link) else { return };
        let hidden = mapping.hidden(timeout);
        let batch = &mut mapping.lanes[lane].batch;
        let Some(first) = batch.first().map(|one| one.message.clone()) else { return self.poll(link, lane, cx) };
        let is_over = hidden.is_some_and(|hidden| now - batch.since >= hidden);
        if is_over {
            batch.clear();
            cx.fact(Fact::BatchLetGo, Some(first.token));
            return self.pause_lane(link, lane, cx);
        }
        if has_slot {
            let received = batch.cut(mapping.config.batch_size);
            mapping.lanes[lane].doing = Doing::Running;
            let receipts = received.iter().map(|one| one.receipt).collect();
            let messages: Vec<_> = received.into_iter().map(|one| one.message).collect();
            self.metrics.invoked += messages.len() as u64;
            return self.invoke(Origin::Queue { link, lane, receipts }, messages, cx);
        }
        mapping.scaling.back_off();
        let key = cx.wake_in(PAUSE, Timer::LaneResumes { link, lane });
        mapping.lanes[lane].doing = Doing::Throttled(key);
        self.note_throttle(&first, cx);
    }

    /// The function is done with a batch; whatever a large receive left over is offered next.
    fn go_on(&mut self, link: LinkId, lane: usize, cx: &mut Cx<'_>) {
        let Some(mapping) = self.queue(link) else { return };
        if mapping.lanes[lane].batch.len() > 0 { self.offer(link, lane, cx) } else { self.poll(link, lane, cx) }
    }

    /// What succeeded is deleted, what failed comes back by itself; a batch that failed as a whole slows the mapping
    /// down (SQS-45), unless it reports its failures (SQS-46).
    pub(super) fn queue_batch_ended(
        &mut self,
        link: LinkId,
        lane: usize,
        done: &[Receipt],
        returned: usize,
        cx: &mut Cx<'_>,
    ) {
        let is_down = cx.is_down();
        self.metrics.failed_invoke += returned as u64;
        if returned > 0 {
            cx.fact(Fact::BatchReturned { messages: returned as u64 }, None);
        }
        let Some(mapping) = self.queue(link).filter(|_| !is_down) else { return };
        if !done.is_empty() {
            mapping.scaling.succeeded();
            cx.fact(Fact::BatchDeleted { messages: done.len() as u64 }, None);
            let calls = delete(&mapping.route, done.iter().copied(), cx);
            mapping.lanes[lane].doing = Doing::Deleting(calls);
            self.metrics.deleted += done.len() as u64;
            return;
        }
        if !mapping.config.reports_failures {
            mapping.scaling.back_off();
        }
        self.pause_lane(link, lane, cx);
    }
}

/// Deletes in batches of ten; the calls' numbers.
fn delete(route: &services::Route, receipts: impl Iterator<Item = Receipt>, cx: &mut Cx<'_>) -> Vec<u64> {
    let receipts: Vec<Receipt> = receipts.collect();
    let call = |chunk: &[Receipt]| {
        let (ids, receipts) = (EntryIds::default(), chunk.iter().copied().map(Ok).collect());
        cx.call_within(route, Request::DeleteMessageBatch { ids, receipts }.into(), Vec::new(), Deadline::SERVICE)
    };
    receipts.chunks(PER_CALL).map(call).collect()
}
