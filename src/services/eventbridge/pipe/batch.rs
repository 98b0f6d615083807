//! A batch on its way through the pipe: filter, enrichment, target, and what becomes of its items.

use std::sync::Arc;

use serde_json::{Value, json};

use super::config::Config;
use super::fact::Fact;
use super::model::{Model, Origin, Timer};
use crate::engine::{Key, Micros, seconds};
use crate::services::clients::http;
use crate::services::lambda::api as lambda;
use crate::services::parts::shard_lane::PAYLOAD_MAX;
use crate::services::{self, Answer, ApiError, Cx, Door, Kind, Message, Meta, Place, Request, Response, Route, chunks};

/// How long an enrichment may take (EB-22), and an API destination at all (EB-17).
const ENRICHMENT_TIME_MAX: Micros = seconds(300);
const DESTINATION_TIME_MAX: Micros = seconds(5);

/// One item of the source: the message that stays there, and how the pipe shows it.
#[derive(Clone, Debug)]
pub struct Item {
    pub message: Message,
    pub value: Value,
}

/// What goes to the target, and the place of the item it comes from.
#[derive(Clone, Debug)]
struct Output {
    item: usize,
    message: Message,
}

/// What is to go to the target once its call's turn has come.
#[derive(Clone, Debug)]
struct Draft {
    item: usize,
    body: Arc<str>,
}

#[derive(Clone, Debug)]
pub struct Batch {
    pub origin: Origin,
    pub items: Vec<Item>,
    /// Calls under way, each with the items that are in it.
    calls: Vec<(u64, Vec<Output>)>,
    is_enriching: bool,
    /// The end of the time that the enrichment has.
    pub deadline: Option<Key>,
    /// Places of the items that the target did not take.
    failed: Vec<usize>,
    /// What is still to be sent: one chunk is under way at a time, so that order is kept.
    waiting: Vec<Vec<Draft>>,
}

impl Batch {
    #[must_use]
    pub fn awaits(&self, call: u64) -> bool {
        self.calls.iter().any(|(other, _)| *other == call)
    }

    /// What there is for the target, each with the place of its item: the enrichment's results, or the items.
    fn results(&self, config: &Config, enriches: bool) -> Vec<(usize, Value)> {
        let mut results = Vec::new();
        for (place, item) in self.items.iter().enumerate() {
            let Some(templates) = config.returns.as_ref().filter(|_| enriches) else {
                results.push((place, item.value.clone()));
                continue;
            };
            let made = templates.iter().filter_map(|template| template.render(&item.value, &|_| None).ok());
            results.extend(made.filter_map(|text| Some((place, serde_json::from_str(&text).ok()?))));
        }
        results
    }
}

/// Above the 6 MB that an enrichment takes, and gives back (EB-22).
fn is_too_large(sizes: impl Iterator<Item = usize>) -> bool {
    sizes.sum::<usize>() as u64 > PAYLOAD_MAX
}

/// Items that one call to the target may bring (EB-22).
fn chunk_size(kind: Kind) -> usize {
    match kind {
        Kind::Queue | Kind::Topic | Kind::EventBus => 10,
        Kind::Stream => 500,
        Kind::Endpoint => 1,
        _ => usize::MAX,
    }
}

impl Model {
    /// Sends a batch on its way; the filter has seen it.
    pub(super) fn start_batch(&mut self, origin: Origin, items: Vec<Item>, cx: &mut Cx<'_>) {
        self.metrics.invocations += 1;
        self.metrics.events += items.len() as u64;
        self.metrics.billed += chunks(items.iter().map(|item| item.message.size()).sum());
        cx.fact(Fact::BatchStarted { items: items.len() as u64 }, Some(items[0].message.token));
        let (calls, failed, waiting) = (Vec::new(), Vec::new(), Vec::new());
        let batch = Batch { origin, items, calls, is_enriching: false, deadline: None, failed, waiting };
        self.next_batch += 1;
        let number = self.next_batch;
        self.batches.insert(number, batch);
        match self.enrichment.clone() {
            Some(route) => self.enrich(number, &route, cx),
            None => self.send(number, cx),
        }
    }

