//! Topics under random fire: whatever is subscribed, set, published and broken, no copy is lost without a name, a
//! run is the same in any chunks, and a message group keeps its order. `SEED=` plays one of them alone.

use std::collections::BTreeMap;

use decoupled::editor::Camera;
use decoupled::engine::Micros;
use decoupled::figure::Primitive;
use decoupled::scene::{Scene, read_scene};
use decoupled::services::Describe;
use decoupled::sim::Run;
use decoupled::view::project;
use serde_json::{Value, json};

use crate::support::{self, Dice};

const END: Micros = 150_000_000;
const RUNS: u64 = 60;

fn seeds() -> Vec<u64> {
    let one = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok());
    one.map_or_else(|| (0..RUNS).collect(), |seed| vec![seed])
}

fn pick<'a, T: ?Sized>(dice: &mut Dice, choices: &[&'a T]) -> &'a T {
    choices[usize::try_from(dice.below(choices.len() as u64)).expect("few choices")]
}

fn nodes(dice: &mut Dice, fifo: bool) -> Value {
    let topic = if fifo {
        json!({ "FifoTopic": true, "ContentBasedDeduplication": dice.once_in(2),
            "FifoThroughputScope": pick(dice, &["Topic", "MessageGroup"]),
            "ArchivePolicy": { "MessageRetentionPeriod": 1 }, "Decoupled": { "RetryJitter": 0.2 } })
    } else {
        json!({ "Decoupled": { "PublishRate": 40, "FilterPolicyLag": pick(dice, &["0s", "5s"]) } })
    };
    let queue = if fifo { json!({ "FifoQueue": true }) } else { json!({}) };
    let rate = format!("{}/s", 1 + dice.below(8));
    json!([
        { "id": "t", "type": "AWS::SNS::Topic", "properties": topic },
        { "id": "p", "type": "Decoupled::Producer", "properties": { "Rate": rate, "Count": 200, "BatchSize": 1 + dice.below(4),
            "MessageGroupId": "{{pick a b c}}", "MessageDeduplicationId": if fifo { "{{int 1 150}}" } else { "" },
            "Payload": { "n": "{{seq}}", "kind": "{{pick order gift}}" } } },
        { "id": "q", "type": "AWS::SQS::Queue", "properties": queue }, { "id": "q2", "type": "AWS::SQS::Queue" },
        { "id": "dlq", "type": "AWS::SQS::Queue", "properties": queue }, { "id": "f", "type": "AWS::Lambda::Function" },
        { "id": "h", "type": "Decoupled::Endpoint", "properties": { "FailureRate": 0.4, "Latency": { "uniform": ["0s", "20s"] } } },
        { "id": "mail", "type": "Decoupled::Endpoint", "properties": { "ConfirmsSubscription": dice.once_in(2) } }])
}

fn links(dice: &mut Dice, fifo: bool) -> Value {
    let redrive = json!({ "RedrivePolicy": { "deadLetterTargetArn": "dlq" } });
    let mut links = vec![
        json!({ "id": "send", "from": "p", "to": "t" }),
        json!({ "id": "a", "from": "t", "to": "q", "properties": redrive }),
    ];
    if !fifo {
        let policy = json!({ "healthyRetryPolicy": { "numRetries": dice.below(5), "minDelayTarget": 1, "maxDelayTarget": 9 },
            "throttlePolicy": { "maxReceivesPerSecond": 1 + dice.below(5) } });
        links.push(json!({ "id": "b", "from": "t", "to": "h", "properties": { "DeliveryPolicy": policy,
            "RedrivePolicy": { "deadLetterTargetArn": "dlq" } } }));
        links.push(json!({ "id": "c", "from": "t", "to": "f", "properties": redrive }));
    }
    json!(links)
}

