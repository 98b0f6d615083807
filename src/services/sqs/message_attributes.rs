//! Message attributes: their rules (SQS-5) and the digest over them (SQS-12).

use serde_json::{Map, Value, json};

use super::api::md5_hex;
use super::sending::is_allowed;
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
    // Letters and digits of any script are alphanumeric; signs are not (recorded).
    let is_of_name = |c: char| c.is_alphanumeric() || "_-.".contains(c);
    let dotted = name.starts_with('.') || name.ends_with('.') || name.contains("..");
    if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || dotted || !name.chars().all(is_of_name) {
        return refuse(format!(
            "The message attribute name '{name}' is invalid: 1 to 256 letters, digits, _, - and ., no period at an end or \
             beside another."
        ));
    }
    let lower = name.to_ascii_lowercase();
    if lower.starts_with("aws.") || lower.starts_with("amazon.") {
        return refuse(format!("The message attribute name '{name}' is invalid: AWS. and Amazon. are reserved."));
    }
    let text = |key: &str| attribute.get(key).and_then(Value::as_str).map(str::to_owned);
    let Some(data_type) = text("DataType").filter(|data_type| !data_type.is_empty()) else {
        return refuse(format!("The message attribute '{name}' must contain non-empty message attribute type."));
    };
    let base = data_type.split('.').next().unwrap_or_default();
    if !TYPES.contains(&base) || data_type.chars().count() > NAME_CHARS_MAX || !is_allowed(&data_type) {
        return refuse(format!(
            "The message attribute '{name}' has an invalid message attribute type, the set of supported type \
             prefixes is Binary, Number, and String."
        ));
    }
    let field = if base == "Binary" { "BinaryValue" } else { "StringValue" };
    let Some(value) = text(field).filter(|value| !value.is_empty()) else {
        return refuse(format!("Message (user) attribute '{name}' must contain a non-empty value of type '{base}'."));
    };
    if !is_allowed(&value) {
        return refuse(format!(
            "Invalid binary character was found in the message (user) attribute '{name}' value, the set of allowed \
             characters is #x9 | #xA | #xD | [#x20 to #xD7FF] | [#xE000 to #xFFFD] | [#x10000 to #x10FFFF]"
        ));
    }
    if base == "Number" && !is_number(&value) {
        return refuse(format!("Can't cast the value of message (user) attribute '{name}' to a number."));
    }
    Ok(Attribute { name: name.to_owned(), data_type, value })
}

/// Up to 38 digits, between 10^-128 and 10^126, positive or negative (SQS-5).
fn is_number(text: &str) -> bool {
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let significant = digits.trim_start_matches(['+', '-', '0', '.']).bytes().filter(u8::is_ascii_digit).count();
    let is_written = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.".contains(&byte));
    let fits = |number: f64| number == 0.0 || (1e-128..=1e126).contains(&libm::fabs(number));
    is_written(digits) && is_written(exponent) && significant <= 38 && text.parse().is_ok_and(fits)
}

#[must_use]
pub fn to_json(attribute: &Attribute) -> Value {
    let field = if is_binary(attribute) { "BinaryValue" } else { "StringValue" };
    let mut json = Map::new();
    json.insert("DataType".to_owned(), json!(attribute.data_type));
    json.insert(field.to_owned(), json!(attribute.value));
    Value::Object(json)
}

/// As an event has it.
#[must_use]
pub fn to_event(attribute: &Attribute) -> Value {
    let field = if is_binary(attribute) { "binaryValue" } else { "stringValue" };
    json!({ field: attribute.value, "stringListValues": [], "binaryListValues": [], "dataType": attribute.data_type })
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

    fn is_taken(name: &str, attribute: Value) -> bool {
        parse(Some(&json!({ name: attribute }))).is_ok()
    }

    #[test]
    fn names_have_letters_of_any_script_and_no_signs() {
        let text = || json!({ "DataType": "String", "StringValue": "v" });
        for right in ["a", "größe.1", "имя", "名前", "a-b_c.d", "ÄÖ9", "aws", "awsome.x", &"l".repeat(256)] {
            assert!(is_taken(right, text()), "{right}");
        }
        let long = "l".repeat(257);
        for wrong in [
            "", ".a", "a.", "a..b", "a b", "a§b", "a!", "a\"", "a(", "a?", "a/b", "€", "a:b", "aWs.x", "AMAZON.x",
            &*long,
        ] {
            assert!(!is_taken(wrong, text()), "{wrong}");
        }
    }

    #[test]
    fn values_are_of_their_type_and_of_characters_that_bodies_have() {
        let of =
            |data_type: &str, field: &str, value: &str| is_taken("a", json!({ "DataType": data_type, field: value }));
        for right in ["v", "tab\there", "line\nline\r", "ä€😀"] {
            assert!(of("String", "StringValue", right) && of("String.own", "StringValue", right), "{right}");
        }
        for wrong in ["", "\u{8}", "a\u{b}b", "\u{0}", "\u{1f}", "\u{fffe}", "\u{ffff}"] {
            assert!(!of("String", "StringValue", wrong), "{wrong:?}");
        }
        for right in ["0", "7", "-7.5", "+1", "1e3", "1E-128", "99999999999999999999999999999999999999", ".5"] {
            assert!(of("Number", "StringValue", right) && of("Number.int", "StringValue", right), "{right}");
        }
        for wrong in ["", "x", "1,5", "1 ", "NaN", "inf", "infinity", "1e127", "1e-129", "--1", "0x1", &"9".repeat(39)]
        {
            assert!(!of("Number", "StringValue", wrong), "{wrong}");
        }
        assert!(of("Binary", "BinaryValue", "aGVsbG8=") && !of("Binary", "StringValue", "x"));
        assert!(!of("String", "BinaryValue", "aGVsbG8=") && !of("Number", "BinaryValue", "Nw=="));
        for wrong in ["", "string", "Text", "Strings", "Number,int", &format!("Number.{}", "l".repeat(256))] {
            assert!(!of(wrong, "StringValue", "1"), "{wrong}");
        }
        assert!(!is_taken("a", json!({})) && !is_taken("a", json!({ "StringValue": "v" })));
    }

    /// Computed apart, by the rule of SQS-12.
    #[test]
    fn the_digest_follows_the_published_rule() {
        let (a, b) = (attribute("timestamp", "Number", "1493147359900"), attribute("b", "Binary", "aGVsbG8="));
        assert_eq!(md5([&a].into_iter()), "235c5c510d26fb653d073faed50ae77c");
        assert_eq!(md5([&a, &b].into_iter()), md5([&b, &a].into_iter()));
    }
}
