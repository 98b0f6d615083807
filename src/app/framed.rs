//! A page in a frame: it stands still while it is scrolled away, and answers the page around it by `postMessage`.
//!
//! `{ decoupled: 1, id, method, args }` is answered by `{ decoupled: 1, id, result }` or `{ decoupled: 1, id, error }`;
//! what was subscribed to by `on` comes as `{ decoupled: 1, event, detail }`. Only the parent window is heard, and
//! `editor::Guard` says what its origin may do.

use std::cell::RefCell;

use decoupled::editor::{Command, Guard};
use gloo_events::EventListener;
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{IntersectionObserver, IntersectionObserverEntry, MessageEvent, Window};

use super::place::Place;
use super::store::Store;
use super::{dom, telling};

thread_local! {
    /// What the parent subscribed to: once is enough.
    static SUBSCRIBED: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
}

/// Listens until the listener is dropped.
pub fn begin(store: &Store) -> Option<EventListener> {
    let window = dom::window()?;
    let parent = window.parent().ok().flatten()?;
    watch_sight(store);
    let hearing = store.clone();
    let listener = EventListener::new(&window, "message", move |event| {
        if let Some(event) = event.dyn_ref::<MessageEvent>() {
            hear(&hearing, event);
        }
    });
    // It tells nothing but that there is somebody to talk to.
    post(&parent, "*", &[("event", "ready".into()), ("detail", Object::new().into())]);
    Some(listener)
}

fn post(to: &Window, origin: &str, fields: &[(&str, JsValue)]) {
    let message = Object::new();
    let set = |name: &str, value: &JsValue| Reflect::set(&message, &name.into(), value);
    let _ = set("decoupled", &1.into());
    fields.iter().for_each(|(name, value)| drop(set(name, value)));
    // A sandboxed parent has no origin to name; the window it goes to is the one that asked.
    let _ = to.post_message(&message, if origin == "null" { "*" } else { origin });
}

/// Answers a question of ours by the parent; anything else is somebody else's business.
fn hear(store: &Store, event: &MessageEvent) {
    let Some(parent) = dom::window().and_then(|window| window.parent().ok().flatten()) else { return };
    let source = Reflect::get(event, &"source".into()).unwrap_or_default();
    let data = event.data();
    let field = |name: &str| Reflect::get(&data, &name.into()).unwrap_or_default();
    if source != JsValue::from(parent.clone()) || !data.is_object() || field("decoupled").as_f64() != Some(1.0) {
        return;
    }
    let (Some(method), origin, id) = (field("method").as_string(), event.origin(), field("id")) else { return };
    let args = field("args").dyn_into::<Array>().unwrap_or_default();
    let answer = match guard(store).refusal(&method, &origin) {
        Some(why) => Promise::reject(&js_sys::Error::new(&why)),
        None => call(store, &parent, &origin, &method, &args),
    };
    spawn_local(async move {
        let answer = match JsFuture::from(answer).await {
            Ok(result) => ("result", result),
            Err(error) => ("error", told(&error)),
        };
        post(&parent, &origin, &[("id", id), answer]);
    });
}

fn guard(store: &Store) -> Guard {
    let own = dom::window().and_then(|window| window.location().origin().ok()).unwrap_or_default();
    // In a sandbox the address has an origin and the page has none.
    let own = Reflect::get(&js_sys::global(), &"origin".into()).ok().and_then(|own| own.as_string()).unwrap_or(own);
    let session = store.session();
    let allow = session.asked.allow.iter().cloned().chain(allowed_by_page()).collect();
    Guard { own, allow, private: matches!(session.place, Place::Own | Place::Copy(_)) }
}

/// Whom the owner of the site trusts: `<meta name="decoupled-allow" content="https://a.example https://b.example">`.
fn allowed_by_page() -> Vec<String> {
    let meta = dom::query("meta[name=decoupled-allow]").and_then(|meta| meta.get_attribute("content"));
    meta.unwrap_or_default().split_whitespace().map(str::to_owned).collect()
}

fn call(store: &Store, parent: &Window, origin: &str, method: &str, args: &Array) -> Promise {
    match method {
        "on" => subscribe(store, parent, origin, args.get(0).as_string().unwrap_or_default()),
        "speed" => {
            if let Some(speed) = args.get(0).as_f64() {
                store.dispatch(Command::SetSpeed { speed: speed as f32 });
            }
            Promise::resolve(&JsValue::from(store.session().state.playback.speed))
        }
        _ => {
            let api = Reflect::get(&js_sys::global(), &"decoupled".into()).unwrap_or_default();
            let function = Reflect::get(&api, &method.into()).ok().and_then(|f| f.dyn_into::<Function>().ok());
            match function.map(|function| function.apply(&api, args)) {
                Some(Ok(answer)) => Promise::resolve(&answer),
                Some(Err(error)) => Promise::reject(&error),
                None => Promise::reject(&js_sys::Error::new(&format!("there is no method {method:?}"))),
            }
        }
    }
}

fn subscribe(store: &Store, parent: &Window, origin: &str, name: String) -> Promise {
    let known = SUBSCRIBED.with_borrow(|list| list.iter().any(|(event, who)| *event == name && who == origin));
    if !known {
        let (to, whom, event) = (parent.clone(), origin.to_owned(), name.clone());
        let tell = Closure::<dyn Fn(JsValue)>::new(move |detail: JsValue| {
            post(&to, &whom, &[("event", event.as_str().into()), ("detail", detail)]);
        });
        if let Err(why) = telling::on(store, &name, tell.into_js_value().unchecked_into()) {
            return Promise::reject(&js_sys::Error::new(&why));
        }
        SUBSCRIBED.with_borrow_mut(|list| list.push((name, origin.to_owned())));
    }
    Promise::resolve(&JsValue::UNDEFINED)
}

/// An error as a message can carry it.
fn told(error: &JsValue) -> JsValue {
    let field = |name: &str| Reflect::get(error, &name.into()).unwrap_or_default();
    let told = Object::new();
    let message = field("message").as_string().or_else(|| error.as_string()).unwrap_or_default();
    let _ = Reflect::set(&told, &"message".into(), &message.into());
    let problems = field("problems");
    let problems = if problems.is_undefined() { Array::new().into() } else { problems };
    let _ = Reflect::set(&told, &"problems".into(), &problems);
    told.into()
}

/// Time stands still while nobody can see it, so that a page with many frames stays quick.
fn watch_sight(store: &Store) {
    let Some(canvas) = dom::by_id("canvas") else { return };
    let seen = store.clone();
    let callback = Closure::<dyn Fn(Array)>::new(move |entries: Array| {
        let newest = entries.get(entries.length().saturating_sub(1));
        if let Ok(entry) = newest.dyn_into::<IntersectionObserverEntry>() {
            seen.session_mut().out_of_sight = !entry.is_intersecting();
        }
    });
    if let Ok(observer) = IntersectionObserver::new(callback.as_ref().unchecked_ref()) {
        store.session_mut().out_of_sight = true;
        observer.observe(&canvas);
        // It watches as long as the page stands.
        callback.forget();
    }
}
