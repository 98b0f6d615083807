//! A subscription as the topic sees it: its link, its protocol, its filter, its policies, and what state it is in.

use std::sync::Arc;

use serde_json::Value;

use super::config::Config;
use super::delivery_policy::DeliveryPolicy;
use super::filter::Filter;
use super::protocol::Protocol;
use super::quotas::{EMAIL_RATE, SMS_RATE};
use super::replay::Replay;
use super::retry::RetryPolicy;
use crate::engine::{MICROS_PER_SECOND, Micros};
use crate::services::Route;
use crate::services::eventbridge::api::one_line;
use crate::services::parts::arns::arn;

/// Characters of a filter's text that fit on the card.
const LABEL_CHARS: usize = 40;

/// Whether its owner has agreed (SNS-9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirmation {
    Confirmed,
    Pending { token: String, since: Micros },
}

#[derive(Clone, Debug)]
pub struct Subscription {
    pub route: Route,
    /// Its topic's ARN and the id of its subscriber.
    pub arn: Arc<str>,
    pub protocol: Protocol,
    pub filter: Filter,
    /// A changed filter, and when it holds (SNS-23).
    pub coming: Option<(Micros, Filter)>,
    pub raw: bool,
    pub retries: RetryPolicy,
    /// At most so many attempts a second: what is more waits for its place.
    pub pace: Option<u64>,
    /// When the next attempt has its place.
    pub next_place: Micros,
    pub confirmation: Confirmation,
    pub replay: Option<Replay>,
    /// The id of its dead-letter queue's node.
    pub dead_letter_queue: Option<String>,
    /// `all`, or the filter in a few words.
    pub label: String,
    /// Whether the latest message passed the filter.
    pub passed: Option<bool>,
}

impl Subscription {
    /// Of a link, confirmed.
    #[must_use]
    pub fn read(route: &Route, topic_arn: &str, config: &Config) -> Self {
        let settings = &route.settings;
        let filter = Filter::read(settings);
        let label = match (&filter, settings.get("FilterPolicy")) {
            (Filter::Invalid(_), _) => "not valid".to_owned(),
            (_, Some(policy)) => one_line(&policy, LABEL_CHARS),
            (_, None) => "all".to_owned(),
        };
        let protocol = Protocol::read(settings, route.peer_kind);
        let own = DeliveryPolicy::read(settings.get("DeliveryPolicy").as_ref());
        let (retries, receives) = DeliveryPolicy::effective(own, &config.delivery_policy, protocol);
        let pace = match protocol {
            Protocol::Email | Protocol::EmailJson => Some(EMAIL_RATE),
            Protocol::Sms => Some(SMS_RATE),
            _ => receives,
        };
        let redrive = settings.get("RedrivePolicy");
        let queue = redrive.as_ref().and_then(|policy| policy.get("deadLetterTargetArn")).and_then(Value::as_str);
        Self {
            route: route.clone(),
            arn: Arc::from(arn_of(topic_arn, &route.peer_name)),
            protocol,
            filter,
            coming: None,
            raw: settings.boolean("RawMessageDelivery") && protocol.takes_raw(),
            retries,
            pace,
            next_place: 0,
            confirmation: Confirmation::Confirmed,
            replay: None,
            dead_letter_queue: queue.map(str::to_owned),
            label,
            passed: None,
        }
    }

    /// Goes on as the same subscription with other settings: a changed filter waits until it holds.
    pub fn carry_on(&mut self, before: Self, holds_at: Micros, now: Micros) {
        self.arn = before.arn;
        self.confirmation = before.confirmation;
        self.next_place = before.next_place;
        self.replay = before.replay;
        let policy = |subscription: &Route| {
            (subscription.settings.get("FilterPolicy"), subscription.settings.text("FilterPolicyScope"))
        };
        if policy(&before.route) == policy(&self.route) {
            self.passed = before.passed;
            (self.filter, self.coming) = (before.filter, before.coming);
        } else if holds_at > now {
            let after = std::mem::replace(&mut self.filter, before.filter);
            self.coming = Some((holds_at, after));
        }
    }

    /// A second subscription of the same node, by another protocol, has an ARN of its own.
    pub fn tell_apart(&mut self, taken: impl FnOnce(&str) -> bool) {
        if taken(&self.arn) {
            self.arn = Arc::from(format!("{}-{}", self.arn, self.protocol.name()));
        }
    }

    /// A changed filter holds when its time has come.
    pub fn look_at_clock(&mut self, now: Micros) {
        if let Some((_, filter)) = self.coming.take_if(|(at, _)| *at <= now) {
            self.filter = filter;
        }
    }

    #[must_use]
    pub fn is_pending(&self) -> bool {
        self.confirmation != Confirmation::Confirmed
    }

    /// Whether it gets what was published at `at`: not before it is confirmed, and not after its replay's end.
    #[must_use]
    pub fn takes(&self, at: Micros) -> bool {
        !self.is_pending() && self.replay.as_ref().is_none_or(|replay| at <= replay.end)
    }

    /// How long the next attempt waits for its place; it takes that place.
    pub fn take_place(&mut self, now: Micros) -> Micros {
        let Some(rate) = self.pace else { return 0 };
        let place = self.next_place.max(now);
        self.next_place = place + MICROS_PER_SECOND / rate;
        place - now
    }

    /// Its endpoint as AWS would name it.
    #[must_use]
    pub fn endpoint(&self) -> String {
        let name = &self.route.peer_name;
        match self.protocol {
            Protocol::Sqs => arn("sqs", name),
            Protocol::Lambda => arn("lambda", &format!("function:{name}")),
            Protocol::Firehose => arn("firehose", &format!("deliverystream/{name}")),
            Protocol::Application => arn("sns", &format!("endpoint/GCM/app/{name}")),
            Protocol::Http | Protocol::Https => format!("{}://{name}.example.com/", self.protocol.name()),
            Protocol::Email | Protocol::EmailJson => format!("{name}@example.com"),
            Protocol::Sms => name.to_string(),
        }
    }
}

/// The ARN of a subscription: where AWS has a random part, the id of the subscriber's node.
#[must_use]
pub fn arn_of(topic_arn: &str, subscriber: &str) -> String {
    format!("{topic_arn}:{subscriber}")
}
