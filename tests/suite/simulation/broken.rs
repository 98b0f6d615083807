//! Each invariant fires when the model is broken on purpose: an honest run's facts, tampered with.

use decoupled::engine::TraceRecord;
use decoupled::services::clients::worker;
use decoupled::services::{Fact, kinesis, sqs};
use decoupled::sim::Run;
use serde_json::json;

use super::watch::Watch;
use crate::support;

type Records = Vec<TraceRecord<Fact>>;

/// A run in which everything happens that the watch knows: late workers, dead letters, delays, a stream.
fn honest() -> (Run, Records) {
    let scene = json!({
        "nodes": [
            { "id": "shop", "type": "Decoupled::Producer", "properties": { "Rate": "2/s", "Count": 12, "PartitionKey": "{{key 2}}" } },
            { "id": "q", "type": "AWS::SQS::Queue", "properties": { "VisibilityTimeout": 2, "DelaySeconds": 1,
                "RedrivePolicy": { "deadLetterTargetArn": "dead", "maxReceiveCount": 2 } } },
            { "id": "dead", "type": "AWS::SQS::Queue" },
            { "id": "late", "type": "Decoupled::Worker", "properties": { "ProcessingTime": "3s", "FailureRate": 0.5 } },
            { "id": "clicks", "type": "AWS::Kinesis::Stream", "properties": { "ShardCount": 1 } },
            { "id": "reader", "type": "Decoupled::Worker", "properties": { "ProcessingTime": "100ms" } }],
        "links": [
            { "from": "shop", "to": "q" }, { "from": "q", "to": "late" },
            { "from": "shop", "to": "clicks" }, { "from": "clicks", "to": "reader" }],
        "script": [{ "at": "20s", "node": "dead", "call": "ReceiveMessage", "input": { "WaitTimeSeconds": 1 } }],
    });
    let (mut run, mut records) = (Run::new(&support::scene(scene)), Records::new());
    support::watch(&mut run, 30_000_000, |_, record| records.push(record.clone()));
    (run, records)
}

/// What the watch says of these facts.
fn verdict(run: &Run, records: &Records) -> String {
    let mut watch = Watch::new(run);
    records.iter().for_each(|record| watch.see(run, record));
    watch.finish(run);
    watch.broken().join("\n")
}

/// The watch must find what `tamper` does, in these words.
fn fires(words: &str, tamper: impl FnOnce(&mut Records)) {
    let (run, mut records) = honest();
    assert_eq!(verdict(&run, &records), "", "the honest run is found fault with");
    tamper(&mut records);
    let said = verdict(&run, &records);
    assert!(said.contains(words), "wanted \"{words}\", the watch said: {said:?}");
}

fn find(records: &Records, wanted: impl Fn(&Fact) -> bool) -> usize {
    records.iter().position(|record| wanted(&record.fact)).expect("the honest run has such a fact")
}

fn is_receive(fact: &Fact) -> bool {
    matches!(fact, Fact::Queue(sqs::Fact::MessageReceived { .. }))
}

#[test]
fn a_delivery_inside_a_visibility_window() {
    fires("inside a visibility window", |records| {
        let again = records[find(records, is_receive)].clone();
        let place = records.iter().position(|record| record.seq == again.seq).expect("it is there");
        records.insert(place + 1, TraceRecord { at: again.at + 1, ..again });
    });
}

#[test]
fn a_receive_count_that_falls() {
    fires("receive count 1 after Some(1)", |records| {
        let second = |fact: &Fact| matches!(fact, Fact::Queue(sqs::Fact::MessageReceived { count: 2, .. }));
        let place = find(records, second);
        let Fact::Queue(sqs::Fact::MessageReceived { count, .. }) = &mut records[place].fact else { unreachable!() };
        *count = 1;
    });
}

#[test]
fn a_message_dead_lettered_too_early() {
    fires("dead-lettered after 1 receives", |records| {
        let place = find(records, |fact| matches!(fact, Fact::Queue(sqs::Fact::MessageDeadLettered { .. })));
        records[place].fact = Fact::Queue(sqs::Fact::MessageDeadLettered { count: 1 });
    });
}

#[test]
fn a_message_that_comes_back_late() {
    fires("visible at another time", |records| {
        let place = find(records, |fact| matches!(fact, Fact::Queue(sqs::Fact::VisibilityTimeoutExpired { .. })));
        records[place].at += 1;
    });
}

#[test]
fn a_delay_that_ends_early() {
    fires("visible at another time", |records| {
        let place = find(records, |fact| matches!(fact, Fact::Queue(sqs::Fact::MessageDelayExpired)));
        records[place].at -= 1;
    });
}

#[test]
fn a_message_stored_twice() {
    fires("stored twice", |records| {
        let place = find(records, |fact| matches!(fact, Fact::Queue(sqs::Fact::MessageSent)));
        let again = records[place].clone();
        records.insert(place + 1, again);
    });
}

#[test]
fn a_message_in_two_queues() {
    fires("at a queue that does not hold it", |records| {
        let place = find(records, is_receive);
        let elsewhere =
            records[find(records, |fact| matches!(fact, Fact::Queue(sqs::Fact::MessageArrivedFromSource)))].actor;
        records[place].actor = elsewhere;
    });
}

#[test]
fn a_deleted_message_delivered_again() {
    fires("of what is not there", |records| {
        let place = find(records, |fact| matches!(fact, Fact::Queue(sqs::Fact::MessageDeleted { .. })));
        let token = records[place].message;
        let receive = records.iter().find(|record| is_receive(&record.fact) && record.message == token);
        let again = receive.expect("it was received before it was deleted").clone();
        records.insert(place + 1, again);
    });
}

#[test]
fn a_loss_without_a_fact() {
    fires("stored is", |records| {
        let place = find(records, |fact| matches!(fact, Fact::Queue(sqs::Fact::MessageDeleted { .. })));
        records.remove(place);
    });
}

#[test]
fn records_of_a_shard_out_of_order() {
    fires("out of order on shard", |records| {
        let put = |record: &TraceRecord<Fact>| matches!(record.fact, Fact::Stream(kinesis::Fact::RecordPut { .. }));
        let tokens: Vec<u64> =
            records.iter().filter(|record| put(record)).filter_map(|record| record.message).collect();
        let done = |record: &&mut TraceRecord<Fact>| {
            matches!(record.fact, Fact::Worker(worker::Fact::MessageProcessed))
                && record.message.is_some_and(|token| tokens.contains(&token))
        };
        let mut done: Vec<&mut TraceRecord<Fact>> = records.iter_mut().filter(done).collect();
        // The second and third were both put before either was read.
        let (second, third) = (done[1].message, done[2].message);
        (done[1].message, done[2].message) = (third, second);
    });
}
