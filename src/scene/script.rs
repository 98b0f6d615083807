//! The script: what is done to the run from outside, and when.

use serde_json::{Map, Value, json};

use crate::engine::{Micros, Outage};
use crate::lang::duration::{format_duration, parse_duration};

/// The faults a script may name.
pub const FAULTS: [&str; 8] = ["Crash", "Slow", "Throttle", "Drop", "Duplicate", "Partition", "AzOutage", "Poison"];
/// Those of a link.
pub const LINK_FAULTS: [&str; 4] = ["Slow", "Drop", "Duplicate", "Partition"];

/// What an entry does; one of them.
const ACTS: [&str; 3] = ["call", "fault", "set"];
/// What a fault's entry says beside its name and length.
const SETTINGS: [&str; 3] = ["Outage", "Probability", "Percent"];
const HEAD_FIELDS: [&str; 4] = ["id", "at", "node", "link"];

/// What something is done to, by its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Node(String),
    Link(String),
}

impl Subject {
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Node(id) | Self::Link(id) => id,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct ScriptEntry {
    pub id: Option<String>,
    pub at: Micros,
    /// What it is done to; empty when that is a link.
    pub node: String,
    pub link: Option<String>,
    pub act: Act,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// An API call of the node's service; `${id.path}` in the input stands for a part of an earlier answer.
    Call { action: String, input: Value },
    /// A fault that lasts.
    Fault { name: String, lasting: Micros, settings: Map<String, Value> },
    /// New property values for a live resource; `null` takes a property away.
    Set { properties: Map<String, Value> },
}

impl ScriptEntry {
    #[must_use]
    pub fn new(subject: Subject, at: Micros, act: Act) -> Self {
        let (node, link) = match subject {
            Subject::Node(id) => (id, None),
            Subject::Link(id) => (String::new(), Some(id)),
        };
        Self { id: None, at, node, link, act }
    }

    /// Reads an entry of a file.
    ///
    /// # Errors
    /// The field that is wrong (empty for the whole entry), and what is wrong with it.
    pub(super) fn read(value: &Value) -> Result<Self, (String, String)> {
        let map = value.as_object().ok_or_else(|| wrong("", "must be an object"))?;
        let at = text(map, "at")?.ok_or_else(|| wrong("at", "must be a duration such as \"2s\""))?;
        let at = parse_duration(at).map_err(|message| wrong("at", message))?;
        let (node, link) = (text(map, "node")?, text(map, "link")?);
        if let (Some(_), Some(link)) = (node, link) {
            return Err(wrong("node", format!("an entry is about a node or about a link, and this one names {link}")));
        }
        // Whether it is there is a matter of what the scene says: what was deleted may come back.
        let node = node.or(link.is_some().then_some("")).ok_or_else(|| wrong("node", "must be the id of a node"))?;
        let acts: Vec<&str> = ACTS.into_iter().filter(|act| map.contains_key(*act)).collect();
        let act = match acts[..] {
            ["call"] => read_call(map, link.is_some()),
            ["fault"] => read_fault(map, link.is_some()),
            ["set"] => read_set(map),
            [first, second, ..] => Err(wrong(
                second,
                format!("an entry does one thing, and this one has \"{first}\" as well; make it two"),
            )),
            _ => Err(wrong("", "must have \"call\", \"fault\" or \"set\"")),
        }?;
        let id = text(map, "id")?.map(str::to_owned);
        Ok(Self { id, at, node: node.to_owned(), link: link.map(str::to_owned), act })
    }

    #[must_use]
    pub fn subject(&self) -> Subject {
        self.link.clone().map_or_else(|| Subject::Node(self.node.clone()), Subject::Link)
    }

