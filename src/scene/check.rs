//! What a scene says, checked against the services' forms: ranges, references, scripts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::document::Scene;
use super::limits;
use super::problem::Problem;
use super::script::{Act, Subject};
use crate::engine::Sort;
use crate::lang::duration::parse_rate;
use crate::lang::event_pattern::{Dialect, Pattern};
use crate::lang::schedule::Zone;
use crate::services::limits as service_limits;
use crate::services::{Distribution, Kind, LinkView, NodeView, Property, PropertyKind, SceneView, Wrong, whole_number};

impl Scene {
    /// Everything that is wrong with what the scene says, with its place and subject.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut kinds: BTreeMap<&str, Kind> = BTreeMap::new();
        kinds.extend(self.nodes.iter().map(|node| (&*node.id, node.kind)));
        for (index, node) in self.nodes.iter().enumerate() {
            let spec = node.kind.spec();
            let place = format!("nodes[{index}].properties");
            let mut check = Check { kinds: &kinds, problems: &mut problems, subject: &node.id, is_set: false };
            check.properties(&place, &node.properties, spec.properties, spec.not_modelled, spec.kind);
        }
        for (index, link) in self.links.iter().enumerate() {
            let spec = link.kind.spec();
            let place = format!("links[{index}]");
            let mut check = Check { kinds: &kinds, problems: &mut problems, subject: &link.id, is_set: false };
            check.properties(
                &format!("{place}.properties"),
                &link.properties,
                self.form_of(link),
                spec.not_modelled,
                spec.name,
            );
            if let Some(Err(message)) = link.latency.as_ref().map(Distribution::parse) {
                check.problem(format!("{place}.latency"), message);
            }
        }
        let view = self.view();
        for kind in Kind::ALL {
            let found = (kind.spec().problems)(&view).into_iter();
            problems.extend(found.map(|Wrong { place, text, about }| Problem::new(place, text).about(&about)));
        }
        self.check_frames(&mut problems);
        self.check_script(&kinds, &mut problems);
        if !self.unopened.is_empty() {
            self.check_own_checks(&mut problems);
        }
        problems.truncate(limits::PROBLEMS_MAX);
        problems
    }

    /// The scene as its services see it.
    fn view(&self) -> SceneView<'_> {
        let mut view = SceneView::default();
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for (place, node) in self.nodes.iter().enumerate() {
            places.insert(&node.id, place);
            view.nodes.push(NodeView { place, id: &node.id, kind: node.kind, properties: &node.properties });
        }
        for (place, link) in self.links.iter().enumerate() {
            let end = |id: &String| places.get(&**id).map(|place| view.nodes[*place]);
            let (Some(from), Some(to)) = (end(&link.from), end(&link.to)) else { continue };
            view.links.push(LinkView { place, id: &link.id, kind: link.kind, from, to, properties: &link.properties });
        }
        view
    }

    /// `${id.path}` may only name a call that stands earlier in time or in the list: so no script is cyclic.
    fn check_script(&self, kinds: &BTreeMap<&str, Kind>, problems: &mut Vec<Problem>) {
        let mut order: Vec<usize> = (0..self.script.len()).collect();
        order.order_by_key(|index| (self.script[*index].at, *index));
        let mut known: BTreeSet<&str> = BTreeSet::new();
        for index in order {
            let entry = &self.script[index];
            let (field, id, there) = match &entry.link {
                Some(link) => ("link", link, self.link(link).is_some() || self.reference_of(link).is_some()),
                None => ("node", &entry.node, self.node(&entry.node).is_some()),
            };
            if !there {
                let text = format!("no {field} has the id \"{id}\": nothing happens");
                problems.push(Problem::new(format!("script[{index}].{field}"), text));
            }
            if let Act::Set { properties } = &entry.act {
                let place = format!("script[{index}].set");
                self.check_settings(kinds, &entry.subject(), &place, properties, problems);
            }
            if let Act::Call { input, .. } = &entry.act {
                for name in references(input) {
                    if !known.contains(&*name) {
                        let text = format!(
                            "${{{name}…}} names no earlier call; give that call the id \"{name}\" and an earlier time"
                        );
                        problems.push(Problem::new(format!("script[{index}].input"), text).about(&entry.node));
                    }
                }
            }
            if let Some(id) = &entry.id {
                if known.contains(&**id) {
                    problems.push(
                        Problem::new(format!("script[{index}].id"), format!("\"{id}\" is taken")).about(&entry.node),
                    );
                }
                known.insert(id);
            }
        }
    }
}

