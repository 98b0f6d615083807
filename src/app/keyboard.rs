//! Keys, as commands; the library says which key means what.

use decoupled::editor::{self, Command};
use decoupled::view;
use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use super::store::Store;
use super::{dom, presentation};

/// Listens until the listeners are dropped.
pub fn listen(store: &Store) -> Vec<EventListener> {
    let Some(window) = dom::window() else { return Vec::new() };
    let mut listeners = Vec::new();
    let mut on = |name: &'static str, act: fn(&Store, &Event)| {
        let store = store.clone();
        let options = EventListenerOptions::enable_prevent_default();
        listeners.push(EventListener::new_with_options(&window, name, options, move |event| act(&store, event)));
    };
    on("keydown", down);
    on("keyup", up);
    on("copy", copy);
    on("cut", copy);
    on("paste", paste);
    on("blur", |store, _| store.hands.space.set(false));
    listeners
}

/// What has the keyboard's focus.
fn focused() -> Option<Element> {
    dom::document()?.active_element()
}

fn is_any(element: &Element, selector: &str) -> bool {
    element.closest(selector).ok().flatten().is_some()
}

fn down(store: &Store, event: &Event) {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
    let key = event.key();
    let holder = focused();
    let inside = |selector: &str| holder.as_ref().is_some_and(|element| is_any(element, selector));
    if inside("input, textarea, select") {
        if key == "Escape"
            && let Some(field) = holder.and_then(|element| element.dyn_into::<HtmlElement>().ok())
        {
            let _ = field.blur();
        }
        return;
    }
    // A dialog, a card that lies over the page and a focused button have their own meaning for these keys.
    if dom::query("dialog[open]").is_some()
        || (key == "Escape" && dom::query(":popover-open").is_some())
        || ((key == " " || key == "Enter") && inside("button, a, summary, [role=tab]"))
    {
        return;
    }
    let ctrl = event.ctrl_key() || event.meta_key();
    if key == "Escape" && presentation::leave(store) {
        return event.prevent_default();
    }
    let on_node = holder.and_then(|element| element.get_attribute("data-node"));
    match (&*key, on_node) {
        ("Enter", Some(id)) => {
            event.prevent_default();
            return store.dispatch(Command::Select { nodes: vec![id], links: Vec::new(), add: event.shift_key() });
        }
        ("Tab", Some(id)) => return walk(store, event, &id),
        _ => {}
    }
    if key == " " && !ctrl {
        event.prevent_default();
        if !event.repeat() {
            store.hands.space.set(true);
            store.hands.space_panned.set(false);
        }
        return;
    }
    if let Some(command) = editor::command_for_key(&key, ctrl, event.shift_key(), event.alt_key()) {
        event.prevent_default();
        store.dispatch(command);
    }
}

/// From node to node as messages flow, and at the ends on to what stands before or behind the canvas.
fn walk(store: &Store, event: &KeyboardEvent, node: &str) {
    let back = event.shift_key();
    let next = view::next_in_flow(&store.session().state.scene, node, back);
    let element = match next {
        Some(next) => {
            event.prevent_default();
            dom::query(&format!("[data-node={}]", dom::quoted(&next)))
        }
        // The browser goes on from there.
        None => {
            dom::query(if back { "#nodes > :first-child > :first-child" } else { "#nodes > :last-child > :last-child" })
        }
    };
    if let Some(element) = element {
        dom::focus(&element);
    }
}

fn up(store: &Store, event: &Event) {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
    match event.key().as_str() {
        " " if store.hands.space.replace(false) && !store.hands.space_panned.get() => {
            if let Some(command) = editor::command_for_key(" ", false, false, false) {
                store.dispatch(command);
            }
        }
        // Walking over the nodes chooses them, so that arrows and Delete know what they are for.
        "Tab" => {
            if let Some(id) = focused().and_then(|element| element.get_attribute("data-node")) {
                store.dispatch(Command::Select { nodes: vec![id], links: Vec::new(), add: false });
            }
        }
        _ => {}
    }
}

/// What the event carries, unless a text is being typed or chosen, or a dialog is open: it is for that one then.
fn carried(event: &Event) -> Option<web_sys::DataTransfer> {
    let is_text = focused().is_some_and(|element| is_any(&element, "input, textarea, select"))
        || (event.type_() != "paste" && dom::window().is_some_and(|window| has_chosen_text(&window)));
    if is_text || dom::query("dialog[open]").is_some() {
        return None;
    }
    js_sys::Reflect::get(event, &"clipboardData".into()).ok()?.dyn_into().ok()
}

fn has_chosen_text(window: &web_sys::Window) -> bool {
    let chosen = dom::call(window, "getSelection");
    let collapsed = chosen.and_then(|chosen| js_sys::Reflect::get(&chosen, &"isCollapsed".into()).ok());
    collapsed.is_some_and(|collapsed| collapsed.is_falsy())
}

/// What is chosen goes to the clipboard as text.
fn copy(store: &Store, event: &Event) {
    let Some(carried) = carried(event) else { return };
    let text = {
        let session = store.session();
        editor::text_of(&session.state.scene, &session.state.selection)
    };
    let Some(text) = text else { return };
    if carried.set_data("text/plain", &text).is_ok() {
        event.prevent_default();
        if event.type_() == "cut" {
            store.dispatch(Command::Delete);
        }
    }
}

/// Nodes pasted as text join the scene, a whole scene is opened; any other text is nobody's business.
fn paste(store: &Store, event: &Event) {
    let text = carried(event)
        .and_then(|data| data.get_data("text/plain").ok())
        .filter(|text| text.trim_start().starts_with('{') && text.len() <= decoupled::scene::limits::FILE_BYTES_MAX);
    if let Some(text) = text {
        event.prevent_default();
        store.dispatch(Command::PasteText { text, at: None });
    }
}
