//! A list that typing narrows: commands, kinds of nodes, nodes. Arrows walk, Enter takes.

use decoupled::editor::{self, Offer, Purpose};
use decoupled::figure::Point;
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

use super::over::{leave, use_closed_by_press, use_place};
use super::redraw::use_from_next_frame;
use super::tile::tile;
use crate::app::dom;
use crate::app::store::{Store, use_store};

/// Lines that are seen at once. Those below are drawn a frame later, so that the list is there as soon as the key is
/// pressed.
const SEEN: usize = 10;

#[derive(Properties, PartialEq)]
pub struct ChooserProps {
    /// From the canvas's top left, in pixels; without it, in the middle.
    pub at: Option<Point>,
    pub purpose: Purpose,
}

#[component(Chooser)]
pub fn chooser(props: &ChooserProps) -> Html {
    let store = use_store();
    let node = use_place(props.at);
    use_closed_by_press(&node);
    let (typed, active) = (use_state(String::new), use_state(|| 0_usize));
    let field = use_node_ref();
    let lines = if use_from_next_frame() { usize::MAX } else { SEEN };
    {
        let field = field.clone();
        use_effect_with((), move |()| {
            if let Some(element) = field.cast::<Element>() {
                dom::focus(&element);
            }
        });
    }
    let offers = editor::offers(&store.session().state, &props.purpose, &typed, store.session().player.hand_at());
    let last = offers.len().saturating_sub(1);
    let at = (*active).min(last);
    {
        let node = node.clone();
        use_effect_with(at, move |_| {
            let list = node.cast::<Element>();
            let chosen = list.and_then(|list| list.query_selector("[aria-selected=true]").ok().flatten());
            if let Some(element) = chosen {
                nearest(&element);
            }
        });
    }
    let oninput = {
        let (typed, active) = (typed.clone(), active.clone());
        Callback::from(move |event: InputEvent| {
            typed.set(event.target_unchecked_into::<HtmlInputElement>().value());
            active.set(0);
        })
    };
    let onkeydown = {
        let (store, taken, purpose) = (store.clone(), offers.get(at).cloned(), props.purpose.clone());
        Callback::from(move |event: KeyboardEvent| {
            event.stop_propagation();
            match &*event.key() {
                "Escape" | "Tab" => leave(&store, owner(&purpose)),
                "Enter" => {
                    if let Some(offer) = &taken {
                        take(&store, &purpose, offer);
                    }
                }
                "ArrowDown" => active.set(if at == last { 0 } else { at + 1 }),
                "ArrowUp" => active.set(if at == 0 { last } else { at - 1 }),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let (label, hint) = words(&props.purpose);
    let class = classes!("chooser", "over", props.at.is_none().then_some("in-the-middle"));
    html! {
        <div {class} ref={node} role="dialog" aria-label={label.clone()} data-testid="chooser">
            <input ref={field} type="text" role="combobox" aria-expanded="true" aria-controls="offers" autocomplete="off"
                spellcheck="false" aria-activedescendant={(!offers.is_empty()).then(|| format!("offer-{at}"))}
                aria-label={label} placeholder={hint} data-testid="chooser-field" value={(*typed).clone()} {oninput} {onkeydown} />
            <ul id="offers" role="listbox" aria-label="Offers">
                { for offers.iter().take(lines).enumerate().map(|(place, offer)| line(&store, &props.purpose, offer, place, place == at)) }
            </ul>
            if offers.is_empty() {
                <p class="quiet" role="status">{ if typed.is_empty() { "Nothing fits here." } else { "Nothing is called that." } }</p>
            }
        </div>
    }
}

/// The node that gets the keyboard back.
fn owner(purpose: &Purpose) -> Option<&str> {
    match purpose {
        Purpose::After { from, .. } => Some(from),
        _ => None,
    }
}

fn words(purpose: &Purpose) -> (String, &'static str) {
    match purpose {
        Purpose::Command => ("Commands".to_owned(), "Type a command, a node or a scene"),
        Purpose::Add { .. } => ("Add a node".to_owned(), "Add…"),
        Purpose::After { from, at: Some(_) } => (format!("What {from} can reach"), "Connect to a new…"),
        Purpose::After { from, at: None } => (format!("What {from} can reach"), "Connect to…"),
        Purpose::Into { .. } => ("What fits into this link".to_owned(), "Insert…"),
        Purpose::Break { subject, .. } => (format!("How {} breaks", subject.id()), "Break it…"),
        Purpose::Find => ("Find a node".to_owned(), "Find a node"),
    }
}

/// What the offer is about may take the keyboard in its turn.
fn take(store: &Store, purpose: &Purpose, offer: &Offer) {
    leave(store, owner(purpose));
    store.dispatch(offer.command.clone());
}

fn line(store: &Store, purpose: &Purpose, offer: &Offer, place: usize, active: bool) -> Html {
    let onclick = {
        let (store, purpose, offer) = (store.clone(), purpose.clone(), offer.clone());
        Callback::from(move |_| take(&store, &purpose, &offer))
    };
    // The field keeps the keyboard.
    let onpointerdown = Callback::from(|event: PointerEvent| event.prevent_default());
    html! {
        <li id={format!("offer-{place}")} role="option" aria-selected={active.to_string()} data-testid="offer" {onclick}
            {onpointerdown}>
            if let Some(kind) = offer.kind {
                { tile(kind.spec().family, kind.spec().glyph) }
            }
            <span class="offer-title" title={offer.title.clone()}>{ &offer.title }</span>
            <span class="offer-detail" title={offer.detail.clone()}>{ &offer.detail }</span>
            if !offer.keys.is_empty() {
                <kbd aria-hidden="true">{ offer.keys }</kbd>
            }
        </li>
    }
}

/// Scrolls the list so far that the line is seen.
fn nearest(element: &Element) {
    let Some(list) = element.parent_element() else { return };
    let (line, area) = (element.get_bounding_client_rect(), list.get_bounding_client_rect());
    let by = if line.top() < area.top() { line.top() - area.top() } else { (line.bottom() - area.bottom()).max(0.0) };
    list.set_scroll_top(list.scroll_top() + by.round() as i32);
}
