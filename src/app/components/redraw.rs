//! Lists that follow the run: drawn again a few times a second, and only when something happened.

use gloo_timers::callback::Interval;
use yew::prelude::*;

use crate::app::store::Store;

const EVERY_MS: u32 = 200;

/// Draws the component again when facts were added or the run was begun anew. A paused run draws nothing.
///
/// Gives the total of facts to draw and the run's serial. What is made of these alone need not be made anew when the
/// component is drawn for another reason: while a node is dragged, that is every frame.
#[hook]
pub fn use_redraw_with_facts(store: &Store) -> (u64, u32) {
    let drawn = use_state(|| (0_u64, 0_u32));
    {
        let (store, drawn) = (store.clone(), drawn.setter());
        use_effect_with((), move |()| {
            let mut last = (0, 0);
            let interval = Interval::new(EVERY_MS, move || {
                let now = facts(&store);
                if std::mem::replace(&mut last, now) != now {
                    drawn.set(now);
                }
            });
            move || drop(interval)
        });
    }
    let playing = store.session().state.playback.playing;
    if playing { *drawn } else { facts(store) }
}

fn facts(store: &Store) -> (u64, u32) {
    let session = store.session();
    (session.run.trace().total(), session.run_serial)
}
