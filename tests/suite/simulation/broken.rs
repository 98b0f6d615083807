//! Each invariant fires when the model is broken on purpose: an honest run's facts, tampered with.

use std::collections::BTreeMap;

use decoupled::engine::TraceRecord;
use decoupled::services::clients::worker;
use decoupled::services::{Fact, Token, kinesis, sqs};
use decoupled::sim::Run;
use serde_json::json;

use super::watch::Watch;
use crate::support;

type Records = Vec<TraceRecord<Fact>>;
type Groups = BTreeMap<Token, String>;

/// A run in which everything happens that the watch knows: late workers, dead letters, delays, a stream, a group.
fn honest() -> (Run, Records, Groups) {
    let scene = json!({
        "nodes": [
            { "id": "shop", "type": "Decoupled::Producer", "properties": { "Rate": "2/s", "Count": 12, "PartitionKey": "{{key 2}}" } },
            { "id": "q", "type": "AWS::SQS::Queue", "properties": { "VisibilityTimeout": 2, "DelaySeconds": 1,
                "RedrivePolicy": { "deadLetterTargetArn": "dead", "maxReceiveCount": 2 } } },
            { "id": "dead", "type": "AWS::SQS::Queue" },
            { "id": "late", "type": "Decoupled::Worker", "properties": { "ProcessingTime": "3s", "FailureRate": 0.5 } },
            { "id": "caller", "type": "Decoupled::Producer", "properties": { "Rate": "9/s", "Count": 5, "MessageGroupId": "g" } },
            { "id": "line", "type": "AWS::SQS::Queue", "properties": { "FifoQueue": true, "ContentBasedDeduplication": true } },
            { "id": "patient", "type": "Decoupled::Worker", "properties": { "ProcessingTime": "1s" } },
            { "id": "clicks", "type": "AWS::Kinesis::Stream", "properties": { "ShardCount": 1 } },
            { "id": "reader", "type": "Decoupled::Worker", "properties": { "ProcessingTime": "100ms" } }],
        "links": [
            { "from": "shop", "to": "q" }, { "from": "q", "to": "late" },
            { "from": "caller", "to": "line" }, { "from": "line", "to": "patient" },
            { "from": "shop", "to": "clicks" }, { "from": "clicks", "to": "reader" }],
        "script": [{ "at": "20s", "node": "dead", "call": "ReceiveMessage", "input": { "WaitTimeSeconds": 1 } }],
    });
    let (mut run, mut records, mut groups) = (Run::new(&support::scene(scene)), Records::new(), Groups::new());
    let watch = Watch::new(&run);
    support::watch_by(1, &mut run, 30_000_000, |run, record| {
        groups.extend(watch.group_of(run, record));
        records.push(record.clone());
    });
    (run, records, groups)
}

/// What the watch says of these facts.
fn verdict(run: &Run, records: &Records, groups: &Groups) -> String {
    let mut watch = Watch::new(run);
    groups.iter().for_each(|(token, group)| watch.learn((*token, group.clone())));
    records.iter().for_each(|record| watch.see(run, record));
    watch.finish(run);
    watch.broken().join("\n")
}

/// The watch must find what `tamper` does, in these words.
fn fires(words: &str, tamper: impl FnOnce(&mut Records)) {
    let (run, mut records, groups) = honest();
    assert_eq!(verdict(&run, &records, &groups), "", "the honest run is found fault with");
    tamper(&mut records);
    let said = verdict(&run, &records, &groups);
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

/// The receives of the messages of the FIFO queue's group, in order.
fn receives_of_the_group(records: &Records) -> Vec<usize> {
    let (run, _, groups) = honest();
    assert_eq!(groups.len(), 5, "the group has {groups:?}");
    let line = run.actor_of("line");
    let received =
        records.iter().enumerate().filter(|(_, record)| is_receive(&record.fact) && Some(record.actor) == line);
    received.map(|(place, _)| place).collect()
}

/// The second message is received while the first is in flight.
#[test]
fn a_group_that_is_not_locked() {
    fires("received before m", |records| {
        let [first, second, ..] = receives_of_the_group(records)[..] else { panic!("the group has two messages") };
        let (record, message) = (records.remove(second), records[first].message);
        let is_end = |other: &TraceRecord<Fact>| matches!(other.fact, Fact::Queue(sqs::Fact::MessageDeleted { .. }));
        let end = records.iter().position(|other| is_end(other) && other.message == message);
        let end = end.expect("the first message is deleted in the end");
        records.insert(end, TraceRecord { at: records[end].at - 1, ..record });
    });
}

/// The third message is received before the second, which is visible.
#[test]
fn a_group_out_of_order() {
    fires("received before m", |records| {
        let [_, second, third, ..] = receives_of_the_group(records)[..] else { panic!("the group has three messages") };
        let message = records[third].message;
        records[third].message = std::mem::replace(&mut records[second].message, message);
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
