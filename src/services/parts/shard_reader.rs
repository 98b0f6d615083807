//! Reading one shard: by an iterator, which is asked for first, or pushed on a connection (KDS-8, KDS-10). Who owns a reader says
//! when it asks, and works on what it read; where it stands, and what a new iterator must begin with, it knows itself.

use crate::engine::Micros;
use crate::services::kinesis::api::{IteratorKind, Record, Request, Response as Stream, ShardIterator};
use crate::services::{Answer, ConnectionId, Cx, Deadline, Door, Push, Response, Route};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    Idle,
    /// A call is under way.
    Asking(u64),
    Listening(ConnectionId),
    /// All of a closed shard was read.
    AtEnd,
}

/// What a reader got.
#[derive(Debug)]
pub enum Got {
    /// Its place: it can read now.
    Place,
    /// A connection: records will be pushed.
    Connection,
    Records(Vec<Record>),
    Error(&'static str),
}

#[derive(Clone, Debug)]
pub struct ShardReader {
    pub shard: u32,
    reading: Reading,
    iterator: Option<ShardIterator>,
    /// Where a new iterator begins.
    begin: IteratorKind,
    /// Whether more read the shard than it lets.
    is_contended: bool,
}

/// How far polls drift, as a part of the time between them `[MODEL]`.
const DRIFT: Micros = 4;

impl ShardReader {
    #[must_use]
    pub fn new(shard: u32, begin: IteratorKind) -> Self {
        Self { shard, reading: Reading::Idle, iterator: None, begin, is_contended: false }
    }

    #[must_use]
    pub fn is_at_end(&self) -> bool {
        self.reading == Reading::AtEnd
    }

    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.reading == Reading::Idle
    }

    #[must_use]
    pub fn is_listening(&self) -> bool {
        matches!(self.reading, Reading::Listening(_))
    }

    /// Whether it has a place in its shard, and would read next.
    #[must_use]
    pub fn has_place(&self) -> bool {
        self.iterator.is_some()
    }

    #[must_use]
    pub fn awaits(&self, call: u64) -> bool {
        self.reading == Reading::Asking(call)
    }

    #[must_use]
    pub fn listens_on(&self, connection: ConnectionId) -> bool {
        self.reading == Reading::Listening(connection)
    }

    /// Begins anew there; what was under way is forgotten.
    pub fn rewind(&mut self, begin: IteratorKind, cx: &mut Cx<'_>) {
        self.stop(cx);
        (self.iterator, self.begin) = (None, begin);
    }

    /// Forgets what is under way. It goes on where it was.
    pub fn stop(&mut self, cx: &mut Cx<'_>) {
        if let Reading::Listening(connection) = self.reading {
            cx.close(connection, "its reader stopped");
        }
        self.reading = Reading::Idle;
    }

    /// There is nothing more to read.
    pub fn end(&mut self) {
        self.reading = Reading::AtEnd;
    }

    /// How long it waits where it usually waits so long. In life polls drift apart, so that of six who read one shard
    /// none is always the one too many; here they keep step until there are too many.
    pub fn pause(&self, usual: Micros, cx: &mut Cx<'_>) -> Micros {
        if self.is_contended { usual + cx.rng("poll").below(usual / DRIFT + 1) } else { usual }
    }

    /// Asks for its place, or for records; the number of its call.
    pub fn ask(&mut self, route: &Route, limit: u64, deadline: Deadline, cx: &mut Cx<'_>) -> u64 {
        let request = match self.iterator {
            Some(iterator) => Request::GetRecords { iterator, limit },
            None => Request::GetShardIterator { shard: self.shard, kind: self.place(cx) },
        };
        self.call(route, request, deadline, cx)
    }

    /// Asks to be pushed what comes, under the name of a registered consumer.
    pub fn subscribe(&mut self, route: &Route, consumer: String, deadline: Deadline, cx: &mut Cx<'_>) -> u64 {
        let request = Request::SubscribeToShard { consumer, shard: self.shard, kind: self.place(cx) };
        self.call(route, request, deadline, cx)
    }

    fn call(&mut self, route: &Route, request: Request, deadline: Deadline, cx: &mut Cx<'_>) -> u64 {
        let call = cx.call_within(route, request.into(), Vec::new(), deadline);
        self.reading = Reading::Asking(call);
        call
    }

    /// Where it begins. "Latest" stays what it is now, whatever becomes of the answer.
    fn place(&mut self, cx: &Cx<'_>) -> IteratorKind {
        let later = if self.begin == IteratorKind::Latest { IteratorKind::AtTimestamp(cx.now()) } else { self.begin };
        std::mem::replace(&mut self.begin, later)
    }

    /// Its call was answered.
    pub fn answered(&mut self, answer: Answer) -> Got {
        self.reading = Reading::Idle;
        if let Some(connection) = answer.connection {
            self.reading = Reading::Listening(connection);
            return Got::Connection;
        }
        match answer.result {
            Ok(Response::Kinesis(Stream::Iterator(iterator))) => {
                (self.iterator, self.begin) = (Some(iterator), IteratorKind::AtSequenceNumber(iterator.from));
                Got::Place
            }
            Ok(Response::Kinesis(Stream::Records { records, next, is_contended, .. })) => {
                self.is_contended = is_contended;
                self.iterator = next;
                self.go_on_at(next.map(|next| next.from));
                Got::Records(records)
            }
            Ok(_) => Got::Error("UnexpectedAnswer"),
            Err(error) => {
                self.is_contended |= error.code == "ProvisionedThroughputExceededException";
                if error.code == "ExpiredIteratorException" {
                    self.iterator = None;
                }
                Got::Error(error.code)
            }
        }
    }

    /// Records were pushed to it.
    pub fn pushed(&mut self, push: Push) -> Vec<Record> {
        let Response::Kinesis(Stream::Event(event)) = push.event else { return Vec::new() };
        self.go_on_at(event.from);
        event.records
    }

    /// Its connection has ended.
    pub fn closed(&mut self) {
        if self.is_listening() {
            self.reading = Reading::Idle;
        }
    }

    fn go_on_at(&mut self, from: Option<u128>) {
        match from {
            Some(from) => self.begin = IteratorKind::AtSequenceNumber(from),
            None => self.reading = Reading::AtEnd,
        }
    }
}
