//! Event patterns, against the same question written by hand.

use decoupled::lang::event_pattern::{Dialect, Pattern};
use serde_json::{Value, json};

use crate::compare;

const EVENTS: u64 = 200_000;

pub fn run() {
    let events = [event("EC2 Instance State-change Notification", "stopped"), event("AWS API Call", "running")];
    let exact = json!({ "source": ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"],
        "detail": { "state": ["stopped", "terminated"] } });
    let pattern = Pattern::from_value(&exact, Dialect::EventBridge).expect("the pattern is valid");
    let ours = || count(&events, |event| pattern.matches(event));
    compare("patterns: three exact fields", EVENTS, ours, || count(&events, exact_by_hand));
    let ranges = json!({ "source": [{ "prefix": "aws." }], "detail": { "cpu": [{ "numeric": [">", 10, "<=", 90] }],
        "state": [{ "anything-but": ["pending"] }] } });
    let pattern = Pattern::from_value(&ranges, Dialect::EventBridge).expect("the pattern is valid");
    let ours = || count(&events, |event| pattern.matches(event));
    compare("patterns: prefix, numeric, anything-but", EVENTS, ours, || count(&events, ranges_by_hand));
}

fn event(kind: &str, state: &str) -> Value {
    json!({ "version": "0", "id": "7bf73129-1428-4cd3-a780-95db273d1602", "detail-type": kind, "source": "aws.ec2",
        "account": "123456789012", "time": "2015-11-11T21:29:54Z", "region": "us-east-1",
        "resources": ["arn:aws:ec2:us-east-1:123456789012:instance/i-abcd1111"],
        "detail": { "instance-id": "i-abcd1111", "state": state, "cpu": 42 } })
}

fn count(events: &[Value], matches: impl Fn(&Value) -> bool) -> usize {
    events.iter().cycle().take(EVENTS as usize).filter(|event| matches(event)).count()
}

fn exact_by_hand(event: &Value) -> bool {
    event["source"] == "aws.ec2"
        && event["detail-type"] == "EC2 Instance State-change Notification"
        && (event["detail"]["state"] == "stopped" || event["detail"]["state"] == "terminated")
}

fn ranges_by_hand(event: &Value) -> bool {
    event["source"].as_str().is_some_and(|source| source.starts_with("aws."))
        && event["detail"]["cpu"].as_f64().is_some_and(|cpu| cpu > 10.0 && cpu <= 90.0)
        && event["detail"]["state"].as_str().is_some_and(|state| state != "pending")
}
