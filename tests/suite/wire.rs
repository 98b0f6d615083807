//! The wire: whatever is lost, and wherever, every call ends, every connection is known at both its ends, and no message is
//! without a place (each step of a run compares the ledger with what is held and carried).

use decoupled::engine::{Micros, seconds};
use decoupled::scene::Scene;
use decoupled::services::Kind;
use decoupled::sim::{Run, report};
use serde_json::{Value, json};

use crate::support::{self, open, scene};

const SECOND: Micros = seconds(1);
/// Long enough for the longest deadline of these scenes, and for a connection to be taken for dead.
const QUIET: Micros = seconds(400);

/// Answers with replies, pushes on connections, calls back: a scene that has them all.
fn busy() -> Value {
    json!({ "version": 1, "network": { "hop": "20ms" }, "nodes": [
            { "id": "s", "type": "AWS::Kinesis::Stream", "properties": { "ShardCount": 1 } },
            { "id": "w", "type": "Decoupled::Worker", "properties": { "ReadTimeout": "3s", "ConnectTimeout": "1s" } },
            { "id": "k", "type": "Decoupled::KclApplication",
                "properties": { "Workers": 1, "RetrievalSpecificConfig": "FanOutConfig", "ReadTimeout": "3s" } },
            { "id": "q", "type": "AWS::SQS::Queue" },
            { "id": "pipe", "type": "AWS::Pipes::Pipe", "properties": { "Enrichment": "f" } },
            { "id": "f", "type": "AWS::Lambda::Function", "properties": { "Returns": { "each": { "n": "<$.body>" } } } },
            { "id": "t", "type": "AWS::SNS::Topic" },
            { "id": "h", "type": "Decoupled::Endpoint", "properties": { "Returns": { "ok": true }, "ConfirmsSubscription": true } },
            { "id": "p", "type": "Decoupled::Producer", "properties": { "Rate": "2/s", "Count": 4, "StartAt": "6s",
                "MaxAttempts": 2, "ReadTimeout": "3s", "PartitionKey": "a" } }],
        "links": [
            { "id": "ps", "from": "p", "to": "s" }, { "id": "pq", "from": "p", "to": "q" }, { "id": "pt", "from": "p", "to": "t" },
            { "id": "sw", "from": "s", "to": "w", "properties": { "EnhancedFanOut": true } },
            { "id": "sk", "from": "s", "to": "k" }, { "id": "qp", "from": "q", "to": "pipe" },
            { "id": "ph", "from": "pipe", "to": "t" }, { "id": "th", "from": "t", "to": "h" }],
        "script": [{ "at": "7s", "node": "t", "call": "Subscribe",
            "input": { "Protocol": "https", "Endpoint": "h", "TopicArn": "t" } }] })
}

fn with(mut value: Value, entry: Value) -> Scene {
    value["script"].as_array_mut().expect("a script").push(entry);
    let (scene, problems) = open(value);
    assert!(problems.is_empty(), "{problems:?}");
    scene
}

/// When something leaves, and over which link.
fn departures(scene: &Scene, until: Micros) -> Vec<(Micros, String)> {
    let mut run = Run::new(scene);
    let mut seen = std::collections::BTreeSet::new();
    while run.now() < until {
        let next = run.now() + 10_000;
        run.advance_to(next);
        for transfer in run.transfers() {
            if let Some(link) = run.link_name(transfer.link) {
                seen.insert((transfer.departs, link.to_owned()));
            }
        }
    }
    seen.into_iter().collect()
}

/// Nobody waits for an answer, and nothing is in nobody's hands.
fn assert_settled(run: &Run, what: &str) {
    let shared = run.shared();
    assert_eq!(shared.stranded().count(), 0, "{what}: something is stranded for ever");
    // Whoever polls without end has one call under way, and never an older one than its deadline.
    let overdue = shared.calls.iter().filter_map(|calls| calls.due()).filter(|due| *due < run.now()).count();
    assert_eq!(overdue, 0, "{what}: a call has outlived its deadline");
    let ledger = &shared.ledger;
    assert!(ledger.balances(), "{what}: {ledger:?}");
}

