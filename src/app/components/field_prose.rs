//! A text of several lines, committed when the field is left.

use serde_json::Value;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

use super::field_props::{FieldProps, complaint};

#[component(ProseField)]
pub fn prose_field(props: &FieldProps) -> Html {
    // What was typed and cannot be taken, and why.
    let refused = use_state(|| None::<(String, String)>);
    {
        let refused = refused.setter();
        use_effect_with(props.value.clone(), move |_| refused.set(None));
    }
    let onchange = {
        let (props, refused) = (props.clone(), refused.clone());
        Callback::from(move |event: Event| {
            let typed = event.target_unchecked_into::<HtmlTextAreaElement>().value();
            let text = Value::String(typed.clone());
            match props.check(Some(&text)) {
                Ok(()) => {
                    refused.set(None);
                    props.onchange.emit((text != "").then_some(text));
                }
                Err(sentence) => refused.set(Some((typed, sentence))),
            }
        })
    };
    let (text, error) = match &*refused {
        Some((typed, sentence)) => (typed.clone(), Some(sentence)),
        None => (props.text(), None),
    };
    html! {
        <>
            <textarea class="code prose" id={props.control_id()} rows="6" data-testid={props.testid()}
                aria-describedby={props.help_id()} {onchange} value={text} aria-invalid={error.is_some().then_some("true")} />
            { complaint(error) }
        </>
    }
}
