//! Message attributes: their rules (SQS-5) and the digest over them (SQS-12).

use serde_json::{Map, Value, json};

use super::api::md5_hex;
use crate::engine::Sort;
use crate::lang::base64::bytes_from_base64;
use crate::services::{ApiError, Attribute};

/// Attributes of one message.
const ATTRIBUTES_MAX: usize = 10;
const NAME_CHARS_MAX: usize = 256;
const TYPES: [&str; 3] = ["String", "Number", "Binary"];

/// Attributes in the API's shape: `{"name": {"DataType": "String", "StringValue": "…"}}`.
///
/// # Errors
/// `InvalidParameterValue` names the attribute that is wrong.
pub fn parse(value: Option<&Value>) -> Result<Vec<Attribute>, ApiError> {
    let Some(map) = value.and_then(Value::as_object) else { return Ok(Vec::new()) };
    if map.len() > ATTRIBUTES_MAX {
        let text = format!("Number of message attributes [{}] exceeds the allowed maximum [10].", map.len());
        return Err(ApiError::client("InvalidParameterValue", text));
    }
    map.iter().map(|(name, attribute)| parse_one(name, attribute)).collect()
}

fn parse_one(name: &str, attribute: &Value) -> Result<Attribute, ApiError> {
    let refuse = |text: String| Err(ApiError::client("InvalidParameterValue", text));
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    let dotted = name.starts_with('.') || name.ends_with('.') || name.contains("..");
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || dotted || !name.chars().all(is_allowed) {
        return refuse(format!(
            "The message attribute name '{name}' is invalid: 1 to 256 characters of A-Z, a-z, 0-9, _, - and ., no \
             period at an end or beside another."
        ));
    }
    let lower = name.to_ascii_lowercase();
    if lower.starts_with("aws.") || lower.starts_with("amazon.") {
        return refuse(format!("The message attribute name '{name}' is invalid: AWS. and Amazon. are reserved."));
    }
    let text = |key: &str| attribute.get(key).and_then(Value::as_str).map(str::to_owned);
    let value = text("StringValue").or_else(|| text("BinaryValue")).filter(|value| !value.is_empty());
    let (Some(data_type), Some(value)) = (text("DataType"), value) else {
        return refuse(format!(
            "The message attribute '{name}' must contain a DataType and a value that is not empty."
        ));
    };
    let base = data_type.split('.').next().unwrap_or_default();
    if !TYPES.contains(&base) || data_type.len() > NAME_CHARS_MAX {
        return refuse(format!(
            "The message attribute '{name}' has an invalid message attribute type, the set of supported type \
             prefixes is Binary, Number, and String."
        ));
    }
    if base == "Number" && value.parse::<f64>().is_err() {
        return refuse(format!("Can't cast the value of message attribute '{name}' to a number."));
    }
    Ok(Attribute { name: name.to_owned(), data_type, value })
}

#[must_use]
pub fn to_json(attribute: &Attribute) -> Value {
    let field = if is_binary(attribute) { "BinaryValue" } else { "StringValue" };
    let mut json = Map::new();
    json.insert("DataType".to_owned(), json!(attribute.data_type));
    json.insert(field.to_owned(), json!(attribute.value));
    Value::Object(json)
}

fn is_binary(attribute: &Attribute) -> bool {
    attribute.data_type.split('.').next() == Some("Binary")
}

/// MD5 over names in ascending order, types and values, each with its length (SQS-12).
#[must_use]
pub fn md5<'a>(attributes: impl Iterator<Item = &'a Attribute>) -> String {
    let mut sorted: Vec<&Attribute> = attributes.collect();
    sorted.order_by(|a, b| a.name.cmp(&b.name));
    let mut buffer = Vec::new();
    let mut append = |bytes: &[u8], transport: Option<u8>| {
        buffer.extend(transport);
        buffer.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
        buffer.extend(bytes);
    };
    for attribute in sorted {
        append(attribute.name.as_bytes(), None);
        append(attribute.data_type.as_bytes(), None);
        if is_binary(attribute) {
            // JSON carries it in base64.
            append(&bytes_from_base64(&attribute.value), Some(2));
        } else {
            append(attribute.value.as_bytes(), Some(1));
        }
    }
    md5_hex(&buffer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attribute(name: &str, data_type: &str, value: &str) -> Attribute {
        Attribute { name: name.to_owned(), data_type: data_type.to_owned(), value: value.to_owned() }
    }

    /// Computed apart, by the rule of SQS-12.
    #[test]
    fn the_digest_follows_the_published_rule() {
        let (a, b) = (attribute("timestamp", "Number", "1493147359900"), attribute("b", "Binary", "aGVsbG8="));
        assert_eq!(md5([&a].into_iter()), "235c5c510d26fb653d073faed50ae77c");
        assert_eq!(md5([&a, &b].into_iter()), md5([&b, &a].into_iter()));
    }
}
