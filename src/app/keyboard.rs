//! Keys, as commands; the library says which key means what.

use decoupled::editor::{self, Command, Drawer, Panel};
use decoupled::view;
use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
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
    on("focusin", |store, event| {
        let holder = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if holder.as_ref().is_some_and(|element| !is_any(element, ".over, dialog")) {
            store.hands.below.replace(holder.clone());
        }
        store.hands.holder.replace(holder);
    });
    on("blur", |store, _| store.hands.space.set(false));
    listeners
}

/// Where keys write.
const TYPED: &str = "textarea, input:not([type=range])";

/// What has the keyboard's focus.
fn focused() -> Option<Element> {
    dom::document()?.active_element()
}

/// The focus is not lost with what had it: it goes back to what had it before, or to the nodes.
pub fn keep_focus(store: &Store) {
    if store.hands.holder.borrow().is_some() {
        restore_focus(store);
    }
}

#[inline(never)] // second part
fn restore_focus(store: &Store) {
    let gone = |element: &Element| !element.is_connected() || is_any(element, ":disabled, [hidden]");
    let is_lost = || focused().is_none_or(|element| element.tag_name() == "BODY");
    let hands = &store.hands;
    if !is_lost() || hands.holder.borrow().as_ref().is_none_or(|holder| !gone(holder)) {
        return;
    }
    let store = store.clone();
    Timeout::new(0, move || {
        if !is_lost() || dom::query("dialog[open]").is_some() {
            return;
        }
        let below = store.hands.below.borrow().clone();
        let chosen = store.session().state.selection.single_node().map(str::to_owned);
        let chosen = || dom::query(&format!("[data-node={}]", dom::quoted(&chosen?)));
        let beside = || below.as_ref()?.parent_element()?.query_selector("button:enabled").ok().flatten();
        let found = below.clone().filter(|element| !gone(element)).or_else(chosen);
        // Who goes by pointer has no use for what only stands near.
        let near = || beside().or_else(|| dom::query("[data-node]"));
        if let Some(element) = found.or_else(|| if store.hands.press.by_pointer.get() { None } else { near() }) {
            dom::focus(&element);
        }
    })
    .forget();
}

fn is_any(element: &Element, selector: &str) -> bool {
    element.closest(selector).ok().flatten().is_some()
}

fn down(store: &Store, event: &Event) {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
    let key = event.key();
    let holder = focused();
    let inside = |selector: &str| holder.as_ref().is_some_and(|element| is_any(element, selector));
    if key == "Tab" {
        store.hands.press.by_pointer.set(false);
    }
    // What was clicked keeps the focus, and has no use for the space bar: that plays, unless a text is being typed.
    let plays = key == " " && store.hands.press.by_pointer.get() && !inside(TYPED);
    if !plays && inside("input, textarea, select") {
        if key == "Escape"
            && let Some(field) = holder.and_then(|element| element.dyn_into::<HtmlElement>().ok())
        {
            let _ = field.blur();
        }
        return;
    }
    let ctrl = event.ctrl_key() || event.meta_key();
    // A dialog, a card that lies over the page and a focused button have their own meaning for these keys.
    if dom::query("dialog[open]").is_some()
        || (key == "Escape" && dom::query(":popover-open").is_some())
        || (!plays && (key == " " || key == "Enter") && inside("button, a, summary, [role=tab]"))
    {
        return;
    }
    if key == "Escape" && presentation::leave(store) {
        return event.prevent_default();
    }
    if key == "Escape" && inside(".drawer, .inspector") && back_to_chosen(store) {
        return event.prevent_default();
    }
    let on_node = holder.and_then(|element| element.get_attribute("data-node"));
    match (&*key, on_node) {
        ("Enter", Some(id)) => {
            event.prevent_default();
            store.dispatch(Command::Select { nodes: vec![id], links: Vec::new(), add: event.shift_key() });
            if !event.shift_key() {
                open_chosen(store);
            }
            return;
        }
        ("Enter", None) if !ctrl => {
            event.prevent_default();
            return open_chosen(store);
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

/// Opens what is chosen, and goes into what is shown of it.
fn open_chosen(store: &Store) {
    store.dispatch(Command::EnterChosen);
    let looks = {
        let session = store.session();
        let state = &session.state;
        state.selection.single_node().is_some() && state.shows(Panel::Drawer) && state.drawer == Drawer::Messages
    };
    if looks && !store.hands.press.by_pointer.get() {
        Timeout::new(0, || {
            if let Some(body) = dom::by_id("drawer-body") {
                dom::focus(&body);
            }
        })
        .forget();
    }
}

/// From what is shown of the chosen node, back to it.
fn back_to_chosen(store: &Store) -> bool {
    let chosen = store.session().state.selection.single_node().map(str::to_owned);
    let element = chosen.and_then(|id| dom::query(&format!("[data-node={}]", dom::quoted(&id))));
    element.inspect(dom::focus).is_some()
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
        " " if store.hands.space.replace(false) => {
            // A button that was clicked would take it for a click.
            event.prevent_default();
            if !store.hands.space_panned.get() {
                store.dispatch(Command::TogglePlay);
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
