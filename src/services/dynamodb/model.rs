//! The table's state machine: requests, conditions, capacity.

use serde_json::{Value, json};

use super::action::{Action, ManyItems, OneItem, Operation};
use super::api::{Item, Request, Response, Table};
use super::config::Config;
use super::fact::Fact;
use super::key::{Key, Schema};
use super::parsing;
use super::prices;
use super::stream::Changes;
use super::table::{Found, Outcome, answered};
use super::value::size_of;
use crate::engine::Micros;
use crate::figure::Figure;
use crate::services::contract::inside::Inside;
use crate::services::{
    self, Answer, ApiError, Call, Cx, Door, Draft, Message, Metric, Place, Service, Settings, Usage, Window,
};

#[derive(Clone, Debug)]
pub enum Timer {
    StreamRecordExpires,
}

#[derive(Clone, Debug, Default)]
pub struct Metrics {
    written: u64,
    /// Half units: an eventually consistent read takes so many.
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
    /// Half units.
    reads: Window,
    /// The key of the last item written, and when.
    pub(super) last_written: Option<(Key, Micros)>,
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
        let result = match request {
            Request::PutMessages => return self.put_messages(caller, messages, cx),
            Request::Stream(call) => self.stream_told(&call, cx).map(Response::Output),
            Request::Action(action) => self.act(&action, cx).map(Response::Output),
            Request::Call { action, input } => match parsing::parse(&action, &input, &self.config.schema) {
                Ok(Request::Stream(call)) => self.stream_told(&call, cx).map(Response::Output),
                Ok(Request::Action(action)) => self.act(&action, cx).map(Response::Output),
                Ok(short) => self.serve(short, cx),
                Err(error) => {
                    cx.fact(Fact::RequestRefused { code: error.code }, None);
                    Err(error)
                }
            },
            short => self.serve(short, cx),
        };
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
            ("ConsumedReadCapacityUnits", Metric::Count(self.metrics.read.div_ceil(2))),
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
        parsing::parse(action, input, &self.config.schema).map(|request| (request.into(), Vec::new()))
    }
}

impl Model {
    /// Does what a request asks, and tells it in AWS's shape.
    fn act(&mut self, action: &Action, cx: &mut Cx<'_>) -> Result<Value, ApiError> {
        let (mut answer, units) = match action {
            Action::DescribeTable => return Ok(self.told(cx)),
            Action::One(one) => {
                let outcome = self.do_one(one, cx)?;
                let units = if one.is_write() { outcome.cost as f64 } else { outcome.cost as f64 / 2.0 };
                (answered(one, &outcome), one.reports.then_some(units))
            }
            Action::Many(many) => {
                let (answer, cost) = self.look_up(many, cx, |found, schema| found.answered(many, schema))?;
                (answer, many.reports.then_some(cost as f64 / 2.0))
            }
        };
        if let Some(units) = units {
            answer["ConsumedCapacity"] = json!({ "TableName": &*cx.name(), "CapacityUnits": units });
        }
        Ok(answer)
    }

    /// The same of a request in short form, which tells less.
    fn serve(&mut self, request: Request, cx: &mut Cx<'_>) -> Result<Response, ApiError> {
        match request.short_form() {
            Some(Action::One(one)) => {
                let outcome = self.do_one(&one, cx)?;
                Ok(if one.is_write() { Response::Done } else { Response::Item(outcome.old) })
            }
            Some(Action::Many(many)) => {
                let items = |found: &Found<'_>, _: &Schema| found.items.iter().map(|item| (*item).clone()).collect();
                self.look_up(&many, cx, items).map(|(items, _)| Response::Items(items))
            }
            _ => Err(ApiError::client("InvalidAction", "It is read before it is served.")),
        }
    }

    fn look_up<R>(
        &mut self,
        many: &ManyItems,
        cx: &mut Cx<'_>,
        made: impl FnOnce(&Found<'_>, &Schema) -> R,
    ) -> Result<(R, u64), ApiError> {
        let found = self.table.find(many);
        let cost = found.cost;
        let result = made(&found, &self.config.schema);
        self.admit(false, cost, cx)?;
        Ok((result, cost))
    }

    /// Takes the units that it costs, also where its condition does not hold, and keeps what it comes to.
    pub(super) fn do_one(&mut self, one: &OneItem, cx: &mut Cx<'_>) -> Result<Outcome, ApiError> {
        let mut outcome = self.table.weigh(one, &self.config.schema);
        let is_refused = outcome.result.as_ref().is_err_and(|error| error.code == "ValidationException");
        if !is_refused {
            self.admit(one.is_write(), outcome.cost, cx)?;
        }
        let key = || one.key.to_string();
        if let Err(error) = std::mem::replace(&mut outcome.result, Ok(())) {
            if !is_refused {
                self.metrics.conditions_failed += 1;
                cx.fact(Fact::ConditionFailed { key: key() }, None);
            }
            return Err(error);
        }
        match one.operation {
            Operation::Get { .. } => return Ok(outcome),
            Operation::Delete => cx.fact(Fact::ItemDeleted { key: key() }, None),
            Operation::Put { .. } | Operation::Update { .. } => {
                self.last_written = Some((one.key.clone(), cx.now()));
                cx.fact(Fact::ItemWritten { key: key() }, None);
            }
        }
        self.table.keep(one.key.clone(), outcome.new.clone());
        self.note_change(&one.key, outcome.old.as_ref(), outcome.new.as_ref(), cx);
        Ok(outcome)
    }

    /// Spends units of a write, or half units of a read, if there are so many in this second (DDB-4, DDB-5).
    fn admit(&mut self, is_write: bool, cost: u64, cx: &mut Cx<'_>) -> Result<(), ApiError> {
        let now = cx.now();
        if let Some((reads, writes)) = self.config.capacity {
            let (window, most, units) =
                if is_write { (&mut self.writes, writes, writes) } else { (&mut self.reads, reads * 2, reads) };
            // What is larger than a second's units goes alone.
            if !window.has_room(cost.min(most), most, now) {
                let (count, fact) = if is_write {
                    (&mut self.metrics.writes_throttled, Fact::WriteThrottled { units })
                } else {
                    (&mut self.metrics.reads_throttled, Fact::ReadThrottled { units })
                };
                *count += 1;
                cx.fact(fact, None);
                let text = "The level of configured provisioned throughput for the table was exceeded. Consider increasing \
                            your provisioning level with the UpdateTable API.";
                return Err(ApiError::server("ProvisionedThroughputExceededException", text));
            }
            window.spend(cost.min(most), now);
        }
        if is_write {
            self.metrics.written += cost;
        } else {
            self.metrics.read += cost;
        }
        Ok(())
    }

    /// What `DescribeTable` tells.
    fn told(&self, cx: &Cx<'_>) -> Value {
        let size: u64 = self.items().map(|(_, item)| size_of(item)).sum();
        json!({ "Table": { "TableName": &*cx.name(), "TableStatus": "ACTIVE", "ItemCount": self.table.count(),
            "TableSizeBytes": size, "KeySchema": self.config.schema.told() } })
    }

    /// Items in the order of their keys.
    pub(super) fn items(&self) -> impl Iterator<Item = (&Key, &Item)> + Clone {
        self.table.iter()
    }
}
