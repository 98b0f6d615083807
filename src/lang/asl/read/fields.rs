//! Which fields a state has, by its type and its query language (SFN-5…13).

use crate::lang::asl::machine::QueryLanguage;

const EVERY: [&str; 3] = ["Type", "Comment", "QueryLanguage"];

const PASS: &[&str] =
    &["Next", "End", "Assign", "InputPath", "Parameters", "Result", "ResultPath", "OutputPath", "Output"];
const TASK: &[&str] = &[
    "Next",
    "End",
    "Assign",
    "InputPath",
    "Parameters",
    "ResultSelector",
    "ResultPath",
    "OutputPath",
    "Arguments",
    "Output",
    "Retry",
    "Catch",
    "Resource",
    "Credentials",
    "TimeoutSeconds",
    "TimeoutSecondsPath",
    "HeartbeatSeconds",
    "HeartbeatSecondsPath",
];
const CHOICE: &[&str] = &["Choices", "Default", "Assign", "InputPath", "OutputPath", "Output"];
const WAIT: &[&str] = &[
    "Next",
    "End",
    "Assign",
    "InputPath",
    "OutputPath",
    "Output",
    "Seconds",
    "SecondsPath",
    "Timestamp",
    "TimestampPath",
];
const SUCCEED: &[&str] = &["InputPath", "OutputPath", "Output"];
const FAIL: &[&str] = &["Error", "ErrorPath", "Cause", "CausePath"];
const PARALLEL: &[&str] = &[
    "Next",
    "End",
    "Assign",
    "InputPath",
    "Parameters",
    "ResultSelector",
    "ResultPath",
    "OutputPath",
    "Arguments",
    "Output",
    "Retry",
    "Catch",
    "Branches",
];
const MAP: &[&str] = &[
    "Next",
    "End",
    "Assign",
    "InputPath",
    "Parameters",
    "ResultSelector",
    "ResultPath",
    "OutputPath",
    "Output",
    "Retry",
    "Catch",
    "ItemProcessor",
    "Iterator",
    "Items",
    "ItemsPath",
    "ItemSelector",
    "MaxConcurrency",
    "MaxConcurrencyPath",
    "ItemReader",
    "ItemBatcher",
    "ResultWriter",
    "Label",
    "ToleratedFailureCount",
    "ToleratedFailureCountPath",
    "ToleratedFailurePercentage",
    "ToleratedFailurePercentagePath",
];

pub(super) const TYPES: [(&str, &[&str]); 8] = [
    ("Task", TASK),
    ("Pass", PASS),
    ("Choice", CHOICE),
    ("Wait", WAIT),
    ("Succeed", SUCCEED),
    ("Fail", FAIL),
    ("Parallel", PARALLEL),
    ("Map", MAP),
];

/// What only a JSONPath state has; so is every field that ends in `Path`.
const JSONPATH: [&str; 3] = ["Parameters", "ResultSelector", "Result"];
const JSONATA: [&str; 3] = ["Arguments", "Output", "Items"];

/// Whether a state of the type has the field, in whatever language.
pub(super) fn is_known(fields: &[&str], field: &str) -> bool {
    EVERY.contains(&field) || fields.contains(&field)
}

/// The one language that has the field.
pub(super) fn language_of(field: &str) -> Option<QueryLanguage> {
    if JSONATA.contains(&field) {
        Some(QueryLanguage::Jsonata)
    } else if JSONPATH.contains(&field) || (field.ends_with("Path") && field != "Path") {
        Some(QueryLanguage::JsonPath)
    } else {
        None
    }
}

/// What does a field's work in the other language.
pub(super) fn counterpart(field: &str) -> &'static str {
    match field {
        "InputPath" | "Parameters" => "write Arguments, or Output in a Pass",
        "ResultSelector" | "ResultPath" | "OutputPath" | "Result" => "write Output",
        "ItemsPath" => "write Items",
        "Arguments" => "write Parameters",
        "Output" => "write ResultSelector, ResultPath and OutputPath",
        "Items" => "write ItemsPath",
        _ => "write the field without Path and a {% … %} expression",
    }
}

/// The known name that a mistyped one is nearest to.
pub(super) fn nearest<'a>(field: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    let typed = plain(field);
    if typed.len() < 3 {
        return None;
    }
    known.into_iter().find(|name| {
        let name = plain(name);
        let (first, last) = (typed.len().min(name.len()), typed.len().max(name.len()));
        last - first <= 2 && (name == typed || differs_by_one(&typed, &name))
    })
}

/// Whether one letter more, less or other makes one of the other.
fn differs_by_one(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let head = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let tail = one[head..].iter().rev().zip(other[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    one.len().max(other.len()) - head - tail <= 1
}
