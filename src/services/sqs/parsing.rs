//! A script's call, from AWS's shape.

use std::sync::Arc;

use serde_json::Value;

use super::api::{Asked, Receipt, Request};
use super::message_attributes;
use super::sending::BATCH_ENTRIES_MAX;
use crate::services::{ApiError, Draft, EntryIds, Meta, Page, whole_number};

const ACTIONS: &[&str] = &[
    "SendMessage",
    "SendMessageBatch",
    "ReceiveMessage",
    "DeleteMessage",
    "DeleteMessageBatch",
    "ChangeMessageVisibility",
    "ChangeMessageVisibilityBatch",
    "PurgeQueue",
    "DeleteQueue",
    "GetQueueUrl",
    "GetQueueAttributes",
    "SetQueueAttributes",
    "ListDeadLetterSourceQueues",
    "StartMessageMoveTask",
    "ListMessageMoveTasks",
    "CancelMessageMoveTask",
];

/// Characters of a group's or a deduplication id.
const ID_CHARS_MAX: usize = 128;
/// Queues that one page of a listing may hold.
pub(super) const QUEUES_LISTED_MAX: u64 = 1_000;
/// Tasks that one listing shows (SQS-41).
const TASKS_LISTED_MAX: u64 = 10;

/// Without `MaxResults` the first page is the only one, as AWS has it.
fn page(input: &Value) -> Result<Page, ApiError> {
    let max = ranged(input, "MaxResults", (1, QUEUES_LISTED_MAX))?.and_then(|max| usize::try_from(max).ok());
    let token = input.get("NextToken");
    let wrong = || out_of_range(token.unwrap_or_default(), "NextToken", "It is none that a listing gave.");
    Page::read(token, max).ok_or_else(wrong)
}

/// # Errors
/// AWS's errors for missing and wrong parameters.
pub fn parse(action: &str, input: &Value, fifo: bool) -> Result<(Request, Vec<Draft>), ApiError> {
    let text = |name: &str| input.get(name).and_then(Value::as_str).map(str::to_owned);
    let request = match action {
        "SendMessage" => return Ok((Request::SendMessage, vec![draft(input, fifo)?])),
        "SendMessageBatch" => {
            let entries = entries(input)?;
            let (mut drafts, mut wrong) = (Vec::new(), Vec::new());
            for (place, entry) in entries.iter().enumerate() {
                match draft(entry, fifo) {
                    Ok(draft) => drafts.push(draft),
                    Err(error) => wrong.push((place, error)),
                }
            }
            return Ok((Request::SendMessageBatch { ids: EntryIds::read(entries), wrong }, drafts));
        }
        "ReceiveMessage" => receive(input)?,
        "DeleteMessage" => Request::DeleteMessage { receipt: receipt(input)? },
        "DeleteMessageBatch" => {
            let entries = entries(input)?;
            let receipts = entries.iter().map(receipt).collect();
            Request::DeleteMessageBatch { ids: EntryIds::read(entries), receipts }
        }
        "ChangeMessageVisibility" => {
            let (receipt, visibility_timeout) = change(input)?;
            Request::ChangeMessageVisibility { receipt, visibility_timeout }
        }
        "ChangeMessageVisibilityBatch" => {
            let entries = entries(input)?;
            let (ids, entries) = (EntryIds::read(entries), entries.iter().map(change).collect());
            Request::ChangeMessageVisibilityBatch { ids, entries }
        }
        "PurgeQueue" => Request::PurgeQueue,
        "DeleteQueue" => Request::DeleteQueue,
        "GetQueueUrl" => Request::GetQueueUrl { name: text("QueueName").ok_or_else(|| missing("QueueName"))? },
        "GetQueueAttributes" => {
            Request::GetSomeQueueAttributes { names: names(input, "AttributeNames")?.unwrap_or_default() }
        }
        "SetQueueAttributes" => {
            let attributes = input.get("Attributes").and_then(Value::as_object).ok_or_else(|| missing("Attributes"))?;
            Request::SetQueueAttributes { attributes: attributes.clone() }
        }
        "ListDeadLetterSourceQueues" => Request::ListDeadLetterSourceQueues { page: page(input)? },
        "StartMessageMoveTask" => {
            let per_second = ranged(input, "MaxNumberOfMessagesPerSecond", (1, 500))?;
            Request::StartMessageMoveTask { source: text("SourceArn"), destination: text("DestinationArn"), per_second }
        }
        "ListMessageMoveTasks" => {
            let max = ranged(input, "MaxResults", (1, TASKS_LISTED_MAX))?.unwrap_or(1);
            Request::ListMessageMoveTasks { max: usize::try_from(max).unwrap_or(1) }
        }
        "CancelMessageMoveTask" => {
            Request::CancelMessageMoveTask { handle: text("TaskHandle").ok_or_else(|| missing("TaskHandle"))? }
        }
        _ => return Err(ApiError::unknown_action(action, "An SQS queue", ACTIONS)),
    };
    Ok((request, Vec::new()))
}

