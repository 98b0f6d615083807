//! What must hold of a stream and its consumers, read from the facts alone.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use decoupled::engine::{Micros, TraceRecord};
use decoupled::services::clients::{kcl, worker};
use decoupled::services::{Fact, Token, kinesis, lambda};

const SECOND: Micros = 1_000_000;
const WRITE_RECORDS_MAX: usize = 1_000;
const READS_MAX: usize = 5;
const WRITE_SIZE_MAX: u64 = 1_048_576;
const READ_SIZE_MAX: u64 = 2 * WRITE_SIZE_MAX;
/// Bytes of a large record of the stream `bulk`.
pub const BULK_SIZE: u64 = 180_000;

/// Consumers of the scene: each must get everything.
const CONSUMERS: [&str; 3] = ["f", "k", "w"];

#[derive(Default)]
pub struct Watch {
    /// The key of each record that the script puts, in that order; and of each that was put, by its token.
    script: VecDeque<u64>,
    keys: BTreeMap<Token, u64>,
    /// Tokens in the order in which the stream accepted them.
    accepted: Vec<Token>,
    /// By shard: when a record was accepted, or a read served, within the last second.
    writes: BTreeMap<(String, u32), VecDeque<(Micros, u64)>>,
    reads: BTreeMap<(String, u32), VecDeque<(Micros, u64)>>,
    /// By shard and consumer: what was pushed within the last second.
    pushes: BTreeMap<(String, u32, String), VecDeque<(Micros, u64)>>,
    /// Before that a shard serves nothing: it gave more than a second's worth at once.
    rests: BTreeMap<(String, u32), Micros>,
    /// What each consumer has done, and by key the last it did for the first time.
    done: BTreeMap<String, BTreeSet<Token>>,
    last: BTreeMap<(String, u64), Token>,
    is_large: bool,
    broken: Vec<String>,
}

/// How many lie in the second that ends with this one, and their bytes.
fn within_a_second(times: &mut VecDeque<(Micros, u64)>, at: Micros, size: u64) -> (usize, u64) {
    times.push_back((at, size));
    while times.front().is_some_and(|(first, _)| first + SECOND <= at) {
        times.pop_front();
    }
    (times.len(), times.iter().map(|(_, size)| size).sum())
}

impl Watch {
    pub fn new(keys: Vec<u64>, is_bulk_large: bool) -> Self {
        Self { script: keys.into(), is_large: is_bulk_large, ..Self::default() }
    }

    pub fn see(&mut self, node: &str, record: &TraceRecord<Fact>) {
        let at = record.at;
        match (&record.fact, record.message) {
            (Fact::Stream(fact), token) => self.stream(node, fact, token, at),
            (
                Fact::KclApplication(kcl::Fact::RecordProcessed)
                | Fact::Worker(worker::Fact::MessageProcessed)
                | Fact::Function(lambda::Fact::InvocationSucceeded { .. }),
                Some(token),
            ) if CONSUMERS.contains(&node) => self.processed(node, token, at),
            _ => {}
        }
    }

    fn stream(&mut self, node: &str, fact: &kinesis::Fact, token: Option<Token>, at: Micros) {
        use kinesis::Fact::{EmptyRead, RecordPut, RecordThrottled, RecordsPushed, RecordsRead};
        // Many small records count by their number alone.
        let size_of = |count: u64| if node == "bulk" && self.is_large { count * BULK_SIZE } else { count };
        match (fact, token) {
            (RecordPut { shard }, Some(token)) => {
                let size = size_of(1);
                let times = self.writes.entry((node.to_owned(), *shard)).or_default();
                let (count, bytes) = within_a_second(times, at, size);
                if count > WRITE_RECORDS_MAX || bytes > WRITE_SIZE_MAX {
                    self.broken
                        .push(format!("{count} records, {bytes} bytes within a second in shard {shard}, {at} µs"));
                }
                if node == "s" {
                    self.accepted.push(token);
                    self.came(token);
                }
            }
            (RecordsPushed { shard, count, consumer, .. }, _) => {
                let times = self.pushes.entry((node.to_owned(), *shard, consumer.clone())).or_default();
                let (_, bytes) = within_a_second(times, at, size_of(*count));
                if bytes > READ_SIZE_MAX {
                    let text = format!("{bytes} bytes within a second pushed to {consumer} of shard {shard}, {at} µs");
                    self.broken.push(text);
                }
            }
            (RecordThrottled { .. }, Some(token)) if node == "s" => self.came(token),
            (RecordsRead { shard, .. } | EmptyRead { shard }, _) => {
                let size = if let RecordsRead { count, .. } = fact { size_of(*count) } else { 0 };
                let place = (node.to_owned(), *shard);
                if self.rests.get(&place).is_some_and(|until| at < *until) {
                    self.broken.push(format!("shard {shard} serves before its average is 2 MB/s again, {at} µs"));
                }
                let (count, bytes) = within_a_second(self.reads.entry(place.clone()).or_default(), at, size);
                if count > READS_MAX {
                    self.broken.push(format!("{count} reads within a second of shard {shard}, {at} µs"));
                }
                if bytes >= READ_SIZE_MAX {
                    self.rests.insert(place, at + bytes * SECOND / READ_SIZE_MAX);
                }
            }
            _ => {}
        }
    }

    /// A record of the script has come to its stream, taken or refused.
    fn came(&mut self, token: Token) {
        if !self.keys.contains_key(&token)
            && let Some(key) = self.script.pop_front()
        {
            self.keys.insert(token, key);
        }
    }

    /// The first time counts: what is done again after a crash is older.
    fn processed(&mut self, node: &str, token: Token, at: Micros) {
        if !self.done.entry(node.to_owned()).or_default().insert(token) {
            return;
        }
        let Some(key) = self.keys.get(&token).copied() else {
            return self.broken.push(format!("{node}: m{token:04} is no record of the script"));
        };
        // The script puts records one after the other, so a later one of a key has the greater number.
        let before = self.last.insert((node.to_owned(), key), token);
        if let Some(before) = before.filter(|before| *before > token) {
            self.broken.push(format!("{node}: out of order, m{token:04} after m{before:04} of key {key}, {at} µs"));
        }
    }

    /// Everything that did not hold.
    pub fn verdict(mut self) -> Vec<String> {
        for node in CONSUMERS {
            let done = self.done.remove(node).unwrap_or_default();
            let missing: Vec<String> = self
                .accepted
                .iter()
                .filter(|token| !done.contains(token))
                .map(|token| format!("m{token:04}"))
                .collect();
            if !missing.is_empty() {
                self.broken.push(format!("{node}: never got {}", missing.join(" ")));
            }
        }
        self.broken
    }
}
