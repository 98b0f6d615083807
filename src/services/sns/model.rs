//! The topic's state machine: publishing, fanning out, trying again.

use serde_json::{Map, Value};

use super::api::{self, Request, Response};
use super::config::Config;
use super::delivery::stop_loop;
use super::fact::Fact;
use super::filter::Sight;
use super::metrics::Metrics;
use super::subscription::Subscription;
use crate::engine::Micros;
use crate::engine::limits::LINEAGE_HOPS_MAX;
use crate::figure::Figure;
use crate::services::eventbridge::api::{Deliveries, Outcome};
use crate::services::{
    self, Answer, ApiError, Call, Caller, Cx, Door, Draft, EntryIds, LinkKind, Message, Metric, Place, Service,
    Settings,
};

/// Entries of one `PublishBatch` (SNS-6).
const ENTRIES_MAX: usize = 10;
/// Characters of a subject: fewer than 100 (SNS-7).
const SUBJECT_CHARS_MAX: usize = 99;

#[derive(Clone, Debug)]
pub enum Timer {
    /// A copy's wait for its next attempt is over.
    Retry { number: u64 },
}

#[derive(Clone)]
pub struct Model {
    config: Config,
    pub(super) subscriptions: Vec<Subscription>,
    pub(super) deliveries: Deliveries,
    pub(super) metrics: Metrics,
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;
    const GONE: &'static str = "NotFound";

    fn new(settings: &Settings) -> Self {
        Self {
            config: Config::read(settings),
            subscriptions: Vec::new(),
            deliveries: Deliveries::default(),
            metrics: Metrics::default(),
        }
    }

    fn start(&mut self, cx: &mut Cx<'_>) {
        self.rewired(cx);
    }

    /// Filters are compiled here, once, and hold at once (SNS-23). What waits for a subscription that is gone is
    /// dropped.
    fn rewired(&mut self, cx: &mut Cx<'_>) {
        let routes = cx.routes();
        let outward = routes.iter().filter(|route| route.kind == LinkKind::Subscription && route.outward);
        self.subscriptions = outward.map(Subscription::read).collect();
        let subscriptions = &self.subscriptions;
        let exists = |link| subscriptions.iter().any(|subscription| subscription.route.link == link);
        self.deliveries.keep_links(exists, "SubscriptionDeleted", cx);
    }

    fn configure(&mut self, settings: &Settings, cx: &mut Cx<'_>) {
        self.config = Config::read(settings);
        self.rewired(cx);
    }

    fn retire(&mut self, cx: &mut Cx<'_>) {
        self.deliveries.retire(cx);
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let Call { caller, request, messages } = call;
        match request {
            services::Request::Sns(Request::Publish) => self.publish(caller, messages, cx),
            services::Request::Sns(Request::PublishBatch { ids }) => self.publish_batch(caller, ids, messages, cx),
            services::Request::Sns(Request::GetTopicAttributes) => {
                let attributes = self.attributes(&cx.name());
                cx.answer(caller, Ok(Response::Attributes(attributes).into()), Vec::new());
            }
            _ => {
                let error = ApiError::client("InvalidAction", "A topic takes SNS's own API alone.");
                cx.answer(caller, Err(error), messages);
            }
        }
    }

    /// Answers of subscribers: what one accepted is no longer SNS's business (SNS-19).
    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        match self.deliveries.settle(answer, cx) {
            None => {}
            Some(Outcome::Accepted { delivery, .. }) => {
                self.metrics.delivered += 1;
                let subscription = self.name_of(&delivery);
                cx.fact(Fact::NotificationDelivered { subscription }, Some(delivery.message.token));
            }
            Some(Outcome::Failed { delivery, error }) => self.failed(delivery, &error, cx),
        }
    }

    fn wake(&mut self, Timer::Retry { number }: Timer, cx: &mut Cx<'_>) {
        let Some(delivery) = self.deliveries.due(number, cx) else { return };
        self.attempt(delivery, cx);
    }

    fn stored(&self) -> u64 {
        self.deliveries.stored()
    }

    fn metrics(&self, _now: Micros) -> Vec<(&'static str, Metric)> {
        self.metrics.list()
    }

    fn figure(&self, now: Micros) -> Figure {
        self.draw(now)
    }

    fn parse_call(&self, action: &str, input: &Value) -> Result<(services::Request, Vec<Draft>), ApiError> {
        api::parse(action, input).map(|(request, drafts)| (request.into(), drafts))
    }
}

