//! Queues: FIFO order under random use, batches too large for a case file, and what a look inside suggests.

mod random;

use std::collections::BTreeMap;

use decoupled::engine::{Micros, clock_text};
use decoupled::figure::{Anchor, Face, Ink, Primitive, text_width};
use decoupled::scene::{Act, Scene};
use decoupled::services::contract::inside::{Inside, ROWS_MAX};
use decoupled::services::{Describe, Node};
use decoupled::sim::{Run, report};
use serde_json::{Value, json};

use crate::support::{self, Dice};

/// A script of sends, receives, deletes and changes at random, with the ids of the receives.
fn random_script(dice: &mut Dice) -> Vec<Value> {
    let mut script = Vec::new();
    let mut receives: Vec<(String, u64)> = Vec::new();
    for step in 0..160_u64 {
        let at = format!("{}ms", step * 700);
        let call = |action: &str, input: Value| json!({ "at": at, "node": "q", "call": action, "input": input });
        let entry = match dice.below(10) {
            0..=4 => {
                let group = ["a", "b", "c"][dice.below(3) as usize];
                call("SendMessage", json!({ "MessageBody": format!("{step}"), "MessageGroupId": group }))
            }
            5..=7 => {
                let (id, max) = (format!("r{step}"), 1 + dice.below(4));
                receives.push((id.clone(), max));
                let mut entry = call("ReceiveMessage", json!({ "MaxNumberOfMessages": max }));
                entry["id"] = id.into();
                entry
            }
            choice => {
                let Some((id, max)) = receives.get(dice.below(receives.len().max(1) as u64) as usize) else { continue };
                let handle = format!("${{{id}.Messages[{}].ReceiptHandle}}", dice.below(*max));
                if choice == 8 {
                    call("DeleteMessage", json!({ "ReceiptHandle": handle }))
                } else {
                    let timeout = [0, 1, 20][dice.below(3) as usize];
                    call("ChangeMessageVisibility", json!({ "ReceiptHandle": handle, "VisibilityTimeout": timeout }))
                }
            }
        };
        script.push(entry);
    }
    script
}

fn fifo_scene(dice: &mut Dice) -> Scene {
    let retries = 3 + dice.below(3);
    let policy = json!({ "deadLetterTargetArn": "dlq", "maxReceiveCount": retries });
    let queue = |properties: Value| {
        let mut all = json!({ "FifoQueue": true, "ContentBasedDeduplication": true, "VisibilityTimeout": 9 });
        all.as_object_mut().expect("an object").extend(properties.as_object().expect("an object").clone());
        all
    };
    support::scene(json!({
        "nodes": [
            { "id": "q", "type": "AWS::SQS::Queue", "properties": queue(json!({ "RedrivePolicy": policy })) },
            { "id": "dlq", "type": "AWS::SQS::Queue", "properties": queue(json!({})) },
        ],
        "script": random_script(dice),
    }))
}