#[test]
fn whatever_is_lost_at_whatever_moment_everything_has_its_place() {
    let base = busy();
    let moments =
        departures(&with(base.clone(), json!({ "at": "0s", "node": "q", "fault": "Slow", "for": "1ms" })), 12 * SECOND);
    assert!(moments.len() > 120, "only {} things travel", moments.len());
    for (index, (at, link)) in moments.iter().enumerate().step_by(3) {
        // A poll's line stands for all calls between its two ends.
        let fault = ["Drop", "Partition"][index % 2];
        let entry = json!({ "at": format!("{at}us"), "link": link, "fault": fault, "for": "1ms" });
        let mut run = Run::new(&with(base.clone(), entry));
        run.advance_to(QUIET);
        assert_settled(&run, &format!("{fault} on {link} at {at} µs"));
    }
}

#[test]
fn whoever_crashes_however_everything_has_its_place() {
    let base = busy();
    for node in ["s", "w", "k", "q", "f", "t", "h", "p"] {
        for (index, outage) in ["ServerError", "Refusal", "Silence"].into_iter().enumerate() {
            for at in [5_500, 6_040 + index as u64 * 13, 7_777] {
                let entry =
                    json!({ "at": format!("{at}ms"), "node": node, "fault": "Crash", "Outage": outage, "for": "4s" });
                let mut run = Run::new(&with(base.clone(), entry));
                run.advance_to(QUIET);
                assert_settled(&run, &format!("{node} down by {outage} at {at} ms"));
            }
        }
    }
}

/// The time at which a producer's send to a queue in trouble fails, in milliseconds.
fn fails_at(fault: Value) -> (u64, String) {
    let mut entry = json!({ "at": "0s", "node": "q", "for": "600s" });
    entry.as_object_mut().expect("an entry").extend(fault.as_object().expect("a fault").clone());
    let scene = with(
        json!({ "version": 1, "network": { "hop": "100ms" }, "nodes": [
                { "id": "p", "type": "Decoupled::Producer", "properties": { "Count": 1, "StartAt": "1s",
                    "ConnectTimeout": "2s", "ReadTimeout": "9s" } },
                { "id": "q", "type": "AWS::SQS::Queue" }],
            "links": [{ "id": "l", "from": "p", "to": "q" }], "script": [] }),
        entry,
    );
    let (mut run, mut failed) = (Run::new(&scene), None);
    support::watch(&mut run, 60 * SECOND, |_, record| {
        use decoupled::services::Describe;
        if record.fact.name() == "SendFailed" {
            failed = Some((record.at / 1_000, record.fact.detail()));
        }
    });
    failed.expect("it fails")
}

/// A host that is gone is silence until the deadline, a process that is gone refuses at once, a service in trouble says so.
#[test]
fn an_outage_looks_as_the_fault_says() {
    for (fault, at, word) in [
        (json!({ "fault": "Crash" }), 1_200, "ServiceUnavailable"),
        (json!({ "fault": "Crash", "Outage": "Refusal" }), 1_200, "ConnectionRefused"),
        (json!({ "fault": "Crash", "Outage": "Silence" }), 3_000, "Crash on the way"),
        (json!({ "fault": "Partition" }), 3_000, "No answer within"),
        (json!({ "fault": "Drop" }), 10_000, "Drop on the way"),
    ] {
        let (failed, detail) = fails_at(fault.clone());
        assert_eq!(failed, at, "{fault}: {detail}");
        assert!(detail.contains(word), "{fault}: {detail}");
    }
}

#[test]
fn a_lost_answer_costs_the_callers_own_time_out() {
    let failed_at = |timeout: &str| {
        let value = json!({ "version": 1, "network": { "hop": "100ms" }, "nodes": [
                { "id": "p", "type": "Decoupled::Producer",
                    "properties": { "Count": 1, "StartAt": "1s", "MaxAttempts": 2, "ReadTimeout": timeout } },
                { "id": "q", "type": "AWS::SQS::Queue" }],
            "links": [{ "id": "l", "from": "p", "to": "q" }], "script": [] });
        // The call is on its way; its answer will not come.
        let scene = with(value, json!({ "at": "1050ms", "link": "l", "fault": "Drop", "for": "100ms" }));
        let mut run = Run::new(&scene);
        let mut at = 0;
        support::watch(&mut run, 60 * SECOND, |_, record| {
            use decoupled::services::Describe;
            if record.fact.name() == "RetryScheduled" {
                at = record.at;
            }
        });
        at
    };
    assert_eq!([failed_at("2s"), failed_at("7s")], [3 * SECOND, 8 * SECOND]);
}

