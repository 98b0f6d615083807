//! A batch on its way through the pipe: filter, enrichment, target, and what becomes of its items.

use std::sync::Arc;

use serde_json::Value;

use super::super::target::API_DESTINATION;
use super::fact::Fact;
use super::model::{Model, Origin};
use crate::engine::{Sort, seconds};
use crate::services::clients::endpoint::api as http;
use crate::services::lambda::api as lambda;
use crate::services::parts::shard_lane::PAYLOAD_MAX;
use crate::services::{
    self, Answer, ApiError, Cx, Deadline, Door, Kind, Message, Meta, Place, Request, Response, Route, chunks,
    json_or_text,
};

/// How long an enrichment may take, or a function that is the target (EB-22).
const FUNCTION: Deadline = Deadline::of(seconds(300), "EnrichmentTimedOut");

/// One item of the source: the message that stays there, and how the pipe shows it.
#[derive(Clone, Debug)]
pub struct Item {
    pub message: Message,
    pub value: Value,
}

/// What goes to the target, and the place of the item it comes from; none where an enrichment made others of them, so that
/// nobody can tell.
#[derive(Clone, Debug)]
struct Output {
    item: Option<usize>,
    message: Message,
}

/// What is to go to the target once its call's turn has come.
#[derive(Clone, Debug)]
struct Draft {
    item: Option<usize>,
    body: Arc<str>,
    meta: Meta,
}

#[derive(Clone, Debug)]
pub struct Batch {
    pub origin: Origin,
    pub items: Vec<Item>,
    /// Calls under way, each with the items that are in it.
    calls: Vec<(u64, Vec<Output>)>,
    is_enriching: bool,
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

    /// The places of what an output stands for.
    fn places(&self, item: Option<usize>) -> std::ops::Range<usize> {
        item.map_or(0..self.items.len(), |item| item..item + 1)
    }
}

