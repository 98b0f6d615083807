//! What events look like: a shape inferred from samples, and as an OpenAPI 3 schema (EB-20).
//!
//! A field is required while every sample had it; two types in one place make it free of type.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Nothing is known yet: null, or the element of an empty array.
    Unknown,
    Boolean,
    Integer,
    Number,
    Text,
    Array(Box<Shape>),
    /// Each field with whether it is required.
    Object(BTreeMap<String, (Shape, bool)>),
    /// Samples disagree.
    Any,
}

impl Shape {
    #[must_use]
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::Unknown,
            Value::Bool(_) => Self::Boolean,
            Value::Number(number) if number.is_f64() => Self::Number,
            Value::Number(_) => Self::Integer,
            Value::String(_) => Self::Text,
            Value::Array(items) => {
                let element = items.iter().map(Self::of).reduce(Self::join);
                Self::Array(Box::new(element.unwrap_or(Self::Unknown)))
            }
            Value::Object(fields) => {
                Self::Object(fields.iter().map(|(name, value)| (name.clone(), (Self::of(value), true))).collect())
            }
        }
    }

    /// The shape of what has either shape.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, shape) | (shape, Self::Unknown) => shape,
            (Self::Integer, Self::Number) | (Self::Number, Self::Integer) => Self::Number,
            (Self::Array(one), Self::Array(two)) => Self::Array(Box::new(one.join(*two))),
            (Self::Object(one), Self::Object(mut two)) => {
                let mut fields = BTreeMap::new();
                for (name, (shape, required)) in one {
                    let joined = match two.remove(&name) {
                        Some((other, also)) => (shape.join(other), required && also),
                        None => (shape, false),
                    };
                    fields.insert(name, joined);
                }
                fields.extend(two.into_iter().map(|(name, (shape, _))| (name, (shape, false))));
                Self::Object(fields)
            }
            (one, two) if one == two => one,
            _ => Self::Any,
        }
    }

    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Unknown | Self::Any => json!({}),
            Self::Boolean => json!({ "type": "boolean" }),
            Self::Integer => json!({ "type": "integer" }),
            Self::Number => json!({ "type": "number" }),
            Self::Text => json!({ "type": "string" }),
            Self::Array(element) => json!({ "type": "array", "items": element.to_json() }),
            Self::Object(fields) => {
                let required: Vec<&String> =
                    fields.iter().filter(|(_, (_, required))| *required).map(|(name, _)| name).collect();
                let properties: Map<String, Value> =
                    fields.iter().map(|(name, (shape, _))| (name.clone(), shape.to_json())).collect();
                json!({ "type": "object", "required": required, "properties": properties })
            }
        }
    }
}

/// The document that a registry keeps of an event: its envelope, and the detail it holds.
#[must_use]
pub fn open_api(source: &str, detail_type: &str, version: usize, detail: &Shape) -> Value {
    let name = type_name(detail_type);
    let text = || json!({ "type": "string" });
    json!({
        "openapi": "3.0.0",
        "info": { "version": format!("{version}.0.0"), "title": name },
        "paths": {},
        "components": { "schemas": {
            "AWSEvent": {
                "type": "object",
                "required": ["detail-type", "resources", "detail", "id", "source", "time", "region", "version", "account"],
                "x-amazon-events-detail-type": detail_type,
                "x-amazon-events-source": source,
                "properties": {
                    "detail": { "$ref": format!("#/components/schemas/{name}") },
                    "account": text(), "detail-type": text(), "id": text(), "region": text(), "source": text(),
                    "version": text(), "resources": { "type": "array", "items": text() },
                    "time": { "type": "string", "format": "date-time" },
                },
            },
            name: detail.to_json(),
        } },
    })
}

/// `Order Placed` as `OrderPlaced`.
#[must_use]
pub fn type_name(detail_type: &str) -> String {
    let words = detail_type.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words
        .map(|word| {
            let (first, rest) = word.split_at(1);
            format!("{}{rest}", first.to_ascii_uppercase())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_make_a_shape() {
        let one = Shape::of(&json!({ "id": 7, "total": 3, "tags": [], "who": { "name": "a" }, "odd": 1 }));
        let two = Shape::of(
            &json!({ "id": 8, "total": 3.5, "tags": ["x"], "who": { "name": "b", "age": 9 }, "odd": "x", "new": null }),
        );
        let joined = one.clone().join(two);
        assert_eq!(
            joined.to_json(),
            json!({ "type": "object", "required": ["id", "odd", "tags", "total", "who"], "properties": {
            "id": { "type": "integer" }, "new": {}, "odd": {}, "tags": { "type": "array", "items": { "type": "string" } },
            "total": { "type": "number" },
            "who": { "type": "object", "required": ["name"],
                "properties": { "age": { "type": "integer" }, "name": { "type": "string" } } } } })
        );
        assert_eq!(joined.clone().join(one), joined, "a sample that fits changes nothing");
    }

    #[test]
    fn a_document_names_the_event() {
        let document = open_api("shop", "Order placed-now", 2, &Shape::of(&json!({ "id": 1 })));
        assert_eq!(document["info"]["title"], "OrderPlacedNow");
        assert_eq!(document["components"]["schemas"]["OrderPlacedNow"]["properties"]["id"]["type"], "integer");
        assert_eq!(document["components"]["schemas"]["AWSEvent"]["x-amazon-events-source"], "shop");
    }
}
