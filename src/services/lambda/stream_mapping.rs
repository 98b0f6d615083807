//! A mapping of a stream: one poller for each shard, one batch at a time, parents before children (KDS-15,
//! KDS-26, KDS-27).

use super::fact::Fact;
use super::invocation::Origin;
use super::mapping::PAUSE;
use super::model::{Model, Timer};
use super::shard_poller::{Doing, Position, ShardPoller};
use crate::engine::{Key, LinkId, MICROS_PER_SECOND, Micros, seconds};
use crate::services::kinesis::api::{IteratorKind, ListQuery, READ_RECORDS_MAX, Request, Response, ShardInfo};
use crate::services::{self, ApiError, Cx, Door, Route};

const BATCH_SIZE_DEFAULT: u64 = 100;
/// Between two reads of a shard (KDS-26).
const READ_INTERVAL: Micros = MICROS_PER_SECOND;
/// Between two looks at which shards there are `[MODEL]`.
const LIST_INTERVAL: Micros = seconds(10);

#[derive(Clone, Debug)]
pub struct StreamMapping {
    pub route: Route,
    pub shards: Vec<ShardPoller>,
    /// The question for the shards, under way.
    pub listing: Option<u64>,
    next_listing: Option<Key>,
    /// Shards seen later hold what came while the mapping ran: they are read from their beginning.
    is_listed: bool,
    retention: Micros,
}

impl StreamMapping {
    #[must_use]
    pub fn new(route: Route) -> Self {
        let shards = Vec::new();
        Self { route, shards, listing: None, next_listing: None, is_listed: false, retention: Micros::MAX }
    }

    fn batch_size(&self) -> usize {
        let size = self.route.settings.optional_integer("BatchSize").unwrap_or(BATCH_SIZE_DEFAULT);
        usize::try_from(size.clamp(1, READ_RECORDS_MAX)).unwrap_or(usize::MAX)
    }

    fn start(&self) -> IteratorKind {
        let is_latest = self.route.settings.text("StartingPosition").is_some_and(|text| text == "LATEST");
        if is_latest && !self.is_listed { IteratorKind::Latest } else { IteratorKind::TrimHorizon }
    }

    /// The shard whose poller waits for this answer.
    #[must_use]
    pub fn awaits(&self, call: u64) -> Option<(LinkId, u32)> {
        let poller = self.shards.iter().find(|poller| poller.awaits(call))?;
        Some((self.route.link, poller.shard))
    }

    pub fn pause(&mut self, cx: &mut Cx<'_>) {
        self.listing = None;
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
    fn place_of(&mut self, link: LinkId, shard: u32) -> Option<(&mut StreamMapping, usize)> {
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
        mapping.listing = Some(cx.call(&mapping.route, Request::ListShards(ListQuery::default()).into(), Vec::new()));
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

    /// The next thing to do for a shard for which nothing is under way.
    pub(super) fn advance(&mut self, link: LinkId, shard: u32, cx: &mut Cx<'_>) {
        if cx.is_down() {
            return;
        }
        let Some((mapping, place)) = self.place_of(link, shard) else { return };
        let (now, retention) = (cx.now(), mapping.retention);
        let poller = &mut mapping.shards[place];
        let records = poller.forget_expired(retention, now);
        if records > 0 {
            cx.fact(Fact::RecordsLost { shard, records }, None);
        }
        if !poller.records.is_empty() {
            return self.process(link, shard, cx);
        }
        match poller.position {
            Position::End => self.finish_shard(link, shard, cx),
            Position::Unknown => {
                let request = Request::GetShardIterator { shard, kind: poller.origin() };
                poller.asked = now;
                let call = cx.call(&mapping.route, request.into(), Vec::new());
                poller.doing = Doing::Locating { call };
            }
            Position::At(_) if now < poller.next_read => {
                poller.doing = Doing::Pausing(cx.wake_at(poller.next_read, Timer::ShardResumes { link, shard }));
            }
            Position::At(iterator) => {
                poller.next_read = now + READ_INTERVAL;
                let request = Request::GetRecords { iterator, limit: READ_RECORDS_MAX };
                let call = cx.call(&mapping.route, request.into(), Vec::new());
                poller.doing = Doing::Fetching { call };
            }
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
                poller.records.extend(records);
                poller.position = next.map_or(Position::End, Position::At);
                self.advance(link, shard, cx);
            }
            Err(error) if error.code == "ResourceNotFoundException" => self.finish_shard(link, shard, cx),
            result => {
                let code = result.err().map_or("UnexpectedAnswer", |error| error.code);
                if code == "ExpiredIteratorException" {
                    poller.position = Position::Unknown;
                }
                cx.fact(Fact::PollFailed { code }, None);
                self.pause_shard(link, shard, cx);
            }
        }
    }

    fn process(&mut self, link: LinkId, shard: u32, cx: &mut Cx<'_>) {
        let has_slot = self.has_slot(cx);
        let Some((mapping, place)) = self.place_of(link, shard) else { return };
        let (count, poller) = (mapping.batch_size(), &mut mapping.shards[place]);
        if !has_slot {
            let first = poller.records[0].message.token;
            self.note_throttle(first, cx);
            return self.pause_shard(link, shard, cx);
        }
        poller.doing = Doing::Running;
        let messages = poller.records.iter().take(count).map(|record| record.message.clone()).collect();
        self.invoke(Origin::Shard { link, shard }, messages, cx);
    }

    /// A batch that failed is tried again, and its shard waits for it (KDS-27).
    pub(super) fn shard_batch_ended(
        &mut self,
        link: LinkId,
        shard: u32,
        count: usize,
        succeeded: bool,
        cx: &mut Cx<'_>,
    ) {
        let is_down = cx.is_down();
        let Some((mapping, place)) = self.place_of(link, shard) else { return };
        let poller = &mut mapping.shards[place];
        if is_down || !matches!(poller.doing, Doing::Running) {
            return;
        }
        if succeeded {
            poller.processed(count);
            self.advance(link, shard, cx);
        } else {
            cx.fact(Fact::ShardBlocked { shard }, None);
            self.pause_shard(link, shard, cx);
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
