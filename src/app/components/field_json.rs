//! JSON, patterns and attributes: checked while they are typed, committed when they are right and left.

use serde_json::Value;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::field_props::{FieldProps, complaint};

#[component(JsonField)]
pub fn json_field(props: &FieldProps) -> Html {
    // What is being typed, and what is wrong with it; `None` while the field shows what the scene says.
    let typed = use_state(|| None::<(String, Option<String>)>);
    {
        let (props, typed) = (props.clone(), typed.clone());
        use_effect_with(props.value.clone(), move |value| {
            // What was committed while it is typed stays as it is written.
            let is_own = typed
                .as_ref()
                .is_some_and(|(text, _)| props.property.is_live && read(&props, text).as_ref() == Ok(value));
            if !is_own {
                typed.set(None);
            }
        });
    }
    let oninput = {
        let (props, typed) = (props.clone(), typed.clone());
        Callback::from(move |event: InputEvent| {
            let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            let (value, error) = match read(&props, &text) {
                Ok(value) => (Some(value), None),
                Err(error) => (None, Some(error)),
            };
            typed.set(Some((text, error)));
            if let Some(value) = value.filter(|value| props.property.is_live && *value != props.value) {
                props.onchange.emit(value);
            }
        })
    };
    let onchange = {
        let (props, typed) = (props.clone(), typed.setter());
        Callback::from(move |event: Event| {
            if props.property.is_live {
                typed.set(None);
            }
            if let Ok(value) = read(&props, &event.target_unchecked_into::<HtmlTextAreaElement>().value()) {
                props.onchange.emit(value);
            }
        })
    };
    let said = || props.value.as_ref().and_then(|value| serde_json::to_string_pretty(value).ok()).unwrap_or_default();
    let (text, error) = match &*typed {
        Some((text, error)) => (text.clone(), error.as_ref()),
        None => (said(), None),
    };
    let rows = text.lines().count().clamp(2, 12).to_string();
    let placeholder =
        if props.property.default.is_empty() { "{ }".to_owned() } else { props.property.default.to_owned() };
    html! {
        <>
            <textarea id={props.control_id()} class="code" {rows} {placeholder} spellcheck="false" value={text}
                aria-describedby={props.help_id()} aria-invalid={error.is_some().then_some("true")}
                data-testid={props.testid()} {oninput} {onchange} />
            { complaint(error) }
        </>
    }
}

fn read(props: &FieldProps, text: &str) -> Result<Option<Value>, String> {
    if text.trim().is_empty() {
        return props.check(None).map(|()| None);
    }
    let value: Value = serde_json::from_str(text).map_err(|error| {
        let what = error.to_string();
        let what = what.split(" at line").next().unwrap_or_default().to_owned();
        format!("Line {}, column {}: {what}", error.line(), error.column())
    })?;
    props.check(Some(&value))?;
    Ok(Some(value))
}
