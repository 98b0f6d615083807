//! A mapping of a stream: one poller for each shard, parents before children (KDS-15, KDS-26).

use super::fact::Fact;
use super::mapping::PAUSE;
use super::model::{Model, Timer};
use super::shard_poller::{Closing, Doing, ShardPoller};
use super::stream_config::StreamConfig;
use crate::engine::{Key, LinkId, MICROS_PER_SECOND, Micros, seconds};
use crate::services::kinesis::api::{IteratorKind, ListQuery, READ_RECORDS_MAX, Request, Response, ShardInfo};
use crate::services::parts::shard_reader::Got;
use crate::services::{self, Answer, ApiError, ConnectionId, Cx, Deadline, Door, Push, Route};

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
        let poller = self.shards.iter().find(|poller| poller.reader.awaits(call))?;
        Some((self.route.link, poller.shard))
    }

    /// The shard whose poller is pushed to on this connection.
    #[must_use]
    pub fn listens_on(&self, connection: ConnectionId) -> Option<(LinkId, u32)> {
        let poller = self.shards.iter().find(|poller| poller.reader.listens_on(connection))?;
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
            mapping.registering = Some(cx.call_within(&mapping.route, request.into(), Vec::new(), Deadline::SERVICE));
            return;
        }
        mapping.listing = Some(cx.call_within(
            &mapping.route,
            Request::ListShards(ListQuery::default()).into(),
            Vec::new(),
            Deadline::SERVICE,
        ));
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
        let (fan_out, poller) = (mapping.config.fan_out, &mut mapping.shards[place]);
        if fan_out {
            poller.doing = Doing::Reading;
            poller.reader.subscribe(&mapping.route, consumer_name(cx), Deadline::SERVICE, cx);
            return;
        }
        let is_full = poller.held() >= HELD_MAX;
        if poller.reader.has_place() && (now < poller.next_read || is_full) {
            let at = poller.next_read.max(now + 1);
            let at = if is_full { at.max(now + READ_INTERVAL) } else { at };
            poller.doing = Doing::Pausing(cx.wake_at(at, Timer::ShardResumes { link, shard }));
            return;
        }
        if poller.reader.has_place() {
            poller.next_read = now + poller.reader.pause(READ_INTERVAL, cx);
        }
        poller.doing = Doing::Reading;
        poller.reader.ask(&mapping.route, READ_RECORDS_MAX, Deadline::SERVICE, cx);
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
        let wait = mapping.shards[place].reader.pause(PAUSE, cx);
        mapping.shards[place].doing = Doing::Pausing(cx.wake_in(wait, Timer::ShardResumes { link, shard }));
    }

    pub(super) fn shard_answered(&mut self, link: LinkId, shard: u32, answer: Answer, cx: &mut Cx<'_>) {
        let Some((mapping, place)) = self.place_of(link, shard) else { return };
        let poller = &mut mapping.shards[place];
        match poller.reader.answered(answer) {
            Got::Place => self.advance(link, shard, cx),
            Got::Connection => {}
            Got::Records(records) => {
                poller.doing = if poller.reader.is_at_end() { Doing::AtEnd } else { Doing::Waiting };
                self.distribute(link, shard, records, cx);
                self.run_lanes(link, shard, cx);
                self.go_on_reading(link, shard, cx);
            }
            Got::Error("ResourceNotFoundException") => {
                poller.reader.end();
                poller.doing = Doing::AtEnd;
                self.go_on_reading(link, shard, cx);
            }
            Got::Error(code) => {
                cx.fact(Fact::PollFailed { code }, None);
                self.pause_shard(link, shard, cx);
            }
        }
    }

    pub(super) fn records_pushed(&mut self, push: Push, cx: &mut Cx<'_>) {
        let found = self.streams.iter().find_map(|mapping| mapping.listens_on(push.connection));
        let Some((link, shard)) = found else { return };
        let Some((mapping, place)) = self.place_of(link, shard) else { return };
        let poller = &mut mapping.shards[place];
        let records = poller.reader.pushed(push);
        poller.next_read = cx.now();
        if poller.reader.is_at_end() {
            poller.doing = Doing::AtEnd;
        }
        self.distribute(link, shard, records, cx);
        self.run_lanes(link, shard, cx);
        self.go_on_reading(link, shard, cx);
    }

    /// It subscribes anew.
    pub(super) fn connection_closed(&mut self, connection: ConnectionId, cx: &mut Cx<'_>) {
        let found = self.streams.iter().find_map(|mapping| mapping.listens_on(connection));
        let Some((link, shard)) = found else { return };
        let Some((mapping, place)) = self.place_of(link, shard) else { return };
        let poller = &mut mapping.shards[place];
        poller.reader.closed();
        poller.doing = Doing::Waiting;
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
