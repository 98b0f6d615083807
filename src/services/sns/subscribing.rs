//! `Subscribe`, `Unsubscribe` and `SetSubscriptionAttributes`: they change the links of the running scene.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::api::Response;
use super::fact::Fact;
use super::model::Model;
use super::parsing::invalid;
use super::protocol::Protocol;
use super::quotas::{
    FIFO_SUBSCRIPTIONS_MAX, FILTER_POLICIES_MAX, FIREHOSE_SUBSCRIPTIONS_MAX, PENDING_SUBSCRIPTIONS_MAX,
    STANDARD_SUBSCRIPTIONS_MAX, SUBSCRIBE_RATE,
};
use super::rules::subscription_problems;
use super::subscription::{Subscription, arn_of};
use crate::engine::ActorId;
use crate::lang::event_pattern::{Dialect, Pattern};
use crate::services::{ApiError, Change, Cx, Door, Kind, LinkKind, Settings};

/// What `Subscribe` answers for an ARN while the owner has not agreed.
const PENDING: &str = "pending confirmation";
/// Attributes that `SetSubscriptionAttributes` knows.
const ATTRIBUTES: [&str; 6] =
    ["DeliveryPolicy", "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy", "ReplayPolicy"];

impl Model {
    pub(super) fn subscribe(
        &mut self,
        (protocol, endpoint): (&str, &str),
        mut attributes: Map<String, Value>,
        return_arn: bool,
        cx: &mut Cx<'_>,
    ) -> Result<Response, ApiError> {
        self.admit_subscribing(cx)?;
        let unknown = format!("Amazon SNS does not support this protocol string: {protocol}");
        let protocol = Protocol::from_name(protocol).ok_or_else(|| invalid(unknown))?;
        let (peer, name) = node_named(endpoint, cx)
            .ok_or_else(|| invalid(format!("Endpoint Reason: no node of the scene is called {endpoint}")))?;
        let wrong = |why: String| invalid(format!("Attributes Reason: {why}"));
        if let Some(attribute) = attributes.keys().find(|name| !ATTRIBUTES.contains(&name.as_str())) {
            return Err(wrong(format!("Unknown attribute {attribute}")));
        }
        name_dead_letter_queue(&mut attributes, cx).map_err(wrong)?;
        if let Some(existing) =
            self.subscriptions.iter().find(|found| found.route.peer == peer && found.protocol == protocol)
        {
            let settings = &existing.route.settings;
            if attributes.iter().any(|(name, value)| settings.get(name).as_ref() != Some(value)) {
                return Err(wrong("Subscription already exists with different attributes".to_owned()));
            }
            let pending = existing.is_pending() && !return_arn;
            let arn = if pending { PENDING.to_owned() } else { existing.arn.to_string() };
            return Ok(Response::Subscription { arn });
        }
        attributes.insert("Protocol".to_owned(), protocol.name().into());
        let settings = Settings::new(attributes.clone(), LinkKind::Subscription.spec().properties);
        check((peer, &settings), cx).map_err(|(name, why)| match name {
            "Endpoint" => invalid(format!("Invalid parameter: Endpoint Reason: {why}")),
            "Protocol" => invalid(format!("Endpoint Reason: {why}")),
            name => wrong(format!("{name}: {why}")),
        })?;
        self.check_room(protocol)?;
        self.check_filters(settings.is_given("FilterPolicy"))?;
        let pending = protocol.needs_confirmation() && !return_arn;
        let plain = arn_of(&self.arn, &name);
        let taken = self.subscriptions.iter().any(|found| *found.arn == *plain);
        let arn = match (pending, taken) {
            (true, _) => PENDING.to_owned(),
            (false, true) => format!("{plain}-{}", protocol.name()),
            (false, false) => plain,
        };
        cx.fact(Fact::Subscribed { subscription: Arc::clone(&name), protocol: protocol.name() }, None);
        cx.change(Change::AddLink { kind: LinkKind::Subscription, from: cx.name(), to: name, properties: attributes });
        Ok(Response::Subscription { arn })
    }

    /// Idempotent: what is not subscribed is unsubscribed.
    pub(super) fn unsubscribe(&mut self, arn: &str, cx: &mut Cx<'_>) -> Result<Response, ApiError> {
        self.admit_subscribing(cx)?;
        if let Ok(place) = self.place_of(arn) {
            let route = &self.subscriptions[place].route;
            let (link, subscription) = (route.link, Arc::clone(&route.peer_name));
            cx.fact(Fact::Unsubscribed { subscription }, None);
            cx.change(Change::RemoveLink { link });
        }
        Ok(Response::Done)
    }

    pub(super) fn set_subscription_attributes(
        &mut self,
        arn: &str,
        name: String,
        value: Option<Value>,
        cx: &mut Cx<'_>,
    ) -> Result<Response, ApiError> {
        let place = self.place_of(arn)?;
        if !ATTRIBUTES.contains(&name.as_str()) {
            return Err(invalid("AttributeName"));
        }
        let wrong = |why: String| invalid(format!("{name}: {why}"));
        let mut given = Map::from_iter(value.map(|value| (name.clone(), value)));
        name_dead_letter_queue(&mut given, cx).map_err(&invalid)?;
        let value = given.shift_remove(&name);
        let route = self.subscriptions[place].route.clone();
        let settings = route.settings.with(&name, value.clone());
        check((route.peer, &settings), cx).map_err(|(name, why)| invalid(format!("{name}: {why}")))?;
        if name == "FilterPolicyScope"
            && !matches!(value.as_ref().and_then(Value::as_str), Some("MessageAttributes" | "MessageBody"))
        {
            return Err(wrong("Invalid value. Please use either MessageBody or MessageAttributes".to_owned()));
        }
        let filters = value.is_some() && name == "FilterPolicy" && !route.settings.is_given("FilterPolicy");
        self.check_filters(filters)?;
        cx.fact(Fact::AttributeSet { name: name.clone() }, None);
        cx.change(Change::SetLinkProperty { link: route.link, name, value });
        Ok(Response::Done)
    }

