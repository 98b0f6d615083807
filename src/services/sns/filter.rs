//! A subscription's filter policy (SNS-20): which messages it refuses, and by which of its clauses.

use std::cell::OnceCell;
use std::sync::Arc;

use serde_json::Value;

use crate::lang::event_pattern::{Dialect, Pattern, attributes_value};
use crate::services::{Message, Settings};

#[derive(Clone, Debug)]
pub enum Filter {
    /// Without a policy, every message passes.
    All,
    Attributes(Pattern),
    Body(Pattern),
    /// The scene has been told what is wrong; until that is mended nothing passes.
    Invalid(String),
}

/// What CloudWatch counts a refusal under (SNS-27).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    MessageAttributes,
    MessageBody,
    NoMessageAttributes,
    InvalidAttributes,
    InvalidMessageBody,
}

impl Cause {
    /// In the order of the variants: a cause's number is its place here.
    pub const ALL: [Self; 5] = [
        Self::MessageAttributes,
        Self::MessageBody,
        Self::NoMessageAttributes,
        Self::InvalidAttributes,
        Self::InvalidMessageBody,
    ];

    #[must_use]
    pub fn metric(self) -> &'static str {
        match self {
            Self::MessageAttributes => "NumberOfNotificationsFilteredOut-MessageAttributes",
            Self::MessageBody => "NumberOfNotificationsFilteredOut-MessageBody",
            Self::NoMessageAttributes => "NumberOfNotificationsFilteredOut-NoMessageAttributes",
            Self::InvalidAttributes => "NumberOfNotificationsFilteredOut-InvalidAttributes",
            Self::InvalidMessageBody => "NumberOfNotificationsFilteredOut-InvalidMessageBody",
        }
    }
}

/// A message as filters look at it, read at most once however many subscriptions there are.
pub struct Sight<'a> {
    message: &'a Message,
    text: Arc<str>,
    attributes: OnceCell<Result<Value, String>>,
    /// `None` when the text is no JSON object.
    body: OnceCell<Option<Value>>,
}

impl<'a> Sight<'a> {
    /// With the text that a subscriber would get.
    #[must_use]
    pub fn new(message: &'a Message, text: Arc<str>) -> Self {
        Self { message, text, attributes: OnceCell::new(), body: OnceCell::new() }
    }

    fn attributes(&self) -> &Result<Value, String> {
        self.attributes.get_or_init(|| {
            let attributes = self.message.attributes().iter();
            attributes_value(attributes.map(|a| (a.name.as_str(), a.data_type.as_str(), a.value.as_str())))
        })
    }

    fn body(&self) -> Option<&Value> {
        let read = || serde_json::from_str::<Value>(&self.text).ok().filter(Value::is_object);
        self.body.get_or_init(read).as_ref()
    }
}

impl Filter {
    /// Of a subscription's settings.
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        let Some(policy) = settings.get("FilterPolicy") else { return Self::All };
        let of_body = settings.text("FilterPolicyScope").as_deref() == Some("MessageBody");
        let dialect = if of_body { Dialect::SnsMessageBody } else { Dialect::SnsMessageAttributes };
        match Pattern::from_value(&policy, dialect) {
            Ok(pattern) if of_body => Self::Body(pattern),
            Ok(pattern) => Self::Attributes(pattern),
            Err(error) => Self::Invalid(format!("the filter policy is not valid: {}", error.message)),
        }
    }

    /// Why a message does not pass, in words; `None` when it does.
    #[must_use]
    pub fn refusal(&self, sight: &Sight<'_>) -> Option<(Cause, String)> {
        match self {
            Self::All => None,
            Self::Invalid(why) => Some((Cause::MessageAttributes, why.clone())),
            Self::Body(pattern) => match sight.body() {
                Some(body) => refused(pattern, body).map(|clause| (Cause::MessageBody, clause)),
                None => Some((Cause::InvalidMessageBody, "the body is not a JSON object".to_owned())),
            },
            Self::Attributes(pattern) => match sight.attributes() {
                Ok(attributes) => {
                    let none = sight.message.attributes().is_empty();
                    let cause = if none { Cause::NoMessageAttributes } else { Cause::MessageAttributes };
                    refused(pattern, attributes).map(|clause| (cause, clause))
                }
                Err(why) => Some((Cause::InvalidAttributes, why.clone())),
            },
        }
    }
}

fn refused(pattern: &Pattern, value: &Value) -> Option<String> {
    if pattern.matches(value) {
        return None;
    }
    let clauses: Vec<String> = pattern.explain(value).refusals.into_iter().map(|refusal| refusal.clause).collect();
    Some(if clauses.is_empty() { "the filter policy does not match".to_owned() } else { clauses.join("; ") })
}
