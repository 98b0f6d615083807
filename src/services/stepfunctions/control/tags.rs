//! Tags of machines and activities.

use serde_json::{Value, json};

use super::checks;
use super::{Answer, Control};
use crate::services::ApiError;

const TAGS_MAX: usize = 50;

/// The tags of a request; the last of a key counts.
pub(super) fn given(input: &Value, name: &str) -> Result<Vec<(String, String)>, ApiError> {
    let mut tags = Vec::new();
    for tag in input.get(name).and_then(Value::as_array).into_iter().flatten() {
        let key = checks::required_text(tag, "key")?;
        put(&mut tags, key, checks::text(tag, "value").unwrap_or_default());
    }
    if tags.len() > TAGS_MAX {
        return Err(ApiError::client("TooManyTags", "You've exceeded the number of tags allowed for a resource."));
    }
    Ok(tags)
}

fn put(tags: &mut Vec<(String, String)>, key: String, value: String) {
    match tags.iter_mut().find(|(known, _)| *known == key) {
        Some(known) => known.1 = value,
        None => tags.push((key, value)),
    }
}

impl Control {
    /// The tags of what an ARN names.
    fn tagged(&mut self, input: &Value) -> Result<&mut Vec<(String, String)>, ApiError> {
        let arn = checks::required_text(input, "resourceArn")?;
        let missing = || ApiError::client("ResourceNotFound", format!("Resource not found: '{arn}'"));
        if let Ok(parts) = checks::parts_of(&arn, "activity") {
            return self.activities.get_mut(parts[0]).map(|activity| &mut activity.tags).ok_or_else(missing);
        }
        let parts = checks::parts_of(&arn, "stateMachine")?;
        if parts.len() > 1 {
            return Err(missing());
        }
        self.machines.get_mut(parts[0]).map(|machine| &mut machine.tags).ok_or_else(missing)
    }

    pub(super) fn tag(&mut self, input: &Value) -> Answer {
        let more = given(input, "tags")?;
        let tags = self.tagged(input)?;
        let mut all = tags.clone();
        more.into_iter().for_each(|(key, value)| put(&mut all, key, value));
        if all.len() > TAGS_MAX {
            return Err(ApiError::client("TooManyTags", "You've exceeded the number of tags allowed for a resource."));
        }
        *tags = all;
        Ok(json!({}))
    }

    pub(super) fn untag(&mut self, input: &Value) -> Answer {
        let keys = input.get("tagKeys").and_then(Value::as_array).cloned().unwrap_or_default();
        self.tagged(input)?.retain(|(key, _)| !keys.iter().any(|gone| gone == key));
        Ok(json!({}))
    }

    pub(super) fn list_tags(&mut self, input: &Value) -> Answer {
        let tags = self.tagged(input)?;
        let one = |(key, value): &(String, String)| json!({ "key": key, "value": value });
        Ok(json!({ "tags": tags.iter().map(one).collect::<Vec<Value>>() }))
    }
}
