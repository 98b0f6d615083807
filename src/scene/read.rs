//! Reading a scene file. Never fails: what can be opened is opened, the rest is kept and named in a problem.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Arguments;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::document::{NetworkChoice, Scene, SceneLink, SceneNode};
use super::limits;
use super::problem::Problem;
use super::script::{self, ScriptEntry};
use super::text;
use super::write::VERSION;
use crate::services::{Kind, LinkKind};

/// Types of the format that this version does not open yet.
const LATER_TYPES: [&str; 5] = [
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGatewayV2::Api",
    "AWS::AppSync::GraphQLApi",
    "AWS::AmazonMQ::Broker",
    "Decoupled::Client",
];

const NODE_FIELDS: [&str; 6] = ["id", "type", "at", "properties", "locked", "was"];
const NO_OBJECT: &str = "must be an object, such as { \"id\": … }";
const LINK_FIELDS: [&str; 6] = ["id", "from", "to", "type", "properties", "latency"];

/// Reads a scene. The problems are those of the file's form; [`Scene::problems`] checks what it says. A text that is
/// no scene as a whole is an empty scene and the one reason; [`try_read_scene`] tells the two apart.
#[must_use]
pub fn read_scene(text: &str) -> (Scene, Vec<Problem>) {
    try_read_scene(text).unwrap_or_else(|problem| (Scene::default(), vec![problem]))
}

/// The same.
///
/// # Errors
/// Why the text is no scene as a whole: too large, no JSON, no scene, an unknown version.
pub fn try_read_scene(text: &str) -> Result<(Scene, Vec<Problem>), Problem> {
    read(text).map(|(scene, problems, _)| (scene, problems))
}

/// Reads the bytes of a file, and checks what it says: all problems with their places in the file.
///
/// # Errors
/// As [`try_read_scene`], and where the bytes are no text of ours.
pub fn read_file(bytes: &[u8]) -> Result<(Scene, Vec<Problem>), Problem> {
    let (scene, mut problems, places) = read(text::of_bytes(bytes)?)?;
    problems.extend(scene.problems().into_iter().map(|problem| places.in_file(problem)));
    Ok((scene, problems))
}

fn read(text: &str) -> Result<(Scene, Vec<Problem>, Places), Problem> {
    let (map, doubles) = text::object(text)?;
    Reader { problems: doubles, ..Reader::default() }.read(map)
}

/// Where in the file the things of a scene stand: entries that cannot be used are no part of the scene, but count.
#[derive(Default)]
struct Places {
    nodes: Vec<usize>,
    links: Vec<usize>,
    script: Vec<usize>,
}

impl Places {
    fn in_file(&self, mut problem: Problem) -> Problem {
        for (field, places) in [("nodes[", &self.nodes), ("links[", &self.links), ("script[", &self.script)] {
            let Some((index, rest)) = problem.place.strip_prefix(field).and_then(|rest| rest.split_once(']')) else {
                continue;
            };
            if let Some(place) = index.parse().ok().and_then(|index: usize| places.get(index)) {
                problem.place = format!("{field}{place}]{rest}");
                break;
            }
        }
        problem
    }
}

#[derive(Default)]
struct Reader {
    scene: Scene,
    problems: Vec<Problem>,
    places: Places,
    kinds: BTreeMap<String, Kind>,
    link_ids: BTreeSet<String>,
}

impl Reader {
    fn read(mut self, mut map: Map<String, Value>) -> Result<(Scene, Vec<Problem>, Places), Problem> {
        match map.shift_remove("version") {
            Some(Value::Number(version)) if version.as_u64() == Some(VERSION) => {}
            Some(version) => {
                let text = format!("version {version} is unknown; this page reads version {VERSION}");
                return Err(Problem::new("version", text));
            }
            None if map.contains_key("nodes") => {
                self.problem(format_args!("version"), format_args!("is missing; read as {VERSION}"))
            }
            None => {
                let text = "This is not a scene: it has neither \"version\" nor \"nodes\".";
                return Err(Problem::new("", text));
            }
        }
        self.head(&mut map);
        for (index, value) in self.list(&mut map, "nodes", limits::NODES_MAX).into_iter().enumerate() {
            self.node(index, value);
        }
        self.move_properties();
        for (index, value) in self.list(&mut map, "links", limits::LINKS_MAX).into_iter().enumerate() {
            self.link(index, value);
        }
        for (index, value) in self.list(&mut map, "script", limits::SCRIPT_ENTRIES_MAX).into_iter().enumerate() {
            self.script_entry(index, value);
        }
        self.scene.notes = match map.shift_remove("notes") {
            Some(Value::Array(notes)) => notes,
            Some(note) => vec![note],
            None => Vec::new(),
        };
        for (field, value) in map {
            if field != "checks" {
                self.problem(
                    format_args!("{field}"),
                    format_args!("is not a field of a scene; it is kept but does nothing"),
                );
            }
            self.scene.unopened.push((field, value));
        }
        if self.problems.len() > limits::PROBLEMS_MAX {
            let more = self.problems.len() - limits::PROBLEMS_MAX;
            self.problems.truncate(limits::PROBLEMS_MAX);
            self.problems.push(Problem::new("", format!("… and {more} more problems")));
        }
        Ok((self.scene, self.problems, self.places))
    }

