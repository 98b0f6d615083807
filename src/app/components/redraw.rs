//! When what is drawn is drawn again: lists that follow the run a few times a second, and only when something happened;
//! what is much to draw, in the frame after.

use gloo_timers::callback::Interval;
use yew::prelude::*;

use crate::app::dom;
use crate::app::store::Store;

const EVERY_MS: u32 = 200;
const LEISURELY_MS: u32 = 400;

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
                let in_hand = store.is_under_hand();
                if !in_hand && std::mem::replace(&mut last, now) != now {
                    drawn.set(now);
                }
            });
            move || drop(interval)
        });
    }
    let playing = store.session().state.playback.playing;
    if playing { *drawn } else { facts(store) }
}

/// Draws the component again a few times a second while time or the run has moved: for tables and charts.
#[hook]
pub fn use_redraw_at_leisure(store: &Store) {
    let redraw = use_force_update();
    let store = store.clone();
    use_effect_with((), move |()| {
        let mut last = None;
        let interval = Interval::new(LEISURELY_MS, move || {
            let now = {
                let session = store.session();
                (!store.is_under_hand()).then_some((
                    session.run().trace().total(),
                    session.run().now(),
                    session.run_serial,
                ))
            };
            if now.is_some() && last != now {
                last = now;
                redraw.force_update();
            }
        });
        move || drop(interval)
    });
}

/// Whether the component has stood for a frame: what it shows at once is not kept waiting for the rest of it.
#[hook]
pub fn use_from_next_frame() -> bool {
    let due = use_state(|| false);
    let now = due.setter();
    use_effect_with((), move |()| dom::after_paint(move || now.set(true)));
    *due
}

fn facts(store: &Store) -> (u64, u32) {
    let session = store.session();
    (session.run().trace().total(), session.run_serial)
}
