//! `Publish` and `PublishBatch`: what is checked, what is accepted, and the copy for each subscription.

use super::api::{Published, Response};
use super::config::Scope;
use super::delivery::stop_loop;
use super::fact::Fact;
use super::filter::Sight;
use super::model::Model;
use super::parsing::invalid;
use super::protocol::Protocol;
use super::publication::{Publication, texts};
use super::quotas::{FIFO_TOPIC_BYTES, FIFO_TOPIC_RATE, LARGE_MESSAGE, LARGE_MESSAGE_SUBSCRIPTIONS_MAX, Quotas};
use crate::engine::limits::LINEAGE_HOPS_MAX;
use crate::services::{ApiError, Caller, Cx, Door, EntryIds, Message, Place, chunks, deduplication_key};

/// Entries of one `PublishBatch` (SNS-6).
const ENTRIES_MAX: usize = 10;
/// Characters of a subject: fewer than 100 by the documentation, which AWS itself does not keep to; 100 were seen to
/// pass and 101 to be refused (SNS-7; getmoto/moto#1503).
const SUBJECT_CHARS_MAX: usize = 100;
/// Characters of a message group id and of a deduplication id.
const FIFO_ID_CHARS_MAX: usize = 128;
/// Sequence numbers have gaps (SNS-25): the step from one to the next is drawn up to this `[MODEL]`.
const SEQUENCE_STEP_MAX: u64 = 1_000;

/// What became of a message that may be published.
enum Admitted {
    New(Published),
    /// A FIFO topic has accepted its like within five minutes (SNS-24).
    Duplicate(Published, String),
}

impl Model {
    pub(super) fn publish(&mut self, caller: Caller, mut messages: Vec<Message>, cx: &mut Cx<'_>) {
        let message = messages.pop().expect("Publish carries one message");
        let checked = self.check(&message).and_then(|()| self.admit_rate(std::slice::from_ref(&message), cx));
        match checked.and_then(|()| self.admit(&message, cx)) {
            Ok(admitted) => {
                self.metrics.billed += chunks(message.size());
                cx.answer(caller, Ok(Response::Publish(admitted.answer()).into()), Vec::new());
                self.take(message, admitted, cx);
            }
            Err(error) => {
                cx.fact(refused_because(&error), Some(message.token));
                cx.answer(caller, Err(error), vec![message]);
            }
        }
    }

