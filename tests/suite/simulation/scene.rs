//! A scene, with script and faults, from a seed: legal by the scene's own check, otherwise anything.

use std::collections::BTreeSet;

use decoupled::services::{Kind, LinkKind};
use serde_json::{Map, Value, json};

use crate::support::Dice;

const NODES: [Kind; 20] = [
    Kind::Producer,
    Kind::Producer,
    Kind::Queue,
    Kind::Queue,
    Kind::Queue,
    Kind::Topic,
    Kind::Stream,
    Kind::KclApplication,
    Kind::KclApplication,
    Kind::Table,
    Kind::EventBus,
    Kind::Rule,
    Kind::Function,
    Kind::Worker,
    Kind::Endpoint,
    Kind::Archive,
    Kind::Schedule,
    Kind::SaasPartner,
    Kind::Pipe,
    Kind::GlobalEndpoint,
];
/// A stream, fed by the first producer, an application that reads it, and the table of its leases.
const LEASED: [(&str, Kind); 3] = [("n2", Kind::Stream), ("n3", Kind::KclApplication), ("n4", Kind::Table)];
const LEASED_LINKS: [(usize, usize, LinkKind); 3] =
    [(0, 2, LinkKind::Send), (2, 3, LinkKind::Poll), (3, 4, LinkKind::LeaseTable)];
const FAULTS: [&str; 8] = ["Crash", "Slow", "Throttle", "Drop", "Duplicate", "Partition", "AzOutage", "Poison"];
const VIEWS: [&str; 4] = ["NEW_AND_OLD_IMAGES", "NEW_IMAGE", "OLD_IMAGE", "KEYS_ONLY"];
/// AWS's bound (EB-12).
const TARGETS_MAX: usize = 5;

pub fn random(seed: u64) -> Value {
    let mut dice = Dice::new(seed, "scene");
    let mut nodes: Vec<(String, Kind)> = vec![("n0".to_owned(), Kind::Producer), ("n1".to_owned(), Kind::Queue)];
    // Chance alone would hardly ever feed an application and give it a table.
    let is_leased = dice.once_in(4);
    if is_leased {
        nodes.extend(LEASED.map(|(id, kind)| (id.to_owned(), kind)));
    }
    let first = nodes.len() as u64;
    for index in first..first + 1 + dice.below(8) {
        nodes.push((format!("n{index}"), NODES[dice.below(NODES.len() as u64) as usize]));
    }
    let fifo = fifo_nodes(&mut dice, &nodes);
    let mut described: Vec<Value> = nodes
        .iter()
        .map(|(id, kind)| {
            let mut properties = properties(&mut dice, id, *kind, &nodes, &fifo);
            if let Value::Object(properties) = &mut properties {
                properties.retain(|_, value| !value.is_null());
            }
            json!({ "id": id, "type": kind.spec().kind, "properties": properties })
        })
        .collect();
    let mut links = links(&mut dice, &nodes, &fifo, is_leased);
    let place = |id: &Value| nodes.iter().position(|(other, _)| id == other).expect("a link has its ends");
    for link in links.iter_mut().filter(|link| link["type"] == LinkKind::EventSourceMapping.spec().name) {
        let (from, to) = (place(&link["from"]), place(&link["to"]));
        if nodes[from].1 == Kind::Queue {
            let function = described[to]["properties"].clone();
            link["properties"] = mapping(&mut dice, &mut described[from]["properties"], &function);
        }
    }
    // A queue that hides nothing is emptied by a pipe again and again at one instant.
    for link in links.iter().filter(|link| link["type"] == LinkKind::Poll.spec().name) {
        let (from, to) = (place(&link["from"]), place(&link["to"]));
        if nodes[from].1 == Kind::Queue && nodes[to].1 == Kind::Pipe {
            let hidden = described[from]["properties"]["VisibilityTimeout"].as_u64().unwrap_or(30);
            described[from]["properties"]["VisibilityTimeout"] = json!(hidden.max(1));
        }
    }
    // What reads a table reads its stream, so the table has one.
    let readings = [LinkKind::Poll, LinkKind::EventSourceMapping].map(|kind| kind.spec().name);
    for link in links.iter().filter(|link| readings.iter().any(|name| link["type"] == *name)) {
        let from = place(&link["from"]);
        if nodes[from].1 == Kind::Table {
            described[from]["properties"]["StreamSpecification"] =
                json!({ "StreamViewType": one_of(&mut dice, &VIEWS) });
        }
    }
    let script = script(&mut dice, &nodes, &fifo);
    let network = ["instant", "realistic", "teaching"][dice.below(3) as usize];
    json!({ "version": 1, "seed": seed, "network": network, "nodes": described, "links": links, "script": script })
}