/// What a function returns, or raises, is its answer; an endpoint has status, headers and body.
#[test]
fn an_answer_carries_a_reply_that_is_seen_travelling() {
    let value = json!({ "version": 1, "network": { "hop": "1s" }, "nodes": [
            { "id": "q", "type": "AWS::SQS::Queue" },
            { "id": "pipe", "type": "AWS::Pipes::Pipe", "properties": { "Enrichment": "f" } },
            { "id": "f", "type": "AWS::Lambda::Function",
                "properties": { "ProcessingTime": "0s", "Returns": { "each": { "twice": ["<$.body>", "<$.body>"] } } } },
            { "id": "t", "type": "AWS::SQS::Queue" },
            { "id": "bad", "type": "AWS::Lambda::Function",
                "properties": { "Raises": { "errorType": "OutOfStock", "errorMessage": "none left" } } },
            { "id": "h", "type": "Decoupled::Endpoint",
                "properties": { "StatusCode": 201, "Headers": { "X-Id": "7" }, "Returns": { "got": "<$.n>" } } }],
        "links": [{ "from": "q", "to": "pipe" }, { "from": "pipe", "to": "t" }],
        "script": [
            { "at": "0s", "node": "q", "call": "SendMessage", "input": { "MessageBody": "5" } },
            { "id": "bad", "at": "1s", "node": "bad", "call": "Invoke", "input": { "Payload": { "a": 1 } } },
            { "id": "echo", "at": "1s", "node": "f", "call": "Invoke", "input": { "Payload": [{ "body": "x" }] } },
            { "id": "post", "at": "1s", "node": "h", "call": "Post", "input": { "Body": { "n": 3 } } },
            { "id": "m", "at": "30s", "node": "t", "call": "ReceiveMessage", "input": {} }] });
    let mut run = Run::new(&scene(value));
    let mut replies = 0;
    for step in 1..=160_u64 {
        run.advance_to(step * 200_000);
        let from_function = |name: &str| run.actor_of(name);
        replies += run
            .transfers()
            .filter(|transfer| Some(transfer.from) == from_function("f"))
            .filter(|transfer| transfer.signal.visible().any(|message| message.body.contains("twice")))
            .count();
    }
    assert!(replies >= 4, "the answer of the function is seen on its way back: {replies}");
    let report = report(&run, &[]);
    let call = |id: &str| {
        let calls = report["calls"].as_array().expect("a list");
        calls.iter().find(|call| call["id"] == id).map(|call| call["output"].clone()).unwrap_or_default()
    };
    assert_eq!(call("m")["Messages"][0]["Body"], json!({ "twice": ["5", "5"] }).to_string());
    assert_eq!(call("bad")["FunctionError"], "Unhandled");
    assert_eq!(call("bad")["Payload"], json!({ "errorType": "OutOfStock", "errorMessage": "none left" }));
    assert_eq!(call("echo")["Payload"], json!([{ "twice": ["x", "x"] }]));
    assert_eq!(call("post"), json!({ "StatusCode": 201, "Headers": { "X-Id": "7" }, "Body": { "got": 3 } }));
}

/// Both ends of a connection learn of its end: by a line that is cut, and by a crash.
#[test]
fn both_ends_learn_that_a_connection_has_ended() {
    let value = |script: Value| {
        json!({ "version": 1, "network": { "hop": "20ms" }, "nodes": [
                { "id": "s", "type": "AWS::Kinesis::Stream", "properties": { "ShardCount": 1 } },
                { "id": "w", "type": "Decoupled::Worker" }],
            "links": [{ "id": "l", "from": "s", "to": "w", "properties": { "EnhancedFanOut": true } }], "script": script })
    };
    // At ten seconds its call is on the way, at twelve the connection stands.
    for at in [10, 12] {
        let mut run = Run::new(&scene(value(json!([]))));
        run.advance_to(at * SECOND);
        let cut = Scene { links: Vec::new(), ..run.document().clone() };
        run.reconcile(&cut);
        run.advance_to((at + 1) * SECOND);
        assert!(run.shared().connections.is_empty(), "cut at {at} s: {:?}", run.shared().connections);
    }
    for outage in ["Refusal", "Silence"] {
        let crash = json!([{ "at": "10s", "node": "w", "fault": "Crash", "Outage": outage, "for": "2s" }]);
        let mut run = Run::new(&scene(value(crash)));
        run.advance_to(120 * SECOND);
        assert_eq!(run.shared().connections.len(), 1, "{outage}: the old one is forgotten, a new one stands");
        assert!(run.shared().kinds.contains(&Kind::Stream));
    }
}
