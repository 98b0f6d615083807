//! Switches and lists to choose from.

use serde_json::Value;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::field_props::{FieldProps, help};

/// A switch stands beside its label instead of below it.
pub fn switch(props: &FieldProps) -> Html {
    let default = props.property.default == "true";
    let on = props.value.as_ref().map_or(default, |value| *value == Value::Bool(true) || value == "true");
    let onchange = props.onchange.clone();
    let onclick = Callback::from(move |_| onchange.emit(Some(Value::Bool(!on))));
    html! {
        <div class="field switch-row">
            <label for={props.control_id()}>{ props.property.label }</label>
            <button type="button" role="switch" class="switch" id={props.control_id()} aria-checked={on.to_string()}
                aria-describedby={props.help_id()} data-testid={props.testid()} {onclick}><span></span></button>
            { help(props) }
        </div>
    }
}

pub fn choice(field: &FieldProps, options: &'static [&'static str]) -> Html {
    let default = field.placeholder();
    let absent = if default.is_empty() { "–".to_owned() } else { format!("{default} (default)") };
    let options = options.iter().filter(|option| **option != default);
    select(field, &absent, options.map(|option| ((*option).to_owned(), (*option).to_owned())).collect())
}

/// What a scene of old has as a switch is shown as the choice it stands for.
pub fn switched_choice(field: &FieldProps, options: &'static [&'static str]) -> Html {
    let stands_for = match field.text().as_str() {
        "true" => options.first(),
        "false" => options.last(),
        _ => None,
    };
    let value = stands_for.map_or_else(|| field.value.clone(), |option| Some((*option).into()));
    choice(&FieldProps { value, ..field.clone() }, options)
}

pub fn node_choice(field: &FieldProps, types: &'static [&'static str]) -> Html {
    let fitting = field.nodes.iter().filter(|(_, kind)| types.contains(kind));
    select(field, "none", fitting.map(|(id, _)| (id.clone(), id.clone())).collect())
}

/// The empty option stands for absence.
fn select(field: &FieldProps, absent: &str, options: Vec<(String, String)>) -> Html {
    let chosen = field.text();
    let unknown = !chosen.is_empty() && options.iter().all(|(value, _)| *value != chosen);
    // The default, written out, is shown as the default.
    let chosen = if unknown && chosen == field.placeholder() { String::new() } else { chosen };
    let onchange = field.onchange.clone();
    let changed = Callback::from(move |event: Event| {
        let value = event.target_unchecked_into::<HtmlSelectElement>().value();
        onchange.emit((!value.is_empty()).then_some(Value::String(value)));
    });
    html! {
        <span class="select-box">
            <select id={field.control_id()} aria-describedby={field.help_id()} data-testid={field.testid()} onchange={changed}>
                <option value="" selected={chosen.is_empty()}>{ absent }</option>
                if unknown && !chosen.is_empty() {
                    <option value={chosen.clone()} selected={true}>{ format!("{chosen} (not in the scene)") }</option>
                }
                { for options.into_iter().map(|(value, label)| {
                    let selected = value == chosen;
                    html! { <option key={value.clone()} {value} {selected}>{ label }</option> }
                }) }
            </select>
        </span>
    }
}
