//! One field of a form, drawn from its [`Property`]: label, control, unit, help, provenance, what is wrong.

use std::rc::Rc;

use decoupled::scene::check_property;
use decoupled::services::{Property, PropertyKind};
use serde_json::{Map, Value};
use yew::prelude::*;

use super::field_choice::{choice, node_choice, switch, switched_choice};
use super::field_json::JsonField;
use super::field_prose::ProseField;
use super::field_slider::{probability, rate};
use super::field_text::TextField;
use super::pattern_tester::PatternTester;
use super::provenance;

/// The nodes a field may refer to: id and type.
pub type Nodes = Rc<Vec<(String, &'static str)>>;

#[derive(Properties, Clone)]
pub struct FieldProps {
    pub property: &'static Property,
    /// `None` when absent: the default applies.
    pub value: Option<Value>,
    pub nodes: Nodes,
    /// For element ids and tests: `VisibilityTimeout`, `RedrivePolicy.maxReceiveCount`.
    pub path: AttrValue,
    pub link: &'static str,
    pub onchange: Callback<Option<Value>>,
}

impl PartialEq for FieldProps {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.property, other.property)
            && self.value == other.value
            && self.nodes == other.nodes
            && self.path == other.path
            && self.onchange == other.onchange
    }
}

impl FieldProps {
    pub fn control_id(&self) -> String {
        format!("field-{}", self.path.replace('.', "-"))
    }

    pub fn testid(&self) -> String {
        format!("field-{}", self.path)
    }

    pub fn help_id(&self) -> String {
        format!("{}-help", self.control_id())
    }

    /// The default as the placeholder shows it.
    pub fn placeholder(&self) -> String {
        match serde_json::from_str(self.property.default) {
            Ok(Value::String(text)) => text,
            Ok(value) => value.to_string(),
            Err(_) => String::new(),
        }
    }

    /// The value as a text field shows it.
    pub fn text(&self) -> String {
        match &self.value {
            None => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
        }
    }

    /// # Errors
    /// What is wrong with the value and what is allowed.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        check_property(self.property, value)
    }
}

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

/// Shown while the field has the focus; always there for a screen reader.
pub fn help(props: &FieldProps) -> Html {
    html! {
        <p class="field-help" id={props.help_id()}>
            { props.property.help }{ " " }{ provenance::of_property(props.property, props.link) }
        </p>
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

/// What is wrong with what was typed.
pub fn complaint(error: Option<&String>) -> Html {
    match error {
        Some(error) => html! { <p class="field-error" role="alert">{ error }</p> },
        None => html! {},
    }
}
