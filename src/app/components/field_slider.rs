//! What is turned rather than typed: probabilities, and rates on a dial by decades. A slider takes effect while it
//! moves, so that the run answers at once.

use decoupled::editor::Command;
use decoupled::lang::duration::{self, Rate};
use serde_json::Value;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::field_props::FieldProps;
use super::field_text::TextField;
use super::styled::use_styles;
use crate::app::dom;
use crate::app::store::use_store;

fn number(event: &Event) -> Option<f64> {
    dom::number(&event.target_unchecked_into::<HtmlInputElement>().value())
}

pub fn probability(props: &FieldProps) -> Html {
    let default = dom::number(&props.placeholder()).unwrap_or(0.0);
    let part = props.value.as_ref().and_then(Value::as_f64).unwrap_or(default);
    let emit = {
        let onchange = props.onchange.clone();
        move |part: f64| onchange.emit(Some(Value::from((part.clamp(0.0, 1.0) * 1_000.0).round() / 1_000.0)))
    };
    let oninput = Callback::from(move |event: InputEvent| {
        if let Some(part) = number(&event) {
            emit(part);
        }
    });
    html! {
        <>
            <span class="slider-row">
                <Slider id={props.control_id()} step="0.01" at={part} describedby={props.help_id()}
                    testid={format!("{}-slider", props.testid())} {oninput} />
                <TextField ..props.clone() />
            </span>
        </>
    }
}

#[derive(Properties, PartialEq)]
struct SliderProps {
    #[prop_or_default]
    id: Option<AttrValue>,
    #[prop_or_default]
    class: Option<&'static str>,
    step: &'static str,
    /// From 0 to 1.
    at: f64,
    #[prop_or_default]
    label: Option<AttrValue>,
    #[prop_or_default]
    describedby: Option<AttrValue>,
    testid: AttrValue,
    oninput: Callback<InputEvent>,
}

/// A slider that is filled as far as it is turned.
#[component(Slider)]
fn slider(props: &SliderProps) -> Html {
    let store = use_store();
    // As long as the hand is on it, all it says is one change.
    let onchange = store.sends::<Event>(Command::HoldKnob { held: false });
    let oninput = {
        let turned = props.oninput.clone();
        Callback::from(move |event: InputEvent| {
            store.dispatch(Command::HoldKnob { held: true });
            turned.emit(event);
        })
    };
    let filled = use_styles(vec![("--part", format!("{:.1}%", props.at * 100.0))]);
    html! {
        <input ref={filled} type="range" {onchange} id={props.id.clone()} class={props.class} min="0" max="1" step={props.step}
            value={props.at.to_string()} aria-label={props.label.clone()} aria-describedby={props.describedby.clone()}
            data-testid={props.testid.clone()} {oninput} />
    }
}

pub fn rate(props: &FieldProps) -> Html {
    let text = if props.value.is_some() { props.text() } else { props.placeholder() };
    let at = duration::parse_rate(&text).map_or(0.0, Rate::on_dial);
    let onchange = props.onchange.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        if let Some(at) = number(&event) {
            onchange.emit(Some(Value::from(duration::rate_at_dial(at))));
        }
    });
    html! {
        <>
            <TextField ..props.clone() />
            <Slider class="dial" step="0.0125" {at} label={format!("{}, turned", props.property.label)}
                testid={format!("{}-dial", props.testid())} {oninput} />
        </>
    }
}
