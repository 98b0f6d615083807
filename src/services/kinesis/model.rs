//! The stream's state machine: who calls what.

use serde_json::Value;

use std::collections::BTreeMap;

use super::api::{self, ListQuery, Request, Response};
use super::config::Config;
use super::consumers::Consumer;
use super::fact::Fact;
use super::metrics::Metrics;
use super::on_demand::OnDemand;
use super::shard::{Shard, even_ranges};
use super::subscription::Subscription;
use super::updating::Work;
use crate::engine::{Key, Micros};
use crate::figure::Figure;
use crate::services::contract::inside::Inside;
use crate::services::{
    self, Alarm, Answer, ApiError, Call, ConnectionId, Cx, Door, Draft, Message, Metric, Pending, Place, Service,
    Settings, Usage, Window,
};

#[derive(Clone, Debug)]
pub enum Timer {
    RetentionEnds,
    /// What the stream is UPDATING for is done.
    Updated,
    TrafficMeasured,
    Push {
        number: u64,
    },
    SubscriptionEnds {
        number: u64,
    },
}

#[derive(Clone)]
pub struct Model {
    pub(super) config: Config,
    /// By id. Open shards cover every hash key once; closed ones stay until their retention ends.
    pub(super) shards: Vec<Shard>,
    pub(super) next_shard: u32,
    pub(super) metrics: Metrics,
    pub(super) retention_timer: Alarm,
    /// What is under way, and until when.
    pub(super) updating: Option<(Work, Key, Micros)>,
    /// Even shards that the scene wants once that is over.
    pub(super) wanted: Option<u32>,
    /// Administrative calls of the last second, by kind.
    pub(super) calls: BTreeMap<&'static str, Window>,
    pub(super) modes_changed: Vec<Micros>,
    pub(super) counts_changed: Vec<Micros>,
    pub(super) on_demand: OnDemand,
    pub(super) consumers: Vec<Consumer>,
    pub(super) subscriptions: Pending<Subscription>,
    pub(super) next_subscription: u64,
    /// Of the shards that take records in turn.
    pub(super) turn: u64,
    pub(super) created: Micros,
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;

    fn new(settings: &Settings) -> Self {
        let config = Config::read(settings);
        let shards = fresh_shards(config.shard_count);
        let next_shard = config.shard_count;
        Self {
            config,
            shards,
            next_shard,
            metrics: Metrics::default(),
            retention_timer: Alarm::default(),
            updating: None,
            wanted: None,
            calls: BTreeMap::new(),
            modes_changed: Vec::new(),
            counts_changed: Vec::new(),
            on_demand: OnDemand::default(),
            consumers: Vec::new(),
            subscriptions: Pending::default(),
            next_subscription: 0,
            turn: 0,
            created: 0,
        }
    }

    fn start(&mut self, cx: &mut Cx<'_>) {
        self.created = cx.now();
        self.shards.iter_mut().for_each(|shard| shard.opened = cx.now());
        self.share(cx);
        self.watch_traffic(cx);
    }

    /// A shorter retention makes older records unreadable at once (KDS-6). Another number of shards comes about by
    /// splits and merges, of any number and as often as the scene's author wants; before anything happened, at once.
    fn configure(&mut self, settings: &Settings, cx: &mut Cx<'_>) {
        let before = std::mem::replace(&mut self.config, Config::read(settings));
        if cx.now() == 0 && self.next_shard == before.shard_count && self.stored() == 0 && self.updating.is_none() {
            self.shards = fresh_shards(self.config.shard_count);
            self.next_shard = self.config.shard_count;
        } else if before.shard_count != self.config.shard_count && !self.config.on_demand {
            self.resize(self.config.shard_count, cx);
        }
        if before.retention != self.config.retention {
            cx.fact(Fact::RetentionChanged { hours: self.config.retention / 3_600_000_000 }, None);
        }
        if before.key != self.config.key {
            let key = self.config.key.as_ref().map_or_else(|| "as they are".to_owned(), |key| format!("under {key}"));
            cx.fact(Fact::EncryptionChanged { key }, None);
        }
        self.watch_retention(cx);
        self.watch_traffic(cx);
        self.warm_up(cx);
        self.share(cx);
    }

    /// Forgets readers that are no longer connected: nobody's age counts for ever.
    fn rewired(&mut self, cx: &mut Cx<'_>) {
        let routes = cx.routes();
        for shard in &mut self.shards {
            shard.readers.retain(|reader| routes.iter().any(|route| route.link == reader.link));
        }
    }