/// In every third scene some of the queues and topics are FIFO.
fn fifo_nodes(dice: &mut Dice, nodes: &[(String, Kind)]) -> BTreeSet<String> {
    if !dice.once_in(3) {
        return BTreeSet::new();
    }
    let can_be = nodes.iter().filter(|(_, kind)| matches!(kind, Kind::Queue | Kind::Topic));
    can_be.filter(|_| dice.once_in(2)).map(|(id, _)| id.clone()).collect()
}

fn properties(dice: &mut Dice, id: &str, kind: Kind, nodes: &[(String, Kind)], fifo: &BTreeSet<String>) -> Value {
    match kind {
        Kind::Producer if !fifo.is_empty() => {
            let mut map = properties(dice, id, kind, nodes, &BTreeSet::new());
            map["MessageGroupId"] = "{{key 3}}".into();
            map
        }
        Kind::Topic if fifo.contains(id) => json!({ "FifoTopic": true, "ContentBasedDeduplication": true }),
        Kind::Producer => json!({
            "Rate": format!("{}/s", 1 + dice.below(8)), "Arrivals": (if dice.once_in(2) { "Poisson" } else { "Constant" }),
            "Count": 1 + dice.below(40), "BatchSize": 1 + dice.below(3), "PartitionKey": "{{key 3}}",
            "Payload": { "n": "{{seq}}", "kind": "{{pick order refund}}" }, "MaxAttempts": 1 + dice.below(4),
        }),
        Kind::Queue => queue(dice, id, nodes, fifo),
        Kind::Stream => json!({ "ShardCount": 1 + dice.below(3) }),
        Kind::Rule if dice.once_in(2) => json!({ "EventPattern": { "detail": { "kind": ["order"] } } }),
        Kind::Rule if dice.once_in(3) => {
            json!({ "DuplicateRate": 0.25, "DeliveryJitter": { "uniform": ["0s", "2s"] } })
        }
        Kind::Archive => {
            json!({ "SourceArn": nodes.iter().find(|(_, kind)| *kind == Kind::EventBus).map(|(id, _)| id) })
        }
        Kind::Schedule => {
            json!({ "ScheduleExpression": "rate(1 minute)", "FiringDelay": { "uniform": ["0s", "20s"] } })
        }
        Kind::SaasPartner => json!({ "Rate": "2/s", "Count": 1 + dice.below(20) }),
        Kind::Pipe => pipe(dice, id, nodes),
        Kind::GlobalEndpoint => {
            let buses = behind(id, Kind::EventBus, nodes);
            json!({ "Primary": buses.first(), "Secondary": buses.last(), "FailoverTime": "3s",
                "ReplicationConfig": { "State": one_of(dice, &["ENABLED", "DISABLED"]) } })
        }
        Kind::Worker => json!({
            "Concurrency": 1 + dice.below(3), "ProcessingTime": { "exponential": "1s" },
            "FailureRate": dice.below(4) as f64 / 8.0, "WaitTimeSeconds": dice.below(4),
            "MaxNumberOfMessages": 1 + dice.below(10), "DeleteMessages": one_of(dice, &["After", "After", "After", "Before", "Never"]),
            "Idempotent": dice.once_in(3), "EffectBeforeFailure": dice.once_in(3),
            "CrashRate": if dice.once_in(4) { 0.1 } else { 0.0 }, "RestartTime": "2s",
            "Heartbeat": if dice.once_in(3) { "1s" } else { "1h" },
        }),
        Kind::Function => function(dice, id, nodes, fifo),
        Kind::KclApplication => json!({
            "Workers": 1 + dice.below(3), "KclVersion": one_of(dice, &["2", "2", "3"]), "failoverTimeMillis": 2_000,
            "InitialPositionInStream": one_of(dice, &["TRIM_HORIZON", "LATEST"]), "CheckpointEvery": 1 + dice.below(6),
            "RetrievalSpecificConfig": one_of(dice, &["PollingConfig", "PollingConfig", "FanOutConfig"]),
            "shardSyncIntervalMillis": 4_000, "ProcessingTime": { "exponential": "120ms" }, "Idempotent": dice.once_in(3),
            "FailureRate": dice.below(3) as f64 / 8.0, "OnException": one_of(dice, &["Skip", "Retry"]),
            "CrashRate": if dice.once_in(4) { 0.05 } else { 0.0 }, "RestartTime": "2s",
        }),
        Kind::Table if dice.once_in(4) => json!({ "BillingMode": "PROVISIONED",
            "ProvisionedThroughput": { "ReadCapacityUnits": 1 + dice.below(6), "WriteCapacityUnits": 1 + dice.below(6) } }),
        Kind::Endpoint => json!({ "FailureRate": dice.below(3) as f64 / 4.0, "Latency": "50ms" }),
        _ => json!({}),
    }
}

