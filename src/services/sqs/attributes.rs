//! `GetQueueAttributes` and `SetQueueAttributes`: a queue's attributes as the API has them, all of them texts.

use serde_json::{Map, Value, json};

use super::api::Response;
use super::config::{bad_redrive, queue_of_arn, redrive_refusal};
use super::form::SPEC;
use super::model::Model;
use crate::engine::ActorId;
use crate::services::{
    ApiError, Change, Cx, Door, Kind, PropertyKind, Service, Settings, attribute_text, is_true, whole_number,
};

/// Attributes that are read and never set.
const READ_ALONE: [&str; 7] = [
    "All",
    "QueueArn",
    "CreatedTimestamp",
    "LastModifiedTimestamp",
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
];

/// Properties that are attributes of the API too.
const SETTABLE: [&str; 13] = [
    "VisibilityTimeout",
    "DelaySeconds",
    "ReceiveMessageWaitTimeSeconds",
    "MessageRetentionPeriod",
    "MaximumMessageSize",
    "RedrivePolicy",
    "RedriveAllowPolicy",
    "ContentBasedDeduplication",
    "DeduplicationScope",
    "FifoThroughputLimit",
    "SqsManagedSseEnabled",
    "KmsMasterKeyId",
    "KmsDataKeyReusePeriodSeconds",
];
const FIFO_ALONE: [&str; 3] = ["ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"];

impl Model {
    /// Everything, or what is named.
    ///
    /// # Errors
    /// `InvalidAttributeName`.
    pub(super) fn attributes(&self, names: Option<&[String]>, cx: &Cx<'_>) -> Result<Map<String, Value>, ApiError> {
        let mut attributes = Map::new();
        let mut add = |name: &str, text: String| attributes.insert(name.to_owned(), Value::String(text));
        add("ApproximateNumberOfMessages", self.backlog.visible().to_string());
        add("ApproximateNumberOfMessagesNotVisible", self.backlog.in_flight().to_string());
        add("ApproximateNumberOfMessagesDelayed", self.backlog.delayed().to_string());
        add("QueueArn", cx.name().to_string());
        add("CreatedTimestamp", (self.created / 1_000_000).to_string());
        add("LastModifiedTimestamp", (self.modified / 1_000_000).to_string());
        if self.config.fifo {
            add("FifoQueue", "true".to_owned());
        }
        for name in SETTABLE {
            let is_shown = match name {
                "KmsDataKeyReusePeriodSeconds" => self.settings.is_given("KmsMasterKeyId"),
                _ => self.config.fifo || !FIFO_ALONE.contains(&name),
            };
            let is_replaced = name == "SqsManagedSseEnabled" && self.settings.is_given("KmsMasterKeyId");
            if is_replaced {
                add(name, "false".to_owned());
            } else if let Some(value) = self.settings.get(name).filter(|_| is_shown) {
                add(name, attribute_text(&value));
            }
        }
        let Some(names) = names else { return Ok(attributes) };
        let is_known = |name: &&String| {
            let name = name.as_str();
            SETTABLE.contains(&name) || READ_ALONE.contains(&name) || ["FifoQueue", "Policy"].contains(&name)
        };
        if let Some(unknown) = names.iter().find(|name| !is_known(name)) {
            return Err(ApiError::client("InvalidAttributeName", format!("Unknown Attribute {unknown}.")));
        }
        if !names.iter().any(|name| name == "All") {
            attributes.retain(|name, _| names.contains(name));
        }
        Ok(attributes)
    }

    /// The URL of a queue by its name: the id of its node, as everywhere in a scene.
    ///
    /// # Errors
    /// `NonExistentQueue` (SQS-8).
    pub(super) fn queue_url(name: &str, cx: &Cx<'_>) -> Result<Response, ApiError> {
        let shared = cx.shared_ref();
        let is_named = |actor: &ActorId| {
            let settings = &shared.settings[actor.index()];
            settings.text("QueueName").as_deref() == Some(name)
        };
        let is_queue = |actor: &ActorId| shared.kinds[actor.index()] == Kind::Queue;
        let by_id = shared.by_name.get(name).copied().filter(is_queue);
        let found = by_id.or_else(|| shared.by_name.values().copied().filter(is_queue).find(is_named));
        let missing = || ApiError::client(Self::GONE, "The specified queue does not exist.");
        found.map(|actor| Response::Shape(json!({ "QueueUrl": &*cx.name_of(actor) }))).ok_or_else(missing)
    }

    /// Checks all attributes, then asks for the change of all: the live queue follows at this very instant.
    ///
    /// # Errors
    /// `InvalidAttributeName`, `InvalidAttributeValue`, and `InvalidParameterValue` for a policy that another queue
    /// does not allow (SQS-40).
    pub(super) fn set_attributes(&mut self, given: Map<String, Value>, cx: &mut Cx<'_>) -> Result<(), ApiError> {
        let mut changes = Vec::new();
        let (keyed, managed) = self.encryption(&given)?;
        for (name, value) in given {
            // Its own type is the one that a FIFO queue may be given.
            if name == "FifoQueue" && self.config.fifo && is_true(&value) {
                continue;
            }
            let mut value = self.settable(&name, value)?;
            if let Some(policy) = value.as_mut().filter(|_| name == "RedrivePolicy") {
                self.check_redrive(policy, cx)?;
                if let Some(Value::String(target)) = policy.get_mut("deadLetterTargetArn") {
                    *target = queue_of_arn(target).to_owned();
                }
            }
            changes.push((name, value));
        }
        // A queue has one kind of encryption: the other ends (recorded).
        if keyed {
            changes.push(("SqsManagedSseEnabled".to_owned(), Some(Value::Bool(false))));
        } else if managed && self.settings.is_given("KmsMasterKeyId") {
            changes.push(("KmsMasterKeyId".to_owned(), None));
        }
        self.modified = cx.now();
        let node = cx.name();
        for (name, value) in changes {
            cx.change(Change::SetProperty { node: node.clone(), name, value });
        }
        Ok(())
    }