    #[inline(never)] // second part
    pub(super) fn publish_batch(&mut self, caller: Caller, ids: EntryIds, messages: Vec<Message>, cx: &mut Cx<'_>) {
        if let Err(error) = self.check_batch(&messages).and_then(|()| self.admit_rate(&messages, cx)) {
            cx.fact(refused_because(&error), None);
            return cx.answer(caller, Err(error), messages);
        }
        let (mut results, mut accepted, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        for message in messages {
            match self.check(&message).and_then(|()| self.admit(&message, cx)) {
                Ok(admitted) => {
                    results.push(Ok(admitted.answer()));
                    accepted.push((message, admitted));
                }
                Err(error) => {
                    cx.fact(refused_because(&error), Some(message.token));
                    results.push(Err(error));
                    refused.push(message);
                }
            }
        }
        if !accepted.is_empty() {
            self.metrics.billed += chunks(accepted.iter().map(|(message, _)| message.size()).sum());
        }
        cx.answer(caller, Ok(Response::PublishBatch { ids, results }.into()), refused);
        for (message, admitted) in accepted {
            self.take(message, admitted, cx);
        }
    }

    fn check_batch(&self, messages: &[Message]) -> Result<(), ApiError> {
        if messages.is_empty() {
            return Err(ApiError::client("EmptyBatchRequest", "The batch request doesn't contain any entries."));
        }
        if messages.len() > ENTRIES_MAX {
            let text = "The batch request contains more entries than permissible.";
            return Err(ApiError::client("TooManyEntriesInBatchRequest", text));
        }
        if messages.iter().map(Message::size).sum::<usize>() > self.config.message_size_max {
            let text = "The length of all the messages put together is more than the limit.";
            return Err(ApiError::client("BatchRequestTooLong", text));
        }
        // One entry without its group refuses the whole batch, as recorded on AWS.
        messages.iter().try_for_each(|message| self.check_order(message))
    }

    fn check(&self, message: &Message) -> Result<(), ApiError> {
        let meta = message.meta.as_deref();
        if message.body.is_empty() {
            return Err(invalid("Empty message"));
        }
        if message.size() > self.config.message_size_max || !self.takes_size(message.size()) {
            return Err(invalid("Message too long"));
        }
        let subject = meta.and_then(|meta| meta.subject.as_deref());
        let wrong = |subject: &str| {
            subject.is_empty() || subject.chars().count() > SUBJECT_CHARS_MAX || subject.contains(['\n', '\r'])
        };
        if subject.is_some_and(wrong) {
            return Err(invalid("Subject"));
        }
        if meta.is_some_and(|meta| meta.per_protocol) {
            texts(&message.body).map_err(invalid)?;
        }
        self.check_order(message)
    }

    /// Above 256 KiB all subscriptions, few enough, must be queues, functions or Firehose streams (SNS-5).
    fn takes_size(&self, size: usize) -> bool {
        let fits = |protocol: Protocol| protocol.takes_large();
        size <= LARGE_MESSAGE
            || self.subscriptions.len() <= LARGE_MESSAGE_SUBSCRIPTIONS_MAX
                && self.subscriptions.iter().all(|subscription| fits(subscription.protocol))
    }

    /// The group and the deduplication id that a FIFO topic needs, and a standard one does not have (SNS-24).
    fn check_order(&self, message: &Message) -> Result<(), ApiError> {
        let meta = message.meta.as_deref();
        let group = message.message_group_id();
        let id = meta.and_then(|meta| meta.deduplication_id.as_deref());
        for (name, text) in [("MessageGroupId", group), ("MessageDeduplicationId", id)] {
            let printable = |text: &str| text.chars().all(|c| c.is_ascii_graphic());
            if text.is_some_and(|text| text.is_empty() || text.len() > FIFO_ID_CHARS_MAX || !printable(text)) {
                let text = "can only include alphanumeric and punctuation characters. 1 to 128 in length";
                return Err(invalid(format!("{name} Reason: {name} {text}")));
            }
        }
        if !self.config.fifo {
            let text = "MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is \
                        not valid for this topic type";
            return if id.is_some() { Err(invalid(text)) } else { Ok(()) };
        }
        if group.is_none() {
            return Err(invalid("The MessageGroupId parameter is required for FIFO topics"));
        }
        if id.is_none() && !self.config.content_based_deduplication {
            let text = "The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId \
                        provided explicitly";
            return Err(invalid(text));
        }
        Ok(())
    }

    /// The quotas of the Region and of a FIFO topic: they count messages, however many a call brings (SNS-4).
    fn admit_rate(&mut self, messages: &[Message], cx: &mut Cx<'_>) -> Result<(), ApiError> {
        let (now, fifo, region) = (cx.now(), self.config.fifo, self.config.region);
        let (count, bytes) = (messages.len() as u64, messages.iter().map(Message::size).sum::<usize>() as u64);
        let by_topic = fifo && self.config.scope == Scope::Topic;
        let Quotas { own, messages, bytes: sizes, .. } = &mut self.quotas;
        let (quota, rate) = match self.config.own_publish_rate {
            Some(rate) => (own, rate),
            None => (cx.shared().accounts.topics.window(region, fifo), region.publish_rate(fifo)),
        };
        let fits = quota.has_room(count, rate, now)
            && (!by_topic
                || messages.has_room(count, FIFO_TOPIC_RATE, now) && sizes.has_room(bytes, FIFO_TOPIC_BYTES, now));
        if !fits {
            return Err(throttled());
        }
        quota.spend(count, now);
        if by_topic {
            messages.spend(count, now);
            sizes.spend(bytes, now);
        }
        Ok(())
    }

    /// Gives a FIFO topic's message its place in the order, or finds the one it repeats.
    fn admit(&mut self, message: &Message, cx: &mut Cx<'_>) -> Result<Admitted, ApiError> {
        if !self.config.fifo {
            return Ok(Admitted::New(Published { message: message.token, sequence: None }));
        }
        let now = cx.now();
        let group = message.message_group_id().expect("a message of a FIFO topic has a group");
        if !self.quotas.admit_to_group(group, now) {
            return Err(throttled());
        }
        let id = message.deduplication_id();
        let key = deduplication_key(self.config.scope == Scope::MessageGroup, group, id.clone());
        if let Some(first) = self.deduplication.find(&key, now) {
            return Ok(Admitted::Duplicate(*first, id));
        }
        self.last_sequence += 1 + cx.rng("sequence number").below(SEQUENCE_STEP_MAX);
        let first = Published { message: message.token, sequence: Some(self.last_sequence) };
        self.deduplication.remember(key, first, now);
        Ok(Admitted::New(first))
    }

    /// Gives each subscription its copy; the message published ends here.
    fn take(&mut self, message: Message, admitted: Admitted, cx: &mut Cx<'_>) {
        self.metrics.published += 1;
        self.metrics.published_size += message.size() as u64;
        let sequence = match admitted {
            Admitted::New(published) => published.sequence,
            Admitted::Duplicate(_, id) => {
                cx.fact(Fact::DuplicateAccepted { id }, Some(message.token));
                return cx.book(1, Place::Travelling, Place::Dropped("Duplicate"));
            }
        };
        if message.hops > LINEAGE_HOPS_MAX {
            return stop_loop(&message, cx);
        }
        cx.fact(Fact::MessagePublished { subscriptions: self.subscriptions.len() as u64 }, Some(message.token));
        if self.subscriptions.is_empty() {
            cx.fact(Fact::NoSubscription, Some(message.token));
        }
        let publication = Publication::new(&message, sequence, cx.now());
        self.keep_in_archive(&publication, cx);
        self.refused = None;
        let sight = Sight::new(&message, message.body.clone());
        for place in 0..self.subscriptions.len() {
            self.notify_in_its_words(place, &publication, &sight, cx);
        }
        cx.book(1, Place::Travelling, Place::Consumed);
    }

    /// Where each protocol has a text of its own, the filter looks at that one.
    pub(super) fn notify_in_its_words(
        &mut self,
        place: usize,
        publication: &Publication<'_>,
        sight: &Sight<'_>,
        cx: &mut Cx<'_>,
    ) {
        if publication.is_uniform() {
            return self.notify(place, publication, sight, cx);
        }
        let text = publication.text(self.subscriptions[place].protocol);
        self.notify(place, publication, &Sight::new(publication.message, text), cx);
    }
}

impl Admitted {
    fn answer(&self) -> Published {
        match self {
            Self::New(published) | Self::Duplicate(published, _) => *published,
        }
    }
}

/// The code on the wire is not sure (SNS-4).
fn throttled() -> ApiError {
    ApiError::server("Throttling", "Rate exceeded")
}

pub(super) fn refused_because(error: &ApiError) -> Fact {
    Fact::RequestRefused { code: error.code, reason: error.message.clone() }
}
