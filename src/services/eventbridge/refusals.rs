//! What AWS refuses of buses, rules and schedules though every value is in its range.

use serde_json::{Map, Value};

use crate::lang::instant::parse_instant;
use crate::lang::schedule::Schedule;
use crate::services::Settings;

/// Rules of one bus, and those of them with wildcards (EB-1).
const RULES_MAX: usize = 300;
const WILDCARD_RULES_MAX: usize = 30;

/// Of a bus and the rules that are connected to it: property and sentence.
#[must_use]
#[inline(never)] // second part
pub fn bus_problems(bus: &Settings, rules: &[&Map<String, Value>]) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    if rules.len() > RULES_MAX {
        found.push(("", format!("has {} rules (LimitExceededException); allowed are {RULES_MAX}", rules.len())));
    }
    let wild = rules.iter().filter(|rule| rule.get("EventPattern").is_some_and(has_wildcard)).count();
    if wild > WILDCARD_RULES_MAX {
        let text =
            format!("has {wild} rules with wildcards (LimitExceededException); allowed are {WILDCARD_RULES_MAX}");
        found.push(("", text));
    }
    let source = bus.text("EventSourceName").filter(|source| !source.is_empty());
    if let Some(source) = source {
        if !source.starts_with("aws.partner/") {
            found.push(("EventSourceName", format!("\"{source}\" must begin with aws.partner/")));
        }
        if bus.text("Name").as_deref() != Some(&*source) {
            found.push(("Name", format!("a partner's bus is called as its event source: {source}")));
        }
    }
    found
}

fn has_wildcard(pattern: &Value) -> bool {
    match pattern {
        Value::Array(items) => items.iter().any(has_wildcard),
        Value::Object(fields) => fields.iter().any(|(name, value)| name == "wildcard" || has_wildcard(value)),
        _ => false,
    }
}

/// Of a rule on a bus, or on none.
#[must_use]
#[inline(never)] // second part
pub fn rule_problems(rule: &Settings, bus: Option<&Settings>) -> Vec<(&'static str, String)> {
    let Some(text) = rule.text("ScheduleExpression") else { return Vec::new() };
    match Schedule::parse(&text) {
        Err(why) => vec![("ScheduleExpression", why)],
        Ok(Schedule::At(_)) => {
            vec![("ScheduleExpression", "a rule has rate() or cron(); at() is for a Schedule".to_owned())]
        }
        Ok(_) if bus.is_some_and(|bus| bus.text("Name").as_deref() != Some("default")) => {
            let text = "a rule with a schedule belongs to the default bus alone".to_owned();
            vec![("ScheduleExpression", text)]
        }
        Ok(_) => Vec::new(),
    }
}

/// Of a schedule with so many targets.
#[must_use]
#[inline(never)] // second part
pub fn schedule_problems(schedule: &Settings, targets: usize) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let text = schedule.text("ScheduleExpression").unwrap_or_default();
    found.extend(Schedule::parse(&text).err().map(|why| ("ScheduleExpression", why)));
    for name in ["StartDate", "EndDate"] {
        if schedule.text(name).is_some_and(|text| parse_instant(&text).is_none()) {
            found.push((name, "must be a time such as 2026-01-01T00:01:00Z".to_owned()));
        }
    }
    let window = schedule.get("FlexibleTimeWindow").unwrap_or_default();
    if window["Mode"] == "FLEXIBLE" && window.get("MaximumWindowInMinutes").is_none() {
        found.push(("FlexibleTimeWindow", "FLEXIBLE needs MaximumWindowInMinutes".to_owned()));
    }
    if targets > 1 {
        found.push(("", format!("has {targets} targets; a schedule has one")));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::Kind;
    use serde_json::json;

    fn settings(kind: Kind, properties: Value) -> Settings {
        let Value::Object(properties) = properties else { unreachable!("properties are an object") };
        kind.settings(properties)
    }

    #[test]
    fn a_bus_has_three_hundred_rules_and_thirty_wildcards() {
        let (bus, plain) = (settings(Kind::EventBus, json!({})), json!({ "EventPattern": { "source": ["a"] } }));
        let wild = json!({ "EventPattern": { "source": [{ "wildcard": "a*" }] } });
        let rules = |rule: &Value, count: usize| vec![rule.as_object().expect("properties").clone(); count];
        let count =
            |rule: &Value, count: usize| bus_problems(&bus, &rules(rule, count).iter().collect::<Vec<_>>()).len();
        assert_eq!([count(&plain, 300), count(&plain, 301), count(&wild, 30), count(&wild, 31)], [0, 1, 0, 1]);
    }

    #[test]
    fn a_partners_bus_is_called_as_its_source() {
        let of = |properties: Value| bus_problems(&settings(Kind::EventBus, properties), &[]).len();
        assert_eq!(of(json!({ "EventSourceName": "aws.partner/x/y", "Name": "aws.partner/x/y" })), 0);
        assert_eq!(of(json!({ "EventSourceName": "aws.partner/x/y" })), 1);
        assert_eq!(of(json!({ "EventSourceName": "x", "Name": "x" })), 1);
    }

    #[test]
    fn schedules_of_rules_are_for_the_default_bus() {
        let rule = |text: &str| settings(Kind::Rule, json!({ "ScheduleExpression": text }));
        let custom = settings(Kind::EventBus, json!({ "Name": "shop" }));
        assert_eq!(rule_problems(&rule("rate(1 minute)"), None), []);
        assert_eq!(rule_problems(&rule("rate(1 minute)"), Some(&custom)).len(), 1);
        assert_eq!(rule_problems(&rule("at(2026-01-01T00:00:00)"), None).len(), 1);
        assert_eq!(rule_problems(&rule("often"), None).len(), 1);
        let window = json!({ "FlexibleTimeWindow": { "Mode": "FLEXIBLE" }, "EndDate": "soon" });
        assert_eq!(schedule_problems(&settings(Kind::Schedule, window), 2).len(), 3);
    }
}
