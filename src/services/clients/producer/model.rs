//! The producer's state machine: the next arrival, the message, the call.

use std::sync::Arc;

use serde_json::Value;

use super::arrivals::Arrivals;
use super::fact::Fact;
use super::retry::Retries;
use crate::engine::{FaultKind, Key, Micros};
use crate::figure::Figure;
use crate::lang::duration::{Rate, parse_rate};
use crate::lang::template::Template;
use crate::services::limits::PRODUCER_RATE_MAX;
use crate::services::{
    Answer, ApiError, Attribute, Call, Cx, Deadline, Door, Draft, LinkKind, Message, Meta, Metric, Request, Service,
    Settings, hue_of,
};

#[derive(Clone, Debug)]
pub enum Timer {
    Arrival,
    Retry { number: u64 },
}

#[derive(Clone)]
pub struct Model {
    pub(super) config: Config,
    /// Arrivals so far under the present rate, and when it began.
    index: u64,
    start: Micros,
    last: Micros,
    /// Messages made.
    pub(super) made: u64,
    pub(super) failed: u64,
    pub(super) retries: Retries,
    key: Option<Key>,
    warned: bool,
}

#[derive(Clone)]
pub(super) struct Config {
    pub(super) rate: Rate,
    pub(super) rate_text: String,
    pub(super) arrivals: Arrivals,
    pub(super) arrivals_name: String,
    count: Option<u64>,
    payload: Result<Template, String>,
    /// The payload where it is the same for all: they have it in common.
    constant: Option<Arc<str>>,
    partition_key: Option<Template>,
    group: Option<Template>,
    deduplication: Option<Template>,
    attributes: Vec<(String, String, Template)>,
    detail_type: String,
    source: String,
    batch: u64,
    pub(super) attempts_max: u32,
    pub(super) deadline: Deadline,
    start_at: Option<Micros>,
    stop_at: Option<Micros>,
}

impl Config {
    fn read(settings: &Settings) -> Self {
        let text = |name: &str| settings.text(name).filter(|text| !text.is_empty());
        let template = |name: &str| text(name).and_then(|text| Template::from_text(&text).ok());
        let rate_text = text("Rate").unwrap_or_else(|| "1/s".to_owned());
        let rate = parse_rate(&rate_text).unwrap_or(Rate { count: 1, per: 1_000_000 });
        let too_fast = u128::from(rate.count) * 1_000_000 > u128::from(PRODUCER_RATE_MAX) * u128::from(rate.per);
        let rate = if too_fast { Rate { count: PRODUCER_RATE_MAX, per: 1_000_000 } } else { rate };
        let arrivals_name = text("Arrivals").unwrap_or_default();
        let payload = match settings.get("Payload").unwrap_or(Value::Null) {
            Value::String(text) => Template::from_text(&text),
            other => Template::from_value(&other),
        };
        Self {
            rate,
            rate_text,
            arrivals: Arrivals::from_name(&arrivals_name),
            arrivals_name,
            count: settings.optional_integer("Count"),
            constant: payload.as_ref().ok().and_then(|template| Some(template.constant()?.into())),
            payload,
            partition_key: template("PartitionKey"),
            group: template("MessageGroupId"),
            deduplication: template("MessageDeduplicationId"),
            attributes: attribute_templates(settings.get("MessageAttributes").as_ref()),
            detail_type: text("DetailType").unwrap_or_default(),
            source: text("Source").unwrap_or_default(),
            batch: settings.integer("BatchSize").max(1),
            attempts_max: u32::try_from(settings.integer("MaxAttempts")).unwrap_or(1).max(1),
            deadline: Deadline::of_client(settings),
            start_at: settings.duration("StartAt"),
            stop_at: settings.duration("StopAt"),
        }
    }
}

impl Config {
    /// All that decides when messages come.
    fn timing(&self) -> impl PartialEq + use<> {
        let span = (self.count, self.start_at, self.stop_at);
        (self.rate, self.arrivals, self.batch, span, self.payload.is_err())
    }
}

