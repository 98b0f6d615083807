//! Work that somebody waits for: a consumer that finds a task token in its message tells how it ended (SFN-20).

use std::sync::Arc;

use serde_json::Value;

use crate::lang::json_path::JsonPath;
use crate::services::stepfunctions::api::Request;
use crate::services::{Cx, Deadline, Door, Message, Returns, Settings, json_or_text};

/// Where a consumer finds the token, and what it says when its work has succeeded.
#[derive(Clone, Debug)]
pub struct TaskToken {
    path: JsonPath,
    output: Returns,
}

impl TaskToken {
    /// None where the consumer looks for no token.
    #[must_use]
    pub fn read(settings: &Settings, output: &str) -> Option<Self> {
        let path = settings.text("TaskToken").filter(|path| !path.is_empty())?;
        let output = settings.get(output).and_then(|value| Returns::read(&value).ok()).unwrap_or(Returns::Input);
        Some(Self { path: JsonPath::parse(&path).ok()?, output })
    }

    fn of(&self, message: &Message) -> Option<(Arc<str>, Value)> {
        let body = json_or_text(&message.body);
        let token = self.path.find(&body)?.as_str().map(Arc::from)?;
        Some((token, body))
    }

    /// The work on a message is over; `failure` is why it failed.
    pub fn tell(&self, message: &Message, failure: Option<(&str, &str)>, cx: &mut Cx<'_>) {
        let Some((token, body)) = self.of(message) else { return };
        let request = match failure {
            None => {
                Request::SendTaskSuccess { token: Arc::clone(&token), output: self.output.of(&body).to_string().into() }
            }
            Some((error, cause)) => Request::SendTaskFailure {
                token: Arc::clone(&token),
                error: Some(error.to_owned()),
                cause: Some(cause.to_owned()),
            },
        };
        cx.call_back(&token, request.into(), Vec::new(), Deadline::SDK);
    }

    /// A sign of life.
    pub fn beat(&self, message: &Message, cx: &mut Cx<'_>) {
        if let Some((token, _)) = self.of(message) {
            let request = Request::SendTaskHeartbeat { token: Arc::clone(&token) };
            cx.call_back(&token, request.into(), Vec::new(), Deadline::SDK);
        }
    }
}
