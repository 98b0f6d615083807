//! A scene as its file: a diff-able JSON document.

use serde_json::{Map, Value, json};

use super::document::{Scene, SceneLink, SceneNode};
use super::limits::FILE_BYTES_MAX;

/// The version this writes.
pub const VERSION: u64 = 1;

/// The whole file, two spaces deep, with a final line break.
#[must_use]
pub fn write_scene(scene: &Scene) -> String {
    let map = file_of(scene);
    let pretty = serde_json::to_string_pretty(&map).expect("a map of JSON values is JSON");
    // Indented, a large scene might pass the bound of what can be opened again.
    let mut text = if pretty.len() < FILE_BYTES_MAX { pretty } else { Value::Object(map).to_string() };
    text.push('\n');
    text
}

/// The same without a space.
pub fn compact_scene(scene: &Scene) -> String {
    Value::Object(file_of(scene)).to_string()
}

fn file_of(scene: &Scene) -> Map<String, Value> {
    let mut map = Map::new();
    map.insert("version".to_owned(), json!(VERSION));
    map.insert("name".to_owned(), json!(scene.name));
    map.insert("seed".to_owned(), json!(scene.seed));
    map.insert("network".to_owned(), scene.network.0.clone());
    let nodes = scene.nodes.iter().map(|node| node_json(node));
    map.insert("nodes".to_owned(), nodes.chain(unopened(scene, "nodes")).collect());
    let links = scene.links.iter().map(|link| link_json(link));
    map.insert("links".to_owned(), links.chain(unopened(scene, "links")).collect());
    let script = scene.script.iter().map(super::script::ScriptEntry::to_json);
    map.insert("script".to_owned(), script.chain(unopened(scene, "script")).collect());
    map.insert("notes".to_owned(), Value::Array(scene.notes.clone()));
    for (field, value) in &scene.unopened {
        if !map.contains_key(field) {
            map.insert(field.clone(), value.clone());
        }
    }
    map
}

fn unopened<'a>(scene: &'a Scene, field: &'a str) -> impl Iterator<Item = Value> + 'a {
    scene.unopened.iter().filter(move |(name, _)| name == field).map(|(_, value)| value.clone())
}

fn node_json(node: &SceneNode) -> Value {
    let mut json = json!({ "id": node.id, "type": node.kind.spec().kind, "at": [tidy(node.at.0), tidy(node.at.1)],
        "properties": node.properties });
    if node.locked {
        json["locked"] = Value::Bool(true);
    }
    if let Some(was) = &node.was {
        json["was"] = json!(was);
    }
    json
}

/// A whole number where it is one: `80`, not `80.0`; else to a thousandth, so that what is read is what was written.
fn tidy(length: f64) -> Value {
    let (whole, thousandths) = (libm::rint(length), libm::rint(length * 1e3));
    if whole.abs() < 1e15 && libm::rint(whole * 1e3) == thousandths {
        return json!(whole as i64);
    }
    json!(thousandths / 1e3)
}

fn link_json(link: &SceneLink) -> Value {
    let mut json = json!({ "id": link.id, "from": link.from, "to": link.to, "type": link.kind.spec().name });
    if !link.properties.is_empty() {
        json["properties"] = Value::Object(link.properties.clone());
    }
    if let Some(latency) = &link.latency {
        json["latency"] = latency.clone();
    }
    json
}
