//! A pattern tried on an event while both are being written: clause by clause, and the smallest way out.

use decoupled::lang::event_pattern::{Dialect, Pattern, Trial};
use serde_json::Value;
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

/// What stands there first: an event as a bus wraps it.
const SAMPLE: &str =
    "{\n  \"source\": \"shop\",\n  \"detail-type\": \"Order Placed\",\n  \"detail\": { \"order\": 1 }\n}";

#[derive(Properties, PartialEq)]
pub struct PatternTesterProps {
    pub pattern: Value,
    pub dialect: Dialect,
}

#[component(PatternTester)]
pub fn pattern_tester(props: &PatternTesterProps) -> Html {
    let event = use_state(|| SAMPLE.to_owned());
    let oninput = {
        let event = event.clone();
        Callback::from(move |input: InputEvent| event.set(input.target_unchecked_into::<HtmlTextAreaElement>().value()))
    };
    let verdict = match (Pattern::from_value(&props.pattern, props.dialect), serde_json::from_str::<Value>(&event)) {
        (Err(error), _) => html! { <p class="field-error" role="alert">{ error.to_string() }</p> },
        (_, Err(error)) => {
            html! { <p class="field-error" role="alert">{ format!("The event is not JSON: {error}") }</p> }
        }
        (Ok(pattern), Ok(value)) => told(&pattern.try_on(&value), &event),
    };
    let rows = event.lines().count().clamp(3, 12).to_string();
    html! {
        <details class="pattern-tester" data-testid="pattern-tester">
            <summary>{ "Try an event" }</summary>
            <textarea class="code" aria-label="Event to try" data-testid="pattern-tester-event" {rows} spellcheck="false"
                value={(*event).clone()} {oninput} />
            <div aria-live="polite">{ verdict }</div>
        </details>
    }
}

fn told(trial: &Trial, event: &UseStateHandle<String>) -> Html {
    let clause = |(place, clause): (usize, &decoupled::lang::event_pattern::Verdict)| {
        let (class, mark, spoken) = if clause.holds { ("holds", "✓", "holds") } else { ("fails", "✗", "fails") };
        html! {
            <li key={place} {class}>
                <span role="img" aria-label={spoken}>{ mark }</span>{ " " }{ &clause.sentence }
            </li>
        }
    };
    html! {
        <>
            <p class="pattern-verdict" data-testid="pattern-verdict">
                { if trial.matched { "The event matches." } else { "The event does not match." } }
            </p>
            <ul class="pattern-clauses">{ for trial.clauses.iter().enumerate().map(clause) }</ul>
            { way_out(trial, event) }
        </>
    }
}

/// The smallest change, and the button that makes it.
fn way_out(trial: &Trial, event: &UseStateHandle<String>) -> Html {
    let Some(changed) = &trial.changed else { return html! {} };
    let sentences: Vec<String> = trial.changes.iter().map(decoupled::lang::event_pattern::Change::sentence).collect();
    let onclick = {
        let (event, text) = (event.clone(), serde_json::to_string_pretty(changed).unwrap_or_default());
        Callback::from(move |_| event.set(text.clone()))
    };
    html! {
        <p>
            { format!("It would if you {}. ", sentences.join(" and ")) }
            <button type="button" class="soft" data-testid="pattern-change" {onclick}>{ "Change the event" }</button>
        </p>
    }
}
