//! What a pipe's filters, templates and paths see of an event: a body of SQS or data of Kinesis that is JSON is looked into,
//! as if it were part of the event (EB-22). What is handed on stays as it came.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html>

use std::borrow::Cow;

use serde_json::Value;

use super::super::envelope::resource_arn;
use super::model::Model;
use crate::lang::base64::bytes_from_base64;
use crate::lang::input_template::InputTemplate;
use crate::lang::instant::instant_text;
use crate::services::parts::arns::arn;
use crate::services::{Cx, Door};

/// AWS's own variables of a template.
pub const RESERVED: [&str; 8] = [
    "aws.pipes.pipe-arn",
    "aws.pipes.pipe-name",
    "aws.pipes.source-arn",
    "aws.pipes.enrichment-arn",
    "aws.pipes.target-arn",
    "aws.pipes.event.ingestion-time",
    "aws.pipes.event",
    "aws.pipes.event.json",
];

/// An event with its payload looked into, and whether that is JSON.
pub fn looked_into(event: &Value) -> (Cow<'_, Value>, bool) {
    let field = match event["eventSource"].as_str() {
        Some("aws:sqs") => "body",
        Some("aws:kinesis") => "data",
        _ => return (Cow::Borrowed(event), true),
    };
    let payload = event[field].as_str().unwrap_or_default();
    let inner = match field {
        "data" => serde_json::from_slice::<Value>(&bytes_from_base64(payload)),
        _ => serde_json::from_str::<Value>(payload),
    };
    let Ok(inner) = inner else { return (Cow::Borrowed(event), false) };
    let mut seen = event.clone();
    seen[field] = inner;
    (Cow::Owned(seen), true)
}

impl Model {
    /// Its name: what it is called, else the id of its node.
    pub(super) fn pipe_name(&self, cx: &Cx<'_>) -> String {
        self.config.name.clone().unwrap_or_else(|| cx.name().to_string())
    }

    pub(super) fn pipe_arn(&self, cx: &Cx<'_>) -> String {
        arn("pipes", &format!("pipe/{}", self.pipe_name(cx)))
    }

    /// What a template makes of an event.
    ///
    /// # Errors
    /// What it made, when that is not JSON.
    #[inline(never)] // second part
    pub(super) fn rendered(&self, template: &InputTemplate, event: &Value, cx: &Cx<'_>) -> Result<String, String> {
        let (seen, is_json) = looked_into(event);
        let end = |route: &Option<crate::services::Route>| route.as_ref().map(|route| resource_arn(route).into());
        template.render(&seen, &|name| match name {
            "aws.pipes.pipe-arn" => Some(self.pipe_arn(cx).into()),
            "aws.pipes.pipe-name" => Some(self.pipe_name(cx).into()),
            "aws.pipes.source-arn" => end(&self.source),
            "aws.pipes.enrichment-arn" => end(&self.enrichment),
            "aws.pipes.target-arn" => end(&self.target),
            "aws.pipes.event.ingestion-time" => Some(instant_text(cx.now()).into()),
            "aws.pipes.event" => Some(event.clone()),
            "aws.pipes.event.json" => Some((*seen).clone()).filter(|_| is_json),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::base64::base64;
    use serde_json::json;

    #[test]
    fn a_payload_that_is_json_is_looked_into() {
        let sqs = |body: &str| json!({ "eventSource": "aws:sqs", "body": body });
        let seen = |event: &Value| {
            let (seen, is_json) = looked_into(event);
            (seen["body"].clone(), seen["data"].clone(), is_json)
        };
        assert_eq!(seen(&sqs(r#"{"n":1}"#)), (json!({ "n": 1 }), Value::Null, true));
        assert_eq!(seen(&sqs("plain")), (json!("plain"), Value::Null, false));
        let data = base64(b"[1]");
        assert_eq!(seen(&json!({ "eventSource": "aws:kinesis", "data": data })), (Value::Null, json!([1]), true));
        // What an enrichment made is its own.
        assert_eq!(seen(&json!({ "body": "[1]" })), (json!("[1]"), Value::Null, true));
    }
}
