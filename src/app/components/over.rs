//! Where something lies over the canvas, and how it is left.

use decoupled::editor::Command;
use decoupled::figure::Point;
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, Node};
use yew::prelude::*;

use crate::app::store::{Store, use_store};
use crate::app::{dom, effects};

/// Kept free around what lies over the page.
const MARGIN_PX: f64 = 8.0;

/// Puts an element at a viewport point of the canvas, so far inside the window that all of it is seen; without a point
/// the stylesheet says where it is.
#[hook]
pub fn use_place(at: Option<Point>) -> NodeRef {
    let node = use_node_ref();
    let placed = node.clone();
    // Once: a menu that moved as its lines change would move away under the hand.
    use_effect_with(at.map(|at| (at.x.to_bits(), at.y.to_bits())), move |_| {
        if let (Some(at), Some(element)) = (at, placed.cast::<Element>()) {
            place(&element, at);
        }
    });
    node
}

fn place(element: &Element, at: Point) {
    let canvas = dom::by_id("canvas").map(|canvas| canvas.get_bounding_client_rect());
    let (left, top) = canvas.map_or((0.0, 0.0), |area| (area.left(), area.top()));
    let size = element.get_bounding_client_rect();
    let window = dom::document().and_then(|document| document.document_element());
    let (width, height) = window.map_or((0, 0), |root| (root.client_width(), root.client_height()));
    let inside = |from: f64, length: f64, all: i32| from.min(f64::from(all) - length - MARGIN_PX).max(MARGIN_PX);
    let pixels = |length: f64| format!("{length:.0}px");
    dom::set_style(element, "left", &pixels(inside(left + f64::from(at.x), size.width(), width)));
    dom::set_style(element, "top", &pixels(inside(top + f64::from(at.y), size.height(), height)));
}

/// Closes the overlay on a press outside of the element.
#[hook]
pub fn use_closed_by_press(node: &NodeRef) {
    let store = use_store();
    let node = node.clone();
    use_effect_with((), move |()| {
        let options = EventListenerOptions::run_in_capture_phase();
        let listener = dom::window().map(|window| {
            EventListener::new_with_options(&window, "pointerdown", options, move |event| {
                let pressed = event.target().and_then(|target| target.dyn_into::<Node>().ok());
                let own = node.cast::<Node>();
                if own.is_some_and(|own| !own.contains(pressed.as_ref())) {
                    store.dispatch(Command::CloseOverlay);
                }
            })
        });
        move || drop(listener)
    });
}

/// Closes the overlay and gives the keyboard back to the node it was about, or to the page.
pub fn leave(store: &Store, node: Option<&str>) {
    store.dispatch(Command::CloseOverlay);
    if let Some(node) = node {
        effects::focus_node(node.to_owned());
    }
}
