//! The pipe's properties, read.

use serde_json::Value;

use super::event::RESERVED;
use super::target_parameters::TargetParameters;
use crate::engine::{Micros, seconds};
use crate::lang::event_pattern::{Dialect, Pattern};
use crate::lang::input_template::InputTemplate;
use crate::lang::instant::instant_of;
use crate::services::kinesis::api::IteratorKind;
use crate::services::{Settings, whole_number};

/// Items of a batch unless set, by source (EB-22).
const QUEUE_BATCH: u64 = 10;
const STREAM_BATCH: u64 = 100;
/// Of `ParallelizationFactor` (EB-23).
pub const LANES_MAX: u64 = 10;

#[derive(Clone, Debug)]
pub struct Config {
    pub name: Option<String>,
    pub running: bool,
    /// Any of them must match; with none, everything passes.
    pub filters: Vec<Pattern>,
    /// AWS makes no pipe with a filter or a template that is none: it takes nothing.
    pub is_refused: bool,
    pub queue: Batching,
    pub stream: Batching,
    /// Batches of a shard at a time.
    pub lanes: usize,
    pub start: IteratorKind,
    pub bisects: bool,
    /// `None` for without end.
    pub retries_max: Option<u64>,
    pub age_max: Option<Micros>,
    pub dead_letter: Option<String>,
    pub enrichment_input: Option<InputTemplate>,
    pub target_input: Option<InputTemplate>,
    pub parameters: TargetParameters,
    /// The function as target is not waited for.
    pub fires_and_forgets: bool,
}

#[derive(Clone, Copy, Debug)]
pub struct Batching {
    pub size: usize,
    pub window: Micros,
}

impl Config {
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        let part = |name: &str| settings.get(name).unwrap_or_default();
        let (source, target) = (part("SourceParameters"), part("TargetParameters"));
        let (queue, stream) = (&source["SqsQueueParameters"], stream_parameters(&source));
        let text = |value: &Value| value.as_str().map(str::to_owned);
        // Minus one stands for without end.
        let bounded = |value: &Value| whole_number(value);
        let filters = filters(&source);
        let templates = [template(&part("EnrichmentParameters")["InputTemplate"]), template(&target["InputTemplate"])];
        let is_refused = filters.is_err() || templates.iter().any(Result::is_err);
        let [enrichment_input, target_input] = templates.map(|template| template.ok().flatten());
        Self {
            name: settings.text("Name").filter(|name| !name.is_empty()),
            is_refused,
            running: settings.text("DesiredState").as_deref() != Some("STOPPED"),
            filters: filters.unwrap_or_default(),
            queue: batching(queue, QUEUE_BATCH),
            stream: batching(stream, STREAM_BATCH),
            lanes: usize::try_from(whole_number(&stream["ParallelizationFactor"]).unwrap_or(1).clamp(1, LANES_MAX))
                .unwrap_or(1),
            start: start(stream),
            bisects: stream["OnPartialBatchItemFailure"] == "AUTOMATIC_BISECT",
            retries_max: bounded(&stream["MaximumRetryAttempts"]),
            age_max: bounded(&stream["MaximumRecordAgeInSeconds"]).map(seconds),
            dead_letter: text(&stream["DeadLetterConfig"]["Arn"]),
            enrichment_input,
            target_input,
            parameters: TargetParameters::read(&target),
            fires_and_forgets: target["LambdaFunctionParameters"]["InvocationType"] == "FIRE_AND_FORGET",
        }
    }
}

/// Those of the one stream that the source is.
#[must_use]
pub fn stream_parameters(source: &Value) -> &Value {
    let table = &source["DynamoDBStreamParameters"];
    if table.is_null() { &source["KinesisStreamParameters"] } else { table }
}

/// A time is a text, or in seconds of the run or since 1970.
fn start(stream: &Value) -> IteratorKind {
    match stream["StartingPosition"].as_str() {
        Some("LATEST") => IteratorKind::Latest,
        Some("AT_TIMESTAMP") => {
            IteratorKind::AtTimestamp(instant_of(&stream["StartingPositionTimestamp"]).unwrap_or(0))
        }
        _ => IteratorKind::TrimHorizon,
    }
}

fn batching(parameters: &Value, size: u64) -> Batching {
    let number = |name: &str| whole_number(&parameters[name]);
    let size = number("BatchSize").unwrap_or(size).clamp(1, 10_000);
    let window = seconds(number("MaximumBatchingWindowInSeconds").unwrap_or(0).min(300));
    Batching { size: usize::try_from(size).unwrap_or(1), window }
}

/// The patterns of `FilterCriteria`.
///
/// # Errors
/// What is wrong with one, in a sentence.
pub fn filters(source: &Value) -> Result<Vec<Pattern>, String> {
    let list = source["FilterCriteria"]["Filters"].as_array();
    list.into_iter()
        .flatten()
        .map(|filter| {
            let pattern = match &filter["Pattern"] {
                Value::String(text) => serde_json::from_str(text).map_err(|_| "a Pattern is not JSON".to_owned())?,
                other => other.clone(),
            };
            Pattern::from_value(&pattern, Dialect::EventBridge).map_err(|error| error.message)
        })
        .collect()
}

fn template(value: &Value) -> Result<Option<InputTemplate>, String> {
    value.as_str().map(|text| InputTemplate::of_pipe(text, &RESERVED)).transpose()
}
