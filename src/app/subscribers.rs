//! Who asked to be told (`window.decoupled.on`), and telling them: once a frame, after it is painted.

use std::sync::Arc;

use decoupled::editor::Playback;
use decoupled::scene::Scene;
use decoupled::sim::{Checkpoints, Run, Verdict, check_reached, record_json};
use js_sys::Function;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use super::dom;
use super::page_api::js;
use super::store::{Session, Store};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Topic {
    /// The page can be asked; it always can once there is somebody to subscribe.
    Ready,
    /// Playing or not, how fast, or a run begun anew.
    State,
    /// One more record of the trace.
    Fact,
    /// One of the scene's own checks was judged.
    Check,
    /// All of them were judged, and each has passed.
    Completed,
}

const TOPICS: [(&str, Topic); 5] = [
    ("ready", Topic::Ready),
    ("state", Topic::State),
    ("fact", Topic::Fact),
    ("check", Topic::Check),
    ("completed", Topic::Completed),
];

#[derive(Default)]
pub struct Subscribers {
    list: Vec<(u32, Topic, Function)>,
    next: u32,
    told: Option<(Playback, u32)>,
    /// Records of the run that were told, or that nobody wanted to know.
    seen: u64,
    /// The verdicts on the scene's checks so far, in the order of their times.
    verdicts: Vec<Verdict>,
}

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
    let Session { state, run, run_serial, subscribers, shown_at, .. } = session;
    let now = (state.playback, *run_serial);
    let begun_anew = subscribers.told.is_some_and(|(_, serial)| serial != *run_serial);
    if begun_anew {
        subscribers.forget_all();
    }
    if subscribers.told.replace(now).is_some_and(|told| told != now) {
        let Playback { playing, speed } = state.playback;
        subscribers.send(Topic::State, || json!({ "playing": playing, "speed": speed, "at": *shown_at }));
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
    if scene.own_checks().0.get(judged).is_none_or(|next| next.at > session.run.now()) {
        return;
    }
    let work = move |run: &mut Run, checkpoints: &mut Checkpoints| check_reached(&scene, run, checkpoints, judged);
    let Some(found) = session.engine(work) else { return };
    let Session { state, subscribers, .. } = session;
    found.iter().for_each(|verdict| subscribers.send(Topic::Check, || verdict.json()));
    subscribers.verdicts.extend(found);
    if let Some(detail) = subscribers.completed(&state.scene) {
        subscribers.send(Topic::Completed, || detail.clone());
    }
}

impl Subscribers {
    /// What was told of the time after the run's present will not come to pass: what happens instead is told.
    pub fn forget_after(&mut self, run: &Run) {
        self.seen = self.seen.min(run.trace().total());
        self.verdicts.retain(|verdict| verdict.at <= run.now());
    }

    #[inline(never)] // second part
    fn forget_all(&mut self) {
        self.seen = 0;
        self.verdicts.clear();
    }

    /// What there is to tell when all of a scene's checks were judged and each has passed.
    fn completed(&self, scene: &Scene) -> Option<Value> {
        let checks = scene.own_checks().0.len();
        let last = self.verdicts.last().filter(|_| self.verdicts.len() == checks)?;
        let passed = self.verdicts.iter().all(|verdict| verdict.passed);
        passed.then(|| json!({ "checks": checks, "at": last.at }))
    }

    fn has(&self, topics: &[Topic]) -> bool {
        self.list.iter().any(|(_, topic, _)| topics.contains(topic))
    }

    fn send(&self, topic: Topic, detail: impl Fn() -> Value) {
        for (_, _, callback) in self.list.iter().filter(|(_, wanted, _)| *wanted == topic) {
            call(callback, &js(&detail()));
        }
    }
}

/// Soon, on the page's own account: what a subscriber throws is reported as its own error, and it may ask the page
/// for anything.
fn call(callback: &Function, detail: &JsValue) {
    if let Some(window) = dom::window() {
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_1(callback, 0, detail);
    }
}
