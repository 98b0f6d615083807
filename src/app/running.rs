//! Playing to a moment that may be far off: in slices, so that the page around goes on, until somebody does something else
//! with the run.

use decoupled::editor::Command;
use decoupled::engine::{Micros, clock_text};
use gloo_timers::callback::Timeout;
use js_sys::{Error, Function, Promise};
use wasm_bindgen::JsValue;

use super::store::Store;

/// Of one slice: less than a person feels.
const SLICE_MS: f64 = 24.0;

/// Runs to a time, paused; the promise is kept when it is reached, or the run halts.
pub fn run_until(store: &Store, until: Micros) -> Promise {
    store.dispatch(Command::Pause);
    let store = store.clone();
    let goal = store.set_goal();
    Promise::new(&mut move |keep: Function, reject: Function| {
        slice(Goal { store: store.clone(), until, goal, keep, reject });
    })
}

struct Goal {
    store: Store,
    until: Micros,
    goal: u64,
    keep: Function,
    reject: Function,
}

fn slice(goal: Goal) {
    let Goal { store, until, .. } = &goal;
    if store.session().goal != goal.goal {
        let reached = clock_text(store.session().shown_at());
        let why = format!(
            "It was stopped at {reached}, on the way to {}: something else was done with the run.",
            clock_text(*until)
        );
        return settle(&goal.reject, &Error::new(&why).into());
    }
    store.play_to(*until, SLICE_MS);
    let (arrived, broke) = {
        let session = store.session();
        let run = session.run();
        (run.now() >= *until || run.halt().is_some(), session.broke.clone())
    };
    match broke {
        Some(why) => settle(&goal.reject, &Error::new(&format!("The engine broke: {why}")).into()),
        None if arrived => settle(&goal.keep, &JsValue::UNDEFINED),
        None => drop(Timeout::new(0, move || slice(goal)).forget()),
    }
}

fn settle(how: &Function, with: &JsValue) {
    // The browser's own functions: they throw nothing.
    let _ = how.call1(&JsValue::NULL, with);
}