impl Scene {
    /// What is wrong with new values for a live resource; a place begins with the property's name.
    #[must_use]
    pub fn wrong_settings(&self, subject: &Subject, properties: &Map<String, Value>) -> Vec<Problem> {
        let mut problems = Vec::new();
        let kinds = self.nodes.iter().map(|node| (&*node.id, node.kind)).collect();
        self.check_settings(&kinds, subject, "", properties, &mut problems);
        problems
    }

    fn check_settings(
        &self,
        kinds: &BTreeMap<&str, Kind>,
        subject: &Subject,
        place: &str,
        properties: &Map<String, Value>,
        problems: &mut Vec<Problem>,
    ) {
        let (form, not_modelled, owner) = match subject {
            Subject::Node(id) => {
                let Some(spec) = kinds.get(&**id).map(|kind| kind.spec()) else { return };
                (spec.properties, spec.not_modelled, spec.kind)
            }
            Subject::Link(id) => {
                let Some(link) = self.link(id) else { return };
                (self.form_of(link), link.kind.spec().not_modelled, link.kind.spec().name)
            }
        };
        let mut check = Check { kinds, problems, subject: subject.id(), is_set: true };
        check.properties(place, properties, form, not_modelled, owner);
    }
}

/// The ids that a script input's `${id.path}` texts name.
fn references(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => {
            let inside = text.split("${").skip(1).filter_map(|rest| rest.split_once('}')).map(|(inside, _)| inside);
            inside.map(|path| path.split(['.', '[']).next().unwrap_or_default().to_owned()).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        Value::Object(map) => map.values().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

struct Check<'a> {
    kinds: &'a BTreeMap<&'a str, Kind>,
    problems: &'a mut Vec<Problem>,
    subject: &'a str,
    /// Whether these are new values for a live resource: `null` takes one away.
    is_set: bool,
}

impl Check<'_> {
    fn problem(&mut self, place: String, message: String) {
        self.problems.push(Problem::new(place, message).about(self.subject));
    }

    fn properties(
        &mut self,
        place: &str,
        given: &Map<String, Value>,
        form: &'static [Property],
        not_modelled: &[(&str, &str)],
        owner: &str,
    ) {
        for (name, value) in given {
            let place = if place.is_empty() { name.clone() } else { format!("{place}.{name}") };
            if let Some((_, reason)) = not_modelled.iter().find(|(known, _)| known == name) {
                self.problem(place, format!("not modelled: {reason}"));
                continue;
            }
            let Some(property) = form.iter().find(|property| property.name == name) else {
                let known: Vec<&str> = form.iter().map(|property| property.name).collect();
                self.problem(place, format!("{owner} has no property {name}; known are {}", known.join(", ")));
                continue;
            };
            if self.is_set && value.is_null() {
                continue;
            }
            if let PropertyKind::Object(inner) = property.kind {
                match value {
                    Value::Object(map) => self.properties(&place, map, inner, &[], property.name),
                    _ => self.problem(place, "must be an object".to_owned()),
                }
                continue;
            }
            let scope = given.get("FilterPolicyScope").and_then(Value::as_str);
            if let Err(message) = check_value(property, value, scope) {
                self.problem(place, message);
            } else if let PropertyKind::Node(kinds) = property.kind {
                self.reference(place, value.as_str().unwrap_or_default(), kinds);
            } else if matches!(property.kind, PropertyKind::Nodes) {
                for id in value.as_array().into_iter().flatten().filter_map(Value::as_str) {
                    if !self.kinds.contains_key(id) {
                        self.problem(place.clone(), format!("no node has the id \"{id}\""));
                    }
                }
            }
        }
    }

    fn reference(&mut self, place: String, id: &str, kinds: &[&str]) {
        match self.kinds.get(id) {
            Some(kind) if kinds.contains(&kind.spec().kind) => {}
            Some(kind) => {
                let message = format!("\"{id}\" is a {}; allowed is {}", kind.spec().kind, kinds.join(" or "));
                self.problem(place, message);
            }
            None => self
                .problem(place, format!("no node has the id \"{id}\"; allowed is the id of a {}", kinds.join(" or "))),
        }
    }
}

