//! Delivery policies for HTTP/S: a topic's, a subscription's, and which of them holds (SNS-16).

use serde_json::{Map, Value, json};

use super::protocol::Protocol;
use super::retry::{Backoff, HTTP_DEFAULT, RetryPolicy};
use crate::engine::seconds;
use crate::services::whole_number;

const RETRIES_MAX: u64 = 100;
const DELAY_MAX: u64 = 3_600;

/// What one policy says; what it leaves open is for the next one to say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeliveryPolicy {
    pub retries: Option<RetryPolicy>,
    pub receives_per_second: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default)]
pub struct TopicPolicy {
    pub http: DeliveryPolicy,
    pub disable_subscription_overrides: bool,
}

impl TopicPolicy {
    /// `{"http": {"defaultHealthyRetryPolicy": …}}`; one that is not valid says nothing.
    #[must_use]
    pub fn read(policy: Option<&Value>) -> Self {
        policy.and_then(|policy| Self::parse(policy).ok()).unwrap_or_default()
    }

    /// # Errors
    /// What is wrong, in words.
    pub fn parse(policy: &Value) -> Result<Self, String> {
        let Some(http) = policy.get("http") else { return Err("http is missing".to_owned()) };
        let disabled = http.get("disableSubscriptionOverrides").is_some_and(|value| value == &Value::Bool(true));
        let http = parse(http, "defaultHealthyRetryPolicy", "defaultThrottlePolicy")?;
        Ok(Self { http, disable_subscription_overrides: disabled })
    }
}

impl DeliveryPolicy {
    #[must_use]
    pub fn read(policy: Option<&Value>) -> Self {
        policy.and_then(|policy| Self::parse(policy).ok()).unwrap_or_default()
    }

    /// # Errors
    /// What is wrong, in words.
    pub fn parse(policy: &Value) -> Result<Self, String> {
        parse(policy, "healthyRetryPolicy", "throttlePolicy")
    }

    /// The policy of a subscription: its own before its topic's, unless the topic forbids that.
    #[must_use]
    pub fn effective(own: Self, topic: &TopicPolicy, protocol: Protocol) -> (RetryPolicy, Option<u64>) {
        if !protocol.is_http() {
            return (protocol.retries(), None);
        }
        let own = if topic.disable_subscription_overrides { Self::default() } else { own };
        let retries = own.retries.or(topic.http.retries).unwrap_or(HTTP_DEFAULT);
        (retries, own.receives_per_second.or(topic.http.receives_per_second))
    }
}

fn parse(policy: &Value, retry: &str, throttle: &str) -> Result<DeliveryPolicy, String> {
    let Some(policy) = policy.as_object() else { return Err("it must be a JSON object".to_owned()) };
    let retries = policy.get(retry).filter(|value| !value.is_null()).map(retry_policy).transpose()?;
    let receives = policy.get(throttle).and_then(|value| value.get("maxReceivesPerSecond"));
    let receives_per_second = match receives {
        None | Some(Value::Null) => None,
        Some(value) => {
            let rate = whole_number(value).filter(|rate| *rate >= 1);
            Some(rate.ok_or_else(|| "maxReceivesPerSecond must be at least 1".to_owned())?)
        }
    };
    Ok(DeliveryPolicy { retries, receives_per_second })
}

