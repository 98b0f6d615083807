//! Event patterns, against the same question written by hand.

use decoupled::lang::event_pattern::{Dialect, Pattern, RuleSet};
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
    let (many, few) = (rules(100_000), rules(10));
    let events: Vec<Value> = (0..10).map(|number| event("API Call", &format!("state-{number}"))).collect();
    let texts: Vec<String> = events.iter().map(Value::to_string).collect();
    let found = |rules: &RuleSet| {
        texts.iter().cycle().take(EVENTS as usize).map(|event| rules.matching(event).len()).sum::<usize>()
    };
    compare("patterns: 100,000 rules, beside 10", EVENTS, || found(&many), || found(&few));
    hostile(&events);
}

/// Rules that share a source and differ in the state they want.
fn rules(count: usize) -> RuleSet {
    let rule = |number: usize| {
        let pattern = json!({ "source": ["aws.ec2"], "detail": { "state": [format!("state-{number}")] } });
        Pattern::from_value(&pattern, Dialect::EventBridge).expect("the pattern is valid")
    };
    RuleSet::new(&(0..count).map(rule).collect::<Vec<_>>())
}

/// What is made to be slow, beside the same kind without malice: nothing may be slower than a twentieth.
fn hostile(plain: &[Value]) {
    const TIMES: u64 = 20_000;
    let state = |test: Value| {
        let pattern = json!({ "detail": { "state": [test] } });
        Pattern::from_value(&pattern, Dialect::EventBridge).expect("the pattern is valid")
    };
    let times = |pattern: &Pattern, events: &[Value]| {
        events.iter().cycle().take(TIMES as usize).filter(|event| pattern.matches(event)).count()
    };
    let nasty = [event("API Call", &"ab".repeat(30))];
    let (slow, kind) = (state(json!({ "wildcard": "*a*b*a*b*c" })), state(json!({ "wildcard": "state-*" })));
    compare("patterns: five stars that never fit", TIMES, || times(&slow, &nasty), || times(&kind, plain));
    let all: Vec<String> = (0..80).map(|number| format!("value-{number}")).collect();
    let (slow, kind) = (state(json!({ "anything-but": all })), state(json!({ "anything-but": ["x"] })));
    compare("patterns: anything-but of eighty", TIMES, || times(&slow, plain), || times(&kind, plain));
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