/// `{"type": "order"}`, or AWS's `{"type": {"DataType": "String", "StringValue": "order"}}`.
fn attribute_templates(value: Option<&Value>) -> Vec<(String, String, Template)> {
    let Some(map) = value.and_then(Value::as_object) else { return Vec::new() };
    let read = |(name, value): (&String, &Value)| {
        let (data_type, text) = match value {
            Value::String(text) => ("String".to_owned(), text.clone()),
            Value::Number(number) => ("Number".to_owned(), number.to_string()),
            Value::Array(_) => ("String.Array".to_owned(), value.to_string()),
            other => {
                let part = |key: &str| other.get(key).and_then(Value::as_str).map(str::to_owned);
                (part("DataType")?, part("StringValue")?)
            }
        };
        Some((name.clone(), data_type, Template::from_text(&text).ok()?))
    };
    map.iter().filter_map(read).collect()
}

impl Service for Model {
    type Timer = Timer;
    type Fact = Fact;

    fn new(settings: &Settings) -> Self {
        let config = Config::read(settings);
        Self {
            config,
            index: 0,
            start: 0,
            last: 0,
            made: 0,
            failed: 0,
            retries: Retries::default(),
            key: None,
            warned: false,
        }
    }

    fn start(&mut self, cx: &mut Cx<'_>) {
        self.start = self.config.start_at.unwrap_or(0).max(cx.now());
        self.last = self.start;
        // A Poisson stream has no message at its very start; the others begin with one.
        self.schedule(cx);
    }

    fn configure(&mut self, settings: &Settings, cx: &mut Cx<'_>) {
        let before = std::mem::replace(&mut self.config, Config::read(settings)).timing();
        if before == self.config.timing() {
            return;
        }
        if let Some(key) = self.key.take() {
            cx.cancel(key);
        }
        // One that has begun goes on an interval from now.
        self.start = self.config.start_at.unwrap_or(0).max(cx.now());
        self.index = u64::from(self.start == cx.now());
        self.last = self.start;
        self.schedule(cx);
    }

    fn rewired(&mut self, _cx: &mut Cx<'_>) {
        self.warned = false;
    }

    fn retire(&mut self, cx: &mut Cx<'_>) {
        if let Some(key) = self.key.take() {
            cx.cancel(key);
        }
        self.forget_retries("ResourceDeleted", cx);
    }

    fn call(&mut self, call: Call, cx: &mut Cx<'_>) {
        let error = ApiError::client("InvalidAction", "A producer takes no calls.");
        cx.answer(call.caller, Err(error), call.messages);
    }

    fn answer(&mut self, answer: Answer, cx: &mut Cx<'_>) {
        self.answered(answer, cx);
    }

    fn wake(&mut self, timer: Timer, cx: &mut Cx<'_>) {
        let Timer::Arrival = timer else { return self.retry(timer, cx) };
        self.key = None;
        self.last = cx.now();
        self.index += 1;
        if !cx.is_down() {
            self.emit(cx);
        }
        self.schedule(cx);
    }

    fn struck(&mut self, fault: FaultKind, begins: bool, cx: &mut Cx<'_>) {
        if fault.is_outage() && begins {
            self.forget_retries(fault.name(), cx);
        }
    }

    fn stored(&self) -> u64 {
        self.retries.stored()
    }

    fn each_held(&self, see: &mut dyn FnMut(&Message)) {
        self.retries.each_held(see);
    }

    fn metrics(&self, _now: Micros) -> Vec<(&'static str, Metric)> {
        vec![
            ("Produced", Metric::Count(self.made)),
            ("Failed", Metric::Count(self.failed)),
            ("Retries", Metric::Count(self.retries.made)),
        ]
    }

    fn figure(&self, now: Micros) -> Figure {
        self.draw(now)
    }

    fn parse_call(&self, action: &str, _input: &Value) -> Result<(Request, Vec<Draft>), ApiError> {
        Err(ApiError::unknown_action(action, "A producer", &["none"]))
    }
}

