//! A run is a function of scene, seed and script: twice the same, in any chunking, wherever nodes lie, and whoever
//! else is in the scene.

use decoupled::engine::{Micros, seconds};
use decoupled::scene::{Act, Edit, Scene, ScriptEntry, gallery, read_scene};
use decoupled::services::{Describe, token_text};
use decoupled::sim::{Run, report};
use serde_json::json;

use crate::support::{Dice, scene, watch};

const UNTIL: Micros = seconds(12);

/// Everything falls on whole seconds: script, faults, timers and arrivals of an instant network.
fn colliding() -> Scene {
    scene(json!({
        "nodes": [
            { "id": "p", "type": "Decoupled::Producer", "properties": { "Rate": "2/s", "Arrivals": "Burst", "StopAt": "10s" } },
            { "id": "p2", "type": "Decoupled::Producer", "properties": { "Rate": "1/s" } },
            { "id": "t", "type": "AWS::SNS::Topic" },
            { "id": "q", "type": "AWS::SQS::Queue", "properties": { "VisibilityTimeout": 1,
                "RedrivePolicy": { "deadLetterTargetArn": "d", "maxReceiveCount": 2 } } },
            { "id": "d", "type": "AWS::SQS::Queue" },
            { "id": "h", "type": "Decoupled::Endpoint", "properties": { "Latency": "1s", "FailureRate": 0.5 } },
            { "id": "w", "type": "Decoupled::Worker", "properties": { "ProcessingTime": "1s", "Concurrency": 3,
                "WaitTimeSeconds": 0, "FailureRate": 0.4 } },
            { "id": "w2", "type": "Decoupled::Worker", "properties": { "ProcessingTime": "2s", "WaitTimeSeconds": 1 } }],
        "links": [{ "from": "p", "to": "t", "id": "1" }, { "from": "p2", "to": "q", "id": "2" },
            { "from": "t", "to": "q", "id": "3" }, { "from": "t", "to": "h", "id": "4" },
            { "from": "q", "to": "w", "id": "5" }, { "from": "q", "to": "w2", "id": "6" }],
        "script": [
            { "id": "r", "at": "3s", "node": "q", "call": "ReceiveMessage", "input": { "WaitTimeSeconds": 1 } },
            { "at": "4s", "node": "q", "call": "ChangeMessageVisibility",
              "input": { "ReceiptHandle": "${r.Messages[0].ReceiptHandle}", "VisibilityTimeout": 2 } },
            { "at": "4s", "node": "w", "fault": "Crash", "for": "2s" },
            { "at": "5s", "node": "q", "fault": "Duplicate", "for": "2s", "Probability": 0.5 },
            { "at": "6s", "node": "h", "fault": "Partition", "for": "1s" },
            { "at": "6s", "node": "q", "set": { "VisibilityTimeout": 2 } },
            { "at": "7s", "node": "q", "call": "PurgeQueue" }]
    }))
}

/// A stream that is split while it is read, on a network that draws its hops.
fn drawn_hops() -> Scene {
    scene(json!({
        "network": { "hop": { "exponential": "30ms" } },
        "nodes": [
            { "id": "p", "type": "Decoupled::Producer", "properties": { "Rate": "40/s", "Arrivals": "Poisson", "PartitionKey": "{{key 9}}" } },
            { "id": "s", "type": "AWS::Kinesis::Stream", "properties": { "ShardCount": 2 } },
            { "id": "w", "type": "Decoupled::Worker", "properties": { "ProcessingTime": { "normal": ["30ms", "20ms"] }, "FailureRate": 0.1 } },
            { "id": "f", "type": "AWS::Lambda::Function", "properties": { "FailureRate": 0.2 } },
            { "id": "q", "type": "AWS::SQS::Queue" }],
        "links": [{ "from": "p", "to": "s", "id": "1" }, { "from": "s", "to": "w", "id": "2" },
            { "from": "s", "to": "f", "id": "3" }, { "from": "w", "to": "q", "id": "4" }],
        "script": [{ "at": "4s", "node": "s", "set": { "ShardCount": 4 } }, { "at": "8s", "node": "s", "set": { "ShardCount": 1 } },
            { "at": "5s", "node": "s", "fault": "Slow", "for": "3s" }, { "at": "9s", "node": "f", "fault": "Drop", "for": "1s", "Probability": 0.3 }]
    }))
}

fn scenes() -> Vec<(&'static str, Scene)> {
    let opened = gallery::ALL.iter().map(|scene| (scene.id, read_scene(scene.text()).0));
    opened.chain([("colliding", colliding()), ("drawn hops", drawn_hops())]).collect()
}

fn straight(scene: &Scene) -> Run {
    let mut run = Run::new(scene);
    run.advance_to(UNTIL);
    run
}

#[test]
fn twice_the_same() {
    for (name, scene) in scenes() {
        let run = straight(&scene);
        assert!(run.trace().total() > 5, "{name} does something");
        assert_eq!(report(&run, &[]), report(&straight(&scene), &[]), "{name}");
    }
}

