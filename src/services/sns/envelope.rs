//! What a subscriber gets: SNS's JSON around the message, or the bare message (SNS-10, SNS-11).

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::api;
use crate::engine::Micros;
use crate::lang::template::Template;
use crate::services::{Kind, Message, Meta};

/// Message attributes that SQS takes: more make raw delivery a client's error (SNS-11).
const SQS_ATTRIBUTES_MAX: usize = 10;

/// Body and meta of a copy.
pub type Content = (Arc<str>, Option<Arc<Meta>>);

/// The bare message: SQS also gets its attributes, an HTTP endpoint does not.
///
/// # Errors
/// The reason for which such a message is discarded.
pub fn raw(message: &Message, subscriber: Kind) -> Result<Content, &'static str> {
    let attributes = message.attributes();
    if subscriber != Kind::Queue || attributes.is_empty() {
        return Ok((Arc::clone(&message.body), None));
    }
    if attributes.len() > SQS_ATTRIBUTES_MAX {
        return Err("TooManyMessageAttributes");
    }
    let meta = Meta { attributes: attributes.to_vec(), ..Meta::default() };
    Ok((Arc::clone(&message.body), Some(Arc::new(meta))))
}

/// The message in SNS's envelope; a function gets it as the one record of an event.
#[must_use]
pub fn notification(message: &Message, topic: &str, subscription: &str, subscriber: Kind, now: Micros) -> Content {
    let topic_arn = api::topic_arn(topic);
    let subscription_arn = format!("{topic_arn}:{subscription}");
    let subject = message.meta.as_deref().and_then(|meta| meta.subject.clone());
    let mut envelope = Map::new();
    let mut put = |name: &str, value: Value| envelope.insert(name.to_owned(), value);
    put("Type", "Notification".into());
    put("MessageId", api::message_id(message).into());
    put("TopicArn", topic_arn.clone().into());
    if let Some(subject) = subject {
        put("Subject", subject.into());
    }
    put("Message", (&*message.body).into());
    put("Timestamp", timestamp(now).into());
    put("SignatureVersion", "1".into());
    put("Signature", "EXAMPLE".into());
    put("SigningCertURL", "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem".into());
    let unsubscribe = "https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=";
    put("UnsubscribeURL", format!("{unsubscribe}{subscription_arn}").into());
    if !message.attributes().is_empty() {
        let attributes = message.attributes().iter();
        let attributes: Map<String, Value> =
            attributes.map(|a| (a.name.clone(), json!({ "Type": a.data_type, "Value": a.value }))).collect();
        put("MessageAttributes", attributes.into());
    }
    let body = Value::Object(envelope);
    if subscriber != Kind::Function {
        return (body.to_string().into(), None);
    }
    let record = json!({
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": subscription_arn,
        "Sns": body,
    });
    (json!({ "Records": [record] }).to_string().into(), None)
}

/// The virtual clock, in UTC with milliseconds.
fn timestamp(now: Micros) -> String {
    let template = Template::from_text("{{now}}").expect("the placeholder is known");
    template.render(0, now, &mut || 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::seconds;
    use crate::services::Attribute;

    fn message(attributes: usize) -> Message {
        let attribute =
            |n: usize| Attribute { name: format!("a{n}"), data_type: "String".to_owned(), value: "x".to_owned() };
        let attributes = (0..attributes).map(attribute).collect();
        let meta = Meta { attributes, subject: Some("Hello".to_owned()), ..Meta::default() };
        let (body, meta) = (Arc::from(r#"{"n":1}"#), Some(Arc::new(meta)));
        Message { token: 3, origin: 3, body, meta, born: 0, hue: 0, hops: 0, poisoned: false }
    }

    #[test]
    fn a_queue_gets_the_envelope() {
        let (body, meta) = notification(&message(1), "orders", "queue", Kind::Queue, seconds(60));
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
        let (body, _) = notification(&message(0), "orders", "handler", Kind::Function, 0);
        let event: Value = serde_json::from_str(&body).expect("an event is JSON");
        assert_eq!(event["Records"][0]["Sns"]["MessageId"], api::message_id(&message(0)));
        assert_eq!(event["Records"][0]["Sns"].get("MessageAttributes"), None);
    }

    #[test]
    fn raw_attributes_are_for_queues_and_at_most_ten() {
        let kept = |count, kind| raw(&message(count), kind).map(|(_, meta)| meta.map_or(0, |m| m.attributes.len()));
        assert_eq!(kept(10, Kind::Queue), Ok(10));
        assert_eq!(kept(11, Kind::Queue), Err("TooManyMessageAttributes"));
        assert_eq!(kept(11, Kind::Endpoint), Ok(0));
    }
}