    fn admit_subscribing(&mut self, cx: &Cx<'_>) -> Result<(), ApiError> {
        let now = cx.now();
        if !self.quotas.subscribing.has_room(1, SUBSCRIBE_RATE, now) {
            return Err(ApiError::server("Throttling", "Rate exceeded"));
        }
        self.quotas.subscribing.spend(1, now);
        Ok(())
    }

    /// How many subscriptions there may be (SNS-3).
    fn check_room(&self, protocol: Protocol) -> Result<(), ApiError> {
        let count = |of: &dyn Fn(&Subscription) -> bool| self.subscriptions.iter().filter(|found| of(found)).count();
        let most = if self.config.fifo { FIFO_SUBSCRIPTIONS_MAX } else { STANDARD_SUBSCRIPTIONS_MAX };
        let too_many = self.subscriptions.len() >= most
            || protocol.needs_confirmation() && count(&Subscription::is_pending) >= PENDING_SUBSCRIPTIONS_MAX
            || protocol == Protocol::Firehose
                && count(&|found| found.protocol == Protocol::Firehose) >= FIREHOSE_SUBSCRIPTIONS_MAX;
        if too_many {
            let text = "The topic has as many subscriptions as it may have.";
            return Err(ApiError::client("SubscriptionLimitExceeded", text));
        }
        Ok(())
    }

    /// How many of them may filter (SNS-3).
    fn check_filters(&self, one_more: bool) -> Result<(), ApiError> {
        let filter = |found: &&Subscription| found.route.settings.is_given("FilterPolicy");
        if one_more && self.subscriptions.iter().filter(filter).count() >= FILTER_POLICIES_MAX {
            let text = format!("A topic has at most {FILTER_POLICIES_MAX} filter policies.");
            return Err(ApiError::client("FilterPolicyLimitExceeded", text));
        }
        Ok(())
    }

    /// The place of a subscription, by its ARN or by the id of its subscriber.
    pub(super) fn place_of(&self, arn: &str) -> Result<usize, ApiError> {
        let named = |found: &Subscription| *found.route.peer_name == *arn || *found.arn == *arn;
        let place = self.subscriptions.iter().position(named);
        place.ok_or_else(|| ApiError::client("NotFound", "Subscription does not exist"))
    }
}

/// What AWS would refuse of a subscription with these settings: the property, and why.
fn check((peer, settings): (ActorId, &Settings), cx: &Cx<'_>) -> Result<(), (&'static str, String)> {
    let kind = |actor: ActorId| cx.shared_ref().kinds[actor.index()];
    let redrive = settings.get("RedrivePolicy");
    let queue = redrive.as_ref().and_then(|policy| policy.get("deadLetterTargetArn")).and_then(Value::as_str);
    let queue = queue.and_then(|name| cx.shared_ref().by_name.get(name).copied());
    let dead_letters = queue.map(|queue| (kind(queue), cx.settings_of(queue)));
    let subscriber = (kind(peer), cx.settings_of(peer));
    let problems = subscription_problems(cx.settings_of(cx.me()), subscriber, settings, dead_letters);
    if let Some(problem) = problems.into_iter().next() {
        return Err(problem);
    }
    let Some(policy) = settings.get("FilterPolicy") else { return Ok(()) };
    let of_body = settings.text("FilterPolicyScope").as_deref() == Some("MessageBody");
    let dialect = if of_body { Dialect::SnsMessageBody } else { Dialect::SnsMessageAttributes };
    let said = |error: crate::lang::event_pattern::PatternError| {
        let text = error.message.trim_start_matches("Invalid parameter: ").trim_start_matches("FilterPolicy: ");
        ("FilterPolicy", text.to_owned())
    };
    Pattern::from_value(&policy, dialect).map(drop).map_err(said)
}

/// A dead-letter queue's ARN becomes the id of its node.
fn name_dead_letter_queue(attributes: &mut Map<String, Value>, cx: &Cx<'_>) -> Result<(), String> {
    let Some(policy) = attributes.get_mut("RedrivePolicy") else { return Ok(()) };
    let found = policy.get("deadLetterTargetArn").and_then(Value::as_str).and_then(|arn| node_named(arn, cx));
    match found.filter(|(queue, _)| cx.shared_ref().kinds[queue.index()] == Kind::Queue) {
        Some((_, name)) => policy["deadLetterTargetArn"] = (&*name).into(),
        None => return Err("RedrivePolicy: deadLetterTargetArn is an invalid arn".to_owned()),
    }
    Ok(())
}

/// The node an endpoint stands for: by its id, or by an ARN, a URL or an address that has it where AWS has a name.
fn node_named(endpoint: &str, cx: &Cx<'_>) -> Option<(ActorId, Arc<str>)> {
    let tail = |text: &str, mark: &[char]| text.rsplit(mark).next().unwrap_or_default().to_owned();
    let host = endpoint.split_once("://").map(|(_, rest)| rest).and_then(|rest| rest.split(['.', '/']).next());
    let mailbox = endpoint.split_once('@').map(|(mailbox, _)| mailbox.to_owned());
    let names = [Some(endpoint.to_owned()), Some(tail(endpoint, &[':', '/'])), host.map(str::to_owned), mailbox];
    let shared = cx.shared_ref();
    let actor = names.into_iter().flatten().find_map(|name| shared.by_name.get(&name).copied())?;
    Some((actor, cx.name_of(actor)))
}
