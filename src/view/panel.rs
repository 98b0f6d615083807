//! What the panels list: trace rows, metrics, messages.

use std::collections::BTreeMap;

use crate::engine::{TraceRecord, clock_text};
use crate::figure::{Primitive, Tone, grouped};
use crate::services::{Describe, Fact, Message, Metric, Token, token_text};
use crate::sim::Run;

/// One line of the trace.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceRow {
    pub seq: u64,
    /// `00:12.480`.
    pub clock: String,
    pub node: String,
    /// The message it is about, and how that is written: `m0007`.
    pub token: Option<Token>,
    pub message: Option<String>,
    /// Its colour, if the run remembers it.
    pub hue: Option<u8>,
    /// Past participle, such as `VisibilityTimeoutExpired`.
    pub fact: &'static str,
    /// A short sentence.
    pub detail: String,
    pub tone: Tone,
}

/// The newest facts, newest first: of one node all, of the whole scene those a person would want to read.
#[must_use]
pub fn trace_rows(run: &Run, node: Option<&str>, limit: usize) -> Vec<TraceRow> {
    let only = node.map(|id| run.actor_of(id));
    let wanted = |record: &&TraceRecord<Fact>| match only {
        Some(actor) => actor == Some(record.actor),
        None => record.fact.tone() != Tone::Quiet,
    };
    run.trace().window().iter().rev().filter(wanted).take(limit).map(|record| trace_row(run, record)).collect()
}

pub(super) fn trace_row(run: &Run, record: &TraceRecord<Fact>) -> TraceRow {
    let hue = record.message.and_then(|token| run.shared().hue_of(token));
    TraceRow {
        seq: record.seq,
        clock: clock_text(record.at),
        node: run.node_of(record).to_owned(),
        token: record.message,
        message: record.message.map(token_text),
        hue,
        fact: record.fact.name(),
        detail: record.fact.detail(),
        tone: record.fact.tone(),
    }
}

/// What happened, as one sentence; empty once the trace has let go of it.
#[must_use]
pub fn sentence(run: &Run, seq: u64) -> String {
    let Some(record) = run.trace().get(seq) else { return String::new() };
    let message = record.message.map(|token| format!(" ({})", token_text(token))).unwrap_or_default();
    format!("{}: {}{message}, {}", run.node_of(record), record.fact.name(), record.fact.detail())
}

/// What happened since a fact, in a sentence or two: what went wrong before what went well, the newest first. `None` if
/// nothing did.
#[must_use]
pub fn narrated(run: &Run, since: u64) -> Option<String> {
    // After a step back, facts with these numbers are yet to come.
    let since = since.min(run.trace().total());
    let mut best: Option<&TraceRecord<Fact>> = None;
    let mut count = 0_usize;
    for record in run.trace().since(since) {
        if best.is_none_or(|best| record.fact.tone() >= best.fact.tone()) {
            best = Some(record);
        }
        count += 1;
    }
    let told = sentence(run, best?.seq);
    Some(if count == 1 { told } else { format!("{told}; and {} more facts", grouped(count as u64 - 1)) })
}

