//! What every field of a form is given, and what stands around it.

use std::rc::Rc;

use decoupled::scene::check_property;
use decoupled::services::Property;
use serde_json::Value;
use yew::prelude::*;

use super::fact_number::FactNumber;
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
    /// What a field is told that is left empty, or holds what only it does not take; it is asked after the form.
    #[prop_or(no_wish)]
    pub wish: fn(Option<&Value>) -> Option<&'static str>,
}

fn no_wish(_value: Option<&Value>) -> Option<&'static str> {
    None
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
    pub fn check(&self, value: Option<&Value>) -> Result<(), String> {
        if let Some(value) = value {
            check_property(self.property, value)?;
        }
        (self.wish)(value).map_or(Ok(()), |why| Err(why.to_owned()))
    }
}

/// Shown while the field has the focus; always there for a screen reader.
pub fn help(props: &FieldProps) -> Html {
    let number = props.property.fact;
    html! {
        <div class="field-help">
            <span id={props.help_id()}>
                { props.property.help }{ " " }{ provenance::of_property(props.property, props.link) }
            </span>
            if !number.is_empty() {
                { " · " }<FactNumber {number} of={props.control_id()} />
            }
        </div>
    }
}

/// What is wrong with what was typed.
pub fn complaint(error: Option<&String>) -> Html {
    match error {
        Some(error) => html! { <p class="field-error" role="alert">{ error }</p> },
        None => html! {},
    }
}
