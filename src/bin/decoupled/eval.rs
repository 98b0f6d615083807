//! `decoupled eval LANGUAGE FILE`: AWS's small languages without a scene.
//!
//! The file is a JSON list of cases; each is answered by one line: `{"result": …}`, `{"undefined": true}` where JSONata finds
//! nothing, or `{"error": {"Code", "Message"}}`.

use clap::ValueEnum;
use decoupled::lang::asl::chance::{Chance, Seeded};
use decoupled::lang::asl::path::Path;
use decoupled::lang::asl::scope::Scope;
use decoupled::lang::event_pattern::{Dialect, Pattern};
use decoupled::lang::instant::{instant_text, parse_instant};
use decoupled::lang::jsonata::{Document, Expression, Surroundings};
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
    /// `path`, `data`, and if wanted `context` and `variables`: what a path of Amazon States Language leads to.
    Jsonpath,
    /// `expr`, and if wanted `data` and `bindings`: what a JSONata expression of Step Functions gives.
    Jsonata,
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
    let cases: Value =
        serde_json::from_str(&with_whole_pairs(text)).map_err(|error| format!("This is not JSON: {error}."))?;
    let Value::Array(cases) = cases else {
        return Err("This is not a list: write the cases as a JSON list of objects.".to_owned());
    };
    Ok(cases.iter().map(|case| answer(language, case).to_string()).collect())
}

fn answer(language: Language, case: &Value) -> Value {
    let result = case.as_object().ok_or_else(|| Refused::case("a case is an object")).and_then(|case| match language {
        Language::EventPattern => event_pattern(case).map(Some),
        Language::Cron => cron(case).map(Some),
        Language::Jsonpath => jsonpath(case).map(Some),
        Language::Jsonata => jsonata(case),
    });
    match result {
        Ok(Some(result)) => json!({ "result": result }),
        Ok(None) => json!({ "undefined": true }),
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

/// Half of a surrogate pair may stand in JSON's escapes, but in no text here: the character takes its place that JSONata
/// knows as such a half.
fn with_whole_pairs(text: &str) -> String {
    let unit = |at: usize| -> Option<u32> {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u32::from_str_radix(digits, 16).ok()
    };
    let (mut whole, mut place) = (String::with_capacity(text.len()), 0);
    while let Some(found) = text[place..].find('\\').map(|found| place + found) {
        whole.push_str(&text[place..found]);
        let pair = (unit(found), unit(found + 6));
        let length = match pair {
            (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => 12,
            (Some(half @ 0xd800..0xe000), _) => {
                whole.extend(char::from_u32(0x10_0000 + half));
                place = found + 6;
                continue;
            }
            // What is escaped is no escape itself.
            _ => 1 + text[found + 1..].chars().next().map_or(0, char::len_utf8),
        };
        whole.push_str(&text[found..found + length]);
        place = found + length;
    }
    whole.push_str(&text[place..]);
    whole
}

fn jsonpath(case: &Map<String, Value>) -> Result<Value, Refused> {
    let Some(Value::String(text)) = case.get("path") else {
        return Err(Refused::case("path is missing, or is no text"));
    };
    let refuse = |message: String| Refused { code: "States.Runtime", message };
    let path = Path::parse(text).map_err(|error| refuse(format!("Invalid path '{text}' : {}", error.message)))?;
    let given = |name: &str| case.get(name).unwrap_or(&Value::Null);
    let variables = given("variables").as_object().cloned().unwrap_or_default();
    let scope = Scope { input: given("data"), context: given("context"), variables: &variables };
    let found = path.find_in(&scope);
    found
        .map(|value| value.into_owned())
        .map_err(|missing| refuse(format!("Invalid path '{text}' : {}", missing.message)))
}

/// The clock stands where virtual time begins, and chance has a seed.
struct Fixed(Seeded);

impl Surroundings for Fixed {
    fn now(&mut self) -> u64 {
        0
    }

    fn random(&mut self) -> f64 {
        self.0.random_unit()
    }

    fn uuid(&mut self) -> String {
        self.0.uuid()
    }
}

fn jsonata(case: &Map<String, Value>) -> Result<Option<Value>, Refused> {
    let Some(Value::String(text)) = case.get("expr") else {
        return Err(Refused::case("expr is missing, or is no text"));
    };
    let expression = Expression::parse(text).map_err(|error| Refused { code: error.code, message: error.message })?;
    // An input that is left out is undefined, which a variable is too that nobody bound.
    let data = case.get("data").map_or_else(Document::undefined, Document::new);
    let bindings = match case.get("bindings") {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(bindings)) => bindings.clone(),
        Some(other) => return Err(Refused::case(format!("bindings must be an object, not {other}"))),
    };
    let bindings: Vec<_> = bindings.iter().map(|(name, value)| (&**name, Document::new(value))).collect();
    let result = expression.evaluate(&data, &bindings, &mut Fixed(Seeded(0)));
    result.map_err(|error| Refused { code: error.code, message: error.message })
}
