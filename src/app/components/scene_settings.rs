//! The inspector when nothing is chosen: the scene as a whole.

use yew::prelude::*;

use super::notes::notes_of;
use super::transport::{NetworkSelect, SeedInput};
use crate::app::store::use_store;

#[component(SceneSettings)]
pub fn scene_settings() -> Html {
    let store = use_store();
    let session = store.session();
    let scene = &session.state.scene;
    html! {
        <div data-testid="scene-settings">
            <header class="inspector-head">
                <div>
                    <h2 class="inspector-title">{ &scene.name }</h2>
                    <p>{ format!("{} nodes · {} links", scene.nodes.len(), scene.drawn_links().len()) }</p>
                </div>
            </header>
            <div class="form">
                <div class="field">
                    <label for="scene-seed">{ "Seed" }</label>
                    <SeedInput id="scene-seed" />
                    <p class="field-help">{ "The same scene and seed give the same run, everywhere." }</p>
                </div>
                <div class="field">
                    <label for="scene-network">{ "Network" }</label>
                    <NetworkSelect id="scene-network" />
                    <p class="field-help">{ "How long a hop takes. Where cards lie changes nothing." }</p>
                </div>
            </div>
            if !scene.notes.is_empty() {
                <section class="notes">
                    <h3>{ "Notes" }</h3>
                    { notes_of(scene) }
                </section>
            }
        </div>
    }
}