impl Model {
    fn schedule(&mut self, cx: &mut Cx<'_>) {
        if let Err(reason) = &self.config.payload {
            cx.fact(Fact::PayloadRefused { reason: reason.clone() }, None);
            return;
        }
        if self.config.rate.count == 0 {
            return;
        }
        if self.config.count.is_some_and(|count| self.made >= count) {
            cx.fact(Fact::Finished { count: self.made }, None);
            return;
        }
        let (config, index, start, last) = (&self.config, self.index, self.start, self.last);
        // The rate counts messages; one arrival brings a whole batch of them.
        let rate = Rate { per: config.rate.per.saturating_mul(config.batch), ..config.rate };
        let at = config.arrivals.next(rate, index, start, last, cx.rng("arrivals"));
        if config.stop_at.is_none_or(|stop| at < stop) {
            self.key = Some(cx.wake_at(at, Timer::Arrival));
        }
    }

    /// Whether it would send and there is nobody to send to.
    pub(super) fn is_alone(&self) -> bool {
        self.warned
    }

    fn emit(&mut self, cx: &mut Cx<'_>) {
        let routes = cx.routes();
        let mut sends = routes.iter().filter(|route| route.kind == LinkKind::Send && route.outward).peekable();
        // Who is connected to nothing makes nothing, and says so once.
        if sends.peek().is_none() {
            if !std::mem::replace(&mut self.warned, true) {
                cx.fact(Fact::NothingConnected, None);
            }
            return;
        }
        let left = self.config.count.map_or(u64::MAX, |count| count - self.made);
        let number = (self.config.arrivals.at_once() * self.config.batch).min(left);
        let drafts: Vec<(Arc<str>, Option<Arc<Meta>>, u8)> = (0..number).map(|_| self.draft(cx)).collect();
        for route in sends {
            for chunk in drafts.chunks(usize::try_from(self.config.batch).unwrap_or(1)) {
                let Some(request) = route.peer_kind.push_request(chunk.len()) else { continue };
                let messages: Vec<Message> =
                    chunk.iter().map(|(body, meta, hue)| cx.produce(body.clone(), meta.clone(), *hue)).collect();
                for message in &messages {
                    cx.originate(Fact::MessageProduced, message.token);
                }
                self.send(route, request, messages, 1, cx);
            }
        }
    }

    fn draft(&mut self, cx: &mut Cx<'_>) -> (Arc<str>, Option<Arc<Meta>>, u8) {
        self.made += 1;
        let (seq, now, own) = (self.made, cx.now(), cx.shared_ref().colours[cx.me().index()]);
        let config = &self.config;
        let mut draw = || cx.rng("payload").bits();
        let mut fill = |template: &Template| template.render(seq, now, &mut draw);
        let body = config.constant.clone().unwrap_or_else(|| {
            config.payload.as_ref().map_or_else(|_| Arc::from(""), |template| Arc::from(fill(template)))
        });
        let partition_key = config.partition_key.as_ref().map(&mut fill);
        let message_group_id = config.group.as_ref().map(&mut fill);
        let deduplication_id = config.deduplication.as_ref().map(&mut fill);
        let attributes: Vec<Attribute> = config
            .attributes
            .iter()
            .map(|(name, data_type, value)| Attribute {
                name: name.clone(),
                data_type: data_type.clone(),
                value: fill(value),
            })
            .collect();
        let colour = message_group_id.as_deref().or(partition_key.as_deref());
        let hue = colour.map_or(own, hue_of);
        let meta = Meta {
            attributes,
            partition_key,
            message_group_id,
            deduplication_id,
            source: Some(config.source.clone()),
            detail_type: Some(config.detail_type.clone()),
            ..Meta::default()
        };
        (body, Some(Arc::new(meta)), hue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn attributes_are_read_in_short_and_in_aws_shape() {
        let read = |value: Value| {
            attribute_templates(Some(&value)).into_iter().map(|(name, kind, _)| (name, kind)).collect::<Vec<_>>()
        };
        assert_eq!(read(json!({ "type": "order" })), [("type".to_owned(), "String".to_owned())]);
        assert_eq!(
            read(json!({ "n": { "DataType": "Number", "StringValue": "3" } })),
            [("n".to_owned(), "Number".to_owned())]
        );
    }
}
