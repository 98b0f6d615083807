//! The upper edge of the drawer: pulled, or moved by key, it makes the drawer higher or lower, and so it stays.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, KeyboardEvent, PointerEvent};
use yew::prelude::*;

use crate::app::{dom, storage};

/// In pixels.
const KEY_STEP: f64 = 24.0;
/// What `static/theme/drawer.css` takes the height from, within its bounds.
const HEIGHT: &str = "--drawer-height";

/// What becomes of the edge at an event.
type Hand = fn(&Element, &Event);

/// Listeners of the element itself: those of Yew would weigh more than all the rest.
const HANDS: [(&str, Hand); 5] = [
    ("pointerdown", take),
    ("pointermove", pull),
    ("lostpointercapture", keep),
    ("dblclick", reset),
    ("keydown", step),
];

/// A reference for the element that is the edge.
#[hook]
pub fn use_splitter() -> NodeRef {
    let edge = use_node_ref();
    let held = edge.clone();
    use_effect_with((), move |()| {
        let listeners = held.cast::<Element>().map(listen);
        move || drop(listeners)
    });
    edge
}

/// Listens until the listeners are dropped.
fn listen(edge: Element) -> Vec<EventListener> {
    let on = |(name, act): (&'static str, Hand)| {
        let held = edge.clone();
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(&edge, name, options, move |event| act(&held, event))
    };
    let listeners = HANDS.into_iter().map(on).collect();
    match storage::read_drawer_height() {
        Some(height) => set_height(&edge, height),
        None => dom::after_paint(move || tell(&edge)),
    }
    listeners
}

fn drawer_of(edge: &Element) -> Option<Element> {
    edge.closest(".drawer").ok().flatten()
}

fn height_of(edge: &Element) -> f64 {
    drawer_of(edge).map_or(0.0, |drawer| drawer.get_bounding_client_rect().height())
}

fn window_height() -> f64 {
    dom::window().and_then(|window| window.inner_height().ok()?.as_f64()).unwrap_or(0.0)
}

fn take(edge: &Element, event: &Event) {
    if let Some(event) = event.dyn_ref::<PointerEvent>().filter(|event| event.button() == 0) {
        let _ = edge.set_pointer_capture(event.pointer_id());
    }
}

fn pull(edge: &Element, event: &Event) {
    let held = event.dyn_ref::<PointerEvent>().filter(|event| edge.has_pointer_capture(event.pointer_id()));
    if let Some(event) = held {
        let above = f64::from(event.client_y()) - edge.get_bounding_client_rect().bottom();
        set_height(edge, height_of(edge) - above);
    }
}

fn keep(edge: &Element, _event: &Event) {
    if drawer_of(edge).is_some_and(|drawer| dom::has_style(&drawer, HEIGHT)) {
        storage::write_drawer_height(height_of(edge));
    }
}

fn reset(edge: &Element, _event: &Event) {
    if let Some(drawer) = drawer_of(edge) {
        dom::set_style(&drawer, HEIGHT, "");
    }
    storage::forget_drawer_height();
    tell(edge);
}

fn step(edge: &Element, event: &Event) {
    let height = match event.dyn_ref::<KeyboardEvent>().map(KeyboardEvent::key).as_deref() {
        Some("ArrowUp") => height_of(edge) + KEY_STEP,
        Some("ArrowDown") => height_of(edge) - KEY_STEP,
        Some("Home") => 0.0,
        Some("End") => window_height(),
        _ => return,
    };
    event.prevent_default();
    event.stop_propagation();
    set_height(edge, height);
    keep(edge, event);
}

#[inline(never)] // second part
fn set_height(edge: &Element, height: f64) {
    if let Some(drawer) = drawer_of(edge) {
        dom::set_style(&drawer, HEIGHT, &format!("{height:.0}px"));
    }
    tell(edge);
}

/// What a screen reader says of it.
fn tell(edge: &Element) {
    let percent = (height_of(edge) / window_height() * 100.0).round() as u32;
    dom::set_attribute(edge, "aria-valuenow", &percent.to_string());
}
