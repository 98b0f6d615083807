//! The registry of discovered schemas: what a bus's discoverer has learned from the events that passed (EB-20).
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-schema.html>

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::lang::event_schema::{Shape, open_api, type_name};
use crate::services::ApiError;

/// Schemas of a registry, and versions of a schema.
const SCHEMAS_MAX: usize = 100;
const VERSIONS_MAX: usize = 100;
const REGISTRY: &str = "discovered-schemas";

#[derive(Clone, Debug, Default)]
pub struct Schemas(BTreeMap<String, Schema>);

#[derive(Clone, Debug)]
struct Schema {
    source: String,
    detail_type: String,
    versions: Vec<Shape>,
}

impl Schemas {
    /// Learns from an event; the name and version of the schema that is new by it.
    pub fn learn(&mut self, event: &Value) -> Option<(String, usize)> {
        let text = |name: &str| event.get(name).and_then(Value::as_str);
        let (source, detail_type) = (text("source")?, text("detail-type")?);
        let name = format!("{source}@{}", type_name(detail_type));
        let seen = Shape::of(event.get("detail")?);
        let count = self.0.len();
        let Some(schema) = self.0.get_mut(&name) else {
            if count >= SCHEMAS_MAX {
                return None;
            }
            let (source, detail_type) = (source.to_owned(), detail_type.to_owned());
            self.0.insert(name.clone(), Schema { source, detail_type, versions: vec![seen] });
            return Some((name, 1));
        };
        let latest = schema.versions.last().expect("a schema has a version");
        let joined = latest.clone().join(seen);
        if joined == *latest || schema.versions.len() >= VERSIONS_MAX {
            return None;
        }
        schema.versions.push(joined);
        Some((name, schema.versions.len()))
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Name and number of versions of each.
    pub fn iter(&self) -> impl Iterator<Item = (&str, usize)> {
        self.0.iter().map(|(name, schema)| (&**name, schema.versions.len()))
    }

    #[must_use]
    pub fn list(&self) -> Value {
        let schema = |(name, count): (&str, usize)| json!({ "SchemaName": name, "VersionCount": count });
        json!({ "RegistryName": REGISTRY, "Schemas": self.iter().map(schema).collect::<Vec<_>>() })
    }

    /// The latest version unless one is named.
    ///
    /// # Errors
    /// `NotFoundException`.
    pub fn describe(&self, name: &str, version: Option<usize>) -> Result<Value, ApiError> {
        let missing = || ApiError::client("NotFoundException", format!("Schema {name} does not exist."));
        let schema = self.0.get(name).ok_or_else(missing)?;
        let version = version.unwrap_or(schema.versions.len());
        let shape = version.checked_sub(1).and_then(|place| schema.versions.get(place)).ok_or_else(missing)?;
        let content = open_api(&schema.source, &schema.detail_type, version, shape);
        Ok(json!({ "SchemaName": name, "SchemaVersion": version.to_string(), "Type": "OpenApi3", "Content": content }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_made_when_the_shape_changes() {
        let mut schemas = Schemas::default();
        let event = |detail: Value| json!({ "source": "shop", "detail-type": "Order Placed", "detail": detail });
        let name = "shop@OrderPlaced".to_owned();
        assert_eq!(schemas.learn(&event(json!({ "id": 1 }))), Some((name.clone(), 1)));
        assert_eq!(schemas.learn(&event(json!({ "id": 2 }))), None);
        assert_eq!(schemas.learn(&event(json!({ "id": 2, "total": 3 }))), Some((name.clone(), 2)));
        for number in 0..200 {
            schemas.learn(&event(json!({ format!("f{number}"): 1 })));
        }
        assert_eq!(schemas.iter().collect::<Vec<_>>(), [(&*name, VERSIONS_MAX)]);
        for number in 0..200 {
            schemas.learn(&json!({ "source": format!("s{number}"), "detail-type": "x", "detail": {} }));
        }
        assert_eq!(schemas.len(), SCHEMAS_MAX);
        assert!(schemas.describe(&name, Some(101)).is_err() && schemas.describe("nobody", None).is_err());
    }
}