/// Steps by time, by entries, by fact, and over to a clone; the original of a clone must go on as well.
fn in_chunks(scene: &Scene, dice: &mut Dice) -> [Run; 2] {
    let (mut run, mut left_behind) = (Run::new(scene), None);
    while run.now() < UNTIL || !run.advance(UNTIL, 1) {
        match dice.below(5) {
            0 => run.advance_to((run.now() + dice.below(seconds(2))).min(UNTIL)),
            1 => drop(run.advance(UNTIL, dice.below(200))),
            2 => drop(run.advance((run.now() + dice.below(3) * 500_000).min(UNTIL), dice.below(5))),
            3 => {
                let mut ahead = run.clone();
                if ahead.step_fact() && ahead.now() <= UNTIL {
                    run = ahead;
                }
            }
            _ => left_behind = Some(std::mem::replace(&mut run, left_behind.unwrap_or_else(|| Run::new(scene)))),
        }
        // However the dice fall, the one in hand comes forward.
        if dice.once_in(3) {
            run.advance_to(run.now().saturating_add(dice.below(100_000)).min(UNTIL));
        }
    }
    let mut other = left_behind.unwrap_or_else(|| run.clone());
    other.advance_to(UNTIL);
    [run, other]
}

#[test]
fn any_chunking_equals_the_straight_run() {
    for (name, scene) in scenes() {
        let wanted = report(&straight(&scene), &[]);
        for seed in 0..6 {
            for run in in_chunks(&scene, &mut Dice::new(seed, "chunks")) {
                assert_eq!(report(&run, &[]), wanted, "{name}, chunks of seed {seed}");
            }
        }
    }
}

#[test]
fn where_nodes_lie_changes_nothing() {
    for (name, mut scene) in scenes() {
        let wanted = straight(&scene).digest();
        for (index, node) in scene.nodes.clone().iter().enumerate() {
            scene.apply(Edit::MoveNode { id: node.id.clone(), at: (1_000.0 - 37.5 * index as f64, -8.25) });
        }
        assert_eq!(straight(&scene).digest(), wanted, "{name}");
    }
}

/// All that can be seen of a node, by names: numbers of actors and facts may shift, what happens may not.
fn lives(scene: &Scene, but: &str) -> Vec<(Micros, String, &'static str, Option<String>, String)> {
    let mut lives = Vec::new();
    watch(&mut Run::new(scene), UNTIL, |run, record| {
        let (node, message) = (run.node_of(record).to_owned(), record.message.map(token_text));
        if node != but {
            lives.push((record.at, node, record.fact.name(), message, record.fact.detail()));
        }
    });
    lives
}

#[test]
fn an_unconnected_node_shifts_nobodys_draws() {
    for (name, before) in scenes() {
        let wanted = lives(&before, "stranger");
        for kind in ["Decoupled::Producer", "AWS::SQS::Queue", "Decoupled::Worker", "AWS::Lambda::Function"] {
            for at_front in [true, false] {
                let stranger = scene(json!({ "nodes": [{ "id": "stranger", "type": kind }] })).nodes[0].clone();
                let mut after = before.clone();
                after.nodes.insert(if at_front { 0 } else { after.nodes.len() }, stranger);
                assert!(lives(&after, "stranger") == wanted, "{name}: a {kind} beside it changes what happens");
            }
        }
    }
}

#[test]
fn another_seed_is_another_run() {
    let scene = drawn_hops();
    let mut other = Run::with_seed(&scene, scene.seed + 1);
    other.advance_to(UNTIL);
    assert_ne!(other.digest(), straight(&scene).digest());
}

/// What was done by hand at an instant is replayed after all that had happened by then.
#[test]
fn a_script_acts_after_all_else_due_at_its_instant() {
    let text = |script: serde_json::Value| {
        scene(json!({ "nodes": [{ "id": "p", "type": "Decoupled::Producer", "properties": { "Rate": "1/s" } },
            { "id": "q", "type": "AWS::SQS::Queue" }], "links": [{ "id": "l", "from": "p", "to": "q" }], "script": script }))
    };
    let mut by_hand = Run::new(&text(json!([])));
    by_hand.advance_to(seconds(3));
    let mut slower = by_hand.scene_now().as_ref().clone();
    slower.apply(Edit::SetProperty { id: "q".into(), name: "DelaySeconds".into(), value: Some(json!(5)) });
    by_hand.reconcile(&slower);
    by_hand.advance_to(UNTIL);
    let mut replayed = Run::new(&text(json!([{ "at": "3s", "node": "q", "set": { "DelaySeconds": 5 } }])));
    replayed.advance_to(UNTIL);
    assert_eq!(by_hand.digest(), replayed.digest());
}

/// What a hand does while it plays is a part of the script: the run with it from the start is the same run.
#[test]
fn a_call_by_hand_replays() {
    let scene = colliding();
    let mut by_hand = Run::new(&scene);
    let mut written = scene.clone();
    for (stop, body) in [(seconds(3), "one"), (seconds(3) + 1, "two"), (seconds(7), "three")] {
        by_hand.advance_to(stop);
        let act = Act::Call { action: "SendMessage".to_owned(), input: json!({ "MessageBody": body }) };
        let entry = ScriptEntry { id: None, at: stop + 1, node: "q".to_owned(), link: None, act };
        written.apply(Edit::AddScriptEntry(entry.clone()));
        by_hand.perform(entry);
        by_hand.advance_to(stop + 1);
        let reply = by_hand.replies().last().and_then(|reply| reply.result.clone());
        assert!(reply.is_some_and(|result| result.is_ok_and(|output| output["MessageId"].is_string())));
    }
    by_hand.advance_to(UNTIL);
    let mut straight = Run::new(&written);
    straight.advance_to(UNTIL);
    assert_eq!(by_hand.digest(), straight.digest());
    assert_eq!(report(&by_hand, &[]), report(&straight, &[]));
}
