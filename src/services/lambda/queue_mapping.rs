//! A mapping of a queue: pollers, each with one batch at a time (SQS-44, SQS-45, SQS-47).

use super::fact::Fact;
use super::invocation::Origin;
use super::mapping::PAUSE;
use super::model::{Model, Timer};
use crate::engine::{Key, LinkId, Micros, seconds};
use crate::services::limits::QUEUE_BATCH_SIZE_MAX;
use crate::services::sqs::api::{Receipt, Received, Request, Response};
use crate::services::{self, ApiError, Cx, Door, EntryIds, Route, whole_number};

/// Batches at a time a mapping starts with (SQS-47).
const POLLERS: usize = 5;
/// Long polling `[MODEL]`.
const WAIT_SECONDS: u64 = 20;
const BATCH_SIZE_DEFAULT: u64 = 10;

#[derive(Clone, Debug)]
pub enum Polling {
    Idle,
    Pausing(Key),
    Receiving {
        call: u64,
        since: Micros,
    },
    /// It has a batch and no slot.
    Throttled {
        received: Vec<Received>,
        since: Micros,
        key: Key,
    },
    Running,
    Deleting {
        call: u64,
    },
}

#[derive(Clone, Debug)]
pub struct QueueMapping {
    pub route: Route,
    pub pollers: Vec<Polling>,
    /// The question for the queue's visibility timeout, under way.
    pub asked: Option<u64>,
    visibility: Option<Micros>,
}

impl QueueMapping {
    #[must_use]
    pub fn new(route: Route) -> Self {
        Self { route, pollers: vec![Polling::Idle; POLLERS], asked: None, visibility: None }
    }

    fn batch_size(&self) -> u64 {
        self.route.settings.optional_integer("BatchSize").unwrap_or(BATCH_SIZE_DEFAULT).clamp(1, QUEUE_BATCH_SIZE_MAX)
    }

    /// The poller that waits for this answer.
    #[must_use]
    pub fn awaits(&self, number: u64) -> Option<(LinkId, usize)> {
        let is_awaited = |poller: &Polling| match poller {
            Polling::Receiving { call, .. } | Polling::Deleting { call } => *call == number,
            _ => false,
        };
        self.pollers.iter().position(is_awaited).map(|poller| (self.route.link, poller))
    }

    /// Forgets all that is under way; what was received comes back in the queue.
    pub fn pause(&mut self, cx: &mut Cx<'_>) {
        self.asked = None;
        for poller in &mut self.pollers {
            if let Polling::Pausing(key) | Polling::Throttled { key, .. } = std::mem::replace(poller, Polling::Idle) {
                cx.cancel(key);
            }
        }
    }

    pub fn learn(&mut self, result: Result<services::Response, ApiError>) {
        self.asked = None;
        if let Ok(services::Response::Sqs(Response::Attributes(attributes))) = result {
            self.visibility = attributes.get("VisibilityTimeout").and_then(whole_number).map(seconds);
        }
    }
}

impl Model {
    fn queue(&mut self, link: LinkId) -> Option<&mut QueueMapping> {
        self.queues.iter_mut().find(|mapping| mapping.route.link == link)
    }

    pub(super) fn start_pollers(&mut self, link: LinkId, cx: &mut Cx<'_>) {
        for poller in 0..POLLERS {
            let is_idle = |mapping: &mut QueueMapping| matches!(mapping.pollers[poller], Polling::Idle);
            // Two outages may end at one instant.
            if self.queue(link).is_some_and(is_idle) {
                self.poll(link, poller, cx);
            }
        }
    }

    fn poll(&mut self, link: LinkId, poller: usize, cx: &mut Cx<'_>) {
        if cx.is_down() {
            return;
        }
        let Some(mapping) = self.queue(link) else { return };
        let (max, wait_seconds) = (mapping.batch_size(), Some(WAIT_SECONDS));
        let request = Request::ReceiveMessage { max, wait_seconds, visibility_timeout: None };
        let call = cx.call(&mapping.route, request.into(), Vec::new());
        mapping.pollers[poller] = Polling::Receiving { call, since: cx.now() };
    }

