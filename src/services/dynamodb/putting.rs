//! What a consumer passes on to a table: each message's body, a JSON object, becomes an item, as `PutItem` would have it
//! marshalled by an SDK's document client.

use serde_json::{Map, Value, json};

use super::action::{OneItem, Operation};
use super::api::{Item, Response};
use super::key::{Key, Schema};
use super::model::Model;
use super::value::{invalid, read_item};
use crate::services::{ApiError, Caller, Cx, Door, Message, Place};

impl Model {
    /// Puts each of them; what cannot be put goes back, the rest is done.
    pub(super) fn put_messages(&mut self, caller: Caller, messages: Vec<Message>, cx: &mut Cx<'_>) {
        let (mut refused, mut error) = (Vec::new(), None);
        let all = messages.len();
        for message in messages {
            let put = item_of(&message.body, &self.config.schema)
                .and_then(|(key, item)| self.do_one(&OneItem::new(key, Operation::Put { item }, None), cx));
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

fn item_of(body: &str, schema: &Schema) -> Result<(Key, Item), ApiError> {
    let Ok(Value::Object(body)) = serde_json::from_str(body) else {
        return Err(invalid("An item is a JSON object."));
    };
    let item: Map<String, Value> = body.iter().map(|(name, value)| (name.clone(), typed(value))).collect();
    let item = read_item(&item)?;
    Ok((schema.key_of_item(&item)?, item))
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
        let schema = Schema::of_text("id");
        let body = r#"{"id": 7, "tags": ["a", null], "paid": true}"#;
        let (key, item) = item_of(body, &schema).expect("it has its key");
        assert_eq!(key.to_string(), "7");
        let wanted =
            json!({ "id": { "N": "7" }, "tags": { "L": [{ "S": "a" }, { "NULL": true }] }, "paid": { "BOOL": true } });
        assert_eq!(Value::Object(item), wanted);
        for body in ["text", "[1]", r#"{"other": 1}"#] {
            assert_eq!(item_of(body, &schema).map_err(|error| error.code), Err("ValidationException"), "{body}");
        }
    }
}