/// Nodes of a kind that stand behind another: nothing leads back.
fn behind<'a>(id: &str, kind: Kind, nodes: &'a [(String, Kind)]) -> Vec<&'a String> {
    let later = nodes.iter().skip_while(|(other, _)| other != id).filter(|(_, other)| *other == kind);
    later.map(|(other, _)| other).collect()
}

fn pipe(dice: &mut Dice, id: &str, nodes: &[(String, Kind)]) -> Value {
    let mut map = json!({});
    if dice.once_in(2) {
        map["SourceParameters"] =
            json!({ "FilterCriteria": { "Filters": [{ "Pattern": { "body": { "kind": ["order"] } } }] } });
    }
    if let Some(function) = behind(id, Kind::Function, nodes).first() {
        map["Enrichment"] = json!(function);
    }
    map
}

fn one_of<'a>(dice: &mut Dice, choices: &[&'a str]) -> &'a str {
    choices[dice.below(choices.len() as u64) as usize]
}

/// Its records and dead letters go to queues that stand behind it: none leads back.
fn function(dice: &mut Dice, id: &str, nodes: &[(String, Kind)], fifo: &BTreeSet<String>) -> Value {
    let response = one_of(dice, &["Failures", "Failures", "EmptyList", "BadJson", "UnknownId", "Exception"]);
    let mut map = json!({ "FailureRate": dice.below(3) as f64 / 8.0, "Timeout": 1 + dice.below(4),
        "MessageFailureRate": dice.below(3) as f64 / 8.0, "EffectBeforeFailure": dice.once_in(3),
        "Idempotent": dice.once_in(3), "Response": response });
    if dice.once_in(3) {
        map["ReservedConcurrentExecutions"] = json!(dice.below(3));
    }
    if dice.once_in(2) {
        let answers = [
            json!({ "each": { "n": "<$.body.n>" } }),
            json!([]),
            json!({ "each": [{ "a": 1 }, { "b": 2 }] }),
            json!(7),
        ];
        map["Returns"] = answers[dice.below(4) as usize].clone();
    }
    if dice.once_in(4) {
        map["Raises"] = json!({ "errorType": "Odd", "errorMessage": "an odd one" });
    }
    let behind = nodes.iter().skip_while(|(other, _)| other != id).filter(|(_, kind)| *kind == Kind::Queue);
    let behind: Vec<&String> = behind.map(|(other, _)| other).filter(|other| !fifo.contains(*other)).collect();
    if behind.is_empty() {
        return map;
    }
    let mut queue = || behind[dice.below(behind.len() as u64) as usize];
    map["DeadLetterConfig"] = json!({ "TargetArn": queue() });
    let (success, failure) = (queue(), queue());
    map["EventInvokeConfig"] = json!({ "MaximumRetryAttempts": 0, "DestinationConfig":
        { "OnSuccess": { "Destination": success }, "OnFailure": { "Destination": failure } } });
    map
}