    fn pause_poller(&mut self, link: LinkId, poller: usize, cx: &mut Cx<'_>) {
        let Some(mapping) = self.queue(link) else { return };
        mapping.pollers[poller] = Polling::Pausing(cx.wake_in(PAUSE, Timer::PollerResumes { link, poller }));
    }

    pub(super) fn poller_resumes(&mut self, link: LinkId, poller: usize, cx: &mut Cx<'_>) {
        let Some(mapping) = self.queue(link) else { return };
        match std::mem::replace(&mut mapping.pollers[poller], Polling::Idle) {
            Polling::Throttled { received, since, .. } => self.offer(link, poller, received, since, cx),
            _ => self.poll(link, poller, cx),
        }
    }

    pub(super) fn poller_answered(
        &mut self,
        link: LinkId,
        poller: usize,
        result: Result<services::Response, ApiError>,
        cx: &mut Cx<'_>,
    ) {
        let Some(mapping) = self.queue(link) else { return };
        let (was, now) = (std::mem::replace(&mut mapping.pollers[poller], Polling::Idle), cx.now());
        match (was, result) {
            (Polling::Deleting { .. }, Ok(_)) => self.poll(link, poller, cx),
            (Polling::Receiving { .. }, Ok(services::Response::Sqs(Response::ReceiveMessage { received, .. })))
                if !received.is_empty() =>
            {
                self.offer(link, poller, received, now, cx);
            }
            // An empty answer that came at once must not be asked for again at once.
            (Polling::Receiving { since, .. }, Ok(_)) if now - since >= PAUSE => self.poll(link, poller, cx),
            (was, result) => {
                if let Err(error) = result {
                    let is_receiving = matches!(was, Polling::Receiving { .. });
                    let code = error.code;
                    cx.fact(if is_receiving { Fact::PollFailed { code } } else { Fact::DeleteFailed { code } }, None);
                }
                self.pause_poller(link, poller, cx);
            }
        }
    }

    /// Invokes the function with a batch, or keeps the batch while it is hidden from others (SQS-45).
    fn offer(&mut self, link: LinkId, poller: usize, received: Vec<Received>, since: Micros, cx: &mut Cx<'_>) {
        let has_slot = self.has_slot(cx);
        let Some(mapping) = self.queue(link) else { return };
        if has_slot {
            mapping.pollers[poller] = Polling::Running;
            let receipts = received.iter().map(|one| one.receipt).collect();
            let messages = received.into_iter().map(|one| one.message).collect();
            return self.invoke(Origin::Queue { link, poller, receipts }, messages, cx);
        }
        let first = received[0].message.token;
        let is_over = mapping.visibility.is_some_and(|visibility| cx.now() - since >= visibility);
        if is_over {
            self.note_throttle(first, cx);
            cx.fact(Fact::BatchLetGo, Some(first));
            return self.pause_poller(link, poller, cx);
        }
        if mapping.asked.is_none() && (cx.now() == since || mapping.visibility.is_none()) {
            mapping.asked = Some(cx.call(&mapping.route, Request::GetQueueAttributes.into(), Vec::new()));
        }
        let key = cx.wake_in(PAUSE, Timer::PollerResumes { link, poller });
        mapping.pollers[poller] = Polling::Throttled { received, since, key };
        self.note_throttle(first, cx);
    }

    /// Success deletes the whole batch; after an error nothing is deleted (SQS-45).
    pub(super) fn queue_batch_ended(
        &mut self,
        link: LinkId,
        poller: usize,
        receipts: Vec<Receipt>,
        succeeded: bool,
        cx: &mut Cx<'_>,
    ) {
        let is_down = cx.is_down();
        let Some(mapping) = self.queue(link) else { return };
        if is_down {
            cx.fact(Fact::BatchReturned, None);
        } else if succeeded {
            cx.fact(Fact::BatchDeleted { messages: receipts.len() as u64 }, None);
            let (ids, receipts) = (EntryIds::default(), receipts.into_iter().map(Ok).collect());
            let call = cx.call(&mapping.route, Request::DeleteMessageBatch { ids, receipts }.into(), Vec::new());
            mapping.pollers[poller] = Polling::Deleting { call };
        } else {
            cx.fact(Fact::BatchReturned, None);
            self.pause_poller(link, poller, cx);
        }
    }
}
