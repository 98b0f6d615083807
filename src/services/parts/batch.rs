//! Batches that succeed in part: every entry has an id of its caller's, and gets an answer under it (SQS-9, SNS-6).

use serde_json::{Value, json};

use crate::services::ApiError;

/// The ids of a batch's entries; entries beyond them go by their number.
#[derive(Clone, Debug, Default)]
pub struct EntryIds(Vec<String>);

impl EntryIds {
    #[must_use]
    pub fn read(entries: &[Value]) -> Self {
        let id = |(index, entry): (usize, &Value)| {
            entry.get("Id").and_then(Value::as_str).map_or_else(|| index.to_string(), str::to_owned)
        };
        Self(entries.iter().enumerate().map(id).collect())
    }

    /// Whether no two entries have the same id.
    #[must_use]
    pub fn distinct(&self) -> bool {
        self.0.iter().enumerate().all(|(index, id)| !self.0[..index].contains(id))
    }

    fn of(&self, index: usize) -> String {
        self.0.get(index).cloned().unwrap_or_else(|| index.to_string())
    }
}

/// `Successful` and `Failed` in AWS's shape; `result` says what a successful entry gets beside its id.
#[must_use]
pub fn batch_json<T>(ids: &EntryIds, results: &[Result<T, ApiError>], result: impl Fn(&T) -> Value) -> Value {
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for (index, entry) in results.iter().enumerate() {
        let id = ids.of(index);
        match entry {
            Ok(entry) => {
                let mut json = json!({ "Id": id });
                if let (Value::Object(json), Value::Object(more)) = (&mut json, result(entry)) {
                    json.extend(more);
                }
                successful.push(json);
            }
            Err(error) => failed.push(json!({ "Id": id, "SenderFault": !error.retryable, "Code": error.code,
                "Message": error.message })),
        }
    }
    json!({ "Successful": successful, "Failed": failed })
}