fn receive(input: &Value) -> Result<Request, ApiError> {
    let max = ranged(input, "MaxNumberOfMessages", (1, 10))?.unwrap_or(1);
    let wait_seconds = match input.get("WaitTimeSeconds") {
        None => None,
        Some(value) => Some(
            whole_number(value)
                .filter(|wait| *wait <= 20)
                .ok_or_else(|| out_of_range(value, "WaitTimeSeconds", "Must be >= 0 and <= 20, if provided."))?,
        ),
    };
    let visibility_timeout = input.get("VisibilityTimeout").map(visibility).transpose()?;
    let attempt_id = match input.get("ReceiveRequestAttemptId") {
        None => None,
        Some(value) => Some(id(value, "ReceiveRequestAttemptId")?),
    };
    let system = names(input, "MessageSystemAttributeNames")?;
    let older = names(input, "AttributeNames")?;
    let message = names(input, "MessageAttributeNames")?;
    let asked = (system.is_some() || older.is_some() || message.is_some()).then(|| {
        let system = system.into_iter().chain(older).flatten().collect();
        Arc::new(Asked { system, message: message.unwrap_or_default() })
    });
    Ok(Request::ReceiveMessageInFull { max, wait_seconds, visibility_timeout, attempt_id, asked })
}

fn names(input: &Value, field: &str) -> Result<Option<Vec<String>>, ApiError> {
    let Some(value) = input.get(field) else { return Ok(None) };
    let names = value.as_array().map(|names| names.iter().filter_map(Value::as_str).map(str::to_owned).collect());
    names.map(Some).ok_or_else(|| out_of_range(value, field, "Must be a list of names."))
}

#[must_use]
pub fn missing(name: &str) -> ApiError {
    ApiError::client("MissingParameter", format!("The request must contain the parameter {name}."))
}

fn out_of_range(value: &Value, name: &str, reason: &str) -> ApiError {
    let text = format!("Value {value} for parameter {name} is invalid. Reason: {reason}");
    ApiError::client("InvalidParameterValue", text)
}

fn ranged(input: &Value, name: &str, (least, most): (u64, u64)) -> Result<Option<u64>, ApiError> {
    let Some(value) = input.get(name) else { return Ok(None) };
    let number = whole_number(value).filter(|number| (least..=most).contains(number));
    let reason = format!("Must be between {least} and {most}, if provided.");
    number.map(Some).ok_or_else(|| out_of_range(value, name, &reason))
}

fn visibility(value: &Value) -> Result<u64, ApiError> {
    whole_number(value)
        .filter(|timeout| *timeout <= 43_200)
        .ok_or_else(|| out_of_range(value, "VisibilityTimeout", "Must be between 0 and 43200, if provided."))
}

fn change(input: &Value) -> Result<(Receipt, u64), ApiError> {
    let timeout = visibility(input.get("VisibilityTimeout").ok_or_else(|| missing("VisibilityTimeout"))?)?;
    Ok((receipt(input)?, timeout))
}

