//! Each invariant fires when the model is broken on purpose: an honest run's facts, tampered with.

use std::collections::BTreeMap;

use decoupled::engine::TraceRecord;
use decoupled::services::clients::{kcl, worker};
use decoupled::services::{Fact, Token, dynamodb, kinesis, sqs};
use decoupled::sim::Run;
use serde_json::json;

use super::watch::Watch;
use crate::support;

/// Facts, each with the step that it is of.
type Records = Vec<(u64, TraceRecord<Fact>)>;
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
            { "id": "reader", "type": "Decoupled::Worker", "properties": { "ProcessingTime": "100ms" } },
            { "id": "kcl", "type": "Decoupled::KclApplication", "properties": { "Workers": 1, "KclVersion": "2",
                "InitialPositionInStream": "TRIM_HORIZON" } },
            { "id": "leases", "type": "AWS::DynamoDB::Table",
                "properties": { "StreamSpecification": { "StreamViewType": "KEYS_ONLY" } } }],
        "links": [
            { "from": "shop", "to": "q" }, { "from": "q", "to": "late" },
            { "from": "caller", "to": "line" }, { "from": "line", "to": "patient" },
            { "from": "shop", "to": "clicks" }, { "from": "clicks", "to": "reader" },
            { "from": "clicks", "to": "kcl" }, { "from": "kcl", "to": "leases" }],
        "script": [{ "at": "20s", "node": "dead", "call": "ReceiveMessage", "input": { "WaitTimeSeconds": 1 } }],
    });
    let (mut run, mut records, mut groups) = (Run::new(&support::scene(scene)), Records::new(), Groups::new());
    let watch = Watch::new(&run);
    support::watch_by(1, &mut run, 30_000_000, |run, record| {
        groups.extend(watch.group_of(run, record));
        records.push((run.handled(), record.clone()));
    });
    (run, records, groups)
}

/// What the watch says of these facts.
fn verdict(run: &Run, records: &Records, groups: &Groups) -> String {
    let mut watch = Watch::new(run);
    groups.iter().for_each(|(token, group)| watch.learn((*token, group.clone())));
    records.iter().for_each(|(step, record)| watch.see(run, record, *step));
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
    records.iter().position(|(_, record)| wanted(&record.fact)).expect("the honest run has such a fact")
}

fn is_receive(fact: &Fact) -> bool {
    matches!(fact, Fact::Queue(sqs::Fact::MessageReceived { .. }))
}

#[test]
fn a_delivery_inside_a_visibility_window() {
    fires("inside a visibility window", |records| {
        let place = find(records, is_receive);
        let (step, again) = records[place].clone();
        records.insert(place + 1, (step, TraceRecord { at: again.at + 1, ..again }));
    });
}

#[test]
fn a_receive_count_that_falls() {
    fires("receive count 1 after Some(1)", |records| {
        let second = |fact: &Fact| matches!(fact, Fact::Queue(sqs::Fact::MessageReceived { count: 2, .. }));
        let place = find(records, second);
        let Fact::Queue(sqs::Fact::MessageReceived { count, .. }) = &mut records[place].1.fact else { unreachable!() };
        *count = 1;
    });
}

#[test]
fn a_message_dead_lettered_too_early() {
    fires("dead-lettered after 1 receives", |records| {
        let place = find(records, |fact| matches!(fact, Fact::Queue(sqs::Fact::MessageDeadLettered { .. })));
        records[place].1.fact = Fact::Queue(sqs::Fact::MessageDeadLettered { count: 1 });
    });
}

#[test]
fn a_message_that_comes_back_late() {
    fires("visible at another time", |records| {
        let place = find(records, |fact| matches!(fact, Fact::Queue(sqs::Fact::VisibilityTimeoutExpired { .. })));
        records[place].1.at += 1;
    });
}

#[test]
fn a_delay_that_ends_early() {
    fires("visible at another time", |records| {
        let place = find(records, |fact| matches!(fact, Fact::Queue(sqs::Fact::MessageDelayExpired)));
        records[place].1.at -= 1;
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
            records[find(records, |fact| matches!(fact, Fact::Queue(sqs::Fact::MessageArrivedFromSource)))].1.actor;
        records[place].1.actor = elsewhere;
    });
}

