//! Nothing moves under a hand: between a press and its release the page stays laid out as it is. What is drawn anew waits,
//! the help of the field that is left stays open, and a field that was typed in is left when the hand lets go, just
//! before the click counts.

use decoupled::editor::Gesture;
use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, EventTarget, HtmlElement, PointerEvent};

use super::dom;
use super::store::Store;

/// Where a hand pulls, nothing is to be clicked.
const PULLED: &str = "#canvas, #timeline-box, .splitter";
/// What answers while the hand is on it.
const ANSWERS: &str = "input[type=range], select";
/// A tap counts as a click a while after the finger is gone.
const TAP_MS: u32 = 400;

/// Listens until the listeners are dropped.
pub fn listen(store: &Store) -> Vec<EventListener> {
    let Some(window) = dom::window() else { return Vec::new() };
    let mut listeners = Vec::new();
    // Before whoever the events are for.
    let mut on = |name: &'static str, act: fn(&Store, &Event)| {
        let store = store.clone();
        let options = EventListenerOptions::run_in_capture_phase();
        listeners.push(EventListener::new_with_options(&window, name, options, move |event| act(&store, event)));
    };
    on("pointerdown", begin);
    on("change", leave);
    on("pointermove", moved);
    on("pointerup", up);
    on("pointercancel", |store, _| end(store));
    on("click", |store, _| end(store));
    on("blur", |store, event| {
        if event.target().is_some_and(|target| target.is_instance_of::<web_sys::Window>()) {
            end(store);
        }
    });
    listeners
}

fn root() -> Option<Element> {
    dom::document()?.document_element()
}

fn begin(store: &Store, event: &Event) {
    let Some(event) = event.dyn_ref::<PointerEvent>().filter(|event| event.is_primary()) else { return };
    end(store);
    let press = &store.hands.press;
    press.by_pointer.set(true);
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let focused = dom::document().and_then(|document| document.active_element());
    let is = |selector: &str| target.as_ref().is_none_or(|target| target.closest(selector).ok().flatten().is_some());
    if is(PULLED) {
        // What was typed counts before the press does, which may take the field away.
        let field = focused.filter(|element| element.closest("input, textarea").ok().flatten().is_some());
        let other = field.filter(|field| event.target().as_ref() != Some(field.unchecked_ref()));
        if let Some(field) = other.and_then(|field| field.dyn_into::<HtmlElement>().ok()) {
            let _ = field.blur();
        }
        return;
    }
    if event.button() != 0 {
        return;
    }
    press.is_on.set(true);
    press.answers.set(is(ANSWERS));
    if let Some(root) = root() {
        dom::set_attribute(&root, "data-pressed", "true");
    }
    if let Some(field) = focused.and_then(|element| element.closest(".field").ok().flatten()) {
        dom::set_attribute(&field, "data-held", "true");
    }
}

/// A field is left by the press: it says so when the hand lets go.
fn leave(store: &Store, event: &Event) {
    let press = &store.hands.press;
    let answers = |target: &EventTarget| {
        target.dyn_ref::<Element>().is_some_and(|target| target.closest(ANSWERS).ok().flatten().is_some())
    };
    if press.is_on()
        && event.is_trusted()
        && let Some(target) = event.target().filter(|target| !answers(target))
    {
        event.stop_immediate_propagation();
        press.left.borrow_mut().push(target);
    }
}

/// The hand let go where the page could not see it, or carries something now.
fn moved(store: &Store, event: &Event) {
    if !store.hands.press.is_on() {
        return;
    }
    let lets_go = event.dyn_ref::<PointerEvent>().is_some_and(|event| event.buttons() == 0);
    let carries = store.session().state.gesture != Gesture::Idle;
    if lets_go || carries {
        end(store);
    }
}

fn up(store: &Store, event: &Event) {
    let press = &store.hands.press;
    let is_touch = event.dyn_ref::<PointerEvent>().is_some_and(|event| event.pointer_type() == "touch");
    if is_touch && press.is_on() {
        let waiting = store.clone();
        press.ends.replace(Some(Timeout::new(TAP_MS, move || end(&waiting))));
    } else {
        // What lies under the pointer is settled by now.
        end(store);
    }
}

fn end(store: &Store) {
    let press = &store.hands.press;
    press.ends.take();
    if !press.is_on.replace(false) {
        return;
    }
    if let Some(root) = root() {
        let _ = root.remove_attribute("data-pressed");
    }
    for field in dom::query_all("[data-held]") {
        let _ = field.remove_attribute("data-held");
    }
    let options = web_sys::EventInit::new();
    options.set_bubbles(true);
    let left = press.left.take();
    let typed = !left.is_empty();
    for field in left {
        if let Ok(event) = Event::new_with_event_init_dict("change", &options) {
            let _ = field.dispatch_event(&event);
        }
    }
    if press.redraw.replace(false) {
        if typed {
            // What is clicked now is about what was typed.
            return store.redraw();
        }
        // The click is for what was seen when it began.
        let store = store.clone();
        Timeout::new(0, move || store.redraw()).forget();
    }
}
