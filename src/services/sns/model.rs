//! The topic's state machine: its calls, its subscriptions, its timers. What it does stands in a file a concept.

use std::sync::Arc;

use serde_json::Value;

use super::api::{self, Published, Request, Response};
use super::archive::Archive;
use super::config::Config;
use super::delivery::Note;
use super::fact::Fact;
use super::message_groups::MessageGroups;
use super::metrics::Metrics;
use super::parsing::invalid;
use super::prices;
use super::publish::refused_because;
use super::quotas::Quotas;
use super::subscription::Subscription;
use crate::engine::Micros;
use crate::figure::Figure;
use crate::services::{
    self, Answer, ApiError, Call, Caller, Change, Cx, Door, Draft, LinkKind, Message, Metric, RecentIds, Service,
    Settings, Usage,
};
use crate::services::{Deliveries, Outcome};

#[derive(Clone, Debug)]
pub enum Timer {
    /// A copy's wait for its next attempt is over.
    Retry {
        number: u64,
    },
    ArchiveEnds,
}

#[derive(Clone)]
pub struct Model {
    pub(super) config: Config,
    pub(super) arn: Arc<str>,
    pub(super) subscriptions: Vec<Subscription>,
    pub(super) subscriptions_deleted: u64,
    pub(super) deliveries: Deliveries<Note>,
    pub(super) groups: MessageGroups,
    pub(super) deduplication: RecentIds<Published>,
    pub(super) last_sequence: u64,
    pub(super) archive: Archive,
    pub(super) quotas: Quotas,
    pub(super) metrics: Metrics,
    /// The clause by which a filter refused its copy of the latest message, for the drawing.
    pub(super) refused: Option<String>,
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;
    const GONE: &'static str = "NotFound";

    fn new(settings: &Settings) -> Self {
        Self {
            config: Config::read(settings),
            arn: Arc::from(""),
            subscriptions: Vec::new(),
            subscriptions_deleted: 0,
            deliveries: Deliveries::default(),
            groups: MessageGroups::default(),
            deduplication: RecentIds::default(),
            last_sequence: 0,
            archive: Archive::default(),
            quotas: Quotas::default(),
            metrics: Metrics::default(),
            refused: None,
        }
    }

    fn start(&mut self, cx: &mut Cx<'_>) {
        self.connect(true, cx);
    }

    fn rewired(&mut self, cx: &mut Cx<'_>) {
        self.connect(false, cx);
    }

    fn configure(&mut self, settings: &Settings, cx: &mut Cx<'_>) {
        let before = std::mem::replace(&mut self.config, Config::read(settings));
        for name in self.config.keep_fixed(&before) {
            cx.fact(Fact::PropertyIsFixed { name }, None);
        }
        self.watch_archive(cx);
        self.connect(false, cx);
    }

    fn retire(&mut self, cx: &mut Cx<'_>) {
        self.deliveries.retire(cx);
        self.groups.keep_links(|_| false, "ResourceDeleted", cx);
        self.close_archive(cx);
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let Call { caller, request, messages } = call;
        let services::Request::Sns(request) = request else {
            let error = ApiError::client("InvalidAction", "A topic takes SNS's own API alone.");
            return cx.answer(caller, Err(error), messages);
        };
        match request {
            Request::Publish => self.publish(caller, messages, cx),
            Request::PublishBatch { ids } => self.publish_batch(caller, ids, messages, cx),
            Request::ConfirmSubscription { token } => self.confirm(caller, &token, cx),
            other => self.administer(caller, other, cx),
        }
    }