#[test]
fn a_deleted_message_delivered_again() {
    fires("of what is not there", |records| {
        let place = find(records, |fact| matches!(fact, Fact::Queue(sqs::Fact::MessageDeleted { .. })));
        let token = records[place].1.message;
        let receive = records.iter().find(|(_, record)| is_receive(&record.fact) && record.message == token);
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
        records.iter().enumerate().filter(|(_, (_, record))| is_receive(&record.fact) && Some(record.actor) == line);
    received.map(|(place, _)| place).collect()
}

/// The second message is received while the first is in flight.
#[test]
fn a_group_that_is_not_locked() {
    fires("received before m", |records| {
        let [first, second, ..] = receives_of_the_group(records)[..] else { panic!("the group has two messages") };
        let ((step, record), message) = (records.remove(second), records[first].1.message);
        let is_end = |other: &TraceRecord<Fact>| matches!(other.fact, Fact::Queue(sqs::Fact::MessageDeleted { .. }));
        let end = records.iter().position(|(_, other)| is_end(other) && other.message == message);
        let end = end.expect("the first message is deleted in the end");
        records.insert(end, (step, TraceRecord { at: records[end].1.at - 1, ..record }));
    });
}

/// Two receives at one instant, with the same timeout, share a group's messages.
#[test]
fn a_group_shared_by_two_receives_at_one_instant() {
    fires("received before m", |records| share(records, 1));
}

/// One receive may return many messages of a group.
#[test]
fn a_group_taken_by_one_receive() {
    let (run, mut records, groups) = honest();
    share(&mut records, 0);
    assert_eq!(verdict(&run, &records, &groups), "");
}

/// The last message of the group is received where the one before it is, so many steps later.
fn share(records: &mut Records, later: u64) {
    let [.., before, last] = receives_of_the_group(records)[..] else { panic!("the group has two messages") };
    let ((_, record), (step, first)) = (records.remove(last), records[before].clone());
    records.insert(before + 1, (step + later, TraceRecord { at: first.at, fact: first.fact, ..record }));
}

/// The third message is received before the second, which is visible.
#[test]
fn a_group_out_of_order() {
    fires("received before m", |records| {
        let [_, second, third, ..] = receives_of_the_group(records)[..] else { panic!("the group has three messages") };
        let message = records[third].1.message;
        records[third].1.message = std::mem::replace(&mut records[second].1.message, message);
    });
}

#[test]
fn records_of_a_shard_out_of_order() {
    fires("out of order on shard", |records| {
        let put = |record: &TraceRecord<Fact>| matches!(record.fact, Fact::Stream(kinesis::Fact::RecordPut { .. }));
        let tokens: Vec<u64> =
            records.iter().filter(|(_, record)| put(record)).filter_map(|(_, record)| record.message).collect();
        let done = |record: &&mut TraceRecord<Fact>| {
            matches!(record.fact, Fact::Worker(worker::Fact::MessageProcessed))
                && record.message.is_some_and(|token| tokens.contains(&token))
        };
        let mut done: Vec<&mut TraceRecord<Fact>> = records.iter_mut().map(|(_, record)| record).filter(done).collect();
        // The second and third were both put before either was read.
        let (second, third) = (done[1].message, done[2].message);
        (done[1].message, done[2].message) = (third, second);
    });
}

#[test]
fn an_application_that_invents_a_record() {
    fires("processed what was never put", |records| {
        let place = find(records, |fact| matches!(fact, Fact::Stream(kinesis::Fact::RecordPut { .. })));
        records.remove(place);
    });
}

#[test]
fn a_record_that_is_new_twice() {
    fires("for the first time twice", |records| {
        let place = find(records, |fact| matches!(fact, Fact::KclApplication(kcl::Fact::RecordProcessed)));
        let again = records[place].clone();
        records.insert(place + 1, again);
    });
}

#[test]
fn a_change_that_is_recorded_wrongly() {
    fires("REMOVE of", |records| {
        let is_change = |fact: &Fact| matches!(fact, Fact::Table(dynamodb::Fact::ChangeRecorded { .. }));
        let place = find(records, is_change);
        let Fact::Table(dynamodb::Fact::ChangeRecorded { event, .. }) = &mut records[place].1.fact else {
            unreachable!()
        };
        *event = "REMOVE";
    });
}

#[test]
fn an_item_without_a_fact() {
    fires("ItemCount is", |records| {
        records.retain(|(_, record)| !matches!(record.fact, Fact::Table(_)));
    });
}