    /// Whether a key of KMS is given alone, and whether SSE-SQS is.
    ///
    /// # Errors
    /// `InvalidAttributeName` for both at once.
    fn encryption(&self, given: &Map<String, Value>) -> Result<(bool, bool), ApiError> {
        let keyed = given.get("KmsMasterKeyId").is_some_and(|key| *key != "");
        let managed = given.get("SqsManagedSseEnabled");
        let is_managed = managed.is_some_and(is_true);
        if keyed && is_managed {
            let text = "You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or \
                        SQS SSE.";
            return Err(ApiError::client("InvalidAttributeName", text));
        }
        Ok((keyed && managed.is_none(), is_managed))
    }

    /// An attribute's value as a property; `None` takes it away.
    fn settable(&self, name: &str, value: Value) -> Result<Option<Value>, ApiError> {
        let invalid = || ApiError::client("InvalidAttributeValue", format!("Invalid value for the parameter {name}."));
        if name == "FifoQueue" && self.config.fifo {
            let text = "Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.";
            return Err(ApiError::client("InvalidAttributeValue", text));
        }
        let is_settable = SETTABLE.contains(&name) && (self.config.fifo || !FIFO_ALONE.contains(&name));
        let Some(property) = SPEC.property(name).filter(|_| is_settable) else {
            return Err(ApiError::client("InvalidAttributeName", format!("Unknown Attribute {name}.")));
        };
        if value == "" {
            return Ok(None);
        }
        if name == "RedrivePolicy" {
            return redrive_policy(value).map(Some);
        }
        let value = match property.kind {
            PropertyKind::Integer { min, max } => {
                let number = whole_number(&value).and_then(|number| i64::try_from(number).ok());
                Value::from(number.filter(|number| (min..=max).contains(number)).ok_or_else(invalid)?)
            }
            PropertyKind::Boolean => match &value {
                Value::Bool(_) => value,
                other if other == "true" || other == "false" => Value::Bool(other == "true"),
                _ => return Err(invalid()),
            },
            PropertyKind::Choice(choices) => {
                let is_choice = value.as_str().is_some_and(|text| choices.contains(&text));
                if is_choice { value } else { return Err(invalid()) }
            }
            PropertyKind::Object(_) => match &value {
                Value::String(text) => serde_json::from_str(text).ok().filter(Value::is_object).ok_or_else(invalid)?,
                Value::Object(_) => value,
                _ => return Err(invalid()),
            },
            _ => value,
        };
        Ok(Some(value))
    }

    fn check_redrive(&self, policy: &Value, cx: &Cx<'_>) -> Result<(), ApiError> {
        let refuse = |reason: &str| Err(redrive_error(policy, reason));
        let (me, shared) = (cx.name(), cx.shared_ref());
        let target = policy["deadLetterTargetArn"].as_str().map(queue_of_arn);
        let found = target.and_then(|target| shared.by_name.get(target));
        match found.filter(|actor| shared.kinds[actor.index()] == Kind::Queue) {
            None => refuse("Dead letter target does not exist"),
            Some(_) if target == Some(&*me) => refuse("a queue cannot be its own dead-letter queue"),
            Some(actor) => {
                let refusal = redrive_refusal(&me, self.config.fifo, &redrive_settings(cx.settings_of(*actor)));
                refusal.map_or(Ok(()), refuse)
            }
        }
    }
}

fn redrive_error(policy: &Value, reason: &str) -> ApiError {
    let text = format!("Value {} for parameter RedrivePolicy is invalid. Reason: {reason}.", attribute_text(policy));
    ApiError::client("InvalidParameterValue", text)
}

/// A policy as the call gives it, which has both members (recorded).
fn redrive_policy(given: Value) -> Result<Value, ApiError> {
    let read = given.as_str().map_or_else(|| Some(given.clone()), |text| serde_json::from_str(text).ok());
    let Some(policy) = read.filter(Value::is_object) else {
        return Err(redrive_error(&given, "Redrive policy is not a valid JSON map"));
    };
    match bad_redrive(&policy) {
        Some(reason) => Err(redrive_error(&given, reason)),
        None => Ok(policy),
    }
}

/// The properties of a dead-letter queue that decide who may use it.
fn redrive_settings(settings: &Settings) -> Map<String, Value> {
    let names = ["FifoQueue", "RedriveAllowPolicy"].into_iter();
    let values = names.filter_map(|name| Some((name.to_owned(), settings.get(name)?)));
    values.collect()
}
