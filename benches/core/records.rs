//! A stream that takes records by `PutRecords` and gives them by `GetRecords`, within the limits of its shards.

use std::sync::Arc;

use decoupled::engine::Micros;
use decoupled::services::kinesis::api::{IteratorKind, Request, Response, ShardIterator};
use decoupled::services::{self, Kind, Message, Meta};
use serde_json::json;

use super::driver::Alone;

const SHARDS: u32 = 4;
const PER_CALL: u64 = 500;
const CALLS_A_SECOND: u64 = 4;
/// What four shards take and give in a second.
pub const RECORDS_A_SECOND: u64 = PER_CALL * CALLS_A_SECOND;
const KEYS: usize = 1_000;
const SECOND: Micros = 1_000_000;

pub struct Stream {
    alone: Alone,
    body: Arc<str>,
    keys: Vec<Arc<Meta>>,
    next: usize,
    iterators: Vec<ShardIterator>,
}

impl Stream {
    pub fn new() -> Self {
        let mut alone = Alone::new(Kind::Stream, &json!({ "ShardCount": SHARDS }));
        let key = |number| Meta { partition_key: Some(format!("order-{number}")), ..Meta::default() };
        let iterator = |shard| match alone
            .call(Request::GetShardIterator { shard, kind: IteratorKind::TrimHorizon }.into(), Vec::new())
        {
            services::Response::Kinesis(Response::Iterator(iterator)) => iterator,
            other => panic!("an iterator, not {other:?}"),
        };
        let iterators = (0..SHARDS).map(iterator).collect();
        let keys = (0..KEYS).map(|number| Arc::new(key(number))).collect();
        Self { alone, body: Arc::from("{\"order\":1}"), keys, next: 0, iterators }
    }

    /// Puts, reads all of it, and a second passes; how many were read.
    pub fn second(&mut self) -> u64 {
        for _ in 0..CALLS_A_SECOND {
            let messages = (0..PER_CALL).map(|_| self.record()).collect();
            match self.alone.call(Request::PutRecords.into(), messages) {
                services::Response::Kinesis(Response::PutRecords { results }) => {
                    assert!(results.iter().all(Result::is_ok), "a shard's limit was reached");
                }
                other => panic!("places, not {other:?}"),
            }
        }
        let mut count = 0;
        for iterator in &mut self.iterators {
            let request = Request::GetRecords { iterator: *iterator, limit: 10_000 };
            match self.alone.call(request.into(), Vec::new()) {
                services::Response::Kinesis(Response::Records { records, next: Some(next), .. }) => {
                    count += records.len() as u64;
                    *iterator = next;
                }
                other => panic!("records, not {other:?}"),
            }
        }
        assert_eq!(count, RECORDS_A_SECOND, "everything is read at once");
        self.alone.pass_time(SECOND);
        count
    }

    fn record(&mut self) -> Message {
        self.next = (self.next + 1) % KEYS;
        self.alone.produce(&self.body, Some(Arc::clone(&self.keys[self.next])))
    }
}
