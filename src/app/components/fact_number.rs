//! A fact's number, which can be pressed: what the fact says, how well it is known, and where that stands.

use web_sys::Element;
use yew::prelude::*;

use crate::app::dom;
use crate::app::facts::{Fact, look_up};

/// As wide as `.fact-card` is, and kept free around it.
const WIDTH_PX: f64 = 320.0;
const MARGIN_PX: f64 = 8.0;
/// From the number to what it opens.
const GAP_PX: f64 = 6.0;

#[derive(Properties, PartialEq)]
pub struct FactNumberProps {
    pub number: &'static str,
    /// Where it stands: the same fact may be named several times.
    pub of: AttrValue,
}

/// What is to be seen in the card.
#[derive(Clone, PartialEq)]
enum Shown {
    /// Nobody has asked.
    Nothing,
    Asked,
    Told(Fact),
    Unknown,
}

#[component(FactNumber)]
pub fn fact_number(props: &FactNumberProps) -> Html {
    let number = props.number;
    let (button, card) = (use_node_ref(), use_node_ref());
    let shown = use_state(|| Shown::Nothing);
    let onclick = {
        let (shown, button, card) = (shown.clone(), button.clone(), card.clone());
        Callback::from(move |_: MouseEvent| {
            place(&button, &card);
            if matches!(*shown, Shown::Told(_)) {
                return;
            }
            shown.set(Shown::Asked);
            let told = shown.setter();
            look_up(number, move |fact| told.set(fact.map_or(Shown::Unknown, Shown::Told)));
        })
    };
    // The field keeps the focus, or its help would be gone before the press has ended.
    let onmousedown = Callback::from(|event: MouseEvent| event.prevent_default());
    let id = format!("fact-{}-{number}", props.of);
    html! {
        <>
            <button type="button" class="fact-number" popovertarget={id.clone()} ref={button} {onclick} {onmousedown}
                aria-label={format!("{number}: what is known of it")} data-testid={format!("fact-{number}")}>{ number }</button>
            // The browser opens and closes it, also by Escape and by a press beside it.
            <div class="fact-card" {id} popover="auto" role="note" aria-label={format!("Fact {number}")} ref={card}
                data-testid={format!("fact-card-{number}")}>
                <div aria-live="polite">{ content(number, &shown) }</div>
            </div>
        </>
    }
}

/// Below the number where there is more room than above it, and inside the window.
fn place(button: &NodeRef, card: &NodeRef) {
    let (Some(button), Some(card)) = (button.cast::<Element>(), card.cast::<Element>()) else { return };
    let Some(root) = dom::document().and_then(|document| document.document_element()) else { return };
    let (width, height) = (f64::from(root.client_width()), f64::from(root.client_height()));
    let at = button.get_bounding_client_rect();
    let left = at.left().min(width - WIDTH_PX - MARGIN_PX).max(MARGIN_PX);
    let pixels = |length: f64| format!("{length:.0}px");
    dom::set_style(&card, "left", &pixels(left));
    let below = height - at.bottom();
    let (side, other, from, room) = if below >= at.top() {
        ("top", "bottom", at.bottom() + GAP_PX, below)
    } else {
        ("bottom", "top", height - at.top() + GAP_PX, at.top())
    };
    dom::set_style(&card, side, &pixels(from));
    dom::set_style(&card, other, "auto");
    dom::set_style(&card, "max-height", &pixels(room - GAP_PX - MARGIN_PX));
}

fn content(number: &'static str, shown: &Shown) -> Html {
    match shown {
        Shown::Nothing => html! {},
        Shown::Asked => html! { <p>{ "Looking it up…" }</p> },
        Shown::Unknown => html! {
            <p>{ format!("What is known of {number} could not be loaded. Press again when there is a network.") }</p>
        },
        Shown::Told(fact) => told(number, fact),
    }
}

fn told(number: &'static str, fact: &Fact) -> Html {
    let (word, here) = if fact.is_modelled { (&*fact.strength, "Here: ") } else { ("not modelled", "Why not: ") };
    let source = |(at, (name, address)): (usize, &(String, Option<String>))| {
        html! {
            <span key={at}>
                { if at > 0 { ", " } else { "" } }
                if let Some(address) = address {
                    <a href={address.clone()} target="_blank" rel="noreferrer">{ name }</a>
                } else {
                    { name }
                }
            </span>
        }
    };
    html! {
        <>
            <p>
                <strong>{ number }</strong>{ ": " }{ prose(&fact.sentence) }
            </p>
            <p class="fact-how"><strong class={classes!("strength", fact.strength.clone())}>{ word }</strong>{ ". " }
                { here }{ prose(&fact.how) }</p>
            <p class="fact-from">
                { for fact.sources.iter().enumerate().map(source) }
                { " · " }<a href={format!("fidelity.html#{number}")} target="_blank">{ "All facts" }</a>
            </p>
        </>
    }
}

/// What stands between backquotes is code.
fn prose(text: &str) -> Html {
    let part = |(at, part): (usize, &str)| {
        if at % 2 == 1 {
            html! { <code>{ part }</code> }
        } else {
            html! { { part } }
        }
    };
    text.split('`').enumerate().map(part).collect()
}