/// Whatever consumers do, no message is received while an earlier one of its group is hidden or waits (SQS-28).
#[test]
fn a_group_never_gives_a_message_before_an_earlier_one_is_done() {
    let mut receives = 0;
    for seed in 0..60 {
        let scene = fifo_scene(&mut Dice::new(seed, "fifo"));
        // Every send is taken, so its message is known by its place among the sends.
        let sends = scene.script.iter().filter_map(|entry| match &entry.act {
            Act::Call { input, .. } => input["MessageGroupId"].as_str(),
            _ => None,
        });
        let group_of: Vec<&str> = sends.collect();
        let group = |token: u64| group_of[usize::try_from(token).expect("few messages") - 1];
        // By group, what is there in its order, and since when it is in flight.
        let mut lines = BTreeMap::<&str, Vec<(u64, Option<Micros>)>>::new();
        let mut run = Run::new(&scene);
        support::watch(&mut run, 200_000_000, |run, record| {
            let (Some(token), "q") = (record.message, run.node_of(record)) else { return };
            let line = lines.entry(group(token)).or_default();
            let place = line.iter().position(|(other, _)| *other == token);
            match (record.fact.name(), place) {
                ("MessageSent", _) => line.push((token, None)),
                ("MessageReceived", Some(place)) => {
                    // What stands before it was taken by the same receive.
                    let waits = line[..place].iter().any(|(_, since)| *since != Some(record.at));
                    assert!(!waits, "seed {seed}: {token} was received before {:?}", &line[..place]);
                    line[place].1 = Some(record.at);
                    receives += 1;
                }
                ("MessageDeleted" | "MessageDeadLettered", Some(place)) => drop(line.remove(place)),
                ("VisibilityTimeoutExpired", Some(place)) => line[place].1 = None,
                ("VisibilityTimeoutChanged", Some(place)) if record.fact.detail().ends_with(&clock_text(record.at)) => {
                    line[place].1 = None;
                }
                _ => {}
            }
        });
        run.assert_conservation();
    }
    assert!(receives > 1_000, "only {receives} receives were seen");
}

/// SQS-3: ten entries may have a mebibyte together, whatever the queue's own limit.
#[test]
fn a_batch_is_measured_against_a_mebibyte() {
    let entry = |id: usize, size: usize| json!({ "Id": id.to_string(), "MessageBody": "x".repeat(size) });
    let batch = |size: usize| json!({ "Entries": (0..10).map(|id| entry(id, size)).collect::<Vec<_>>() });
    let run = support::played(
        json!({ "nodes": [{ "id": "q", "type": "AWS::SQS::Queue" },
            { "id": "small", "type": "AWS::SQS::Queue", "properties": { "MaximumMessageSize": 100_000 } }],
          "script": [
            { "id": "over", "at": "0s", "node": "q", "call": "SendMessageBatch", "input": batch(104_858) },
            { "id": "fits", "at": "0s", "node": "q", "call": "SendMessageBatch", "input": batch(104_857) },
            { "id": "whole", "at": "0s", "node": "q", "call": "SendMessage", "input": { "MessageBody": "x".repeat(1_048_576) } },
            { "id": "more", "at": "0s", "node": "q", "call": "SendMessage", "input": { "MessageBody": "x".repeat(1_048_577) } },
            { "id": "small", "at": "0s", "node": "small", "call": "SendMessageBatch", "input": batch(100_000) }] }),
        1_000_000,
    );
    let report = report(&run, &[]);
    let call =
        |id: &str| report["calls"].as_array().and_then(|calls| calls.iter().find(|call| call["id"] == id)).cloned();
    let code = |id: &str| call(id).expect("a call")["error"]["Code"].clone();
    assert_eq!(code("over"), "AWS.SimpleQueueService.BatchRequestTooLong");
    assert_eq!(code("fits"), Value::Null);
    assert_eq!(code("whole"), Value::Null);
    assert_eq!(code("more"), "InvalidParameterValue");
    assert_eq!(code("small"), Value::Null);
    assert_eq!(report["nodes"]["small"]["NumberOfMessagesSent"], 10);
}

fn inside(run: &Run, id: &str) -> Inside {
    run.node(id).and_then(|node| node.inside(run.now())).expect("a queue has an inside")
}

