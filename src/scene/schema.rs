//! The JSON Schema of a scene file, made from the services' forms. `static/scene.schema.json` is this text;
//! a test compares them.

use serde_json::{Map, Value, json};

use super::write::VERSION;
use crate::services::{Kind, LinkKind, Property, PropertyKind};

/// The schema as a JSON value (draft 2020-12).
#[must_use]
pub fn schema() -> Value {
    let nodes: Vec<Value> = Kind::ALL.iter().map(|kind| node_schema(*kind)).collect();
    let links: Vec<Value> =
        LinkKind::ALL.iter().filter(|kind| kind.is_written()).map(|kind| link_schema(*kind)).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Decoupled scene",
        "type": "object",
        "required": ["version", "nodes"],
        "properties": {
            "version": { "const": VERSION },
            "name": { "type": "string" },
            "seed": { "type": "integer", "minimum": 0 },
            "network": { "oneOf": [
                { "enum": super::NetworkChoice::NAMES },
                { "type": "object", "required": ["hop"], "properties": { "hop": { "$ref": "#/$defs/duration" } },
                  "additionalProperties": false },
            ] },
            "nodes": { "type": "array", "maxItems": super::limits::NODES_MAX, "items": { "oneOf": nodes } },
            "links": { "type": "array", "maxItems": super::limits::LINKS_MAX, "items": { "anyOf": links } },
            "script": { "type": "array", "items": { "$ref": "#/$defs/entry" } },
            "notes": { "type": "array" },
            "checks": { "type": "array", "maxItems": super::limits::CHECKS_MAX, "items": { "$ref": "#/$defs/check" } },
        },
        "$defs": {
            "duration": duration_schema(),
            "check": {
                "type": "object",
                "required": ["at", "path", "is"],
                "properties": {
                    "at": { "type": "string" }, "path": { "type": "string" },
                    "is": { "type": "string", "pattern": "^(=|!=|<|<=|>|>=) " }, "say": { "type": "string" },
                },
            },
            "entry": {
                "type": "object",
                "required": ["at"],
                "oneOf": [{ "required": ["node"] }, { "required": ["link"] }],
                "properties": {
                    "id": { "type": "string" }, "at": { "type": "string" }, "node": { "type": "string" },
                    "link": { "type": "string" },
                    "call": { "type": "string" }, "input": { "type": "object" },
                    "fault": { "enum": super::script::FAULTS }, "for": { "type": "string" },
                    "set": { "type": "object" },
                },
            },
        },
    })
}

fn duration_schema() -> Value {
    let text = json!({ "type": "string", "pattern": "^[0-9]+(\\.[0-9]{1,6})?(us|ms|s|m|h|d)$" });
    let pair = json!({ "type": "array", "items": text, "minItems": 2, "maxItems": 2 });
    let one = |name: &str, inner: &Value| json!({ "type": "object", "required": [name], "properties": { name: inner }, "additionalProperties": false });
    json!({ "oneOf": [text.clone(), one("exponential", &text), one("uniform", &pair), one("normal", &pair)] })
}

fn node_schema(kind: Kind) -> Value {
    let spec = kind.spec();
    json!({
        "type": "object",
        "title": spec.name,
        "description": spec.summary,
        "required": ["id", "type"],
        "properties": {
            "id": { "type": "string", "minLength": 1, "maxLength": super::limits::ID_CHARS_MAX },
            "type": { "const": spec.kind },
            "at": { "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 },
            "properties": object_schema(spec.properties),
            "locked": { "type": "boolean" },
            "was": { "type": "string", "minLength": 1, "maxLength": super::limits::ID_CHARS_MAX },
        },
    })
}

fn link_schema(kind: LinkKind) -> Value {
    let spec = kind.spec();
    json!({
        "type": "object",
        "required": ["from", "to"],
        "properties": {
            "id": { "type": "string" }, "from": { "type": "string" }, "to": { "type": "string" },
            "type": { "const": spec.name },
            "latency": { "$ref": "#/$defs/duration" },
            "properties": object_schema(spec.properties),
        },
    })
}

fn object_schema(form: &[Property]) -> Value {
    let fields: Map<String, Value> = form.iter().map(|field| (field.name.to_owned(), field_schema(field))).collect();
    json!({ "type": "object", "additionalProperties": false, "properties": fields })
}

fn field_schema(field: &Property) -> Value {
    let mut schema = match field.kind {
        PropertyKind::Integer { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
        PropertyKind::Probability => json!({ "type": "number", "minimum": 0, "maximum": 1 }),
        PropertyKind::Boolean => json!({ "type": "boolean" }),
        PropertyKind::Text { max } | PropertyKind::Markdown { max } => json!({ "type": "string", "maxLength": max }),
        PropertyKind::Choice(choices) => json!({ "enum": choices }),
        PropertyKind::TimeZone => json!({ "type": "string", "minLength": 1, "maxLength": 50 }),
        PropertyKind::SwitchedChoice(choices) => {
            let all: Vec<Value> =
                choices.iter().map(|choice| json!(choice)).chain([json!(true), json!(false)]).collect();
            json!({ "enum": all })
        }
        PropertyKind::Json => json!({}),
        PropertyKind::Pattern(_) | PropertyKind::Attributes => json!({ "type": "object" }),
        PropertyKind::Duration => json!({ "$ref": "#/$defs/duration" }),
        PropertyKind::Rate => json!({ "type": "string", "pattern": "^[0-9]+(\\.[0-9]{1,6})?/(us|ms|s|m|h|d)$" }),
        PropertyKind::Node(_) => json!({ "type": "string" }),
        PropertyKind::Nodes => json!({ "type": "array", "items": { "type": "string" }, "uniqueItems": true }),
        PropertyKind::Object(inner) => object_schema(inner),
    };
    schema["description"] = format!("{} {}", field.help, field.fact).trim().into();
    if !field.default.is_empty() {
        schema["default"] = serde_json::from_str(field.default).expect("a form's default is JSON");
    }
    schema
}