/// A metric under CloudWatch's name: as text, and as the number a chart shows.
pub type MetricRow = (&'static str, String, f64);

/// A node's metrics.
#[must_use]
pub fn metrics_of(run: &Run, id: &str) -> Vec<MetricRow> {
    let metrics = run.node(id).map(|node| node.metrics(run.now())).unwrap_or_default();
    metrics.into_iter().map(|(name, metric)| (name, metric_text(metric), metric.number())).collect()
}

fn metric_text(metric: Metric) -> String {
    match metric {
        Metric::Count(count) | Metric::Level(count) => grouped(count),
        Metric::Seconds(micros) => format!("{} s", tenths(micros / 100_000)),
        Metric::Milliseconds(micros) => format!("{} ms", tenths(micros / 100)),
    }
}

/// A number of tenths, with its decimal only where it says something.
fn tenths(tenths: u64) -> String {
    if tenths >= 1_000 || tenths.is_multiple_of(10) {
        grouped(tenths / 10)
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

/// A time that something took: `820 µs`, `12.5 ms`, `3.2 s`, `4:05 min`.
#[must_use]
pub fn duration_text(micros: u64) -> String {
    match micros {
        0..1_000 => format!("{micros} µs"),
        1_000..1_000_000 => format!("{} ms", tenths(micros / 100)),
        1_000_000..120_000_000 => format!("{} s", tenths(micros / 100_000)),
        _ => format!("{}:{:02} min", grouped(micros / 60_000_000), micros / 1_000_000 % 60),
    }
}

/// `$12.34`; small sums with three digits that matter, however small.
#[must_use]
pub fn dollars(usd: f64) -> String {
    if usd >= 100.0 {
        return format!("${}", grouped(libm::rint(usd) as u64));
    }
    let mut places = 2;
    let mut least = 1.0;
    while usd > 0.0 && usd < least && places < 12 {
        places += 1;
        least /= 10.0;
    }
    format!("${usd:.places$}")
}

/// A message and where it is.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageRow {
    pub token: Token,
    /// `m0007`.
    pub name: String,
    pub hue: u8,
    pub poisoned: bool,
    /// `on its way from shop to billing`, `in billing`.
    pub place: String,
    /// Empty where only its colour is known.
    pub body: String,
}

/// The messages that there are, the oldest first: those that lie in nodes, those that are worked on, and those on their
/// way.
#[must_use]
pub fn message_rows(run: &Run, node: Option<&str>, limit: usize) -> Vec<MessageRow> {
    let mut rows = Oldest { rows: BTreeMap::new(), limit };
    let is_wanted = |id: &str| node.is_none_or(|only| only == id);
    for (id, model) in run.nodes().filter(|(id, _)| is_wanted(id)) {
        model.each_held(&mut |message| rows.add(message, || format!("in {id}")));
    }
    // Who works on a message may have it from a queue that still holds it.
    let mut drawn = BTreeMap::new();
    for (id, model) in run.nodes().filter(|(id, model)| is_wanted(id) && model.stored() == 0) {
        for primitive in model.figure(run.now()).primitives {
            if let Primitive::Token { token, hue, poisoned, .. } = primitive {
                drawn.insert(token, (id, hue, poisoned));
            }
        }
    }
    if node.is_some() && !drawn.is_empty() {
        for (_, model) in run.nodes() {
            model.each_held(&mut |message| {
                if drawn.contains_key(&message.token) {
                    rows.add(message, String::new);
                }
            });
        }
    }
    for (token, (id, hue, poisoned)) in drawn {
        let place = format!("in {id}");
        match rows.rows.get_mut(&token) {
            Some(row) => row.place = place,
            None => {
                let row = MessageRow { token, name: token_text(token), hue, poisoned, place, body: String::new() };
                rows.rows.insert(token, row);
            }
        }
    }
    for transfer in run.transfers() {
        let (from, to) = (run.name_of(transfer.from), run.name_of(transfer.to));
        if is_wanted(from) || is_wanted(to) {
            for message in transfer.signal.visible() {
                rows.add(message, || format!("on its way from {from} to {to}"));
            }
        }
    }
    rows.rows.into_values().take(limit).collect()
}

/// Rows of the oldest messages, and no more than so many.
struct Oldest {
    rows: BTreeMap<Token, MessageRow>,
    limit: usize,
}

impl Oldest {
    fn add(&mut self, message: &Message, place: impl FnOnce() -> String) {
        let token = message.token;
        let is_full = self.rows.len() >= self.limit;
        if is_full && self.rows.last_key_value().is_some_and(|(newest, _)| *newest < token) {
            return;
        }
        let (name, hue, poisoned) = (token_text(token), message.hue, message.poisoned);
        let row = MessageRow { token, name, hue, poisoned, place: place(), body: message.body.to_string() };
        if self.rows.insert(token, row).is_none() && is_full {
            self.rows.pop_last();
        }
    }
}
