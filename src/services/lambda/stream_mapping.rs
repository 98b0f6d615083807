//! A mapping of a stream: one poller for each shard, parents before children (KDS-15, KDS-26).

use super::fact::Fact;
use super::mapping::PAUSE;
use super::model::{Model, Timer};
use super::shard_poller::{Closing, Doing, ShardPoller};
use super::stream_config::StreamConfig;
use crate::engine::{Key, LinkId, MICROS_PER_SECOND, Micros, seconds};
use crate::services::kinesis::api::{
    IteratorKind, ListQuery, READ_RECORDS_MAX, Request, Response, ShardEvent, ShardInfo,
};
use crate::services::{self, ApiError, Cx, Door, Route};

/// Between two reads of a shard (KDS-26).
const READ_INTERVAL: Micros = MICROS_PER_SECOND;
/// Between two looks at which shards there are `[MODEL]`.
const LIST_INTERVAL: Micros = seconds(10);
/// It reads no more while it holds so many records of a shard `[MODEL]`.
const HELD_MAX: usize = 10_000;

#[derive(Clone, Debug)]
pub struct StreamMapping {
    pub route: Route,
    pub config: StreamConfig,
    pub shards: Vec<ShardPoller>,
    /// The question for the shards, under way.
    pub listing: Option<u64>,
    /// The registration as a consumer, under way.
    pub registering: Option<u64>,
    is_registered: bool,
    next_listing: Option<Key>,
    /// Shards seen later hold what came while the mapping ran: they are read from their beginning.
    is_listed: bool,
    pub retention: Micros,
}

impl StreamMapping {
    #[must_use]
    pub fn new(route: Route) -> Self {
        Self {
            config: StreamConfig::read(&route.settings),
            route,
            shards: Vec::new(),
            listing: None,
            registering: None,
            is_registered: false,
            next_listing: None,
            is_listed: false,
            retention: Micros::MAX,
        }
    }

    pub fn configure(&mut self, route: Route) {
        self.config = StreamConfig::read(&route.settings);
        self.route = route;
    }

    fn start(&self) -> IteratorKind {
        if self.is_listed && self.config.start == IteratorKind::Latest {
            return IteratorKind::TrimHorizon;
        }
        self.config.start
    }

    /// The shard whose poller waits for this answer.
    #[must_use]
    pub fn awaits(&self, call: u64) -> Option<(LinkId, u32)> {
        let poller = self.shards.iter().find(|poller| poller.awaits(call))?;
        Some((self.route.link, poller.shard))
    }

    pub fn pause(&mut self, cx: &mut Cx<'_>) {
        (self.listing, self.registering) = (None, None);
        if let Some(key) = self.next_listing.take() {
            cx.cancel(key);
        }
        self.shards.iter_mut().for_each(|poller| poller.pause(cx));
    }

    /// Whether a shard's parents were all read to their end; expired ones are no longer listed.
    fn is_ready(&self, poller: &ShardPoller) -> bool {
        let is_unfinished = |parent: &u32| self.shards.iter().any(|one| one.shard == *parent && !one.is_finished());
        !poller.parents.iter().any(is_unfinished)
    }

    fn learn(&mut self, shards: &[ShardInfo], retention: Micros) {
        self.retention = retention;
        for info in shards {
            if !self.shards.iter().any(|poller| poller.shard == info.shard) {
                self.shards.push(ShardPoller::new(info, self.start()));
            }
        }
        self.is_listed = true;
        self.shards.retain(|poller| !poller.is_finished() || shards.iter().any(|info| info.shard == poller.shard));
    }
}

impl Model {
    fn stream(&mut self, link: LinkId) -> Option<&mut StreamMapping> {
        self.streams.iter_mut().find(|mapping| mapping.route.link == link)
    }

    /// The mapping of a link, and the place of a shard's poller in it.
    pub(super) fn place_of(&mut self, link: LinkId, shard: u32) -> Option<(&mut StreamMapping, usize)> {
        let mapping = self.stream(link)?;
        let place = mapping.shards.iter().position(|poller| poller.shard == shard)?;
        Some((mapping, place))
    }

