//! Calls that change the scene of a running run: the same in any chunks, kept when its author edits on, and given
//! up where the author changes the same thing.

use decoupled::engine::Micros;
use decoupled::scene::{Edit, Scene};
use decoupled::sim::{Run, report};
use serde_json::{Value, json};

use crate::support;

const END: Micros = 20_000_000;

fn news() -> Value {
    json!({ "network": "teaching", "nodes": [
            { "id": "press", "type": "Decoupled::Producer", "properties": { "Rate": "2/s" } },
            { "id": "news", "type": "AWS::SNS::Topic" }, { "id": "inbox", "type": "AWS::SQS::Queue" },
            { "id": "hook", "type": "Decoupled::Endpoint", "properties": { "FailureRate": 0.3 } }],
        "links": [{ "id": "l", "from": "press", "to": "news" }],
        "script": [
            { "at": "3s", "node": "news", "call": "Subscribe", "input": { "Protocol": "sqs", "Endpoint": "inbox" } },
            { "at": "4s", "node": "news", "call": "Subscribe", "input": { "Protocol": "https", "Endpoint": "hook" } },
            { "at": "9s", "node": "news", "call": "SetSubscriptionAttributes", "input": { "SubscriptionArn": "inbox",
                "AttributeName": "RawMessageDelivery", "AttributeValue": "true" } },
            { "at": "12s", "node": "news", "call": "Unsubscribe", "input": { "SubscriptionArn": "hook" } }] })
}

fn delivered(run: &Run) -> u64 {
    report(run, &[])["nodes"]["inbox"]["NumberOfMessagesSent"].as_u64().unwrap_or_default()
}

#[test]
fn a_run_that_rewires_itself_is_the_same_in_any_chunks() {
    let straight = support::played(news(), END);
    assert!(straight.trace().total() > 100, "{} facts", straight.trace().total());
    let mut chunked = Run::new(&support::scene(news()));
    while !chunked.advance(END, 7) {}
    let mut forked = support::played(news(), 8_000_000).clone();
    forked.advance_to(END);
    assert_eq!(chunked.digest(), straight.digest());
    assert_eq!(forked.digest(), straight.digest());
}

#[test]
fn what_was_subscribed_stays_when_the_author_edits_something_else() {
    let mut run = support::played(news(), 8_000_000);
    let (before, mut scene) = (delivered(&run), support::scene(news()));
    assert!(before > 0);
    scene.apply(Edit::SetProperty { id: "press".to_owned(), name: "Rate".to_owned(), value: Some(json!("4/s")) });
    run.reconcile(&scene);
    run.advance_to(END);
    assert!(delivered(&run) > before + 30, "{} after {before}", delivered(&run));
    assert!(run.scene_now().links.iter().any(|link| link.to == "inbox"));
}

/// By another protocol it is another subscription: both stay.
#[test]
fn a_second_subscription_of_the_same_endpoint_stays_too() {
    let text = json!({ "nodes": [{ "id": "news", "type": "AWS::SNS::Topic" },
            { "id": "hook", "type": "Decoupled::Endpoint" }],
        "links": [{ "id": "l", "from": "news", "to": "hook", "properties": { "Protocol": "http" } }],
        "script": [{ "at": "1s", "node": "news", "call": "Subscribe",
                "input": { "Protocol": "https", "Endpoint": "hook" } },
            { "at": "5s", "node": "news", "call": "Publish", "input": { "Message": "x" } }] });
    let (mut run, mut scene) = (support::played(text.clone(), 2_000_000), support::scene(text));
    scene.apply(Edit::SetProperty { id: "hook".to_owned(), name: "StatusCode".to_owned(), value: Some(json!(201)) });
    run.reconcile(&scene);
    run.advance_to(END);
    assert_eq!(run.scene_now().links.len(), 2);
    assert_eq!(report(&run, &[])["nodes"]["news"]["NumberOfNotificationsDelivered"], 2);
}

#[test]
fn the_author_has_the_last_word() {
    let scene = |visible: u64| -> Scene {
        support::scene(json!({ "nodes": [
                { "id": "q", "type": "AWS::SQS::Queue", "properties": { "VisibilityTimeout": visible } }],
            "script": [{ "at": "1s", "node": "q", "set": { "VisibilityTimeout": 7 } }] }))
    };
    let timeout = |run: &Run| run.scene_now().node("q").map(|node| node.properties["VisibilityTimeout"].clone());
    let mut run = Run::new(&scene(30));
    run.advance_to(2_000_000);
    assert_eq!(timeout(&run), Some(json!(7)));
    run.reconcile(&scene(30));
    assert_eq!(timeout(&run), Some(json!(7)), "an edit elsewhere changes nothing here");
    run.reconcile(&scene(12));
    assert_eq!(timeout(&run), Some(json!(12)));
}

/// SNS-E2, by hand: who is drawn in later gets what is published later.
#[test]
fn a_subscription_drawn_while_the_run_goes_on_gets_what_follows() {
    let text = |links: Value| {
        json!({ "nodes": [{ "id": "news", "type": "AWS::SNS::Topic" }, { "id": "inbox", "type": "AWS::SQS::Queue" }],
            "links": links,
            "script": [{ "at": "0s", "node": "news", "call": "Publish", "input": { "Message": "early" } },
                { "at": "2s", "node": "news", "call": "Publish", "input": { "Message": "late" } }] })
    };
    let mut run = support::played(text(json!([])), 1_000_000);
    run.reconcile(&support::scene(text(json!([{ "id": "l", "from": "news", "to": "inbox" }]))));
    run.advance_to(END);
    assert_eq!(delivered(&run), 1);
}
