//! What a subscriber gets: SNS's JSON around the message, or the bare message (SNS-10, SNS-11).

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::api;
use super::protocol::Protocol;
use super::publication::Publication;
use super::quotas::SMS_CHARS_MAX;
use crate::lang::instant::instant_text;
use crate::services::{Attribute, Message, Meta};

/// Message attributes that SQS takes: more make raw delivery a client's error (SNS-11).
const SQS_ATTRIBUTES_MAX: usize = 10;

/// Body and meta of a copy.
pub type Content = (Arc<str>, Option<Arc<Meta>>);

/// What belongs to the copy beside its content: a queue gets a message's group, a FIFO queue its deduplication
/// id too (SNS-12, SNS-24).
#[derive(Clone, Copy, Debug)]
pub struct Address<'a> {
    pub topic_arn: &'a str,
    pub subscription_arn: &'a str,
    pub protocol: Protocol,
    pub fifo_queue: bool,
}

/// What a subscriber gets.
///
/// # Errors
/// The reason for which such a message is discarded.
pub fn content(publication: &Publication<'_>, to: Address<'_>, is_raw: bool) -> Result<Content, &'static str> {
    if to.protocol == Protocol::Sms && publication.text(to.protocol).chars().count() > SMS_CHARS_MAX {
        return Err("MessageTooLong");
    }
    if is_raw { raw(publication, to) } else { Ok(notification(publication, to)) }
}

/// The bare message: SQS also gets its attributes, the others do not.
///
/// # Errors
/// The reason for which such a message is discarded.
fn raw(publication: &Publication<'_>, to: Address<'_>) -> Result<Content, &'static str> {
    let body = publication.text(to.protocol);
    if to.protocol != Protocol::Sqs {
        return Ok((body, None));
    }
    let mut attributes = publication.message.attributes().to_vec();
    if attributes.len() > SQS_ATTRIBUTES_MAX {
        return Err("TooManyMessageAttributes");
    }
    if publication.replayed {
        attributes.push(Attribute { name: "Replayed".into(), data_type: "String".into(), value: "true".into() });
    }
    Ok((body, meta(publication, to, attributes)))
}

/// The message in SNS's envelope; a function gets it as the one record of an event, a person its text alone.
fn notification(publication: &Publication<'_>, to: Address<'_>) -> Content {
    match to.protocol {
        Protocol::Email | Protocol::Sms | Protocol::Application => (publication.text(to.protocol), None),
        Protocol::Lambda => {
            let record = json!({
                "EventSource": "aws:sns",
                "EventVersion": "1.0",
                "EventSubscriptionArn": to.subscription_arn,
                "Sns": envelope(publication, to),
            });
            (json!({ "Records": [record] }).to_string().into(), None)
        }
        Protocol::Sqs => (envelope(publication, to).to_string().into(), meta(publication, to, Vec::new())),
        _ => (envelope(publication, to).to_string().into(), None),
    }
}

/// What a dead-letter queue gets of what a subscriber did not take (SNS-18): a function's message in the envelope,
/// without the event around it, and a bare message without the attributes that were too many.
#[must_use]
pub fn letter(message: Message, protocol: Protocol) -> Message {
    if protocol == Protocol::Lambda {
        let mut event: Value = serde_json::from_str(&message.body).unwrap_or_default();
        let body = event["Records"][0]["Sns"].take().to_string().into();
        return Message { body, ..message };
    }
    if message.attributes().len() <= SQS_ATTRIBUTES_MAX {
        return message;
    }
    let meta = message.meta.as_deref().map(|meta| Arc::new(Meta { attributes: Vec::new(), ..meta.clone() }));
    Message { meta, ..message }
}

fn meta(publication: &Publication<'_>, to: Address<'_>, attributes: Vec<Attribute>) -> Option<Arc<Meta>> {
    let message_group_id = publication.group().map(str::to_owned);
    let deduplication_id = if to.fifo_queue { publication.deduplication_id() } else { None };
    let meta = Meta { attributes, message_group_id, deduplication_id, ..Meta::default() };
    (meta != Meta::default()).then(|| Arc::new(meta))
}

