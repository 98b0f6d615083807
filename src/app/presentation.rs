//! Presenting: the canvas alone, over the whole screen where the browser lets us, else over the whole page. What moves
//! time stands at the foot and fades while the pointer rests.

use std::cell::RefCell;

use decoupled::editor::Command;
use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::dom;
use super::store::Store;

const FADES_AFTER_MS: u32 = 2_500;

thread_local! {
    static FADING: RefCell<Option<Timeout>> = const { RefCell::new(None) };
}

pub fn toggle(store: &Store) {
    if !leave(store) {
        begin(store);
    }
}

fn begin(store: &Store) {
    show(store, true);
    let root = dom::document().and_then(|document| document.document_element());
    if let Some(root) = root {
        ask(&root, "requestFullscreen");
    }
    wake();
}

/// Back to the whole page; false when nothing was presented.
pub fn leave(store: &Store) -> bool {
    if !store.session().presenting {
        return false;
    }
    show(store, false);
    if is_full()
        && let Some(document) = dom::document()
    {
        ask(&document, "exitFullscreen");
    }
    true
}

fn show(store: &Store, presenting: bool) {
    store.session_mut().presenting = presenting;
    store.redraw();
    // The canvas has another size then, and the whole scene fits into it.
    let store = store.clone();
    Timeout::new(120, move || store.dispatch(Command::ZoomToFit)).forget();
}

/// A frame may be refused: then it fills the page, which it does already.
fn ask(on: &JsValue, method: &str) {
    if let Some(promise) = dom::call(on, method).and_then(|answer| answer.dyn_into::<Promise>().ok()) {
        spawn_local(async move { drop(JsFuture::from(promise).await) });
    }
}

fn is_full() -> bool {
    dom::document()
        .and_then(|document| js_sys::Reflect::get(&document, &"fullscreenElement".into()).ok())
        .is_some_and(|element| element.is_truthy())
}

/// What fades is there again, for a while.
fn wake() {
    let Some(root) = dom::document().and_then(|document| document.document_element()) else { return };
    let _ = root.class_list().remove_1("resting");
    FADING.set(Some(Timeout::new(FADES_AFTER_MS, move || drop(root.class_list().add_1("resting")))));
}

/// Listens until the listeners are dropped.
pub fn listen(store: &Store) -> Vec<EventListener> {
    let Some(document) = dom::document() else { return Vec::new() };
    let left = store.clone();
    let mut listeners = vec![EventListener::new(&document, "fullscreenchange", move |_| {
        if !is_full() {
            leave(&left);
        }
    })];
    for name in ["pointermove", "pointerdown", "keydown"] {
        let store = store.clone();
        listeners.push(EventListener::new(&document, name, move |_| {
            if store.session().presenting {
                wake();
            }
        }));
    }
    listeners
}