/// Checks one value against its form field, for the inspector and the file alike.
///
/// # Errors
/// A sentence that says what is wrong and what is allowed.
pub fn check_property(property: &Property, value: &Value) -> Result<(), String> {
    check_value(property, value, None)
}

fn check_value(property: &Property, value: &Value, filter_scope: Option<&str>) -> Result<(), String> {
    match property.kind {
        PropertyKind::Integer { min, max } => {
            let number = whole_number(value).and_then(|number| i64::try_from(number).ok()).or_else(|| value.as_i64());
            match number {
                Some(number) if (min..=max).contains(&number) => Ok(()),
                _ => {
                    let unit = if property.unit.is_empty() { String::new() } else { format!(" {}", property.unit) };
                    Err(format!("{value} is out of range; allowed is a whole number from {min} to {max}{unit}"))
                }
            }
        }
        PropertyKind::Probability => match value.as_f64() {
            Some(part) if (0.0..=1.0).contains(&part) => Ok(()),
            _ => Err(format!("{value} is not a probability; allowed is a number from 0 to 1")),
        },
        PropertyKind::Boolean => match value {
            Value::Bool(_) => Ok(()),
            Value::String(text) if text == "true" || text == "false" => Ok(()),
            _ => Err(format!("{value} is neither true nor false")),
        },
        PropertyKind::Text { max } | PropertyKind::Markdown { max } => match value.as_str() {
            Some(text) if text.chars().count() <= max => Ok(()),
            Some(_) => Err(format!("is too long; allowed are {max} characters")),
            None => Err(format!("{value} is not a text")),
        },
        PropertyKind::SwitchedChoice(_) if value.is_boolean() || value == "true" || value == "false" => Ok(()),
        PropertyKind::Choice(choices) | PropertyKind::SwitchedChoice(choices) => match value.as_str() {
            Some(text) if choices.contains(&text) => Ok(()),
            _ => Err(format!("{value} is not known; allowed is {}", choices.join(", "))),
        },
        PropertyKind::TimeZone => time_zone(value),
        PropertyKind::Json | PropertyKind::Attributes | PropertyKind::Object(_) => Ok(()),
        PropertyKind::Pattern(dialect) => {
            let by_body = dialect == Dialect::SnsMessageAttributes && filter_scope == Some("MessageBody");
            let dialect = if by_body { Dialect::SnsMessageBody } else { dialect };
            Pattern::from_value(value, dialect).map(drop).map_err(|error| error.to_string())
        }
        PropertyKind::Duration => Distribution::parse(value).map(drop),
        PropertyKind::Rate => {
            let text = value.as_str().ok_or_else(|| format!("{value} is not a rate; write \"5/s\""))?;
            let rate = parse_rate(text)?;
            let most = service_limits::PRODUCER_RATE_MAX;
            if u128::from(rate.count) * 1_000_000 > u128::from(most) * u128::from(rate.per) {
                return Err(format!("\"{text}\" is too fast; allowed are up to {most}/s. The run uses {most}/s"));
            }
            Ok(())
        }
        PropertyKind::Node(_) => match value.as_str() {
            Some(_) => Ok(()),
            None => Err(format!("{value} is not the id of a node")),
        },
        PropertyKind::Nodes => match value.as_array() {
            Some(ids) if ids.iter().all(Value::is_string) => Ok(()),
            _ => Err(format!("{value} is not a list of ids of nodes")),
        },
    }
}

#[inline(never)] // second part
fn time_zone(value: &Value) -> Result<(), String> {
    let name = value.as_str().ok_or_else(|| format!("{value} is not a text"))?;
    if Zone::from_name(name).is_some() {
        return Ok(());
    }
    let meant = Zone::nearest(name).map_or_else(
        || "; write one such as Europe/Berlin".to_owned(),
        |nearest| format!("; the nearest is {nearest}"),
    );
    Err(format!("{value} is no zone of the IANA time zone database{meant}"))
}
