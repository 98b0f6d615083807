//! What AWS refuses though every value is in its range: of mappings, of reservations, of destinations.

use serde_json::{Map, Value};

use super::account::{CONCURRENCY_DEFAULT, UNRESERVED_MIN};
use super::filter;
use super::form::SPEC;
use super::mapping_config::BATCH_SIZE_WITHOUT_WINDOW_MAX;
use crate::services::{Kind, LinkKind, Owner, Reference, Returns, SceneView, Settings, Wrong, is_true, whole_number};

type Properties = Map<String, Value>;

/// Of all functions of a scene, and of their mappings.
pub fn problems(scene: &SceneView<'_>) -> Vec<Wrong> {
    let mut found = Vec::new();
    for link in scene.links_of(LinkKind::EventSourceMapping) {
        let refusals = of_mapping(link.properties, (link.from.kind, link.from.properties), link.to.properties);
        found.extend(refusals.into_iter().map(|(name, text)| link.wrong_property(name, text, link.to.id)));
    }
    let reservation = "ReservedConcurrentExecutions";
    let all: Vec<&Properties> = scene.nodes_of(Kind::Function).map(|node| node.properties).collect();
    let last = scene.nodes_of(Kind::Function).filter(|node| node.properties.contains_key(reservation)).last();
    if let (Some(node), Some(text)) = (last, of_reservations(&all)) {
        found.push(node.wrong(reservation, text));
    }
    for node in scene.nodes_of(Kind::Function) {
        for reference in Reference::of(Owner::Node(node.kind)) {
            let target = reference.read(node.properties).and_then(|id| scene.node(id));
            if let Some(text) = target.and_then(|target| of_destination(target.properties)) {
                found.push(node.wrong(&reference.path.join("."), text));
            }
        }
        if let Some(Err(why)) = node.properties.get("Returns").map(Returns::read) {
            found.push(node.wrong("Returns", why));
        }
    }
    found
}

/// Property and sentence.
pub type Refusal = (&'static str, String);

/// Of a mapping between a source of this kind and a function.
#[must_use]
#[inline(never)] // second part
pub fn of_mapping(mapping: &Properties, source: (Kind, &Properties), function: &Properties) -> Vec<Refusal> {
    let mut refusals = match source {
        (Kind::Queue, queue) => of_queue_mapping(mapping, queue, function),
        _ => of_stream_mapping(mapping),
    };
    refusals.extend(of_filters(mapping.get("FilterCriteria")));
    let types = mapping.get("FunctionResponseTypes");
    let is_known = |types: &Value| types.as_array().is_some_and(|types| types.iter().all(|name| name == REPORT));
    if !types.is_none_or(is_known) {
        refusals.push(("FunctionResponseTypes", format!("must be a list of nothing but \"{REPORT}\"")));
    }
    refusals
}

const REPORT: &str = "ReportBatchItemFailures";

fn of_queue_mapping(mapping: &Properties, queue: &Properties, function: &Properties) -> Vec<Refusal> {
    let number = |name: &str| mapping.get(name).and_then(whole_number);
    let (size, window) = (number("BatchSize").unwrap_or(0), number("MaximumBatchingWindowInSeconds").unwrap_or(0));
    let is_fifo = queue.get("FifoQueue").is_some_and(is_true);
    let mut refusals = Vec::new();
    let most = BATCH_SIZE_WITHOUT_WINDOW_MAX;
    if is_fifo && size > most {
        refusals
            .push(("BatchSize", format!("a FIFO queue's mapping takes {most} at a time at most; {most} are taken")));
    } else if size > most && window == 0 {
        let text = format!(
            "more than {most} at a time need a batching window (MaximumBatchingWindowInSeconds) of 1 s or more; {most} \
             are taken"
        );
        refusals.push(("BatchSize", text));
    }
    if is_fifo && window > 0 {
        let text = "a FIFO queue's mapping has no batching window".to_owned();
        refusals.push(("MaximumBatchingWindowInSeconds", text));
    }
    if mapping.contains_key("ScalingConfig") && mapping.contains_key("ProvisionedPollerConfig") {
        let text = "a mapping has a ScalingConfig or a ProvisionedPollerConfig, not both".to_owned();
        refusals.push(("ProvisionedPollerConfig", text));
    }
    let pollers = |name: &str| mapping.get("ProvisionedPollerConfig")?.get(name).and_then(whole_number);
    if let (Some(least), Some(most)) = (pollers("MinimumPollers"), pollers("MaximumPollers"))
        && least > most
    {
        refusals.push(("ProvisionedPollerConfig", format!("MinimumPollers {least} is above MaximumPollers {most}")));
    }
    let seconds = |kind: Kind, properties: &Properties, name: &str| {
        Settings::new(properties.clone(), kind.spec().properties).integer(name)
    };
    let hidden = seconds(Kind::Queue, queue, "VisibilityTimeout");
    let timeout = seconds(Kind::Function, function, "Timeout");
    if hidden < timeout {
        let text = format!(
            "the queue's visibility timeout of {hidden} s is below the function's timeout of {timeout} s; AWS \
             recommends six times the timeout"
        );
        refusals.push(("", text));
    }
    refusals
}

fn of_stream_mapping(mapping: &Properties) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    for name in ["ScalingConfig", "ProvisionedPollerConfig"] {
        if mapping.contains_key(name) {
            refusals.push((name, "a stream's mapping has none: its shards say how many batches run".to_owned()));
        }
    }
    let (start, time) = (mapping.get("StartingPosition"), mapping.get("StartingPositionTimestamp"));
    if (start.is_some_and(|start| start == "AT_TIMESTAMP")) != time.is_some() {
        let text = "AT_TIMESTAMP needs a StartingPositionTimestamp, and no other position has one".to_owned();
        refusals.push(("StartingPositionTimestamp", text));
    }
    refusals
}

fn of_filters(criteria: Option<&Value>) -> Vec<Refusal> {
    let wrong = filter::patterns(criteria).err().unwrap_or_default();
    wrong.into_iter().map(|text| ("FilterCriteria", format!("{text}; nothing is polled"))).collect()
}

/// Of the reservations of all functions together: how many may be reserved, when these are too many.
#[must_use]
#[inline(never)] // second part
pub fn of_reservations(functions: &[&Properties]) -> Option<String> {
    let number = |properties: &Properties, name: &str| properties.get(name).and_then(whole_number);
    let account = functions.iter().filter_map(|function| number(function, "AccountConcurrency")).min();
    let account = account.unwrap_or(CONCURRENCY_DEFAULT);
    let reserved: u64 = functions.iter().filter_map(|function| number(function, "ReservedConcurrentExecutions")).sum();
    let most = account.saturating_sub(UNRESERVED_MIN);
    (reserved > most).then(|| {
        format!(
            "{reserved} are reserved in all; of the account's {account} at least {UNRESERVED_MIN} must stay \
             unreserved, so {most} may be"
        )
    })
}

/// Of a property of the function that names a node with these properties.
#[must_use]
#[inline(never)] // second part
pub fn of_destination(target: &Properties) -> Option<String> {
    let is_fifo = |name: &str| target.get(name).is_some_and(is_true);
    (is_fifo("FifoQueue") || is_fifo("FifoTopic"))
        .then(|| format!("a {} does not send to FIFO queues and topics (SQS-34)", SPEC.name))
}
