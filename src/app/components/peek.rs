//! A node's most telling numbers beside its card, when a pointer rests on it or the keyboard has come to it.

use std::cell::RefCell;
use std::rc::Rc;

use decoupled::editor::{Gesture, State};
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::Element;
use yew::prelude::*;

use super::metrics::peek_values;
use super::styled::use_styles;
use crate::app::dom;
use crate::app::store::{Store, use_store};

const SHOWS_AFTER_MS: u32 = 400;
/// Time to move the pointer from the card over to what is shown.
const HIDES_AFTER_MS: u32 = 200;
const ROWS: usize = 3;
/// Its own size, about: where there is no room below the card it stands above.
const HEIGHT: f64 = 150.0;
const WIDTH: f64 = 220.0;

type Waiting = Rc<RefCell<Option<Timeout>>>;

/// A node's id, and where its card is.
#[derive(Clone, PartialEq)]
struct Shown {
    id: String,
    left: f64,
    top: f64,
}

#[component(Peek)]
pub fn peek() -> Html {
    let store = use_store();
    let shown = use_state(|| None::<Shown>);
    let waiting: Rc<Waiting> = use_memo((), |()| Waiting::default());
    {
        let (store, setter, waiting) = (store.clone(), shown.setter(), Rc::clone(&waiting));
        use_effect_with((), move |()| {
            let listeners = listen(&store, &setter, &waiting);
            move || {
                waiting.borrow_mut().take();
                drop(listeners);
            }
        });
    }
    let place = (*shown).as_ref().map_or((0.0, 0.0), |shown| (shown.left, shown.top));
    let node = use_styles(vec![("left", format!("{:.0}px", place.0)), ("top", format!("{:.0}px", place.1))]);
    let session = store.session();
    // It lies over neighbours, and over what the page says of a line in the hand.
    let shown = (*shown).as_ref().filter(|_| hands_are_free(&session.state));
    let of = shown.and_then(|shown| session.state.scene.node(&shown.id));
    let charts = of.map_or(&[][..], |node| node.kind.spec().charts);
    let Some(of) = of.filter(|_| !charts.is_empty()) else { return html! {} };
    html! {
        <div class="peek" id="peek" role="complementary" aria-label={format!("Numbers of {}", of.id)} data-testid="peek" ref={node}>
            { peek_values(&store, &of.id, &charts[..charts.len().min(ROWS)]) }
        </div>
    }
}

/// What lies under the event: a card, or what is shown of one.
fn under(event: &web_sys::Event, selector: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(selector).ok().flatten()
}

/// Nothing is carried, drawn or chosen from.
fn hands_are_free(state: &State) -> bool {
    state.gesture == Gesture::Idle && state.overlay.is_none()
}

fn listen(store: &Store, shown: &UseStateSetter<Option<Shown>>, waiting: &Rc<Waiting>) -> Vec<EventListener> {
    let Some(document) = dom::document() else { return Vec::new() };
    let on = |name: &'static str, act: Box<dyn Fn(&web_sys::Event)>| {
        EventListener::new(&document, name, move |event| act(event))
    };
    let later = {
        let (store, shown, waiting) = (store.clone(), shown.clone(), Rc::clone(waiting));
        move |what: Option<Element>, after: u32| {
            let (store, shown) = (store.clone(), shown.clone());
            *waiting.borrow_mut() = Some(Timeout::new(after, move || {
                let what = what.filter(|_| hands_are_free(&store.session().state));
                shown.set(what.and_then(|card| place_of(&card)));
            }));
        }
    };
    let enter = {
        let (later, waiting) = (later.clone(), Rc::clone(waiting));
        move |event: &web_sys::Event| {
            if under(event, "#peek").is_some() {
                waiting.borrow_mut().take();
            } else {
                let card = under(event, "#nodes [data-node]");
                let after = if card.is_some() { SHOWS_AFTER_MS } else { HIDES_AFTER_MS };
                later(card, after);
            }
        }
    };
    let focus = move |event: &web_sys::Event| {
        let card = under(event, "#nodes [data-node]:focus-visible");
        let after = if card.is_some() { SHOWS_AFTER_MS } else { HIDES_AFTER_MS };
        if under(event, "#peek").is_none() {
            later(card, after);
        }
    };
    // A hand that does something comes first.
    let hide = |key: bool| {
        let (shown, waiting) = (shown.clone(), Rc::clone(waiting));
        move |event: &web_sys::Event| {
            let typed = event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key);
            if under(event, "#peek").is_none() && (!key || typed.as_deref().is_some_and(|typed| typed != "Tab")) {
                waiting.borrow_mut().take();
                shown.set(None);
            }
        }
    };
    vec![
        on("pointerover", Box::new(enter)),
        on("focusin", Box::new(focus)),
        on("pointerdown", Box::new(hide(false))),
        on("wheel", Box::new(hide(false))),
        on("keydown", Box::new(hide(true))),
    ]
}

/// Below the card if there is room, else above.
fn place_of(card: &Element) -> Option<Shown> {
    let id = card.get_attribute("data-node")?;
    let room = dom::by_id("canvas")?.get_bounding_client_rect();
    let area = card.get_bounding_client_rect();
    let top = if area.bottom() + HEIGHT < room.bottom() { area.bottom() + 6.0 } else { area.top() - HEIGHT };
    let left = area.left().clamp(room.left() + 8.0, (room.right() - WIDTH - 8.0).max(room.left() + 8.0));
    Some(Shown { id, left, top: top.max(room.top() + 4.0) })
}
