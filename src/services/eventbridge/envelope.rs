//! What travels behind a bus: the event in EventBridge's envelope (EB-2), checked entry by entry (EB-3).

use std::sync::Arc;

use serde_json::{Value, json};

use crate::engine::Micros;
use crate::lang::instant::instant_text;
use crate::services::{ApiError, Message, Meta};

/// Characters of a detail type (EB-3).
const DETAIL_TYPE_CHARS_MAX: usize = 128;

/// Bytes of an entry as `PutEvents` counts them (EB-3).
#[must_use]
pub fn entry_size(message: &Message) -> usize {
    let meta = message.meta.as_deref();
    let text = |field: Option<&String>| field.map_or(0, String::len);
    let resources = meta.map_or(0, |meta| meta.resources.iter().map(String::len).sum());
    message.body.len() + resources + meta.map_or(0, |meta| text(meta.source.as_ref()) + text(meta.detail_type.as_ref()))
}

/// Puts an entry into its envelope; the event's id is also the partition key for a stream (EB-12).
///
/// # Errors
/// The `ErrorCode` of the entry, when it is not a good one.
pub fn wrap(message: &Message, is_default_bus: bool, now: Micros) -> Result<(Arc<str>, Arc<Meta>), ApiError> {
    let meta = message.meta.as_deref();
    let given = |field: Option<&String>| field.filter(|text| !text.is_empty()).cloned();
    let missing = |name: &str| {
        let text = format!("Parameter {name} is not valid. Reason: {name} is a required argument.");
        ApiError::client("InvalidArgument", text)
    };
    let source = given(meta.and_then(|meta| meta.source.as_ref())).ok_or_else(|| missing("Source"))?;
    let detail_type = given(meta.and_then(|meta| meta.detail_type.as_ref())).ok_or_else(|| missing("DetailType"))?;
    if source.starts_with("aws.") && !is_default_bus {
        let text = "Not authorized for the source: a custom source may not begin with \"aws.\".";
        return Err(ApiError::client("NotAuthorizedForSourceException", text));
    }
    if detail_type.chars().count() > DETAIL_TYPE_CHARS_MAX {
        let text = format!(
            "Parameter DetailType is not valid. Reason: DetailType cannot be longer than {DETAIL_TYPE_CHARS_MAX} \
             characters."
        );
        return Err(ApiError::client("InvalidArgument", text));
    }
    let detail = serde_json::from_str::<Value>(&message.body).ok().filter(Value::is_object);
    let detail = detail.ok_or_else(|| ApiError::client("MalformedDetail", "Detail is malformed."))?;
    let resources = meta.map_or_else(Vec::new, |meta| meta.resources.clone());
    let id = event_id(message);
    let event = json!({
        "version": "0",
        "id": id,
        "detail-type": detail_type,
        "source": source,
        "account": "000000000000",
        "time": time_text(now),
        "region": "us-east-1",
        "resources": resources,
        "detail": detail,
    });
    let meta = Meta {
        source: Some(source),
        detail_type: Some(detail_type),
        resources,
        partition_key: Some(id),
        ..Meta::default()
    };
    Ok((event.to_string().into(), Arc::new(meta)))
}

/// The id EventBridge gives an event; it follows the entry's token.
#[must_use]
pub fn event_id(message: &Message) -> String {
    let mixed = (u128::from(message.token) + 1).wrapping_mul(0xd134_2543_de82_ef95_2545_f491_4f6c_dd1d);
    let hex = format!("{mixed:032x}");
    format!("{}-{}-4{}-b{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
}

/// The virtual clock as an event's `time`: whole seconds, UTC.
fn time_text(now: Micros) -> String {
    let text = instant_text(now);
    format!("{}Z", &text[.."2026-01-01T00:00:00".len()])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::seconds;

    fn entry(source: &str, detail: &str) -> Message {
        let meta = Meta {
            source: Some(source.to_owned()),
            detail_type: Some("Order Placed".to_owned()),
            resources: vec!["arn:aws:s3:::shop".to_owned()],
            ..Meta::default()
        };
        let (body, meta) = (Arc::from(detail), Some(Arc::new(meta)));
        Message { token: 7, origin: 7, body, meta, born: 0, hue: 0, hops: 0, poisoned: false }
    }

    #[test]
    fn an_event_is_put_into_its_envelope() {
        let (body, meta) = wrap(&entry("shop", r#"{"amount":5}"#), false, seconds(3_661)).expect("a good entry");
        let event: Value = serde_json::from_str(&body).expect("an envelope is JSON");
        assert_eq!(event["time"], "2026-01-01T01:01:01Z");
        assert_eq!(event["source"], "shop");
        assert_eq!(event["detail-type"], "Order Placed");
        assert_eq!(event["detail"], json!({"amount": 5}));
        assert_eq!(event["resources"], json!(["arn:aws:s3:::shop"]));
        assert_eq!(event["id"].as_str(), meta.partition_key.as_deref());
        assert_eq!(meta.partition_key.as_deref().map(str::len), Some(36));
    }

    #[test]
    fn a_bad_entry_has_its_own_error() {
        let code = |entry: &Message, is_default_bus| wrap(entry, is_default_bus, 0).err().map(|error| error.code);
        assert_eq!(code(&entry("shop", "[1]"), false), Some("MalformedDetail"));
        assert_eq!(code(&entry("", "{}"), false), Some("InvalidArgument"));
        assert_eq!(code(&entry("aws.ec2", "{}"), false), Some("NotAuthorizedForSourceException"));
        assert_eq!(code(&entry("aws.ec2", "{}"), true), None);
    }

    #[test]
    fn an_entry_counts_all_its_texts() {
        assert_eq!(entry_size(&entry("shop", "{}")), 4 + 12 + 17 + 2);
    }
}
