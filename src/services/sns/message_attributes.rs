//! Message attributes of a publish, of which SNS takes any number (SNS-11), with the errors recorded on AWS.

use serde_json::Value;

use crate::services::{ApiError, Attribute};

const NAME_BYTES_MAX: usize = 255;

/// `{"name": {"DataType": "String", "StringValue": "…"}}`.
///
/// # Errors
/// AWS's sentence about the first attribute that is wrong.
pub fn attributes(value: Option<&Value>) -> Result<Vec<Attribute>, ApiError> {
    let Some(map) = value.and_then(Value::as_object) else { return Ok(Vec::new()) };
    map.iter().map(|(name, attribute)| read(name, attribute)).collect()
}

fn wrong<T>(text: impl Into<String>) -> Result<T, ApiError> {
    Err(ApiError::client("ParameterValueInvalid", text))
}

fn read(name: &str, attribute: &Value) -> Result<Attribute, ApiError> {
    check_name(name)?;
    let text = |key: &str| attribute.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    let Some(data_type) = text("DataType") else {
        let text = format!(
            "1 validation error detected: Value null at 'messageAttributes.{name}.member.dataType' failed to satisfy \
             constraint: Member must not be null"
        );
        return Err(ApiError::client("ValidationError", text));
    };
    let field = match data_type.split('.').next() {
        Some("Binary") => "Binary",
        Some("String" | "Number") => "String",
        _ => {
            return wrong(format!(
                "The message attribute '{name}' has an invalid message attribute type, the set of supported type \
                 prefixes is Binary, Number, and String."
            ));
        }
    };
    let other = if field == "Binary" { "StringValue" } else { "BinaryValue" };
    if text(other).is_some() {
        return wrong(format!("The message attribute '{name}' with type '{data_type}' must use field '{field}'."));
    }
    let Some(value) = text(if field == "Binary" { "BinaryValue" } else { "StringValue" }) else {
        return wrong(format!(
            "The message attribute '{name}' must contain non-empty message attribute value for message attribute \
             type '{data_type}'."
        ));
    };
    Ok(Attribute { name: name.to_owned(), data_type: data_type.to_owned(), value: value.to_owned() })
}

fn check_name(name: &str) -> Result<(), ApiError> {
    if name.is_empty() || name.len() > NAME_BYTES_MAX {
        return wrong("Length of message attribute name must be less than 256 bytes.");
    }
    if let Some(odd) = name.chars().find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.')) {
        return wrong(format!(
            "Invalid non-alphanumeric character '#x{:X}' was found in the message attribute name. Can only include \
             alphanumeric characters, hyphens, underscores, or dots.",
            u32::from(odd)
        ));
    }
    if name.starts_with('.') {
        return wrong("Invalid message attribute name starting with character '.' was found.");
    }
    if name.ends_with('.') {
        return wrong("Invalid message attribute name ending with character '.' was found.");
    }
    if name.contains("..") {
        return wrong("Message attribute name can not have successive '.' character.");
    }
    Ok(())
}