    pub(super) fn list_shards(&mut self, link: LinkId, cx: &mut Cx<'_>) {
        if cx.is_down() {
            return;
        }
        let Some(mapping) = self.stream(link) else { return };
        if let Some(key) = mapping.next_listing.take() {
            cx.cancel(key);
        }
        if mapping.config.fan_out && !mapping.is_registered {
            let name = consumer_name(cx);
            let request = Request::RegisterStreamConsumer { name };
            mapping.registering = Some(cx.call(&mapping.route, request.into(), Vec::new()));
            return;
        }
        mapping.listing = Some(cx.call(&mapping.route, Request::ListShards(ListQuery::default()).into(), Vec::new()));
    }

    /// One that was registered before is as good.
    pub(super) fn consumer_registered(
        &mut self,
        link: LinkId,
        result: &Result<services::Response, ApiError>,
        cx: &mut Cx<'_>,
    ) {
        let Some(mapping) = self.stream(link) else { return };
        mapping.registering = None;
        match result {
            Err(error) if error.code != "ResourceInUseException" => {
                cx.fact(Fact::PollFailed { code: error.code }, None);
                mapping.next_listing = Some(cx.wake_in(PAUSE, Timer::ShardsListed { link }));
            }
            _ => {
                mapping.is_registered = true;
                self.list_shards(link, cx);
            }
        }
    }

    pub(super) fn shards_listed(
        &mut self,
        link: LinkId,
        result: Result<services::Response, ApiError>,
        cx: &mut Cx<'_>,
    ) {
        let Some(mapping) = self.stream(link) else { return };
        mapping.listing = None;
        let again = if let Ok(services::Response::Kinesis(Response::Shards { shards, retention })) = result {
            mapping.learn(&shards, retention);
            LIST_INTERVAL
        } else {
            PAUSE
        };
        mapping.next_listing = Some(cx.wake_in(again, Timer::ShardsListed { link }));
        self.start_shards(link, cx);
    }

    /// Starts the pollers whose turn has come.
    pub(super) fn start_shards(&mut self, link: LinkId, cx: &mut Cx<'_>) {
        let Some(mapping) = self.stream(link) else { return };
        let is_due = |poller: &&ShardPoller| matches!(poller.doing, Doing::Waiting) && mapping.is_ready(poller);
        let due: Vec<u32> = mapping.shards.iter().filter(is_due).map(|poller| poller.shard).collect();
        due.into_iter().for_each(|shard| self.advance(link, shard, cx));
    }

    /// The next thing to do for a shard for which no call is under way.
    pub(super) fn advance(&mut self, link: LinkId, shard: u32, cx: &mut Cx<'_>) {
        if cx.is_down() {
            return;
        }
        let now = cx.now();
        let Some((mapping, place)) = self.place_of(link, shard) else { return };
        let fan_out = mapping.config.fan_out;
        let poller = &mut mapping.shards[place];
        match poller.iterator {
            None if fan_out => {
                let request = Request::SubscribeToShard { consumer: consumer_name(cx), shard, kind: poller.origin() };
                poller.asked = now;
                let call = cx.call(&mapping.route, request.into(), Vec::new());
                poller.doing = Doing::Listening { call };
            }
            None => {
                let request = Request::GetShardIterator { shard, kind: poller.origin() };
                poller.asked = now;
                let call = cx.call(&mapping.route, request.into(), Vec::new());
                poller.doing = Doing::Locating { call };
            }
            Some(_) if now < poller.next_read || poller.held() >= HELD_MAX => {
                let at = poller.next_read.max(now + 1);
                let at = if poller.held() >= HELD_MAX { at.max(now + READ_INTERVAL) } else { at };
                poller.doing = Doing::Pausing(cx.wake_at(at, Timer::ShardResumes { link, shard }));
            }
            Some(iterator) => {
                poller.next_read = now + READ_INTERVAL;
                let request = Request::GetRecords { iterator, limit: READ_RECORDS_MAX };
                let call = cx.call(&mapping.route, request.into(), Vec::new());
                poller.doing = Doing::Fetching { call };
            }
        }
    }