    /// Answers of subscribers: what one accepted is no longer SNS's business (SNS-19).
    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        match self.deliveries.settle(answer, cx) {
            None => {}
            Some(Outcome::Accepted { delivery, .. }) => self.delivered(&delivery, cx),
            Some(Outcome::Failed { delivery, error }) => self.failed(delivery, &error, cx),
        }
    }

    fn wake(&mut self, timer: Timer, cx: &mut Cx<'_>) {
        match timer {
            Timer::Retry { number } => match self.deliveries.due(number, cx) {
                Some(delivery) if delivery.note.placed => self.attempt(delivery, cx),
                Some(delivery) => self.launch(delivery, cx),
                None => {}
            },
            Timer::ArchiveEnds => self.archive_ends(cx),
        }
    }

    fn stored(&self) -> u64 {
        self.deliveries.stored() + self.groups.stored() + self.archive.stored()
    }

    fn each_held(&self, see: &mut dyn FnMut(&Message)) {
        self.deliveries.each_held(see);
        self.groups.each_held(see);
        self.archive.each_held(see);
    }

    fn metrics(&self, _now: Micros) -> Vec<(&'static str, Metric)> {
        self.metrics.list()
    }

    fn usage(&self, _now: Micros) -> Usage {
        let metrics = &self.metrics;
        if self.config.fifo {
            return vec![
                (prices::FIFO_REQUEST, metrics.billed),
                (prices::FIFO_BYTES, metrics.published_size),
                (prices::FIFO_DELIVERY, metrics.delivered + metrics.replayed_delivered),
                (prices::FIFO_DELIVERED_BYTES, metrics.delivered_bytes),
            ];
        }
        vec![
            (prices::REQUEST, metrics.billed),
            (prices::HTTP, metrics.to_http),
            (prices::EMAIL, metrics.to_mail),
            (prices::PUSH, metrics.to_apps),
            (prices::FIREHOSE, metrics.to_firehose),
        ]
    }

    fn figure(&self, now: Micros) -> Figure {
        self.draw(now)
    }

    fn parse_call(&self, action: &str, input: &Value) -> Result<(services::Request, Vec<Draft>), ApiError> {
        api::parse(action, input).map(|(request, drafts)| (request.into(), drafts))
    }
}

impl Model {
    #[inline(never)] // second part
    fn administer(&mut self, caller: Caller, request: Request, cx: &mut Cx<'_>) {
        let result = match request {
            Request::Subscribe { protocol, endpoint, attributes, return_arn } => {
                self.subscribe((&protocol, &endpoint), attributes, return_arn, cx)
            }
            Request::Unsubscribe { subscription } => self.unsubscribe(&subscription, cx),
            Request::GetSubscriptionAttributes { subscription } => {
                let place = self.place_of(&subscription);
                place.map(|place| Response::Attributes(self.subscription_attributes(place)))
            }
            Request::SetSubscriptionAttributes { subscription, name, value } => {
                self.set_subscription_attributes(&subscription, name, value, cx)
            }
            Request::GetTopicAttributes => Ok(Response::Attributes(self.topic_attributes(cx))),
            Request::SetTopicAttributes { name, value } => self.set_topic_attributes(name, value, cx),
            Request::ListSubscriptionsByTopic { page } => Ok(Response::Subscriptions(self.list_subscriptions(page))),
            Request::DeleteTopic => self.delete(cx),
            Request::Publish | Request::PublishBatch { .. } | Request::ConfirmSubscription { .. } => {
                unreachable!("these are told apart before")
            }
        };
        if let Err(error) = &result {
            cx.fact(refused_because(error), None);
        }
        cx.answer(caller, result.map(Into::into), Vec::new());
    }

    /// A topic with an active archive cannot be deleted (SNS-26).
    fn delete(&mut self, cx: &mut Cx<'_>) -> Result<Response, ApiError> {
        if self.config.archive.is_some() {
            return Err(invalid("Topic with an active ArchivePolicy cannot be deleted"));
        }
        cx.change(Change::RemoveNode { node: cx.name() });
        Ok(Response::Done)
    }

    /// Reads the subscriptions anew; those that were there go on as they are. What waits for one that is gone is
    /// dropped.
    fn connect(&mut self, run_begins: bool, cx: &mut Cx<'_>) {
        self.arn = Arc::from(api::topic_arn(&cx.name(), self.config.fifo));
        let routes = cx.routes();
        let mut before = std::mem::take(&mut self.subscriptions);
        let (now, holds_at) = (cx.now(), cx.now().saturating_add(self.config.filter_lag));
        let mut to_ask = Vec::new();
        for route in routes.iter().filter(|route| route.kind == LinkKind::Subscription && route.outward) {
            let mut subscription = Subscription::read(route, &self.arn, &self.config);
            let known = before.iter().position(|other| other.route.link == route.link);
            if let Some(place) = known {
                subscription.carry_on(before.swap_remove(place), holds_at, now);
            } else {
                let mut others = self.subscriptions.iter().chain(&before);
                subscription.tell_apart(|arn| others.any(|other| *other.arn == *arn));
                if Self::must_confirm(&subscription, run_begins, cx) {
                    to_ask.push(self.subscriptions.len());
                }
            }
            self.subscriptions.push(subscription);
        }
        self.subscriptions_deleted += before.len() as u64;
        let subscribed = |link| self.subscriptions.iter().any(|subscription| subscription.route.link == link);
        self.deliveries.keep_links(subscribed, "SubscriptionDeleted", cx);
        self.groups.keep_links(subscribed, "SubscriptionDeleted", cx);
        for place in to_ask {
            self.ask_to_confirm(place, cx);
        }
        self.look_at_replays(cx);
    }
}
