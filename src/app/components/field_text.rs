//! Numbers, texts and durations: committed when the field is left or Enter is pressed, so that half a number
//! never reaches the run. What cannot be taken stays in the field with the reason, and the value is what it was.

use decoupled::lang::schedule::Zone;
use decoupled::services::PropertyKind;
use serde_json::Value;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::field_props::{FieldProps, complaint};
use super::top_bar::blur_on_enter;
use crate::app::dom;

#[component(TextField)]
pub fn text_field(props: &FieldProps) -> Html {
    // What is being typed, and what is wrong with it; `None` while the field shows what the scene says.
    let typed = use_state(|| None::<(String, Option<String>)>);
    {
        // A value that came from elsewhere, such as an undo, has nothing to do with what was typed before.
        let typed = typed.setter();
        use_effect_with(props.value.clone(), move |_| typed.set(None));
    }
    let oninput = {
        let (props, typed) = (props.clone(), typed.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            // Half a number is no mistake yet; a mistake is one until it is mended.
            let was_wrong = matches!(&*typed, Some((_, Some(_))));
            let error = read(&props, text.trim()).err().filter(|_| was_wrong);
            typed.set(Some((text, error)));
        })
    };
    let onchange = {
        let (props, typed) = (props.clone(), typed.setter());
        Callback::from(move |event: Event| {
            let text = event.target_unchecked_into::<HtmlInputElement>().value();
            match read(&props, text.trim()) {
                Ok(value) => {
                    typed.set(None);
                    props.onchange.emit(value);
                }
                Err(sentence) => typed.set(Some((text, Some(sentence)))),
            }
        })
    };
    let onkeydown = {
        let (props, enter) = (props.clone(), blur_on_enter());
        Callback::from(move |event: KeyboardEvent| {
            if let Some(value) = stepped(&props, &event) {
                event.prevent_default();
                props.onchange.emit(Some(value));
            }
            enter.emit(event);
        })
    };
    let (text, error) = match &*typed {
        Some((typed, sentence)) => (typed.clone(), sentence.as_ref()),
        None => (shown(props), None),
    };
    let is_part = matches!(props.property.kind, PropertyKind::Probability);
    let mode = match props.property.kind {
        PropertyKind::Integer { .. } => Some("numeric"),
        PropertyKind::Probability => Some("decimal"),
        _ => None,
    };
    let names = matches!(props.property.kind, PropertyKind::TimeZone).then(|| zone_names(props));
    let said = complaint(error);
    html! {
        <>
            <span class={classes!("input-box", is_part.then_some("narrow"))}>
                <input id={(!is_part).then(|| props.control_id())} inputmode={mode} value={text} autocomplete="off" spellcheck="false"
                    aria-label={is_part.then(|| format!("{} in percent", props.property.label))}
                    list={names.is_some().then(|| names_id(props))} placeholder={props.placeholder()} data-testid={props.testid()} aria-describedby={props.help_id()}
                    aria-invalid={error.is_some().then_some("true")} {oninput} {onchange} {onkeydown} />
                if let Some(unit) = unit(props) {
                    <span class="unit">{ unit }</span>
                }
            </span>
            { names }
            { said }
        </>
    }
}

/// The value as it stands in the field: a probability in percent, also the usual one.
fn shown(props: &FieldProps) -> String {
    if !matches!(props.property.kind, PropertyKind::Probability) {
        return props.text();
    }
    let usual = || dom::number(&props.placeholder()).unwrap_or(0.0);
    let part = props.value.as_ref().and_then(Value::as_f64).unwrap_or_else(usual);
    let text = format!("{:.1}", part * 100.0);
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// The arrows make a whole number one more or less.
fn stepped(props: &FieldProps, event: &KeyboardEvent) -> Option<Value> {
    let PropertyKind::Integer { min, max } = props.property.kind else { return None };
    let by = match &*event.key() {
        "ArrowUp" => 1,
        "ArrowDown" => -1,
        _ => return None,
    };
    let typed = event.target_unchecked_into::<HtmlInputElement>().value();
    let now = typed.trim().parse::<i64>().ok().or_else(|| props.placeholder().parse().ok())?;
    Some(Value::from(now.saturating_add(by).clamp(min, max)))
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
    if matches!(props.property.kind, PropertyKind::Probability) {
        return Some("%".to_owned());
    }
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
        return props.check(None).map(|()| None);
    }
    let value = match props.property.kind {
        PropertyKind::Integer { .. } => {
            Value::from(text.parse::<i64>().map_err(|_| format!("\u{201c}{text}\u{201d} is not a whole number"))?)
        }
        PropertyKind::Probability => match dom::number(text) {
            Some(percent) if (0.0..=100.0).contains(&percent) => Value::from((percent * 10.0).round() / 1_000.0),
            _ => return Err(format!("\u{201c}{text}\u{201d} is not a number from 0 to 100")),
        },
        PropertyKind::Duration if text.starts_with('{') => {
            serde_json::from_str(text).map_err(|error| error.to_string())?
        }
        _ => Value::from(text),
    };
    props.check(Some(&value))?;
    Ok(Some(value))
}
