//! A chosen entry of the script: what it does, when and for how long, to be changed or taken away.

use decoupled::editor::{self, Command, State};
use decoupled::lang::duration::{format_duration, parse_duration};
use decoupled::scene::{Act, ScriptEntry, Subject};
use decoupled::services::{Breakage, Dose, Property, PropertyKind, Strength};
use serde_json::{Map, Value};
use yew::prelude::*;

use super::field::Field;
use super::field_props::Nodes;
use super::icon::Icon;
use crate::app::store::Store;

/// A field of an entry: it has no default, and no fact of AWS's behind it.
const fn field(name: &'static str, label: &'static str, kind: PropertyKind, help: &'static str) -> Property {
    Property {
        name,
        label,
        kind,
        default: "",
        unit: "",
        help,
        fact: "",
        strength: Strength::Documented,
        is_fixed: false,
        is_live: false,
    }
}

static AT: Property = field("at", "At", PropertyKind::Duration, "After the run began: \"4s\", \"1m\", \"250ms\".");
static LASTING: Property = field("for", "For", PropertyKind::Duration, "How long it holds; without it, for good.");
static PART: Property = field("Probability", "Of what passes", PropertyKind::Probability, "The part that is struck.");
static TIME: Property = Property {
    unit: "%",
    ..field(
        "Percent",
        "Of the usual time",
        PropertyKind::Integer { min: 100, max: 100_000 },
        "How long everything takes.",
    )
};
static OUTAGE: Property = field(
    "Outage",
    "Looks like",
    PropertyKind::Choice(&["ServerError", "Refusal", "Silence"]),
    "To who calls it: a server error, a refusal at once, or nothing at all. Unless set, as its kind does.",
);
static INPUT: Property = field("input", "Input", PropertyKind::Json, "As AWS's API takes it.");
static SET: Property = field("set", "Values", PropertyKind::Json, "By property; null takes one away.");

pub fn mark_form(store: &Store, state: &State, index: usize, entry: &ScriptEntry) -> Html {
    let (kind, subtitle) = match &entry.act {
        Act::Call { action, .. } => ("Call", action.clone()),
        Act::Set { .. } => ("Changed value", String::new()),
        Act::Fault { name, .. } => {
            let breakage = Breakage::named(name);
            ("Fault", breakage.map_or_else(|| name.clone(), |breakage| breakage.label.to_owned()))
        }
    };
    let select = match entry.subject() {
        Subject::Node(id) => Command::Select { nodes: vec![id], links: Vec::new(), add: false },
        Subject::Link(id) => Command::Select { nodes: Vec::new(), links: vec![id], add: false },
    };
    let of = editor::subject_text(&state.scene, entry);
    html! {
        <div key={format!("mark {index}")} data-testid="mark-form">
            <header class="inspector-head">
                <div>
                    <h2 class="inspector-title">{ if subtitle.is_empty() { kind.to_owned() } else { subtitle } }</h2>
                    <p>{ format!("{kind} · part of the script") }</p>
                </div>
            </header>
            <button type="button" class="connection" data-testid="mark-subject" onclick={store.sends(select)}>{ of }</button>
            <div class="form">
                { timed(store, index, entry, &AT, Some(entry.at)) }
                { own(store, index, entry) }
            </div>
            <div class="inspector-actions">
                <button type="button" class="soft danger" data-testid="mark-delete"
                    onclick={store.sends(Command::RemoveScriptEntry { index })}>{ Icon::Trash.html() }{ "Delete" }</button>
            </div>
        </div>
    }
}