/// Something that happens to the run.
fn act(dice: &mut Dice, fifo: bool) -> Value {
    let subscriber = pick(dice, &["q", "q2", "h", "mail"]);
    let protocol = match subscriber {
        "h" => pick(dice, &["https", "firehose"]),
        "mail" => pick(dice, &["email", "sms"]),
        _ => "sqs",
    };
    let set = |name: &str, value: &str| {
        json!({ "call": "SetSubscriptionAttributes", "input": {
        "SubscriptionArn": subscriber, "AttributeName": name, "AttributeValue": value } })
    };
    match dice.below(12) {
        0 | 1 => json!({ "call": "Subscribe", "input": { "Protocol": protocol, "Endpoint": subscriber } }),
        2 => json!({ "call": "Unsubscribe", "input": { "SubscriptionArn": subscriber } }),
        3 => set("FilterPolicy", pick(dice, &[r#"{"kind":["order"]}"#, ""])),
        4 => set("RawMessageDelivery", pick(dice, &["true", "false"])),
        5 => set("RedrivePolicy", pick(dice, &[r#"{"deadLetterTargetArn":"dlq"}"#, "{}"])),
        6 if fifo => set("ReplayPolicy", r#"{"PointType":"Timestamp","StartingPoint":"2026-01-01T00:00:05Z"}"#),
        7 if fifo => json!({ "call": "SetTopicAttributes", "input": { "AttributeName": "ArchivePolicy",
            "AttributeValue": pick(dice, &["{}", r#"{"MessageRetentionPeriod":1}"#]) } }),
        _ => json!({ "fault": pick(dice, &["Crash", "Partition", "Drop", "Duplicate", "Slow", "Throttle"]),
            "node": pick(dice, &["q", "h", "f", "dlq", "t"]), "for": format!("{}s", 1 + dice.below(20)), "Probability": 0.4 }),
    }
}

fn scene(seed: u64) -> (Scene, bool) {
    let mut dice = Dice::new(seed, "topics");
    let fifo = dice.once_in(2);
    let (nodes, links) = (nodes(&mut dice, fifo), links(&mut dice, fifo));
    let mut script = Vec::new();
    for _ in 0..dice.below(25) {
        let mut entry = act(&mut dice, fifo);
        let map = entry.as_object_mut().expect("an act is an object");
        map.entry("node").or_insert_with(|| "t".into());
        map.insert("at".to_owned(), format!("{}ms", dice.below(60_000)).into());
        script.push(entry);
    }
    if dice.once_in(6) {
        script.push(json!({ "at": "50s", "node": "t", "call": "DeleteTopic" }));
    }
    let network = *pick(&mut dice, &[&"instant", &"teaching", &"realistic"]);
    let text =
        json!({ "version": 1, "seed": seed, "network": network, "nodes": nodes, "links": links, "script": script });
    let (scene, problems) = read_scene(&text.to_string());
    assert!(problems.is_empty(), "SEED={seed}: {problems:?}");
    (scene, fifo)
}

/// Debug builds compare the ledger with what nodes hold after every step.
#[test]
fn no_copy_is_lost_and_chunks_make_no_difference() {
    let mut facts: BTreeMap<&str, u64> = BTreeMap::new();
    for seed in seeds() {
        let (scene, _) = scene(seed);
        let mut straight = Run::new(&scene);
        support::watch(&mut straight, END, |_, record| *facts.entry(record.fact.name()).or_default() += 1);
        straight.assert_conservation();
        assert!(straight.halt().is_none(), "SEED={seed}: {:?}", straight.halt());
        let mut chunked = Run::new(&scene);
        while !chunked.advance(END, 13) {}
        assert_eq!(chunked.digest(), straight.digest(), "SEED={seed}");
    }
    if std::env::var_os("SEED").is_none() {
        for name in
            ["RedrivenToDlq", "GroupHeld", "DeliveryQueued", "DuplicateAccepted", "ReplayCompleted", "ConfirmationSent"]
        {
            assert!(facts.contains_key(name), "{name} never happened: the runs are too tame; {facts:?}");
        }
    }
}

/// SNS-25: a queue takes a group's messages in the order in which the topic did, however often it refused them. Once
/// only, that is: a lost answer makes a copy come again, and a replay sends all again.
#[test]
fn a_group_keeps_its_order() {
    let producer = |id: &str| {
        json!({ "id": id, "type": "Decoupled::Producer", "properties": { "Rate": "3/s", "Arrivals": "Poisson",
            "Count": 50, "MessageGroupId": id, "MessageDeduplicationId": format!("{id}{{{{seq}}}}"),
            "Payload": format!("{id} {{{{seq}}}}") } })
    };
    let receive = |n: u64| {
        json!({ "id": format!("r{n}"), "at": format!("{}s", 190 + n), "node": "q", "call": "ReceiveMessage",
            "input": { "WaitTimeSeconds": 1, "MaxNumberOfMessages": 10, "VisibilityTimeout": 100 } })
    };
    for seed in 0..10 {
        let mut script: Vec<Value> = (0..10).map(receive).collect();
        script.push(json!({ "at": "3s", "node": "q", "fault": "Throttle", "for": "9s" }));
        script.push(json!({ "at": "15s", "node": "q", "fault": "Throttle", "for": "5s" }));
        let run = support::played(
            json!({ "seed": seed, "network": { "hop": { "uniform": ["1ms", "700ms"] } }, "nodes": [
                    { "id": "t", "type": "AWS::SNS::Topic", "properties": { "FifoTopic": true } },
                    { "id": "q", "type": "AWS::SQS::Queue" }, producer("a"), producer("b")],
                "links": [{ "id": "a1", "from": "a", "to": "t", "latency": "1ms" },
                    { "id": "b1", "from": "b", "to": "t", "latency": "1ms" },
                    { "id": "s", "from": "t", "to": "q", "properties": { "RawMessageDelivery": true } }],
                "script": script }),
            210_000_000,
        );
        let outputs = run.replies().iter().filter_map(|reply| reply.result.as_ref()?.as_ref().ok());
        let messages = outputs.filter_map(|output| output["Messages"].as_array()).flatten();
        let bodies: Vec<&str> = messages.filter_map(|message| message["Body"].as_str()).collect();
        for group in ["a ", "b "] {
            let numbers: Vec<u64> = bodies.iter().filter_map(|body| body.strip_prefix(group)?.parse().ok()).collect();
            assert_eq!(numbers, (1..=50).collect::<Vec<_>>(), "seed {seed}, group {group}");
        }
    }
}

/// The texts and the tokens inside a topic's card.
fn card(run: &Run, node: &str) -> (Vec<String>, usize) {
    let figure = run.node(node).expect("the node is there").figure(run.now());
    let (mut texts, mut tokens) = (Vec::new(), 0);
    for primitive in figure.primitives {
        match primitive {
            Primitive::Text { text, .. } => texts.push(text),
            Primitive::Token { .. } => tokens += 1,
            _ => {}
        }
    }
    (texts, tokens)
}

#[test]
fn a_topic_shows_why_somebody_gets_nothing_and_what_waits() {
    let publish = |at: &str, id: &str| {
        json!({ "at": at, "node": "t", "call": "Publish",
            "input": { "Message": "x", "MessageGroupId": "g", "MessageDeduplicationId": id } })
    };
    let run = support::played(
        json!({ "nodes": [
                { "id": "t", "type": "AWS::SNS::Topic", "properties": { "FifoTopic": true,
                    "ArchivePolicy": { "MessageRetentionPeriod": 1 } } },
                { "id": "down", "type": "AWS::SQS::Queue" }, { "id": "picky", "type": "AWS::SQS::Queue" },
                { "id": "past", "type": "AWS::SQS::Queue" }],
            "links": [{ "id": "a", "from": "t", "to": "down" },
                { "id": "b", "from": "t", "to": "picky", "properties": { "FilterPolicy": { "kind": ["order"] } } },
                { "id": "c", "from": "t", "to": "past", "properties": { "ReplayPolicy": { "PointType": "Timestamp",
                    "StartingPoint": "2026-01-01T00:00:00Z", "EndingPoint": "2026-01-01T00:00:00Z" } } }],
            "script": [{ "at": "0s", "node": "down", "fault": "Crash" }, publish("1s", "1"), publish("2s", "2")] }),
        4_500_000,
    );
    // One copy of the first message is between two attempts, the second waits behind it in its group.
    let (texts, tokens) = card(&run, "t");
    assert_eq!(tokens, 2, "{texts:?}");
    for text in ["all", "kind = order", "replayed, paused"] {
        assert!(texts.iter().any(|shown| shown == text), "{text} is not in {texts:?}");
    }
    let pending = support::played(
        json!({ "nodes": [{ "id": "t", "type": "AWS::SNS::Topic" }, { "id": "q", "type": "AWS::SQS::Queue" },
                { "id": "h", "type": "Decoupled::Endpoint", "properties": { "ConfirmsSubscription": false } }],
            "links": [{ "id": "a", "from": "t", "to": "h" },
                { "id": "b", "from": "t", "to": "q", "properties": { "FilterPolicy": { "kind": ["order"] } } }],
            "script": [{ "at": "1s", "node": "t", "call": "Publish", "input": { "Message": "x" } }] }),
        2_000_000,
    );
    let (texts, _) = card(&pending, "t");
    assert!(texts.iter().any(|shown| shown == "not confirmed"), "{texts:?}");
    assert!(texts.iter().any(|shown| shown == "kind is missing"), "{texts:?}");
}

/// What a call subscribed is not in the document, and is seen all the same.
#[test]
fn a_link_made_by_a_call_is_drawn() {
    let scene = support::scene(json!({
        "nodes": [{ "id": "t", "type": "AWS::SNS::Topic", "at": [0, 0] },
            { "id": "q", "type": "AWS::SQS::Queue", "at": [400, 0] }],
        "script": [{ "at": "1s", "node": "t", "call": "Subscribe", "input": { "Protocol": "sqs", "Endpoint": "q" } }] }));
    let lines = |until: Micros| {
        let mut run = Run::new(&scene);
        run.advance_to(until);
        let frame = project(&scene, &run, &Camera::default(), (1_440.0, 900.0), until);
        let beyond = |x: f32| x > 220.0 && x < 380.0;
        let drawn = |primitive: &&Primitive| matches!(primitive, Primitive::Line { from, .. } if beyond(from.0));
        frame.grounds.iter().filter(drawn).count()
    };
    assert_eq!(lines(500_000), 0);
    assert!(lines(2_000_000) > 3);
}

/// A hundred subscriptions on a page, and a token for the next (SNS-3).
#[test]
fn subscriptions_are_listed_page_by_page() {
    let queues = (0..101).map(|n| json!({ "id": format!("q{n:03}"), "type": "AWS::SQS::Queue" }));
    let nodes: Vec<Value> = queues.chain([json!({ "id": "t", "type": "AWS::SNS::Topic" })]).collect();
    let links: Vec<Value> =
        (0..101).map(|n| json!({ "id": format!("l{n}"), "from": "t", "to": format!("q{n:03}") })).collect();
    let list = |id: &str, input: Value| json!({ "id": id, "at": "1s", "node": "t", "call": "ListSubscriptionsByTopic", "input": input });
    let script = [
        list("first", json!({})),
        list("rest", json!({ "NextToken": "${first.NextToken}" })),
        list("wrong", json!({ "NextToken": "next" })),
    ];
    let run = support::played(json!({ "nodes": nodes, "links": links, "script": script }), 2_000_000);
    let answer = |place: usize| run.replies()[place].result.clone().expect("it is answered");
    let (first, rest) = (answer(0).expect("a page"), answer(1).expect("a page"));
    assert_eq!(first["Subscriptions"].as_array().map(Vec::len), Some(100));
    assert_eq!(rest["Subscriptions"].as_array().map(Vec::len), Some(1));
    assert_eq!(rest["Subscriptions"][0]["Endpoint"].as_str().map(|end| end.ends_with("q100")), Some(true));
    assert_eq!(rest.get("NextToken"), None);
    assert_eq!(answer(2).expect_err("no token")["Code"], "InvalidParameter");
}
