//! What travels behind a bus: the event in EventBridge's envelope (EB-2), checked entry by entry (EB-3).

use std::sync::Arc;

use serde_json::{Value, json};

use crate::engine::Micros;
use crate::lang::instant::instant_text;
use crate::services::parts::arns::arn;
use crate::services::{ApiError, Kind, Message, Meta, Route};

/// Characters of a detail type (EB-3).
const DETAIL_TYPE_CHARS_MAX: usize = 128;

/// Bytes that an entry's `Time` counts for (EB-3).
const TIME_SIZE: usize = 14;
/// How deep a detail may nest (EB-3).
const NESTING_MAX: usize = 1_000;

/// What a bus is, as far as its events tell.
#[derive(Clone, Debug)]
pub struct Origin {
    pub account: String,
    pub region: String,
    /// The bus that takes events of AWS's own services.
    pub is_default: bool,
    /// The one source that a partner's bus takes.
    pub partner: Option<String>,
}

impl Default for Origin {
    fn default() -> Self {
        Self { account: ACCOUNT.to_owned(), region: REGION.to_owned(), is_default: false, partner: None }
    }
}

pub use crate::services::parts::arns::{ACCOUNT, REGION};

/// Bytes of an entry as `PutEvents` counts them (EB-3).
#[must_use]
pub fn entry_size(message: &Message) -> usize {
    let Some(meta) = message.meta.as_deref() else { return message.body.len() };
    let text = |field: &Option<String>| field.as_ref().map_or(0, String::len);
    let resources: usize = meta.resources.iter().map(String::len).sum();
    let time = meta.event_time.map_or(0, |_| TIME_SIZE);
    message.body.len() + resources + time + text(&meta.source) + text(&meta.detail_type)
}

/// Puts an entry into its envelope; the event's id is also the partition key for a stream (EB-12).
///
/// # Errors
/// The `ErrorCode` of the entry, when it is not a good one.
pub fn wrap(message: &Message, origin: &Origin, now: Micros) -> Result<(Arc<str>, Arc<Meta>), ApiError> {
    let meta = message.meta.as_deref();
    let given = |field: Option<&String>| field.filter(|text| !text.is_empty()).cloned();
    let missing = |name: &str| {
        let text = format!("Parameter {name} is not valid. Reason: {name} is a required argument.");
        ApiError::client("InvalidArgument", text)
    };
    let source = given(meta.and_then(|meta| meta.source.as_ref())).ok_or_else(|| missing("Source"))?;
    let detail_type = given(meta.and_then(|meta| meta.detail_type.as_ref())).ok_or_else(|| missing("DetailType"))?;
    if message.body.is_empty() {
        return Err(missing("Detail"));
    }
    let refused = match &origin.partner {
        Some(partner) => *partner != source,
        None => source.starts_with("aws.") && !origin.is_default,
    };
    if refused {
        let text = "Not authorized for the source: a custom source may not begin with \"aws.\", and a partner's bus \
                    takes its partner's events alone.";
        return Err(ApiError::client("NotAuthorizedForSourceException", text));
    }
    if detail_type.chars().count() > DETAIL_TYPE_CHARS_MAX {
        let text = format!(
            "Parameter DetailType is not valid. Reason: DetailType cannot be longer than {DETAIL_TYPE_CHARS_MAX} \
             characters."
        );
        return Err(ApiError::client("InvalidArgument", text));
    }
    let malformed = || ApiError::client("MalformedDetail", "Detail is malformed.");
    if nesting(&message.body) > NESTING_MAX {
        return Err(malformed());
    }
    let detail = serde_json::from_str::<Value>(&message.body).ok().filter(Value::is_object).ok_or_else(malformed)?;
    if !integers_fit(&detail) {
        return Err(malformed());
    }
    let resources = meta.map_or_else(Vec::new, |meta| meta.resources.clone());
    let id = event_id(message);
    let event = json!({
        "version": "0",
        "id": id,
        "detail-type": detail_type,
        "source": source,
        "account": origin.account,
        "time": time_text(meta.and_then(|meta| meta.event_time).unwrap_or(now)),
        "region": origin.region,
        "resources": resources,
        "detail": detail,
    });
    let meta = Meta {
        source: Some(source),
        detail_type: Some(detail_type),
        resources,
        partition_key: Some(id),
        trace_header: meta.and_then(|meta| meta.trace_header.clone()),
        ingested: Some(now),
        ..Meta::default()
    };
    Ok((event.to_string().into(), Arc::new(meta)))
}

