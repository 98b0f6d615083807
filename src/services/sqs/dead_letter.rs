//! Dead-letter queues: a message received too often moves on, lazily, at the next receive (SQS-37 … SQS-39).

use std::sync::Arc;

use super::api::{self, Request, Response};
use super::backlog::Arrival;
use super::fact::Fact;
use super::model::Model;
use super::parsing::QUEUES_LISTED_MAX;
use crate::engine::limits::LINEAGE_HOPS_MAX;
use crate::engine::{ActorId, Micros};
use crate::services::{Answer, Caller, Cx, Deadline, Door, Kind, LinkKind, Message, Page, Place, token_text};

/// What comes back if the other queue does not take it.
#[derive(Clone, Debug)]
pub struct Moving {
    pub sent: Micros,
    pub received: u32,
    pub first_received: Micros,
    pub source: Option<(ActorId, Arc<str>)>,
    /// The number of the task that moves it; none when it is dead-lettered.
    pub task: Option<u64>,
}

impl Model {
    /// Whether the next receive would exceed `maxReceiveCount` (SQS-37).
    pub(super) fn exhausted(&self, slot: u32) -> bool {
        let max = self.config.redrive.as_ref().map(|redrive| redrive.max_receive_count);
        max.is_some_and(|max| self.backlog.slots.entry(slot).received >= max)
    }

    /// Moves a message that was received too often (SQS-37); false when there is nowhere to move it.
    pub(super) fn dead_letter(&mut self, slot: u32, cx: &mut Cx<'_>) -> bool {
        let routes = cx.routes();
        let entry = self.backlog.slots.entry(slot);
        let (token, count, sent) = (entry.message.token, entry.received, entry.sent);
        let Some(route) = routes.iter().find(|route| route.kind == LinkKind::Redrive && route.outward) else {
            cx.fact(Fact::DeadLetterTargetMissing, Some(token));
            return false;
        };
        if self.backlog.slots.entry(slot).message.hops >= LINEAGE_HOPS_MAX {
            self.stop_loop(slot, cx);
            return true;
        }
        cx.fact(Fact::MessageDeadLettered { count }, Some(token));
        let entry = self.take_out(slot, Place::Travelling, cx);
        let (first_received, source) = entry.story.map_or((0, None), |story| (story.first_received, story.source));
        let request = Request::Redrive { sent, receives: count, first_received };
        let call = cx.call_within(route, request.into(), vec![entry.message], Deadline::SERVICE);
        self.moving.insert(call, Moving { sent, received: count, first_received, source, task: None });
        true
    }

    /// Queues that are each other's dead-letter queues pass a message to and fro for ever.
    fn stop_loop(&mut self, slot: u32, cx: &mut Cx<'_>) {
        let entry = self.take_out(slot, Place::Dropped("EndlessLoop"), cx);
        let (name, token) = (cx.name(), entry.message.token);
        cx.fact(Fact::EndlessLoop { hops: entry.message.hops }, Some(token));
        cx.halt(format!(
            "Message {} went from queue to dead-letter queue {LINEAGE_HOPS_MAX} times and reached {name} again: this \
             is a loop without end. Give one of these queues another RedrivePolicy, or none.",
            token_text(token)
        ));
    }

    /// Dead letters keep their receive count and do not count as sent (SQS-15, SQS-42). In a standard queue they keep
    /// their send time; in a FIFO queue it begins anew (SQS-39), and the deduplication id is the message's (SQS-38).
    #[inline(never)] // second part
    pub(super) fn take_in_dead_letters(
        &mut self,
        caller: Caller,
        messages: Vec<Message>,
        (sent, received, first_received): (Micros, u32, Micros),
        cx: &mut Cx<'_>,
    ) {
        let source = Some((caller.actor, cx.name_of(caller.actor)));
        for mut message in messages {
            cx.fact(Fact::MessageArrivedFromSource, Some(message.token));
            // Only now: what a queue that is down sends back has gone nowhere.
            message.hops = message.hops.saturating_add(1);
            cx.book(1, Place::Travelling, Place::Stored);
            let sent = if self.config.fifo { cx.now() } else { sent };
            if self.config.fifo {
                let id = api::message_id(&message);
                Arc::make_mut(message.meta.get_or_insert_default()).deduplication_id = Some(id);
            }
            let source = source.clone();
            self.store(Arrival { message, sent, received, first_received, source, returns: false }, 0, cx);
        }
        cx.answer(caller, Ok(Response::Done.into()), Vec::new());
        self.serve_waiters(cx);
    }

    /// Answers to moves: what the other queue did not take comes back to this queue as it left. It waits for the
    /// next receive; one that waits already must not move it again at once, or it would go to and fro.
    pub(super) fn moved(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        let known = self.moving.remove(answer.call);
        let unknown = || Moving { sent: cx.now(), received: 0, first_received: 0, source: None, task: None };
        let Moving { sent, received, first_received, source, task } = known.unwrap_or_else(unknown);
        for message in answer.messages {
            if cx.is_deleted() {
                cx.book(1, Place::Travelling, Place::Dropped("ResourceDeleted"));
                continue;
            }
            cx.fact(Fact::DeadLetterTargetMissing, Some(message.token));
            cx.book(1, Place::Travelling, Place::Stored);
            let source = source.clone();
            self.store(Arrival { message, sent, received, first_received, source, returns: true }, 0, cx);
        }
        if let Some(task) = task.filter(|_| !cx.is_deleted()) {
            self.move_answered(task, answer.result.err(), cx);
        }
    }

    /// The queues whose dead letters come here.
    pub(super) fn source_queues(&self, cx: &Cx<'_>) -> Vec<Arc<str>> {
        let routes = cx.routes();
        let sources = routes.iter().filter(|route| route.kind == LinkKind::Redrive && !route.outward);
        sources.filter(|route| route.peer_kind == Kind::Queue).map(|route| Arc::clone(&route.peer_name)).collect()
    }

    pub(super) fn list_source_queues(&self, page: Page, cx: &Cx<'_>) -> Response {
        let names = self.source_queues(cx).into_iter().map(|name| (&*name).into());
        Response::Shape(page.of("queueUrls", names, QUEUES_LISTED_MAX as usize))
    }
}