    fn retire(&mut self, cx: &mut Cx<'_>) {
        cx.book(self.stored(), Place::Stored, Place::Dropped("ResourceDeleted"));
        self.shards.clear();
        self.retention_timer.stop(cx);
        self.stop_updating(cx);
        self.stop_watching(cx);
        self.end_subscriptions("the stream was deleted", |_| true, cx);
        let me = cx.me();
        cx.shared().accounts.streams.forget(me);
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let Call { caller, request, messages } = call;
        let services::Request::Kinesis(request) = request else {
            let error = ApiError::client("InvalidAction", "A stream takes Kinesis's own API alone.");
            return cx.answer(caller, Err(error), messages);
        };
        if let Err(error) = self.admit_call(&request, cx.now()) {
            cx.fact(Fact::RequestRefused { code: error.code }, None);
            return cx.answer(caller, Err(error), messages);
        }
        let result = match request {
            Request::PutRecord { ordering } => return self.put_record(caller, ordering, messages, cx),
            Request::PutRecords => return self.put_records(caller, messages, cx),
            Request::SubscribeToShard { consumer, shard, kind } => {
                return self.subscribe(caller, (&consumer, shard), kind, cx);
            }
            Request::ListShards(query) => Ok(self.list_shards(query, cx.now())),
            Request::GetShardIterator { shard, kind } => self.get_iterator(shard, kind, cx),
            Request::GetRecords { iterator, limit } => {
                let result = self.get_records(caller, iterator, limit, cx);
                return cx.answer(caller, result.map(Into::into), messages);
            }
            Request::RegisterStreamConsumer { name } => self.register(&name, cx),
            Request::Control(control) => self.control(control, cx),
        };
        if let Err(error) = &result {
            cx.fact(Fact::RequestRefused { code: error.code }, None);
        }
        cx.answer(caller, result.map(Into::into), messages);
    }

    /// A stream calls nobody.
    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        cx.book(answer.messages.len() as u64, Place::Travelling, Place::Dropped("UnexpectedAnswer"));
    }

    fn closed(&mut self, connection: ConnectionId, why: &'static str, cx: &mut Cx<'_>) {
        self.listener_gone(connection, why, cx);
    }

    fn wake(&mut self, timer: Timer, cx: &mut Cx<'_>) {
        match timer {
            Timer::RetentionEnds => self.expire(cx),
            Timer::Updated => self.updated(cx),
            Timer::TrafficMeasured => self.measure(cx),
            Timer::Push { number } => self.push(number, false, cx),
            Timer::SubscriptionEnds { number } => self.subscription_ends(number, cx),
        }
    }

    fn stored(&self) -> u64 {
        self.shards.iter().map(|shard| shard.records.len() as u64).sum()
    }

    fn each_held(&self, see: &mut dyn FnMut(&Message)) {
        self.shards.iter().flat_map(|shard| shard.records.iter()).for_each(|record| see(&record.message));
    }

    fn shared(&self) -> u64 {
        self.stored()
    }

    fn metrics(&self, now: Micros) -> Vec<(&'static str, Metric)> {
        let age = self.shards.iter().map(|shard| shard.age(now)).max().unwrap_or(0);
        let mut metrics = self.metrics.list();
        metrics.push(("GetRecords.IteratorAgeMilliseconds", Metric::Milliseconds(age)));
        metrics.push(("OpenShardCount", Metric::Level(self.open_shards())));
        metrics.push(("ConsumerCount", Metric::Level(self.consumers.len() as u64)));
        metrics
    }

    fn usage(&self, now: Micros) -> Usage {
        self.billed(now)
    }

    fn figure(&self, now: Micros) -> Figure {
        self.draw(now)
    }

    fn inside(&self, now: Micros) -> Option<Inside> {
        Some(self.look_inside(now))
    }

    fn parse_call(&self, action: &str, input: &Value) -> Result<(services::Request, Vec<Draft>), ApiError> {
        api::parse(action, input).map(|(request, drafts)| (request.into(), drafts))
    }
}

/// The shards of a new stream.
fn fresh_shards(count: u32) -> Vec<Shard> {
    (0..).zip(even_ranges(count)).map(|(id, range)| Shard::new(id, range, Vec::new(), 0)).collect()
}

impl Model {
    pub(super) fn open_shards(&self) -> u64 {
        self.shards.iter().filter(|shard| shard.is_open()).count() as u64
    }

    fn list_shards(&self, query: ListQuery, now: Micros) -> Response {
        let horizon = now.saturating_sub(self.config.retention);
        let listed = self.shards.iter().filter(|shard| query.filter.takes(shard, horizon));
        let shards = listed.take(query.most.unwrap_or(usize::MAX)).map(Shard::info).collect();
        Response::Shards { shards, retention: self.config.retention }
    }
}
