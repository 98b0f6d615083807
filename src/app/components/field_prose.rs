//! A text of several lines, committed when the field is left.

use serde_json::Value;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::field_props::{FieldProps, complaint};

#[component(ProseField)]
pub fn prose_field(props: &FieldProps) -> Html {
    let refused = use_state(|| None::<String>);
    let onchange = {
        let (props, refused) = (props.clone(), refused.clone());
        Callback::from(move |event: Event| {
            let text = Value::String(event.target_unchecked_into::<HtmlTextAreaElement>().value());
            match props.check(&text) {
                Ok(()) => {
                    refused.set(None);
                    props.onchange.emit((text != "").then_some(text));
                }
                Err(sentence) => refused.set(Some(sentence)),
            }
        })
    };
    html! {
        <>
            <textarea class="code prose" id={props.control_id()} rows="6" data-testid={props.testid()}
                aria-describedby={props.help_id()} {onchange} value={props.text()} />
            { complaint(refused.as_ref()) }
        </>
    }
}
