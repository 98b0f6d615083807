//! What a form alone cannot say of a queue's properties: names, what belongs to FIFO queues, who may redrive.

use serde_json::{Map, Value};

use super::config::redrive_refusal;
use crate::services::{Kind, SceneView, Wrong, is_true};

/// Properties that FIFO queues alone have, and the value that changes nothing.
const FIFO_ALONE: [(&str, &str); 3] = [
    ("ContentBasedDeduplication", "false"),
    ("DeduplicationScope", "\"queue\""),
    ("FifoThroughputLimit", "\"perQueue\""),
];

const REDRIVE: [&str; 2] = ["deadLetterTargetArn", "maxReceiveCount"];

/// Source queues that a `RedriveAllowPolicy` may name (SQS-40).
const SOURCES_MAX: usize = 10;

/// Of all queues of a scene.
pub fn problems(scene: &SceneView<'_>) -> Vec<Wrong> {
    let mut found = Vec::new();
    for node in scene.nodes_of(Kind::Queue) {
        let queue = |id: &str| scene.node(id).filter(|other| other.kind == Kind::Queue).map(|other| other.properties);
        found
            .extend(of_queue(node.id, node.properties, &queue).into_iter().map(|(path, text)| node.wrong(&path, text)));
        let target = node.properties.get("RedrivePolicy").and_then(|policy| policy.get("deadLetterTargetArn"));
        if target.and_then(Value::as_str) == Some(node.id) {
            found.push(node.wrong("RedrivePolicy.deadLetterTargetArn", "a queue cannot be its own dead-letter queue"));
        }
    }
    found
}

/// Problems of the queue `id`, each with the path of the property it is about; `queue` gives another queue's
/// properties.
fn of_queue<'a>(
    id: &str,
    properties: &Map<String, Value>,
    queue: &dyn Fn(&str) -> Option<&'a Map<String, Value>>,
) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let is_fifo = properties.get("FifoQueue").is_some_and(is_true);
    if let Some(problem) = properties.get("QueueName").and_then(Value::as_str).and_then(|name| bad_name(name, is_fifo))
    {
        found.push(("QueueName".to_owned(), problem.to_owned()));
    }
    for (name, idle) in FIFO_ALONE {
        let given = properties.get(name).map(Value::to_string);
        if !is_fifo && given.is_some_and(|given| given != idle) {
            found.push((name.to_owned(), "is for FIFO queues alone; set FifoQueue to true".to_owned()));
        }
    }
    let is = |name: &str, value: &str| properties.get(name).and_then(Value::as_str) == Some(value);
    if is("FifoThroughputLimit", "perMessageGroupId") && !is("DeduplicationScope", "messageGroup") {
        let text = "perMessageGroupId needs the DeduplicationScope messageGroup";
        found.push(("FifoThroughputLimit".to_owned(), text.to_owned()));
    }
    let target = properties.get("RedrivePolicy").and_then(|policy| policy.get("deadLetterTargetArn")?.as_str());
    if let Some(target) = target.filter(|target| *target != id)
        && let Some(refusal) = queue(target).and_then(|other| redrive_refusal(id, is_fifo, other))
    {
        found.push(("RedrivePolicy.deadLetterTargetArn".to_owned(), refusal.to_owned()));
    }
    // A count beyond its range is told by the form.
    let policy = properties.get("RedrivePolicy").filter(|policy| policy.is_object());
    for (name, member) in policy.into_iter().flat_map(|policy| REDRIVE.map(|name| (name, policy.get(name)))) {
        if member.is_none_or(|value| value.is_null() || *value == "") {
            found.push(("RedrivePolicy".to_owned(), format!("needs a {name}: a redrive policy has both its members")));
        }
    }
    let is_managed = properties.get("SqsManagedSseEnabled").is_some_and(is_true);
    if is_managed && properties.get("KmsMasterKeyId").is_some_and(|key| *key != "") {
        let text = "a queue has one kind of encryption: a key of KMS, or SqsManagedSseEnabled";
        found.push(("KmsMasterKeyId".to_owned(), text.to_owned()));
    }
    if let Some(policy) = properties.get("RedriveAllowPolicy") {
        found.extend(
            bad_allowance(policy).map(|text| ("RedriveAllowPolicy.sourceQueueArns".to_owned(), text.to_owned())),
        );
    }
    found
}

/// SQS-1.
fn bad_name(name: &str, is_fifo: bool) -> Option<&'static str> {
    let stem = name.strip_suffix(".fifo");
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if stem.is_some() != is_fifo {
        return Some("the name of a FIFO queue ends in .fifo, and no other's does");
    }
    let stem = stem.unwrap_or(name);
    (stem.is_empty() || !stem.chars().all(is_allowed))
        .then_some("a queue's name has 1 to 80 letters, digits, hyphens and underscores")
}

/// SQS-40.
fn bad_allowance(policy: &Value) -> Option<&'static str> {
    let sources = policy.get("sourceQueueArns");
    let by_queue = policy.get("redrivePermission").and_then(Value::as_str) == Some("byQueue");
    match (by_queue, sources) {
        (false, None) => None,
        (false, Some(_)) => Some("is for the permission byQueue alone"),
        (true, sources) => {
            let named = sources.and_then(Value::as_array).filter(|list| list.iter().all(Value::is_string));
            let is_fine = named.is_some_and(|list| (1..=SOURCES_MAX).contains(&list.len()));
            (!is_fine).then_some("byQueue needs a list of 1 to 10 ids of queues")
        }
    }
}