/// What a mapping may ask for. Its queue hides messages for the function's time at least: AWS refuses less.
fn mapping(dice: &mut Dice, queue: &mut Value, function: &Value) -> Value {
    let timeout = function["Timeout"].as_u64().unwrap_or(3);
    let hidden = queue["VisibilityTimeout"].as_u64().unwrap_or(30);
    queue["VisibilityTimeout"] = json!(hidden.max(timeout));
    let mut map = json!({ "BatchSize": 1 + dice.below(10) });
    if queue.get("FifoQueue").is_none() && dice.once_in(3) {
        map["MaximumBatchingWindowInSeconds"] = json!(dice.below(4));
    }
    if dice.once_in(2) {
        map["FunctionResponseTypes"] = json!(["ReportBatchItemFailures"]);
    }
    if dice.once_in(4) {
        map["FilterCriteria"] = json!({ "Filters": [{ "Pattern": { "body": { "kind": ["order"] } } }] });
    }
    match dice.below(4) {
        0 => map["ScalingConfig"] = json!({ "MaximumConcurrency": 2 + dice.below(4) }),
        1 => map["ProvisionedPollerConfig"] = json!({ "MinimumPollers": 2, "MaximumPollers": 3 }),
        _ => {}
    }
    map
}

fn queue(dice: &mut Dice, id: &str, nodes: &[(String, Kind)], fifo: &BTreeSet<String>) -> Value {
    let mut map = Map::new();
    if fifo.contains(id) {
        map.extend(["FifoQueue", "ContentBasedDeduplication"].map(|name| (name.to_owned(), true.into())));
    }
    map.insert("VisibilityTimeout".to_owned(), json!(dice.below(6)));
    map.insert("DelaySeconds".to_owned(), json!(if dice.once_in(3) { dice.below(4) } else { 0 }));
    if dice.once_in(2) {
        // Queues that are each other's dead-letter queues hand a message to and fro without taking any time.
        let behind = nodes.iter().skip_while(|(other, _)| other != id).skip(1);
        let is_like =
            |(other, kind): &&(String, Kind)| *kind == Kind::Queue && fifo.contains(other) == fifo.contains(id);
        let others: Vec<&(String, Kind)> = behind.filter(is_like).collect();
        if !others.is_empty() {
            let (target, _) = others[dice.below(others.len() as u64) as usize];
            let policy = json!({ "deadLetterTargetArn": target, "maxReceiveCount": 1 + dice.below(3) });
            map.insert("RedrivePolicy".to_owned(), policy);
        }
    }
    Value::Object(map)
}