/// What an enrichment answered: a list is what there is for the target, anything else is one such thing (EB-22).
fn results(answered: &str) -> Vec<Value> {
    match json_or_text(answered) {
        Value::Array(results) => results,
        one => vec![one],
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
        cx.tell_first(Fact::BatchStarted { items: items.len() as u64 }, Some(&items[0].message));
        let (calls, failed, waiting) = (Vec::new(), Vec::new(), Vec::new());
        let batch = Batch { origin, items, calls, is_enriching: false, failed, waiting };
        self.next_batch += 1;
        let number = self.next_batch;
        self.batches.insert(number, batch);
        match self.enrichment.clone() {
            Some(route) => self.enrich(number, &route, cx),
            None => {
                let Some(batch) = self.batches.get_mut(number) else { return };
                let items = batch.items.iter().map(|item| item.value.clone()).enumerate();
                let items = items.map(|(place, value)| (Some(place), value)).collect();
                self.send(number, items, cx);
            }
        }
    }

    fn enrich(&mut self, number: u64, route: &Route, cx: &mut Cx<'_>) {
        let Some(batch) = self.batches.get(number) else { return };
        let body = |item: &Item| match &self.config.enrichment_input {
            Some(template) => self.rendered(template, &item.value, cx),
            None => Ok(item.value.to_string()),
        };
        let Ok(bodies) = batch.items.iter().map(body).collect::<Result<Vec<String>, _>>() else {
            return self.enrichment_failed(number, "EnrichmentTransformationFailed".to_owned(), cx);
        };
        let Some(batch) = self.batches.get_mut(number) else { return };
        if is_too_large(bodies.iter().map(String::len)) {
            return self.enrichment_failed(number, "RequestTooLargeException".to_owned(), cx);
        }
        let mut messages = Vec::new();
        for (item, body) in batch.items.iter().zip(bodies) {
            let mut copy = cx.copy(&item.message);
            (copy.body, copy.meta) = (body.into(), None);
            messages.push(copy);
        }
        let output = |(item, message): (usize, &Message)| Output { item: Some(item), message: message.clone() };
        let outputs = messages.iter().enumerate().map(output).collect();
        let (request, deadline): (Request, _) = match route.peer_kind {
            Kind::Endpoint => {
                (http::Request::Invoke { method: "POST".to_owned(), headers: Vec::new() }.into(), API_DESTINATION)
            }
            _ => (lambda::Request::Invoke { is_list: true }.into(), FUNCTION),
        };
        let call = cx.call_within(route, request, messages, deadline);
        batch.is_enriching = true;
        batch.calls.push((call, outputs));
    }

    /// The enrichment has answered. Where it gave one result for each item, each result stands for its item.
    fn enriched(&mut self, number: u64, answered: &str, cx: &mut Cx<'_>) {
        let Some(batch) = self.batches.get_mut(number) else { return };
        // An endpoint that answers no body has nothing to say of the items `[MODEL]`.
        let results = match answered {
            "" => batch.items.iter().map(|item| item.value.clone()).collect(),
            answered => results(answered),
        };
        if is_too_large(results.iter().map(|result| result.to_string().len())) {
            let function = self.enrichment.as_ref().is_some_and(|route| route.peer_kind == Kind::Function);
            let code = if function { "Function.ResponseSizeTooLarge" } else { "EnrichmentResponseTooLarge" };
            return self.enrichment_failed(number, code.to_owned(), cx);
        }
        let is_one_each = results.len() == batch.items.len();
        cx.tell(Fact::Enriched { results: results.len() as u64 }, Some(&batch.items[0].message));
        let place = |(place, result): (usize, Value)| (is_one_each.then_some(place), result);
        self.send(number, results.into_iter().enumerate().map(place).collect(), cx);
    }

    /// All of a batch goes back.
    pub(super) fn enrichment_failed(&mut self, number: u64, code: String, cx: &mut Cx<'_>) {
        let Some(batch) = self.batches.get_mut(number) else { return };
        self.metrics.enrichment_failed += 1;
        cx.tell(Fact::EnrichmentFailed { code }, Some(&batch.items[0].message));
        (batch.calls, batch.is_enriching) = (Vec::new(), false);
        self.all_failed(number, cx);
    }

    /// Makes of each result what the target gets, and sends it in as many calls as it takes.
    fn send(&mut self, number: u64, results: Vec<(Option<usize>, Value)>, cx: &mut Cx<'_>) {
        let Some(target) = self.target.clone() else {
            // Taken away meanwhile: everything goes back.
            return self.all_failed(number, cx);
        };
        let (pipe, kind) = (self.pipe_name(cx), self.source.as_ref().map_or(Kind::Queue, |source| source.peer_kind));
        let draft = |(item, result): &(Option<usize>, Value)| {
            let body = match &self.config.target_input {
                Some(template) => self.rendered(template, result, cx)?,
                None => result.to_string(),
            };
            Ok::<_, String>(Draft {
                item: *item,
                body: body.into(),
                meta: self.config.parameters.meta(result, &pipe, kind),
            })
        };
        let Ok(outputs) = results.iter().map(draft).collect::<Result<Vec<Draft>, _>>() else {
            return self.transformation_failed(number, cx);
        };
        let Some(batch) = self.batches.get_mut(number) else { return };
        if outputs.is_empty() {
            self.metrics.target_skipped += 1;
            cx.tell(Fact::TargetSkipped, Some(&batch.items[0].message));
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

    /// All of it goes back.
    fn all_failed(&mut self, number: u64, cx: &mut Cx<'_>) {
        if let Some(batch) = self.batches.get_mut(number) {
            batch.failed = (0..batch.items.len()).collect();
        }
        self.finish(number, cx);
    }

    /// What the template made of an event is no JSON.
    #[inline(never)] // second part
    fn transformation_failed(&mut self, number: u64, cx: &mut Cx<'_>) {
        let Some(batch) = self.batches.get(number) else { return };
        let (items, code) = (batch.items.len() as u64, "TargetTransformationFailed".to_owned());
        cx.fact(Fact::TargetFailed { items, code }, Some(batch.items[0].message.token));
        self.metrics.target_failed += 1;
        self.all_failed(number, cx);
    }

    fn send_next(&mut self, number: u64, target: &Route, cx: &mut Cx<'_>) {
        let forgets = self.config.fires_and_forgets;
        let Some(batch) = self.batches.get_mut(number) else { return };
        let Some(drafts) = batch.waiting.pop() else { return self.finish(number, cx) };
        let (request, deadline): (Request, _) = match target.peer_kind {
            Kind::Function if !forgets => (lambda::Request::Invoke { is_list: true }.into(), FUNCTION),
            kind => {
                let deadline = if kind == Kind::Endpoint { API_DESTINATION } else { Deadline::SERVICE };
                (kind.push_request(drafts.len()).expect("a target takes pushed messages"), deadline)
            }
        };
        let mut chunk = Vec::new();
        for Draft { item, body, mut meta } in drafts {
            let source = &batch.items[item.unwrap_or(0)].message;
            let mut message = cx.pass(source);
            // A stream as target needs a key: unless one is set, that of the source.
            let own = || source.meta.as_deref().and_then(|meta| meta.partition_key.clone());
            meta.partition_key = meta.partition_key.or_else(own);
            (message.meta, message.body) = (Some(Arc::new(meta)), body);
            chunk.push(Output { item, message });
        }
        let messages = chunk.iter().map(|output| output.message.clone()).collect();
        let call = cx.call_within(target, request, messages, deadline);
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
            return match why {
                None => self.enriched(number, answer.body(), cx),
                Some(code) => self.enrichment_failed(number, code, cx),
            };
        }
        // Without an error, and with nothing returned, all of it was taken.
        let is_back = |output: &&Output| answer.messages.iter().any(|message| message.token == output.message.token);
        let named = named_failures(answer.body(), &batch.items);
        let is_named = |output: &&Output| output.item.is_some_and(|item| named.contains(&item));
        let in_part = why.is_none() || answer.result.is_ok() && !answer.messages.is_empty();
        let refused: Vec<Option<usize>> = sent
            .iter()
            .filter(|output| !in_part || is_back(output) || is_named(output))
            .map(|output| output.item)
            .collect();
        let (first, took) = (Some(sent[0].message.token), sent.len() - refused.len());
        let failed: Vec<usize> = refused.iter().flat_map(|item| batch.places(*item)).collect();
        if took > 0 {
            cx.fact(Fact::TargetTook { items: took as u64 }, first);
        }
        if !failed.is_empty() {
            let code = why.unwrap_or_else(|| "PartialFailure".to_owned());
            cx.fact(Fact::TargetFailed { items: refused.len() as u64, code }, first);
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
        batch.failed.order_by(Ord::cmp);
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
        Ok(services::Response::Lambda(lambda::Response::Invoke { payload, is_error: true })) => {
            let raised = json_or_text(payload);
            Some(raised["errorMessage"].as_str().unwrap_or("Unhandled").to_owned())
        }
        Ok(_) => None,
    }
}

/// The places of the items that a function says it could not work on (EB-23).
fn named_failures(answered: &str, items: &[Item]) -> Vec<usize> {
    let answer: Value = serde_json::from_str(answered).unwrap_or_default();
    let named = answer["batchItemFailures"].as_array().map_or(&[][..], Vec::as_slice);
    let is_id = |item: &Item, id: &Value| {
        id.is_string() && ["messageId", "sequenceNumber", "eventID"].iter().any(|name| item.value[*name] == *id)
    };
    let is_named = |item: &Item| named.iter().any(|one| is_id(item, &one["itemIdentifier"]));
    items.iter().enumerate().filter(|(_, item)| is_named(item)).map(|(place, _)| place).collect()
}