    /// When it ends: a fault when it is over, all else when it has begun. A fault without an end never does.
    #[must_use]
    pub fn ends(&self) -> Micros {
        match &self.act {
            Act::Fault { lasting: 0, name, .. } if name != "Poison" => Micros::MAX,
            Act::Fault { lasting, .. } => self.at.saturating_add(*lasting),
            _ => self.at,
        }
    }

    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut map = Map::new();
        if let Some(id) = &self.id {
            map.insert("id".to_owned(), json!(id));
        }
        map.insert("at".to_owned(), json!(format_duration(self.at)));
        match &self.link {
            Some(link) => map.insert("link".to_owned(), json!(link)),
            None => map.insert("node".to_owned(), json!(self.node)),
        };
        match &self.act {
            Act::Call { action, input } => {
                map.insert("call".to_owned(), json!(action));
                map.insert("input".to_owned(), input.clone());
            }
            Act::Fault { name, lasting, settings } => {
                map.insert("fault".to_owned(), json!(name));
                map.insert("for".to_owned(), json!(format_duration(*lasting)));
                map.extend(settings.clone());
            }
            Act::Set { properties } => {
                map.insert("set".to_owned(), Value::Object(properties.clone()));
            }
        }
        Value::Object(map)
    }
}

fn wrong(field: &str, message: impl Into<String>) -> (String, String) {
    (field.to_owned(), message.into())
}

fn text<'a>(map: &'a Map<String, Value>, field: &str) -> Result<Option<&'a str>, (String, String)> {
    match map.get(field) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(wrong(field, format!("{other} is not a text"))),
    }
}

/// The fields that an entry of this sort may have.
pub(super) fn fields(entry: &Value) -> Vec<&'static str> {
    let (own, settings): (&[&str], &[&str]) = match ACTS.into_iter().find(|act| entry.get(act).is_some()) {
        Some("call") => (&["call", "input"], &[]),
        Some("fault") => (&["fault", "for"], &SETTINGS),
        _ => (&["set"], &[]),
    };
    HEAD_FIELDS.iter().chain(own).chain(settings).copied().collect()
}

fn read_call(map: &Map<String, Value>, of_link: bool) -> Result<Act, (String, String)> {
    if of_link {
        return Err(wrong("link", "takes no call; a link has faults and properties to set"));
    }
    let action = text(map, "call")?.unwrap_or_default().to_owned();
    let input = match map.get("input") {
        None => Map::new().into(),
        Some(input @ Value::Object(_)) => input.clone(),
        Some(other) => {
            let what = if other.is_string() { "is a text" } else { "is no object" };
            return Err(wrong("input", format!("{what}; write the call's input as an object, {{ \"Name\": … }}")));
        }
    };
    Ok(Act::Call { action, input })
}

fn read_fault(map: &Map<String, Value>, of_link: bool) -> Result<Act, (String, String)> {
    let name = text(map, "fault")?.unwrap_or_default();
    if !FAULTS.contains(&name) {
        return Err(wrong("fault", format!("\"{name}\" is not a fault; known are {}", FAULTS.join(", "))));
    }
    if of_link && !LINK_FAULTS.contains(&name) {
        return Err(wrong("fault", format!("{name} is no fault of a link; known are {}", LINK_FAULTS.join(", "))));
    }
    let lasting = text(map, "for")?.map_or(Ok(0), parse_duration).map_err(|message| wrong("for", message))?;
    if let Some(outage) = map.get("Outage").filter(|outage| outage.as_str().and_then(Outage::named).is_none()) {
        let known = Outage::ALL.map(Outage::name).join(", ");
        return Err(wrong("Outage", format!("{outage} is no way to be down; known are {known}")));
    }
    for (field, most) in [("Probability", 1.0), ("Percent", 100_000.0)] {
        let is_right = |value: &Value| value.as_f64().is_some_and(|number| (0.0..=most).contains(&number));
        if let Some(value) = map.get(field).filter(|value| !is_right(value)) {
            return Err(wrong(field, format!("{value} is out of range; allowed is a number from 0 to {most}")));
        }
    }
    let own = |(name, _): &(&String, &Value)| SETTINGS.contains(&name.as_str());
    let settings = map.iter().filter(own).map(|(name, value)| (name.clone(), value.clone())).collect();
    Ok(Act::Fault { name: name.to_owned(), lasting, settings })
}

fn read_set(map: &Map<String, Value>) -> Result<Act, (String, String)> {
    match map.get("set") {
        Some(Value::Object(properties)) => Ok(Act::Set { properties: properties.clone() }),
        _ => Err(wrong("set", "must be an object of properties, { \"Name\": value }; null takes one away")),
    }
}
