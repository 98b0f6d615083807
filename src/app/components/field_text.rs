//! Numbers, texts and durations: committed when the field is left or Enter is pressed, so that half a number
//! never reaches the run.

use decoupled::lang::schedule::Zone;
use decoupled::services::PropertyKind;
use serde_json::Value;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::field_props::{FieldProps, complaint};
use super::top_bar::blur_on_enter;

#[component(TextField)]
pub fn text_field(props: &FieldProps) -> Html {
    // What was typed and cannot be taken stays in the field, with the reason.
    let refused = use_state(|| None::<(String, String)>);
    {
        // A value that came from elsewhere, such as an undo, has nothing to do with what was typed before.
        let refused = refused.clone();
        use_effect_with(props.value.clone(), move |_| refused.set(None));
    }
    let onchange = {
        let (props, refused) = (props.clone(), refused.clone());
        Callback::from(move |event: Event| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            match read(&props, text.trim()) {
                Ok(value) => {
                    refused.set(None);
                    props.onchange.emit(value);
                }
                Err(sentence) => refused.set(Some((text, sentence))),
            }
        })
    };
    let (text, error) = match &*refused {
        Some((typed, sentence)) => (typed.clone(), Some(sentence)),
        None => (props.text(), None),
    };
    let (kind, min, max) = match props.property.kind {
        PropertyKind::Integer { min, max } => ("number", Some(min.to_string()), Some(max.to_string())),
        _ => ("text", None, None),
    };
    let names = matches!(props.property.kind, PropertyKind::TimeZone).then(|| zone_names(props));
    html! {
        <>
            <span class="input-box">
                <input id={props.control_id()} type={kind} {min} {max} step="1" value={text} autocomplete="off"
                    list={names.is_some().then(|| names_id(props))} placeholder={props.placeholder()} data-testid={props.testid()} aria-describedby={props.help_id()}
                    aria-invalid={error.is_some().then_some("true")} {onchange} onkeydown={blur_on_enter()} />
                if let Some(unit) = unit(props) {
                    <span class="unit">{ unit }</span>
                }
            </span>
            { names }
            { complaint(error) }
        </>
    }
}

fn names_id(props: &FieldProps) -> String {
    format!("{}-names", props.control_id())
}

/// What the browser offers while somebody types.
fn zone_names(props: &FieldProps) -> Html {
    html! {
        <datalist id={names_id(props)}>
            { for Zone::names().map(|name| html! { <option key={name} value={name} /> }) }
        </datalist>
    }
}

/// The unit; many seconds also in a unit that is easier to grasp.
fn unit(props: &FieldProps) -> Option<String> {
    let unit = props.property.unit;
    let shown = if props.value.is_some() { props.text() } else { props.placeholder() };
    let large = match (unit, shown.parse::<u64>().unwrap_or(0)) {
        ("s", days) if days >= 86_400 && days % 86_400 == 0 => Some(format!("s · {} d", days / 86_400)),
        ("s", hours) if hours >= 3_600 && hours % 3_600 == 0 => Some(format!("s · {} h", hours / 3_600)),
        ("B", bytes) if bytes >= 1_024 && bytes % 1_048_576 == 0 => Some(format!("B · {} MiB", bytes / 1_048_576)),
        _ => None,
    };
    large.or_else(|| (!unit.is_empty()).then(|| unit.to_owned()))
}

/// Nothing typed means the default.
fn read(props: &FieldProps, text: &str) -> Result<Option<Value>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    let value = match props.property.kind {
        PropertyKind::Integer { .. } => {
            Value::from(text.parse::<i64>().map_err(|_| format!("{text} is not a whole number"))?)
        }
        PropertyKind::Duration if text.starts_with('{') => {
            serde_json::from_str(text).map_err(|error| error.to_string())?
        }
        _ => Value::from(text),
    };
    props.check(&value)?;
    Ok(Some(value))
}