/// Every call that a look inside suggests is one that the queue takes.
#[test]
fn what_a_look_inside_suggests_can_be_done() {
    let nodes = json!([
        { "id": "q", "type": "AWS::SQS::Queue" },
        { "id": "fifo", "type": "AWS::SQS::Queue", "properties": { "FifoQueue": true } }]);
    let send = |node: &str, body: &str, more: Value| {
        let mut input = json!({ "MessageBody": body });
        input.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        json!({ "at": "0s", "node": node, "call": "SendMessage", "input": input })
    };
    let receive =
        |node: &str| json!({ "at": "1s", "node": node, "call": "ReceiveMessage", "input": { "WaitTimeSeconds": 1 } });
    let script = json!([
        send("q", "waits", json!({ "DelaySeconds": 60 })),
        send("q", &"long ".repeat(400), json!({})),
        send("q", "hello", json!({})),
        send("fifo", "one", json!({ "MessageGroupId": "A", "MessageDeduplicationId": "1" })),
        receive("q"),
        receive("fifo")
    ]);
    let run = support::played(json!({ "nodes": nodes.clone(), "script": script.clone() }), 2_000_000);
    let look = inside(&run, "q");
    assert_eq!(look.total, 3);
    let states: Vec<&str> = look.rows.iter().map(|row| &*row.cells[2]).collect();
    assert_eq!(states, ["delayed until 01:00.000", "in flight until 00:31.000", "visible"]);
    assert!(look.rows[1].cells[1].ends_with('…'));
    assert!(look.rows.iter().all(|row| row.cells.len() == look.columns.len()));
    assert_eq!(inside(&run, "fifo").rows[0].cells[5], "A");
    for node in ["q", "fifo"] {
        let look = inside(&run, node);
        let calls = look.calls.iter().chain(look.rows.iter().flat_map(|row| &row.calls));
        let suggested: Vec<Value> = calls
            .map(|call| json!({ "id": "it", "at": "3s", "node": node, "call": call.action, "input": call.input }))
            .collect();
        assert!(suggested.len() >= 7, "{node}: {suggested:?}");
        for call in suggested {
            let mut script = script.as_array().expect("a list").clone();
            script.push(call.clone());
            let run = support::played(json!({ "nodes": nodes.clone(), "script": script }), 4_000_000);
            let report = report(&run, &[]);
            let reply = report["calls"].as_array().and_then(|calls| calls.last()).expect("a call");
            assert_eq!(reply["error"], Value::Null, "{call}");
        }
    }
}

#[test]
fn a_look_inside_is_bounded() {
    let flood = json!({ "nodes": [
        { "id": "p", "type": "Decoupled::Producer", "properties": { "Count": 2_000, "Rate": "100000/s" } },
        { "id": "q", "type": "AWS::SQS::Queue" }],
        "links": [{ "id": "l", "from": "p", "to": "q" }] });
    let look = inside(&support::played(flood, 1_000_000), "q");
    assert_eq!((look.rows.len(), look.total), (ROWS_MAX, 2_000));
}

/// SQS-41: a destination that is deleted while the task runs makes it fail, and what was under way comes back.
#[test]
fn a_move_task_fails_when_its_destination_is_deleted() {
    let queue = |id: &str, properties: Value| json!({ "id": id, "type": "AWS::SQS::Queue", "properties": properties });
    let source = queue("q", json!({ "RedrivePolicy": { "deadLetterTargetArn": "dlq", "maxReceiveCount": 1 } }));
    let send =
        |body: &str| json!({ "at": "0s", "node": "dlq", "call": "SendMessage", "input": { "MessageBody": body } });
    let task = json!({ "DestinationArn": "other", "MaxNumberOfMessagesPerSecond": 1 });
    let script = json!([send("1"), send("2"), send("3"),
        { "at": "1s", "node": "dlq", "call": "StartMessageMoveTask", "input": task },
        { "id": "list", "at": "5s", "node": "dlq", "call": "ListMessageMoveTasks", "input": {} }]);
    let scene = |nodes: Value| json!({ "network": "teaching", "nodes": nodes, "script": script });
    let dlq = || queue("dlq", json!({}));
    let mut run = support::played(scene(json!([source, dlq(), queue("other", json!({}))])), 1_900_000);
    run.reconcile(&support::scene(scene(json!([source, dlq()]))));
    run.advance_to(6_000_000);
    let report = report(&run, &[]);
    let result = &report["calls"].as_array().and_then(|calls| calls.last()).expect("a call")["output"]["Results"][0];
    assert_eq!(result["Status"], "FAILED");
    assert_eq!(result["FailureReason"], "AWS.SimpleQueueService.NonExistentQueue");
    assert_eq!(result["ApproximateNumberOfMessagesMoved"], 1);
    assert_eq!(report["nodes"]["dlq"]["ApproximateNumberOfMessagesVisible"], 2);
}

