//! Who asked to be told (`window.decoupled.on`), and what they know.

use decoupled::editor::Playback;
use decoupled::engine::Micros;
use decoupled::scene::Scene;
use decoupled::sim::Verdict;
use js_sys::Function;
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use super::dom;
use super::json::js;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Topic {
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

pub const TOPICS: [(&str, Topic); 5] = [
    ("ready", Topic::Ready),
    ("state", Topic::State),
    ("fact", Topic::Fact),
    ("check", Topic::Check),
    ("completed", Topic::Completed),
];

#[derive(Default)]
pub struct Subscribers {
    pub list: Vec<(u32, Topic, Function)>,
    pub next: u32,
    pub told: Option<(Playback, u32)>,
    /// Records of the run that were told, or that nobody wanted to know.
    pub seen: u64,
    /// The verdicts on the scene's checks so far, in the order of their times.
    pub verdicts: Vec<Verdict>,
}

impl Subscribers {
    /// What was told of what comes after a time and so many facts will not come to pass: what happens instead is told.
    pub fn forget_after(&mut self, at: Micros, total: u64) {
        self.seen = self.seen.min(total);
        self.verdicts.retain(|verdict| verdict.at <= at);
    }

    #[inline(never)] // second part
    pub fn forget_all(&mut self) {
        self.seen = 0;
        self.verdicts.clear();
    }

    /// What there is to tell when all of a scene's checks were judged and each has passed.
    pub fn completed(&self, scene: &Scene) -> Option<Value> {
        let checks = scene.own_checks().0.len();
        let last = self.verdicts.last().filter(|_| self.verdicts.len() == checks)?;
        let passed = self.verdicts.iter().all(|verdict| verdict.passed);
        passed.then(|| json!({ "checks": checks, "at": last.at }))
    }

    pub fn has(&self, topics: &[Topic]) -> bool {
        self.list.iter().any(|(_, topic, _)| topics.contains(topic))
    }

    pub fn send(&self, topic: Topic, detail: impl Fn() -> Value) {
        for (_, _, callback) in self.list.iter().filter(|(_, wanted, _)| *wanted == topic) {
            call(callback, &js(&detail()));
        }
    }
}

/// Soon, on the page's own account: what a subscriber throws is reported as its own error, and it may ask the page
/// for anything.
pub fn call(callback: &Function, detail: &JsValue) {
    if let Some(window) = dom::window() {
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_1(callback, 0, detail);
    }
}