/// Lines between pairs that AWS connects, none twice; a rule has one bus and few targets. None leads back: what
/// circles and fans out doubles at every turn, and the suite has tests of its own for how that ends.
fn links(dice: &mut Dice, nodes: &[(String, Kind)], fifo: &BTreeSet<String>, is_leased: bool) -> Vec<Value> {
    let mut links = if is_leased { LEASED_LINKS.to_vec() } else { Vec::new() };
    for _ in 0..5 * nodes.len() {
        let (from, to) = (dice.below(nodes.len() as u64) as usize, dice.below(nodes.len() as u64) as usize);
        let Some(kind) = LinkKind::between(nodes[from].1, nodes[to].1).filter(|kind| kind.is_written()) else {
            continue;
        };
        let count = |fits: &dyn Fn(&(usize, usize, LinkKind)) -> bool| links.iter().filter(|link| fits(link)).count();
        let full = match kind {
            LinkKind::Rule => count(&|link| link.2 == kind && link.1 == to) > 0,
            LinkKind::Target => {
                let most = if nodes[from].1 == Kind::Rule { TARGETS_MAX } else { 1 };
                count(&|link| link.2 == kind && link.0 == from) >= most
            }
            LinkKind::Poll if [Kind::Pipe, Kind::KclApplication].contains(&nodes[to].1) => {
                count(&|link| link.2 == kind && link.1 == to) > 0
            }
            LinkKind::LeaseTable => count(&|link| link.2 == kind && link.0 == from) > 0,
            _ => false,
        };
        let is_fifo = |place: usize| fifo.contains(&nodes[place].0);
        // A FIFO topic has queues alone; a FIFO queue takes from producers and FIFO topics, which name a group.
        let fits = match (nodes[from].1, nodes[to].1) {
            (Kind::Topic, to_kind) if is_fifo(from) => to_kind == Kind::Queue,
            (Kind::Producer, _) => true,
            _ => !is_fifo(to),
        };
        if from < to && fits && !full && count(&|link| (link.0, link.1) == (from, to)) == 0 {
            links.push((from, to, kind));
        }
    }
    // Who share a table are one application, and that reads one stream.
    let source =
        |place: usize| links.iter().find(|link| link.2 == LinkKind::Poll && link.1 == place).map(|link| link.0);
    let strangers = |(from, to, kind): &(usize, usize, LinkKind)| {
        let first = links.iter().find(|link| link.2 == *kind && link.1 == *to);
        *kind == LinkKind::LeaseTable && first.is_some_and(|first| source(first.0) != source(*from))
    };
    let links: Vec<_> = links.iter().filter(|link| !strangers(link)).copied().collect();
    let described = |(index, (from, to, kind)): (usize, (usize, usize, LinkKind))| json!({ "id": format!("l{index}"), "from": nodes[from].0, "to": nodes[to].0, "type": kind.spec().name });
    let mut links: Vec<Value> = links.into_iter().enumerate().map(described).collect();
    for link in links.iter_mut().filter(|link| link["type"] == LinkKind::Target.spec().name) {
        let from = link["from"].as_str().unwrap_or_default().to_owned();
        let is_pipes = nodes.iter().any(|(id, kind)| *id == from && *kind == Kind::Pipe);
        let mut queues = behind(&from, Kind::Queue, nodes);
        queues.retain(|queue| !fifo.contains(*queue));
        if !is_pipes && !queues.is_empty() && dice.once_in(2) {
            link["properties"] = json!({ "DeadLetterConfig": { "Arn": queues[0] },
                "RetryPolicy": { "MaximumRetryAttempts": dice.below(3) },
                "Permission": one_of(dice, &["Granted", "Granted", "Denied"]) });
        }
    }
    links
}