/// Groups that come and go leave nothing behind.
#[test]
fn a_fair_queue_forgets_groups_that_are_long_gone() {
    let scene = json!({ "nodes": [
        { "id": "p", "type": "Decoupled::Producer", "properties": { "Rate": "10/s", "MessageGroupId": "{{seq}}" } },
        { "id": "q", "type": "AWS::SQS::Queue" },
        { "id": "w", "type": "Decoupled::Worker", "properties": { "Concurrency": 5, "ProcessingTime": "100ms" } }],
        "links": [{ "id": "s", "from": "p", "to": "q" }, { "id": "l", "from": "q", "to": "w" }] });
    let run = support::played(scene, 3_600_000_000);
    let report = report(&run, &[]);
    assert_eq!(report["nodes"]["q"]["NumberOfMessagesSent"], 36_001);
    let Some(Node::Queue(queue)) = run.node("q") else { panic!("q is a queue") };
    assert!(queue.groups() < 7_000, "{} groups are remembered", queue.groups());
}

/// A queue's card shows its state inside its own bounds, however much there is (EXPERIENCE: the card's size depends
/// on the kind alone).
#[test]
fn a_card_draws_inside_its_bounds_and_locks_what_is_locked() {
    let queue = json!({ "FifoQueue": true, "ContentBasedDeduplication": true });
    let run = support::played(
        json!({ "nodes": [
            { "id": "p", "type": "Decoupled::Producer", "properties": { "Rate": "50/s", "Count": 500, "MessageGroupId": "customer-{{int 1 9}}" } },
            { "id": "q", "type": "AWS::SQS::Queue", "properties": queue },
            { "id": "w", "type": "Decoupled::Worker", "properties": { "Concurrency": 20, "ProcessingTime": "1m" } }],
            "links": [{ "id": "s", "from": "p", "to": "q" }, { "id": "l", "from": "q", "to": "w" }] }),
        12_000_000,
    );
    let figure = run.node("q").expect("a queue").figure(run.now());
    let inside = |x: f32, y: f32| (0.0..=220.0).contains(&x) && (0.0..=104.0).contains(&y);
    let (mut tokens, mut rings) = (0, 0);
    for primitive in &figure.primitives {
        let fits = match primitive {
            Primitive::Path { .. } | Primitive::Label { .. } => {
                panic!("{primitive:?} stands on cards only in pictures")
            }
            Primitive::Rect { x, y, width, height, .. } => inside(*x, *y) && inside(x + width, y + height),
            Primitive::Line { from, to, .. } => inside(from.0, from.1) && inside(to.0, to.1),
            Primitive::Arc { x, y, radius, .. } => inside(x - radius, y - radius) && inside(x + radius, y + radius),
            Primitive::Text { x, y, text, size, anchor, mono, .. } => {
                let width = text_width(text, *size, if *mono { Face::Mono } else { Face::Plain });
                let left = if *anchor == Anchor::End { x - width } else { *x };
                inside(left, *y) && inside(left + width, *y) && !text.contains('…')
            }
            Primitive::Token { x, y, radius, ring, .. } => {
                tokens += 1;
                rings += usize::from(ring.is_some());
                inside(x - radius, y - radius) && inside(x + radius, y + radius)
            }
        };
        assert!(fits, "{primitive:?}");
    }
    // Three lanes, each with its first message in flight and six that wait behind the lock: the names have their room.
    assert_eq!((tokens, rings), (21, 3));
    let is_lock = |primitive: &&Primitive| matches!(primitive, Primitive::Rect { fill: Some(Ink::Warn), .. });
    assert_eq!(figure.primitives.iter().filter(is_lock).count(), 3);
}
