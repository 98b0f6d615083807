//! What a consumer passes on to a table: each message's body, a JSON object, becomes an item, as `PutItem` would have it
//! marshalled by an SDK's document client.

use serde_json::{Map, Value, json};

use super::api::{Item, Request, Response};
use super::model::Model;
use super::table::key_text;
use crate::services::{ApiError, Caller, Cx, Door, Message, Place};

impl Model {
    /// Puts each of them; what cannot be put goes back, the rest is done.
    pub(super) fn put_messages(&mut self, caller: Caller, messages: Vec<Message>, cx: &mut Cx<'_>) {
        let (mut refused, mut error) = (Vec::new(), None);
        let all = messages.len();
        for message in messages {
            let put = item_of(&message.body, &self.config.key).and_then(|(key, item)| {
                let request = Request::PutItem { key, item, conditions: Vec::new() };
                self.admit(&request, cx)?;
                self.carry_out(request, cx)
            });
            match put {
                Ok(_) => cx.book(1, Place::Travelling, Place::Consumed),
                Err(why) => {
                    refused.push(message);
                    error = Some(why);
                }
            }
        }
        let result = match error {
            Some(error) if refused.len() == all => Err(error),
            _ => Ok(Response::Done.into()),
        };
        cx.answer(caller, result, refused);
    }
}

fn item_of(body: &str, key_name: &str) -> Result<(String, Item), ApiError> {
    let invalid = |text: String| ApiError::client("ValidationException", text);
    let Ok(Value::Object(body)) = serde_json::from_str(body) else {
        return Err(invalid("An item is a JSON object.".to_owned()));
    };
    let item: Item = body.iter().map(|(name, value)| (name.clone(), typed(value))).collect();
    let key = item.get(key_name).and_then(key_text).map(str::to_owned);
    let missing = || {
        invalid(format!(
            "One or more parameter values were invalid: Missing the key {key_name} in the item. The table's KeySchema names it."
        ))
    };
    Ok((key.ok_or_else(missing)?, item))
}

/// A value as DynamoDB types it.
fn typed(value: &Value) -> Value {
    match value {
        Value::Null => json!({ "NULL": true }),
        Value::Bool(value) => json!({ "BOOL": value }),
        Value::Number(number) => json!({ "N": number.to_string() }),
        Value::String(text) => json!({ "S": text }),
        Value::Array(items) => json!({ "L": items.iter().map(typed).collect::<Vec<_>>() }),
        Value::Object(map) => {
            json!({ "M": map.iter().map(|(name, value)| (name.clone(), typed(value))).collect::<Map<_, _>>() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_becomes_typed_attributes_under_its_key() {
        let (key, item) = item_of(r#"{"id": 7, "tags": ["a", null], "paid": true}"#, "id").expect("it has its key");
        assert_eq!(key, "7");
        let wanted =
            json!({ "id": { "N": "7" }, "tags": { "L": [{ "S": "a" }, { "NULL": true }] }, "paid": { "BOOL": true } });
        assert_eq!(Value::Object(item), wanted);
        for body in ["text", "[1]", r#"{"other": 1}"#] {
            assert_eq!(item_of(body, "id").map_err(|error| error.code), Err("ValidationException"), "{body}");
        }
    }
}
