//! A target's properties, read.

use serde_json::Value;

use super::api_destination::ApiDestination;
use super::input::Input;
use super::retry::RetryPolicy;
use crate::lang::json_path::JsonPath;
use crate::services::Settings;

#[derive(Clone, Debug)]
pub struct Config {
    pub input: Input,
    pub retry: RetryPolicy,
    /// The id of the queue.
    pub dead_letter: Option<String>,
    pub group: Option<String>,
    /// Where in the event the group stands, if its name is a path.
    pub group_path: Option<JsonPath>,
    /// Where in the event the partition key stands.
    pub key_path: Option<JsonPath>,
    pub key: Option<String>,
    /// What a schedule puts on a bus: source and detail type.
    pub event: (Option<String>, Option<String>),
    pub is_denied: bool,
    pub api: ApiDestination,
}

impl Config {
    #[must_use]
    pub fn read(settings: &Settings) -> Self {
        let object = |name: &str| settings.get(name);
        let text = |name: &str, part: &str| {
            object(name).and_then(|object| object.get(part).and_then(Value::as_str).map(str::to_owned))
        };
        let key_path = text("KinesisParameters", "PartitionKeyPath");
        let group = text("SqsParameters", "MessageGroupId");
        Self {
            group_path: group
                .as_ref()
                .filter(|group| group.starts_with('$'))
                .and_then(|path| JsonPath::parse(path).ok()),
            input: Input::read(settings),
            retry: RetryPolicy::read(object("RetryPolicy").as_ref()),
            dead_letter: text("DeadLetterConfig", "Arn"),
            group,
            key_path: key_path.and_then(|path| JsonPath::parse(&path).ok()),
            key: text("KinesisParameters", "PartitionKey"),
            event: (text("EventBridgeParameters", "Source"), text("EventBridgeParameters", "DetailType")),
            is_denied: settings.text("Permission").as_deref() == Some("Denied"),
            api: ApiDestination::read(settings),
        }
    }
}