fn retry_policy(value: &Value) -> Result<RetryPolicy, String> {
    let Some(map) = value.as_object() else { return Err("healthyRetryPolicy must be a JSON object".to_owned()) };
    let number = |name: &str, default: u64, range: (u64, u64)| match map.get(name) {
        None => Ok(default),
        Some(value) => whole_number(value)
            .filter(|number| (range.0..=range.1).contains(number))
            .ok_or_else(|| format!("{name} must be between {} and {}", range.0, range.1)),
    };
    let retries = number("numRetries", 3, (0, RETRIES_MAX))?;
    let no_delay = number("numNoDelayRetries", 0, (0, RETRIES_MAX))?;
    let min_delay = number("numMinDelayRetries", 0, (0, RETRIES_MAX))?;
    let max_delay = number("numMaxDelayRetries", 0, (0, RETRIES_MAX))?;
    let max = number("maxDelayTarget", 20, (1, DELAY_MAX))?;
    let min = number("minDelayTarget", 20.min(max), (1, max))?;
    let Some(backoff) = retries.checked_sub(no_delay + min_delay + max_delay) else {
        return Err("numRetries must be at least the sum of the retries of its phases".to_owned());
    };
    let function = match map.get("backoffFunction").map(|name| name.as_str().and_then(Backoff::from_name)) {
        None => Backoff::Linear,
        Some(Some(function)) => function,
        Some(None) => return Err(format!("backoffFunction must be one of {}", Backoff::NAMES.join(", "))),
    };
    let small = |number: u64| u32::try_from(number).expect("checked against its range");
    let policy = RetryPolicy {
        no_delay: small(no_delay),
        min_delay: small(min_delay),
        backoff: small(backoff),
        max_delay: small(max_delay),
        min: small(min),
        max: small(max),
        function,
    };
    if policy.total() > seconds(DELAY_MAX) {
        let total = policy.total() / seconds(1);
        return Err(format!("its retries take {total} seconds together; at most {DELAY_MAX} are allowed"));
    }
    Ok(policy)
}

/// A retry policy in AWS's shape, as `EffectiveDeliveryPolicy` shows it.
#[must_use]
pub fn retry_json(policy: &RetryPolicy) -> Value {
    json!({
        "minDelayTarget": policy.min,
        "maxDelayTarget": policy.max,
        "numRetries": policy.count(),
        "numMaxDelayRetries": policy.max_delay,
        "numNoDelayRetries": policy.no_delay,
        "numMinDelayRetries": policy.min_delay,
        "backoffFunction": policy.function.name(),
    })
}

/// A throttle policy in AWS's shape, if there is one.
#[must_use]
pub fn throttle_json(receives_per_second: Option<u64>) -> Option<Value> {
    receives_per_second.map(|rate| Value::Object(Map::from_iter([("maxReceivesPerSecond".to_owned(), rate.into())])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_the_docs(max_delay: u64) -> Value {
        json!({ "healthyRetryPolicy": { "minDelayTarget": 1, "maxDelayTarget": 60, "numRetries": 15 + max_delay,
            "numNoDelayRetries": 3, "numMinDelayRetries": 2, "numMaxDelayRetries": max_delay,
            "backoffFunction": "exponential" }, "throttlePolicy": { "maxReceivesPerSecond": 10 } })
    }

    /// SNS-E9.
    #[test]
    fn the_policy_of_the_docs_fits_into_an_hour_and_a_longer_one_does_not() {
        let policy = DeliveryPolicy::parse(&of_the_docs(35)).expect("valid");
        let retries = policy.retries.expect("given");
        assert_eq!((retries.count(), policy.receives_per_second), (50, Some(10)));
        assert!(retries.total() > seconds(2_100) && retries.total() <= seconds(3_600));
        assert!(DeliveryPolicy::parse(&of_the_docs(60)).expect_err("too long").contains("3600"));
    }

    #[test]
    fn a_topic_may_forbid_overrides() {
        let own = DeliveryPolicy::parse(&of_the_docs(0)).expect("valid");
        let http = |disabled: bool| json!({ "http": { "defaultHealthyRetryPolicy": { "numRetries": 1 }, "disableSubscriptionOverrides": disabled } });
        let of = |disabled| TopicPolicy::parse(&http(disabled)).expect("valid");
        assert_eq!(DeliveryPolicy::effective(own, &of(false), Protocol::Http).0.count(), 15);
        assert_eq!(
            DeliveryPolicy::effective(own, &of(true), Protocol::Https),
            (RetryPolicy { backoff: 1, ..HTTP_DEFAULT }, None)
        );
        assert_eq!(DeliveryPolicy::effective(own, &of(true), Protocol::Sqs).0.count(), 100_015);
    }
}
