//! What a worker asks of the lease table and of the stream, and what it does with each answer.

use super::fact::Fact;
use super::lease::{Checkpoint, KEY, Lease};
use super::model::{Ask, Asked, Model, Outcome, Scan, Tick, Timer};
use crate::engine::{MICROS_PER_SECOND, Micros};
use crate::services::dynamodb::api::{self as table, Item};
use crate::services::kinesis::api as stream;
use crate::services::{ApiError, Cx, Door, LinkKind, Response};

/// Before it asks again what failed `[MODEL]`.
pub const PAUSE: Micros = MICROS_PER_SECOND;

/// What came of a change under conditions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    Yes,
    /// The row is not what was expected.
    Refused,
    /// Nobody knows: the table did not answer well.
    Failed,
}

impl Model {
    pub(super) fn ask_table(&mut self, worker: usize, what: Ask, request: table::Request, cx: &mut Cx<'_>) {
        let asked = Asked { worker, life: self.workers[worker].life, what };
        let routes = cx.routes();
        let drawn = routes.iter().find(|route| route.kind == LinkKind::LeaseTable && route.outward);
        if let Some(route) = drawn {
            let call = cx.call_within(route, request.into(), Vec::new(), self.config.deadline);
            self.asked.insert(call, asked);
            return;
        }
        let answer = table::carry_out(&mut self.own_table, KEY, request).map(Response::from);
        self.next_answer += 1;
        let number = self.next_answer;
        self.answers.insert(number, (asked, answer));
        cx.wake_in(0, Timer::TableAnswered { number });
    }

    pub(super) fn scan(&mut self, worker: usize, why: Scan, cx: &mut Cx<'_>) {
        self.ask_table(worker, Ask::Scan(why), table::Request::Scan, cx);
    }

    pub(super) fn ask_stream(
        &mut self,
        worker: usize,
        what: Ask,
        request: stream::Request,
        cx: &mut Cx<'_>,
    ) -> Option<u64> {
        let route = self.stream(cx)?;
        let call = cx.call_within(&route, request.into(), Vec::new(), self.config.deadline);
        self.asked.insert(call, Asked { worker, life: self.workers[worker].life, what });
        Some(call)
    }

    pub(super) fn learn(&mut self, asked: Asked, result: Outcome, cx: &mut Cx<'_>) {
        let worker = asked.worker;
        match asked.what {
            Ask::Scan(why) => match items(result) {
                Ok(items) => self.scanned(worker, why, &items, cx),
                Err(error) => self.scan_failed(worker, why, &error, cx),
            },
            Ask::ReadLock => self.lock_read(worker, result, cx),
            Ask::ListShards => match result {
                Ok(Response::Kinesis(stream::Response::Shards { shards, .. })) => {
                    self.scan(worker, Scan::Sync(shards), cx);
                }
                result => {
                    stream_failed(result.err().map_or("UnexpectedAnswer", |error| error.code), cx);
                    self.tick_in(worker, PAUSE, Tick::SyncAgain, cx);
                }
            },
            Ask::Register { term } => self.registered(worker, term, &result, cx),
            what => self.changed(worker, what, outcome(result, cx), cx),
        }
    }

    fn changed(&mut self, worker: usize, what: Ask, changed: Changed, cx: &mut Cx<'_>) {
        match what {
            Ask::Create { shard, from } => self.lease_created(worker, (shard, from), changed, cx),
            Ask::Take { lease, from } => self.lease_taken(worker, lease, from, changed, cx),
            Ask::Renew { term } => self.renewed(worker, term, changed, cx),
            Ask::Checkpoint { term, to } => self.checkpointed(worker, term, to, changed, cx),
            Ask::GiveBack { term } | Ask::HandOver { term } => self.let_go(worker, term, changed, cx),
            Ask::Delete { shard } if changed == Changed::Yes => cx.fact(Fact::LeaseDeleted { shard }, None),
            Ask::Assign { shard, to, from } => self.lease_assigned((shard, to, from), changed, cx),
            Ask::Lock => self.lock_changed(worker, changed, cx),
            _ => {}
        }
    }

    fn scanned(&mut self, worker: usize, why: Scan, items: &[Item], cx: &mut Cx<'_>) {
        let leases: Vec<Lease> = items.iter().filter_map(Lease::from_item).collect();
        match why {
            Scan::Take => self.take_leases(worker, &leases, cx),
            Scan::Discover => self.discover(worker, &leases, cx),
            Scan::Assign => self.assign_leases(worker, &leases, items, cx),
            Scan::Sync(shards) => self.sync(worker, &shards, &leases, cx),
            Scan::Parents { term } => self.parents_known(worker, term, &leases, cx),
        }
    }

    fn scan_failed(&mut self, worker: usize, why: Scan, error: &ApiError, cx: &mut Cx<'_>) {
        cx.fact(Fact::TableFailed { code: error.code }, None);
        match why {
            Scan::Sync(_) => self.tick_in(worker, PAUSE, Tick::SyncAgain, cx),
            Scan::Parents { term } => self.go_on_in(worker, term, self.config.backoff, cx),
            // Their next turn comes by itself.
            Scan::Take | Scan::Discover | Scan::Assign => {}
        }
    }
}

fn items(result: Outcome) -> Result<Vec<Item>, ApiError> {
    match result? {
        Response::DynamoDb(table::Response::Items(items)) => Ok(items),
        _ => Err(ApiError::server("UnexpectedAnswer", "")),
    }
}

fn outcome(result: Outcome, cx: &mut Cx<'_>) -> Changed {
    match result {
        Ok(_) => Changed::Yes,
        Err(error) if error.code == "ConditionalCheckFailedException" => Changed::Refused,
        Err(error) => {
            cx.fact(Fact::TableFailed { code: error.code }, None);
            Changed::Failed
        }
    }
}

pub fn stream_failed(code: &'static str, cx: &mut Cx<'_>) {
    cx.fact(Fact::StreamFailed { code }, None);
}

/// A lease is done when its shard is.
#[must_use]
pub fn is_done(lease: &Lease) -> bool {
    lease.checkpoint == Checkpoint::ShardEnd
}
