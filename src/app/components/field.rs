//! One field of a form, drawn from its [`Property`]: label, control, unit, help, provenance, what is wrong.

use std::rc::Rc;

use decoupled::services::{Property, PropertyKind};
use serde_json::{Map, Value};
use yew::prelude::*;

use super::field_choice::{choice, node_choice, switch, switched_choice};
use super::field_json::JsonField;
use super::field_props::{FieldProps, help};
use super::field_prose::ProseField;
use super::field_slider::{probability, rate};
use super::field_text::TextField;
use super::pattern_tester::PatternTester;

#[component(Field)]
pub fn field(props: &FieldProps) -> Html {
    let control = match props.property.kind {
        PropertyKind::Object(inner) => return object(props, inner),
        PropertyKind::Boolean => return switch(props),
        PropertyKind::Integer { .. } | PropertyKind::Text { .. } | PropertyKind::Duration | PropertyKind::TimeZone => {
            html! { <TextField ..props.clone() /> }
        }
        PropertyKind::Probability => probability(props),
        PropertyKind::Rate => rate(props),
        PropertyKind::Choice(options) => choice(props, options),
        PropertyKind::SwitchedChoice(options) => switched_choice(props, options),
        PropertyKind::Node(types) => node_choice(props, types),
        PropertyKind::Markdown { .. } => html! { <ProseField ..props.clone() /> },
        PropertyKind::Json | PropertyKind::Nodes | PropertyKind::Attributes => html! { <JsonField ..props.clone() /> },
        PropertyKind::Pattern(dialect) => {
            let default = || serde_json::from_str(props.property.default).ok();
            let pattern: Option<Value> = props.value.clone().or_else(default);
            html! {
                <>
                    <JsonField ..props.clone() />
                    if let Some(pattern) = pattern {
                        <PatternTester {pattern} {dialect} />
                    }
                </>
            }
        }
    };
    html! {
        <div class="field">
            <label for={props.control_id()}>{ props.property.label }</label>
            { control }
            { help(props) }
        </div>
    }
}

/// Fields within a field: each changes its own part of the map.
fn object(props: &FieldProps, inner: &'static [Property]) -> Html {
    let map = match &props.value {
        Some(Value::Object(map)) => map.clone(),
        _ => Map::new(),
    };
    let part = |property: &'static Property| {
        let (outer, whole) = (props.onchange.clone(), map.clone());
        let onchange = Callback::from(move |value: Option<Value>| {
            let mut map = whole.clone();
            match value {
                Some(value) => drop(map.insert(property.name.to_owned(), value)),
                None => drop(map.shift_remove(property.name)),
            }
            outer.emit((!map.is_empty()).then_some(Value::Object(map)));
        });
        let path = format!("{}.{}", props.path, property.name);
        html! {
            <Field key={property.name} {property} value={map.get(property.name).cloned()} nodes={Rc::clone(&props.nodes)}
                {path} link={props.link} {onchange} />
        }
    };
    html! {
        <fieldset class="field-object" data-testid={props.testid()}>
            <legend title={props.property.help}>{ props.property.label }</legend>
            { for inner.iter().map(part) }
        </fieldset>
    }
}
