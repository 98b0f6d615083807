//! The one call of an HTTP/S endpoint: a POST of a message.

use serde_json::{Value, json};

use crate::services::Message;

#[derive(Clone, Debug)]
pub enum Request {
    Post,
}

#[derive(Clone, Debug)]
pub enum Response {
    Status(u16),
}

impl Request {
    #[must_use]
    pub fn shown(&self) -> &[Message] {
        &[]
    }
}

impl Response {
    #[must_use]
    pub fn shown(&self) -> &[Message] {
        &[]
    }

    #[must_use]
    pub fn to_json(&self) -> Value {
        let Self::Status(status) = self;
        json!({ "StatusCode": status })
    }
}
