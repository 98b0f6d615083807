//! Knobs while a run goes on: the value at the time that is shown, and from when on a changed one holds.

use decoupled::editor::{Command, Knobs, State};
use decoupled::scene::Subject;
use serde_json::{Map, Value};
use yew::prelude::*;

use crate::app::store::Store;

/// What a property is set to from the time that is shown, or from the start.
pub fn turn(store: &Store, subject: Subject, name: &str, value: Option<Value>) {
    let at = store.session().player.hand_at();
    store.dispatch(Command::Turn { subject, name: name.to_owned(), value, at });
}

/// The values at the time that is shown, where script and calls made them others than the document's.
pub fn values(store: &Store, state: &State, subject: &Subject) -> Option<Map<String, Value>> {
    if state.knobs == Knobs::FromStart {
        return None;
    }
    let session = store.session();
    let living = session.run().scene_now();
    match subject {
        Subject::Node(id) => living.node(id).map(|node| node.properties.clone()),
        Subject::Link(id) => living.link(id).map(|link| link.properties.clone()),
    }
}

/// From when on changes hold. Seen only when the run has begun: at the start there is one answer.
pub fn scope(store: &Store, state: &State) -> Html {
    let choice = |from: Knobs, label: &'static str, title: &'static str, testid: &'static str| {
        html! {
            <button type="button" aria-pressed={(state.knobs == from).to_string()} {title} data-testid={testid}
                onclick={store.sends(Command::TurnKnobs { from })}>{ label }</button>
        }
    };
    html! {
        <div class="segmented knobs" role="group" aria-label="Changes hold">
            { choice(Knobs::FromNow, "From now on", "Values as they are now; a change is a mark on the timeline", "knobs-now") }
            { choice(Knobs::FromStart, "From the start", "Values as the run begins; a change plays it again from there", "knobs-start") }
        </div>
    }
}
