//! The table's state machine: requests, conditions, capacity.

use serde_json::Value;

use super::api::{self, Item, Request, Response, Table};
use super::config::Config;
use super::fact::Fact;
use super::parsing;
use super::prices;
use super::stream::Changes;
use super::table::size_of;
use crate::engine::Micros;
use crate::figure::Figure;
use crate::services::contract::inside::Inside;
use crate::services::{
    self, Answer, ApiError, Call, Cx, Door, Draft, Message, Metric, Place, Service, Settings, Usage, Window,
};

/// Bytes of one unit.
const WRITE_UNIT: u64 = 1_024;
const READ_UNIT: u64 = 4_096;

#[derive(Clone, Debug)]
pub enum Timer {
    StreamRecordExpires,
}

#[derive(Clone, Debug, Default)]
pub struct Metrics {
    written: u64,
    read: u64,
    writes_throttled: u64,
    reads_throttled: u64,
    pub(super) conditions_failed: u64,
}

#[derive(Clone)]
pub struct Model {
    pub(super) config: Config,
    pub(super) table: Table,
    pub(super) metrics: Metrics,
    writes: Window,
    reads: Window,
    /// The key of the last item written, and when.
    pub(super) last_written: Option<(String, Micros)>,
    pub(super) changes: Changes,
    created: Micros,
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;

    fn new(settings: &Settings) -> Self {
        Self {
            config: Config::read(settings),
            table: Table::default(),
            metrics: Metrics::default(),
            writes: Window::default(),
            reads: Window::default(),
            last_written: None,
            changes: Changes::default(),
            created: 0,
        }
    }

    fn start(&mut self, cx: &mut Cx<'_>) {
        self.created = cx.now();
    }

    fn configure(&mut self, settings: &Settings, _cx: &mut Cx<'_>) {
        self.config = Config::read(settings);
    }

    fn retire(&mut self, cx: &mut Cx<'_>) {
        self.drop_changes(cx);
        self.table = Table::default();
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let Call { caller, request, messages } = call;
        let request = match request {
            services::Request::DynamoDb(request) => request,
            services::Request::Kinesis(request) => {
                let result = self.read_changes(&request, cx.now());
                return cx.answer(caller, result.map(Into::into), messages);
            }
            _ => {
                let error = ApiError::client("InvalidAction", "A table takes DynamoDB's own API alone.");
                return cx.answer(caller, Err(error), messages);
            }
        };
        let request = match request {
            Request::PutMessages => return self.put_messages(caller, messages, cx),
            Request::Stream(call) => {
                let result = self.stream_told(&call, cx).map(|shape| Response::Described(shape).into());
                return cx.answer(caller, result, messages);
            }
            request => request,
        };
        let result = self.admit(&request, cx).and_then(|()| self.carry_out(request, cx));
        cx.answer(caller, result.map(Into::into), messages);
    }

    /// A table calls nobody.
    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        cx.book(answer.messages.len() as u64, Place::Travelling, Place::Dropped("UnexpectedAnswer"));
    }

    fn wake(&mut self, timer: Timer, cx: &mut Cx<'_>) {
        match timer {
            Timer::StreamRecordExpires => self.expire_changes(cx),
        }
    }

    fn stored(&self) -> u64 {
        self.changes.len()
    }

    fn each_held(&self, see: &mut dyn FnMut(&Message)) {
        self.changes.each_held(see);
    }

    fn metrics(&self, _now: Micros) -> Vec<(&'static str, Metric)> {
        vec![
            ("ItemCount", Metric::Level(self.table.count() as u64)),
            ("ConsumedReadCapacityUnits", Metric::Count(self.metrics.read)),
            ("ConsumedWriteCapacityUnits", Metric::Count(self.metrics.written)),
            ("ReadThrottleEvents", Metric::Count(self.metrics.reads_throttled)),
            ("WriteThrottleEvents", Metric::Count(self.metrics.writes_throttled)),
            ("ConditionalCheckFailedRequests", Metric::Count(self.metrics.conditions_failed)),
        ]
    }

    fn usage(&self, now: Micros) -> Usage {
        let time = now.saturating_sub(self.created);
        match self.config.capacity {
            Some((reads, writes)) => {
                vec![(prices::READ_CAPACITY_TIME, reads * time), (prices::WRITE_CAPACITY_TIME, writes * time)]
            }
            None => {
                vec![(prices::READ_UNIT, self.metrics.read), (prices::WRITE_UNIT, self.metrics.written)]
            }
        }
    }

    fn figure(&self, now: Micros) -> Figure {
        self.draw(now)
    }

    fn inside(&self, now: Micros) -> Option<Inside> {
        Some(self.look_inside(now))
    }

    fn parse_call(&self, action: &str, input: &Value) -> Result<(services::Request, Vec<Draft>), ApiError> {
        parsing::parse(action, input, &self.config.key).map(|request| (request.into(), Vec::new()))
    }
}

