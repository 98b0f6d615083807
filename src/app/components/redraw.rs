//! Lists that follow the run: drawn again a few times a second, and only when something happened.

use gloo_timers::callback::Interval;
use yew::prelude::*;

use crate::app::store::Store;

const EVERY_MS: u32 = 200;

/// Draws the component again when facts were added or the run was begun anew. A paused run draws nothing.
#[hook]
pub fn use_redraw_with_facts(store: &Store) {
    // What was last drawn: total and run.
    let drawn = use_state(|| (0_u64, 0_u32));
    let (store, drawn) = (store.clone(), drawn.setter());
    use_effect_with((), move |()| {
        let mut last = (0, 0);
        let interval = Interval::new(EVERY_MS, move || {
            let session = store.session();
            let now = (session.run.trace().total(), session.run_serial);
            if std::mem::replace(&mut last, now) != now {
                drawn.set(now);
            }
        });
        move || drop(interval)
    });
}