/// What only this kind of entry has.
fn own(store: &Store, index: usize, entry: &ScriptEntry) -> Html {
    match &entry.act {
        Act::Call { action, input } => {
            let action = action.clone();
            json(store, index, entry, &INPUT, input.clone(), move |input| Act::Call { action: action.clone(), input })
        }
        Act::Set { properties } => json(store, index, entry, &SET, Value::Object(properties.clone()), |value| {
            Act::Set { properties: object(value) }
        }),
        Act::Fault { name, lasting, settings } => {
            let dose = Breakage::named(name).map_or(Dose::Whole, |breakage| breakage.dose);
            let number = match dose {
                Dose::Part => Some(&PART),
                Dose::Time => Some(&TIME),
                Dose::Outage => Some(&OUTAGE),
                Dose::Whole | Dose::Once => None,
            };
            html! {
                <>
                    if dose != Dose::Once {
                        { timed(store, index, entry, &LASTING, (*lasting > 0).then_some(*lasting)) }
                    }
                    if let Some(number) = number {
                        { setting(store, index, entry, number, settings) }
                    }
                </>
            }
        }
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// A time of the entry: when it is, or how long it lasts.
fn timed(store: &Store, index: usize, entry: &ScriptEntry, property: &'static Property, time: Option<u64>) -> Html {
    let (store, entry) = (store.clone(), entry.clone());
    let onchange = Callback::from(move |value: Option<Value>| {
        let text = value.as_ref().and_then(Value::as_str).unwrap_or("0s");
        let time = match parse_duration(text) {
            Ok(time) => time,
            Err(why) => {
                let text = format!("{}: {why}.", property.label);
                return store.dispatch(Command::Say { text, bad: true });
            }
        };
        let entry = match (&entry.act, std::ptr::eq(property, &LASTING)) {
            (Act::Fault { name, settings, .. }, true) => {
                let act = Act::Fault { name: name.clone(), settings: settings.clone(), lasting: time };
                ScriptEntry { act, ..entry.clone() }
            }
            _ => ScriptEntry { at: time, ..entry.clone() },
        };
        store.dispatch(Command::ChangeScriptEntry { index, entry });
    });
    let value = time.map(|time| Value::from(format_duration(time)));
    let wish = if std::ptr::eq(property, &AT) { a_time } else { no_time_or_one };
    html! { <Field {property} {value} nodes={Nodes::default()} path={property.name} link="" {onchange} {wish} /> }
}

fn a_time(value: Option<&Value>) -> Option<&'static str> {
    if value.is_none() { Some("Say when, such as 4s.") } else { no_time_or_one(value) }
}

fn no_time_or_one(value: Option<&Value>) -> Option<&'static str> {
    value.is_some_and(|value| !value.is_string()).then_some("One time, such as 4s: here nothing is left to chance.")
}

fn a_map(value: Option<&Value>) -> Option<&'static str> {
    value.is_some_and(|value| !value.is_object()).then_some("An object: values by the names of their properties.")
}

fn setting(
    store: &Store,
    index: usize,
    entry: &ScriptEntry,
    property: &'static Property,
    settings: &Map<String, Value>,
) -> Html {
    let (store, entry, before) = (store.clone(), entry.clone(), settings.clone());
    let onchange = Callback::from(move |value: Option<Value>| {
        let Act::Fault { name, lasting, .. } = &entry.act else { return };
        let mut settings = before.clone();
        match value {
            Some(value) => drop(settings.insert(property.name.to_owned(), value)),
            None => drop(settings.shift_remove(property.name)),
        }
        let act = Act::Fault { name: name.clone(), lasting: *lasting, settings };
        store.dispatch(Command::ChangeScriptEntry { index, entry: ScriptEntry { act, ..entry.clone() } });
    });
    let preset = match property.kind {
        PropertyKind::Probability => Some(Value::from(1.0)),
        PropertyKind::Choice(_) => None,
        _ => Some(Value::from(300)),
    };
    let value = settings.get(property.name).cloned().or(preset);
    html! { <Field {property} {value} nodes={Nodes::default()} path={property.name} link="" {onchange} /> }
}

fn json(
    store: &Store,
    index: usize,
    entry: &ScriptEntry,
    property: &'static Property,
    value: Value,
    act: impl Fn(Value) -> Act + 'static,
) -> Html {
    let (store, entry) = (store.clone(), entry.clone());
    let onchange = Callback::from(move |value: Option<Value>| {
        let act = act(value.unwrap_or_else(|| Map::new().into()));
        store.dispatch(Command::ChangeScriptEntry { index, entry: ScriptEntry { act, ..entry.clone() } });
    });
    html! { <Field {property} {value} nodes={Nodes::default()} path={property.name} link="" {onchange} wish={wish_of(property)} /> }
}

fn wish_of(property: &Property) -> fn(Option<&Value>) -> Option<&'static str> {
    if std::ptr::eq(property, &SET) { a_map } else { |_| None }
}
