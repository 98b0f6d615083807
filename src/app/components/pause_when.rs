//! Breakpoints with a condition: on what a message says, or on a metric.

use decoupled::editor::{Breakpoint, Command, Comparison, Condition, Thousandths};
use decoupled::view;
use web_sys::{HtmlInputElement, HtmlSelectElement, SubmitEvent};
use yew::prelude::*;

use super::field_props::complaint;
use crate::app::dom;
use crate::app::store::{Store, use_store};

#[derive(Properties, PartialEq)]
pub struct PauseWhenProps {
    pub node: String,
}

const CONTAINS: &str = "contains";
const MATCHES: &str = "matches";

#[component(PauseWhen)]
pub fn pause_when(props: &PauseWhenProps) -> Html {
    let store = use_store();
    let (what, is, than) = (use_node_ref(), use_node_ref(), use_node_ref());
    let kind = use_state(|| CONTAINS.to_owned());
    let refused = use_state(|| None::<String>);
    let node = props.node.clone();
    let session = store.session();
    let Some(takes) = session.state.scene.node(&node).map(|node| view::ports(node.kind).0) else { return html! {} };
    let metrics: Vec<&str> = view::metrics_of(session.run(), &node).into_iter().map(|(name, ..)| name).collect();
    let own =
        session.state.breakpoints.iter().filter(|breakpoint| breakpoint.node == node && breakpoint.when.is_some());
    let own: Vec<Html> = own.map(|breakpoint| chip(&store, breakpoint)).collect();
    drop(session);
    let of_text = takes && (*kind == CONTAINS || *kind == MATCHES);
    // A node that takes no messages has metrics alone.
    let chosen = if takes || metrics.contains(&&**kind) {
        (*kind).clone()
    } else {
        metrics.first().map(ToString::to_string).unwrap_or_default()
    };
    let onchange = {
        let (kind, refused) = (kind.setter(), refused.setter());
        Callback::from(move |event: Event| {
            kind.set(event.target_unchecked_into::<HtmlSelectElement>().value());
            refused.set(None);
        })
    };
    let onsubmit = {
        let (store, is, than, refused, chosen) =
            (store.clone(), is.clone(), than.clone(), refused.setter(), chosen.clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let text = than.cast::<HtmlInputElement>().map(|input| input.value()).unwrap_or_default();
            let below = is.cast::<HtmlSelectElement>().is_some_and(|select| select.value() == "<");
            refused.set(add(&store, &node, &chosen, below, text.trim()).err());
        })
    };
    html! {
        <details class="pause-when" data-testid="pause-when">
            <summary>{ "Pause when…" }</summary>
            { for own }
            <form {onsubmit}>
                <span class="select-box">
                    <select ref={what} aria-label="What is looked at" data-testid="pause-kind" {onchange}>
                        if takes {
                            <option value={CONTAINS} selected={chosen == CONTAINS}>{ "a message contains" }</option>
                            <option value={MATCHES} selected={chosen == MATCHES}>{ "a message matches" }</option>
                        }
                        { for metrics.iter().map(|name| html! {
                            <option key={*name} value={*name} selected={chosen == *name}>{ *name }</option>
                        }) }
                    </select>
                </span>
                <span class="pause-value">
                    if !of_text {
                        <span class="select-box"><select ref={is} aria-label="Comparison" data-testid="pause-is">
                            <option value=">" selected={true}>{ ">" }</option><option value="<">{ "<" }</option>
                        </select></span>
                    }
                    <span class="input-box"><input ref={than} autocomplete="off" spellcheck="false" data-testid="pause-than"
                        aria-label={if of_text { "Text or pattern" } else { "Number" }}
                        placeholder={placeholder(&chosen)} aria-invalid={refused.is_some().then_some("true")} /></span>
                    <button type="submit" class="soft" data-testid="pause-add">{ "Add" }</button>
                </span>
                { complaint(refused.as_ref()) }
            </form>
        </details>
    }
}

/// Sets a breakpoint with that condition, or says what is wrong with it.
fn add(store: &Store, node: &str, kind: &str, below: bool, text: &str) -> Result<(), String> {
    let breakpoint = Breakpoint { node: node.to_owned(), fact: None, when: Some(condition(kind, below, text)?) };
    let known = store.session().state.breakpoints.contains(&breakpoint);
    if !known {
        store.dispatch(Command::ToggleBreakpoint { breakpoint });
    }
    Ok(())
}

fn placeholder(kind: &str) -> &'static str {
    match kind {
        CONTAINS => "refund",
        MATCHES => "{\"amount\":[{\"numeric\":[\">\",100]}]}",
        _ => "10",
    }
}

fn condition(kind: &str, below: bool, text: &str) -> Result<Condition, String> {
    let condition = match kind {
        CONTAINS => Condition::Contains(text.to_owned()),
        MATCHES => Condition::Matches(text.to_owned()),
        name => {
            let than = dom::number(text)
                .and_then(Thousandths::of)
                .ok_or_else(|| format!("{name} is a number: give one, such as 10."))?;
            let is = if below { Comparison::Below } else { Comparison::Above };
            Condition::Metric { name: name.to_owned(), is, than }
        }
    };
    condition.check().map(|()| condition)
}

/// A condition, to be taken away.
fn chip(store: &Store, breakpoint: &Breakpoint) -> Html {
    let text = breakpoint.text();
    let onclick = store.sends(Command::ToggleBreakpoint { breakpoint: breakpoint.clone() });
    html! { <button type="button" class="chip stop" data-testid="condition-chip" title="Take it away" {onclick}>{ format!("{text} ×") }</button> }
}
