//! Runs that would grow without bound: they halt with a sentence, at the same moment however they are cut.

use decoupled::engine::{Micros, seconds};
use decoupled::sim::Run;
use serde_json::{Value, json};

use crate::support;

fn flood(rate: &str, payload: &str) -> Value {
    json!({ "network": "instant", "nodes": [
        { "id": "p", "type": "Decoupled::Producer", "properties": { "Rate": rate, "Payload": payload } },
        { "id": "pile", "type": "AWS::SQS::Queue" }],
        "links": [{ "from": "p", "to": "pile" }] })
}

/// Plays a scene in steps; when and why it halted, and the digest then.
fn halt(scene: &Value, until: Micros, entries: u64) -> Option<(Micros, String, String)> {
    let (scene, problems) = support::open(scene.clone());
    assert!(problems.is_empty(), "{problems:?}");
    let mut run = Run::new(&scene);
    while !run.advance(until, entries) {}
    run.halt().map(|halt| (halt.at, halt.why.clone(), run.digest()))
}

#[test]
fn messages_that_take_too_much_memory_halt_the_run() {
    let scene = flood("1000/s", &format!("{{{{seq}}}}{}", "x".repeat(200_000)));
    let (at, why, digest) = halt(&scene, seconds(60), u64::MAX).expect("it halts");
    assert!(at < seconds(7), "{at}");
    assert!(["1024 MB", "most of them in pile", "Rate", "Payload"].iter().all(|word| why.contains(word)), "{why}");
    assert_eq!(halt(&scene, seconds(60), 777), Some((at, why, digest)));
}

#[test]
fn a_payload_that_is_always_the_same_is_held_once() {
    assert_eq!(halt(&flood("1000/s", &"x".repeat(200_000)), seconds(7), u64::MAX), None);
}

#[test]
fn what_has_gone_does_not_count() {
    let mut scene = flood("100/s", &format!("{{{{seq}}}}{}", "x".repeat(200_000)));
    let properties = json!({ "Concurrency": 50, "ProcessingTime": "1ms" });
    scene["nodes"]
        .as_array_mut()
        .expect("a list")
        .push(json!({ "id": "w", "type": "Decoupled::Worker", "properties": properties }));
    scene["links"].as_array_mut().expect("a list").push(json!({ "from": "pile", "to": "w" }));
    assert_eq!(halt(&scene, seconds(100), u64::MAX), None);
}

#[test]
fn a_loop_that_branches_halts_and_one_that_does_not_ends_by_its_links() {
    let function = |id: &str| json!({ "id": id, "type": "AWS::Lambda::Function", "properties": { "ProcessingTime": "1ms", "ReservedConcurrentExecutions": 400 } });
    let bus = json!({ "id": "bus", "type": "AWS::Events::EventBus", "properties": { "Name": "default" } });
    let rule = |id: &str| json!({ "id": id, "type": "AWS::Events::Rule", "properties": { "EventPattern": { "source": ["s"] } } });
    let put = json!([{ "at": "0s", "node": "bus", "call": "PutEvents", "input": { "Entries": [{ "Source": "s", "DetailType": "t", "Detail": "{}" }] } }]);
    let looped = |places: &[&str]| {
        let mut nodes = vec![bus.clone()];
        let mut links = Vec::new();
        for place in places {
            let to = format!("f{place}");
            nodes.extend([rule(place), function(&to)]);
            links.push(json!({ "from": "bus", "to": place, "type": "Rule" }));
            links.push(json!({ "from": place, "to": to, "type": "Target" }));
            links.push(json!({ "from": to, "to": "bus" }));
        }
        json!({ "network": "realistic", "nodes": nodes, "links": links, "script": put })
    };
    let (_, why, _) = halt(&looped(&["a"]), seconds(600), u64::MAX).expect("it halts");
    assert!(why.contains("links"), "{why}");
    let (_, why, _) = halt(&looped(&["a", "b"]), seconds(600), u64::MAX).expect("it halts");
    assert!(why.contains("more than 100000 others") && why.contains("branches"), "{why}");
}
