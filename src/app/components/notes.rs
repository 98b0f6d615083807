//! What a scene's author says about it: a little Markdown, drawn as elements and never as HTML text.

use decoupled::scene::Scene;
use serde_json::Value;
use yew::prelude::*;

use super::markdown::markdown;
use crate::app::store::use_store;

/// More notes are not shown: nobody reads so many.
const NOTES_MAX: usize = 100;

#[component(Notes)]
pub fn notes() -> Html {
    let store = use_store();
    let session = store.session();
    let scene = &session.state.scene;
    html! {
        <div class="notes" data-testid="notes">
            if scene.notes.is_empty() {
                <p class="quiet">{ "This scene has no notes." }</p>
            } else {
                { notes_of(scene) }
            }
        </div>
    }
}

pub fn notes_of(scene: &Scene) -> Html {
    let shown = scene.notes.iter().filter_map(text_of).take(NOTES_MAX);
    shown.map(|text| html! { <article>{ markdown(text) }</article> }).collect()
}

/// A note is a text, or an object that holds one.
fn text_of(note: &Value) -> Option<&str> {
    note.as_str().or_else(|| note.get("text").or_else(|| note.get("markdown")).and_then(Value::as_str))
}