fn envelope(publication: &Publication<'_>, to: Address<'_>) -> Value {
    let message = publication.message;
    let mut envelope = Map::new();
    let mut put = |name: &str, value: Value| envelope.insert(name.to_owned(), value);
    put("Type", "Notification".into());
    put("MessageId", api::message_id_of(publication.id).into());
    if let Some(sequence) = publication.sequence {
        put("SequenceNumber", api::sequence_text(sequence).into());
    }
    put("TopicArn", to.topic_arn.into());
    if let Some(subject) = message.meta.as_deref().and_then(|meta| meta.subject.clone()) {
        put("Subject", subject.into());
    }
    put("Message", (&*publication.text(to.protocol)).into());
    put("Timestamp", instant_text(publication.at).into());
    // A FIFO topic's messages carry no signature.
    if publication.sequence.is_none() {
        put("SignatureVersion", "1".into());
        put("Signature", "EXAMPLE".into());
        put("SigningCertURL", "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem".into());
    }
    let unsubscribe = "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=";
    put("UnsubscribeURL", format!("{unsubscribe}{}", to.subscription_arn).into());
    if !message.attributes().is_empty() {
        let attributes = message.attributes().iter();
        let attributes: Map<String, Value> =
            attributes.map(|a| (a.name.clone(), json!({ "Type": a.data_type, "Value": a.value }))).collect();
        put("MessageAttributes", attributes.into());
    }
    if publication.replayed {
        put("Replayed", true.into());
    }
    Value::Object(envelope)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::seconds;

    fn message(attributes: usize) -> Message {
        let attribute =
            |n: usize| Attribute { name: format!("a{n}"), data_type: "String".to_owned(), value: "x".to_owned() };
        let attributes = (0..attributes).map(attribute).collect();
        let meta = Meta { attributes, subject: Some("Hello".to_owned()), ..Meta::default() };
        let (body, meta) = (Arc::from(r#"{"n":1}"#), Some(Arc::new(meta)));
        Message { token: 3, origin: 3, body, meta, born: 0, lineage: 3, hue: 0, hops: 0, kept: false, poisoned: false }
    }

    fn to(protocol: Protocol) -> Address<'static> {
        let (topic_arn, subscription_arn) = ("arn:aws:sns:us-east-1:000000000000:orders", "arn:sub");
        Address { topic_arn, subscription_arn, protocol, fifo_queue: false }
    }

    #[test]
    fn a_queue_gets_the_envelope() {
        let message = message(1);
        let (body, meta) = notification(&Publication::new(&message, None, seconds(60)), to(Protocol::Sqs));
        let envelope: Value = serde_json::from_str(&body).expect("an envelope is JSON");
        assert_eq!(envelope["Type"], "Notification");
        assert_eq!(envelope["TopicArn"], "arn:aws:sns:us-east-1:000000000000:orders");
        assert_eq!(envelope["Message"], r#"{"n":1}"#);
        assert_eq!(envelope["Subject"], "Hello");
        assert_eq!(envelope["Timestamp"], "2026-01-01T00:01:00.000Z");
        assert_eq!(envelope["MessageAttributes"]["a0"], json!({ "Type": "String", "Value": "x" }));
        assert_eq!(meta, None);
    }

    #[test]
    fn a_function_gets_one_record() {
        let message = message(0);
        let (body, _) = notification(&Publication::new(&message, None, 0), to(Protocol::Lambda));
        let event: Value = serde_json::from_str(&body).expect("an event is JSON");
        assert_eq!(event["Records"][0]["Sns"]["MessageId"], api::message_id_of(3));
        assert_eq!(event["Records"][0]["Sns"].get("MessageAttributes"), None);
    }

    #[test]
    fn raw_attributes_are_for_queues_and_at_most_ten() {
        let kept = |count, protocol| {
            let message = message(count);
            raw(&Publication::new(&message, None, 0), to(protocol))
                .map(|(_, meta)| meta.map_or(0, |m| m.attributes.len()))
        };
        assert_eq!(kept(10, Protocol::Sqs), Ok(10));
        assert_eq!(kept(11, Protocol::Sqs), Err("TooManyMessageAttributes"));
        assert_eq!(kept(11, Protocol::Https), Ok(0));
    }
}
