//! A message as a function or a pipe gets it from a queue: the record of an event (SQS-48, EB-22).
//!
//! <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html>

use serde_json::{Map, Value, json};

use super::api::{Received, md5_hex, message_id};
use super::message_attributes;
use crate::services::parts::arns::{REGION, arn};

impl Received {
    /// Its record; `queue` is the id of the queue.
    #[must_use]
    #[inline(never)] // second part
    pub fn event(&self, queue: &str) -> Value {
        let message = &self.message;
        let attributes = message.attributes();
        let shown: Map<String, Value> =
            attributes.iter().map(|one| (one.name.clone(), message_attributes::to_event(one))).collect();
        let mut event = json!({
            "messageId": message_id(message),
            "receiptHandle": self.receipt.to_text(),
            "body": &*message.body,
            "attributes": self.system_attributes(),
            "messageAttributes": shown,
            "md5OfBody": md5_hex(message.body.as_bytes()),
            "eventSource": "aws:sqs",
            "eventSourceARN": arn("sqs", queue),
            "awsRegion": REGION,
        });
        if !attributes.is_empty() {
            event["md5OfMessageAttributes"] = message_attributes::md5(attributes.iter()).into();
        }
        event
    }
}
