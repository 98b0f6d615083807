//! Telling those who asked (`window.decoupled.on`): once a frame, after it is painted.

use std::sync::Arc;

use decoupled::editor::Playback;
use decoupled::sim::record_json;
use js_sys::Function;
use serde_json::json;
use wasm_bindgen::prelude::*;

use super::json::js;
use super::session::Session;
use super::store::Store;
use super::subscribers::{TOPICS, Topic, call};

/// Gives the function that ends the subscription.
pub fn on(store: &Store, name: &str, callback: Function) -> Result<JsValue, String> {
    let Some((_, topic)) = TOPICS.iter().find(|(known, _)| *known == name) else {
        let known: Vec<&str> = TOPICS.iter().map(|(known, _)| *known).collect();
        return Err(format!("nothing is called {name:?} here: it is one of {}", known.join(", ")));
    };
    if *topic == Topic::Ready {
        call(&callback, &JsValue::UNDEFINED);
    }
    let Session { state, subscribers, .. } = &mut *store.session_mut();
    // Who comes late, as a course page may, still learns how the checks went.
    match topic {
        Topic::Check => subscribers.verdicts.iter().for_each(|verdict| call(&callback, &js(&verdict.json()))),
        Topic::Completed => subscribers.completed(&state.scene).iter().for_each(|detail| call(&callback, &js(detail))),
        Topic::Ready | Topic::State | Topic::Fact => {}
    }
    subscribers.next += 1;
    let number = subscribers.next;
    subscribers.list.push((number, *topic, callback));
    let store = store.clone();
    let end = Closure::<dyn FnMut()>::new(move || {
        store.session_mut().subscribers.list.retain(|(other, ..)| *other != number);
    });
    Ok(end.into_js_value())
}

/// Tells what happened since it was last called.
pub fn tell(session: &mut Session) {
    let Session { state, player, run_serial, subscribers, .. } = session;
    let run = player.run();
    let now = (state.playback, *run_serial);
    let begun_anew = subscribers.told.is_some_and(|(_, serial)| serial != *run_serial);
    if begun_anew {
        subscribers.forget_all();
    }
    if subscribers.told.replace(now).is_some_and(|told| told != now) {
        let Playback { playing, speed } = state.playback;
        subscribers.send(Topic::State, || json!({ "playing": playing, "speed": speed, "at": player.shown_at() }));
    }
    if subscribers.has(&[Topic::Fact]) {
        for record in run.trace().since(subscribers.seen) {
            subscribers.send(Topic::Fact, || record_json(run, record));
        }
    }
    // A run that was taken back tells nothing twice.
    subscribers.seen = subscribers.seen.max(run.trace().total());
    if session.subscribers.has(&[Topic::Check, Topic::Completed]) {
        judge(session);
    }
}

/// Tells what became of the scene's own checks.
#[inline(never)] // second part
fn judge(session: &mut Session) {
    let (scene, judged) = (Arc::clone(&session.state.scene), session.subscribers.verdicts.len());
    if scene.own_checks().0.get(judged).is_none_or(|next| next.at > session.run().now()) {
        return;
    }
    let Some(found) = session.engine(move |player| player.verdicts(&scene, judged)) else { return };
    let Session { state, subscribers, .. } = session;
    found.iter().for_each(|verdict| subscribers.send(Topic::Check, || verdict.json()));
    subscribers.verdicts.extend(found);
    if let Some(detail) = subscribers.completed(&state.scene) {
        subscribers.send(Topic::Completed, || detail.clone());
    }
}