fn script(dice: &mut Dice, nodes: &[(String, Kind)], fifo: &BTreeSet<String>) -> Vec<Value> {
    let (mut entries, mut receives) = (Vec::new(), Vec::<(String, usize)>::new());
    let mut at = 0;
    for index in 0..dice.below(14) {
        at += dice.below(3_000);
        let at = format!("{at}ms");
        let node = dice.below(nodes.len() as u64) as usize;
        let (id, kind) = &nodes[node];
        if dice.once_in(3) {
            let fault = FAULTS[dice.below(FAULTS.len() as u64) as usize];
            let mut entry =
                json!({ "at": at, "node": id, "fault": fault, "for": format!("{}ms", 200 + dice.below(6_000)) });
            if ["Drop", "Duplicate"].contains(&fault) {
                entry["Probability"] = json!((1 + dice.below(4)) as f64 / 4.0);
            }
            entries.push(entry);
        } else if *kind == Kind::Archive {
            let input = json!({ "ReplayName": format!("replay-{index}"), "EventStartTime": "2026-01-01T00:00:00Z",
                "EventEndTime": "2026-01-01T00:01:00Z" });
            entries.push(json!({ "at": at, "node": id, "call": "StartReplay", "input": input }));
        } else if *kind == Kind::KclApplication {
            let call = one_of(dice, &["CrashWorker", "PauseWorker", "StopWorker", "StartWorker"]);
            let input = json!({ "Worker": 1 + dice.below(3), "For": format!("{}ms", 500 + dice.below(6_000)) });
            entries.push(json!({ "at": at, "node": id, "call": call, "input": input }));
        } else if *kind == Kind::Table {
            let (call, input) = table_call(dice);
            entries.push(json!({ "at": at, "node": id, "call": call, "input": input }));
        } else if *kind == Kind::Queue {
            let name = format!("c{index}");
            let mut entry = json!({ "id": name, "at": at, "node": id });
            let own: Vec<String> =
                receives.iter().filter(|(_, queue)| *queue == node).map(|(name, _)| name.clone()).collect();
            let handle = |dice: &mut Dice| {
                let from = &own[dice.below(own.len() as u64) as usize];
                format!("${{{from}.Messages[0].ReceiptHandle}}")
            };
            let (call, input) = match dice.below(8) {
                0 if fifo.contains(id) => {
                    let group = format!("by-hand-{}", dice.below(2));
                    ("SendMessage", json!({ "MessageBody": name, "MessageGroupId": group }))
                }
                0 => ("SendMessage", json!({ "MessageBody": "by hand", "DelaySeconds": dice.below(3) })),
                1 if dice.once_in(3) => ("PurgeQueue", json!({})),
                2 | 3 if !own.is_empty() => ("DeleteMessage", json!({ "ReceiptHandle": handle(dice) })),
                4 | 5 if !own.is_empty() => (
                    "ChangeMessageVisibility",
                    json!({ "ReceiptHandle": handle(dice), "VisibilityTimeout": dice.below(8) }),
                ),
                6 => {
                    entry["set"] = json!({ "VisibilityTimeout": dice.below(6) });
                    entries.push(entry);
                    continue;
                }
                _ => {
                    receives.push((name, node));
                    (
                        "ReceiveMessage",
                        json!({ "MaxNumberOfMessages": 1 + dice.below(10), "WaitTimeSeconds": dice.below(3) }),
                    )
                }
            };
            entry["call"] = call.into();
            entry["input"] = input;
            entries.push(entry);
        }
    }
    entries
}

/// Of an item, or of a lease under its application's hands.
fn table_call(dice: &mut Dice) -> (&'static str, Value) {
    let key = one_of(dice, &["a", "b", "shardId-000000000000", "shardId-000000000001"]);
    let (number, other) = (dice.below(3).to_string(), dice.below(3).to_string());
    let (mut input, call) = match dice.below(4) {
        0 => (json!({ "Item": { "leaseKey": { "S": key }, "n": { "N": number } } }), "PutItem"),
        1 => {
            let updates = json!({ "n": { "Action": "PUT", "Value": { "N": number } } });
            (json!({ "Key": { "leaseKey": { "S": key } }, "AttributeUpdates": updates }), "UpdateItem")
        }
        2 => (json!({ "Key": { "leaseKey": { "S": key } } }), "DeleteItem"),
        _ => return ("Scan", json!({})),
    };
    if dice.once_in(3) {
        input["Expected"] = json!({ "n": { "Value": { "N": other } } });
    }
    (call, input)
}
