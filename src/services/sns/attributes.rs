//! The attributes of a topic and of its subscriptions, in AWS's names.

use serde_json::{Map, Value, json};

use super::api::Response;
use super::delivery_policy::{retry_json, throttle_json};
use super::fact::Fact;
use super::model::Model;
use super::parsing::invalid;
use super::retry::HTTP_DEFAULT;
use super::rules::topic_problems;
use super::subscription::{Confirmation, Subscription};
use crate::lang::instant::instant_text;
use crate::services::parts::arns::ACCOUNT;
use crate::services::{ApiError, Change, Cx, Door, Page, PropertyKind, attribute_text, whole_number};

/// Subscriptions on one page of a listing.
const SUBSCRIPTIONS_LISTED_MAX: usize = 100;

impl Model {
    pub(super) fn topic_attributes(&self, cx: &Cx<'_>) -> Map<String, Value> {
        let settings = cx.settings_of(cx.me());
        let pending = self.subscriptions.iter().filter(|found| found.is_pending()).count();
        let mut attributes = texts([
            ("TopicArn", self.arn.to_string()),
            ("Owner", ACCOUNT.to_owned()),
            ("DisplayName", settings.text("DisplayName").unwrap_or_default()),
            ("SubscriptionsConfirmed", (self.subscriptions.len() - pending).to_string()),
            ("SubscriptionsPending", pending.to_string()),
            ("SubscriptionsDeleted", self.subscriptions_deleted.to_string()),
            ("EffectiveDeliveryPolicy", self.effective_delivery_policy().to_string()),
        ]);
        let given = ["DeliveryPolicy", "ArchivePolicy", "KmsMasterKeyId", "MaximumMessageSize"].into_iter();
        let given = given.filter(|name| settings.is_given(name));
        attributes
            .extend(given.filter_map(|name| Some((name.to_owned(), attribute_text(&settings.get(name)?).into()))));
        if self.config.fifo {
            let scope = self.config.scope.name().to_owned();
            let by_content = self.config.content_based_deduplication.to_string();
            attributes.extend(texts([
                ("FifoTopic", "true".to_owned()),
                ("ContentBasedDeduplication", by_content),
                ("FifoThroughputScope", scope),
            ]));
        }
        if let (Some(_), Some(beginning)) = (self.config.archive, self.archive.beginning()) {
            attributes.extend(texts([("BeginningArchiveTime", instant_text(beginning))]));
        }
        attributes
    }

    fn effective_delivery_policy(&self) -> Value {
        let policy = &self.config.delivery_policy;
        let mut http = json!({
            "defaultHealthyRetryPolicy": retry_json(&policy.http.retries.unwrap_or(HTTP_DEFAULT)),
            "disableSubscriptionOverrides": policy.disable_subscription_overrides,
            "defaultRequestPolicy": { "headerContentType": "text/plain; charset=UTF-8" },
        });
        if let Some(throttle) = throttle_json(policy.http.receives_per_second) {
            http["defaultThrottlePolicy"] = throttle;
        }
        json!({ "http": http })
    }

    pub(super) fn set_topic_attributes(
        &mut self,
        name: String,
        value: Option<Value>,
        cx: &mut Cx<'_>,
    ) -> Result<Response, ApiError> {
        let settings = cx.settings_of(cx.me());
        let spec = super::SPEC.property(&name).filter(|_| !["FifoTopic", "Decoupled"].contains(&name.as_str()));
        let property = spec.ok_or_else(|| invalid("AttributeName"))?;
        if let (PropertyKind::Integer { min, max }, Some(value)) = (property.kind, &value) {
            let fits = whole_number(value).and_then(|number| i64::try_from(number).ok());
            if !fits.is_some_and(|number| (min..=max).contains(&number)) {
                return Err(invalid(format!("{name} Reason: must be between {min} and {max}")));
            }
        }
        if let (PropertyKind::Choice(choices), Some(value)) = (property.kind, &value)
            && !value.as_str().is_some_and(|value| choices.contains(&value))
        {
            return Err(invalid(format!("{name} Reason: must be one of {}", choices.join(", "))));
        }
        // The way to message groups is one-way (SNS-4).
        let narrows = name == "FifoThroughputScope" && settings.text(&name).as_deref() == Some("MessageGroup");
        if narrows && value.as_ref().and_then(Value::as_str) != Some("MessageGroup") {
            return Err(invalid("FifoThroughputScope Reason: cannot go back from MessageGroup to Topic"));
        }
        let after = settings.with(&name, value.clone());
        if let Some((name, why)) = topic_problems(&after).into_iter().next() {
            return Err(invalid(format!("{name}: {why}")));
        }
        cx.fact(Fact::AttributeSet { name: name.clone() }, None);
        cx.change(Change::SetProperty { node: cx.name(), name, value });
        Ok(Response::Done)
    }

    pub(super) fn subscription_attributes(&self, place: usize) -> Map<String, Value> {
        let subscription = &self.subscriptions[place];
        let settings = &subscription.route.settings;
        let mut attributes = texts([
            ("SubscriptionArn", subscription.arn.to_string()),
            ("TopicArn", self.arn.to_string()),
            ("Owner", ACCOUNT.to_owned()),
            ("Protocol", subscription.protocol.name().to_owned()),
            ("Endpoint", subscription.endpoint()),
            ("RawMessageDelivery", subscription.raw.to_string()),
            ("PendingConfirmation", subscription.is_pending().to_string()),
            ("ConfirmationWasAuthenticated", (!subscription.protocol.needs_confirmation()).to_string()),
        ]);
        let given = ["FilterPolicy", "RedrivePolicy", "DeliveryPolicy", "ReplayPolicy"];
        attributes.extend(
            given.into_iter().filter_map(|name| Some((name.to_owned(), attribute_text(&settings.get(name)?).into()))),
        );
        if settings.is_given("FilterPolicy") {
            let scope = settings.text("FilterPolicyScope").unwrap_or_default();
            attributes.extend(texts([("FilterPolicyScope", scope)]));
        }
        if let Some(replay) = &subscription.replay {
            attributes.extend(texts([("ReplayStatus", replay.status.name().to_owned())]));
        }
        if subscription.protocol.is_http() {
            let mut policy = json!({ "healthyRetryPolicy": retry_json(&subscription.retries) });
            if let Some(throttle) = throttle_json(subscription.pace) {
                policy["throttlePolicy"] = throttle;
            }
            attributes.extend(texts([("EffectiveDeliveryPolicy", policy.to_string())]));
        }
        attributes
    }

    pub(super) fn list_subscriptions(&self, page: Page) -> Value {
        let line = |subscription: &Subscription| {
            let arn = match subscription.confirmation {
                Confirmation::Confirmed => &*subscription.arn,
                Confirmation::Pending { .. } => "PendingConfirmation",
            };
            json!({ "SubscriptionArn": arn, "Owner": ACCOUNT, "Protocol": subscription.protocol.name(),
                "Endpoint": subscription.endpoint(), "TopicArn": &*self.arn })
        };
        page.of("Subscriptions", self.subscriptions.iter().map(line), SUBSCRIPTIONS_LISTED_MAX)
    }
}

fn texts<const N: usize>(attributes: [(&str, String); N]) -> Map<String, Value> {
    attributes.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))).collect()
}
