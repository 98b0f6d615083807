//! Ready scenes to begin from.

use decoupled::editor::{Command, Panel};
use decoupled::scene::gallery::{ALL, GalleryScene};
use yew::prelude::*;

use super::modal::Modal;
use crate::app::store::{Store, use_store};

#[component(Gallery)]
pub fn gallery() -> Html {
    let store = use_store();
    html! {
        <Modal panel={Panel::Gallery} title="Gallery" testid="gallery-dialog">
            <p class="lead">{ "Scenes that run as they are. Open one, change it, break it: undo brings yours back." }</p>
            <ul class="gallery">{ for ALL.iter().map(|scene| entry(&store, scene)) }</ul>
        </Modal>
    }
}

fn entry(store: &Store, scene: &'static GalleryScene) -> Html {
    let opening = store.clone();
    let onclick = Callback::from(move |_| {
        opening.dispatch(Command::OpenGallery { id: scene.id.to_owned() });
        if opening.shows(Panel::Gallery) {
            opening.dispatch(Command::Toggle { panel: Panel::Gallery });
        }
    });
    html! {
        <li key={scene.id}>
            <button type="button" class="gallery-card" data-testid={format!("gallery-{}", scene.id)} {onclick}>
                <strong>{ scene.title }</strong>
                <span>{ scene.summary }</span>
            </button>
        </li>
    }
}