impl Model {
    fn publish(&mut self, caller: Caller, mut messages: Vec<Message>, cx: &mut Cx<'_>) {
        let message = messages.pop().expect("Publish carries one message");
        if let Err(error) = self.check(&message) {
            cx.fact(refused_because(&error), Some(message.token));
            return cx.answer(caller, Err(error), vec![message]);
        }
        let message_id = api::message_id(&message);
        cx.answer(caller, Ok(Response::Publish { message_id }.into()), Vec::new());
        self.fan_out(message, cx);
    }

    fn publish_batch(&mut self, caller: Caller, ids: EntryIds, messages: Vec<Message>, cx: &mut Cx<'_>) {
        if let Err(error) = self.check_batch(&messages) {
            cx.fact(refused_because(&error), None);
            return cx.answer(caller, Err(error), messages);
        }
        let (mut message_ids, mut accepted, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        for message in messages {
            match self.check(&message) {
                Ok(()) => {
                    message_ids.push(Ok(api::message_id(&message)));
                    accepted.push(message);
                }
                Err(error) => {
                    cx.fact(refused_because(&error), Some(message.token));
                    message_ids.push(Err(error));
                    refused.push(message);
                }
            }
        }
        cx.answer(caller, Ok(Response::PublishBatch { ids, message_ids }.into()), refused);
        accepted.into_iter().for_each(|message| self.fan_out(message, cx));
    }

    fn check_batch(&self, messages: &[Message]) -> Result<(), ApiError> {
        if messages.is_empty() {
            return Err(ApiError::client("EmptyBatchRequest", "The batch request doesn't contain any entries."));
        }
        if messages.len() > ENTRIES_MAX {
            let text = format!("A batch has at most {ENTRIES_MAX} entries, not {}.", messages.len());
            return Err(ApiError::client("TooManyEntriesInBatchRequest", text));
        }
        if messages.iter().map(Message::size).sum::<usize>() > self.config.message_size_max {
            let text = format!("All entries together cannot be longer than {} bytes.", self.config.message_size_max);
            return Err(ApiError::client("BatchRequestTooLong", text));
        }
        Ok(())
    }

    fn check(&self, message: &Message) -> Result<(), ApiError> {
        let invalid = |text: &str| Err(ApiError::client("InvalidParameter", format!("Invalid parameter: {text}")));
        if message.body.is_empty() {
            return invalid("Empty message");
        }
        if message.size() > self.config.message_size_max {
            return invalid("Message too long");
        }
        let subject = message.meta.as_deref().and_then(|meta| meta.subject.as_deref()).unwrap_or_default();
        if subject.chars().count() > SUBJECT_CHARS_MAX || subject.contains(['\n', '\r']) {
            return invalid("Subject");
        }
        Ok(())
    }

    /// Gives each subscription its copy; the message published ends here.
    fn fan_out(&mut self, message: Message, cx: &mut Cx<'_>) {
        self.metrics.published += 1;
        if message.hops > LINEAGE_HOPS_MAX {
            return stop_loop(&message, cx);
        }
        cx.fact(Fact::MessagePublished { subscriptions: self.subscriptions.len() as u64 }, Some(message.token));
        if self.subscriptions.is_empty() {
            cx.fact(Fact::NoSubscription, Some(message.token));
        }
        let sight = Sight::new(&message);
        for place in 0..self.subscriptions.len() {
            self.notify(place, &message, &sight, cx);
        }
        cx.book(1, Place::Travelling, Place::Consumed);
    }

    fn attributes(&self, name: &str) -> Map<String, Value> {
        let attributes = [
            ("TopicArn", api::topic_arn(name)),
            ("SubscriptionsConfirmed", self.subscriptions.len().to_string()),
            ("SubscriptionsPending", "0".to_owned()),
            ("SubscriptionsDeleted", "0".to_owned()),
            ("MaximumMessageSize", self.config.message_size_max.to_string()),
        ];
        attributes.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))).collect()
    }
}

fn refused_because(error: &ApiError) -> Fact {
    Fact::RequestRefused { code: error.code, reason: error.message.clone() }
}