    /// A shard that waits for nothing but an outage's end goes on.
    pub(super) fn read_if_idle(&mut self, link: LinkId, shard: u32, cx: &mut Cx<'_>) {
        let Some((mapping, place)) = self.place_of(link, shard) else { return };
        if matches!(mapping.shards[place].doing, Doing::Waiting) {
            self.advance(link, shard, cx);
        }
    }

    fn pause_shard(&mut self, link: LinkId, shard: u32, cx: &mut Cx<'_>) {
        let Some((mapping, place)) = self.place_of(link, shard) else { return };
        let key = cx.wake_in(PAUSE, Timer::ShardResumes { link, shard });
        mapping.shards[place].doing = Doing::Pausing(key);
    }

    pub(super) fn shard_answered(
        &mut self,
        link: LinkId,
        shard: u32,
        result: Result<services::Response, ApiError>,
        cx: &mut Cx<'_>,
    ) {
        let Some((mapping, place)) = self.place_of(link, shard) else { return };
        let poller = &mut mapping.shards[place];
        match result {
            Ok(services::Response::Kinesis(Response::Iterator(iterator))) => {
                poller.located(iterator);
                self.advance(link, shard, cx);
            }
            Ok(services::Response::Kinesis(Response::Records { records, next, .. })) => {
                poller.iterator = next;
                poller.doing = if next.is_none() { Doing::AtEnd } else { Doing::Waiting };
                self.distribute(link, shard, records, cx);
                self.run_lanes(link, shard, cx);
                self.go_on_reading(link, shard, cx);
            }
            Ok(services::Response::Kinesis(Response::Event(event))) => self.event_came(link, shard, event, cx),
            Err(error) if error.code == "ResourceNotFoundException" => {
                poller.doing = Doing::AtEnd;
                self.go_on_reading(link, shard, cx);
            }
            result => {
                let code = result.err().map_or("UnexpectedAnswer", |error| error.code);
                if code == "ExpiredIteratorException" {
                    poller.iterator = None;
                }
                cx.fact(Fact::PollFailed { code }, None);
                self.pause_shard(link, shard, cx);
            }
        }
    }

    fn event_came(&mut self, link: LinkId, shard: u32, event: ShardEvent, cx: &mut Cx<'_>) {
        self.distribute(link, shard, event.records, cx);
        let Some((mapping, place)) = self.place_of(link, shard) else { return };
        let poller = &mut mapping.shards[place];
        poller.next_read = cx.now();
        if event.from.is_none() {
            poller.doing = Doing::AtEnd;
        } else if event.is_last {
            poller.doing = Doing::Waiting;
        }
        self.run_lanes(link, shard, cx);
        self.go_on_reading(link, shard, cx);
    }

    fn go_on_reading(&mut self, link: LinkId, shard: u32, cx: &mut Cx<'_>) {
        self.finish_if_done(link, shard, cx);
        self.read_if_idle(link, shard, cx);
    }

    /// At the end of a closed shard, when all of it is done.
    pub(super) fn finish_if_done(&mut self, link: LinkId, shard: u32, cx: &mut Cx<'_>) {
        let Some((mapping, place)) = self.place_of(link, shard) else { return };
        let poller = &mapping.shards[place];
        let is_done = matches!(poller.doing, Doing::AtEnd)
            && poller.held() == 0
            && poller.tumbling.is_none()
            && matches!(poller.closing, Closing::No);
        if is_done {
            self.finish_shard(link, shard, cx);
        }
    }

    fn finish_shard(&mut self, link: LinkId, shard: u32, cx: &mut Cx<'_>) {
        let Some((mapping, place)) = self.place_of(link, shard) else { return };
        mapping.shards[place].doing = Doing::Finished;
        cx.fact(Fact::ShardFinished { shard }, None);
        // Its children may not be known yet.
        if mapping.listing.is_none() {
            self.list_shards(link, cx);
        }
        self.start_shards(link, cx);
    }
}

/// In AWS somebody registers the consumer, and the mapping names it.
fn consumer_name(cx: &Cx<'_>) -> String {
    cx.name().to_string()
}