fn receipt(input: &Value) -> Result<Receipt, ApiError> {
    let handle = input.get("ReceiptHandle").and_then(Value::as_str).ok_or_else(|| missing("ReceiptHandle"))?;
    Receipt::from_text(handle)
}

/// The entries of a batch, checked as a batch (SQS-9).
fn entries(input: &Value) -> Result<&Vec<Value>, ApiError> {
    let entries = input.get("Entries").and_then(Value::as_array).ok_or_else(|| missing("Entries"))?;
    if entries.is_empty() {
        return Err(ApiError::client(
            "AWS.SimpleQueueService.EmptyBatchRequest",
            "There should be at least one entry in the request.",
        ));
    }
    if entries.len() > BATCH_ENTRIES_MAX {
        let text = format!("Maximum number of entries per request are 10. You have sent {}.", entries.len());
        return Err(ApiError::client("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", text));
    }
    let is_id = |id: &str| {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        !id.is_empty() && id.len() <= 80 && id.chars().all(is_allowed)
    };
    if entries.iter().filter_map(|entry| entry.get("Id")?.as_str()).any(|id| !is_id(id)) {
        let text = "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at \
                    most 80 letters long.";
        return Err(ApiError::client("AWS.SimpleQueueService.InvalidBatchEntryId", text));
    }
    if !EntryIds::read(entries).distinct() {
        return Err(ApiError::client(
            "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
            "Two entries of the batch have the same Id.",
        ));
    }
    Ok(entries)
}

/// An id of 1 to 128 letters, digits and punctuation marks (SQS-26).
fn id(value: &Value, name: &str) -> Result<String, ApiError> {
    let is_id = |text: &&str| (1..=ID_CHARS_MAX).contains(&text.len()) && text.chars().all(|c| c.is_ascii_graphic());
    let text = value.as_str().filter(is_id).map(str::to_owned);
    let reason = format!("{name} can only include alphanumeric and punctuation characters. 1 to 128 in length.");
    text.ok_or_else(|| out_of_range(value, name, &reason))
}

fn draft(input: &Value, fifo: bool) -> Result<Draft, ApiError> {
    let body = input.get("MessageBody").and_then(Value::as_str).ok_or_else(|| missing("MessageBody"))?;
    let delay_seconds = match input.get("DelaySeconds") {
        None => None,
        Some(value) => {
            let delay = whole_number(value).filter(|delay| *delay <= 900);
            let delay = delay.ok_or_else(|| out_of_range(value, "DelaySeconds", "Must be between 0 and 900."))?;
            u32::try_from(delay).ok()
        }
    };
    let given = |name: &str| input.get(name).map(|value| id(value, name)).transpose();
    let (message_group_id, deduplication_id) = (given("MessageGroupId")?, given("MessageDeduplicationId")?);
    if let (Some(id), false) = (&deduplication_id, fifo) {
        let reason = "The request include parameter that is not valid for this queue type.";
        return Err(out_of_range(&Value::from(&**id), "MessageDeduplicationId", reason));
    }
    let attributes = message_attributes::parse(input.get("MessageAttributes"))?;
    let trace_header = trace_header(input.get("MessageSystemAttributes"))?;
    let meta = Meta { attributes, delay_seconds, message_group_id, deduplication_id, trace_header, ..Meta::default() };
    Ok(Draft { body: body.to_owned(), meta })
}

/// The one system attribute that a sender may give.
fn trace_header(value: Option<&Value>) -> Result<Option<String>, ApiError> {
    let Some(map) = value.and_then(Value::as_object) else { return Ok(None) };
    let mut header = None;
    for (name, attribute) in map {
        header = attribute.get("StringValue").and_then(Value::as_str).map(str::to_owned);
        if name != "AWSTraceHeader" || header.is_none() {
            let text = format!("Message system attribute name '{name}' is invalid: only AWSTraceHeader, a String, is.");
            return Err(ApiError::client("InvalidParameterValue", text));
        }
    }
    Ok(header)
}