    fn enrich(&mut self, number: u64, route: &Route, cx: &mut Cx<'_>) {
        let config = &self.config;
        let Some(batch) = self.batches.get_mut(number) else { return };
        let body = |item: &Item| match &config.enrichment_input {
            Some(template) => template.render(&item.value, &|_| None).unwrap_or_else(|spoilt| spoilt),
            None => item.value.to_string(),
        };
        let bodies: Vec<String> = batch.items.iter().map(body).collect();
        if is_too_large(bodies.iter().map(String::len)) {
            return self.enrichment_failed(number, "RequestTooLargeException".to_owned(), cx);
        }
        let mut messages = Vec::new();
        for (item, body) in batch.items.iter().zip(bodies) {
            let mut copy = cx.copy(&item.message);
            (copy.body, copy.meta) = (body.into(), None);
            messages.push(copy);
        }
        let outputs =
            messages.iter().enumerate().map(|(item, message)| Output { item, message: message.clone() }).collect();
        let request: Request = match route.peer_kind {
            Kind::Endpoint => http::Request::Invoke { method: "POST".to_owned(), headers: Vec::new() }.into(),
            _ => lambda::Request::Invoke.into(),
        };
        let call = cx.call(route, request, messages);
        let time = if route.peer_kind == Kind::Endpoint { DESTINATION_TIME_MAX } else { ENRICHMENT_TIME_MAX };
        batch.is_enriching = true;
        batch.deadline = Some(cx.wake_in(time, Timer::EnrichmentEnds { batch: number }));
        batch.calls.push((call, outputs));
    }

    /// All of a batch goes back; an answer that still comes finds nobody.
    pub(super) fn enrichment_failed(&mut self, number: u64, code: String, cx: &mut Cx<'_>) {
        let Some(batch) = self.batches.get_mut(number) else { return };
        self.metrics.enrichment_failed += 1;
        cx.fact(Fact::EnrichmentFailed { code }, Some(batch.items[0].message.token));
        batch.failed = (0..batch.items.len()).collect();
        (batch.calls, batch.deadline, batch.is_enriching) = (Vec::new(), None, false);
        self.finish(number, cx);
    }

    /// Makes of each item what the target gets, and sends it in as many calls as it takes.
    fn send(&mut self, number: u64, cx: &mut Cx<'_>) {
        let Some(batch) = self.batches.get_mut(number) else { return };
        let Some(target) = self.target.clone() else {
            // Taken away meanwhile: everything goes back.
            batch.failed = (0..batch.items.len()).collect();
            return self.finish(number, cx);
        };
        let (config, enriches) = (&self.config, self.enrichment.is_some());
        let results = batch.results(config, enriches);
        if enriches && is_too_large(results.iter().map(|(_, result)| result.to_string().len())) {
            let function = self.enrichment.as_ref().is_some_and(|route| route.peer_kind == Kind::Function);
            let code = if function { "Function.ResponseSizeTooLarge" } else { "EnrichmentResponseTooLarge" };
            return self.enrichment_failed(number, code.to_owned(), cx);
        }
        let mut outputs = Vec::new();
        for (item, result) in results {
            let body = match &config.target_input {
                Some(template) => template.render(&result, &|_| None).unwrap_or_else(|spoilt| spoilt),
                None => result.to_string(),
            };
            outputs.push(Draft { item, body: body.into() });
        }
        if enriches {
            cx.fact(Fact::Enriched { results: outputs.len() as u64 }, Some(batch.items[0].message.token));
        }
        if outputs.is_empty() {
            self.metrics.target_skipped += 1;
            cx.fact(Fact::TargetSkipped, Some(batch.items[0].message.token));
            return self.finish(number, cx);
        }
        let size = chunk_size(target.peer_kind);
        let mut chunks: Vec<Vec<Draft>> = Vec::new();
        for output in outputs {
            match chunks.last_mut().filter(|chunk| chunk.len() < size) {
                Some(chunk) => chunk.push(output),
                None => chunks.push(vec![output]),
            }
        }
        chunks.reverse();
        batch.waiting = chunks;
        self.send_next(number, &target, cx);
    }

    fn send_next(&mut self, number: u64, target: &Route, cx: &mut Cx<'_>) {
        let forgets = self.config.fires_and_forgets;
        let Some(batch) = self.batches.get_mut(number) else { return };
        let Some(drafts) = batch.waiting.pop() else { return self.finish(number, cx) };
        let request: Request = match target.peer_kind {
            Kind::Function if !forgets => lambda::Request::Invoke.into(),
            kind => kind.push_request(drafts.len()).expect("a target takes pushed messages"),
        };
        let mut chunk = Vec::new();
        for Draft { item, body } in drafts {
            let source = &batch.items[item].message;
            let mut message = cx.copy(source);
            message.hops = message.hops.saturating_add(1);
            message.meta = Some(Arc::new(self.config.meta(source, &cx.name())));
            message.body = body;
            chunk.push(Output { item, message });
        }
        let messages = chunk.iter().map(|output| output.message.clone()).collect();
        let call = cx.call(target, request, messages);
        batch.calls.push((call, chunk));
    }

