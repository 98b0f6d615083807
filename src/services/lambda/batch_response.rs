//! What a function answers for a batch, and what a mapping with `ReportBatchItemFailures` reads from it (SQS-46).

use serde_json::{Value, json};

/// What the function returns when some messages of a batch failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchResponse {
    /// The messages that failed: as it should be.
    Failures,
    /// It throws.
    Exception,
    EmptyList,
    EmptyObject,
    Null,
    BadJson,
    UnknownId,
    EmptyId,
    WrongKey,
}

const ALL: [(&str, BatchResponse); 9] = [
    ("Failures", BatchResponse::Failures),
    ("Exception", BatchResponse::Exception),
    ("EmptyList", BatchResponse::EmptyList),
    ("EmptyObject", BatchResponse::EmptyObject),
    ("Null", BatchResponse::Null),
    ("BadJson", BatchResponse::BadJson),
    ("UnknownId", BatchResponse::UnknownId),
    ("EmptyId", BatchResponse::EmptyId),
    ("WrongKey", BatchResponse::WrongKey),
];

/// The choices of the function's form.
pub static NAMES: &[&str] =
    &["Failures", "Exception", "EmptyList", "EmptyObject", "Null", "BadJson", "UnknownId", "EmptyId", "WrongKey"];

impl BatchResponse {
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        ALL.iter().find(|(known, _)| *known == name).map_or(Self::Failures, |(_, response)| *response)
    }

    /// The response's payload, for messages with these ids that failed.
    #[must_use]
    pub fn payload(self, failed: &[String]) -> String {
        let items = |key: &str, ids: &[String]| {
            let items: Vec<Value> = ids.iter().map(|id| json!({ key: id })).collect();
            json!({ "batchItemFailures": items }).to_string()
        };
        match self {
            Self::Failures => items("itemIdentifier", failed),
            Self::EmptyList => items("itemIdentifier", &[]),
            Self::EmptyObject => "{}".to_owned(),
            // One that throws returns nothing; nobody reads it.
            Self::Null | Self::Exception => "null".to_owned(),
            Self::BadJson => "{\"batchItemFailures\": [".to_owned(),
            Self::UnknownId => items("itemIdentifier", &["00000000-0000-0000-0000-000000000000".to_owned()]),
            Self::EmptyId => items("itemIdentifier", &[String::new()]),
            Self::WrongKey => items("messageId", failed),
        }
    }
}

/// Which messages of the batch the response names; an error when the batch has failed as a whole.
///
/// # Errors
/// Bad JSON, an item without a good `itemIdentifier`, or one that is not in the batch.
pub fn named_failures(payload: &str, ids: &[String]) -> Result<Vec<usize>, &'static str> {
    let response: Value = serde_json::from_str(payload).map_err(|_| "the response is not JSON")?;
    let items = match response.get("batchItemFailures") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(items)) => items,
        Some(_) => return Err("batchItemFailures is not a list"),
    };
    let place = |item: &Value| {
        let id = item.get("itemIdentifier").and_then(Value::as_str).ok_or("an item has no itemIdentifier")?;
        if id.is_empty() {
            return Err("an itemIdentifier is empty");
        }
        ids.iter().position(|known| known == id).ok_or("an itemIdentifier is not in the batch")
    };
    items.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_response_is_read_as_aws_reads_it() {
        let ids: Vec<String> = ["a", "b", "c"].map(str::to_owned).to_vec();
        let read = |response: BatchResponse| named_failures(&response.payload(&ids[1..2]), &ids).ok();
        assert_eq!(read(BatchResponse::Failures), Some(vec![1]));
        for whole_success in [BatchResponse::EmptyList, BatchResponse::EmptyObject, BatchResponse::Null] {
            assert_eq!(read(whole_success), Some(vec![]), "{whole_success:?}");
        }
        for whole_failure in
            [BatchResponse::BadJson, BatchResponse::UnknownId, BatchResponse::EmptyId, BatchResponse::WrongKey]
        {
            assert_eq!(read(whole_failure), None, "{whole_failure:?}");
        }
        assert_eq!(ALL.map(|(name, _)| name), *NAMES);
    }
}
