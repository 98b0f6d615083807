//! How large an input or output may be (SFN-2).

use serde_json::Value;

use super::failure::{DATA_LIMIT_EXCEEDED, Error, Failure};

/// Bytes of an input or output as JSON text (SFN-2).
pub const PAYLOAD_BYTES_MAX: usize = 262_144;

/// Whether a value has at most so many bytes as JSON text.
#[must_use]
pub fn is_within(value: &Value, bytes: usize) -> bool {
    fn left(value: &Value, bytes: usize) -> Option<usize> {
        let of_text = |text: &str, bytes: usize| bytes.checked_sub(text.len() + 2);
        match value {
            Value::Null | Value::Bool(true) => bytes.checked_sub(4),
            Value::Bool(false) => bytes.checked_sub(5),
            Value::Number(number) => match number.as_u64() {
                Some(small) if small < 10 => bytes.checked_sub(1),
                _ => bytes.checked_sub(number.to_string().len()),
            },
            // What has to be escaped is longer than it is.
            Value::String(text) if text.bytes().any(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') => {
                bytes.checked_sub(value.to_string().len())
            }
            Value::String(text) => of_text(text, bytes),
            Value::Array(items) => {
                let begins = bytes.checked_sub(1 + items.len().max(1))?;
                items.iter().try_fold(begins, |bytes, item| left(item, bytes))
            }
            Value::Object(fields) => {
                let begins = bytes.checked_sub(1 + fields.len().max(1))?;
                fields
                    .iter()
                    .try_fold(begins, |bytes, (name, inner)| left(inner, of_text(name, bytes)?.checked_sub(1)?))
            }
        }
    }
    left(value, bytes).is_some()
}

/// What a state or a task gave is too large (SFN-2); a state's own output ends the execution.
pub(super) fn too_large(name: &str) -> Failure {
    let cause = format!(
        "The state/task '{name}' returned a result with a size exceeding the maximum number of bytes service limit."
    );
    Failure { is_final: true, ..Failure::of(Error::new(DATA_LIMIT_EXCEEDED, cause)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_is_as_large_as_its_text() {
        for value in [
            json!(null),
            json!(true),
            json!(-12.5),
            json!("a\"b\n"),
            json!([]),
            json!({}),
            json!([1, [2], { "a": "b", "c": [10] }]),
        ] {
            let bytes = value.to_string().len();
            assert!(is_within(&value, bytes), "{value}");
            assert!(!is_within(&value, bytes - 1), "{value}");
        }
    }
}
