//! What is turned rather than typed: probabilities, and rates on a dial by decades. A slider takes effect while it
//! moves, so that the run answers at once.

use serde_json::Value;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::field::FieldProps;
use super::field_text::TextField;

fn number(event: &InputEvent) -> Option<f64> {
    event.target_unchecked_into::<HtmlInputElement>().value().parse().ok()
}

#[component(ProbabilityField)]
pub fn probability_field(props: &FieldProps) -> Html {
    let default = props.placeholder().parse().unwrap_or(0.0);
    let part = props.value.as_ref().and_then(Value::as_f64).unwrap_or(default);
    let emit = {
        let onchange = props.onchange.clone();
        move |part: f64| onchange.emit(Some(Value::from((part.clamp(0.0, 1.0) * 1_000.0).round() / 1_000.0)))
    };
    let sliding = emit.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        if let Some(part) = number(&event) {
            sliding(part);
        }
    });
    let onchange = Callback::from(move |event: Event| {
        if let Ok(percent) = event.target_unchecked_into::<HtmlInputElement>().value().parse::<f64>() {
            emit(percent / 100.0);
        }
    });
    html! {
        <span class="slider-row">
            <input type="range" id={props.control_id()} min="0" max="1" step="0.01" value={part.to_string()}
                style={fill(part)} aria-describedby={props.help_id()} data-testid={format!("{}-slider", props.testid())} {oninput} />
            <span class="input-box narrow">
                <input type="number" min="0" max="100" step="any" value={percent(part)}
                    aria-label={format!("{} in percent", props.property.label)} data-testid={props.testid()} {onchange} />
                <span class="unit">{ "%" }</span>
            </span>
        </span>
    }
}

/// At most one decimal.
fn percent(part: f64) -> String {
    let text = format!("{:.1}", part * 100.0);
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn fill(part: f64) -> String {
    format!("--part: {:.1}%", part * 100.0)
}

/// The dial goes from 0.1 to 1,000 a second.
const DECADES: f64 = 4.0;

#[component(RateField)]
pub fn rate_field(props: &FieldProps) -> Html {
    let text = if props.value.is_some() { props.text() } else { props.placeholder() };
    let at = position(&text);
    let onchange = props.onchange.clone();
    let oninput = Callback::from(move |event: InputEvent| {
        if let Some(at) = number(&event) {
            onchange.emit(Some(Value::from(rate_at(at))));
        }
    });
    html! {
        <>
            <TextField ..props.clone() />
            <input type="range" class="dial" min="0" max="1" step="0.0125" value={at.to_string()} style={fill(at)}
                aria-label={format!("{}, turned", props.property.label)} data-testid={format!("{}-dial", props.testid())} {oninput} />
        </>
    }
}

/// Where a rate stands on the dial.
fn position(rate: &str) -> f64 {
    let Ok(rate) = decoupled::lang::duration::parse_rate(rate) else { return 0.0 };
    let per_second = rate.count as f64 * 1e6 / rate.per as f64;
    ((libm::log10(per_second.max(0.1)) + 1.0) / DECADES).clamp(0.0, 1.0)
}

/// The rate at a place of the dial, to two digits: 0.35, 4.2, 87, 640.
fn rate_at(at: f64) -> String {
    let per_second = libm::pow(10.0, at * DECADES - 1.0);
    let digit = libm::pow(10.0, libm::floor(libm::log10(per_second)) - 1.0);
    let tidy = libm::rint(per_second / digit) * digit;
    if tidy >= 10.0 {
        format!("{tidy:.0}/s")
    } else if tidy >= 1.0 {
        format!("{}/s", trimmed(tidy, 1))
    } else {
        format!("{}/s", trimmed(tidy, 2))
    }
}

fn trimmed(number: f64, decimals: usize) -> String {
    let text = format!("{number:.decimals$}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
