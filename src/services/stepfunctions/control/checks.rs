//! What AWS checks of a request's values before it looks at what they mean.

use serde_json::Value;

use super::Answer;
use crate::services::ApiError;

pub(super) const NAME_CHARS_MAX: usize = 80;

pub(super) fn constraint(value: &str, name: &str, rule: &str) -> ApiError {
    ApiError::client(
        "ValidationException",
        format!("1 validation error detected: Value {value} at '{name}' failed to satisfy constraint: {rule}"),
    )
}

/// What an SDK refuses before it asks AWS.
pub(super) fn parameter(text: impl std::fmt::Display) -> ApiError {
    ApiError::client("ParamValidationError", format!("Parameter validation failed:\n{text}"))
}

/// A text, which a scene may also write as a value.
pub(super) fn text(input: &Value, name: &str) -> Option<String> {
    match input.get(name)? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        value => Some(value.to_string()),
    }
}

pub(super) fn required_text(input: &Value, name: &str) -> Result<String, ApiError> {
    text(input, name).ok_or_else(|| constraint("null", name, "Member must not be null"))
}

pub(super) fn word<'a>(input: &'a Value, name: &str, words: &[&str]) -> Result<Option<&'a str>, ApiError> {
    match input.get(name).and_then(Value::as_str) {
        Some(word) if !words.contains(&word) => {
            let rule = format!("Member must satisfy enum value set: [{}]", words.join(", "));
            Err(constraint(&format!("'{word}'"), name, &rule))
        }
        word => Ok(word),
    }
}

pub(super) fn is_express(input: &Value) -> Result<bool, ApiError> {
    Ok(word(input, "type", &["STANDARD", "EXPRESS"])? == Some("EXPRESS"))
}

pub(super) fn whole(input: &Value, name: &str, least: i64, most: i64) -> Result<Option<usize>, ApiError> {
    let Some(given) = input.get(name).filter(|given| !given.is_null()) else { return Ok(None) };
    match given.as_i64() {
        Some(number) if number > most => {
            let rule = format!("Member must have value less than or equal to {most}");
            Err(constraint(&format!("'{given}'"), name, &rule))
        }
        Some(number) if number < least => {
            Err(parameter(format!("Invalid value for parameter {name}, value: {given}, valid min value: {least}")))
        }
        Some(number) => Ok(usize::try_from(number).ok()),
        None => Err(parameter(format!("Invalid type for parameter {name}, value: {given}, valid types: int"))),
    }
}

/// The name of a machine or an activity.
pub(super) fn name(input: &Value) -> Result<String, ApiError> {
    let name = required_text(input, "name")?;
    let is_wrong = |char: char| {
        char.is_control() || char.is_whitespace() || "<>{}[]?*\"#%\\^|~`$&,;:/".contains(char) || !char.is_ascii()
    };
    let length = name.chars().count();
    if length == 0 {
        return Err(parameter("Invalid length for parameter name, value: 0, valid min length: 1"));
    }
    if length > NAME_CHARS_MAX {
        let rule = format!("Member must have length less than or equal to {NAME_CHARS_MAX}");
        return Err(constraint(&format!("'{name}'"), "name", &rule));
    }
    if name.contains(is_wrong) {
        return Err(ApiError::client("InvalidName", format!("Invalid Name: '{name}'")));
    }
    Ok(name)
}

/// What stands behind `arn:aws:states:region:account:kind:`.
pub(super) fn parts_of<'a>(arn: &'a str, kind: &str) -> Result<Vec<&'a str>, ApiError> {
    let invalid = |why: String| ApiError::client("InvalidArn", format!("Invalid Arn: '{why}'"));
    if !arn.starts_with("arn:") {
        return Err(invalid(format!("Invalid ARN prefix: {arn}")));
    }
    let parts: Vec<&str> = arn.split(':').collect();
    if parts.len() < 7 || parts[2] != "states" || parts[6].is_empty() {
        return Err(invalid(format!("ARN is not valid: {arn}")));
    }
    if parts[5] != kind {
        return Err(invalid(format!("Resource type not valid in this context: {}", parts[5])));
    }
    Ok(parts[6..].to_vec())
}

/// One page of a list, in an answer's field.
pub(super) fn page(input: &Value, field: &str, all: Vec<Value>) -> Answer {
    let most = match whole(input, "maxResults", 0, 1_000)? {
        None | Some(0) => 100,
        Some(most) => most,
    };
    let from = match input.get("nextToken").and_then(Value::as_str) {
        None => 0,
        Some("") => return Err(parameter("Invalid length for parameter nextToken, value: 0, valid min length: 1")),
        Some(token) if token.len() > 1_024 => {
            let rule = "Member must have length less than or equal to 1024";
            return Err(constraint(&format!("'{token}'"), "nextToken", rule));
        }
        Some(token) => {
            token.parse::<usize>().map_err(|_| ApiError::client("InvalidToken", "Invalid Token: 'Invalid token'"))?
        }
    };
    let count = all.len();
    let shown: Vec<Value> = all.into_iter().skip(from).take(most).collect();
    let mut answer = serde_json::json!({ field: shown });
    if from + most < count {
        answer["nextToken"] = (from + most).to_string().into();
    }
    Ok(answer)
}

/// A machine with logs names exactly one place for them.
pub(super) fn logging(input: &Value) -> Result<Option<Value>, ApiError> {
    let Some(given) = input.get("loggingConfiguration").filter(|given| given.is_object()) else { return Ok(None) };
    word(given, "level", &["ALL", "ERROR", "FATAL", "OFF"])?;
    let level = given.get("level").and_then(Value::as_str).unwrap_or("OFF");
    let destinations = given.get("destinations").and_then(Value::as_array).map_or(0, Vec::len);
    let is_fit = if level == "OFF" { destinations <= 1 } else { destinations == 1 };
    if !is_fit {
        let text = "Invalid Logging Configuration: Must specify exactly one Log Destination.";
        return Err(ApiError::client("InvalidLoggingConfiguration", text));
    }
    let mut logging = given.clone();
    logging["level"] = level.into();
    if logging.get("includeExecutionData").is_none() {
        logging["includeExecutionData"] = false.into();
    }
    Ok(Some(logging))
}
