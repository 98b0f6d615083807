//! What the panels list: trace rows, metrics, messages.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::{TraceRecord, clock_text};
use crate::figure::{Primitive, Tone, grouped};
use crate::services::{Describe, Fact, Metric, Token, token_text};
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
    /// Its colour, while the message is still somewhere to be seen.
    pub hue: Option<u8>,
    /// Past participle, such as `VisibilityTimeoutExpired`.
    pub fact: &'static str,
    /// A short sentence.
    pub detail: String,
    pub tone: Tone,
}

/// Nodes whose figures are searched for a message's colour: a list is redrawn several times a second.
const FIGURES_MAX: usize = 200;

/// The newest facts, newest first: of one node all, of the whole scene those a person would want to read.
#[must_use]
pub fn trace_rows(run: &Run, node: Option<&str>, limit: usize) -> Vec<TraceRow> {
    let only = node.map(|id| run.actor_of(id));
    let wanted = |record: &&TraceRecord<Fact>| match only {
        Some(actor) => actor == Some(record.actor),
        None => record.fact.tone() != Tone::Quiet,
    };
    let records: Vec<&TraceRecord<Fact>> = run.trace().window().iter().rev().filter(wanted).take(limit).collect();
    let mut named = BTreeSet::new();
    named.extend(records.iter().filter_map(|record| record.message));
    let hues = hues(run, &named);
    let hue = |record: &TraceRecord<Fact>| record.message.and_then(|token| hues.get(&token).copied());
    records.into_iter().map(|record| trace_row(run, record, hue(record))).collect()
}

pub(super) fn trace_row(run: &Run, record: &TraceRecord<Fact>, hue: Option<u8>) -> TraceRow {
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

/// The colours of these messages, as far as they are on their way or drawn in a node: the trace keeps none.
pub(super) fn hues(run: &Run, wanted: &BTreeSet<Token>) -> BTreeMap<Token, u8> {
    let mut hues = BTreeMap::new();
    if wanted.is_empty() {
        return hues;
    }
    for message in run.transfers().flat_map(|transfer| transfer.signal.visible()) {
        if wanted.contains(&message.token) {
            hues.insert(message.token, message.hue);
        }
    }
    let looked_at = run.nodes().take(FIGURES_MAX);
    for primitive in looked_at.flat_map(|(_, node)| node.figure(run.now()).primitives) {
        if let Primitive::Token { token, hue, .. } = primitive
            && wanted.contains(&token)
        {
            hues.insert(token, hue);
        }
    }
    hues
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
    /// Empty for one that lies in a node.
    pub body: String,
}

/// Messages to be seen now, the oldest first: those on their way and those drawn in the nodes.
#[must_use]
pub fn message_rows(run: &Run, node: Option<&str>, limit: usize) -> Vec<MessageRow> {
    let mut rows = BTreeMap::new();
    for (id, model) in run.nodes().filter(|(id, _)| node.is_none_or(|only| only == *id)) {
        for primitive in model.figure(run.now()).primitives {
            if let Primitive::Token { token, hue, poisoned, .. } = primitive {
                let (name, place) = (token_text(token), format!("in {id}"));
                rows.insert(token, MessageRow { token, name, hue, poisoned, place, body: String::new() });
            }
        }
    }
    for transfer in run.transfers() {
        let (from, to) = (run.name_of(transfer.from), run.name_of(transfer.to));
        if node.is_some_and(|only| only != from && only != to) {
            continue;
        }
        for message in transfer.signal.visible() {
            let place = format!("on its way from {from} to {to}");
            let (token, name, body) = (message.token, token_text(message.token), message.body.to_string());
            let (hue, poisoned) = (message.hue, message.poisoned);
            rows.insert(token, MessageRow { token, name, hue, poisoned, place, body });
        }
    }
    rows.into_values().take(limit).collect()
}
