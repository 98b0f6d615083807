//! The protocols of subscriptions (SNS-9), and in what they differ.

use super::retry::{CUSTOMER_MANAGED, HTTP_DEFAULT, MANAGED, RetryPolicy};
use crate::services::{Kind, Settings};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    Sqs,
    Lambda,
    Firehose,
    Http,
    Https,
    Email,
    EmailJson,
    Sms,
    Application,
}

impl Protocol {
    pub const NAMES: [&'static str; 9] =
        ["sqs", "lambda", "firehose", "http", "https", "email", "email-json", "sms", "application"];
    const ALL: [Self; 9] = [
        Self::Sqs,
        Self::Lambda,
        Self::Firehose,
        Self::Http,
        Self::Https,
        Self::Email,
        Self::EmailJson,
        Self::Sms,
        Self::Application,
    ];

    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().position(|known| *known == name).map(|place| Self::ALL[place])
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }

    /// What a subscription speaks: a queue and a function have one protocol each, an endpoint the one it is given.
    #[must_use]
    pub fn read(settings: &Settings, subscriber: Kind) -> Self {
        match subscriber {
            Kind::Queue => Self::Sqs,
            Kind::Function => Self::Lambda,
            _ => {
                let given = settings.text("Protocol").and_then(|name| Self::from_name(&name));
                given.filter(|protocol| protocol.reaches(subscriber)).unwrap_or(Self::Https)
            }
        }
    }

    /// Whether a node of this kind can be subscribed by it.
    #[must_use]
    pub fn reaches(self, subscriber: Kind) -> bool {
        match self {
            Self::Sqs => subscriber == Kind::Queue,
            Self::Lambda => subscriber == Kind::Function,
            _ => subscriber == Kind::Endpoint,
        }
    }

    #[must_use]
    pub fn is_http(self) -> bool {
        matches!(self, Self::Http | Self::Https)
    }

    /// Whether its owner must agree before anything is delivered.
    #[must_use]
    pub fn needs_confirmation(self) -> bool {
        self.is_http() || matches!(self, Self::Email | Self::EmailJson)
    }

    /// Whether `RawMessageDelivery` has a meaning (SNS-11).
    #[must_use]
    pub fn takes_raw(self) -> bool {
        self.is_http() || matches!(self, Self::Sqs | Self::Firehose)
    }

    /// Whether it takes messages above 256 KiB (SNS-5).
    #[must_use]
    pub fn takes_large(self) -> bool {
        matches!(self, Self::Sqs | Self::Lambda | Self::Firehose)
    }

    /// The retries AWS makes unless told otherwise (SNS-15, SNS-16).
    #[must_use]
    pub fn retries(self) -> RetryPolicy {
        match self {
            Self::Sqs | Self::Lambda | Self::Firehose => MANAGED,
            Self::Http | Self::Https => HTTP_DEFAULT,
            Self::Email | Self::EmailJson | Self::Sms | Self::Application => CUSTOMER_MANAGED,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_aws_names() {
        for name in Protocol::NAMES {
            assert_eq!(Protocol::from_name(name).map(Protocol::name), Some(name));
        }
        assert_eq!(Protocol::from_name("test-protocol"), None);
    }
}
