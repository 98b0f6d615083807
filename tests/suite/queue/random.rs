//! Queues of every kind under random use: what the metrics say is what lies inside, and nothing is left behind.

use decoupled::engine::Micros;
use decoupled::scene::Scene;
use decoupled::services::contract::inside::Inside;
use decoupled::sim::{Run, report};
use serde_json::{Value, json};

use crate::support::{self, Dice};

/// Until then the script acts and the producer sends.
const BUSY: Micros = 60_000_000;

fn random_act(dice: &mut Dice, fifo: bool) -> Value {
    let at = format!("{}ms", dice.below(BUSY / 1_000));
    let on = |node: &str, call: &str, input: Value| json!({ "at": at, "node": node, "call": call, "input": input });
    match dice.below(9) {
        0 => on("q", "PurgeQueue", json!({})),
        1 => on("q", "SetQueueAttributes", json!({ "Attributes": { "DelaySeconds": dice.below(9).to_string() } })),
        2 => on("q", "SetQueueAttributes", json!({ "Attributes": { "VisibilityTimeout": dice.below(6).to_string() } })),
        3 => on("q", "SetQueueAttributes", json!({ "Attributes": { "MessageRetentionPeriod": "60" } })),
        4 | 5 => on("dlq", "StartMessageMoveTask", json!({ "MaxNumberOfMessagesPerSecond": 1 + dice.below(20) })),
        6 => on("q", "ReceiveMessage", json!({ "MaxNumberOfMessages": 10, "VisibilityTimeout": dice.below(30) })),
        7 => json!({ "at": at, "node": "dlq", "fault": "Crash", "for": "5s" }),
        _ => {
            let mut input = json!({ "MessageBody": format!("by hand {at}") });
            if fifo || dice.once_in(2) {
                input["MessageGroupId"] = format!("g{}", dice.below(3)).into();
            }
            on("q", "SendMessage", input)
        }
    }
}

fn random_scene(seed: u64) -> Scene {
    let mut dice = Dice::new(seed, "queue");
    let fifo = dice.once_in(2);
    let grouped = fifo || dice.once_in(2);
    let duplicates = if dice.once_in(2) { 0.1 } else { 0.0 };
    let knobs = json!({ "DuplicateProbability": duplicates, "ReorderWindow": dice.below(4) });
    let mut queue = json!({ "VisibilityTimeout": 3, "Decoupled": knobs,
        "RedrivePolicy": { "deadLetterTargetArn": "dlq", "maxReceiveCount": 1 + dice.below(4) } });
    let mut dlq = json!({});
    let mut producer = json!({ "Rate": format!("{}/s", 1 + dice.below(30)), "Arrivals": "Poisson", "StopAt": "1m" });
    if fifo {
        for properties in [&mut queue, &mut dlq] {
            properties["FifoQueue"] = true.into();
            properties["ContentBasedDeduplication"] = true.into();
        }
    }
    if grouped {
        producer["MessageGroupId"] = format!("{{{{key {}}}}}", 1 + dice.below(12)).into();
    }
    let worker = json!({ "Concurrency": 1 + dice.below(50), "MaxNumberOfMessages": 1 + dice.below(10),
        "ProcessingTime": { "exponential": "300ms" }, "FailureRate": 0.2 });
    let script: Vec<Value> = (0..25).map(|_| random_act(&mut dice, fifo)).collect();
    support::scene(json!({ "seed": seed, "nodes": [
        { "id": "p", "type": "Decoupled::Producer", "properties": producer },
        { "id": "q", "type": "AWS::SQS::Queue", "properties": queue },
        { "id": "dlq", "type": "AWS::SQS::Queue", "properties": dlq },
        { "id": "w", "type": "Decoupled::Worker", "properties": worker }],
        "links": [{ "id": "s", "from": "p", "to": "q" }, { "id": "l", "from": "q", "to": "w" }],
        "script": script }))
}

/// Milliseconds of `mm:ss.mmm`; runs here last less than an hour.
fn millis(clock: &str) -> f64 {
    let (minutes, seconds) = clock.split_once(':').expect("a clock has minutes");
    minutes.parse::<f64>().expect("minutes") * 60_000.0 + seconds.parse::<f64>().expect("seconds") * 1_000.0
}

fn agree(metrics: &Value, look: &Inside, now: Micros, said: &str) {
    let count = |state: &str| look.rows.iter().filter(|row| row.cells[2].starts_with(state)).count();
    for (metric, state) in [
        ("ApproximateNumberOfMessagesVisible", "visible"),
        ("ApproximateNumberOfMessagesNotVisible", "in flight"),
        ("ApproximateNumberOfMessagesDelayed", "delayed"),
    ] {
        assert_eq!(metrics[metric], count(state), "{metric}, {said}");
    }
    let counted = look.rows.iter().filter(|row| row.cells[3].parse::<u32>().expect("a count") < 3);
    let oldest = counted.map(|row| millis(&row.cells[4])).reduce(f64::min);
    let age = oldest.map_or(0.0, |sent| now as f64 / 1_000.0 - sent);
    let found = metrics["ApproximateAgeOfOldestMessage"].as_f64().expect("an age") * 1_000.0;
    assert!((age - found).abs() <= 1.5, "the oldest is {found} ms old, and inside {age} ms, {said}");
}

#[test]
fn metrics_tell_what_is_inside_and_nothing_is_left_behind() {
    let mut looks = 0;
    for seed in 0..80 {
        let mut run = Run::new(&random_scene(seed));
        for step in 1..=48 {
            run.advance_to(step * 2_500_000);
            let (report, look) = (report(&run, &[]), run.node("q").and_then(|node| node.inside(run.now())));
            let look = look.expect("a queue has an inside");
            if look.total == look.rows.len() as u64 {
                looks += 1;
                agree(&report["nodes"]["q"], &look, run.now(), &format!("seed {seed} at {} µs", run.now()));
            }
        }
        run.advance_to(1_200_000_000);
        run.assert_conservation();
        let report = report(&run, &[]);
        let left = &report["nodes"]["q"];
        assert_eq!(report["messages"]["travelling"], 0, "seed {seed}");
        for metric in ["Visible", "NotVisible", "Delayed"] {
            assert_eq!(left[format!("ApproximateNumberOfMessages{metric}")], 0, "{metric}, seed {seed}");
        }
        if let Some(groups) = left.get("ApproximateNumberOfGroupsWithInflightMessages") {
            assert_eq!(groups, 0, "seed {seed}");
        }
        if let Some(noisy) = left.get("ApproximateNumberOfNoisyGroups") {
            assert_eq!(noisy, 0, "seed {seed}");
        }
    }
    assert!(looks > 1_000, "only {looks} looks were small enough to compare");
}
