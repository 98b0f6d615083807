//! `decoupled eval LANGUAGE FILE`: AWS's small languages without a scene.
//!
//! The file is a JSON list of cases; each is answered by one line: `{"result": …}`, or `{"error": {"Code", "Message"}}`.

use clap::ValueEnum;
use decoupled::lang::event_pattern::{Dialect, Pattern};
use decoupled::lang::instant::{instant_text, parse_instant};
use decoupled::lang::schedule::{Schedule, Zone};
use serde_json::{Map, Value, json};

/// Times of a schedule that one case may ask for.
const TIMES_MAX: u64 = 10_000;

#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum Language {
    /// `pattern`, `event`: whether the event passes the pattern of a rule.
    EventPattern,
    /// `expression`, and if wanted `zone`, `after`, `count`: when a cron, rate or at expression falls due.
    Cron,
}

/// What is wrong with a case, by AWS's name for it.
struct Refused {
    code: &'static str,
    message: String,
}

impl Refused {
    fn case(message: impl Into<String>) -> Self {
        Self { code: "InvalidCase", message: message.into() }
    }
}

/// A line for each case of the file.
///
/// # Errors
/// The text is no JSON list.
pub fn eval(language: Language, text: &str) -> Result<Vec<String>, String> {
    let cases: Value = serde_json::from_str(text).map_err(|error| format!("This is not JSON: {error}."))?;
    let Value::Array(cases) = cases else {
        return Err("This is not a list: write the cases as a JSON list of objects.".to_owned());
    };
    Ok(cases.iter().map(|case| answer(language, case).to_string()).collect())
}

fn answer(language: Language, case: &Value) -> Value {
    let result = case.as_object().ok_or_else(|| Refused::case("a case is an object")).and_then(|case| match language {
        Language::EventPattern => event_pattern(case),
        Language::Cron => cron(case),
    });
    match result {
        Ok(result) => json!({ "result": result }),
        Err(Refused { code, message }) => json!({ "error": { "Code": code, "Message": message } }),
    }
}

/// Patterns and events are JSON, or texts that hold it, as AWS's own calls take them.
fn event_pattern(case: &Map<String, Value>) -> Result<Value, Refused> {
    let given = |name: &str| case.get(name).ok_or_else(|| Refused::case(format!("{name} is missing")));
    let pattern = match given("pattern")? {
        Value::String(text) => Pattern::parse(text, Dialect::EventBridge),
        value => Pattern::from_value(value, Dialect::EventBridge),
    };
    let pattern = pattern.map_err(|error| Refused { code: error.code, message: error.message })?;
    let invalid = || Refused { code: "ValidationException", message: "Parameter Event is not valid.".to_owned() };
    let event = match given("event")? {
        Value::String(text) => serde_json::from_str(text).map_err(|_| invalid())?,
        value => value.clone(),
    };
    if event.is_object() { Ok(pattern.matches(&event).into()) } else { Err(invalid()) }
}

/// The next times after `after` (the beginning of 2026, where virtual time begins), `count` of them, in UTC.
fn cron(case: &Map<String, Value>) -> Result<Value, Refused> {
    let refuse = |message: String| Refused { code: "ValidationException", message };
    let text = |name: &str| match case.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(&**text)),
        Some(other) => Err(Refused::case(format!("{name} must be a text, not {other}"))),
    };
    let expression = text("expression")?.ok_or_else(|| Refused::case("expression is missing"))?;
    // A cron expression may stand without its brackets.
    let wrapped = if expression.contains('(') { expression.to_owned() } else { format!("cron({expression})") };
    let schedule = Schedule::parse(&wrapped).map_err(refuse)?;
    let name = text("zone")?.unwrap_or("UTC");
    let zone = Zone::from_name(name).ok_or_else(|| refuse(format!("{name} is no zone of the IANA database.")))?;
    let start = match text("after")? {
        None => 0,
        Some(after) => parse_instant(after)
            .ok_or_else(|| Refused::case(format!("after: {after} is no time; write 2026-01-01T00:00:00Z")))?,
    };
    let count = match case.get("count") {
        None => 1,
        Some(count) => count.as_u64().filter(|count| *count <= TIMES_MAX).ok_or_else(|| {
            Refused::case(format!("count: {count} is out of range; allowed is a whole number up to {TIMES_MAX}"))
        })?,
    };
    let mut times = Vec::new();
    let mut from = if case.contains_key("after") { start + 1 } else { start };
    for _ in 0..count {
        let Some(next) = schedule.next(from, start, &zone) else { break };
        times.push(Value::from(instant_text(next)));
        if schedule.is_once() {
            break;
        }
        from = next + 1;
    }
    Ok(times.into())
}