    fn head(&mut self, map: &mut Map<String, Value>) {
        match map.shift_remove("name") {
            Some(Value::String(name)) => self.scene.name = name,
            Some(_) => self.problem(format_args!("name"), format_args!("must be a text")),
            None => {}
        }
        match map.shift_remove("seed") {
            Some(seed) if seed.as_u64().is_some() => self.scene.seed = seed.as_u64().unwrap_or_default(),
            Some(seed) => self.problem(format_args!("seed"), format_args!("{seed} is not a whole number from 0 up")),
            None => {}
        }
        if let Some(network) = map.shift_remove("network") {
            let network = NetworkChoice(network);
            match network.preset() {
                Ok(_) => self.scene.network = network,
                Err(message) => self.problem(format_args!("network"), format_args!("{message}")),
            }
        }
    }

    #[inline(never)] // second part
    fn problem(&mut self, place: Arguments<'_>, message: Arguments<'_>) {
        self.problems.push(Problem::new(place.to_string(), message.to_string()));
    }

    /// A list field, cut at its bound; what is cut off is kept in the file.
    fn list(&mut self, map: &mut Map<String, Value>, field: &str, most: usize) -> Vec<Value> {
        match map.shift_remove(field) {
            Some(Value::Array(mut items)) => {
                if items.len() > most {
                    let count = items.len();
                    let text = format_args!("has {count} entries; the first {most} are opened, the rest is kept");
                    self.problem(format_args!("{field}"), text);
                    let rest = items.split_off(most).into_iter().map(|value| (field.to_owned(), value));
                    self.scene.unopened.extend(rest);
                }
                items
            }
            Some(other) => {
                self.keep(
                    field,
                    format_args!("{field}"),
                    format_args!("must be a list; it is kept as its only entry"),
                    other,
                );
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    #[inline(never)] // second part
    fn keep(&mut self, field: &str, place: Arguments<'_>, message: Arguments<'_>, value: Value) {
        self.problem(place, message);
        self.scene.unopened.push((field.to_owned(), value));
    }

    fn node(&mut self, index: usize, value: Value) {
        let place = format!("nodes[{index}]");
        if !value.is_object() {
            return self.keep("nodes", format_args!("{place}"), format_args!("{NO_OBJECT}"), value);
        }
        let text = |name: &str| value.get(name).and_then(Value::as_str);
        let Some(id) = text("id").filter(|id| !id.is_empty() && id.chars().count() <= limits::ID_CHARS_MAX) else {
            let most = limits::ID_CHARS_MAX;
            let message = format_args!("must be a text of 1 to {most} characters");
            return self.keep("nodes", format_args!("{place}.id"), message, value);
        };
        if self.kinds.contains_key(id) {
            let message = format_args!("\"{id}\" is taken by an earlier node; ids are unique");
            return self.keep("nodes", format_args!("{place}.id"), message, value.clone());
        }
        let Some(kind) = text("type").and_then(Kind::from_name) else {
            let message = no_kind(text("type").unwrap_or("(none)"));
            return self.keep("nodes", format_args!("{place}.type"), format_args!("{message}"), value.clone());
        };
        let at = match value.get("at").and_then(Value::as_array).map(Vec::as_slice) {
            Some([x, y]) if x.is_number() && y.is_number() => {
                (x.as_f64().unwrap_or(0.0).clamp(-1e6, 1e6), y.as_f64().unwrap_or(0.0).clamp(-1e6, 1e6))
            }
            given => {
                if given.is_some() {
                    self.problem(format_args!("{place}.at"), format_args!("must be two numbers, [x, y]"));
                }
                (80.0 + 260.0 * (index % 5) as f64, 80.0 + 160.0 * (index / 5) as f64)
            }
        };
        let properties = self.properties(&place, &value);
        self.strangers(&place, &value, &NODE_FIELDS);
        let locked = match value.get("locked") {
            Some(Value::Bool(locked)) => *locked,
            Some(_) => {
                self.problem(format_args!("{place}.locked"), format_args!("must be true or false"));
                false
            }
            None => false,
        };
        let was = self.first_id(&place, id, &value);
        self.kinds.insert(id.to_owned(), kind);
        self.places.nodes.push(index);
        self.scene.nodes.push(Arc::new(SceneNode { id: id.to_owned(), kind, at, properties, locked, was }));
    }

    fn first_id(&mut self, place: &str, id: &str, value: &Value) -> Option<String> {
        let most = limits::ID_CHARS_MAX;
        match value.get("was")? {
            Value::String(was) if !was.is_empty() && was.chars().count() <= most => {
                Some(was.clone()).filter(|was| was != id)
            }
            _ => {
                let message = format_args!("must be a text of 1 to {most} characters: the id it had first");
                self.problem(format_args!("{place}.was"), message);
                None
            }
        }
    }

    /// Gives nodes what scenes of old had with another node. Where that is taken, it stays for the check to name.
    #[inline(never)] // second part
    fn move_properties(&mut self) {
        for index in 0..self.scene.nodes.len() {
            let node = Arc::clone(&self.scene.nodes[index]);
            for moved in node.kind.spec().moved {
                let owner = node.properties.get(moved.owner).and_then(Value::as_str);
                let place = owner.and_then(|id| self.scene.nodes.iter().position(|other| other.id == id));
                let (Some(value), Some(place)) = (node.properties.get(moved.name), place) else { continue };
                let value = (moved.made)(value.clone());
                let to = &mut Arc::make_mut(&mut self.scene.nodes[place]).properties;
                if to.get(moved.to).is_none_or(|given| *given == value) {
                    to.insert(moved.to.to_owned(), value);
                    Arc::make_mut(&mut self.scene.nodes[index]).properties.shift_remove(moved.name);
                    let owner = owner.unwrap_or_default();
                    let text = format!("is now {} of {owner}: {}", moved.to, moved.note);
                    let place = format!("nodes[{index}].properties.{}", moved.name);
                    self.problems.push(Problem::new(place, text).about(&node.id));
                }
            }
        }
    }

    /// Fields a node or link has not: they are not kept, and not without a word.
    fn strangers(&mut self, place: &str, value: &Value, known: &[&str]) {
        let names = value.as_object().into_iter().flat_map(Map::keys);
        for name in names.filter(|name| !known.contains(&name.as_str())) {
            let known = known.join(", ");
            let text = format_args!("is not a field here and will not be saved; known are {known}");
            self.problem(format_args!("{place}.{name}"), text);
        }
    }

    fn properties(&mut self, place: &str, value: &Value) -> Map<String, Value> {
        match value.get("properties") {
            Some(Value::Object(properties)) => properties.clone(),
            None => Map::new(),
            Some(_) => {
                self.problem(format_args!("{place}.properties"), format_args!("must be an object"));
                Map::new()
            }
        }
    }

    fn link(&mut self, index: usize, value: Value) {
        let place = format!("links[{index}]");
        if !value.is_object() {
            return self.keep("links", format_args!("{place}"), format_args!("{NO_OBJECT}"), value);
        }
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (from, to, mut id) = (text("from"), text("to"), text("id"));
        let ends = [("from", &from), ("to", &to)].map(|(field, end)| (field, self.kind_of(end)));
        for (field, kind) in ends {
            if kind.is_none() {
                let named = text(field);
                let message = format_args!("no node has the id \"{named}\"; the link is kept but not opened");
                return self.keep("links", format_args!("{place}.{field}"), message, value.clone());
            }
        }
        let [Some(from_kind), Some(to_kind)] = ends.map(|(_, kind)| kind) else { return };
        let Some(kind) = self.link_kind(&place, &text("type"), from_kind, to_kind) else {
            self.scene.unopened.push(("links".to_owned(), value));
            return;
        };
        if id.is_empty() || self.link_ids.contains(&id) {
            if !id.is_empty() {
                self.problem(
                    format_args!("{place}.id"),
                    format_args!("\"{id}\" is taken by an earlier link; a new id is given"),
                );
            }
            id = super::fresh_id(&format!("l{}", index + 1), |id| self.link_ids.contains(id));
        }
        let properties = self.properties(&place, &value);
        self.strangers(&place, &value, &LINK_FIELDS);
        let latency = value.get("latency").cloned();
        self.link_ids.insert(id.clone());
        self.places.links.push(index);
        self.scene.links.push(Arc::new(SceneLink { id, from, to, kind, properties, latency }));
    }

    fn kind_of(&self, id: &str) -> Option<Kind> {
        self.kinds.get(id).copied()
    }

    /// The kind of a link; without a type, or with `Target` from a bus to its rule, the one AWS has there.
    fn link_kind(&mut self, place: &str, name: &str, from: Kind, to: Kind) -> Option<LinkKind> {
        let natural = LinkKind::between(from, to).filter(|kind| kind.is_written());
        let named = if name.is_empty() || natural.is_some_and(|kind| kind.spec().also == name) {
            natural
        } else {
            let known = LinkKind::from_name(name);
            if known.is_none() {
                let names: Vec<&str> = crate::services::LinkKind::ALL.iter().map(|kind| kind.spec().name).collect();
                let names = names.join(", ");
                let message = format_args!("\"{name}\" is not a type of link; known are {names}");
                self.problem(format_args!("{place}.type"), message);
                return None;
            }
            known
        };
        let legal = named.filter(|kind| kind.connects(from, to) && kind.is_written());
        if legal.is_none() {
            let (a, b) = (from.spec().name, to.spec().name);
            let remedy = match natural {
                Some(kind) => format!("use {}", kind.spec().name),
                None if LinkKind::between(from, to).is_some() => {
                    format!("set the property {}", LinkKind::between(from, to).map_or("", |kind| kind.spec().name))
                }
                None => crate::services::refusal(from, to),
            };
            self.problem(format_args!("{place}.type"), format_args!("{name} cannot go from a {a} to a {b}: {remedy}"));
        }
        legal
    }

    fn script_entry(&mut self, index: usize, value: Value) {
        let place = format!("script[{index}]");
        match ScriptEntry::read(&value) {
            Ok(entry) => {
                self.strangers(&place, &value, &script::fields(&value));
                self.places.script.push(index);
                self.scene.script.push(entry);
            }
            Err((field, message)) => {
                let dot = if field.is_empty() { "" } else { "." };
                self.keep("script", format_args!("{place}{dot}{field}"), format_args!("{message}"), value);
            }
        }
    }
}

#[inline(never)] // second part
fn no_kind(given: &str) -> String {
    if LATER_TYPES.contains(&given) {
        return format!("{given} is not modelled yet; the node is kept but not opened");
    }
    let known: Vec<&str> = Kind::ALL.iter().map(|kind| kind.spec().kind).collect();
    format!("{given} is not a type of node; known are {}", known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_file_is_lost() {
        let text = r#"{"version":1,"name":"x","nodes":[{"id":"a","type":"Nope::Nope","at":[0,0]},
            {"id":"q","type":"AWS::SQS::Queue","at":[10,20]}],"links":[{"from":"q","to":"gone"}],"extra":{"k":1}}"#;
        let (scene, problems) = read_scene(text);
        assert_eq!(scene.nodes.len(), 1);
        let places: Vec<&str> = problems.iter().map(|problem| &*problem.place).collect();
        assert_eq!(places, ["nodes[0].type", "links[0].to", "extra"]);
        let (again, _) = read_scene(&super::super::write_scene(&scene));
        assert_eq!(again.unopened, scene.unopened);
        assert!(scene.unopened.iter().any(|(field, value)| field == "nodes" && value["type"] == "Nope::Nope"));
    }

    #[test]
    fn what_is_not_a_scene_says_so() {
        for (text, words) in
            [("{", "not JSON"), ("[]", "not a scene"), ("{}", "not a scene"), (r#"{"version":9}"#, "unknown")]
        {
            let (_, problems) = read_scene(text);
            assert!(problems[0].message.contains(words), "{text}: {problems:?}");
        }
    }
}
