//! A scene, with script and faults, from a seed: legal by the scene's own check, otherwise anything.

use decoupled::services::{Kind, LinkKind};
use serde_json::{Map, Value, json};

use crate::support::Dice;

const NODES: [Kind; 12] = [
    Kind::Producer,
    Kind::Producer,
    Kind::Queue,
    Kind::Queue,
    Kind::Queue,
    Kind::Topic,
    Kind::Stream,
    Kind::EventBus,
    Kind::Rule,
    Kind::Function,
    Kind::Worker,
    Kind::Endpoint,
];
const FAULTS: [&str; 8] = ["Crash", "Slow", "Throttle", "Drop", "Duplicate", "Partition", "AzOutage", "Poison"];
/// AWS's bound (EB-12).
const TARGETS_MAX: usize = 5;

pub fn random(seed: u64) -> Value {
    let mut dice = Dice::new(seed, "scene");
    let mut nodes: Vec<(String, Kind)> = vec![("n0".to_owned(), Kind::Producer), ("n1".to_owned(), Kind::Queue)];
    for index in 2..3 + dice.below(8) {
        nodes.push((format!("n{index}"), NODES[dice.below(NODES.len() as u64) as usize]));
    }
    let described: Vec<Value> = nodes
        .iter()
        .map(|(id, kind)| {
            json!({ "id": id, "type": kind.spec().kind, "properties": properties(&mut dice, id, *kind, &nodes) })
        })
        .collect();
    let links = links(&mut dice, &nodes);
    let script = script(&mut dice, &nodes);
    let network = ["instant", "realistic", "teaching"][dice.below(3) as usize];
    json!({ "version": 1, "seed": seed, "network": network, "nodes": described, "links": links, "script": script })
}

fn properties(dice: &mut Dice, id: &str, kind: Kind, nodes: &[(String, Kind)]) -> Value {
    match kind {
        Kind::Producer => json!({
            "Rate": format!("{}/s", 1 + dice.below(8)), "Arrivals": (if dice.once_in(2) { "Poisson" } else { "Constant" }),
            "Count": 1 + dice.below(40), "BatchSize": 1 + dice.below(3), "PartitionKey": "{{key 3}}",
            "Payload": { "n": "{{seq}}", "kind": "{{pick order refund}}" },
        }),
        Kind::Queue => queue(dice, id, nodes),
        Kind::Stream => json!({ "ShardCount": 1 + dice.below(3) }),
        Kind::Rule if dice.once_in(2) => json!({ "EventPattern": { "detail": { "kind": ["order"] } } }),
        Kind::Worker => json!({
            "Concurrency": 1 + dice.below(3), "ProcessingTime": { "exponential": "1s" },
            "FailureRate": dice.below(4) as f64 / 8.0, "WaitTimeSeconds": dice.below(4),
            "MaxNumberOfMessages": 1 + dice.below(10), "DeleteMessages": !dice.once_in(8),
            "Idempotent": dice.once_in(3),
        }),
        Kind::Function => json!({ "FailureRate": dice.below(3) as f64 / 8.0, "Timeout": 1 + dice.below(4) }),
        Kind::Endpoint => json!({ "FailureRate": dice.below(3) as f64 / 4.0, "Latency": "50ms" }),
        _ => json!({}),
    }
}

fn queue(dice: &mut Dice, id: &str, nodes: &[(String, Kind)]) -> Value {
    let mut map = Map::new();
    map.insert("VisibilityTimeout".to_owned(), json!(dice.below(6)));
    map.insert("DelaySeconds".to_owned(), json!(if dice.once_in(3) { dice.below(4) } else { 0 }));
    if dice.once_in(2) {
        let queues = |(other, kind): &&(String, Kind)| *kind == Kind::Queue && other != id;
        let others: Vec<&(String, Kind)> = nodes.iter().filter(queues).collect();
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
fn links(dice: &mut Dice, nodes: &[(String, Kind)]) -> Vec<Value> {
    let mut links: Vec<(usize, usize, LinkKind)> = Vec::new();
    for _ in 0..5 * nodes.len() {
        let (from, to) = (dice.below(nodes.len() as u64) as usize, dice.below(nodes.len() as u64) as usize);
        let Some(kind) = LinkKind::between(nodes[from].1, nodes[to].1).filter(|kind| kind.is_written()) else {
            continue;
        };
        let count = |fits: &dyn Fn(&(usize, usize, LinkKind)) -> bool| links.iter().filter(|link| fits(link)).count();
        let full = match kind {
            LinkKind::Rule => count(&|link| link.2 == kind && link.1 == to) > 0,
            LinkKind::Target => count(&|link| link.2 == kind && link.0 == from) >= TARGETS_MAX,
            _ => false,
        };
        if from < to && !full && count(&|link| (link.0, link.1) == (from, to)) == 0 {
            links.push((from, to, kind));
        }
    }
    let described = |(index, (from, to, kind)): (usize, (usize, usize, LinkKind))| json!({ "id": format!("l{index}"), "from": nodes[from].0, "to": nodes[to].0, "type": kind.spec().name });
    links.into_iter().enumerate().map(described).collect()
}

fn script(dice: &mut Dice, nodes: &[(String, Kind)]) -> Vec<Value> {
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