impl Model {
    /// Spends the units of a request, if there are so many in this second (KDS-24).
    pub(super) fn admit(&mut self, request: &Request, cx: &mut Cx<'_>) -> Result<(), ApiError> {
        let units = self.units(request);
        let (is_write, now) = (request.is_write(), cx.now());
        if let Some((reads, writes)) = self.config.capacity {
            let (window, most) = if is_write { (&mut self.writes, writes) } else { (&mut self.reads, reads) };
            // What is larger than a second's units goes alone.
            if !window.has_room(units.min(most), most, now) {
                let (count, fact) = if is_write {
                    (&mut self.metrics.writes_throttled, Fact::WriteThrottled { units: most })
                } else {
                    (&mut self.metrics.reads_throttled, Fact::ReadThrottled { units: most })
                };
                *count += 1;
                cx.fact(fact, None);
                let text = "The level of configured provisioned throughput for the table was exceeded.";
                return Err(ApiError::server("ProvisionedThroughputExceededException", text));
            }
            window.spend(units.min(most), now);
        }
        if is_write {
            self.metrics.written += units;
        } else {
            self.metrics.read += units;
        }
        Ok(())
    }

    fn units(&self, request: &Request) -> u64 {
        let bytes = match request {
            Request::GetItem { key } => self.table.get(key).map_or(0, size_of),
            Request::Scan => self.table.iter().map(|(_, item)| size_of(item)).sum(),
            Request::PutItem { item, .. } => size_of(item),
            Request::UpdateItem { key, .. } | Request::DeleteItem { key, .. } => self.table.get(key).map_or(0, size_of),
            Request::DescribeTable | Request::PutMessages | Request::Stream(_) => return 0,
        };
        bytes.div_ceil(if request.is_write() { WRITE_UNIT } else { READ_UNIT }).max(1)
    }

    pub(super) fn carry_out(&mut self, request: Request, cx: &mut Cx<'_>) -> Result<Response, ApiError> {
        let (key, is_delete) = match &request {
            Request::PutItem { key, .. } | Request::UpdateItem { key, .. } => (Some(key.clone()), false),
            Request::DeleteItem { key, .. } => (Some(key.clone()), true),
            _ => (None, false),
        };
        let has_stream = self.config.stream.is_some();
        let item_of = |table: &Table| key.as_ref().filter(|_| has_stream).and_then(|key| table.get(key).cloned());
        let old = item_of(&self.table);
        let result = api::carry_out(&mut self.table, &self.config.key, request);
        let new = item_of(&self.table);
        let written = key.clone().filter(|_| has_stream && result.is_ok());
        match (&result, key) {
            (Ok(_), Some(key)) if is_delete => cx.fact(Fact::ItemDeleted { key }, None),
            (Ok(_), Some(key)) => {
                self.last_written = Some((key.clone(), cx.now()));
                cx.fact(Fact::ItemWritten { key }, None);
            }
            (Err(_), Some(key)) => {
                self.metrics.conditions_failed += 1;
                cx.fact(Fact::ConditionFailed { key }, None);
            }
            _ => {}
        }
        if let Some(key) = written {
            self.note_change(&key, old.as_ref(), new.as_ref(), cx);
        }
        result
    }

    /// Items in the order of their keys.
    pub(super) fn items(&self) -> impl Iterator<Item = (&str, &Item)> {
        self.table.iter()
    }
}