/// The ARN of what lies at the other end of a line.
#[must_use]
pub fn resource_arn(route: &Route) -> String {
    let name = &route.peer_name;
    match route.peer_kind {
        Kind::Queue => arn("sqs", name),
        Kind::Topic => arn("sns", name),
        Kind::Stream => arn("kinesis", &format!("stream/{name}")),
        Kind::Table => arn("dynamodb", &format!("table/{name}/stream/2026-01-01T00:00:00.000")),
        Kind::Function => arn("lambda", &format!("function:{name}")),
        Kind::EventBus => arn("events", &format!("event-bus/{name}")),
        Kind::Endpoint => arn("events", &format!("api-destination/{name}")),
        _ => name.to_string(),
    }
}

/// How deep a JSON text nests.
fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest, mut in_text, mut escaped) = (0_usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

/// Whole numbers have 64 bits (EB-3); beyond them they are read as decimals.
fn integers_fit(value: &Value) -> bool {
    const MOST: f64 = 9_223_372_036_854_775_808.0;
    match value {
        Value::Number(number) => {
            number.as_i64().is_some()
                || !number.is_u64()
                    && number.as_f64().is_some_and(|number| libm::fabs(number) < MOST || libm::trunc(number) != number)
        }
        Value::Array(items) => items.iter().all(integers_fit),
        Value::Object(fields) => fields.values().all(integers_fit),
        _ => true,
    }
}

/// The event by which a rule with a schedule, or a schedule without an input of its own, invokes its targets (EB-18).
#[must_use]
pub fn scheduled_event(source: &str, arn: &str, now: Micros) -> (Arc<str>, Arc<Meta>) {
    let mixed = (u128::from(now) + 1).wrapping_mul(0xa076_1d64_78bd_642f_e703_7ed1_a0b4_28db);
    let id = uuid_text(mixed);
    let event = json!({
        "version": "0",
        "id": id,
        "detail-type": "Scheduled Event",
        "source": source,
        "account": ACCOUNT,
        "time": time_text(now),
        "region": REGION,
        "resources": [arn],
        "detail": {},
    });
    let meta = Meta {
        source: Some(source.to_owned()),
        detail_type: Some("Scheduled Event".to_owned()),
        resources: vec![arn.to_owned()],
        partition_key: Some(id),
        ingested: Some(now),
        ..Meta::default()
    };
    (event.to_string().into(), Arc::new(meta))
}

/// The id EventBridge gives an event; it follows the entry's token.
#[must_use]
pub fn event_id(message: &Message) -> String {
    let mixed = (u128::from(message.token) + 1).wrapping_mul(0xd134_2543_de82_ef95_2545_f491_4f6c_dd1d);
    uuid_text(mixed)
}

fn uuid_text(bits: u128) -> String {
    let hex = format!("{bits:032x}");
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
        Message { token: 7, origin: 7, body, meta, born: 0, lineage: 7, hue: 0, hops: 0, kept: false, poisoned: false }
    }

    #[test]
    fn an_event_is_put_into_its_envelope() {
        let (body, meta) =
            wrap(&entry("shop", r#"{"amount":5}"#), &Origin::default(), seconds(3_661)).expect("a good entry");
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
        let code = |entry: &Message, is_default| {
            wrap(entry, &Origin { is_default, ..Origin::default() }, 0).err().map(|error| error.code)
        };
        assert_eq!(code(&entry("shop", "[1]"), false), Some("MalformedDetail"));
        assert_eq!(code(&entry("", "{}"), false), Some("InvalidArgument"));
        assert_eq!(code(&entry("shop", ""), false), Some("InvalidArgument"));
        for malformed in ["text", "\"text\"", "[]", "{{}", "3", "null"] {
            assert_eq!(code(&entry("shop", malformed), false), Some("MalformedDetail"), "{malformed}");
        }
        assert_eq!(code(&entry("aws.ec2", "{}"), false), Some("NotAuthorizedForSourceException"));
        assert_eq!(code(&entry("aws.ec2", "{}"), true), None);
        let nested = |depth: usize| format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        assert_eq!(nesting(&nested(1_000)), 1_000);
        assert_eq!(code(&entry("shop", &nested(1_001)), false), Some("MalformedDetail"));
        assert_eq!(code(&entry("shop", r#"{"n":9223372036854775807}"#), false), None);
        assert_eq!(code(&entry("shop", r#"{"n":9223372036854775808}"#), false), Some("MalformedDetail"));
        assert_eq!(code(&entry("shop", r#"{"n":1.5e300}"#), false), Some("MalformedDetail"));
        let partner = Origin { partner: Some("aws.partner/x/shop".to_owned()), ..Origin::default() };
        let partners = |source: &str| wrap(&entry(source, "{}"), &partner, 0).err().map(|error| error.code);
        assert_eq!(partners("aws.partner/x/shop"), None);
        assert_eq!(partners("shop"), Some("NotAuthorizedForSourceException"));
    }

    #[test]
    fn an_entry_counts_all_its_texts() {
        assert_eq!(entry_size(&entry("shop", "{}")), 4 + 12 + 17 + 2);
    }
}