    /// A call of a batch is answered; what came back was not taken.
    pub(super) fn batch_answered(&mut self, number: u64, answer: Answer, cx: &mut Cx<'_>) {
        let Some(batch) = self.batches.get_mut(number) else { return };
        let Some(place) = batch.calls.iter().position(|(call, _)| *call == answer.call) else { return };
        let (_, sent) = batch.calls.remove(place);
        let why = failure_of(&answer.result);
        for message in &answer.messages {
            let code = answer.result.as_ref().err().map_or("PartialFailure", |error| error.code);
            debug_assert!(sent.iter().any(|output| output.message.token == message.token), "it was sent");
            cx.book(1, Place::Travelling, Place::Dropped(code));
        }
        if std::mem::take(&mut batch.is_enriching) {
            batch.deadline.take().into_iter().for_each(|key| cx.cancel(key));
            return match why {
                None => self.send(number, cx),
                Some(code) => self.enrichment_failed(number, code, cx),
            };
        }
        // Without an error, and with nothing returned, all of it was taken.
        let is_back = |output: &&Output| answer.messages.iter().any(|message| message.token == output.message.token);
        let failed: Vec<usize> = match (&why, answer.messages.is_empty()) {
            (None, _) => sent.iter().filter(is_back).map(|output| output.item).collect(),
            (Some(_), _) if answer.result.is_ok() && !answer.messages.is_empty() => {
                sent.iter().filter(is_back).map(|output| output.item).collect()
            }
            (Some(_), _) => sent.iter().map(|output| output.item).collect(),
        };
        let (first, took) = (Some(sent[0].message.token), sent.len() - failed.len());
        if took > 0 {
            cx.fact(Fact::TargetTook { items: took as u64 }, first);
        }
        if !failed.is_empty() {
            let code = why.unwrap_or_else(|| "PartialFailure".to_owned());
            cx.fact(Fact::TargetFailed { items: failed.len() as u64, code }, first);
            let (all, some) = (u64::from(took == 0), u64::from(took > 0));
            self.metrics.target_failed += all;
            self.metrics.target_partially_failed += some;
            batch.failed.extend(failed);
        }
        match self.target.clone() {
            Some(target) => self.send_next(number, &target, cx),
            None => self.finish(number, cx),
        }
    }

    fn finish(&mut self, number: u64, cx: &mut Cx<'_>) {
        let Some(mut batch) = self.batches.remove(number) else { return };
        batch.failed.sort_unstable();
        batch.failed.dedup();
        if !batch.failed.is_empty() {
            let all = batch.failed.len() == batch.items.len();
            self.metrics.failed += u64::from(all);
            self.metrics.partially_failed += u64::from(!all);
        }
        match batch.origin {
            Origin::Queue { receipts } => self.queue_batch_ended(&batch.items, &receipts, &batch.failed, cx),
            Origin::Shard { reader, lane } => self.shard_batch_ended((reader, lane), &batch.items, &batch.failed, cx),
        }
    }
}

/// Why a call failed, if it did.
fn failure_of(result: &Result<Response, ApiError>) -> Option<String> {
    match result {
        Err(error) => Some(error.code.to_owned()),
        Ok(services::Response::Lambda(lambda::Response::Invoke { function_error: Some(text) })) => Some(text.clone()),
        Ok(_) => None,
    }
}

impl Config {
    /// What a target needs beside the body.
    fn meta(&self, source: &Message, pipe: &str) -> Meta {
        let own = source.meta.as_deref();
        let (event_source, detail_type) = &self.event;
        Meta {
            message_group_id: self.group.clone(),
            partition_key: self.partition_key.clone().or_else(|| own.and_then(|meta| meta.partition_key.clone())),
            source: Some(event_source.clone().unwrap_or_else(|| format!("Pipe {pipe}"))),
            detail_type: Some(detail_type.clone().unwrap_or_else(|| "Event from a pipe".to_owned())),
            ..Meta::default()
        }
    }
}

/// A text that is JSON as the JSON, else as the text.
#[must_use]
pub fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| json!(text))
}
